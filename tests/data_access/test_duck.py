"""Tables in this process answer as PostgreSQL does, and reach nothing outside."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import polars as pl
import pytest

from data_access.duck import Duck, opened
from data_access.extract import System, read_from
from data_access.mapping import Mapping, SourceRefused


@pytest.fixture
def shop() -> Iterator[Duck]:
    """Two orders of an export, as text."""
    with opened("export.zip", datetime(2026, 3, 4, 5, tzinfo=UTC)) as database:
        database.hold("orders", pl.DataFrame({"id": ["1", "2"], "total": ["0.10", "1234567890123456.78"]}))
        yield database


def test_further_rows_go_by_the_names_of_their_columns(shop: Duck) -> None:
    shop.hold("orders", pl.DataFrame({"total": ["7"], "id": ["3"]}))
    assert shop.rows("select t.id, t.total from orders t").rows()[2] == ("3", "7")


def test_a_reading_counts_and_adds_up_without_loss(shop: Duck) -> None:
    orders = Mapping(to="sales_orders", table="orders", columns={"sales_order_id": "id", "amount_untaxed": "total"})
    reading = read_from(shop, System(name="shop", mappings=(orders,), probe=lambda _database: None))
    [extract] = reading.extracts
    assert (extract.control["rows"], extract.control["amount_untaxed"]) == ("2", "1234567890123456.880000000")
    assert reading.as_of == datetime(2026, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sql", "answer"),
    [
        ("7 / 2", 3),
        ("7 / 2.0", "3.5"),
        ("current_date", date(2026, 3, 4)),
        ("0.1::float8 + 0.2::float8", "0.3"),
        ("1.25::numeric", "1.250000000"),
        ("round(1 / 3::numeric, 6)", "0.333333"),
        ("coalesce(null::numeric, 1.5)", "1.500000000"),
        ("""'{"en": "a", "zh": "b"}'::json ->> 'zh'""", "b"),
        ("(timestamp '2026-01-01 23:30' at time zone 'UTC' at time zone 'Asia/Shanghai')::date", date(2026, 1, 2)),
        ("current_setting('nothing', true)", None),
    ],
)
def test_expressions_mean_what_they_mean_in_postgresql(shop: Duck, sql: str, answer: object) -> None:
    assert shop.rows(f"select {sql} as said").item() == answer


def test_decimals_that_meet_keep_their_places(shop: Duck) -> None:
    shop.define("sums", {"whole": "decimal(26, 6)", "exact": "decimal(26, 6)"})
    shop.hold(
        "sums", pl.DataFrame({"whole": [None], "exact": ["1.234567"]}, schema={"whole": pl.String, "exact": None})
    )
    assert shop.rows("select coalesce(t.whole, t.exact * 1::numeric) as said from sums t").item().startswith("1.234567")


def test_what_is_remembered_is_known_later(shop: Duck) -> None:
    shop.remember("select 'zone_' || t.id as name, 'UTC' as value from orders t")
    assert shop.rows("select current_setting('zone_' || t.id, true) as zone from orders t").to_series().to_list() == [
        "UTC",
        "UTC",
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/hostname')",
        "select * from 'orders.csv'",
        "install httpfs",
        "copy orders to 'orders.csv'",
        "attach 'other.db'",
        "select * from nowhere",
    ],
)
def test_nothing_outside_is_reached_and_a_failure_is_one_sentence(shop: Duck, sql: str) -> None:
    with pytest.raises(SourceRefused, match=r"^export.zip does not answer a query \(\w+\): its tables are not as exp"):
        shop.rows(sql)


def test_what_neither_memory_nor_disk_can_hold_is_refused(shop: Duck) -> None:
    shop.connection.execute("set memory_limit = '10MB'")
    shop.connection.execute("set max_temp_directory_size = '1MB'")
    with pytest.raises(SourceRefused, match=r"^export.zip is too large for the memory and disk of this machine\.$"):
        shop.rows("select string_agg(n::text || repeat('x', 1000), '') as all_of_it from range(100000) numbers(n)")
