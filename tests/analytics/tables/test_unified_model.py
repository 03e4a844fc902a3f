"""The unified model: laws over every table and column."""

import re

import pytest

from analytics.access import CAPABILITIES
from analytics.tables import BASE, TABLES, fields, needs, parents_first, references

PROMISED = {
    "products": "product_id, sku, name, category_id, unit, cost, list_price, currency, is_active",
    "customers": "customer_id, name, country, segment, created_on",
    "sites": "site_id, name, kind",
    "sales_orders": (
        "sales_order_id, company_id, customer_id, status, ordered_at, requested_on, first_promised_on, promised_on,"
        " currency, amount_untaxed"
    ),
    "sales_order_lines": (
        "sales_order_line_id, sales_order_id, product_id, quantity, delivered_quantity, amount_untaxed"
    ),
    "inventory_levels": "product_id, site_id, as_of_on, on_hand, reserved",
    "purchase_orders": "purchase_order_id, supplier_id, status, ordered_at",
    "purchase_order_lines": (
        "purchase_order_line_id, purchase_order_id, product_id, quantity, received_quantity, due_on"
    ),
    "work_orders": "work_order_id, product_id, quantity, status, due_on",
    "bom_lines": "bom_id, product_id, component_id, quantity_per",
    "opportunities": "opportunity_id, customer_id, status, stage, expected_amount, probability, created_at, closed_at",
    "tickets": "ticket_id, customer_id, opened_at, closed_at, channel, priority, status",
}
LISTED = (
    "companies",
    "sites",
    "currencies",
    "exchange_rates",
    "calendars",
    "units",
    "unit_conversions",
    "products",
    "product_categories",
    "boms",
    "bom_lines",
    "routings",
    "operations",
    "work_centers",
    "customers",
    "contacts",
    "suppliers",
    "carriers",
    "employees",
    "departments",
    "identities",
    "sales_orders",
    "sales_order_lines",
    "shipments",
    "shipment_lines",
    "invoices",
    "payments",
    "returns",
    "purchase_orders",
    "purchase_order_lines",
    "receipts",
    "supplier_products",
    "inventory_levels",
    "stock_moves",
    "work_orders",
    "work_order_operations",
    "scrap",
    "ledger_accounts",
    "ledger_entries",
    "supplier_bills",
    "time_entries",
    "absences",
    "payroll_totals",
    "leads",
    "opportunities",
    "opportunity_stage_changes",
    "campaigns",
    "campaign_members",
    "campaign_responses",
    "interactions",
    "tickets",
    "feedback",
    "consents",
    "forecasts",
    "stock_out_risks",
    "promises",
    "proposals",
    "decisions",
    "targets",
    "sync_runs",
    "quarantine",
    "audit_log",
    "users",
    "rights",
)


@pytest.mark.parametrize("table", LISTED)
def test_every_table_of_the_design_is_there(table: str) -> None:
    assert table in TABLES


@pytest.mark.parametrize(("table", "columns"), PROMISED.items())
def test_columns_that_others_read_keep_their_names(table: str, columns: str) -> None:
    assert set(columns.split(", ")) <= set(TABLES[table].column_names())


@pytest.mark.parametrize("table", TABLES)
def test_every_table_says_what_one_row_is(table: str) -> None:
    assert re.match(r"One row per ", (TABLES[table].__doc__ or "").strip())


@pytest.mark.parametrize("table", TABLES)
def test_every_column_has_a_meaning_and_every_quantity_a_unit(table: str) -> None:
    for name, column in TABLES[table].columns().items():
        assert column.description, name
        if type(column).__name__ in ("Decimal", "Int64"):
            assert (column.metadata or {}).get("unit"), name


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_a_key_and_the_columns_of_all_tables(table: str) -> None:
    assert TABLES[table].primary_key()
    assert set(BASE) <= set(TABLES[table].column_names())


@pytest.mark.parametrize("table", TABLES)
def test_every_reference_holds_the_single_key_of_a_table(table: str) -> None:
    for column, parent in references(TABLES[table]).items():
        assert len(TABLES[parent].primary_key()) == 1, column


@pytest.mark.parametrize("table", TABLES)
def test_dates_end_in_on_and_instants_in_at(table: str) -> None:
    for name, column in TABLES[table].columns().items():
        if type(column).__name__ == "Date":
            assert name.endswith("_on"), name
        if type(column).__name__ == "Datetime":
            assert name.endswith(("_at", "_as_of")), name


@pytest.mark.parametrize("table", TABLES)
def test_money_names_the_column_of_its_currency(table: str) -> None:
    schema = TABLES[table]
    for name, column in schema.columns().items():
        named = re.match(r"money in (\w+)", str((column.metadata or {}).get("unit", "")))
        if named:
            assert named[1] in schema.column_names(), name


@pytest.mark.parametrize("table", TABLES)
def test_a_column_can_only_need_a_capability_that_exists(table: str) -> None:
    assert set(needs(TABLES[table]).values()) <= set(CAPABILITIES)


def test_parents_come_before_those_that_refer_to_them() -> None:
    order = parents_first()
    assert sorted(order) == sorted(TABLES)
    for table in order:
        for parent in references(TABLES[table]).values():
            assert parent == table or order.index(parent) < order.index(table)


def test_fields_leave_out_what_every_table_carries_but_keep_the_key() -> None:
    assert fields(TABLES["companies"])[0] == "company_id"
    assert "source" not in fields(TABLES["products"])
