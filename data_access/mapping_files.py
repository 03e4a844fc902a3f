"""Mappings of unknown deliveries as files that a person can read and correct: JSON, one entry per table.

A file says, for each table of a delivery, which unified table it is and from which columns its fields come. It is
checked as a whole before anything is read with it, and everything that is wrong is said at once.
"""

import difflib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import dataframely as dy

from analytics.tables import DELIVERED, TABLES, fields, notations
from data_access import readers
from data_access.mapping import SourceRefused

VERSION = 1
MARK = "tandem_mapping"
DELIVERY_DAY = "day of the delivery"
WHERE = re.compile(r"(\w+) where (\w+\.\w+), else (\w+)")
SHOWN = 5
SMALLEST_SCALE, LARGEST_SCALE = Decimal("0.000001"), Decimal(1_000_000)
TOLD = ("certainty", "reason")
SAID_OF_FIELD = ("columns", "dates", "decimals", "words", "scale", "inverted", *TOLD)
SAID_OF_TABLE = ("table", "to", "fields", "given", "left_out", *TOLD)


@dataclass(frozen=True, kw_only=True)
class FieldSource:
    """Where the value of one unified field comes from.

    ``columns``: several are joined, parts of a key by a stroke, other parts by a blank. ``dates``: the order of a day's
    parts; ``decimals``: what stands before the decimals; None where they are written as Tandem writes them. ``words``:
    from theirs in lower case to ours. ``scale``: what numbers are multiplied by. ``inverted``: a yes there is a no.
    """

    columns: tuple[str, ...]
    dates: str | None = None
    decimals: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    scale: str | None = None
    inverted: bool = False
    certainty: float | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class TableSource:
    """One table of a delivery.

    ``to``: the unified table that its rows are; None: it is not read. ``fields``: by unified table and field, those of
    further tables that its rows hold besides among them. ``given``: values that no column says; None where one is still
    to be written; ``done where shipments.shipped_at, else planned`` asks another field. ``left_out``: columns without
    a field.
    """

    table: str
    to: str | None
    fields: Mapping[tuple[str, str], FieldSource] = field(default_factory=dict)
    given: Mapping[tuple[str, str], str | None] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    certainty: float | None = None
    reason: str | None = None

    @property
    def columns(self) -> frozenset[str]:
        """The columns that are read."""
        return frozenset(name for source in self.fields.values() for name in source.columns)


class _AnyName(Mapping[str, frozenset[str]]):
    """Every name is a table's, whose columns are not known yet."""

    def __getitem__(self, _name: str) -> frozenset[str]:
        return frozenset()

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __contains__(self, _name: object) -> bool:
        return True


def raw_tables(path: Path) -> readers.Delivery:
    """Every table of a delivery whose names mean nothing yet; all values as text."""
    return readers.read(path, _AnyName())


def as_json(tables: Collection[TableSource]) -> dict[str, Any]:
    """What a mapping file of these tables says."""
    return {MARK: VERSION, "tables": [_table_as_json(table) for table in tables]}


