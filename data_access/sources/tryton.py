"""Tryton 8 on PostgreSQL: where each unified table comes from. docs/sources/tryton.md says the same in words.

Tryton's quirks are functions that give SQL over a row ``t``; parts in braces belong to modules that may be absent (see
``data_access.extract``). Quantities are brought into the product's own unit. References to rows of several tables
are text in Tryton, as ``sale.line,12``.
"""

from dataclasses import replace
from pathlib import Path

from data_access.declared import mapping, never_negative
from data_access.dumps import restored
from data_access.extract import Database, System, read_database, read_from
from data_access.mapping import SHARED, Mapping, Reading

ESSENTIAL = ("company_company", "currency_currency", "party_party")
COMPANY = f"coalesce(t.company::text, '{SHARED}')"
MAIN_COMPANY = "(select min(main.id) from company_company main)"

ORDER_STATES = {"quotation": "quoted", "processing": "confirmed"}
SHIPMENT_STATES = {
    "waiting": "planned",
    "assigned": "ready",
    "picked": "ready",
    "packed": "ready",
    "shipped": "done",
    "received": "done",
}
MOVE_STATES = {"staging": "draft", "draft": "planned", "assigned": "ready"}
PRODUCTION_STATES = {"request": "draft", "waiting": "confirmed", "assigned": "confirmed", "running": "confirmed"}
WORK_STATES = {
    "request": "planned",
    "draft": "planned",
    "waiting": "planned",
    "running": "started",
    "finished": "done",
}
INVOICE_STATES = {"validated": "draft", "paid": "posted"}


def code(key: str) -> str:
    """The ISO 4217 code of a currency's id."""
    return f"(select money.code from currency_currency money where money.id = {key})"


def company_currency(company: str = "t.company") -> str:
    """The currency of a company's books; that of the first company for what all companies share."""
    return (
        "(select money.code from company_company books join currency_currency money on money.id = books.currency"
        f" where books.id = coalesce({company}, {MAIN_COMPANY}))"
    )


def reference(column: str, model: str) -> str:
    """The id in a reference to a row of a model; null where it refers to something else."""
    return f"case when {column} like '{model},%' then nullif(split_part({column}, ',', 2), '')::int end"


def midnight(day: str) -> str:
    """The instant at which a day begins, in UTC: Tryton keeps days, not hours, of orders and movements."""
    return f"({day})::timestamp"


def in_days(span: str) -> str:
    """An interval in days; null where it is negative or above ten years."""
    spent = f"extract(epoch from {span})::numeric / 86400"
    return f"case when {spent} between 0 and 3650 then round({spent}, 2) end"


def size(unit: str) -> str:
    """How many reference units make one of a unit: by its factor or its rate, whichever Tryton keeps exactly."""
    return f"case when {unit}.factor > 1 then {unit}.factor else 1 / nullif({unit}.rate, 0) end"


def with_units(unit: str, product: str = "t.product") -> str:
    """Joins a row's unit (``own``) and its product's (``base``), for `in_base_units`."""
    return f"""
        left join product_product item on item.id = {product}
        left join product_template model on model.id = item.template
        left join product_uom base on base.id = model.default_uom
        left join product_uom own on own.id = {unit}
    """


def in_base_units(quantity: str) -> str:
    """A quantity in the product's unit; as it is where it has no other unit of the same category. None is zero."""
    return (
        "case when own.id <> base.id and own.category = base.category"
        f" then round((coalesce({quantity}, 0) * ({size('own')}) / nullif({size('base')}, 0))::numeric, 6)"
        f" else coalesce({quantity}, 0)::numeric end"
    )


def per_base_unit(price: str) -> str:
    """A price of one of the row's unit as the price of one of the product's unit; null where it is negative."""
    converted = (
        "case when own.id <> base.id and own.category = base.category"
        f" then round({price}::numeric * (({size('base')}) / nullif({size('own')}, 0))::numeric, 6)"
        f" else {price}::numeric end"
    )
    return f"case when {price} >= 0 then {converted} end"


def rounded(amount: str, money: str = "money") -> str:
    """An amount in whole steps of its currency, halves to the even one, as Tryton rounds the amounts of lines."""
    steps = f"round({amount} / nullif({money}.rounding, 0), 8)"
    whole = f"case when abs({steps} - trunc({steps})) = 0.5 then 2 * round({steps} / 2) else round({steps}) end"
    return f"coalesce({whole} * {money}.rounding, round({amount}, 6))"


def worth(line: str) -> str:
    """What a line is worth: Tryton does not store it."""
    return f"coalesce({line}.quantity, 0)::numeric * coalesce({line}.unit_price, 0)"


def with_sum(lines: str, column: str, documents: str) -> str:
    """Joins what the lines of each document are worth, as ``summed.amount``; Tryton keeps none of drafts."""
    return f"""
        left join (
            select line.{column} as document, sum({rounded(worth("line"), "coin")}) as amount
            from {lines} line join {documents} held on held.id = line.{column}
            join currency_currency coin on coin.id = held.currency
            where line.type = 'line' group by line.{column}) summed on summed.document = t.id
    """


def partners(*uses: str) -> str:
    """The parties that are used in a certain way, after mergers: every part is optional, as modules are."""
    kept = "coalesce(party.replaced_by, party.id)"
    return "select 0 as party " + " ".join(f"{{union all select {kept} {use}}}" for use in uses)


def _used(table: str, column: str = "party", where: str = "") -> str:
    return f"from {table} used join party_party party on party.id = used.{column} {where}"


CUSTOMERS = partners(
    _used("sale_sale"),
    _used("sale_opportunity"),
    _used("account_invoice", where="where used.type = 'out'"),
    _used("stock_shipment_out", "customer"),
    _used("stock_shipment_out_return", "customer"),
)
SUPPLIERS = partners(
    _used("purchase_purchase"),
    _used("purchase_product_supplier"),
    _used("account_invoice", where="where used.type = 'in'"),
    _used("stock_shipment_in", "supplier"),
    _used("stock_shipment_in_return", "supplier"),
)


def party(key: str) -> str:
    """A party's id; that of the one that it was merged into, if it was."""
    return f"(select coalesce(party.replaced_by, party.id) from party_party party where party.id = {key})"


def customer(key: str) -> str:
    """A party that is a customer; null where it is none."""
    return f"case when {party(key)} in ({CUSTOMERS}) then {party(key)} end"


def supplier(key: str) -> str:
    """A party that is a supplier; null where it is none."""
    return f"case when {party(key)} in ({SUPPLIERS}) then {party(key)} end"


