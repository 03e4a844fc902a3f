"""Vendors' exports as files: what a folder, archive or file says, however it is named, headed and encoded."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from data_access import countries, exports
from data_access.exports import DAY, FLAG, KEY, NUMBER, TEXT, Export, Vendor, mapping, of
from data_access.mapping import Extract, Reading, SourceRefused
from tests.data_access.sources.exported import rows, written
from tests.data_access.sources.loaded import loaded

FIRMS = Export(
    name="Firm",
    columns={"id": KEY, "title": TEXT, "founded": DAY, "left": FLAG},
    needs=("id",),
    headings={"title": ("Firm Name", "名称"), "id": ("Nummer",)},
    files=("Firms",),
)
PLACES = Export(name="PLACE", columns={"firm": KEY, "town": TEXT, "since": DAY}, needs=("firm", "town"))
DEALS = Export(
    name="Case", columns={"id": KEY, "firm": KEY, "worth": NUMBER, "made": DAY}, needs=("id",), called="cases"
)
FIRM = mapping(
    "customers",
    "Firm",
    plain={"customer_id": "id", "name": "title", "created_on": "founded"},
    reads={"city": of("place", "town", "o.firm = t.id"), "is_active": "not coalesce({t.left,} false)"},
)
DEAL = mapping(
    "opportunities",
    "Case",
    plain={"opportunity_id": "id", "customer_id": "firm", "expected_amount": "worth"},
    reads={"name": "t.id", "status": "'open'", "created_at": "t.made::timestamp"},
)
VENDOR = Vendor(name="maker", title="Maker", exports=(FIRMS, PLACES, DEALS), mappings=(FIRM, DEAL), prefix="all_")
TWO = rows("id;title;founded", "1;Acme;2025-01-02", "2;Beta;2025-01-03")
THREE = rows("id;firm;worth;made", "10;1;5.50;2025-02-01", "11;1;7;2025-02-02", "12;2;9;2025-02-03")

Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads files that are given by name."""

    def reading(files: dict[str, str], *, partial: bool = False, **style: str) -> Reading:
        return exports.read(written(tmp_path / "export", files, **style), VENDOR, partial=partial)

    return reading


def extract(reading: Reading, table: str) -> Extract:
    """What became of a table of the vendor's."""
    return next(extract for extract in reading.extracts if extract.mapping.table == table)


def names(reading: Reading) -> list[str]:
    """The customers, in order."""
    return sorted(loaded(reading)["customers"].get_column("name"))


def aside(reading: Reading) -> list[tuple[object, ...]]:
    """What was set aside: rule, column, value and line."""
    kept = loaded(reading).aside.select("rule", "column_name", "value", "_line")
    return sorted(kept.rows(), key=str)


# Files and their names.


def test_a_folder_an_archive_and_a_file_say_the_same(tmp_path: Path) -> None:
    folder = written(tmp_path / "export", {"Firm.csv": TWO})
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.write(folder / "Firm.csv", "inner/Firm.csv")
    places = (folder, tmp_path / "export.zip", folder / "Firm.csv")
    assert [names(exports.read(place, VENDOR)) for place in places] == [["Acme", "Beta"]] * 3


@pytest.mark.parametrize(
    "name",
    ["firm", "FIRM", "Firms", "Firm_2", "firm-2025-01-31", "Firm (1)", "Firm_part_3", "all-firm", "Firm_2025_q1"],
)
def test_a_file_is_known_by_the_name_of_its_table(name: str) -> None:
    assert VENDOR.export_of(name) is FIRMS


@pytest.mark.parametrize("name", ["FirmHistory", "Firm_old_backup", "my_firm", "Infirm", ""])
def test_other_names_are_no_tables(name: str) -> None:
    assert VENDOR.export_of(name) is None


def test_several_files_of_a_table_are_one_table_and_every_row_is_found_again(read: Read) -> None:
    later = rows("id;title", "3;Cork", "x;y;z")
    reading = read({"Firm.csv": TWO, "Firm_2.csv": later})
    firm = extract(reading, "Firm")
    assert firm.frame.get_column("_row").to_list() == ["Firm.csv:2", "Firm.csv:3", "Firm_2.csv:2", "Firm_2.csv:3"]
    assert (names(reading), aside(reading)) == (["Acme", "Beta", "Cork"], [("field_count", None, "x|y|z", 3)])


def test_a_row_that_two_files_bring_is_a_duplicate_for_the_books(read: Read) -> None:
    firm = extract(read({"Firm.csv": TWO, "Firm_2.csv": TWO}), "Firm")
    assert firm.frame.height == 4
    assert firm.frame.drop("_row", "_line").unique().height == 2
    assert firm.keys is not None
    assert firm.keys.to_list() == ["1", "2"]


def test_what_belongs_to_no_table_is_named(read: Read) -> None:
    assert read({"Firm.csv": TWO, "readme.txt": "hello", "Notes.csv": TWO}).ignored == ("Notes.csv", "readme.txt")


