"""The data dictionary and the templates, generated from the schemas: ``python -m data_access.documentation`` writes
them, a test keeps them current."""

from collections.abc import Iterator
from pathlib import Path

import dataframely as dy

from analytics.tables import SUBJECTS, TABLES, fields, table_name
from analytics.tables.record import BASE, Record
from data_access.home import PROGRAM
from data_access.sources.files import SHORT_FORMS, TEMPLATES

DICTIONARY = PROGRAM / "docs" / "data_dictionary.md"
TEMPLATE_FOLDER = PROGRAM / "docs" / "templates"


def data_dictionary() -> str:
    """Every table with every column: type, key, reference, unit, who may see it, and meaning."""
    lines = [
        "# Data dictionary",
        "",
        "Generated from the schemas in `analytics/tables/`. Every table also has these columns:",
        "",
    ]
    lines += [f"- `{name}`: {Record.columns()[name].description}" for name in BASE]
    for subject, module in SUBJECTS.items():
        lines += ["", f"## {subject.capitalize()}", "", (module.__doc__ or "").strip()]
        for schema in (TABLES[name] for name in TABLES if TABLES[name].__module__ == module.__name__):
            lines += ["", *_table(schema)]
    return "\n".join(lines) + "\n"


def _table(schema: type[Record]) -> Iterator[str]:
    yield f"### {table_name(schema)}"
    yield ""
    yield (schema.__doc__ or "").strip()
    yield ""
    yield "| column | type | meaning |"
    yield "| --- | --- | --- |"
    for name in fields(schema):
        column = schema.columns()[name]
        yield f"| `{name}` | {_kind(column)} | {_meaning(column)} |"


def _kind(column: dy.Column) -> str:
    kind = type(column).__name__.lower()
    if isinstance(column, dy.Decimal):
        kind = f"decimal({column.precision},{column.scale})"
    marks = [
        kind,
        *(["key"] if column.primary_key else []),
        *([] if column.nullable or column.primary_key else ["required"]),
    ]
    return ", ".join(marks)


def _meaning(column: dy.Column) -> str:
    metadata = column.metadata or {}
    parts = [column.description or ""]
    if isinstance(column, dy.Enum):
        parts.append("one of " + ", ".join(str(word) for word in column.categories))
    parts += [
        f"{label} {metadata[name]}"
        for name, label in (("unit", "unit:"), ("references", "refers to"), ("needs", "needs the right"))
        if metadata.get(name)
    ]
    return "; ".join(parts).replace("|", "\\|")


def template_columns(table: str) -> list[str]:
    """The header of a table's template: the columns of its short form first, where it has one, then all further
    columns of the table."""
    short = list(SHORT_FORMS.get(table, ()))
    if table in ("boms", "purchase_orders"):
        return short
    template = TEMPLATES[table]
    further = [name for name in fields(TABLES[table]) if not set(template.names(name)) & set(short)]
    return [*short, *further, *([] if "company_id" in further else ["company_id"])]


def templates() -> dict[str, str]:
    """From file name to content, one for every table that a firm can deliver."""
    return {f"{table}.csv": ",".join(template_columns(table)) + "\n" for table in TEMPLATES}


def write() -> None:
    """Brings the generated documents up to date."""
    DICTIONARY.parent.mkdir(exist_ok=True)
    DICTIONARY.write_text(data_dictionary(), encoding="utf-8")
    TEMPLATE_FOLDER.mkdir(exist_ok=True)
    for old in TEMPLATE_FOLDER.glob("*.csv"):
        Path(old).unlink()
    for name, content in templates().items():
        (TEMPLATE_FOLDER / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    write()
