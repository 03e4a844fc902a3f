"""What decisions rest on: what counts as one buy, one complaint, one open line; and cutting first changes nothing."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.attention import ATTENTION, WEEKS_KEPT, campaign_sales, today
from tests.analytics.calm import calm_firm
from tests.analytics.firm import DAY, Firm, Row, firm, merged, noon, order

GRAIN = {
    "sales_by_product": ("product_id", "country", "company_id", "region", "currency", "weeks_ago"),
    "sales_by_customer": ("customer_id", "company_id", "region", "currency", "weeks_ago"),
    "margins_by_product": ("product_id", "company_id", "region", "currency", "weeks_ago"),
    "margins_by_customer": ("customer_id", "company_id", "region", "currency", "weeks_ago"),
    "complaints_by_product": ("product_id", "company_id", "region", "weeks_ago"),
    "bought_by_supplier": ("supplier_id", "product_id", "company_id", "region", "currency", "weeks_ago"),
}
COUNTED = {"product_id": "bolt", "site_id": "south", "as_of_on": DAY, "on_hand": 1}
BASE: Mapping[str, Sequence[Row]] = {
    "products": [
        {"product_id": name, "kind": "storable", "category_id": "metal", "product_group_id": name}
        for name in ("bolt", "nut")
    ],
    "sites": [{"site_id": "south", "name": "South", "kind": "plant"}],
    "customers": [{"customer_id": name, "name": name, "country": "DE", "region": "N"} for name in ("k1", "k2", "k3")],
    "inventory_levels": [COUNTED],
}


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def made(name: str, *parts: Mapping[str, Sequence[Row]]) -> list[dict[str, Any]]:
    needs, make = ATTENTION[name]
    tables = firm(**merged(BASE, *parts))
    return make({needed: tables[needed] for needed in needs}).to_dicts()


def told(name: str, *columns: str, parts: Sequence[Mapping[str, Sequence[Row]]] = ()) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in made(name, *parts)]


def test_today_is_the_day_of_the_latest_count_else_of_the_latest_order() -> None:
    later = order("S1", "bolt", 1, ordered_at=noon(DAY + timedelta(days=9)))
    assert today(firm(**merged(BASE, later))) == DAY
    assert today(firm(**later)) == DAY + timedelta(days=9)
    assert today(firm()) is None


@pytest.mark.parametrize("name", GRAIN)
def test_one_row_for_what_it_says_and_no_week_but_those_kept(name: str) -> None:
    rows = ATTENTION[name][1](calm_firm(1, orders=1_500, purchases=300, complaints=100))
    assert rows.height > 50
    assert not rows.select(GRAIN[name]).is_duplicated().any()
    assert rows["weeks_ago"].is_between(0, WEEKS_KEPT - 1).all()


def test_weeks_are_counted_back_from_today_and_what_is_dated_later_is_left_out() -> None:
    orders = [
        order(f"S{days}", "bolt", 1, ordered_at=noon(ago(days)), customer_id=f"k{1 + n % 2}", amount_untaxed=1)
        for n, days in enumerate((-1, 0, 6, 7, 7 * WEEKS_KEPT))
    ]
    weeks = told("sales_by_product", "weeks_ago", "buys", "quantity", parts=orders)
    assert weeks == [(0, 2, 2), (1, 1, 1)]


def test_what_one_customer_orders_of_a_product_on_one_day_is_one_buy() -> None:
    parts = [
        order("S1", "bolt", 2),
        order("S2", "bolt", 3),
        order("S3", "nut", 1),
        order("S4", "bolt", 1, customer_id="k2"),
    ]
    assert told("sales_by_product", "product_id", "buys", "quantity", parts=parts) == [("bolt", 2, 6), ("nut", 1, 1)]
    assert told("sales_by_customer", "customer_id", "buys", parts=parts) == [("k1", 1), ("k2", 1)]


def ticket(number: int, days: int, product: str = "bolt", customer: str = "k1") -> dict[str, Any]:
    return {"ticket_id": f"T{number}", "product_id": product, "customer_id": customer, "opened_at": noon(ago(days)),
            "status": "closed"}  # fmt: skip


def test_tickets_complaints_and_returns_of_one_trouble_are_one_complaint_on_its_first_day() -> None:
    parts: dict[str, list[Row]] = {
        "tickets": [ticket(1, 30), ticket(2, 60), ticket(3, 28, "nut"), ticket(4, 28, customer="k2")],
        "feedback": [
            {"feedback_id": "F1", "kind": "complaint", "product_id": "bolt", "customer_id": "k1",
             "given_at": noon(ago(25))},
            {"feedback_id": "F2", "kind": "survey", "product_id": "bolt", "customer_id": "k3",
             "given_at": noon(ago(25))},
        ],
        "returns": [
            {"return_id": "R1", "product_id": "bolt", "customer_id": "k1", "quantity": 1, "returned_at": noon(ago(10))}
        ],
    }  # fmt: skip
    found = told("complaints_by_product", "product_id", "weeks_ago", "complaints", parts=[parts])
    assert found == [("bolt", 4, 2), ("bolt", 8, 1), ("nut", 4, 1)]


def test_a_cancelled_ticket_and_one_about_no_product_are_no_complaint() -> None:
    parts = {"tickets": [ticket(1, 3) | {"status": "cancelled"}, ticket(2, 3) | {"product_id": None}]}
    assert made("complaints_by_product", parts) == []


def test_an_open_line_is_what_lacks_of_it_with_its_share_of_the_amount() -> None:
    first = {"first_promised_on": ago(9), "promised_on": ago(2)}
    head = order("S1", "bolt", 8, delivered_quantity=6, salesperson_id="e1")
    head["sales_orders"][0] |= first  # type: ignore[operator]
    head["sales_order_lines"][0] |= {"amount_untaxed": 40}  # type: ignore[operator]
    done = order("S2", "bolt", 5, delivered_quantity=5)
    closed = order("S3", "bolt", 5, status="done", delivered_quantity=1)
    columns = ("document", "quantity", "amount", "first_promised_on", "promised_on", "salesperson_id")
    found = told("open_order_lines", *columns, parts=[head, done, closed])
    assert found == [("S1", 2, 10, ago(9), ago(2), "e1")]


def test_an_open_invoice_is_posted_and_not_paid_in_full_and_a_credit_note_counts_negative() -> None:
    usual = {"customer_id": "k1", "kind": "invoice", "status": "posted", "due_on": ago(5), "amount_untaxed": 1}
    rows = [
        usual | {"invoice_id": "1", "number": "I1", "amount_open": 7},
        usual | {"invoice_id": "2", "number": "I2", "amount_open": 0},
        usual | {"invoice_id": "3", "number": "I3", "amount_open": 7, "status": "draft"},
        usual | {"invoice_id": "4", "number": "I4", "amount_open": -2, "kind": "credit_note"},
    ]
    found = told("open_invoices", "document", "amount", parts=[{"invoices": rows}])
    assert sorted(found) == [("I1", 7), ("I4", -2)]


def purchase(number: int, due: int, *, came: int | None = None, status: str = "confirmed", **line: Any) -> Any:
    key = {"purchase_order_id": f"P{number}"}
    head = key | {"number": f"P{number}", "supplier_id": "v1", "status": status, "ordered_at": noon(ago(due + 10)),
                  "buyer_id": "e2"}  # fmt: skip
    whole = {"quantity": 10, "received_quantity": 0 if came is None else 10, "amount_untaxed": 50}
    dated = {"first_due_on": ago(due), "received_on": None if came is None else ago(came)}
    lines = key | whole | dated | {"purchase_order_line_id": f"P{number}/1", "product_id": "bolt"} | line
    return {"purchase_orders": [head], "purchase_order_lines": [lines]}


def test_a_supplier_line_is_open_or_was_due_within_500_days() -> None:
    parts = [
        purchase(1, 20, came=15, status="done"),
        purchase(2, 5, received_quantity=4),
        purchase(3, 600, came=600, status="done"),
        purchase(4, 600),
        purchase(5, 5, status="draft"),
    ]
    found = told("supplier_lines", "document", "is_open", "amount", "in_full_on", "buyer_id", parts=parts)
    assert sorted(found) == [
        ("P1", False, None, ago(15), "e2"),
        ("P2", True, 30, None, "e2"),
        ("P4", True, 50, None, "e2"),
    ]


def test_what_was_bought_counts_in_the_week_of_the_order() -> None:
    parts = [purchase(1, -20), purchase(2, -4), purchase(3, -4, amount_untaxed=None)]
    found = told("bought_by_supplier", "supplier_id", "weeks_ago", "lines", "quantity", "amount", parts=parts)
    assert found == [("v1", 0, 1, 10, 50)]


def campaign(*members: dict[str, Any], **fields: Any) -> dict[str, list[Row]]:
    head = {"campaign_id": "a", "name": "A", "starts_on": ago(40), "ends_on": ago(20)} | fields
    rows = [{"campaign_member_id": str(n), "campaign_id": "a"} | member for n, member in enumerate(members)]
    return {"campaigns": [head], "campaign_members": list(rows)}


def bought(name: str, who: str, days: int, product: str = "bolt", **fields: Any) -> dict[str, list[Row]]:
    return order(name, product, 1, customer_id=who, ordered_at=noon(ago(days)), status="done", **fields)


def test_what_a_campaign_did_is_what_was_bought_before_it_and_until_two_weeks_after_it() -> None:
    parts = [
        campaign({"customer_id": "k1"}, {"customer_id": "k2", "is_control": True}),
        *(bought(f"S{days}", "k1", days) for days in (5, 6, 40, 41, 222, 223)),
        bought("S", "k2", 100),
        bought("O", "k3", 30),
    ]
    found = told("campaign_sales", "group", "customers", "buys_before", "buys_during", "days_during", parts=parts)
    assert found == [("addressed", 1, 2, 2, 35), ("control", 1, 1, 0, 35), ("others", 1, 0, 1, 35)]


def test_only_the_families_that_orders_name_the_campaign_for_count_where_any_do() -> None:
    parts = [
        campaign({"customer_id": "k1"}),
        bought("S1", "k1", 30, campaign_id="a"),
        bought("S2", "k1", 28, product="nut"),
    ]
    found = told("campaign_sales", "group", "buys_during", parts=parts)
    assert found == [("addressed", 1), ("others", 0)]


def test_a_contact_stands_for_its_customer_and_who_is_held_out_once_is_control() -> None:
    contacts: dict[str, list[Row]] = {"contacts": [{"contact_id": "c", "customer_id": "k2"}]}
    members = campaign({"contact_id": "c"}, {"customer_id": "k1"}, {"customer_id": "k1", "is_control": True})
    found = told("campaign_sales", "group", "customers", parts=[members, contacts])
    assert found == [("addressed", 1), ("control", 1), ("others", 1)]


@pytest.mark.parametrize(
    ("fields", "rows"),
    [({"starts_on": None}, 0), ({"starts_on": ago(-1), "ends_on": None}, 0), ({"ends_on": ago(300)}, 0), ({}, 2)],
)
def test_a_campaign_that_has_not_begun_or_is_long_over_is_left_out(fields: dict[str, Any], rows: int) -> None:
    tables = firm(**merged(BASE, campaign({"customer_id": "k1"}, **fields)))
    assert campaign_sales(tables).height == rows


def of_region(tables: Firm, region: str) -> Firm:
    """The firm's sales and complaints of the customers of one region, as a viewer of it sees them."""
    own = tables["customers"].filter(pl.col("region") == region).select("customer_id")
    cut = ("sales_orders", "invoices", "tickets")
    return tables | {name: tables[name].join(own, on="customer_id", how="semi") for name in cut}


@pytest.mark.parametrize("name", ["sales_by_product", "sales_by_customer", "complaints_by_product"])
def test_regions_are_cut_before_anything_is_summed(name: str) -> None:
    tables = calm_firm(3, orders=1_500, purchases=100, complaints=200)
    regions = tables["customers"].select("customer_id", "region")
    located = tables | {
        table: tables[table].join(regions, on="customer_id", how="left") for table in ("sales_orders", "tickets")
    }
    make = ATTENTION[name][1]
    found = make(located).filter(pl.col("region") == "AT")
    assert found.height > 20
    assert found.equals(make(of_region(located, "AT")))