def write(tables: Collection[TableSource], path: Path) -> None:
    """Writes a mapping file; raises SourceRefused where it cannot be written."""
    try:
        path.write_text(json.dumps(as_json(tables), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise _refused(f"{path} cannot be written: {error.strerror or error}. Name another file.") from error


def _table_as_json(table: TableSource) -> dict[str, Any]:
    told = {
        "table": table.table,
        "to": table.to,
        "certainty": table.certainty,
        "reason": table.reason,
        "fields": {".".join(name): _field_as_json(source) for name, source in table.fields.items()},
        "given": {".".join(name): value for name, value in table.given.items()},
        "left_out": list(table.left_out),
    }
    return {name: value for name, value in told.items() if name in ("table", "to") or value not in (None, {}, [])}


def _field_as_json(source: FieldSource) -> dict[str, Any]:
    told = {name: getattr(source, name) for name in SAID_OF_FIELD} | {"columns": list(source.columns)}
    return {name: dict(value) if name == "words" else value for name, value in told.items() if value}


def read(path: Path) -> tuple[TableSource, ...]:
    """The tables of a mapping file; raises SourceRefused with one sentence for each thing that is wrong."""
    told = _parsed(path)
    wrong = list(_faults(told))
    if wrong:
        more = f" There are {len(wrong) - SHOWN} more faults." if len(wrong) > SHOWN else ""
        raise _refused(f"{path.name}: {' '.join(wrong[:SHOWN])}{more} Nothing was read.")
    return tuple(_table(each) for each in told["tables"])


def _parsed(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _refused(f"{path} cannot be read: {error.strerror or error}. Name a mapping file.") from error
    except UnicodeDecodeError as error:
        raise _refused(f"{path.name} is no UTF-8 text; save it as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise _refused(f"{path.name} is no JSON at line {error.lineno}: {error.msg}. Correct it there.") from error
    except (ValueError, RecursionError) as error:
        raise _refused(
            f"{path.name} is no mapping file: a number in it is too long, or it is nested deeply."
        ) from error
    if not isinstance(told, dict) or told.get(MARK) != VERSION or not isinstance(told.get("tables"), list):
        made = "write one with python cli.py propose"
        raise _refused(f'{path.name} is no mapping file: it lacks "{MARK}": {VERSION} and a list of tables; {made}.')
    return told


def _refused(sentence: str) -> SourceRefused:
    return SourceRefused("mapping_file", sentence)


def _faults(told: Mapping[str, Any]) -> Iterator[str]:
    """Everything that is wrong, in sentences."""
    seen: set[str] = set()
    for number, table in enumerate(told["tables"], start=1):
        if not isinstance(table, dict) or not isinstance(table.get("table"), str):
            yield f'Entry {number} of tables names no "table".'
            continue
        if table["table"] in seen:
            yield f"The table {table['table']} stands there twice."
        seen.add(table["table"])
        yield from _faults_of_table(table)


def _faults_of_table(table: Mapping[str, Any]) -> Iterator[str]:
    name, to = table["table"], table.get("to")
    yield from (_unknown(f"{name}: ", said, SAID_OF_TABLE) for said in table if said not in SAID_OF_TABLE)
    yield from _faults_for_people(name, table)
    if not _are_texts(table.get("left_out", [])):
        yield f'{name}: say "left_out" as a list of names.'
    if to is None:
        return
    if not isinstance(to, str) or to not in DELIVERED:
        yield _unknown(f"{name}: the unified table ", str(to), DELIVERED)
        return
    sources, given = table.get("fields", {}), table.get("given", {})
    if not isinstance(sources, dict) or not isinstance(given, dict):
        yield f'{name}: "fields" and "given" are objects, from table.field to what gives it.'
        return
    for full in (*sources, *given):
        yield from _faults_of_name(name, full)
    for full, source in sources.items():
        yield from _faults_of_source(f"{name}, {full}", full, source)
    for full, value in given.items():
        if not isinstance(value, str):
            told = 'write it under given as text, name a column under fields, or say "to": null to leave the table out'
            yield f"{name} needs a value for {full}: {told}."
        elif (asked := WHERE.fullmatch(value)) and asked[2] not in sources:
            yield f"{name}: {full} asks for {asked[2]}, which is not among its fields."


def _faults_for_people(where: str, told: Mapping[str, Any]) -> Iterator[str]:
    certainty, reason = told.get("certainty"), told.get("reason")
    if certainty is not None and (isinstance(certainty, bool) or not isinstance(certainty, (int, float))):
        yield f"{where}: certainty is a number from 0 to 1, not {certainty!r}."
    if reason is not None and not isinstance(reason, str):
        yield f"{where}: reason is text, not {reason!r}."


def _faults_of_name(name: str, full: str) -> Iterator[str]:
    table, _, column = full.partition(".")
    if table not in DELIVERED:
        yield _unknown(f"{name}: the unified table ", table, DELIVERED)
    elif column not in fields(TABLES[table]):
        yield _unknown(f"{name}: the field {table}.", column, fields(TABLES[table]))


def _faults_of_source(where: str, full: str, source: object) -> Iterator[str]:
    columns = source.get("columns") if isinstance(source, dict) else None
    if not isinstance(source, dict) or not columns or not _are_texts(columns):
        yield f'{where}: say its "columns" as a list of names.'
        return
    yield from (_unknown(f"{where}: ", said, SAID_OF_FIELD) for said in source if said not in SAID_OF_FIELD)
    for said, known in (("dates", notations.DATE_ORDERS), ("decimals", notations.DECIMAL_MARKS)):
        if source.get(said) is not None and source[said] not in known:
            yield f"{where}: {said} is one of {', '.join(known)}, not {source[said]!r}."
    if not isinstance(source.get("inverted", False), bool):
        yield f"{where}: inverted is true or false without quotes, not {source['inverted']!r}."
    kind = _kind(full)
    yield from _faults_of_scale(where, kind, source.get("scale"))
    yield from _faults_of_words(where, kind, source.get("words", {}))
    yield from _faults_for_people(where, source)


def _kind(full: str) -> dy.Column | None:
    table, _, column = full.partition(".")
    return TABLES[table].columns().get(column) if table in TABLES else None


def _faults_of_scale(where: str, kind: dy.Column | None, scale: object) -> Iterator[str]:
    if scale is None:
        return
    if not _is_scale(scale):
        bounds = f"from {SMALLEST_SCALE} to {LARGEST_SCALE}"
        yield f"{where}: scale is a number written as text, {bounds}, not {scale!r}."
    elif kind is not None and not isinstance(kind, (dy.Decimal, dy.Int64, dy.Float64)):
        yield f"{where}: scale is for numbers, and this field is none."


def _are_texts(names: object) -> bool:
    return isinstance(names, list) and all(isinstance(name, str) for name in names)


def _is_scale(scale: object) -> bool:
    try:
        return isinstance(scale, str) and SMALLEST_SCALE <= abs(Decimal(scale)) <= LARGEST_SCALE
    except InvalidOperation:
        return False


def _faults_of_words(where: str, kind: dy.Column | None, words: object) -> Iterator[str]:
    if not isinstance(words, dict):
        yield f"{where}: words is an object, from their word to ours."
        return
    known = kind.categories if isinstance(kind, dy.Enum) else None
    for theirs, ours in words.items():
        if not isinstance(ours, str):
            yield f"{where}: write what the word {theirs} means as text, not {ours!r}."
        elif known is not None and ours not in known:
            yield _unknown(f"{where}: the word ", ours, known)


def _unknown(what: str, said: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(said, list(known), n=1)
    meant = f" did you mean {near[0]}?" if near else f" known are {', '.join(list(known)[:SHOWN])} and so on."
    return f"{what}{said} is not known;{meant}"


def _table(told: Mapping[str, Any]) -> TableSource:
    """An entry without faults; of a table that is not read, neither fields nor given values were looked at."""
    is_read = told.get("to") is not None
    sources, given = (told.get(said, {}) if is_read else {} for said in ("fields", "given"))
    return TableSource(
        table=told["table"],
        to=told.get("to"),
        fields={_name(full): _field(source) for full, source in sources.items()},
        given={_name(full): value for full, value in given.items()},
        left_out=tuple(told.get("left_out", ())),
        certainty=told.get("certainty"),
        reason=told.get("reason"),
    )


def _name(full: str) -> tuple[str, str]:
    table, _, column = full.partition(".")
    return table, column


def _field(told: Mapping[str, Any]) -> FieldSource:
    given = {name: told[name] for name in SAID_OF_FIELD if name in told}
    words = {theirs.lower(): ours for theirs, ours in told.get("words", {}).items()}
    return FieldSource(**given | {"columns": tuple(told["columns"]), "words": words})
