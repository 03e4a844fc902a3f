"""Oracle E-Business Suite 12 from extracts of its tables: where each unified table comes from.

docs/sources/oracle.md says the same in words. Keys are Oracle's numbers; people see order numbers, item segments and
account numbers. What an organisation of the inventory is, is a site; what an operating unit is, is a company.
"""

from pathlib import Path

import polars as pl

from analytics.tables import parsing
from data_access.exports import COUNTRY as LAND
from data_access.exports import (
    FLAG,
    KEY,
    NUMBER,
    SOURCE_ROW,
    TEXT,
    WORD,
    Export,
    Kind,
    Vendor,
    country,
    known,
    mapping,
    of,
)
from data_access.exports import columns as named
from data_access.exports import read as read_export
from data_access.mapping import SHARED, Mapping, Reading

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
MONTH_NUMBERS = {name: f"{number:02}" for number, name in enumerate(MONTHS, 1)}
MONTH_NUMBERS |= {f"{number}月": f"{number:02}" for number in range(1, 13)}
WRITTEN = r"(?i)^(\d{1,2})-([a-z]{3}|\d{1,2}月)\s*-(\d{4}|\d{2})(?:[ T](\d{1,2})[:.](\d{2})[:.](\d{2})(?:[.]\d+)?)?$"
CENTURY_TURNS = "50"


def instant(text: pl.Expr) -> pl.Expr:
    """An instant as Oracle writes it, 05-JAN-26 or 05-JAN-2026 14:30:00, or as ISO 8601; of two digits of a year,
    those below 50 are of this century, as Oracle's RR says."""
    parts = text.str.strip_chars().str.extract_groups(WRITTEN)
    day, month, year, hour, minute, second = (parts.struct.field(str(number)) for number in range(1, 7))
    century = pl.when(year < CENTURY_TURNS).then(pl.lit("20")).otherwise(pl.lit("19"))
    whole = pl.when(year.str.len_chars() == 2).then(pl.concat_str(century, year)).otherwise(year)
    number = month.str.to_uppercase().replace_strict(MONTH_NUMBERS, default=None, return_dtype=pl.String)
    date = pl.concat_str([whole, number, day.str.zfill(2)], separator="-")
    clock = pl.concat_str([part.fill_null("00").str.zfill(2) for part in (hour, minute, second)], separator=":")
    written = pl.concat_str([date, clock], separator=" ").str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)
    return pl.coalesce(written.cast(pl.Datetime("us")), parsing.instant_from(text).dt.replace_time_zone(None))


INSTANT = Kind(instant, "not_an_instant")
DAY = Kind(lambda text: instant(text).dt.date(), "not_a_date")


def _table(name: str, needs: str, *kinds: dict[str, Kind], files: tuple[str, ...] = ()) -> Export:
    held: dict[str, Kind] = {}
    for more in kinds:
        held |= more
    return Export(name=name, columns=held, needs=tuple(needs.lower().split()), files=files)


