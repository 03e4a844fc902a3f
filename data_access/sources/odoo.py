"""Odoo 18 on PostgreSQL: where each unified table comes from. docs/sources/odoo.md says the same in words.

Odoo's quirks are functions that give SQL over a row ``t``; parts in braces belong to modules that need not be installed
(see ``data_access.extract``). Quantities are brought into the product's own unit, days into the company's time zone.
"""

from collections.abc import Mapping as Dictionary
from typing import Any

import polars as pl

from data_access.extract import Changes, System, read_database
from data_access.mapping import SHARED, Cell, Mapping, Reading, SourceRefused
from data_access.postgresql import Database

SUPPORTED = "18"
ESSENTIAL = ("res_company", "res_currency", "res_partner")
COMPANY = f"coalesce(t.company_id::text, '{SHARED}')"
MAIN_COMPANY = "(select min(main.id) from res_company main)"

ORDER_STATES = {"sent": "quoted", "sale": "confirmed", "cancel": "cancelled"}
PURCHASE_STATES = {"sent": "quoted", "to approve": "quoted", "purchase": "confirmed", "cancel": "cancelled"}
PRODUCTION_STATES = {"progress": "confirmed", "to_close": "confirmed", "cancel": "cancelled"}
MOVE_STATES = {
    "waiting": "planned",
    "confirmed": "planned",
    "partially_available": "planned",
    "assigned": "ready",
    "cancel": "cancelled",
}
OPERATION_STATES = {"pending": "planned", "waiting": "planned", "progress": "started", "cancel": "cancelled"}
DOCUMENT_STATES = {"cancel": "cancelled"}
DOCUMENT_KINDS = {
    "out_invoice": "invoice",
    "out_receipt": "invoice",
    "out_refund": "credit_note",
    "in_invoice": "invoice",
    "in_receipt": "invoice",
    "in_refund": "credit_note",
}
PAYMENT_STATES = {"in_process": "done", "posted": "done", "paid": "done"} | dict.fromkeys(
    ("cancel", "canceled", "rejected"), "cancelled"
)
PAID_STATES = {"not_paid": "unpaid", "blocked": "unpaid"}
ABSENCE_STATES = {
    "draft": "requested",
    "confirm": "requested",
    "validate1": "requested",
    "validate": "approved",
    "refuse": "refused",
    "cancel": "refused",
}
BOM_KINDS = {"normal": "make", "phantom": "kit"}
ACCOUNT_KINDS = {
    "asset_receivable": "receivable",
    "asset_cash": "cash",
    "asset_current": "asset",
    "asset_non_current": "asset",
    "asset_prepayments": "asset",
    "asset_fixed": "asset",
    "liability_payable": "payable",
    "liability_credit_card": "liability",
    "liability_current": "liability",
    "liability_non_current": "liability",
    "equity_unaffected": "equity",
    "income_other": "income",
    "expense_depreciation": "expense",
    "expense_direct_cost": "cost_of_sales",
    "off_balance": "other",
}


def named(column: str) -> str:
    """A name that Odoo keeps by language: the English one, else that of the first language."""
    first = f"(select spoken.value from jsonb_each_text({column}) spoken where spoken.value <> '' order by spoken.key limit 1)"
    return f"coalesce(nullif({column} ->> 'en_US', ''), {first})"


def chinese(column: str) -> str:
    """The Chinese name among those by language: simplified before traditional."""
    return f"coalesce({', '.join(f'''nullif({column} ->> '{word}', '')''' for word in ('zh_CN', 'zh_TW', 'zh_HK'))})"


def day(instant: str, company: str = "t.company_id") -> str:
    """The calendar day of an instant in the company's time zone (that of its own partner), in UTC where it has none.

    The zones of the companies are settings of the transaction, made by `probe`.
    """
    zone = f"coalesce(nullif(current_setting('tandem.zone_' || {company}, true), ''), 'UTC')"
    return f"(({instant} at time zone 'UTC') at time zone {zone})::date"


