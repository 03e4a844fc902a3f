"""Odoo's traps, one by one, on a miniature Odoo: what each becomes in the unified tables."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

from analytics.tables import TABLES, references
from data_access.extract import Changes, read_database, tables_of
from data_access.home import firm_home
from data_access.mapping import Reading
from data_access.sources import odoo
from data_access.sources.odoo import MAPPINGS, ODOO, mapping, plain_text
from data_access.store import Store
from refresh.run import Request, rehearse
from tests.data_access.sources.loaded import Loaded, loaded
from tests.data_access.sources.odoo_firm import write_firm
from tests.data_access.sources.odoo_oracle import MOVED, ORACLES, told_by_odoo, told_by_tandem
from tests.data_access.sources.odoo_writer import Odoo

pytestmark = pytest.mark.postgres


def _by_name(frame: pl.DataFrame, name: str, value: str) -> dict[str, object]:
    return dict(frame.select(name, value).iter_rows())


def test_the_books_balance_where_an_order_states_no_amount_and_only_changes_are_read(firm: Odoo) -> None:
    def read(since: str | None) -> Reading:
        return read_database(firm.url, ODOO, changes=Changes(since=since, full_below=0) if since else None)

    for mode in ("full", "incremental"):
        report = rehearse(firm_home(), Request(source="odoo", read=read))
        assert (report.outcome, report.message, mode) == ("loaded", None, mode)
    store = Store(firm_home().database_url)
    with store.load() as load:
        amounts = load.read("purchase_orders", ("amount_untaxed",)).drop_nulls()
        modes = load.read("sync_runs", ("mode",)).get_column("mode").unique()
    store.close()
    assert (amounts.to_series().to_list(), set(modes)) == ([Decimal(9)], {"full", "incremental"})


def test_a_record_that_is_spoiled_later_stays_as_it_was_and_the_others_are_read(
    new_postgres_database: Callable[[], str],
) -> None:
    miniature = write_firm(Odoo(new_postgres_database()))
    request = Request(source="odoo", read=lambda _since: odoo.read(miniature.url))
    assert rehearse(firm_home(), request).outcome == "loaded"
    miniature.change("update sale_order set date_order = '0001-01-01' where id = 1")
    report = rehearse(firm_home(), request)
    miniature.close()
    assert (report.outcome, report.message) == ("loaded", None)
    assert (report.tables["sale_order"]["quarantined"], report.tables["sale_order"]["deleted"]) == (1, 0)


# What holds for every mapping.


def test_every_row_of_the_miniature_fits_its_contract(unified: Loaded) -> None:
    assert unified.aside.rows() == []


def test_the_miniature_lacks_nothing_that_a_mapping_reads(unified: Loaded) -> None:
    told = [notice for extract in unified.reading.extracts for notice in extract.notices]
    assert (unified.reading.notices, told) == ((), [])


@pytest.mark.parametrize("table", sorted({mapping.to for mapping in MAPPINGS}))
def test_every_table_of_the_miniature_keeps_the_rules_of_its_schema(unified: Loaded, table: str) -> None:
    assert unified[table].height > 0
    rows = unified[table].with_columns(pl.col("company_id").fill_null("*"))
    if table == "inventory_levels":
        rows = rows.group_by(TABLES[table].primary_key()).agg(pl.exclude(TABLES[table].primary_key()).first())
    assert TABLES[table].filter(rows)[1].counts() == {}


@pytest.mark.parametrize("table", sorted({mapping.to for mapping in MAPPINGS}))
def test_whatever_a_row_refers_to_is_there(unified: Loaded, table: str) -> None:
    dangling = {
        column: unified[table].get_column(column).drop_nulls().to_list()
        for column, parent in references(TABLES[table]).items()
        if not _are_there(unified, unified[table].get_column(column), parent)
    }
    assert dangling == {}


def _are_there(unified: Loaded, keys: pl.Series, parent: str) -> bool:
    if parent not in unified.tables:
        return keys.null_count() == len(keys)
    return set(keys.drop_nulls()) <= set(unified[parent].get_column(TABLES[parent].primary_key()[0]))


@pytest.mark.parametrize("table", sorted({mapping.to for mapping in MAPPINGS} - {"inventory_levels"}))
def test_no_row_comes_twice_and_the_keys_are_those_of_its_rows(unified: Loaded, table: str) -> None:
    extracts = [extract for (to, _), extract in unified.extracts.items() if to == table]
    told = [key for extract in extracts for key in (extract.keys if extract.keys is not None else ())]
    assert sorted(told) == sorted(unified[table].get_column("source_id"))
    assert len(told) == len(set(told))


@pytest.mark.parametrize("name", sorted(set(ORACLES) - {MOVED}))
def test_the_unified_tables_say_what_odoo_says(firm: Odoo, unified: Loaded, name: str) -> None:
    told = told_by_odoo(firm.url, name)
    assert told
    assert told_by_tandem(unified, name) == told


def test_the_server_adds_up_money_and_quantities_over_all_rows(unified: Loaded) -> None:
    control = unified.extracts["sales_orders", "sale_order"].control
    assert control["rows"] == "6"
    assert Decimal(control["amount_untaxed"]) == unified["sales_orders"].get_column("amount_untaxed").sum()


def test_rows_left_out_are_counted(unified: Loaded) -> None:
    assert unified.extracts["sales_order_lines", "sale_order_line"].rows_left_out == 3
    assert unified.extracts["product_costs", "product_product"].rows_left_out == 8


def test_a_mapping_that_names_a_column_both_ways_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'name'.*both a column and computed"):
        mapping("departments", "hr_department", plain={"department_id": "name"}, reads={"name": "t.name"})


def test_every_mapping_knows_the_tables_that_its_user_must_be_allowed_to_read() -> None:
    bom_lines = next(mapping for mapping in MAPPINGS if mapping.to == "bom_lines")
    assert {"mrp_bom_line", "mrp_bom", "product_template", "product_product", "uom_uom"} == set(tables_of(bom_lines))


def test_a_big_table_brings_only_what_changed_and_the_keys_and_sums_of_all(firm: Odoo, unified: Loaded) -> None:
    changes = Changes(since="2026-11-04T00:00:00+00:00", full_below=2)
    again = {extract.mapping.to: extract for extract in read_database(firm.url, ODOO, changes=changes).extracts}
    orders, levels = again["sales_orders"], again["inventory_levels"]
    assert (orders.incremental, orders.frame.height, levels.incremental, levels.frame.height) == (True, 0, False, 5)
    assert orders.control == unified.extracts["sales_orders", "sale_order"].control
    assert orders.keys is not None
    assert sorted(orders.keys) == sorted(unified["sales_orders"].get_column("source_id"))


# Shared.


def test_a_company_has_the_currency_of_its_books_and_knows_who_owns_it(firm: Odoo, unified: Loaded) -> None:
    trader = unified.row("companies", firm["Trader"])
    assert (trader["currency"], trader["parent_company_id"], trader["company_id"]) == ("EUR", "odoo:1", "odoo:2")


def test_a_rate_is_relative_to_the_companys_own_currency(firm: Odoo, unified: Loaded) -> None:
    own, foreign = (
        unified.row("exchange_rates", firm["EUR at Maker"]),
        unified.row("exchange_rates", firm["USD at Trader"]),
    )
    assert (own["base_currency"], own["currency"], own["rate"]) == ("USD", "EUR", Decimal("0.876543210000"))
    assert (foreign["base_currency"], foreign["currency"], foreign["rate"]) == ("EUR", "USD", Decimal("1.1"))


def test_rates_of_archived_currencies_that_nobody_uses_are_left_out(firm: Odoo, unified: Loaded) -> None:
    assert unified.row("exchange_rates", firm["GBP at Maker"]) == {"rows": 0}
    assert unified["currencies"].filter(pl.col("is_active")).height == 2


def test_a_dozen_is_twelve_and_a_gram_a_thousandth(unified: Loaded) -> None:
    quantities = _by_name(unified["units"], "name", "reference_quantity")
    assert quantities == {
        "Units": 1, "Dozens": 12, "Days": 1, "Hours": Decimal("0.125"), "kg": 1, "g": Decimal("0.001"),
    }  # fmt: skip


def test_sites_are_our_places_and_a_warehouse_stands_above_its_locations(unified: Loaded) -> None:
    sites = unified["sites"]
    assert _by_name(sites, "name", "kind") == {
        "Main house": "warehouse",
        "WH/Zone": "area",
        "WH/Stock": "location",
        "WH/Stock/Shelf 1": "location",
        "WH/Stock/Shelf 2": "location",
        "WH/Output": "location",
        "Trading house": "warehouse",
        "TR/Stock": "location",
        "Between companies": "transit",
        "Between warehouses": "transit",
    }


def test_every_location_of_a_warehouse_knows_it(firm: Odoo, unified: Loaded) -> None:
    shelf = unified.row("sites", firm["WH/Stock/Shelf 2"])
    house = unified.row("sites", firm["WH"])
    assert (shelf["main_site_id"], shelf["parent_site_id"]) == (house["site_id"], f"odoo:{firm['WH/Stock']}")
    assert (house["main_site_id"], house["parent_site_id"], house["code"]) == (house["site_id"], None, "WH")
    assert (shelf["country"], shelf["region"], shelf["is_active"]) == ("DE", "DE", False)


def test_breaks_and_the_second_of_two_weeks_are_no_working_periods(firm: Odoo, unified: Loaded) -> None:
    period = unified["calendar_periods"].row(0, named=True)
    assert (period["weekday"], period["starts_at_minute"], period["ends_at_minute"]) == (1, 510, 720)
    assert unified["calendar_exceptions"].get_column("reason").to_list() == ["Christmas"]


# Products.


def test_a_name_is_english_before_any_other_language(firm: Odoo, unified: Loaded) -> None:
    names = _by_name(unified["products"], "name", "name_zh")
    assert names["Chair"] == "椅子"
    assert "Lampe" in names


def test_a_product_costs_what_its_own_company_says_else_the_first_that_keeps_the_currency_of_its_price(
    firm: Odoo, unified: Loaded
) -> None:
    told = {name: unified.row("products", firm[name]) for name in ("Desk", "Chair", "Lamp")}
    assert {name: (row["cost"], row["currency"], row["company_id"]) for name, row in told.items()} == {
        "Desk": (Decimal("80.125"), "USD", "*"),
        "Chair": (None, "USD", "*"),
        "Lamp": (Decimal(7), "EUR", "odoo:2"),
    }


def test_every_company_has_a_cost_of_its_own(firm: Odoo, unified: Loaded) -> None:
    costs = unified["product_costs"].filter(pl.col("product_id") == f"odoo:{firm['Desk']}")
    assert sorted(costs.select("source_id", "company_id", "cost", "currency").iter_rows()) == [
        (f"{firm['Desk']}/1", "odoo:1", Decimal("80.125"), "USD"),
        (f"{firm['Desk']}/2", "odoo:2", Decimal(75), "EUR"),
    ]


@pytest.mark.parametrize(
    ("product", "kind"),
    [
        ("Desk", "storable"),
        ("Screws", "consumable"),
        ("Advice", "service"),
        ("Bundle", "kit"),
        ("Kit", "kit"),
        ("Shirt blue", "storable"),
    ],
)
def test_the_kind_of_a_product(firm: Odoo, unified: Loaded, product: str, kind: str) -> None:
    assert unified.row("products", firm[product])["kind"] == kind


def test_an_archived_product_stays_and_is_not_active(firm: Odoo, unified: Loaded) -> None:
    assert unified.row("products", firm["Lamp"])["is_active"] is False
    assert unified["products"].filter(pl.col("is_active")).height == 10


def test_a_negative_price_is_no_price(firm: Odoo, unified: Loaded) -> None:
    assert unified.row("products", firm["Shirt red"])["list_price"] is None
    rebate = unified.row("sales_order_lines", firm["rebate"])
    assert (rebate["unit_price"], rebate["amount_untaxed"]) == (None, Decimal(-3))


def test_a_bill_of_materials_is_for_one_base_unit_whatever_units_it_is_written_in(firm: Odoo, unified: Loaded) -> None:
    glue = unified.row("bom_lines", firm["glue"])
    assert unified.row("boms", firm["Desks by the dozen"])["quantity"] == 24
    assert (glue["quantity_per"], glue["source_quantity"], glue["source_unit"]) == (Decimal("0.25"), 6000, "g")
    assert (glue["product_id"], glue["component_id"]) == (f"odoo:{firm['Desk']}", f"odoo:{firm['Flour']}")


def test_a_bill_for_every_variant_names_the_group_and_no_product(firm: Odoo, unified: Loaded) -> None:
    shirt = unified.row("boms", firm["Any shirt"])
    assert (shirt["product_id"], shirt["product_group_id"]) == (None, f"odoo:{firm['Shirt red (template)']}")
    assert unified.row("boms", firm["Desks by the dozen"])["product_id"] == f"odoo:{firm['Desk']}"


def test_minutes_per_unit_are_those_of_a_cycle_shared_by_the_units_worked_on_at_once(unified: Loaded) -> None:
    sawing = unified["operations"].row(0, named=True)
    assert (sawing["setup_minutes"], sawing["minutes_per_unit"]) == (5, 15)
    assert unified["work_centers"].row(0, named=True)["efficiency"] == Decimal("0.9")


# Parties.


def test_customers_are_firms_that_ordered_asked_received_or_paid(unified: Loaded) -> None:
    assert set(unified["customers"].get_column("name")) == {
        "Buyer AG", "Askers Ltd", "Payer KG", "Doubters", "Trader GmbH",
    }  # fmt: skip


def test_an_order_of_a_contact_belongs_to_its_firm(firm: Odoo, unified: Loaded) -> None:
    assert unified.row("sales_orders", firm["contact's order"])["customer_id"] == f"odoo:{firm['Buyer AG']}"
    assert unified.row("shipments", firm["shipped"])["customer_id"] == f"odoo:{firm['Buyer AG']}"


def test_contacts_are_named_persons_at_customers_and_suppliers(firm: Odoo, unified: Loaded) -> None:
    contacts = {row["name"]: (row["customer_id"], row["supplier_id"]) for row in unified["contacts"].to_dicts()}
    assert contacts == {"Ann": (f"odoo:{firm['Buyer AG']}", None), "Sam": (None, f"odoo:{firm['Seller SA']}")}


def test_a_salesperson_is_the_users_employee_in_the_orders_company(firm: Odoo, unified: Loaded) -> None:
    assert unified.row("sales_orders", firm["contact's order"])["salesperson_id"] == f"odoo:{firm['Kim at Trader']}"
    assert unified.row("tickets", firm["ticket"])["owner_id"] == f"odoo:{firm['Kim']}"


def test_a_user_who_is_no_employee_is_nobody(firm: Odoo, unified: Loaded) -> None:
    assert unified.row("sales_orders", firm["promised"])["salesperson_id"] is None
    assert unified.row("leads", firm["lead"])["owner_id"] is None


# Sales.


@pytest.mark.parametrize(
    ("order", "status"),
    [("draft", "draft"), ("sent", "quoted"), ("sold", "confirmed"), ("cancelled", "cancelled")],
)
def test_the_status_of_an_order(firm: Odoo, unified: Loaded, order: str, status: str) -> None:
    assert unified.row("sales_orders", firm[order])["status"] == status


def test_headings_notes_and_down_payments_are_no_lines(firm: Odoo, unified: Loaded) -> None:
    for nickname in ("heading", "note", "down payment"):
        assert unified.row("sales_order_lines", firm[nickname]) == {"rows": 0}


def test_an_order_line_in_dozens_is_in_pieces_and_keeps_its_own_words(firm: Odoo, unified: Loaded) -> None:
    desks = unified.row("sales_order_lines", firm["desks by the dozen"])
    assert (desks["quantity"], desks["delivered_quantity"]) == (24, 12)
    assert (desks["source_quantity"], desks["source_unit"], desks["unit_price"]) == (2, "Dozens", 10)
    assert unified.row("sales_order_lines", firm["flour in grams"])["quantity"] == Decimal("1.25")


def test_only_a_date_that_was_set_is_a_promise_and_it_is_a_day_of_the_company(firm: Odoo, unified: Loaded) -> None:
    assert unified.row("sales_orders", firm["promised"])["promised_on"] == date(2026, 12, 1)
    assert unified.row("sales_order_lines", firm["promised line"])["promised_on"] == date(2026, 12, 1)
    assert unified.row("sales_orders", firm["sold"])["promised_on"] is None
    assert unified["sales_orders"].get_column("first_promised_on").null_count() == 6


def test_an_instant_is_utc(firm: Odoo, unified: Loaded) -> None:
    assert unified.row("sales_orders", firm["sold"])["ordered_at"] == datetime(2026, 11, 5, 10, tzinfo=UTC)


def test_shipments_leave_for_customers_and_sister_companies_only(firm: Odoo, unified: Loaded) -> None:
    told = {"shipped": "done", "backorder": "ready", "to the sister": "ready", "cancelled delivery": "cancelled"}
    assert _by_name(unified["shipments"], "source_id", "status") == {str(firm[name]): told[name] for name in told}


def test_a_backorder_knows_whose_rest_it_is_and_whom_it_serves(firm: Odoo, unified: Loaded) -> None:
    backorder = unified.row("shipments", firm["backorder"])
    assert backorder["backorder_of_id"] == f"odoo:{firm['shipped']}"
    assert (backorder["customer_id"], backorder["shipped_at"]) == (f"odoo:{firm['Buyer AG']}", None)


def test_what_is_scrapped_on_the_way_is_not_shipped(firm: Odoo, unified: Loaded) -> None:
    assert unified.row("shipment_lines", firm["scrapped on the way"]) == {"rows": 0}
    assert unified.row("stock_moves", firm["scrapped on the way"])["kind"] == "scrap"


def test_a_shipment_line_in_dozens_is_in_pieces(firm: Odoo, unified: Loaded) -> None:
    shipped, waiting = (unified.row("shipment_lines", firm[name]) for name in ("shipped desks", "waiting desks"))
    assert (shipped["quantity"], shipped["shipped_quantity"], shipped["status"]) == (24, 24, "done")
    assert (waiting["quantity"], waiting["shipped_quantity"], waiting["status"]) == (6, 0, "planned")


def test_a_return_is_what_came_back_and_no_receipt(firm: Odoo, unified: Loaded) -> None:
    returned = unified["returns"].row(0, named=True)
    assert (returned["quantity"], returned["customer_id"]) == (2, f"odoo:{firm['Payer KG']}")
    assert returned["sales_order_id"] == f"odoo:{firm['sold']}"
    assert unified["receipts"].get_column("source_id").to_list() == [str(firm["receipt"])]


def test_a_refund_is_negative_and_a_draft_is_apart(firm: Odoo, unified: Loaded) -> None:
    refund, draft = unified.row("invoices", firm["refund"]), unified.row("invoices", firm["draft invoice"])
    assert (refund["kind"], refund["amount_untaxed"], refund["amount_open"]) == ("credit_note", -40, -40)
    assert (draft["status"], draft["number"], draft["invoiced_on"], draft["customer_id"]) == ("draft", None, None, None)
    assert unified.row("invoice_lines", firm["refunded desks"])["quantity"] == -12


def test_an_invoice_knows_its_only_order_and_its_price_is_for_one_piece(firm: Odoo, unified: Loaded) -> None:
    line = unified.row("invoice_lines", firm["invoiced desks"])
    assert (line["quantity"], line["unit_price"], line["amount_untaxed"]) == (24, 10, 240)
    assert line["sales_order_line_id"] == f"odoo:{firm['desks by the dozen']}"
    invoice = unified.row("invoices", firm["invoice"])
    assert (invoice["sales_order_id"], invoice["payment_status"]) == (f"odoo:{firm['sold']}", "partial")


def test_what_an_invoiced_line_cost_is_in_the_invoices_currency_and_negative_on_a_refund(
    firm: Odoo, unified: Loaded
) -> None:
    lines = ("invoiced desks", "refunded desks", "euro sale")
    assert [unified.row("invoice_lines", firm[line])["cost_amount"] for line in lines] == [150, -25, 20]


def test_without_valuation_of_stock_an_invoiced_line_has_no_cost(new_postgres_database: Callable[[], str]) -> None:
    miniature = write_firm(Odoo(new_postgres_database()))
    miniature.change("alter table account_move_line drop column cogs_origin_id")
    reading = loaded(odoo.read(miniature.url))
    miniature.close()
    assert reading["invoice_lines"].height > 0
    assert reading["invoice_lines"]["cost_amount"].is_null().all()


def test_a_payment_is_in_or_out_and_knows_its_only_invoice(firm: Odoo, unified: Loaded) -> None:
    paid, back, out = (unified.row("payments", firm[name]) for name in ("payment", "pay back", "to a supplier"))
    assert (paid["direction"], paid["status"], paid["invoice_id"]) == ("in", "done", f"odoo:{firm['invoice']}")
    assert (back["direction"], back["status"], back["customer_id"]) == ("out", "cancelled", f"odoo:{firm['Payer KG']}")
    assert (out["customer_id"], out["supplier_id"]) == (None, f"odoo:{firm['Seller SA']}")


# Purchases and stock.


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("draft", "draft"),
        ("sent", "quoted"),
        ("to approve", "quoted"),
        ("purchase", "confirmed"),
        ("done", "done"),
        ("cancel", "cancelled"),
    ],
)
def test_the_status_of_a_purchase_order(firm: Odoo, unified: Loaded, state: str, status: str) -> None:
    assert unified.row("purchase_orders", firm[f"order {state}"])["status"] == status


def test_a_purchase_is_ordered_when_approved_and_before_that_when_entered(firm: Odoo, unified: Loaded) -> None:
    ordered, asked = (unified.row("purchase_orders", firm[name]) for name in ("order purchase", "order draft"))
    assert ordered["ordered_at"] == datetime(2026, 11, 6, 7, tzinfo=UTC)
    assert asked["ordered_at"] == datetime(2026, 11, 2, 8, tzinfo=UTC)
    assert ordered["supplier_id"] == f"odoo:{firm['Seller SA']}"


def test_eggs_bought_by_the_piece_are_boxes_of_a_dozen(firm: Odoo, unified: Loaded) -> None:
    eggs = unified.row("purchase_order_lines", firm["eggs by piece"])
    assert (eggs["quantity"], eggs["received_quantity"], eggs["source_quantity"]) == (3, 1, 36)
    assert unified["purchase_order_lines"].height == 1


def test_an_offer_for_a_product_without_variants_names_it(firm: Odoo, unified: Loaded) -> None:
    desks, shirts = (unified.row("supplier_products", firm[name]) for name in ("offer of desks", "offer of any shirt"))
    assert (desks["product_id"], shirts["product_id"]) == (f"odoo:{firm['Desk']}", None)
    assert (desks["lead_time_days"], desks["price"]) == (9, 3)


def test_stock_is_what_lies_in_our_own_locations_lots_and_negatives_included(firm: Odoo, unified: Loaded) -> None:
    levels = unified["inventory_levels"].group_by("product_id", "site_id").agg(pl.col("on_hand", "reserved").sum())
    assert {(row["product_id"], row["site_id"]): (row["on_hand"], row["reserved"]) for row in levels.to_dicts()} == {
        (f"odoo:{firm['Desk']}", f"odoo:{firm['WH/Stock/Shelf 1']}"): (Decimal("11.5"), 2),
        (f"odoo:{firm['Desk']}", f"odoo:{firm['WH/Stock/Shelf 2']}"): (-4, 0),
        (f"odoo:{firm['Flour']}", f"odoo:{firm['WH/Stock']}"): (0, 0),
        (f"odoo:{firm['Chair']}", f"odoo:{firm['TR/Stock']}"): (7, 1),
    }


def test_levels_that_are_added_up_have_the_keys_of_their_sums(firm: Odoo, unified: Loaded) -> None:
    today = unified.reading.as_of.date()
    extract = unified.extracts["inventory_levels", "stock_quant"]
    assert extract.mapping.sums == ("on_hand", "reserved")
    assert sorted(extract.keys if extract.keys is not None else ()) == sorted(
        f"{firm[product]}/{firm[place]}/{today}"
        for product, place in (
            ("Desk", "WH/Stock/Shelf 1"),
            ("Desk", "WH/Stock/Shelf 2"),
            ("Flour", "WH/Stock"),
            ("Chair", "TR/Stock"),
        )
    )


@pytest.mark.parametrize(
    ("move", "kind", "places"),
    [
        ("shipped desks", "delivery", ("internal", "customer")),
        ("picked desks", "transfer", ("internal", "internal")),
        ("desk to the sister", "delivery", ("internal", "transit")),
        ("desk to our other house", "transfer", ("internal", "transit")),
        ("desks came back", "customer_return", ("customer", "internal")),
        ("expected eggs", "receipt", ("supplier", "internal")),
        ("dropship", "dropship", ("supplier", "customer")),
        ("counted", "adjustment", ("adjustment", "internal")),
        ("made desks", "production", ("production", "internal")),
        ("used flour", "consumption", ("internal", "production")),
        ("scrapped on the way", "scrap", ("internal", "scrap")),
    ],
)
def test_the_two_places_make_the_kind_of_a_movement(
    firm: Odoo, unified: Loaded, move: str, kind: str, places: tuple[str, str]
) -> None:
    told = unified.row("stock_moves", firm[move])
    assert (told["kind"], told["from_place"], told["to_place"]) == (kind, *places)
    assert (told["from_site_id"] is not None, told["to_site_id"] is not None) == tuple(
        place in {"internal", "transit"} for place in places
    )


def test_a_movement_over_two_shelves_is_two_rows_that_add_up(firm: Odoo, unified: Loaded) -> None:
    key = firm["put on two shelves"]
    first, second = unified.row("stock_moves", key), unified.row("stock_moves", f"{key}/2")
    assert (first["to_site_id"], first["quantity"], first["demand_quantity"]) == (
        f"odoo:{firm['WH/Stock/Shelf 1']}",
        5,
        12,
    )
    assert (second["to_site_id"], second["quantity"], second["demand_quantity"]) == (
        f"odoo:{firm['WH/Stock/Shelf 2']}",
        7,
        0,
    )


def test_what_no_company_owns_is_shared(firm: Odoo, unified: Loaded) -> None:
    assert unified.row("stock_moves", firm["dropship"])["company_id"] == "*"
    assert unified.row("leads", firm["lead"])["company_id"] == "*"


def test_a_done_movement_has_moved_and_any_other_is_planned(firm: Odoo, unified: Loaded) -> None:
    done, planned = (unified.row("stock_moves", firm[name]) for name in ("counted", "waiting desks"))
    assert (done["moved_at"] is not None, done["planned_at"]) == (True, None)
    assert (planned["moved_at"], planned["planned_at"] is not None, planned["quantity"]) == (None, True, 6)


# Production and money.


@pytest.mark.parametrize(
    ("state", "status", "produced"),
    [
        ("draft", "draft", 6),
        ("confirmed", "confirmed", 6),
        ("progress", "confirmed", 6),
        ("to_close", "confirmed", 6),
        ("done", "done", 12),
        ("cancel", "cancelled", 0),
    ],
)
def test_a_work_order_in_dozens_is_in_pieces(
    firm: Odoo, unified: Loaded, state: str, status: str, produced: int
) -> None:
    made = unified.row("work_orders", firm[f"make {state}"])
    assert (made["status"], made["quantity"], made["produced_quantity"]) == (status, 12, produced)
    assert made["sales_order_id"] == f"odoo:{firm['sold']}"


def test_an_open_work_order_without_a_deadline_is_due_when_it_is_scheduled_to_end(firm: Odoo, unified: Loaded) -> None:
    waiting, done = (unified.row("work_orders", firm[f"make {state}"]) for state in ("confirmed", "done"))
    assert (waiting["due_on"], waiting["started_at"], waiting["finished_at"]) == (date(2026, 11, 21), None, None)
    assert (done["due_on"], done["finished_at"]) == (None, datetime(2026, 11, 21, 6, tzinfo=UTC))


def test_scrap_in_dozens_is_in_pieces_with_its_reason(unified: Loaded) -> None:
    scrap = unified["scrap"].row(0, named=True)
    assert (scrap["quantity"], scrap["reason"], scrap["status"]) == (12, "Broken", "done")


def test_an_account_has_the_code_of_the_first_company_and_belongs_to_its_only_one(firm: Odoo, unified: Loaded) -> None:
    sales, debtors = (unified.row("ledger_accounts", firm[name]) for name in ("Sales", "Debtors"))
    assert (sales["code"], sales["kind"], sales["company_id"]) == ("400000", "income", "*")
    assert (debtors["kind"], debtors["company_id"]) == ("receivable", "odoo:1")
    stock = unified.row("ledger_accounts", firm["Stock value"])
    assert (stock["kind"], stock["is_active"]) == ("inventory", False)


def test_headings_are_no_postings_and_a_foreign_amount_keeps_its_currency(firm: Odoo, unified: Loaded) -> None:
    assert unified.row("ledger_entries", firm["invoice heading"]) == {"rows": 0}
    euro = unified.row("ledger_entries", firm["euro sale"])
    assert (euro["credit"], euro["currency"]) == (57, "USD")
    assert (euro["foreign_amount"], euro["foreign_currency"]) == (-50, "EUR")
    assert unified.row("ledger_entries", firm["receivable"])["customer_id"] == f"odoo:{firm['Buyer AG']}"


def test_a_suppliers_bill_is_positive_and_its_refund_negative(firm: Odoo, unified: Loaded) -> None:
    assert unified.row("supplier_bills", firm["bill"])["amount_untaxed"] == 60
    assert unified.row("supplier_bills", firm["bill's refund"])["amount_untaxed"] == -15


# People and customers' voices.


def test_presence_and_booked_time_have_keys_of_their_own(firm: Odoo, unified: Loaded) -> None:
    hours = _by_name(unified["time_entries"], "source_id", "hours")
    assert hours == {"attendance/1": 8, "timesheet/1": Decimal("1.5"), "timesheet/2": 4}
    assert unified.row("time_entries", "attendance/1")["worked_on"] == date(2026, 11, 9)


def test_an_approved_leave_is_an_approved_absence(unified: Loaded) -> None:
    absence = unified["absences"].row(0, named=True)
    assert (absence["status"], absence["kind"], absence["days"]) == ("approved", "Holiday", 2)
    assert (absence["starts_on"], absence["ends_on"]) == (date(2026, 12, 21), date(2026, 12, 22))


@pytest.mark.parametrize(("deal", "status"), [("open deal", "open"), ("won deal", "won"), ("lost deal", "lost")])
def test_the_status_of_a_deal(firm: Odoo, unified: Loaded, deal: str, status: str) -> None:
    assert unified.row("opportunities", firm[deal])["status"] == status


def test_a_deal_has_the_currency_of_its_company_and_a_chance_from_0_to_1(firm: Odoo, unified: Loaded) -> None:
    deal = unified.row("opportunities", firm["open deal"])
    assert (deal["currency"], deal["probability"]) == ("EUR", Decimal("0.3"))
    assert deal["expected_amount"] == Decimal("40000.50")


def test_a_deal_that_was_closed_before_it_was_loaded_was_there_when_it_closed(firm: Odoo, unified: Loaded) -> None:
    lost = unified.row("opportunities", firm["lost deal"])
    assert lost["created_at"] == lost["closed_at"] == datetime(2026, 11, 1, tzinfo=UTC)
    assert lost["lost_reason"] == "Too dear"


def test_leads_are_no_deals_and_a_lost_lead_is_archived_without_a_chance(firm: Odoo, unified: Loaded) -> None:
    assert _by_name(unified["leads"], "source_id", "status") == {
        str(firm["lead"]): "open",
        str(firm["lost lead"]): "lost",
    }


def test_only_a_change_of_stage_is_one(firm: Odoo, unified: Loaded) -> None:
    change = unified["opportunity_stage_changes"].row(0, named=True)
    assert unified["opportunity_stage_changes"].height == 1
    assert (change["from_stage"], change["to_stage"]) == ("New", "Won")
    assert change["opportunity_id"] == f"odoo:{firm['won deal']}"


def test_a_ticket_is_a_task_with_a_customer(firm: Odoo, unified: Loaded) -> None:
    ticket = unified["tickets"].row(0, named=True)
    assert unified["tickets"].height == 1
    assert (ticket["status"], ticket["priority"]) == ("closed", "high")
    assert (ticket["customer_id"], ticket["body"]) == (f"odoo:{firm['Buyer AG']}", "It wobbles & squeaks\na lot")
    assert ticket["first_response_at"] == datetime(2026, 11, 2, 9, tzinfo=UTC)


def test_messages_of_customers_are_kept_and_notifications_are_not(firm: Odoo, unified: Loaded) -> None:
    told = {row["source_id"]: (row["direction"], row["channel"]) for row in unified["interactions"].to_dicts()}
    assert told == {
        str(firm["answer"]): ("out", "mail"),
        str(firm["note to ourselves"]): ("internal", "note"),
        str(firm["question"]): ("in", "mail"),
    }
    question = unified.row("interactions", firm["question"])
    assert question["opportunity_id"] == f"odoo:{firm['open deal']}"
    assert question["customer_id"] == f"odoo:{firm['Askers Ltd']}"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>two</p>", "One\ntwo"),
        ("a&lt;b&gt; &amp;lt;", "a<b> &lt;"),
        ("<style>p {}</style><!-- no --><b>x</b>", "x"),
        ("<p><br></p>", None),
        (None, None),
        ("3 < 5", "3 < 5"),
    ],
)
def test_html_becomes_its_words(html: str | None, text: str | None) -> None:
    assert pl.DataFrame({"body": [html]}, schema={"body": pl.String}).select(plain_text("body")).item() == text


def test_only_a_rating_that_was_given_is_feedback(firm: Odoo, unified: Loaded) -> None:
    praise = unified["feedback"].row(0, named=True)
    assert (praise["score"], praise["lowest_score"], praise["highest_score"]) == (5, 0, 5)
    assert praise["ticket_id"] == f"odoo:{firm['ticket']}"


def test_a_refusal_finds_its_person_and_keeps_its_address_where_there_is_none(firm: Odoo, unified: Loaded) -> None:
    known, unknown = (unified.row("consents", firm[name]) for name in ("refusal", "unknown refusal"))
    assert (known["contact_id"], known["is_granted"]) == (f"odoo:{firm['Ann at Buyer']}", False)
    assert (unknown["contact_id"], unknown["email"], unknown["is_granted"]) == (None, "who@where.example", True)


def test_whoever_a_campaign_addresses_twice_is_one_member_and_every_reaction_is_a_response(
    firm: Odoo, unified: Loaded
) -> None:
    member = unified["campaign_members"].row(0, named=True)
    assert unified["campaign_members"].height == 1
    assert (member["contact_id"], member["campaign_id"]) == (f"odoo:{firm['Ann at Buyer']}", f"odoo:{firm['Autumn']}")
    kinds = _by_name(unified["campaign_responses"], "source_id", "kind")
    assert kinds == {"1/sent": "sent", "1/opened": "opened", "2/bounced": "bounced"}
