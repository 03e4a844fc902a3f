"""Odoo 16, 17 and 18 on PostgreSQL: where each unified table comes from. docs/sources/odoo.md says the same in words.

Odoo's quirks are functions that give SQL over a row ``t``; parts in braces belong to modules that need not be
installed, or to columns of some versions (see ``data_access.extract``). Quantities are brought into the product's own
unit, days into the company's time zone.
"""

from dataclasses import replace
from pathlib import Path

import polars as pl

from data_access.declared import mapping, never_negative
from data_access.dumps import restored
from data_access.extract import Changes, Database, System, read_database, read_from
from data_access.mapping import SHARED, Mapping, Reading, SourceRefused

SUPPORTED = ("16", "17", "18")
ESSENTIAL = ("res_company", "res_currency", "res_partner")
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
    spoken = f"select word.value from jsonb_each_text({column}) word where word.value <> '' order by word.key"
    return f"coalesce(nullif({column} ->> 'en_US', ''), ({spoken} limit 1))"


def named_or_plain(column: str) -> str:
    """The same of a name that Odoo 16 keeps as plain text."""
    words = f"to_json({column})"
    spoken = f"""nullif(split_part(split_part({words}::text, '": "', 2), '"', 1), '')"""
    plain = f"""case when {words}::text like '"%' then {column}::text end"""
    return f"coalesce(nullif({words} ->> 'en_US', ''), {plain}, {spoken})"


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


def days(span: str) -> str:
    """A lead time in days, null where it is negative or above ten years: Odoo lets people enter 9999 for never."""
    return f"case when {span} between 0 and 3650 then {span} end"


def share(percent: str) -> str:
    """A percentage as a share of one, null outside 0 to 100."""
    return f"case when {percent} between 0 and 100 then round({percent}::numeric / 100, 6) end"


def decimal(amount: str) -> str:
    """A double with six decimals: what Odoo computes as floating point is no exact number."""
    return f"round(({amount})::numeric, 6)"


def with_units(unit: str, product: str = "t.product_id") -> str:
    """Joins a row's unit (``own``) and its product's (``base``), for `in_base_units` and `per_base_unit`."""
    return f" left join product_product item on item.id = {product} " + with_units_of("item.product_tmpl_id", unit)


def with_units_of(template: str, unit: str) -> str:
    """The same for a row that names a template, not a variant."""
    return f"""
        left join product_template model on model.id = {template}
        left join uom_uom base on base.id = model.uom_id
        left join uom_uom own on own.id = {unit}
    """


