"""The sample company as SAP ECC keeps it: extracts of its tables, days and numbers written as a German screen does.

Company codes are the valuation areas, one chart of accounts serves all, and all documents count by number.
"""

import polars as pl

from sample_data.clothes.tailor import Keys, Outfit, Tables, ending, midnight, within

LIMITS = {
    "companies.parent_company_id": "T001 does not say who owns a company",
    "sites rows": "plants and their storage locations are all the places there are; no halls, nothing on the way",
    "sites.code": "a storage location has four letters of its own within its plant",
    "sites.name": "a storage location is named after its plant's code",
    "sites.kind": "warehouses are plants",
    "sites.parent_site_id": "a storage location lies in its plant itself",
    "sites.region": "plants are read with their country",
    "sites.time_zone": "plants are read without their time zone",
    "product_categories rows": "only the groups that materials are in are known",
    "product_categories.name": "T023T, the names of material groups, is not read",
    "product_categories.path": "material groups have no parents",
    "product_categories.parent_category_id": "material groups have no parents",
    "products.sku": "the material number is the number that people use",
    "products.product_group_id": "a material has no variants that are sold under one name",
    "products.kind": "a sales set is a material with a bill for sales",
    "products.unit": "units are those of SAP",
    "products.cost": "valued by company: one cost only where all companies agree",
    "products.currency": "that of the one cost",
    "products.list_price": "prices by condition (KONP) are not read",
    "products.is_sold": "sales views (MVKE) are not read",
    "products.is_purchased": "sources of supply are not read",
    "unit_conversions rows": "a material has its own units; what holds for all materials (T006) is not read",
    "unit_conversions.from_unit": "units are those of SAP",
    "unit_conversions.to_unit": "units are those of SAP",
    "boms.code": "a bill has a number and no other name",
    "boms.valid_from_on": "a bill holds from a day on",
    "boms.lead_time_days": "the time to make something belongs to routings, which are not read",
    "bom_lines.source_unit": "units are those of SAP",
    "bom_lines.operation_id": "routings are not read",
    "inventory_levels rows": "MARD keeps what is there now, and nothing of what is on the way",
    "inventory_levels.as_of_on": "the day of the files",
    "inventory_levels.reserved": "what is reserved (RESB, VBBE) is not read",
    "customers.company_id": "customers are shared by all companies",
    "customers.number": "numbers have no letters",
    "customers.region": "customers are read with their country",
    "customers.owner_id": "partner functions (KNVP) are not read",
    "suppliers.number": "numbers have no letters",
    "suppliers.currency": "purchasing views (LFM1) are not read",
    "sales_orders.number": "numbers have no letters",
    "sales_orders.ordered_at": "documents have a day and no hour",
    "sales_orders.first_promised_on": "the first promise is not kept",
    "sales_orders.site_id": "each item has its own plant",
    "sales_orders.amount_untaxed": "what was rejected counts nothing",
    "sales_orders.amount_tax": "the tax of an order (KONV) is not read",
    "sales_orders.amount_total": "the tax of an order (KONV) is not read",
    "sales_orders.company_rate": "the rate of an order (VBKD) is not read",
    "sales_orders.salesperson_id": "partner functions (VBPA) are not read",
    "sales_orders.opportunity_id": "deals are in the CRM",
    "sales_orders.campaign_id": "campaigns are in the CRM",
    "sales_order_lines rows": "rejected items are no lines",
    "sales_order_lines.line_number": "items count by tens",
    "sales_order_lines.delivered_quantity": "returns are documents of their own and take nothing away; services do not"
    " leave a house",
    "sales_order_lines.source_unit": "units are those of SAP",
    "sales_order_lines.unit_price": "the net price has the discount in it",
    "sales_order_lines.discount": "discounts by condition (KONV) are not read",
    "sales_order_lines.first_promised_on": "the first promise is not kept",
    "shipments.number": "numbers have no letters",
    "shipments.carrier_id": "partner functions (VBPA) are not read",
    "shipments.planned_at": "documents have a day and no hour",
    "shipments.due_at": "a delivery is read with the day on which it is planned",
    "shipments.shipped_at": "documents have a day and no hour",
    "shipments.delivered_at": "documents have a day and no hour",
    "shipments.backorder_of_id": "a delivery does not know the one before",
    "invoices.number": "numbers have no letters",
    "invoices.payment_status": "what is paid (BSID, BSAD) is not read",
    "invoices.due_on": "terms of payment are not read",
    "invoices.amount_open": "what is paid (BSID, BSAD) is not read",
    "invoice_lines.unit_price": "an item keeps its value and its quantity",
    "purchase_orders.number": "numbers have no letters",
    "purchase_orders.status": "a draft waits for release",
    "purchase_orders.ordered_at": "documents have a day and no hour",
    "purchase_orders.buyer_id": "purchasing groups are no persons",
    "purchase_orders.supplier_reference": "the supplier's number (IHREZ) is not read",
    "purchase_order_lines.line_number": "items count by tens",
    "purchase_order_lines.source_unit": "units are those of SAP",
    "purchase_order_lines.discount": "discounts by condition (KONV) are not read",
    "receipts rows": "only what has come is posted",
    "receipts.number": "numbers have no letters",
    "receipts.planned_at": "only what has come is posted",
    "receipts.due_at": "only what has come is posted",
    "receipts.received_at": "documents have a day and no hour",
    "receipts.backorder_of_id": "a posting does not know the one before",
    "receipt_lines rows": "only what has come is posted",
    "work_orders.number": "numbers have no letters",
    "work_orders.planned_start_at": "orders are read with their days",
    "work_orders.started_at": "orders are read with their days",
    "work_orders.finished_at": "orders are read with their days",
    "ledger_accounts rows": "one chart of accounts serves all companies",
    "ledger_accounts.company_id": "one chart of accounts serves all companies",
    "ledger_accounts.code": "numbers are shown without the zeros in front",
    "ledger_accounts.kind": "the tables of accounts do not say what an account is in the statements",
    "ledger_entries.document_number": "numbers have no letters",
    "ledger_entries.foreign_amount": "a document is in one currency, and all of its lines have an amount in it",
    "ledger_entries.foreign_currency": "a document is in one currency",
    "currencies": "TCURC is not read",
    "exchange_rates": "TCURR is not read",
    "units": "T006 is not read",
    "calendars": "factory calendars are not read",
    "calendar_periods": "factory calendars are not read",
    "calendar_exceptions": "factory calendars are not read",
    "routings": "PLKO and PLPO are not read",
    "operations": "PLKO and PLPO are not read",
    "work_centers": "CRHD is not read",
    "work_order_operations": "AFVC and AFRU are not read",
    "scrap": "material documents (MSEG) are not read",
    "stock_moves": "material documents (MSEG) are not read",
    "returns": "returns are left out of orders, and not read as returns",
    "carriers": "carriers are suppliers",
    "supplier_products": "info records (EINA, EINE) are not read",
    "supplier_bills": "RBKP and RSEG are not read",
    "supplier_bill_lines": "RBKP and RSEG are not read",
    "payments": "payments are postings and nothing else",
    "departments": "HCM is not read",
    "absences": "HCM is not read",
    "time_entries": "HCM is not read",
    "payroll_totals": "HCM is not read",
    "budgets": "budgets of controlling are not read",
    "targets": "targets are set in Tandem",
}
UNITS = {"pcs": "ST", "kg": "KG", "m": "M", "h": "H", "box": "KAR", "l": "L", "pair": "PAA"}
TYPES = {"storable": "FERT", "service": "DIEN", "kit": "LUMF"}
NO_DAY = "00000000"


