"""Where orders are on their way to the money: which stage, since when, why, and how long each step takes."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.order_flow import (
    CYCLE,
    INSTANTS,
    LINE_STAGES,
    OPEN,
    ORDER_STAGES,
    SPREAD,
    STAGES,
    STEPS,
    TIMES,
    TO_DELIVER,
    cycle_by_month,
    cycle_spread,
    order_flow,
    step_days,
    step_times,
)
from analytics.periods import compared, months_until, period
from tests.analytics.firm import COMPANIES, DAY, SITES, Firm, Row, firm, merged, noon, order, random_firm, table
from tests.oracles import order_flow as oracle

SEEDS = range(12)
PRODUCTS: list[Row] = [
    {"product_id": "bolt", "sku": "B", "name": "Bolt", "kind": "storable"},
    {"product_id": "nut", "sku": "N", "name": "Nut", "kind": "storable"},
    {"product_id": "box", "sku": "X", "name": "Box", "kind": "kit"},
    {"product_id": "advice", "sku": "A", "name": "Advice", "kind": "service"},
]


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def midnight(day: date) -> datetime:
    return noon(day) - timedelta(hours=12)


def small(*parts: dict[str, list[Row]], stock: float = 0) -> Firm:
    """A firm with so many bolts in the North, and what the parts add."""
    level = {"product_id": "bolt", "site_id": "north", "as_of_on": DAY, "on_hand": stock}
    usual: dict[str, list[Row]] = {
        "companies": COMPANIES,
        "sites": SITES,
        "products": PRODUCTS,
        "inventory_levels": [level],
    }
    return firm(**merged(usual, *parts))


def ordered(number: str = "S1", quantity: float = 4, **fields: Any) -> dict[str, list[Row]]:
    """An order of bolts from the North, ordered twenty days ago and promised for today, at 10 each."""
    usual = {"ordered_at": noon(ago(20)), "site_id": "north", "first_promised_on": DAY, "delivered_quantity": 0}
    made = order(number, fields.pop("product", "bolt"), quantity, **{**usual, **fields})
    made["sales_order_lines"] = [{**row, "amount_untaxed": 10 * quantity} for row in made["sales_order_lines"]]
    return made


def shipped(
    number: str, status: str, quantity: float, left: date | None = None, arrived: date | None = None, of: str = "S1"
) -> dict[str, list[Row]]:
    """A shipment of one line of an order."""
    instants = {"shipped_at": left and noon(left), "delivered_at": arrived and noon(arrived)}
    line = {"shipment_line_id": number, "shipment_id": number, "sales_order_line_id": f"{of}/1", "product_id": "bolt"}
    amounts = {"quantity": quantity, "shipped_quantity": quantity if status == "done" else 0, "status": status}
    head = {"shipment_id": number, "sales_order_id": of, "site_id": "north", "status": status}
    return {"shipments": [{**head, **instants}], "shipment_lines": [{**line, **amounts}]}


def invoiced(on: date, amount_open: float, quantity: float = 4, paid: date | None = None) -> dict[str, list[Row]]:
    """An invoice of the order's line, paid or not."""
    head = {"invoice_id": "I1", "kind": "invoice", "status": "posted", "invoiced_on": on, "amount_open": amount_open}
    line = {"invoice_line_id": "I1/1", "invoice_id": "I1", "sales_order_line_id": "S1/1", "quantity": quantity}
    payment = {"payment_id": "P", "invoice_id": "I1", "status": "done", "paid_on": paid, "direction": "in", "amount": 1}
    return {
        "invoices": [{**head, "amount_untaxed": 40}],
        "invoice_lines": [{**line, "amount_untaxed": 40}],
        "payments": [payment] if paid else [],
    }


def bought(quantity: float, due: date, site: str = "north", number: str = "P1") -> dict[str, list[Row]]:
    """Bolts on order."""
    head = {"purchase_order_id": number, "number": number, "supplier_id": "v1", "site_id": site, "due_on": due}
    line = {"purchase_order_line_id": number, "purchase_order_id": number, "product_id": "bolt", "quantity": quantity}
    return {"purchase_orders": [head], "purchase_order_lines": [line]}


def the_order(*parts: dict[str, list[Row]], stock: float = 0, number: str = "S1") -> Row:
    rows = order_flow(small(*parts, stock=stock))["order_stages"].filter(pl.col("sales_order_id") == number)
    return rows.row(0, named=True)


