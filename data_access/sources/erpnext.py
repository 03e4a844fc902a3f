"""ERPNext 15 on MariaDB: where each unified table comes from. docs/sources/erpnext.md says the same in words.

Its doctypes are asked by their names in small letters (`tabSales Order` as ``sales_order``). Keys are names, as people
see them. A document is a draft (docstatus 0), submitted (1) or cancelled (2). Instants are those of the site's zone.
"""

from collections.abc import Mapping as Dictionary
from dataclasses import replace
from typing import Any

from data_access.declared import mapping as declared
from data_access.declared import never_negative
from data_access.extract import Database, System, read_from
from data_access.mapping import SHARED, Mapping, Reading
from data_access.mariadb import Wanted, copied

ESSENTIAL = ("company", "customer", "item")
CHILD = "name parent idx docstatus"
DOCTYPES = {
    "Account": "name company account_name account_number root_type account_type is_group disabled",
    "Address": "name country city",
    "BOM": "name company item quantity is_active docstatus",
    "BOM Item": f"{CHILD} item_code qty uom stock_qty",
    "BOM Operation": f"{CHILD} operation workstation time_in_mins",
    "Bin": "name item_code warehouse actual_qty reserved_qty reserved_qty_for_production",
    "Campaign": "name campaign_name",
    "Communication": "name communication_type communication_medium sent_or_received communication_date subject content"
    " text_content reference_doctype reference_name user",
    "Company": "name company_name default_currency country parent_company",
    "Contact": "name first_name last_name email_id phone mobile_no designation status",
    "Country": "name code",
    "Currency": "name currency_name enabled",
    "Currency Exchange": "name date from_currency to_currency exchange_rate",
    "Customer": "name customer_name customer_type customer_group industry tax_id email_id mobile_no"
    " account_manager creation disabled",
    "Delivery Note": "name company customer posting_date posting_time docstatus is_return set_warehouse lr_no",
    "Delivery Note Item": f"{CHILD} item_code stock_qty so_detail against_sales_order warehouse",
    "Department": "name department_name company parent_department disabled is_group",
    "Dynamic Link": "name parent parenttype link_doctype link_name",
    "Employee": "name employee_name company department designation reports_to user_id company_email status",
    "GL Entry": "name company account posting_date debit credit account_currency debit_in_account_currency"
    " credit_in_account_currency voucher_no party_type party remarks is_cancelled",
    "Issue": "name subject description company customer status priority opening_date opening_time first_responded_on"
    " sla_resolution_date resolution_date via_customer_portal",
    "Item": "name item_code item_name item_group stock_uom is_stock_item is_sales_item is_purchase_item disabled"
    " variant_of valuation_rate lead_time_days weight_per_unit weight_uom creation",
    "Item Barcode": "name parent barcode",
    "Item Group": "name item_group_name parent_item_group",
    "Item Price": "name item_code supplier price_list_rate currency uom selling buying valid_from valid_upto",
    "Item Reorder": f"{CHILD} warehouse warehouse_reorder_level warehouse_reorder_qty",
    "Item Supplier": f"{CHILD} supplier supplier_part_no",
    "Lead": "name lead_name company_name company email_id phone mobile_no country status source lead_owner"
    " campaign_name customer creation",
    "Opportunity": "name title opportunity_from party_name company status sales_stage opportunity_amount currency"
    " probability transaction_date expected_closing opportunity_owner campaign source creation modified country"
    " order_lost_reason contact_email",
    "Opportunity Item": f"{CHILD} item_code qty amount",
    "Payment Entry": "name company payment_type party_type party posting_date paid_amount received_amount"
    " paid_from_account_currency paid_to_account_currency docstatus",
    "Payment Entry Reference": f"{CHILD} reference_doctype reference_name",
    "Product Bundle": "name new_item_code disabled",
    "Product Bundle Item": f"{CHILD} item_code qty uom",
    "Purchase Invoice": "name company supplier posting_date due_date docstatus is_return currency net_total"
    " total_taxes_and_charges grand_total outstanding_amount",
    "Purchase Invoice Item": f"{CHILD} item_code description stock_qty stock_uom_rate net_amount po_detail"
    " purchase_order",
    "Purchase Order": "name company supplier transaction_date schedule_date docstatus status currency net_total"
    " set_warehouse owner",
    "Purchase Order Item": f"{CHILD} item_code description stock_qty qty uom conversion_factor received_qty"
    " price_list_rate rate discount_percentage net_amount schedule_date",
    "Purchase Receipt": "name company supplier posting_date posting_time docstatus is_return set_warehouse",
    "Purchase Receipt Item": f"{CHILD} item_code stock_qty purchase_order_item purchase_order",
    "Quotation": "name company quotation_to party_name transaction_date docstatus status currency conversion_rate"
    " net_total total_taxes_and_charges grand_total",
    "Quotation Item": f"{CHILD} item_code description stock_qty qty uom price_list_rate rate discount_percentage"
    " net_amount",
    "Sales Invoice": "name company customer posting_date due_date docstatus is_return currency conversion_rate"
    " net_total total_taxes_and_charges grand_total outstanding_amount",
    "Sales Invoice Item": f"{CHILD} item_code description stock_qty stock_uom_rate net_amount incoming_rate"
    " so_detail sales_order",
    "Sales Order": "name company customer transaction_date delivery_date docstatus status currency conversion_rate"
    " net_total total_taxes_and_charges grand_total po_no set_warehouse campaign",
    "Sales Order Item": f"{CHILD} item_code description stock_qty qty uom conversion_factor delivered_qty"
    " price_list_rate rate discount_percentage net_amount delivery_date",
    "Sales Person": "name employee",
    "Sales Team": f"{CHILD} parenttype sales_person",
    "Singles": "doctype field value",
    "Stock Entry": "name purpose",
    "Stock Ledger Entry": "name creation company item_code warehouse actual_qty qty_after_transaction posting_date"
    " posting_time voucher_type voucher_no voucher_detail_no is_cancelled",
    "Supplier": "name supplier_name country tax_id email_id mobile_no default_currency creation disabled",
    "UOM": "name enabled",
    "UOM Conversion Detail": f"{CHILD} uom conversion_factor",
    "Warehouse": "name warehouse_name company is_group parent_warehouse warehouse_type lft rgt disabled",
    "Work Order": "name company production_item qty produced_qty bom_no fg_warehouse status docstatus"
    " planned_start_date planned_end_date expected_delivery_date actual_start_date actual_end_date sales_order"
    " sales_order_item",
    "Work Order Operation": f"{CHILD} operation workstation status time_in_mins actual_operation_time completed_qty"
    " planned_start_time actual_start_time actual_end_time",
    "Workstation": "name workstation_name hour_rate production_capacity",
}