def test_an_export_without_any_table_is_refused(read: Read) -> None:
    with pytest.raises(SourceRefused, match=r"holds no table of Maker.*name each file after its table, as in Firm.csv"):
        read({"Notes.csv": TWO})


def test_a_place_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match="There is no file or folder"):
        exports.read(tmp_path / "nowhere", VENDOR)


# Headings, encodings, separators.


@pytest.mark.parametrize("heading", ["id;title", "ID;Title", "Nummer;名称", "firm-id;Firm Name", "title;id"])
def test_headings_are_technical_names_or_labels_in_any_case_and_order(read: Read, heading: str) -> None:
    row = "Acme;1" if heading.startswith("title") else "1;Acme"
    assert names(read({"Firm.csv": rows(heading, row)})) == ["Acme"]


def test_of_several_labels_the_first_of_the_list_wins(read: Read) -> None:
    assert names(read({"Firm.csv": rows("名称;id;Firm Name", "Second;1;First")})) == ["First"]


def test_a_technical_heading_wins_over_a_label(read: Read) -> None:
    assert names(read({"Firm.csv": rows("Firm Name;id;title", "Label;1;Name")})) == ["Name"]


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("utf-16", "\t"), ("utf-8", "|"), ("gb18030", ";")]
)
def test_any_separator_and_encoding_is_read(read: Read, encoding: str, delimiter: str) -> None:
    firm = rows("id;名称", "1;北京机械有限公司", "2;上海贸易中心")
    assert names(read({"Firm.txt": firm}, encoding=encoding, delimiter=delimiter)) == [
        "上海贸易中心",
        "北京机械有限公司",
    ]


def test_a_value_may_span_lines(read: Read) -> None:
    assert names(read({"Firm.csv": rows("id;title", '1;"Acme\nWorks"', "2;Beta")})) == ["Acme\nWorks", "Beta"]


def test_tab_separated_text_may_be_named_xls_as_list_screens_do(read: Read) -> None:
    assert names(read({"Firm.xls": TWO}, delimiter="\t")) == ["Acme", "Beta"]


def test_a_real_xls_is_refused_with_what_to_send_instead(tmp_path: Path) -> None:
    folder = written(tmp_path / "export", {"Case.csv": THREE})
    (folder / "Firm.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    refused = extract(exports.read(folder, VENDOR), "Firm").refused
    assert refused is not None
    assert (refused.rule, "save it as XLSX" in refused.detail) == ("not_supported", True)


def test_a_workbook_holds_tables_as_sheets(tmp_path: Path) -> None:
    book = tmp_path / "export.xlsx"
    frames = {"Firm": pl.DataFrame({"id": ["1"], "title": ["Acme"]}), "Notes": pl.DataFrame({"id": ["7"]})}
    with xlsxwriter.Workbook(str(book)) as workbook:
        for name, frame in frames.items():
            frame.write_excel(workbook, worksheet=name)
    assert names(exports.read(book, VENDOR)) == ["Acme"]


@pytest.mark.parametrize(
    ("written_as", "meant"),
    [
        ("Germany", "DE"),
        ("deutschland", "DE"),
        ("中国", "CN"),
        ("US", "US"),
        ("usa", "US"),
        (" GBR ", "GB"),
        ("NA", "NA"),
        ("Atlantis", "Atlantis"),
        ("", None),
    ],
)
def test_a_country_is_known_by_code_and_name_and_never_guessed(written_as: str, meant: str | None) -> None:
    assert pl.DataFrame({"land": [written_as]}).select(countries.coded(pl.col("land"))).item() == meant


# What cannot be read.


def test_a_value_that_does_not_fit_sets_its_row_aside_under_the_vendors_column(read: Read) -> None:
    reading = read({"Case.csv": rows("id;worth;made", "10;5,50;2025-02-01", "11;7;31/02/2025", "12;8;2025-02-03")})
    assert aside(reading) == [("not_a_date", "made", "31/02/2025", 3), ("not_a_number", "worth", "5,50", 2)]
    assert loaded(reading)["opportunities"].get_column("source_id").to_list() == ["12"]


def test_a_row_whose_columns_cannot_be_told_apart_takes_part_in_nothing(read: Read) -> None:
    reading = read({"Firm.csv": rows("id;title;founded", "1;Acme;2025-01-02", "2;Beta", "3;Cork;2025-01-04")})
    firm = extract(reading, "Firm")
    assert (names(reading), aside(reading)) == (["Acme", "Cork"], [("field_count", None, "2|Beta", 3)])
    assert (firm.frame.height, firm.unreadable_keys) == (3, 1)


def test_words_for_nothing_are_nothing(read: Read) -> None:
    reading = read({"Case.csv": rows("id;firm;worth;made", "10;N/A;null;2025-02-01")})
    assert aside(reading) == []
    assert loaded(reading)["opportunities"].select("customer_id", "expected_amount").row(0) == (None, None)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"Firm.csv": rows("Nr;title", "1;Acme")}, "Firm.csv has no column id. The columns nr are not known"),
        ({"Firm.csv": TWO, "Firm_2.csv": 'id;title\n1;"Acme\n2;Beta\n3;Cork\n4;Dale\n'}, "a quote in line 2"),
        ({"Firm.csv": ""}, "Firm.csv is empty"),
    ],
)
def test_a_file_that_cannot_be_understood_refuses_its_whole_table(read: Read, files: dict[str, str], told: str) -> None:
    reading = read({**files, "Case.csv": THREE})
    refused = extract(reading, "Firm").refused
    assert refused is not None
    assert told in refused.detail
    assert extract(reading, "Case").frame.height == 3


