"""The firm as it stood on a past day: the tables that stock is judged by, without what came later.

What was cancelled since is left out, and stated days are the first that were stated: later states of orders are known,
earlier ones are not. A work order is taken as known from two days before its planned start.
"""

from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from analytics.demand import ORDERED, Tables, living

KNOWN_BEFORE_DAYS = 2


def as_then(tables: Tables, on: date) -> dict[str, pl.DataFrame]:
    """The tables as they stood at the end of the day (UTC): the last level of each item and place, orders, receipts and
    moves; all others unchanged.

    What of a line had been delivered or received by then is its share of the quantities that were moved for it by then.
    An order is open then if it is open today, or if some of it came later.
    """
    ends = datetime.combine(on + timedelta(days=1), time(), UTC)
    sold, sold_lines = _sales(tables, ends)
    bought, bought_lines = _purchases(tables, ends)
    made = _work_orders(tables["work_orders"], ends)
    receipts = living(tables["receipts"]).filter(pl.col("received_at") < ends)
    levels = living(tables["inventory_levels"]).filter(pl.col("as_of_on") <= on).sort("as_of_on")
    then = {
        "inventory_levels": levels.unique(("product_id", "site_id"), keep="last", maintain_order=True),
        "sales_orders": sold,
        "sales_order_lines": sold_lines,
        "purchase_orders": bought,
        "purchase_order_lines": bought_lines,
        "receipts": receipts,
        "receipt_lines": tables["receipt_lines"].join(receipts, on="receipt_id", how="semi"),
        "work_orders": made,
        "stock_moves": _moves(tables["stock_moves"], sold_lines, made, ends),
    }
    return {**tables, **then}


def _share_by(parts: pl.DataFrame, line: str, ends: datetime) -> pl.DataFrame:
    """One row per line: what share of its parts (line, moved_at, quantity) had come by then: share."""
    quantity = pl.col("quantity").cast(pl.Float64)
    by_then = quantity.filter(pl.col("moved_at") < ends).sum()
    return parts.filter(quantity > 0).group_by(line).agg(share=by_then / quantity.sum())


def _rewound(lines: pl.DataFrame, shares: pl.DataFrame, done: str, line: str) -> pl.DataFrame:
    """The lines with what was done by then, and was_open: whether more was done later."""
    joined = lines.join(shares, on=line, how="left", validate="1:1", maintain_order="left")
    share, today = pl.col("share").fill_null(1.0), pl.col(done).cast(pl.Float64).fill_null(0.0)
    kind = lines.schema[done]
    return joined.with_columns((today * share).round(6).cast(kind).alias(done), was_open=share < 1.0).drop("share")


def _of_then(orders: pl.DataFrame, lines: pl.DataFrame, order: str) -> pl.DataFrame:
    """The orders, confirmed where they are today or where some of a line came later."""
    later = lines.filter("was_open").select(order).unique().with_columns(is_open=pl.lit(value=True))
    joined = orders.join(later, on=order, how="left", validate="1:1", maintain_order="left")
    kind = orders.schema["status"]
    status = pl.when(pl.col("is_open").fill_null(value=False)).then(pl.lit("confirmed")).otherwise("status")
    return joined.with_columns(status=status.cast(kind)).drop("is_open")


def _sales(tables: Tables, ends: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
    is_ordered = pl.col("status").cast(pl.String).is_in(ORDERED)
    orders = living(tables["sales_orders"]).filter(is_ordered & (pl.col("ordered_at") < ends))
    lines = living(tables["sales_order_lines"]).join(orders, on="sales_order_id", how="semi")
    left = living(tables["stock_moves"]).filter(
        pl.col("kind").cast(pl.String).is_in(["delivery", "dropship"]) & (pl.col("status") == "done")
    )
    moved = left.drop_nulls("sales_order_line_id").select("sales_order_line_id", "moved_at", "quantity")
    shares = _share_by(moved, "sales_order_line_id", ends)
    then = _rewound(lines, shares, "delivered_quantity", "sales_order_line_id")
    first = pl.coalesce("first_promised_on", "promised_on")
    heads = _of_then(orders, then, "sales_order_id").with_columns(promised_on=first)
    return heads, then.with_columns(promised_on=first).drop("was_open")


def _purchases(tables: Tables, ends: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
    is_ordered = pl.col("status").cast(pl.String).is_in(ORDERED)
    orders = living(tables["purchase_orders"]).filter(is_ordered & (pl.col("ordered_at") < ends))
    lines = living(tables["purchase_order_lines"]).join(orders, on="purchase_order_id", how="semi")
    came = living(tables["receipts"]).filter(pl.col("status") == "done").select("receipt_id", moved_at="received_at")
    parts = (
        living(tables["receipt_lines"])
        .drop_nulls("purchase_order_line_id")
        .select("receipt_id", "purchase_order_line_id", quantity="received_quantity")
    )
    dated = parts.join(came, on="receipt_id", how="inner", validate="m:1")
    shares = _share_by(dated, "purchase_order_line_id", ends)
    then = _rewound(lines, shares, "received_quantity", "purchase_order_line_id")
    seen = pl.when(pl.col("received_on") < ends.date()).then("received_on")
    dated_then = then.with_columns(due_on=pl.coalesce("first_due_on", "due_on"), received_on=seen)
    return _of_then(orders, then, "purchase_order_id"), dated_then.drop("was_open")


def _work_orders(orders: pl.DataFrame, ends: datetime) -> pl.DataFrame:
    """Those that were known then; open ones had produced nothing."""
    known_at = pl.coalesce("started_at", "planned_start_at") - pl.duration(days=KNOWN_BEFORE_DAYS)
    own = living(orders).filter(
        pl.col("status").cast(pl.String).is_in(ORDERED) & (known_at < ends).fill_null(value=False)
    )
    ended = (pl.col("finished_at") < ends).fill_null(value=False)
    status = pl.when(ended).then(pl.lit("done")).otherwise(pl.lit("confirmed")).cast(orders.schema["status"])
    return own.with_columns(
        status=status,
        produced_quantity=pl.when(ended)
        .then("produced_quantity")
        .otherwise(0)
        .cast(orders.schema["produced_quantity"]),
        finished_at=pl.when(ended).then("finished_at"),
    )


def _moves(moves: pl.DataFrame, lines: pl.DataFrame, made: pl.DataFrame, ends: datetime) -> pl.DataFrame:
    """What had moved by then; what moved later for orders that were known is planned, without a day."""
    rows = living(moves)
    past = rows.filter((pl.col("status") == "done") & (pl.col("moved_at") < ends))
    is_later = (pl.col("status") == "planned") | (pl.col("status") == "ready") | (pl.col("moved_at") >= ends)
    later = rows.filter(is_later.fill_null(value=False) & (pl.col("status") != "cancelled"))
    own = [
        later.join(lines, on="sales_order_line_id", how="semi"),
        later.join(made.filter(pl.col("status") == "confirmed"), on="work_order_id", how="semi"),
    ]
    nothing = [pl.lit(None).cast(moves.schema[name]).alias(name) for name in ("moved_at", "planned_at")]
    planned = pl.lit("planned").cast(moves.schema["status"]).alias("status")
    coming = pl.concat(own).unique("stock_move_id", maintain_order=True).with_columns(planned, *nothing)
    return pl.concat([past, coming])
