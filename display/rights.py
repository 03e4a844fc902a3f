"""The document of rights, in every language, generated from the table of rights and the schemas:
``python -m display.rights`` writes it, a test keeps it current."""

from collections.abc import Iterator, Sequence

from analytics.access import CAPABILITIES, RIGHTS
from analytics.tables import TABLES, needs
from data_access.home import PROGRAM
from display.tables.rights import matrix
from display.words import LANGUAGES, say

DOCUMENT = PROGRAM / "docs" / "rights.md"


def document() -> str:
    """Who the roles are, which rights each has, and which columns need which: one chapter per language."""
    return "\n".join(line for language in LANGUAGES for line in _chapter(language))


def _chapter(language: str) -> Iterator[str]:
    yield f"# {say(language, 'rights.doc.title')}"
    yield from ("", say(language, "rights.doc.made"), "", f"## {say(language, 'rights.doc.roles')}", "")
    yield from (f"- **{say(language, f'role.{role}')}**: {say(language, f'role.{role}.help')}" for role in RIGHTS)
    yield from ("", f"## {say(language, 'rights.doc.rights')}", "")
    yield from _matrix(language)
    yield from ("", say(language, "rights.rows"), "", f"## {say(language, 'rights.doc.columns')}", "")
    yield from (say(language, "rights.doc.columns.how"), "")
    yield from _columns(language)
    yield from ("", say(language, "rights.doc.persons"), "")


def _matrix(language: str) -> Iterator[str]:
    table = matrix(language)
    yield _row([table.headings[column.name] for column in table.columns])
    yield _row(["---"] * len(table.columns))
    for values in table.frame.iter_rows():
        yield _row(values)


def _columns(language: str) -> Iterator[str]:
    for capability in CAPABILITIES:
        columns = _needing(capability)
        if columns:
            yield f"- **{say(language, f'right.{capability}')}**: {', '.join(columns)}"


def _needing(capability: str) -> list[str]:
    return [
        f"`{name}.{column}`"
        for name, schema in TABLES.items()
        for column, needed in needs(schema).items()
        if needed == capability
    ]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def write() -> None:
    """Brings the document up to date."""
    DOCUMENT.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    write()
