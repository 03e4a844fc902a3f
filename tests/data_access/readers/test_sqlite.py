"""SQLite: known tables as their storage classes have them, and nothing of a damaged or unfinished database."""

import sqlite3
from pathlib import Path

import pytest

from data_access.readers import read
from tests.data_access.readers.deliveries import (
    KNOWN,
    cells,
    database_of,
    delivery_refusal,
    notes,
    problems,
    read_files,
    read_one,
    refusal,
)

PRODUCTS = "CREATE TABLE products(product_id, name TEXT, unit_cost NUMERIC)"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("'P1'", "P1"),
        ("''", ""),
        ("NULL", None),
        ("7", "7"),
        ("9223372036854775807", "9223372036854775807"),
        ("2.5", "2.5"),
        ("1e22", "10000000000000000000000"),
        ("'007'", "007"),
    ],
)
def test_a_value_is_its_text(tmp_path: Path, value: str, text: str | None) -> None:
    content = database_of(tmp_path, PRODUCTS, f"INSERT INTO products(product_id) VALUES ({value})")
    assert cells(read_one(tmp_path, "products.sqlite", content)) == [(text, None, None)]


@pytest.mark.parametrize("name", ["products.sqlite", "products.db", "products.sqlite3"])
def test_every_ending_of_a_database_is_read(tmp_path: Path, name: str) -> None:
    content = database_of(tmp_path, PRODUCTS, "INSERT INTO products VALUES ('P1', 'Bolt', 5.25), ('P2', 'Nut', 1)")
    table = read_one(tmp_path, name, content)
    assert cells(table) == [("P1", "Bolt", "5.25"), ("P2", "Nut", "1")]
    assert table.frame["_line"].to_list() == [1, 2]
    assert table.file == f"{name}#products"


def test_bytes_in_a_column_of_text_set_only_their_row_aside(tmp_path: Path) -> None:
    content = database_of(tmp_path, PRODUCTS, "INSERT INTO products VALUES ('P1', x'ff00', 'abc'), ('P2', 'Nut', 1)")
    table = read_one(tmp_path, "products.sqlite", content)
    assert problems(table) == [(1, "name", "binary_value")]
    assert cells(table)[0] == ("P1", "ff00", "abc")


def test_text_that_is_not_utf8_sets_only_its_row_aside(tmp_path: Path) -> None:
    content = database_of(
        tmp_path, PRODUCTS, "INSERT INTO products VALUES ('P1', CAST(x'ff41' AS TEXT), 1), ('P2', 'Nut', 1)"
    )
    assert problems(read_one(tmp_path, "products.sqlite", content)) == [(1, "name", "binary_value")]


def test_numbers_among_keys_that_are_text_are_noted(tmp_path: Path) -> None:
    content = database_of(tmp_path, PRODUCTS, "INSERT INTO products(product_id) VALUES ('P1'), ('P2'), (3)")
    assert notes(read_one(tmp_path, "products.sqlite", content)) == [(3, "product_id", "number_in_text_column")]


def test_known_tables_are_read_and_views_and_others_are_not(tmp_path: Path) -> None:
    content = database_of(
        tmp_path,
        PRODUCTS,
        'CREATE TABLE "Customers"("customer id", "odd ""name""")',
        "INSERT INTO \"Customers\" VALUES ('C1', 'x')",
        "CREATE TABLE notes(text)",
        "CREATE VIEW sites AS SELECT * FROM products",
    )
    delivery = read_files(tmp_path, {"erp.db": content})
    assert [(table.name, table.file) for table in delivery.tables] == [
        ("customers", "erp.db#Customers"),
        ("products", "erp.db#products"),
    ]
    assert delivery.tables[0].frame.columns == ["_line", "customer_id", 'odd_"name"']


def test_a_database_of_one_table_goes_by_its_file_name(tmp_path: Path) -> None:
    content = database_of(tmp_path, "CREATE TABLE export(product_id)", "INSERT INTO export VALUES ('P1')")
    assert read_one(tmp_path, "products.sqlite", content).name == "products"


def test_a_view_named_like_a_table_is_not_read(tmp_path: Path) -> None:
    content = database_of(tmp_path, PRODUCTS, "CREATE VIEW customers AS SELECT 'C1' AS customer_id")
    assert read_one(tmp_path, "erp.db", content).name == "products"


def test_a_table_with_quotes_in_its_name_is_read(tmp_path: Path) -> None:
    content = database_of(
        tmp_path, """CREATE TABLE "odd ""; name"(product_id)""", """INSERT INTO "odd ""; name" VALUES (1)"""
    )
    assert cells(read_one(tmp_path, "products.sqlite", content)) == [("1",)]


def test_a_damaged_database_refuses_the_delivery(tmp_path: Path) -> None:
    rows = ", ".join(f"('P{number}', 'some longer name to fill pages', {number})" for number in range(2_000))
    content = bytearray(database_of(tmp_path, PRODUCTS, f"INSERT INTO products VALUES {rows}"))
    content[8_192:12_288] = b"\xff" * 4_096
    assert delivery_refusal(tmp_path, "products.sqlite", bytes(content)) == "unreadable"


def test_damage_in_a_table_that_nobody_reads_refuses_the_delivery_too(tmp_path: Path) -> None:
    rows = ", ".join(f"('some longer text to fill pages {number}')" for number in range(2_000))
    made = database_of(tmp_path, PRODUCTS, "CREATE TABLE notes(text)", f"INSERT INTO notes VALUES {rows}")
    content = bytearray(made)
    content[20_480:24_576] = b"\xff" * 4_096
    assert delivery_refusal(tmp_path, "products.sqlite", bytes(content)) == "unreadable"


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"product_id,name\n"])
def test_what_is_no_database_refuses_the_delivery(tmp_path: Path, content: bytes) -> None:
    assert delivery_refusal(tmp_path, "products.sqlite", content) == "unreadable"


def test_another_format_named_like_a_database_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "products.db", b"%PDF-1.7")[0] == "not_what_it_says"


def test_a_database_that_is_still_written_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "products.sqlite"
    writer = sqlite3.connect(path)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute(PRODUCTS)
    writer.execute("INSERT INTO products VALUES ('P1', 'Bolt', 1)")
    writer.commit()
    delivery = read(path, KNOWN)
    writer.close()
    assert delivery.refused is not None
    assert delivery.refused.rule == "in_use"


def test_reading_leaves_the_database_and_its_folder_as_they_were(tmp_path: Path) -> None:
    content = database_of(tmp_path, PRODUCTS)
    delivery = read_files(tmp_path, {"products.sqlite": content})
    assert delivery.refused is None
    assert [file.name for file in (tmp_path / "delivery").iterdir()] == ["products.sqlite"]
    assert (tmp_path / "delivery" / "products.sqlite").read_bytes() == content
