"""The sample company as Odoo 18 keeps it: a plain dump of its database, ids by number within each table.

A movement of goods is one row for the stock, the delivery or receipt, and the return alike. Invoices and bills stand
beside the ledger: the sample books documents, where Odoo books their lines.
"""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from sample_data.clothes.tailor import Keys, Outfit, Tables, numbered

BOXES = "a box has a unit of its own for each size"
LIMITS = {
    "sites.kind": "plants are warehouses",
    "sites.code": "only warehouses have one",
    "sites.region": "warehouses are read with their country",
    "products.product_group_id": "each product is a template of its own: variants share one name",
    "units rows": BOXES,
    "sales_order_lines.source_unit": BOXES,
    "purchase_order_lines.source_unit": BOXES,
    "unit_conversions": BOXES,
    "routings.name": "the bill is the routing",
    "operations.setup_minutes": "times to set up belong to work centers",
    "work_centers.site_id": "work centers have no place",
    "customers.region": "customers are read with their country",
    "customers.segment": "the industry",
    "sales_orders.status": "an order stays confirmed, and is locked",
    "sales_orders.requested_on": "only one day is kept, the promised one",
    "sales_orders.first_promised_on": "the first promise is not kept",
    "sales_orders.opportunity_id": "deals are in the CRM",
    "sales_orders.campaign_id": "campaigns are in the CRM",
    "sales_order_lines.requested_on": "only one day is kept, the promised one",
    "sales_order_lines.first_promised_on": "the first promise is not kept",
    "sales_order_lines.promised_on": "lines share the promise of their order",
    "shipments.delivered_at": "when goods arrive is not kept",
    "shipment_lines rows": "of a set, its parts are shipped",
    "invoice_lines.cost_amount": "costs are posted by document, and not beside the lines of invoices",
    "returns.reason": "a return has no reason",
    "purchase_orders.status": "an order stays confirmed, and is locked",
    "purchase_order_lines.first_due_on": "the first day is not kept",
    "purchase_order_lines.received_on": "lines are read without their receipts",
    "supplier_products.product_group_id": "an offer names the template too",
    "supplier_products.multiple_quantity": "packagings of purchase are not read",
    "inventory_levels rows": "quants keep what is there now; what is on the way is not at hand",
    "inventory_levels.as_of_on": "the day of the dump",
    "ledger_entries.supplier_id": "a supplier is told of postings to payables",
    "boms.product_group_id": "a bill names the template too",
    "stock_moves.planned_at": "one instant: the planned one until it is done",
    "work_orders.planned_start_at": "one start: the planned one until work begins",
    "work_order_operations.planned_start_at": "one start: the planned one until work begins",
    "time_entries.work_order_id": "a timesheet is of a project",
    "payroll_totals": "payroll is not in the Community edition",
    "budgets": "budgets are not in the Community edition",
    "targets": "targets are set in Tandem",
}
JSONB = frozenset(
    f"{table}.name"
    for table in (
        "account_account",
        "delivery_carrier",
        "hr_department",
        "hr_job",
        "hr_leave_type",
        "product_template",
        "project_project",
        "res_partner_industry",
        "stock_scrap_reason_tag",
        "uom_category",
        "uom_uom",
    )
) | {
    "account_account.code_store",
    "product_category.property_stock_valuation_account_id",
    "product_product.standard_price",
    "res_partner.property_purchase_currency_id",
}
KINDS = {
    pl.String: "character varying",
    pl.Int64: "integer",
    pl.Float64: "double precision",
    pl.Boolean: "boolean",
    pl.Date: "date",
    pl.Datetime: "timestamp without time zone",
}
ACCOUNTS = {
    "receivable": "asset_receivable",
    "payable": "liability_payable",
    "cash": "asset_cash",
    "inventory": "asset_current",
    "asset": "asset_fixed",
    "liability": "liability_current",
    "cost_of_sales": "expense_direct_cost",
}
NUMBERED = (
    ("companies", "company_id", 0),
    ("currencies", "currency", 0),
    ("exchange_rates", "exchange_rate_id", 0),
    ("calendars", "calendar_id", 0),
    ("calendar_periods", "calendar_period_id", 0),
    ("calendar_exceptions", "calendar_exception_id", 0),
    ("carriers", "carrier_id", 0),
    ("product_categories", "category_id", 0),
    ("products", "product_id", 0),
    ("boms", "bom_id", 0),
    ("bom_lines", "bom_line_id", 0),
    ("work_centers", "work_center_id", 0),
    ("operations", "operation_id", 0),
    ("departments", "department_id", 0),
    ("employees", "employee_id", 0),
    ("absences", "absence_id", 0),
    ("customers", "customer_id", 1_000),
    ("suppliers", "supplier_id", 300_000),
    ("contacts", "contact_id", 500_000),
    ("supplier_products", "supplier_product_id", 0),
    ("sales_orders", "sales_order_id", 0),
    ("sales_order_lines", "sales_order_line_id", 0),
    ("shipments", "shipment_id", 0),
    ("invoices", "invoice_id", 0),
    ("invoice_lines", "invoice_line_id", 0),
    ("payments", "payment_id", 0),
    ("purchase_orders", "purchase_order_id", 0),
    ("purchase_order_lines", "purchase_order_line_id", 0),
    ("receipts", "receipt_id", 3_000_000),
    ("stock_moves", "stock_move_id", 0),
    ("reorder_rules", "reorder_rule_id", 0),
    ("work_orders", "work_order_id", 0),
    ("work_order_operations", "work_order_operation_id", 0),
    ("scrap", "scrap_id", 0),
    ("ledger_accounts", "ledger_account_id", 0),
    ("ledger_entries", "ledger_entry_id", 10_000_000),
    ("supplier_bills", "supplier_bill_id", 3_000_000),
    ("supplier_bill_lines", "supplier_bill_line_id", 3_000_000),
)
PLACES = {"customer": 1, "supplier": 2, "production": 3, "adjustment": 4, "scrap": 5}
USAGES = {"customer": "customer", "supplier": "supplier", "production": "production"}
ROOT, OPERATIONS = 9, {"incoming": 1, "outgoing": 2, "internal": 3}
LOADED = pl.lit("2026-01-01 00:00:00").str.to_datetime(time_unit="us")


