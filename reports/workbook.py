"""A table as an Excel workbook: numbers as numbers, dates as dates, text never a formula, and where it comes from."""

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from display.tables import Column, Shown
from display.words import say
from reports.about import About
from reports.csv import as_text

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
LONGEST_CELL = 32_767
LONGEST_SHEET_NAME = 31
FORMATS = {
    "heading": {
        "bold": True,
        "font_color": "#5B6675",
        "bottom": 1,
        "bottom_color": "#DCE2EA",
        "text_wrap": True,
        "valign": "top",
    },
    "number": {"num_format": "#,##0.##"},
    "money": {"num_format": "#,##0.00"},
    "amount": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.0%"},
    "bar": {"num_format": "#,##0"},
    "day": {"num_format": "yyyy-mm-dd"},
    "instant": {"num_format": "yyyy-mm-dd hh:mm"},
    "text": {},
    "label": {"font_color": "#5B6675"},
}


def written(table: Shown, about: About) -> bytes:
    """The workbook: the table as it is seen, and beside it what it shows, of when, and for whom."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        formats = {name: book.add_format(look) for name, look in FORMATS.items()}
        origin = say(about.language, "about")
        _table(book.add_worksheet(sheet_name(about.title, origin)), table, formats)
        _about(book.add_worksheet(origin), about, table.frame.height, formats)
        book.set_properties({"title": about.title, "subject": about.snapshot_id})
        book.set_size(2400, 1600)
    return out.getvalue()


def sheet_name(title: str, *taken: str) -> str:
    """A title as the name of a sheet that Excel takes, and that no other sheet has."""
    plain = "".join(" " if letter in "[]:*?/\\'" else letter for letter in title if letter <= "\uffff")
    name = plain.strip()[:LONGEST_SHEET_NAME].strip() or "Tandem"
    return "Tandem" if name.lower() in ("history", *map(str.lower, taken)) else name


def _table(sheet: Worksheet, table: Shown, formats: dict[str, Format]) -> None:
    pinned = sum(column.pinned for column in table.columns)
    sheet.freeze_panes(1, pinned)
    for position, column in enumerate(table.columns):
        sheet.set_column(position, position, (column.width or 150) / 7)
        sheet.write_string(0, position, table.headings[column.name], formats["heading"])
        _column(sheet, position, column, table.frame.get_column(column.name), formats)
    if table.frame.height:
        sheet.autofilter(0, 0, table.frame.height, len(table.columns) - 1)


def _column(sheet: Worksheet, position: int, column: Column, values: pl.Series, formats: dict[str, Format]) -> None:
    look = formats.get(column.kind, formats["text"])
    for row, value in enumerate(values.to_list(), start=1):
        _cell(sheet, row, position, value, look)


def _cell(sheet: Worksheet, row: int, position: int, value: Any, look: Format) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, position, value, look)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, position, value, look)
    elif isinstance(value, datetime | date):
        sheet.write_datetime(row, position, value, look)
    else:
        text = as_text(value) if isinstance(value, list) else str(value)
        sheet.write_string(row, position, text[:LONGEST_CELL], look)


def _about(sheet: Worksheet, about: About, rows: int, formats: dict[str, Format]) -> None:
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 80)
    for row, (label, value) in enumerate(about.lines(rows)):
        sheet.write_string(row, 0, label, formats["label"])
        _cell(sheet, row, 1, value, formats["text"])