EXPORTS = (
    _table("HR_OPERATING_UNITS", "organization_id", named(KEY, "ORGANIZATION_ID SET_OF_BOOKS_ID"), named(TEXT, "NAME")),
    _table("GL_LEDGERS", "ledger_id", named(KEY, "LEDGER_ID"), named(WORD, "CURRENCY_CODE")),
    _table(
        "MTL_PARAMETERS",
        "organization_id",
        named(KEY, "ORGANIZATION_ID MASTER_ORGANIZATION_ID PRIMARY_COST_METHOD"),
        named(WORD, "ORGANIZATION_CODE"),
    ),
    _table(
        "ORG_ORGANIZATION_DEFINITIONS",
        "organization_id",
        named(KEY, "ORGANIZATION_ID OPERATING_UNIT"),
        named(TEXT, "ORGANIZATION_NAME"),
    ),
    _table(
        "MTL_SECONDARY_INVENTORIES",
        "organization_id secondary_inventory_name description disable_date",
        named(KEY, "ORGANIZATION_ID SECONDARY_INVENTORY_NAME"),
        named(TEXT, "DESCRIPTION"),
        named(DAY, "DISABLE_DATE"),
    ),
    _table(
        "MTL_SYSTEM_ITEMS_B",
        "inventory_item_id organization_id",
        named(KEY, "INVENTORY_ITEM_ID ORGANIZATION_ID"),
        named(WORD, "SEGMENT1 PRIMARY_UOM_CODE PRIMARY_UNIT_OF_MEASURE INVENTORY_ITEM_STATUS_CODE"),
        named(TEXT, "DESCRIPTION"),
        named(FLAG, "ENABLED_FLAG STOCK_ENABLED_FLAG CUSTOMER_ORDER_FLAG PURCHASING_ITEM_FLAG"),
        named(NUMBER, "LIST_PRICE_PER_UNIT FULL_LEAD_TIME UNIT_WEIGHT UNIT_VOLUME"),
        named(NUMBER, "MIN_MINMAX_QUANTITY MAX_MINMAX_QUANTITY FIXED_LOT_MULTIPLIER"),
        named(DAY, "CREATION_DATE"),
        files=("MTL_SYSTEM_ITEMS",),
    ),
    _table("MTL_CATEGORIES_B", "category_id", named(KEY, "CATEGORY_ID"), named(WORD, "SEGMENT1 SEGMENT2")),
    _table(
        "MTL_ITEM_CATEGORIES",
        "inventory_item_id organization_id category_id",
        named(KEY, "INVENTORY_ITEM_ID ORGANIZATION_ID CATEGORY_ID CATEGORY_SET_ID"),
    ),
    _table(
        "MTL_UOM_CONVERSIONS",
        "uom_code conversion_rate",
        named(WORD, "UOM_CODE UNIT_OF_MEASURE"),
        named(KEY, "INVENTORY_ITEM_ID"),
        named(NUMBER, "CONVERSION_RATE"),
    ),
    _table(
        "CST_ITEM_COSTS",
        "inventory_item_id organization_id cost_type_id item_cost",
        named(KEY, "INVENTORY_ITEM_ID ORGANIZATION_ID COST_TYPE_ID"),
        named(NUMBER, "ITEM_COST"),
    ),
    _table(
        "MTL_ONHAND_QUANTITIES_DETAIL",
        "onhand_quantities_id inventory_item_id organization_id subinventory_code",
        named(KEY, "ONHAND_QUANTITIES_ID INVENTORY_ITEM_ID ORGANIZATION_ID SUBINVENTORY_CODE"),
        named(NUMBER, "PRIMARY_TRANSACTION_QUANTITY TRANSACTION_QUANTITY"),
        files=("MTL_ONHAND_QUANTITIES",),
    ),
    _table(
        "HZ_PARTIES",
        "party_id",
        named(KEY, "PARTY_ID"),
        named(TEXT, "PARTY_NAME CITY EMAIL_ADDRESS PRIMARY_PHONE_NUMBER"),
        named(WORD, "PARTY_TYPE TAX_REFERENCE JGZZ_FISCAL_CODE SIC_CODE"),
        named(LAND, "COUNTRY"),
    ),
    _table(
        "HZ_CUST_ACCOUNTS",
        "cust_account_id party_id",
        named(KEY, "CUST_ACCOUNT_ID PARTY_ID"),
        named(WORD, "ACCOUNT_NUMBER STATUS CUSTOMER_CLASS_CODE"),
        named(TEXT, "ACCOUNT_NAME"),
        named(DAY, "ACCOUNT_ESTABLISHED_DATE CREATION_DATE"),
        files=("HZ_CUST_ACCOUNTS_ALL",),
    ),
    _table(
        "AP_SUPPLIERS",
        "vendor_id",
        named(KEY, "VENDOR_ID"),
        named(WORD, "SEGMENT1 VAT_REGISTRATION_NUM NUM_1099 INVOICE_CURRENCY_CODE"),
        named(TEXT, "VENDOR_NAME"),
        named(FLAG, "ENABLED_FLAG"),
        named(DAY, "CREATION_DATE END_DATE_ACTIVE"),
        files=("PO_VENDORS",),
    ),
    _table(
        "AP_SUPPLIER_SITES_ALL",
        "vendor_site_id vendor_id",
        named(KEY, "VENDOR_SITE_ID VENDOR_ID"),
        named(TEXT, "CITY EMAIL_ADDRESS PHONE"),
        named(LAND, "COUNTRY"),
        files=("PO_VENDOR_SITES_ALL",),
    ),
    _table(
        "OE_ORDER_HEADERS_ALL",
        "header_id sold_to_org_id",
        named(KEY, "HEADER_ID ORG_ID SOLD_TO_ORG_ID SHIP_FROM_ORG_ID"),
        named(WORD, "ORDER_NUMBER FLOW_STATUS_CODE ORDER_CATEGORY_CODE TRANSACTION_PHASE_CODE TRANSACTIONAL_CURR_CODE"),
        named(TEXT, "CUST_PO_NUMBER"),
        named(FLAG, "BOOKED_FLAG CANCELLED_FLAG OPEN_FLAG"),
        named(NUMBER, "CONVERSION_RATE"),
        named(INSTANT, "ORDERED_DATE CREATION_DATE REQUEST_DATE"),
    ),
    _table(
        "OE_ORDER_LINES_ALL",
        "line_id header_id ordered_quantity",
        named(KEY, "LINE_ID HEADER_ID INVENTORY_ITEM_ID SHIP_FROM_ORG_ID"),
        named(WORD, "LINE_NUMBER SHIPMENT_NUMBER ORDER_QUANTITY_UOM LINE_CATEGORY_CODE FLOW_STATUS_CODE"),
        named(TEXT, "ORDERED_ITEM USER_ITEM_DESCRIPTION"),
        named(FLAG, "CANCELLED_FLAG"),
        named(NUMBER, "ORDERED_QUANTITY SHIPPED_QUANTITY FULFILLED_QUANTITY INVOICED_QUANTITY"),
        named(NUMBER, "UNIT_SELLING_PRICE UNIT_LIST_PRICE"),
        named(INSTANT, "REQUEST_DATE PROMISE_DATE SCHEDULE_SHIP_DATE SCHEDULE_ARRIVAL_DATE ACTUAL_SHIPMENT_DATE"),
    ),
    _table(
        "WSH_NEW_DELIVERIES",
        "delivery_id",
        named(KEY, "DELIVERY_ID CUSTOMER_ID ORGANIZATION_ID"),
        named(WORD, "NAME STATUS_CODE WAYBILL"),
        named(INSTANT, "INITIAL_PICKUP_DATE ULTIMATE_DROPOFF_DATE CONFIRM_DATE"),
    ),
    _table(
        "WSH_DELIVERY_DETAILS",
        "delivery_detail_id source_line_id",
        named(KEY, "DELIVERY_DETAIL_ID SOURCE_HEADER_ID SOURCE_LINE_ID INVENTORY_ITEM_ID"),
        named(WORD, "SOURCE_CODE RELEASED_STATUS"),
        named(NUMBER, "REQUESTED_QUANTITY SHIPPED_QUANTITY"),
        named(INSTANT, "DATE_SCHEDULED"),
    ),
    _table("WSH_DELIVERY_ASSIGNMENTS", "delivery_detail_id", named(KEY, "DELIVERY_DETAIL_ID DELIVERY_ID")),
    _table(
        "RA_CUSTOMER_TRX_ALL",
        "customer_trx_id",
        named(KEY, "CUSTOMER_TRX_ID ORG_ID BILL_TO_CUSTOMER_ID CUST_TRX_TYPE_ID"),
        named(WORD, "TRX_NUMBER INVOICE_CURRENCY_CODE STATUS_TRX"),
        named(FLAG, "COMPLETE_FLAG"),
        named(DAY, "TRX_DATE TERM_DUE_DATE"),
    ),
    _table(
        "RA_CUST_TRX_TYPES_ALL", "cust_trx_type_id type", named(KEY, "CUST_TRX_TYPE_ID ORG_ID"), named(WORD, "TYPE")
    ),
    _table(
        "RA_CUSTOMER_TRX_LINES_ALL",
        "customer_trx_line_id customer_trx_id extended_amount",
        named(KEY, "CUSTOMER_TRX_LINE_ID CUSTOMER_TRX_ID INVENTORY_ITEM_ID INTERFACE_LINE_ATTRIBUTE6"),
        named(WORD, "LINE_TYPE INTERFACE_LINE_CONTEXT"),
        named(TEXT, "DESCRIPTION"),
        named(NUMBER, "QUANTITY_INVOICED QUANTITY_CREDITED UNIT_SELLING_PRICE EXTENDED_AMOUNT"),
    ),
    _table(
        "AR_PAYMENT_SCHEDULES_ALL",
        "customer_trx_id amount_due_remaining",
        named(KEY, "PAYMENT_SCHEDULE_ID CUSTOMER_TRX_ID"),
        named(NUMBER, "AMOUNT_DUE_REMAINING"),
        named(DAY, "DUE_DATE"),
    ),
    _table(
        "PO_HEADERS_ALL",
        "po_header_id vendor_id",
        named(KEY, "PO_HEADER_ID ORG_ID VENDOR_ID"),
        named(WORD, "SEGMENT1 TYPE_LOOKUP_CODE AUTHORIZATION_STATUS CLOSED_CODE CURRENCY_CODE"),
        named(FLAG, "CANCEL_FLAG"),
        named(INSTANT, "APPROVED_DATE CREATION_DATE"),
    ),
    _table(
        "PO_LINES_ALL",
        "po_line_id po_header_id",
        named(KEY, "PO_LINE_ID PO_HEADER_ID ITEM_ID"),
        named(WORD, "LINE_NUM UNIT_MEAS_LOOKUP_CODE"),
        named(TEXT, "ITEM_DESCRIPTION"),
        named(FLAG, "CANCEL_FLAG"),
        named(NUMBER, "QUANTITY UNIT_PRICE"),
    ),
    _table(
        "PO_LINE_LOCATIONS_ALL",
        "line_location_id po_line_id quantity",
        named(KEY, "LINE_LOCATION_ID PO_LINE_ID SHIP_TO_ORGANIZATION_ID"),
        named(WORD, "SHIPMENT_TYPE"),
        named(NUMBER, "QUANTITY QUANTITY_RECEIVED QUANTITY_BILLED QUANTITY_CANCELLED"),
        named(DAY, "NEED_BY_DATE PROMISED_DATE"),
    ),
    _table(
        "BOM_STRUCTURES_B",
        "bill_sequence_id assembly_item_id",
        named(KEY, "BILL_SEQUENCE_ID ASSEMBLY_ITEM_ID ORGANIZATION_ID COMMON_BILL_SEQUENCE_ID"),
        named(WORD, "ALTERNATE_BOM_DESIGNATOR"),
        files=("BOM_BILL_OF_MATERIALS",),
    ),
    _table(
        "BOM_COMPONENTS_B",
        "component_sequence_id bill_sequence_id component_item_id component_quantity",
        named(KEY, "COMPONENT_SEQUENCE_ID BILL_SEQUENCE_ID COMPONENT_ITEM_ID"),
        named(NUMBER, "COMPONENT_QUANTITY COMPONENT_YIELD_FACTOR"),
        named(DAY, "EFFECTIVITY_DATE DISABLE_DATE"),
        files=("BOM_INVENTORY_COMPONENTS",),
    ),
    _table(
        "WIP_DISCRETE_JOBS",
        "wip_entity_id primary_item_id start_quantity",
        named(KEY, "WIP_ENTITY_ID ORGANIZATION_ID PRIMARY_ITEM_ID COMMON_BOM_SEQUENCE_ID STATUS_TYPE"),
        named(NUMBER, "START_QUANTITY QUANTITY_COMPLETED"),
        named(INSTANT, "SCHEDULED_START_DATE SCHEDULED_COMPLETION_DATE DATE_COMPLETED"),
    ),
    _table("WIP_ENTITIES", "wip_entity_id", named(KEY, "WIP_ENTITY_ID"), named(WORD, "WIP_ENTITY_NAME")),
)

