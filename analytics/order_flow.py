"""Orders from the order to the money: how far each has come, since when, and what it waits for.

Only goods flow: lines of services and lines of text are left out, and so are orders without any goods. Money is that of
the lines, in the order's currency, without tax. Instants are those that the sources know; what nobody recorded is null.
"""

from datetime import date

import polars as pl

from analytics.attention import today
from analytics.demand import (
    ORDERED,
    Tables,
    Types,
    kit_contents,
    living,
    open_components,
    open_quantity,
    serving,
    unpacked,
)
from analytics.facts import GOODS
from analytics.lateness import dated_receipts
from analytics.periods import Period
from analytics.sites import at_main_site, main_sites, placed
from analytics.tables import SHARED
from analytics.tables.columns import DECIMAL

STAGES = ("waiting", "ready", "shipped", "delivered", "invoiced", "paid")
TO_DELIVER = ("waiting", "ready", "shipped")
OPEN = STAGES[:-1]
WAITS_FOR_SUPPLY = ("no_site", "no_supply", "purchase", "work_order", "dropship", "in_stock")
REASONS = (*WAITS_FOR_SUPPLY, "ready", "on_way", "to_invoice", "to_pay")
STEPS = {
    "to_shipped": ("ordered_at", "shipped_at"),
    "to_delivered": ("shipped_at", "delivered_at"),
    "to_invoiced": ("delivered_at", "invoiced_at"),
    "to_paid": ("invoiced_at", "paid_at"),
}
CYCLE = "cycle"
TIMES = (*STEPS, CYCLE)
WORK = ("to_shipped", "to_delivered", "to_invoiced")
ENOUGH_ORDERS, SLOWER_BY, SLOWER_DAYS = 20, 0.25, 0.5
SPREAD = (0, 2, 5, 10, 20, 40)
INSTANTS = ("ordered_at", "shipped_at", "delivered_at", "invoiced_at", "paid_at")
ON_THE_WAY_DAYS, ARRIVED_SHARE = 30, 0.99
ROUNDING = 1e-6
NEVER = date(2100, 1, 1)
INSTANT = pl.Datetime("us", "UTC")
NUMBERED = {stage: number for number, stage in enumerate(STAGES)}
SINCE = {
    "waiting": "ordered_at",
    "shipped": "shipped_at",
    "delivered": "delivered_at",
    "invoiced": "invoiced_at",
    "paid": "paid_at",
}
SUPPLY: Types = {
    "short_product_id": pl.String,
    "supply_region": pl.String,
    "supply_number": pl.String,
    "supply_party": pl.String,
    "supply_due_on": pl.Date,
    "expected_on": pl.Date,
}
ORDER_STAGES: Types = {
    "company_id": pl.String,
    "region": pl.String,
    "sales_order_id": pl.String,
    "document": pl.String,
    "customer_id": pl.String,
    "salesperson_id": pl.String,
    "stage": pl.String,
    "since_at": INSTANT,
    "first_promised_on": pl.Date,
    "promised_on": pl.Date,
    "ordered_at": INSTANT,
    "first_shipped_at": INSTANT,
    "shipped_at": INSTANT,
    "delivered_at": INSTANT,
    "invoiced_at": INSTANT,
    "paid_at": INSTANT,
    "product_ids": pl.List(pl.String),
    "site_ids": pl.List(pl.String),
    "lines": pl.Int64,
    "open_lines": pl.Int64,
    "is_partly": pl.Boolean,
    "amount": DECIMAL,
    "open_amount": DECIMAL,
    "currency": pl.String,
    "reason": pl.String,
    **SUPPLY,
}
LINE_STAGES: Types = {
    "company_id": pl.String,
    "region": pl.String,
    "sales_order_id": pl.String,
    "sales_order_line_id": pl.String,
    "line_number": pl.Int64,
    "product_id": pl.String,
    "description": pl.String,
    "site_id": pl.String,
    "stage": pl.String,
    "first_promised_on": pl.Date,
    "promised_on": pl.Date,
    "shipped_at": INSTANT,
    "delivered_at": INSTANT,
    "quantity": DECIMAL,
    "rest": DECIMAL,
    "ready": DECIMAL,
    "open_amount": DECIMAL,
    "currency": pl.String,
    "reason": pl.String,
    **SUPPLY,
}