def test_what_needs_a_refused_table_is_refused_with_it(read: Read) -> None:
    reading = read({"Firm.csv": TWO, "PLACE.csv": rows("firm;village", "1;Bonn"), "Case.csv": THREE})
    refused = {e.mapping.table: e.refused.rule for e in reading.extracts if e.refused is not None}
    assert refused == {"Firm": "missing_column", "PLACE": "missing_column"}
    assert [e.mapping.table for e in reading.extracts if e.refused is None] == ["Case"]


def test_a_refused_table_is_told_even_where_nothing_there_needs_it(read: Read) -> None:
    reading = read({"PLACE.csv": rows("firm;village", "1;Bonn"), "Case.csv": THREE})
    refused = {e.mapping.table: e.refused.rule for e in reading.extracts if e.refused is not None}
    assert refused == {"PLACE": "missing_column"}


# Tables that are read with others, and tables that are not there.


def test_only_rows_that_are_alike_in_every_column_of_their_file_repeat_each_other(tmp_path: Path) -> None:
    total = "coalesce({(select sum(o.worth) from cases o where o.firm = t.id),} 0)::bigint::text"
    summed = mapping("customers", "Firm", plain={"customer_id": "id"}, reads={"name": total, "is_active": "true"})
    vendor = Vendor(name="maker", title="Maker", exports=(FIRMS, DEALS), mappings=(summed,))
    deals = rows("id;firm;worth;note", "10;1;5;first", "10;1;5;second", "10;1;5;second")
    folder = written(tmp_path / "export", {"Firm.csv": rows("id", "1"), "Case.csv": deals})
    reading = exports.read(folder, vendor)
    assert loaded(reading)["customers"].get_column("name").to_list() == ["10"]
    assert extract(reading, "Case").frame.height == 3


def test_a_table_that_is_only_read_with_another_is_counted_and_its_bad_rows_are_set_aside(read: Read) -> None:
    places = rows("firm;town;since", "1;Bonn;2025-01-01", "2;Rome;soon")
    reading = read({"Firm.csv": TWO, "PLACE.csv": places})
    assert loaded(reading)["customers"].sort("source_id").get_column("city").to_list() == ["Bonn", "Rome"]
    assert (extract(reading, "PLACE").frame.height, aside(reading)) == (2, [("not_a_date", "since", "soon", 3)])


def test_a_table_that_is_not_there_is_a_notice_and_no_failure(read: Read) -> None:
    reading = read({"Firm.csv": TWO})
    assert [notice.rule for notice in reading.notices] == ["table_absent"]
    assert "no PLACE, Case" in reading.notices[0].detail
    assert loaded(reading)["customers"].get_column("city").null_count() == 2


def test_a_column_that_is_not_there_is_told(read: Read) -> None:
    [notice] = extract(read({"Firm.csv": TWO, "Case.csv": rows("id;firm;made", "10;1;2025-02-01")}), "Case").notices
    assert notice.detail == "The export has no Case.worth: worth of opportunities stays empty."


def test_a_partial_delivery_takes_nothing_away(read: Read) -> None:
    assert extract(read({"Firm.csv": TWO}, partial=True), "Firm").keys is None


def test_what_comes_from_two_tables_is_never_gone_while_one_of_them_is_missing(tmp_path: Path) -> None:
    more = mapping("customers", "Case", plain={"customer_id": "firm"}, reads={"name": "t.id", "is_active": "true"})
    both = Vendor(name="maker", title="Maker", exports=(FIRMS, DEALS), mappings=(FIRM, more))
    folder = written(tmp_path / "export", {"Firm.csv": TWO})
    assert extract(exports.read(folder, both), "Firm").keys is None


def test_rows_that_cannot_be_trusted_hold_back_removals_from_all_that_a_unified_table_comes_from(
    tmp_path: Path,
) -> None:
    more = mapping("customers", "Case", plain={"customer_id": "firm"}, reads={"name": "t.id", "is_active": "true"})
    both = Vendor(name="maker", title="Maker", exports=(FIRMS, DEALS), mappings=(FIRM, more))
    folder = written(tmp_path / "export", {"Firm.csv": TWO.replace("1;Acme", "9\n1;Acme"), "Case.csv": THREE})
    assert {extract.unreadable_keys for extract in exports.read(folder, both).extracts} == {1}


def test_a_mapping_that_names_a_column_both_ways_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'title'.*both a column and computed"):
        mapping("customers", "Firm", plain={"name": "title"}, reads={"title": "t.id"})