def relation(doctype: str) -> str:
    """The name by which a doctype is asked."""
    return doctype.lower().replace(" ", "_")


WANTED = {
    relation(doctype): Wanted(f"tab{doctype}" if doctype != "Singles" else "tabSingles", tuple(columns.split()))
    for doctype, columns in DOCTYPES.items()
}
COMPANY = f"coalesce(t.company, '{SHARED}')"
EVERYBODY = f"'{SHARED}'"


def mapping(
    to: str,
    table: str,
    *,
    plain: Dictionary[str, str],
    reads: Dictionary[str, str] | None = None,
    key: str = "t.name",
    company: str = COMPANY,
    **rest: Any,
) -> Mapping:
    """A mapping of a doctype; ``key`` is the name of the record, or SQL for what stands in its place."""
    given = {"key": key} | dict(reads or {})
    return declared(to, table, plain=plain, reads=given, key="key", company=company, watermark="", **rest)


def of(table: str, column: str, where: str) -> str:
    """A column of the one row of another doctype that a condition over ``o`` finds."""
    return f"(select min(o.{column}) from {table} o where {where})"


def known(table: str, key: str) -> str:
    """A key whose record is there, else null: links are text, and what they name may have been deleted."""
    return of(table, "name", f"o.name = {key}")


def instant(wall: str) -> str:
    """An instant in UTC of the site's wall clock, whose zone `probe` makes known; in UTC where the site has none."""
    zone = "coalesce(nullif(current_setting('tandem.zone', true), ''), 'UTC')"
    return f"((({wall})::timestamp at time zone {zone}) at time zone 'UTC')"


def posted(row: str = "t") -> str:
    """When a document of stock was posted: its day and time."""
    return instant(f"({row}.posting_date + coalesce({row}.posting_time, time '00:00:00'))")


def country(name: str) -> str:
    """The ISO 3166 code of a country, which documents name in full."""
    return f"(select upper(min(land.code)) from country land where land.name = {name})"


def books(company: str = "t.company") -> str:
    """The currency of a company's books."""
    return of("company", "default_currency", f"o.name = {company}")


def employee(user: str) -> str:
    """The employee behind a user."""
    return of("employee", "name", f"o.user_id = {user}")


def sellers(doctype: str) -> str:
    """The employee behind the first sales person of a document."""
    return f"""(select min(who.employee) from sales_team crew join sales_person who on who.name = crew.sales_person
        where crew.parent = t.name and crew.parenttype = '{doctype}' and crew.idx = 1)"""


def only(column: str, lines: str) -> str:
    """What all lines of a document name alike."""
    return (
        f"(select case when min(i.{column}) = max(i.{column}) then min(i.{column}) end"
        f" from {lines} i where i.parent = t.name)"
    )


def positive(amount: str) -> str:
    """A number, null where it is zero: ERPNext keeps no other word for none."""
    return f"nullif({amount}, 0)"


def share(percent: str) -> str:
    """A percentage as a share of one, null outside 0 to 100."""
    return f"case when {percent} between 0 and 100 then round({percent} * 0.01, 6) end"


def money(amount: str) -> str:
    """An amount with six decimals, of the nine that ERPNext keeps."""
    return f"round({amount}, 6)"


def status(words: str) -> str:
    """The state of a document: ``words`` is SQL for that of a submitted one."""
    return f"case t.docstatus when 0 then 'draft' when 2 then 'cancelled' else {words} end"


def joined(parent: str) -> str:
    """Joins the document of a line."""
    return f"join {parent} head on head.name = t.parent"


OF_HEAD = f"coalesce(head.company, '{SHARED}')"
FINISHED = "case when t.status in ('Completed', 'Closed', 'Delivered') then 'done' else 'confirmed' end"
MOVED = "'done'"
BUNDLE = "'bundle/' || t.name"
ONE_CURRENCY = """(select case when min(c.default_currency) = max(c.default_currency) then min(c.default_currency) end
    from company c)"""
DEFAULT_CURRENCY = f"""coalesce((select min(c.default_currency) from singles s join company c on c.name = s.value
    where s.doctype = 'Global Defaults' and s.field = 'default_company'), {ONE_CURRENCY})"""
HTML = r"trim(regexp_replace(regexp_replace({0}, '<br ?/?>|</(p|div|li)>', chr(10), 'g'), '<[^>]*>', '', 'g'))"
ROOTS = "(select root.name from warehouse root where coalesce(root.parent_warehouse, '') = '' and root.is_group = 1)"


def stands_alone(house: str) -> str:
    """Whether a warehouse lies directly under a root, or under nothing and is no root itself."""
    under_nothing = f"coalesce({house}.parent_warehouse, '') = '' and coalesce({house}.is_group, 0) = 0"
    return f"({house}.parent_warehouse in {ROOTS} or {under_nothing})"


MAIN = f"""(select min(w.name) from warehouse w
    where w.lft <= t.lft and w.rgt >= t.rgt and {stands_alone("w")})"""


def place(link: str, name: str, column: str) -> str:
    """What the first address of a record says, by name: all of a place is of one address."""
    return f"""(select a.{column} from dynamic_link l join address a on a.name = l.parent
        where l.parenttype = 'Address' and l.link_doctype = '{link}' and l.link_name = {name}
        order by a.name limit 1)"""


SITE_COUNTRY = country(
    f"coalesce({place('Warehouse', MAIN, 'country')}, {of('company', 'country', 'o.name = t.company')})"
)
SHARED_SUBJECTS = (
    mapping(
        "companies",
        "company",
        plain={"company_id": "key", "currency": "default_currency", "parent_company_id": "parent_company"},
        reads={
            "name": "coalesce(nullif(t.company_name, ''), t.name)",
            "country": country("t.country"),
            "is_active": "true",
        },
        company="t.name",
    ),
    mapping(
        "currencies",
        "currency",
        plain={"currency_id": "key", "currency": "key"},
        reads={"name": "t.currency_name", "is_active": "t.enabled = 1"},
        company=EVERYBODY,
    ),
    mapping(
        "exchange_rates",
        "currency_exchange",
        plain={
            "exchange_rate_id": "key",
            "currency": "to_currency",
            "base_currency": "from_currency",
            "valid_from_on": "date",
            "rate": "exchange_rate",
        },
        company=EVERYBODY,
    ),
    mapping(
        "units",
        "uom",
        plain={"unit_id": "key", "name": "key"},
        reads={"is_active": "t.enabled = 1"},
        company=EVERYBODY,
    ),
    mapping(
        "sites",
        "warehouse",
        where=f"t.name not in {ROOTS}",
        left_out="the root of all warehouses of a company",
        plain={"site_id": "key"},
        reads={
            "name": "coalesce(nullif(t.warehouse_name, ''), t.name)",
            "kind": f"case when t.warehouse_type = 'Transit' then 'transit' when {stands_alone('t')}"
            " then 'warehouse' when t.is_group = 1 then 'area' else 'location' end",
            "parent_site_id": f"case when t.parent_warehouse not in {ROOTS} then nullif(t.parent_warehouse, '') end",
            "main_site_id": f"case when coalesce(t.warehouse_type, '') <> 'Transit' then {MAIN} end",
            "country": SITE_COUNTRY,
            "region": SITE_COUNTRY,
            "is_active": "t.disabled = 0",
        },
        assumes={
            "kind": "what lies directly under the root, or has no parent, is a warehouse; groups within it are areas",
            "country": "that of the address of the warehouse, else of its company",
        },
    ),
)