def order_flow(tables: Tables) -> dict[str, pl.DataFrame]:
    """The open and past orders of goods, and the lines of those with something still to be done: see ``order_stages``
    and ``order_line_stages``."""
    lines = _explained(_lines(tables), tables)
    heads = _with_money(lines.group_by("sales_order_id").agg(*_told_of_order()), tables, lines)
    return {"order_stages": order_stages(heads, lines), "order_line_stages": order_line_stages(heads, lines)}


def order_stages(heads: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """One row per confirmed or done order of goods: its stage, since when, its promise, and what it waits for.

    stage: the first that any of its lines is at. waiting: not all of it is reserved; ready: reserved or made ready, not
    shipped; shipped: on the way; delivered: not invoiced in full; invoiced: not paid in full; paid: nothing more is to
    come, or nobody keeps it. since_at: when it came there; null for ready, which no source dates.
    shipped_at and delivered_at: when all of it had left and arrived; null while something lacks.
    first_promised_on and promised_on: the earliest of the lines still to be delivered, else the latest of all.
    reason: why it waits, by its line that is worst off: see ``order_line_stages``.
    """
    worst = lines.sort(_badness()).unique("sales_order_id", keep="first", maintain_order=True)
    why = worst.select("sales_order_id", "reason", *SUPPLY)
    told = heads.join(why, on="sales_order_id", how="left", validate="1:1").with_columns(_reason_of_order())
    return _typed(told, ORDER_STAGES).sort("ordered_at", "sales_order_id")


def order_line_stages(heads: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """One row per line of goods of an order that still has something to be delivered, invoiced or paid.

    rest: still to leave; ready: how much of that is reserved. reason, while the line waits:

    - no_site: nobody knows from which site it is to leave;
    - no_supply: stock and all that is to come are promised to others before;
    - purchase, work_order: it is covered by that order to come (supply_number, due on supply_due_on, expected_on: the
      day by which it comes with a confidence of 80 %, by how late its supplier is);
    - dropship: the supplier delivers it straight to the customer;
    - in_stock: stock suffices, nobody has reserved it.

    Then ready, and on_way. Stock and receipts go first to what is reserved, then by the day promised.
    short_product_id: the product, or the part of a kit, that it waits for.
    """
    open_orders = heads.filter(pl.col("stage") != "paid")
    kept = lines.join(open_orders, on="sales_order_id", how="semi")
    return _typed(kept, LINE_STAGES).sort("sales_order_id", "line_number", "sales_order_line_id", nulls_last=True)


def _typed(rows: pl.DataFrame, schema: Types) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _lines(tables: Tables) -> pl.DataFrame:
    """One row per line of goods of a confirmed or done order: what lacks, what is ready, what is on the way, its
    stage."""
    heads = _with_region(living(tables["sales_orders"])).filter(pl.col("status").cast(pl.String).is_in(ORDERED))
    goods = tables["products"].filter(pl.col("kind").cast(pl.String).is_in(GOODS)).select("product_id")
    own = living(tables["sales_order_lines"]).drop("region", strict=False).filter(pl.col("quantity") > 0)
    joined = own.join(goods, on="product_id", how="semi").join(
        heads, on="sales_order_id", how="inner", validate="m:1", suffix="_of_head"
    )
    moved = joined.join(_moved(tables), on="sales_order_line_id", how="left", validate="1:1")
    served = moved.join(serving(tables), on="sales_order_line_id", how="left", validate="1:1")
    return _staged(_located(served.with_columns(_known_of_line()), tables))


def _with_region(rows: pl.DataFrame) -> pl.DataFrame:
    """With a region, null where the table was not given one."""
    return rows if "region" in rows.columns else rows.with_columns(region=pl.lit(None, dtype=pl.String))


def _known_of_line() -> list[pl.Expr]:
    """What the line says, else its order."""
    is_shared = pl.col("company_id") == SHARED
    delivered = pl.coalesce("delivered_quantity", "left_quantity", pl.lit(0, dtype=DECIMAL))
    rest = open_quantity(pl.col("quantity"), delivered)
    return [
        pl.when(is_shared).then("company_id_of_head").otherwise("company_id").alias("company_id"),
        pl.coalesce("first_promised_on", "first_promised_on_of_head").alias("first_promised_on"),
        pl.coalesce("promised_on", "promised_on_of_head").alias("promised_on"),
        pl.coalesce("currency", "currency_of_head").alias("currency"),
        pl.coalesce("served_from", "site_id").alias("site_id"),
        pl.when(pl.col("status") == "confirmed").then(rest).otherwise(pl.lit(0, dtype=DECIMAL)).alias("rest"),
        delivered.alias("delivered"),
        pl.col("is_dropshipped").fill_null(value=False),
    ]


def _located(rows: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """With its main site, and that site's region as supply_region; the row's own region is the customer's."""
    sites = main_sites(tables["sites"]).select(site_id="main_site_id", supply_region="region").unique("site_id")
    at_main = placed(rows.rename({"region": "customer_region"}), tables["sites"]).drop("region")
    return at_main.join(sites, on="site_id", how="left", validate="m:1").rename({"customer_region": "region"})


def _staged(rows: pl.DataFrame) -> pl.DataFrame:
    """With open_amount and the line's stage; instants of leaving and arriving only where all of it has."""
    ready = pl.min_horizontal(pl.col("ready_quantity").fill_null(0), "rest")
    lacks = pl.col("rest") > 0
    is_on_way = pl.col("is_on_way").fill_null(value=False)
    stage = (
        pl.when(lacks & (ready < pl.col("rest")))
        .then(pl.lit("waiting"))
        .when(lacks)
        .then(pl.lit("ready"))
        .when(is_on_way)
        .then(pl.lit("shipped"))
        .otherwise(pl.lit("delivered"))
    )
    return rows.with_columns(
        ready=ready.cast(DECIMAL),
        stage=stage,
        shipped_at=pl.when(~lacks).then("left_at"),
        delivered_at=pl.when(~lacks & ~is_on_way).then("arrived_at"),
        open_amount=(pl.col("amount_untaxed") * pl.col("rest") / pl.col("quantity")).cast(DECIMAL),
    )


def _moved(tables: Tables) -> pl.DataFrame:
    """One row per order line that anything was or is to be moved for: left_quantity, ready_quantity, is_on_way,
    first_left_at, left_at (the last of it) and arrived_at."""
    moves = _movements(tables)
    is_done, is_ready = pl.col("status") == "done", pl.col("status") == "ready"
    return moves.group_by("sales_order_line_id").agg(
        left_quantity=pl.when(is_done.any()).then(pl.col("quantity").filter(is_done).sum()),
        ready_quantity=pl.col("quantity").filter(is_ready).sum(),
        is_on_way=(is_done & pl.col("is_on_way")).any(),
        first_left_at=pl.col("left_at").filter(is_done).min(),
        left_at=pl.col("left_at").filter(is_done).max(),
        arrived_at=pl.col("arrived_at").filter(is_done).max(),
    )


def _movements(tables: Tables) -> pl.DataFrame:
    """One row per movement to a customer, done or ready: lines of shipments, and moves of what no such line names."""
    heads = _shipments(tables)
    lines = living(tables["shipment_lines"]).drop_nulls("sales_order_line_id")
    of_shipments = lines.join(heads, on="shipment_id", how="inner", validate="m:1").select(
        "sales_order_line_id",
        "left_at",
        "arrived_at",
        "is_on_way",
        status=pl.col("status").cast(pl.String),
        quantity=pl.when(pl.col("status") == "done").then("shipped_quantity").otherwise("quantity"),
    )
    kinds = pl.col("kind").cast(pl.String).is_in(["delivery", "dropship"])
    moves = living(tables["stock_moves"]).filter(kinds).drop_nulls("sales_order_line_id")
    of_moves = moves.select(
        "sales_order_line_id",
        left_at="moved_at",
        arrived_at="moved_at",
        is_on_way=pl.lit(value=False),
        status=pl.col("status").cast(pl.String),
        quantity="quantity",
    )
    unnamed = of_moves.join(of_shipments, on=("sales_order_line_id", "status"), how="anti")
    return pl.concat([of_shipments, unnamed]).filter(pl.col("status").is_in(["done", "ready"]))


def _shipments(tables: Tables) -> pl.DataFrame:
    """One row per shipment: when it left and arrived, and whether it is on the way.

    A shipment without arrival is on the way for as many days as 99 of 100 from the same source took, thirty at most.
    After that, and where the source tells of no arrival at all, it counts as arrived when it left, as it does for on
    time in full.
    """
    took = (pl.col("delivered_at") - pl.col("shipped_at")).dt.total_seconds() / 86_400
    longest = took.quantile(ARRIVED_SHARE, "higher").over("source").clip(upper_bound=ON_THE_WAY_DAYS)
    latest = pl.lit(today(tables), dtype=pl.Date)
    age = (latest - pl.col("shipped_at").dt.date()).dt.total_days()
    is_on_way = pl.col("delivered_at").is_null() & (age <= longest).fill_null(value=False)
    known = living(tables["shipments"]).with_columns(is_on_way=is_on_way)
    arrived_at = pl.when(~pl.col("is_on_way")).then(pl.coalesce("delivered_at", "shipped_at"))
    return known.select("shipment_id", "is_on_way", left_at="shipped_at", arrived_at=arrived_at)


def _told_of_order() -> list[pl.Expr]:
    """What the lines of an order say of it."""
    number = pl.col("stage").replace_strict(NUMBERED, return_dtype=pl.Int64)
    lacks = pl.col("stage").is_in(TO_DELIVER)
    stage = number.min().replace_strict(dict(enumerate(STAGES)), return_dtype=pl.String)
    firsts = ("company_id", "region", "customer_id", "salesperson_id", "ordered_at", "currency")
    promises = [
        pl.coalesce(pl.col(name).filter(lacks).min(), pl.col(name).max()).alias(name)
        for name in ("first_promised_on", "promised_on")
    ]
    has_left, has_arrived = number.min() >= NUMBERED["shipped"], number.min() >= NUMBERED["delivered"]
    return [
        pl.col(firsts).first(),
        pl.col("number").first().alias("document"),
        stage.alias("stage"),
        *promises,
        pl.col("first_left_at").min().alias("first_shipped_at"),
        pl.when(has_left).then(pl.col("shipped_at").max()).alias("shipped_at"),
        pl.when(has_arrived).then(pl.col("delivered_at").max()).alias("delivered_at"),
        pl.col("product_id").unique().sort().alias("product_ids"),
        pl.col("site_id").drop_nulls().unique().sort().alias("site_ids"),
        pl.len().alias("lines"),
        lacks.sum().alias("open_lines"),
        ((pl.col("rest") > 0).any() & (pl.col("delivered") > 0).any()).alias("is_partly"),
        pl.col("amount_untaxed").sum().alias("amount"),
        pl.col("open_amount").sum().alias("open_amount"),
    ]


def _with_money(orders: pl.DataFrame, tables: Tables, lines: pl.DataFrame) -> pl.DataFrame:
    """With the stages after delivery, their days as the instants at their beginning, and since_at."""
    billed = _billed(tables, lines)
    firsts = _first_invoices(tables)
    joined = (
        orders.join(_invoiced(tables), on="sales_order_id", how="left", validate="1:1")
        .join(billed, on="sales_order_id", how="left", validate="1:1")
        .join(firsts, on="company_id", how="left", validate="m:1")
    )
    is_kept = (pl.coalesce("delivered_at", "ordered_at").dt.date() >= pl.col("first_invoice_on")).fill_null(value=False)
    is_billed = pl.col("is_billed") | (pl.col("is_invoiced_whole").fill_null(value=False))
    has_arrived = pl.col("stage") == "delivered"
    is_paid = pl.col("is_paid").fill_null(value=True)
    stage = (
        pl.when(has_arrived & is_billed & ~is_paid)
        .then(pl.lit("invoiced"))
        .when(has_arrived & (is_billed | ~is_kept))
        .then(pl.lit("paid"))
        .otherwise("stage")
    )
    staged = joined.with_columns(
        stage=stage,
        invoiced_at=pl.when(has_arrived & is_billed).then(pl.col("invoiced_on").cast(INSTANT)),
        paid_at=pl.when(has_arrived & is_billed & is_paid).then(pl.col("paid_on").cast(INSTANT)),
    )
    return staged.with_columns(_in_order()).with_columns(since_at=_since())


def _in_order() -> list[pl.Expr]:
    """No stage is reached before those ahead of it: an invoice on the day of shipping took no time after arrival."""
    return [
        pl.when(pl.col(name).is_not_null()).then(pl.max_horizontal(INSTANTS[: at + 1])).alias(name)
        for at, name in enumerate(INSTANTS)
    ]


def _since() -> pl.Expr:
    since = pl.lit(None, dtype=INSTANT)
    for stage, instant in SINCE.items():
        since = pl.when(pl.col("stage") == stage).then(instant).otherwise(since)
    return since


def _posted(tables: Tables) -> pl.DataFrame:
    is_invoice = (pl.col("status") == "posted") & (pl.col("kind") == "invoice")
    return living(tables["invoices"]).filter(is_invoice & pl.col("invoiced_on").is_not_null())


def _invoiced(tables: Tables) -> pl.DataFrame:
    """One row per order that a posted invoice names or whose lines one names: invoiced_on (the last), is_paid, paid_on;
    is_invoiced_whole: an invoice names the order, and none its lines."""
    posted = _posted(tables).select("invoice_id", "invoiced_on", "amount_open", of_order="sales_order_id")
    orders = living(tables["sales_order_lines"]).select("sales_order_line_id", "sales_order_id")
    lines = living(tables["invoice_lines"]).drop_nulls("sales_order_line_id")
    by_line = lines.join(orders, on="sales_order_line_id", how="inner", validate="m:1")
    by_head = posted.drop_nulls("of_order").select(
        "invoice_id", sales_order_id="of_order", is_named=pl.lit(value=False)
    )
    named = by_line.select("invoice_id", "sales_order_id", is_named=pl.lit(value=True))
    paid = living(tables["payments"]).filter(pl.col("status") == "done").group_by("invoice_id")
    links = pl.concat([named, by_head]).group_by("invoice_id", "sales_order_id").agg(pl.col("is_named").any())
    told = links.join(posted, on="invoice_id", how="inner", validate="m:1").join(
        paid.agg(pl.col("paid_on").max()), on="invoice_id", how="left", validate="m:1"
    )
    return told.group_by("sales_order_id").agg(
        pl.col("invoiced_on").max(),
        pl.col("paid_on").max(),
        is_paid=(pl.col("amount_open").fill_null(0) <= 0).all(),
        is_invoiced_whole=~pl.col("is_named").any(),
    )


def _billed(tables: Tables, lines: pl.DataFrame) -> pl.DataFrame:
    """One row per order: is_billed, whether every line that costs something is invoiced as far as it was delivered."""
    posted = _posted(tables).select("invoice_id")
    invoiced = living(tables["invoice_lines"]).join(posted, on="invoice_id", how="semi")
    sums = invoiced.drop_nulls("sales_order_line_id").group_by("sales_order_line_id")
    joined = lines.join(sums.agg(billed=pl.col("quantity").sum()), on="sales_order_line_id", how="left", validate="1:1")
    billed = pl.max_horizontal(pl.col("invoiced_quantity").fill_null(0), pl.col("billed").fill_null(0))
    is_free = (pl.col("amount_untaxed") == 0).fill_null(value=False)
    is_done = is_free | (billed >= pl.min_horizontal("quantity", "delivered"))
    return joined.group_by("sales_order_id").agg(is_billed=is_done.all())


def _first_invoices(tables: Tables) -> pl.DataFrame:
    """One row per company that invoices: what it delivered before its first invoice is taken as invoiced and paid."""
    return _posted(tables).group_by("company_id").agg(first_invoice_on=pl.col("invoiced_on").min())


def _reason_of_order() -> pl.Expr:
    later = {"delivered": "to_invoice", "invoiced": "to_pay", "paid": None}
    stage = pl.col("stage")
    is_later = stage.is_in(list(later))
    return (
        pl.when(is_later)
        .then(stage.replace_strict(later, default=None, return_dtype=pl.String))
        .otherwise("reason")
        .alias("reason")
    )


def _badness() -> list[pl.Expr]:
    """The line that is worst off first: by its stage, then by what it waits for, then by the day that is expected."""
    order = {reason: number for number, reason in enumerate(REASONS)}
    grave = {"purchase": order["work_order"]}
    rank = pl.col("reason").replace_strict({**order, **grave}, default=len(order), return_dtype=pl.Int64)
    stage = pl.col("stage").replace_strict(NUMBERED, return_dtype=pl.Int64)
    latest = pl.col("expected_on").fill_null(date.max)
    return [stage, rank, -latest.to_physical(), pl.col("first_promised_on"), pl.col("sales_order_line_id")]


def _explained(lines: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """With reason and what it waits for, where it waits for a supply."""
    waiting = lines.filter(pl.col("stage") == "waiting")
    made = _made_for(tables, waiting)
    straight = waiting.filter("is_dropshipped").select(
        "sales_order_line_id", reason=pl.lit("dropship"), short_product_id="product_id"
    )
    covered = _covered(lines, tables)
    known = pl.concat([made, straight, covered], how="diagonal").unique(
        "sales_order_line_id", keep="first", maintain_order=True
    )
    own = lines.rename({"supply_region": "own_region"})
    joined = own.join(known, on="sales_order_line_id", how="left", validate="1:1")
    later = pl.col("stage").replace_strict(
        {"ready": "ready", "shipped": "on_way"}, default=None, return_dtype=pl.String
    )
    return joined.with_columns(
        reason=pl.when(pl.col("stage") == "waiting").then("reason").otherwise(later),
        supply_region=pl.coalesce("supply_region", "own_region"),
    )


def _made_for(tables: Tables, waiting: pl.DataFrame) -> pl.DataFrame:
    """One row per waiting line that a work order is made for: the one that is due last."""
    orders = living(tables["work_orders"]).filter(pl.col("status") == "confirmed")
    named = orders.select("number", "due_on", "product_id", "sales_order_line_id", "sales_order_id")
    own = named.drop_nulls("sales_order_line_id").drop("sales_order_id", "product_id")
    of_order = named.filter(pl.col("sales_order_line_id").is_null()).drop_nulls("sales_order_id")
    lines = waiting.select("sales_order_line_id", "sales_order_id", "product_id")
    by_order = lines.join(
        of_order.drop("sales_order_line_id"), on=("sales_order_id", "product_id"), how="inner"
    ).select(own.columns)
    made = pl.concat([own, by_order]).sort("due_on", "number", descending=True)
    last = made.unique("sales_order_line_id", keep="first", maintain_order=True)
    products = lines.select("sales_order_line_id", short_product_id="product_id")
    return last.join(products, on="sales_order_line_id", how="inner", validate="1:1").select(
        "sales_order_line_id",
        "short_product_id",
        reason=pl.lit("work_order"),
        supply_number="number",
        supply_due_on="due_on",
        expected_on="due_on",
    )


def _covered(lines: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """One row per waiting line: what covers it, of stock and all that is to come; of a kit, what its worst part waits
    for."""
    coming = _coming(tables)
    own = _claims(lines, tables).filter(~pl.col("is_reserved")).drop_nulls("sales_order_line_id")
    asked = own.drop_nulls("site_id").sort("claimed")
    covered = asked.join_asof(
        _supply(tables, coming).sort("supplied"),
        left_on="claimed",
        right_on="supplied",
        by=("product_id", "site_id"),
        strategy="forward",
        check_sortedness=False,
    )
    supplied = pl.concat([covered.drop_nulls("reason"), _uncovered(covered, coming)], how="diagonal")
    nowhere = own.filter(pl.col("site_id").is_null()).with_columns(reason=pl.lit("no_site"))
    named = pl.concat([supplied, nowhere], how="diagonal").rename({"product_id": "short_product_id"})
    worst = named.with_columns(stage=pl.lit("waiting"), first_promised_on="due_on").sort(
        *_badness(), "short_product_id"
    )
    first = worst.unique("sales_order_line_id", keep="first", maintain_order=True)
    return first.select("sales_order_line_id", "short_product_id", "reason", *_OF_SUPPLY)


_OF_SUPPLY = ("supply_region", "supply_number", "supply_party", "supply_due_on", "expected_on")


def _uncovered(covered: pl.DataFrame, coming: pl.DataFrame) -> pl.DataFrame:
    """What nothing covers, with the order that brings the product next to any site of the company, whoever gets it."""
    rows = covered.filter(pl.col("reason").is_null()).drop("reason", *_OF_SUPPLY)
    earliest = coming.sort("arrives", "supply_due_on", "supply_number", nulls_last=True)
    first = earliest.unique(("product_id", "company_id"), keep="first", maintain_order=True)
    following = first.select("product_id", "company_id", *_OF_SUPPLY[:-1])
    joined = rows.join(following, on=("product_id", "company_id"), how="left", validate="m:1")
    return joined.with_columns(reason=pl.lit("no_supply"))


def _claims(lines: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """One row per line, or part of a kit, that asks something of stock, and per component of a work order: claimed, all
    that is asked of its product and site up to and with it. What is reserved comes first, then who was promised
    first."""
    used = open_components(tables)
    of_orders = used.select("product_id", "site_id", "due_on", "quantity").with_columns(is_reserved=pl.lit(value=False))
    both = pl.concat([_asked(lines, tables), of_orders], how="diagonal").filter(pl.col("quantity") > 0)
    first = both.sort(~pl.col("is_reserved"), "due_on", "ordered_at", "sales_order_line_id", nulls_last=True)
    claimed = pl.col("quantity").cast(pl.Float64).cum_sum().over("product_id", "site_id")
    return first.with_columns(claimed=claimed - ROUNDING)


def _asked(lines: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """What lines ask of our own sites, kits replaced by their parts: what is reserved of a line, and its rest."""
    served = lines.filter((pl.col("rest") > 0) & ~pl.col("is_dropshipped"))
    due_on = pl.coalesce("first_promised_on", "promised_on", "requested_on", "requested_on_of_head", "day_on")
    keys = ("sales_order_line_id", "company_id", "product_id", "site_id", "ordered_at", "day_on", "quantity")
    dated = served.with_columns(day_on=pl.col("ordered_at").dt.date()).with_columns(due_on=due_on)
    parts = [
        dated.select(*keys, "due_on", open=quantity.cast(DECIMAL), is_reserved=pl.lit(value=is_reserved))
        for quantity, is_reserved in ((pl.col("ready"), True), (pl.col("rest") - pl.col("ready"), False))
    ]
    asked = unpacked(pl.concat(parts), kit_contents(tables))
    return asked.select(*keys[:5], "due_on", "is_reserved", quantity="open")


def _supply(tables: Tables, coming: pl.DataFrame) -> pl.DataFrame:
    """One row per product, site and source, what is on hand first: supplied, how much there is up to and with it."""
    held = _on_hand(tables).with_columns(reason=pl.lit("in_stock"), arrives=pl.lit(date.min))
    return _running(pl.concat([held, coming], how="diagonal").drop_nulls("site_id"))


def _coming(tables: Tables) -> pl.DataFrame:
    """One row per delivery to come, of a purchase or a work order."""
    receipts = dated_receipts(tables, today(tables) or NEVER)
    return receipts.select(
        "product_id",
        "site_id",
        "company_id",
        quantity=pl.col("quantity").cast(pl.Float64),
        reason="kind",
        arrives=pl.coalesce("arrives_80_on", pl.lit(date.max)),
        supply_region="region",
        supply_number="number",
        supply_party="party",
        supply_due_on="due_on",
        expected_on="arrives_80_on",
    )


def _running(rows: pl.DataFrame) -> pl.DataFrame:
    ordered = rows.sort("arrives", "supply_due_on", "supply_number", nulls_last=True, maintain_order=True)
    supplied = pl.col("quantity").cum_sum().over("product_id", "site_id")
    return ordered.with_columns(supplied=supplied).select("product_id", "site_id", "supplied", "reason", *_OF_SUPPLY)


def _on_hand(tables: Tables) -> pl.DataFrame:
    """One row per product and main site with what lies there by its latest count; what is in transit lies nowhere."""
    levels = living(tables["inventory_levels"]).sort("as_of_on")
    latest = levels.unique(("product_id", "site_id"), keep="last", maintain_order=True)
    transit = main_sites(tables["sites"]).filter("is_transit").select("site_id")
    here = at_main_site(latest.join(transit, on="site_id", how="anti"), tables["sites"]).drop_nulls("site_id")
    return here.group_by("product_id", "site_id").agg(quantity=pl.col("on_hand").sum().cast(pl.Float64))


def step_days(step: str) -> pl.Expr:
    """Days that a step took, of an order that has taken it, with parts of days; null where its ends are not known."""
    first, last = ("ordered_at", "delivered_at") if step == CYCLE else STEPS[step]
    return (pl.col(last) - pl.col(first)).dt.total_seconds() / 86_400


def step_ended_on(step: str) -> pl.Expr:
    """The day (UTC) on which an order took a step."""
    return pl.col("delivered_at" if step == CYCLE else STEPS[step][1]).dt.date()


STEP_TIMES: Types = {
    "step": pl.String,
    "orders": pl.Int64,
    "median_days": pl.Float64,
    "p90_days": pl.Float64,
    "mean_days": pl.Float64,
    "orders_before": pl.Int64,
    "median_days_before": pl.Float64,
    "share": pl.Float64,
    "is_bottleneck": pl.Boolean,
    "is_slower": pl.Boolean,
}


def step_times(orders: pl.DataFrame, asked: Period, earlier: Period) -> pl.DataFrame:
    """How long each step took of the orders that took it in the period: one row per step and one for the whole cycle,
    from the order to its arrival: see ``STEP_TIMES``; days with parts of days, null without such an order.

    share: of the mean time from the order to the invoice; the time until customers pay was agreed with them and is left
    out. is_bottleneck: the step with the largest share. is_slower: the median grew by a quarter and by half a day at
    least, with twenty orders or more in both periods.
    """
    now, before = _times(orders, asked), _times(orders, earlier)
    compared = before.select("step", orders_before="orders", median_days_before="median_days")
    joined = now.join(compared, on="step", how="left", validate="1:1", maintain_order="left")
    worked = pl.when(pl.col("step").is_in(WORK)).then("mean_days")
    share = worked / worked.sum()
    growth = pl.col("median_days") - pl.col("median_days_before")
    is_enough = pl.min_horizontal("orders", "orders_before") >= ENOUGH_ORDERS
    is_slower = is_enough & (growth >= SLOWER_DAYS) & (growth >= SLOWER_BY * pl.col("median_days_before"))
    judged = joined.with_columns(share=share, is_slower=is_slower.fill_null(value=False))
    is_most = (pl.col("share") == pl.col("share").max()) & (pl.col("share") > 0)
    first = is_most & (is_most.cum_sum() == 1)
    return _typed(judged.with_columns(is_bottleneck=first.fill_null(value=False)), STEP_TIMES)


def _times(orders: pl.DataFrame, span: Period) -> pl.DataFrame:
    days = pl.col("days")
    rows = []
    for step in TIMES:
        taken = orders.filter(step_ended_on(step).is_between(span.first, span.until)).select(days=step_days(step))
        known = taken.drop_nulls()
        rows.append(
            known.select(
                step=pl.lit(step),
                orders=pl.len().cast(pl.Int64),
                median_days=days.median(),
                p90_days=days.quantile(0.9, "linear"),
                mean_days=days.mean(),
            )
        )
    return pl.concat(rows)


def cycle_by_month(orders: pl.DataFrame, months: tuple[Period, ...]) -> pl.DataFrame:
    """The time from the order to its arrival by the month of arrival: one row per month: month_on (its first day),
    is_partial, orders, median_days, p90_days."""
    rows = [
        _times(orders, month)
        .filter(pl.col("step") == CYCLE)
        .select("orders", "median_days", "p90_days", month_on=pl.lit(month.first), is_partial=pl.lit(month.is_partial))
        for month in months
    ]
    return pl.concat(rows).select("month_on", "is_partial", "orders", "median_days", "p90_days")


def cycle_spread(orders: pl.DataFrame, asked: Period) -> pl.DataFrame:
    """How many orders that arrived in the period took how long: one row per span of days: from_days, orders; a span
    reaches up to the next one, the last has no end."""
    taken = orders.filter(step_ended_on(CYCLE).is_between(asked.first, asked.until)).select(days=step_days(CYCLE))
    spans = pl.DataFrame({"from_days": SPREAD}, schema={"from_days": pl.Int64})
    starts = [pl.when(pl.col("days") >= start).then(start) for start in SPREAD]
    counted = taken.drop_nulls().select(from_days=pl.max_horizontal(starts).cast(pl.Int64)).group_by("from_days").len()
    joined = spans.join(counted, on="from_days", how="left", validate="1:1", maintain_order="left")
    return joined.select("from_days", orders=pl.col("len").fill_null(0).cast(pl.Int64))


FLOW = ("order_stages", "order_line_stages")
FLOW_NEEDS = (
    "boms", "bom_lines", "customers", "inventory_levels", "invoices", "invoice_lines", "payments", "products",
    "purchase_orders", "purchase_order_lines", "receipts", "receipt_lines", "sales_orders", "sales_order_lines",
    "shipments", "shipment_lines", "sites", "stock_moves", "suppliers", "work_orders",
)  # fmt: skip
