"""Tables as an Excel workbook: numbers as numbers, dates as dates, text never a formula, and where they come from."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from display.tables import Shown
from display.words import say
from reports import sheet_rows
from reports.about import About
from reports.content import Grid, Report
from reports.sealed import zipped

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
LONGEST_CELL = sheet_rows.LONGEST_CELL
LONGEST_SHEET_NAME = 31
MOST_ROWS = 1_048_000
HEADING_ROW, FIRST_ROW = 0, 1
PIXELS_OF_LETTER = 7
FORMATS: Mapping[str, Mapping[str, object]] = {
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
    "label": {"font_color": "#5B6675", "valign": "top"},
    "told": {"text_wrap": True, "valign": "top"},
    "title": {"bold": True, "font_size": 14},
    "section": {"bold": True, "font_color": "#16202E"},
    "total": {"bold": True, "top": 1, "top_color": "#5B6675"},
}
PATTERN, ROW_ENDS = b'<row r="2"', b"</row>"
STYLED = re.compile(rb'<c r="([A-Z]+)2"(?: s="(\d+)")?')
SIZED = re.compile(rb'<dimension ref="[^"]*"/>')


@dataclass(frozen=True)
class _Sheet:
    """One sheet of a table, or of a part of one that is longer than a sheet."""

    name: str
    grid: Grid
    rows: pl.DataFrame
    is_last: bool


def written(table: Shown, about: About) -> bytes:
    """The workbook of one table: the table as it is seen, and beside it what it shows, of when, and for whom."""
    return _book([Grid(table=table, title=about.title)], about, table.frame.height, None)


def of_report(report: Report) -> bytes:
    """The workbook of a report: its messages, each of its tables whole, and where they come from."""
    return _book(report.grids, report.about, report.rows, report)


def _book(grids: Sequence[Grid], about: About, rows: int, report: Report | None) -> bytes:
    """Everything but the rows of tables is written by the library; they are put in afterwards."""
    out = io.BytesIO()
    origin, summary = say(about.language, "about"), say(about.language, "report.summary")
    sheets = list(_sheets(grids, (origin, summary)))
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        formats = {name: book.add_format(dict(look)) for name, look in FORMATS.items()}
        if report is not None:
            _summary(book.add_worksheet(summary), report, formats)
        for sheet in sheets:
            _table(book.add_worksheet(sheet.name), sheet, formats)
        _about(book.add_worksheet(origin), about, rows, report, formats)
        book.set_properties({"title": about.title, "subject": about.snapshot_id, "created": about.made_at})
        book.set_size(2400, 1600)
    before = 1 if report is None else 2
    filled = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(sheets, start=before)}
    return zipped(_entries(out.getvalue(), filled), about.made_at)


def _sheets(grids: Sequence[Grid], taken: tuple[str, ...]) -> Iterator[_Sheet]:
    names = set(taken)
    for grid in grids:
        frame = grid.table.frame.select(column.name for column in grid.table.columns)
        starts = range(0, max(frame.height, 1), MOST_ROWS)
        for start in starts:
            name = sheet_name(grid.title, *names)
            names.add(name)
            yield _Sheet(name, grid, frame.slice(start, MOST_ROWS), start == starts[-1])


def sheet_name(title: str, *taken: str) -> str:
    """A title as the name of a sheet that Excel takes, and that no other sheet has."""
    plain = "".join(" " if letter in "[]:*?/\\'" else letter for letter in title if " " <= letter <= "\uffff")
    name = plain.strip()[:LONGEST_SHEET_NAME].strip() or "Tandem"
    known = {"history", *map(str.lower, taken)}
    return name if name.lower() not in known else _numbered("Tandem" if name.lower() == "history" else name, known)


def _numbered(name: str, known: set[str]) -> str:
    number, found = 1, name
    while found.lower() in known:
        number += 1
        found = f"{name[: LONGEST_SHEET_NAME - 5].strip()} ({number})"
    return found


def _table(sheet: Worksheet, of: _Sheet, formats: Mapping[str, Format]) -> None:
    """Headings, widths, filter and totals; and one row that tells the style of each column."""
    columns, height = of.grid.table.columns, of.rows.height
    sheet.freeze_panes(FIRST_ROW, sum(column.pinned for column in columns))
    for position, column in enumerate(columns):
        sheet.set_column(position, position, (column.width or 150) / PIXELS_OF_LETTER)
        sheet.write_string(HEADING_ROW, position, of.grid.table.headings[column.name], formats["heading"])
        if height:
            sheet.write_blank(FIRST_ROW, position, None, formats.get(column.kind, formats["text"]))
    if height:
        sheet.autofilter(HEADING_ROW, 0, height, len(columns) - 1)
    _printed(sheet)
    sheet.repeat_rows(HEADING_ROW)
    if of.is_last:
        _totals(sheet, of.grid, height + FIRST_ROW, formats)


def _printed(sheet: Worksheet) -> None:
    """On paper: across, as wide as the page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _totals(sheet: Worksheet, grid: Grid, row: int, formats: Mapping[str, Format]) -> None:
    """The sums as values below the rows, outside the filter."""
    sums = grid.totals
    if not sums:
        return
    positions = {column.name: position for position, column in enumerate(grid.table.columns)}
    for name, value in sums.items():
        sheet.write_number(row, positions[name], value, formats["total"])


