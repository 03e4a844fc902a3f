"""What decisions rest on, summed once per refresh: sales by week, complaints, what is open, late or lies, campaigns.

Weeks are counted back from the day of the data: ``weeks_ago`` 0 is the seven days that end on it. Every aggregate keeps
company_id and region. The region is the customer's for sales, invoices and complaints, the site's for supply and stock.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from analytics import facts
from analytics.demand import ORDERED, Tables, Types, living, open_quantity
from analytics.sites import placed
from analytics.tables import SHARED
from analytics.tables.columns import DECIMAL

WEEKS_KEPT = 108
LINES_KEPT_DAYS = 500
CAMPAIGNS_KEPT_DAYS, BEFORE_DAYS, RESPONSE_DAYS = 200, 182, 14
ADVERTISED_IN = 0.25
CLAIM_DAYS = 21
COMING = ("confirmed",)
OPEN_ORDER_LINES: Types = {
    "company_id": pl.String,
    "region": pl.String,
    "customer_id": pl.String,
    "document": pl.String,
    "product_id": pl.String,
    "salesperson_id": pl.String,
    "first_promised_on": pl.Date,
    "promised_on": pl.Date,
    "quantity": DECIMAL,
    "amount": DECIMAL,
    "currency": pl.String,
}
OPEN_INVOICES: Types = {
    "company_id": pl.String,
    "region": pl.String,
    "customer_id": pl.String,
    "document": pl.String,
    "due_on": pl.Date,
    "amount": DECIMAL,
    "currency": pl.String,
}
SUPPLIER_LINES: Types = {
    "company_id": pl.String,
    "region": pl.String,
    "supplier_id": pl.String,
    "document": pl.String,
    "product_id": pl.String,
    "site_id": pl.String,
    "buyer_id": pl.String,
    "first_due_on": pl.Date,
    "in_full_on": pl.Date,
    "is_open": pl.Boolean,
    "amount": DECIMAL,
    "currency": pl.String,
}
CAMPAIGN_SALES: Types = {
    "campaign_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "group": pl.String,
    "days_before": pl.Int64,
    "days_during": pl.Int64,
    "customers": pl.Int64,
    "buys_before": pl.Int64,
    "buys_during": pl.Int64,
}


def today(tables: Tables) -> date | None:
    """The day of the data: the latest on which stock was counted, else the latest order's; null without either."""
    counted = living(tables["inventory_levels"]).get_column("as_of_on").max()
    ordered = living(tables["sales_orders"]).get_column("ordered_at").dt.date().max()
    latest = counted or ordered
    return latest if isinstance(latest, date) else None


def _weekly(
    rows: pl.DataFrame, tables: Tables, keys: Sequence[str], sums: Mapping[str, pl.Expr], kept: int = WEEKS_KEPT
) -> pl.DataFrame:
    """One row per ``keys`` and week up to the day of the data; later days and weeks long past are left out."""
    latest = pl.lit(today(tables), dtype=pl.Date)
    week = (latest - pl.col("day_on")).dt.total_days() // 7
    dated = rows.with_columns(weeks_ago=week).filter(pl.col("weeks_ago").is_between(0, kept - 1))
    by = (*keys, "weeks_ago")
    return dated.group_by(by).agg(**sums).sort(by, nulls_last=True)


def _total(column: str) -> pl.Expr:
    return pl.col(column).sum().cast(DECIMAL)


def _buys() -> pl.Expr:
    """How many times somebody bought: what one customer orders on one day counts once, however it is split."""
    return pl.struct("customer_id", "day_on").n_unique().cast(pl.Int64)


def sales_by_product(tables: Tables) -> pl.DataFrame:
    """One row per product, country of the customer, company, region, currency and week: buys, quantity, amount."""
    lines = facts.order_lines(tables).drop_nulls("product_id").filter(pl.col("quantity") > 0)
    countries = tables["customers"].select("customer_id", "country")
    located = lines.join(countries, on="customer_id", how="left", validate="m:1")
    keys = ("product_id", "country", "company_id", "region", "currency")
    return _weekly(located, tables, keys, {"buys": _buys(), "quantity": _total("quantity"), "amount": _total("amount")})