UNIT = known("hr_operating_units", "t.org_id", "organization_id")


def company_of(organisation: str) -> str:
    """The operating unit of an organisation of the inventory, where it is in the export."""
    return f"""coalesce({{(select min(d.operating_unit) from org_organization_definitions d
        join hr_operating_units u on u.organization_id = d.operating_unit
        where d.organization_id = {organisation}),}} null)"""


def site(organisation: str) -> str:
    """An organisation of the inventory that is in the export."""
    return known("mtl_parameters", organisation, "organization_id")


def in_base(quantity: str, unit: str, product: str, *, by: str = "uom_code", base: str = "primary_uom_code") -> str:
    """A quantity in the item's primary unit; null, and so set aside, where no conversion from another one is known.

    ``by``: the column of the conversions that holds the unit as it is written here, ``base`` that of the items.
    """
    own = f"(select min(b.{base}) from mtl_system_items_b b where b.inventory_item_id = {product})"
    rates = [_rate(each, product, by) for each in (unit, own)]
    same = f"{{case when {product} is null or {unit} is null or {unit} = {own} then {quantity} end,}}"
    return f"coalesce({same} {{round({quantity} * {rates[0]} / nullif({rates[1]}, 0), 6)::decimal(24, 6),}} null)"


def _rate(unit: str, product: str, by: str) -> str:
    """How many of the base unit of its class a unit is: for the item itself, else in general."""
    own, general = (
        f"(select min(u.conversion_rate) from mtl_uom_conversions u where u.{by} = {unit}"
        f" and coalesce(u.inventory_item_id, '0') = {whose})"
        for whose in (product, "'0'")
    )
    return f"coalesce({own}, {general})"


