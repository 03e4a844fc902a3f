"""The sample company as ERPNext 15 keeps it: its doctypes in a MariaDB, names as keys, the clocks of Shanghai."""

from collections.abc import Iterator

import polars as pl

from data_access.sources.erpnext import DOCTYPES
from sample_data.clothes.tailor import COUNTRIES, Keys, Outfit, Tables, people, shared, within

DRAFTS = "what was not submitted is a draft"
DAYS = "orders have a day and no hour"
LIMITS = {
    "currencies.decimal_places": "a currency has its smallest coin, which is not read",
    "units.category": "units have no categories",
    "units.reference_quantity": "units have no categories",
    "unit_conversions rows": "an item has its own conversions; those for all items are not read",
    "sites.code": "warehouses have none",
    "sites.kind": "what lies under the root of a company is a warehouse",
    "sites.country": "the country of the company, where a warehouse has no address",
    "sites.region": "the country",
    "sites.time_zone": "a site has one zone for all",
    "products.name_zh": "translations are not read",
    "products.product_group_id": "a template is an item of its own",
    "products.weight": "no weight is zero",
    "products.volume": "an item has none",
    "product_costs": "items are valued by warehouse",
    "boms.company_id": "a bill belongs to one company",
    "boms.code": "a bundle is named after its item",
    "boms.lead_time_days": "a bill has none",
    "bom_lines.company_id": "a bill belongs to one company",
    "bom_lines.operation_id": "components do not name their operation",
    "work_centers.company_id": "workstations are shared",
    "work_centers.code": "workstations have none",
    "work_centers.site_id": "workstations have no warehouse that is read",
    "work_centers.calendar_id": "holiday lists are not read",
    "work_centers.efficiency": "workstations have none",
    "work_centers.cost_per_hour": "in which company's currency, nobody says",
    "work_centers.currency": "in which company's currency, nobody says",
    "routings.company_id": "a bill belongs to one company",
    "routings.name": "the bill is the routing",
    "operations.company_id": "a bill belongs to one company",
    "operations.sequence": "rows count by ones",
    "operations.setup_minutes": "times to set up are not kept apart",
    "employees.hourly_cost": "costs of employees are in HRMS",
    "employees.currency": "costs of employees are in HRMS",
    "customers.company_id": "customers are shared",
    "customers.region": "the country",
    "contacts.company_id": "contacts are shared",
    "contacts.country": "contacts are read without their address",
    "supplier_products.company_id": "offers are shared",
    "supplier_products.lead_time_days": "a lead time belongs to the item, whoever supplies it",
    "supplier_products.price": "what a supplier asks of two companies is not told apart",
    "supplier_products.currency": "what a supplier asks of two companies is not told apart",
    "supplier_products.minimum_quantity": "a minimum belongs to the item, and is not read",
    "supplier_products.multiple_quantity": "there is none",
    "supplier_products.priority": "rows count from one",
    "supplier_products.valid_from_on": "the price has a day, the offer has none",
    "sales_orders.ordered_at": DAYS,
    "sales_orders.requested_on": "one day of delivery",
    "sales_orders.first_promised_on": "one day of delivery",
    "sales_orders.site_id": "a quotation has no warehouse",
    "sales_orders.opportunity_id": "an order does not name its opportunity",
    "sales_orders.customer_reference": "a quotation has none",
    "sales_order_lines.requested_on": "one day of delivery",
    "sales_order_lines.first_promised_on": "one day of delivery",
    "shipments.carrier_id": "transporters are suppliers",
    "shipments.status": DRAFTS,
    "shipments.planned_at": "a posting has one instant: the planned one until it is submitted",
    "shipments.due_at": "one day of delivery, that of the order",
    "shipments.delivered_at": "when goods arrive is not kept",
    "shipments.backorder_of_id": "a delivery does not know the one before",
    "shipment_lines.status": DRAFTS,
    "returns.reason": "a return has none",
    "purchase_orders.status": DRAFTS,
    "purchase_orders.ordered_at": DAYS,
    "purchase_orders.supplier_reference": "the supplier's number is not read",
    "purchase_order_lines.first_due_on": "the first day is not kept",
    "receipts.status": DRAFTS,
    "receipts.planned_at": "a posting has one instant: the planned one until it is submitted",
    "receipts.due_at": "one day of delivery, that of the order",
    "receipts.backorder_of_id": "a receipt does not know the one before",
    "receipt_lines.status": DRAFTS,
    "inventory_levels rows": "bins keep what is there now",
    "inventory_levels.as_of_on": "the day of the reading",
    "stock_moves rows": "only what moved is in the ledger, and a transfer is two rows of it",
    "stock_moves.number": "every row has a voucher",
    "stock_moves.kind": "what is thrown away is a material issue",
    "stock_moves.to_place": "what is thrown away is a material issue",
    "stock_moves.planned_at": "only what moved is in the ledger",
    "stock_moves.work_order_id": "a row does not name its work order",
    "reorder_rules.multiple_quantity": "there is none",
    "work_order_operations.operation_id": "steps do not name the operation of the bill",
    "work_order_operations.sequence": "rows count by ones",
    "work_order_operations.status": "a step that waits is pending",
    "campaigns.company_id": "a campaign is a name",
    "campaigns.channel": "a campaign is a name",
    "campaigns.status": "a campaign is a name",
    "campaigns.starts_on": "a campaign is a name",
    "campaigns.ends_on": "a campaign is a name",
    "campaigns.budget": "a campaign is a name",
    "campaigns.cost": "a campaign is a name",
    "campaigns.currency": "a campaign is a name",
    "leads.name": "a lead is named after its firm or person",
    "leads.score": "a lead has none",
    "leads.closed_at": "a lead does not say when",
    "leads.opportunity_id": "an opportunity names its lead, not the other way round",
    "opportunities.stage_order": "stages have no order",
    "opportunities.team": "there are none",
    "tickets.channel": "the portal, or mail",
    "tickets.product_id": "an issue is about no item",
    "tickets.sales_order_id": "an issue is about no order",
    "tickets.owner_id": "issues are read without their assignment",
    "interactions.company_id": "messages have none",
    "interactions.contact_id": "messages name addresses",
    "interactions.sales_order_id": "a message is about one record",
    "interactions.channel": "there is no word for social media",
    "interactions.language": "texts have none",
    "calendars": "holiday lists are not read",
    "calendar_periods": "holiday lists are not read",
    "calendar_exceptions": "holiday lists are not read",
    "carriers": "transporters are suppliers",
    "scrap": "what is thrown away is a material issue",
    "absences": "HRMS is an app of its own",
    "time_entries": "HRMS is an app of its own",
    "payroll_totals": "HRMS is an app of its own",
    "budgets": "budgets are not read",
    "targets": "targets are set in Tandem",
    "consents": "unsubscriptions are of e-mail groups, which are not read",
    "opportunity_stage_changes": "versions are not read",
    "campaign_members": "e-mail campaigns are not read",
    "campaign_responses": "e-mail campaigns are not read",
    "feedback": "there are no surveys",
}
ZONE = "Asia/Shanghai"
ROWS_AT_ONCE = 1_000
WHOLE = frozenset(
    {
        "docstatus",
        "idx",
        "is_group",
        "disabled",
        "enabled",
        "is_active",
        "is_return",
        "is_cancelled",
        "is_stock_item",
        "is_sales_item",
        "buying",
        "selling",
        "is_purchase_item",
        "lft",
        "rgt",
        "lead_time_days",
        "production_capacity",
        "via_customer_portal",
    }
)
MOMENTS = frozenset(
    {
        "creation",
        "modified",
        "communication_date",
        "planned_start_date",
        "planned_end_date",
        "actual_start_date",
        "actual_end_date",
        "planned_start_time",
        "actual_start_time",
        "actual_end_time",
        "first_responded_on",
        "sla_resolution_date",
        "resolution_date",
    }
)
DATES = frozenset(
    {
        "posting_date",
        "transaction_date",
        "delivery_date",
        "schedule_date",
        "due_date",
        "date",
        "valid_from",
        "valid_upto",
        "expected_delivery_date",
        "expected_closing",
        "opening_date",
    }
)
TIMES = frozenset({"posting_time", "opening_time"})
TEXTS = frozenset({"description", "content", "text_content", "subject", "remarks", "value"})
NUMBERS = (
    "qty",
    "rate",
    "amount",
    "total",
    "debit",
    "credit",
    "factor",
    "percentage",
    "probability",
    "level",
    "per_unit",
    "in_mins",
    "operation_time",
    "charges",
    "quantity",
)


