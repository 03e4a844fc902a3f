"""Deliveries made in the test itself, byte by byte, and how a test looks at what was read."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from data_access.readers import Delivery, RawTable, read

KNOWN = {
    "products": frozenset({"product_id", "name", "unit_cost", "active"}),
    "customers": frozenset({"customer_id", "name", "country", "created_at"}),
}
HEADER = "product_id,name,unit_cost,active"
PRODUCTS = (HEADER, "P1,Bolt,5.25,true", "P2,Nut,0.10,false")


def text_of(*lines: str, end: str = "\r\n") -> bytes:
    """A text file of these lines, each ended."""
    return "".join(line + end for line in lines).encode()


def read_files(place: Path, files: Mapping[str, bytes]) -> Delivery:
    """What comes of a folder with these files."""
    folder = place / "delivery"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return read(folder, KNOWN)


def read_one(place: Path, name: str, content: bytes) -> RawTable:
    """The only table of a delivery of one file."""
    delivery = read_files(place, {name: content})
    assert delivery.refused is None, delivery.refused
    (table,) = delivery.tables
    return table


def refusal(place: Path, name: str, content: bytes) -> tuple[str, str]:
    """Rule and sentence of a delivery of one file whose table is refused."""
    table = read_one(place, name, content)
    assert table.refused is not None, table.frame
    assert table.frame.is_empty()
    return table.refused.rule, table.refused.detail


def delivery_refusal(place: Path, name: str, content: bytes) -> str:
    """Rule of a delivery of one file that is refused whole."""
    delivery = read_files(place, {name: content})
    assert delivery.refused is not None
    assert delivery.tables == ()
    return delivery.refused.rule


def cells(table: RawTable) -> list[tuple[str | None, ...]]:
    """All rows of a table that was read, without their line numbers."""
    assert table.refused is None, table.refused
    return table.frame.drop("_line").rows()


def problems(table: RawTable) -> list[tuple[int, str | None, str]]:
    """Line, column and rule of everything that sends a row to quarantine."""
    return table.problems.filter(~table.problems["note"]).select("_line", "column", "rule").rows()


def notes(table: RawTable) -> list[tuple[int, str | None, str]]:
    """Line, column and rule of everything that is only mentioned."""
    return table.problems.filter("note").select("_line", "column", "rule").rows()


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """A zip archive of these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inner in files.items():
            archive.writestr(name, inner)
    return content.getvalue()


def workbook_of(sheets: Mapping[str, Sequence[Any]], *, is_1904: bool = False) -> bytes:
    """A workbook with these sheets, made by openpyxl."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    if is_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def repacked(archive: bytes, changes: Mapping[str, tuple[bytes, bytes]]) -> bytes:
    """The same zip with one piece of text in some of its parts replaced."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            before, after = changes.get(part, (b"", b""))
            assert before in old.read(part)
            new.writestr(part, old.read(part).replace(before, after) if before else old.read(part))
    return content.getvalue()


def database_of(place: Path, *statements: str) -> bytes:
    """An SQLite database after these statements."""
    path = place / "made.sqlite"
    database = sqlite3.connect(path)
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()
    return path.read_bytes()


def json_of(value: object) -> bytes:
    """JSON as a program writes it."""
    return json.dumps(value).encode()