ONLY_CURRENCY = """coalesce({(select case when min(o.currency_code) = max(o.currency_code) then min(o.currency_code) end
    from gl_ledgers o),} null)"""
VALUED = """{exists (select 1 from mtl_parameters p where p.organization_id = t.organization_id
    and p.primary_cost_method = t.cost_type_id) and} t.cost_type_id in ('1', '2', '5', '6')"""
MAIN_ROW = """t.organization_id = coalesce({(select min(p.master_organization_id) from mtl_parameters p
    join mtl_system_items_b m on m.organization_id = p.master_organization_id
    where m.inventory_item_id = t.inventory_item_id),}
    (select min(i.organization_id) from mtl_system_items_b i where i.inventory_item_id = t.inventory_item_id))"""
CATEGORY = """coalesce({(select min(o.category_id) from mtl_item_categories o
    join mtl_categories_b c on c.category_id = o.category_id
    where o.inventory_item_id = t.inventory_item_id and o.organization_id = t.organization_id),} null)"""
DIVISION = of("org_organization_definitions", "organization_name", "o.organization_id = t.organization_id")
DIVISION_CODE = of("mtl_parameters", "organization_code", "o.organization_id = t.organization_id")


def _sites(table: str, places: str, *, derived: bool) -> Mapping:
    """Organisations and, as parts of their rows, their subinventories; ``places``: SQL for code, name, is_active."""
    called = f"coalesce({DIVISION}, {{t.organization_code,}} t.organization_id)"
    return mapping(
        "sites",
        table,
        key="key",
        part_of=SOURCE_ROW,
        joins=f"cross join lateral (select null::text as code, null::text as called, true as is_open {places}) place",
        plain={},
        reads={
            "key": f"t.{SOURCE_ROW} || '/' || coalesce(place.code, '')",
            "site_id": "concat_ws('/', t.organization_id, place.code)",
            "name": f"case when place.code is null then {called}"
            f" else coalesce({DIVISION_CODE}, t.organization_id) || ' / ' || place.called end",
            "code": f"coalesce(place.code, {DIVISION_CODE})",
            "kind": "case when place.code is null then 'warehouse' else 'location' end",
            "parent_site_id": "case when place.code is not null then t.organization_id end",
            "main_site_id": "t.organization_id",
            "is_active": "place.is_open",
        },
        company=company_of("t.organization_id"),
        derived=derived,
    )


SHARED_SUBJECTS = (
    mapping(
        "companies",
        "HR_OPERATING_UNITS",
        plain={"company_id": "organization_id"},
        reads={
            "name": "coalesce({t.name,} t.organization_id)",
            "currency": f"coalesce({of('gl_ledgers', 'currency_code', 'o.ledger_id = t.set_of_books_id')},"
            f" {ONLY_CURRENCY})",
            "is_active": "true",
        },
        company="t.organization_id",
    ),
    _sites(
        "MTL_PARAMETERS",
        "{union all select s.secondary_inventory_name, coalesce(s.description, s.secondary_inventory_name),"
        " s.disable_date is null or s.disable_date > current_date"
        " from mtl_secondary_inventories s where s.organization_id = t.organization_id}",
        derived=False,
    ),
    _sites(
        "MTL_ONHAND_QUANTITIES_DETAIL",
        "union all select t.subinventory_code, t.subinventory_code, true",
        derived=True,
    ),
)

