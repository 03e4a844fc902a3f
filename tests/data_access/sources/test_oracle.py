"""Oracle's ways, one by one, on a miniature export: what each becomes in the unified tables."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analytics.tables import TABLES, references
from data_access.home import firm_home
from data_access.sources import oracle
from refresh.run import rehearse
from refresh.sources import request_for
from tests.data_access.sources.exported import only, rows, written
from tests.data_access.sources.loaded import Loaded, loaded

FILES: dict[str, str] = {
    "HR_OPERATING_UNITS.csv": rows("ORGANIZATION_ID;NAME;SET_OF_BOOKS_ID", "81;Works GmbH;1"),
    "GL_LEDGERS.csv": rows("LEDGER_ID;CURRENCY_CODE", "1;EUR"),
    "MTL_PARAMETERS.csv": rows(
        "ORGANIZATION_ID;ORGANIZATION_CODE;MASTER_ORGANIZATION_ID;PRIMARY_COST_METHOD", "204;V1;204;1", "207;M1;204;1"
    ),
    "ORG_ORGANIZATION_DEFINITIONS.csv": rows(
        "ORGANIZATION_ID;ORGANIZATION_NAME;OPERATING_UNIT", "204;Vision;81", "207;Plant;81"
    ),
    "MTL_SECONDARY_INVENTORIES.csv": rows(
        "ORGANIZATION_ID;SECONDARY_INVENTORY_NAME;DESCRIPTION;DISABLE_DATE",
        "207;FGI;Finished goods;",
        "207;OLD;;01-JAN-20",
    ),
    "MTL_SYSTEM_ITEMS_B.csv": rows(
        "INVENTORY_ITEM_ID;ORGANIZATION_ID;SEGMENT1;DESCRIPTION;PRIMARY_UOM_CODE;PRIMARY_UNIT_OF_MEASURE"
        ";STOCK_ENABLED_FLAG;INVENTORY_ITEM_STATUS_CODE;LIST_PRICE_PER_UNIT;FULL_LEAD_TIME;MIN_MINMAX_QUANTITY"
        ";MAX_MINMAX_QUANTITY;FIXED_LOT_MULTIPLIER;CREATION_DATE",
        "149;204;AS54888;Sentinel;Ea;Each;Y;Active;1500;4.5;;;;05-JAN-2020 10:00:00",
        "149;207;AS54888;Sentinel at the plant;Ea;Each;Y;Active;1500;4.5;10;50;5;05-JAN-2020 10:00:00",
        "151;204;CM1;Screw;Ea;Each;Y;Inactive;.5;0;;;;05-JAN-20",
        "152;204;SV1;Training;Ea;Each;N;Active;900;;;;;05-JAN-20",
    ),
    "MTL_CATEGORIES_B.csv": rows("CATEGORY_ID;SEGMENT1;SEGMENT2", "5;COMPUTER;DESKTOP"),
    "MTL_ITEM_CATEGORIES.csv": rows("INVENTORY_ITEM_ID;ORGANIZATION_ID;CATEGORY_ID", "149;204;5"),
    "MTL_UOM_CONVERSIONS.csv": rows(
        "UOM_CODE;UNIT_OF_MEASURE;INVENTORY_ITEM_ID;CONVERSION_RATE", "Ea;Each;0;1", "DZ;Dozen;0;12", "BX;Box;151;200"
    ),
    "CST_ITEM_COSTS.csv": rows(
        "INVENTORY_ITEM_ID;ORGANIZATION_ID;COST_TYPE_ID;ITEM_COST", "149;207;1;800.25", "149;207;2;799", "149;207;3;1"
    ),
    "MTL_ONHAND_QUANTITIES_DETAIL.csv": rows(
        "ONHAND_QUANTITIES_ID;INVENTORY_ITEM_ID;ORGANIZATION_ID;SUBINVENTORY_CODE;PRIMARY_TRANSACTION_QUANTITY",
        "1;149;207;FGI;5",
        "2;149;207;FGI;5",
        "3;149;207;FGI;-1",
        "4;151;207;NEW;7",
    ),
    "HZ_PARTIES.csv": rows(
        "PARTY_ID;PARTY_NAME;PARTY_TYPE;COUNTRY;CITY;EMAIL_ADDRESS;TAX_REFERENCE",
        "1001;Acme Ltd;ORGANIZATION;GB;Leeds;info@acme.example;GB123",
    ),
    "HZ_CUST_ACCOUNTS.csv": rows(
        "CUST_ACCOUNT_ID;PARTY_ID;ACCOUNT_NUMBER;STATUS;CUSTOMER_CLASS_CODE;CREATION_DATE",
        "1290;1001;A-7;A;Retail;01-FEB-20",
    ),
    "AP_SUPPLIERS.csv": rows("VENDOR_ID;VENDOR_NAME;SEGMENT1;ENABLED_FLAG;INVOICE_CURRENCY_CODE", "21;Bolts;S21;Y;EUR"),
    "AP_SUPPLIER_SITES_ALL.csv": rows("VENDOR_SITE_ID;VENDOR_ID;COUNTRY;CITY", "1;21;DE;Ulm"),
    "OE_ORDER_HEADERS_ALL.csv": rows(
        "HEADER_ID;ORG_ID;ORDER_NUMBER;SOLD_TO_ORG_ID;SHIP_FROM_ORG_ID;FLOW_STATUS_CODE;ORDER_CATEGORY_CODE"
        ";TRANSACTION_PHASE_CODE;BOOKED_FLAG;CANCELLED_FLAG;ORDERED_DATE;REQUEST_DATE;TRANSACTIONAL_CURR_CODE",
        "9001;81;66001;1290;207;BOOKED;MIXED;F;Y;N;05-JAN-26;2026-01-20 00:00:00;EUR",
        "9002;81;66002;1290;207;CLOSED;ORDER;F;Y;N;06-JAN-2026 14:30:00;;EUR",
        "9003;81;66003;1290;;CANCELLED;ORDER;F;Y;Y;07-1月 -26;;EUR",
        "9004;81;66004;1290;;ENTERED;ORDER;F;N;N;08-JAN-26;;EUR",
        "9005;81;66005;1290;;DRAFT;ORDER;N;N;N;08-JAN-26;;EUR",
        "9006;81;66006;1290;;BOOKED;RETURN;F;Y;N;08-JAN-26;;EUR",
    ),
    "OE_ORDER_LINES_ALL.csv": rows(
        "LINE_ID;HEADER_ID;LINE_NUMBER;INVENTORY_ITEM_ID;ORDER_QUANTITY_UOM;ORDERED_QUANTITY;SHIPPED_QUANTITY"
        ";INVOICED_QUANTITY;UNIT_SELLING_PRICE;LINE_CATEGORY_CODE;CANCELLED_FLAG;PROMISE_DATE;SCHEDULE_SHIP_DATE",
        "1;9001;1;149;DZ;2;.5;;100;ORDER;N;15-JAN-26;14-JAN-26",
        "2;9001;2;151;Ea;3;;;.333;ORDER;N;;18-JAN-26",
        "3;9001;3;151;Ea;9;;;1;RETURN;N;;",
        "4;9002;1;149;Ea;0;;;100;ORDER;Y;;",
        "5;9002;2;151;BX;1;1;1;90;ORDER;N;;",
        "6;9002;3;;;1;;;25;ORDER;N;;",
    ),
    "WSH_NEW_DELIVERIES.csv": rows(
        "DELIVERY_ID;NAME;STATUS_CODE;CUSTOMER_ID;ORGANIZATION_ID;INITIAL_PICKUP_DATE;WAYBILL",
        "700;D700;CL;1290;207;12-JAN-26;W1",
        "701;D701;OP;1290;207;19-JAN-26;",
    ),
    "WSH_DELIVERY_DETAILS.csv": rows(
        "DELIVERY_DETAIL_ID;SOURCE_CODE;SOURCE_HEADER_ID;SOURCE_LINE_ID;INVENTORY_ITEM_ID;REQUESTED_QUANTITY"
        ";SHIPPED_QUANTITY;RELEASED_STATUS",
        "70;OE;9001;1;149;6;6;C",
        "71;OE;9001;2;151;3;;Y",
        "72;OE;9001;2;151;3;;B",
    ),
    "WSH_DELIVERY_ASSIGNMENTS.csv": rows("DELIVERY_DETAIL_ID;DELIVERY_ID", "70;700", "71;701", "72;"),
    "RA_CUSTOMER_TRX_ALL.csv": rows(
        "CUSTOMER_TRX_ID;ORG_ID;TRX_NUMBER;BILL_TO_CUSTOMER_ID;CUST_TRX_TYPE_ID;INVOICE_CURRENCY_CODE;COMPLETE_FLAG"
        ";TRX_DATE",
        "500;81;R500;1290;1;EUR;Y;13-JAN-26",
        "501;81;R501;1290;2;EUR;N;14-JAN-26",
        "502;81;R502;1290;3;EUR;Y;14-JAN-26",
    ),
    "RA_CUST_TRX_TYPES_ALL.csv": rows("CUST_TRX_TYPE_ID;TYPE", "1;INV", "2;CM", "3;DEP"),
    "RA_CUSTOMER_TRX_LINES_ALL.csv": rows(
        "CUSTOMER_TRX_LINE_ID;CUSTOMER_TRX_ID;LINE_TYPE;INVENTORY_ITEM_ID;QUANTITY_INVOICED;UNIT_SELLING_PRICE"
        ";EXTENDED_AMOUNT;INTERFACE_LINE_CONTEXT;INTERFACE_LINE_ATTRIBUTE6",
        "50;500;LINE;149;6;100;600;ORDER ENTRY;1",
        "51;500;TAX;;;;120;;",
        "52;500;FREIGHT;;;;10;;",
        "53;501;LINE;149;-1;100;-100;;",
    ),
    "AR_PAYMENT_SCHEDULES_ALL.csv": rows(
        "PAYMENT_SCHEDULE_ID;CUSTOMER_TRX_ID;AMOUNT_DUE_REMAINING;DUE_DATE",
        "1;500;365;12-FEB-26",
        "2;500;365;12-MAR-26",
    ),
    "PO_HEADERS_ALL.csv": rows(
        "PO_HEADER_ID;ORG_ID;SEGMENT1;TYPE_LOOKUP_CODE;VENDOR_ID;AUTHORIZATION_STATUS;CLOSED_CODE;CANCEL_FLAG"
        ";APPROVED_DATE;CREATION_DATE;CURRENCY_CODE",
        "300;81;4001;STANDARD;21;APPROVED;OPEN;N;09-JAN-26;08-JAN-26;EUR",
        "301;81;4002;STANDARD;21;APPROVED;FINALLY CLOSED;N;09-JAN-26;08-JAN-26;EUR",
        "302;81;4003;STANDARD;21;INCOMPLETE;;;;08-JAN-26;EUR",
        "303;81;4004;STANDARD;21;APPROVED;OPEN;Y;09-JAN-26;08-JAN-26;EUR",
        "304;81;4005;BLANKET;21;APPROVED;OPEN;N;09-JAN-26;08-JAN-26;EUR",
    ),
    "PO_LINES_ALL.csv": rows(
        "PO_LINE_ID;PO_HEADER_ID;LINE_NUM;ITEM_ID;ITEM_DESCRIPTION;UNIT_MEAS_LOOKUP_CODE;UNIT_PRICE;QUANTITY;CANCEL_FLAG",
        "30;300;1;151;Screws;Dozen;1.2;10;N",
        "31;300;2;149;Sentinel;Each;700;1;Y",
        "32;304;1;151;Screws;Each;.1;;N",
        "33;302;1;;Repair;Each;50;2;",
    ),
    "PO_LINE_LOCATIONS_ALL.csv": rows(
        "LINE_LOCATION_ID;PO_LINE_ID;SHIP_TO_ORGANIZATION_ID;SHIPMENT_TYPE;QUANTITY;QUANTITY_RECEIVED;QUANTITY_BILLED"
        ";QUANTITY_CANCELLED;NEED_BY_DATE;PROMISED_DATE",
        "1;30;207;STANDARD;6;6;6;0;20-JAN-26;22-JAN-26",
        "2;30;207;STANDARD;4;1;;1;25-JAN-26;",
        "3;32;207;PRICE BREAK;99;;;;;",
    ),
    "BOM_STRUCTURES_B.csv": rows(
        "BILL_SEQUENCE_ID;ASSEMBLY_ITEM_ID;ORGANIZATION_ID;COMMON_BILL_SEQUENCE_ID;ALTERNATE_BOM_DESIGNATOR",
        "60;149;207;60;",
        "61;149;204;60;",
        "62;149;207;62;ALT",
    ),
    "BOM_COMPONENTS_B.csv": rows(
        "COMPONENT_SEQUENCE_ID;BILL_SEQUENCE_ID;COMPONENT_ITEM_ID;COMPONENT_QUANTITY;COMPONENT_YIELD_FACTOR"
        ";EFFECTIVITY_DATE;DISABLE_DATE",
        "6;60;151;4;.8;01-JAN-20;",
        "7;60;151;0;1;01-JAN-20;",
    ),
    "WIP_DISCRETE_JOBS.csv": rows(
        "WIP_ENTITY_ID;ORGANIZATION_ID;PRIMARY_ITEM_ID;STATUS_TYPE;START_QUANTITY;QUANTITY_COMPLETED"
        ";SCHEDULED_START_DATE;SCHEDULED_COMPLETION_DATE;DATE_COMPLETED;COMMON_BOM_SEQUENCE_ID",
        "80;207;149;3;10;2;12-JAN-26;16-JAN-26;;60",
        "81;207;149;12;5;5;02-JAN-26;05-JAN-26;06-JAN-26;60",
        "82;207;149;1;5;0;02-FEB-26;05-FEB-26;;",
        "83;207;149;7;5;0;02-FEB-26;05-FEB-26;;",
    ),
    "WIP_ENTITIES.csv": rows("WIP_ENTITY_ID;WIP_ENTITY_NAME", "80;JOB-80"),
}


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """What Tandem makes of the miniature."""
    return loaded(oracle.read(written(tmp_path_factory.mktemp("oracle"), FILES, delimiter=",")))


def values(firm: Loaded, table: str, key: str, *columns: str) -> tuple[Any, ...]:
    """Some values of a record."""
    row = firm.row(table, key)
    return tuple(row[column] for column in columns)


def test_every_row_of_the_miniature_fits_its_contract(firm: Loaded) -> None:
    assert firm.aside.rows() == []


def test_a_refresh_balances_and_sets_nothing_aside(tmp_path: Path) -> None:
    path: dict[str, Any] = {"url": None, "path": written(tmp_path, FILES, delimiter=",")}
    request = request_for("oracle", **path, full=False, partial=False, confirmed=frozenset())
    report = rehearse(firm_home(), request)
    assert (report.outcome, report.message) == ("loaded", None)
    assert {name: table["reasons"] for name, table in report.tables.items() if table["quarantined"]} == {}


@pytest.mark.parametrize("table", sorted({mapping.to for mapping in oracle.MAPPINGS}))
def test_every_table_keeps_its_rules_and_refers_to_what_is_there(firm: Loaded, table: str) -> None:
    filled = firm[table].with_columns(pl.col("company_id").fill_null("*"))
    assert filled.height > 0
    key = TABLES[table].primary_key()
    whole = filled.unique(key) if table in ("inventory_levels", "sites") else filled
    assert TABLES[table].filter(whole)[1].counts() == {}
    for column, parent in references(TABLES[table]).items():
        known = set(firm[parent].get_column(TABLES[parent].primary_key()[0])) if parent in firm.tables else set()
        assert set(filled.get_column(column).drop_nulls()) <= known


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("05-JAN-26", "2026-01-05 00:00:00"),
        ("5-jan-99", "1999-01-05 00:00:00"),
        ("05-1月 -26", "2026-01-05 00:00:00"),
        ("05-JAN-2026 14:30:01", "2026-01-05 14:30:01"),
        ("05-JAN-26 14.30.01.000000", "2026-01-05 14:30:01"),
        ("2026-01-05T14:30:01+02:00", "2026-01-05 12:30:01"),
        ("31-FEB-26", None),
        ("05-MAI-26", None),
        ("01/05/2026", None),
    ],
)
def test_days_are_read_as_oracle_writes_them(text: str, instant: str | None) -> None:
    told = pl.select(oracle.instant(pl.lit(text))).item()
    assert (None if told is None else str(told)) == instant


def test_an_item_is_one_product_whatever_organisations_have_it(firm: Loaded) -> None:
    told = firm["products"].sort("source_id").select("sku", "name", "kind", "cost", "list_price", "is_active").rows()
    assert told == [
        ("AS54888", "Sentinel", "storable", Decimal("800.25"), Decimal(1500), True),
        ("CM1", "Screw", "storable", None, Decimal("0.5"), False),
        ("SV1", "Training", "service", None, Decimal(900), True),
    ]
    assert values(firm, "products", "149", "lead_time_days", "currency", "category_id", "created_on") == (
        5,
        "EUR",
        "oracle:5",
        date(2020, 1, 5),
    )
    assert values(firm, "reorder_rules", "149/207", "site_id", "minimum_quantity", "multiple_quantity") == (
        "oracle:207",
        Decimal(10),
        Decimal(5),
    )


def test_a_cost_is_of_the_method_that_its_organisation_values_by(firm: Loaded) -> None:
    assert firm["product_costs"].select("source_id", "cost", "currency", "company_id").rows() == [
        ("149/207", Decimal("800.25"), "EUR", "oracle:81")
    ]


def test_stock_is_the_sum_of_its_rows_by_subinventory(firm: Loaded) -> None:
    summed = firm["inventory_levels"].group_by("site_id").agg(pl.col("on_hand").sum()).sort("site_id")
    assert summed.rows() == [("oracle:207/FGI", Decimal(9)), ("oracle:207/NEW", Decimal(7))]
    assert values(firm, "sites", "207/OLD", "name", "is_active", "parent_site_id") == ("M1 / OLD", False, "oracle:207")


def test_an_order_is_what_its_flags_say(firm: Loaded) -> None:
    states = dict(firm["sales_orders"].select("source_id", "status").iter_rows())
    assert states == {"9001": "confirmed", "9002": "done", "9003": "cancelled", "9004": "draft", "9005": "quoted"}
    row = values(firm, "sales_orders", "9001", "number", "amount_untaxed", "promised_on", "requested_on", "site_id")
    assert row == ("66001", Decimal("201.00"), date(2026, 1, 18), date(2026, 1, 20), "oracle:207")
    assert str(firm.row("sales_orders", "9002")["ordered_at"]) == "2026-01-06 14:30:00+00:00"


def test_a_line_in_dozens_or_boxes_is_in_pieces(firm: Loaded) -> None:
    columns = ("quantity", "delivered_quantity", "source_quantity", "source_unit", "amount_untaxed", "promised_on")
    assert values(firm, "sales_order_lines", "1", *columns) == (
        *(Decimal(24), Decimal(6), Decimal(2), "DZ", Decimal(200)),
        date(2026, 1, 15),
    )
    assert values(firm, "sales_order_lines", "5", "quantity", "invoiced_quantity") == (Decimal(200), Decimal(200))
    assert values(firm, "sales_order_lines", "6", "quantity", "product_id") == (Decimal(1), None)
    assert set(firm["sales_order_lines"].get_column("source_id")) == {"1", "2", "5", "6"}


def test_a_unit_without_a_conversion_is_set_aside(tmp_path: Path) -> None:
    kept = only(FILES, "OE_ORDER_LINES_ALL", "MTL_SYSTEM_ITEMS_B")
    told = loaded(oracle.read(written(tmp_path, kept)))["sales_order_lines"]
    assert dict(told.select("source_id", "quantity").iter_rows()) == {"1": None, "2": 3, "5": None, "6": 1}


def test_deliveries_are_shipped_when_they_were_picked_up(firm: Loaded) -> None:
    assert values(firm, "shipments", "700", "status", "sales_order_id", "site_id") == (
        "done",
        "oracle:9001",
        "oracle:207",
    )
    assert firm.row("shipments", "701")["shipped_at"] is None
    lines = (
        firm["shipment_lines"].sort("source_id").select("source_id", "status", "quantity", "shipped_quantity").rows()
    )
    assert lines == [("70", "done", 6, 6), ("71", "ready", 3, 0)]


def test_a_bill_is_the_sum_of_its_lines_and_a_credit_memo_is_negative(firm: Loaded) -> None:
    columns = ("kind", "status", "amount_untaxed", "amount_tax", "amount_total", "amount_open", "due_on")
    assert values(firm, "invoices", "500", *columns) == ("invoice", "posted", 610, 120, 730, 730, date(2026, 3, 12))
    assert values(firm, "invoices", "501", *columns[:3]) == ("credit_note", "draft", -100)
    assert set(firm["invoices"].get_column("source_id")) == {"500", "501"}
    assert values(firm, "invoice_lines", "50", "sales_order_line_id", "quantity") == ("oracle:1", Decimal(6))
    assert firm["invoice_lines"].height == 3


def test_a_purchase_is_the_sum_of_its_shipments_in_pieces(firm: Loaded) -> None:
    states = dict(firm["purchase_orders"].select("source_id", "status").iter_rows())
    assert states == {"300": "confirmed", "301": "done", "302": "draft", "303": "cancelled"}
    columns = ("quantity", "received_quantity", "invoiced_quantity", "amount_untaxed", "due_on", "first_due_on")
    assert values(firm, "purchase_order_lines", "30", *columns) == (
        *(Decimal(108), Decimal(84), Decimal(72), Decimal("10.8")),
        *(date(2026, 1, 25), date(2026, 1, 25)),
    )
    assert values(firm, "purchase_order_lines", "33", "quantity", "product_id") == (Decimal(2), None)
    assert set(firm["purchase_order_lines"].get_column("source_id")) == {"30", "33"}


def test_a_bill_of_material_counts_what_is_lost_and_a_shared_one_counts_once(firm: Loaded) -> None:
    assert dict(firm["boms"].select("source_id", "is_active").iter_rows()) == {"60": True, "62": False}
    assert firm["bom_lines"].select("source_id", "quantity_per", "product_id").rows() == [("6", 5, "oracle:149")]


def test_a_job_is_what_its_status_says(firm: Loaded) -> None:
    states = dict(firm["work_orders"].select("source_id", "status").iter_rows())
    assert states == {"80": "confirmed", "81": "done", "82": "draft", "83": "cancelled"}
    assert values(firm, "work_orders", "80", "number", "bom_id", "produced_quantity", "due_on") == (
        *("JOB-80", "oracle:60", Decimal(2)),
        date(2026, 1, 16),
    )


def test_older_names_of_the_tables_are_known() -> None:
    told = {name: oracle.ORACLE.export_of(name) for name in ("po_vendors", "bom_bill_of_materials", "MTL_SYSTEM_ITEMS")}
    assert [export.name if export else None for export in told.values()] == [
        *("AP_SUPPLIERS", "BOM_STRUCTURES_B", "MTL_SYSTEM_ITEMS_B"),
    ]