def currency(key: str) -> str:
    """The ISO 4217 code of a currency's id."""
    return f"(select money.name from res_currency money where money.id = {key})"


def company_currency(company: str = "t.company_id") -> str:
    """The currency of a company's books; that of the first company for what all companies share."""
    return (
        "(select money.name from res_company books join res_currency money on money.id = books.currency_id"
        f" where books.id = coalesce({company}, {MAIN_COMPANY}))"
    )


def country(key: str) -> str:
    """The ISO 3166 code of a country's id."""
    return f"(select land.code from res_country land where land.id = {key})"


def never_negative(amount: str) -> str:
    """A price or measure, null where it is negative: Odoo writes discounts as negative prices, but they are no price."""
    return f"case when {amount} >= 0 then {amount} end"


def share(percent: str) -> str:
    """A percentage as a share of one, null outside 0 to 100."""
    return f"case when {percent} between 0 and 100 then round({percent}::numeric / 100, 6) end"


def decimal(amount: str) -> str:
    """A double with six decimals: what Odoo computes as floating point is no exact number."""
    return f"round({amount}::numeric, 6)"


def with_units(unit: str, product: str = "t.product_id") -> str:
    """Joins a row's unit (``own``) and its product's (``base``), for `in_base_units` and `per_base_unit`."""
    return f"""
        left join product_product item on item.id = {product}
        left join product_template model on model.id = item.product_tmpl_id
        left join uom_uom base on base.id = model.uom_id
        left join uom_uom own on own.id = {unit}
    """


def in_base_units(quantity: str) -> str:
    """A quantity in the product's unit. Odoo's factor is how many of a unit make one reference unit: 1/12 for a dozen.

    A quantity whose unit is already the product's, or of another category, or that has no product, stays as it is.
    """
    return (
        f"case when own.id <> base.id and own.category_id = base.category_id"
        f" then round({quantity}::numeric * base.factor / nullif(own.factor, 0), 6) else {quantity}::numeric end"
    )


def per_base_unit(price: str) -> str:
    """A price of one of the row's unit as the price of one of the product's unit; null where it is negative."""
    converted = (
        f"case when own.id <> base.id and own.category_id = base.category_id"
        f" then round({price}::numeric * own.factor / nullif(base.factor, 0), 6) else {price}::numeric end"
    )
    return f"case when {price} >= 0 then {converted} end"


def only_variant(product: str, template: str) -> str:
    """The variant that is meant: the one named, else the only active (or only) variant of the template, else null."""
    return f"""coalesce({product}, (
        select case when count(*) filter (where variant.active) = 1 then min(variant.id) filter (where variant.active)
                    when count(*) = 1 then min(variant.id) end
        from product_product variant where variant.product_tmpl_id = {template}))"""


def employee(user: str, company: str = "t.company_id") -> str:
    """The employee behind a user: the one of the row's company first; null where the user is no employee."""
    return f"""(
        select worker.id from hr_employee worker where worker.user_id = {user}
        order by worker.company_id is not distinct from {company} desc, worker.active desc, worker.id limit 1)"""


COMMERCIAL = "coalesce(party.commercial_partner_id, party.id)"


def commercial(partner: str) -> str:
    """The firm (or private person) that a contact or address belongs to."""
    return f"(select {COMMERCIAL} from res_partner party where party.id = {partner})"


IS_SHIPMENT = (
    "operation.code in ('outgoing', 'dropship') and goal.usage <> 'supplier'"
    " and not (goal.usage = 'transit' and goal.company_id is not null)"
)
IS_RECEIPT = (
    "operation.code = 'incoming' and origin.usage <> 'customer'"
    " and not (origin.usage = 'transit' and origin.company_id is not null)"
)


def with_places(row: str) -> str:
    """Joins a transfer's kind of operation, origin and goal."""
    return f"""
        join stock_picking_type operation on operation.id = {row}.picking_type_id
        join stock_location origin on origin.id = {row}.location_id
        join stock_location goal on goal.id = {row}.location_dest_id
    """


