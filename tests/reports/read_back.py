"""Files of reports, read back as a stranger would: by other libraries than those that wrote them."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import openpyxl
import polars as pl
from pptx import Presentation
from pypdf import PdfReader

from reports.content import Report

SPACE = re.compile(r"[\s\u200b]+")


def squeezed(text: str) -> str:
    """The text without spaces: pages break lines where they like."""
    return SPACE.sub("", text)


@lru_cache(maxsize=8)
def pages(content: bytes) -> str:
    """All text of a PDF, and what it says of itself, without spaces."""
    reader = PdfReader(io.BytesIO(content))
    told = [str(value) for value in (reader.metadata or {}).values()]
    return squeezed("".join([*(page.extract_text() for page in reader.pages), *told]))


def texts(content: bytes) -> str:
    """All that can be read in a file, however deep inside: entries of ZIPs, their names, pages, columns."""
    if content.startswith(b"%PDF"):
        return pages(content) + content.decode("latin-1")
    if content.startswith(b"PAR1"):
        return repr(pl.read_parquet(io.BytesIO(content)).to_dict(as_series=False))
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = [texts(file.read(name)) for name in file.namelist()]
        return "\n".join([*file.namelist(), *parts])


def sheets(content: bytes) -> list[list[tuple[Any, ...]]]:
    """The rows of each sheet, headings first."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets]


def bundled(content: bytes) -> list[bytes]:
    """The files of a ZIP in their order."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return [file.read(name) for name in sorted(file.namelist())]


def comma_separated(content: bytes) -> list[list[str]]:
    """The rows of a CSV file."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def slides(content: bytes) -> Iterator[list[list[str]]]:
    """The tables of slides, row by row."""
    for slide in Presentation(io.BytesIO(content)).slides:
        for shape in slide.shapes:
            if shape.has_table:
                yield [[cell.text for cell in row.cells] for row in shape.table.rows]


def in_a_sheet(value: Any) -> Any:
    """What a cell of a workbook gives back for a value."""
    if isinstance(value, datetime) or value is None:
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - as the library gives a day
    if isinstance(value, list):
        return "; ".join("" if part is None else str(part) for part in value) or None
    return value.replace("\r", "_x000D_") if isinstance(value, str) else value


def seen_rows(report: Report) -> list[list[tuple[Any, ...]]]:
    """The rows of each table of a report."""
    return [grid.table.frame.select(column.name for column in grid.table.columns).rows() for grid in report.grids]
