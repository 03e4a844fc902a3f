"""Stock-outs: what runs out where and when, whom it hits, what it costs, by when one must order."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from analytics import stock_outs as subject
from analytics.aggregates import sourcing
from analytics.demand import order_lines
from analytics.money import Rates
from analytics.stock_outs import (
    ORDERS_AT_RISK,
    RISKS,
    chance_by_day,
    levels,
    orders_at_risk,
    outlook,
    ranked,
    stock_out_risks,
)
from analytics.usual_demand import AT, draws, usual_demand
from tests.analytics.firm import DAY, SITES, Firm, Row, firm, merged, noon, order, random_firm, table

Rows = Mapping[str, Sequence[Row]]
LONG_AGO = noon(DAY - timedelta(days=400))
BOLT: dict[str, list[Row]] = {
    "products": [{"product_id": "bolt", "sku": "BOLT", "name": "Bolt", "kind": "storable", "company_id": "*"}],
    "sites": SITES,
    "customers": [{"customer_id": "k1", "name": "Smith", "is_company": True, "region": "N"}],
    "suppliers": [{"supplier_id": "v1", "name": "Vendor"}],
    "supplier_products": [
        {"supplier_product_id": "o1", "supplier_id": "v1", "product_id": "bolt", "lead_time_days": 10, "priority": 1}
    ],
}


def on(number: int) -> date:
    """So many days after today."""
    return DAY + timedelta(days=number)


def tables(*parts: Rows) -> Firm:
    base = firm(**merged(BOLT, *parts))
    return base | {name: table(name) for name in ("receipts", "receipt_lines")}


def held(quantity: float, site: str = "north/a") -> dict[str, list[Row]]:
    level = {"product_id": "bolt", "site_id": site, "company_id": "c1", "as_of_on": DAY, "on_hand": quantity}
    return {"inventory_levels": [level]}


def sold(*ago: int, quantity: float = 1) -> dict[str, list[Row]]:
    """Orders delivered so many days ago, from the north."""
    orders = (
        order(f"D{n}", "bolt", quantity, status="done", site_id="north", ordered_at=noon(on(-days)))
        for n, days in enumerate(ago)
    )
    return merged(*orders)


def wanted(number: str, quantity: float, due: int) -> dict[str, list[Row]]:
    """An open order of long ago, which makes no habit, promised so many days from now."""
    return order(number, "bolt", quantity, site_id="north", promised_on=on(due), ordered_at=LONG_AGO)


def ordered(number: str, quantity: float, due: int | None) -> dict[str, list[Row]]:
    key = {"purchase_order_id": number, "number": number, "supplier_id": "v1", "site_id": "north"}
    line = {"purchase_order_line_id": f"{number}/1", "purchase_order_id": number, "product_id": "bolt"}
    due_on = None if due is None else on(due)
    return {"purchase_orders": [key], "purchase_order_lines": [line | {"quantity": quantity, "due_on": due_on}]}


def risks(*parts: Rows) -> pl.DataFrame:
    given = tables(*parts)
    return stock_out_risks(outlook(given), given, sourcing(given))


def risk(*parts: Rows) -> dict[str, Any]:
    found = risks(*parts)
    assert found.height == 1
    return found.row(0, named=True)


# What runs out, and when


def test_stock_that_nobody_asks_for_is_no_risk() -> None:
    assert risks(held(5)).is_empty()


def test_an_open_order_beyond_all_stock_runs_out_on_its_day() -> None:
    row = risk(held(5), wanted("S1", 8, 9))
    assert (row["p_7"], row["p_14"]) == pytest.approx((0.0, 1.0))
    assert row["may_run_out_on"] == row["likely_out_on"] == on(9)


def test_an_order_that_is_overdue_and_not_covered_has_run_out_today() -> None:
    row = risk(held(5), wanted("S1", 8, -3))
    assert row["likely_out_on"] == DAY
    assert row["p_by_day"][0] == pytest.approx(1.0)


def test_open_orders_use_up_the_usual_demand() -> None:
    usual = sold(*range(1, 61))
    covered = [wanted(f"S{n}", 1, n) for n in range(1, 15)]
    row = risk(held(14), usual, *covered)
    assert row["p_14"] < 0.01
    assert risk(held(14), usual)["p_14"] > 0.3


def test_without_open_orders_and_receipts_demand_is_poisson_at_each_level() -> None:
    row = risk(held(40), sold(*range(100)))
    firm_tables = tables(sold(*range(100)))
    unsure = usual_demand(draws(firm_tables, order_lines(firm_tables)), DAY)
    spread = levels(unsure["unsure"].to_numpy())[0]
    for days in (7, 28, 84):
        expected = sum(w * stats.poisson.sf(40, m * days) for m, w in zip(spread, subject.WEIGHTS, strict=True))
        assert row[f"p_{days}"] == pytest.approx(expected, abs=1e-9)


def test_levels_have_the_mean_of_one_and_the_variance_they_were_asked_for() -> None:
    few = levels(np.array([0.0, 0.05, 0.2]))
    assert few @ subject.WEIGHTS == pytest.approx([1, 1, 1])
    assert few**2 @ subject.WEIGHTS - 1 == pytest.approx([0, 0.05, 0.2], rel=0.1)


def test_a_receipt_in_time_lowers_the_risk_and_an_undated_one_does_not() -> None:
    parts = (held(5), sold(*range(60)))
    alone = risk(*parts)["p_28"]
    assert risk(*parts, ordered("P1", 50, 2))["p_28"] < alone
    assert risk(*parts, ordered("P1", 50, None))["p_28"] == pytest.approx(alone)


def test_more_receipts_than_are_followed_one_by_one_are_still_counted() -> None:
    parts = (held(2), sold(*range(60)))
    many = [ordered(f"P{n}", 10 + n, 1 + n) for n in range(7)]
    assert risk(*parts, *many)["on_order"] == 91
    assert risk(*parts, *many)["p_84"] < risk(*parts, *many[:4])["p_84"]


def test_a_small_late_receipt_does_not_hold_up_the_large_ones_before_it() -> None:
    parts = (held(2), sold(*range(60)), *(ordered(f"P{n}", 20, 2) for n in range(4)))
    assert risk(*parts, ordered("P9", 1, 60))["p_28"] == pytest.approx(risk(*parts)["p_28"])


def test_each_site_stands_by_itself() -> None:
    far = order("X9", "bolt", 1, status="done", site_id="south", ordered_at=noon(on(-3)))
    found = risks(merged(held(900), held(0, "south")), sold(*range(30)), far)
    assert found.select("site_id", "on_hand").rows() == [("north", 900.0), ("south", 0.0)]
    assert found["p_84"][0] < 1e-6 < found["p_84"][1]


def test_a_level_below_zero_runs_out_with_the_first_demand() -> None:
    row = risk(held(-4), sold(*range(100)))
    nothing = risk(held(0), sold(*range(100)))
    assert row["on_hand"] == -4
    assert row["p_by_day"] == pytest.approx(nothing["p_by_day"])


# What it costs, and by when one must order


def test_what_is_lost_is_counted_until_a_new_order_could_come() -> None:
    row = risk(held(0), wanted("S1", 3, 5), wanted("S2", 4, 30))
    assert row["new_receipt_on"] == on(subject.REVIEW_DAYS + 10)
    assert (row["units_lost"], row["units_lost_84"]) == pytest.approx((3, 7))


def test_one_must_order_so_early_that_goods_come_on_the_first_risky_day() -> None:
    row = risk(held(5), wanted("S1", 8, 40))
    assert row["may_run_out_on"] == on(40)
    assert row["order_by_on"] == on(30)
    assert row["when_to_order"] == "later"


@pytest.mark.parametrize(("due", "when"), [(40, "later"), (12, "now"), (4, "too_late"), (100, "not_needed")])
def test_when_to_order_is_said_in_a_word(due: int, when: str) -> None:
    assert risk(held(5), wanted("S1", 8, due))["when_to_order"] == when


def test_without_a_lead_time_nobody_knows_when_to_order() -> None:
    given = tables(held(5), wanted("S1", 8, 40)) | {"supplier_products": table("supplier_products")}
    row = stock_out_risks(outlook(given), given, sourcing(given)).row(0, named=True)
    assert (row["way"], row["lead_time_days"], row["order_by_on"]) == (None, None, None)
    assert row["when_to_order"] == "unknown"


def test_the_source_of_the_own_company_counts() -> None:
    offers = [
        {"supplier_product_id": f"x{n}", "supplier_id": "v1", "product_id": "bolt", "priority": 1}
        | {"company_id": company, "lead_time_days": lead}
        for n, (company, lead) in enumerate([("a0", 90), ("c1", 5), ("c9", 60)])
    ]
    given = tables(held(5), wanted("S1", 8, 40)) | {"supplier_products": table("supplier_products", *offers)}
    assert stock_out_risks(outlook(given), given, sourcing(given))["lead_time_days"].to_list() == [5.0]


def test_goods_come_as_they_came_last() -> None:
    came = {"product_id": "bolt", "status": "done", "quantity": 5, "from_place": "transit", "to_place": "internal"}
    moves: list[Row] = [
        came | {"stock_move_id": "1", "kind": "receipt", "to_site_id": "north/a", "moved_at": noon(on(-9))},
        came
        | {"stock_move_id": "2", "kind": "transfer", "from_site_id": "road", "to_site_id": "north/a"}
        | {"moved_at": noon(on(-2))},
    ]
    inside: dict[str, Any] = {
        "stock_move_id": "3",
        "kind": "transfer",
        "from_site_id": "north/a",
        "moved_at": noon(DAY),
    }
    shelved = [moves[0], came | inside | {"to_site_id": "north/b"}]
    assert risk(held(5), wanted("S1", 8, 40), {"stock_moves": shelved})["way"] == "buy"
    row = risk(held(5), wanted("S1", 8, 40), {"stock_moves": moves})
    assert (row["way"], row["lead_time_days"], row["supplier"]) == ("transfer", subject.TRANSFER_DAYS, None)
    assert risk(held(5), wanted("S1", 8, 40))["way"] == "buy"


def test_a_supplier_that_slips_moves_what_it_delivers_the_same_day_and_hardly_anything_else() -> None:
    """Bolts and nuts are used up alike and come in five days, from vendors that were punctual thirty times; pins that
    the bolts' vendor owes us are twenty days late today, or are not due yet."""
    goods = [
        {"product_id": name, "sku": name, "name": name, "kind": "storable", "company_id": "*"}
        for name in ("nut", "pin")
    ]
    vendors = {"products": goods, "suppliers": [{"supplier_id": "v2", "name": "Other"}]}
    habit = [order(f"{name}{n}", name, 1, status="done", site_id="north", ordered_at=noon(on(-n))) for n in range(1, 61)
             for name in ("bolt", "nut")]  # fmt: skip
    stock = [{"product_id": name, "site_id": "north/a", "company_id": "c1", "as_of_on": DAY, "on_hand": 10}
             for name in ("bolt", "nut")]  # fmt: skip

    def bought(number: str, product: str, vendor: str, due: int, **more: Any) -> dict[str, list[Row]]:
        head = {"purchase_order_id": number, "number": number, "supplier_id": vendor, "site_id": "north"}
        line = {"purchase_order_line_id": f"{number}/1", "purchase_order_id": number, "product_id": product}
        return {"purchase_orders": [head], "purchase_order_lines": [line | {"quantity": 9, "due_on": on(due)} | more]}

    def punctual(vendor: str, ago: int) -> dict[str, list[Row]]:
        came = {"received_on": on(-ago), "received_quantity": 9}
        return bought(f"{vendor}{ago}", "pin", vendor, -ago, **came)

    def told(pins_due: int) -> dict[str, float]:
        due = [bought("B", "bolt", "v1", 5, quantity=99), bought("N", "nut", "v2", 5, quantity=99)]
        pins = [bought(f"P{n}", "pin", "v1", pins_due) for n in range(12)]
        past = [punctual(vendor, ago) for vendor in ("v1", "v2") for ago in range(30, 60)]
        rows = risks(vendors, {"inventory_levels": stock}, *habit, *due, *pins, *past)
        return dict(rows.filter(pl.col("product_id") != "pin").select("product_id", "p_14").iter_rows())

    calm, slipped = told(3), told(-20)
    assert slipped["bolt"] > calm["bolt"] + 0.15
    assert slipped["nut"] == pytest.approx(calm["nut"], abs=0.03)


