"""JSON and NDJSON: numbers keep their digits, and no corner of the format passes for a value."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.readers.json_rows import depth
from tests.data_access.readers.deliveries import (
    cells,
    json_of,
    notes,
    problems,
    read_files,
    read_one,
    refusal,
)

BOLT = {"product_id": "P1", "name": "Bolt", "unit_cost": 5.25, "active": True}
NUT = {"product_id": "P2", "name": "Nut", "unit_cost": None, "active": False}
ROWS = [("P1", "Bolt", "5.25", "true"), ("P2", "Nut", None, "false")]


def _lines(*rows: object) -> bytes:
    return b"".join(json_of(row) + b"\n" for row in rows)


def _unit_cost(place: Path, written: str) -> str | None:
    content = f'[{{"product_id": "P1", "name": "Bolt", "unit_cost": {written}}}]'
    return cells(read_one(place, "products.json", content.encode()))[0][2]


@pytest.mark.parametrize(
    "content", [json_of([BOLT, NUT]), json_of({"products": [BOLT, NUT]}), json_of({"rows": [BOLT, NUT]})]
)
def test_an_array_is_a_table_with_or_without_a_name(tmp_path: Path, content: bytes) -> None:
    table = read_one(tmp_path, "products.json", content)
    assert cells(table) == ROWS
    assert table.frame["_line"].to_list() == [1, 2]


@pytest.mark.parametrize("name", ["products.ndjson", "products.jsonl", "products.json"])
def test_one_object_a_line_is_a_table_numbered_by_line(tmp_path: Path, name: str) -> None:
    table = read_one(tmp_path, name, json_of(BOLT) + b"\r\n\r\n" + json_of(NUT))
    assert cells(table) == ROWS
    assert table.frame["_line"].to_list() == [1, 3]


def test_several_tables_in_one_file_are_told_apart_by_name(tmp_path: Path) -> None:
    content = json_of({"made": "today", "Products": [BOLT], "customers": [{"customer_id": "C1"}], "other": [1]})
    delivery = read_files(tmp_path, {"export.json": content})
    assert [(table.name, table.file, table.frame.height) for table in delivery.tables] == [
        ("products", "export.json#products", 1),
        ("customers", "export.json#customers", 1),
    ]


def test_a_table_given_twice_in_one_file_is_refused_the_second_time(tmp_path: Path) -> None:
    delivery = read_files(tmp_path, {"export.json": b'{"products": [{"product_id": "P1"}], "Products": []}'})
    assert [table.refused.rule if table.refused else None for table in delivery.tables] == [None, "table_twice"]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("9007199254740993", "9007199254740993"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("0.10000000000000000555", "0.10000000000000000555"),
        ("5.250", "5.250"),
        ("1e3", "1000"),
        ("1.5E-7", "0.00000015"),
        ("1e400", "1e400"),
        ("-0", "-0"),
        ('"1e5"', "1e5"),
        ('" "', " "),
        ('""', ""),
        ("null", None),
        ("false", "false"),
    ],
)
def test_a_value_is_its_text_to_the_last_digit(tmp_path: Path, written: str, text: str | None) -> None:
    assert _unit_cost(tmp_path, written) == text


def test_a_missing_key_is_null_and_later_keys_are_columns_too(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.json", b'[{"product_id": "P1"}, {"Name": "Nut", "product_id": "P2"}]')
    assert table.frame.columns == ["_line", "product_id", "name"]
    assert cells(table) == [("P1", None), ("P2", "Nut")]


def test_a_key_given_twice_sets_the_row_aside_whatever_its_spelling(tmp_path: Path) -> None:
    content = b'[{"product_id": "P1", "product_id": "P2"}, {"name": "a", "Name": "b"}, {"product_id": "P3"}]'
    table = read_one(tmp_path, "products.json", content)
    assert problems(table) == [(1, "product_id", "duplicate_key"), (2, "name", "duplicate_key")]
    assert cells(table)[0][0] == "P1"


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_is_not_a_number_sets_the_row_aside(tmp_path: Path, word: str) -> None:
    table = read_one(tmp_path, "products.json", f'[{{"product_id": "P1", "unit_cost": {word}}}]'.encode())
    assert problems(table) == [(1, "unit_cost", "not_a_number")]
    assert table.problems["value"].to_list() == [word]


@pytest.mark.parametrize("value", [{"en": "x"}, [1, 2], [], {}])
def test_an_object_or_array_in_a_cell_sets_the_row_aside(tmp_path: Path, value: object) -> None:
    table = read_one(tmp_path, "products.json", json_of([{"product_id": "P1", "name": value}]))
    assert problems(table) == [(1, "name", "nested_value")]
    assert table.problems["value"].to_list() == [json.dumps(value)]


def test_a_row_that_is_no_object_goes_aside(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.json", json_of([BOLT, 7, "x", [1], None]))
    assert problems(table) == [(line, None, "not_an_object") for line in (2, 3, 4, 5)]
    assert table.frame.height == 5


def test_one_object_a_line_may_begin_with_an_array(tmp_path: Path) -> None:
    row = {"tags": [1, "a"], "product_id": "P1"}
    table = read_one(tmp_path, "products.json", _lines(row, row))
    assert notes(table) == [(1, "tags", "nested_value"), (2, "tags", "nested_value")]
    assert cells(table) == [('[1, "a"]', "P1")] * 2


def test_a_broken_line_in_the_middle_goes_aside(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.ndjson", json_of(BOLT) + b"\n{broken\n" + json_of(NUT) + b"\n")
    assert problems(table) == [(2, None, "not_an_object")]


def test_numbers_among_keys_that_are_text_are_noted(tmp_path: Path) -> None:
    keys = ["P1", "P2", 9007199254740993]
    table = read_one(tmp_path, "products.json", json_of([{"product_id": key} for key in keys]))
    assert notes(table) == [(3, "product_id", "number_in_text_column")]
    assert cells(table)[2] == ("9007199254740993",)


@pytest.mark.parametrize("text", ["\\u0000", "\\ud800"])
def test_characters_that_no_database_keeps_set_the_row_aside(tmp_path: Path, text: str) -> None:
    table = read_one(tmp_path, "products.json", f'[{{"product_id": "P1", "name": "a{text}b"}}]'.encode())
    assert [column for _, column, _ in problems(table)] == ["name"]


@pytest.mark.parametrize(
    "content",
    [
        json_of([BOLT, NUT])[:-5],
        json_of([BOLT])[:-1],
        b'[{"product_id": "P1"} {"product_id": "P2"}]',
        b'[{"product_id": "P1"},]',
        b"[,]",
        b"[] trailing",
        json_of({"products": [BOLT]})[:-3],
        b'{"products": [], }',
    ],
)
def test_broken_json_is_refused_with_its_place(tmp_path: Path, content: bytes) -> None:
    rule, detail = refusal(tmp_path, "products.json", content)
    assert rule == "unreadable"
    assert "line 1" in detail


def test_a_broken_file_refuses_every_table_that_it_names(tmp_path: Path) -> None:
    delivery = read_files(tmp_path, {"export.json": json_of({"products": [BOLT], "customers": [NUT]})[:-4]})
    assert [(table.name, table.refused and table.refused.rule) for table in delivery.tables] == [
        ("products", "unreadable"),
        ("customers", "unreadable"),
    ]


def test_ndjson_cut_in_its_last_line_is_refused(tmp_path: Path) -> None:
    rule, detail = refusal(tmp_path, "products.ndjson", _lines(BOLT, NUT)[:-9])
    assert rule == "truncated"
    assert "line 2" in detail


@pytest.mark.parametrize("content", [b"", b"  ", b"product_id,name\nP1,Bolt\n", b"<html>", b"7"])
def test_a_file_that_is_no_json_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal(tmp_path, "products.json", content)[0] == "not_what_it_says"


@pytest.mark.parametrize("opening", ["[", '{"a":', "[[[{", '[{"name":'])
def test_deep_nesting_is_refused_before_parsing(tmp_path: Path, opening: str) -> None:
    assert refusal(tmp_path, "products.json", (opening * 100_000).encode())[0] == "too_deep"


def test_brackets_within_strings_are_no_nesting(tmp_path: Path) -> None:
    table = read_one(tmp_path, "products.json", json_of([{"product_id": "P1", "name": '[{"' * 100}]))
    assert cells(table) == [("P1", '[{"' * 100)]


def test_a_file_with_another_name_is_ignored(tmp_path: Path) -> None:
    delivery = read_files(tmp_path, {"other.json": json_of([BOLT]), "products.json": json_of([BOLT])})
    assert [table.name for table in delivery.tables] == ["products"]
    assert delivery.ignored == ("other.json",)


def _deepest(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_deepest, value.values()), default=0)
    return 1 + max(map(_deepest, value), default=0) if isinstance(value, list) else 0


ANY_JSON = st.recursive(
    st.one_of(st.none(), st.text(alphabet='a"\\[]{}', max_size=5), st.integers()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text('a"\\[]{}', max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(ANY_JSON)
def test_depth_is_what_counting_says(value: object) -> None:
    assert depth(json.dumps(value).encode()) == _deepest(value)


def _text_of(value: object) -> str | None:
    words = {True: "true", False: "false", None: None}
    return words[value] if value is None or isinstance(value, bool) else str(value)


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5).filter(lambda text: "\0" not in text))


@given(st.lists(st.fixed_dictionaries({"product_id": SCALARS, "name": SCALARS}), min_size=1, max_size=5))
def test_every_array_of_flat_objects_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]
) -> None:
    table = read_one(tmp_path_factory.mktemp("json"), "products.json", json_of(rows))
    expected = [(_text_of(row["product_id"]), _text_of(row["name"])) for row in rows]
    assert table.frame.select("product_id", "name").rows() == expected
    assert problems(table) == []
