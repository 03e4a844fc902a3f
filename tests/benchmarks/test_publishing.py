"""A firm that is made and published is one that the program could have loaded: same parts, same sums, same numbers."""

from datetime import UTC, datetime, time
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.access import Viewer
from analytics.aggregates import AGGREGATES
from analytics.scope import Scope
from analytics.tables import TABLES
from answers import metrics
from benchmarks import order_book
from benchmarks.order_book import LAST_ON, OrderBook
from benchmarks.publishing import Made, empty_tables, published, republished, scanned, unified
from data_access.home import Home
from data_access.snapshot import Snapshot, current

OWNER = Viewer(user="owner", role="owner")


@pytest.fixture(scope="module")
def made() -> Made:
    return order_book.firm(OrderBook(lines=2_000, days=80, customers=40, products=30))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def version(home: Home, made: Made) -> Snapshot:
    return published(home, made)


def test_every_part_that_the_program_makes_is_there(version: Snapshot) -> None:
    parts = {name.removesuffix(".parquet") for name in version.manifest["files"]}
    assert parts >= {f"aggregates/{name}" for name in AGGREGATES}
    assert parts >= {f"tables/{name}" for name in TABLES}
    assert {"aggregates/cube_invoice_lines_day", "aggregates/cube_order_lines_products"} <= parts


def test_a_number_is_the_sum_of_the_rows_that_were_made(version: Snapshot, made: Made) -> None:
    lines = made.large["fact_invoice_lines"].collect().filter(pl.col("day_on") >= LAST_ON.replace(day=1))
    rates = made.tables["exchange_rates"].select("currency", "rate", day_on="valid_from_on")
    worth = lines.join(rates, on=("currency", "day_on"), how="left", validate="m:1").with_columns(
        euros=pl.col("amount").cast(pl.Float64) / pl.col("rate").cast(pl.Float64).fill_null(1.0)
    )
    read = metrics.value(OWNER, Scope(), "revenue", version=version)
    assert read.value == pytest.approx(worth["euros"].sum())
    assert read.rows == lines.height > 0


def of_lines(lines: pl.DataFrame, made: Made) -> dict[str, pl.DataFrame]:
    """The unified tables that would have led to the order lines."""
    noon = pl.col("day_on").dt.combine(time(12)).dt.replace_time_zone("UTC")
    heads = lines.unique("document", maintain_order=True).with_columns(
        sales_order_id="document", number="document", ordered_at=noon
    )
    rows = lines.with_columns(sales_order_id="document", sales_order_line_id="record_id", amount_untaxed="amount").drop(
        "currency"
    )
    region = heads.select(sales_order_id="document", region="region")
    orders = unified("sales_orders", heads).join(region, on="sales_order_id", how="left", validate="1:1")
    return {
        **empty_tables(),
        **made.tables,
        "sales_orders": orders,
        "sales_order_lines": unified("sales_order_lines", rows),
    }


@pytest.mark.parametrize("name", ["order_days", "sales_by_product", "sales_by_customer", "fact_order_lines"])
def test_what_is_summed_is_what_the_program_would_have_summed(name: str, version: Snapshot, made: Made) -> None:
    lines = made.large["fact_order_lines"].collect()
    recipe = AGGREGATES[name]
    tables = of_lines(lines, made)
    expected = recipe.make({table: tables[table] for table in recipe.needs})[name]
    found = scanned(version, f"aggregates/{name}").collect()
    assert_frame_equal(found, expected, check_row_order=False)


def test_a_refresh_that_found_nothing_new_leaves_the_same_rows_as_another_version(
    home: Home, version: Snapshot
) -> None:
    again = republished(home, version)
    assert again.id != version.id
    assert current(home).id == again.id
    assert {name: entry["sha256"] for name, entry in again.manifest["files"].items()} == {
        name: entry["sha256"] for name, entry in version.manifest["files"].items()
    }


def test_a_made_table_has_the_columns_of_the_model_and_its_usual_values() -> None:
    rows = unified("customers", pl.DataFrame({"customer_id": ["a", "b"], "name": ["A", "B"]}))
    assert rows.columns == empty_tables()["customers"].columns
    assert rows["source_id"].to_list() == ["a", "b"]
    assert rows["is_active"].all()
    assert rows["email"].null_count() == 2


def test_a_firm_is_made_in_its_own_home(home: Home, version: Snapshot) -> None:
    assert version.folder.is_relative_to(Path(home.folder))
    assert version.made_at == datetime.combine(LAST_ON, time(20, 0, 1), tzinfo=UTC)
