"""A firm that changed its ERP: what was done counts once, what goes on is one, and what one system has alone stays."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from analytics.one_firm import Cutover, OneFirm
from analytics.tables import TABLES, ordered_columns

DAY = date(2026, 3, 1)
CUT = Cutover(before="old", after="new", on=DAY)
Rows = tuple[dict[str, Any], ...]


def day(days: int) -> date:
    """So many days after the change; negative before."""
    return DAY + timedelta(days=days)


def at(days: int) -> datetime:
    """Noon of such a day."""
    return datetime.combine(day(days), datetime.min.time(), UTC) + timedelta(hours=12)


def frame(name: str, rows: Rows) -> pl.DataFrame:
    """A table of these rows; a row names its key, whose first part is its source."""
    columns, key = TABLES[name].columns(), TABLES[name].primary_key()[0]
    schema = {column: columns[column].dtype for column in ordered_columns(TABLES[name])}
    told = [{"company_id": "*", **row, "source": row.get("source") or str(row[key]).split(":")[0]} for row in rows]
    full = [{column: _exact(row.get(column), kind) for column, kind in schema.items()} for row in told]
    return pl.DataFrame(full, schema=schema, orient="row")


def _exact(value: Any, kind: pl.DataType) -> Any:
    return Decimal(value) if isinstance(kind, pl.Decimal) and value is not None else value


def firm(**tables: Rows) -> OneFirm:
    """The firm of these tables; it has nothing else."""
    known: Mapping[str, Rows] = {**dict.fromkeys(TABLES, ()), **tables}
    return OneFirm(CUT, lambda name: frame(name, known[name]), is_over=True)


def shown(one: OneFirm, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """The rows of a table that count, by their first column."""
    return one.rows(table).select(columns).sort(columns[0], *columns[1:], nulls_last=True).rows()


def joined(entity: str, *records: str) -> Rows:
    """Identities that say that these records are one."""
    return tuple(
        {
            "identity_id": f"tandem:{key}",
            "entity": entity,
            "group_id": min(records),
            "record_id": key,
            "state": "joined",
        }
        for key in records
    )


CUSTOMERS: Rows = (
    {"customer_id": "old:C", "name": "Ada", "created_on": day(-400)},
    {"customer_id": "new:7", "name": "Ada Ltd", "created_on": day(0)},
)
SAME = joined("customer", "old:C", "new:7")


def order(
    key: str, days: int, number: str | None = None, status: str = "confirmed", amount: int = 100
) -> dict[str, Any]:
    """An order of the one customer, in its source."""
    customer = "old:C" if key.startswith("old") else "new:7"
    told = {"sales_order_id": key, "customer_id": customer, "ordered_at": at(days), "number": number, "status": status}
    return told | {"amount_untaxed": amount, "currency": "EUR"}


def test_orders_count_in_the_system_of_their_day() -> None:
    rows = (order("old:1", -1), order("old:2", 0), order("new:1", -1), order("new:2", 0))
    one = firm(customers=CUSTOMERS, identities=SAME, sales_orders=rows)
    assert shown(one, "sales_orders", "sales_order_id", "customer_id") == [("new:2", "new:7"), ("old:1", "new:7")]


def test_the_day_of_the_change_begins_when_it_begins_at_the_sites() -> None:
    evening = {"ordered_at": at(-1) + timedelta(hours=6)}  # two in the morning of the day, in Shanghai
    rows = (order("old:1", -1) | evening, order("old:2", -1), order("new:1", -1) | evening)
    told = {"customers": CUSTOMERS, "identities": SAME, "sales_orders": rows}
    sites: Rows = ({"site_id": "new:9", "name": "Store", "time_zone": "Asia/Shanghai"},)
    assert shown(firm(**told, sites=sites), "sales_orders", "sales_order_id") == [("new:1",), ("old:2",)]
    assert shown(firm(**told), "sales_orders", "sales_order_id") == [("old:1",), ("old:2",)]
    dated = tuple(order(key, 0) | {"ordered_at": at(0) - timedelta(hours=12)} for key in ("old:1", "new:1"))
    west = ({**sites[0], "time_zone": "America/New_York"},)
    told["sales_orders"] = dated
    assert shown(firm(**told, sites=west), "sales_orders", "sales_order_id") == [("new:1",)]


def test_before_its_day_the_new_system_counts_nothing() -> None:
    rows = (order("old:1", -1), order("old:2", 0), order("new:1", -1))
    one = replace(firm(customers=CUSTOMERS, identities=SAME, sales_orders=rows), is_over=False)
    assert shown(one, "sales_orders", "sales_order_id") == [("old:1",), ("old:2",)]
    assert shown(one, "customers", "customer_id") == [("old:C",)]


def test_a_customer_of_both_is_one_and_known_since_the_first() -> None:
    one = firm(customers=CUSTOMERS, identities=SAME)
    assert shown(one, "customers", "customer_id", "name", "created_on") == [("new:7", "Ada Ltd", day(-400))]
    assert shown(one, "identities", "record_id", "group_id") == [("new:7", "new:7")]


def test_a_customer_and_a_product_of_one_key_are_each_their_own() -> None:
    products: Rows = ({"product_id": "old:C", "name": "Pump"}, {"product_id": "new:1", "name": "Pump"})
    same = tuple({**row, "identity_id": f"{row['identity_id']}p"} for row in joined("product", "old:C", "new:1"))
    one = firm(customers=CUSTOMERS, products=products, identities=(*SAME, *same))
    known = [("customer", "new:7", "new:7"), ("product", "new:1", "new:1")]
    assert shown(one, "identities", "entity", "record_id", "group_id") == known
    elsewhere = tuple({**row, "record_id": row["record_id"].replace("new:1", "crm:1")} for row in same)
    only_customers = firm(customers=CUSTOMERS, products=products, identities=(*SAME, *elsewhere))
    kept = [("customer", "new:7"), ("product", "crm:1"), ("product", "old:C")]
    assert shown(only_customers, "identities", "entity", "record_id") == kept


def test_customers_that_nobody_said_to_be_one_stay_two() -> None:
    assert shown(firm(customers=CUSTOMERS), "customers", "customer_id") == [("new:7",), ("old:C",)]


@pytest.mark.parametrize("days", [-3, 0, 2], ids=["at its own day", "at the change", "after it"])
@pytest.mark.parametrize("noted", ["number", "customer_reference"])
def test_an_open_order_that_was_carried_over_is_one(days: int, noted: str) -> None:
    carried = order("new:1", days, status="done", amount=40) | {noted: "A1"}
    lines: Rows = (
        {"sales_order_line_id": "old:1a", "sales_order_id": "old:1", "quantity": 10, "delivered_quantity": 6}
        | {"amount_untaxed": 100},
        {"sales_order_line_id": "new:1a", "sales_order_id": "new:1", "quantity": 4, "delivered_quantity": 3}
        | {"amount_untaxed": 40},
    )
    one = firm(
        customers=CUSTOMERS, identities=SAME, sales_orders=(order("old:1", -3, "A1"), carried), sales_order_lines=lines
    )
    columns = ("sales_order_id", "ordered_at", "amount_untaxed", "status")
    assert shown(one, "sales_orders", *columns) == [("new:1", at(-3), Decimal(100), "done")]
    told = ("sales_order_line_id", "sales_order_id", "quantity", "delivered_quantity", "amount_untaxed")
    assert shown(one, "sales_order_lines", *told) == [("new:1a", "new:1", 10, 9, 100)]


def test_a_line_that_was_carried_over_whole_is_delivered_as_far_as_either_says() -> None:
    lines: Rows = tuple(
        {"sales_order_line_id": f"{source}:1a", "sales_order_id": f"{source}:1", "quantity": 10}
        | {"delivered_quantity": delivered}
        for source, delivered in (("old", 2), ("new", 7))
    )
    orders = (order("old:1", -3, "A1"), order("new:1", -3, "A1"))
    one = firm(customers=CUSTOMERS, identities=SAME, sales_orders=orders, sales_order_lines=lines)
    assert shown(one, "sales_order_lines", "quantity", "delivered_quantity") == [(10, 7)]


def test_the_same_number_of_another_customer_is_another_order() -> None:
    others = (*CUSTOMERS, {"customer_id": "new:8", "name": "Bo"})
    rows = (order("old:1", -3, "A1"), order("new:1", 2, "A1") | {"customer_id": "new:8"})
    one = firm(customers=others, identities=SAME, sales_orders=rows)
    assert shown(one, "sales_orders", "sales_order_id") == [("new:1",), ("old:1",)]


def test_an_open_order_that_the_new_system_does_not_know_stays_and_is_told() -> None:
    one = firm(customers=CUSTOMERS, identities=SAME, sales_orders=(order("old:1", -3, "A1"), order("new:2", 1)))
    assert shown(one, "sales_orders", "sales_order_id") == [("new:2",), ("old:1",)]
    counts = one.counts().filter(pl.col("table") == "sales_orders")
    assert counts.select("before_counted", "after_counted", "carried_over", "open_without").rows() == [(1, 1, 0, 1)]


def test_lines_that_were_carried_over_count_in_both_and_those_left_out_are_told() -> None:
    orders = (order("old:1", -3, "A1"), order("old:2", 1, "A2"), order("new:1", -3, "A1"))
    lines: Rows = tuple(
        {"sales_order_line_id": f"{key}a", "sales_order_id": key, "quantity": 1} for key in ("old:1", "old:2", "new:1")
    )
    one = firm(customers=CUSTOMERS, identities=SAME, sales_orders=orders, sales_order_lines=lines)
    counts = one.counts().drop("open_without").rows_by_key("table", unique=True)
    assert counts["sales_order_lines"] == counts["sales_orders"] == (1, 1, 1, 0, 1)


def test_an_invoice_that_was_carried_over_is_owed_once() -> None:
    def invoice(key: str, days: int, amount: int, owed: int) -> dict[str, Any]:
        told = {"invoice_id": key, "number": "R1", "customer_id": "old:C" if key == "old:1" else "new:7"}
        return told | {"invoiced_on": day(days), "amount_total": amount, "amount_open": owed, "status": "posted"}

    paid = (
        {"payment_id": "old:p", "invoice_id": "old:1", "paid_on": day(-1), "amount": 60, "status": "done"},
        {"payment_id": "new:p", "invoice_id": "new:1", "paid_on": day(5), "amount": 40, "status": "done"},
    )
    rows = (invoice("old:1", -9, 100, 40), invoice("new:1", 0, 40, 0))
    one = firm(customers=CUSTOMERS, identities=SAME, invoices=rows, payments=paid)
    assert shown(one, "invoices", "invoice_id", "invoiced_on", "amount_total", "amount_open") == [
        ("new:1", day(-9), 100, 0)
    ]
    assert shown(one, "payments", "payment_id", "invoice_id") == [("new:p", "new:1"), ("old:p", "new:1")]


PLACES: dict[str, Rows] = {
    "products": ({"product_id": "old:P", "name": "Pump"}, {"product_id": "new:1", "name": "Pump"}),
    "sites": (
        {"site_id": "old:W", "name": "Store"},
        {"site_id": "new:9", "name": "store "},
        {"site_id": "old:X", "name": "Shed"},
    ),
    "identities": joined("product", "old:P", "new:1"),
}


def level(source: str, site: str, days: int, on_hand: int) -> dict[str, Any]:
    """How many pumps lie somewhere."""
    product = "old:P" if source == "old" else "new:1"
    return {"product_id": product, "site_id": site, "as_of_on": day(days), "on_hand": on_hand}


def test_stock_is_one_course_and_opening_stock_does_not_add_to_it() -> None:
    levels = (
        level("old", "old:W", -9, 5),
        level("old", "old:W", 3, 4),
        level("new", "new:9", -2, 5),
        level("new", "new:9", 4, 8),
        level("old", "old:X", -9, 2),
    )
    one = firm(**PLACES, inventory_levels=levels)
    assert shown(one, "inventory_levels", "site_id", "as_of_on", "on_hand") == [
        ("new:9", day(-9), 5),
        ("new:9", day(0), 5),
        ("new:9", day(4), 8),
        ("old:X", day(-9), 2),
        ("old:X", day(0), 0),
    ]


def test_stock_of_two_products_that_became_one_is_added_up() -> None:
    products: Rows = ({"product_id": "old:Q", "name": "Pump"}, *PLACES["products"])
    one = firm(
        products=products,
        sites=PLACES["sites"],
        identities=joined("product", "old:P", "old:Q", "new:1"),
        inventory_levels=(
            level("old", "old:W", -9, 5),
            level("old", "old:W", -9, 7) | {"product_id": "old:Q"},
            level("old", "old:W", -4, 1) | {"product_id": "old:Q"},
            level("old", "old:X", -9, 2),
            level("new", "new:9", 0, 6),
        ),
    )
    assert shown(one, "inventory_levels", "site_id", "as_of_on", "on_hand", "reserved", "source") == [
        ("new:9", day(-9), 12, None, "old"),
        ("new:9", day(-4), 6, None, "old"),
        ("new:9", day(0), 6, None, "new"),
        ("old:X", day(-9), 2, None, "old"),
        ("old:X", day(0), 0, 0, "old"),
    ]


def move(key: str, days: int, status: str = "done", from_place: str = "internal") -> dict[str, Any]:
    """A movement of the pump."""
    product = "old:P" if key.startswith("old") else "new:1"
    told = {"stock_move_id": key, "product_id": product, "moved_at": at(days), "status": status, "quantity": 1}
    return told | {"from_place": from_place}


def test_what_is_still_to_be_moved_is_the_new_systems_and_opening_stock_did_not_come() -> None:
    moves = (
        move("old:done", -1),
        move("old:late", 1),
        move("old:planned", -5, "planned"),
        move("new:planned", -5, "planned"),
        move("new:opening", 0, from_place="adjustment"),
        move("new:early", -1),
        move("new:done", 0),
    )
    one = firm(**PLACES, stock_moves=moves)
    assert shown(one, "stock_moves", "stock_move_id") == [("new:done",), ("new:planned",), ("old:done",)]


def test_what_only_one_system_keeps_counts_whole() -> None:
    entries = tuple(
        {"ticket_id": f"old:{days}", "customer_id": "old:C", "opened_at": at(days), "status": "open"}
        for days in (-1, 3)
    )
    one = firm(customers=CUSTOMERS, identities=SAME, tickets=entries)
    assert shown(one, "tickets", "ticket_id", "customer_id") == [("old:-1", "new:7"), ("old:3", "new:7")]


def test_settings_of_a_product_are_the_new_systems_where_it_has_the_product() -> None:
    products = (*PLACES["products"], {"product_id": "old:Q", "name": "Relic"})
    rules = tuple(
        {"reorder_rule_id": f"{product}r", "product_id": product, "site_id": site}
        for product, site in (("old:P", "old:W"), ("new:1", "new:9"), ("old:Q", "old:W"))
    )
    one = firm(**{**PLACES, "products": products}, reorder_rules=rules)
    assert shown(one, "reorder_rules", "reorder_rule_id", "site_id") == [("new:1r", "new:9"), ("old:Qr", "new:9")]


def test_references_to_what_does_not_count_are_empty() -> None:
    shipments: Rows = (
        {"shipment_id": "new:s", "sales_order_id": "new:1", "status": "done", "shipped_at": at(2)},
        {"shipment_id": "old:s", "sales_order_id": "old:2", "status": "done", "shipped_at": at(-2)},
    )
    rows = (order("old:2", -3), order("new:1", -3))
    one = firm(customers=CUSTOMERS, identities=SAME, sales_orders=rows, shipments=shipments)
    assert shown(one, "shipments", "shipment_id", "sales_order_id") == [("new:s", None), ("old:s", "old:2")]


def test_rows_of_other_systems_are_left_as_they_are_but_for_what_they_refer_to() -> None:
    deals: Rows = ({"opportunity_id": "crm:1", "customer_id": "old:C", "created_at": at(9), "status": "open"},)
    one = firm(customers=CUSTOMERS, identities=SAME, opportunities=deals)
    assert shown(one, "opportunities", "opportunity_id", "customer_id") == [("crm:1", "new:7")]


def test_a_system_does_not_follow_itself() -> None:
    with pytest.raises(ValueError, match="from one system to another"):
        Cutover(before="odoo", after="odoo", on=DAY)
