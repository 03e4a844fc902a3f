"""Facts: which rows count, by which day, and what they add up to."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from analytics.facts import (
    COMMON,
    FACTS,
    due_lines,
    invoice_lines,
    issues,
    order_lines,
    purchase_lines,
    receivables,
    stock,
)
from tests.analytics.firm import COMPANIES, SITES, Row, firm, random_firm

MAY = date(2026, 5, 1)
CUSTOMERS: list[Row] = [{"customer_id": "k1", "name": "Ada"}]
PRODUCTS: list[Row] = [
    {"product_id": "bolt", "sku": "B", "name": "Bolt", "kind": "storable", "cost": 2, "currency": "EUR"},
    {"product_id": "advice", "sku": "A", "name": "Advice", "kind": "service"},
]


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=UTC)


def order(number: str, *lines: Row, **fields: object) -> dict[str, list[Row]]:
    head: Row = {"sales_order_id": number, "number": number, "customer_id": "k1", "ordered_at": at(1), **fields}
    usual = {"sales_order_id": number, "product_id": "bolt", "quantity": 1, "amount_untaxed": 10}
    rows: list[Row] = [
        {**usual, "sales_order_line_id": f"{number}/{at}", **line} for at, line in enumerate(lines, start=1)
    ]
    return {"sales_orders": [head], "sales_order_lines": rows}


def made(*parts: dict[str, list[Row]], **tables: list[Row]) -> dict[str, pl.DataFrame]:
    rows: dict[str, list[Row]] = {"products": PRODUCTS, "customers": CUSTOMERS, "companies": COMPANIES, "sites": SITES}
    for part in (*parts, tables):
        for name, more in part.items():
            rows[name] = [*rows.get(name, []), *more]
    return firm(**rows)


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_has_the_common_keys_its_measures_and_no_row_from_an_empty_firm(name: str) -> None:
    rows = FACTS[name].make(firm())
    assert rows.is_empty()
    assert set(COMMON) | set(FACTS[name].measures) <= set(rows.columns)


@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_tables_rows_changes_no_fact(name: str, seed: int) -> None:
    tables = random_firm(seed)
    shuffled = {table: rows.sample(fraction=1, shuffle=True, seed=seed) for table, rows in tables.items()}
    before, after = (FACTS[name].make(some) for some in (tables, shuffled))
    measures = [pl.col(measure).sum() for measure in FACTS[name].measures]
    assert before.select(pl.len(), *measures).equals(after.select(pl.len(), *measures))


@pytest.mark.parametrize(
    ("status", "rows"), [("draft", 0), ("quoted", 0), ("confirmed", 1), ("done", 1), ("cancelled", 0)]
)
def test_only_confirmed_and_done_orders_are_orders(status: str, rows: int) -> None:
    assert order_lines(made(order("S1", {}, status=status))).height == rows


def test_services_and_lines_of_text_are_orders_too() -> None:
    lines = order_lines(made(order("S1", {"product_id": "advice"}, {"product_id": None, "description": "Extra"})))
    assert lines["amount"].sum() == 20


def test_a_line_without_a_currency_is_in_that_of_its_order() -> None:
    assert order_lines(made(order("S1", {"currency": None}, currency="CHF")))["currency"].to_list() == ["CHF"]


def invoice(number: str, amount: float, **fields: object) -> dict[str, list[Row]]:
    of_line = {"quantity", "cost_amount", "line_currency"} & fields.keys()
    line: Row = {name: fields.pop(name) for name in sorted(of_line)}
    head: Row = {
        "invoice_id": number, "number": number, "customer_id": "k1", "invoiced_on": MAY, "status": "posted",
        "kind": "invoice", "amount_untaxed": amount, "amount_total": amount, "amount_open": amount, "currency": "EUR",
        **fields,
    }  # fmt: skip
    row: Row = {
        "invoice_line_id": f"{number}/1", "invoice_id": number, "amount_untaxed": amount, "quantity": 1,
        "currency": line.get("line_currency", "EUR"), "product_id": "bolt",
        **{name: value for name, value in line.items() if name != "line_currency"},
    }  # fmt: skip
    return {"invoices": [head], "invoice_lines": [row]}


def test_margin_is_revenue_less_the_cost_that_the_invoice_states() -> None:
    (row,) = invoice_lines(made(invoice("I1", 10, cost_amount=4))).iter_rows(named=True)
    assert (row["margin"], row["cost"], row["is_cost_of_today"]) == (6, 4, False)


def test_without_a_stated_cost_that_of_today_stands_in_and_the_row_says_so() -> None:
    (row,) = invoice_lines(made(invoice("I1", 10, quantity=3))).iter_rows(named=True)
    assert (row["cost"], row["margin"], row["is_cost_of_today"]) == (6, 4, True)


def test_a_cost_in_another_currency_is_not_known_and_neither_is_the_margin() -> None:
    (row,) = invoice_lines(made(invoice("I1", 10, line_currency="CHF"))).iter_rows(named=True)
    assert (row["amount"], row["cost"], row["margin"], row["margin_base"]) == (10, None, None, None)


def test_a_credit_note_counts_negative_and_a_draft_not_at_all() -> None:
    credit = invoice("C1", -4, kind="credit_note", quantity=-1)
    lines = invoice_lines(made(invoice("I1", 10), credit, invoice("I2", 99, status="draft")))
    assert (lines["amount"].sum(), lines["cost"].sum()) == (6, 0)


def shipment(number: str, line: str, quantity: float, day: int, **fields: object) -> dict[str, list[Row]]:
    head = {"shipment_id": number, "status": "done", "shipped_at": at(day), **fields}
    part = {
        "shipment_line_id": number, "shipment_id": number, "sales_order_line_id": line, "product_id": "bolt",
        "quantity": quantity, "shipped_quantity": quantity, "status": "done",
    }  # fmt: skip
    return {"shipments": [head], "shipment_lines": [part]}


PROMISED = {"quantity": 10, "first_promised_on": date(2026, 5, 6)}


def kept(*parts: dict[str, list[Row]], **fields: object) -> tuple[int, date | None, int | None]:
    (row,) = due_lines(made(order("S1", {**PROMISED, **fields}), *parts)).iter_rows(named=True)
    return int(row["kept"]), row["in_full_on"], row["days_late"]


def test_a_line_that_came_whole_on_its_day_is_kept() -> None:
    assert kept(shipment("D1", "S1/1", 10, 6)) == (1, date(2026, 5, 6), 0)


def test_a_line_that_came_in_two_parts_is_whole_when_the_last_part_came() -> None:
    parts = (shipment("D1", "S1/1", 9, 5), shipment("D2", "S1/1", 1, 8))
    assert kept(*parts) == (0, date(2026, 5, 8), 2)


def test_a_line_of_which_something_lacks_is_not_kept() -> None:
    assert kept(shipment("D1", "S1/1", 9, 5)) == (0, None, None)


def test_a_later_promise_repairs_nothing() -> None:
    assert kept(shipment("D1", "S1/1", 10, 8), promised_on=date(2026, 5, 20)) == (0, date(2026, 5, 8), 2)


def test_the_day_it_arrived_counts_where_it_is_known_not_the_day_it_left() -> None:
    assert kept(shipment("D1", "S1/1", 10, 5, delivered_at=at(7))) == (0, date(2026, 5, 7), 1)


def test_the_day_is_that_of_the_place_it_left() -> None:
    zones: list[Row] = [{**site, "time_zone": "Asia/Shanghai"} for site in SITES if site["site_id"] == "north"]
    late = shipment("D1", "S1/1", 10, 6, site_id="north", shipped_at=at(6, 20))
    tables = made(order("S1", PROMISED), late) | {"sites": firm(sites=zones)["sites"]}
    assert due_lines(tables)["in_full_on"].to_list() == [date(2026, 5, 7)]


def test_a_movement_serves_where_no_shipment_names_the_line() -> None:
    move = {
        "stock_move_id": "m", "product_id": "bolt", "kind": "delivery", "status": "done", "from_place": "internal",
        "to_place": "customer", "quantity": 10, "moved_at": at(4), "sales_order_line_id": "S1/1",
    }  # fmt: skip
    assert kept({"stock_moves": [move]}) == (1, date(2026, 5, 4), -2)


def test_a_line_without_any_promise_does_not_count() -> None:
    assert due_lines(made(order("S1", {"quantity": 1}))).is_empty()


def balance(rows: pl.DataFrame, day: int) -> float:
    return float(rows.filter(pl.col("day_on") <= date(2026, 5, day))["amount"].sum())


def paid(number: str, invoice_id: str, amount: float, day: int) -> dict[str, list[Row]]:
    row = {
        "payment_id": number, "invoice_id": invoice_id, "customer_id": "k1", "direction": "in", "status": "done",
        "paid_on": date(2026, 5, day), "amount": amount, "currency": "EUR",
    }  # fmt: skip
    return {"payments": [row]}


def test_what_is_owed_shrinks_on_the_day_of_the_payment() -> None:
    rows = receivables(made(invoice("I1", 10, amount_open=3), paid("P1", "I1", 7, 9)))
    assert [balance(rows, day) for day in (1, 8, 9)] == [10, 10, 3]


def test_what_was_settled_without_a_payment_counts_on_the_day_it_was_due() -> None:
    rows = receivables(made(invoice("I1", 10, amount_open=0, due_on=date(2026, 5, 15))))
    assert [balance(rows, day) for day in (14, 15)] == [10, 0]


def test_what_is_owed_today_is_what_the_invoices_say_is_open() -> None:
    parts = [invoice("I1", 10, amount_open=2), invoice("I2", 5), invoice("C1", -4, kind="credit_note", amount_open=-1)]
    assert balance(receivables(made(*parts, paid("P1", "I1", 9, 3))), 31) == 6


def test_the_sum_of_stocks_changes_is_the_stock_at_cost() -> None:
    levels: list[Row] = [
        {"product_id": "bolt", "site_id": "north/a", "as_of_on": date(2026, 5, day), "on_hand": on_hand}
        for day, on_hand in ((1, 5), (4, 2), (9, 7))
    ]
    rows = stock(made(inventory_levels=levels))
    assert [balance(rows, day) for day in (3, 4, 9)] == [10, 4, 14]


def test_what_comes_back_from_customers_is_no_issue() -> None:
    usual = {
        "product_id": "bolt",
        "status": "done",
        "from_place": "internal",
        "to_place": "customer",
        "moved_at": at(2),
    }
    moves: list[Row] = [
        usual | {"stock_move_id": "1", "kind": "delivery", "quantity": 5, "from_site_id": "north"},
        usual | {"stock_move_id": "2", "kind": "customer_return", "quantity": 2, "to_site_id": "north"},
        usual | {"stock_move_id": "3", "kind": "transfer", "quantity": 9, "from_site_id": "north"},
    ]
    assert issues(made(stock_moves=moves))["amount"].sum() == 6


def test_a_purchase_line_is_kept_when_all_of_it_came_on_the_first_expected_day() -> None:
    head = {"purchase_order_id": "P1", "number": "P1", "supplier_id": "s", "status": "confirmed"}
    lines: list[Row] = [
        {
            "purchase_order_line_id": f"P1/{at}", "purchase_order_id": "P1", "product_id": "bolt", "quantity": 4,
            "first_due_on": date(2026, 5, 5), "due_on": date(2026, 5, 30),
        }
        for at in (1, 2, 3)
    ]  # fmt: skip
    receipts: list[Row] = [{"receipt_id": str(day), "status": "done", "received_at": at(day)} for day in (5, 6)]
    parts: list[Row] = [
        {
            "receipt_line_id": f"{day}{line}", "receipt_id": str(day), "purchase_order_line_id": f"P1/{line}",
            "product_id": "bolt", "quantity": amount, "received_quantity": amount, "status": "done",
        }
        for day, line, amount in ((5, 1, 4), (5, 2, 3), (6, 2, 1))
    ]  # fmt: skip
    suppliers: list[Row] = [{"supplier_id": "s", "name": "Works"}]
    tables = made(
        suppliers=suppliers, purchase_orders=[head], purchase_order_lines=lines, receipts=receipts, receipt_lines=parts
    )
    rows = purchase_lines(tables).sort("record_id")
    assert [int(value) for value in rows["kept"].to_list()] == [1, 0, 0]
    assert rows["days_late"].to_list() == [0, 1, None]
