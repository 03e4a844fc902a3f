"""Every table of every page, for each role, in both languages and every format, read back and compared with what is
seen: values, types, order, headings.

``python -m benchmarks.takeaways [HOME]`` starts the real application on a home (the sample company by default) and
opens every page as each role; where a page offers a table to be taken away, all its files are made there and then, and
read back by other libraries. Prints tables, files and cells compared, and ends with 1 where one differs.
"""

import io
import json
import os
import sys
import tempfile
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl

from analytics.access import RIGHTS
from data_access.home import firm_home
from display.tables import Shown
from display.words import LANGUAGES
from pages.parts import export
from pages.parts.menu import ENTRIES
from pages.parts.visit import Visit
from reports import cells
from reports.csv import as_text
from reports.parquet import distinct
from tests.pages.agent import APP, application
from tests.reports import read_back

FOUND = "TAKEAWAYS_FOUND"


def workbook(table: Shown, content: bytes) -> list[str]:
    """What differs in a workbook."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    heading, *rows = sheet.iter_rows(values_only=True)
    wanted = [tuple(map(_in_a_sheet, row)) for row in seen(table).iter_rows()]
    return _told("headings", list(heading), headings(table)) + _told("rows", list(map(tuple, rows)), wanted)


def _in_a_sheet(value: Any) -> Any:
    """A number as a workbook keeps it, a day before 1900 as text, an instant without its zone, to the millisecond."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float | int) and not isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return _to_the_millisecond(value.replace(tzinfo=None))
    found = read_back.in_a_sheet(value)
    is_day = isinstance(found, datetime) and type(value) is date
    return found if not is_day or found.year >= 1900 else f"{value}"


def _to_the_millisecond(value: datetime) -> datetime:
    whole = value.replace(microsecond=0)
    return whole + timedelta(milliseconds=round(value.microsecond / 1000))


def comma_separated(table: Shown, content: bytes) -> list[str]:
    """What differs in a CSV file."""
    _, *rows = read_back.comma_separated(content)
    numbers = [kind.is_float() for kind in seen(table).dtypes]
    wanted = [[as_text(value) for value in row] for row in seen(table).iter_rows()]
    rows, wanted = ([_numbered(row, numbers) for row in each] for each in (rows, wanted))
    return _told("rows", rows, wanted if len(table.columns) > 1 else [row if row != [""] else [] for row in wanted])


def _numbered(row: list[str], numbers: list[bool]) -> list[str]:
    """The row with its numbers written in one way: 0.00001 is 1e-05."""
    return [repr(float(cell)) if of and cell else cell for cell, of in zip(row, numbers, strict=False)]


def parquet(table: Shown, content: bytes) -> list[str]:
    """What differs in a Parquet file."""
    frame, wanted = pl.read_parquet(io.BytesIO(content)), seen(table)
    told = _told("headings", frame.columns, distinct(headings(table)))
    return told + _told("types", list(frame.dtypes), list(wanted.dtypes)) + _told("rows", frame.rows(), wanted.rows())


def pages(table: Shown, content: bytes) -> list[str]:
    """What of the table no page shows."""
    told = read_back.pages(content)
    language = "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in "".join(headings(table))) else "en"
    wanted = {read_back.squeezed(cell) for row in cells.rows(table, language) for cell in row}
    return [f"pages lack {cell!r}" for cell in sorted(wanted) if cell not in told]


READ = {"xlsx": workbook, "csv": comma_separated, "parquet": parquet, "pdf": pages}


def seen(table: Shown) -> pl.DataFrame:
    """The table's columns as they are seen."""
    return table.frame.select(column.name for column in table.columns)


def headings(table: Shown) -> list[str]:
    """The table's headings as they are seen."""
    return [table.headings[column.name] for column in table.columns]


def _told(what: str, found: list[Any], wanted: list[Any]) -> list[str]:
    if len(found) != len(wanted):
        return [f"{what}: {len(found)} instead of {len(wanted)}"]
    return [f"{what}: {one!r} instead of {other!r}" for one, other in zip(found, wanted, strict=True) if one != other][
        :3
    ]


def checking() -> None:
    """From now on, beside each export menu its files are made, read back, and what differs is written down."""
    shown = export.buttons

    def checked(table: Shown, title: str, visit: Visit) -> None:
        shown(table, title, visit)
        with Path(os.environ[FOUND]).open("a", encoding="utf-8") as file:
            for name, written in export.files(table, export.about_table(title, table, visit)).items():
                line = {
                    "title": title,
                    "role": visit.viewer.role,
                    "table": table.name,
                    "format": name,
                    "cells": seen(table).height * len(table.columns),
                    "differs": READ[name](table, written()),
                }
                file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")

    export.buttons = checked


def _script() -> str:
    """The application as it is, from another place: Streamlit looks for it in the text of the file that it is given."""
    told = APP.read_text(encoding="utf-8").replace("Path(__file__).resolve().parent", f"Path({str(APP.parent)!r})")
    first = f"import sys\nsys.path.insert(0, {str(APP.parent)!r})"
    return f"{first}\nfrom benchmarks import takeaways\ntakeaways.checking()\n{told}"


def run(home: Path) -> int:
    """Opens every page as every role, and prints what was compared."""
    with tempfile.TemporaryDirectory() as place:
        script, found = Path(place) / "checked.py", Path(place) / "found.ndjson"
        script.write_text(_script(), encoding="utf-8")
        os.environ[FOUND] = str(found)
        with application(home, script) as visitor:
            opened = sum(
                bool(visitor.open(entry.name, role=role, lang=language))
                for language in LANGUAGES
                for role in RIGHTS
                for entry in ENTRIES
            )
        lines = [json.loads(line) for line in found.read_text(encoding="utf-8").splitlines()]
    wrong = [line for line in lines if line["differs"]]
    for line in wrong:
        print(f"{line['title']}, {line['role']}, {line['table']} {line['format']}: {line['differs']}")
    many = Counter(line["format"] for line in lines)
    compared = sum(line["cells"] for line in lines)
    told = ", ".join(f"{count} {name}" for name, count in sorted(many.items()))
    print(f"{opened} screens opened, {told}; {compared:,} cells compared, {len(wrong)} files differ (aim: 0)")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]) if len(sys.argv) > 1 else firm_home().folder))