def dressed(tables: Tables) -> Outfit:
    """The firm in SAP."""
    held, keys = _held(tables), _keys(tables)
    parts = (
        _places,
        _materials,
        _bills_of_material,
        _parties,
        _orders,
        _deliveries,
        _invoices,
        _purchases,
        _production,
    )
    files = {name: rows for part in (*parts, _books) for name, rows in part(tables, keys).items()}
    return Outfit(files=files, held=held, keys=keys, limits=LIMITS)


def _held(tables: Tables) -> dict[str, pl.DataFrame]:
    """Each table as far as SAP has a place for it."""
    parts = (_held_places, _held_products, _held_parties, _held_sales, _held_purchases, _held_production, _held_books)
    return {name: rows for part in parts for name, rows in part(tables).items()}


def _number(key: str, first: int = 0) -> pl.Expr:
    """A number without letters, as people see it."""
    return (ending(key) + first).cast(pl.String)


def _unit(column: str) -> pl.Expr:
    return pl.col(column).replace_strict(UNITS)


def _held_places(tables: Tables) -> dict[str, pl.DataFrame]:
    is_inside = pl.col("kind") == "location"
    inner = pl.concat_str("main_site_id", pl.lit(" / "), pl.col("name").str.extract("([^/]+)$", 1).str.strip_chars())
    places = _real_places(tables).with_columns(
        code=pl.when(is_inside).then("lgort").otherwise("code"),
        name=pl.when(is_inside).then(inner).otherwise("name"),
        kind=pl.when(is_inside).then(pl.lit("location")).otherwise(pl.lit("plant")),
        parent_site_id=pl.when(is_inside).then("main_site_id"),
        region="country",
    )
    levels, now = tables["inventory_levels"], pl.col("as_of_on") == pl.col("as_of_on").max().over(SHELF)
    return {
        "companies": tables["companies"].drop("parent_company_id"),
        "sites": places.drop("lgort", "time_zone"),
        "inventory_levels": levels.filter(now).drop("as_of_on", "reserved").join(places, on="site_id", how="semi"),
        "reorder_rules": tables["reorder_rules"],
    }


SHELF = ("product_id", "site_id")


def _real_places(tables: Tables) -> pl.DataFrame:
    """Plants and the storage locations in them, these with four letters of their own."""
    places = tables["sites"].filter(pl.col("kind").is_in(["plant", "warehouse", "location"]))
    return places.with_columns(lgort=within("main_site_id").sub(1).cast(pl.String).str.zfill(4))