def reached(*kinds: str, of: str = "t.id") -> str:
    """The first means of contact of some kinds that a party has."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return f"""(
        select nullif(means.value, '') from party_contact_mechanism means
        where means.party = {of} and means.type in ({listed}) and means.active is not false
        order by means.sequence nulls last, means.id limit 1)"""


def address(column: str) -> str:
    """What the first active address of a party says."""
    return f"""(
        select {column} from party_address home left join country_country land on land.id = home.country
        where home.party = t.id order by home.active desc, home.sequence nulls last, home.id limit 1)"""


IN_TRANSIT = (
    "(select known.db_id from ir_model_data known where known.fs_id = 'location_transit'"
    " and known.model = 'stock.location')"
)
SITES = """
    select place.id from stock_location place
    where place.type in ('warehouse', 'storage', 'rental') or place.type = 'view' and exists (
        select 1 from stock_location whole
        where whole.type = 'warehouse' and place."left" > whole."left" and place."right" < whole."right")
"""
WASTE = "select wasted.location from stock_location_waste wasted"


def site(location: str) -> str:
    """A location of our own; null for those of customers, suppliers, losses and production."""
    return f"case when {location} in ({SITES}) then {location} end"


def place(location: str) -> str:
    """Which kind of place a location is; what is lost or found is an adjustment, except where waste goes."""
    return (
        f"case when {location}.id in ({WASTE}) then 'scrap' when {location}.id in {IN_TRANSIT} then 'transit'"
        f" else case {location}.type when 'customer' then 'customer' when 'supplier' then 'supplier'"
        " when 'production' then 'production' when 'lost_found' then 'adjustment' when 'drop' then 'transit'"
        " else 'internal' end end"
    )


MOVE_KIND = f"""case
    when goal.id in ({WASTE}) then 'scrap'
    when 'lost_found' in (origin.type, goal.type) then 'adjustment'
    when 'drop' in (origin.type, goal.type) or (origin.type, goal.type) = ('supplier', 'customer') then 'dropship'
    when goal.type = 'customer' then 'delivery'
    when origin.type = 'customer' then 'customer_return'
    when origin.type = 'supplier' then 'receipt'
    when goal.type = 'supplier' then 'supplier_return'
    when goal.type = 'production' then 'consumption'
    when origin.type = 'production' then 'production'
    else 'transfer' end"""
MOVED = """
    join stock_location origin on origin.id = t.from_location
    join stock_location goal on goal.id = t.to_location
