"""What changed since the last issue of a report: messages that say something else, rows that are new, other or gone.

An issue is remembered as its messages and, for each row of its tables, two hashes: what names the row, and what it
says.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from display.numbers import quantity
from display.tables import Column, Shown
from display.words import say
from reports.content import Grid, Report, Section

COLUMN = "since_last"
NAMING_KINDS = ("text", "chip")
# Days left and days late move by themselves every night: that alone is no change of a row.
TELLING_KINDS = ("text", "chip", "day", "instant", "money", "amount")
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Changes:
    """A report with its changes marked, and the sentences that tell them; none where nothing changed."""

    report: Report
    lines: tuple[str, ...]


def said(report: Report) -> dict[str, Any]:
    """What an issue says, to be compared with the next one."""
    return {
        "title": report.about.title,
        "language": report.about.language,
        "messages": {section.name: section.message for section in report.sections},
        "tables": {name: _rows(grid.table) for name, grid in _named(report)},
    }


def _named(report: Report) -> Iterator[tuple[str, Grid]]:
    """Each table under a name that it has in the next issue too: a title may say numbers."""
    for section in report.sections:
        yield from _of(section)


def _of(section: Section) -> Iterator[tuple[str, Grid]]:
    return ((f"{section.name}/{number}/{grid.table.name}", grid) for number, grid in enumerate(section.grids))


def _rows(table: Shown) -> list[list[str]]:
    """What names each row, and what it says, as hashes."""
    naming = [column.name for column in table.columns if column.pinned] or [
        column.name for column in table.columns if column.kind in NAMING_KINDS
    ][:1]
    telling = [column.name for column in table.columns if column.kind in TELLING_KINDS]
    named, told = (table.frame.select(names or table.frame.columns[:1]) for names in (naming, telling))
    return [[_hash(one), _hash(other)] for one, other in zip(named.iter_rows(), told.iter_rows(), strict=True)]


def _hash(row: tuple[Any, ...]) -> str:
    return hashlib.blake2b(repr(row).encode("utf-8", "replace"), digest_size=8).hexdigest()


def compared(report: Report, before: Mapping[str, Any], when: str) -> Changes | None:
    """The report beside what its last issue said; ``when``: the day of that one. None where there is nothing to compare
    with: no issue, or one of another title or language."""
    if (before.get("title"), before.get("language")) != (report.about.title, report.about.language):
        return None
    language, known = report.about.language, before["tables"]
    marks = {name: _marks(_rows(grid.table), known.get(name)) for name, grid in _named(report)}
    lines = list(_other_messages(report, before["messages"], language))
    lines += [line for name, grid in _named(report) if (line := _counted(grid, marks[name], known.get(name), language))]
    heading = say(language, "since.heading", day=when)
    sections = tuple(
        replace(section, grids=tuple(_marked(grid, marks[name], heading, language) for name, grid in _of(section)))
        for section in report.sections
    )
    return Changes(replace(report, sections=sections), tuple(lines))


def _marks(rows: Rows, before: Rows | None) -> list[str]:
    """For each row: new, changed, or nothing."""
    if before is None:
        return [""] * len(rows)
    told, names = Counter(row[1] for row in before), {row[0] for row in before}
    return [_mark(row, told, names) for row in rows]


def _mark(row: Sequence[str], told: Counter[str], names: set[str]) -> str:
    if told[row[1]] > 0:
        told[row[1]] -= 1
        return ""
    return "changed" if row[0] in names else "new"


def _other_messages(report: Report, before: Mapping[str, str], language: str) -> Iterator[str]:
    for section in report.sections:
        known = before.get(section.name)
        if known is not None and known != section.message:
            yield say(language, "since.message", now=section.message, then=known)


def _counted(grid: Grid, marks: Sequence[str], before: Rows | None, language: str) -> str:
    """How many rows of a table are new, other or gone; nothing where none is."""
    if before is None:
        return ""
    gone = len({row[0] for row in before} - {row[0] for row in _rows(grid.table)})
    counts = {"new": marks.count("new"), "changed": marks.count("changed"), "gone": gone}
    told = [say(language, f"since.{what}", count=quantity(many, language)) for what, many in counts.items() if many]
    return say(language, "since.table", title=grid.title, told=", ".join(told)) if told else ""


def _marked(grid: Grid, found: Sequence[str], heading: str, language: str) -> Grid:
    """The table with a last column that tells which rows are new or other; as it is where none is."""
    if not any(found):
        return grid
    words = [say(language, f"since.{mark}.row") if mark else None for mark in found]
    table = replace(
        grid.table,
        frame=grid.table.frame.with_columns(pl.Series(COLUMN, words, pl.String)),
        columns=(*grid.table.columns, Column(COLUMN, width=110)),
        headings={**grid.table.headings, COLUMN: heading},
    )
    return replace(grid, table=table)
