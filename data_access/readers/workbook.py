"""XLSX workbooks: which sheet is which table, and the rows of each."""

import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from xml.etree.ElementTree import ParseError

from data_access.readers.delivery import DeliveryRefused, Finding, RawTable, TableRefused, refused_table
from data_access.readers.files import Piece, is_bomb
from data_access.readers.headers import column_names, furniture_warning, header_position, is_blank, is_total, normalised
from data_access.readers.problems import closed
from data_access.readers.sheets import Row, Sheet, Workbook
from data_access.readers.signatures import HEAD, OLD_OFFICE, ZIP, content_kind, require_kind
from data_access.readers.typed import CHUNK, TypedRows, cell_text

LARGEST_WORKBOOK = 200 * 1024 * 1024
SEARCHED = 100
FEWEST_COLUMNS = 2
BLOCK = 1024 * 1024
DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ParseError,
    LookupError,
    ValueError,
    NotImplementedError,
    StopIteration,
)

Known = Mapping[str, frozenset[str]]


def read_workbook(piece: Piece, known: Known) -> list[RawTable]:
    """The known tables of a workbook; where no sheet is named after one, the only sheet with columns of the table after
    which the file is named."""
    try:
        return _tables(piece, known)
    except TableRefused as refusal:
        return [_refused(piece, known, refusal.finding)]
    except DAMAGE:
        damaged = Finding(
            "unreadable", f"{piece.label} is damaged or incomplete and cannot be read; save it again and send it."
        )
        return [_refused(piece, known, damaged)]


def _refused(piece: Piece, known: Known, finding: Finding) -> RawTable:
    """A workbook named otherwise may hold any of the tables, so that the delivery cannot be trusted to be whole."""
    if piece.stem not in known:
        raise DeliveryRefused(finding.rule, finding.detail)
    return refused_table(piece.stem, piece.label, finding)


def _tables(piece: Piece, known: Known) -> list[RawTable]:
    with piece.path.open("rb") as opened:
        head = opened.read(HEAD)
    _refuse_other_content(head, piece.label)
    with zipfile.ZipFile(piece.path) as archive:
        _refuse_harmful(archive, piece)
        workbook = Workbook(archive)
        sheets = _known_sheets(workbook, piece, known)
        tables = [_table(workbook, sheet, name, piece, known[name]) for sheet, name in sheets]
        if tables:
            warnings = (*tables[0].warnings, *_unread_warning(workbook, piece, [sheet for sheet, _ in sheets]))
            tables[0] = replace(tables[0], warnings=warnings)
        return tables


def _refuse_other_content(head: bytes, file: str) -> None:
    if not head:
        raise TableRefused("unreadable", f"{file} is empty; send it again.")
    if content_kind(head) == OLD_OFFICE:
        raise TableRefused(
            "not_supported", f"{file} is an old .xls or protected by a password; save it as XLSX without a password."
        )
    require_kind(head, file, ZIP)


def _refuse_harmful(archive: zipfile.ZipFile, piece: Piece) -> None:
    """Looks at the package from outside, before anything of it is parsed."""
    parts = archive.infolist()
    if is_bomb(parts, piece.path.stat().st_size, LARGEST_WORKBOOK):
        raise TableRefused(
            "archive_bomb",
            f"{piece.label} would unpack to far more than its size allows, so it was not opened; save it again.",
        )
    if any(part.flag_bits & 1 for part in parts):
        raise TableRefused("archive_encrypted", f"{piece.label} is protected by a password; save it without one.")
    if not any(part.filename == "[Content_Types].xml" for part in parts):
        raise TableRefused(
            "not_what_it_says", f"{piece.label} is a zip archive but no workbook; send the workbook itself."
        )
    if any(_declares_entities(archive, part) for part in parts if part.filename.endswith((".xml", ".rels"))):
        raise TableRefused(
            "xml_entities",
            f"{piece.label} declares XML entities, which no workbook needs; save it again with a spreadsheet program.",
        )


def _declares_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    tail = b""
    with archive.open(part) as opened:
        while block := opened.read(BLOCK):
            seen = tail + block.replace(b"\0", b"")
            if any(declaration in seen for declaration in DECLARATIONS):
                return True
            tail = seen[-16:]
    return False