def _held_products(tables: Tables) -> dict[str, pl.DataFrame]:
    costs = tables["product_costs"].group_by("product_id").agg(pl.col("cost", "currency").first(), firms=pl.len())
    alone = costs.filter(pl.col("firms") == 1).drop("firms")
    sold_apart = ("product_group_id", "list_price", "is_sold", "is_purchased", "cost", "currency")
    products = tables["products"].drop(sold_apart).join(alone, on="product_id", how="left", validate="1:1")
    groups = tables["product_categories"].join(products, on="category_id", how="semi").drop("parent_category_id")
    return {
        "product_categories": groups.with_columns(name=_group("category_id"), path=_group("category_id")),
        "products": products.with_columns(
            sku=_number("product_id"), kind=pl.col("kind").replace({"kit": "storable"}), unit=_unit("unit")
        ),
        "product_costs": tables["product_costs"],
        "unit_conversions": _own_units(tables).with_columns(_unit("from_unit"), _unit("to_unit")),
        "boms": tables["boms"]
        .drop("lead_time_days")
        .with_columns(code=_number("bom_id"), valid_from_on=pl.lit("2000-01-01").str.to_date()),
        "bom_lines": tables["bom_lines"].drop("operation_id").with_columns(source_unit=_unit("source_unit")),
    }


def _own_units(tables: Tables) -> pl.DataFrame:
    return tables["unit_conversions"].filter(pl.col("product_id").is_not_null())


def _group(category: str) -> pl.Expr:
    """A material group has nine letters."""
    letters = pl.col(category).str.to_uppercase().str.extract_groups(r"^CAT-(\w{0,3})\w*-?(\w{0,5})")
    return pl.concat_str(letters.struct.field("1"), letters.struct.field("2"))


def _held_parties(tables: Tables) -> dict[str, pl.DataFrame]:
    customers = tables["customers"].drop("owner_id")
    return {
        "customers": customers.with_columns(company_id=pl.lit("*"), number=_number("customer_id"), region="country"),
        "suppliers": tables["suppliers"].drop("currency").with_columns(number=_number("supplier_id")),
    }


def _held_sales(tables: Tables) -> dict[str, pl.DataFrame]:
    kept = [*tables["sales_orders"].columns]
    away = "first_promised_on site_id amount_tax amount_total company_rate salesperson_id opportunity_id campaign_id"
    orders = tables["sales_orders"].select(name for name in kept if name not in away.split())
    is_dropped = pl.col("status") == "cancelled"
    shipments = tables["shipments"].drop("carrier_id", "due_at", "backorder_of_id")
    return {
        "sales_orders": orders.with_columns(
            number=_number("sales_order_id"),
            ordered_at=midnight("ordered_at"),
            amount_untaxed=pl.when(is_dropped).then(0).otherwise("amount_untaxed"),
        ),
        "sales_order_lines": _held_lines(tables),
        "shipments": shipments.with_columns(
            *(midnight(name) for name in ("planned_at", "shipped_at", "delivered_at")),
            number=_number("shipment_id", 80_000_000),
        ),
        "shipment_lines": tables["shipment_lines"],
        "invoices": tables["invoices"]
        .drop("payment_status", "due_on", "amount_open")
        .with_columns(number=_number("invoice_id", 90_000_000)),
        "invoice_lines": tables["invoice_lines"].drop("unit_price"),
    }


def _held_lines(tables: Tables) -> pl.DataFrame:
    """Lines that were not rejected; what was delivered of them is what left the house."""
    left = tables["shipment_lines"].group_by("sales_order_line_id").agg(gone=pl.col("shipped_quantity").sum())
    services = tables["products"].filter(pl.col("kind") == "service").get_column("product_id")
    lines = _kept_lines(tables).join(left, on="sales_order_line_id", how="left", validate="1:1")
    is_service = pl.col("product_id").is_in(services.implode())
    return lines.with_columns(
        line_number=pl.col("line_number") * 10,
        delivered_quantity=pl.when(~is_service).then(pl.col("gone").fill_null(0)),
        source_unit=_unit("source_unit"),
        unit_price=_net_price(),
    ).drop("gone", "discount", "first_promised_on")


def _net_price() -> pl.Expr:
    """The price of one after discounts, kept as that of a hundred with two decimals."""
    return (pl.col("amount_untaxed") / pl.col("source_quantity")).round(4).cast(pl.Decimal(24, 6))


def _kept_lines(tables: Tables) -> pl.DataFrame:
    dropped = tables["sales_orders"].filter(pl.col("status") == "cancelled")
    return tables["sales_order_lines"].join(dropped, on="sales_order_id", how="anti")


def _held_purchases(tables: Tables) -> dict[str, pl.DataFrame]:
    orders = tables["purchase_orders"].drop("buyer_id", "supplier_reference")
    came = tables["receipts"].filter(pl.col("status") == "done").drop("planned_at", "due_at", "backorder_of_id")
    return {
        "purchase_orders": orders.with_columns(
            number=_number("purchase_order_id", 4_500_000_000),
            status=pl.col("status").replace({"draft": "quoted"}),
            ordered_at=midnight("ordered_at"),
        ),
        "purchase_order_lines": tables["purchase_order_lines"]
        .drop("discount")
        .with_columns(line_number=pl.col("line_number") * 10, source_unit=_unit("source_unit")),
        "receipts": came.with_columns(number=_number("receipt_id", 5_000_000_000), received_at=midnight("received_at")),
        "receipt_lines": tables["receipt_lines"].filter(pl.col("status") == "done"),
    }


def _held_production(tables: Tables) -> dict[str, pl.DataFrame]:
    days = [midnight(name) for name in ("planned_start_at", "started_at", "finished_at")]
    return {"work_orders": tables["work_orders"].with_columns(*days, number=_number("work_order_id", 1_000_000))}