PRODUCT_SUBJECTS = (
    mapping(
        "product_categories",
        "MTL_CATEGORIES_B",
        plain={"category_id": "category_id"},
        reads={
            "name": "concat_ws('.', {t.segment1,} {t.segment2,} null)",
            "path": "concat_ws('.', {t.segment1,} {t.segment2,} null)",
        },
        company=f"'{SHARED}'",
    ),
    mapping(
        "products",
        "MTL_SYSTEM_ITEMS_B",
        plain={"product_id": "inventory_item_id", "unit": "primary_uom_code"},
        reads={
            "sku": "{t.segment1}",
            "name": "coalesce({t.description,} {t.segment1,} t.inventory_item_id)",
            "category_id": CATEGORY,
            "kind": "case {when t.stock_enabled_flag then 'storable' when not t.stock_enabled_flag then 'service'}"
            " when false then null else 'storable' end",
            "cost": "coalesce({(select case when min(c.item_cost) = max(c.item_cost) then min(c.item_cost) end"
            " from cst_item_costs c join mtl_parameters p on p.organization_id = c.organization_id"
            " and p.primary_cost_method = c.cost_type_id where c.inventory_item_id = t.inventory_item_id),} null)",
            "list_price": "{t.list_price_per_unit}",
            "currency": ONLY_CURRENCY,
            "lead_time_days": "{case when t.full_lead_time > 0 then ceil(t.full_lead_time)::bigint end}",
            "is_sold": "{t.customer_order_flag}",
            "is_purchased": "{t.purchasing_item_flag}",
            "weight": "{t.unit_weight}",
            "volume": "{t.unit_volume}",
            "created_on": "{t.creation_date}",
            "is_active": "{coalesce(t.enabled_flag, true) and}"
            " {lower(coalesce(t.inventory_item_status_code, 'active')) <> 'inactive' and} true",
        },
        company=f"'{SHARED}'",
        where=MAIN_ROW,
        left_out="rows of an item in further organisations than the master one",
        assumes={
            "cost": "by the organisation's costing method, where all organisations agree",
            "kind": "what may not be stocked is a service",
            "currency": "that of the ledger, where there is only one",
        },
    ),
    mapping(
        "product_costs",
        "CST_ITEM_COSTS",
        plain={"product_id": "inventory_item_id", "cost": "item_cost"},
        reads={
            "product_cost_id": "t.inventory_item_id || '/' || t.organization_id",
            "currency": "coalesce({(select min(g.currency_code) from org_organization_definitions d"
            " join hr_operating_units u on u.organization_id = d.operating_unit"
            " join gl_ledgers g on g.ledger_id = u.set_of_books_id"
            f" where d.organization_id = t.organization_id),}} {ONLY_CURRENCY})",
        },
        company=company_of("t.organization_id"),
        where=VALUED,
        left_out="costs of other cost types than the organisation's costing method",
    ),
    mapping(
        "reorder_rules",
        "MTL_SYSTEM_ITEMS_B",
        plain={"product_id": "inventory_item_id"},
        reads={
            "reorder_rule_id": "t.inventory_item_id || '/' || t.organization_id",
            "site_id": site("t.organization_id"),
            "minimum_quantity": "t.min_minmax_quantity",
            "maximum_quantity": "{t.max_minmax_quantity}",
            "multiple_quantity": "{case when t.fixed_lot_multiplier > 0 then t.fixed_lot_multiplier end}",
            "is_active": "true",
        },
        company=company_of("t.organization_id"),
        where="t.min_minmax_quantity > 0",
        left_out="items without a minimum in an organisation",
    ),
    mapping(
        "inventory_levels",
        "MTL_ONHAND_QUANTITIES_DETAIL",
        plain={"product_id": "inventory_item_id"},
        reads={
            "site_id": "t.organization_id || '/' || t.subinventory_code",
            "as_of_on": "current_date::text",
            "on_hand": "coalesce({t.primary_transaction_quantity,} {t.transaction_quantity,} null)",
        },
        company=company_of("t.organization_id"),
        sums=("on_hand",),
        full_within="as_of_on",
        assumes={"as_of_on": "the day on which the files were written"},
    ),
)

PARTY, VENDOR = "o.party_id = t.party_id", "o.vendor_id = t.vendor_id"
PARTY_SUBJECTS = (
    mapping(
        "customers",
        "HZ_CUST_ACCOUNTS",
        plain={"customer_id": "cust_account_id"},
        reads={
            "number": "{t.account_number}",
            "name": f"coalesce({of('hz_parties', 'party_name', PARTY)}, {{t.account_name,}} {{t.account_number,}}"
            " t.cust_account_id)",
            "email": of("hz_parties", "email_address", PARTY),
            "phone": of("hz_parties", "primary_phone_number", PARTY),
            "country": country(of("hz_parties", "country", PARTY)),
            "region": of("hz_parties", "country", PARTY),
            "city": of("hz_parties", "city", PARTY),
            "tax_number": f"coalesce({of('hz_parties', 'tax_reference', PARTY)},"
            f" {of('hz_parties', 'jgzz_fiscal_code', PARTY)})",
            "industry": of("hz_parties", "sic_code", PARTY),
            "segment": "{t.customer_class_code}",
            "created_on": "coalesce({t.account_established_date,} {t.creation_date,} null)",
            "is_company": f"coalesce({of('hz_parties', 'party_type', PARTY)}, 'ORGANIZATION') <> 'PERSON'",
            "is_active": "{coalesce(t.status, 'A') = 'A' and} true",
        },
        company=f"'{SHARED}'",
    ),
    mapping(
        "suppliers",
        "AP_SUPPLIERS",
        plain={"supplier_id": "vendor_id"},
        reads={
            "number": "{t.segment1}",
            "name": "coalesce({t.vendor_name,} {t.segment1,} t.vendor_id)",
            "currency": "{t.invoice_currency_code}",
            "tax_number": "coalesce({t.vat_registration_num,} {t.num_1099,} null)",
            "created_on": "{t.creation_date}",
            "city": of("ap_supplier_sites_all", "city", VENDOR),
            "email": of("ap_supplier_sites_all", "email_address", VENDOR),
            "phone": of("ap_supplier_sites_all", "phone", VENDOR),
            "country": country(of("ap_supplier_sites_all", "country", VENDOR)),
            "is_active": "{coalesce(t.enabled_flag, true) and}"
            " {(t.end_date_active is null or t.end_date_active > current_date) and} true",
        },
        company=f"'{SHARED}'",
    ),
)

IS_ORDER = "{coalesce(t.order_category_code, 'ORDER') <> 'RETURN' and} true"
LINE_IS_SALE = (
    "{coalesce(t.line_category_code, 'ORDER') = 'ORDER' and} {not coalesce(t.cancelled_flag, false) and} true"
)
LINE_AMOUNT = "round(t.ordered_quantity * t.unit_selling_price, 2)::decimal(24, 6)"
SUM_OF_LINES = """{(select sum(round(o.ordered_quantity * o.unit_selling_price, 2)) from oe_order_lines_all o
    where o.header_id = t.header_id and coalesce(o.line_category_code, 'ORDER') = 'ORDER'
    and not coalesce(o.cancelled_flag, false))::decimal(24, 6)}"""
ORDER = "o.header_id = t.header_id"
ORDERED_IN = ("t.order_quantity_uom", "t.inventory_item_id")
ORDER_STATES = """case {when t.cancelled_flag or t.flow_status_code = 'CANCELLED' then 'cancelled'}
    {when t.flow_status_code = 'CLOSED' then 'done'} {when t.transaction_phase_code = 'N' then 'quoted'}
    {when not t.booked_flag then 'draft'} {when t.flow_status_code in ('ENTERED', 'DRAFT') then 'draft'}
    when false then null else 'confirmed' end"""