"""
MOVE_QUANTITY = f"coalesce(t.internal_quantity::numeric, {in_base_units('t.quantity')})"


def moves_of(model: str, end: str) -> str:
    """Joins what moved for each line of a model: ``end`` is the type of location of its other party.

    ``moved.quantity`` is what was done, in the product's unit, less what came back; days are those of all that counts.
    """
    sign = f"case when goal.type = '{end}' then 1 else -1 end"
    toward = sign if end == "customer" else f"-1 * {sign}"
    return f"""
        left join (
            select handled.origin,
                sum(case when handled.state = 'done' then {toward} * handled.internal_quantity else 0 end) as quantity,
                max(handled.planned_date) as planned_on, max(handled.origin_planned_date) as first_on,
                max(handled.effective_date) as done_on, bool_and(handled.state = 'done') as is_done
            from stock_move handled
            join stock_location origin on origin.id = handled.from_location
            join stock_location goal on goal.id = handled.to_location
            where handled.origin like '{model},%' and handled.state <> 'cancelled'
                and '{end}' in (origin.type, goal.type)
            group by handled.origin) moved on moved.origin = '{model},' || t.id
    """


def planned(line: str, order: str, model: str) -> str:
    """Joins the latest days that the movements of an order are, and first were, planned for, as ``moved``."""
    return f"""
        left join (
            select line.{order} as id,
                max(handled.planned_date) as planned_on, max(handled.origin_planned_date) as first_on
            from stock_move handled join {line} line on handled.origin = '{model},' || line.id
            where handled.state <> 'cancelled' group by line.{order}) moved on moved.id = t.id
    """


def serving(shipment: str, line: str, order: str, model: str) -> str:
    """Joins the order that all movements of a shipment are for, as ``served.only``; nothing where there are several."""
    return f"""
        left join (
            select handled.shipment, min(line.{order}) as only
            from stock_move handled join {line} line on handled.origin = '{model},' || line.id
            where handled.shipment like '{shipment},%'
            group by handled.shipment having count(distinct line.{order}) = 1) served
            on served.shipment = '{shipment},' || t.id
    """


def billed_of(model: str) -> str:
    """Joins what was invoiced for each line of a model, in the unit of the invoice's line: the line's own unit."""
    return f"""
        left join (
            select entry.origin, sum(entry.quantity) as quantity
            from account_invoice_line entry join account_invoice document on document.id = entry.invoice
            where entry.origin like '{model},%' and entry.type = 'line' and document.state <> 'cancelled'
            group by entry.origin) billed on billed.origin = '{model},' || t.id
    """


SOLD = "(select sold.{0} from sale_line sold where sold.type = 'line' and sold.id = " + (
    reference("t.origin", "sale.line") + ")"
)
BOUGHT = "(select bought.id from purchase_line bought where bought.type = 'line' and bought.id = " + (
    reference("t.origin", "purchase.line") + ")"
)
IS_GOODS = "model.type in ('goods', 'assets')"
SHARED_SUBJECTS = (
    mapping(
        "companies",
        "company_company",
        plain={"company_id": "id"},
        reads={
            "name": "(select coalesce(party.name, party.code, 'Company ' || t.id)"
            " from party_party party where party.id = t.party)",
            "currency": code("t.currency"),
            "country": """(
                select land.code from party_address home join country_country land on land.id = home.country
                where home.party = t.party order by home.active desc, home.sequence nulls last, home.id limit 1)""",
            "is_active": "true",
        },
        company="t.id::text",
    ),
    mapping(
        "currencies",
        "currency_currency",
        plain={"currency_id": "id", "currency": "code", "name": "name", "decimal_places": "digits"},
        reads={"is_active": "coalesce(t.active, false)"},
        company=f"'{SHARED}'",
    ),
    mapping(
        "exchange_rates",
        "currency_currency_rate",
        key="key",
        part_of="id",
        joins="cross join (select distinct books.currency from company_company books) own",
        where="t.rate > 0",
        left_out="rates of zero",
        plain={"exchange_rate_id": "key"},
        reads={
            "key": f"t.id || case when own.currency = (select main.currency from company_company main"
            f" where main.id = {MAIN_COMPANY}) then '' else '/' || {code('own.currency')} end",
            "currency": code("t.currency"),
            "base_currency": code("own.currency"),
            "valid_from_on": "greatest(t.date, date '1980-01-01')",
            "rate": """round(t.rate / coalesce((
                select paid.rate from currency_currency_rate paid
                where paid.currency = own.currency and paid.date <= t.date and paid.rate > 0
                order by paid.date desc limit 1), 1), 12)""",
        },
        company=f"'{SHARED}'",
        assumes={
            "rate": "Tryton's rates are relative to one currency of rate 1; they are brought to each company's own",
            "valid_from_on": "a rate that holds since ever (the year 1) holds since 1980",
        },
    ),
    mapping(
        "units",
        "product_uom",
        joins="left join product_uom_category kind on kind.id = t.category",
        plain={"unit_id": "id", "name": "name"},
        reads={
            "category": "kind.name",
            "reference_quantity": f"round(({size('t')})::numeric, 6)",
            "is_active": "coalesce(t.active, true)",
        },
        company=f"'{SHARED}'",
    ),
    mapping(
        "sites",
        "stock_location",
        joins="""
            left join lateral (
                select house.id, house.address from stock_location house
                where house.type = 'warehouse' and house."left" <= t."left" and house."right" >= t."right"
                order by house."left" desc limit 1) main on true
            left join party_address home on home.id = main.address
            left join country_country land on land.id = home.country
        """,
        where=f"t.id in ({SITES})",
        left_out="locations of customers, suppliers, losses, production, drop shipping, and groups outside a warehouse",
        plain={"site_id": "id", "code": "code"},
        reads={
            "name": "coalesce(t.name, t.code, 'Location ' || t.id)",
            "kind": f"case when t.type = 'warehouse' then 'warehouse' when t.type = 'view' then 'area'"
            f" when t.id in {IN_TRANSIT} then 'transit' else 'location' end",
            "parent_site_id": site("t.parent"),
            "main_site_id": "main.id",
            "country": "land.code",
            "region": "land.code",
            "is_active": "coalesce(t.active, true)",
        },
        company=f"'{SHARED}'",
        assumes={"region": "the country"},
    ),
)

LIST_PRICE = f"""(
    select asked.list_price from product_list_price asked
    where (asked.product = t.id or asked.product is null and asked.template = model.id)
        and asked.company = {MAIN_COMPANY}
    order by asked.product nulls last, asked.id limit 1)"""
PRODUCT_SUBJECTS = (
    mapping(
        "product_categories",
        "product_category",
        joins="""
            left join product_category above on above.id = t.parent
            left join product_category top on top.id = above.parent
        """,
        where="t.accounting is not true",
        left_out="categories of accounting, which share the table",
        plain={"category_id": "id", "name": "name", "parent_category_id": "parent"},
        reads={"path": "concat_ws(' / ', top.name, above.name, t.name)"},
        company=f"'{SHARED}'",
        assumes={"path": "the names of three levels at most"},
    ),
    mapping(
        "products",
        "product_product",
        joins="""
            join product_template model on model.id = t.template
            left join product_uom base on base.id = model.default_uom
        """,
        plain={"product_id": "id", "product_group_id": "template"},
        reads={
            "sku": "nullif(t.code, '')",
            "barcode": "(select worn.code from product_identifier worn where worn.product = t.id"
            " and worn.type in ('ean', 'ean13', 'gtin', 'upc') order by worn.sequence nulls last, worn.id limit 1)",
            "name": "coalesce(nullif(model.name, ''), nullif(t.code, ''), 'Product ' || t.id)",
            "name_zh": """(
                select nullif(spoken.value, '') from ir_translation spoken
                where spoken.name = 'product.template,name' and spoken.res_id = model.id and spoken.lang like 'zh%'
                order by spoken.lang limit 1)""",
            "category_id": """(
                select min(listed.category) from "product_template-product_category" listed
                join product_category category on category.id = listed.category and category.accounting is not true
                where listed.template = model.id)""",
            "kind": f"case when model.type = 'kit' then 'kit' when not {IS_GOODS} then 'service'"
            " when model.consumable then 'consumable' else 'storable' end",
            "unit": "base.name",
            "cost": "(select kept.cost_price from product_cost_price kept where kept.product = t.id"
            f" and kept.company = {MAIN_COMPANY} and kept.cost_price >= 0 order by kept.id limit 1)",
            "list_price": never_negative(LIST_PRICE),
            "currency": company_currency("null"),
            "is_sold": "coalesce({model.salable,} false)",
            "is_purchased": "coalesce({model.purchasable,} false)",
            "created_on": "t.create_date::date",
            "is_active": "coalesce(t.active, true) and coalesce(model.active, true) {and t.replaced_by is null}",
        },
        company=f"'{SHARED}'",
        assumes={
            "category_id": "the category that was made first, where a product has several",
            "cost": "that of the first company; product_costs has each company's own",
            "list_price": "that of the first company, without taxes",
        },
    ),
    mapping(
        "product_costs",
        "product_cost_price",
        where="t.product is not null and t.cost_price >= 0",
        left_out="prices of no product; a cost that is unknown or negative",
        plain={"product_cost_id": "id", "product_id": "product", "cost": "cost_price"},
        reads={"currency": company_currency()},
        company=COMPANY,
    ),
    mapping(
        "boms",
        "production_bom",
        joins="""
            left join lateral (
                select made.product, made.quantity, made.unit from production_bom_output made
                where made.bom = t.id and made.product is not null
                order by exists (
                    select 1 from "product_product-production_bom" chosen
                    where chosen.bom = t.id and chosen.product = made.product) desc, made.id limit 1) main on true
        """
        + with_units("main.unit", "main.product"),
        plain={"bom_id": "id", "code": "code"},
        reads={
            "product_id": "main.product",
            "kind": "case when t.phantom then 'kit' else 'make' end",
            "quantity": f"coalesce(nullif({in_base_units('main.quantity')}, 0), 1)",
            "lead_time_days": in_days(
                "(select min(planned.lead_time) from production_lead_time planned"
                " where planned.bom = t.id and planned.product = main.product)"
            ),
            "is_active": "coalesce(t.active, true)",
        },
        company=f"'{SHARED}'",
        assumes={
            "product_id": "the product that names the bill as its own; of further outputs only stock movements tell",
            "lead_time_days": "the shortest, where a bill has several",
        },
    ),
    mapping(
        "bom_lines",
        "production_bom_input",
        joins=with_units("t.unit")
        + """
            left join lateral (
                select made.product, made.quantity, made.unit from production_bom_output made
                where made.bom = t.bom and made.product is not null
                order by exists (
                    select 1 from "product_product-production_bom" chosen
                    where chosen.bom = t.bom and chosen.product = made.product) desc, made.id limit 1) main on true
            left join product_product made_item on made_item.id = main.product
            left join product_template made_model on made_model.id = made_item.template
            left join product_uom made_base on made_base.id = made_model.default_uom
            left join product_uom made_own on made_own.id = main.unit
        """,
        where="t.product is not null",
        left_out="inputs that stand for another bill",
        plain={
            "bom_line_id": "id",
            "bom_id": "bom",
            "component_id": "product",
            "source_quantity": "quantity",
        },
        reads={
            "product_id": "main.product",
            "quantity_per": f"""round(({in_base_units("t.quantity")}) / coalesce(nullif(
                case when made_own.id <> made_base.id and made_own.category = made_base.category
                     then (main.quantity * ({size("made_own")}) / nullif({size("made_base")}, 0))::numeric
                     else main.quantity::numeric end, 0), 1), 6)""",
            "source_unit": "own.name",
        },
        company=f"'{SHARED}'",
    ),
    mapping(
        "routings",
        "production_routing",
        plain={"routing_id": "id", "name": "name"},
        reads={
            "bom_id": """(
                select min(used.bom) from "production_routing-production_bom" used
                where used.routing = t.id having count(*) = 1)""",
            "is_active": "coalesce(t.active, true)",
        },
        company=f"'{SHARED}'",
    ),
    mapping(
        "work_centers",
        "production_work_center",
        plain={"work_center_id": "id", "name": "name"},
        reads={
            "site_id": site("t.warehouse"),
            "cost_per_hour": f"case when t.cost_method = 'hour' then {never_negative('t.cost_price')} end",
            "currency": company_currency(),
            "is_active": "coalesce(t.active, true)",
        },
        company=COMPANY,
        assumes={"cost_per_hour": "only a cost by the hour; a cost by the cycle is none"},
    ),
    mapping(
        "operations",
        "production_routing_step",
        joins="join production_routing_operation named on named.id = t.operation",
        plain={"operation_id": "id", "routing_id": "routing"},
        reads={
            "sequence": never_negative("t.sequence"),
            "name": "named.name",
            "is_active": "coalesce(named.active, true)",
        },
        company=f"'{SHARED}'",
    ),
)

PARTY = "coalesce(nullif(t.name, ''), nullif(t.code, ''), 'Party ' || t.id)"
REACHED = {
    "name": PARTY,
    "email": reached("email"),
    "phone": reached("phone", "mobile"),
    "country": address("land.code"),
    "city": address("home.city"),
    "tax_number": "(select worn.code from party_identifier worn where worn.party = t.id and worn.type like '%vat'"
    " order by worn.sequence nulls last, worn.id limit 1)",
    "created_on": "t.create_date::date",
    "is_active": "coalesce(t.active, true)",
}
PARTY_SUBJECTS = (
    mapping(
        "employees",
        "company_employee",
        joins="join party_party person on person.id = t.party",
        plain={"employee_id": "id", "manager_id": "supervisor"},
        reads={
            "name": "coalesce(nullif(person.name, ''), nullif(person.code, ''), 'Employee ' || t.id)",
            "email": reached("email", of="person.id"),
            "is_active": "coalesce(person.active, true) and coalesce(t.end_date >= current_date, true)",
        },
        company=COMPANY,
    ),
    mapping(
        "customers",
        "party_party",
        where=f"t.replaced_by is null and t.id in ({CUSTOMERS})",
        left_out="parties who never ordered, asked, received or were billed, and those merged into others",
        plain={"customer_id": "id", "number": "code"},
        reads=REACHED
        | {
            "region": address("land.code"),
            "segment": """(
                select min(sort.name) from "party_party-party_category" belongs
                join party_category sort on sort.id = belongs.category
                where belongs.party = t.id having count(*) = 1)""",
        },
        company=f"'{SHARED}'",
        assumes={"segment": "the party's category, where it has just one", "region": "the country"},
    ),
    mapping(
        "suppliers",
        "party_party",
        where=f"t.replaced_by is null and t.id in ({SUPPLIERS})",
        left_out="parties of whom nothing was ever bought, and those merged into others",
        plain={"supplier_id": "id", "number": "code"},
        reads=REACHED
        | {
            "currency": "{"
            + code(
                "(select min(agreed.supplier_currency) from party_party_supplier_currency agreed"
                " where agreed.party = t.id)"
            )
            + "}"
        },
        company=f"'{SHARED}'",
    ),
)

SALES_SUBJECTS = (
    mapping(
        "sales_orders",
        "sale_sale",
        joins=with_sum("sale_line", "sale", "sale_sale") + planned("sale_line", "sale", "sale.line"),
        plain={
            "sales_order_id": "id",
            "number": "number",
            "status": "state",
            "amount_tax": "tax_amount_cache",
            "customer_reference": "reference",
        },
        reads={
            "customer_id": party("t.party"),
            "ordered_at": midnight("coalesce(t.sale_date, t.quotation_date, t.create_date::date)"),
            "first_promised_on": "moved.first_on",
            "promised_on": "coalesce(t.shipping_date, moved.planned_on)",
            "site_id": site("t.warehouse"),
            "currency": code("t.currency"),
            "amount_untaxed": "coalesce(t.untaxed_amount_cache, summed.amount, 0)",
            "amount_total": "t.total_amount_cache",
            "salesperson_id": "coalesce({t.quoted_by, t.confirmed_by,} null)",
            "opportunity_id": "coalesce({(select deal.id from sale_opportunity deal where deal.id = "
            + reference("t.origin", "sale.opportunity")
            + "),} null)",
            "campaign_id": "coalesce({t.marketing_campaign,} null)",
        },
        words={"status": ORDER_STATES},
        company=COMPANY,
        assumes={
            "ordered_at": "the day of sale (Tryton keeps no hour); before it is set, the day of the quotation or entry",
            "promised_on": "the day of delivery of the order, else the latest day that its deliveries are planned for",
            "first_promised_on": "the latest day that its deliveries were planned for at first",
            "salesperson_id": "the employee who quoted it, else who confirmed it",
        },
    ),
    mapping(
        "sales_order_lines",
        "sale_line",
        joins="join sale_sale placed on placed.id = t.sale join currency_currency money on money.id = placed.currency"
        + with_units("t.unit")
        + moves_of("sale.line", "customer")
        + billed_of("sale.line"),
        where="t.type = 'line'",
        left_out="titles, subtotals and comments",
        plain={
            "sales_order_line_id": "id",
            "sales_order_id": "sale",
            "product_id": "product",
            "description": "description",
        },
        reads={
            "line_number": never_negative("t.sequence"),
            "quantity": in_base_units("t.quantity"),
            "delivered_quantity": f"case when {IS_GOODS} then coalesce(moved.quantity, 0)::numeric end",
            "invoiced_quantity": in_base_units("billed.quantity"),
            "source_quantity": "t.quantity",
            "source_unit": "own.name",
            "unit_price": never_negative("t.unit_price"),
            "amount_untaxed": rounded(worth("t")),
            "currency": "money.code",
            "first_promised_on": "moved.first_on",
            "promised_on": "coalesce(placed.shipping_date, moved.planned_on)",
        },
        company=f"coalesce(placed.company::text, '{SHARED}')",
        assumes={
            "amount_untaxed": "quantity times price, rounded as Tryton rounds it: it does not store the amount",
            "promised_on": "the day of delivery of the order, else the latest day that its movements are planned for",
            "first_promised_on": "the latest day that its movements were planned for at first",
            "quantity": "below zero for goods that come back",
        },
    ),
    mapping(
        "shipments",
        "stock_shipment_out",
        joins=serving("stock.shipment.out", "sale_line", "sale", "sale.line"),
        plain={"shipment_id": "id", "number": "number", "status": "state"},
        reads={
            "sales_order_id": "served.only",
            "customer_id": party("t.customer"),
            "site_id": site("t.warehouse"),
            "planned_at": midnight("t.planned_date"),
            "due_at": midnight("coalesce(t.origin_planned_date, t.planned_date)"),
            "shipped_at": f"case when t.state in ('shipped', 'done') then {midnight('t.effective_date')} end",
        },
        words={"status": SHIPMENT_STATES},
        company=COMPANY,
        assumes={"due_at": "the day that it was planned for at first"},
    ),
    mapping(
        "shipment_lines",
        "stock_move",
        joins=MOVED + with_units("t.unit"),
        where="t.shipment like 'stock.shipment.out,%' and goal.type = 'customer'",
        left_out="movements of other kinds, and the picking within the warehouse that belongs to a shipment",
        plain={"shipment_line_id": "id", "product_id": "product", "status": "state"},
        reads={
            "shipment_id": reference("t.shipment", "stock.shipment.out"),
            "sales_order_line_id": SOLD.format("id"),
            "quantity": MOVE_QUANTITY,
            "shipped_quantity": f"case when t.state = 'done' then {MOVE_QUANTITY} else 0 end",
        },
        words={"status": MOVE_STATES},
        company=COMPANY,
    ),
    mapping(
        "returns",
        "stock_move",
        joins=MOVED + with_units("t.unit"),
        where="t.state = 'done' and origin.type = 'customer' and goal.type in ('storage', 'rental')",
        left_out="movements that bring nothing back from a customer, and returns that have not arrived",
        plain={"return_id": "id", "product_id": "product"},
        reads={
            "sales_order_id": SOLD.format("sale"),
            "sales_order_line_id": SOLD.format("id"),
            "customer_id": "(select "
            + party("back.customer")
            + " from stock_shipment_out_return back where back.id = "
            + reference("t.shipment", "stock.shipment.out.return")
            + ")",
            "site_id": site("t.to_location"),
            "quantity": MOVE_QUANTITY,
            "returned_at": midnight("t.effective_date"),
        },
        company=COMPANY,
    ),
)


TAX = "coalesce(t.tax_amount_cache, (select sum(due.amount) from account_invoice_tax due where due.invoice = t.id), 0)"
UNTAXED = "coalesce(t.untaxed_amount_cache, summed.amount, 0)"
TOTAL = f"coalesce(t.total_amount_cache, {UNTAXED} + {TAX})"
OWED = """
    left join (
        select due.invoice, sum(case when entry.second_currency = bill.currency then entry.amount_second_currency
                                     else entry.debit - entry.credit end) as amount
        from (
            select posted.id as invoice, booked.id as line
            from account_invoice posted join account_move_line booked
                on booked.move = posted.move and booked.account = posted.account
            union
            select paid.invoice, paid.line from "account_invoice-account_move_line" paid) due
        join account_invoice bill on bill.id = due.invoice
        join account_move_line entry on entry.id = due.line and entry.reconciliation is null
        group by due.invoice) owed on owed.invoice = t.id