LATER = ordered("S2", 1, first_promised_on=ago(-3))
ALL_LEFT = ordered(delivered_quantity=4)
ARRIVED = merged(ALL_LEFT, shipped("1", "done", 4, ago(9), ago(7)))


@pytest.mark.parametrize(
    ("parts", "stage", "since"),
    [
        ([ordered()], "waiting", noon(ago(20))),
        ([ordered(), shipped("1", "ready", 3)], "waiting", noon(ago(20))),
        ([ordered(), shipped("1", "ready", 4)], "ready", None),
        ([ARRIVED, ordered("S2"), shipped("2", "done", 4, ago(1), of="S2")], "paid", None),
        ([ARRIVED], "paid", None),
        ([ARRIVED, invoiced(ago(7), 40, quantity=3)], "delivered", noon(ago(7))),
        ([ARRIVED, invoiced(ago(6), 40)], "invoiced", midnight(ago(6))),
        ([ARRIVED, invoiced(ago(6), 0, paid=ago(2))], "paid", midnight(ago(2))),
    ],
    ids=[
        "nothing yet", "a part is ready", "ready", "no invoices are kept", "nor with others", "billed in part",
        "billed", "paid",
    ],
)  # fmt: skip
def test_an_order_is_where_the_last_of_its_goods_is(parts: list[Any], stage: str, since: datetime | None) -> None:
    found = the_order(*parts)
    assert (found["stage"], found["since_at"]) == (stage, since)


def test_what_has_left_is_on_the_way_for_as_long_as_others_took() -> None:
    told = merged(ALL_LEFT, ordered("S2", delivered_quantity=4), shipped("2", "done", 4, ago(9), ago(5), of="S2"))
    assert the_order(told, shipped("1", "done", 4, ago(4)))["stage"] == "shipped"
    late = the_order(told, shipped("1", "done", 4, ago(5)))
    assert (late["stage"], late["delivered_at"]) == ("paid", noon(ago(5)))


def test_where_no_source_tells_of_arrivals_leaving_is_arriving() -> None:
    found = the_order(ALL_LEFT, shipped("1", "done", 4, ago(0)))
    assert (found["shipped_at"], found["delivered_at"]) == (noon(DAY), noon(DAY))


def test_an_order_in_parts_has_not_left_before_its_last_part() -> None:
    found = the_order(ordered(delivered_quantity=3), shipped("1", "done", 3, ago(9), ago(7)))
    assert found["stage"] == "waiting"
    assert (found["first_shipped_at"], found["shipped_at"], found["is_partly"]) == (noon(ago(9)), None, True)
    assert (found["amount"], found["open_amount"]) == (40, 10)


def test_a_closed_order_awaits_nothing() -> None:
    found = the_order(ordered(status="done", delivered_quantity=1))
    assert (found["stage"], found["open_amount"], found["reason"]) == ("paid", 0, None)


def test_services_are_no_goods() -> None:
    assert order_flow(small(ordered(product="advice")))["order_stages"].is_empty()


def test_an_invoice_before_arrival_took_no_time_after_it() -> None:
    found = the_order(ARRIVED, invoiced(ago(12), 40))
    assert found["invoiced_at"] == found["delivered_at"] == noon(ago(7))


@pytest.mark.parametrize(
    ("parts", "stock", "reason", "number"),
    [
        ([ordered()], 4, "in_stock", None),
        ([ordered()], 3, "no_supply", None),
        ([ordered(), bought(1, ago(-5))], 3, "purchase", "P1"),
        ([ordered(), bought(9, ago(-5), site="south")], 3, "no_supply", "P1"),
        ([ordered(), ordered("S0", 1, first_promised_on=ago(3))], 4, "no_supply", None),
        ([ordered(), ordered("S2", 9, first_promised_on=ago(-3))], 4, "in_stock", None),
        ([ordered(), LATER, shipped("2", "ready", 1, of="S2")], 4, "no_supply", None),
        ([ordered(site_id=None)], 4, "no_site", None),
        ([ordered(), shipped("1", "ready", 4)], 0, "ready", None),
    ],
    ids=[
        "stock suffices", "short", "a purchase covers it", "a purchase for elsewhere", "promised to others before",
        "others come later", "reserved for others", "nobody knows from where", "ready",
    ],
)  # fmt: skip
def test_why_an_order_waits(parts: list[Any], stock: float, reason: str, number: str | None) -> None:
    found = the_order(*parts, stock=stock)
    assert (found["reason"], found["supply_number"]) == (reason, number)