def sales_by_customer(tables: Tables) -> pl.DataFrame:
    """One row per customer, company, region, currency and week: buys (days on which it ordered), amount."""
    lines = facts.order_lines(tables).drop_nulls("customer_id").filter(pl.col("quantity") > 0)
    keys = ("customer_id", "company_id", "region", "currency")
    days = pl.col("day_on").n_unique().cast(pl.Int64)
    return _weekly(lines, tables, keys, {"buys": days, "amount": _total("amount")})


def margins_by_product(tables: Tables) -> pl.DataFrame:
    """Invoiced, where the cost is known: one row per product, company, region, currency and week: quantity, amount,
    cost."""
    return _margins(tables, "product_id", {"quantity": _total("quantity")})


def margins_by_customer(tables: Tables) -> pl.DataFrame:
    """Invoiced, where the cost is known: one row per customer, company, region, currency and week: amount, cost."""
    return _margins(tables, "customer_id", {})


def _margins(tables: Tables, key: str, more: Mapping[str, pl.Expr]) -> pl.DataFrame:
    lines = facts.invoice_lines(tables).drop_nulls([key, "cost", "amount"])
    keys = (key, "company_id", "region", "currency")
    return _weekly(lines, tables, keys, {**more, "amount": _total("amount"), "cost": _total("cost")})


def complaints_by_product(tables: Tables) -> pl.DataFrame:
    """One row per product, company, region and week: complaints.

    A complaint is a customer's trouble with a product: tickets about it, complaints as feedback and returns of it
    within three weeks of each other are one, on the first day of them.
    """
    told = pl.concat([_told(tables, *way) for way in _WAYS_TO_COMPLAIN], how="diagonal_relaxed")
    known = told.drop_nulls(["product_id", "customer_id", "day_on"]).sort("customer_id", "product_id", "day_on")
    again = pl.col("day_on") - pl.col("day_on").shift(1).over("customer_id", "product_id")
    first = known.filter((again > timedelta(days=CLAIM_DAYS)).fill_null(value=True))
    keys = ("product_id", "company_id", "region")
    return _weekly(first, tables, keys, {"complaints": pl.len().cast(pl.Int64)})


_WAYS_TO_COMPLAIN = (("tickets", "opened_at"), ("feedback", "given_at"), ("returns", "returned_at"))


def _told(tables: Tables, name: str, at: str) -> pl.DataFrame:
    rows = living(tables[name])
    if name == "tickets":
        rows = rows.filter(pl.col("status") != "cancelled")
    if name == "feedback":
        rows = rows.filter(pl.col("kind") == "complaint")
    return _with_region(rows).select("product_id", "customer_id", "company_id", "region", day_on=pl.col(at).dt.date())


def _with_region(rows: pl.DataFrame) -> pl.DataFrame:
    """With a region, null where the table was not given one."""
    return rows if "region" in rows.columns else rows.with_columns(region=pl.lit(None, dtype=pl.String))


def open_order_lines(tables: Tables) -> pl.DataFrame:
    """One row per line of a confirmed customer order of which something is still to be delivered: what lacks, and its
    amount. first_promised_on and promised_on are the line's, else the order's."""
    heads = living(tables["sales_orders"]).filter(pl.col("status").cast(pl.String).is_in(COMING))
    goods = tables["products"].filter(pl.col("kind").cast(pl.String).is_in(facts.GOODS)).select("product_id")
    lines = living(tables["sales_order_lines"]).drop("region", strict=False).join(goods, on="product_id", how="semi")
    joined = lines.join(_with_region(heads), on="sales_order_id", how="inner", validate="m:1", suffix="_of_head")
    rest = open_quantity(pl.col("quantity"), pl.col("delivered_quantity"))
    shaped = joined.with_columns(
        _of_company(),
        document="number",
        first_promised_on=pl.coalesce("first_promised_on", "first_promised_on_of_head"),
        promised_on=pl.coalesce("promised_on", "promised_on_of_head"),
        currency=pl.coalesce("currency", "currency_of_head"),
        amount=pl.col("amount_untaxed") * rest / pl.col("quantity"),
        quantity=rest,
    )
    return _shaped(shaped.filter(pl.col("quantity") > 0), OPEN_ORDER_LINES, "first_promised_on")