HOLDS = "coalesce(p.valid_from, current_date) <= current_date and coalesce(p.valid_upto, current_date) >= current_date"
LIST_PRICE = f"""(select case when min(p.price_list_rate) = max(p.price_list_rate) then min(p.price_list_rate) end
    from item_price p where p.item_code = t.name and p.selling = 1 and p.currency = {DEFAULT_CURRENCY}
    and coalesce(nullif(p.uom, ''), t.stock_uom) = t.stock_uom and {HOLDS})"""
IS_SET = "exists (select 1 from product_bundle b where b.new_item_code = t.name)"
PRODUCT_SUBJECTS = (
    mapping(
        "product_categories",
        "item_group",
        joins="""left join item_group above on above.name = t.parent_item_group
            left join item_group top on top.name = above.parent_item_group""",
        where="coalesce(t.parent_item_group, '') <> ''",
        left_out="the root of all groups",
        plain={"category_id": "key"},
        reads={
            "name": "coalesce(nullif(t.item_group_name, ''), t.name)",
            "path": """concat_ws(' / ',
                case when coalesce(top.parent_item_group, '') <> '' then top.item_group_name end,
                case when coalesce(above.parent_item_group, '') <> '' then above.item_group_name end,
                t.item_group_name)""",
            "parent_category_id": "case when coalesce(above.parent_item_group, '') <> '' then above.name end",
        },
        company=EVERYBODY,
        assumes={"path": "the names of three levels at most"},
    ),
    mapping(
        "products",
        "item",
        plain={"product_id": "key", "sku": "item_code", "category_id": "item_group", "unit": "stock_uom"},
        reads={
            "name": "coalesce(nullif(t.item_name, ''), t.name)",
            "barcode": of("item_barcode", "barcode", "o.parent = t.name"),
            "product_group_id": "nullif(t.variant_of, '')",
            "kind": f"case when {IS_SET} then 'kit' when t.is_stock_item = 1 then 'storable' else 'service' end",
            "cost": positive(never_negative(money("t.valuation_rate"))),
            "list_price": never_negative(money(LIST_PRICE)),
            "currency": DEFAULT_CURRENCY,
            "is_sold": "t.is_sales_item = 1",
            "is_purchased": "t.is_purchase_item = 1",
            "lead_time_days": "case when t.lead_time_days between 1 and 3650 then t.lead_time_days end",
            "weight": "case lower(t.weight_uom) when 'kg' then nullif(t.weight_per_unit, 0)"
            " when 'gram' then nullif(t.weight_per_unit, 0) * 0.001 end",
            "created_on": "t.creation::date",
            "is_active": "t.disabled = 0",
        },
        company=EVERYBODY,
        assumes={
            "kind": "what is kept in stock is storable, a bundle is a kit, all else is a service",
            "list_price": "the selling price in the currency of the default company, where all price lists agree",
        },
    ),
    mapping(
        "unit_conversions",
        "uom_conversion_detail",
        joins="join item ware on ware.name = t.parent",
        where="t.uom <> ware.stock_uom and t.conversion_factor > 0",
        left_out="the stock unit itself, and factors of anything but items",
        plain={"unit_conversion_id": "key", "product_id": "parent", "from_unit": "uom"},
        reads={"to_unit": "ware.stock_uom", "factor": money("t.conversion_factor")},
        company=EVERYBODY,
    ),
    mapping(
        "boms",
        "bom",
        where="t.docstatus = 1",
        left_out="drafts and cancelled bills",
        plain={"bom_id": "key", "code": "key", "product_id": "item", "quantity": "quantity"},
        reads={"kind": "'make'", "is_active": "t.is_active = 1"},
    ),
    mapping(
        "boms",
        "product_bundle",
        key=BUNDLE,
        plain={"bom_id": "key", "code": "name", "product_id": "new_item_code"},
        reads={"kind": "'kit'", "quantity": "1", "is_active": "coalesce(t.disabled, 0) = 0"},
        company=EVERYBODY,
    ),
    mapping(
        "bom_lines",
        "bom_item",
        joins="join bom bill on bill.name = t.parent",
        where="bill.docstatus = 1",
        left_out="lines of drafts and cancelled bills",
        plain={
            "bom_line_id": "key",
            "bom_id": "parent",
            "component_id": "item_code",
            "source_quantity": "qty",
            "source_unit": "uom",
        },
        reads={"product_id": "bill.item", "quantity_per": money("t.stock_qty / nullif(bill.quantity, 0)")},
        company=f"coalesce(bill.company, '{SHARED}')",
    ),
    mapping(
        "bom_lines",
        "product_bundle_item",
        joins="join product_bundle bundle on bundle.name = t.parent",
        plain={
            "bom_line_id": "key",
            "component_id": "item_code",
            "quantity_per": "qty",
            "source_quantity": "qty",
            "source_unit": "uom",
        },
        reads={"bom_id": "'bundle/' || t.parent", "product_id": "bundle.new_item_code"},
        company=EVERYBODY,
    ),
    mapping(
        "work_centers",
        "workstation",
        plain={"work_center_id": "key"},
        reads={
            "name": "coalesce(nullif(t.workstation_name, ''), t.name)",
            "capacity": never_negative("t.production_capacity"),
            "cost_per_hour": f"case when {ONE_CURRENCY} is not null then {never_negative('t.hour_rate')} end",
            "currency": ONE_CURRENCY,
            "is_active": "true",
        },
        company=EVERYBODY,
    ),
    mapping(
        "routings",
        "bom",
        where="t.docstatus = 1 and exists (select 1 from bom_operation step where step.parent = t.name)",
        left_out="bills without operations, drafts and cancelled bills",
        plain={"routing_id": "key", "name": "key", "bom_id": "key", "product_id": "item"},
        reads={"is_active": "t.is_active = 1"},
    ),
    mapping(
        "operations",
        "bom_operation",
        joins="join bom bill on bill.name = t.parent",
        where="bill.docstatus = 1",
        left_out="operations of drafts and cancelled bills",
        plain={
            "operation_id": "key",
            "routing_id": "parent",
            "work_center_id": "workstation",
            "sequence": "idx",
        },
        reads={
            "name": "t.operation",
            "minutes_per_unit": money("t.time_in_mins / nullif(bill.quantity, 0)"),
            "is_active": "true",
        },
        company=f"coalesce(bill.company, '{SHARED}')",
    ),
)

