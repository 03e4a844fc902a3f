"""A CSV file holds what is seen, and nothing in it runs."""

import csv
import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from display.tables import Column, Shown
from reports.csv import FORMULA_STARTS, as_text, guarded, written
from tests.reports.seen import FORMULAS, TEXTS, seen


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_file_says_that_it_is_utf_8() -> None:
    assert written(seen()).startswith(b"\xef\xbb\xbf")


def test_rows_columns_and_headings_are_those_that_are_seen() -> None:
    heading, *rows = read(written(seen()))
    assert heading == [f"'= {name}" for name in seen().frame.columns]
    assert [row[0].removeprefix("'") for row in rows] == list(TEXTS)
    assert rows[0][1:] == ["-1234.5", "7.25", "0.0; 2.5", "2026-11-27", "2026-11-27 08:30:00", "'=Low"]
    assert rows[-1][1:-1] == [""] * 5


@pytest.mark.parametrize("text", FORMULAS)
def test_what_could_run_as_a_formula_is_text(text: str) -> None:
    assert guarded(text) == f"'{text}"


def test_numbers_are_never_guarded() -> None:
    assert as_text(-5) == "-5"
    assert as_text([-5.5, None]) == "-5.5; "


@given(st.lists(st.one_of(st.none(), st.text(max_size=30)), max_size=20))
def test_any_text_comes_back_and_none_starts_a_formula(texts: list[str | None]) -> None:
    frame = pl.DataFrame({"text": texts, "row": range(len(texts))}, schema={"text": pl.String, "row": pl.Int64})
    columns = (Column("text"), Column("row", "number"))
    rows = read(written(Shown("any", frame, columns, {"text": "Text", "row": "Row"}, {})))[1:]
    assert [row[1] for row in rows] == [str(number) for number in range(len(texts))]
    for (cell, _), text in zip(rows, texts, strict=True):
        assert not cell.startswith(FORMULA_STARTS)
        assert cell == guarded(text or "")


def test_a_list_of_texts_is_guarded_as_each_of_them_would_be() -> None:
    lists = [["=1+1", "x"], ["x", "=1+1"], [None, "-2"], [], None]
    frame = pl.DataFrame({"parts": lists}, schema={"parts": pl.List(pl.String)})
    rows = read(written(Shown("any", frame, (Column("parts"),), {"parts": "Parts"}, {})))[1:]
    assert [row[0] if row else "" for row in rows] == [as_text(parts) for parts in lists]