def _known_sheets(workbook: Workbook, piece: Piece, known: Known) -> list[tuple[Sheet, str]]:
    named = [(sheet, normalised(sheet.name)) for sheet in workbook.sheets if normalised(sheet.name) in known]
    if named or piece.stem not in known:
        return named
    fitting = [sheet for sheet in workbook.sheets if _has_columns(workbook, sheet, known[piece.stem])]
    if len(workbook.sheets) > 1 and len(fitting) != 1:
        raise TableRefused(
            "several_sheets",
            f"{piece.label} has {len(workbook.sheets)} sheets, and which of them holds {piece.stem} is not clear; name"
            f" that sheet {piece.stem}.",
        )
    return [(fitting[0] if fitting else workbook.sheets[0], piece.stem)]


def _has_columns(workbook: Workbook, sheet: Sheet, known: Collection[str]) -> bool:
    """Whether one of the first rows names at least two columns of the table."""
    rows = islice(workbook.rows(sheet), SEARCHED)
    return any(len({normalised(text or "") for text in _texts(row)} & set(known)) >= FEWEST_COLUMNS for row in rows)


def _unread_warning(workbook: Workbook, piece: Piece, read: Collection[Sheet]) -> tuple[Finding, ...]:
    """Says which other sheets have something like rows; nothing where none has."""
    others = [sheet.name for sheet in workbook.sheets if sheet not in read and _has_rows(workbook, sheet)]
    if not others:
        return ()
    told = ", ".join(others[:5]) + (", ..." if len(others) > 5 else "")
    sentence = f"{piece.label}: sheets that are named after no table were not read ({told}); check that none is one."
    return (Finding("sheets_not_read", sentence),)


def _has_rows(workbook: Workbook, sheet: Sheet) -> bool:
    """Whether one of the first rows fills several cells, or cannot be read."""
    try:
        rows = [_texts(row) for row in islice(workbook.rows(sheet), SEARCHED)]
    except (TableRefused, *DAMAGE):
        return True
    return any(len([text for text in row if text and text.strip()]) >= FEWEST_COLUMNS for row in rows)


def _table(workbook: Workbook, sheet: Sheet, name: str, piece: Piece, known: Collection[str]) -> RawTable:
    file = f"{piece.label}#{sheet.name}"
    try:
        return _read(workbook.rows(sheet), name, file, known)
    except TableRefused as refusal:
        return refused_table(name, file, refusal.finding)


def _read(rows: Iterator[Row], name: str, file: str, known: Collection[str]) -> RawTable:
    filled = (row for row in rows if not is_blank(_texts(row)))
    first = list(islice(filled, SEARCHED))
    position = header_position([_texts(row) for row in first], known)
    if position is None:
        raise TableRefused("no_header", f"{file} is empty; send it with at least the row of column names.")
    names = column_names(_texts(first[position]), file)
    skipped = [row.number for row in first[:position]]
    gathered = _gathered(chain(first[position + 1 :], filled), names, skipped)
    frame = gathered.frame(names)
    return closed(name, file, frame, known, problems=gathered.found(frame), warnings=furniture_warning(file, skipped))


def _texts(row: Row) -> list[str | None]:
    """The row as text from its first column on; what holds no usable value is shown as it stands."""
    return [cell_text(row.cells.get(column)) for column in range(1, max(row.cells, default=0) + 1)]


def _gathered(rows: Iterator[Row], names: list[str], skipped: list[int]) -> TypedRows:
    gathered = TypedRows()
    body = _without_totals(rows, len(names), skipped)
    while chunk := list(islice(body, CHUNK)):
        columns = {name: [row.cells.get(column) for row in chunk] for column, name in enumerate(names, start=1)}
        gathered.take([row.number for row in chunk], columns)
        for row in chunk:
            _note_outside(row, len(names), gathered)
    return gathered


def _without_totals(rows: Iterator[Row], width: int, skipped: list[int]) -> Iterator[Row]:
    last = None
    for row in rows:
        if last:
            yield last
        last = row
    if last and is_total(_texts(last), width):
        skipped.append(last.number)
    elif last:
        yield last


def _note_outside(row: Row, width: int, gathered: TypedRows) -> None:
    """Cells right of the table belong to no column: they are mentioned, never read."""
    if row.cells and max(row.cells) > width:
        shown = "|".join(str(cell_text(value)) for column, value in row.cells.items() if column > width)
        gathered.problems.add(row.number, "outside_table", value=shown, note=True)