PARTY_SUBJECTS = (
    mapping(
        "departments",
        "department",
        where="coalesce(t.parent_department, '') <> ''",
        left_out="the root of all departments",
        plain={"department_id": "key"},
        reads={
            "name": "coalesce(nullif(t.department_name, ''), t.name)",
            "parent_department_id": of(
                "department", "name", "o.name = t.parent_department and coalesce(o.parent_department, '') <> ''"
            ),
            "is_active": "t.disabled = 0",
        },
    ),
    mapping(
        "employees",
        "employee",
        plain={"employee_id": "key", "name": "employee_name", "job": "designation", "email": "company_email"},
        reads={
            "department_id": known("department", "t.department"),
            "manager_id": known("employee", "t.reports_to"),
            "is_active": "t.status = 'Active'",
        },
    ),
    mapping(
        "customers",
        "customer",
        plain={
            "customer_id": "key",
            "number": "name",
            "name": "customer_name",
            "segment": "customer_group",
            "industry": "industry",
            "tax_number": "tax_id",
            "email": "email_id",
            "phone": "mobile_no",
        },
        reads={
            "country": country(place("Customer", "t.name", "country")),
            "region": country(place("Customer", "t.name", "country")),
            "city": place("Customer", "t.name", "city"),
            "owner_id": employee("t.account_manager"),
            "created_on": "t.creation::date",
            "is_company": "coalesce(t.customer_type, 'Company') <> 'Individual'",
            "is_active": "t.disabled = 0",
        },
        company=EVERYBODY,
        assumes={"region": "the country"},
    ),
    mapping(
        "suppliers",
        "supplier",
        plain={
            "supplier_id": "key",
            "number": "name",
            "name": "supplier_name",
            "tax_number": "tax_id",
            "email": "email_id",
            "phone": "mobile_no",
            "currency": "default_currency",
        },
        reads={
            "country": country("t.country"),
            "city": place("Supplier", "t.name", "city"),
            "created_on": "t.creation::date",
            "is_active": "t.disabled = 0",
        },
        company=EVERYBODY,
    ),
    mapping(
        "contacts",
        "contact",
        plain={"contact_id": "key", "email": "email_id", "role": "designation"},
        reads={
            "name": "coalesce(nullif(concat_ws(' ', nullif(t.first_name, ''), nullif(t.last_name, '')), ''), t.name)",
            "phone": "coalesce(nullif(t.phone, ''), nullif(t.mobile_no, ''))",
            **{
                column: known(
                    party,
                    "(select min(l.link_name) from dynamic_link l where l.parenttype = 'Contact' and"
                    f" l.parent = t.name and l.link_doctype = '{party.title()}')",
                )
                for column, party in (("customer_id", "customer"), ("supplier_id", "supplier"))
            },
            "is_active": "true",
        },
        company=EVERYBODY,
    ),
)

PRICED = {
    "line_number": "t.idx",
    "quantity": money("t.stock_qty"),
    "source_quantity": money("t.qty"),
    "unit_price": never_negative(money("coalesce(nullif(t.price_list_rate, 0), t.rate)")),
    "discount": share("coalesce(t.discount_percentage, 0)"),
    "amount_untaxed": money("t.net_amount"),
    "currency": "head.currency",
}
SUMS = {"amount_untaxed": money("t.net_total"), "amount_tax": money("t.total_taxes_and_charges")}
WHOLE = SUMS | {"amount_total": money("t.grand_total")}
RATE = "case when t.conversion_rate > 0 then round(1 / t.conversion_rate, 6) end"
OFFERED = "case when t.status in ('Lost', 'Expired', 'Cancelled') then 'cancelled' else 'quoted' end"
IS_OFFER = "{0}.quotation_to = 'Customer' and {0}.status not in ('Ordered', 'Partially Ordered')"
LEFT_OFFERS = "offers to leads, and those that became orders"
BILLED = """(select coalesce(sum(i.stock_qty), 0) from sales_invoice_item i
    where i.so_detail = t.name and i.docstatus = 1)"""
