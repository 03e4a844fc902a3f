"""What the method would have promised: each past order asked for its day with only what was known when it came.

The days are those on which all of an order has left. The method is that of ``analytics.promise_dates``: it learns from
past orders alone, for past stock and receipts are not kept as they were seen then.
"""

from datetime import date, datetime, timedelta

import polars as pl

from analytics.demand import Types
from analytics.promise_dates import LEVELS, promises

ROUNDS, ROUND_DAYS, KNOWN_DAYS = 7, 14, 365
LEAST_ORDERS = 60
TRAITS = ("company_id", "region", "site", "lines")
HINDCASTS: Types = {
    "sales_order_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "salesperson_id": pl.String,
    "given_on": pl.Date,
    "came_on": pl.Date,
    "p50_on": pl.Date,
    "p80_on": pl.Date,
    "p90_on": pl.Date,
    "p95_on": pl.Date,
}


def hindcasts(orders: pl.DataFrame, as_of: date, rounds: int = ROUNDS) -> pl.DataFrame:
    """One row per order of the last ``rounds`` times two weeks that could be promised: see ``HINDCASTS``.

    came_on is null while not all has left. ``orders``: the aggregate order_stages. Every two weeks the method learns
    anew from the year before.
    """
    told = _told(orders)
    end = datetime.combine(as_of + timedelta(days=1), datetime.min.time())
    starts = [end - timedelta(days=ROUND_DAYS * number) for number in range(rounds, 0, -1)]
    parts = [_round(told, start) for start in starts]
    return pl.concat([pl.DataFrame(schema=HINDCASTS), *parts]).sort("given_on", "sales_order_id")


def _told(orders: pl.DataFrame) -> pl.DataFrame:
    site = pl.when(pl.col("site_ids").list.len() > 0).then(pl.col("site_ids").list.first())
    instants = {
        "placed_at": pl.col("ordered_at").dt.replace_time_zone(None),
        "delivered_at": pl.when(pl.col("stage") != "waiting").then("shipped_at").dt.replace_time_zone(None),
    }
    return orders.select(
        "sales_order_id",
        "company_id",
        "region",
        "salesperson_id",
        order_id="sales_order_id",
        site=site,
        lines=pl.col("lines").cast(pl.Float64),
        planned_at=pl.lit(None, pl.Datetime("us")),
        **instants,
    ).drop_nulls("placed_at")


def _round(told: pl.DataFrame, start: datetime) -> pl.DataFrame:
    """The orders of two weeks, promised with what was known when they began."""
    columns = ("order_id", "placed_at", "planned_at", *TRAITS)
    came = pl.col("delivered_at")
    since, until = start - timedelta(days=KNOWN_DAYS), start + timedelta(days=ROUND_DAYS)
    known = told.filter(pl.col("placed_at").is_between(since, start, closed="left"))
    seen = known.select(*columns, delivered_at=pl.when(came < start).then(came))
    asked = told.filter(pl.col("placed_at").is_between(start, until, closed="left"))
    if asked.is_empty() or seen["delivered_at"].count() < LEAST_ORDERS:
        return pl.DataFrame(schema=HINDCASTS)
    days = promises(seen, asked.select(columns), start).select("order_id", *(f"p{level}_on" for level in LEVELS))
    said = asked.join(days, on="order_id", how="left", validate="1:1")
    named = said.with_columns(given_on=pl.col("placed_at").dt.date(), came_on=came.dt.date())
    return named.select(pl.col(name).cast(dtype) for name, dtype in HINDCASTS.items()).drop_nulls("p50_on")