def statements(outfit: Outfit) -> Iterator[str]:
    """SQL that makes every doctype that is read in an empty MariaDB, and fills it with the firm."""
    for doctype, names in DOCTYPES.items():
        listed = ", ".join(f"`{name}` {_kind(name)}" for name in names.split())
        yield f"CREATE TABLE `tab{doctype}` ({listed})"
        for block in outfit.files.get(doctype, pl.DataFrame()).cast(pl.String).iter_slices(ROWS_AT_ONCE):
            columns = ", ".join(f"`{name}`" for name in block.columns)
            rows = ", ".join(f"({', '.join(map(_literal, row))})" for row in block.iter_rows())
            yield f"INSERT INTO `tab{doctype}` ({columns}) VALUES {rows}"  # noqa: S608 - a text of our own, never run here


def _literal(value: str | None) -> str:
    """A value as MariaDB's SQL writes it."""
    if value is None:
        return "NULL"
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _kind(column: str) -> str:
    """The type that Frappe gives a column of this name."""
    if column in WHOLE:
        return "int(11)"
    if column in MOMENTS:
        return "datetime(6)"
    if column in DATES:
        return "date"
    if column in TIMES:
        return "time(6)"
    if column in TEXTS:
        return "longtext"
    is_number = column != "account_number" and any(word in column for word in NUMBERS)
    return "decimal(21,9)" if is_number else "varchar(140)"


def dressed(tables: Tables) -> Outfit:
    """The firm in ERPNext."""
    held, keys = _held(tables), _keys(tables)
    parts = (_setup, _places, _items, _making, _parties, _sales, _purchases, _stock, _books, _market, _service)
    files = {name: rows for part in parts for name, rows in part(tables, keys)}
    return Outfit(files=files, held=held, keys=keys, limits=LIMITS)


def _day(instant: str) -> pl.Expr:
    """The calendar day of an instant on the site's clock."""
    return pl.col(instant).dt.convert_time_zone(ZONE).dt.date()


def _day_begins(instant: str) -> pl.Expr:
    return pl.col(instant).dt.convert_time_zone(ZONE).dt.truncate("1d").dt.convert_time_zone("UTC")


def _clock(instant: str | pl.Expr) -> pl.Expr:
    """An instant as the site's clock shows it."""
    moment = pl.col(instant) if isinstance(instant, str) else instant
    return moment.dt.convert_time_zone(ZONE).dt.strftime("%Y-%m-%d %H:%M:%S%.6f")


def _mark(condition: str | pl.Expr) -> pl.Expr:
    return (pl.col(condition) if isinstance(condition, str) else condition).cast(pl.Int64)


def _keys(tables: Tables) -> Keys:
    keys = Keys()
    for table, key in NAMED:
        keys.give(table, tables[table], key, pl.col(key))
    keys.give("companies", tables["companies"], "company_id", pl.col("name"))
    keys.give("units", tables["units"], "unit_id", pl.col("name"))
    keys.give("products", tables["products"], "product_id", pl.col("sku"))
    bills = _bills(tables)
    keys.give("boms", bills, "bom_id", pl.col("own"))
    keys.give("routings", tables["routings"].join(bills, on="bom_id", validate="1:1"), "routing_id", pl.col("own"))
    keys.give("stock_moves", _ledger(tables), "stock_move_id", pl.col("stock_move_id"))
    return keys


def _bills(tables: Tables) -> pl.DataFrame:
    """Bills and bundles, with the item's code and their name."""
    codes = tables["products"].select("product_id", "sku")
    bills = tables["boms"].join(codes, on="product_id", validate="m:1", maintain_order="left")
    is_kit = pl.col("kind") == "kit"
    return bills.with_columns(
        bill=pl.when(is_kit).then("sku").otherwise("code"),
        own=pl.when(is_kit).then(pl.concat_str(pl.lit("bundle/"), "sku")).otherwise("code"),
    )


NAMED = tuple(
    (table, f"{key}_id")
    for table, key in (
        ("currencies", "currency"),
        ("exchange_rates", "exchange_rate"),
        ("unit_conversions", "unit_conversion"),
        ("sites", "site"),
        ("product_categories", "category"),
        ("bom_lines", "bom_line"),
        ("work_centers", "work_center"),
        ("operations", "operation"),
        ("departments", "department"),
        ("employees", "employee"),
        ("customers", "customer"),
        ("suppliers", "supplier"),
        ("contacts", "contact"),
        ("supplier_products", "supplier_product"),
        ("sales_orders", "sales_order"),
        ("sales_order_lines", "sales_order_line"),
        ("shipments", "shipment"),
        ("shipment_lines", "shipment_line"),
        ("returns", "return"),
        ("invoices", "invoice"),
        ("invoice_lines", "invoice_line"),
        ("payments", "payment"),
        ("purchase_orders", "purchase_order"),
        ("purchase_order_lines", "purchase_order_line"),
        ("receipts", "receipt"),
        ("receipt_lines", "receipt_line"),
        ("reorder_rules", "reorder_rule"),
        ("work_orders", "work_order"),
        ("work_order_operations", "work_order_operation"),
        ("ledger_accounts", "ledger_account"),
        ("ledger_entries", "ledger_entry"),
        ("supplier_bills", "supplier_bill"),
        ("supplier_bill_lines", "supplier_bill_line"),
        ("campaigns", "campaign"),
        ("leads", "lead"),
        ("opportunities", "opportunity"),
        ("opportunity_lines", "opportunity_line"),
        ("tickets", "ticket"),
        ("interactions", "interaction"),
    )
)
AS_THEY_ARE = (
    "companies",
    "exchange_rates",
    "product_categories",
    "departments",
    "suppliers",
    "invoices",
    "invoice_lines",
    "payments",
    "ledger_accounts",
    "ledger_entries",
    "supplier_bills",
    "supplier_bill_lines",
    "work_orders",
    "opportunity_lines",
)