def test_what_a_work_order_is_made_for_waits_for_it() -> None:
    made = {"work_order_id": "W1", "number": "W1", "product_id": "bolt", "quantity": 4, "sales_order_line_id": "S1/1"}
    found = the_order(ordered(), {"work_orders": [{**made, "due_on": ago(-2)}]}, stock=9)
    assert (found["reason"], found["supply_number"], found["expected_on"]) == ("work_order", "W1", ago(-2))


def test_a_kit_waits_for_its_worst_part() -> None:
    bill: dict[str, list[Row]] = {
        "boms": [{"bom_id": "b", "product_id": "box", "kind": "kit", "quantity": 1}],
        "bom_lines": [
            {"bom_line_id": "1", "bom_id": "b", "component_id": "bolt", "quantity_per": 1},
            {"bom_line_id": "2", "bom_id": "b", "component_id": "nut", "quantity_per": 1},
        ],
    }
    found = the_order(ordered(product="box"), bill, stock=9)
    assert (found["reason"], found["short_product_id"]) == ("no_supply", "nut")


def flow_firm(seed: int) -> Firm:
    """A random firm that ships, invoices and is paid in every odd way."""
    dice = random.Random(seed)  # noqa: S311 - firms for tests, no secrets
    base = random_firm(seed)
    lines = base["sales_order_lines"].with_columns(
        amount_untaxed=pl.Series([dice.choice([None, 0, 30]) for _ in range(base["sales_order_lines"].height)]).cast(
            base["sales_order_lines"].schema["amount_untaxed"]
        )
    )
    made = merged(*(_shipment(dice, number) for number in range(30)), *(_invoice(dice, number) for number in range(30)))
    rows = {name: table(name, *found) for name, found in made.items()}
    orders = [
        {
            "work_order_id": f"M{n}", "number": f"M{n}", "product_id": "bolt", "quantity": 2, "due_on": DAY,
            "status": dice.choice(["confirmed", "done"]), "sales_order_line_id": f"S{dice.randint(0, 39)}/1",
        }
        for n in range(3)
    ]  # fmt: skip
    work = pl.concat([base["work_orders"], table("work_orders", *orders)])
    return base | {"sales_order_lines": lines, "work_orders": work} | rows


def _shipment(dice: random.Random, number: int) -> dict[str, list[Row]]:
    left = dice.choice([None, ago(dice.randint(0, 45))])
    arrived = left and dice.choice([None, left + timedelta(days=dice.randint(0, 5))])
    status = dice.choice(["planned", "ready", "done", "done", "cancelled"])
    return shipped(f"H{number}", status, dice.randint(1, 8), left, arrived, of=f"S{dice.randint(0, 39)}")


def _invoice(dice: random.Random, number: int) -> dict[str, list[Row]]:
    key, of = f"I{number}", f"S{dice.randint(0, 39)}"
    head = {
        "invoice_id": key, "kind": dice.choice(["invoice", "invoice", "credit_note"]), "amount_untaxed": 1,
        "status": dice.choice(["posted", "posted", "draft"]), "sales_order_id": dice.choice([None, of]),
        "invoiced_on": ago(dice.randint(0, 40)), "amount_open": dice.choice([None, 0, 0, 5]),
        "company_id": dice.choice(["c1", "c2"]),
    }  # fmt: skip
    line = {
        "invoice_line_id": key, "invoice_id": key, "sales_order_line_id": dice.choice([None, f"{of}/1"]),
        "quantity": dice.choice([None, 1, 9]), "amount_untaxed": 1,
    }  # fmt: skip
    return {"invoices": [head], "invoice_lines": [line]}


@pytest.mark.parametrize("seed", SEEDS)
def test_stages_and_reasons_are_those_of_a_slow_loop(seed: int) -> None:
    tables = flow_firm(seed)
    expected = oracle.stages(tables, DAY)
    found = {row["sales_order_id"]: row for row in order_flow(tables)["order_stages"].to_dicts()}
    assert set(found) == set(expected)
    for key, one in expected.items():
        row = found[key]
        assert (key, row["stage"]) == (key, one["stage"])
        instants = ("shipped_at", "delivered_at", "invoiced_at")
        assert [(key, row[name]) for name in instants] == [(key, one[name]) for name in instants]
        assert float(row["open_amount"]) == pytest.approx(one["open_amount"])
        if one["stage"] in TO_DELIVER:
            assert (key, row["reason"]) == (key, one["reason"][0])