PROMISED = "coalesce({t.promise_date,} {t.schedule_arrival_date,} {t.schedule_ship_date,} null)::date"


def _last_promise(*days: str) -> str:
    """The last day of an order's lines, each by the first of some columns that it has."""
    one = f"coalesce({', '.join(f'o.{day}' for day in days)})::date"
    return f"""{{(select max({one}) from oe_order_lines_all o
        where o.header_id = t.header_id and not coalesce(o.cancelled_flag, false)),}}"""


DAYS = ("promise_date", "schedule_arrival_date", "schedule_ship_date")
FEWER = (DAYS, (DAYS[0], DAYS[2]), DAYS[:1], DAYS[2:])
LAST_PROMISE = f"coalesce({' '.join(_last_promise(*days) for days in FEWER)} null)"

SALES_SUBJECTS = (
    mapping(
        "sales_orders",
        "OE_ORDER_HEADERS_ALL",
        plain={"sales_order_id": "header_id", "customer_id": "sold_to_org_id", "currency": "transactional_curr_code"},
        reads={
            "number": "{t.order_number}",
            "status": ORDER_STATES,
            "ordered_at": "coalesce({t.ordered_date,} {t.creation_date,} null)",
            "requested_on": "{t.request_date::date}",
            "promised_on": LAST_PROMISE,
            "site_id": site("t.ship_from_org_id"),
            "amount_untaxed": SUM_OF_LINES,
            "company_rate": "{t.conversion_rate}",
            "customer_reference": "{t.cust_po_number}",
        },
        company=UNIT,
        where=IS_ORDER,
        left_out="returns",
        assumes={
            "status": "confirmed once it is booked; an order in negotiation is a quotation",
            "promised_on": "the last promise of its lines; what was promised first is not kept by Oracle",
        },
    ),
    mapping(
        "sales_order_lines",
        "OE_ORDER_LINES_ALL",
        plain={
            "sales_order_line_id": "line_id",
            "sales_order_id": "header_id",
            "product_id": "inventory_item_id",
            "source_quantity": "ordered_quantity",
        },
        reads={
            "line_number": "{try_cast(t.line_number as bigint)}",
            "description": "coalesce({t.user_item_description,} {t.ordered_item,} null)",
            "source_unit": "{t.order_quantity_uom}",
            "quantity": in_base("t.ordered_quantity", *ORDERED_IN),
            "delivered_quantity": in_base("coalesce(t.shipped_quantity, 0)", *ORDERED_IN),
            "invoiced_quantity": in_base("coalesce(t.invoiced_quantity, 0)", *ORDERED_IN),
            "unit_price": "{case when t.unit_selling_price >= 0 then t.unit_selling_price end}",
            "amount_untaxed": f"{{{LINE_AMOUNT}}}",
            "currency": of("oe_order_headers_all", "transactional_curr_code", ORDER),
            "requested_on": "{t.request_date::date}",
            "promised_on": PROMISED,
        },
        company=of(
            "oe_order_headers_all",
            "org_id",
            f"{ORDER} and o.org_id in (select u.organization_id from hr_operating_units u)",
        ),
        where=LINE_IS_SALE,
        left_out="lines of returns, and lines that were cancelled",
        assumes={"promised_on": "the promise date, else the scheduled arrival, else the scheduled day of shipping"},
    ),
)

SHIPS_ORDERS = "{coalesce(t.source_code, 'OE') = 'OE' and} true"
PACKED_IN = "join wsh_delivery_assignments packed on packed.delivery_detail_id = t.delivery_detail_id"
DELIVERED = """{(select case when min(d.source_header_id) = max(d.source_header_id) then min(d.source_header_id) end
    from wsh_delivery_assignments a join wsh_delivery_details d on d.delivery_detail_id = a.delivery_detail_id
    where a.delivery_id = t.delivery_id and d.source_header_id in (select o.header_id from oe_order_headers_all o))}"""

DELIVERY_SUBJECTS = (
    mapping(
        "shipments",
        "WSH_NEW_DELIVERIES",
        plain={"shipment_id": "delivery_id"},
        reads={
            "number": "{t.name}",
            "sales_order_id": DELIVERED,
            "customer_id": known("hz_cust_accounts", "t.customer_id", "cust_account_id"),
            "site_id": site("t.organization_id"),
            "status": "case when t.status_code in ('CL', 'IT') then 'done'"
            " when t.status_code in ('CO', 'PA') then 'ready' when t.status_code = 'CA' then 'cancelled'"
            " else 'planned' end",
            "planned_at": "{t.initial_pickup_date}",
            "due_at": "{t.ultimate_dropoff_date}",
            "shipped_at": "case when t.status_code in ('CL', 'IT')"
            " then coalesce({t.initial_pickup_date,} {t.confirm_date,} null) end",
            "tracking_number": "{t.waybill}",
        },
        company=company_of("t.organization_id"),
        assumes={"shipped_at": "the initial pick-up of a delivery that is in transit or closed, else its confirmation"},
    ),
    mapping(
        "shipment_lines",
        "WSH_DELIVERY_DETAILS",
        joins=f"{PACKED_IN} join wsh_new_deliveries note on note.delivery_id = packed.delivery_id",
        plain={"shipment_line_id": "delivery_detail_id", "product_id": "inventory_item_id"},
        reads={
            "shipment_id": "packed.delivery_id",
            "sales_order_line_id": known("oe_order_lines_all", "t.source_line_id", "line_id"),
            "quantity": "t.requested_quantity",
            "shipped_quantity": "coalesce({t.shipped_quantity,} case when t.released_status = 'C' then"
            " t.requested_quantity end, 0)",
            "status": "case t.released_status when 'C' then 'done' when 'Y' then 'ready' when 'D' then 'cancelled'"
            " else 'planned' end",
        },
        company=company_of("note.organization_id"),
        where=f"{SHIPS_ORDERS} and t.inventory_item_id is not null",
        left_out="details that are on no delivery yet, that hold no item, and that are of other documents than orders",
        assumes={"quantity": "requested and shipped quantities are in the item's primary unit, as Oracle keeps them"},
    ),
)

