"""Mapping files: written and read again they say the same, and everything that is wrong in one is said at once."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from analytics import column_meanings
from data_access import mapping_files
from data_access.mapping import SourceRefused
from data_access.mapping_files import FieldSource, TableSource

ORDERS = TableSource(
    table="auftraege",
    to="sales_orders",
    fields={
        ("sales_orders", "sales_order_id"): FieldSource(columns=("nr", "jahr"), certainty=0.9, reason="together"),
        ("sales_orders", "ordered_at"): FieldSource(columns=("datum",), dates="day first"),
        ("sales_orders", "amount_untaxed"): FieldSource(columns=("netto",), decimals="comma", scale="0.01"),
        ("sales_orders", "status"): FieldSource(columns=("status",), words={"offen": "confirmed"}),
        ("shipments", "shipped_at"): FieldSource(columns=("versand",)),
    },
    given={
        ("sales_orders", "currency"): "EUR",
        ("shipments", "status"): "done where shipments.shipped_at, else planned",
    },
    left_out=("bemerkung",),
    certainty=0.95,
    reason="its name says so",
)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    tables = (ORDERS, TableSource(table="notizen", to=None, left_out=("text",)))
    mapping_files.write(tables, tmp_path / "m.json")
    assert mapping_files.read(tmp_path / "m.json") == tables


def _file(tmp_path: Path, table: dict[str, Any]) -> Path:
    path = tmp_path / "m.json"
    path.write_text(json.dumps({"tandem_mapping": 1, "tables": [table]}), encoding="utf-8")
    return path


GOOD: dict[str, Any] = {"table": "o", "to": "products", "fields": {"products.name": {"columns": ["n"]}}}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"to": "product"}, "o: the unified table product is not known; did you mean products?"),
        ({"fields": {"products.nam": {"columns": ["n"]}}}, "the field products.nam is not known; did you mean name?"),
        ({"fields": {"products.name": "n"}}, 'o, products.name: say its "columns" as a list of names.'),
        (
            {"fields": {"products.cost": {"columns": ["c"], "decimals": ";"}}},
            "decimals is one of point, comma, not ';'.",
        ),
        ({"fields": {"products.cost": {"columns": ["c"], "scale": "much"}}}, "scale is a number written as text"),
        ({"fields": {"products.created_on": {"columns": ["c"], "dates": "us"}}}, "dates is one of ISO, year first"),
        (
            {"fields": {"products.kind": {"columns": ["k"], "words": {"x": "kits"}}}},
            "the word kits is not known; did you",
        ),
        ({"given": {"products.kind": None}}, "o needs a value for products.kind: write it under given"),
        ({"given": {"products.kind": "kit where products.cost, else service"}}, "asks for products.cost, which is not"),
        ({"fields": {"products.cost": {"columns": ["c"], "scale": "1e40"}}}, "from 0.000001 to 1000000, not '1e40'"),
        (
            {"fields": {"products.name": {"columns": ["n"], "scale": "2"}}},
            "scale is for numbers, and this field is none",
        ),
        (
            {"fields": {"products.is_active": {"columns": ["a"], "inverted": "false"}}},
            "inverted is true or false without quotes, not 'false'.",
        ),
        (
            {"fields": {"products.name": {"columns": ["n"], "words": {"a": None}}}},
            "write what the word a means as text, not None.",
        ),
        ({"to": ["products"]}, "o: the unified table ['products'] is not known;"),
        ({"left_out": 5}, 'o: say "left_out" as a list of names.'),
        ({"left_out": None, "to": None}, 'o: say "left_out" as a list of names.'),
        ({"certainty": "high"}, "o: certainty is a number from 0 to 1, not 'high'."),
        ({"feilds": {}}, "o: feilds is not known; did you mean fields?"),
        ({"fields": []}, '"fields" and "given" are objects'),
    ],
)
def test_a_fault_is_said_with_its_place_and_what_was_meant(tmp_path: Path, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(SourceRefused, match="Nothing was read") as refused:
        mapping_files.read(_file(tmp_path, GOOD | wrong))
    assert said in str(refused.value)


def test_of_a_table_that_is_not_read_the_fields_are_not_looked_at(tmp_path: Path) -> None:
    untrue: tuple[Any, ...] = (["x"], None, {"products.name": {}})
    for sources in untrue:
        (table,) = mapping_files.read(_file(tmp_path, {"table": "o", "to": None, "fields": sources}))
        assert table == TableSource(table="o", to=None)


FULL: dict[str, Any] = {
    "table": "o",
    "to": "sales_orders",
    "fields": {
        "sales_orders.amount_untaxed": {
            "columns": ["n"],
            "dates": "ISO",
            "decimals": "comma",
            "words": {"a": "b"},
            "scale": "0.01",
            "inverted": False,
            "certainty": 1,
            "reason": "r",
        },
        "sales_orders.status": {"columns": ["s"], "words": {"a": "done"}},
    },
    "given": {"sales_orders.currency": "EUR"},
    "left_out": ["x"],
    "certainty": 0.5,
    "reason": "r",
}
ANYTHING: tuple[Any, ...] = (
    None,
    True,
    5,
    -0.5,
    "",
    "x",
    "NaN",
    [],
    [None],
    ["x", ["y"]],
    {},
    {"x": None},
    {"": {"x": []}},
)


def _places(told: Any) -> Iterator[tuple[Any, ...]]:
    """The way to every value within a value."""
    inner = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    for key, value in inner:
        yield (key,)
        yield from ((key, *way) for way in _places(value))


def test_any_value_in_any_place_is_read_or_refused_in_a_sentence(tmp_path: Path) -> None:
    whole: Any = {"tandem_mapping": 1, "tables": [FULL, {**FULL, "table": "p", "to": None}]}
    path, refused = tmp_path / "m.json", 0
    for *way, last in _places(whole):
        for value in ANYTHING:
            told = place = deepcopy(whole)
            for key in way:
                place = place[key]
            place[last] = value
            path.write_text(json.dumps(told), encoding="utf-8")
            try:
                assert all(isinstance(table, TableSource) for table in mapping_files.read(path))
            except SourceRefused as error:
                refused += str(error).endswith((".", "propose."))
    assert refused > 300


def test_all_faults_are_said_together(tmp_path: Path) -> None:
    both = {"fields": {"products.nam": {"columns": ["n"]}, "products.cots": {"columns": ["n"]}}}
    with pytest.raises(SourceRefused, match=r"products\.nam.*products\.cots"):
        mapping_files.read(_file(tmp_path, GOOD | both))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "m.json is no JSON at line 1"),
        (b"[]", "m.json is no mapping file"),
        (b'{"tandem_mapping": 2, "tables": []}', "m.json is no mapping file"),
        (b"\xff\xfe\xfd", "m.json is no UTF-8 text"),
        (b"9" * 5000, "m.json is no mapping file: a number in it is too long"),
        (b"[" * 100_000, "m.json is no mapping file: a number in it is too long, or it is nested deeply"),
        (b'{"tandem_mapping": 1, "tables": [{}]}', 'Entry 1 of tables names no "table".'),
    ],
)
def test_what_is_no_mapping_file_is_refused_in_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "m.json"
    path.write_bytes(content)
    with pytest.raises(SourceRefused) as refused:
        mapping_files.read(path)
    assert said in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match=r"none\.json cannot be read"):
        mapping_files.read(tmp_path / "none.json")


def test_a_table_that_stands_twice_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text(json.dumps({"tandem_mapping": 1, "tables": [GOOD, GOOD]}), encoding="utf-8")
    with pytest.raises(SourceRefused, match="The table o stands there twice"):
        mapping_files.read(path)


def test_every_table_of_a_delivery_is_there_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "Kunden.csv").write_text("Nr;Name\n1;Ann\n", encoding="utf-8")
    (tmp_path / "x.json").write_text('[{"a": 1}]', encoding="utf-8")
    tables = {table.name: table.frame.columns[1:] for table in mapping_files.raw_tables(tmp_path).tables}
    assert tables == {"kunden": ["nr", "name"], "x": ["a"]}


def test_what_a_proposal_takes_to_be_given_is_what_mapping_files_understand() -> None:
    assert mapping_files.DELIVERY_DAY == column_meanings.DELIVERY_DAY
    for field, (there, otherwise, dates) in column_meanings.DATED.items():
        said = column_meanings.by_date(field, {tuple(dates[0].split("."))})
        assert said is not None
        asked = mapping_files.WHERE.fullmatch(said)
        assert asked is not None
        assert asked.groups() == (there, dates[0], otherwise)
