"""Workbooks: what a cell says, in both date systems, with formulas, errors and harmful packages."""

import io
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.readers.sheets import _shows_date, moment, number
from tests.data_access.readers.deliveries import (
    HEADER,
    cells,
    delivery_refusal,
    notes,
    problems,
    read_files,
    read_one,
    refusal,
    repacked,
    workbook_of,
    zip_of,
)

SHEET = "xl/worksheets/sheet1.xml"
COLUMNS = HEADER.split(",")


def _product(value: object, *, is_1904: bool = False) -> bytes:
    return workbook_of({"Sheet": [COLUMNS, ["P1", "Bolt", value, True], ["P2", "Nut", None, False]]}, is_1904=is_1904)


def _shown(place: Path, value: object) -> str | None:
    return cells(read_one(place, "products.xlsx", _product(value)))[0][2]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (-3, "-3"),
        (5.25, "5.25"),
        (0.1, "0.1"),
        (5.0, "5"),
        (1e21, "1000000000000000000000"),
        (1.5e-7, "0.00000015"),
        ("5.250", "5.250"),
        (" text ", " text "),
        (True, "true"),
        (date(2026, 2, 1), "2026-02-01"),
        (datetime.fromisoformat("2026-02-01T18:00"), "2026-02-01T18:00:00.000000"),
        (datetime.fromisoformat("2026-02-01T08:30:15.250"), "2026-02-01T08:30:15.250000"),
        (time(8, 30), "08:30:00.000000"),
        (timedelta(hours=36), "1.5"),
        (date(1900, 1, 1), "1900-01-01"),
        (date(1900, 2, 28), "1900-02-28"),
        (date(1900, 3, 1), "1900-03-01"),
        ("", None),
    ],
)
def test_a_cell_is_its_text(tmp_path: Path, value: object, text: str | None) -> None:
    assert _shown(tmp_path, value) == text