def _held_books(tables: Tables) -> dict[str, pl.DataFrame]:
    accounts = tables["ledger_accounts"].unique("code", keep="last", maintain_order=True)
    return {
        "ledger_accounts": accounts.with_columns(
            company_id=pl.lit("*"), code=pl.col("code").str.strip_chars_start("0"), kind=pl.lit("other")
        ),
        "ledger_entries": _posted(tables).with_columns(document_number=pl.col("belnr").cast(pl.String)).drop(POSTING),
    }


POSTING = ("gjahr", "belnr", "buzei")


def _posted(tables: Tables) -> pl.DataFrame:
    """Postings with the year, number and item of their document, and an amount in the document's currency."""
    rows = tables["ledger_entries"].with_columns(gjahr=pl.col("posted_on").dt.year())
    document = ("company_id", "gjahr", "document_number")
    currency = pl.col("foreign_currency").drop_nulls().first().over(document)
    return rows.with_columns(
        belnr=pl.col("document_number").rank("dense").over("company_id", "gjahr").cast(pl.Int64) + 100_000_000,
        buzei=within("document_number"),
        foreign_currency=currency,
        foreign_amount=pl.when(currency.is_not_null()).then(pl.col("foreign_amount").fill_null(0)),
    )


def _keys(tables: Tables) -> Keys:
    """SAP's own keys: all digits, but for plants and material groups."""
    keys = Keys()
    keys.give("companies", tables["companies"], "company_id", pl.int_range(1, 1 + pl.len()) * 1000)
    places = pl.when(pl.col("kind") == "location").then(pl.concat_str("main_site_id", pl.lit("/"), "lgort"))
    keys.give("sites", _real_places(tables), "site_id", places.otherwise("site_id"))
    keys.give("product_categories", tables["product_categories"], "category_id", _group("category_id"))
    for table, key, first, width in NUMBERED:
        keys.give(table, tables[table], key, (ending(key) + first).cast(pl.String).str.zfill(width))
    _compose(tables, keys)
    return keys


NUMBERED = (
    ("products", "product_id", 0, 18),
    ("customers", "customer_id", 0, 10),
    ("suppliers", "supplier_id", 0, 10),
    ("sales_orders", "sales_order_id", 0, 10),
    ("shipments", "shipment_id", 80_000_000, 10),
    ("invoices", "invoice_id", 90_000_000, 10),
    ("purchase_orders", "purchase_order_id", 4_500_000_000, 10),
    ("work_orders", "work_order_id", 1_000_000, 12),
    ("ledger_accounts", "ledger_account_id", 0, 10),
)
LINES = (
    ("sales_order_lines", "sales_order_line_id", "sales_orders", "sales_order_id", 6),
    ("shipment_lines", "shipment_line_id", "shipments", "shipment_id", 6),
    ("invoice_lines", "invoice_line_id", "invoices", "invoice_id", 6),
    ("purchase_order_lines", "purchase_order_line_id", "purchase_orders", "purchase_order_id", 5),
)


def _compose(tables: Tables, keys: Keys) -> None:
    """Keys that are made of those of other tables."""
    site, product = keys.of("sites", "site_id"), keys.of("products", "product_id")
    company = keys.of("companies", "company_id")
    for table, key, parent, above, width in LINES:
        item = within(above, 10).cast(pl.String).str.zfill(width)
        keys.give(table, tables[table], key, _slashed(keys.of(parent, above), item))
    keys.give("product_costs", tables["product_costs"], "product_cost_id", _slashed(product, company))
    keys.give("reorder_rules", tables["reorder_rules"], "reorder_rule_id", _slashed(product, site))
    unit = _slashed(product, _unit("from_unit"))
    keys.give("unit_conversions", _own_units(tables), "unit_conversion_id", unit)
    keys.give("boms", tables["boms"], "bom_id", _slashed(_bill(), pl.lit("01")))
    part = _slashed(_bill(), _place(8, "bom_line_id"), pl.lit("00000001"))
    keys.give("bom_lines", tables["bom_lines"], "bom_line_id", part)
    entry = _slashed(company, pl.col("gjahr"), _place(10, "belnr"), _place(3, "buzei"))
    keys.give("ledger_entries", _posted(tables), "ledger_entry_id", entry)
    came, posting = _came(tables, keys), ("gjahr", "belnr", "ebeln")
    keys.give("receipts", came.unique("receipt_id", maintain_order=True), "receipt_id", _slashed(*map(pl.col, posting)))
    item = _slashed(*map(pl.col, (*posting, "ebelp", "buzei")), pl.lit("00"))
    keys.give("receipt_lines", came, "receipt_line_id", item)


def _slashed(*parts: pl.Expr) -> pl.Expr:
    return pl.concat_str(*parts, separator="/")


