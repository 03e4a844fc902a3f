"""The rows behind every number: one row per line of a document, with the same keys, so that any number can be asked by
any of them.

Each fact has company_id, region, day_on (the day by which it counts), document (the number that people know it by),
record_id (its key), currency, and the keys that it knows of ``KEYS``; those it does not know are null. Amounts are in
the row's own currency, without tax; a null amount is not known, and not zero. Days are those of UTC, except where goods
leave or arrive: there they are those of the site.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from analytics.demand import ORDERED, Tables, living
from analytics.levels import stock_changes
from analytics.sites import main_sites, placed
from analytics.tables import SHARED
from analytics.tables.columns import DECIMAL

KEYS = ("customer_id", "product_id", "site_id", "supplier_id", "salesperson_id")
COMMON = ("company_id", "region", "day_on", "document", "record_id", "currency", *KEYS)
GOODS = ("storable", "consumable", "kit")
WHOLE = pl.lit(1, dtype=DECIMAL)


@dataclass(frozen=True)
class Fact:
    """The tables it is made of and how; ``measures``: what can be summed; ``knows``: the keys that it has values of;
    ``hidden``: from column to the capability without which it is null.

    ``is_event``: a row is a change, and a level is the sum of all up to a day. ``is_of_items``: what changes is an item
    at a site, and no document of its own.
    """

    needs: tuple[str, ...]
    make: Callable[[Tables], pl.DataFrame]
    measures: tuple[str, ...]
    knows: tuple[str, ...]
    hidden: Mapping[str, str]
    is_event: bool = False
    is_of_items: bool = False


def _shaped(rows: pl.DataFrame, *measures: str, extra: tuple[str, ...] = ()) -> pl.DataFrame:
    """The fact's columns in their order; keys that it does not know are null; by day."""
    missing = [name for name in COMMON if name not in rows.columns]
    filled = rows.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in missing)
    sums = [pl.col(name).cast(DECIMAL) for name in measures]
    return filled.select(*COMMON, *extra, *sums).sort("day_on", "record_id", nulls_last=True)


def _of_company(own: str = "company_id", heads: str = "company_id_of_head") -> pl.Expr:
    """A line's company; its document's, where the source shares the line."""
    return pl.when(pl.col(own) == SHARED).then(heads).otherwise(own).alias("company_id")


def order_lines(tables: Tables) -> pl.DataFrame:
    """One row per line of a confirmed or done order, services and text lines too; day_on is the order's.

    amount, quantity.
    """
    heads = _heads(tables, "sales_orders").filter(pl.col("status").cast(pl.String).is_in(ORDERED))
    lines = living(tables["sales_order_lines"]).drop("region", strict=False)
    joined = lines.join(heads, on="sales_order_id", how="inner", validate="m:1", suffix="_of_head")
    rows = joined.with_columns(
        _of_company(),
        day_on=pl.col("ordered_at").dt.date(),
        document="number",
        record_id="sales_order_line_id",
        currency=pl.coalesce("currency", "currency_of_head"),
        amount="amount_untaxed",
    )
    return _shaped(_at_main(rows, tables), "amount", "quantity")


def _heads(tables: Tables, name: str) -> pl.DataFrame:
    return living(tables[name]).drop("amount_untaxed", strict=False)