def _held(tables: Tables) -> dict[str, pl.DataFrame]:
    """Each table as far as ERPNext has a place for it."""
    held = {name: tables[name] for name in AS_THEY_ARE}
    parts = (_held_places, _held_products, _held_parties, _held_sales, _held_purchases, _held_stock, _held_market)
    return held | {name: rows for part in parts for name, rows in part(tables).items()}


def _held_places(tables: Tables) -> dict[str, pl.DataFrame]:
    lands = tables["companies"].select("company_id", land="country")
    places = tables["sites"].drop("code", "time_zone").join(lands, on="company_id", validate="m:1")
    land = pl.coalesce("country", "land")
    return {
        "currencies": tables["currencies"].drop("decimal_places"),
        "units": tables["units"].drop("category", "reference_quantity"),
        "unit_conversions": tables["unit_conversions"].filter(pl.col("product_id").is_not_null()),
        "sites": places.with_columns(
            kind=pl.col("kind").replace({"plant": "warehouse"}), country=land, region=land
        ).drop("land"),
    }


def _held_products(tables: Tables) -> dict[str, pl.DataFrame]:
    bills = _bills(tables)
    owner = pl.when(pl.col("kind") == "make").then(pl.lit(MAKER)).otherwise(pl.lit("*"))
    of_bill = bills.select("bom_id", owner=owner)
    lines = tables["bom_lines"].drop("operation_id").join(of_bill, on="bom_id", validate="m:1")
    makers = pl.lit(MAKER).alias("company_id")
    idle = ("code", "site_id", "calendar_id", "efficiency", "cost_per_hour", "currency")
    names = bills.select("bom_id", name="bill")
    return {
        "products": tables["products"]
        .drop("name_zh", "product_group_id", "volume")
        .with_columns(weight=pl.when(pl.col("weight") > 0).then("weight")),
        "boms": bills.drop("lead_time_days", "sku", "own").with_columns(company_id=owner, code="bill").drop("bill"),
        "bom_lines": lines.with_columns(company_id="owner").drop("owner"),
        "work_centers": shared(tables["work_centers"].drop(idle)),
        "routings": tables["routings"].drop("name").join(names, on="bom_id", validate="1:1").with_columns(makers),
        "operations": tables["operations"]
        .drop("setup_minutes")
        .with_columns(makers, sequence=pl.col("sequence") // 10),
    }


MAKER = "TQ-DE"


def _held_parties(tables: Tables) -> dict[str, pl.DataFrame]:
    away = ("lead_time_days", "minimum_quantity", "multiple_quantity", "valid_from_on")
    offers = shared(tables["supplier_products"].drop(away))
    alone = pl.len().over("product_id", "supplier_id") == 1
    return {
        "employees": tables["employees"].drop("hourly_cost", "currency"),
        "customers": shared(tables["customers"]).with_columns(region="country"),
        "contacts": shared(tables["contacts"]).drop("country"),
        "supplier_products": offers.with_columns(
            pl.when(alone).then(pl.col(name)).alias(name) for name in ("price", "currency")
        ).with_columns(priority=pl.col("priority") + 1),
    }


def _held_sales(tables: Tables) -> dict[str, pl.DataFrame]:
    asked, is_offer = ("requested_on", "first_promised_on"), pl.col("status") == "quoted"
    orders = tables["sales_orders"].drop(*asked, "opportunity_id")
    away = ("carrier_id", "due_at", "delivered_at", "backorder_of_id")
    done, drafts = pl.col("status") == "done", {"planned": "draft", "ready": "draft"}
    return {
        "sales_orders": orders.with_columns(
            *(pl.when(~is_offer).then(pl.col(name)).alias(name) for name in ("site_id", "customer_reference")),
            ordered_at=_day_begins("ordered_at"),
        ),
        "sales_order_lines": tables["sales_order_lines"].drop(asked),
        "shipments": tables["shipments"]
        .drop(away)
        .with_columns(planned_at=pl.when(~done).then("planned_at"), status=pl.col("status").replace(drafts)),
        "shipment_lines": tables["shipment_lines"].with_columns(status=pl.col("status").replace(drafts)),
        "returns": tables["returns"].drop("reason"),
    }


def _held_purchases(tables: Tables) -> dict[str, pl.DataFrame]:
    done, drafts = pl.col("status") == "done", {"planned": "draft", "ready": "draft"}
    days = tables["receipts"].filter(done).select("receipt_id", day=_day("received_at"))
    came = tables["receipt_lines"].join(days, on="receipt_id", validate="m:1")
    came = came.group_by("purchase_order_line_id").agg(received_on=pl.col("day").max())
    lines = tables["purchase_order_lines"].drop("first_due_on", "received_on")
    return {
        "purchase_orders": tables["purchase_orders"]
        .drop("supplier_reference")
        .with_columns(ordered_at=_day_begins("ordered_at"), status=pl.col("status").replace({"quoted": "draft"})),
        "purchase_order_lines": lines.join(came, on="purchase_order_line_id", how="left", validate="1:1"),
        "receipts": tables["receipts"]
        .drop("due_at", "backorder_of_id")
        .with_columns(planned_at=pl.when(~done).then("planned_at"), status=pl.col("status").replace(drafts)),
        "receipt_lines": tables["receipt_lines"].with_columns(status=pl.col("status").replace(drafts)),
    }


def _held_stock(tables: Tables) -> dict[str, pl.DataFrame]:
    levels, now = (
        tables["inventory_levels"],
        pl.col("as_of_on") == pl.col("as_of_on").max().over("product_id", "site_id"),
    )
    steps = tables["work_order_operations"].drop("operation_id")
    return {
        "inventory_levels": levels.filter(now).drop("as_of_on"),
        "stock_moves": _ledger(tables),
        "reorder_rules": tables["reorder_rules"].drop("multiple_quantity"),
        "work_order_operations": steps.with_columns(
            sequence=pl.col("sequence") // 10, status=pl.col("status").replace({"ready": "planned"})
        ),
    }


def _ledger(tables: Tables) -> pl.DataFrame:
    """What moved, one row for each warehouse that it touched."""
    moves = tables["stock_moves"].filter(pl.col("status") == "done").drop("planned_at", "work_order_id")
    thrown = {"scrap": "adjustment"}
    moves = moves.with_columns(
        number=pl.when(pl.col("kind") != "scrap").then("number").fill_null(pl.col("stock_move_id")),
        kind=pl.col("kind").replace(thrown),
        to_place=pl.col("to_place").replace(thrown),
    )
    two_sided = pl.col("kind") == "transfer"
    nothing, key = pl.lit(None, pl.String), pl.col("stock_move_id")
    out = moves.filter(two_sided).with_columns(
        stock_move_id=key + "-out", from_place=pl.lit("internal"), to_place=pl.lit("transit"), to_site_id=nothing
    )
    came = moves.filter(two_sided).with_columns(
        stock_move_id=key + "-in", from_place=pl.lit("transit"), to_place=pl.lit("internal"), from_site_id=nothing
    )
    return pl.concat([moves.filter(~two_sided), out, came])


def _held_market(tables: Tables) -> dict[str, pl.DataFrame]:
    about = pl.coalesce("opportunity_id", "ticket_id").is_null()
    word = {"social": "other"}
    return {
        "campaigns": shared(tables["campaigns"]).select("company_id", "campaign_id", "name", "is_active"),
        "leads": tables["leads"].drop("score", "closed_at", "opportunity_id").with_columns(name="contact_name"),
        "opportunities": tables["opportunities"].drop("stage_order", "team"),
        "tickets": tables["tickets"]
        .drop("product_id", "sales_order_id", "owner_id")
        .with_columns(channel=pl.when(pl.col("channel") == "web").then(pl.lit("web")).otherwise(pl.lit("mail"))),
        "interactions": shared(tables["interactions"])
        .drop("contact_id", "language")
        .with_columns(sales_order_id=pl.when(about).then("sales_order_id"), channel=pl.col("channel").replace(word)),
    }


Rows = Iterator[tuple[str, pl.DataFrame]]


def _company(keys: Keys) -> pl.Expr:
    return keys.of("companies", "company_id").alias("company")


def _land(column: str = "country") -> pl.Expr:
    return pl.col(column).replace_strict(COUNTRIES, default=None, return_dtype=pl.String)


def _submitted(done: pl.Expr, cancelled: pl.Expr | None = None) -> pl.Expr:
    """docstatus: 0 is a draft, 1 is submitted, 2 is cancelled."""
    dropped = pl.lit(value=False) if cancelled is None else cancelled
    return pl.when(dropped).then(2).otherwise(pl.when(done).then(1).otherwise(0)).alias("docstatus")


def _setup(tables: Tables, keys: Keys) -> Rows:
    settings = [("System Settings", "time_zone", ZONE), ("Global Defaults", "default_company", _first(keys))]
    yield "Singles", pl.DataFrame(settings, schema=["doctype", "field", "value"], orient="row")
    yield (
        "Company",
        tables["companies"].select(
            name="name",
            company_name="name",
            default_currency="currency",
            country=_land(),
            parent_company=keys.of("companies", "parent_company_id"),
        ),
    )
    lands = pl.DataFrame(list(COUNTRIES.items()), schema=["code", "name"], orient="row")
    yield "Country", lands.with_columns(pl.col("code").str.to_lowercase())
    yield "Currency", tables["currencies"].select(name="currency", currency_name="name", enabled=_mark("is_active"))
    yield (
        "Currency Exchange",
        tables["exchange_rates"].select(
            name="exchange_rate_id",
            date="valid_from_on",
            from_currency="base_currency",
            to_currency="currency",
            exchange_rate="rate",
        ),
    )
    yield "UOM", tables["units"].select("name", enabled=_mark("is_active"))


def _first(keys: Keys) -> str:
    first: str = keys.pairs["companies"]["own"][0]
    return first


def _places(tables: Tables, keys: Keys) -> Rows:
    sites = tables["sites"].with_columns(_company(keys))
    roots = sites.unique("company", maintain_order=True).select("company", root=pl.lit("All - ") + pl.col("company"))
    placed = sites.join(roots, on="company", validate="m:1", maintain_order="left")
    above = pl.coalesce("parent_site_id", "root")
    order = placed.select("site_id", above=above)
    spans = _spans(dict(order.iter_rows()), roots["root"].to_list())
    bounds = pl.DataFrame([(name, *span) for name, span in spans.items()], schema=["name", "lft", "rgt"], orient="row")
    top = roots.select("company", name="root", warehouse_name="root", is_group=pl.lit(1), disabled=pl.lit(0))
    inner = placed.select(
        "company",
        name="site_id",
        warehouse_name="name",
        is_group=_mark(pl.col("kind").is_in(["plant", "warehouse", "area"])),
        disabled=_mark(~pl.col("is_active")),
        parent_warehouse=above,
        warehouse_type=pl.when(pl.col("kind") == "transit").then(pl.lit("Transit")),
    )
    both = pl.concat([top, inner], how="diagonal_relaxed")
    yield "Warehouse", both.join(bounds, on="name", validate="1:1", maintain_order="left")


def _spans(parents: dict[str, str], roots: list[str]) -> dict[str, tuple[int, int]]:
    """The nested set of a tree: the numbers at which each node is entered and left on a walk around it."""
    spans: dict[str, tuple[int, int]] = {}

    def walk(node: str, at: int) -> int:
        left = at
        for child in [name for name, parent in parents.items() if parent == node]:
            at = walk(child, at + 1)
        spans[node] = (left, at + 1)
        return at + 1

    start = 1
    for root in roots:
        start = walk(root, start) + 1
    return spans


def _items(tables: Tables, keys: Keys) -> Rows:
    groups, everything = tables["product_categories"], "All Item Groups"
    root = pl.DataFrame({"name": [everything], "item_group_name": [everything], "parent_item_group": [""]})
    inner = groups.select(
        name="category_id",
        item_group_name="name",
        parent_item_group=pl.col("parent_category_id").fill_null(everything),
    )
    yield "Item Group", pl.concat([root, inner])
    products, code = tables["products"], keys.of("products", "product_id")
    yield (
        "Item",
        products.select(
            name="sku",
            item_code="sku",
            item_name="name",
            item_group="category_id",
            stock_uom="unit",
            is_stock_item=_mark(pl.col("kind") == "storable"),
            is_sales_item=_mark("is_sold"),
            is_purchase_item=_mark("is_purchased"),
            disabled=_mark(~pl.col("is_active")),
            valuation_rate=pl.col("cost").fill_null(0),
            lead_time_days=pl.lit(0),
            weight_per_unit=pl.col("weight").fill_null(0),
            weight_uom=pl.lit("Kg"),
            creation=pl.col("created_on").cast(pl.String) + " 12:00:00",
        ),
    )
    barcodes = products.drop_nulls("barcode")
    yield "Item Barcode", barcodes.select("barcode", name=pl.lit("bar-") + pl.col("sku"), parent="sku")
    yield "Item Price", _prices(tables, keys)
    own = tables["unit_conversions"].drop_nulls("product_id")
    yield (
        "UOM Conversion Detail",
        own.select(name="unit_conversion_id", parent=code, uom="from_unit", conversion_factor="factor"),
    )
    yield (
        "Item Supplier",
        tables["supplier_products"].select(
            name="supplier_product_id",
            parent=code,
            idx=pl.col("priority") + 1,
            supplier="supplier_id",
            supplier_part_no="supplier_sku",
        ),
    )
    yield (
        "Item Reorder",
        tables["reorder_rules"].select(
            name="reorder_rule_id",
            parent=code,
            warehouse="site_id",
            warehouse_reorder_level="minimum_quantity",
            warehouse_reorder_qty=pl.col("maximum_quantity") - pl.col("minimum_quantity"),
        ),
    )


def _prices(tables: Tables, keys: Keys) -> pl.DataFrame:
    asked = tables["products"].drop_nulls("list_price")
    selling = asked.select(
        "currency",
        name=pl.lit("sell-") + pl.col("sku"),
        item_code="sku",
        price_list_rate="list_price",
        uom="unit",
        selling=pl.lit(1),
        buying=pl.lit(0),
    )
    buying = tables["supplier_products"].select(
        "currency",
        name=pl.lit("buy-") + pl.col("supplier_product_id"),
        item_code=keys.of("products", "product_id"),
        supplier="supplier_id",
        price_list_rate="price",
        selling=pl.lit(0),
        buying=pl.lit(1),
    )
    return pl.concat([selling, buying], how="diagonal")


def _making(tables: Tables, keys: Keys) -> Rows:
    bills, code = _bills(tables), keys.of("products", "product_id")
    is_kit = pl.col("kind") == "kit"
    maker = pl.lit(keys.pairs["companies"].filter(pl.col("key") == MAKER)["own"][0]).alias("company")
    made, kits = bills.filter(~is_kit), bills.filter(is_kit)
    yield (
        "BOM",
        made.select(
            maker, name="bill", item="sku", quantity="quantity", is_active=_mark("is_active"), docstatus=pl.lit(1)
        ),
    )
    yield "Product Bundle", kits.select(name="bill", new_item_code="sku", disabled=_mark(~pl.col("is_active")))
    lines = tables["bom_lines"].join(bills.select("bom_id", "bill", "kind"), on="bom_id", validate="m:1")
    part = {
        "name": pl.col("bom_line_id"),
        "parent": pl.col("bill"),
        "idx": within("bill"),
        "item_code": keys.of("products", "component_id"),
        "qty": pl.col("source_quantity"),
        "uom": pl.col("source_unit"),
    }
    stocked = pl.col("source_quantity").alias("stock_qty")
    yield "BOM Item", lines.filter(~is_kit).select(stocked, **part)
    yield "Product Bundle Item", lines.filter(is_kit).select(**part)
    yield (
        "Workstation",
        tables["work_centers"].select(
            name="work_center_id",
            workstation_name="name",
            hour_rate="cost_per_hour",
            production_capacity=pl.col("capacity").cast(pl.Int64),
        ),
    )
    routes = tables["routings"].select("routing_id", "bom_id").join(bills.select("bom_id", "bill"), on="bom_id")
    steps = tables["operations"].join(routes, on="routing_id", validate="m:1")
    yield (
        "BOM Operation",
        steps.select(
            name="operation_id",
            parent="bill",
            idx=pl.col("sequence") // 10,
            operation="name",
            workstation="work_center_id",
            time_in_mins="minutes_per_unit",
        ),
    )
    orders = tables["work_orders"].join(bills.select("bom_id", "bill"), on="bom_id", how="left", validate="m:1")
    yield "Work Order", _work_orders(orders, keys, code)
    yield "Work Order Operation", _steps(tables)


def _work_orders(orders: pl.DataFrame, keys: Keys, code: pl.Expr) -> pl.DataFrame:
    words = {"done": "Completed", "cancelled": "Cancelled"}
    return orders.select(
        _company(keys),
        _submitted(pl.lit(value=True), pl.col("status") == "cancelled"),
        name="work_order_id",
        production_item=code,
        qty="quantity",
        produced_qty="produced_quantity",
        bom_no="bill",
        fg_warehouse="site_id",
        status=pl.col("status").replace_strict(words, default="In Process"),
        planned_start_date=_clock("planned_start_at"),
        expected_delivery_date="due_on",
        actual_start_date=_clock("started_at"),
        actual_end_date=_clock("finished_at"),
    )


def _steps(tables: Tables) -> pl.DataFrame:
    words = {"done": "Completed", "started": "Work in Progress"}
    return tables["work_order_operations"].select(
        name="work_order_operation_id",
        parent="work_order_id",
        idx=pl.col("sequence") // 10,
        operation="name",
        workstation="work_center_id",
        status=pl.col("status").replace_strict(words, default="Pending"),
        time_in_mins="planned_minutes",
        actual_operation_time="actual_minutes",
        completed_qty="produced_quantity",
        planned_start_time=_clock("planned_start_at"),
        actual_start_time=_clock("started_at"),
        actual_end_time=_clock("finished_at"),
    )


def _parties(tables: Tables, keys: Keys) -> Rows:
    root = pl.DataFrame({"name": ["All Departments"], "department_name": ["All Departments"], "is_group": [1]})
    inner = tables["departments"].select(
        _company(keys),
        name="department_id",
        department_name="name",
        parent_department=pl.col("parent_department_id").fill_null("All Departments"),
        disabled=_mark(~pl.col("is_active")),
    )
    yield "Department", pl.concat([root, inner], how="diagonal")
    yield (
        "Employee",
        tables["employees"].select(
            _company(keys),
            name="employee_id",
            employee_name="name",
            department="department_id",
            designation="job",
            reports_to="manager_id",
            user_id="email",
            company_email="email",
            status=pl.when("is_active").then(pl.lit("Active")).otherwise(pl.lit("Left")),
        ),
    )
    yield (
        "Customer",
        tables["customers"].select(
            "industry",
            name="customer_id",
            customer_name="name",
            customer_type=pl.when("is_company").then(pl.lit("Company")).otherwise(pl.lit("Individual")),
            customer_group="segment",
            tax_id="tax_number",
            email_id="email",
            mobile_no="phone",
            account_manager=_user(tables, "owner_id"),
            creation=pl.col("created_on").cast(pl.String) + " 12:00:00",
            disabled=_mark(~pl.col("is_active")),
        ),
    )
    yield from _suppliers(tables)
    yield from _addresses(tables)
    first, last = people("name")
    yield (
        "Contact",
        tables["contacts"].select(
            name="contact_id", first_name=first, last_name=last, email_id="email", designation="role"
        ),
    )


def _suppliers(tables: Tables) -> Rows:
    yield (
        "Supplier",
        tables["suppliers"].select(
            name="supplier_id",
            supplier_name="name",
            country=_land(),
            tax_id="tax_number",
            email_id="email",
            default_currency="currency",
            creation=pl.col("created_on").cast(pl.String) + " 12:00:00",
            disabled=_mark(~pl.col("is_active")),
        ),
    )


def _user(tables: Tables, column: str) -> pl.Expr:
    """The user of an employee, who is known by address."""
    users = dict(tables["employees"].select("employee_id", "email").iter_rows())
    return pl.col(column).replace_strict(users, default=None, return_dtype=pl.String)


def _addresses(tables: Tables) -> Rows:
    """Addresses of customers, suppliers and warehouses, and whom contacts and addresses belong to."""
    houses = tables["sites"].filter(pl.col("site_id") == pl.col("main_site_id"))
    placed = [
        rows.select(link_name=key, link_doctype=pl.lit(doctype), country=_land(), city=city)
        for rows, key, doctype, city in (
            (tables["customers"], "customer_id", "Customer", "city"),
            (tables["suppliers"], "supplier_id", "Supplier", "city"),
            (houses, "site_id", "Warehouse", "name"),
        )
    ]
    addresses = pl.concat(placed).with_columns(parent=pl.lit("address-") + pl.col("link_name"))
    yield "Address", addresses.select("country", "city", name="parent")
    of_people = [
        tables["contacts"]
        .drop_nulls(column)
        .select(parent="contact_id", link_name=column, link_doctype=pl.lit(doctype))
        for column, doctype in (("customer_id", "Customer"), ("supplier_id", "Supplier"))
    ]
    links = [addresses.with_columns(parenttype=pl.lit("Address"))]
    links += [rows.with_columns(parenttype=pl.lit("Contact")) for rows in of_people]
    linked = pl.concat(links, how="diagonal").with_columns(name=pl.lit("link-") + pl.col("parent"))
    yield "Dynamic Link", linked.select("name", "parent", "parenttype", "link_doctype", "link_name")


def _sales(tables: Tables, keys: Keys) -> Rows:
    is_offer, orders = pl.col("status") == "quoted", tables["sales_orders"]
    common = {
        "name": pl.col("sales_order_id"),
        "company": _company(keys),
        "transaction_date": _day("ordered_at"),
        "docstatus": _submitted(pl.lit(value=True), pl.col("status") == "cancelled"),
        "currency": pl.col("currency"),
        "conversion_rate": 1 / pl.col("company_rate").cast(pl.Float64),
        **_totals(),
    }
    words = {"done": "Completed", "cancelled": "Cancelled"}
    yield (
        "Sales Order",
        orders.filter(~is_offer).select(
            **common,
            customer="customer_id",
            delivery_date="promised_on",
            status=pl.col("status").replace_strict(words, default="To Deliver and Bill"),
            po_no="customer_reference",
            set_warehouse="site_id",
            campaign="campaign_id",
        ),
    )
    yield (
        "Quotation",
        orders.filter(is_offer).select(
            **common, quotation_to=pl.lit("Customer"), party_name="customer_id", status=pl.lit("Open")
        ),
    )
    sellers = orders.drop_nulls("salesperson_id")
    yield "Sales Person", tables["employees"].select(name="name", employee="employee_id")
    names = dict(tables["employees"].select("employee_id", "name").iter_rows())
    yield (
        "Sales Team",
        sellers.select(
            name=pl.lit("team-") + pl.col("sales_order_id"),
            parent="sales_order_id",
            idx=pl.lit(1),
            parenttype=pl.when(is_offer).then(pl.lit("Quotation")).otherwise(pl.lit("Sales Order")),
            sales_person=pl.col("salesperson_id").replace_strict(names),
        ),
    )
    yield from _sales_lines(tables, keys)
    yield from _deliveries(tables, keys)


def _totals() -> dict[str, pl.Expr]:
    return {
        "net_total": pl.col("amount_untaxed"),
        "total_taxes_and_charges": pl.col("amount_tax"),
        "grand_total": pl.col("amount_total"),
    }


def _line(keys: Keys, document: str) -> dict[str, pl.Expr]:
    """What lines of orders have in common."""
    return {
        "parent": pl.col(document),
        "idx": pl.col("line_number"),
        "item_code": keys.of("products", "product_id"),
        "description": pl.col("description"),
        "stock_qty": pl.col("quantity"),
        "qty": pl.col("source_quantity"),
        "uom": pl.col("source_unit"),
        "price_list_rate": pl.col("unit_price"),
        "discount_percentage": pl.col("discount") * 100,
        "net_amount": pl.col("amount_untaxed"),
    }


def _factor() -> pl.Expr:
    return (pl.col("quantity") / pl.col("source_quantity")).cast(pl.Int64).alias("conversion_factor")


def _sales_lines(tables: Tables, keys: Keys) -> Rows:
    heads = tables["sales_orders"].select("sales_order_id", is_offer=pl.col("status") == "quoted")
    lines = tables["sales_order_lines"].join(heads, on="sales_order_id", validate="m:1", maintain_order="left")
    common = {"name": pl.col("sales_order_line_id")} | _line(keys, "sales_order_id")
    delivered = pl.col("delivered_quantity").cast(pl.Float64) / _factor()
    sold = lines.filter(~pl.col("is_offer"))
    yield "Sales Order Item", sold.select(_factor(), **common, delivered_qty=delivered, delivery_date="promised_on")
    yield "Quotation Item", lines.filter("is_offer").select(**common)


def _at(instant: pl.Expr, prefix: str = "posting") -> dict[str, pl.Expr]:
    """The day and the time of a posting on the site's clock."""
    clock = instant.dt.convert_time_zone(ZONE)
    return {f"{prefix}_date": clock.dt.date(), f"{prefix}_time": clock.dt.strftime("%H:%M:%S%.6f")}


def _deliveries(tables: Tables, keys: Keys) -> Rows:
    left = tables["shipments"].select(
        _company(keys),
        _submitted(pl.col("status") == "done"),
        **_at(pl.coalesce("shipped_at", "planned_at")),
        name="shipment_id",
        customer="customer_id",
        is_return=pl.lit(0),
        set_warehouse="site_id",
        lr_no="tracking_number",
    )
    returned = tables["returns"].select(
        _company(keys),
        **_at(pl.col("returned_at")),
        docstatus=pl.lit(1, pl.Int32),
        name=pl.lit("DN-") + pl.col("return_id"),
        customer="customer_id",
        is_return=pl.lit(1),
    )
    yield "Delivery Note", pl.concat([left, returned], how="diagonal_relaxed")
    orders = dict(tables["sales_order_lines"].select("sales_order_line_id", "sales_order_id").iter_rows())
    order, code = pl.col("sales_order_line_id").replace_strict(orders), keys.of("products", "product_id")
    lines = tables["shipment_lines"].select(
        name="shipment_line_id",
        parent="shipment_id",
        item_code=code,
        stock_qty="quantity",
        so_detail="sales_order_line_id",
        against_sales_order=order,
    )
    back = tables["returns"].select(
        name="return_id",
        parent=pl.lit("DN-") + pl.col("return_id"),
        item_code=code,
        stock_qty=-pl.col("quantity"),
        so_detail="sales_order_line_id",
        against_sales_order=order,
        warehouse="site_id",
    )
    yield "Delivery Note Item", pl.concat([lines, back], how="diagonal")


def _purchases(tables: Tables, keys: Keys) -> Rows:
    words = {"done": "Completed"}
    yield (
        "Purchase Order",
        tables["purchase_orders"].select(
            _company(keys),
            _submitted(~pl.col("status").is_in(["draft", "quoted"]), pl.col("status") == "cancelled"),
            "currency",
            name="purchase_order_id",
            supplier="supplier_id",
            transaction_date=_day("ordered_at"),
            schedule_date="due_on",
            status=pl.col("status").replace_strict(words, default="To Receive and Bill"),
            net_total="amount_untaxed",
            set_warehouse="site_id",
            owner=_user(tables, "buyer_id"),
        ),
    )
    received = pl.col("received_quantity").cast(pl.Float64) / _factor()
    yield (
        "Purchase Order Item",
        tables["purchase_order_lines"].select(
            _factor(),
            **_line(keys, "purchase_order_id"),
            name="purchase_order_line_id",
            received_qty=received,
            schedule_date="due_on",
        ),
    )
    yield (
        "Purchase Receipt",
        tables["receipts"].select(
            _company(keys),
            _submitted(pl.col("status") == "done"),
            **_at(pl.coalesce("received_at", "planned_at")),
            name="receipt_id",
            supplier="supplier_id",
            is_return=pl.lit(0),
            set_warehouse="site_id",
        ),
    )
    orders = dict(tables["purchase_order_lines"].select("purchase_order_line_id", "purchase_order_id").iter_rows())
    yield (
        "Purchase Receipt Item",
        tables["receipt_lines"].select(
            name="receipt_line_id",
            parent="receipt_id",
            item_code=keys.of("products", "product_id"),
            stock_qty="quantity",
            purchase_order_item="purchase_order_line_id",
            purchase_order=pl.col("purchase_order_line_id").replace_strict(orders),
        ),
    )


def _stock(tables: Tables, keys: Keys) -> Rows:
    code = keys.of("products", "product_id")
    yield (
        "Bin",
        _held_stock(tables)["inventory_levels"].select(
            name=pl.concat_str(code, pl.lit("@"), "site_id"),
            item_code=code,
            warehouse="site_id",
            actual_qty="on_hand",
            reserved_qty="reserved",
            reserved_qty_for_production=pl.lit(0),
        ),
    )
    rows = _ledger(tables)
    details = [
        tables["shipment_lines"].select("sales_order_line_id", number="shipment_id", detail="shipment_line_id"),
        tables["receipt_lines"].select("purchase_order_line_id", number="receipt_id", detail="receipt_line_id"),
    ]
    sold, bought = (
        rows.join(lines, on=["number", lines.columns[0]], how="inner", validate="m:1").select("stock_move_id", "detail")
        for lines in details
    )
    returns = tables["returns"].select("sales_order_line_id", "product_id", moved_at="returned_at", detail="return_id")
    back = rows.join(returns, on=["sales_order_line_id", "product_id", "moved_at"], validate="1:1")
    told = pl.concat([sold, bought, back.select("stock_move_id", "detail")])
    listed = rows.join(told, on="stock_move_id", how="left", validate="1:1", maintain_order="left")
    yield "Stock Ledger Entry", _ledger_rows(listed, keys, code)
    entries = rows.filter(pl.col("kind").is_in(list(PURPOSES)) & ~COUNTED).unique("number", maintain_order=True)
    yield "Stock Entry", entries.select(name="number", purpose=pl.col("kind").replace_strict(PURPOSES))


PURPOSES = {
    "consumption": "Manufacture",
    "production": "Manufacture",
    "transfer": "Material Transfer",
    "adjustment": "Material Issue",
}
COUNTED = (pl.col("kind") == "adjustment") & (pl.col("number") == pl.col("stock_move_id"))
VOUCHERS = {"delivery": "Delivery Note", "customer_return": "Delivery Note", "receipt": "Purchase Receipt"}


def _ledger_rows(rows: pl.DataFrame, keys: Keys, code: pl.Expr) -> pl.DataFrame:
    """The rows of the ledger; a count says only what is there after it."""
    leaves = pl.col("from_place") == "internal"
    moved = pl.when(leaves).then(-pl.col("quantity")).otherwise("quantity")
    house = pl.coalesce("from_site_id", "to_site_id")
    voucher = pl.col("kind").replace_strict(VOUCHERS, default="Stock Entry")
    return rows.select(
        _company(keys),
        **_at(pl.col("moved_at")),
        name="stock_move_id",
        item_code=code,
        warehouse=house,
        actual_qty=pl.when(~COUNTED).then(moved).otherwise(0),
        qty_after_transaction=moved.cum_sum().over("product_id", house, order_by=["moved_at", "stock_move_id"]),
        voucher_type=pl.when(COUNTED).then(pl.lit("Stock Reconciliation")).otherwise(voucher),
        voucher_no="number",
        voucher_detail_no="detail",
        is_cancelled=pl.lit(0),
    )


def _books(tables: Tables, keys: Keys) -> Rows:
    roots = {"receivable": "Asset", "cash": "Asset", "inventory": "Asset", "asset": "Asset", "equity": "Equity"}
    roots |= {"payable": "Liability", "liability": "Liability", "income": "Income"}
    kinds = {"receivable": "Receivable", "payable": "Payable", "cash": "Bank", "inventory": "Stock"}
    kinds |= {"cost_of_sales": "Cost of Goods Sold"}
    yield (
        "Account",
        tables["ledger_accounts"].select(
            _company(keys),
            name="ledger_account_id",
            account_name="name",
            account_number="code",
            root_type=pl.col("kind").replace_strict(roots, default="Expense"),
            account_type=pl.col("kind").replace_strict(kinds, default=""),
            is_group=pl.lit(0),
            disabled=_mark(~pl.col("is_active")),
        ),
    )
    foreign = pl.col("foreign_currency").is_not_null()
    value = pl.when(foreign).then("foreign_amount").otherwise(pl.col("debit") - pl.col("credit"))
    party = pl.when(pl.col("customer_id").is_not_null()).then(pl.lit("Customer"))
    yield (
        "GL Entry",
        tables["ledger_entries"].select(
            _company(keys),
            "debit",
            "credit",
            name="ledger_entry_id",
            account="ledger_account_id",
            posting_date="posted_on",
            account_currency=pl.coalesce("foreign_currency", "currency"),
            debit_in_account_currency=value.clip(0),
            credit_in_account_currency=(-value).clip(0),
            voucher_no="document_number",
            party_type=party.when(pl.col("supplier_id").is_not_null()).then(pl.lit("Supplier")),
            party=pl.coalesce("customer_id", "supplier_id"),
            remarks="description",
            is_cancelled=pl.lit(0),
        ),
    )
    yield from _papers(tables, keys)
    yield from _payments(tables, keys)


def _papers(tables: Tables, keys: Keys) -> Rows:
    common = {"company": _company(keys), "currency": pl.col("currency"), "docstatus": pl.lit(1), **_totals()}
    common |= {"is_return": _mark(pl.col("kind") == "credit_note"), "outstanding_amount": pl.col("amount_open")}
    common |= {"due_date": pl.col("due_on")}
    invoices, bills = tables["invoices"], tables["supplier_bills"]
    sold = invoices.select(
        **common, name="invoice_id", customer="customer_id", posting_date="invoiced_on", conversion_rate=pl.lit(1)
    )
    yield "Sales Invoice", sold
    bought = bills.select(**common, name="supplier_bill_id", supplier="supplier_id", posting_date="billed_on")
    yield "Purchase Invoice", bought
    line = {
        "docstatus": pl.lit(1),
        "item_code": keys.of("products", "product_id"),
        "description": pl.col("description"),
        "stock_qty": pl.col("quantity"),
        "stock_uom_rate": pl.col("unit_price"),
        "net_amount": pl.col("amount_untaxed"),
    }
    orders = dict(tables["sales_order_lines"].select("sales_order_line_id", "sales_order_id").iter_rows())
    yield (
        "Sales Invoice Item",
        tables["invoice_lines"].select(
            **line,
            name="invoice_line_id",
            parent="invoice_id",
            incoming_rate=pl.col("cost_amount").cast(pl.Float64) / pl.col("quantity").cast(pl.Float64),
            so_detail="sales_order_line_id",
            sales_order=pl.col("sales_order_line_id").replace_strict(orders),
        ),
    )
    orders = dict(tables["purchase_order_lines"].select("purchase_order_line_id", "purchase_order_id").iter_rows())
    yield (
        "Purchase Invoice Item",
        tables["supplier_bill_lines"].select(
            **line,
            name="supplier_bill_line_id",
            parent="supplier_bill_id",
            po_detail="purchase_order_line_id",
            purchase_order=pl.col("purchase_order_line_id").replace_strict(orders),
        ),
    )


def _payments(tables: Tables, keys: Keys) -> Rows:
    incoming = pl.col("direction") == "in"
    yield (
        "Payment Entry",
        tables["payments"].select(
            _company(keys),
            name="payment_id",
            payment_type=pl.when(incoming).then(pl.lit("Receive")).otherwise(pl.lit("Pay")),
            party_type=pl.when(incoming).then(pl.lit("Customer")).otherwise(pl.lit("Supplier")),
            party=pl.coalesce("customer_id", "supplier_id"),
            posting_date="paid_on",
            paid_amount="amount",
            received_amount="amount",
            paid_from_account_currency="currency",
            paid_to_account_currency="currency",
            docstatus=pl.lit(1),
        ),
    )
    settled = tables["payments"].drop_nulls("invoice_id")
    yield (
        "Payment Entry Reference",
        settled.select(
            name=pl.lit("ref-") + pl.col("payment_id"),
            parent="payment_id",
            reference_doctype=pl.lit("Sales Invoice"),
            reference_name="invoice_id",
        ),
    )


def _market(tables: Tables, keys: Keys) -> Rows:
    yield "Campaign", tables["campaigns"].select(name="campaign_id", campaign_name="name")
    words = {"converted": "Converted", "lost": "Do Not Contact", "open": "Open"}
    yield (
        "Lead",
        tables["leads"].select(
            _company(keys),
            name="lead_id",
            lead_name="contact_name",
            email_id="email",
            country=_land(),
            status=pl.col("status").replace_strict(words),
            source="origin",
            lead_owner=_user(tables, "owner_id"),
            campaign_name="campaign_id",
            customer="customer_id",
            creation=_clock("created_at"),
        ),
    )
    states = {"won": "Converted", "lost": "Lost", "open": "Open"}
    yield (
        "Opportunity",
        tables["opportunities"].select(
            _company(keys),
            "currency",
            name="opportunity_id",
            title="name",
            opportunity_from=pl.lit("Customer"),
            party_name="customer_id",
            status=pl.col("status").replace_strict(states),
            sales_stage="stage",
            opportunity_amount="expected_amount",
            probability=pl.col("probability") * 100,
            transaction_date=_day("created_at"),
            expected_closing="expected_close_on",
            opportunity_owner=_user(tables, "owner_id"),
            source="origin",
            country=_land(),
            order_lost_reason="lost_reason",
            creation=_clock("created_at"),
            modified=_clock(pl.coalesce("closed_at", "created_at")),
        ),
    )
    yield (
        "Opportunity Item",
        tables["opportunity_lines"].select(
            name="opportunity_line_id",
            parent="opportunity_id",
            item_code=keys.of("products", "product_id"),
            qty="quantity",
            amount="amount_untaxed",
        ),
    )


def _service(tables: Tables, keys: Keys) -> Rows:
    states = {"open": "Open", "pending": "On Hold", "closed": "Closed"}
    ranks = {"low": "Low", "normal": "Medium", "high": "High", "urgent": "Urgent"}
    yield (
        "Issue",
        tables["tickets"].select(
            _company(keys),
            **_at(pl.col("opened_at"), "opening"),
            name="ticket_id",
            subject="subject",
            description="body",
            customer="customer_id",
            status=pl.col("status").replace_strict(states),
            priority=pl.col("priority").replace_strict(ranks),
            first_responded_on=_clock("first_response_at"),
            sla_resolution_date=_clock("closed_at"),
            via_customer_portal=_mark(pl.col("channel") == "web"),
        ),
    )
    offers = tables["sales_orders"].filter(pl.col("status") == "quoted").get_column("sales_order_id")
    is_offer = pl.col("sales_order_id").is_in(offers.implode())
    about = {"opportunity_id": "Opportunity", "ticket_id": "Issue", "sales_order_id": "Sales Order"}
    kinds = [pl.when(pl.col(column).is_not_null()).then(pl.lit(doctype)) for column, doctype in about.items()]
    media = {"mail": "Email", "phone": "Phone", "chat": "Chat", "visit": "Visit", "sms": "SMS"}
    yield (
        "Communication",
        tables["interactions"].select(
            "subject",
            name="interaction_id",
            communication_type=pl.lit("Communication"),
            communication_medium=pl.col("channel").replace_strict(media, default="Other"),
            sent_or_received=pl.when(pl.col("direction") == "out").then(pl.lit("Sent")).otherwise(pl.lit("Received")),
            communication_date=_clock("occurred_at"),
            text_content="body",
            reference_doctype=pl.coalesce(
                *kinds[:2], pl.when(is_offer).then(pl.lit("Quotation")), *kinds[2:], pl.lit("Customer")
            ),
            reference_name=pl.coalesce(*about, "customer_id"),
            user=_user(tables, "employee_id"),
        ),
    )