SALES_SUBJECTS = (
    mapping(
        "sales_orders",
        "sales_order",
        plain={
            "sales_order_id": "key",
            "number": "name",
            "customer_id": "customer",
            "currency": "currency",
            "promised_on": "delivery_date",
            "customer_reference": "po_no",
        },
        reads={
            "status": status(FINISHED),
            "ordered_at": instant("t.transaction_date"),
            "site_id": known("warehouse", "t.set_warehouse"),
            "company_rate": RATE,
            "salesperson_id": sellers("Sales Order"),
            "campaign_id": known("campaign", "t.campaign"),
        }
        | WHOLE,
        assumes={"promised_on": "the delivery date of the order"},
    ),
    mapping(
        "sales_orders",
        "quotation",
        where=IS_OFFER.format("t"),
        left_out=LEFT_OFFERS,
        plain={"sales_order_id": "key", "number": "name", "customer_id": "party_name", "currency": "currency"},
        reads={
            "status": status(OFFERED),
            "ordered_at": instant("t.transaction_date"),
            "company_rate": RATE,
            "salesperson_id": sellers("Quotation"),
        }
        | WHOLE,
    ),
    mapping(
        "sales_order_lines",
        "sales_order_item",
        joins=joined("sales_order"),
        plain={
            "sales_order_line_id": "key",
            "sales_order_id": "parent",
            "product_id": "item_code",
            "description": "description",
            "source_unit": "uom",
            "promised_on": "delivery_date",
        },
        reads={
            "delivered_quantity": money("t.delivered_qty * coalesce(nullif(t.conversion_factor, 0), 1)"),
            "invoiced_quantity": money(BILLED),
        }
        | PRICED,
        company=OF_HEAD,
    ),
    mapping(
        "sales_order_lines",
        "quotation_item",
        joins=joined("quotation"),
        where=IS_OFFER.format("head"),
        left_out=f"lines of {LEFT_OFFERS}",
        plain={
            "sales_order_line_id": "key",
            "sales_order_id": "parent",
            "product_id": "item_code",
            "description": "description",
            "source_unit": "uom",
        },
        reads={"delivered_quantity": "0", "invoiced_quantity": "0"} | PRICED,
        company=OF_HEAD,
    ),
    mapping(
        "shipments",
        "delivery_note",
        where="coalesce(t.is_return, 0) = 0",
        left_out="returns",
        plain={"shipment_id": "key", "number": "name", "customer_id": "customer", "tracking_number": "lr_no"},
        reads={
            "status": status(MOVED),
            "sales_order_id": known("sales_order", only("against_sales_order", "delivery_note_item")),
            "site_id": f"coalesce({known('warehouse', 't.set_warehouse')}, {only('warehouse', 'delivery_note_item')})",
            "planned_at": f"case when t.docstatus = 0 then {posted()} end",
            "shipped_at": f"case when t.docstatus = 1 then {posted()} end",
        },
    ),
    mapping(
        "shipment_lines",
        "delivery_note_item",
        joins=joined("delivery_note"),
        where="coalesce(head.is_return, 0) = 0",
        left_out="lines of returns",
        plain={"shipment_line_id": "key", "shipment_id": "parent", "product_id": "item_code"},
        reads={
            "sales_order_line_id": known("sales_order_item", "t.so_detail"),
            "quantity": money("t.stock_qty"),
            "shipped_quantity": f"case when head.docstatus = 1 then {money('t.stock_qty')} else 0 end",
            "status": "case head.docstatus when 0 then 'draft' when 2 then 'cancelled' else 'done' end",
        },
        company=OF_HEAD,
    ),
    mapping(
        "returns",
        "delivery_note_item",
        joins=joined("delivery_note"),
        where="head.is_return = 1 and head.docstatus = 1",
        left_out="lines of deliveries, and returns that were not submitted",
        plain={"return_id": "key", "product_id": "item_code"},
        reads={
            "customer_id": "head.customer",
            "sales_order_id": known("sales_order", "t.against_sales_order"),
            "sales_order_line_id": known("sales_order_item", "t.so_detail"),
            "site_id": known("warehouse", "t.warehouse"),
            "quantity": money("abs(t.stock_qty)"),
            "returned_at": posted("head"),
        },
        company=OF_HEAD,
    ),
    mapping(
        "invoices",
        "sales_invoice",
        plain={
            "invoice_id": "key",
            "number": "name",
            "customer_id": "customer",
            "invoiced_on": "posting_date",
            "due_on": "due_date",
            "currency": "currency",
        },
        reads={
            "kind": "case when t.is_return = 1 then 'credit_note' else 'invoice' end",
            "sales_order_id": known("sales_order", only("sales_order", "sales_invoice_item")),
            "status": status("'posted'"),
            "payment_status": "case when t.docstatus = 1 then case when t.outstanding_amount = 0 then 'paid'"
            " when abs(t.outstanding_amount) < abs(t.grand_total) then 'partial' else 'unpaid' end end",
            "amount_open": money("t.outstanding_amount"),
        }
        | WHOLE,
    ),
    mapping(
        "invoice_lines",
        "sales_invoice_item",
        joins=joined("sales_invoice"),
        plain={
            "invoice_line_id": "key",
            "invoice_id": "parent",
            "product_id": "item_code",
            "description": "description",
        },
        reads={
            "sales_order_line_id": known("sales_order_item", "t.so_detail"),
            "quantity": money("t.stock_qty"),
            "unit_price": never_negative(
                money("coalesce(nullif(t.stock_uom_rate, 0), t.net_amount / nullif(t.stock_qty, 0))")
            ),
            "amount_untaxed": money("t.net_amount"),
            "cost_amount": money("nullif(t.incoming_rate, 0) * t.stock_qty / nullif(head.conversion_rate, 0)"),
            "currency": "head.currency",
        },
        company=OF_HEAD,
        assumes={"cost_amount": "the incoming rate of the goods, at the rate of the invoice"},
    ),
    mapping(
        "payments",
        "payment_entry",
        where="t.payment_type in ('Receive', 'Pay') and t.party_type in ('Customer', 'Supplier')",
        left_out="transfers between our own accounts, and payments of other parties",
        plain={"payment_id": "key", "paid_on": "posting_date"},
        reads={
            "direction": "case t.payment_type when 'Receive' then 'in' else 'out' end",
            "customer_id": "case when t.party_type = 'Customer' then t.party end",
            "supplier_id": "case when t.party_type = 'Supplier' then t.party end",
            "invoice_id": """(select case when count(*) = 1 then min(o.name) end from payment_entry_reference r
                join sales_invoice o on o.name = r.reference_name
                where r.parent = t.name and r.reference_doctype = 'Sales Invoice')""",
            "amount": money("case t.payment_type when 'Receive' then t.paid_amount else t.received_amount end"),
            "currency": "case t.payment_type when 'Receive' then t.paid_from_account_currency"
            " else t.paid_to_account_currency end",
            "status": status(MOVED),
        },
    ),
)

