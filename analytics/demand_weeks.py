"""Demand by week: what was asked for in each of the last 52 weeks, counted back from one day, a column for each."""

from datetime import date

import polars as pl

from analytics.projection import spread

WEEKS = 52
RECENT_WEEKS = 13
AT = ("product_id", "site_id", "company_id", "region")
WEEK_COLUMNS = tuple(f"w{back}" for back in range(WEEKS))
RECENT = WEEK_COLUMNS[:RECENT_WEEKS]


def weeks_ago(day_on: pl.Expr, as_of: date) -> pl.Expr:
    """How many whole weeks lie between the day and ``as_of``: 0 for the seven days that end on it."""
    return (pl.lit(as_of) - day_on).dt.total_days() // 7


def by_week(daily: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per product, main site, company and region of ``daily`` (these, day_on, quantity): w0 to w51, what was
    asked for in the seven days that end on ``as_of``, in the seven before them, and so on; idle weeks are zero.

    first_on, last_on: the first and the last day of any row, however long ago or yet to come. first_asked_on,
    last_asked_on: those until ``as_of`` on which more was asked for than came back; null where there is none.
    """
    dated = daily.select(*AT, "day_on", pl.col("quantity").cast(pl.Float64), back=weeks_ago(pl.col("day_on"), as_of))
    asked_on = pl.col("day_on").filter((pl.col("quantity") > 0) & (pl.col("day_on") <= as_of))
    days = dated.group_by(AT).agg(
        first_on=pl.col("day_on").min(),
        last_on=pl.col("day_on").max(),
        first_asked_on=asked_on.min(),
        last_asked_on=asked_on.max(),
    )
    numbered = days.sort(AT, nulls_last=True).with_row_index("item")
    recent = dated.filter(pl.col("back").is_between(0, WEEKS - 1) & (pl.col("day_on") <= as_of))
    weekly = recent.group_by(*AT, day="back").agg(pl.col("quantity").sum())
    placed = weekly.join(numbered.select("item", *AT), on=AT, how="inner", validate="m:1", nulls_equal=True)
    sums = pl.DataFrame(spread(placed, numbered.height, WEEKS), schema=dict.fromkeys(WEEK_COLUMNS, pl.Float64))
    return pl.concat([numbered.drop("item"), sums], how="horizontal")


def of_late(weekly: pl.DataFrame, weeks: int) -> pl.DataFrame:
    """``weekly`` with asked: what was asked for in so many weeks, at most 52; older weeks than thirteen are only in
    that."""
    asked = pl.sum_horizontal(WEEK_COLUMNS[:weeks])
    return weekly.select(*AT, "first_on", "last_on", *RECENT, asked=asked)


def of_late_by_day(daily: pl.DataFrame, as_of: date, days: int) -> pl.DataFrame:
    """The same from the days, for any number of days back: see ``of_late``."""
    back = (pl.lit(as_of) - pl.col("day_on")).dt.total_days()
    asked = daily.filter(back.is_between(0, days - 1)).group_by(AT).agg(asked=pl.col("quantity").sum().cast(pl.Float64))
    weekly = by_week(daily, as_of).select(*AT, "first_on", "last_on", *RECENT)
    joined = weekly.join(asked, on=AT, how="left", validate="1:1", nulls_equal=True, maintain_order="left")
    return joined.with_columns(pl.col("asked").fill_null(0.0))