def _came(tables: Tables, keys: Keys) -> pl.DataFrame:
    """What has come, item by item, with the posting and the item of the order."""
    heads = tables["receipts"].filter(pl.col("status") == "done")
    heads = heads.select("receipt_id", "received_at", "site_id", "purchase_order_id")
    lines = tables["receipt_lines"].join(heads, on="receipt_id", how="inner", validate="m:1", maintain_order="left")
    ordered = tables["purchase_order_lines"].select("purchase_order_line_id", "source_quantity", bought="quantity")
    return lines.join(ordered, on="purchase_order_line_id", how="left", validate="m:1").with_columns(
        gjahr=pl.col("received_at").dt.year(),
        belnr=_number("receipt_id", 5_000_000_000),
        ebeln=keys.of("purchase_orders", "purchase_order_id"),
        ebelp=_of_line(keys, "purchase_order_lines", "purchase_order_line_id", "ebelp"),
        buzei=within("receipt_id").cast(pl.String).str.zfill(4),
    )


def _of_line(keys: Keys, table: str, column: str, name: str) -> pl.Expr:
    """The item of a line: what stands behind the document in its key."""
    return keys.of(table, column).str.extract("/(.*)$", 1).alias(name)


def _place(width: int, column: str) -> pl.Expr:
    """The number of a column in so many digits."""
    return pl.col(column).cast(pl.String).str.extract(r"(\d+)$", 1).str.zfill(width)


def _bill() -> pl.Expr:
    return pl.col("bom_id").str.extract(r"(\d+)$", 1).str.zfill(8)


def _plain(number: pl.Expr, places: int) -> pl.Expr:
    """A number as a German screen shows it: a comma, and the minus behind."""
    text = number.cast(pl.Decimal(24, 6)).round(places).cast(pl.Decimal(24, places)).cast(pl.String)
    comma = text.str.replace(".", ",", literal=True)
    return pl.when(number < 0).then(comma.str.strip_chars_start("-") + "-").otherwise(comma)


def _amount(column: str) -> pl.Expr:
    return _plain(pl.col(column), 2)


def _quantity(column: str) -> pl.Expr:
    return _plain(pl.col(column), 3)


def _price(column: str, per: int) -> pl.Expr:
    return _plain(pl.col(column) * per, 2)


def _day(column: str) -> pl.Expr:
    return pl.col(column).dt.strftime("%Y%m%d").fill_null(NO_DAY)