def test_a_cell_of_the_1904_system_is_the_same_day(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.xlsx", _product(datetime.fromisoformat("2026-02-01T18:00"), is_1904=True))
    assert cells(table)[0][2] == "2026-02-01T18:00:00.000000"


def test_rows_keep_their_numbers_and_blank_ones_are_skipped(tmp_path: Path) -> None:
    rows = [
        ["Product list"],
        [],
        COLUMNS,
        ["P1", "Bolt", 1, True],
        [],
        [None, " "],
        ["P2", "Nut", 2, True],
        ["Total", 2],
    ]
    table = read_one(tmp_path, "products.xlsx", workbook_of({"Sheet": rows}))
    assert table.frame["_line"].to_list() == [4, 7]
    assert [warning.rule for warning in table.warnings] == ["report_rows_skipped"]


def test_a_table_that_begins_in_another_column_is_read(tmp_path: Path) -> None:
    rows = [[None, *COLUMNS], [None, "P1", "Bolt", 1, True]]
    table = read_one(tmp_path, "products.xlsx", workbook_of({"Sheet": rows}))
    assert table.frame.columns == ["_line", *COLUMNS]


def test_what_stands_right_of_the_table_is_mentioned_and_not_read(tmp_path: Path) -> None:
    rows = [COLUMNS, ["P1", "Bolt", 1, True, None, "see mail"]]
    table = read_one(tmp_path, "products.xlsx", workbook_of({"Sheet": rows}))
    assert notes(table) == [(2, None, "outside_table")]
    assert problems(table) == []


def test_a_formula_without_a_value_and_an_error_set_their_rows_aside(tmp_path: Path) -> None:
    rows = [COLUMNS, ["P1", "Bolt", "=1/0", True], ["P2", "Nut", "#N/A", True], ["P3", "Pin", 1, True]]
    table = read_one(tmp_path, "products.xlsx", workbook_of({"Sheet": rows}))
    assert problems(table) == [(2, "unit_cost", "formula_without_value"), (3, "unit_cost", "cell_error")]
    assert table.problems["value"].to_list() == ["=1/0", "#N/A"]
    assert table.frame.height == 3


def test_a_formula_with_a_value_is_its_value(tmp_path: Path) -> None:
    content = repacked(
        workbook_of({"Sheet": [COLUMNS, ["P1", "Bolt", "=2+3", True]]}),
        {SHEET: (b"<f>2+3</f><v></v>", b"<f>2+3</f><v>5</v>")},
    )
    assert cells(read_one(tmp_path, "products.xlsx", content)) == [("P1", "Bolt", "5", "true")]


def test_an_error_in_a_column_nobody_reads_is_only_a_note(tmp_path: Path) -> None:
    rows = [[*COLUMNS, "remark"], ["P1", "Bolt", 1, True, "#REF!"]]
    table = read_one(tmp_path, "products.xlsx", workbook_of({"Sheet": rows}))
    assert notes(table) == [(2, "remark", "cell_error")]
    assert problems(table) == []


def test_numbers_and_dates_among_texts_are_noted(tmp_path: Path) -> None:
    keys = ["P1", "P2", "P3", 4, date(2026, 1, 2)]
    table = read_one(
        tmp_path, "products.xlsx", workbook_of({"Sheet": [COLUMNS, *([key, "x", 1, True] for key in keys)]})
    )
    assert notes(table) == [(5, "product_id", "number_in_text_column"), (6, "product_id", "date_in_text_column")]
    assert problems(table) == []


def test_a_column_of_numbers_with_one_text_has_no_notes(tmp_path: Path) -> None:
    costs = [1, 2, "abc", 4]
    table = read_one(
        tmp_path, "products.xlsx", workbook_of({"Sheet": [COLUMNS, *(["P", "x", cost, True] for cost in costs)]})
    )
    assert notes(table) == []


def test_escaped_characters_rich_text_and_reading_aids(tmp_path: Path) -> None:
    rich = b"<is><r><t>Bo</t></r><r><rPr/><t>lt_x000D_</t></r><rPh><t>aid</t></rPh></is>"
    content = repacked(
        workbook_of({"Sheet": [COLUMNS, ["P1", "Bolt", 1, True]]}), {SHEET: (b"<is><t>Bolt</t></is>", rich)}
    )
    assert cells(read_one(tmp_path, "products.xlsx", content))[0][1] == "Bolt\r"


def test_shared_strings_are_read(tmp_path: Path) -> None:
    shared = b"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>Bolt</t></si></sst>"
    old = workbook_of({"Sheet": [COLUMNS, ["P1", "Bolt", 1, True]]})
    relations = "xl/_rels/workbook.xml.rels"
    link = (
        b'<Relationship Target="sharedStrings.xml" Id="rId99" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    swapped = repacked(
        old,
        {
            SHEET: (b't="inlineStr"><is><t>Bolt</t></is>', b't="s"><v>0</v>'),
            relations: (b"</Relationships>", link),
        },
    )
    content = io.BytesIO(swapped)
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", shared)
    assert cells(read_one(tmp_path, "products.xlsx", content.getvalue()))[0][1] == "Bolt"


def test_sheets_with_known_names_are_tables_and_others_are_not(tmp_path: Path) -> None:
    book = workbook_of(
        {
            "Products": [COLUMNS, ["P1", "Bolt", 1, True]],
            "Notes": [["hello"]],
            "customers": [["customer_id", "name"], ["C1", "X"]],
        }
    )
    delivery = read_files(tmp_path, {"book.xlsx": book})
    assert [(table.name, table.file, table.frame.height) for table in delivery.tables] == [
        ("products", "book.xlsx#Products", 1),
        ("customers", "book.xlsx#customers", 1),
    ]


def test_a_workbook_of_one_sheet_goes_by_its_file_name(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.xlsx", _product(1))
    assert (table.name, table.file) == ("products", "products.xlsx#Sheet")


def test_of_several_sheets_the_only_one_with_columns_of_the_table_goes_by_the_file_name(tmp_path: Path) -> None:
    rows = [COLUMNS, ["P1", "Bolt", 1, True]]
    notes_first = workbook_of({"Notes": [["exported by", "Ada"], ["on", "Monday"]], "Tabelle1": rows})
    assert read_one(tmp_path, "products.xlsx", notes_first).file == "products.xlsx#Tabelle1"


def test_other_sheets_with_rows_are_told(tmp_path: Path) -> None:
    rows = [COLUMNS, ["P1", "Bolt", 1, True]]
    book = workbook_of({"Cover": [["Our products"]], "Products": rows, "Products 2025": rows, "Sheet3": []})
    (warning,) = read_one(tmp_path, "book.xlsx", book).warnings
    assert warning.rule == "sheets_not_read"
    assert "(Products 2025)" in warning.detail


def test_of_several_sheets_with_columns_of_the_table_none_is_guessed(tmp_path: Path) -> None:
    rows = [COLUMNS, ["P1", "Bolt", 1, True]]
    both = workbook_of({"January": rows, "February": rows})
    assert refusal(tmp_path, "products.xlsx", both)[0] == "several_sheets"


def test_a_workbook_without_a_known_name_is_ignored(tmp_path: Path) -> None:
    delivery = read_files(tmp_path, {"products.csv": b"product_id,name\nP1,x\n", "book.xlsx": _product(1)})
    assert [table.name for table in delivery.tables] == ["products"]
    assert delivery.ignored == ("book.xlsx",)


@pytest.mark.parametrize("length", [3, 100, -30])
def test_a_cut_workbook_is_unreadable(tmp_path: Path, length: int) -> None:
    content = _product(1)[:length]
    assert refusal(tmp_path, "products.xlsx", content)[0] in {"unreadable", "not_what_it_says"}


def test_a_damaged_workbook_that_may_hold_any_table_refuses_the_delivery(tmp_path: Path) -> None:
    assert delivery_refusal(tmp_path, "book.xlsx", _product(1)[:-30]) == "unreadable"


def test_an_old_xls_is_refused_with_advice(tmp_path: Path) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    for place, name in ((tmp_path / "a", "products.xls"), (tmp_path / "b", "products.xlsx")):
        place.mkdir()
        rule, detail = refusal(place, name, old)
        assert rule == "not_supported"
        assert "XLSX" in detail


def test_a_zip_or_a_text_named_like_a_workbook_is_refused(tmp_path: Path) -> None:
    for place, content in ((tmp_path / "a", zip_of({"products.csv": b"x"})), (tmp_path / "b", b"product_id,name\n")):
        place.mkdir()
        assert refusal(place, "products.xlsx", content)[0] == "not_what_it_says"


def test_a_workbook_that_inflates_beyond_measure_is_refused(tmp_path: Path) -> None:
    bomb = repacked(_product(1), {SHEET: (b"Bolt", b" " * 3_000_000)})
    assert refusal(tmp_path, "products.xlsx", bomb)[0] == "archive_bomb"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_declarations_are_refused(tmp_path: Path, encoding: str) -> None:
    attack = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><workbook '
    book = repacked(_product(1), {"xl/workbook.xml": (b"<workbook ", attack.encode())})
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(content, "w") as new:
        for part in old.namelist():
            inner = old.read(part)
            new.writestr(part, inner.decode().encode(encoding) if part == "xl/workbook.xml" else inner)
    assert refusal(tmp_path, "products.xlsx", content.getvalue())[0] == "xml_entities"


def test_a_cell_far_to_the_right_costs_nothing(tmp_path: Path) -> None:
    far = b'<c r="XFD2" t="n"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
    content = repacked(_product(1), {SHEET: (b"</row></sheetData>", far)})
    table = read_one(tmp_path, "products.xlsx", content)
    assert table.frame["_line"].to_list() == [2, 3, 1_048_576]


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=4))
def test_a_number_is_written_as_short_as_the_float_it_is(value: Decimal) -> None:
    written = f"{float(value):.17g}"
    assert float(str(number(written))) == float(value)