def test_the_most_money_comes_first() -> None:
    nut = {"product_id": "nut", "sku": "NUT", "name": "Nut", "kind": "storable", "company_id": "*"}
    level = {"product_id": "nut", "site_id": "south", "company_id": "c1", "as_of_on": DAY, "on_hand": 0}
    dear = order("S9", "nut", 1, site_id="south", promised_on=on(1), ordered_at=LONG_AGO)
    found = risks(merged({"products": [nut]}, held(0), {"inventory_levels": [level]}, wanted("S1", 8, 1), dear))
    items = pl.DataFrame(
        {"product_id": ["bolt", "nut"], "list_price": [2, 100], "cost": [1, 90], "currency": ["EUR", "EUR"]}
    )
    rates = Rates("EUR", pl.DataFrame({"currency": ["EUR"], "factor": [1.0]}))
    costs = table("product_costs")
    by_price = ranked(found, items, costs, rates, sees_margins=False)
    by_margin = ranked(found, items, costs, rates, sees_margins=True)
    assert by_price.select("product_id", "at_stake", "at_stake_is").rows() == [
        ("nut", pytest.approx(100), "revenue"),
        ("bolt", pytest.approx(16), "revenue"),
    ]
    assert by_margin.select("product_id", "at_stake").rows() == [
        ("nut", pytest.approx(10)),
        ("bolt", pytest.approx(8)),
    ]
    assert "cost" not in by_price.columns