def test_the_random_firms_are_odd_enough() -> None:
    rows = pl.concat([order_flow(flow_firm(seed))["order_stages"] for seed in SEEDS])
    assert set(rows["stage"]) == set(STAGES)
    assert {"no_supply", "purchase", "work_order", "in_stock", "ready", "on_way"} <= set(rows["reason"])


@pytest.mark.parametrize("seed", SEEDS)
def test_no_step_takes_less_than_no_time_and_every_order_is_in_one_stage(seed: int) -> None:
    rows = order_flow(flow_firm(seed))["order_stages"]
    assert rows["sales_order_id"].is_unique().all()
    assert rows.schema == pl.Schema(ORDER_STAGES)
    for step in TIMES:
        assert (rows.select(days=step_days(step))["days"].drop_nulls() >= 0).all()
    assert rows.filter(pl.col("stage").is_in(OPEN) & pl.col("reason").is_null()).is_empty()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_lines_of_open_orders_add_up_to_their_orders(seed: int) -> None:
    tables = flow_firm(seed)
    orders, lines = (
        order_flow(tables)["order_stages"].filter(pl.col("stage") != "paid"),
        order_flow(tables)["order_line_stages"],
    )
    assert lines.schema == pl.Schema(LINE_STAGES)
    assert set(lines["sales_order_id"]) == set(orders["sales_order_id"])
    assert lines["open_amount"].sum() == orders["open_amount"].sum()
    assert lines.filter(pl.col("stage").is_in(TO_DELIVER)).height == orders["open_lines"].sum()


def past(*taken: tuple[int, float, float]) -> pl.DataFrame:
    """Orders that arrived so many days ago, after so many days until they left and on the way."""
    rows = []
    for days_ago, waited, travelled in taken:
        arrived = noon(ago(days_ago))
        left = arrived - timedelta(days=travelled)
        rows.append({"ordered_at": left - timedelta(days=waited), "shipped_at": left, "delivered_at": arrived})
    schema = dict.fromkeys(INSTANTS, pl.Datetime("us", "UTC"))
    return pl.DataFrame([{**dict.fromkeys(INSTANTS), **row} for row in rows], schema=schema)


MONTH = period("month", DAY)
BEFORE = compared(MONTH, "before")


def test_a_step_counts_in_the_period_in_which_it_ended() -> None:
    found = step_times(past((1, 3, 2), (2, 5, 2), (40, 9, 1)), MONTH, BEFORE)
    days = {row["step"]: (row["orders"], row["median_days"], row["median_days_before"]) for row in found.to_dicts()}
    assert days["to_shipped"] == (2, 4, 9)
    assert days["to_delivered"] == (2, 2, 1)
    assert days[CYCLE] == (2, 6, 10)
    assert days["to_paid"] == (0, None, None)


def test_the_bottleneck_takes_the_largest_share_and_shares_add_up_to_one() -> None:
    found = step_times(past((1, 3, 1), (2, 3, 1)), MONTH, BEFORE)
    assert found.filter("is_bottleneck")["step"].to_list() == ["to_shipped"]
    assert found["share"].drop_nulls().to_list() == [0.75, 0.25]


@pytest.mark.parametrize(
    ("number", "now", "then", "slower"), [(20, 5, 4, True), (19, 5, 4, False), (20, 4.9, 4, False), (20, 1, 0.6, False)]
)
def test_a_step_is_slower_by_a_quarter_and_half_a_day_of_twenty_orders(
    number: int, now: float, then: float, slower: bool
) -> None:
    orders = past(*[(3, now, 1)] * number, *[(40, then, 1)] * number)
    found = step_times(orders, MONTH, BEFORE)
    assert found.filter("is_slower")["step"].to_list() == (["to_shipped"] if slower else [])


def test_every_arrival_is_in_one_month_and_one_span_of_days() -> None:
    orders = past((1, 0.5, 0.5), (3, 1, 1), (5, 30, 30), (70, 3, 3))
    months = cycle_by_month(orders, months_until(MONTH, 13))
    assert months["orders"].sum() == 4
    assert months.drop("p90_days").row(-1) == (date(2026, 3, 1), False, 3, 2)
    assert months["p90_days"][-1] == pytest.approx(2 + 0.8 * 58)
    spread = cycle_spread(orders, MONTH)
    assert spread["from_days"].to_list() == list(SPREAD)
    assert spread["orders"].to_list() == [1, 1, 0, 0, 0, 1]


def test_steps_follow_each_other() -> None:
    ends = list(STEPS.values())
    assert [last for _, last in ends[:-1]] == [first for first, _ in ends[1:]]
