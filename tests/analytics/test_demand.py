"""What counts as demand, on which day, at which site; and what of it is open."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from analytics.aggregates import demanded
from analytics.demand import known_sum, open_quantity
from tests.analytics.firm import DAY, SITES, Row, firm, merged, noon, order

Rows = Mapping[str, Sequence[Row]]
DUE = DAY + timedelta(days=5)
GOODS: list[Row] = [
    {"product_id": "bolt", "kind": "storable"},
    {"product_id": "oil", "kind": "consumable"},
    {"product_id": "advice", "kind": "service"},
    {"product_id": "set", "kind": "kit"},
    {"product_id": "case", "kind": "kit", "product_group_id": "cases"},
]
CUSTOMERS: list[Row] = [{"customer_id": "k1", "name": "Smith", "region": "N", "is_company": False}]
SET: dict[str, list[Row]] = {
    "boms": [{"bom_id": "b1", "product_id": "set", "kind": "kit", "quantity": 1}],
    "bom_lines": [{"bom_line_id": "b1/1", "bom_id": "b1", "component_id": "bolt", "quantity_per": 4}],
}


def tables(*parts: Rows) -> dict[str, pl.DataFrame]:
    return firm(**merged({"products": GOODS, "customers": CUSTOMERS, "sites": SITES}, *parts))


def by_item_day(*parts: Rows) -> pl.DataFrame:
    return demanded(tables(*parts))["demand_by_item_day"]


def still_wanted(*parts: Rows) -> pl.DataFrame:
    return demanded(tables(*parts))["open_demand"]


def asked(*parts: Rows) -> list[tuple[Any, ...]]:
    rows = by_item_day(*parts)
    return [
        (product, site, float(q)) for product, site, q in rows.select("product_id", "site_id", "quantity").iter_rows()
    ]


def still_open(*parts: Rows) -> list[tuple[Any, ...]]:
    rows = still_wanted(*parts).select("kind", "product_id", "due_on", "quantity")
    return [(kind, product, due, float(quantity)) for kind, product, due, quantity in rows.iter_rows()]


def used(number: str, status: str, **fields: Any) -> Row:
    places = {"kind": "consumption", "from_place": "internal", "to_place": "production", "from_site_id": "south"}
    return {"stock_move_id": number, "product_id": "bolt", "status": status, "quantity": 3} | places | fields


@pytest.mark.parametrize(
    ("status", "counts"), [("confirmed", 1), ("done", 1), ("draft", 0), ("quoted", 0), ("cancelled", 0)]
)
def test_only_confirmed_and_done_orders_are_demand(status: str, counts: int) -> None:
    assert len(asked(order("S1", "bolt", 2, status=status))) == counts


def test_demand_falls_on_the_day_of_the_order_and_adds_up() -> None:
    rows = by_item_day(order("S1", "bolt", 2), order("S2", "bolt", 3))
    assert rows.select("day_on", "quantity").rows() == [(DAY, Decimal(5))]


def test_services_and_lines_of_text_are_no_demand_for_goods() -> None:
    text = order("S2", "bolt", 1)
    text["sales_order_lines"][0] = {**text["sales_order_lines"][0], "product_id": None}
    assert asked(order("S1", "advice", 1), text) == []


def test_a_row_gone_at_its_source_is_no_demand() -> None:
    gone = order("S1", "bolt", 1)
    gone["sales_order_lines"][0] = {**gone["sales_order_lines"][0], "deleted_at": noon(DAY)}
    assert asked(gone) == []


def test_demand_is_at_the_orders_site_else_at_the_only_one_of_the_company_else_nowhere() -> None:
    named = order("S1", "bolt", 1, site_id="north/a")
    only = order("S2", "bolt", 2, company_id="c2")
    unknown = order("S3", "bolt", 4)
    assert sorted(asked(named, only, unknown), key=str) == [
        ("bolt", "north", 1),
        ("bolt", "shop", 2),
        ("bolt", None, 4),
    ]


def moved(line: str, site: str | None, quantity: float, **fields: Any) -> Row:
    places = {"kind": "delivery", "from_place": "internal", "to_place": "customer", "from_site_id": site}
    key = {"stock_move_id": f"{line}{site}{quantity}", "product_id": "bolt", "sales_order_line_id": line}
    return key | places | {"status": "done", "quantity": quantity} | fields


def test_what_was_shipped_tells_the_site_better_than_the_order_and_the_larger_part_counts() -> None:
    parts = [moved("S1/1", "north/a", 2), moved("S1/1", "north/b", 2, status="planned"), moved("S1/1", "shop", 3)]
    assert asked(order("S1", "bolt", 7, site_id="south"), {"stock_moves": parts}) == [("bolt", "north", 7)]


def test_cancelled_moves_and_returns_tell_no_site() -> None:
    parts = [moved("S1/1", "north/a", 2, status="cancelled"), moved("S1/1", "shop", 2, kind="customer_return")]
    assert asked(order("S1", "bolt", 7, site_id="south"), {"stock_moves": parts}) == [("bolt", "south", 7)]


def test_what_a_supplier_sends_straight_to_the_customer_asks_nothing_of_stock() -> None:
    straight: Rows = {"stock_moves": [moved("S1/1", None, 7, kind="dropship", from_place="supplier", status="planned")]}
    assert asked(order("S1", "bolt", 7), straight) == []
    assert still_open(order("S1", "bolt", 7), straight) == []
    half = moved("S1/1", "south", 7)
    assert asked(order("S1", "bolt", 14), {"stock_moves": [*straight["stock_moves"], half]}) == [("bolt", "south", 14)]


def test_a_line_that_is_shared_among_companies_belongs_to_its_orders_company() -> None:
    shared = order("S1", "bolt", 1, company_id="c2")
    shared["sales_order_lines"][0] = {**shared["sales_order_lines"][0], "company_id": "*"}
    assert by_item_day(shared)["company_id"].to_list() == ["c2"]


def test_what_production_consumed_is_demand_on_the_day_it_was_used() -> None:
    done = used("M1", "done", moved_at=noon(DAY))
    planned = used("M2", "planned", planned_at=noon(DAY))
    sold = used("M3", "done", kind="delivery", moved_at=noon(DAY))
    assert asked({"stock_moves": [done, planned, sold]}) == [("bolt", "south", 3)]


def test_a_kit_asks_for_what_is_in_it() -> None:
    assert asked(SET, order("S1", "set", 2)) == [("bolt", None, 8)]


def test_a_kit_in_a_kit_is_unpacked_too_and_a_bill_of_a_group_holds_for_its_products() -> None:
    case: dict[str, list[Row]] = {
        "boms": [{"bom_id": "b2", "product_group_id": "cases", "kind": "kit", "quantity": 1}],
        "bom_lines": [{"bom_line_id": "b2/1", "bom_id": "b2", "component_id": "set", "quantity_per": 10}],
    }
    assert asked(SET, case, order("S1", "case", 1)) == [("bolt", None, 40)]


def test_a_kit_that_contains_itself_ends() -> None:
    ring: dict[str, list[Row]] = {
        "bom_lines": [{"bom_line_id": "b1/2", "bom_id": "b1", "component_id": "set", "quantity_per": 1}]
    }
    assert asked(SET, ring, order("S1", "set", 1)) == [("bolt", None, 20)]


def test_a_kit_without_contents_or_with_an_archived_bill_asks_for_itself() -> None:
    archived: Rows = {"boms": [{**SET["boms"][0], "is_active": False}], "bom_lines": SET["bom_lines"]}
    assert asked(order("S1", "set", 1)) == [("set", None, 1)]
    assert asked(archived, order("S1", "set", 1)) == [("set", None, 1)]


@pytest.mark.parametrize(
    ("since", "until", "quantity"),
    [(None, None, 4), (DAY, DAY, 4), (DAY + timedelta(days=1), None, 0), (None, DAY - timedelta(days=1), 0)],
)
def test_a_dated_component_counts_on_the_days_it_holds(since: date | None, until: date | None, quantity: float) -> None:
    dated = {**SET["bom_lines"][0], "valid_from_on": since, "valid_to_on": until}
    found = asked({"boms": SET["boms"], "bom_lines": [dated]}, order("S1", "set", 1))
    assert sum(asked_for for *_, asked_for in found) == quantity


def test_open_is_what_is_not_delivered_of_confirmed_orders() -> None:
    rest = order("S1", "bolt", 5, delivered_quantity=2)
    unknown = order("S2", "bolt", 5)
    over = order("S3", "bolt", 5, delivered_quantity=6)
    closed = order("S4", "bolt", 5, status="done")
    assert still_open(rest, unknown, over, closed) == [("order", "bolt", DAY, 3), ("order", "bolt", DAY, 5)]


def test_an_open_kit_is_open_by_its_parts() -> None:
    assert still_open(SET, order("S1", "set", 2, delivered_quantity=1)) == [("order", "bolt", DAY, 4)]


@pytest.mark.parametrize(
    ("line", "head", "due"),
    [
        ({"promised_on": DUE}, {"promised_on": DAY}, DUE),
        ({}, {"promised_on": DUE, "requested_on": DAY}, DUE),
        ({"requested_on": DUE}, {"requested_on": DAY}, DUE),
        ({}, {"requested_on": DUE}, DUE),
        ({}, {}, DAY),
    ],
)
def test_an_order_is_due_when_promised_else_when_asked_for_else_at_once(line: Row, head: Row, due: date) -> None:
    made = order("S1", "bolt", 1)
    made["sales_orders"][0] = {**made["sales_orders"][0], **head}
    made["sales_order_lines"][0] = {**made["sales_order_lines"][0], **line}
    assert still_open(made) == [("order", "bolt", due, 1)]


def test_an_open_order_says_whose_it_is() -> None:
    row = still_wanted(order("S1", "bolt", 1)).row(0, named=True)
    named = {"number": "S1", "party": "Smith", "party_region": "N", "party_is_person": True}
    assert {name: row[name] for name in named} == named


def work(number: str, **fields: Any) -> Row:
    making = {"work_order_id": number, "number": number, "product_id": "oil", "quantity": 6, "site_id": "south"}
    return making | fields


def test_components_that_a_confirmed_work_order_still_takes_are_open_demand() -> None:
    moves = [
        used("M1", "planned", work_order_id="W1", planned_at=noon(DUE)),
        used("M2", "ready", work_order_id="W1"),
        used("M3", "done", work_order_id="W1", moved_at=noon(DAY)),
        used("M4", "planned", work_order_id="W2", planned_at=noon(DUE)),
    ]
    orders = [work("W1", due_on=DAY), work("W2", status="draft")]
    expected = [("work_order", "bolt", DAY, 3), ("work_order", "bolt", DUE, 3)]
    assert still_open({"stock_moves": moves, "work_orders": orders}) == expected


def test_a_work_order_without_movements_takes_what_its_bill_says_for_the_rest() -> None:
    making: dict[str, list[Row]] = {
        "boms": [{"bom_id": "b3", "product_id": "oil", "kind": "make", "quantity": 1}],
        "bom_lines": [{"bom_line_id": "b3/1", "bom_id": "b3", "component_id": "bolt", "quantity_per": 2}],
        "work_orders": [work("W1", bom_id="b3", produced_quantity=1, due_on=DUE)],
    }
    assert still_open(making) == [("work_order", "bolt", DUE, 10)]
    assert still_wanted(making)["site_id"].to_list() == ["south"]


def test_what_is_open_is_never_negative_and_unknown_deliveries_are_none() -> None:
    rows = pl.DataFrame({"wanted": [5, 5, 5], "done": [2, None, 9]}, schema={"wanted": pl.Float64, "done": pl.Float64})
    left = rows.select(open_quantity(pl.col("wanted"), pl.col("done"))).to_series()
    assert left.to_list() == [Decimal(3), Decimal(5), Decimal(0)]


def test_the_sum_of_nothing_known_is_unknown() -> None:
    rows = pl.DataFrame({"some": [1, None], "none": [None, None]}, schema={"some": pl.Int64, "none": pl.Int64})
    assert rows.select(known_sum(pl.col("some")), known_sum(pl.col("none"))).row(0) == (1, None)