def transfer(key: str, kind: str) -> str:
    """The id of a transfer if it is of the kind (`IS_SHIPMENT` or `IS_RECEIPT`), else null."""
    return f"(select slip.id from stock_picking slip {with_places('slip')} where slip.id = {key} and {kind})"


def partners(*uses: str) -> str:
    """The firms that are used in a certain way: every part is optional, as modules are."""
    return "select 0 as partner " + " ".join(f"{{union all select {COMMERCIAL} {use}}}" for use in uses)


CUSTOMERS = partners(
    "from res_partner party where party.customer_rank > 0",
    "from sale_order used join res_partner party on party.id = used.partner_id",
    "from crm_lead used join res_partner party on party.id = used.partner_id",
    "from account_move used join res_partner party on party.id = used.partner_id where used.move_type like 'out_%'",
    "from account_payment used join res_partner party on party.id = used.partner_id"
    " where used.partner_type = 'customer'",
    f"from stock_picking used {with_places('used')} join res_partner party on party.id = used.partner_id"
    f" where {IS_SHIPMENT} or origin.usage = 'customer'",
    "from project_task used join res_partner party on party.id = used.partner_id",
    "from rating_rating used join res_partner party on party.id = used.partner_id"
    " where used.consumed and party.partner_share is not false",
)
SUPPLIERS = partners(
    "from res_partner party where party.supplier_rank > 0",
    "from purchase_order used join res_partner party on party.id = used.partner_id",
    "from product_supplierinfo used join res_partner party on party.id = used.partner_id",
    "from account_move used join res_partner party on party.id = used.partner_id where used.move_type like 'in_%'",
    "from account_payment used join res_partner party on party.id = used.partner_id"
    " where used.partner_type = 'supplier'",
    f"from stock_picking used {with_places('used')} join res_partner party on party.id = used.partner_id"
    f" where {IS_RECEIPT} or goal.usage = 'supplier'",
)


def customer(partner: str) -> str:
    """The customer that a partner or contact belongs to; null where that is no customer."""
    return f"(select {COMMERCIAL} from res_partner party where party.id = {partner} and {COMMERCIAL} in ({CUSTOMERS}))"


def supplier(partner: str) -> str:
    """The supplier that a partner or contact belongs to; null where that is no supplier."""
    return f"(select {COMMERCIAL} from res_partner party where party.id = {partner} and {COMMERCIAL} in ({SUPPLIERS}))"


def is_contact(partner: str) -> str:
    """True for a person at a customer or supplier; unnamed addresses for deliveries and invoices are no persons."""
    firm = f"coalesce({partner}.commercial_partner_id, {partner}.id)"
    return (
        f"{firm} <> {partner}.id and ({partner}.name <> '' or coalesce({partner}.type, 'contact') = 'contact')"
        f" and ({firm} in ({CUSTOMERS}) or {firm} in ({SUPPLIERS}))"
    )


def contact(partner: str) -> str:
    """The contact that a partner is; null where it is a firm, or of none that is traded with."""
    return f"(select person.id from res_partner person where person.id = {partner} and {is_contact('person')})"


SITES = """
    select place.id from stock_location place
    where place.usage in ('internal', 'transit')
       or place.id in (select house.view_location_id from stock_warehouse house)
       or (place.usage = 'view' and exists (
            select 1 from stock_warehouse house join stock_location whole on whole.id = house.view_location_id
            where place.parent_path like whole.parent_path || '%'))
"""
USAGES = {"customer": "customer", "supplier": "supplier", "production": "production", "transit": "transit"}


def site(location: str) -> str:
    """A location of our own; null for those of customers, suppliers, losses and production."""
    return f"case when {location} in ({SITES}) then {location} end"


def warehouse_site(warehouse: str) -> str:
    """The location that stands for a whole warehouse."""
    return f"(select house.view_location_id from stock_warehouse house where house.id = {warehouse})"


