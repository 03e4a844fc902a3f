"""A table as CSV that spreadsheets open rightly: UTF-8 with its mark, a heading row, no text that runs as a formula."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import polars as pl

from display.tables import Shown

MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(text: str) -> str:
    """Text that a spreadsheet takes for text: a leading apostrophe where it could be a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def written(table: Shown) -> bytes:
    """The table's rows, columns and headings as they are seen. Numbers and dates stay; only text is guarded."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(guarded(table.headings[column.name]) for column in table.columns)
    writer.writerows(_rows(table.frame))
    return (MARK + out.getvalue()).encode("utf-8")


def _rows(frame: pl.DataFrame) -> Iterator[list[str]]:
    for row in frame.iter_rows():
        yield [as_text(value) for value in row]


def as_text(value: Any) -> str:
    """One value of a cell: empty for null, ISO for dates, the values of a list joined by semicolons."""
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "; ".join(as_text(part) for part in value)
    return str(value)