def in_base_units(quantity: str) -> str:
    """A quantity in the product's unit. Odoo's factor is how many of a unit make one reference unit: 1/12 for a dozen.

    A quantity whose unit is already the product's, or of another category, or that has no product, stays as it is.
    An empty one is zero, as Odoo itself reads it.
    """
    return (
        "case when own.id <> base.id and own.category_id = base.category_id"
        f" then round(coalesce({quantity}, 0)::numeric * base.factor / nullif(own.factor, 0), 6)"
        f" else coalesce({quantity}, 0)::numeric end"
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
    # Not as a condition of the subquery: PostgreSQL would then look through all customers again for every row.
    return f"case when {commercial(partner)} in ({CUSTOMERS}) then {commercial(partner)} end"


def supplier(partner: str) -> str:
    """The supplier that a partner or contact belongs to; null where that is no supplier."""
    return f"case when {commercial(partner)} in ({SUPPLIERS}) then {commercial(partner)} end"


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
        " and bought.display_type is null {and bought.is_downpayment is not true})"
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
    return f"{REFUND.format(document)} * coalesce({amount}, 0)"


MOVED_QUANTITY = "coalesce({t.quantity,} {t.quantity_done,} null)"
DEMAND = f"coalesce(t.product_qty, {in_base_units('t.product_uom_qty')})"
MOVED = """
    join stock_location origin on origin.id = t.location_id
    join stock_location goal on goal.id = t.location_dest_id
"""
LOST = "(t.active is false and (coalesce(t.probability, 0) = 0 or t.lost_reason_id is not null))"
IS_TICKET = "{0}.partner_id is not null"
TASK_STATE = """coalesce({t.state,} {(select case when step.fold then '1_done' else '01_in_progress' end
    from project_task_type step where step.id = t.stage_id),} null)"""
TASK_STATES = {
    "01_in_progress": "open",
    "02_changes_requested": "open",
    "03_approved": "open",
    "04_waiting_normal": "pending",
    "1_done": "closed",
    "1_canceled": "cancelled",
}
INTERNAL = "(t.is_internal is true or sort.internal is true)"
ADDRESSED = """
    left join mailing_mailing mailing on mailing.id = t.mass_mailing_id
    join (
        select trace.id, min(trace.id) over (
            partition by trace.model, trace.res_id, coalesce(trace.campaign_id, sent.campaign_id),
                case when coalesce(trace.campaign_id, sent.campaign_id) is null then trace.mass_mailing_id end
            ) as first_id
        from mailing_trace trace left join mailing_mailing sent on sent.id = trace.mass_mailing_id) addressed
        on addressed.id = t.id
"""
CAMPAIGN = "coalesce(t.campaign_id, mailing.campaign_id)"
CAMPAIGN_COMPANY = (
    "{(select sent.company_id::text from utm_campaign sent"
    " where sent.id = coalesce(t.campaign_id, mailing.campaign_id)),}"
)
RECIPIENT = (
    "case t.model when 'res.partner' then t.res_id"
    " {when 'crm.lead' then (select asked.partner_id from crm_lead asked where asked.id = t.res_id)}"
    " {when 'sale.order' then (select placed.partner_id from sale_order placed where placed.id = t.res_id)} end"
)
ABOUT = (
    "case t.model when 'res.partner' then t.res_id"
    " {when 'crm.lead' then (select asked.partner_id from crm_lead asked where asked.id = t.res_id)}"
    " {when 'sale.order' then (select placed.partner_id from sale_order placed where placed.id = t.res_id)}"
    " {when 'project.task' then (select task.partner_id from project_task task where task.id = t.res_id)}"
    " {when 'account.move' then (select bill.partner_id from account_move bill where bill.id = t.res_id)}"
    " {when 'stock.picking' then (select slip.partner_id from stock_picking slip where slip.id = t.res_id)} end"
)
CUSTOMER_FACING = f"""
    t.model in ('crm.lead', 'sale.order')
    or t.model = 'res.partner' and {customer("t.res_id")} is not null
    {{or t.model = 'project.task' and t.res_id in (
        select task.id from project_task task where {IS_TICKET.format("task")})}}
    {{or t.model = 'account.move' and t.res_id in (
        select bill.id from account_move bill where bill.move_type like 'out_%')}}
    {{or t.model = 'stock.picking' and t.res_id in (
        select slip.id from stock_picking slip {with_places("slip")} where {IS_SHIPMENT})}}
"""


INVOICED_COST = """coalesce({round((
    select sum(coalesce(expense.debit, 0) - coalesce(expense.credit, 0)) from account_move_line expense
    join account_account booked on booked.id = expense.account_id
    where expense.cogs_origin_id = t.id and booked.account_type like 'expense%')
    * case when t.currency_id <> t.company_currency_id
        then t.amount_currency / nullif(coalesce(t.debit, 0) - coalesce(t.credit, 0), 0) else 1 end, 6),} null)"""


def plain_text(column: str) -> pl.Expr:
    """The words of an HTML text: blocks end a line; other tags, scripts and styles go."""
    words = pl.col(column).str.replace_all(r"(?is)<(?:script|style)\b.*?</(?:script|style)\s*>|<!--.*?-->", "")
    words = words.str.replace_all(r"(?i)<br\s*/?>|</(?:p|div|li|tr|h[1-6])\s*>", "\n").str.replace_all(r"<[^>]*>", "")
    for entity, letter in {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": " ", "&amp;": "&"}.items():
        words = words.str.replace_all(entity, letter, literal=True)
    lines = words.str.replace_all(r"[ \t\r\u00a0]+", " ").str.replace_all(r" ?\n[ \n]*", "\n").str.strip_chars()
    return pl.when(lines != "").then(lines)


CURRENCIES_IN_USE = """
    select money.id from res_currency money where money.active
    {union all select placed.currency_id from sale_order placed}
    {union all select placed.currency_id from purchase_order placed}
    {union all select document.currency_id from account_move document}
"""
SHARED_SUBJECTS = (
    mapping(
        "companies",
        "res_company",
        plain={"company_id": "id", "name": "name", "parent_company_id": "parent_id"},
        reads={
            "currency": currency("t.currency_id"),
            "country": f"(select {country('party.country_id')} from res_partner party where party.id = t.partner_id)",
            "is_active": "coalesce({t.active,} true)",
        },
        company="t.id::text",
    ),
    mapping(
        "currencies",
        "res_currency",
        plain={"currency_id": "id", "currency": "name", "name": "full_name", "decimal_places": "decimal_places"},
        reads={"is_active": "coalesce(t.active, false)"},
        company=f"'{SHARED}'",
    ),
    mapping(
        "exchange_rates",
        "res_currency_rate",
        where=f"t.currency_id in ({CURRENCIES_IN_USE})",
        left_out="rates of currencies that Odoo has archived and no order and no ledger document is in",
        plain={"exchange_rate_id": "id", "valid_from_on": "name"},
        reads={
            "currency": currency("t.currency_id"),
            "base_currency": company_currency(),
            "rate": f"""round(t.rate / coalesce((
                select paid.rate from res_currency_rate paid
                join res_company books on books.currency_id = paid.currency_id
                    and books.id = coalesce(t.company_id, {MAIN_COMPANY})
                where paid.company_id is not distinct from t.company_id and paid.name <= t.name and paid.rate > 0
                order by paid.name desc limit 1), 1), 12)""",
        },
        assumes={"rate": "Odoo's rates are relative to one currency of rate 1; they are brought to the company's own"},
    ),
    mapping(
        "calendars",
        "resource_calendar",
        plain={"calendar_id": "id", "name": "name", "time_zone": "tz"},
        reads={"hours_per_day": decimal("t.hours_per_day"), "is_active": "coalesce(t.active, true)"},
    ),
    mapping(
        "calendar_periods",
        "resource_calendar_attendance",
        joins="join resource_calendar calendar on calendar.id = t.calendar_id",
        where="t.resource_id is null and t.display_type is null and t.day_period is distinct from 'lunch'"
        " and coalesce(t.week_type, '0') = '0'",
        left_out="breaks, headings, hours of single resources, and the second week of two-week calendars",
        plain={
            "calendar_period_id": "id",
            "calendar_id": "calendar_id",
            "valid_from_on": "date_from",
            "valid_to_on": "date_to",
        },
        reads={
            "weekday": "t.dayofweek::int + 1",
            "starts_at_minute": "round(t.hour_from::numeric * 60)::int",
            "ends_at_minute": "round(t.hour_to::numeric * 60)::int",
        },
        company=f"coalesce(calendar.company_id::text, '{SHARED}')",
    ),
    mapping(
        "calendar_exceptions",
        "resource_calendar_leaves",
        where="t.resource_id is null and coalesce(t.time_type, 'leave') = 'leave'",
        left_out="absences of single employees and reservations of machines",
        plain={
            "calendar_exception_id": "id",
            "calendar_id": "calendar_id",
            "starts_at": "date_from",
            "ends_at": "date_to",
            "reason": "name",
        },
        reads={"is_working": "false"},
    ),
    mapping(
        "units",
        "uom_uom",
        joins="join uom_category kind on kind.id = t.category_id",
        plain={"unit_id": "id"},
        reads={
            "name": named("t.name"),
            "category": named("kind.name"),
            "reference_quantity": "round(1 / nullif(t.factor, 0), 6)",
            "is_active": "coalesce(t.active, true)",
        },
        company=f"'{SHARED}'",
    ),
    mapping(
        "sites",
        "stock_location",
        joins="""
            left join stock_warehouse whole on whole.view_location_id = t.id
            left join lateral (
                select house.view_location_id, house.partner_id
                from stock_warehouse house join stock_location root on root.id = house.view_location_id
                where t.parent_path like root.parent_path || '%'
                order by length(root.parent_path) desc, house.id limit 1) main on true
            left join res_partner address on address.id = main.partner_id
        """,
        where=f"t.id in ({SITES})",
        left_out="locations of customers, suppliers, losses and production, and groups outside a warehouse",
        plain={"site_id": "id"},
        reads={
            "code": "whole.code",
            "name": "coalesce(whole.name, t.complete_name, t.name)",
            "kind": "case when whole.id is not null then 'warehouse' when t.usage = 'transit' then 'transit'"
            " when t.usage = 'view' then 'area' else 'location' end",
            "parent_site_id": site("t.location_id"),
            "main_site_id": "main.view_location_id",
            "country": country("address.country_id"),
            "region": country("address.country_id"),
            "time_zone": "address.tz",
            "is_active": "coalesce(t.active, true) and coalesce(whole.active, true)",
        },
    ),
    mapping(
        "carriers",
        "delivery_carrier",
        plain={"carrier_id": "id", "mode": "delivery_type"},
        reads={"name": named("t.name"), "is_active": "coalesce(t.active, true)"},
    ),
)

PRICED = f"""
    join product_template model on model.id = t.product_tmpl_id
    join uom_uom base on base.id = model.uom_id
    left join res_company books on books.id = coalesce(model.company_id, {MAIN_COMPANY})
"""
PRODUCT_SUBJECTS = (
    mapping(
        "product_categories",
        "product_category",
        plain={"category_id": "id", "name": "name", "parent_category_id": "parent_id"},
        reads={"path": "t.complete_name"},
        company=f"'{SHARED}'",
    ),
    mapping(
        "products",
        "product_product",
        joins=PRICED,
        watermark="greatest(t.write_date, model.write_date)",
        plain={"product_id": "id", "sku": "default_code", "barcode": "barcode", "product_group_id": "product_tmpl_id"},
        reads={
            "name": named("model.name"),
            "name_zh": chinese("model.name"),
            "category_id": "model.categ_id",
            "kind": """case
                when model.type = 'combo' {or exists (
                    select 1 from mrp_bom taken_apart
                    where taken_apart.type = 'phantom' and taken_apart.active and (taken_apart.product_id = t.id
                        or taken_apart.product_id is null and taken_apart.product_tmpl_id = model.id))} then 'kit'
                when model.type = 'service' then 'service'
                when model.type = 'product' then 'storable'
                {when model.is_storable then 'storable'}
                else 'consumable' end""",
            "unit": named("base.name"),
            "cost": f"""coalesce({{(
                select {never_negative("round(kept.value::numeric, 6)")}
                from jsonb_each_text(t.standard_price) kept
                join res_company costing on costing.id::text = kept.key and costing.currency_id = books.currency_id
                order by (costing.id = model.company_id) is true desc, costing.id limit 1),}}
                {{(select {never_negative("round(kept.value_float::numeric, 6)")} from ir_property kept
                join res_company costing on costing.id = kept.company_id and costing.currency_id = books.currency_id
                where kept.name = 'standard_price' and kept.res_id = 'product.product,' || t.id
                order by (costing.id = model.company_id) is true desc, costing.id limit 1),}} null)""",
            "list_price": never_negative("model.list_price"),
            "currency": currency("books.currency_id"),
            "is_sold": "coalesce({model.sale_ok,} true)",
            "is_purchased": "coalesce({model.purchase_ok,} true)",
            "weight": never_negative("t.weight"),
            "volume": never_negative("t.volume"),
            "created_on": day("t.create_date", "model.company_id"),
            "is_active": "coalesce(t.active, true) and coalesce(model.active, true)",
        },
        company=f"coalesce(model.company_id::text, '{SHARED}')",
        assumes={
            "weight": "kilograms and cubic metres, as Odoo has it unless it is switched to pounds and feet",
            "cost": "that of the product's own company, else of the first company that keeps the same currency",
        },
    ),
    mapping(
        "product_costs",
        "product_product",
        joins="""
            {cross join lateral jsonb_each_text(t.standard_price) kept}
            {join (select prop.res_id, prop.company_id::text as key, prop.value_float::text as value
                from ir_property prop where prop.name = 'standard_price') kept
                on kept.res_id = 'product.product,' || t.id}
            join res_company costing on costing.id::text = kept.key
        """,
        key="key",
        part_of="id",
        where="kept.value::numeric >= 0",
        left_out="products for which no company keeps a cost; a negative cost",
        plain={"product_cost_id": "key", "product_id": "id"},
        reads={
            "key": "t.id || '/' || kept.key",
            "cost": "round(kept.value::numeric, 6)",
            "currency": company_currency("costing.id"),
        },
        company="kept.key",
    ),
    mapping(
        "boms",
        "mrp_bom",
        joins=with_units_of("t.product_tmpl_id", "t.product_uom_id"),
        plain={"bom_id": "id", "code": "code", "product_group_id": "product_tmpl_id", "kind": "type"},
        reads={
            "product_id": only_variant("t.product_id", "t.product_tmpl_id"),
            "quantity": in_base_units("t.product_qty"),
            "lead_time_days": days("t.produce_delay"),
            "is_active": "coalesce(t.active, true)",
        },
        words={"kind": BOM_KINDS},
    ),
    mapping(
        "bom_lines",
        "mrp_bom_line",
        joins=with_units("t.product_uom_id")
        + """
            join mrp_bom bill on bill.id = t.bom_id
            join product_template made on made.id = bill.product_tmpl_id
            join uom_uom made_base on made_base.id = made.uom_id
            left join uom_uom made_own on made_own.id = bill.product_uom_id
        """,
        watermark="greatest(t.write_date, bill.write_date)",
        plain={"bom_line_id": "id", "bom_id": "bom_id", "operation_id": "operation_id"},
        reads={
            "component_id": "t.product_id",
            "product_id": only_variant("bill.product_id", "bill.product_tmpl_id"),
            "quantity_per": f"""round(({in_base_units("t.product_qty")}) / nullif(
                case when made_own.id <> made_base.id and made_own.category_id = made_base.category_id
                     then bill.product_qty * made_base.factor / nullif(made_own.factor, 0)
                     else bill.product_qty end, 0), 6)""",
            "source_quantity": "t.product_qty",
            "source_unit": named("own.name"),
        },
        company=f"coalesce(bill.company_id::text, '{SHARED}')",
        assumes={"quantity_per": "lines that hold only for some variants are read as holding for all"},
    ),
    mapping(
        "routings",
        "mrp_bom",
        joins="join product_template model on model.id = t.product_tmpl_id",
        where="exists (select 1 from mrp_routing_workcenter step where step.bom_id = t.id)",
        left_out="bills of materials without operations",
        plain={"routing_id": "id", "bom_id": "id"},
        reads={
            "name": f"coalesce(t.code, {named('model.name')})",
            "product_id": only_variant("t.product_id", "t.product_tmpl_id"),
            "is_active": "coalesce(t.active, true)",
        },
    ),
    mapping(
        "work_centers",
        "mrp_workcenter",
        plain={"work_center_id": "id", "code": "code", "name": "name", "calendar_id": "resource_calendar_id"},
        reads={
            "capacity": never_negative(decimal("t.default_capacity")),
            "efficiency": never_negative(decimal("t.time_efficiency / 100")),
            "cost_per_hour": never_negative(decimal("t.costs_hour")),
            "currency": company_currency(),
            "is_active": "coalesce(t.active, true)",
        },
    ),
    mapping(
        "operations",
        "mrp_routing_workcenter",
        joins="""
            join mrp_bom bill on bill.id = t.bom_id
            left join mrp_workcenter center on center.id = t.workcenter_id
        """,
        plain={
            "operation_id": "id",
            "routing_id": "bom_id",
            "work_center_id": "workcenter_id",
            "name": "name",
        },
        reads={
            "sequence": never_negative("t.sequence"),
            "setup_minutes": never_negative(decimal("center.time_start")),
            "minutes_per_unit": never_negative(
                decimal("(t.time_cycle_manual / coalesce(nullif(center.default_capacity, 0), 1))")
            ),
            "is_active": "coalesce(t.active, true)",
        },
        company=f"coalesce(bill.company_id::text, '{SHARED}')",
        assumes={"minutes_per_unit": "the duration that was entered; Odoo may also compute one from past work orders"},
    ),
)

INDUSTRY = f"(select {named('trade.name')} from res_partner_industry trade where trade.id = t.industry_id)"
PARTY_SUBJECTS = (
    mapping(
        "departments",
        "hr_department",
        plain={"department_id": "id", "parent_department_id": "parent_id"},
        reads={"name": named_or_plain("t.name"), "is_active": "coalesce(t.active, true)"},
    ),
    mapping(
        "employees",
        "hr_employee",
        plain={
            "employee_id": "id",
            "name": "name",
            "email": "work_email",
            "department_id": "department_id",
            "manager_id": "parent_id",
        },
        reads={
            "job": f"coalesce(t.job_title, (select {named('post.name')} from hr_job post where post.id = t.job_id))",
            "hourly_cost": never_negative("t.hourly_cost"),
            "currency": company_currency(),
            "is_active": "coalesce(t.active, true)",
        },
    ),
    mapping(
        "customers",
        "res_partner",
        where=f"t.id in ({CUSTOMERS})",
        left_out="partners who never ordered, asked, received, paid or rated anything, and the contacts of firms",
        plain={"customer_id": "id", "number": "ref", "city": "city", "tax_number": "vat"},
        reads={
            "name": "coalesce(nullif(t.name, ''), nullif(t.complete_name, ''), t.email, 'Partner ' || t.id)",
            "email": "coalesce(t.email_normalized, t.email)",
            "phone": "coalesce(t.phone, t.mobile)",
            "country": country("t.country_id"),
            "region": country("t.country_id"),
            "segment": INDUSTRY,
            "industry": INDUSTRY,
            "parent_customer_id": f"case when t.parent_id <> t.id then nullif({customer('t.parent_id')}, t.id) end",
            "owner_id": employee("t.user_id"),
            "created_on": day("t.create_date"),
            "is_company": "t.is_company",
            "is_active": "coalesce(t.active, true)",
        },
        assumes={"segment": "the industry", "region": "the country"},
    ),
    mapping(
        "suppliers",
        "res_partner",
        where=f"t.id in ({SUPPLIERS})",
        left_out="partners of whom nothing was ever bought, and the contacts of firms",
        plain={"supplier_id": "id", "number": "ref", "city": "city", "tax_number": "vat"},
        reads={
            "name": "coalesce(nullif(t.name, ''), nullif(t.complete_name, ''), t.email, 'Partner ' || t.id)",
            "email": "coalesce(t.email_normalized, t.email)",
            "phone": "coalesce(t.phone, t.mobile)",
            "country": country("t.country_id"),
            "currency": "coalesce({(select money.name from jsonb_each_text(t.property_purchase_currency_id) agreed"
            " join res_currency money on money.id::text = agreed.value order by agreed.key limit 1),} {"
            "(select money.name from ir_property agreed join res_currency money"
            " on 'res.currency,' || money.id = agreed.value_reference where agreed.res_id = 'res.partner,' || t.id"
            " and agreed.name = 'property_purchase_currency_id' order by agreed.company_id limit 1),} null)",
            "created_on": day("t.create_date"),
            "is_active": "coalesce(t.active, true)",
        },
    ),
    mapping(
        "contacts",
        "res_partner",
        where=is_contact("t"),
        left_out="firms themselves, unnamed addresses, and persons at firms that are neither customer nor supplier",
        plain={"contact_id": "id", "name": "name", "role": "function"},
        reads={
            "customer_id": customer("t.id"),
            "supplier_id": supplier("t.id"),
            "email": "coalesce(t.email_normalized, t.email)",
            "phone": "coalesce(t.phone, t.mobile)",
            "country": country("t.country_id"),
            "is_active": "coalesce(t.active, true)",
        },
    ),
)

PAYMENT = "(select document.{0} from account_move document where document.id = t.move_id)"
ORDERED_BY = "{, (select placed.partner_id from sale_order placed where placed.id = t.sale_id)}"
SALES_SUBJECTS = (
    mapping(
        "sales_orders",
        "sale_order",
        plain={
            "sales_order_id": "id",
            "number": "name",
            "status": "state",
            "ordered_at": "date_order",
            "amount_untaxed": "amount_untaxed",
            "amount_tax": "amount_tax",
            "amount_total": "amount_total",
            "campaign_id": "campaign_id",
            "customer_reference": "client_order_ref",
        },
        reads={
            "customer_id": commercial("t.partner_id"),
            "promised_on": day("t.commitment_date"),
            "site_id": warehouse_site("t.warehouse_id"),
            "currency": currency("t.currency_id"),
            "company_rate": "case when t.currency_rate > 0 then round(t.currency_rate, 6) end",
            "salesperson_id": employee("t.user_id"),
            "opportunity_id": "(select deal.id from crm_lead deal"
            " where deal.id = t.opportunity_id and deal.type = 'opportunity')",
        },
        words={"status": ORDER_STATES},
        assumes={
            "promised_on": "only a delivery date that was set is a promise; the usual lead time of a product is none",
            "customer_id": "the firm of the contact who ordered",
        },
    ),
    mapping(
        "sales_order_lines",
        "sale_order_line",
        joins="join sale_order placed on placed.id = t.order_id" + with_units("t.product_uom"),
        where="t.display_type is null and t.is_downpayment is not true",
        left_out="headings, notes and down payments",
        watermark="greatest(t.write_date, placed.write_date)",
        plain={
            "sales_order_line_id": "id",
            "sales_order_id": "order_id",
            "product_id": "product_id",
            "description": "name",
            "amount_untaxed": "price_subtotal",
        },
        reads={
            "line_number": never_negative("t.sequence"),
            "quantity": in_base_units("t.product_uom_qty"),
            "delivered_quantity": in_base_units("t.qty_delivered"),
            "invoiced_quantity": in_base_units("t.qty_invoiced"),
            "source_quantity": "t.product_uom_qty",
            "source_unit": named("own.name"),
            "unit_price": never_negative("t.price_unit"),
            "discount": share("coalesce(t.discount, 0)"),
            "currency": currency("coalesce(t.currency_id, placed.currency_id)"),
            "promised_on": day("placed.commitment_date", "placed.company_id"),
        },
        company="coalesce(t.company_id, placed.company_id)::text",
        assumes={"unit_price": "a negative price is a discount: it is in the amount, and no price"},
    ),
    mapping(
        "shipments",
        "stock_picking",
        joins=with_places("t"),
        where=IS_SHIPMENT,
        left_out="receipts, steps within a warehouse (pick, pack, put away), transfers between our warehouses, returns",
        plain={
            "shipment_id": "id",
            "number": "name",
            "status": "state",
            "planned_at": "scheduled_date",
            "due_at": "date_deadline",
        },
        reads={
            "sales_order_id": "t.sale_id",
            "customer_id": customer(f"coalesce(t.partner_id {ORDERED_BY})"),
            "site_id": site("t.location_id"),
            "carrier_id": "coalesce({t.carrier_id,} null)",
            "tracking_number": "coalesce({t.carrier_tracking_ref,} null)",
            "shipped_at": "case when t.state = 'done' then t.date_done end",
            "backorder_of_id": transfer("t.backorder_id", IS_SHIPMENT),
        },
        words={"status": MOVE_STATES},
    ),
    mapping(
        "shipment_lines",
        "stock_move",
        joins="join stock_picking slip on slip.id = t.picking_id" + with_places("slip") + with_units("t.product_uom"),
        where=f"{IS_SHIPMENT} and t.scrapped is not true",
        left_out="movements of other transfers, and what was scrapped from a shipment",
        plain={
            "shipment_line_id": "id",
            "shipment_id": "picking_id",
            "product_id": "product_id",
            "status": "state",
        },
        reads={
            "sales_order_line_id": sale_line("t.sale_line_id"),
            "quantity": DEMAND,
            "shipped_quantity": f"case when t.state = 'done' then {in_base_units(MOVED_QUANTITY)} else 0 end",
        },
        words={"status": MOVE_STATES},
    ),
    mapping(
        "invoices",
        "account_move",
        where="t.move_type in ('out_invoice', 'out_refund', 'out_receipt')",
        left_out="suppliers' bills and other ledger documents",
        plain={
            "invoice_id": "id",
            "kind": "move_type",
            "status": "state",
            "invoiced_on": "invoice_date",
            "due_on": "invoice_date_due",
        },
        reads={
            "payment_status": "case when t.payment_state <> 'invoicing_legacy' then t.payment_state end",
            "number": "nullif(t.name, '/')",
            "customer_id": commercial("t.partner_id"),
            "sales_order_id": """(
                select min(sold.order_id) from account_move_line entry
                join sale_order_line_invoice_rel billed on billed.invoice_line_id = entry.id
                join sale_order_line sold on sold.id = billed.order_line_id
                where entry.move_id = t.id having count(distinct sold.order_id) = 1)""",
            "currency": currency("t.currency_id"),
            "amount_untaxed": signed("t.amount_untaxed"),
            "amount_tax": signed("t.amount_tax"),
            "amount_total": signed("t.amount_total"),
            "amount_open": signed("t.amount_residual"),
        },
        words={"kind": DOCUMENT_KINDS, "status": DOCUMENT_STATES, "payment_status": PAID_STATES},
    ),
    mapping(
        "invoice_lines",
        "account_move_line",
        joins="join account_move document on document.id = t.move_id" + with_units("t.product_uom_id"),
        where="t.display_type = 'product' and document.move_type in ('out_invoice', 'out_refund', 'out_receipt')",
        left_out="headings, notes, taxes and payment terms of invoices, and all other documents",
        plain={
            "invoice_line_id": "id",
            "invoice_id": "move_id",
            "product_id": "product_id",
            "description": "name",
        },
        reads={
            "sales_order_line_id": sale_line("""(
                select min(billed.order_line_id) from sale_order_line_invoice_rel billed
                where billed.invoice_line_id = t.id having count(*) = 1)"""),
            "quantity": signed(f"({in_base_units('t.quantity')})", "document"),
            "unit_price": per_base_unit("t.price_unit"),
            "amount_untaxed": signed("t.price_subtotal", "document"),
            "cost_amount": INVOICED_COST,
            "currency": currency("coalesce(t.currency_id, document.currency_id)"),
        },
        company="coalesce(t.company_id, document.company_id)::text",
        assumes={
            "cost_amount": "the expense that Odoo booked beside the line when the invoice was posted, at the line's own"
            " rate; it does so with perpetual valuation of stock in Anglo-Saxon accounting"
        },
    ),
    mapping(
        "payments",
        "account_payment",
        plain={"payment_id": "id", "direction": "payment_type"},
        reads={
            "paid_on": f"coalesce({{t.date,}} {{{PAYMENT.format('date')},}} null)",
            "status": f"coalesce({{t.state,}} {{{PAYMENT.format('state')},}} null)",
            "customer_id": f"case when t.partner_type = 'customer' then {commercial('t.partner_id')} end",
            "supplier_id": f"case when t.partner_type = 'supplier' then {commercial('t.partner_id')} end",
            "invoice_id": """(
                select min(document.id) from account_move__account_payment settled
                join account_move document on document.id = settled.invoice_id
                where settled.payment_id = t.id having count(*) = 1
                    and bool_and(document.move_type in ('out_invoice', 'out_refund', 'out_receipt')))""",
            "amount": "abs(coalesce(t.amount, 0))",
            "currency": currency("t.currency_id"),
        },
        words={"direction": {"inbound": "in", "outbound": "out"}, "status": PAYMENT_STATES},
        company=f"coalesce({{t.company_id::text,}} {{{PAYMENT.format('company_id')}::text,}} '{SHARED}')",
        assumes={"status": "money that is still on its way to or from the bank is paid"},
    ),
    mapping(
        "returns",
        "stock_move",
        joins=MOVED + "left join stock_picking slip on slip.id = t.picking_id" + with_units("t.product_uom"),
        where="t.state = 'done' and origin.usage = 'customer' and goal.usage in ('internal', 'transit')"
        " and t.scrapped is not true",
        left_out="movements that bring nothing back from a customer, and returns that have not arrived",
        plain={"return_id": "id", "product_id": "product_id", "returned_at": "date"},
        reads={
            "sales_order_id": "{(select sold.order_id from sale_order_line sold where sold.id = t.sale_line_id)}",
            "sales_order_line_id": sale_line("t.sale_line_id"),
            "customer_id": customer("coalesce(t.partner_id, slip.partner_id)"),
            "site_id": site("t.location_dest_id"),
            "quantity": in_base_units(MOVED_QUANTITY),
        },
    ),
)

PURCHASE_SUBJECTS = (
    mapping(
        "purchase_orders",
        "purchase_order",
        plain={
            "purchase_order_id": "id",
            "number": "name",
            "status": "state",
            "amount_untaxed": "amount_untaxed",
            "supplier_reference": "partner_ref",
        },
        reads={
            "supplier_id": commercial("t.partner_id"),
            "ordered_at": "case when t.state in ('purchase', 'done') then coalesce(t.date_approve, t.date_order)"
            " else t.create_date end",
            "due_on": day("t.date_planned"),
            "site_id": "(select house.view_location_id from stock_picking_type operation"
            " join stock_warehouse house on house.id = operation.warehouse_id where operation.id = t.picking_type_id)",
            "currency": currency("t.currency_id"),
            "buyer_id": employee("t.user_id"),
        },
        words={"status": PURCHASE_STATES},
    ),
    mapping(
        "purchase_order_lines",
        "purchase_order_line",
        joins="join purchase_order placed on placed.id = t.order_id" + with_units("t.product_uom"),
        where="t.display_type is null {and t.is_downpayment is not true}",
        left_out="headings, notes and down payments",
        watermark="greatest(t.write_date, placed.write_date)",
        plain={
            "purchase_order_line_id": "id",
            "purchase_order_id": "order_id",
            "product_id": "product_id",
            "description": "name",
            "amount_untaxed": "price_subtotal",
        },
        reads={
            "line_number": never_negative("t.sequence"),
            "quantity": in_base_units("t.product_qty"),
            "received_quantity": in_base_units("t.qty_received"),
            "invoiced_quantity": in_base_units("t.qty_invoiced"),
            "source_quantity": "t.product_qty",
            "source_unit": named("own.name"),
            "unit_price": never_negative("t.price_unit"),
            "discount": share("coalesce(t.discount, 0)"),
            "currency": currency("coalesce(t.currency_id, placed.currency_id)"),
            "due_on": day("coalesce(t.date_planned, placed.date_planned)", "placed.company_id"),
        },
        company="coalesce(t.company_id, placed.company_id)::text",
    ),
    mapping(
        "receipts",
        "stock_picking",
        joins=with_places("t"),
        where=IS_RECEIPT,
        left_out="shipments, steps within a warehouse, transfers between our warehouses, and returns of customers",
        plain={
            "receipt_id": "id",
            "number": "name",
            "status": "state",
            "planned_at": "scheduled_date",
            "due_at": "date_deadline",
        },
        reads={
            "purchase_order_id": """(
                select min(bought.order_id) from stock_move moved
                join purchase_order_line bought on bought.id = moved.purchase_line_id
                where moved.picking_id = t.id having count(distinct bought.order_id) = 1)""",
            "supplier_id": supplier("t.partner_id"),
            "site_id": site("t.location_dest_id"),
            "received_at": "case when t.state = 'done' then t.date_done end",
            "backorder_of_id": transfer("t.backorder_id", IS_RECEIPT),
        },
        words={"status": MOVE_STATES},
    ),
    mapping(
        "receipt_lines",
        "stock_move",
        joins="join stock_picking slip on slip.id = t.picking_id" + with_places("slip") + with_units("t.product_uom"),
        where=f"{IS_RECEIPT} and t.scrapped is not true",
        left_out="movements of other transfers, and what was scrapped from a receipt",
        plain={"receipt_line_id": "id", "receipt_id": "picking_id", "product_id": "product_id", "status": "state"},
        reads={
            "purchase_order_line_id": purchase_line("t.purchase_line_id"),
            "quantity": DEMAND,
            "received_quantity": f"case when t.state = 'done' then {in_base_units(MOVED_QUANTITY)} else 0 end",
        },
        words={"status": MOVE_STATES},
    ),
    mapping(
        "supplier_products",
        "product_supplierinfo",
        where="t.partner_id is not null",
        left_out="offers that name no supplier",
        plain={
            "supplier_product_id": "id",
            "product_group_id": "product_tmpl_id",
            "supplier_sku": "product_code",
            "valid_from_on": "date_start",
            "valid_to_on": "date_end",
        },
        reads={
            "supplier_id": commercial("t.partner_id"),
            "product_id": only_variant("t.product_id", "t.product_tmpl_id"),
            "lead_time_days": days("t.delay"),
            "price": never_negative("t.price"),
            "currency": currency("t.currency_id"),
            "minimum_quantity": never_negative("t.min_qty"),
            "priority": never_negative("t.sequence"),
        },
    ),
)

STOCK_SUBJECTS = (
    mapping(
        "inventory_levels",
        "stock_quant",
        joins="join stock_location place on place.id = t.location_id and place.usage = 'internal'",
        left_out="what is with customers and suppliers, in transit, in production, lost or scrapped",
        sums=("on_hand", "reserved"),
        full_within="as_of_on",
        plain={
            "product_id": "product_id",
            "site_id": "location_id",
        },
        reads={
            "as_of_on": "current_date",
            "on_hand": "coalesce(t.quantity, 0)",
            "reserved": "coalesce(t.reserved_quantity, 0)",
        },
        company=f"coalesce(t.company_id::text, place.company_id::text, '{SHARED}')",
        assumes={"on_hand": "all lots, packages and owners of a product at a location; consigned goods included"},
    ),
    mapping(
        "stock_moves",
        "stock_move",
        key="key",
        part_of="id",
        joins="""
            left join lateral (
                select handled.location_id, handled.location_dest_id,
                       sum(coalesce({handled.quantity_product_uom,} {handled.quantity,} {handled.qty_done * (
                            select unit.factor / nullif(used.factor, 0) from product_product item
                            join product_template model on model.id = item.product_tmpl_id
                            join uom_uom unit on unit.id = model.uom_id join uom_uom used
                                on used.id = handled.product_uom_id and used.category_id = unit.category_id
                            where item.id = handled.product_id),} null)) as quantity,
                       row_number() over (order by min(handled.id)) as number
                from stock_move_line handled where handled.move_id = t.id and t.state = 'done'
                group by handled.location_id, handled.location_dest_id) part on true
            join stock_location origin on origin.id = coalesce(part.location_id, t.location_id)
            join stock_location goal on goal.id = coalesce(part.location_dest_id, t.location_dest_id)
            left join stock_picking_type operation on operation.id = t.picking_type_id
        """
        + with_units("t.product_uom"),
        plain={
            "stock_move_id": "key",
            "product_id": "product_id",
            "status": "state",
        },
        reads={
            "key": "t.id || case when part.number > 1 then '/' || part.number else '' end",
            "number": "coalesce(t.reference, t.name)",
            "kind": MOVE_KIND,
            "from_place": place("origin"),
            "to_place": place("goal"),
            "from_site_id": site("origin.id"),
            "to_site_id": site("goal.id"),
            "quantity": f"case when t.state = 'done' then coalesce(part.quantity, {in_base_units(MOVED_QUANTITY)})"
            f" else {DEMAND} end",
            "demand_quantity": f"case when coalesce(part.number, 1) = 1 then {DEMAND} else 0 end",
            "moved_at": "case when t.state = 'done' then t.date end",
            "planned_at": "case when t.state <> 'done' then t.date end",
            "sales_order_line_id": sale_line("t.sale_line_id"),
            "purchase_order_line_id": purchase_line("t.purchase_line_id"),
            "work_order_id": "coalesce(t.production_id, t.raw_material_production_id)",
        },
        words={"status": MOVE_STATES},
        assumes={"key": "a done movement over several pairs of locations is one row for each pair: 12, 12/2"},
    ),
    mapping(
        "reorder_rules",
        "stock_warehouse_orderpoint",
        plain={
            "reorder_rule_id": "id",
            "product_id": "product_id",
            "minimum_quantity": "product_min_qty",
            "maximum_quantity": "product_max_qty",
        },
        reads={
            "site_id": site("t.location_id"),
            "multiple_quantity": never_negative("t.qty_multiple"),
            "is_active": "coalesce(t.active, true)",
        },
    ),
)

MADE_QUANTITY = "coalesce({made.quantity,} {made.quantity_done,} null)"
MADE = f"""(
    select sum(case when other.id <> base.id and other.category_id = base.category_id
                    then round({MADE_QUANTITY} * base.factor / nullif(other.factor, 0), 6) else {MADE_QUANTITY} end)
    from stock_move made left join uom_uom other on other.id = made.product_uom
    where made.production_id = t.id and made.product_id = t.product_id and made.state = 'done')"""
PRODUCTION_SUBJECTS = (
    mapping(
        "work_orders",
        "mrp_production",
        joins=with_units("t.product_uom_id"),
        plain={
            "work_order_id": "id",
            "number": "name",
            "product_id": "product_id",
            "bom_id": "bom_id",
            "status": "state",
        },
        reads={
            "site_id": site("t.location_dest_id"),
            "quantity": in_base_units("t.product_qty"),
            "produced_quantity": f"case when t.state = 'done' then coalesce({MADE}, 0)"
            f" when t.state = 'cancel' then 0 else {in_base_units('t.qty_producing')} end",
            "due_on": day(
                "coalesce(t.date_deadline, case when t.state not in ('done', 'cancel')"
                " then coalesce({t.date_planned_finished,} t.date_finished) end)"
            ),
            "planned_start_at": "coalesce({t.date_planned_start,} t.date_start)",
            "started_at": "case when t.state in ('progress', 'to_close', 'done') then t.date_start end",
            "finished_at": "case when t.state = 'done' then t.date_finished end",
            "sales_order_line_id": sale_line("t.sale_line_id"),
            "sales_order_id": """coalesce(
                {(select sold.order_id from sale_order_line sold where sold.id = t.sale_line_id),}
                {(select min(placed.id) from sale_order placed
                  where placed.name = t.origin and placed.company_id = t.company_id having count(*) = 1),}
                null)""",
        },
        words={"status": PRODUCTION_STATES},
        assumes={
            "due_on": "the deadline; while it is open and has none, its scheduled end",
            "started_at": "Odoo keeps one start: planned until work begins, then the real one",
        },
    ),
    mapping(
        "work_order_operations",
        "mrp_workorder",
        joins="join mrp_production ordered on ordered.id = t.production_id"
        + with_units("coalesce(t.product_uom_id, ordered.product_uom_id)", "ordered.product_id"),
        plain={
            "work_order_operation_id": "id",
            "work_order_id": "production_id",
            "operation_id": "operation_id",
            "work_center_id": "workcenter_id",
            "name": "name",
            "status": "state",
        },
        reads={
            "planned_start_at": "coalesce({t.date_planned_start,} t.date_start)",
            "sequence": never_negative("t.sequence"),
            "planned_minutes": never_negative(decimal("t.duration_expected")),
            "actual_minutes": never_negative(decimal("t.duration")),
            "produced_quantity": in_base_units("t.qty_produced"),
            "started_at": "case when t.state in ('progress', 'done') then t.date_start end",
            "finished_at": "case when t.state = 'done' then t.date_finished end",
        },
        words={"status": OPERATION_STATES},
        company="ordered.company_id::text",
    ),
    mapping(
        "scrap",
        "stock_scrap",
        joins=with_units("t.product_uom_id"),
        plain={
            "scrap_id": "id",
            "product_id": "product_id",
            "work_order_id": "production_id",
            "status": "state",
            "scrapped_at": "date_done",
        },
        reads={
            "site_id": site("t.location_id"),
            "quantity": in_base_units("t.scrap_qty"),
            "reason": f"""(
                select string_agg({named("tag.name")}, ', ' order by tag.id)
                from stock_scrap_stock_scrap_reason_tag_rel tagged
                join stock_scrap_reason_tag tag on tag.id = tagged.stock_scrap_reason_tag_id
                where tagged.stock_scrap_id = t.id)""",
        },
    ),
)

LEDGER = "t.account_id is not null and coalesce(t.display_type, '') not in ('line_section', 'line_note')"
VALUATION = """
    select agreed.value from product_category grouped
    cross join lateral jsonb_each_text(grouped.property_stock_valuation_account_id) agreed
    union all
    select preset.json_value from ir_default preset join ir_model_fields kept on kept.id = preset.field_id
    where kept.model = 'product.category' and kept.name = 'property_stock_valuation_account_id'
"""
EARLIER_VALUATION = """select prop.value_reference from ir_property prop
    where prop.name = 'property_stock_valuation_account_id' and prop.value_reference is not null"""
MONEY_SUBJECTS = (
    mapping(
        "ledger_accounts",
        "account_account",
        plain={"ledger_account_id": "id"},
        reads={
            "code": "coalesce({(select numbered.value from jsonb_each_text(t.code_store) numbered"
            " order by length(numbered.key), numbered.key limit 1),} {t.code,} null)",
            "name": named_or_plain("t.name"),
            "kind": f"case when t.account_type = 'asset_current' and (false {{or t.id::text in ({VALUATION})}}"
            f" {{or 'account.account,' || t.id in ({EARLIER_VALUATION})}}) then 'inventory' else t.account_type end",
            "is_active": "coalesce(not t.deprecated, true)",
        },
        words={"kind": ACCOUNT_KINDS},
        company=f"""coalesce({{(
            select min(kept.res_company_id)::text from account_account_res_company_rel kept
            where kept.account_account_id = t.id having count(*) = 1),}} {{t.company_id::text,}} '{SHARED}')""",
    ),
    mapping(
        "ledger_entries",
        "account_move_line",
        joins="""
            join account_move document on document.id = t.move_id
            left join account_account account on account.id = t.account_id
        """,
        where=LEDGER,
        left_out="headings and notes, which have no account",
        plain={
            "ledger_entry_id": "id",
            "ledger_account_id": "account_id",
            "posted_on": "date",
            "status": "parent_state",
            "product_id": "product_id",
            "description": "name",
        },
        reads={
            "document_number": "nullif(coalesce(t.move_name, document.name), '/')",
            "debit": "coalesce(t.debit, 0)",
            "credit": "coalesce(t.credit, 0)",
            "currency": company_currency(),
            "foreign_amount": "case when t.currency_id <> t.company_currency_id then t.amount_currency end",
            "foreign_currency": "case when t.currency_id <> t.company_currency_id"
            f" then {currency('t.currency_id')} end",
            "customer_id": "case when document.move_type like 'out_%' or account.account_type = 'asset_receivable'"
            f" then {customer('t.partner_id')} end",
            "supplier_id": "case when document.move_type like 'in_%' or account.account_type = 'liability_payable'"
            f" then {supplier('t.partner_id')} end",
        },
        words={"status": DOCUMENT_STATES},
    ),
    mapping(
        "supplier_bills",
        "account_move",
        where="t.move_type in ('in_invoice', 'in_refund', 'in_receipt')",
        left_out="invoices to customers and other ledger documents",
        plain={
            "supplier_bill_id": "id",
            "kind": "move_type",
            "status": "state",
            "billed_on": "invoice_date",
            "due_on": "invoice_date_due",
        },
        reads={
            "payment_status": "case when t.payment_state <> 'invoicing_legacy' then t.payment_state end",
            "number": "nullif(t.name, '/')",
            "supplier_id": commercial("t.partner_id"),
            "purchase_order_id": """(
                select min(bought.order_id) from account_move_line entry
                join purchase_order_line bought on bought.id = entry.purchase_line_id
                where entry.move_id = t.id having count(distinct bought.order_id) = 1)""",
            "currency": currency("t.currency_id"),
            "amount_untaxed": signed("t.amount_untaxed"),
            "amount_tax": signed("t.amount_tax"),
            "amount_total": signed("t.amount_total"),
            "amount_open": signed("t.amount_residual"),
        },
        words={"kind": DOCUMENT_KINDS, "status": DOCUMENT_STATES, "payment_status": PAID_STATES},
    ),
    mapping(
        "supplier_bill_lines",
        "account_move_line",
        joins="join account_move document on document.id = t.move_id" + with_units("t.product_uom_id"),
        where="t.display_type = 'product' and document.move_type in ('in_invoice', 'in_refund', 'in_receipt')",
        left_out="headings, notes, taxes and payment terms of bills, and all other documents",
        plain={
            "supplier_bill_line_id": "id",
            "supplier_bill_id": "move_id",
            "product_id": "product_id",
            "description": "name",
        },
        reads={
            "purchase_order_line_id": purchase_line("t.purchase_line_id"),
            "quantity": signed(f"({in_base_units('t.quantity')})", "document"),
            "unit_price": per_base_unit("t.price_unit"),
            "amount_untaxed": signed("t.price_subtotal", "document"),
            "currency": currency("coalesce(t.currency_id, document.currency_id)"),
        },
        company="coalesce(t.company_id, document.company_id)::text",
    ),
)

PEOPLE_SUBJECTS = (
    mapping(
        "time_entries",
        "hr_attendance",
        key="key",
        joins="join hr_employee worker on worker.id = t.employee_id",
        plain={
            "time_entry_id": "key",
            "employee_id": "employee_id",
            "started_at": "check_in",
            "ended_at": "check_out",
        },
        reads={
            "key": "'attendance/' || t.id",
            "kind": "'attendance'",
            "worked_on": day("t.check_in", "worker.company_id"),
            "hours": decimal("t.worked_hours"),
        },
        company=f"coalesce(worker.company_id::text, '{SHARED}')",
    ),
    mapping(
        "time_entries",
        "account_analytic_line",
        key="key",
        where="t.project_id is not null",
        left_out="analytic postings that are no booked time",
        plain={
            "time_entry_id": "key",
            "employee_id": "employee_id",
            "worked_on": "date",
            "description": "name",
        },
        reads={
            "key": "'timesheet/' || t.id",
            "kind": "'timesheet'",
            "hours": f"""coalesce((
                select round(t.unit_amount::numeric * hour.factor / nullif(own.factor, 0), 6)
                from uom_uom own join uom_uom hour on hour.category_id = own.category_id
                join ir_model_data named on named.res_id = hour.id and named.model = 'uom.uom'
                    and named.module = 'uom' and named.name = 'product_uom_hour'
                where own.id = t.product_uom_id and own.id <> hour.id), {decimal("t.unit_amount")})""",
            "project": f"(select {named('work.name')} from project_project work where work.id = t.project_id)",
            "sales_order_line_id": sale_line("t.so_line"),
        },
    ),
    mapping(
        "absences",
        "hr_leave",
        joins="join hr_employee worker on worker.id = t.employee_id",
        plain={
            "absence_id": "id",
            "employee_id": "employee_id",
            "status": "state",
        },
        reads={
            "kind": f"(select {named('sort.name')} from hr_leave_type sort where sort.id = t.holiday_status_id)",
            "starts_on": f"coalesce({{t.request_date_from,}} {day('t.date_from', 'worker.company_id')})",
            "ends_on": f"coalesce({{t.request_date_to,}} {day('t.date_to', 'worker.company_id')})",
            "days": days(decimal("t.number_of_days")),
        },
        words={"status": ABSENCE_STATES},
        company=f"coalesce(worker.company_id::text, '{SHARED}')",
    ),
)

ENTERED = "least(t.create_date, {0})"
CRM_SUBJECTS = (
    mapping(
        "campaigns",
        "utm_campaign",
        plain={"campaign_id": "id"},
        reads={
            "name": f"coalesce({named('t.title')}, t.name)",
            "channel": """(
                select case min(sent.mailing_type) when 'mail' then 'mail' when 'sms' then 'sms' end
                from mailing_mailing sent
                where sent.campaign_id = t.id having count(distinct sent.mailing_type) = 1)""",
            "status": f"(select {named('step.name')} from utm_stage step where step.id = t.stage_id)",
            "starts_on": "(select min((sent.sent_date at time zone 'UTC')::date) from mailing_mailing sent"
            " where sent.campaign_id = t.id)",
            "is_active": "coalesce({t.active,} true)",
        },
        company=f"coalesce({{t.company_id::text,}} '{SHARED}')",
    ),
    mapping(
        "leads",
        "crm_lead",
        where="t.type = 'lead'",
        left_out="opportunities, which are a table of their own",
        plain={
            "lead_id": "id",
            "name": "name",
            "company_name": "partner_name",
            "contact_name": "contact_name",
            "campaign_id": "campaign_id",
        },
        reads={
            "customer_id": commercial("t.partner_id"),
            "email": "coalesce(t.email_normalized, t.email_from)",
            "phone": "coalesce(t.phone, t.mobile)",
            "country": country("t.country_id"),
            "status": f"case when {LOST} then 'lost' else 'open' end",
            "origin": "(select told.name from utm_source told where told.id = t.source_id)",
            "owner_id": employee("t.user_id"),
            "score": share("t.probability"),
            "created_at": ENTERED.format("t.date_closed"),
            "closed_at": f"case when {LOST} then t.date_closed end",
        },
        assumes={"status": "a lead that became an opportunity is that opportunity: Odoo keeps one record of both"},
    ),
    mapping(
        "opportunities",
        "crm_lead",
        joins="left join crm_stage step on step.id = t.stage_id",
        where="t.type = 'opportunity'",
        left_out="leads, which are a table of their own",
        watermark="greatest(t.write_date, step.write_date)",
        plain={
            "opportunity_id": "id",
            "name": "name",
            "expected_amount": "expected_revenue",
            "expected_close_on": "date_deadline",
            "campaign_id": "campaign_id",
        },
        reads={
            "customer_id": commercial("t.partner_id"),
            "status": f"case when {LOST} then 'lost' when step.is_won then 'won' else 'open' end",
            "stage": named("step.name"),
            "stage_order": never_negative("step.sequence"),
            "currency": company_currency(),
            "probability": share("t.probability"),
            "created_at": ENTERED.format("t.date_closed"),
            "closed_at": f"case when {LOST} or step.is_won then t.date_closed end",
            "owner_id": employee("t.user_id"),
            "team": f"(select {named('crew.name')} from crm_team crew where crew.id = t.team_id)",
            "origin": "(select told.name from utm_source told where told.id = t.source_id)",
            "email": "case when t.partner_id is null then coalesce(t.email_normalized, t.email_from) end",
            "country": country("t.country_id"),
            "lost_reason": f"(select {named('why.name')} from crm_lost_reason why where why.id = t.lost_reason_id)",
        },
    ),
    mapping(
        "opportunity_stage_changes",
        "mail_tracking_value",
        joins="""
            join mail_message message on message.id = t.mail_message_id and message.model = 'crm.lead'
            join ir_model_fields changed on changed.id = {t.field_id} {t.field}
                and changed.model = 'crm.lead' and changed.name = 'stage_id'
            join crm_lead deal on deal.id = message.res_id and deal.type = 'opportunity'
        """,
        left_out="changes of anything but the stage of an opportunity",
        plain={
            "opportunity_stage_change_id": "id",
            "from_stage": "old_value_char",
            "to_stage": "new_value_char",
        },
        reads={"opportunity_id": "deal.id", "changed_at": "message.date"},
        company=f"coalesce(deal.company_id::text, '{SHARED}')",
    ),
    mapping(
        "tickets",
        "project_task",
        where=IS_TICKET.format("t"),
        left_out="tasks that name no customer",
        plain={"ticket_id": "id", "subject": "name", "body": plain_text("description")},
        reads={
            "number": "t.id::text",
            "customer_id": commercial("t.partner_id"),
            "opened_at": ENTERED.format("t.date_end"),
            "first_response_at": """(
                select min(answer.date) from mail_message answer
                join res_partner party on party.id = answer.author_id and not coalesce(party.partner_share, true)
                where answer.model = 'project.task' and answer.res_id = t.id and answer.date >= t.create_date
                    and answer.message_type in ('comment', 'email') and answer.is_internal is not true)""",
            "closed_at": f"case when {TASK_STATE} in ('1_done', '1_canceled') then t.date_end end",
            "priority": "t.priority",
            "status": TASK_STATE,
            "sales_order_id": "t.sale_order_id",
            "owner_id": employee("""(
                select min(assigned.user_id) from project_task_user_rel assigned where assigned.task_id = t.id)"""),
        },
        words={"priority": {"0": "normal", "1": "high"}, "status": TASK_STATES},
        assumes={"ticket_id": "every task with a customer: the Community edition has no helpdesk"},
    ),
    mapping(
        "campaign_members",
        "mailing_trace",
        joins=ADDRESSED,
        where="addressed.first_id = t.id",
        left_out="further messages to somebody whom the campaign (or mailing) has addressed already",
        plain={"campaign_member_id": "id", "email": "email"},
        reads={
            "campaign_id": CAMPAIGN,
            "customer_id": customer(RECIPIENT),
            "contact_id": contact(RECIPIENT),
            "lead_id": "{case when t.model = 'crm.lead' then"
            " (select asked.id from crm_lead asked where asked.id = t.res_id and asked.type = 'lead') end}",
            "added_at": "coalesce(t.sent_datetime, t.create_date)",
        },
        company=f"coalesce({CAMPAIGN_COMPANY} '{SHARED}')",
    ),
    mapping(
        "campaign_responses",
        "mailing_trace",
        key="key",
        part_of="id",
        joins=ADDRESSED
        + """
            cross join lateral (values
                ('sent', t.sent_datetime, t.sent_datetime is not null),
                ('opened', t.open_datetime, t.open_datetime is not null or t.trace_status = 'open'),
                ('clicked', t.links_click_datetime, t.links_click_datetime is not null),
                ('replied', t.reply_datetime, t.reply_datetime is not null or t.trace_status = 'reply'),
                ('bounced', null, t.trace_status = 'bounce'),
                ('failed', null, t.trace_status = 'error')) happened (kind, moment, is_so)
        """,
        where="happened.is_so",
        left_out="messages that were not sent",
        plain={"campaign_response_id": "key"},
        reads={
            "key": "t.id || '/' || happened.kind",
            "kind": "happened.kind",
            "campaign_id": CAMPAIGN,
            "campaign_member_id": "addressed.first_id",
            "customer_id": customer(RECIPIENT),
            "responded_at": "happened.moment",
        },
        company=f"coalesce({CAMPAIGN_COMPANY} '{SHARED}')",
    ),
    mapping(
        "interactions",
        "mail_message",
        joins="""
            left join res_partner author on author.id = t.author_id
            left join mail_message_subtype sort on sort.id = t.subtype_id
        """,
        where=f"t.message_type in ('email', 'email_outgoing', 'comment', 'sms') and ({CUSTOMER_FACING})",
        left_out="notifications, automatic comments, and messages about anything but customers' records",
        plain={"interaction_id": "id", "occurred_at": "date", "body": plain_text("body")},
        reads={
            "subject": "left(t.subject, 1000)",
            "customer_id": f"coalesce({customer(ABOUT)}, {customer('t.author_id')})",
            "contact_id": contact("t.author_id"),
            "employee_id": "(select worker.id from hr_employee worker where worker.work_contact_id = t.author_id"
            " order by worker.active desc, worker.id limit 1)",
            "opportunity_id": "case when t.model = 'crm.lead' then (select deal.id from crm_lead deal"
            " where deal.id = t.res_id and deal.type = 'opportunity') end",
            "lead_id": "case when t.model = 'crm.lead' then (select deal.id from crm_lead deal"
            " where deal.id = t.res_id and deal.type = 'lead') end",
            "ticket_id": "case when t.model = 'project.task' then (select task.id from project_task task"
            f" where task.id = t.res_id and {IS_TICKET.format('task')}) end",
            "sales_order_id": "case when t.model = 'sale.order' then (select placed.id from sale_order placed"
            " where placed.id = t.res_id) end",
            "channel": f"case when {INTERNAL} then 'note' when t.message_type = 'sms' then 'sms' else 'mail' end",
            "direction": f"case when {INTERNAL} then 'internal'"
            " when author.partner_share is false then 'out' else 'in' end",
        },
        company=f"coalesce({{t.record_company_id::text,}} '{SHARED}')",
    ),
    mapping(
        "feedback",
        "rating_rating",
        where="t.consumed",
        left_out="ratings that were asked for and not given",
        plain={"feedback_id": "id", "given_at": "write_date", "text": "feedback"},
        reads={
            "kind": "'survey'",
            "customer_id": customer("t.partner_id"),
            "ticket_id": "case when t.res_model = 'project.task' then (select task.id from project_task task"
            f" where task.id = t.res_id and {IS_TICKET.format('task')}) end",
            "sales_order_id": "case when t.res_model = 'sale.order' then (select placed.id from sale_order placed"
            " where placed.id = t.res_id) end",
            "score": decimal("t.rating"),
            "lowest_score": "0",
            "highest_score": "5",
        },
        company=f"'{SHARED}'",
    ),
    mapping(
        "consents",
        "mail_blacklist",
        plain={"consent_id": "id", "email": "email", "decided_at": "write_date"},
        reads={
            "customer_id": f"""(
                select min(known.id) from res_partner known where known.email_normalized = lower(t.email)
                    and known.id in ({CUSTOMERS}) having count(*) = 1)""",
            "contact_id": f"""(
                select min(known.id) from res_partner known where known.email_normalized = lower(t.email)
                    and {is_contact("known")} having count(*) = 1)""",
            "purpose": "'marketing'",
            "is_granted": "not coalesce(t.active, true)",
            "channel": "'mail'",
        },
        company=f"'{SHARED}'",
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
    *PEOPLE_SUBJECTS,
    *CRM_SUBJECTS,
)


def read(url: str, since: str | None = None) -> Reading:
    """What an Odoo holds now; with the watermark of an earlier reading, big tables bring only what changed since."""
    reading = read_database(url, ODOO, changes=None if since is None else Changes(since=since))
    return replace(reading, rewinds_stock=True)


def read_backup(path: Path) -> Reading:
    """The same of a backup: the ZIP of Odoo's database manager, or a plain dump of its database."""
    with restored(path, ODOO.tables) as database:
        return replace(read_from(database, ODOO), rewinds_stock=True)


def probe(database: Database) -> None:
    """Refuses what is no Odoo of these versions, and makes the time zones of the companies known to the transaction."""
    if not {"ir_module_module", "res_company", "res_partner"} <= set(database.columns):
        sentence = "{place} is not an Odoo: its tables ir_module_module and res_company are not there."
        raise database.refusal("not_this_system", sentence)
    version = database.rows(_VERSION)
    found = None if version.is_empty() else version.item(0, 0)
    if found is None or found.partition(".")[0] not in SUPPORTED:
        raise database.refusal("version", f"{{place}} is {_told(found)}; Tandem reads Odoo {_READ}.")
    database.remember(_ZONES)


_READ = f"{', '.join(SUPPORTED[:-1])} and {SUPPORTED[-1]}"


def _told(version: str | None) -> str:
    return f"Odoo {'.'.join(version.split('.')[:2])}" if version else "an Odoo whose installation is not finished"


_VERSION = "select base.latest_version from ir_module_module base where base.name = 'base' and base.state = 'installed'"
_ZONES = """
    select 'tandem.zone_' || books.id as name, zone.name as value
    from res_company books join res_partner party on party.id = books.partner_id
    join pg_timezone_names zone on zone.name = party.tz
"""
ODOO = System(name="odoo", mappings=MAPPINGS, probe=probe, essential=ESSENTIAL, signs=("ir_module_module",))

__all__ = ["MAPPINGS", "ODOO", "SourceRefused", "mapping", "plain_text", "read", "read_backup"]
