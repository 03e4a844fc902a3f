"""How promises were kept: what was said first against what came, by the confidence that was stated.

A day that was said stays as it was said: what is said later repairs nothing. A promise counts once its day has come;
one that nobody ordered upon is no promise that could be kept.
"""

from datetime import date

import polars as pl

from analytics.demand import Types

GIVEN, HINDCAST = "given", "hindcast"
ORDERED_WITHIN_DAYS = 30
PROMISES: Types = {
    "number": pl.Int64,
    "customer_id": pl.String,
    "order_number": pl.String,
    "product_ids": pl.List(pl.String),
    "given_on": pl.Date,
    "promised_on": pl.Date,
    "is_arrival": pl.Boolean,
}
ORDERS: Types = {
    "document": pl.String,
    "customer_id": pl.String,
    "product_ids": pl.List(pl.String),
    "ordered_on": pl.Date,
    "left_on": pl.Date,
    "arrived_on": pl.Date,
}
SAID: Types = {"source": pl.String, "level": pl.Int64, "promised_on": pl.Date, "came_on": pl.Date}
KEPT: Types = {
    "source": pl.String,
    "level": pl.Int64,
    "promises": pl.Int64,
    "kept": pl.Int64,
    "share": pl.Float64,
    "error_days": pl.Float64,
    "bias_days": pl.Float64,
    "slack_days": pl.Float64,
}


def followed(promises: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """The promises (``PROMISES``) with what became of them: document, the order, null where none was placed, and
    came_on, the day on which all of it had left, or was at the customer where that day was promised (is_arrival).

    The order is the one with the stated number, of several that of the customer, as companies number for themselves;
    without a number, the customer's first of one of the products in the thirty days from the promise on. ``orders``:
    see ``ORDERS``, left_on null while not all has left, arrived_on while not all is there.
    """
    by_number = promises.join(
        orders.with_columns(key=pl.col("document").str.to_lowercase()),
        left_on=pl.col("order_number").str.to_lowercase(),
        right_on="key",
        how="inner",
        suffix="_of_order",
    )
    unnumbered = promises.filter(pl.col("order_number").is_null()).drop_nulls("customer_id")
    of_customer = unnumbered.join(orders, on="customer_id", how="inner", suffix="_of_order")
    in_time = pl.col("ordered_on").is_between(
        pl.col("given_on"), pl.col("given_on") + pl.duration(days=ORDERED_WITHIN_DAYS)
    )
    shared = pl.col("product_ids").list.set_intersection("product_ids_of_order").list.len() > 0
    by_goods = of_customer.filter(in_time & shared)
    columns = ("number", "ordered_on", "document", "left_on", "arrived_on")
    is_own = pl.col("customer_id") == pl.col("customer_id_of_order")
    numbered = by_number.select(*columns, is_own=is_own.fill_null(value=False))
    both = pl.concat([numbered, by_goods.select(*columns, is_own=pl.lit(value=True))])
    ordered = both.sort("is_own", "ordered_on", "document", descending=[True, False, False])
    first = ordered.unique("number", keep="first", maintain_order=True)
    found = first.select("number", "document", "left_on", "arrived_on")
    told = promises.join(found, on="number", how="left", validate="1:1", maintain_order="left")
    came_on = pl.when(pl.col("is_arrival")).then("arrived_on").otherwise("left_on")
    return told.with_columns(came_on=came_on).drop("left_on", "arrived_on")


def kept(said: pl.DataFrame, as_of: date, *by: str) -> pl.DataFrame:
    """How well days were kept: one row per source, level and each of ``by``: see ``KEPT``. ``said``: see ``SAID``.

    promises: those whose day has passed, and those of today that came. One that came before its day does not count
    until then: while its day is ahead only kept ones can be known, and the share would flatter. error_days: the mean
    distance of the day said from the day that it came; bias_days: the mean by which it came later; slack_days: the mean
    by which kept ones came earlier. An open one that is overdue counts as not kept, and in no mean: nobody knows yet
    how late it is.
    """
    keys = ("source", "level", *by)
    late = (pl.col("came_on") - pl.col("promised_on")).dt.total_days()
    came_today = (pl.col("promised_on") == as_of) & pl.col("came_on").is_not_null()
    decided = said.filter((pl.col("promised_on") < as_of) | came_today).with_columns(late=late)
    is_kept = (pl.col("late") <= 0).fill_null(value=False)
    sums = decided.group_by(keys).agg(
        promises=pl.len(),
        kept=is_kept.sum(),
        share=is_kept.mean(),
        error_days=pl.col("late").abs().mean(),
        bias_days=pl.col("late").mean(),
        slack_days=-pl.col("late").filter(is_kept).mean(),
    )
    schema = {**{name: said.schema[name] for name in by}, **KEPT}
    typed = sums.select(pl.col(name).cast(schema[name]) for name in ("source", *by, *list(KEPT)[1:]))
    return typed.sort("source", *by, "level", descending=False, nulls_last=True)
