"""Columns and order of a table as its reader wants them."""

import polars as pl
import pytest

from display.tables import Column, Shown
from display.tables.arrangement import MOST_ORDERED, USUAL, Arrangement, arranged, held, positions

COLUMNS = (Column("item", pinned=True), Column("state", "chip"), Column("days", "number"), Column("weeks", "trend"))
ITEMS = Shown(
    "items",
    pl.DataFrame(
        {"item": ["a", "b", "c"], "state": ["Low", "Out", "Low"], "days": [7, None, 2], "weeks": [[1.0], [2.0], [3.0]]}
    ),
    COLUMNS,
    {column.name: column.name.title() for column in COLUMNS},
    {"state": {"Low": "orange"}},
)


def test_columns_come_in_the_order_asked_for_and_what_names_a_row_stays_first() -> None:
    seen = arranged(ITEMS, held(ITEMS, ["days", "state"], ""))
    assert seen.frame.columns == [column.name for column in seen.columns] == ["item", "days", "state"]
    assert seen.frame.rows() == [("a", 7, "Low"), ("b", None, "Out"), ("c", 2, "Low")]
    assert arranged(ITEMS, held(ITEMS, ["days"], "")).chips == {}


@pytest.mark.parametrize(("order", "rows"), [("days", "cab"), ("-days", "acb"), ("state", "acb"), ("-item", "cba")])
def test_rows_are_ordered_and_unknown_values_come_last(order: str, rows: str) -> None:
    wanted = held(ITEMS, [], order)
    assert "".join(arranged(ITEMS, wanted).frame["item"]) == rows
    assert ["abc"[row] for row in positions(ITEMS, wanted)] == list(rows)


def test_what_the_table_does_not_have_is_left_out() -> None:
    assert held(ITEMS, ["margin", "days", "days", "item"], "margin") == Arrangement(("days",), "")
    assert held(ITEMS, ["margin"], "weeks") == USUAL
    assert held(ITEMS, ["state", "days", "weeks"], "") == USUAL
    assert arranged(ITEMS, USUAL) is ITEMS


def test_a_long_table_and_each_page_of_it_keep_their_order() -> None:
    long = Shown("items", pl.concat([ITEMS.frame] * MOST_ORDERED), COLUMNS, ITEMS.headings, ITEMS.chips)
    assert held(long, [], "days") == held(long.part(slice(0, 3)), [], "days") == USUAL
    assert held(ITEMS.part(slice(0, 2)), [], "days").order == "days"


def test_an_extra_column_is_seen_only_where_it_is_asked_for() -> None:
    columns = (COLUMNS[0], COLUMNS[1], Column("days", "number", is_extra=True), COLUMNS[3])
    table = Shown("items", ITEMS.frame, columns, ITEMS.headings, ITEMS.chips)
    assert arranged(table, USUAL).frame.columns == ["item", "state", "weeks"]
    assert arranged(table, held(table, ["days"], "-days")).frame.rows() == [("a", 7), ("c", 2), ("b", None)]
    assert held(table, ["state", "weeks"], "") == USUAL
    assert held(table, ["state", "days", "weeks"], "").columns == ("state", "days", "weeks")
