"""Columns and order of a table as its reader wants them. Long tables come page by page, and keep their own order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from display.tables import Column, Shown

DOWN = "-"
MOST_ORDERED = 250
UNORDERED = ("trend",)
AT = ":at"


@dataclass(frozen=True)
class Arrangement:
    """The names of the columns, beside those that name a row, in their order; the usual ones where none is named.
    ``order``: the column that rows are ordered by, with a sign where the highest come first; nothing for the table's
    own order."""

    columns: tuple[str, ...] = ()
    order: str = ""


USUAL = Arrangement()


def held(table: Shown, columns: Sequence[str], order: str) -> Arrangement:
    """What of an arrangement the table has: a column that its reader may not see, or that is gone, is left out."""
    known = free(table)
    wanted = tuple(name for name in dict.fromkeys(columns) if name in known)
    return Arrangement(wanted if list(wanted) != usual(table) else (), order if order in orders(table) else "")


def free(table: Shown) -> list[str]:
    """The columns that may be left out: those that name a row always stay."""
    return [column.name for column in table.columns if not column.pinned]


def usual(table: Shown) -> list[str]:
    """Those of them that are seen where nobody asks for others."""
    return [column.name for column in table.columns if not column.pinned and not column.is_extra]


def orders(table: Shown) -> list[str]:
    """What rows can be ordered by, lowest and highest first; nothing for a long table or a page of one."""
    if (table.whole or table.frame.height) > MOST_ORDERED:
        return []
    names = [column.name for column in table.columns if column.kind not in UNORDERED]
    return [f"{sign}{name}" for name in names for sign in ("", DOWN)]


def arranged(table: Shown, wanted: Arrangement) -> Shown:
    """The table in that arrangement, as ``held`` gives it."""
    if wanted == USUAL and usual(table) == free(table):
        return table
    columns = _columns(table, wanted)
    names = [column.name for column in columns]
    chips = {name: colours for name, colours in table.chips.items() if name in names}
    frame = table.frame[positions(table, wanted)] if wanted.order else table.frame
    return replace(table, columns=columns, frame=frame.select(names), chips=chips)


def _columns(table: Shown, wanted: Arrangement) -> tuple[Column, ...]:
    known = {column.name: column for column in table.columns}
    pinned = (column for column in table.columns if column.pinned)
    return (*pinned, *(known[name] for name in wanted.columns or usual(table)))


def positions(table: Shown, wanted: Arrangement) -> list[int]:
    """For each place of the arranged table, the number of its row in the table's own order; equal rows keep it."""
    numbered = table.frame.with_row_index(AT)
    if wanted.order:
        is_down = wanted.order.startswith(DOWN)
        by = pl.col(wanted.order.removeprefix(DOWN))
        numbered = numbered.sort(by, AT, descending=[is_down, False], nulls_last=True)
    return numbered[AT].to_list()
