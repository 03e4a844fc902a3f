"""How items at sites are asked for: evenly or in lumps, for much or for little, by customers or by production."""

from datetime import date, timedelta

import polars as pl

from analytics.demand import Types
from analytics.hidden_demand import LEAF, PART

YEAR_WEEKS, NEW_WEEKS = 52, 26
OFTEN, EVEN = 1.32, 0.49
A_UP_TO, B_UP_TO = 0.80, 0.95
PATTERNS = ("smooth", "erratic", "intermittent", "lumpy", "new", "asleep")
LEAVES: Types = {
    "product_id": pl.String,
    "site_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "category_id": pl.String,
    "currency": pl.String,
    "first_on": pl.Date,
    "last_on": pl.Date,
    "asked": pl.Float64,
    "sold_share": pl.Float64,
    "price": pl.Float64,
    "worth": pl.Float64,
    "pattern": pl.String,
    "abc": pl.String,
}


def leaves(weekly: pl.DataFrame, ordered: pl.DataFrame, items: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per item and site that was asked for in the last three years: see ``LEAVES``.

    weekly: see ``analytics.demand_history.weekly``; ordered: customers' order lines; items: product_id, category_id,
    list_price, currency. first_on, last_on: the first and last week with demand; asked: in the last 52 weeks.
    sold_share: the part of it that customers ordered, the rest went into production. price: the list price, 0 where
    none is known. worth: what a unit of demand counts at list prices, where production's part counts nothing, so that
    nothing is counted twice.

    pattern (Syntetos and Boylan): weeks with demand are less than 1.32 apart or not, and their squared variation is
    below 0.49 or not; new: first asked for in the last 26 weeks; asleep: not asked for in 52. abc: what makes up 80, 95
    and 100 % of the year's value at list prices, of what is sold and what is used apart, in the company and region.
    """
    begins = as_of - timedelta(days=7 * YEAR_WEEKS)
    year = weekly.filter(pl.col("week_on") > begins)
    whole = weekly.group_by(LEAF).agg(first_on=pl.col("week_on").min(), last_on=pl.col("week_on").max())
    told = whole.join(_year(year), on=LEAF, how="left", validate="1:1", nulls_equal=True)
    known = told.join(_sold(ordered, begins, as_of), on=LEAF, how="left", validate="1:1", nulls_equal=True)
    priced = known.join(items, on="product_id", how="left", validate="m:1").with_columns(
        asked=pl.col("asked").fill_null(0.0),
        price=pl.col("list_price").cast(pl.Float64).fill_null(0.0),
        sold=pl.col("sold").fill_null(0.0),
    )
    share = pl.when(pl.col("asked") > 0).then((pl.col("sold") / pl.col("asked")).clip(0.0, 1.0)).otherwise(1.0)
    shared = priced.with_columns(sold_share=share).with_columns(
        worth=pl.col("price") * pl.col("sold_share"), value=pl.col("price") * pl.col("asked")
    )
    classed = shared.with_columns(pattern=_pattern(as_of), abc=_abc())
    return classed.select(pl.col(name).cast(dtype) for name, dtype in LEAVES.items()).sort(LEAF, nulls_last=True)


def _year(year: pl.DataFrame) -> pl.DataFrame:
    counted = pl.col("counted").filter(pl.col("counted") > 0)
    variation = (counted.std(ddof=0) / counted.mean()) ** 2
    return year.group_by(LEAF).agg(asked=pl.col("counted").sum(), busy=counted.len(), variation=variation)


def _sold(ordered: pl.DataFrame, begins: date, as_of: date) -> pl.DataFrame:
    recent = ordered.filter(pl.col("day_on").is_between(begins, as_of, closed="right"))
    return recent.group_by(LEAF).agg(sold=pl.col("quantity").sum().cast(pl.Float64))


def _pattern(as_of: date) -> pl.Expr:
    lived = ((pl.lit(as_of) - pl.col("first_on")).dt.total_days() // 7 + 1).clip(1, YEAR_WEEKS)
    is_often = lived / pl.col("busy") < OFTEN
    is_even = pl.col("variation") < EVEN
    return (
        pl.when(pl.col("busy").fill_null(0) == 0)
        .then(pl.lit("asleep"))
        .when(lived < NEW_WEEKS)
        .then(pl.lit("new"))
        .when(is_often & is_even)
        .then(pl.lit("smooth"))
        .when(is_often)
        .then(pl.lit("erratic"))
        .when(is_even)
        .then(pl.lit("intermittent"))
        .otherwise(pl.lit("lumpy"))
    )


def _abc() -> pl.Expr:
    value, kind = pl.col("value"), (*PART, pl.col("sold_share") >= 0.5)
    before = (value.cum_sum() - value).over(kind, order_by=[-value, "product_id", "site_id"]) / value.sum().over(kind)
    better = pl.when(before < A_UP_TO).then(pl.lit("A")).when(before < B_UP_TO).then(pl.lit("B"))
    return pl.when(value <= 0).then(pl.lit("C")).otherwise(better.otherwise(pl.lit("C")))