def _of_company() -> pl.Expr:
    """A line's company; its order's, where the source shares the line."""
    return (
        pl.when(pl.col("company_id") == SHARED).then("company_id_of_head").otherwise("company_id").alias("company_id")
    )


def _shaped(rows: pl.DataFrame, schema: Types, first: str) -> pl.DataFrame:
    typed = rows.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    return typed.sort(first, *(name for name in schema if name != first), nulls_last=True)


def open_invoices(tables: Tables) -> pl.DataFrame:
    """One row per posted invoice that is not paid in full, and per credit note not used up, which counts negative."""
    posted = living(tables["invoices"]).filter(
        (pl.col("status") == "posted") & (pl.col("amount_open") != 0) & pl.col("customer_id").is_not_null()
    )
    rows = _with_region(posted).with_columns(document="number", amount="amount_open")
    return _shaped(rows, OPEN_INVOICES, "due_on")


def supplier_lines(tables: Tables) -> pl.DataFrame:
    """One row per purchase line that is open, or was due within the last 500 days.

    in_full_on: the day on which all of it had come. is_open: something of a confirmed order still lacks. amount: of
    what lacks, in the order's currency.
    """
    lines = facts.purchase_lines(tables).select(
        "company_id", "region", "supplier_id", "document", "product_id", "site_id", "in_full_on", "currency",
        first_due_on="day_on", purchase_order_line_id="record_id",
    )  # fmt: skip
    joined = lines.join(_lacking(tables), on="purchase_order_line_id", how="left", validate="1:1")
    latest = pl.lit(today(tables), dtype=pl.Date)
    is_recent = pl.col("first_due_on") > latest - timedelta(days=LINES_KEPT_DAYS)
    kept = joined.filter(pl.col("is_open") | is_recent.fill_null(value=True))
    return _shaped(kept, SUPPLIER_LINES, "first_due_on")


def _lacking(tables: Tables) -> pl.DataFrame:
    """One row per purchase line: whether something of it is still to come, its amount, and who bought it."""
    heads = living(tables["purchase_orders"]).select("purchase_order_id", "status", "buyer_id")
    lines = living(tables["purchase_order_lines"])
    joined = lines.join(heads, on="purchase_order_id", how="inner", validate="m:1")
    rest = open_quantity(pl.col("quantity"), pl.col("received_quantity"))
    is_open = pl.col("status").cast(pl.String).is_in(COMING) & (rest > 0)
    amount = pl.when(is_open).then(pl.col("amount_untaxed") * rest / pl.col("quantity"))
    return joined.select("purchase_order_line_id", "buyer_id", is_open=is_open, amount=amount.cast(DECIMAL))


def bought_by_supplier(tables: Tables) -> pl.DataFrame:
    """What was ordered where: one row per supplier, product, company, region, currency and week of the order: lines,
    quantity, amount. Confirmed and done orders with an amount."""
    heads = living(tables["purchase_orders"]).filter(pl.col("status").cast(pl.String).is_in(ORDERED))
    columns = ("purchase_order_id", "supplier_id", "company_id", "site_id", "currency", "ordered_at")
    lines = living(tables["purchase_order_lines"]).drop("region", strict=False).filter(pl.col("quantity") > 0)
    joined = lines.join(heads.select(columns), on="purchase_order_id", how="inner", validate="m:1", suffix="_of_head")
    known = joined.drop_nulls(["product_id", "amount_untaxed", "ordered_at"])
    rows = known.with_columns(
        _of_company(),
        day_on=pl.col("ordered_at").dt.date(),
        currency=pl.coalesce("currency", "currency_of_head"),
        amount="amount_untaxed",
    )
    keys = ("supplier_id", "product_id", "company_id", "region", "currency")
    sums = {"lines": pl.len().cast(pl.Int64), "quantity": _total("quantity"), "amount": _total("amount")}
    return _weekly(placed(rows, tables["sites"]), tables, keys, sums)