CAME = "(select {0} from purchase_receipt_item i join purchase_receipt h on h.name = i.parent"
CAME_OF_LINE = "where i.purchase_order_item = t.name and h.docstatus = 1)"
PURCHASE_SUBJECTS = (
    mapping(
        "purchase_orders",
        "purchase_order",
        plain={
            "purchase_order_id": "key",
            "number": "name",
            "supplier_id": "supplier",
            "due_on": "schedule_date",
            "currency": "currency",
        },
        reads={
            "status": status(FINISHED),
            "ordered_at": instant("t.transaction_date"),
            "site_id": known("warehouse", "t.set_warehouse"),
            "amount_untaxed": money("t.net_total"),
            "buyer_id": employee("t.owner"),
        },
        assumes={"buyer_id": "whoever entered the order"},
    ),
    mapping(
        "purchase_order_lines",
        "purchase_order_item",
        joins=joined("purchase_order"),
        plain={
            "purchase_order_line_id": "key",
            "purchase_order_id": "parent",
            "product_id": "item_code",
            "description": "description",
            "source_unit": "uom",
            "due_on": "schedule_date",
        },
        reads={
            "received_quantity": money("t.received_qty * coalesce(nullif(t.conversion_factor, 0), 1)"),
            "invoiced_quantity": "(select coalesce(sum(i.stock_qty), 0) from purchase_invoice_item i"
            " where i.po_detail = t.name and i.docstatus = 1)",
            "received_on": f"{CAME.format('max(h.posting_date)')} {CAME_OF_LINE}",
        }
        | PRICED,
        company=OF_HEAD,
    ),
    mapping(
        "receipts",
        "purchase_receipt",
        where="coalesce(t.is_return, 0) = 0",
        left_out="returns to suppliers",
        plain={"receipt_id": "key", "number": "name", "supplier_id": "supplier"},
        reads={
            "status": status(MOVED),
            "purchase_order_id": known("purchase_order", only("purchase_order", "purchase_receipt_item")),
            "site_id": known("warehouse", "t.set_warehouse"),
            "planned_at": f"case when t.docstatus = 0 then {posted()} end",
            "received_at": f"case when t.docstatus = 1 then {posted()} end",
        },
    ),
    mapping(
        "receipt_lines",
        "purchase_receipt_item",
        joins=joined("purchase_receipt"),
        where="coalesce(head.is_return, 0) = 0",
        left_out="lines of returns to suppliers",
        plain={"receipt_line_id": "key", "receipt_id": "parent", "product_id": "item_code"},
        reads={
            "purchase_order_line_id": known("purchase_order_item", "t.purchase_order_item"),
            "quantity": money("t.stock_qty"),
            "received_quantity": f"case when head.docstatus = 1 then {money('t.stock_qty')} else 0 end",
            "status": "case head.docstatus when 0 then 'draft' when 2 then 'cancelled' else 'done' end",
        },
        company=OF_HEAD,
    ),
    mapping(
        "supplier_products",
        "item_supplier",
        joins="join item ware on ware.name = t.parent",
        plain={
            "supplier_product_id": "key",
            "supplier_id": "supplier",
            "product_id": "parent",
            "supplier_sku": "supplier_part_no",
        },
        reads={
            "lead_time_days": "case when ware.lead_time_days between 1 and 3650 then ware.lead_time_days end",
            "price": "(select case when count(*) = 1 then round(min(p.price_list_rate), 6) end from item_price p"
            f" where p.item_code = t.parent and p.supplier = t.supplier and p.buying = 1 and {HOLDS})",
            "currency": "(select case when count(*) = 1 then min(p.currency) end from item_price p"
            f" where p.item_code = t.parent and p.supplier = t.supplier and p.buying = 1 and {HOLDS})",
            "priority": "t.idx",
        },
        company=EVERYBODY,
        assumes={"lead_time_days": "that of the item, whoever supplies it"},
    ),
    mapping(
        "supplier_bills",
        "purchase_invoice",
        plain={
            "supplier_bill_id": "key",
            "number": "name",
            "supplier_id": "supplier",
            "billed_on": "posting_date",
            "due_on": "due_date",
            "currency": "currency",
        },
        reads={
            "kind": "case when t.is_return = 1 then 'credit_note' else 'invoice' end",
            "purchase_order_id": known("purchase_order", only("purchase_order", "purchase_invoice_item")),
            "status": status("'posted'"),
            "payment_status": "case when t.docstatus = 1 then case when t.outstanding_amount = 0 then 'paid'"
            " when abs(t.outstanding_amount) < abs(t.grand_total) then 'partial' else 'unpaid' end end",
            "amount_open": money("t.outstanding_amount"),
        }
        | WHOLE,
    ),
    mapping(
        "supplier_bill_lines",
        "purchase_invoice_item",
        joins=joined("purchase_invoice"),
        plain={
            "supplier_bill_line_id": "key",
            "supplier_bill_id": "parent",
            "product_id": "item_code",
            "description": "description",
        },
        reads={
            "purchase_order_line_id": known("purchase_order_item", "t.po_detail"),
            "quantity": money("t.stock_qty"),
            "unit_price": never_negative(
                money("coalesce(nullif(t.stock_uom_rate, 0), t.net_amount / nullif(t.stock_qty, 0))")
            ),
            "amount_untaxed": money("t.net_amount"),
            "currency": "head.currency",
        },
        company=OF_HEAD,
    ),
)

PURPOSE = "voucher.purpose"
MOVED_QUANTITY = "step.quantity"
# A reconciliation says what is there after it, and nothing of what was there before.
STEPS = """join (
        select e.name, case when e.voucher_type = 'Stock Reconciliation' and coalesce(e.actual_qty, 0) = 0
            then e.qty_after_transaction - coalesce(lag(e.qty_after_transaction) over (
                partition by e.item_code, e.warehouse order by e.posting_date, e.posting_time, e.creation, e.name
            ), 0)
            else e.actual_qty end as quantity
        from stock_ledger_entry e where coalesce(e.is_cancelled, 0) = 0
    ) step on step.name = t.name"""
MOVE_KIND = f"""case
    when t.voucher_type in ('Delivery Note', 'Sales Invoice')
        then case when {MOVED_QUANTITY} < 0 then 'delivery' else 'customer_return' end
    when t.voucher_type in ('Purchase Receipt', 'Purchase Invoice')
        then case when {MOVED_QUANTITY} < 0 then 'supplier_return' else 'receipt' end
    when {PURPOSE} in ('Manufacture', 'Repack', 'Disassemble', 'Material Consumption for Manufacture')
        then case when {MOVED_QUANTITY} < 0 then 'consumption' else 'production' end
    when {PURPOSE} like 'Material Transfer%' or {PURPOSE} = 'Send to Subcontractor' then 'transfer'
    else 'adjustment' end"""
OTHER_SIDE = f"""case {MOVE_KIND} when 'delivery' then 'customer' when 'customer_return' then 'customer'
    when 'receipt' then 'supplier' when 'supplier_return' then 'supplier' when 'consumption' then 'production'
    when 'production' then 'production' when 'transfer' then 'transit' else 'adjustment' end"""
