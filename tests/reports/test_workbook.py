"""A workbook holds what is seen: numbers as numbers, dates as dates, text never a formula or a link."""

import io
import zipfile
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from reports.about import About
from reports.workbook import LONGEST_CELL, sheet_name, written
from tests.reports.seen import COLUMNS, TEXTS, about, seen


def opened(of: About | None = None) -> Any:
    return openpyxl.load_workbook(io.BytesIO(written(seen(), of or about())))


def test_rows_columns_and_headings_are_those_that_are_seen() -> None:
    heading, *rows = opened().worksheets[0].iter_rows(values_only=True)
    assert list(heading) == [f"= {column.name}" for column in COLUMNS]
    names = [(row[0] or "").replace("_x000D_", "\r") for row in rows]  # how the format writes a carriage return
    assert names == [text[:LONGEST_CELL] for text in TEXTS]
    at = datetime(2026, 11, 27, 8, 30)  # noqa: DTZ001 - the reader's own clock
    assert rows[0][1:] == (-1234.5, 7.25, "0.0; 2.5", datetime(2026, 11, 27), at, "=Low")  # noqa: DTZ001
    assert rows[-1][1:-1] == (None,) * 5


def test_no_text_is_a_formula_or_a_link() -> None:
    sheet = opened().worksheets[0]
    assert {cell.data_type for cell in sheet["A"][1:] if cell.value} == {"s"}
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    parts = zipfile.ZipFile(io.BytesIO(written(seen(), about())))
    assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def told(of: About) -> dict[str, Any]:
    return dict(opened(of).worksheets[1].iter_rows(values_only=True))


def test_the_second_sheet_says_where_the_table_comes_from() -> None:
    facts = told(about(filters={"Site": "Ulm, Linz"}))
    assert opened().sheetnames == ["Inventory and demand", "About"]
    assert facts["Title"] == "Inventory and demand"
    assert facts["Data as of"] == "22 Nov 2026"
    assert facts["Rows"] == len(TEXTS)
    assert facts["Filters"] == "Site: Ulm, Linz"
    assert facts["Role"] == "Manager"
    assert facts["Companies that may be seen"] == "All"
    assert facts["Snapshot"] == "20261122T181615694597-1c3ac5e9e957"
    assert "Sample" not in facts


def test_a_sample_says_that_it_is_one_in_the_readers_language() -> None:
    assert told(about(is_sample=True, language="zh"))["示例"] == "示例公司：虚构数据"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Stock: a/b [c]*?", "Stock  a b  c"),
        ("x" * 50, "x" * 31),
        ("///", "Tandem"),
        ("'quoted'", "quoted"),
        ("库存与需求", "库存与需求"),
    ],
)
def test_a_sheet_has_a_name_that_excel_takes(title: str, name: str) -> None:
    assert sheet_name(title) == name
    assert opened(about(title=title)).sheetnames[0] == name


def test_a_table_named_as_the_second_sheet_is_written() -> None:
    assert opened(about(title="ABOUT")).sheetnames == ["ABOUT (2)", "About"]
