"""What became of a source's columns since it was last loaded: renamed, lost, new or of another type, by name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process, utils

from data_access.known_columns import Columns
from data_access.mapping import LINE, ROW, Extract, Notice, Reading

LIKE_ENOUGH = 65
LISTED = 10


def noted(reading: Reading, before: Columns) -> Reading:
    """The reading with what became of the columns of each table as notices; nothing of a table that is new."""
    now = columns_of(reading)
    waiting = {table: _of_table(table, before[table], columns) for table, columns in now.items() if table in before}
    extracts = [
        extract if extract.mapping.derived else _with_notices(extract, waiting.pop(extract.mapping.table, []))
        for extract in reading.extracts
    ]
    return replace(reading, extracts=tuple(extracts))


def _with_notices(extract: Extract, notices: list[Notice]) -> Extract:
    return replace(extract, notices=(*extract.notices, *notices)) if notices else extract


def columns_of(reading: Reading, tables: Collection[str] | None = None) -> dict[str, dict[str, str]]:
    """By source table, of those that are named, its columns and the type of each that was read; all that lies in the
    table where the source tells, else what was read of it."""
    found: dict[str, dict[str, str]] = {}
    for extract in reading.extracts:
        table = extract.mapping.table
        if extract.refused is None and not extract.mapping.derived and (tables is None or table in tables):
            found.setdefault(table, {}).update(_columns(extract))
    return found


def _columns(extract: Extract) -> dict[str, str]:
    read = {name: str(kind) for name, kind in extract.frame.schema.items() if name not in (ROW, LINE)}
    return {name: read.get(name, "") for name in sorted(extract.columns)} if extract.columns else read


def _of_table(table: str, before: Mapping[str, str], now: Mapping[str, str]) -> list[Notice]:
    lost = [name for name in before if name not in now]
    added = [name for name in now if name not in before]
    renamed = _renamed(lost, added)
    others = [name for name in added if name not in renamed.values()]
    return [
        *(_said_renamed(table, old, new) for old, new in renamed.items()),
        *_said_lost(table, [name for name in lost if name not in renamed], now),
        *_said_added(table, others),
        *_said_retyped(table, before, now),
    ]


def _renamed(lost: Sequence[str], added: Sequence[str]) -> dict[str, str]:
    """From each lost column to the new one that has nearly its name; a new one stands for one lost one, the nearest
    first."""
    pairs = [
        (score, old, new)
        for old in lost
        for new, score, _ in process.extract(old, added, scorer=fuzz.ratio, processor=_plain, score_cutoff=LIKE_ENOUGH)
    ]
    found: dict[str, str] = {}
    for _, old, new in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if old not in found and new not in found.values():
            found[old] = new
    return found


def _plain(name: str) -> str:
    return str(utils.default_process(name)).replace("_", " ")


def _said_renamed(table: str, old: str, new: str) -> Notice:
    said = f"{table} has no column {old} any more, and {new} is new: was it renamed? Nothing is read from {new} yet."
    return Notice("column_renamed", said)


def _said_lost(table: str, lost: Sequence[str], now: Mapping[str, str]) -> list[Notice]:
    named = [f"{name}{_nearest(name, list(now))}" for name in lost]
    said = f"{table} has lost columns since it was last loaded: {_listed(named)}. What was made of them is empty now."
    return [Notice("column_lost", said)] if lost else []


def _nearest(name: str, names: Sequence[str]) -> str:
    found = process.extract(name, names, scorer=fuzz.ratio, processor=_plain, limit=1)
    return f" (nearest: {found[0][0]})" if len(found) else ""


def _said_added(table: str, added: Sequence[str]) -> list[Notice]:
    said = f"{table} has new columns since it was last loaded: {_listed(added)}."
    return [Notice("column_added", said)] if added else []


def _said_retyped(table: str, before: Mapping[str, str], now: Mapping[str, str]) -> list[Notice]:
    both = [name for name in before if now.get(name) and before[name]]
    changed = [f"{name} ({before[name]}, now {now[name]})" for name in both if before[name] != now[name]]
    said = f"{table} has columns of another type since it was last loaded: {_listed(changed)}. Check their values."
    return [Notice("column_retyped", said)] if changed else []


def _listed(names: Sequence[str]) -> str:
    more = len(names) - LISTED
    return ", ".join(names[:LISTED]) + (f" and {more} more" if more > 0 else "")