def _mark(condition: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(pl.lit("X")).otherwise(pl.lit(""))


def _factors() -> dict[str, pl.Expr]:
    """How many base units so many units of the document are: 12 and 1 for a box of twelve."""
    return {"UMREZ": (pl.col("quantity") / pl.col("source_quantity")).cast(pl.Int64), "UMREN": pl.lit("1")}


def _places(tables: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    places = _real_places(tables)
    plants, inner = (places.filter((pl.col("kind") == "location") == is_inner) for is_inner in (False, True))
    company = keys.of("companies", "company_id")
    within_plant = pl.col("name").str.extract("([^/]+)$", 1).str.strip_chars()
    client = pl.lit("100").alias("MANDT")
    return {
        "T001": tables["companies"].select(client, BUKRS=company, BUTXT="name", WAERS="currency", LAND1="country"),
        "T001K": tables["companies"].select(client, BWKEY=company, BUKRS=company),
        "T001W": plants.select(client, WERKS="site_id", NAME1="name", BWKEY=company, LAND1="country"),
        "T001L": inner.select(client, WERKS="main_site_id", LGORT="lgort", LGOBE=within_plant),
    }


def _materials(tables: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    products = tables["products"].with_columns(matnr=keys.of("products", "product_id"))
    mara = products.select(
        MATNR="matnr",
        MTART=pl.col("kind").replace_strict(TYPES),
        MATKL=_group("category_id"),
        MEINS=_unit("unit"),
        EAN11="barcode",
        NTGEW=_quantity("weight"),
        GEWEI=pl.lit("KG"),
        VOLUM=_plain(pl.col("volume") * 1000, 3),
        VOLEH=pl.lit("L"),
        ERSDA=_day("created_on"),
        LVORM=_mark(~pl.col("is_active")),
    )
    names = [
        products.select(MATNR="matnr", SPRAS=pl.lit(word), MAKTX=name)
        for word, name in (("E", "name"), ("1", "name_zh"))
    ]
    units = _own_units(tables).select(
        MATNR=keys.of("products", "product_id"),
        MEINH=_unit("from_unit"),
        UMREZ=pl.col("factor").cast(pl.Int64),
        UMREN=pl.lit("1"),
    )
    return {"MARA": mara, "MAKT": pl.concat(names), "MARM": units, **_stock(tables, keys)}


def _stock(tables: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    matnr = keys.of("products", "product_id")
    now = _held_places(tables)["inventory_levels"].with_columns(site=keys.of("sites", "site_id"))
    return {
        "MBEW": tables["product_costs"].select(
            MATNR=matnr,
            BWKEY=keys.of("companies", "company_id"),
            BWTAR=pl.lit(""),
            VPRSV=pl.lit("S"),
            STPRS=_price("cost", 1000),
            VERPR=pl.lit("0,00"),
            PEINH=pl.lit("1000"),
        ),
        "MARC": tables["reorder_rules"].select(
            MATNR=matnr,
            WERKS="site_id",
            MINBE=_quantity("minimum_quantity"),
            MABST=_quantity("maximum_quantity"),
            BSTRF=_quantity("multiple_quantity"),
        ),
        "MARD": now.select(
            MATNR=matnr,
            WERKS=pl.col("site").str.extract("^([^/]+)", 1),
            LGORT=pl.col("site").str.extract("/(.*)$", 1),
            LABST=_quantity("on_hand"),
        ),
    }


def _bills_of_material(tables: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    bills, lines = tables["boms"].with_columns(stlnr=_bill()), tables["bom_lines"].with_columns(stlnr=_bill())
    first, always, bill = pl.lit("01").alias("STLAL"), pl.lit("20000101").alias("DATUV"), pl.col("stlnr").alias("STLNR")
    item = _place(8, "bom_line_id").alias("STLKN")
    usage = pl.when(pl.col("kind") == "kit").then(pl.lit("5")).otherwise(pl.lit("1"))
    return {
        "MAST": bills.select(bill, first, MATNR=keys.of("products", "product_id"), WERKS=pl.lit("AUG"), STLAN=usage),
        "STKO": bills.select(bill, first, always, STLTY=pl.lit("M"), BMENG=_quantity("quantity"), STLST=pl.lit("01")),
        "STAS": lines.select(bill, first, item),
        "STPO": lines.select(
            bill,
            item,
            STPOZ=pl.lit("00000001"),
            STLTY=pl.lit("M"),
            IDNRK=keys.of("products", "component_id"),
            MENGE=_quantity("source_quantity"),
            MEINS=_unit("source_unit"),
        ),
    }


def _parties(tables: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    customers, suppliers = tables["customers"], tables["suppliers"]
    kunnr, lifnr = keys.of("customers", "customer_id"), keys.of("suppliers", "supplier_id")
    titles = {"NAME1": "name", "LAND1": "country", "ORT01": "city", "STCEG": "tax_number"}
    address = {title: pl.col(name) for title, name in titles.items()}
    known = {"LOEVM": _mark(~pl.col("is_active")), "ERDAT": _day("created_on")}
    own, theirs = pl.concat_str(pl.lit("C"), ending("customer_id")), pl.concat_str(pl.lit("S"), ending("supplier_id"))
    mails = [
        rows.select(ADDRNUMBER=number, SMTP_ADDR="email") for rows, number in ((customers, own), (suppliers, theirs))
    ]
    more = {"TELF1": pl.col("phone"), "BRSCH": pl.col("industry"), "STKZN": _mark(~pl.col("is_company"))}
    return {
        "KNA1": customers.select(**{"KUNNR": kunnr, "ADRNR": own} | address | more | known),
        "KNVV": customers.select(KUNNR=kunnr, KDGRP="segment"),
        "LFA1": suppliers.select(**{"LIFNR": lifnr, "ADRNR": theirs} | address | known),
        "ADR6": pl.concat(mails),
    }


def _orders(tables: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    orders = tables["sales_orders"].with_columns(
        vbeln=keys.of("sales_orders", "sales_order_id"), is_dropped=pl.col("status") == "cancelled"
    )
    of_order = orders.select("sales_order_id", "vbeln", "is_dropped", werks="site_id")
    lines = tables["sales_order_lines"].join(of_order, on="sales_order_id", validate="m:1", maintain_order="left")
    lines = lines.with_columns(posnr=_of_line(keys, "sales_order_lines", "sales_order_line_id", "posnr"))
    vbak = orders.select(
        VBELN="vbeln",
        VBTYP=pl.when(pl.col("status") == "quoted").then(pl.lit("B")).otherwise(pl.lit("C")),
        KUNNR=keys.of("customers", "customer_id"),
        AUDAT=_day("ordered_at"),
        VDATU=_day("requested_on"),
        WAERK="currency",
        NETWR=_plain(pl.when(pl.col("is_dropped")).then(0).otherwise("amount_untaxed"), 2),
        GBSTK=pl.col("status").replace_strict({"done": "C", "cancelled": "C"}, default="A"),
        BUKRS_VF=keys.of("companies", "company_id"),
        BSTNK="customer_reference",
    )
    return {"VBAK": vbak, "VBAP": _items(lines, keys), "VBEP": _schedule(lines)}


def _items(lines: pl.DataFrame, keys: Keys) -> pl.DataFrame:
    factors = _factors()
    return lines.with_columns(net_price=_net_price()).select(
        VBELN="vbeln",
        POSNR="posnr",
        MATNR=keys.of("products", "product_id"),
        ARKTX="description",
        KWMENG=_quantity("source_quantity"),
        VRKME=_unit("source_unit"),
        UMVKZ=factors["UMREZ"],
        UMVKN=factors["UMREN"],
        NETWR=_amount("amount_untaxed"),
        NETPR=_price("net_price", 100),
        KPEIN=pl.lit("100"),
        WAERK="currency",
        ABGRU=pl.when("is_dropped").then(pl.lit("Z1")),
        WERKS="werks",
    )


def _schedule(lines: pl.DataFrame) -> pl.DataFrame:
    """One schedule line for what was asked, one for what is promised."""
    parts = [
        lines.filter(pl.col(day).is_not_null()).select(
            VBELN="vbeln",
            POSNR="posnr",
            ETENR=pl.lit(number),
            EDATU=_day(day),
            WMENG=_plain(pl.col("source_quantity") * (1 - confirmed), 3),
            BMENG=_plain(pl.col("source_quantity") * confirmed, 3),
        )
        for day, number, confirmed in (("requested_on", "0001", 0), ("promised_on", "0002", 1))
    ]
    return pl.concat(parts)


def _deliveries(tables: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    heads = tables["shipments"].with_columns(vbeln=keys.of("shipments", "shipment_id"))
    customer = keys.of("customers", "customer_id")
    likp = heads.select(
        VBELN="vbeln",
        VBTYP=pl.lit("J"),
        KUNNR=customer,
        KUNAG=customer,
        WADAT=_day("planned_at"),
        WADAT_IST=_day("shipped_at"),
        WBSTK=pl.when(pl.col("status") == "done").then(pl.lit("C")).otherwise(pl.lit("A")),
        KOSTK=pl.when(pl.col("status") != "planned").then(pl.lit("C")).otherwise(pl.lit("A")),
        PODAT=_day("delivered_at"),
        BOLNR="tracking_number",
    )
    of_head = heads.select("shipment_id", "vbeln", "site_id")
    lines = tables["shipment_lines"].join(of_head, on="shipment_id", validate="m:1", maintain_order="left")
    lips = lines.select(
        VBELN="vbeln",
        POSNR=_of_line(keys, "shipment_lines", "shipment_line_id", "posnr"),
        MATNR=keys.of("products", "product_id"),
        LFIMG=_quantity("quantity"),
        LGMNG=_quantity("quantity"),
        WERKS="site_id",
        VGBEL=_document(keys, "sales_order_lines", "sales_order_line_id"),
        VGPOS=_of_line(keys, "sales_order_lines", "sales_order_line_id", "vgpos"),
    )
    return {"LIKP": likp, "LIPS": lips}


def _document(keys: Keys, table: str, column: str) -> pl.Expr:
    """The document of a line: what stands before the item in its key."""
    return keys.of(table, column).str.extract("^([^/]+)", 1)


def _invoices(tables: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    heads = tables["invoices"].with_columns(vbeln=keys.of("invoices", "invoice_id"))
    kind = pl.when(pl.col("kind") == "credit_note").then(pl.lit("O")).otherwise(pl.lit("M"))
    vbrk = heads.select(
        VBELN="vbeln",
        VBTYP=kind,
        KUNAG=keys.of("customers", "customer_id"),
        BUKRS=keys.of("companies", "company_id"),
        FKDAT=_day("invoiced_on"),
        WAERK="currency",
        NETWR=_plain(pl.col("amount_untaxed").abs(), 2),
        MWSBK=_plain(pl.col("amount_tax").abs(), 2),
        FKSTO=pl.lit(""),
    )
    vbrp = tables["invoice_lines"].select(
        VBELN=keys.of("invoices", "invoice_id"),
        POSNR=_of_line(keys, "invoice_lines", "invoice_line_id", "posnr"),
        MATNR=keys.of("products", "product_id"),
        AUBEL=_document(keys, "sales_order_lines", "sales_order_line_id"),
        AUPOS=_of_line(keys, "sales_order_lines", "sales_order_line_id", "aupos"),
        ARKTX="description",
        FKIMG=_plain(pl.col("quantity").abs(), 3),
        FKLMG=_plain(pl.col("quantity").abs(), 3),
        NETWR=_plain(pl.col("amount_untaxed").abs(), 2),
        WAVWR=_plain(pl.col("cost_amount").abs(), 2),
    )
    return {"VBRK": vbrk, "VBRP": vbrp}


def _purchases(tables: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    orders = tables["purchase_orders"].with_columns(ebeln=keys.of("purchase_orders", "purchase_order_id"))
    of_order = orders.select("purchase_order_id", "ebeln", "site_id", "status")
    lines = tables["purchase_order_lines"].join(of_order, on="purchase_order_id", validate="m:1", maintain_order="left")
    lines = lines.with_columns(ebelp=_of_line(keys, "purchase_order_lines", "purchase_order_line_id", "ebelp"))
    waits = pl.col("status").is_in(["draft", "quoted"])
    ekko = orders.select(
        EBELN="ebeln",
        BUKRS=keys.of("companies", "company_id"),
        BSTYP=pl.lit("F"),
        LIFNR=keys.of("suppliers", "supplier_id"),
        WAERS="currency",
        BEDAT=_day("ordered_at"),
        FRGRL=_mark(waits),
        LOEKZ=_mark(pl.col("status") == "cancelled"),
    )
    ekpo = lines.select(
        EBELN="ebeln",
        EBELP="ebelp",
        MATNR=keys.of("products", "product_id"),
        TXZ01="description",
        WERKS="site_id",
        MENGE=_quantity("source_quantity"),
        MEINS=_unit("source_unit"),
        **_factors(),
        NETPR=_amount("unit_price"),
        PEINH=pl.lit("1"),
        NETWR=_amount("amount_untaxed"),
        ELIKZ=_mark(pl.col("status") == "done"),
        LOEKZ=pl.lit(""),
    )
    eket = lines.select(
        EBELN="ebeln",
        EBELP="ebelp",
        ETENR=pl.lit("0001"),
        EINDT=_day("due_on"),
        SLFDT=_day("first_due_on"),
        MENGE=_quantity("source_quantity"),
    )
    return {"EKKO": ekko, "EKPO": ekpo, "EKET": eket, "EKBE": _history(tables, keys)}


def _history(tables: Tables, keys: Keys) -> pl.DataFrame:
    """What came of each item and what was billed, in the unit of the order."""
    came = _came(tables, keys).with_columns(moved="received_quantity", budat="received_at", vgabe=pl.lit("1"))
    ordered = tables["purchase_order_lines"].select("purchase_order_line_id", "source_quantity", bought="quantity")
    heads = tables["supplier_bills"].select("supplier_bill_id", budat="billed_on")
    billed = (
        tables["supplier_bill_lines"]
        .join(heads, on="supplier_bill_id", validate="m:1", maintain_order="left")
        .join(ordered, on="purchase_order_line_id", validate="m:1", maintain_order="left")
        .with_columns(
            moved="quantity",
            vgabe=pl.lit("2"),
            gjahr=pl.col("budat").dt.year(),
            belnr=_number("supplier_bill_id", 5_100_000_000),
            ebeln=_document(keys, "purchase_order_lines", "purchase_order_line_id"),
            ebelp=_of_line(keys, "purchase_order_lines", "purchase_order_line_id", "ebelp"),
            buzei=within("supplier_bill_id").cast(pl.String).str.zfill(4),
        )
    )
    return pl.concat([_events(came, keys), _events(billed, keys)])


def _events(rows: pl.DataFrame, keys: Keys) -> pl.DataFrame:
    moved = pl.col("moved") * pl.col("source_quantity") / pl.col("bought")
    receipt = pl.col("vgabe") == "1"
    return rows.select(
        EBELN="ebeln",
        EBELP="ebelp",
        ZEKKN=pl.lit("00"),
        VGABE="vgabe",
        GJAHR="gjahr",
        BELNR="belnr",
        BUZEI="buzei",
        BWART=pl.when(receipt).then(pl.lit("101")),
        SHKZG=pl.lit("S"),
        BUDAT=_day("budat"),
        MENGE=_plain(moved, 3),
        MATNR=keys.of("products", "product_id"),
        WERKS=pl.col("site_id") if "site_id" in rows.columns else pl.lit(None, pl.String),
    )


def _production(tables: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    orders = tables["work_orders"].with_columns(
        aufnr=keys.of("work_orders", "work_order_id"), matnr=keys.of("products", "product_id"), stlnr=_bill()
    )
    states = {"confirmed": ("I0002",), "done": ("I0002", "I0045"), "cancelled": ("I0002", "I0076")}
    status = orders.with_columns(objnr=pl.concat_str(pl.lit("OR"), "aufnr"))
    afko = orders.select(
        AUFNR="aufnr",
        PLNBEZ="matnr",
        STLNR="stlnr",
        STLAL=pl.lit("01"),
        GAMNG=_quantity("quantity"),
        GSTRP=_day("planned_start_at"),
        GLTRP=_day("due_on"),
        GSTRI=_day("started_at"),
        GETRI=_day("finished_at"),
    )
    afpo = orders.select(
        AUFNR="aufnr",
        POSNR=pl.lit("0001"),
        MATNR="matnr",
        DWERK="site_id",
        PSMNG=_quantity("quantity"),
        WEMNG=_quantity("produced_quantity"),
        ELIKZ=_mark(pl.col("status") == "done"),
    )
    aufk = status.select(
        AUFNR="aufnr",
        OBJNR="objnr",
        BUKRS=keys.of("companies", "company_id"),
        WERKS="site_id",
        LOEKZ=_mark(pl.col("status") == "cancelled"),
    )
    stat = pl.col("status").replace_strict(states, default=[], return_dtype=pl.List(pl.String))
    jest = status.select(OBJNR="objnr", STAT=stat).explode("STAT").drop_nulls("STAT").with_columns(INACT=pl.lit(""))
    return {"AFKO": afko, "AFPO": afpo, "AUFK": aufk, "JEST": jest}


def _books(tables: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    accounts = tables["ledger_accounts"].with_columns(saknr=keys.of("ledger_accounts", "ledger_account_id"))
    chart = accounts.unique("saknr", keep="last", maintain_order=True)
    document = {"BUKRS": keys.of("companies", "company_id"), "BELNR": _place(10, "belnr"), "GJAHR": pl.col("gjahr")}
    posted = _posted(tables)
    currency = pl.coalesce("foreign_currency", "currency")
    heads = posted.select(**document, BUDAT=_day("posted_on"), WAERS=currency, HWAER="currency", BSTAT=pl.lit(""))
    value = pl.col("debit") - pl.col("credit")
    bseg = posted.select(
        **document,
        BUZEI=_place(3, "buzei"),
        HKONT=keys.of("ledger_accounts", "ledger_account_id"),
        KUNNR=keys.of("customers", "customer_id"),
        LIFNR=keys.of("suppliers", "supplier_id"),
        SHKZG=pl.when(pl.col("credit") > 0).then(pl.lit("H")).otherwise(pl.lit("S")),
        DMBTR=_plain(value.abs(), 2),
        WRBTR=_plain(pl.coalesce("foreign_amount", value).abs(), 2),
        SGTXT="description",
    )
    return {
        "SKA1": chart.select(SAKNR="saknr"),
        "SKAT": chart.select(SAKNR="saknr", SPRAS=pl.lit("E"), TXT50="name"),
        "BKPF": heads.unique(maintain_order=True),
        "BSEG": bseg,
    }
