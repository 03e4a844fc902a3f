"""What an item means to the firm: ABC by what it brings, XYZ by how evenly it is asked for.

Pure: frames in, frames out. Both look at the last 52 weeks or 365 days, over the whole firm as the viewer may see it.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from analytics.demand import Types
from analytics.demand_weeks import WEEK_COLUMNS, WEEKS, weeks_ago

LEAST_WEEKS = 13
YEAR_DAYS = 365
ABC, XYZ = ("A", "B", "C", "N"), ("X", "Y", "Z")
A_UP_TO, B_UP_TO = 0.80, 0.95
X_UP_TO, Y_UP_TO = 0.5, 1.0
INTERMITTENT_FROM = 1.32
CLASSES: Types = {
    "product_id": pl.String,
    "demand_quantity": pl.Float64,
    "weekly_variation": pl.Float64,
    "weeks_between": pl.Float64,
    "worth": pl.Float64,
    "worth_is": pl.String,
    "abc": pl.String,
    "xyz": pl.String,
    "is_intermittent": pl.Boolean,
}


def classes(
    items: pl.DataFrame, demand: pl.DataFrame, sales: pl.DataFrame, as_of: date, *, by_margin: bool
) -> pl.DataFrame:
    """The class of every item: one row per item: see ``CLASSES``.

    items: product_id, unit_worth (what a unit is worth where it is used and not sold). demand: see
    ``analytics.demand_weeks.by_week``. sales: product_id, revenue, margin of the last 365 days in one currency.
    worth: the margin of what was sold where ``by_margin`` and the cost is known, else its revenue (worth_is: margin,
    revenue); of an item that is not sold but used, what the demand was worth (usage). Sold and used items are ranked
    apart: what makes up the first 80 % of the worth is A, up to 95 % B, the rest C; N is an item that nobody asked for.
    X varies by at most half of its weekly mean, Y by at most all of it, Z by more; null for N.
    """
    asked = variation(demand, as_of)
    known = items.join(asked, on="product_id", how="left", validate="1:1").join(
        sales, on="product_id", how="left", validate="1:1"
    )
    margin = pl.col("margin") if by_margin else pl.lit(None, dtype=pl.Float64)
    is_sold = (pl.col("revenue") > 0).fill_null(value=False)
    is_used = pl.col("demand_quantity").is_not_null()
    usage = pl.col("demand_quantity") * pl.col("unit_worth")
    kind = pl.when(margin.is_not_null()).then(pl.lit("margin")).otherwise(pl.lit("revenue"))
    worth = pl.when(is_sold).then(pl.coalesce(margin, "revenue")).when(is_used).then(usage)
    worth_is = pl.when(is_sold).then(kind).when(is_used).then(pl.lit("usage"))
    rated = known.with_columns(worth=worth, worth_is=worth_is, is_sold=is_sold, is_wanted=is_sold | is_used)
    of_its_kind = abc(pl.col("worth"), "product_id", within=("is_sold", "is_wanted"))
    classed = rated.with_columns(abc=pl.when(~pl.col("is_wanted")).then(pl.lit("N")).otherwise(of_its_kind))
    ranked = classed.with_columns(xyz=xyz(), is_intermittent=pl.col("weeks_between") > INTERMITTENT_FROM)
    return ranked.select(pl.col(name).cast(dtype) for name, dtype in CLASSES.items()).sort("product_id")


def abc(of: pl.Expr, *key: str, within: Sequence[str | pl.Expr]) -> pl.Expr:
    """A for what makes up the first 80 % of the worth of its kind, B up to 95 %, else C; the one that crosses the line
    is still of the better class. What brings nothing or a loss, or has no known worth, is C. ``key``: tells rows of
    equal worth apart; ``within``: what makes a kind."""
    worth = of.fill_null(0.0).clip(lower_bound=0)
    before = (worth.cum_sum() - worth).over(within, order_by=[-worth, *key]) / worth.sum().over(within)
    return (
        pl.when(worth <= 0)
        .then(pl.lit("C"))
        .when(before < A_UP_TO)
        .then(pl.lit("A"))
        .when(before < B_UP_TO)
        .then(pl.lit("B"))
        .otherwise(pl.lit("C"))
    )


def xyz() -> pl.Expr:
    """X, Y or Z by the variation of weekly demand; Z where an item was sold without any demand on record."""
    by = pl.col("weekly_variation")
    named = pl.when(by <= X_UP_TO).then(pl.lit("X")).when(by <= Y_UP_TO).then(pl.lit("Y")).otherwise(pl.lit("Z"))
    return pl.when(pl.col("is_wanted")).then(named)


def variation(demand: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """How evenly items are asked for: one row per item with demand, net of returns, in the last 52 weeks.

    demand_quantity: the sum of these weeks. weekly_variation: standard deviation over mean of the weekly sums.
    weeks_between: weeks for each week with demand (the average demand interval). Weeks are counted since the first
    demand ever, 13 at least; idle weeks are zero.
    """
    weeks = (weeks_ago(pl.col("first_on").min(), as_of) + 1).clip(LEAST_WEEKS, WEEKS)
    weekly = demand.group_by("product_id").agg(pl.col(WEEK_COLUMNS).sum(), weeks=weeks)
    sums = weekly.select(
        "product_id",
        "weeks",
        demand_quantity=pl.sum_horizontal(WEEK_COLUMNS),
        squares=pl.sum_horizontal(pl.col(WEEK_COLUMNS) ** 2),
        busy=pl.sum_horizontal(pl.col(WEEK_COLUMNS) > 0),
    )
    asked = sums.filter(pl.col("demand_quantity") > 0)
    mean = pl.col("demand_quantity") / pl.col("weeks")
    spread = (pl.col("squares") / pl.col("weeks") - mean**2).clip(lower_bound=0).sqrt()
    return asked.select(
        "product_id",
        "demand_quantity",
        weekly_variation=spread / mean,
        weeks_between=pl.col("weeks") / pl.col("busy"),
    )


def since(as_of: date) -> date:
    """The first of the last 365 days."""
    return as_of - timedelta(days=YEAR_DAYS - 1)
