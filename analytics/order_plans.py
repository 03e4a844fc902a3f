"""What is planned for open orders: each line checked against stock and all that is to come, one after the other.

Nobody's day is broken for another: first come the lines that were promised a day, by that day, then those of a higher
class of customer, then those ordered first. Each takes what the ones before it have left.
"""

from datetime import date

import polars as pl

from analytics.demand import Types
from analytics.promise_rules import CLASSES, Rules
from analytics.promising import WISHES, Supply, promise
from analytics.tables.columns import INSTANT

KINDS = ("allocate", "transfer", "receipt", "kit", "make", "buy", "none")
STILL = ("waiting", "ready")
STRAIGHT = "dropship"
OPEN_LINES: Types = {
    "company_id": pl.String(),
    "region": pl.String(),
    "supply_region": pl.String(),
    "sales_order_id": pl.String(),
    "line_number": pl.Int64(),
    "product_id": pl.String(),
    "site_id": pl.String(),
    "rest": pl.Float64(),
    "due_on": pl.Date(),
    "customer_id": pl.String(),
    "segment": pl.String(),
    "ordered_at": INSTANT,
}
PLANS: Types = {
    "company_id": pl.String(),
    "region": pl.String(),
    "supply_region": pl.String(),
    "sales_order_id": pl.String(),
    "document": pl.String(),
    "customer_id": pl.String(),
    "line_number": pl.Int64(),
    "product_id": pl.String(),
    "kind": pl.String(),
    "quantity": pl.Float64(),
    "from_site_id": pl.String(),
    "site_id": pl.String(),
    "leaves_on": pl.Date(),
    "complete_on": pl.Date(),
    "due_on": pl.Date(),
    "supply_number": pl.String(),
    "supply_party": pl.String(),
    "confidence": pl.Float64(),
    "is_new": pl.Boolean(),
}


def open_lines(lines: pl.DataFrame, orders: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """The lines that still have to leave us: the aggregates order_line_stages and order_stages, and segments
    (customer_id, segment); what a supplier delivers straight to the customer is nobody's stock. due_on: the day
    promised first, null where none was."""
    waiting = lines.filter(pl.col("stage").is_in(STILL), pl.col("reason") != STRAIGHT, pl.col("rest") > 0)
    heads = orders.select("sales_order_id", "document", "customer_id", "ordered_at")
    named = waiting.join(heads, on="sales_order_id", how="inner", validate="m:1")
    told = named.join(segments, on="customer_id", how="left", validate="m:1")
    dated = told.with_columns(due_on=pl.coalesce("first_promised_on", "promised_on"))
    return dated.select("document", *(pl.col(name).cast(dtype) for name, dtype in OPEN_LINES.items()))


def served_in(lines: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """The lines with their place in the queue (line, from 1 on): see above."""
    ranks = [
        CLASSES.index(rules.class_of(customer, segment)) if rules.by_class else 0
        for customer, segment in lines.select("customer_id", "segment").iter_rows()
    ]
    rank = pl.when(pl.col("due_on").is_null()).then(pl.Series(ranks, dtype=pl.Int64)).otherwise(0)
    keys = ("due_on", "rank", "ordered_at", "sales_order_id", "line_number", "product_id")
    queue = lines.with_columns(rank=rank).sort(keys, nulls_last=True)
    return queue.drop("rank").with_row_index("line", offset=1).cast({"line": pl.Int64})


def plans(supply: Supply, lines: pl.DataFrame, rules: Rules, known: frozenset[str] | None, as_of: date) -> pl.DataFrame:
    """One row per line and part of it that leaves on one day from one supply: see ``PLANS``.

    kind: allocate (stock of its site), transfer (stock or supply of another site), receipt (on order, or a work order
    under way), kit (put together of its parts), make, buy, or none: nothing covers it, and no day is invented.
    complete_on: when all of the order has left, null where a part of it has no day. is_new: the order was not in
    ``known``, the orders planned before; without those, ordered on the last day. ``supply``: without the orders that
    are planned; ``lines``: see ``open_lines``.
    """
    queue = served_in(lines, rules)
    wishes = queue.select("line", "product_id", quantity="rest", site_id="site_id")
    answer = promise(supply, wishes.select(pl.col(name).cast(dtype) for name, dtype in WISHES.items()))
    told = answer.lines.select("line", "confidence", "promised_on")
    parts = answer.deliveries.select(
        "line", "leaves_on", "quantity", "from_site_id", "transfer_days", "source", "number", "party"
    )
    whole = queue.join(told, on="line", how="left", validate="1:1").join(parts, on="line", how="left", validate="1:m")
    is_new = pl.col("ordered_at").dt.date() == as_of
    if known is not None:
        is_new = ~pl.col("sales_order_id").is_in(list(known))
    last = pl.col("promised_on").max().over("sales_order_id")
    is_whole = pl.col("promised_on").is_not_null().all().over("sales_order_id")
    shaped = whole.with_columns(
        kind=_kind(supply.workshop.ways.filter(pl.col("kind") == "kit")["product_id"].unique().to_list()),
        quantity=pl.coalesce("quantity", "rest"),
        complete_on=pl.when(is_whole).then(last),
        supply_number="number",
        supply_party="party",
        is_new=is_new,
    )
    typed = shaped.select("line", *(pl.col(name).cast(dtype) for name, dtype in PLANS.items()))
    return typed.sort("line", "leaves_on", "kind", nulls_last=True).drop("line")


def _kind(kits: list[str]) -> pl.Expr:
    """What has to be done for a part."""
    is_sent = (pl.col("transfer_days") > 0) | (pl.col("from_site_id") != pl.col("site_id")).fill_null(value=False)
    return (
        pl.when(pl.col("source").is_null())
        .then(pl.lit("none"))
        .when((pl.col("source") == "new_order") & pl.col("product_id").is_in(kits))
        .then(pl.lit("kit"))
        .when((pl.col("source") == "new_order") & pl.col("party").is_null() & pl.col("from_site_id").is_not_null())
        .then(pl.lit("make"))
        .when(pl.col("source") == "new_order")
        .then(pl.lit("buy"))
        .when(is_sent)
        .then(pl.lit("transfer"))
        .when(pl.col("source") == "receipt")
        .then(pl.lit("receipt"))
        .otherwise(pl.lit("allocate"))
    )


def shipments(rows: pl.DataFrame) -> pl.DataFrame:
    """The shipment plan: one row per order, day and site of leaving, as all that can leave together: lines, and
    is_last, whether nothing of the order is left then. ``rows``: see ``PLANS``."""
    keys = ("sales_order_id", "leaves_on", "site_id")
    dated = rows.drop_nulls("leaves_on").with_columns(site_id=pl.coalesce("site_id", "from_site_id"))
    firsts = ("document", "customer_id", "company_id", "region", "complete_on", "is_new")
    found = dated.group_by(keys).agg(
        pl.col(firsts).first(),
        lines=pl.col("line_number").n_unique().cast(pl.Int64),
        due_on=pl.col("due_on").min(),
        days_late=(pl.col("leaves_on") - pl.col("due_on")).dt.total_days().max(),
    )
    is_last = (pl.col("leaves_on") == pl.col("complete_on")).fill_null(value=False)
    return found.with_columns(is_last=is_last).sort("leaves_on", "sales_order_id", "site_id", nulls_last=True)
