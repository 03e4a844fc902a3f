"""Proposed mappings: what an unknown delivery seems to be, corrected by a person, and kept as a mapping file.

A proposal is worked with as the mapping file says it: a table, and from each field to the columns that it comes from.
"""

import copy
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from analytics.access import Viewer, require
from analytics.tables import DELIVERED, fields
from analytics.tables import TABLES as UNIFIED
from answers.connections import RIGHT
from data_access import connections as kept
from data_access import deliveries, errands, mapping_files
from data_access.connections import Place
from data_access.home import firm_home
from data_access.mapping import SourceRefused

PROPOSAL_SECONDS = 90.0
EXAMPLES = 3
TABLES = {
    "table": pl.String(),
    "to": pl.String(),
    "certainty": pl.Float64(),
    "reason": pl.String(),
    "columns": pl.Int64(),
    "with_field": pl.Int64(),
    "missing": pl.Int64(),
}
COLUMNS = {
    "column": pl.String(),
    "examples": pl.String(),
    "field": pl.String(),
    "certainty": pl.Float64(),
    "reason": pl.String(),
}
GIVEN = {"field": pl.String(), "value": pl.String()}
# How the values of a column are written goes with the column, whatever field it is given to.
NOTATIONS = ("dates", "decimals")


class MappingRefused(ValueError):
    """A mapping cannot be used as it is; the message says in sentences what is wrong."""


class NotProposed(Exception):
    """Nothing can be proposed for a delivery; the message says why."""


@dataclass(frozen=True)
class Proposal:
    """What a delivery seems to hold: as a mapping file says it, and the first values of each column by table."""

    told: Mapping[str, Any]
    examples: Mapping[tuple[str, str], tuple[str, ...]]
    notices: tuple[str, ...] = ()

    def entry(self, table: str) -> Mapping[str, Any]:
        """What is said of one table of the delivery."""
        found: Mapping[str, Any] = next(each for each in self.told["tables"] if each["table"] == table)
        return found


def proposal(viewer: Viewer, place: Place) -> Proposal:
    """What the files of a place seem to be; ``NotProposed`` where they cannot be read, or not in time.

    Values of files that lie on the machine need personal_data.
    """
    require(viewer, RIGHT)
    home = firm_home()
    kept.checked(home, kept.MAPPED, place)
    path = place.path if place.delivery is None else deliveries.folder(home, place.delivery)
    asked = {"errand": "proposal", "path": str(path)}
    try:
        answer = errands.run(asked, seconds=PROPOSAL_SECONDS)
    except errands.TookTooLong as late:
        raise NotProposed(str(late)) from None
    if answer["message"] is not None:
        raise NotProposed(answer["message"])
    # Who dropped files knows them; what lies on the machine is shown only to who may see persons.
    is_seen = place.path is None or viewer.may("personal_data")
    examples = {(table, column): tuple(values) if is_seen else () for table, column, values in answer["examples"]}
    return Proposal(answer["mapping"], examples, tuple(answer["notices"]))


def tables(proposal: Proposal) -> pl.DataFrame:
    """One row per table of the delivery: what it seems to be, how sure that is and why, how many of its columns have a
    field, and how many values must still be given."""
    rows = [
        {
            "table": entry["table"],
            "to": entry.get("to"),
            "certainty": entry.get("certainty"),
            "reason": entry.get("reason"),
            "columns": len(_columns_of(proposal, entry["table"])),
            "with_field": len({name for source in entry.get("fields", {}).values() for name in source["columns"]}),
            "missing": sum(value is None for value in entry.get("given", {}).values()),
        }
        for entry in proposal.told["tables"]
    ]
    return pl.DataFrame(rows, schema=TABLES)


def _columns_of(proposal: Proposal, table: str) -> list[str]:
    return [column for name, column in proposal.examples if name == table]


def columns(proposal: Proposal, table: str) -> pl.DataFrame:
    """One row per column of a table: its first values, the field that it becomes (null: it is not read), how sure that
    is, and why."""
    sources = proposal.entry(table).get("fields", {})
    of = {name: (field, source) for field, source in sources.items() for name in source["columns"]}
    rows = [_column(proposal, table, name, *of.get(name, (None, {}))) for name in _columns_of(proposal, table)]
    return pl.DataFrame(rows, schema=COLUMNS)