def test_the_course_is_told_day_by_day() -> None:
    course = chance_by_day(risks(held(5), wanted("S1", 8, 2)))
    assert course["day_on"].to_list() == [on(days) for days in range(subject.HORIZON_DAYS + 1)]
    assert course["probability"].to_list()[:4] == pytest.approx([0, 0, 1, 1])


# Whom it hits


def test_what_was_promised_first_is_served_first() -> None:
    found = orders_at_risk(outlook(tables(held(5), wanted("S1", 4, 2), wanted("S2", 4, 6))))
    assert found.select("number", "party", "p_late", "units_short").rows() == [
        ("S2", "Smith", pytest.approx(1), pytest.approx(3))
    ]


def test_an_order_waits_with_the_chance_that_its_receipt_is_late() -> None:
    given = tables(held(0), wanted("S1", 4, 5), ordered("P1", 9, 5))
    known = outlook(given)
    assert known is not None
    late = 1 - known.late.arrived_by(known.receipts, DAY, 5)[0, 5]
    head: Row = {"purchase_order_id": "P0", "supplier_id": "v1", "status": "done"}
    line: dict[str, Any] = {"purchase_order_line_id": "P0/1", "purchase_order_id": "P0", "product_id": "bolt"}
    came = {"quantity": 1, "due_on": on(-9), "received_on": on(-1), "received_quantity": 1}
    habits: Rows = {"purchase_orders": [head], "purchase_order_lines": [line | came]}
    slipping = orders_at_risk(outlook(tables(held(0), wanted("S1", 4, 5), ordered("P1", 9, 5), habits)))
    assert late == pytest.approx(0.0)
    assert orders_at_risk(outlook(given)).is_empty()
    assert slipping["p_late"].item() > 0.1


