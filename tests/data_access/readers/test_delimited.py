"""CSV and its relatives: every row is read, or it is said which was not."""

import csv
import io
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from data_access.readers.delimited import Rows, careful_rows, clean_rows, layout_of
from data_access.readers.delivery import TableRefused
from data_access.readers.encodings import Utf8Text
from tests.data_access.readers.deliveries import (
    HEADER,
    KNOWN,
    PRODUCTS,
    cells,
    notes,
    problems,
    read_one,
    refusal,
    text_of,
)

ROWS = [("P1", "Bolt", "5.25", "true"), ("P2", "Nut", "0.10", "false")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_makes_the_header_known(tmp_path: Path, delimiter: str) -> None:
    content = text_of(*(line.replace(",", delimiter) for line in PRODUCTS))
    assert cells(read_one(tmp_path, "products.csv", content)) == ROWS


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", ["products.csv", "products.txt", "products.tsv", "Products.CSV"])
def test_every_kind_of_line_end_and_text_file_is_read(tmp_path: Path, name: str, end: str) -> None:
    table = read_one(tmp_path, name, text_of(*PRODUCTS, end=end))
    assert cells(table) == ROWS
    assert table.frame["_line"].to_list() == [2, 3]
    assert (table.name, table.file) == ("products", name)


def test_a_last_line_without_an_end_is_whole(tmp_path: Path) -> None:
    assert cells(read_one(tmp_path, "products.csv", text_of(*PRODUCTS).rstrip())) == ROWS


def test_header_names_are_normalised_and_their_order_is_free(tmp_path: Path) -> None:
    table = read_one(
        tmp_path, "products.csv", text_of(" Unit-Cost ,\u3000ＮＡＭＥ,PRODUCT ID,Active", "5,Bolt,P1,true")
    )
    assert table.frame.columns == ["_line", "unit_cost", "name", "product_id", "active"]


def test_text_stays_exactly_as_it_stands(tmp_path: Path) -> None:
    names = [
        "Null",
        "NA",
        "1e5",
        "\t=1+1",
        " padded ",
        "007",
        "=cmd|'/C calc'!A0",
        'five 5" bolts',
        "Cafe\u0301\u200b🚚",
        "'",
    ]
    content = text_of(HEADER, *(f"P{number},{name},1,true" for number, name in enumerate(names)))
    assert [row[1] for row in cells(read_one(tmp_path, "products.csv", content))] == names


def test_an_empty_cell_is_null_quoted_or_not(tmp_path: Path) -> None:
    assert cells(read_one(tmp_path, "products.csv", text_of(HEADER, 'P1,"",,true'))) == [("P1", None, None, "true")]


def test_quoted_fields_keep_line_ends_quotes_and_delimiters(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.csv", text_of(HEADER, 'P1,"two\r\nlines, ""quoted""",1,true', "P2,Nut,2,true"))
    assert cells(table) == [("P1", 'two\r\nlines, "quoted"', "1", "true"), ("P2", "Nut", "2", "true")]
    assert table.frame["_line"].to_list() == [2, 4]


def test_a_carriage_return_alone_inside_quotes_stays(tmp_path: Path) -> None:
    assert cells(read_one(tmp_path, "products.csv", text_of(HEADER, 'P1,"\r=1+1",1,true')))[0][1] == "\r=1+1"


def test_a_header_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.csv", text_of(HEADER))
    assert cells(table) == []
    assert table.frame.columns == ["_line", "product_id", "name", "unit_cost", "active"]


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n", b" , , \n"])
def test_a_file_with_nothing_in_it_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal(tmp_path, "products.csv", content)[0] == "no_header"


def test_a_column_given_twice_is_refused_by_name(tmp_path: Path) -> None:
    rule, detail = refusal(tmp_path, "products.csv", text_of("product_id,name,Unit Cost,unit_cost", "P1,Bolt,1,2"))
    assert rule == "duplicate_column"
    assert "unit_cost" in detail


def test_a_column_named_like_our_line_numbers_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "products.csv", text_of(HEADER + ",_line", "P1,Bolt,1,true,7"))[0] == "reserved_column"


def test_an_unclosed_quote_is_refused_with_its_line(tmp_path: Path) -> None:
    rule, detail = refusal(tmp_path, "products.csv", text_of(*PRODUCTS, 'P3,"Washer,1,true', "P4,Pin,1,true"))
    assert rule == "unclosed_quote"
    assert "line 4" in detail


@pytest.mark.parametrize(
    "closing",
    ['P6,"Pin",1,true', '"P6",Pin,1,true', 'P6,"",1,"true"', 'P6,",Pin",1,true'],
)
def test_a_quote_that_closes_rows_later_is_refused_with_the_line_where_it_opened(tmp_path: Path, closing: str) -> None:
    rows = [*PRODUCTS, 'P3,"Washer,1,true', "P4,Pin,1,true", "P5,Pin,1,true", closing, "P7,Pin,1,true"]
    rule, detail = refusal(tmp_path, "products.csv", text_of(*rows))
    assert rule == "unclosed_quote"
    assert "line 4" in detail


@pytest.mark.parametrize("swallowed", [["P4,Pin,1,true"], ["P4", "P5", "P6"]])
def test_a_swallowed_row_or_many_swallowed_lines_are_noticed_without_any_other_sign(
    tmp_path: Path, swallowed: list[str]
) -> None:
    rows = [*PRODUCTS, 'P3,"Washer,1,true', *swallowed, 'P7,",x",1,true', "P8,Pin,1,true"]
    assert refusal(tmp_path, "products.csv", text_of(*rows))[0] == "unclosed_quote"


def test_a_text_of_two_lines_in_a_row_of_another_width_sets_only_that_row_aside(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.csv", text_of(HEADER, 'P1,"two\r\nlines",1,true,x', "P2,Nut,2,true"))
    assert problems(table) == [(2, None, "field_count")]


def test_text_after_a_closing_quote_sets_only_that_row_aside(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.csv", text_of(HEADER, 'P1,"Bolt" M5,1,true', "P2,Nut,2,true"))
    assert problems(table) == [(2, None, "stray_quote")]
    assert table.frame.height == 2


def test_a_file_cut_in_the_middle_of_a_row_is_refused(tmp_path: Path) -> None:
    rule, detail = refusal(tmp_path, "products.csv", text_of(*PRODUCTS) + b"P3,Was")
    assert rule == "truncated"
    assert "line 4" in detail
    assert "2 of 4" in detail


def test_the_only_short_row_at_the_end_is_a_cut_even_with_a_line_end(tmp_path: Path) -> None:
    assert refusal(tmp_path, "products.csv", text_of(*PRODUCTS, "P3,Was"))[0] == "truncated"


def test_rows_of_another_width_in_the_middle_go_aside_and_no_other(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.csv", text_of(HEADER, "P1,Bolt,M5,1,true", "P2,Nut", "P3,Pin,1,true"))
    assert problems(table) == [(2, None, "field_count"), (3, None, "field_count")]
    assert table.frame.height == 3
    assert table.problems["value"].to_list() == ["P1|Bolt|M5|1|true", "P2|Nut"]


def test_a_short_last_row_among_other_short_rows_is_no_cut(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.csv", text_of(HEADER, "P1,Bolt", "P2,Nut,1,true", "P3,Pin"))
    assert problems(table) == [(2, None, "field_count"), (4, None, "field_count")]


@pytest.mark.parametrize("quoted", [False, True])
def test_a_field_over_a_megabyte_sets_only_its_row_aside_and_is_cut(tmp_path: Path, quoted: bool) -> None:
    huge = "A" * 1_000_001
    name = f'"{huge}"' if quoted else huge
    table = read_one(
        tmp_path, "products.csv", text_of(HEADER, f"P1,{name},1,true", "P2,Nut,2,true", "P3,x", "P4,Pin,1,true")
    )
    assert problems(table) == [(2, "name", "field_too_long"), (4, None, "field_count")]
    assert cells(table)[0] == ("P1", "A" * 200, "1", "true")
    assert cells(table)[1] == ("P2", "Nut", "2", "true")


def test_a_field_of_a_megabyte_is_kept_whole(tmp_path: Path) -> None:
    longest = "A" * 1_000_000
    table = read_one(tmp_path, "products.csv", text_of(HEADER, f"P1,{longest},1,true"))
    assert problems(table) == []
    assert cells(table)[0][1] == longest


@pytest.mark.parametrize("total", ["TOTAL,2,,", "Sum:,,5.35,", "合计,2,,", "Total"])
def test_titles_blank_rows_and_a_totals_row_are_left_out_with_a_warning(tmp_path: Path, total: str) -> None:
    table = read_one(tmp_path, "products.csv", text_of("Product list;printed today", "", *PRODUCTS, "", ",,,", total))
    assert cells(table) == ROWS
    assert table.frame["_line"].to_list() == [4, 5]
    assert [warning.rule for warning in table.warnings] == ["report_rows_skipped"]
    assert "1" in table.warnings[0].detail


def test_the_separator_line_of_a_spreadsheet_program_is_no_title(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.csv", text_of("sep=;", *(line.replace(",", ";") for line in PRODUCTS)))
    assert cells(table) == ROWS
    assert table.warnings == ()


def test_a_product_named_total_is_a_product(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.csv", text_of(*PRODUCTS, "TOTAL,Cleaner,9.90,true"))
    assert len(cells(table)) == 3
    assert table.warnings == ()


def test_without_a_known_header_the_first_row_is_taken_for_one(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.csv", text_of("nummer,bezeichnung", "P1,Bolt"))
    assert table.frame.columns == ["_line", "nummer", "bezeichnung"]


def test_a_row_that_happens_to_hold_one_column_name_is_no_header(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.csv", text_of("nummer,text", "P1,name"))
    assert table.frame.columns == ["_line", "nummer", "text"]
    assert table.warnings == ()


def test_a_column_without_name_or_value_is_dropped_one_with_values_is_kept(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.csv", text_of(HEADER + ",,", "P1,Bolt,1,true,,x"))
    assert table.frame.columns[-1] == "unnamed_6"
    assert "unnamed_5" not in table.frame.columns


def test_a_problem_in_a_column_nobody_reads_is_only_a_note(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.csv", text_of(HEADER + ",remark", "P1,Bolt,1,true," + "A" * 1_000_001))
    assert problems(table) == []
    assert notes(table) == [(2, "remark", "field_too_long")]


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"<!DOCTYPE html><html><body>Session expired</body></html>", "web page"),
        (b"\n  <html>", "web page"),
        (b"PK\x03\x04rest", "zip"),
        (b"PAR1rest", "Parquet"),
        (b"SQLite format 3\0rest", "SQLite"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"MZ\x90\0\x03\0\0\0", "program"),
        (b"\x7fELF\x02", "program"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office"),
    ],
)
def test_a_csv_that_is_something_else_is_refused_by_what_it_is(tmp_path: Path, head: bytes, what: str) -> None:
    rule, detail = refusal(tmp_path, "products.csv", head)
    assert rule == "not_what_it_says"
    assert what in detail


CELL = st.text(alphabet=st.sampled_from("ab ,;|\t\"'\n\réß中"), max_size=6)
SOUP = st.text(alphabet=st.sampled_from('ab,"\n\r ' + "é"), max_size=60)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("law") / "products.csv"


def _read_both_ways(content: str, path: Path) -> tuple[Rows | None, Rows | None]:
    """The rows by the quick way, None where it leaves the file alone; and by the careful one, None where it refuses."""
    path.write_bytes(content.encode())
    text = Utf8Text(path, ())
    try:
        layout = layout_of(text, KNOWN["products"], "products.csv")
    except TableRefused:
        return None, None
    quick = clean_rows(text, layout)
    try:
        return quick, careful_rows(text, layout, "products.csv")
    except TableRefused:
        return quick, None


def _written(rows: list[list[str]], quoting: Literal[0, 1], end: str) -> str:
    content = io.StringIO()
    csv.writer(content, quoting=quoting, lineterminator=end).writerows(rows)
    return content.getvalue()


def _tables(width: int) -> st.SearchStrategy[list[list[str]]]:
    row = st.lists(CELL, min_size=width, max_size=width)
    return st.lists(row, max_size=6).map(lambda rows: [[f"c{number}" for number in range(width)], *rows])


TABLES = st.integers(1, 4).flatmap(_tables)


@given(st.one_of(SOUP, st.builds(_written, TABLES, st.sampled_from([0, 1]), st.sampled_from(["\n", "\r\n"]))))
def test_where_the_quick_way_reads_a_file_the_careful_way_reads_the_same(place: Path, content: str) -> None:
    quick, careful = _read_both_ways(content, place)
    assume(quick is not None)
    assert quick is not None
    assert careful is not None
    assert quick.frame.equals(careful.frame)
    assert quick.problems.frame().equals(careful.problems.frame())
    assert quick.totals == careful.totals


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_quick_way_is_taken_for_clean_files(place: Path, end: str) -> None:
    rows = [["a", "b"], ["1", 'x, "y"\nz'], ["2", ""], ["3", "plain"]]
    quick, _ = _read_both_ways(_written(rows, 0, end), place)
    assert quick is not None
    assert quick.frame.rows() == [(2, "1", 'x, "y"\nz'), (4, "2", None), (5, "3", "plain")]


def test_the_quick_way_is_taken_for_a_marked_file_with_quoted_names(place: Path) -> None:
    quick, _ = _read_both_ways('\ufeff"a","b"\r\n"1","2"\r\n', place)
    assert quick is not None
    assert quick.frame.rows() == [(2, "1", "2")]


@given(TABLES, st.sampled_from(["\n", "\r\n", "\r"]))
def test_what_the_csv_module_wrote_is_read_back(place: Path, rows: list[list[str]], end: str) -> None:
    _, careful = _read_both_ways(_written(rows, 1, end), place)
    filled = [tuple(cell or None for cell in row) for row in rows[1:] if any(cell.strip() for cell in row)]
    assert careful is not None
    assert careful.frame.drop("_line").rows() == filled
    assert careful.problems.frame().is_empty()