def write(path: Path, outfit: Outfit) -> Path:
    """Writes the firm as a plain dump of its PostgreSQL."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as dump:
        dump.write("SET client_encoding = 'UTF8';\n")
        for name, rows in outfit.files.items():
            dump.write(f"CREATE TABLE public.{name} (\n{_columns(name, rows)}\n);\n")
            dump.write(f"COPY public.{name} ({', '.join(rows.columns)}) FROM stdin;\n{_copied(rows)}\\.\n\n")
    return path


def _columns(table: str, rows: pl.DataFrame) -> str:
    kinds = {name: _kind(dtype) for name, dtype in rows.schema.items()}
    by_word = [name for name in rows.columns if f"{table}.{name}" in JSONB and rows[name].str.starts_with("{").all()]
    kinds |= dict.fromkeys(by_word, "jsonb")
    return ",\n".join(f"    {name} {kind}" for name, kind in kinds.items())


def _kind(dtype: pl.DataType) -> str:
    return KINDS.get(dtype.base_type(), "numeric")


def _copied(rows: pl.DataFrame) -> str:
    """Rows as COPY writes them: tabs between values, and a backslash before what cannot stand for itself."""
    times = pl.selectors.datetime()
    texts = rows.with_columns(times.dt.strftime("%Y-%m-%d %H:%M:%S")).cast(pl.String)
    for letter, escaped in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        texts = texts.with_columns(pl.all().str.replace_all(letter, escaped, literal=True))
    return texts.write_csv(separator="\t", include_header=False, null_value="\\N", quote_style="never")


def dressed(tables: Tables) -> Outfit:
    """The firm in Odoo."""
    keys = _keys(tables)
    parts = (
        _shared,
        _places,
        _units,
        _products,
        _making,
        _parties,
        _people,
        _sales,
        _purchases,
        _stock,
        _papers,
        _books,
    )
    files = {name: rows for part in parts for name, rows in part(tables, keys)}
    return Outfit(files=files, held=_held(tables), keys=keys, limits=LIMITS)


def _keys(tables: Tables) -> Keys:
    keys = Keys()
    for table, key, first in NUMBERED:
        keys.give(table, tables[table], key, numbered(first + 1))
    keys.give("sites", tables["sites"], "site_id", numbered(101))
    keys.give("units", _all_units(tables), "unit_id", numbered(1))
    keys.give("product_groups", tables["products"], "product_id", numbered(1))
    keys.give("routings", tables["routings"], "routing_id", keys.of("boms", "bom_id"))
    company = keys.of("companies", "company_id")
    cost = pl.concat_str(keys.of("products", "product_id"), company, separator="/")
    keys.give("product_costs", tables["product_costs"], "product_cost_id", cost)
    kind = pl.concat_str("kind", pl.lit("/"), numbered().over("kind").cast(pl.String))
    keys.give("time_entries", tables["time_entries"], "time_entry_id", kind)
    for table, key in (
        ("shipment_lines", "shipment_line_id"),
        ("receipt_lines", "receipt_line_id"),
        ("returns", "return_id"),
    ):
        moved = _moves_of(tables, table, key)
        keys.give(table, moved, key, keys.of("stock_moves", "stock_move_id"))
    return keys


def _moves_of(tables: Tables, table: str, key: str) -> pl.DataFrame:
    """The movements behind the lines of a table; parts of sets, of which no line tells, are lines of their own."""
    moves, lines = tables["stock_moves"], tables[table]
    if table == "returns":
        on = ["sales_order_line_id", "product_id", "quantity", "moved_at"]
        lines = lines.rename({"returned_at": "moved_at"}).select(*on, key)
        return moves.filter(pl.col("kind") == "customer_return").join(lines, on=on, how="inner", validate="1:1")
    kind, head, document, line = {
        "shipment_lines": ("delivery", "shipments", "shipment_id", "sales_order_line_id"),
        "receipt_lines": ("receipt", "receipts", "receipt_id", "purchase_order_line_id"),
    }[table]
    heads = tables[head].select(document, "number")
    told = lines.join(heads, on=document, validate="m:1").select(key, "number", line, "product_id")
    named = moves.filter(pl.col("kind") == kind).join(heads, on="number", validate="m:1", maintain_order="left")
    both = named.join(told, on=["number", line, "product_id"], how="left", validate="1:1", maintain_order="left")
    return both.with_columns(pl.coalesce(key, "stock_move_id").alias(key))


def _all_units(tables: Tables) -> pl.DataFrame:
    """Units, with a box for each size."""
    sizes = tables["unit_conversions"].filter(pl.col("from_unit") == "box").get_column("factor").unique().sort()
    size = sizes.cast(pl.Int64).cast(pl.String)
    boxes = pl.DataFrame({"unit_id": "box of " + size, "name": "box of " + size, "reference_quantity": sizes})
    of_pieces = boxes.with_columns(company_id=pl.lit("*"), category=pl.lit("count"), is_active=pl.lit(value=True))
    return pl.concat([tables["units"].filter(pl.col("name") != "box"), of_pieces], how="diagonal")


def _unit_of_line() -> pl.Expr:
    """The unit of a line, where a box has its size."""
    size = (pl.col("quantity") / pl.col("source_quantity")).cast(pl.Int64).cast(pl.String)
    return pl.when(pl.col("source_unit") == "box").then(pl.lit("box of ") + size).otherwise("source_unit")


def _held(tables: Tables) -> dict[str, pl.DataFrame]:
    """Each table as far as Odoo has a place for it."""
    as_they_are = (
        "companies currencies exchange_rates calendars calendar_periods calendar_exceptions carriers"
        " product_categories product_costs bom_lines departments employees contacts"
        " suppliers absences scrap reorder_rules payments supplier_bills supplier_bill_lines receipts receipt_lines"
        " invoices ledger_accounts"
    )
    held = {name: tables[name] for name in as_they_are.split()}
    parts = (_held_places, _held_products, _held_sales, _held_purchases, _held_work)
    return held | {name: rows for part in parts for name, rows in part(tables).items()}


def _held_places(tables: Tables) -> dict[str, pl.DataFrame]:
    is_whole = pl.col("site_id") == pl.col("main_site_id")
    inner = tables["sites"].filter(pl.col("kind") == "location")
    levels, now = (
        tables["inventory_levels"],
        pl.col("as_of_on") == pl.col("as_of_on").max().over("product_id", "site_id"),
    )
    return {
        "sites": tables["sites"].with_columns(
            kind=pl.col("kind").replace({"plant": "warehouse"}), code=pl.when(is_whole).then("code"), region="country"
        ),
        "inventory_levels": levels.filter(now).join(inner, on="site_id", how="semi").drop("as_of_on"),
        "stock_moves": tables["stock_moves"].with_columns(
            planned_at=pl.when(pl.col("moved_at").is_null()).then("planned_at")
        ),
    }


def _held_products(tables: Tables) -> dict[str, pl.DataFrame]:
    codes = tables["boms"].select("bom_id", name="code")
    owed = tables["ledger_accounts"].filter(pl.col("kind") == "payable").get_column("ledger_account_id")
    is_owed = pl.col("ledger_account_id").is_in(owed.implode())
    return {
        "ledger_entries": tables["ledger_entries"].with_columns(supplier_id=pl.when(is_owed).then("supplier_id")),
        "boms": tables["boms"].with_columns(product_group_id="product_id"),
        "units": _all_units(tables),
        "products": tables["products"].with_columns(product_group_id="product_id"),
        "routings": tables["routings"].drop("name").join(codes, on="bom_id", how="left", validate="1:1"),
        "operations": tables["operations"].drop("setup_minutes"),
        "work_centers": tables["work_centers"].drop("site_id"),
        "customers": tables["customers"].with_columns(region="country", segment="industry"),
        "supplier_products": tables["supplier_products"]
        .drop("multiple_quantity")
        .with_columns(product_group_id="product_id"),
    }


def _held_sales(tables: Tables) -> dict[str, pl.DataFrame]:
    asked = ("requested_on", "first_promised_on")
    orders = tables["sales_orders"].drop(*asked, "opportunity_id", "campaign_id")
    of_order = orders.select("sales_order_id", "promised_on")
    lines = tables["sales_order_lines"].drop(*asked, "promised_on")
    done = pl.col("status") == "done"
    shipped = _moves_of(tables, "shipment_lines", "shipment_line_id").select(
        *tables["shipment_lines"].drop("shipped_quantity").columns,
        shipped_quantity=pl.when(done).then("quantity").otherwise(0),
    )
    return {
        "sales_orders": orders.with_columns(status=pl.col("status").replace({"done": "confirmed"})),
        "sales_order_lines": lines.with_columns(source_unit=_unit_of_line()).join(
            of_order, on="sales_order_id", validate="m:1"
        ),
        "shipments": tables["shipments"].drop("delivered_at"),
        "shipment_lines": shipped,
        "invoice_lines": tables["invoice_lines"].drop("cost_amount"),
        "returns": tables["returns"].drop("reason"),
    }


def _held_purchases(tables: Tables) -> dict[str, pl.DataFrame]:
    lines = tables["purchase_order_lines"].drop("first_due_on", "received_on")
    return {
        "purchase_orders": tables["purchase_orders"].with_columns(
            status=pl.col("status").replace({"done": "confirmed"})
        ),
        "purchase_order_lines": lines.with_columns(source_unit=_unit_of_line()),
    }


def _held_work(tables: Tables) -> dict[str, pl.DataFrame]:
    start = pl.coalesce("started_at", "planned_start_at")
    return {
        "work_orders": tables["work_orders"].with_columns(planned_start_at=start),
        "work_order_operations": tables["work_order_operations"].with_columns(planned_start_at=start),
        "time_entries": tables["time_entries"].drop("work_order_id"),
    }


Rows = Iterator[tuple[str, pl.DataFrame]]


def _ref(keys: Keys, table: str, column: str) -> pl.Expr:
    return keys.of(table, column).cast(pl.Int64)


def _company(keys: Keys) -> pl.Expr:
    return _ref(keys, "companies", "company_id")


def _of_currency(keys: Keys, column: str = "currency") -> pl.Expr:
    return _ref(keys, "currencies", column)


def _user(keys: Keys, column: str) -> pl.Expr:
    """The user of an employee: their numbers are the same, plus a thousand."""
    return _ref(keys, "employees", column) + 1_000


def _wall(column: str) -> pl.Expr:
    """An instant in UTC, as Odoo keeps it: without a zone."""
    return pl.col(column).dt.replace_time_zone(None)


def _noon(column: str) -> pl.Expr:
    """A day as an instant that lies in it everywhere between Vienna and Shanghai."""
    return pl.col(column).cast(pl.Datetime("us")) + pl.duration(hours=9)


def _words(column: str, chinese: str | None = None) -> pl.Expr:
    """A name by language."""
    spoken = [pl.col(column).alias("en_US"), *([pl.col(chinese).alias("zh_CN")] if chinese else [])]
    return pl.struct(spoken).struct.json_encode()


def _by_company(value: pl.Expr) -> pl.Expr:
    """A value by company, of rows that have a company each."""
    text = pl.concat_str(pl.lit('"'), "company", pl.lit('": '), value)
    return pl.concat_str(pl.lit("{"), text.str.join(", "), pl.lit("}"))


def _shared(tables: Tables, keys: Keys) -> Rows:
    version = {"name": ["base"], "state": ["installed"], "latest_version": ["18.0.1.3"]}
    yield "ir_module_module", pl.DataFrame(version)
    companies = tables["companies"].with_columns(id=_company(keys))
    yield (
        "res_company",
        companies.select(
            "id",
            "name",
            partner_id="id",
            currency_id=_of_currency(keys),
            parent_id=_ref(keys, "companies", "parent_company_id"),
            active="is_active",
        ),
    )
    currencies = tables["currencies"].select(
        "decimal_places", id=_of_currency(keys, "currency_id"), full_name="name", name="currency", active="is_active"
    )
    yield "res_currency", currencies
    rates = tables["exchange_rates"].select(
        "rate",
        id=_ref(keys, "exchange_rates", "exchange_rate_id"),
        currency_id=_of_currency(keys),
        company_id=_company(keys),
        name="valid_from_on",
    )
    yield "res_currency_rate", rates
    yield from _calendars(tables, keys)


def _calendars(tables: Tables, keys: Keys) -> Rows:
    calendar = _ref(keys, "calendars", "calendar_id")
    yield (
        "resource_calendar",
        tables["calendars"].select(
            "name",
            "hours_per_day",
            id=calendar,
            company_id=_company(keys),
            tz="time_zone",
            active="is_active",
        ),
    )
    nothing = {"resource_id": pl.lit(None, pl.Int64)}
    hours = tables["calendar_periods"].select(
        id=_ref(keys, "calendar_periods", "calendar_period_id"),
        calendar_id=calendar,
        dayofweek=(pl.col("weekday") - 1).cast(pl.String),
        hour_from=pl.col("starts_at_minute") / 60,
        hour_to=pl.col("ends_at_minute") / 60,
        day_period=pl.lit("morning"),
        week_type=pl.lit(None, pl.String),
        display_type=pl.lit(None, pl.String),
        date_from=pl.lit(None, pl.Date),
        date_to=pl.lit(None, pl.Date),
        **nothing,
    )
    yield "resource_calendar_attendance", hours
    leaves = tables["calendar_exceptions"].select(
        id=_ref(keys, "calendar_exceptions", "calendar_exception_id"),
        company_id=_company(keys),
        calendar_id=calendar,
        name="reason",
        time_type=pl.lit("leave"),
        date_from=_wall("starts_at"),
        date_to=_wall("ends_at"),
        **nothing,
    )
    yield "resource_calendar_leaves", leaves


def _places(tables: Tables, keys: Keys) -> Rows:
    sites = tables["sites"].with_columns(
        id=_ref(keys, "sites", "site_id"), parent=_ref(keys, "sites", "parent_site_id"), company=_company(keys)
    )
    parents = dict(sites.select("id", "parent").iter_rows())
    houses = sites.filter(pl.col("site_id") == pl.col("main_site_id"))
    usage = {"location": "internal", "transit": "transit"}
    inner = sites.select(
        "id",
        location_id=pl.col("parent").fill_null(ROOT),
        company_id="company",
        name="name",
        complete_name="name",
        usage=pl.col("kind").replace_strict(usage, default="view"),
        parent_path=pl.Series([_path(parents, key) for key in parents]),
        active="is_active",
        scrap_location=pl.lit(value=False),
    )
    yield "stock_location", pl.concat([_outer_places(), inner])
    yield (
        "stock_warehouse",
        houses.select("id", "name", "code", partner_id=pl.col("id"), view_location_id="id", active="is_active"),
    )
    operations = [houses.select(id=_operation("id", code), warehouse_id="id", code=pl.lit(code)) for code in OPERATIONS]
    yield "stock_picking_type", pl.concat(operations)
    yield (
        "delivery_carrier",
        tables["carriers"].select(
            id=_ref(keys, "carriers", "carrier_id"),
            company_id=_company(keys),
            name=_words("name"),
            delivery_type="mode",
            active="is_active",
        ),
    )


def _operation(house: str, code: str) -> pl.Expr:
    """The kind of operation of a warehouse."""
    return pl.col(house) * 10 + OPERATIONS[code]


def _path(parents: dict[int, int | None], key: int) -> str:
    """A location with all that it lies in, as ``9/101/102/``."""
    above = parents[key]
    return f"{ROOT}/{key}/" if above is None else f"{_path(parents, above)}{key}/"


def _outer_places() -> pl.DataFrame:
    names = [*PLACES, "root"]
    numbers = [*PLACES.values(), ROOT]
    return pl.DataFrame(
        {
            "id": numbers,
            "location_id": pl.Series([None] * len(names), dtype=pl.Int64),
            "company_id": pl.Series([None] * len(names), dtype=pl.Int64),
            "name": names,
            "complete_name": names,
            "usage": [USAGES.get(name, "view" if name == "root" else "inventory") for name in names],
            "parent_path": [f"{number}/" for number in numbers],
            "active": [True] * len(names),
            "scrap_location": [name == "scrap" for name in names],
        }
    )


def _units(tables: Tables, keys: Keys) -> Rows:
    units = _all_units(tables)
    kinds = units.unique("category", maintain_order=True).select("category", category_id=numbered())
    yield "uom_category", kinds.select(id="category_id", name=_words("category"))
    rows = units.join(kinds, on="category", validate="m:1", maintain_order="left")
    factor = (1 / pl.col("reference_quantity").cast(pl.Float64)).cast(pl.String)
    yield (
        "uom_uom",
        rows.select(
            "category_id",
            id=_ref(keys, "units", "unit_id"),
            name=_words("name"),
            factor=factor.cast(pl.Decimal(38, 16)),
            active="is_active",
        ),
    )


def _unit(tables: Tables, keys: Keys, column: pl.Expr) -> pl.Expr:
    """The id of the unit that is named."""
    names = dict(_all_units(tables).select("name", "unit_id").iter_rows())
    key = column.replace_strict(names, default=None, return_dtype=pl.String).alias("unit_id")
    pairs = dict(keys.pairs["units"].iter_rows())
    return key.replace_strict(pairs, default=None, return_dtype=pl.String).cast(pl.Int64)


def _products(tables: Tables, keys: Keys) -> Rows:
    accounts = tables["ledger_accounts"].filter(pl.col("kind") == "inventory")
    accounts = accounts.with_columns(company=_company(keys), account=_ref(keys, "ledger_accounts", "ledger_account_id"))
    turn = accounts.select("company", "account", turn=numbered(0).over("company"))
    valued = turn.group_by("turn", maintain_order=True).agg(
        property_stock_valuation_account_id=_by_company(pl.col("account").cast(pl.String))
    )
    categories = tables["product_categories"].with_columns(turn=numbered(0) % valued.height)
    yield (
        "product_category",
        categories.join(valued, on="turn", validate="m:1", maintain_order="left").select(
            "property_stock_valuation_account_id",
            "name",
            id=_ref(keys, "product_categories", "category_id"),
            parent_id=_ref(keys, "product_categories", "parent_category_id"),
            complete_name="path",
        ),
    )
    product = _ref(keys, "products", "product_id")
    costs = tables["product_costs"].with_columns(company=_company(keys)).group_by("product_id", maintain_order=True)
    prices = costs.agg(standard_price=_by_company(pl.col("cost").cast(pl.String)))
    yield (
        "product_product",
        tables["products"]
        .join(prices, on="product_id", how="left", validate="1:1", maintain_order="left")
        .select(
            "standard_price",
            "barcode",
            "weight",
            "volume",
            id=product,
            product_tmpl_id=product,
            default_code="sku",
            active="is_active",
            create_date=_noon("created_on"),
        ),
    )
    yield (
        "product_template",
        tables["products"].select(
            "list_price",
            id=product,
            categ_id=_ref(keys, "product_categories", "category_id"),
            uom_id=_unit(tables, keys, pl.col("unit")),
            company_id=_company(keys),
            type=pl.when(pl.col("kind") == "service").then(pl.lit("service")).otherwise(pl.lit("consu")),
            is_storable=pl.col("kind") != "service",
            name=_words("name", "name_zh"),
            sale_ok="is_sold",
            purchase_ok="is_purchased",
            active="is_active",
        ),
    )
    yield "product_supplierinfo", _offers(tables, keys)


def _offers(tables: Tables, keys: Keys) -> pl.DataFrame:
    product = _ref(keys, "products", "product_id")
    return tables["supplier_products"].select(
        "price",
        id=_ref(keys, "supplier_products", "supplier_product_id"),
        partner_id=_ref(keys, "suppliers", "supplier_id"),
        company_id=_company(keys),
        product_id=product,
        product_tmpl_id=product,
        delay=pl.col("lead_time_days").cast(pl.Int64),
        product_code="supplier_sku",
        currency_id=_of_currency(keys),
        min_qty="minimum_quantity",
        sequence="priority",
        date_start="valid_from_on",
        date_end=pl.lit(None, pl.Date),
    )


def _making(tables: Tables, keys: Keys) -> Rows:
    product, bill, center = (
        _ref(keys, table, column)
        for table, column in (("products", "product_id"), ("boms", "bom_id"), ("work_centers", "work_center_id"))
    )
    units = dict(tables["products"].select("product_id", "unit").iter_rows())
    unit = _unit(tables, keys, pl.col("product_id").replace_strict(units, default=None))
    bills = tables["boms"].select(
        "code",
        id=bill,
        product_tmpl_id=product,
        product_id=product,
        product_uom_id=unit,
        company_id=_company(keys),
        type=pl.col("kind").replace_strict({"make": "normal", "kit": "phantom"}),
        produce_delay=pl.col("lead_time_days").cast(pl.Int64),
        product_qty="quantity",
        active="is_active",
    )
    yield "mrp_bom", bills
    parts = tables["bom_lines"].select(
        id=_ref(keys, "bom_lines", "bom_line_id"),
        bom_id=bill,
        product_id=_ref(keys, "products", "component_id"),
        product_uom_id=_unit(tables, keys, pl.col("source_unit")),
        operation_id=_ref(keys, "operations", "operation_id"),
        product_qty="source_quantity",
    )
    yield "mrp_bom_line", parts
    centers = tables["work_centers"].select(
        "code",
        "name",
        id=center,
        company_id=_company(keys),
        resource_calendar_id=_ref(keys, "calendars", "calendar_id"),
        time_efficiency=pl.col("efficiency").cast(pl.Float64) * 100,
        default_capacity=pl.col("capacity").cast(pl.Float64),
        costs_hour=pl.col("cost_per_hour").cast(pl.Float64),
        time_start=pl.lit(None, pl.Float64),
        active="is_active",
    )
    yield "mrp_workcenter", centers
    routes = tables["routings"].select("routing_id", "bom_id")
    steps = tables["operations"].join(routes, on="routing_id", validate="m:1", maintain_order="left")
    steps = steps.select(
        "sequence",
        "name",
        id=_ref(keys, "operations", "operation_id"),
        bom_id=bill,
        workcenter_id=center,
        time_cycle_manual=pl.col("minutes_per_unit").cast(pl.Float64),
        active="is_active",
    )
    yield "mrp_routing_workcenter", steps
    yield "mrp_production", _work_orders(tables, keys, unit)
    yield "mrp_workorder", _work_steps(tables, keys)
    yield from _scrapped(tables, keys, unit)


def _work_orders(tables: Tables, keys: Keys, unit: pl.Expr) -> pl.DataFrame:
    state = pl.when((pl.col("status") == "confirmed") & pl.col("started_at").is_not_null())
    known = pl.col("status").replace({"cancelled": "cancel"})
    return tables["work_orders"].select(
        id=_ref(keys, "work_orders", "work_order_id"),
        name="number",
        product_id=_ref(keys, "products", "product_id"),
        product_uom_id=unit,
        bom_id=_ref(keys, "boms", "bom_id"),
        company_id=_company(keys),
        location_dest_id=_ref(keys, "sites", "site_id"),
        origin=pl.lit(None, pl.String),
        state=state.then(pl.lit("progress")).otherwise(known),
        product_qty="quantity",
        qty_producing="produced_quantity",
        date_deadline=_noon("due_on"),
        date_start=pl.coalesce(_wall("started_at"), _wall("planned_start_at")),
        date_finished=_wall("finished_at"),
    )


def _work_steps(tables: Tables, keys: Keys) -> pl.DataFrame:
    states = {"cancelled": "cancel", "planned": "pending", "started": "progress"}
    return tables["work_order_operations"].select(
        "sequence",
        "name",
        id=_ref(keys, "work_order_operations", "work_order_operation_id"),
        production_id=_ref(keys, "work_orders", "work_order_id"),
        operation_id=_ref(keys, "operations", "operation_id"),
        workcenter_id=_ref(keys, "work_centers", "work_center_id"),
        product_uom_id=pl.lit(None, pl.Int64),
        state=pl.col("status").replace(states),
        qty_produced="produced_quantity",
        duration_expected="planned_minutes",
        duration=pl.col("actual_minutes").cast(pl.Float64),
        date_start=pl.coalesce(_wall("started_at"), _wall("planned_start_at")),
        date_finished=_wall("finished_at"),
    )


def _scrapped(tables: Tables, keys: Keys, unit: pl.Expr) -> Rows:
    scrap = _ref(keys, "scrap", "scrap_id")
    reasons = tables["scrap"].unique("reason", maintain_order=True).select("reason", tag=numbered())
    yield "stock_scrap_reason_tag", reasons.select(id="tag", name=_words("reason"))
    tagged = tables["scrap"].join(reasons, on="reason", validate="m:1", maintain_order="left")
    yield (
        "stock_scrap_stock_scrap_reason_tag_rel",
        tagged.select(stock_scrap_id=scrap, stock_scrap_reason_tag_id="tag"),
    )
    yield (
        "stock_scrap",
        tables["scrap"].select(
            id=scrap,
            company_id=_company(keys),
            product_id=_ref(keys, "products", "product_id"),
            product_uom_id=unit,
            location_id=_ref(keys, "sites", "site_id"),
            production_id=_ref(keys, "work_orders", "work_order_id"),
            state="status",
            scrap_qty="quantity",
            date_done=_wall("scrapped_at"),
        ),
    )


def _parties(tables: Tables, keys: Keys) -> Rows:
    everybody = pl.concat([*_firms(tables, keys), *_traders(tables, keys)], how="diagonal")
    lands = (
        everybody.drop_nulls("country").unique("country", maintain_order=True).select("country", country_id=numbered())
    )
    yield "res_country", lands.select(id="country_id", code="country")
    trades = everybody.drop_nulls("trade").unique("trade", maintain_order=True).select("trade", industry_id=numbered())
    yield "res_partner_industry", trades.select(id="industry_id", name=_words("trade"))
    placed = everybody.join(lands, on="country", how="left", validate="m:1", maintain_order="left")
    partners = placed.join(trades, on="trade", how="left", validate="m:1", maintain_order="left")
    unused = {name: pl.lit(None, pl.String) for name in ("complete_name", "email_normalized", "mobile", "type")}
    yield "res_partner", partners.drop("country", "trade").with_columns(**unused, partner_share=pl.lit(value=True))


def _firms(tables: Tables, keys: Keys) -> Iterator[pl.DataFrame]:
    """The companies and their warehouses, as partners."""
    zones = dict(
        tables["sites"].filter(pl.col("time_zone").is_not_null()).select("company_id", "time_zone").iter_rows()
    )
    company = pl.col("id").alias("commercial_partner_id")
    yield (
        tables["companies"]
        .select("name", "country", id=_company(keys), tz=pl.col("company_id").replace_strict(zones))
        .with_columns(company)
    )
    houses = tables["sites"].filter(pl.col("site_id") == pl.col("main_site_id"))
    yield houses.select("name", "country", id=_ref(keys, "sites", "site_id"), tz="time_zone").with_columns(company)


def _traders(tables: Tables, keys: Keys) -> Iterator[pl.DataFrame]:
    known = {"ref": pl.col("number"), "vat": pl.col("tax_number"), "active": pl.col("is_active")}
    known |= {"create_date": _noon("created_on")}
    firm = pl.col("id").alias("commercial_partner_id")
    yield (
        tables["customers"]
        .select(
            "name",
            "email",
            "phone",
            "country",
            "city",
            "is_company",
            id=_ref(keys, "customers", "customer_id"),
            trade="industry",
            user_id=_user(keys, "owner_id"),
            company_id=_company(keys),
            customer_rank=pl.lit(1, pl.Int64),
            **known,
        )
        .with_columns(firm)
    )
    currency = pl.concat_str(pl.lit('{"1": '), _of_currency(keys).cast(pl.String), pl.lit("}"))
    yield (
        tables["suppliers"]
        .select(
            "name",
            "email",
            "country",
            "city",
            id=_ref(keys, "suppliers", "supplier_id"),
            company_id=_company(keys),
            supplier_rank=pl.lit(1, pl.Int64),
            property_purchase_currency_id=currency,
            **known,
        )
        .with_columns(firm)
    )
    owner = pl.coalesce(_ref(keys, "customers", "customer_id"), _ref(keys, "suppliers", "supplier_id"))
    yield tables["contacts"].select(
        "name",
        "email",
        "country",
        id=_ref(keys, "contacts", "contact_id"),
        company_id=_company(keys),
        commercial_partner_id=owner,
        parent_id=owner,
        function="role",
        active="is_active",
    )


def _people(tables: Tables, keys: Keys) -> Rows:
    employee, company = _ref(keys, "employees", "employee_id"), _company(keys)
    yield (
        "hr_department",
        tables["departments"].select(
            id=_ref(keys, "departments", "department_id"),
            company_id=company,
            parent_id=_ref(keys, "departments", "parent_department_id"),
            name=_words("name"),
            active="is_active",
        ),
    )
    yield (
        "hr_employee",
        tables["employees"].select(
            "name",
            "hourly_cost",
            id=employee,
            company_id=company,
            department_id=_ref(keys, "departments", "department_id"),
            parent_id=_ref(keys, "employees", "manager_id"),
            user_id=_user(keys, "employee_id"),
            work_email="email",
            job_title="job",
            job_id=pl.lit(None, pl.Int64),
            active="is_active",
        ),
    )
    kinds = tables["absences"].unique("kind", maintain_order=True).select("kind", holiday_status_id=numbered())
    yield "hr_job", pl.DataFrame(schema={"id": pl.Int64, "name": pl.String})
    yield "hr_leave_type", kinds.select(id="holiday_status_id", name=_words("kind"))
    absences = tables["absences"].join(kinds, on="kind", validate="m:1", maintain_order="left")
    yield (
        "hr_leave",
        absences.select(
            "holiday_status_id",
            id=_ref(keys, "absences", "absence_id"),
            employee_id=employee,
            state=pl.lit("validate"),
            request_date_from="starts_on",
            request_date_to="ends_on",
            date_from=_noon("starts_on"),
            date_to=_noon("ends_on"),
            number_of_days=pl.col("days").cast(pl.Float64),
        ),
    )
    yield from _hours(tables, keys, employee)


def _hours(tables: Tables, keys: Keys, employee: pl.Expr) -> Rows:
    number = keys.of("time_entries", "time_entry_id").str.extract(r"(\d+)$", 1).cast(pl.Int64)
    present, booked = (
        tables["time_entries"].filter(pl.col("kind") == kind).with_columns(id=number)
        for kind in ("attendance", "timesheet")
    )
    yield (
        "hr_attendance",
        present.select(
            "id",
            employee_id=employee,
            check_in=_wall("started_at"),
            check_out=_wall("ended_at"),
            worked_hours=pl.col("hours").cast(pl.Float64),
        ),
    )
    projects = booked.drop_nulls("project").unique("project", maintain_order=True)
    projects = projects.select("project", project_id=numbered())
    yield "ir_model_data", _hour(tables, keys)
    yield "project_project", projects.select(id="project_id", name=_words("project"))
    hours = booked.join(projects, on="project", how="left", validate="m:1", maintain_order="left")
    yield (
        "account_analytic_line",
        hours.select(
            "id",
            project_id=pl.col("project_id").fill_null(0),
            employee_id=employee,
            company_id=_company(keys),
            product_uom_id=pl.lit(None, pl.Int64),
            date="worked_on",
            name=pl.lit(None, pl.String),
            unit_amount=pl.col("hours").cast(pl.Float64),
            so_line=_ref(keys, "sales_order_lines", "sales_order_line_id"),
        ),
    )


def _hour(tables: Tables, keys: Keys) -> pl.DataFrame:
    """Which unit is the hour."""
    hours = _all_units(tables).filter(pl.col("name") == "h")
    words = {"model": "uom.uom", "module": "uom", "name": "product_uom_hour"}
    return hours.select(res_id=_ref(keys, "units", "unit_id")).with_columns(
        pl.lit(word).alias(name) for name, word in words.items()
    )


def _sales(tables: Tables, keys: Keys) -> Rows:
    order = _ref(keys, "sales_orders", "sales_order_id")
    states = {"quoted": "sent", "confirmed": "sale", "done": "sale", "cancelled": "cancel"}
    yield (
        "sale_order",
        tables["sales_orders"].select(
            "amount_untaxed",
            "amount_tax",
            "amount_total",
            id=order,
            name="number",
            company_id=_company(keys),
            partner_id=_ref(keys, "customers", "customer_id"),
            currency_id=_of_currency(keys),
            currency_rate="company_rate",
            user_id=_user(keys, "salesperson_id"),
            state=pl.col("status").replace(states),
            client_order_ref="customer_reference",
            commitment_date=_noon("promised_on"),
            date_order=_wall("ordered_at"),
            warehouse_id=_ref(keys, "sites", "site_id"),
        ),
    )
    yield (
        "sale_order_line",
        tables["sales_order_lines"].select(
            **_line(tables, keys, delivered="qty_delivered", received="delivered_quantity"),
            id=_ref(keys, "sales_order_lines", "sales_order_line_id"),
            order_id=order,
            product_uom_qty="source_quantity",
        ),
    )


def _line(tables: Tables, keys: Keys, *, delivered: str, received: str) -> dict[str, pl.Expr]:
    """What lines of sales and purchases have in common; what came and was billed is in the unit of the line."""
    return {
        "sequence": pl.col("line_number"),
        "company_id": _company(keys),
        "currency_id": _of_currency(keys),
        "product_id": _ref(keys, "products", "product_id"),
        "product_uom": _unit(tables, keys, _unit_of_line()),
        "display_type": pl.lit(None, pl.String),
        "name": pl.col("description"),
        "price_unit": pl.col("unit_price"),
        "discount": pl.col("discount") * 100,
        "price_subtotal": pl.col("amount_untaxed"),
        delivered: _in_unit(received),
        "qty_invoiced": _in_unit("invoiced_quantity"),
        "is_downpayment": pl.lit(value=False),
    }


def _in_unit(quantity: str) -> pl.Expr:
    share = pl.col(quantity).cast(pl.Float64) * pl.col("source_quantity").cast(pl.Float64)
    return (share / pl.col("quantity").cast(pl.Float64)).cast(pl.String).cast(pl.Decimal(38, 12))


def _purchases(tables: Tables, keys: Keys) -> Rows:
    order = _ref(keys, "purchase_orders", "purchase_order_id")
    states = {"quoted": "sent", "confirmed": "purchase", "done": "purchase", "cancelled": "cancel"}
    yield (
        "purchase_order",
        tables["purchase_orders"].select(
            "amount_untaxed",
            id=order,
            name="number",
            partner_ref="supplier_reference",
            company_id=_company(keys),
            partner_id=_ref(keys, "suppliers", "supplier_id"),
            currency_id=_of_currency(keys),
            user_id=_user(keys, "buyer_id"),
            state=pl.col("status").replace(states),
            date_order=_wall("ordered_at"),
            date_approve=_wall("ordered_at"),
            create_date=_wall("ordered_at"),
            date_planned=_noon("due_on"),
            picking_type_id=_operation_at(keys, "site_id", "incoming"),
        ),
    )
    yield (
        "purchase_order_line",
        tables["purchase_order_lines"].select(
            **_line(tables, keys, delivered="qty_received", received="received_quantity"),
            id=_ref(keys, "purchase_order_lines", "purchase_order_line_id"),
            order_id=order,
            product_qty="source_quantity",
            date_planned=_noon("due_on"),
        ),
    )


def _operation_at(keys: Keys, site: str, code: str) -> pl.Expr:
    return _ref(keys, "sites", site) * 10 + OPERATIONS[code]


STATES = {"planned": "confirmed", "ready": "assigned", "cancelled": "cancel"}


def _stock(tables: Tables, keys: Keys) -> Rows:
    yield "stock_picking", pl.concat([_shipments(tables, keys), _receipts(tables, keys)], how="diagonal")
    moves = _moved(tables, keys)
    yield "stock_move", moves
    done = moves.filter(pl.col("state") == "done")
    handled = done.select("id", "location_id", "location_dest_id", "quantity", move_id="id")
    yield "stock_move_line", handled.with_columns(quantity_product_uom="quantity")
    product, site = _ref(keys, "products", "product_id"), _ref(keys, "sites", "site_id")
    levels = _held_places(tables)["inventory_levels"]
    yield (
        "stock_quant",
        levels.select(
            id=numbered(),
            product_id=product,
            company_id=_company(keys),
            location_id=site,
            quantity="on_hand",
            reserved_quantity="reserved",
        ),
    )
    yield (
        "stock_warehouse_orderpoint",
        tables["reorder_rules"].select(
            id=_ref(keys, "reorder_rules", "reorder_rule_id"),
            location_id=site,
            product_id=product,
            company_id=_company(keys),
            product_min_qty="minimum_quantity",
            product_max_qty="maximum_quantity",
            qty_multiple="multiple_quantity",
            active="is_active",
        ),
    )


def _shipments(tables: Tables, keys: Keys) -> pl.DataFrame:
    return tables["shipments"].select(
        id=_ref(keys, "shipments", "shipment_id"),
        name="number",
        state=pl.col("status").replace(STATES),
        company_id=_company(keys),
        partner_id=_ref(keys, "customers", "customer_id"),
        sale_id=_ref(keys, "sales_orders", "sales_order_id"),
        picking_type_id=_operation_at(keys, "site_id", "outgoing"),
        location_id=_ref(keys, "sites", "site_id"),
        location_dest_id=pl.lit(PLACES["customer"], pl.Int64),
        scheduled_date=_wall("planned_at"),
        date_deadline=_wall("due_at"),
        date_done=_wall("shipped_at"),
        backorder_id=_ref(keys, "shipments", "backorder_of_id"),
        carrier_id=_ref(keys, "carriers", "carrier_id"),
        carrier_tracking_ref="tracking_number",
    )


def _receipts(tables: Tables, keys: Keys) -> pl.DataFrame:
    return tables["receipts"].select(
        id=_ref(keys, "receipts", "receipt_id"),
        name="number",
        state=pl.col("status").replace(STATES),
        company_id=_company(keys),
        partner_id=_ref(keys, "suppliers", "supplier_id"),
        picking_type_id=_operation_at(keys, "site_id", "incoming"),
        location_id=pl.lit(PLACES["supplier"], pl.Int64),
        location_dest_id=_ref(keys, "sites", "site_id"),
        scheduled_date=_wall("planned_at"),
        date_deadline=_wall("due_at"),
        date_done=_wall("received_at"),
        backorder_id=_ref(keys, "receipts", "backorder_of_id"),
    )


def _moved(tables: Tables, keys: Keys) -> pl.DataFrame:
    numbers = [
        tables[table].select("number", picking_id=_ref(keys, table, key))
        for table, key in (("shipments", "shipment_id"), ("receipts", "receipt_id"))
    ]
    moves = tables["stock_moves"].join(
        pl.concat(numbers), on="number", how="left", validate="m:1", maintain_order="left"
    )
    sold = tables["sales_order_lines"].select("sales_order_line_id", "sales_order_id")
    buyers = tables["sales_orders"].select("sales_order_id", "customer_id")
    buyers = sold.join(buyers, on="sales_order_id", validate="m:1").select("sales_order_line_id", "customer_id")
    moves = moves.join(buyers, on="sales_order_line_id", how="left", validate="m:1", maintain_order="left")
    units = dict(tables["products"].select("product_id", "unit").iter_rows())
    order = _ref(keys, "work_orders", "work_order_id")
    origin, goal = (
        pl.coalesce(
            _ref(keys, "sites", site), pl.col(place).replace_strict(PLACES, default=None, return_dtype=pl.Int64)
        )
        for site, place in (("from_site_id", "from_place"), ("to_site_id", "to_place"))
    )
    return moves.select(
        "quantity",
        "picking_id",
        id=_ref(keys, "stock_moves", "stock_move_id"),
        company_id=_company(keys),
        product_id=_ref(keys, "products", "product_id"),
        product_uom=_unit(tables, keys, pl.col("product_id").replace_strict(units)),
        partner_id=_ref(keys, "customers", "customer_id"),
        location_id=origin,
        location_dest_id=goal,
        picking_type_id=pl.lit(None, pl.Int64),
        name="number",
        reference="number",
        state=pl.col("status").replace(STATES),
        product_qty="demand_quantity",
        product_uom_qty="demand_quantity",
        scrapped=pl.col("kind") == "scrap",
        date=pl.coalesce(_wall("moved_at"), _wall("planned_at")),
        production_id=pl.when(pl.col("kind") == "production").then(order),
        raw_material_production_id=pl.when(pl.col("kind") != "production").then(order),
        sale_line_id=_ref(keys, "sales_order_lines", "sales_order_line_id"),
        purchase_line_id=_ref(keys, "purchase_order_lines", "purchase_order_line_id"),
    )


def _papers(tables: Tables, keys: Keys) -> Rows:
    """Payments, and which line of which order an invoice is for."""
    payer = pl.coalesce(_ref(keys, "customers", "customer_id"), _ref(keys, "suppliers", "supplier_id"))
    payment, invoice = _ref(keys, "payments", "payment_id"), _ref(keys, "invoices", "invoice_id")
    incoming = pl.col("direction") == "in"
    yield (
        "account_payment",
        tables["payments"].select(
            "amount",
            id=payment,
            company_id=_company(keys),
            currency_id=_of_currency(keys),
            partner_id=payer,
            state=pl.lit("paid"),
            payment_type=pl.when(incoming).then(pl.lit("inbound")).otherwise(pl.lit("outbound")),
            partner_type=pl.when(incoming).then(pl.lit("customer")).otherwise(pl.lit("supplier")),
            date="paid_on",
        ),
    )
    settled = tables["payments"].drop_nulls("invoice_id")
    yield "account_move__account_payment", settled.select(invoice_id=invoice, payment_id=payment)
    yield (
        "sale_order_line_invoice_rel",
        tables["invoice_lines"]
        .drop_nulls("sales_order_line_id")
        .select(
            invoice_line_id=_ref(keys, "invoice_lines", "invoice_line_id"),
            order_line_id=_ref(keys, "sales_order_lines", "sales_order_line_id"),
        ),
    )


def _books(tables: Tables, keys: Keys) -> Rows:
    account, company = _ref(keys, "ledger_accounts", "ledger_account_id"), _company(keys)
    accounts = tables["ledger_accounts"].with_columns(company=company)
    code = pl.concat_str(pl.lit('{"'), "company", pl.lit('": "'), "code", pl.lit('"}'))
    yield (
        "account_account",
        accounts.select(
            id=account,
            account_type=pl.col("kind").replace(ACCOUNTS),
            name=_words("name"),
            code_store=code,
            deprecated=~pl.col("is_active"),
        ),
    )
    yield "account_account_res_company_rel", accounts.select(account_account_id=account, res_company_id="company")
    invoices = _documents(tables, keys, "invoices", "invoice_id", "customers", "customer_id", "invoiced_on", "out")
    bills = _documents(
        tables, keys, "supplier_bills", "supplier_bill_id", "suppliers", "supplier_id", "billed_on", "in"
    )
    entries = tables["ledger_entries"].with_columns(document=pl.concat_str("company_id", "document_number"))
    heads = entries.unique("document", maintain_order=True).with_columns(move_id=numbered(20_000_001))
    booked = heads.select(
        id="move_id", company_id=company, name="document_number", state=pl.lit("posted"), move_type=pl.lit("entry")
    )
    yield "account_move", pl.concat([invoices, bills, booked], how="diagonal")
    posted = entries.join(heads.select("document", "move_id"), on="document", validate="m:1", maintain_order="left")
    lines = [_invoice_lines(tables, keys), _bill_lines(tables, keys), _postings(posted, keys)]
    yield "ir_default", pl.DataFrame(schema={"field_id": pl.Int64, "json_value": pl.String})
    yield "ir_model_fields", pl.DataFrame(schema={"id": pl.Int64, "name": pl.String, "model": pl.String})
    yield "account_move_line", pl.concat(lines, how="diagonal")


def _documents(  # noqa: PLR0913, PLR0917 - one name for each end of the two kinds of papers
    tables: Tables, keys: Keys, table: str, key: str, parties: str, party: str, day: str, side: str
) -> pl.DataFrame:
    states = {"unpaid": "not_paid"}
    kinds = {"invoice": f"{side}_invoice", "credit_note": f"{side}_refund"}
    return tables[table].select(
        *(pl.col(name).abs() for name in ("amount_untaxed", "amount_tax", "amount_total")),
        id=_ref(keys, table, key),
        company_id=_company(keys),
        partner_id=_ref(keys, parties, party),
        currency_id=_of_currency(keys),
        name="number",
        state="status",
        move_type=pl.col("kind").replace_strict(kinds),
        payment_state=pl.col("payment_status").replace(states),
        invoice_date=day,
        invoice_date_due="due_on",
        amount_residual=pl.col("amount_open").abs(),
    )


def _invoice_lines(tables: Tables, keys: Keys) -> pl.DataFrame:
    return tables["invoice_lines"].select(
        **_billed(tables, keys),
        id=_ref(keys, "invoice_lines", "invoice_line_id"),
        move_id=_ref(keys, "invoices", "invoice_id"),
    )


def _bill_lines(tables: Tables, keys: Keys) -> pl.DataFrame:
    return tables["supplier_bill_lines"].select(
        **_billed(tables, keys),
        id=_ref(keys, "supplier_bill_lines", "supplier_bill_line_id"),
        move_id=_ref(keys, "supplier_bills", "supplier_bill_id"),
        purchase_line_id=_ref(keys, "purchase_order_lines", "purchase_order_line_id"),
    )


def _billed(tables: Tables, keys: Keys) -> dict[str, pl.Expr]:
    """What lines of invoices and bills have in common, without a sign: that is in the kind of the document."""
    units = dict(tables["products"].select("product_id", "unit").iter_rows())
    return {
        "display_type": pl.lit("product"),
        "company_id": _company(keys),
        "currency_id": _of_currency(keys),
        "product_id": _ref(keys, "products", "product_id"),
        "product_uom_id": _unit(tables, keys, pl.col("product_id").replace_strict(units)),
        "name": pl.col("description"),
        "quantity": pl.col("quantity").abs(),
        "price_unit": pl.col("unit_price"),
        "price_subtotal": pl.col("amount_untaxed").abs(),
    }


def _postings(posted: pl.DataFrame, keys: Keys) -> pl.DataFrame:
    party = pl.coalesce(_ref(keys, "customers", "customer_id"), _ref(keys, "suppliers", "supplier_id"))
    foreign = pl.col("foreign_currency").is_not_null()
    return posted.select(
        "move_id",
        "debit",
        "credit",
        id=_ref(keys, "ledger_entries", "ledger_entry_id"),
        company_id=_company(keys),
        company_currency_id=_of_currency(keys),
        currency_id=pl.when(foreign).then(_of_currency(keys, "foreign_currency")).otherwise(_of_currency(keys)),
        amount_currency=pl.when(foreign).then("foreign_amount").otherwise(pl.col("debit") - pl.col("credit")),
        account_id=_ref(keys, "ledger_accounts", "ledger_account_id"),
        partner_id=party,
        move_name="document_number",
        parent_state="status",
        name="description",
        date="posted_on",
    )
