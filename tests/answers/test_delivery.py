"""When what a customer asks for can leave: the right to ask, what is wrong with a line, the day, and other ways."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.access import NotAllowed, Viewer
from analytics.scope import Scope
from answers import delivery
from answers.delivery import MOST_LINES, How, Promised
from tests.analytics.firm import COMPANIES, DAY, SITES, Row, firm, merged, noon, order
from tests.answers.served import served

SALES = Viewer(user="ada", role="sales")
EVERYTHING = Scope()
PRODUCTS: list[Row] = [
    {"product_id": "bolt", "sku": "B-1", "name": "Bolt", "name_zh": "螺栓", "barcode": "400", "kind": "storable"},
    {"product_id": "nut", "sku": "N-1", "name": "Nut", "kind": "storable", "lead_time_days": 14},
    {"product_id": "oil", "sku": "N-1", "name": "Oil", "kind": "consumable"},
    {"product_id": "visit", "sku": "V-1", "name": "Visit", "kind": "service"},
]


def on(number: int) -> date:
    """So many days after today."""
    return DAY + timedelta(days=number)


@pytest.fixture(autouse=True)
def _served() -> None:
    """Five bolts, of which three are promised in a week; ten more due in ten days from a supplier nobody knows; a nut
    can be bought; of oil nothing is known."""
    bought: dict[str, list[Row]] = {
        "companies": COMPANIES,
        "sites": SITES,
        "products": PRODUCTS,
        "customers": [
            {"customer_id": "k1", "name": "Kim", "region": "N", "is_company": True},
            {"customer_id": "k2", "name": "Old", "region": "N", "is_active": False},
        ],
        "suppliers": [{"supplier_id": "v1", "name": "Vendor"}],
        "supplier_products": [
            {"supplier_product_id": "o1", "supplier_id": "v1", "product_id": "nut", "lead_time_days": 14}
        ],
        "inventory_levels": [{"product_id": "bolt", "site_id": "north", "as_of_on": DAY, "on_hand": 5}],
        "purchase_orders": [{"purchase_order_id": "P1", "number": "P1", "supplier_id": "v1", "site_id": "north"}],
        "purchase_order_lines": [
            {"purchase_order_line_id": "P1/1", "purchase_order_id": "P1", "product_id": "bolt", "quantity": 10}
            | {"due_on": on(10)}
        ],
    }
    served(firm(**merged(bought, order("S1", "bolt", 3, site_id="north", promised_on=on(7), ordered_at=noon(on(-3))))))


def promised(*wishes: tuple[str, str], site: str | None = None, viewer: Viewer = SALES, **asked: Any) -> Promised:
    how = {"in_parts": False, "level": 90} | asked
    return delivery.promised(viewer, EVERYTHING, wishes, How(leaves_from=site, **how))


def test_what_is_free_leaves_today_and_the_title_day_is_that() -> None:
    answer = promised(("B-1", "2"))
    assert (answer.first_on, answer.last_on, answer.confidence) == (DAY, DAY, 1.0)
    assert answer.parts.select("source", "site", "quantity").rows() == [("stock", "North", 2.0)]
    assert answer.broken.is_empty()


def test_one_more_waits_for_the_receipt_and_says_whose_promise_an_earlier_day_breaks() -> None:
    answer = promised(("B-1", "3"))
    assert answer.last_on is not None
    assert answer.last_on >= on(10)
    assert answer.parts.select("source", "number", "party", "due_on").rows() == [("receipt", "P1", "Vendor", on(10))]
    assert answer.confidence == pytest.approx(0.9)
    assert answer.broken.select("number", "party", "sku", "due_on").rows() == [("S1", "Kim", "B-1", on(7))]


def test_more_certainty_is_never_an_earlier_day() -> None:
    days = [promised(("B-1", "3"), level=level).last_on for level in (50, 80, 90, 95)]
    assert days == sorted(days, key=str)


def test_in_parts_what_is_free_leaves_first() -> None:
    answer = promised(("B-1", "3"), in_parts=True)
    assert answer.parts.select("leaves_on", "quantity").row(0) == (DAY, 2.0)
    assert answer.first_on == DAY
    assert answer.last_on == promised(("B-1", "3")).last_on


def test_a_new_order_is_told_with_its_lead_time() -> None:
    answer = promised(("nut", "4"))
    assert answer.parts.select("source", "party", "lead_time_days").rows() == [("new_order", "Vendor", 14.0)]
    assert answer.last_on is not None
    assert answer.last_on >= on(14)


def test_a_product_without_any_source_has_no_day() -> None:
    answer = promised(("oil", "1"), ("B-1", "1"))
    assert answer.lines["status"].to_list() == ["no_supply", "promised"]
    assert (answer.first_on, answer.last_on, answer.confidence) == (DAY, None, None)


@pytest.mark.parametrize(
    ("code", "written", "status"),
    [
        ("nonsense", "1", "unknown_product"),
        ("N-1", "1", "unknown_product"),
        ("V-1", "1", "not_stocked"),
        ("B-1", "0", "no_quantity"),
        ("B-1", "-1", "no_quantity"),
        ("B-1", "1e9", "too_many"),
        ("B-1", "abc", "not_a_number"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_and_no_day_is_made_up(code: str, written: str, status: str) -> None:
    answer = promised((code, written))
    assert answer.lines["status"].to_list() == [status]
    assert (answer.first_on, answer.last_on, answer.confidence) == (None, None, None)
    assert answer.parts.is_empty()


@pytest.mark.parametrize("code", ["B-1", " b-1 ", "bolt", "BOLT", "400"])
def test_a_product_is_found_by_its_number_its_key_or_its_barcode(code: str) -> None:
    assert promised((code, "1")).lines["product_id"].to_list() == ["bolt"]


def test_the_first_line_is_served_first() -> None:
    answer = promised(("B-1", "2"), ("B-1", "1"))
    assert answer.lines["promised_on"].to_list()[0] == DAY
    assert answer.lines["promised_on"].to_list()[1] > DAY


def test_other_ways_never_repeat_the_one_asked_for() -> None:
    others = promised(("B-1", "3")).others
    assert ("whole", None) not in others.select("way", "site_id").rows()
    assert others.filter(pl.col("way").is_in(["whole", "parts"]))["way"].to_list()[0] == "parts"
    south = others.filter(pl.col("site_id") == "south").row(0, named=True)
    north = others.filter(pl.col("site_id") == "north").row(0, named=True)
    assert (south["last_on"] - north["last_on"]).days == 7


def test_too_many_lines_are_counted_and_left_out() -> None:
    answer = promised(*[("B-1", "1")] * (MOST_LINES + 2))
    assert (answer.lines.height, answer.left_out) == (MOST_LINES, 2)


def test_what_can_be_asked_for_and_by_whom() -> None:
    found = delivery.products(SALES, EVERYTHING)
    assert found["code"].to_list() == ["B-1", "nut", "oil"]
    assert delivery.customers(SALES, EVERYTHING).rows() == [("k1", "Kim")]
    assert delivery.free(SALES, EVERYTHING, (("B-1", "1"),)).select("sku", "site", "free").rows() == [
        ("B-1", "North", 2.0)
    ]


@pytest.mark.parametrize("missing", ["sales.read", "inventory.read"])
def test_both_rights_are_needed(missing: str) -> None:
    with pytest.raises(NotAllowed):
        promised(("B-1", "1"), viewer=Viewer(user="ada", role="sales", without=frozenset({missing})))


def test_stock_of_another_region_promises_nothing() -> None:
    southern = Viewer(user="ada", role="sales", regions=frozenset({"S"}))
    assert promised(("B-1", "1"), viewer=southern).lines["status"].to_list() == ["no_supply"]


def test_the_order_of_a_customer_of_another_region_has_no_name() -> None:
    tables = firm(
        companies=COMPANIES,
        sites=SITES,
        products=PRODUCTS,
        customers=[{"customer_id": "k1", "name": "Kim", "region": "S", "is_company": True}],
        inventory_levels=[{"product_id": "bolt", "site_id": "north", "as_of_on": DAY, "on_hand": 5}],
        **order("S1", "bolt", 3, site_id="north", promised_on=on(7)),
    )
    served(tables)
    northern = Viewer(user="ada", role="sales", regions=frozenset({"N"}))
    assert promised(("B-1", "3"), viewer=northern).broken.select("number", "party").rows() == [(None, None)]