def campaign_sales(tables: Tables) -> pl.DataFrame:
    """What campaigns did: one row per campaign of the last 200 days, group of customers, company and region.

    group: addressed, control (held out on purpose), others (in the countries of the addressed). buys_during: from its
    first day until two weeks after its last; buys_before: in the 182 days before it. Only what it advertised counts:
    the families of products found in a quarter or more of the orders that name it; everything where none does.
    """
    span = _campaign_days(tables)
    people = _campaign_people(tables, span)
    lines = _buys_of_families(tables)
    advertised = _advertised(tables)
    joined = people.join(span, on="campaign_id", how="inner", validate="m:1")
    wanted = joined.join(advertised, on="campaign_id", how="left")
    everything = wanted.filter(pl.col("family").is_null()).drop("family").join(lines, on="customer_id")
    chosen = wanted.drop_nulls("family").join(lines, on=("customer_id", "family"))
    bought = pl.concat([everything.select(chosen.columns), chosen]).unique(
        ("campaign_id", "group", "customer_id", "day_on")
    )
    return _summed_campaigns(joined, bought)


def _campaign_days(tables: Tables) -> pl.DataFrame:
    """One row per recent campaign that has begun: campaign_id, starts_on, until_on, days_before, days_during."""
    latest = pl.lit(today(tables), dtype=pl.Date)
    begun = living(tables["campaigns"]).drop_nulls("starts_on").filter(pl.col("starts_on") <= latest)
    until = pl.min_horizontal(pl.coalesce("ends_on", latest) + timedelta(days=RESPONSE_DAYS), latest)
    dated = begun.select("campaign_id", "starts_on", until_on=until)
    recent = dated.filter(pl.col("until_on") > latest - timedelta(days=CAMPAIGNS_KEPT_DAYS))
    during = (pl.col("until_on") - pl.col("starts_on")).dt.total_days() + 1
    return recent.with_columns(days_before=pl.lit(BEFORE_DAYS, dtype=pl.Int64), days_during=during)


def _campaign_people(tables: Tables, span: pl.DataFrame) -> pl.DataFrame:
    """One row per campaign and customer: group, company_id, region. Who is held out once is control."""
    contacts = tables["contacts"].select("contact_id", customer_of_contact="customer_id")
    members = living(tables["campaign_members"]).join(span, on="campaign_id", how="semi")
    named = members.join(contacts, on="contact_id", how="left", validate="m:1")
    groups = named.select(
        "campaign_id",
        customer_id=pl.coalesce("customer_id", "customer_of_contact"),
        group=pl.when(pl.col("is_control").fill_null(value=False))
        .then(pl.lit("control"))
        .otherwise(pl.lit("addressed")),
    ).drop_nulls("customer_id")
    chosen = groups.sort("group", descending=True).unique(
        ("campaign_id", "customer_id"), keep="first", maintain_order=True
    )
    customers = tables["customers"].select("customer_id", "company_id", "region", "country")
    placed_members = chosen.join(customers, on="customer_id", how="inner", validate="m:1")
    countries = placed_members.select("campaign_id", "country").unique()
    around = countries.join(customers, on="country", how="inner")
    others = around.join(chosen, on=("campaign_id", "customer_id"), how="anti").with_columns(group=pl.lit("others"))
    columns = ("campaign_id", "customer_id", "group", "company_id", "region")
    return pl.concat([placed_members.select(columns), others.select(columns)])