DAYS = st.datetimes(datetime.fromisoformat("1900-03-01"), datetime.fromisoformat("9999-12-30"))


@given(DAYS.map(lambda day: day.replace(microsecond=0)))
def test_a_moment_is_what_openpyxl_makes_of_it(day: datetime) -> None:
    for epoch, is_1904 in ((openpyxl.utils.datetime.WINDOWS_EPOCH, False), (openpyxl.utils.datetime.MAC_EPOCH, True)):
        serial = openpyxl.utils.datetime.to_excel(day, epoch)
        if serial < 1:
            continue
        assert datetime.fromisoformat(str(moment(float(serial), is_1904=is_1904))) == day


def test_a_whole_number_keeps_digits_that_no_float_has() -> None:
    assert number("9007199254740993") == "9007199254740993"


@pytest.mark.parametrize(("format_number", "is_date"), [(14, True), (31, True), (2, False), (46, False)])
def test_date_formats_are_known_by_number(format_number: int, is_date: bool) -> None:
    assert _shows_date(format_number, {}) is is_date


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("yyyy-mm-dd", True),
        ('d"."mmm', True),
        ("h:mm", True),
        ("0.00", False),
        ("[Red]0.00", False),
        ('0 "days"', False),
        ("[h]:mm", False),
    ],
)
def test_date_formats_are_known_by_their_code(code: str, is_date: bool) -> None:
    assert _shows_date(164, {164: code}) is is_date


def test_what_lies_outside_the_calendar_stays_a_number() -> None:
    assert moment(60.0, is_1904=False) == 60.0
    assert moment(-1.0, is_1904=False) == -1.0
    assert moment(3_000_000.0, is_1904=False) == 3_000_000.0