def sale_line(key: str) -> str:
    """A line of an order; null for headings and down payments."""
    return (
        f"(select sold.id from sale_order_line sold where sold.id = {key}"
        " and sold.display_type is null and sold.is_downpayment is not true)"
    )


def purchase_line(key: str) -> str:
    """A line of a purchase order; null for headings and down payments."""
    return (
        f"(select bought.id from purchase_order_line bought where bought.id = {key}"
        " and bought.display_type is null and bought.is_downpayment is not true)"
    )


def place(location: str) -> str:
    """Which kind of place a location is; losses and counts are adjustments, except the scrap location."""
    known = " ".join(f"when '{usage}' then '{word}'" for usage, word in USAGES.items())
    return (
        f"case when {location}.scrap_location then 'scrap' when {location}.usage = 'inventory' then 'adjustment'"
        f" else case {location}.usage {known} else 'internal' end end"
    )


MOVE_KIND = """case
    when goal.scrap_location or t.scrapped then 'scrap'
    when 'inventory' in (origin.usage, goal.usage) then 'adjustment'
    when (origin.usage, goal.usage) in (('supplier', 'customer'), ('customer', 'supplier')) then 'dropship'
    when goal.usage = 'customer' then 'delivery'
    when origin.usage = 'customer' then 'customer_return'
    when origin.usage = 'supplier' then 'receipt'
    when goal.usage = 'supplier' then 'supplier_return'
    when goal.usage = 'production' then 'consumption'
    when origin.usage = 'production' then 'production'
    when goal.usage = 'transit' and goal.company_id is null and operation.code = 'outgoing' then 'delivery'
    when origin.usage = 'transit' and origin.company_id is null and operation.code = 'incoming' then 'receipt'
    else 'transfer' end"""

REFUND = "case when {0}.move_type in ('out_refund', 'in_refund') then -1 else 1 end"


def signed(amount: str, document: str = "t") -> str:
    """An amount of a document, negative on a credit note, in the document's currency."""
    return f"{REFUND.format(document)} * {amount}"


def of_company(column: str, company: str) -> str:
    """The value for a company where Odoo keeps one by company, as json."""
    return f"{column} ->> ({company})::text"


def plain_text(column: str) -> pl.Expr:
    """The words of an HTML text: blocks end a line, other tags, scripts and styles go. What is left is text, never markup."""
    words = pl.col(column).str.replace_all(r"(?is)<(?:script|style)\b.*?</(?:script|style)\s*>|<!--.*?-->", "")
    words = words.str.replace_all(r"(?i)<br\s*/?>|</(?:p|div|li|tr|h[1-6])\s*>", "\n").str.replace_all(r"<[^>]*>", "")
    for entity, letter in {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": " ", "&amp;": "&"}.items():
        words = words.str.replace_all(entity, letter, literal=True)
    lines = words.str.replace_all(r"[ \t\r\u00a0]+", " ").str.replace_all(r" ?\n[ \n]*", "\n").str.strip_chars()
    return pl.when(lines != "").then(lines)


def mapping(
    to: str,
    table: str,
    *,
    plain: Dictionary[str, str | pl.Expr | Cell] | None = None,
    reads: Dictionary[str, str] | None = None,
    words: Dictionary[str, Dictionary[str, str]] | None = None,
    company: str = COMPANY,
    **rest: Any,
) -> Mapping:
    """A mapping whose ``plain`` columns are Odoo's, whose ``reads`` give a unified column's SQL, and whose ``words`` translate it."""
    own = dict(plain or {})
    computed = dict(reads or {})
    columns: dict[str, str | pl.Expr | Cell] = own | {name: name for name in computed}
    for name, known in (words or {}).items():
        columns[name] = Cell(str(columns[name]), words=known)
    columns.pop("key", None)
    return Mapping(to=to, table=table, columns=columns, reads=computed | {"company": company}, company="company", **rest)


