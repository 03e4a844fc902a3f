"""What is summed at refresh: grain, and the laws that make cutting before summing possible."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.aggregates import AGGREGATES, JUDGED_APART, category_lines, sourcing
from analytics.attention import ATTENTION
from analytics.cubes import cube_name, cubes_of
from analytics.facts import FACTS
from analytics.order_flow import FLOW
from analytics.tables import TABLES
from tests.analytics.firm import DAY, SITES, Row, firm, random_firm, table
from tests.analytics.summed import summed

GRAIN = {
    "items": ("product_id",),
    "sourcing": ("product_id", "company_id", "kind", "rank"),
    "places": ("site_id",),
    "stock_by_item": ("product_id", "site_id", "company_id"),
    "stock_changes": ("product_id", "site_id", "company_id", "day_on"),
    "demand_by_item_day": ("product_id", "site_id", "company_id", "day_on"),
    "demand_by_item_week": ("product_id", "site_id", "company_id"),
    "reorder_points": ("product_id", "site_id", "company_id"),
    "stock_ages": ("product_id", "site_id", "company_id", "came_on"),
    "stock_uses": ("product_id", "site_id", "company_id"),
    "working_days": ("company_id", "day_on"),
    "stock_out_risks": ("product_id", "site_id", "company_id"),
    "stock_courses": ("product_id", "site_id", "company_id"),
}
BY_REGION = (
    "places",
    "stock_by_item",
    "stock_changes",
    "demand_by_item_day",
    "demand_by_item_week",
    "open_demand",
    "open_supply",
    "reorder_points",
    "making_ways",
    "making_steps",
    "work_center_shifts",
    "work_center_loads",
    *ATTENTION,
    *JUDGED_APART,
    *(f"{name}_by_region" for name in JUDGED_APART),
    "stock_ages",
    "stock_uses",
    "transfers_by_item_day",
    "open_receipts",
    "deliveries",
    *(f"fact_{name}" for name in FACTS),
    *(cube_name(name, cube) for name in FACTS for cube in cubes_of(name)),
    *FLOW,
    "transits",
    "order_days",
    "sales_days",
    "customer_events",
)


def made(name: str, tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return summed(tables, [name])[name]


@pytest.mark.parametrize("name", AGGREGATES)
def test_every_aggregate_keeps_the_keys_that_rights_cut_by(name: str) -> None:
    columns = made(name, random_firm(1)).columns
    assert "company_id" in columns
    assert ("region" in columns) == (name in BY_REGION)


@pytest.mark.parametrize("name", AGGREGATES)
def test_every_aggregate_is_made_of_unified_tables_and_of_empty_ones_too(name: str) -> None:
    assert set(AGGREGATES[name].needs) <= set(TABLES)
    full, empty = made(name, random_firm(1)), made(name, firm())
    assert empty.schema == full.schema
    assert empty.is_empty()


@pytest.mark.parametrize("name", GRAIN)
@pytest.mark.parametrize("seed", range(5))
def test_every_aggregate_has_one_row_for_what_it_says(name: str, seed: int) -> None:
    rows = made(name, random_firm(seed))
    assert rows.height > 0
    assert not rows.select(GRAIN[name]).is_duplicated().any()


@pytest.mark.parametrize("name", AGGREGATES)
def test_every_aggregate_is_the_same_whatever_the_order_of_rows(name: str) -> None:
    tables = random_firm(3)
    shuffled = {key: rows.sample(fraction=1, shuffle=True, seed=5) for key, rows in tables.items()}
    assert made(name, shuffled).equals(made(name, tables))


@pytest.mark.parametrize("name", [name for name, recipe in AGGREGATES.items() if recipe.sources])
def test_without_the_tables_that_it_is_nothing_without_an_aggregate_is_the_same_nothing(name: str) -> None:
    tables, recipe = random_firm(5), AGGREGATES[name]
    assert set(recipe.sources) <= set(recipe.needs)
    without = made(name, tables | {source: tables[source].clear() for source in recipe.sources})
    of_nothing = made(name, tables | {source: tables[source].clear() for source in recipe.needs})
    assert without.is_empty()
    assert_frame_equal(without, of_nothing)


def cut_facts(tables: dict[str, pl.DataFrame], keep: Callable[[str], pl.Expr]) -> dict[str, pl.DataFrame]:
    facts = (
        "inventory_levels",
        "sales_orders",
        "sales_order_lines",
        "purchase_order_lines",
        "work_orders",
        "stock_moves",
        "reorder_rules",
    )
    return {name: rows.filter(keep(name)) if name in facts else rows for name, rows in tables.items()}


@pytest.mark.parametrize("name", [name for name in BY_REGION if name not in ("places", "making_ways")])
@pytest.mark.parametrize("seed", range(5))
def test_cutting_companies_after_summing_is_cutting_them_before(name: str, seed: int) -> None:
    tables = random_firm(seed)
    one = cut_facts(tables, lambda _table: pl.col("company_id") == "c1")
    assert made(name, one).equals(made(name, tables).filter(pl.col("company_id") == "c1"))


@pytest.mark.parametrize("seed", range(5))
def test_the_changes_of_stock_add_up_to_the_stock_on_hand(seed: int) -> None:
    tables = random_firm(seed)
    keys = ("product_id", "site_id", "company_id")
    levels = made("stock_by_item", tables).drop_nulls("site_id").select(*keys, "on_hand")
    sums = made("stock_changes", tables).group_by(keys).agg(pl.col("change").sum().cast(levels["on_hand"].dtype))
    joined = levels.join(sums, on=keys, how="full", coalesce=True)
    assert joined.select((pl.col("on_hand") == pl.col("change").fill_null(0)).all()).item()


def level(site: str, days_ago: int, on_hand: float, reserved: float | None = None) -> Row:
    day = DAY - timedelta(days=days_ago)
    return {"product_id": "bolt", "site_id": site, "as_of_on": day, "on_hand": on_hand, "reserved": reserved}


def stock(*levels: Row) -> list[dict[str, Any]]:
    rows = made("stock_by_item", firm(sites=SITES, inventory_levels=list(levels)))
    return rows.select("site_id", "as_of_on", "on_hand", "reserved", "in_transit").rows(named=True)


def test_stock_is_the_latest_level_of_each_inner_site_however_long_it_stands() -> None:
    old, new, other = level("north/a", 9, 7), level("north/a", 1, 5), level("north/b", 30, 2)
    [row] = stock(old, new, other)
    assert (row["site_id"], row["on_hand"], row["as_of_on"]) == ("north", Decimal(7), DAY - timedelta(days=1))


def test_what_is_in_transit_is_on_the_way_and_on_hand_of_no_site() -> None:
    [row] = stock(level("road", 0, 4, 1))
    assert row == {"site_id": None, "as_of_on": DAY, "on_hand": 0, "reserved": None, "in_transit": Decimal(4)}


def test_reserved_is_unknown_where_nobody_says_it_and_else_the_sum_of_what_is_said() -> None:
    [unknown] = stock(level("north/a", 0, 4), level("north/b", 0, 4))
    [known] = stock(level("north/a", 0, 4, 1), level("north/b", 0, 4))
    assert (unknown["reserved"], known["reserved"]) == (None, Decimal(1))


def test_negative_stock_is_kept() -> None:
    [row] = stock(level("north/a", 0, -3), level("north/b", 0, 1))
    assert row["on_hand"] == Decimal(-2)


def test_a_category_lists_itself_and_all_above_it() -> None:
    rows = [{"category_id": "a", "name": "A"}, {"category_id": "b", "name": "B", "parent_category_id": "a"}]
    rows.append({"category_id": "c", "name": "C", "parent_category_id": "b"})
    lines = dict(category_lines(table("product_categories", *rows)).select("category_id", "category_ids").iter_rows())
    assert lines == {"a": ["a"], "b": ["b", "a"], "c": ["c", "b", "a"]}


def test_categories_above_each_other_in_a_ring_end() -> None:
    ring = [{"category_id": "a", "parent_category_id": "b"}, {"category_id": "b", "parent_category_id": "a"}]
    lines = dict(category_lines(table("product_categories", *ring)).select("category_id", "category_ids").iter_rows())
    assert {key: sorted(above) for key, above in lines.items()} == {"a": ["a", "b"], "b": ["a", "b"]}


def offer(key: str, **fields: Any) -> Row:
    return {"supplier_product_id": key, "supplier_id": key, "product_id": "bolt", "company_id": "c1"} | fields


def preferred(*offers: Row) -> list[str]:
    products = [{"product_id": "bolt", "product_group_id": "g"}]
    suppliers = [{"supplier_id": name, "name": name.upper()} for name in ("x", "y")]
    ways = sourcing(firm(products=products, suppliers=suppliers, supplier_products=list(offers)))
    return ways.sort("rank")["supplier"].to_list()


def test_the_offer_of_the_lowest_priority_comes_first_and_one_without_last() -> None:
    assert preferred(offer("x"), offer("y", priority=5)) == ["Y", "X"]


def test_of_equal_priority_an_offer_without_an_end_comes_first_then_the_newest() -> None:
    assert preferred(offer("x", valid_to_on=DAY), offer("y")) == ["Y", "X"]
    assert preferred(offer("x", valid_from_on=DAY - timedelta(days=1)), offer("y", valid_from_on=DAY)) == ["Y", "X"]


def test_an_offer_for_a_group_of_variants_holds_for_each_product_of_it() -> None:
    assert preferred(offer("x", product_id=None, product_group_id="g")) == ["X"]


def test_what_is_made_has_a_way_without_a_supplier_and_a_kit_is_not_made() -> None:
    bills = [{"bom_id": "1", "product_id": "bolt", "kind": "make", "quantity": 1, "lead_time_days": 4}]
    bills.append({"bom_id": "2", "product_id": "bolt", "kind": "kit", "quantity": 1, "lead_time_days": 9})
    ways = sourcing(firm(products=[{"product_id": "bolt", "kind": "storable"}], boms=bills))
    assert ways.select("kind", "supplier", "lead_time_days", "rank").rows() == [("make", None, Decimal(4), 1)]


def test_what_a_supplier_sends_straight_to_a_customer_never_comes() -> None:
    head = {"purchase_order_id": "P", "supplier_id": "x"}
    line = {"purchase_order_line_id": "P/1", "purchase_order_id": "P", "product_id": "bolt", "quantity": 5}
    move = {
        "stock_move_id": "M",
        "purchase_order_line_id": "P/1",
        "kind": "dropship",
        "status": "planned",
        "quantity": 5,
    }
    bought: dict[str, list[Row]] = {"sites": SITES, "purchase_orders": [head], "purchase_order_lines": [line]}
    assert made("open_supply", firm(**bought, stock_moves=[move])).is_empty()
    assert made("open_supply", firm(**bought)).height == 1
    assert made("open_supply", firm(**bought, stock_moves=[move | {"status": "cancelled"}])).height == 1


def test_open_purchases_are_due_when_the_line_says_else_the_order_and_need_a_product() -> None:
    heads = [{"purchase_order_id": "P", "supplier_id": "x", "due_on": DAY, "number": "P", "site_id": "south"}]
    line = {"purchase_order_id": "P", "product_id": "bolt", "quantity": 5}
    lines = [
        line | {"purchase_order_line_id": "1", "due_on": DAY + timedelta(days=2), "received_quantity": 1},
        line | {"purchase_order_line_id": "2"},
        line | {"purchase_order_line_id": "3", "received_quantity": 5},
        line | {"purchase_order_line_id": "4", "product_id": None},
    ]
    suppliers = [{"supplier_id": "x", "name": "X"}]
    tables = firm(sites=SITES, suppliers=suppliers, purchase_orders=heads, purchase_order_lines=lines)
    coming = made("open_supply", tables).select("party", "site_id", "due_on", "quantity")
    expected = [("X", "south", DAY, Decimal(5)), ("X", "south", DAY + timedelta(days=2), Decimal(4))]
    assert coming.rows() == expected