STOCK_SUBJECTS = (
    mapping(
        "inventory_levels",
        "bin",
        joins="join warehouse house on house.name = t.warehouse",
        left_out="bins of warehouses that were deleted",
        sums=("on_hand", "reserved"),
        full_within="as_of_on",
        plain={"product_id": "item_code", "site_id": "warehouse"},
        reads={
            "as_of_on": "current_date",
            "on_hand": money("t.actual_qty"),
            "reserved": money("coalesce(t.reserved_qty, 0) + coalesce(t.reserved_qty_for_production, 0)"),
        },
        company=f"coalesce(house.company, '{SHARED}')",
        assumes={"reserved": "for orders and for production"},
    ),
    mapping(
        "stock_moves",
        "stock_ledger_entry",
        joins=f"""{STEPS} left join stock_entry voucher on voucher.name = t.voucher_no
            left join delivery_note_item left_by on left_by.name = t.voucher_detail_no
            left join sales_order_item sold on sold.name = left_by.so_detail
            left join purchase_receipt_item came_by on came_by.name = t.voucher_detail_no
            left join purchase_order_item bought on bought.name = came_by.purchase_order_item""",
        where="coalesce(t.is_cancelled, 0) = 0",
        left_out="cancelled rows of the ledger",
        plain={"stock_move_id": "key", "number": "voucher_no", "product_id": "item_code"},
        reads={
            "kind": MOVE_KIND,
            "status": "'done'",
            "from_place": f"case when {MOVED_QUANTITY} < 0 then 'internal' else {OTHER_SIDE} end",
            "to_place": f"case when {MOVED_QUANTITY} < 0 then {OTHER_SIDE} else 'internal' end",
            "from_site_id": f"case when {MOVED_QUANTITY} < 0 then t.warehouse end",
            "to_site_id": f"case when {MOVED_QUANTITY} >= 0 then t.warehouse end",
            "quantity": money(f"abs({MOVED_QUANTITY})"),
            "demand_quantity": money(f"abs({MOVED_QUANTITY})"),
            "moved_at": posted(),
            "sales_order_line_id": "sold.name",
            "purchase_order_line_id": "bought.name",
        },
        assumes={
            "kind": "by the voucher; what a stock entry issues or receives without a work order is an adjustment",
            "quantity": "a transfer is two rows, one for each warehouse, with the way between them in transit; a stock"
            " reconciliation moves the difference to what was there before",
        },
    ),
    mapping(
        "reorder_rules",
        "item_reorder",
        joins="left join warehouse house on house.name = t.warehouse",
        plain={"reorder_rule_id": "key", "product_id": "parent", "site_id": "warehouse"},
        reads={
            "minimum_quantity": never_negative(money("t.warehouse_reorder_level")),
            "maximum_quantity": money("t.warehouse_reorder_level + t.warehouse_reorder_qty"),
            "is_active": "true",
        },
        company=f"coalesce(house.company, '{SHARED}')",
        assumes={"maximum_quantity": "the level and the quantity to order, which is an amount and no level"},
    ),
)

MADE = "case when t.status = 'Completed' then 'done' when t.status in ('Closed', 'Stopped') then 'cancelled'"
PRODUCTION_SUBJECTS = (
    mapping(
        "work_orders",
        "work_order",
        plain={"work_order_id": "key", "number": "name", "product_id": "production_item"},
        reads={
            "bom_id": of("bom", "name", "o.name = t.bom_no and o.docstatus = 1"),
            "site_id": known("warehouse", "t.fg_warehouse"),
            "status": status(f"{MADE} else 'confirmed' end"),
            "quantity": money("t.qty"),
            "produced_quantity": money("t.produced_qty"),
            "planned_start_at": instant("t.planned_start_date"),
            "due_on": "coalesce(t.expected_delivery_date, t.planned_end_date::date)",
            "started_at": instant("t.actual_start_date"),
            "finished_at": f"case when t.status = 'Completed' then {instant('t.actual_end_date')} end",
            "sales_order_id": known("sales_order", "t.sales_order"),
            "sales_order_line_id": known("sales_order_item", "t.sales_order_item"),
        },
    ),
    mapping(
        "work_order_operations",
        "work_order_operation",
        joins=joined("work_order"),
        plain={"work_order_operation_id": "key", "work_order_id": "parent", "sequence": "idx", "name": "operation"},
        reads={
            "work_center_id": known("workstation", "t.workstation"),
            "status": "case when head.docstatus = 2 or head.status in ('Closed', 'Stopped') then 'cancelled'"
            " else case lower(t.status) when 'completed' then 'done' when 'work in progress' then 'started'"
            " else 'planned' end end",
            "planned_minutes": never_negative(money("t.time_in_mins")),
            "actual_minutes": never_negative(money("t.actual_operation_time")),
            "produced_quantity": money("t.completed_qty"),
            "planned_start_at": instant("t.planned_start_time"),
            "started_at": instant("t.actual_start_time"),
            "finished_at": f"case when lower(t.status) = 'completed' then {instant('t.actual_end_time')} end",
        },
        company=OF_HEAD,
    ),
)

FOREIGN = f"t.account_currency <> {books()}"
MONEY_SUBJECTS = (
    mapping(
        "ledger_accounts",
        "account",
        where="coalesce(t.is_group, 0) = 0",
        left_out="groups of accounts",
        plain={"ledger_account_id": "key", "name": "account_name"},
        reads={
            "code": "coalesce(nullif(t.account_number, ''), t.name)",
            "kind": """case t.account_type when 'Receivable' then 'receivable' when 'Payable' then 'payable'
                when 'Bank' then 'cash' when 'Cash' then 'cash' when 'Stock' then 'inventory'
                when 'Cost of Goods Sold' then 'cost_of_sales'
                else case t.root_type when 'Asset' then 'asset' when 'Liability' then 'liability'
                    when 'Equity' then 'equity' when 'Income' then 'income' when 'Expense' then 'expense'
                    else 'other' end end""",
            "is_active": "coalesce(t.disabled, 0) = 0",
        },
    ),
    mapping(
        "ledger_entries",
        "gl_entry",
        where="coalesce(t.is_cancelled, 0) = 0",
        left_out="cancelled postings",
        plain={
            "ledger_entry_id": "key",
            "document_number": "voucher_no",
            "ledger_account_id": "account",
            "posted_on": "posting_date",
            "description": "remarks",
        },
        reads={
            "status": "'posted'",
            "debit": money("t.debit"),
            "credit": money("t.credit"),
            "currency": books(),
            "foreign_amount": f"case when {FOREIGN} then"
            f" {money('t.debit_in_account_currency - t.credit_in_account_currency')} end",
            "foreign_currency": f"case when {FOREIGN} then t.account_currency end",
            "customer_id": "case when t.party_type = 'Customer' then t.party end",
            "supplier_id": "case when t.party_type = 'Supplier' then t.party end",
        },
    ),
)

