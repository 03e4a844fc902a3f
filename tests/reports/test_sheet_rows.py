"""The rows that are written as XML are those that another library reads."""

import io
from datetime import date, datetime

import openpyxl
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from display.tables import Column, Shown
from reports import sheet_rows, workbook
from reports.content import Grid
from tests.reports.seen import about


def shown(frame: pl.DataFrame, **kinds: str) -> Shown:
    columns = tuple(Column(name, kinds.get(name, "text")) for name in frame.columns)  # type: ignore[arg-type]
    return Shown("any", frame, columns, {name: name for name in frame.columns}, {})


def cells(table: Shown) -> list[list[openpyxl.cell.Cell]]:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.written(table, about()))).worksheets[0]
    return [list(row) for row in sheet.iter_rows(min_row=2)]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=12)), min_size=1, max_size=6))
def test_any_text_comes_back(texts: list[str | None]) -> None:
    frame = pl.DataFrame({"text": texts, "row": range(len(texts))}, schema={"text": pl.String, "row": pl.Int64})
    found = [row[0].value for row in cells(shown(frame, row="number"))]
    plain = [None if text is None else openpyxl.utils.escape.unescape(text) for text in found]
    assert [text or "" for text in plain] == [text or "" for text in texts]


def test_numbers_days_and_instants_are_what_they_are() -> None:
    frame = pl.DataFrame(
        {
            "amount": ["1234567890123.45", "-0.05", None],
            "number": [0.1, float("nan"), float("inf")],
            "is_open": [True, False, None],
            "on": [date(2026, 11, 27), date(1899, 1, 1), None],
            "at": [datetime(2026, 11, 27, 8, 30), datetime(1900, 1, 1), None],  # noqa: DTZ001 - the reader's own clock
        }
    ).with_columns(pl.col("amount").cast(pl.Decimal(20, 2)))
    first, second, third = cells(shown(frame, amount="money", number="number", on="day", at="instant"))
    assert [cell.value for cell in first] == [
        1234567890123.45,
        0.1,
        True,
        datetime(2026, 11, 27),  # noqa: DTZ001
        datetime(2026, 11, 27, 8, 30),  # noqa: DTZ001
    ]
    assert [cell.value for cell in second] == [-0.05, "#NUM!", False, "1899-01-01", "1900-01-01 00:00:00"]
    assert [cell.value for cell in third] == [None, "#NUM!", None, None, None]
    assert first[0].number_format == "#,##0.00"
    assert first[3].number_format == "yyyy-mm-dd"


def test_more_rows_than_a_chunk_and_their_totals_are_all_there() -> None:
    rows = sheet_rows.CHUNK + 2
    frame = pl.select(number=pl.int_range(rows), name=pl.lit("x"))
    grid = Grid(table=shown(frame, number="number"), title="Numbers", summed=("number",))
    assert grid.totals == {"number": rows * (rows - 1) // 2}
    found = list(sheet_rows.written(frame, ["A", "B"], {}, 2))
    assert len(found) == 2
    assert b"".join(found).count(b"<row ") == rows


def test_money_of_several_currencies_is_never_added_up() -> None:
    frame = pl.DataFrame({"value": [1.0, 2.0], "currency": ["EUR", "CNY"]})
    table = shown(frame, value="money")
    assert Grid(table=table, title="Values", summed=("value",)).totals == {}
    assert Grid(table=table.part(slice(1)), title="One", summed=("value",)).totals == {}
