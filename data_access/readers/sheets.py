"""What an XLSX package says, cell by cell: types, dates of both systems, formulas without a value, error values.

Written against ECMA-376 part 1, section 18. Read straight from the XML because the usual libraries cannot tell an empty
cell from a formula whose value was never computed.
"""

import math
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from xml.etree.ElementTree import Element, iterparse, parse

from openpyxl.styles.numbers import builtin_format_code, is_date_format, is_timedelta_format

from data_access.readers.cells import Fault, Moment, Number

RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
WHOLE = re.compile(r"-?\d+$")
EAST_ASIAN_DATES = frozenset((*range(27, 37), *range(50, 59)))
DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's dates have no zone
DAYS_TO_1904 = 1_462
FALSE_LEAP_DAY = 60
AFTER_YEAR_9999 = 2_958_466
DAY_MILLISECONDS = 86_400_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: its number, and its filled cells by column number (both from 1)."""

    number: int
    cells: dict[int, object]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: the name on its tab, and the part of the package that holds it."""

    name: str
    part: str


class Workbook:
    """An opened workbook; its sheets are read one by one."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        main = self._main_part()
        root = self._root(main)
        self.is_1904 = any(_flag(child.get("date1904")) for child in root if _local(child) == "workbookPr")
        targets = self._targets(main)
        self.sheets = tuple(_worksheets(root, targets))
        self.date_styles = self._date_styles(_part_of(targets, "/styles"))
        self.strings = self._strings(_part_of(targets, "/sharedStrings"))

    def _main_part(self) -> str:
        relations = self._root("_rels/.rels")
        target = next(
            entry.get("Target", "") for entry in relations if entry.get("Type", "").endswith("/officeDocument")
        )
        return target.lstrip("/")

    def _root(self, part: str) -> Element:
        with self.archive.open(part) as opened:
            return parse(opened).getroot()  # noqa: S314 - see the import

    def _targets(self, main: str) -> dict[str, tuple[str, str]]:
        """Relation id -> (kind, part) of everything that the workbook refers to."""
        folder, name = posixpath.split(main)
        relations = self._root(posixpath.join(folder, "_rels", f"{name}.rels"))
        return {
            entry.get("Id", ""): (entry.get("Type", ""), _resolved(folder, entry.get("Target", "")))
            for entry in relations
        }

    def _strings(self, part: str | None) -> list[str]:
        if part is None or part not in self.archive.namelist():
            return []
        with self.archive.open(part) as opened:
            entries = iterparse(opened)  # noqa: S314 - see the import
            return [_shared_text(entry) for _, entry in entries if _local(entry) == "si"]

    def _date_styles(self, part: str | None) -> frozenset[int]:
        """Numbers of the cell styles that show a number as a date or a time of day."""
        if part is None:
            return frozenset()
        root = self._root(part)
        custom = {
            int(entry.get("numFmtId", "0")): entry.get("formatCode", "")
            for entry in root.iter()
            if _local(entry) == "numFmt"
        }
        styles = [entry for group in root if _local(group) == "cellXfs" for entry in group]
        return frozenset(
            number for number, style in enumerate(styles) if _shows_date(int(style.get("numFmtId", "0")), custom)
        )

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """Every row that is written in the sheet, in order; cells without a value are left out."""
        with self.archive.open(sheet.part) as opened:
            parent, previous = None, 0
            for event, element in iterparse(opened, ("start", "end")):  # noqa: S314 - see the import
                name = _local(element)
                if event == "start":
                    parent = element if name == "sheetData" else parent
                elif name == "row" and parent is not None:
                    previous = int(element.get("r") or previous + 1)
                    yield Row(previous, self._cells(element))
                    parent.clear()

    def _cells(self, row: Element) -> dict[int, object]:
        cells, column = {}, 0
        for cell in row:
            reference = cell.get("r")
            column = _column_number(reference.rstrip("0123456789")) if reference else column + 1
            value = self._value(cell)
            if value is not None:
                cells[column] = value
        return cells

    def _value(self, cell: Element) -> object:
        parts = {_local(child): child for child in cell}
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _run_text(parts["is"]) or None if "is" in parts else None
        written = parts["v"].text if "v" in parts else None
        if "f" in parts and not written and not (kind == "str" and "v" in parts):
            return Fault("formula_without_value", f"={parts['f'].text or ''}")
        return self._typed(kind, written, int(cell.get("s", "0"))) if written else None

    def _typed(self, kind: str, written: str, style: int) -> object:
        if kind == "s":
            return self.strings[int(written)] or None
        if kind == "str":
            return _unescaped(written)
        if kind == "b":
            return _flag(written)
        if kind == "e":
            return Fault("cell_error", written)
        if kind == "d":
            return Moment(written)
        return moment(float(written), is_1904=self.is_1904) if style in self.date_styles else number(written)


def number(written: str) -> object:
    """A number cell: whole numbers keep every digit, others are the float that the sheet means."""
    return Number(written) if WHOLE.match(written) else float(written)


def moment(serial: float, *, is_1904: bool) -> object:
    """A date cell as 'YYYY-MM-DD', with 'T' and the time where it has one; a time of day alone as 'HH:MM:SS.ffffff'.

    The 29 February 1900 that the 1900 system believes in, and what lies outside its calendar, stay numbers.
    """
    shifted = serial + DAYS_TO_1904 if is_1904 else serial
    if (
        not math.isfinite(serial)
        or not 0 <= shifted < AFTER_YEAR_9999
        or FALSE_LEAP_DAY <= shifted < FALSE_LEAP_DAY + 1
    ):
        return serial
    days, milliseconds = divmod(round(shifted * DAY_MILLISECONDS), DAY_MILLISECONDS)
    day = DAY_ZERO + timedelta(days=days + (shifted < FALSE_LEAP_DAY), milliseconds=milliseconds)
    if 0 < serial < 1:
        return Moment(day.time().isoformat("microseconds"))
    return Moment(day.isoformat(timespec="microseconds") if milliseconds else day.date().isoformat())


def _worksheets(root: Element, targets: dict[str, tuple[str, str]]) -> Iterator[Sheet]:
    for entry in (entry for group in root if _local(group) == "sheets" for entry in group):
        kind, part = targets[entry.get(RELATION_ID) or entry.get(STRICT_RELATION_ID) or ""]
        if kind.endswith("/worksheet"):
            yield Sheet(entry.get("name", ""), part)


def _part_of(targets: dict[str, tuple[str, str]], kind: str) -> str | None:
    return next((part for name, part in targets.values() if name.endswith(kind)), None)


def _resolved(folder: str, target: str) -> str:
    return posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))


def _shows_date(format_number: int, custom: dict[int, str]) -> bool:
    code = custom.get(format_number) or builtin_format_code(format_number)
    if code is None:
        return format_number in EAST_ASIAN_DATES
    return is_date_format(code) and not is_timedelta_format(code)


def _shared_text(entry: Element) -> str:
    text = _run_text(entry)
    entry.clear()
    return text


def _run_text(entry: Element) -> str:
    """Plain or rich text, without the reading aids that East Asian text may carry."""
    runs = [entry, *(child for child in entry if _local(child) == "r")]
    return _unescaped("".join(leaf.text or "" for run in runs for leaf in run if _local(leaf) == "t"))


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _flag(written: str | None) -> bool:
    return written in ("1", "true", "on")


def _local(element: Element) -> str:
    return _local_name(element.tag)


@cache
def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2]


@cache
def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
