"""The inventory outlook by examples that fit in the head: states, cover, ranks, money at stake, groups, history."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from analytics.inventory import (
    GROUPED,
    SHORT,
    STATES,
    daily_demand,
    days_of_cover,
    groups,
    history,
    observed_days,
    outlook,
    projection,
)
from tests.analytics.firm import DAY, RATES, SITES, Row, firm, merged, noon, order, random_firm, situation_of

Rows = Mapping[str, Sequence[Row]]
BOLT: Row = {
    "product_id": "bolt",
    "sku": "B",
    "kind": "storable",
    "company_id": "*",
    "list_price": 10,
    "cost": 6,
    "currency": "EUR",
}
TENTH = DAY - timedelta(days=9)


def held(quantity: float, site: str = "north", product: str = "bolt", **fields: Any) -> Rows:
    level = {"product_id": product, "site_id": site, "as_of_on": DAY, "on_hand": quantity, "reserved": 0}
    return {"inventory_levels": [level | fields]}


def sold(quantity: float, product: str = "bolt", number: str = "S0") -> Rows:
    """Ordered ten days ago and delivered."""
    return order(number, product, quantity, status="done", ordered_at=noon(TENTH), site_id="north")


def bought(quantity: float, days: int | None, number: str = "P1", **fields: Any) -> Rows:
    head = {"purchase_order_id": number, "supplier_id": "v", "number": number, "site_id": "north"}
    due = None if days is None else DAY + timedelta(days=days)
    line = {"purchase_order_line_id": number, "purchase_order_id": number, "product_id": "bolt", "quantity": quantity}
    return {"purchase_orders": [head | fields], "purchase_order_lines": [line | {"due_on": due}]}


def offered(lead_days: float) -> Rows:
    offer = {"supplier_product_id": "o", "supplier_id": "v", "product_id": "bolt", "lead_time_days": lead_days}
    return {"supplier_products": [offer], "suppliers": [{"supplier_id": "v", "name": "Vendor"}]}


def told(*parts: Rows, item: Row = BOLT, **fields: Any) -> dict[str, Any]:
    tables = firm(**merged({"products": [item], "sites": SITES, "exchange_rates": RATES}, *parts))
    return outlook(situation_of(tables, **fields)).row(0, named=True)


@pytest.mark.parametrize(
    ("state", "parts"),
    [
        ("negative", [held(-1)]),
        ("no_demand", [held(5)]),
        ("no_demand", [held(0)]),
        ("healthy", [held(5, reserved=5)]),
        ("out", [held(0), sold(10)]),
        ("out", [order("S1", "bolt", 1)]),
        ("runs_out", [held(3), sold(10), offered(4)]),
        ("runs_out", [held(27), sold(10)]),
        ("low", [held(4), sold(10), offered(4)]),
        ("low", [held(17), sold(10), offered(4)]),
        ("healthy", [held(18), sold(10), offered(4)]),
        (
            "low",
            [
                held(90),
                sold(10),
                {"reorder_rules": [{"reorder_rule_id": "r", "product_id": "bolt", "minimum_quantity": 91}]},
            ],
        ),
        ("healthy", [held(180), sold(10)]),
        ("overstock", [held(181), sold(10)]),
    ],
)
def test_an_item_is_in_the_first_state_that_holds(state: str, parts: list[Rows]) -> None:
    assert told(*parts)["state"] == state


def test_an_item_with_a_receipt_before_it_runs_out_does_not_run_out() -> None:
    assert told(held(3), sold(10), offered(9), bought(30, 2))["state"] == "healthy"


def test_a_receipt_that_comes_too_late_leaves_a_gap() -> None:
    row = told(held(3), sold(10), offered(30), bought(30, 5))
    assert (row["state"], row["short_quantity"], row["runs_out_on"]) == ("runs_out", 1, DAY + timedelta(days=3))


def test_an_overdue_receipt_is_not_taken_to_come() -> None:
    row = told(held(3), sold(10), offered(4), bought(30, -1))
    assert (row["state"], row["on_order"], row["overdue_receipts"], row["next_receipt_on"]) == (
        "runs_out",
        30,
        30,
        None,
    )


def test_a_receipt_due_today_is_not_overdue_and_comes_today() -> None:
    row = told(held(3), sold(10), offered(4), bought(30, 0))
    assert (row["state"], row["overdue_receipts"], row["next_receipt_on"]) == ("healthy", 0, DAY)


def test_an_archived_item_is_told_of_only_while_some_of_it_is_left() -> None:
    archived = {**BOLT, "is_active": False}
    tables = firm(**merged({"products": [archived], "sites": SITES}, sold(10), held(0)))
    assert outlook(situation_of(tables)).is_empty()
    assert told(held(1), item=archived)["on_hand"] == 1


def test_a_receipt_without_a_day_is_on_order_and_comes_on_none() -> None:
    row = told(held(3), sold(10), offered(4), bought(30, None))
    assert (row["on_order"], row["overdue_receipts"], row["next_receipt_on"]) == (30, 0, None)


def test_idle_days_count_as_zero_demand() -> None:
    assert told(held(5), sold(10))["daily_demand"] == 1


def test_demand_before_the_history_does_not_count_and_a_short_past_is_not_stretched() -> None:
    days_ago = noon(DAY - timedelta(days=10))
    old = order("S1", "bolt", 99, status="done", ordered_at=days_ago, site_id="north")
    assert told(held(5), sold(10), old)["daily_demand"] == 1
    assert told(held(5), sold(10), history_days=1000)["daily_demand"] == 1


def test_without_demand_there_is_no_cover_and_with_nothing_left_it_is_zero() -> None:
    assert told(held(5))["days_of_cover"] is None
    assert told(held(-5), sold(10))["days_of_cover"] == 0
    assert told(held(5), sold(10))["days_of_cover"] == 5


def test_cover_is_of_what_is_not_reserved_and_unknown_reservations_are_none() -> None:
    assert told(held(5, reserved=2), sold(10))["days_of_cover"] == 3
    unknown = told(held(5, reserved=None), sold(10))
    assert (unknown["reserved"], unknown["available"], unknown["days_of_cover"]) == (None, None, 5)


def test_more_returned_than_ordered_is_no_demand() -> None:
    assert told(held(5), sold(10), sold(-10, number="S9"))["daily_demand"] is None


@pytest.mark.parametrize(
    ("fields", "item", "stake", "kind"),
    [
        ({}, {}, 4 * 4, "margin"),
        ({"sees_margins": False}, {}, 4 * 10, "revenue"),
        ({}, {"cost": None}, 4 * 10, "revenue"),
        ({}, {"cost": 11}, 0, "margin"),
        ({}, {"list_price": None}, None, None),
        ({}, {"list_price": 0}, None, None),
        ({}, {"currency": "CHF"}, 4 * 4 / 2, "margin"),
        ({}, {"currency": "XXX"}, 4 * 4, "margin"),
        ({}, {"currency": None}, 4 * 4, "margin"),
    ],
)
def test_at_stake_is_the_margin_of_what_cannot_be_served_else_the_revenue(
    fields: dict[str, Any], item: Row, stake: float | None, kind: str | None
) -> None:
    row = told(held(0), sold(10), offered(5), item={**BOLT, **item}, **fields)
    assert (row["short_quantity"], row["at_stake"], row["at_stake_is"]) == (4, stake, kind)


@pytest.mark.parametrize(
    ("item", "currency"),
    [({}, "EUR"), ({"currency": "CHF"}, "EUR"), ({"currency": "XXX"}, "XXX"), ({"currency": None}, "EUR")],
)
def test_money_is_in_the_reporting_currency_where_a_rate_is_known_else_in_its_own(item: Row, currency: str) -> None:
    assert told(held(1), item={**BOLT, **item})["currency"] == currency


def cost(company: str, amount: float, currency: str = "EUR") -> Rows:
    stated = {"product_cost_id": company, "product_id": "bolt", "company_id": company}
    return {"product_costs": [stated | {"cost": amount, "currency": currency}]}


def test_stock_is_worth_its_cost_at_the_company_that_holds_it_else_the_items_own() -> None:
    here, there = held(10), held(4, "shop", company_id="c2")
    assert told(here, there)["stock_value"] == 14 * 6
    assert told(here, there, cost("c1", 5))["stock_value"] == 10 * 5 + 4 * 6
    assert told(here, there, cost("c1", 5), cost("c2", 3, "CHF"))["stock_value"] == 10 * 5 + 4 * 3 / 2


def test_the_value_of_stock_is_unknown_where_that_of_any_part_is() -> None:
    row = told(held(10), cost("c1", 5, "XXX"))
    assert (row["stock_value"], row["is_unvalued"]) == (None, True)
    nothing = told(held(0), item={**BOLT, "cost": None})
    assert (nothing["stock_value"], nothing["is_unvalued"]) == (0, False)


def test_who_may_not_see_costs_sees_no_value() -> None:
    row = told(held(10), sees_costs=False, item={**BOLT, "cost": None})
    assert (row["stock_value"], row["is_unvalued"]) == (None, False)


@pytest.mark.parametrize("seed", range(10))
def test_the_ranking_is_by_money_at_stake_then_by_state(seed: int) -> None:
    rows = outlook(situation_of(random_firm(seed)))
    assert rows["rank"].to_list() == list(range(1, rows.height + 1))
    places = (
        rows.filter(pl.col("short_quantity") > 0)
        .select(
            is_priceless=pl.col("at_stake").is_null(),
            least=-pl.col("at_stake").fill_null(0.0),
        )
        .rows()
    )
    assert places == sorted(places)
    served = rows.filter(pl.col("short_quantity") == 0)
    assert served["rank"].to_list() == list(range(len(places) + 1, rows.height + 1))
    at_sites = served.filter(pl.col("sites_short") > 0)
    assert at_sites["rank"].to_list() == served["rank"].to_list()[: at_sites.height]
    amounts = at_sites["at_stake_at_sites"].drop_nulls().to_list()
    assert amounts == sorted(amounts, reverse=True)
    calm = served.filter(pl.col("sites_short") == 0)
    assert calm["state"].to_list() == sorted(calm["state"], key=STATES.index)


def test_a_shortage_that_a_sum_over_sites_hides_is_counted_and_priced_by_site() -> None:
    row = told(held(100, "south"), held(0), sold(10), offered(5))
    assert (row["state"], row["short_quantity"], row["at_stake"]) == ("healthy", 0, 0)
    assert (row["sites_short"], row["at_stake_at_sites"]) == (1, 4 * 4)


def test_an_item_that_is_short_everywhere_is_short_at_each_site_that_wants_it() -> None:
    row = told(held(0), held(0, "south"), sold(10), order("S2", "bolt", 3, site_id="south"), offered(5))
    assert (row["state"], row["sites_short"]) == ("out", 2)
    assert told(held(5), sold(10), offered(1))["sites_short"] == 0


@pytest.mark.parametrize("seed", range(10))
def test_the_sites_at_which_an_item_is_short_are_those_of_the_outlook_of_each_site(seed: int) -> None:
    whole = outlook(situation_of(random_firm(seed)))
    by_site = outlook(situation_of(random_firm(seed)).grouped("site_id"), GROUPED)
    short = by_site.filter(pl.col("state").is_in(SHORT))
    for product, sites, stake in whole.select("product_id", "sites_short", "at_stake_at_sites").iter_rows():
        own = short.filter(pl.col("product_id") == product)
        assert sites == own.height
        assert stake is None or stake == pytest.approx(own["at_stake"].sum())


def test_what_is_short_and_has_no_price_comes_before_what_is_served_however_it_stands() -> None:
    priceless = {**BOLT, "product_id": "nut", "list_price": None}
    tables = firm(**merged({"products": [BOLT, priceless], "sites": SITES}, held(-1), order("S1", "nut", 5)))
    assert outlook(situation_of(tables)).select("product_id", "state").rows() == [("nut", "out"), ("bolt", "negative")]


def test_nothing_is_reserved_of_what_is_only_on_the_way() -> None:
    row = told(held(5, "road", reserved=None), sold(10))
    assert (row["on_hand"], row["in_transit"], row["reserved"], row["available"]) == (0, 5, 0, 0)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("key", ["category_id", "supplier_id", "state"])
def test_groups_that_part_the_items_sum_to_the_outlook(seed: int, key: str) -> None:
    rows = outlook(situation_of(random_firm(seed)))
    found = groups(rows, key, key)
    assert found["products"].sum() == rows.height
    for count, states in {"out": ["out", "negative"], "running_out": ["runs_out"], "low": ["low"]}.items():
        assert found[count].sum() == rows["state"].is_in(states).sum()
    for money, of in (("on_hand_value", "stock_value"), ("at_stake", "at_stake")):
        for currency in rows["currency"].unique():
            total = found.filter(pl.col("currency") == currency)[money].sum()
            assert total == pytest.approx(rows.filter(pl.col("currency") == currency)[of].sum())
    assert found["unvalued"].sum() == rows["is_unvalued"].sum()


@pytest.mark.parametrize("seed", range(10))
def test_each_site_is_the_outlook_of_that_site_alone(seed: int) -> None:
    tables = random_firm(seed)
    by_site = outlook(situation_of(tables).grouped("site_id"), GROUPED)
    first = situation_of(tables).first_demand_on
    for site in ("north", "south", "shop"):
        alone = outlook(situation_of(tables, pl.col("site_id") == site, everywhere=False, first_demand_on=first))
        same = by_site.filter(pl.col("group") == site).sort("rank").drop("group", "rank")
        assert same.equals(alone.drop("rank"))


def test_a_group_of_unknown_worth_has_no_value_and_not_zero() -> None:
    rows = outlook(situation_of(random_firm(1), sees_costs=False))
    assert groups(rows, "category_id", "category")["on_hand_value"].to_list() == [None] * rows["currency"].n_unique()


def test_the_projection_is_certain_up_to_the_last_receipt_or_as_long_as_nothing_new_can_come() -> None:
    def certain_days(*parts: Rows) -> int:
        tables = firm(**merged({"products": [BOLT], "sites": SITES}, *parts))
        return int(projection(situation_of(tables))["certain"].sum())

    assert certain_days(held(5)) == 1
    assert certain_days(held(5), offered(4)) == 5
    assert certain_days(held(5), offered(4), bought(1, 9)) == 10


def test_history_carries_a_level_until_it_changes_and_knows_nothing_before_the_first() -> None:
    changes = pl.DataFrame({"day_on": [DAY - timedelta(days=2), DAY, DAY], "change": [5, -1, -1]})
    demand = pl.DataFrame({"day_on": [DAY, DAY], "quantity": [1, 2]})
    past = history(changes, demand, DAY, 4)
    assert past["on_hand"].to_list() == [None, 5, 5, 3]
    assert past["demand"].to_list() == [0, 0, 0, 3]
    assert history(changes, demand, DAY, 1)["on_hand"].to_list() == [3]


def test_formulas_give_null_where_there_is_no_answer() -> None:
    rows = pl.DataFrame({"quantity": [20.0, 0.0, -3.0, None]}).with_columns(daily=daily_demand(pl.col("quantity"), 10))
    assert rows["daily"].to_list() == [2.0, None, None, None]
    assert rows.select(days_of_cover(pl.lit(6.0), pl.col("daily"))).to_series().to_list() == [3.0, None, None, None]


def test_demand_is_observed_since_the_first_day_of_any_and_no_longer_than_asked() -> None:
    assert observed_days(DAY - timedelta(days=4), DAY, 91) == 5
    assert observed_days(DAY - timedelta(days=400), DAY, 91) == 91
    assert observed_days(None, DAY, 91) == 91
    assert observed_days(DAY + timedelta(days=3), DAY, 91) == 1