def _column(
    proposal: Proposal, table: str, name: str, field: str | None, source: Mapping[str, Any]
) -> Mapping[str, Any]:
    return {
        "column": name,
        "examples": " · ".join(proposal.examples[table, name][:EXAMPLES]),
        "field": field,
        "certainty": source.get("certainty"),
        "reason": source.get("reason"),
    }


def given(proposal: Proposal, table: str) -> pl.DataFrame:
    """One row per field of a table that no column says, with the value that is taken instead; null: it is missing."""
    rows = [{"field": name, "value": value} for name, value in proposal.entry(table).get("given", {}).items()]
    return pl.DataFrame(rows, schema=GIVEN)


def missing(proposal: Proposal) -> list[tuple[str, str]]:
    """The tables and their fields for which a value must still be written."""
    entries = [entry for entry in proposal.told["tables"] if entry.get("to") is not None]
    return [(entry["table"], name) for entry in entries for name, value in entry.get("given", {}).items() if not value]


def targets() -> list[str]:
    """The unified tables that a table of a delivery can be."""
    return sorted(DELIVERED)


def choices(proposal: Proposal, table: str, to: str) -> list[str]:
    """The fields that a column can become: those of the unified table, and those of others that were proposed."""
    own = [f"{to}.{name}" for name in fields(UNIFIED[to])]
    return own + [name for name in proposal.entry(table).get("fields", {}) if name not in own]


def corrected(
    proposal: Proposal,
    table: str,
    *,
    to: str | None,
    fields_of: Mapping[str, str | None],
    given_values: Mapping[str, str | None],
) -> Proposal:
    """The proposal as a person corrected one table of it.

    ``fields_of``: from column to field. ``given_values``: from field to what it is for all rows. Columns with one field
    are joined. What was proposed of a field stays where its columns did; else only how the values are written does.
    """
    told = copy.deepcopy(dict(proposal.told))
    entry = next(each for each in told["tables"] if each["table"] == table)
    before = entry.get("fields", {})
    entry["to"] = to
    entry["fields"] = {field: _source(names, field, before) for field, names in _by_field(fields_of).items()}
    entry["given"] = {name: value or None for name, value in given_values.items() if name not in entry["fields"]}
    entry["left_out"] = sorted(name for name, field in fields_of.items() if not field)
    return Proposal(told, proposal.examples, proposal.notices)


def _by_field(fields_of: Mapping[str, str | None]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for column, field in fields_of.items():
        if field:
            found.setdefault(field, []).append(column)
    return found


def _source(names: list[str], field: str, before: Mapping[str, Any]) -> dict[str, Any]:
    known = before.get(field)
    if known is not None and sorted(known["columns"]) == sorted(names):
        return dict(known)
    written: dict[str, Any] = {"columns": names}
    for source in before.values():
        if set(names) & set(source["columns"]):
            written |= {name: source[name] for name in NOTATIONS if name in source}
    return written


def renamed(proposal: Proposal, table: str, to: str) -> Proposal:
    """The proposal with another meaning of a table: its columns keep the fields that the other table has too."""
    entry = proposal.entry(table)
    old, known = f"{entry.get('to')}.", set(fields(UNIFIED[to]))
    moved = {name: _moved(field, old, to, known) for name, field in columns(proposal, table)["column", "field"].rows()}
    kept = {_moved(field, old, to, known): value for field, value in entry.get("given", {}).items()}
    return corrected(
        proposal, table, to=to, fields_of=moved, given_values={name: value for name, value in kept.items() if name}
    )


def left_out(proposal: Proposal, table: str) -> Proposal:
    """The proposal without a table: it is not read."""
    nothing = dict.fromkeys(_columns_of(proposal, table))
    return corrected(proposal, table, to=None, fields_of=nothing, given_values={})


def _moved(field: str | None, old: str, to: str, known: Iterable[str]) -> str | None:
    if field is None or not field.startswith(old):
        return field
    name = field.removeprefix(old)
    return f"{to}.{name}" if name in known else None


def keep(viewer: Viewer, proposal: Proposal) -> str:
    """Keeps a corrected proposal as a mapping file in the home; its name. ``MappingRefused`` says what is wrong."""
    require(viewer, RIGHT)
    name = deliveries.new_mapping(firm_home())
    path = deliveries.mapping(firm_home(), name)
    path.write_text(json.dumps(proposal.told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    try:
        mapping_files.read(path)
    except SourceRefused as refused:
        path.unlink()
        raise MappingRefused(str(refused).removeprefix(f"{path.name}: ")) from None
    return name