LOST = "t.status in ('Lost', 'Closed')"
CLOSED = f"({LOST} or t.status = 'Converted')"
CHANNELS = "case lower(t.communication_medium) when 'email' then 'mail' when 'phone' then 'phone' when 'sms' then 'sms'"
OFFER = f"(select min(o.{{0}}) from quotation o where o.name = t.reference_name and {IS_OFFER.format('o')})"
ABOUT = "t.reference_doctype = '{0}'"
CRM_SUBJECTS = (
    mapping(
        "campaigns",
        "campaign",
        plain={"campaign_id": "key"},
        reads={"name": "coalesce(nullif(t.campaign_name, ''), t.name)", "is_active": "true"},
        company=EVERYBODY,
    ),
    mapping(
        "leads",
        "lead",
        plain={
            "lead_id": "key",
            "contact_name": "lead_name",
            "company_name": "company_name",
            "email": "email_id",
            "origin": "source",
        },
        reads={
            "name": "coalesce(nullif(t.company_name, ''), nullif(t.lead_name, ''), t.name)",
            "customer_id": known("customer", "t.customer"),
            "phone": "coalesce(nullif(t.phone, ''), nullif(t.mobile_no, ''))",
            "country": country("t.country"),
            "status": "case when t.status in ('Converted', 'Opportunity', 'Quotation') then 'converted'"
            " when t.status in ('Lost Quotation', 'Do Not Contact') then 'lost' else 'open' end",
            "campaign_id": known("campaign", "t.campaign_name"),
            "owner_id": employee("t.lead_owner"),
            "created_at": instant("t.creation"),
        },
    ),
    mapping(
        "opportunities",
        "opportunity",
        plain={
            "opportunity_id": "key",
            "stage": "sales_stage",
            "currency": "currency",
            "expected_close_on": "expected_closing",
            "origin": "source",
        },
        reads={
            "name": "coalesce(nullif(t.title, ''), t.name)",
            "customer_id": "case when t.opportunity_from = 'Customer' then t.party_name end",
            "status": f"case when {LOST} then 'lost' when t.status = 'Converted' then 'won' else 'open' end",
            "expected_amount": money("t.opportunity_amount"),
            "probability": share("t.probability"),
            "created_at": instant("t.creation"),
            "closed_at": f"case when {CLOSED} then {instant('greatest(t.modified, t.creation)')} end",
            "owner_id": employee("t.opportunity_owner"),
            "campaign_id": known("campaign", "t.campaign"),
            "email": "case when t.opportunity_from <> 'Customer' then t.contact_email end",
            "country": country("t.country"),
            "lost_reason": f"case when {LOST} then t.order_lost_reason end",
        },
        assumes={"closed_at": "the last change of an opportunity that is converted, lost or closed"},
    ),
    mapping(
        "opportunity_lines",
        "opportunity_item",
        joins=joined("opportunity"),
        plain={"opportunity_line_id": "key", "opportunity_id": "parent", "product_id": "item_code"},
        reads={"quantity": money("t.qty"), "amount_untaxed": money("t.amount"), "currency": "head.currency"},
        company=OF_HEAD,
    ),
    mapping(
        "tickets",
        "issue",
        plain={"ticket_id": "key", "number": "name", "subject": "subject"},
        reads={
            "body": HTML.format("t.description"),
            "customer_id": known("customer", "t.customer"),
            "opened_at": instant("(t.opening_date + coalesce(t.opening_time, time '00:00:00'))"),
            "first_response_at": instant("t.first_responded_on"),
            "closed_at": "case when t.status in ('Closed', 'Resolved') then"
            f" {instant('coalesce({t.sla_resolution_date,} {t.resolution_date,} null)')} end",
            "channel": "case when t.via_customer_portal = 1 then 'web' else 'mail' end",
            "priority": "case lower(t.priority) when 'low' then 'low' when 'medium' then 'normal'"
            " when 'high' then 'high' when 'urgent' then 'urgent' end",
            "status": "case when t.status in ('Closed', 'Resolved') then 'closed'"
            " when t.status in ('On Hold', 'Replied') then 'pending' else 'open' end",
        },
        assumes={"channel": "what did not come through the customer portal came by mail"},
    ),
    mapping(
        "interactions",
        "communication",
        where="t.communication_type = 'Communication'",
        left_out="comments, notifications and automatic messages",
        plain={"interaction_id": "key", "subject": "subject"},
        reads={
            "body": f"coalesce(nullif(t.text_content, ''), {HTML.format('t.content')})",
            "customer_id": f"""coalesce(
                case when {ABOUT.format("Customer")} then {known("customer", "t.reference_name")} end,
                case when {ABOUT.format("Opportunity")} then (select min(o.party_name) from opportunity o
                    where o.name = t.reference_name and o.opportunity_from = 'Customer') end,
                case when {ABOUT.format("Issue")} then {of("issue", "customer", "o.name = t.reference_name")} end,
                case when {ABOUT.format("Sales Order")}
                    then {of("sales_order", "customer", "o.name = t.reference_name")} end,
                case when {ABOUT.format("Quotation")} then {OFFER.format("party_name")} end)""",
            "opportunity_id": f"case when {ABOUT.format('Opportunity')} then"
            f" {known('opportunity', 't.reference_name')} end",
            "lead_id": f"case when {ABOUT.format('Lead')} then {known('lead', 't.reference_name')} end",
            "ticket_id": f"case when {ABOUT.format('Issue')} then {known('issue', 't.reference_name')} end",
            "sales_order_id": f"""case
                when {ABOUT.format("Sales Order")} then {known("sales_order", "t.reference_name")}
                when {ABOUT.format("Quotation")} then {OFFER.format("name")} end""",
            "employee_id": employee("t.user"),
            "channel": f"{CHANNELS} when 'chat' then 'chat' when 'visit' then 'visit' when 'meeting' then 'visit'"
            " else 'other' end",
            "direction": "case t.sent_or_received when 'Sent' then 'out' when 'Received' then 'in' end",
            "occurred_at": instant("t.communication_date"),
        },
        company=EVERYBODY,
    ),
)

MAPPINGS: tuple[Mapping, ...] = (
    *SHARED_SUBJECTS,
    *PRODUCT_SUBJECTS,
    *PARTY_SUBJECTS,
    *SALES_SUBJECTS,
    *PURCHASE_SUBJECTS,
    *STOCK_SUBJECTS,
    *PRODUCTION_SUBJECTS,
    *MONEY_SUBJECTS,
    *CRM_SUBJECTS,
)


def read(url: str, _since: str | None = None) -> Reading:
    """What an ERPNext 15 holds now, always whole: its ledgers are rewritten when a document is cancelled."""
    with copied(url, WANTED) as database:
        reading = read_from(database, ERPNEXT)
        return replace(reading, rewinds_stock=True, notices=(*reading.notices, *database.notices))


def probe(database: Database) -> None:
    """Refuses what is no ERPNext, or what may not be read of it, and makes the zone of the site known."""
    if not set(ESSENTIAL) & set(database.columns):
        sentence = "{place} is not an ERPNext that this user may read: it shows no tabCompany, tabCustomer and tabItem."
        raise database.refusal("not_this_system", sentence)
    lacking = [doctype for doctype in DOCTYPES if relation(doctype) not in database.columns]
    if lacking:
        listed = ", ".join(f"tab{doctype}" for doctype in lacking)
        sentence = f"{{place}} shows no {listed} to this user: grant the rights of the guide."
        raise database.refusal("no_rights", sentence)
    database.remember(_ZONE)


_ZONE = """select 'tandem.zone' as name, s.value as value from singles s
    where s.doctype = 'System Settings' and s.field = 'time_zone'"""
ERPNEXT = System(
    name="erpnext",
    mappings=MAPPINGS,
    probe=probe,
    essential=ESSENTIAL,
    signs=("singles",),
)

__all__ = ["DOCTYPES", "ERPNEXT", "MAPPINGS", "WANTED", "read"]