TRX = "o.customer_trx_id = t.customer_trx_id"
KIND = of("ra_cust_trx_types_all", "type", "o.cust_trx_type_id = t.cust_trx_type_id")
BILL = """coalesce({(select min(h.org_id) from ra_customer_trx_all h join hr_operating_units u
    on u.organization_id = h.org_id where h.customer_trx_id = t.customer_trx_id),} null)"""


def billed(types: str) -> str:
    """What the lines of a bill of some types come to."""
    return f"""{{(select sum(o.extended_amount) from ra_customer_trx_lines_all o
        where {TRX} and coalesce(o.line_type, 'LINE') in {types})::decimal(24, 6)}}"""


UNTAXED, TAXED = billed("('LINE', 'FREIGHT', 'CHARGES')"), billed("('TAX')")
BILLING_SUBJECTS = (
    mapping(
        "invoices",
        "RA_CUSTOMER_TRX_ALL",
        plain={"invoice_id": "customer_trx_id", "customer_id": "bill_to_customer_id"},
        reads={
            "number": "{t.trx_number}",
            "kind": f"case when {KIND} = 'CM' then 'credit_note' else 'invoice' end",
            "status": "case {when t.status_trx = 'VD' then 'cancelled'} {when not t.complete_flag then 'draft'}"
            " when false then null else 'posted' end",
            "invoiced_on": "t.trx_date",
            "due_on": f"coalesce({{(select max(o.due_date) from ar_payment_schedules_all o where {TRX}),}}"
            " {t.term_due_date,} null)",
            "currency": "t.invoice_currency_code",
            "amount_untaxed": UNTAXED,
            "amount_tax": TAXED,
            "amount_total": billed("('LINE', 'FREIGHT', 'CHARGES', 'TAX')"),
            "amount_open": f"{{(select sum(o.amount_due_remaining) from ar_payment_schedules_all o where {TRX})}}",
        },
        company=UNIT,
        where=f"coalesce({KIND}, 'INV') in ('INV', 'CM', 'DM')",
        left_out="deposits, guarantees and chargebacks",
        assumes={"amount_untaxed": "the sum of its lines, freight and charges; negative for a credit memo"},
    ),
    mapping(
        "invoice_lines",
        "RA_CUSTOMER_TRX_LINES_ALL",
        plain={
            "invoice_line_id": "customer_trx_line_id",
            "invoice_id": "customer_trx_id",
            "product_id": "inventory_item_id",
            "amount_untaxed": "extended_amount",
        },
        reads={
            "sales_order_line_id": "coalesce({(select min(o.line_id) from oe_order_lines_all o"
            " where o.line_id = t.interface_line_attribute6 and t.interface_line_context = 'ORDER ENTRY'),} null)",
            "description": "{t.description}",
            "quantity": "coalesce({t.quantity_invoiced,} {t.quantity_credited,} null)",
            "unit_price": "{case when t.unit_selling_price >= 0 then t.unit_selling_price end}",
            "currency": of("ra_customer_trx_all", "invoice_currency_code", TRX),
        },
        company=BILL,
        where="{coalesce(t.line_type, 'LINE') in ('LINE', 'FREIGHT', 'CHARGES') and} true",
        left_out="lines of tax",
    ),
)

PO, BOUGHT = "o.po_header_id = t.po_header_id", "o.po_line_id = t.po_line_id"
ARRIVES = "and coalesce(o.shipment_type, 'STANDARD') in ('STANDARD', 'PLANNED')"
IS_PURCHASE = "{coalesce(t.type_lookup_code, 'STANDARD') in ('STANDARD', 'PLANNED') and} true"
BOUGHT_IN = ("t.unit_meas_lookup_code", "t.item_id")


def bought(value: str) -> str:
    """A quantity of a purchase line in the item's primary unit."""
    return in_base(value, *BOUGHT_IN, by="unit_of_measure", base="primary_unit_of_measure")


def _scheduled(values: dict[str, tuple[str, str]]) -> str:
    """What the shipments of a purchase line come to: by name a value, and what stands for it without shipments."""
    found = (
        f"coalesce({{(select {value} from po_line_locations_all o where {BOUGHT} {ARRIVES}),}} {otherwise}) as {name}"
        for name, (value, otherwise) in values.items()
    )
    return f"cross join lateral (select {', '.join(found)}) side"