"""
BILL = with_sum("account_invoice_line", "invoice", "account_invoice") + OWED


def document(direction: int) -> dict[str, str]:
    """What customers' invoices and suppliers' bills have in common; their debts are on the other side of the ledger."""
    return {
        "kind": f"case when {TOTAL} < 0 then 'credit_note' else 'invoice' end",
        "payment_status": "case when t.state = 'paid' then 'paid' when t.state <> 'posted' then null when exists ("
        'select 1 from "account_invoice-account_move_line" paid where paid.invoice = t.id)'
        " then 'partial' else 'unpaid' end",
        "due_on": "(select max(entry.maturity_date) from account_move_line entry"
        " where entry.move = t.move and entry.account = t.account)",
        "currency": code("t.currency"),
        "amount_untaxed": UNTAXED,
        "amount_tax": TAX,
        "amount_total": TOTAL,
        "amount_open": f"case when t.state = 'posted' then {direction} * coalesce(owed.amount, 0)"
        " when t.state in ('paid', 'cancelled') then 0 end",
    }


def document_line() -> dict[str, str]:
    """What lines of customers' invoices and of suppliers' bills have in common."""
    return {
        "quantity": in_base_units("t.quantity"),
        "unit_price": per_base_unit("t.unit_price"),
        "amount_untaxed": rounded(worth("t")),
        "currency": "money.code",
    }


def with_order(line: str, order: str, model: str) -> str:
    """Joins the order that all lines of an invoice come from, as ``ordered.only``; nothing where there are several."""
    return f"""
        left join (
            select entry.invoice, min(line.{order}) as only
            from account_invoice_line entry join {line} line on entry.origin = '{model},' || line.id
            group by entry.invoice having count(distinct line.{order}) = 1) ordered on ordered.invoice = t.id
    """


BILLED = "join account_invoice document on document.id = t.invoice join currency_currency money on money.id = " + (
    "document.currency" + with_units("t.unit")
)
INVOICED_COST = f"""(
    select case when document.currency = books.currency and bool_and(handled.state = 'done')
            then round(({in_base_units("t.quantity")}) * sum(handled.cost_price * handled.internal_quantity::numeric)
                / nullif(sum(handled.internal_quantity::numeric), 0), 6) end
    from "account_invoice_line-stock_move" sent join stock_move handled on handled.id = sent.stock_move
    join company_company books on books.id = handled.company
    where sent.invoice_line = t.id group by books.currency)"""
MONEY_SUBJECTS = (
    mapping(
        "invoices",
        "account_invoice",
        joins=BILL + with_order("sale_line", "sale", "sale.line"),
        where="t.type = 'out'",
        left_out="suppliers' bills, which share the table",
        plain={"invoice_id": "id", "number": "number", "status": "state", "invoiced_on": "invoice_date"},
        reads=document(1) | {"customer_id": party("t.party"), "sales_order_id": "ordered.only"},
        words={"status": INVOICE_STATES},
        company=COMPANY,
        assumes={
            "kind": "a credit note is an invoice with a negative total",
            "status": "a validated invoice is not posted, and so a draft",
            "due_on": "the last day of its terms of payment",
        },
    ),
    mapping(
        "invoice_lines",
        "account_invoice_line",
        joins=BILLED,
        where="t.type = 'line' and document.type = 'out'",
        left_out="titles, subtotals and comments, and lines of suppliers' bills",
        plain={
            "invoice_line_id": "id",
            "invoice_id": "invoice",
            "product_id": "product",
            "description": "description",
        },
        reads=document_line()
        | {
            "sales_order_line_id": SOLD.format("id"),
            "cost_amount": INVOICED_COST,
        },
        company=f"coalesce(document.company::text, '{SHARED}')",
        assumes={"cost_amount": "the cost that its own movements had when they were done, where all of them are"},
    ),
    mapping(
        "supplier_bills",
        "account_invoice",
        joins=BILL + with_order("purchase_line", "purchase", "purchase.line"),
        where="t.type = 'in'",
        left_out="invoices to customers, which share the table",
        plain={"supplier_bill_id": "id", "number": "number", "status": "state", "billed_on": "invoice_date"},
        reads=document(-1)
        | {
            "supplier_id": party("t.party"),
            "purchase_order_id": "ordered.only",
        },
        words={"status": INVOICE_STATES},
        company=COMPANY,
    ),
    mapping(
        "supplier_bill_lines",
        "account_invoice_line",
        joins=BILLED,
        where="t.type = 'line' and document.type = 'in'",
        left_out="titles, subtotals and comments, and lines of customers' invoices",
        plain={
            "supplier_bill_line_id": "id",
            "supplier_bill_id": "invoice",
            "product_id": "product",
            "description": "description",
        },
        reads=document_line() | {"purchase_order_line_id": BOUGHT},
        company=f"coalesce(document.company::text, '{SHARED}')",
    ),
    mapping(
        "payments",
        "account_move_line",
        joins="""
            join account_move document on document.id = t.move
            join account_journal journal on journal.id = document.journal and journal.type = 'cash'
            join account_account account on account.id = t.account
            join account_account_type sort on sort.id = account.type and (sort.receivable or sort.payable)
        """,
        where="t.party is not null",
        left_out="postings that are no payment: of other journals, or not to a party's account",
        plain={"payment_id": "id"},
        reads={
            "direction": "case when t.credit >= t.debit then 'in' else 'out' end",
            "customer_id": f"case when sort.receivable then {customer('t.party')} end",
            "supplier_id": f"case when sort.payable then {supplier('t.party')} end",
            "invoice_id": """(
                select min(bill.id) from "account_invoice-account_move_line" paid
                join account_invoice bill on bill.id = paid.invoice and bill.type = 'out'
                where paid.line = t.id having count(*) = 1)""",
            "paid_on": "document.date",
            "amount": "abs(coalesce(t.amount_second_currency, t.debit - t.credit))",
            "currency": f"coalesce({code('t.second_currency')}, {company_currency('document.company')})",
            "status": "case when document.state = 'posted' then 'done' else 'draft' end",
        },
        company=f"coalesce(document.company::text, '{SHARED}')",
        assumes={"payment_id": "what a journal of type cash books to a customer's or supplier's account"},
    ),
    mapping(
        "ledger_accounts",
        "account_account",
        joins="""
            join account_account_type sort on sort.id = t.type
            left join account_account_type above on above.id = sort.parent
            left join account_account_type top on top.id = above.parent
        """,
        where="t.type is not null",
        left_out="accounts that only group others",
        plain={"ledger_account_id": "id", "code": "code", "name": "name"},
        reads={
            "kind": """case
                when sort.receivable then 'receivable' when sort.payable then 'payable'
                when t.id in (
                    select method.debit_account from account_invoice_payment_method method
                    union all select method.credit_account from account_invoice_payment_method method) then 'cash'
                when sort.statement = 'balance' and sort.stock then 'inventory'
                when sort.revenue then 'income' when sort.expense then 'expense'
                when sort.statement = 'balance' and sort.debt then 'liability'
                when sort.statement = 'balance' and sort.assets then 'asset'
                when sort.statement <> 'balance' then 'other'
                when lower(concat_ws(' ', sort.name, above.name, top.name)) like '%liabilit%' then 'liability'
                when lower(concat_ws(' ', sort.name, above.name, top.name)) like '%asset%' then 'asset'
                when lower(concat_ws(' ', sort.name, above.name, top.name)) like '%equity%' then 'equity'
                else 'other' end""",
            "is_active": "coalesce(not t.closed, true)",
        },
        company=COMPANY,
        assumes={"kind": "by the flags of the account's type, else by its English name; other where neither tells"},
    ),
    mapping(
        "ledger_entries",
        "account_move_line",
        joins="""
            join account_move document on document.id = t.move
            join account_account account on account.id = t.account
            left join account_account_type sort on sort.id = account.type
        """,
        plain={"ledger_entry_id": "id", "ledger_account_id": "account", "description": "description"},
        reads={
            "document_number": "document.number",
            "posted_on": "document.date",
            "status": "document.state",
            "debit": "coalesce(t.debit, 0)",
            "credit": "coalesce(t.credit, 0)",
            "currency": company_currency("document.company"),
            "foreign_amount": "t.amount_second_currency",
            "foreign_currency": code("t.second_currency"),
            "customer_id": f"case when sort.receivable then {customer('t.party')} end",
            "supplier_id": f"case when sort.payable then {supplier('t.party')} end",
        },
        company=f"coalesce(document.company::text, '{SHARED}')",
    ),
)

PURCHASE_SUBJECTS = (
    mapping(
        "purchase_orders",
        "purchase_purchase",
        joins=with_sum("purchase_line", "purchase", "purchase_purchase")
        + planned("purchase_line", "purchase", "purchase.line"),
        plain={
            "purchase_order_id": "id",
            "number": "number",
            "status": "state",
            "supplier_reference": "reference",
        },
        reads={
            "supplier_id": party("t.party"),
            "ordered_at": midnight("coalesce(t.purchase_date, t.create_date::date)"),
            "due_on": "coalesce(t.delivery_date, moved.planned_on)",
            "site_id": site("t.warehouse"),
            "currency": code("t.currency"),
            "amount_untaxed": "coalesce(t.untaxed_amount_cache, summed.amount, 0)",
            "buyer_id": "coalesce({t.quoted_by, t.confirmed_by,} null)",
        },
        words={"status": ORDER_STATES},
        company=COMPANY,
        assumes={"due_on": "the day of delivery of the order, else the latest day that its receipts are planned for"},
    ),
    mapping(
        "purchase_order_lines",
        "purchase_line",
        joins="join purchase_purchase placed on placed.id = t.purchase"
        " join currency_currency money on money.id = placed.currency"
        + with_units("t.unit")
        + moves_of("purchase.line", "supplier")
        + billed_of("purchase.line"),
        where="t.type = 'line'",
        left_out="titles, subtotals and comments",
        plain={
            "purchase_order_line_id": "id",
            "purchase_order_id": "purchase",
            "product_id": "product",
            "description": "description",
        },
        reads={
            "line_number": never_negative("t.sequence"),
            "quantity": in_base_units("t.quantity"),
            "received_quantity": f"case when {IS_GOODS} then coalesce(moved.quantity, 0)::numeric end",
            "invoiced_quantity": in_base_units("billed.quantity"),
            "source_quantity": "t.quantity",
            "source_unit": "own.name",
            "unit_price": never_negative("t.unit_price"),
            "amount_untaxed": rounded(worth("t")),
            "currency": "money.code",
            "due_on": "coalesce(t.delivery_date_store, placed.delivery_date, moved.planned_on)",
            "first_due_on": "moved.first_on",
            "received_on": "case when moved.is_done then moved.done_on end",
        },
        company=f"coalesce(placed.company::text, '{SHARED}')",
        assumes={
            "due_on": "the day of delivery of the line or order, else the latest day that its movements are planned",
            "received_on": "the day of its last movement, once all are done",
        },
    ),
    mapping(
        "receipts",
        "stock_shipment_in",
        joins=serving("stock.shipment.in", "purchase_line", "purchase", "purchase.line"),
        plain={"receipt_id": "id", "number": "number", "status": "state"},
        reads={
            "purchase_order_id": "served.only",
            "supplier_id": party("t.supplier"),
            "site_id": site("t.warehouse"),
            "planned_at": midnight("t.planned_date"),
            "due_at": midnight("coalesce(t.origin_planned_date, t.planned_date)"),
            "received_at": f"case when t.state in ('received', 'done') then {midnight('t.effective_date')} end",
        },
        words={"status": SHIPMENT_STATES},
        company=COMPANY,
        assumes={"status": "goods that were received, and not put away yet, have arrived"},
    ),
    mapping(
        "receipt_lines",
        "stock_move",
        joins=MOVED + with_units("t.unit"),
        where="t.shipment like 'stock.shipment.in,%' and origin.type = 'supplier'",
        left_out="movements of other kinds, and the putting away within the warehouse that belongs to a receipt",
        plain={"receipt_line_id": "id", "product_id": "product", "status": "state"},
        reads={
            "receipt_id": reference("t.shipment", "stock.shipment.in"),
            "purchase_order_line_id": BOUGHT,
            "quantity": MOVE_QUANTITY,
            "received_quantity": f"case when t.state = 'done' then {MOVE_QUANTITY} else 0 end",
        },
        words={"status": MOVE_STATES},
        company=COMPANY,
    ),
    mapping(
        "supplier_products",
        "purchase_product_supplier",
        key="key",
        part_of="id",
        joins="left join purchase_product_supplier_price offered on offered.product_supplier = t.id",
        where="t.active is not false",
        left_out="offers that were archived",
        plain={"supplier_product_id": "key", "supplier_sku": "code"},
        reads={
            "key": "t.id || case when offered.id is null then '' else '/' || offered.id end",
            "supplier_id": party("t.party"),
            "product_id": """coalesce(t.product, (
                select min(variant.id) from product_product variant
                where variant.template = t.template and variant.active is not false having count(*) = 1))""",
            "product_group_id": "coalesce(t.template, (select variant.template from product_product variant"
            " where variant.id = t.product))",
            "lead_time_days": in_days("t.lead_time"),
            "price": never_negative("offered.unit_price"),
            "currency": code("t.currency"),
            "minimum_quantity": never_negative("offered.quantity"),
            "priority": never_negative("t.sequence"),
        },
        company=COMPANY,
        assumes={"supplier_product_id": "an offer with prices by quantity is one row for each price: 12/3"},
    ),
)

STOCK_SUBJECTS = (
    mapping(
        "inventory_levels",
        "stock_move",
        key="key",
        part_of="id",
        joins="""
            cross join lateral (values (t.to_location, 1), (t.from_location, -1)) side (location, sign)
            join stock_location place on place.id = side.location
                and place.type in ('storage', 'rental', 'view', 'warehouse')
        """
        + with_units("t.unit"),
        where="t.state = 'done' or t.state = 'assigned' and side.sign = -1",
        left_out="movements that are planned only, and the side of a movement that is not ours",
        sums=("on_hand", "reserved"),
        full_within="as_of_on",
        plain={"product_id": "product"},
        reads={
            "key": "t.id || '/' || side.sign",
            "site_id": "side.location",
            "as_of_on": "current_date",
            "on_hand": f"case when t.state = 'done' then side.sign * {MOVE_QUANTITY} else 0 end",
            "reserved": f"case when t.state = 'assigned' then {MOVE_QUANTITY} else 0 end",
        },
        company=COMPANY,
        assumes={"on_hand": "the sum of all movements that were done: Tryton keeps no balance"},
    ),
    mapping(
        "stock_moves",
        "stock_move",
        joins=MOVED + with_units("t.unit"),
        plain={"stock_move_id": "id", "product_id": "product", "status": "state"},
        reads={
            "kind": MOVE_KIND,
            "from_place": place("origin"),
            "to_place": place("goal"),
            "from_site_id": site("origin.id"),
            "to_site_id": site("goal.id"),
            "quantity": MOVE_QUANTITY,
            "demand_quantity": MOVE_QUANTITY,
            "moved_at": f"case when t.state = 'done' then {midnight('t.effective_date')} end",
            "planned_at": f"case when t.state <> 'done' then {midnight('t.planned_date')} end",
            "sales_order_line_id": SOLD.format("id"),
            "purchase_order_line_id": BOUGHT,
            "work_order_id": "coalesce({t.production_input, t.production_output,} null)",
        },
        words={"status": MOVE_STATES},
        company=COMPANY,
        assumes={"status": "a draft movement is planned: Tryton makes it when an order is confirmed"},
    ),
    mapping(
        "reorder_rules",
        "stock_order_point",
        plain={
            "reorder_rule_id": "id",
            "product_id": "product",
            "minimum_quantity": "min_quantity",
            "maximum_quantity": "target_quantity",
        },
        reads={"site_id": site("t.location"), "is_active": "true"},
        company=COMPANY,
    ),
    mapping(
        "scrap",
        "stock_move",
        joins=MOVED + with_units("t.unit"),
        where=f"t.state = 'done' and t.to_location in ({WASTE})",
        left_out="movements that throw nothing away",
        plain={"scrap_id": "id", "product_id": "product", "status": "state"},
        reads={
            "site_id": site("t.from_location"),
            "quantity": MOVE_QUANTITY,
            "scrapped_at": midnight("t.effective_date"),
        },
        company=COMPANY,
    ),
)

PRODUCTION_SUBJECTS = (
    mapping(
        "work_orders",
        "production",
        joins=with_units("t.unit"),
        where="t.product is not null {and coalesce(t.type, 'assembly') = 'assembly'}",
        left_out="productions of nothing in particular, and those that take a product apart",
        plain={
            "work_order_id": "id",
            "number": "number",
            "product_id": "product",
            "bom_id": "bom",
            "status": "state",
        },
        reads={
            "site_id": site("t.warehouse"),
            "quantity": in_base_units("t.quantity"),
            "produced_quantity": """(
                select coalesce(sum(made.internal_quantity), 0)::numeric from stock_move made
                where made.production_output = t.id and made.product = t.product and made.state = 'done')""",
            "planned_start_at": midnight("coalesce(t.planned_start_date, t.planned_date)"),
            "due_on": "t.planned_date",
            "started_at": "case when t.state in ('running', 'done') then"
            f" {midnight('coalesce(t.effective_start_date, t.effective_date)')} end",
            "finished_at": f"case when t.state = 'done' then {midnight('t.effective_date')} end",
            "sales_order_line_id": SOLD.format("id"),
            "sales_order_id": SOLD.format("sale"),
        },
        words={"status": PRODUCTION_STATES},
        company=COMPANY,
    ),
    mapping(
        "work_order_operations",
        "production_work",
        joins="""
            join production ordered on ordered.id = t.production and ordered.product is not null
            join production_routing_operation named on named.id = t.operation
        """,
        where="true {and coalesce(ordered.type, 'assembly') = 'assembly'}",
        left_out="works of productions that are not read",
        plain={
            "work_order_operation_id": "id",
            "work_order_id": "production",
            "work_center_id": "work_center",
            "status": "state",
        },
        reads={
            "name": "named.name",
            "operation_id": "coalesce({(select min(step.id) from production_routing_step step"
            " where step.routing = ordered.routing and step.operation = t.operation having count(*) = 1),} null)",
            "sequence": never_negative("t.sequence"),
            "actual_minutes": """(
                select round(sum(extract(epoch from spent.duration))::numeric / 60, 6) from production_work_cycle spent
                where spent.work = t.id and spent.state = 'done')""",
        },
        words={"status": WORK_STATES},
        company=COMPANY,
    ),
)

STAGES = "case {0} when 'lead' then 1 when 'opportunity' then 2 when 'converted' then 3 else 4 end"
SOLD_OF = """
    left join (
        select placed.origin, bool_or(placed.state in ('confirmed', 'processing', 'done')) as is_won,
            bool_and(placed.state = 'cancelled') as is_lost
        from sale_sale placed where placed.origin like 'sale.opportunity,%' group by placed.origin) sold
        on sold.origin = 'sale.opportunity,' || t.id