def _buys_of_families(tables: Tables) -> pl.DataFrame:
    """One row per customer, day and family of products that it bought something of."""
    lines = facts.order_lines(tables).drop_nulls(["customer_id", "product_id"]).filter(pl.col("quantity") > 0)
    known = lines.join(_families(tables), on="product_id", how="left", validate="m:1")
    return known.select("customer_id", "day_on", "family").unique()


def _families(tables: Tables) -> pl.DataFrame:
    """One row per product: its family, which is the group of variants that it belongs to, else its category."""
    return tables["products"].select("product_id", family=pl.coalesce("product_group_id", "category_id"))


def _advertised(tables: Tables) -> pl.DataFrame:
    """One row per campaign and family of products found in a quarter or more of the orders that name the campaign."""
    heads = living(tables["sales_orders"]).drop_nulls("campaign_id").select("sales_order_id", "campaign_id")
    lines = living(tables["sales_order_lines"]).select("sales_order_id", "product_id")
    held = (
        lines.join(heads, on="sales_order_id", how="inner", validate="m:1")
        .join(_families(tables), on="product_id", how="inner", validate="m:1")
        .drop_nulls("family")
        .select("campaign_id", "sales_order_id", "family")
        .unique()
    )
    found = held.group_by("campaign_id", "family").agg(orders=pl.len())
    naming = heads.group_by("campaign_id").agg(of=pl.len())
    joined = found.join(naming, on="campaign_id", how="inner", validate="m:1")
    return joined.filter(pl.col("orders") >= pl.col("of") * ADVERTISED_IN).select("campaign_id", "family")


def _summed_campaigns(people: pl.DataFrame, bought: pl.DataFrame) -> pl.DataFrame:
    keys = ("campaign_id", "company_id", "region", "group")
    days = pl.col("days_before", "days_during").first()
    counted = people.group_by(keys).agg(days, customers=pl.col("customer_id").n_unique().cast(pl.Int64))
    during = pl.col("day_on").is_between("starts_on", "until_on")
    first = pl.col("starts_on") - pl.duration(days=pl.col("days_before"))
    before = pl.col("day_on").is_between(first, pl.col("starts_on"), closed="left")
    sums = bought.group_by(keys).agg(buys_before=before.sum().cast(pl.Int64), buys_during=during.sum().cast(pl.Int64))
    joined = counted.join(sums, on=keys, how="left", validate="1:1", nulls_equal=True)
    filled = joined.with_columns(pl.col("buys_before", "buys_during").fill_null(0))
    return _shaped(filled, CAMPAIGN_SALES, "campaign_id")


_ORDERS = ("sales_orders", "sales_order_lines", "sites", "inventory_levels")
_INVOICES = ("invoices", "invoice_lines", *_ORDERS, "products", "product_costs", "companies")

ATTENTION: Mapping[str, tuple[tuple[str, ...], Callable[[Tables], pl.DataFrame]]] = {
    "sales_by_product": ((*_ORDERS, "customers"), sales_by_product),
    "sales_by_customer": (_ORDERS, sales_by_customer),
    "margins_by_product": (_INVOICES, margins_by_product),
    "margins_by_customer": (_INVOICES, margins_by_customer),
    "complaints_by_product": (
        ("tickets", "feedback", "returns", "inventory_levels", "sales_orders"),
        complaints_by_product,
    ),
    "open_order_lines": (("sales_orders", "sales_order_lines", "products"), open_order_lines),
    "open_invoices": (("invoices",), open_invoices),
    "supplier_lines": (
        ("purchase_orders", "purchase_order_lines", "receipts", "receipt_lines", *_ORDERS),
        supplier_lines,
    ),
    "bought_by_supplier": (("purchase_orders", "purchase_order_lines", *_ORDERS), bought_by_supplier),
    "campaign_sales": (
        ("campaigns", "campaign_members", "contacts", "customers", "products", *_ORDERS),
        campaign_sales,
    ),
}
