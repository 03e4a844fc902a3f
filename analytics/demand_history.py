"""Demand as forecasts learn from it: by item, site and week, with what is odd about it told apart.

Weeks are counted back from the last known day: each is the seven days that end on its ``week_on``.
"""

from datetime import date

import polars as pl

from analytics.demand import Types
from analytics.hidden_demand import LEAF

WEEKS = 156
FEWEST_ORDERS = 8
LARGE = 6.0
SPREADS = 5.0
DEVIATIONS = 1.4826
WEEKLY: Types = {
    "product_id": pl.String,
    "site_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "week_on": pl.Date,
    "recorded": pl.Float64,
    "one_off": pl.Float64,
    "lost": pl.Float64,
    "counted": pl.Float64,
}
ONE_OFFS: Types = {
    "product_id": pl.String,
    "site_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "number": pl.String,
    "day_on": pl.Date,
    "quantity": pl.Float64,
    "usual": pl.Float64,
}


def week_of(day_on: pl.Expr, as_of: date) -> pl.Expr:
    """The last day of the week, counted back from ``as_of``, that a day lies in."""
    back = (pl.lit(as_of) - day_on).dt.total_days() // 7
    return pl.lit(as_of) - pl.duration(days=7 * back)


def one_offs(ordered: pl.DataFrame) -> pl.DataFrame:
    """One row per order of an item at a site that is far larger than such orders are: see ``ONE_OFFS``.

    ordered: see ``analytics.demand.order_lines``. Of eight orders or more, those above six times the median, and above
    it by more than five usual deviations on the scale of ratios. usual: the median; that much of it counts as demand.
    """
    sized = ordered.group_by(*LEAF, "number").agg(
        pl.col("day_on").min(), quantity=pl.col("quantity").sum().cast(pl.Float64)
    )
    real = sized.filter(pl.col("quantity") > 0).with_columns(usual=pl.col("quantity").median().over(LEAF))
    ratio = (pl.col("quantity") / pl.col("usual")).log()
    judged = real.with_columns(ratio=ratio, orders=pl.len().over(LEAF)).with_columns(
        usually=DEVIATIONS * pl.col("ratio").abs().median().over(LEAF)
    )
    is_large = pl.col("ratio") > pl.max_horizontal(SPREADS * pl.col("usually"), pl.lit(LARGE).log())
    found = judged.filter(is_large & (pl.col("orders") >= FEWEST_ORDERS))
    return found.select(pl.col(name).cast(dtype) for name, dtype in ONE_OFFS.items()).sort(
        *LEAF, "day_on", "number", nulls_last=True
    )


def weekly(daily: pl.DataFrame, odd: pl.DataFrame, hidden: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per product, site, company, region and week with demand in the last three years: see ``WEEKLY``.

    daily: see ``analytics.demand.demand_by_item_day``. recorded: what was asked for, net of returns, never below zero.
    one_off: what of it single large orders asked for beyond the usual; lost: what empty shelves cost, in whole units
    where demand comes in whole units; counted: recorded less one_off plus lost, what forecasts learn from.
    """
    columns = (*LEAF, "day_on")
    quantity = pl.col("quantity").cast(pl.Float64)
    excess = odd.select(*columns, recorded=0.0, one_off=pl.col("quantity") - pl.col("usual"), lost=0.0)
    missing = hidden.select(*columns, recorded=0.0, one_off=0.0, lost="lost")
    known = daily.select(*columns, recorded=quantity, one_off=0.0, lost=0.0)
    past = pl.concat([known, excess, missing]).filter(pl.col("day_on") <= as_of)
    dated = past.with_columns(week_on=week_of(pl.col("day_on"), as_of)).filter(
        pl.col("week_on") > pl.lit(as_of) - pl.duration(days=7 * WEEKS)
    )
    sums = dated.group_by(*LEAF, "week_on").agg(pl.col("recorded", "one_off", "lost").sum())
    is_whole = ((pl.col("recorded") - pl.col("recorded").round()).abs().max() < 1e-9).over(LEAF)
    told = sums.with_columns(
        recorded=pl.col("recorded").clip(lower_bound=0.0),
        lost=pl.when(is_whole).then(pl.col("lost").round()).otherwise("lost"),
    ).with_columns(one_off=pl.min_horizontal("one_off", "recorded"))
    counted = told.with_columns(counted=pl.col("recorded") - pl.col("one_off") + pl.col("lost"))
    kept = counted.filter((pl.col("recorded") > 0) | (pl.col("lost") > 0))
    return kept.select(pl.col(name).cast(dtype) for name, dtype in WEEKLY.items()).sort(
        *LEAF, "week_on", nulls_last=True
    )