"""
DEAL_STATUS = """case
    when t.state in ('lost', 'cancelled') or t.state = 'converted' and sold.is_lost then 'lost'
    when t.state = 'won' or t.state = 'converted' and sold.is_won then 'won'
    else 'open' end"""
CRM_SUBJECTS = (
    mapping(
        "campaigns",
        "marketing_campaign",
        plain={"campaign_id": "id", "name": "name"},
        reads={"is_active": "coalesce(t.active, true)"},
        company=f"'{SHARED}'",
    ),
    mapping(
        "opportunities",
        "sale_opportunity",
        joins=SOLD_OF,
        plain={
            "opportunity_id": "id",
            "stage": "state",
            "expected_amount": "amount",
            "owner_id": "employee",
            "lost_reason": "lost_reason",
        },
        reads={
            "name": "coalesce(nullif(t.description, ''), t.number, 'Opportunity ' || t.id)",
            "customer_id": party("t.party"),
            "status": DEAL_STATUS,
            "stage_order": STAGES.format("t.state"),
            "currency": f"coalesce({code('t.currency')}, {company_currency()})",
            "probability": "case when t.conversion_probability between 0 and 1"
            " then round(t.conversion_probability::numeric, 6) end",
            "created_at": midnight("coalesce(t.start_date, t.create_date::date)"),
            "closed_at": f"case when {DEAL_STATUS} <> 'open' then {midnight('t.end_date')} end",
            "expected_close_on": f"case when {DEAL_STATUS} = 'open' then t.end_date end",
            "campaign_id": "coalesce({t.marketing_campaign,} null)",
            "origin": "coalesce({(select known.name from marketing_source known where known.id = t.marketing_source),}"
            " null)",
        },
        company=COMPANY,
        assumes={
            "status": "a converted deal is won once a sale made of it is confirmed, and lost when all are cancelled",
            "closed_at": "Tryton keeps one end: expected while a deal is open, then the real one",
        },
    ),
    mapping(
        "opportunity_lines",
        "sale_opportunity_line",
        joins="join sale_opportunity deal on deal.id = t.opportunity" + with_units("t.unit"),
        plain={"opportunity_line_id": "id", "opportunity_id": "opportunity", "product_id": "product"},
        reads={
            "quantity": in_base_units("t.quantity"),
            "currency": f"coalesce({code('deal.currency')}, {company_currency('deal.company')})",
        },
        company=f"coalesce(deal.company::text, '{SHARED}')",
    ),
    mapping(
        "opportunity_stage_changes",
        "sale_opportunity__history",
        key="__id",
        joins="""
            join (
                select kept.__id, lag(kept.state) over (partition by kept.id order by kept.__id) as state
                from sale_opportunity__history kept where kept.state is not null) earlier on earlier.__id = t.__id
            join sale_opportunity deal on deal.id = t.id
        """,
        where="earlier.state is not null and earlier.state <> t.state",
        left_out="changes of anything but the stage, and of opportunities that were deleted",
        plain={
            "opportunity_stage_change_id": "__id",
            "opportunity_id": "id",
            "to_stage": "state",
        },
        reads={"from_stage": "earlier.state", "changed_at": "coalesce(t.write_date, t.create_date)"},
        company=COMPANY,
    ),
)

PEOPLE_SUBJECTS = (
    mapping(
        "time_entries",
        "timesheet_line",
        plain={
            "time_entry_id": "id",
            "employee_id": "employee",
            "worked_on": "date",
            "description": "description",
        },
        reads={
            "kind": "'timesheet'",
            "hours": "round(extract(epoch from t.duration)::numeric / 3600, 6)",
            "project": "coalesce({(select work.name from timesheet_work work where work.id = t.work),} null)",
        },
        company=COMPANY,
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


def read(url: str, _since: str | None = None) -> Reading:
    """What a Tryton holds now.

    It is always read whole: delivered and invoiced quantities, sums and stock follow from rows that change by
    themselves.
    """
    return replace(read_database(url, TRYTON), rewinds_stock=True)


def read_backup(path: Path) -> Reading:
    """The same of a plain dump of its database."""
    with restored(path, TRYTON.tables) as database:
        return replace(read_from(database, TRYTON), rewinds_stock=True)


def probe(database: Database) -> None:
    """Refuses what is not a Tryton, or one whose columns still have the names of before version 7."""
    if not {"ir_module", "company_company", "party_party"} <= set(database.columns):
        sentence = "{place} is not a Tryton: its tables ir_module, company_company and party_party are not there."
        raise database.refusal("not_this_system", sentence)
    if "unit" not in database.columns.get("stock_move", {"unit"}):
        raise database.refusal("version", "{place} is a Tryton of before version 7; Tandem reads Tryton 8.")


TRYTON = System(name="tryton", mappings=MAPPINGS, probe=probe, essential=ESSENTIAL, signs=("ir_module",))

__all__ = ["MAPPINGS", "TRYTON", "read", "read_backup"]