SHIPMENTS = _scheduled(
    {
        "wanted": ("sum(o.quantity - coalesce(o.quantity_cancelled, 0))", "t.quantity"),
        "received": ("sum(coalesce(o.quantity_received, 0))", "null"),
        "billed": ("sum(coalesce(o.quantity_billed, 0))", "null"),
        "due": ("max(coalesce(o.promised_date, o.need_by_date))", "null"),
        "needed": ("max(o.need_by_date)", "null"),
    }
)
PURCHASE_SUBJECTS = (
    mapping(
        "purchase_orders",
        "PO_HEADERS_ALL",
        plain={"purchase_order_id": "po_header_id", "supplier_id": "vendor_id", "currency": "currency_code"},
        reads={
            "number": "{t.segment1}",
            "status": "case {when t.cancel_flag then 'cancelled'}"
            " {when t.closed_code in ('CLOSED', 'FINALLY CLOSED') then 'done'}"
            " {when coalesce(t.authorization_status, 'INCOMPLETE') <> 'APPROVED' then 'draft'}"
            " when false then null else 'confirmed' end",
            "ordered_at": "coalesce({t.approved_date,} {t.creation_date,} null)",
            "due_on": "{(select max(coalesce(o.promised_date, o.need_by_date)) from po_line_locations_all o"
            " join po_lines_all l on l.po_line_id = o.po_line_id where l.po_header_id = t.po_header_id)}",
            "site_id": "{(select case when min(o.ship_to_organization_id) = max(o.ship_to_organization_id)"
            " then min(o.ship_to_organization_id) end from po_line_locations_all o"
            " join po_lines_all l on l.po_line_id = o.po_line_id join mtl_parameters p"
            " on p.organization_id = o.ship_to_organization_id where l.po_header_id = t.po_header_id)}",
        },
        company=UNIT,
        where=IS_PURCHASE,
        left_out="blanket agreements and contracts",
        assumes={"status": "confirmed when approved; one that waits for approval is a draft"},
    ),
    mapping(
        "purchase_order_lines",
        "PO_LINES_ALL",
        joins=SHIPMENTS,
        plain={
            "purchase_order_line_id": "po_line_id",
            "purchase_order_id": "po_header_id",
            "product_id": "item_id",
        },
        reads={
            "source_quantity": "t.quantity",
            "line_number": "{try_cast(t.line_num as bigint)}",
            "description": "{t.item_description}",
            "source_unit": "{t.unit_meas_lookup_code}",
            "quantity": bought("side.wanted"),
            "received_quantity": bought("side.received"),
            "invoiced_quantity": bought("side.billed"),
            "unit_price": "{case when t.unit_price >= 0 then t.unit_price end}",
            "amount_untaxed": "{round(side.wanted * t.unit_price, 2)::decimal(24, 6)}",
            "currency": of("po_headers_all", "currency_code", PO),
            "due_on": "side.due",
            "first_due_on": "side.needed",
        },
        company=of(
            "po_headers_all", "org_id", f"{PO} and o.org_id in (select u.organization_id from hr_operating_units u)"
        ),
        where="{not coalesce(t.cancel_flag, false) and} true"
        " {and exists (select 1 from po_headers_all o where o.po_header_id = t.po_header_id"
        " and coalesce(o.type_lookup_code, 'STANDARD') in ('STANDARD', 'PLANNED'))}",
        left_out="lines that were cancelled, and lines of blanket agreements and contracts",
        assumes={
            "due_on": "the promised day of the last shipment, else the day on which it is needed",
            "first_due_on": "the day on which it was needed",
        },
    ),
)

LIVES = "(o.disable_date is null or o.disable_date > current_date)"
PRODUCTION_SUBJECTS = (
    mapping(
        "boms",
        "BOM_STRUCTURES_B",
        plain={"bom_id": "bill_sequence_id", "product_id": "assembly_item_id"},
        reads={
            "code": "{t.alternate_bom_designator}",
            "kind": "'make'",
            "quantity": "1",
            "is_active": "{t.alternate_bom_designator is null and} true",
        },
        company=company_of("t.organization_id"),
        where="{coalesce(t.common_bill_sequence_id, t.bill_sequence_id) = t.bill_sequence_id and} true",
        left_out="bills that only point to the bill of another organisation",
        assumes={"is_active": "the primary bill; alternates are kept as inactive"},
    ),
    mapping(
        "bom_lines",
        "BOM_COMPONENTS_B",
        joins="join bom_structures_b bill on bill.bill_sequence_id = t.bill_sequence_id",
        plain={
            "bom_line_id": "component_sequence_id",
            "bom_id": "bill_sequence_id",
            "component_id": "component_item_id",
        },
        reads={
            "product_id": "bill.assembly_item_id",
            "quantity_per": "round(t.component_quantity / coalesce({nullif(t.component_yield_factor, 0),} 1), 6)"
            "::decimal(24, 6)",
            "valid_from_on": "{t.effectivity_date}",
            "valid_to_on": "{t.disable_date}",
        },
        company=company_of("bill.organization_id"),
        where="t.component_quantity > 0",
        left_out="components without a quantity, and components of bills that are not in the export",
        assumes={"quantity_per": "in the component's primary unit, with what the yield factor says is lost"},
    ),
    mapping(
        "work_orders",
        "WIP_DISCRETE_JOBS",
        plain={"work_order_id": "wip_entity_id", "product_id": "primary_item_id", "quantity": "start_quantity"},
        reads={
            "number": f"coalesce({of('wip_entities', 'wip_entity_name', 'o.wip_entity_id = t.wip_entity_id')},"
            " t.wip_entity_id)",
            "bom_id": known("bom_structures_b", "t.common_bom_sequence_id", "bill_sequence_id"),
            "site_id": site("t.organization_id"),
            "status": "case when t.status_type in ('4', '5', '12', '14', '15') then 'done'"
            " when t.status_type = '7' then 'cancelled' when t.status_type = '1' then 'draft' else 'confirmed' end",
            "produced_quantity": "{t.quantity_completed}",
            "planned_start_at": "{t.scheduled_start_date}",
            "due_on": "{t.scheduled_completion_date::date}",
            "finished_at": "{t.date_completed}",
        },
        company=company_of("t.organization_id"),
        assumes={"status": "done when complete or closed; a draft until it is released; on hold is confirmed"},
    ),
)

MAPPINGS: tuple[Mapping, ...] = (
    *SHARED_SUBJECTS,
    *PRODUCT_SUBJECTS,
    *PARTY_SUBJECTS,
    *SALES_SUBJECTS,
    *DELIVERY_SUBJECTS,
    *BILLING_SUBJECTS,
    *PURCHASE_SUBJECTS,
    *PRODUCTION_SUBJECTS,
)
ORACLE = Vendor(name="oracle", title="Oracle E-Business Suite", exports=EXPORTS, mappings=MAPPINGS)


def read(path: Path, *, partial: bool = False) -> Reading:
    """What an export of Oracle's tables holds."""
    return read_export(path, ORACLE, partial=partial)


__all__ = ["EXPORTS", "MAPPINGS", "ORACLE", "instant", "read"]