def _entries(content: bytes, filled: Mapping[str, _Sheet]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The entries of the workbook, the sheets of tables with their rows."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            sheet = filled.get(name)
            xml = book.read(name)
            yield name, (xml,) if sheet is None or sheet.rows.is_empty() else _filled(xml, sheet)


def _filled(xml: bytes, sheet: _Sheet) -> Iterator[bytes]:
    start = xml.index(PATTERN)
    until = xml.index(ROW_ENDS, start) + len(ROW_ENDS)
    styles = {letter.decode(): style.decode() for letter, style in STYLED.findall(xml[start:until])}
    letters = [xl_col_to_name(position) for position in range(sheet.rows.width)]
    named = {name: styles.get(letter, "") for name, letter in zip(sheet.rows.columns, letters, strict=True)}
    last = sheet.rows.height + FIRST_ROW + (1 if sheet.is_last and sheet.grid.totals else 0)
    yield SIZED.sub(f'<dimension ref="A1:{letters[-1]}{last}"/>'.encode(), xml[:start])
    yield from sheet_rows.written(sheet.rows, letters, named, FIRST_ROW + 1)
    yield xml[until:]


def _about(sheet: Worksheet, about: About, rows: int, report: Report | None, formats: Mapping[str, Format]) -> None:
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 80)
    lines = about.lines(rows)
    for row, (label, value) in enumerate(lines):
        sheet.write_string(row, 0, label, formats["label"])
        _told(sheet, row, value, formats)
    if report is None:
        return
    start = len(lines) + 1
    sheet.write_string(start, 0, say(about.language, "report.definitions"), formats["heading"])
    for row, (name, meaning) in enumerate(report.definitions.items(), start=start + 1):
        sheet.write_string(row, 0, name, formats["label"])
        sheet.write_string(row, 1, meaning, formats["told"])


def _told(sheet: Worksheet, row: int, value: Any, formats: Mapping[str, Format]) -> None:
    if isinstance(value, str):
        sheet.write_string(row, 1, value[:LONGEST_CELL], formats["text"])
    else:
        sheet.write_number(row, 1, value, formats["text"])


def _summary(sheet: Worksheet, report: Report, formats: Mapping[str, Format]) -> None:
    """The messages of a report, in their order, with the numbers of its cards."""
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 26)
    sheet.set_column(2, 2, 70)
    sheet.hide_gridlines(2)
    _printed(sheet)
    lines = _lines(report)
    for row, (look, cells) in enumerate(lines):
        for position, text in enumerate(cells):
            sheet.write_string(row, position, text[:LONGEST_CELL], formats[look if position == 0 else "text"])


def _lines(report: Report) -> list[tuple[str, tuple[str, ...]]]:
    lines: list[tuple[str, tuple[str, ...]]] = [
        ("title", (report.message,)),
        ("label", (report.caption,)),
        ("text", ()),
    ]
    for section in report.sections:
        lines.append(("section", (section.message,)))
        lines += [("text", (line,)) for line in section.lines]
        lines += [
            ("label", (card.label, card.value, " · ".join(filter(None, (card.note, card.also)))))
            for card in section.cards
        ]
        lines += [("label", (fact.label, fact.value)) for fact in section.facts]
        lines += [("label", (note,)) for note in section.notes]
        lines.append(("text", ()))
    return lines