def _at_main(rows: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """site_id replaced by its main site; the region stays the row's own."""
    mains = main_sites(tables["sites"]).select("site_id", "main_site_id")
    joined = rows.join(mains, on="site_id", how="left", validate="m:1")
    return joined.with_columns(site_id="main_site_id").drop("main_site_id")


def invoice_lines(tables: Tables) -> pl.DataFrame:
    """One row per line of a posted invoice or credit note, which counts negative.

    amount, quantity; cost: what the goods cost when they were invoiced, where the source says; else the quantity at
    the company's cost of today (is_cost_of_today); null where neither is known. margin: amount less cost. margin_base:
    the amount where the cost is known.
    """
    heads = _heads(tables, "invoices").filter(pl.col("status") == "posted").drop("currency", "sales_order_id")
    lines = living(tables["invoice_lines"]).drop("region", strict=False)
    joined = lines.join(heads, on="invoice_id", how="inner", validate="m:1", suffix="_of_head")
    sold = joined.join(_sold_by(tables), on="sales_order_line_id", how="left", validate="m:1")
    costed = _with_cost(sold.with_columns(_of_company()), tables).with_columns(
        day_on="invoiced_on", document="number", record_id="invoice_line_id", amount="amount_untaxed"
    )
    rows = costed.drop_nulls("day_on").with_columns(
        margin=pl.col("amount") - pl.col("cost"),
        margin_base=pl.when(pl.col("cost").is_not_null()).then("amount"),
    )
    measures = ("amount", "quantity", "cost", "margin", "margin_base")
    return _shaped(_at_main(rows, tables), *measures, extra=("is_cost_of_today",))


def _sold_by(tables: Tables) -> pl.DataFrame:
    """One row per order line: the site that its order names, and who sold it."""
    heads = living(tables["sales_orders"]).select("sales_order_id", "site_id", "salesperson_id")
    lines = living(tables["sales_order_lines"]).select("sales_order_line_id", "sales_order_id")
    return lines.join(heads, on="sales_order_id", how="inner", validate="m:1").drop("sales_order_id")


def _with_cost(rows: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """With cost in the row's currency: as stated, else quantity x unit cost of today where that is in the same one."""
    priced = rows.join(
        unit_costs(tables), on=("product_id", "company_id"), how="left", validate="m:1", nulls_equal=False
    )
    usable = pl.col("cost_currency").is_null() | (pl.col("cost_currency") == pl.col("currency"))
    today = pl.when(usable).then(pl.col("quantity") * pl.col("unit_cost"))
    return priced.with_columns(
        cost=pl.coalesce(pl.col("cost_amount"), today.cast(DECIMAL)),
        is_cost_of_today=pl.col("cost_amount").is_null() & today.is_not_null(),
    )


def unit_costs(tables: Tables) -> pl.DataFrame:
    """One row per product and company: product_id, company_id, unit_cost, cost_currency; the company's own cost, else
    the product's. Where neither is stated there is no row."""
    products = tables["products"].select("product_id", product_cost="cost", product_currency="currency")
    companies = tables["companies"].select("company_id", books="currency")
    own = living(tables["product_costs"]).drop_nulls("cost").sort("product_cost_id")
    stated = own.unique(("product_id", "company_id"), keep="first", maintain_order=True)
    everywhere = products.join(companies, how="cross")
    joined = everywhere.join(
        stated.select("product_id", "company_id", "cost", "currency"),
        on=("product_id", "company_id"),
        how="left",
        validate="1:1",
    )
    is_own = pl.col("cost").is_not_null()
    currency = pl.when(is_own).then("currency").otherwise("product_currency")
    return joined.select(
        "product_id",
        "company_id",
        unit_cost=pl.coalesce("cost", "product_cost"),
        cost_currency=pl.coalesce(currency, "books"),
    ).drop_nulls("unit_cost")


def due_lines(tables: Tables) -> pl.DataFrame:
    """One row per order line of goods that was promised; day_on is the first promise: the line's, else the order's.

    in_full_on: the day on which all of it had arrived (or left, where nobody knows when it arrived), null while
    something lacks. due: 1. kept: 1 when all was there on the first promised day or before. days_late: how much later.
    A line that is not yet due and not yet complete is there too; it counts once its day is over.
    """
    heads = _heads(tables, "sales_orders").filter(pl.col("status").cast(pl.String).is_in(ORDERED))
    lines = living(tables["sales_order_lines"]).drop("region", strict=False).filter(pl.col("quantity") > 0)
    goods = tables["products"].filter(pl.col("kind").cast(pl.String).is_in(GOODS)).select("product_id")
    of_goods = lines.join(goods, on="product_id", how="semi")
    joined = of_goods.join(heads, on="sales_order_id", how="inner", validate="m:1", suffix="_of_head")
    dated = joined.join(_arrived(tables, of_goods), on="sales_order_line_id", how="left", validate="1:1")
    rows = dated.with_columns(
        _of_company(),
        day_on=pl.coalesce("first_promised_on", "first_promised_on_of_head"),
        document="number",
        record_id="sales_order_line_id",
        currency=pl.coalesce("currency", "currency_of_head"),
        due=WHOLE,
        amount="amount_untaxed",
    ).drop_nulls("day_on")
    return _shaped(_judged(_at_main(rows, tables)), "due", "kept", "amount", extra=("in_full_on", "days_late"))


def _judged(rows: pl.DataFrame) -> pl.DataFrame:
    """With kept and days_late, from day_on and in_full_on."""
    kept = (pl.col("in_full_on") <= pl.col("day_on")).fill_null(False)
    late = (pl.col("in_full_on") - pl.col("day_on")).dt.total_days()
    return rows.with_columns(kept=kept.cast(pl.Int64), days_late=late)


def _arrived(tables: Tables, lines: pl.DataFrame) -> pl.DataFrame:
    """One row per order line that is complete: sales_order_line_id, in_full_on."""
    parts = pl.concat([_shipped(tables), _moved(tables)])
    wanted = lines.select("sales_order_line_id", "quantity", "delivered_quantity")
    running = (
        parts.drop_nulls("day_on")
        .sort("sales_order_line_id", "day_on")
        .with_columns(so_far=pl.col("part").cum_sum().over("sales_order_line_id"))
        .join(wanted, on="sales_order_line_id", how="inner", validate="m:1")
    )
    by_parts = (
        running.filter(pl.col("so_far") >= pl.col("quantity"))
        .group_by("sales_order_line_id")
        .agg(in_full_on=pl.col("day_on").min())
    )
    is_stated = (pl.col("delivered_quantity") >= pl.col("quantity")).fill_null(False)
    stated = running.filter(is_stated).group_by("sales_order_line_id").agg(last_on=pl.col("day_on").max())
    both = by_parts.join(stated, on="sales_order_line_id", how="full", coalesce=True, validate="1:1")
    return both.select("sales_order_line_id", in_full_on=pl.coalesce("in_full_on", "last_on"))


PARTS = ("sales_order_line_id", "day_on", "part")


def _shipped(tables: Tables) -> pl.DataFrame:
    """What shipments brought: one row per line of a shipment that is done."""
    heads = living(tables["shipments"]).filter(pl.col("status") == "done")
    places = tables["sites"].select("site_id", "time_zone")
    timed = heads.join(places, on="site_id", how="left", validate="m:1")
    local = timed.with_columns(day_on=_local_day(pl.coalesce("delivered_at", "shipped_at"), timed))
    lines = living(tables["shipment_lines"]).filter(pl.col("status") == "done")
    joined = lines.join(local.select("shipment_id", "day_on"), on="shipment_id", how="inner", validate="m:1")
    return joined.drop_nulls("sales_order_line_id").select("sales_order_line_id", "day_on", part="shipped_quantity")


def _moved(tables: Tables) -> pl.DataFrame:
    """What movements brought to customers, of lines that no shipment names."""
    moves = living(tables["stock_moves"]).filter(
        pl.col("kind").cast(pl.String).is_in(["delivery", "dropship"]) & (pl.col("status") == "done")
    )
    named = living(tables["shipment_lines"]).filter(pl.col("status") == "done").select("sales_order_line_id")
    alone = moves.drop_nulls("sales_order_line_id").join(named.unique(), on="sales_order_line_id", how="anti")
    places = tables["sites"].select(from_site_id="site_id", time_zone="time_zone")
    timed = alone.join(places, on="from_site_id", how="left", validate="m:1")
    local = timed.with_columns(day_on=_local_day(pl.col("moved_at"), timed))
    return local.select("sales_order_line_id", "day_on", part="quantity")


def _local_day(instant: pl.Expr, rows: pl.DataFrame) -> pl.Expr:
    """The day of an instant in the time zone that the row names; in UTC where it names none."""
    day = instant.dt.date()
    for zone in rows.get_column("time_zone").drop_nulls().unique().sort().to_list():
        local = instant.dt.convert_time_zone(zone).dt.date()
        day = pl.when(pl.col("time_zone") == zone).then(local).otherwise(day)
    return day


def receivables(tables: Tables) -> pl.DataFrame:
    """What customers owe, as changes: one row per posted invoice or credit note, and per settlement of it.

    amount: with tax, positive where the debt grows. due_on: when the invoice is due. Payments count on their day. What
    is settled without a payment that names the invoice counts on its last payment's day, else on the day it was due.
    The sum of all changes of an invoice is what is open now.
    """
    heads = living(tables["invoices"]).filter((pl.col("status") == "posted") & pl.col("invoiced_on").is_not_null())
    known = heads.filter(pl.col("amount_open").is_not_null() & pl.col("amount_total").is_not_null())
    paid = _payments(tables, known)
    events = pl.concat([_posted(known), paid, _settled_otherwise(known, paid)])
    kept = [name for name in ("company_id", "region", "customer_id", "currency", "due_on") if name in known.columns]
    described = known.with_columns(document="number", record_id="invoice_id").select(
        "invoice_id", "document", "record_id", *kept
    )
    rows = events.join(described, on="invoice_id", how="inner", validate="m:1")
    return _shaped(rows.filter(pl.col("amount") != 0), "amount", extra=("due_on",))


def _posted(heads: pl.DataFrame) -> pl.DataFrame:
    return heads.select("invoice_id", day_on="invoiced_on", amount=pl.col("amount_total").cast(DECIMAL))


def _payments(tables: Tables, heads: pl.DataFrame) -> pl.DataFrame:
    """Payments in the invoice's own currency; what a credit note pays back counts the other way."""
    invoices = heads.select("invoice_id", invoice_currency="currency", is_credit=pl.col("kind") == "credit_note")
    done = living(tables["payments"]).filter((pl.col("status") == "done") & pl.col("invoice_id").is_not_null())
    joined = done.join(invoices, on="invoice_id", how="inner", validate="m:1")
    same = joined.filter(pl.col("currency") == pl.col("invoice_currency"))
    amount = pl.when(pl.col("is_credit")).then(pl.col("amount")).otherwise(-pl.col("amount"))
    return same.select("invoice_id", day_on="paid_on", amount=amount.cast(DECIMAL))


def _settled_otherwise(heads: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    """What brings each invoice from its total and payments to what is open now."""
    sums = paid.group_by("invoice_id").agg(paid=pl.col("amount").sum(), last_on=pl.col("day_on").max())
    joined = heads.join(sums, on="invoice_id", how="left", validate="1:1")
    rest = pl.col("amount_open") - pl.col("amount_total") - pl.col("paid").fill_null(0)
    day_on = pl.max_horizontal(pl.coalesce("last_on", "due_on", "invoiced_on"), "invoiced_on")
    return joined.select("invoice_id", day_on=day_on, amount=rest.cast(DECIMAL))


def stock(tables: Tables) -> pl.DataFrame:
    """Stock on hand, as changes: one row per product, main site, company and day; goods in transit are left out.

    quantity; amount: at the company's cost of today, null where that is not known.
    """
    goods = tables["products"].filter(pl.col("kind") == "storable").select("product_id", document="sku")
    rows = stock_changes(tables).join(goods, on="product_id", how="inner", validate="m:1")
    valued = _at_cost(rows.rename({"change": "quantity"}), tables)
    return _shaped(valued.with_columns(record_id="product_id"), "amount", "quantity")


def _at_cost(rows: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """With amount, the quantity at the company's cost of today, and its currency."""
    costed = rows.join(unit_costs(tables), on=("product_id", "company_id"), how="left", validate="m:1")
    amount = (pl.col("quantity") * pl.col("unit_cost")).cast(DECIMAL)
    return costed.with_columns(amount=amount, currency="cost_currency")


def issues(tables: Tables) -> pl.DataFrame:
    """What left for customers: one row per done delivery from stock, and per return, which counts negative.

    quantity; amount: at the company's cost of today. The region is that of the site.
    """
    done = living(tables["stock_moves"]).filter(pl.col("status") == "done")
    out = done.filter(pl.col("kind") == "delivery").with_columns(site_id="from_site_id")
    back = done.filter(pl.col("kind") == "customer_return").with_columns(
        site_id="to_site_id", quantity=-pl.col("quantity")
    )
    rows = placed(pl.concat([out, back]), tables["sites"]).with_columns(
        day_on=pl.col("moved_at").dt.date(), document="number", record_id="stock_move_id"
    )
    return _shaped(_at_cost(rows.drop_nulls("day_on"), tables), "amount", "quantity")


def purchase_lines(tables: Tables) -> pl.DataFrame:
    """One row per line of a confirmed or done purchase order whose first expected day is known: day_on.

    in_full_on: the day all of it was received. due: 1. kept: 1 when that was on the first expected day or before.
    days_late, and amount (in the order's currency). The region is that of the site.
    """
    heads = _heads(tables, "purchase_orders").filter(pl.col("status").cast(pl.String).is_in(ORDERED))
    lines = living(tables["purchase_order_lines"]).drop("region", strict=False).filter(pl.col("quantity") > 0)
    joined = lines.join(heads, on="purchase_order_id", how="inner", validate="m:1", suffix="_of_head")
    dated = joined.join(_received(tables, lines), on="purchase_order_line_id", how="left", validate="1:1")
    rows = placed(dated.with_columns(_of_company()), tables["sites"]).with_columns(
        day_on="first_due_on",
        document="number",
        record_id="purchase_order_line_id",
        currency=pl.coalesce("currency", "currency_of_head"),
        due=WHOLE,
        amount="amount_untaxed",
    )
    judged = _judged(rows.drop_nulls("day_on"))
    return _shaped(judged, "due", "kept", "amount", extra=("in_full_on", "days_late"))


def _received(tables: Tables, lines: pl.DataFrame) -> pl.DataFrame:
    """One row per purchase line that has come whole: purchase_order_line_id, in_full_on."""
    heads = living(tables["receipts"]).filter(pl.col("status") == "done")
    places = tables["sites"].select("site_id", "time_zone")
    timed = heads.join(places, on="site_id", how="left", validate="m:1")
    local = timed.with_columns(day_on=_local_day(pl.col("received_at"), timed)).select("receipt_id", "day_on")
    parts = living(tables["receipt_lines"]).filter(pl.col("status") == "done")
    came = parts.join(local, on="receipt_id", how="inner", validate="m:1")
    dated = came.drop_nulls(["purchase_order_line_id", "day_on"]).sort("purchase_order_line_id", "day_on")
    running = dated.with_columns(so_far=pl.col("received_quantity").cum_sum().over("purchase_order_line_id"))
    wanted = lines.select("purchase_order_line_id", wanted="quantity")
    whole = running.join(wanted, on="purchase_order_line_id", how="inner", validate="m:1").filter(
        pl.col("so_far") >= pl.col("wanted")
    )
    by_parts = whole.group_by("purchase_order_line_id").agg(in_full_on=pl.col("day_on").min())
    is_stated = (pl.col("received_quantity") >= pl.col("quantity")) & pl.col("received_on").is_not_null()
    stated = lines.filter(is_stated.fill_null(False)).select("purchase_order_line_id", "received_on")
    both = by_parts.join(stated, on="purchase_order_line_id", how="full", coalesce=True, validate="1:1")
    return both.select("purchase_order_line_id", in_full_on=pl.coalesce("in_full_on", "received_on"))


def tickets(tables: Tables) -> pl.DataFrame:
    """One row per ticket, cancelled ones left out; day_on is when it was opened. count: 1."""
    opened = living(tables["tickets"]).filter(pl.col("status") != "cancelled")
    rows = opened.with_columns(
        day_on=pl.col("opened_at").dt.date(),
        document="number",
        record_id="ticket_id",
        salesperson_id="owner_id",
        count=WHOLE,
    )
    return _shaped(rows, "count")


def complaints(tables: Tables) -> pl.DataFrame:
    """One row per complaint that a customer gave as feedback. count: 1."""
    given = living(tables["feedback"]).filter(pl.col("kind") == "complaint")
    rows = given.with_columns(
        day_on=pl.col("given_at").dt.date(), document="feedback_id", record_id="feedback_id", count=WHOLE
    )
    return _shaped(rows, "count")


_ORDERS = ("sales_orders", "sales_order_lines", "sites")
_COSTS = ("products", "product_costs", "companies")
_SHIPPED = ("shipments", "shipment_lines", "stock_moves")


FACTS: Mapping[str, Fact] = {
    "order_lines": Fact(
        _ORDERS,
        order_lines,
        ("amount", "quantity"),
        ("customer_id", "product_id", "site_id", "salesperson_id"),
        {},
    ),
    "invoice_lines": Fact(
        ("invoices", "invoice_lines", *_ORDERS, *_COSTS),
        invoice_lines,
        ("amount", "quantity", "cost", "margin", "margin_base"),
        ("customer_id", "product_id", "site_id", "salesperson_id"),
        {"cost": "margins", "margin": "margins", "margin_base": "margins"},
    ),
    "due_lines": Fact(
        (*_ORDERS, "products", *_SHIPPED),
        due_lines,
        ("due", "kept", "amount"),
        ("customer_id", "product_id", "site_id", "salesperson_id"),
        {},
    ),
    "receivables": Fact(("invoices", "payments"), receivables, ("amount",), ("customer_id",), {}, is_event=True),
    "stock": Fact(
        ("inventory_levels", "sites", *_COSTS),
        stock,
        ("amount", "quantity"),
        ("product_id", "site_id"),
        {"amount": "costs"},
        is_event=True,
        is_of_items=True,
    ),
    "issues": Fact(
        ("stock_moves", "sites", *_COSTS),
        issues,
        ("amount", "quantity"),
        ("product_id", "site_id"),
        {"amount": "costs"},
    ),
    "purchase_lines": Fact(
        ("purchase_orders", "purchase_order_lines", "receipts", "receipt_lines", "sites"),
        purchase_lines,
        ("due", "kept", "amount"),
        ("product_id", "site_id", "supplier_id"),
        {"amount": "costs"},
    ),
    "tickets": Fact(("tickets",), tickets, ("count",), ("customer_id", "product_id", "salesperson_id"), {}),
    "complaints": Fact(("feedback",), complaints, ("count",), ("customer_id", "product_id"), {}),
}
