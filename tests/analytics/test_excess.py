"""Excess and dead stock by examples that fit in the head, and the laws of what adds up."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from analytics.classes import CLASSES
from analytics.demand_weeks import by_week
from analytics.excess import (
    DEAD_AFTER_DAYS,
    POSITIONS,
    Stocktaking,
    demand_quantile,
    positions,
    weeks_observed,
)
from analytics.inventory import outlook, sourced
from analytics.money import Rates, factors
from analytics.valuation import BASES
from tests.analytics.firm import DAY, RATES, SITES, Firm, Row, firm, merged, noon, order, random_firm, situation_of
from tests.analytics.summed import summed

Rows = Mapping[str, Sequence[Row]]
BOLT: Row = {"product_id": "bolt", "sku": "B", "kind": "storable", "company_id": "*", "cost": 2, "currency": "EUR"}


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


NEEDED = (
    "items",
    "sourcing",
    "stock_by_item",
    "stock_uses",
    "demand_by_item_day",
    "transfers_by_item_day",
    "open_supply",
    "open_demand",
    "purchase_prices",
)


def taking_of(tables: Firm, policy: str = "N", **fields: Any) -> Stocktaking:
    """What is known of a firm on ``DAY``; every item is of the one class."""
    made = summed(tables, NEEDED)
    named = [{"product_id": key, "abc": policy} for key in made["items"]["product_id"]]
    known: dict[str, Any] = {
        "as_of": DAY,
        "items": sourced(made["items"], made["sourcing"]),
        "classes": pl.DataFrame(named, schema=CLASSES),
        "policy": pl.DataFrame(named, schema=CLASSES),
        "stock": made["stock_by_item"],
        "uses": made["stock_uses"],
        "demand": by_week(made["demand_by_item_day"], DAY),
        "transfers": by_week(made["transfers_by_item_day"], DAY),
        "supply": made["open_supply"],
        "open_demand": made["open_demand"],
        "costs": tables["product_costs"],
        "bought": made["purchase_prices"].cast({"amount": pl.Float64}),
        "rates": Rates("EUR", factors(tables["exchange_rates"], "EUR", DAY)),
        "weeks": 52,
    }
    return Stocktaking(**(known | fields))


def told(*parts: Rows, policy: str = "N", basis: str = "standard", site: str = "north", **fields: Any) -> Any:
    tables = firm(**merged({"products": [BOLT], "sites": SITES, "exchange_rates": RATES}, *parts))
    rows = positions(taking_of(tables, policy, **fields), basis)
    assert rows.schema == POSITIONS
    return rows.row(by_predicate=pl.col("site_id") == site, named=True)


def held(quantity: float, site: str = "north", days: int = 0, **fields: Any) -> Rows:
    row = {"product_id": "bolt", "site_id": site, "as_of_on": ago(days), "on_hand": quantity}
    return {"inventory_levels": [row | fields]}


def moved(kind: str, quantity: float, days: int, source: str | None = None, to: str | None = None) -> Rows:
    ways = {"delivery": ("internal", "customer"), "receipt": ("supplier", "internal")}
    from_place, to_place = ways.get(kind, ("internal", "internal"))
    row = {"stock_move_id": f"{kind}/{days}/{source}", "product_id": "bolt", "kind": kind, "status": "done",
           "from_place": from_place, "to_place": to_place, "from_site_id": source, "to_site_id": to,
           "quantity": quantity, "moved_at": noon(ago(days))}  # fmt: skip
    return {"stock_moves": [row]}


def weekly(quantity: float, site: str = "north", weeks: int = 52) -> Rows:
    """So much ordered and delivered in each of so many weeks, up to this one."""
    done = [order(f"S{n}/{site}", "bolt", quantity, status="done", ordered_at=noon(ago(7 * n)), site_id=site)
            for n in range(weeks)]  # fmt: skip
    return merged(*done)


def bought(quantity: float, days: int | None = 7) -> Rows:
    head = {"purchase_order_id": "P", "supplier_id": "v", "site_id": "north"}
    due = None if days is None else DAY + timedelta(days=days)
    line = {"purchase_order_line_id": "P", "purchase_order_id": "P", "product_id": "bolt", "quantity": quantity}
    return {"purchase_orders": [head], "purchase_order_lines": [line | {"due_on": due}]}


RECORDED = held(0, "south", days=800)
EVER = held(5, days=800)
KNOWN = merged(EVER, weekly(1))


def test_stock_has_to_last_the_lead_time_the_review_and_what_the_class_is_meant_to_hold() -> None:
    offer = {"supplier_product_id": "o", "supplier_id": "v", "product_id": "bolt", "lead_time_days": 7}
    offers: Rows = {"supplier_products": [offer], "suppliers": [{"supplier_id": "v", "name": "Vendor"}]}
    days = {name: told(held(99), KNOWN, offers, policy=name)["need_days"] for name in "ABCN"}
    assert days == {"A": 7 + 14 + 30, "B": 7 + 14 + 60, "C": 7 + 14 + 90, "N": 7 + 14}
    assert told(held(99), KNOWN)["need_days"] == 28 + 14


def test_excess_is_what_lies_above_what_95_of_100_past_spans_drew() -> None:
    row = told(held(10), KNOWN)
    assert (row["need_quantity"], row["excess_quantity"], row["excess_value"]) == (6, 4, 8)
    assert told(held(6), KNOWN)["excess_quantity"] == 0
    assert told(held(-5), KNOWN)["excess_quantity"] == 0


def test_what_a_site_sends_to_another_one_is_needed_there() -> None:
    sends = merged(*(moved("transfer", 2, 7 * n, "north", "south") for n in range(52)))
    row = told(held(20), EVER, weekly(1, "south"), sends)
    assert (row["need_quantity"], row["excess_quantity"]) == (12, 8)


def test_open_orders_are_needed_whatever_was_drawn_before() -> None:
    row = told(held(50), KNOWN, order("S", "bolt", 40, site_id="north"))
    assert (row["need_quantity"], row["need_is"], row["excess_quantity"]) == (40, "orders", 10)


def test_what_is_on_order_is_too_much_as_far_as_it_comes_on_top() -> None:
    over, under = told(held(10), KNOWN, bought(5)), told(held(4), KNOWN, bought(5))
    assert (over["excess_quantity"], over["excess_on_order"], over["excess_on_order_value"]) == (4, 5, 10)
    assert (under["excess_quantity"], under["excess_on_order"]) == (0, 3)


def test_an_item_that_is_new_in_stock_is_not_judged() -> None:
    new = merged(held(10), RECORDED, moved("receipt", 10, 30, to="north"))
    row = told(new)
    assert (row["is_new"], row["is_dead"], row["excess_quantity"], row["dead_value"]) == (True, False, 0, 0)
    assert told(merged(held(10), RECORDED, moved("receipt", 10, 92, to="north")))["is_new"] is False


def test_stock_that_nobody_used_for_a_year_is_dead_and_not_counted_as_excess() -> None:
    idle = merged(held(10), held(10, days=800), moved("delivery", 1, DEAD_AFTER_DAYS, "north"))
    row = told(idle)
    assert (row["is_dead"], row["dead_value"], row["excess_value"]) == (True, 20, 0)
    assert row["idle_since"] == ago(DEAD_AFTER_DAYS)
    sooner = told(merged(held(10), held(10, days=800), moved("delivery", 1, DEAD_AFTER_DAYS - 1, "north")))
    assert (sooner["is_dead"], sooner["excess_value"]) == (False, 20)


def test_a_transfer_between_own_sites_wakes_no_dead_stock() -> None:
    idle = merged(held(10), held(10, days=800), moved("transfer", 1, 3, "north", "south"))
    assert told(idle)["is_dead"]


def test_stock_that_somebody_asks_for_or_asked_for_is_not_dead() -> None:
    idle = merged(held(10), held(10, days=800))
    assert told(idle)["is_dead"]
    assert not told(idle, order("S", "bolt", 1, site_id="south", ordered_at=noon(ago(500))))["is_dead"]
    late = order("S", "bolt", 1, status="done", ordered_at=noon(ago(300)), site_id="south")
    assert not told(idle, late)["is_dead"]


def test_records_that_reach_back_less_than_a_year_declare_nothing_dead() -> None:
    assert not told(merged(held(10), held(10, days=200)))["is_dead"]
    assert told(merged(held(10), held(10, days=DEAD_AFTER_DAYS)))["is_dead"]


def test_dead_stock_below_zero_is_worth_nothing() -> None:
    assert told(merged(held(-3), held(10, days=800)))["dead_value"] == 0


def test_the_quantile_is_observed_where_the_past_is_two_spans_long_and_else_estimated() -> None:
    ramp = np.arange(4.0)[None, :]
    observed, is_observed = demand_quantile(ramp, 2)
    assert (observed.tolist(), is_observed) == ([pytest.approx(np.quantile([1, 3, 5], 0.95))], True)
    estimated, is_observed = demand_quantile(ramp, 3)
    assert (estimated.tolist(), is_observed) == ([pytest.approx(3 * 1.5 + 1.6449 * (3 * 1.25) ** 0.5)], False)
    assert demand_quantile(-ramp, 2)[0].tolist() == [0]


def test_weeks_of_demand_are_those_since_the_first_and_at_most_a_year() -> None:
    assert [weeks_observed(first, DAY) for first in (None, ago(0), ago(13), ago(9999))] == [1, 1, 2, 52]


PAID: Rows = {
    "purchase_orders": [{"purchase_order_id": "Q", "supplier_id": "v", "site_id": "north", "status": "done",
                         "ordered_at": noon(ago(300))}],
    "purchase_order_lines": [
        {"purchase_order_line_id": f"Q{days}", "purchase_order_id": "Q", "product_id": "bolt", "quantity": quantity,
         "received_quantity": quantity, "amount_untaxed": amount, "received_on": ago(days)}
        for quantity, amount, days in ((10, 10, 100), (10, 50, 50), (1, 999, 400))
    ],
}  # fmt: skip


@pytest.mark.parametrize(("basis", "value"), [("standard", 20), ("last_price", 50), ("average_price", 30)])
def test_stock_is_worth_its_standard_cost_its_last_price_or_the_average_of_a_year(basis: str, value: float) -> None:
    row = told(held(10), KNOWN, PAID, basis=basis)
    assert (row["stock_value"], row["is_at_basis"]) == (value, True)
    assert [row[f"{name}_value"] for name in BASES] == [20, 50, 30]


def test_what_was_never_bought_stays_at_standard_cost() -> None:
    row = told(held(10), KNOWN, basis="last_price")
    assert (row["stock_value"], row["is_at_basis"]) == (20, False)


def test_who_may_not_see_costs_sees_quantities_and_no_amount() -> None:
    row = told(held(10), KNOWN, PAID, sees_costs=False)
    amounts = [name for name in POSITIONS if name.endswith("_value") or name == "unit_cost"]
    assert (row["excess_quantity"], row["is_unvalued"]) == (4, False)
    assert {row[name] for name in amounts} == {None}


@pytest.mark.parametrize("seed", range(10))
def test_positions_add_up_to_the_value_of_the_outlook(seed: int) -> None:
    tables = random_firm(seed)
    rows = positions(taking_of(tables))
    whole = outlook(situation_of(tables)).filter(~pl.col("is_unvalued"))
    known = rows.filter(pl.col("product_id").is_in(whole["product_id"].implode()))
    assert known["stock_value"].sum() == pytest.approx(whole["stock_value"].sum())
    assert (
        rows.filter(pl.col("on_hand") > 0)
        .filter((pl.col("dead_value") + pl.col("excess_value") > pl.col("stock_value") + 1e-9).fill_null(value=False))
        .is_empty()
    )


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_both_dead_and_too_much(seed: int) -> None:
    rows = positions(taking_of(random_firm(seed)))
    assert rows.filter(pl.col("is_dead") & (pl.col("excess_quantity") > 0)).is_empty()
    assert rows.filter(pl.col("is_new") & (pl.col("excess_on_order") > 0)).is_empty()
