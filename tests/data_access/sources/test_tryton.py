"""Tryton's traps, one by one, on a miniature Tryton: what each becomes in the unified tables."""

import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import polars as pl
import psycopg
import pytest

from analytics.tables import TABLES, references
from data_access.mapping import Reading, SourceRefused
from data_access.sources import tryton
from data_access.sources.tryton import MAPPINGS
from tests.data_access.sources.loaded import Loaded, differences, loaded
from tests.data_access.sources.tryton_firm import FIRM, dumped, write_dump
from tests.servers import HOUSE, driverless

TARGETS = sorted({mapping.to for mapping in MAPPINGS})


@pytest.fixture(scope="module")
def unified(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """What Tandem makes of the miniature."""
    return loaded(tryton.read_backup(write_dump(tmp_path_factory.mktemp("tryton"))))


def _said(unified: Loaded, table: str, key: int | str, *columns: str) -> tuple[object, ...]:
    row = unified.row(table, key)
    return tuple(row[column] for column in columns)


# What holds for every mapping.


def test_every_row_of_the_miniature_fits_its_contract(unified: Loaded) -> None:
    assert unified.aside.rows() == []
    assert [table for table in TARGETS if unified[table].is_empty()] == []


def test_the_miniature_lacks_nothing_that_a_mapping_reads(unified: Loaded) -> None:
    told = [notice for extract in unified.reading.extracts for notice in extract.notices]
    assert (unified.reading.notices, told) == ((), [])


@pytest.mark.parametrize("table", TARGETS)
def test_whatever_a_row_refers_to_is_there(unified: Loaded, table: str) -> None:
    for column, parent in references(TABLES[table]).items():
        keys = set(unified[table].get_column(column).drop_nulls())
        there = unified[parent].get_column(TABLES[parent].primary_key()[0]) if parent in unified.tables else ()
        assert keys <= set(there), column


@pytest.mark.parametrize("table", TARGETS)
def test_every_table_keeps_the_rules_of_its_schema(unified: Loaded, table: str) -> None:
    rows = unified[table].with_columns(pl.col("company_id").fill_null("*"))
    if table == "inventory_levels":
        rows = rows.group_by(TABLES[table].primary_key()).agg(pl.exclude(TABLES[table].primary_key()).first())
    assert TABLES[table].filter(rows)[1].counts() == {}


@pytest.mark.postgres
def test_a_server_says_the_same_as_the_dump(
    unified: Loaded, new_postgres_database: Callable[[], str], tmp_path: Path
) -> None:
    if shutil.which("psql") is None:
        pytest.skip("There is no psql to restore the miniature Tryton.")
    url = new_postgres_database()
    command = ["psql", "--quiet", "--set=ON_ERROR_STOP=1", "--file", str(write_dump(tmp_path)), driverless(url)]
    subprocess.run(command, check=True)
    assert differences(loaded(tryton.read(url)), unified) == {}
    assert _as_the_guide_grants(url).notices == ()


def _as_the_guide_grants(url: str) -> Reading:
    guide = (HOUSE / "docs" / "sources" / "tryton.md").read_text(encoding="utf-8")
    [rights] = re.findall(r"(GRANT CONNECT.*?tandem;)\n```", guide, re.DOTALL)
    role = f"tandem_{uuid4().hex[:8]}"
    given = rights.replace("your_database", url.rpartition("/")[2]).replace("TO tandem", f"TO {role}")
    with psycopg.connect(driverless(url), autocommit=True) as connection:
        connection.execute(f"create role {role} login".encode())
        try:
            connection.execute(given.encode())
            return tryton.read(url.replace("postgres@", f"{role}@"))
        finally:
            connection.execute(f"drop owned by {role}; drop role {role}".encode())


def test_a_tryton_of_before_version_7_is_refused(tmp_path: Path) -> None:
    old = tmp_path / "old.sql"
    old.write_text(re.sub(r"\bunit\b", "uom", dumped()), encoding="utf-8")
    with pytest.raises(SourceRefused, match=r"^old\.sql is a Tryton of before version 7; Tandem reads Tryton 8\.$"):
        tryton.read_backup(old)


def test_modules_that_are_not_installed_leave_their_tables_and_columns_empty(tmp_path: Path) -> None:
    of_modules = "production|timesheet|sale_opportunity|marketing|product_product-production"
    kept = re.sub(rf"^(?:{of_modules})\S* .*\n(?:    .*\n)*", "", FIRM, flags=re.MULTILINE)
    path = tmp_path / "small.sql"
    path.write_text(re.sub(rf'CREATE TABLE public."?(?:{of_modules})[^;]*;\n', "", dumped(kept)), encoding="utf-8")
    read = loaded(tryton.read_backup(path))
    assert read.aside.rows() == []
    assert (read["sales_orders"].height, "work_orders" in read.tables) == (4, False)
    assert {notice.rule for notice in read.reading.notices} == {"module_absent"}


# Shared.


def test_a_rate_since_ever_holds_since_1980_and_is_relative_to_the_companys_own(unified: Loaded) -> None:
    assert _said(unified, "exchange_rates", 1, "currency", "valid_from_on", "rate") == ("EUR", date(1980, 1, 1), 1)
    assert _said(unified, "exchange_rates", 2, "base_currency", "rate") == ("EUR", Decimal("1.5"))


def test_a_second_company_with_another_currency_has_rates_of_its_own(tmp_path: Path) -> None:
    more = FIRM + "company_company id=2 party=6 currency=2\n"
    rates = loaded(tryton.read_backup(write_dump(tmp_path, more)))["exchange_rates"]
    assert sorted(rates.get_column("source_id")) == ["1", "1/CHF", "2", "2/CHF"]


def test_sites_know_their_warehouse_by_the_tree_and_transit_is_on_the_way(unified: Loaded) -> None:
    kinds = dict(unified["sites"].select("name", pl.col("kind").cast(pl.String)).iter_rows())
    assert kinds == {
        "Warehouse": "warehouse", "Store": "location", "Out": "location", "Aisle": "area", "Transit": "transit",
    }  # fmt: skip
    assert _said(unified, "sites", 2, "main_site_id", "parent_site_id") == ("tryton:1", "tryton:1")
    assert _said(unified, "sites", 8, "main_site_id") == (None,)


def test_a_gram_is_known_by_its_rate_and_a_dozen_by_its_factor(unified: Loaded) -> None:
    sizes = dict(unified["units"].select("name", "reference_quantity").iter_rows())
    assert sizes == {"Unit": 1, "Dozen": 12, "Kilogram": 1, "Gram": Decimal("0.001")}


# Products.


def test_categories_of_accounting_are_none_of_products(unified: Loaded) -> None:
    assert sorted(unified["product_categories"].get_column("path")) == ["Furniture", "Furniture / Desks"]
    assert _said(unified, "products", 1, "category_id", "name_zh", "barcode") == ("tryton:3", "书桌", "4006381333931")


def test_cost_and_list_price_live_in_tables_of_their_own(unified: Loaded) -> None:
    assert _said(unified, "products", 1, "cost", "list_price", "currency") == (40, Decimal("99.5"), "EUR")
    assert _said(unified, "products", 2, "cost", "list_price") == (None, None)
    assert unified["product_costs"].height == 1


def test_a_replaced_variant_is_inactive_and_a_service_is_one(unified: Loaded) -> None:
    assert _said(unified, "products", 4, "is_active") == (False,)
    assert _said(unified, "products", 3, "kind", "is_purchased") == ("service", False)


def test_a_bill_in_dozens_and_grams_says_kilograms_for_one(unified: Loaded) -> None:
    assert _said(unified, "boms", 1, "product_id", "quantity", "lead_time_days") == ("tryton:1", 12, 2)
    assert _said(unified, "bom_lines", 1, "quantity_per", "source_quantity", "source_unit") == (
        Decimal("0.5"), 6000, "Gram",
    )  # fmt: skip


def test_a_cost_by_the_cycle_is_no_cost_by_the_hour(unified: Loaded) -> None:
    assert _said(unified, "work_centers", 1, "cost_per_hour") == (None,)


# Parties.


def test_a_merged_party_is_the_one_it_was_merged_into(unified: Loaded) -> None:
    assert unified["customers"].get_column("source_id").to_list() == ["2"]
    assert _said(unified, "sales_orders", 1, "customer_id") == ("tryton:2",)
    assert _said(unified, "shipments", 1, "customer_id") == ("tryton:2",)


def test_a_party_without_a_name_is_called_by_its_code_and_reached_by_what_is_active(unified: Loaded) -> None:
    told = _said(unified, "customers", 2, "name", "email", "phone", "city", "country", "tax_number")
    assert told == ("C2", "a@example.com", "+49", "Bonn", "DE", "DE1")


# Sales and purchases.


def test_halves_are_rounded_to_the_even_step_of_the_currency(unified: Loaded) -> None:
    amounts = [_said(unified, "sales_order_lines", line, "amount_untaxed")[0] for line in (3, 4)]
    assert amounts == [Decimal("0.1"), Decimal("0.4")]


def test_a_draft_has_the_sum_of_its_lines(unified: Loaded) -> None:
    assert _said(unified, "sales_orders", 2, "status", "amount_untaxed", "amount_tax") == (
        "draft",
        Decimal("0.5"),
        None,
    )


def test_a_line_knows_what_its_movements_and_invoices_brought(unified: Loaded) -> None:
    told = _said(unified, "sales_order_lines", 1, "quantity", "delivered_quantity", "invoiced_quantity", "source_unit")
    assert told == (12, 5, 6, "Dozen")
    assert _said(unified, "sales_order_lines", 5, "quantity", "delivered_quantity") == (-1, -1)
    assert _said(unified, "sales_order_lines", 4, "delivered_quantity") == (None,)


def test_what_is_promised_is_what_movements_are_planned_for_unless_the_order_says_a_day(unified: Loaded) -> None:
    promised = ("first_promised_on", "promised_on")
    assert _said(unified, "sales_order_lines", 1, *promised) == (date(2026, 3, 10), date(2026, 3, 12))
    assert _said(unified, "sales_orders", 1, *promised) == (date(2026, 3, 10), date(2026, 3, 12))
    assert _said(unified, "sales_orders", 3, *promised) == (None, date(2026, 3, 20))


def test_picking_within_the_warehouse_is_no_line_of_a_shipment(unified: Loaded) -> None:
    lines = unified["shipment_lines"].sort("source_id").select("source_id", "quantity", "shipped_quantity")
    assert lines.rows() == [("3", 5, 5), ("4", 7, 0)]
    assert _said(unified, "stock_moves", 2, "kind") == ("transfer",)


def test_goods_that_were_received_have_arrived(unified: Loaded) -> None:
    assert _said(unified, "receipts", 1, "status", "received_at", "purchase_order_id") == (
        "done", datetime(2026, 2, 4, tzinfo=UTC), "tryton:1",
    )  # fmt: skip
    told = _said(unified, "purchase_order_lines", 1, "quantity", "received_quantity", "first_due_on", "received_on")
    assert told == (5, 5, date(2026, 2, 1), date(2026, 2, 4))


def test_a_lead_time_is_an_interval_and_each_price_is_an_offer(unified: Loaded) -> None:
    days = dict(unified["supplier_products"].select("source_id", "lead_time_days").iter_rows())
    assert days == {"1": 7, "2/1": Decimal("1.5"), "2/2": Decimal("1.5")}
    assert _said(unified, "supplier_products", "2/2", "price", "minimum_quantity") == (Decimal("1.5"), 100)
    assert _said(unified, "supplier_products", 1, "product_id", "price") == ("tryton:2", None)


# Stock and production.


def test_stock_is_the_sum_of_done_movements(unified: Loaded) -> None:
    levels = unified["inventory_levels"].group_by("product_id", "site_id").agg(pl.col("on_hand", "reserved").sum())
    assert sorted(levels.rows()) == [
        ("tryton:1", "tryton:2", 19, 0),
        ("tryton:1", "tryton:3", 0, 7),
        ("tryton:2", "tryton:2", 2, 2),
    ]
    assert unified["inventory_levels"].get_column("as_of_on").unique().to_list() == [date(2026, 4, 1)]


def test_a_movement_is_known_by_its_two_places(unified: Loaded) -> None:
    kinds = unified["stock_moves"].sort(pl.col("source_id").cast(pl.Int64)).get_column("kind").cast(pl.String)
    assert kinds.to_list() == [
        "adjustment", "transfer", "delivery", "delivery", "customer_return",
        "receipt", "scrap", "consumption", "production", "delivery", "transfer", "production",
    ]  # fmt: skip


def test_a_production_knows_what_was_made_and_for_whom(unified: Loaded) -> None:
    told = _said(unified, "work_orders", 1, "status", "quantity", "produced_quantity", "sales_order_id", "started_at")
    assert told == ("confirmed", 12, 3, "tryton:1", datetime(2026, 2, 6, tzinfo=UTC))
    assert unified["work_orders"].height == 1
    assert _said(unified, "work_order_operations", 1, "status", "actual_minutes", "operation_id") == (
        "started", 90, "tryton:5",
    )  # fmt: skip


# Money and deals.


def test_what_is_open_is_what_the_ledger_has_not_reconciled(unified: Loaded) -> None:
    told = _said(unified, "invoices", 1, "status", "payment_status", "amount_open", "due_on", "sales_order_id")
    assert told == ("posted", "partial", 300, date(2026, 4, 10), "tryton:1")
    assert _said(unified, "invoices", 5, "payment_status", "amount_open") == ("unpaid", 0)


def test_an_invoice_of_several_orders_names_none(unified: Loaded) -> None:
    assert _said(unified, "invoices", 4, "status", "sales_order_id", "amount_open") == ("cancelled", None, 0)


def test_a_negative_total_is_a_credit_note_and_a_validated_one_is_a_draft(unified: Loaded) -> None:
    told = _said(unified, "invoices", 2, "kind", "status", "amount_untaxed", "amount_tax", "amount_total")
    assert told == ("credit_note", "draft", -50, -5, -55)


def test_an_invoice_line_costs_what_its_movements_cost(unified: Loaded) -> None:
    assert _said(unified, "invoice_lines", 1, "quantity", "unit_price", "cost_amount") == (
        6, Decimal("83.333333"), 240,
    )  # fmt: skip
    assert _said(unified, "invoice_lines", 2, "cost_amount") == (None,)


def test_money_in_a_cash_journal_is_a_payment(unified: Loaded) -> None:
    told = _said(unified, "payments", 3, "direction", "amount", "invoice_id", "customer_id")
    assert told == ("in", 200, "tryton:1", "tryton:2")


def test_the_kind_of_an_account_follows_from_its_type(unified: Loaded) -> None:
    kinds = dict(unified["ledger_accounts"].select("name", pl.col("kind").cast(pl.String)).iter_rows())
    assert kinds == {"Customers": "receivable", "Till": "cash", "Later": "asset", "Sales": "income"}


def test_a_converted_deal_is_won_when_its_sale_is_confirmed(unified: Loaded) -> None:
    assert _said(unified, "opportunities", 1, "status", "closed_at", "origin") == (
        "won", datetime(2026, 3, 5, tzinfo=UTC), "Fair",
    )  # fmt: skip
    assert _said(unified, "opportunities", 2, "status", "expected_close_on") == ("open", date(2026, 5, 1))
    assert unified["opportunity_stage_changes"].select("from_stage", "to_stage").rows() == [("lead", "converted")]


def test_hours_come_from_an_interval(unified: Loaded) -> None:
    assert _said(unified, "time_entries", 1, "hours", "project") == (Decimal("2.5"), "Fitting")
