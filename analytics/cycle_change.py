"""Whether orders take longer or shorter since a day: like compared with like, and told apart from noise.

Orders of the ninety days before the day stand against those of up to ninety days from it on. What else changed with the
day, as more orders of a far region, is taken out: the mean of each kind of order (company, site, region, class of
product) counts as often as that kind is among all of them. The band is Welch's, of 95 %.
"""

import math
from datetime import date, timedelta

import polars as pl

from analytics.demand import Types

SPAN_DAYS, LEAST = 90, 5
SETTLED_SHARE, LONGEST_DAYS = 0.95, 365
NORMAL = 1.959963984540054
KIND = ("company_id", "site_id", "region", "category_id")
CYCLES: Types = {
    **dict.fromkeys(KIND, pl.String()),
    "ordered_on": pl.Date(),
    "arrived_on": pl.Date(),
}
KINDS: Types = {
    **dict.fromkeys(KIND, pl.String()),
    "orders_before": pl.Int64(),
    "orders_after": pl.Int64(),
    "days_before": pl.Float64(),
    "days_after": pl.Float64(),
    "change": pl.Float64(),
}
CHANGE: Types = {
    "from_on": pl.Date(),
    "until_on": pl.Date(),
    "orders_before": pl.Int64(),
    "orders_after": pl.Int64(),
    "open_orders": pl.Int64(),
    "days_before": pl.Float64(),
    "days_after": pl.Float64(),
    "change": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "compared": pl.Float64(),
}


def by_kind(cycles: pl.DataFrame, since_on: date, as_of: date) -> pl.DataFrame:
    """One row per kind of order with orders on both sides of the day: see ``KINDS``, the most orders first. Means of
    days from the order to its arrival; ``cycles``: see ``CYCLES``, one row per order."""
    rows = _spans(cycles, since_on, as_of)
    return _typed(_compared(rows), KINDS).sort(-(pl.col("orders_before") + pl.col("orders_after")), *KIND)


def change(cycles: pl.DataFrame, since_on: date, as_of: date) -> pl.DataFrame:
    """The change since a day, one row: see ``CHANGE``; none where no kind of order has five on both sides.

    days_before, days_after: plain means. change: what is left of their difference when like is compared with like, with
    low and high. compared: the share of the orders whose kind lies on both sides. from_on, until_on: the first and the
    last day of the orders compared. An open order has taken as long as it waits; orders so young that one in twenty
    would still be open are not counted, on neither side: open_orders says how many open ones are left.
    """
    rows = _spans(cycles, since_on, as_of)
    kinds = _compared(rows).filter(pl.col("orders_before") >= LEAST, pl.col("orders_after") >= LEAST)
    if kinds.is_empty():
        return pl.DataFrame(schema=CHANGE)
    weight = (pl.col("orders_before") + pl.col("orders_after")) / (
        pl.col("orders_before") + pl.col("orders_after")
    ).sum()
    parts = {side: pl.col(f"spread_{side}") ** 2 / pl.col(f"orders_{side}") * weight**2 for side in ("before", "after")}
    freedom = sum((part**2 / (pl.col(f"orders_{side}") - 1)).sum() for side, part in parts.items())
    noise = parts["before"].sum() + parts["after"].sum()
    told = kinds.select(change=(weight * pl.col("change")).sum(), noise=noise, freedom=freedom)
    moved, variance, below = told.row(0)
    half = _quantile(variance**2 / below if below > 0 else math.inf) * math.sqrt(variance)
    counted = kinds.select(pl.col("orders_before", "orders_after").sum()).sum_horizontal().item()
    plain = rows.group_by("is_after").agg(pl.len(), pl.col("days").mean())
    sides = {is_after: (count, days) for is_after, count, days in plain.iter_rows()}
    row = {
        "from_on": rows["ordered_on"].min(),
        "until_on": rows["ordered_on"].max(),
        "orders_before": sides[False][0],
        "orders_after": sides[True][0],
        "open_orders": rows["arrived_on"].null_count(),
        "days_before": sides[False][1],
        "days_after": sides[True][1],
        "change": moved,
        "low": moved - half,
        "high": moved + half,
        "compared": counted / rows.height,
    }
    return pl.DataFrame([row], schema=CHANGE)


def _spans(cycles: pl.DataFrame, since_on: date, as_of: date) -> pl.DataFrame:
    """The orders of both spans, with is_after and days."""
    took = (pl.col("arrived_on") - pl.col("ordered_on")).dt.total_days()
    known = cycles.with_columns(took=took).filter(pl.col("took").is_between(0, LONGEST_DAYS).fill_null(value=True))
    settled = known.select(pl.col("took").quantile(SETTLED_SHARE, "higher")).item() or 0
    last = min(as_of - timedelta(days=int(settled)), since_on + timedelta(days=SPAN_DAYS - 1))
    spanned = known.filter(pl.col("ordered_on").is_between(since_on - timedelta(days=SPAN_DAYS), last))
    waited = (pl.lit(as_of) - pl.col("ordered_on")).dt.total_days()
    days = pl.coalesce("took", waited).cast(pl.Float64)
    return spanned.with_columns(is_after=pl.col("ordered_on") >= since_on, days=days)


def _compared(rows: pl.DataFrame) -> pl.DataFrame:
    """The kinds with orders on both sides: how many, their mean days and how far those spread."""
    found = rows.group_by(*KIND, "is_after").agg(
        orders=pl.len(), days=pl.col("days").mean(), spread=pl.col("days").std()
    )
    before, after = (found.filter(pl.col("is_after") == side).drop("is_after") for side in (False, True))
    both = before.join(after, on=KIND, how="inner", validate="1:1", nulls_equal=True, suffix="_after")
    named = both.rename({name: f"{name}_before" for name in ("orders", "days", "spread")})
    return named.with_columns(change=pl.col("days_after") - pl.col("days_before"))


def _quantile(freedom: float) -> float:
    """Where 97.5 % of Student's distribution lie, from the normal one by Cornish and Fisher's series."""
    if not math.isfinite(freedom):
        return NORMAL
    z = NORMAL
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def _typed(rows: pl.DataFrame, schema: Types) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