def test_an_order_at_risk_counts_in_the_risk_of_its_item() -> None:
    assert risk(held(5), wanted("S1", 4, 2), wanted("S2", 4, 6))["orders_at_risk"] == 1


# Laws


@pytest.mark.parametrize("seed", range(8))
def test_every_firm_is_answered_in_full(seed: int) -> None:
    given = random_firm(seed) | {name: table(name) for name in ("receipts", "receipt_lines")}
    found, late = stock_out_risks(outlook(given), given, sourcing(given)), orders_at_risk(outlook(given))
    assert found.schema == RISKS
    assert late.schema == ORDERS_AT_RISK
    chances = found.select("p_7", "p_14", "p_28", "p_84").to_numpy()
    assert (np.diff(np.pad(chances, ((0, 0), (1, 1)), constant_values=((0, 0), (0, 1))), axis=1) >= 0).all()
    assert found.select(AT).is_unique().all()
    assert set(found["when_to_order"]) <= set(subject.WHEN)
    assert late["p_late"].is_between(subject.WORTH_TELLING, 1).all()
    assert (late["units_short"] <= late["quantity"] + 1e-9).all()


def test_an_item_that_nobody_asks_for_changes_nothing() -> None:
    parts = (held(5), sold(*range(30)), wanted("S1", 3, 9))
    idle = {"product_id": "old", "sku": "OLD", "name": "Old", "kind": "storable", "company_id": "*"}
    level = {"product_id": "old", "site_id": "south", "company_id": "c1", "as_of_on": DAY, "on_hand": 3}
    assert risks(*parts, {"products": [idle], "inventory_levels": [level]}).equals(risks(*parts))


def test_without_counted_stock_there_is_no_answer() -> None:
    given = tables(wanted("S1", 3, 9))
    assert stock_out_risks(outlook(given), given, sourcing(given)).schema == RISKS
    assert stock_out_risks(outlook(given), given, sourcing(given)).is_empty()
    assert orders_at_risk(outlook(given)).schema == ORDERS_AT_RISK
