"""Segments of customers by recency, frequency and money: who buys often, who is new, who is about to be lost.

Recency: days since the last order. Frequency: days with an order in the last 24 months. Money: margin of what was
invoiced in these months, revenue for who may not see margins. Each is scored from 1 to 5 by fifths of the customers who
ordered in the 24 months, 5 is best; among equals the other two decide, then the key. The segment follows from the grid
of recency and the mean of the other two, see ``GRID``; ``docs/decisions/0020-segments.md`` says why, and what bends it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from analytics import facts
from analytics.demand import Tables, Types, known_sum
from analytics.periods import Period, last_year, months_until, period
from analytics.tables.columns import DECIMAL

YEAR_DAYS, MONTHS, NEW_DAYS = 365, 12, 90
FIRST_WEEK = 7
FIFTHS, MIDDLE = 5, 3
RHYTHM_DAYS, QUIET_AFTER = 3, 2.0
TOP_SHARE = 0.2
GRID: Mapping[int, tuple[str, ...]] = {
    5: ("promising", "promising", "loyal", "champions", "champions"),
    4: ("promising", "promising", "loyal", "champions", "champions"),
    3: ("hibernating", "needs_attention", "needs_attention", "loyal", "loyal"),
    2: ("hibernating", "hibernating", "at_risk", "at_risk", "at_risk"),
    1: ("lost", "lost", "at_risk", "cannot_lose", "cannot_lose"),
}
SEGMENTS = (
    "champions",
    "loyal",
    "promising",
    "new",
    "needs_attention",
    "at_risk",
    "cannot_lose",
    "hibernating",
    "lost",
    "prospect",
)
ACTIVE = ("champions", "loyal", "promising", "new", "needs_attention")
THREATENED = ("at_risk", "cannot_lose")
LOSING = (*THREATENED, "hibernating", "lost")
STANDING: Types = {
    "customer_id": pl.String,
    "segment": pl.String,
    "first_order_on": pl.Date,
    "last_order_on": pl.Date,
    "recency_days": pl.Int64,
    "order_days": pl.Int64,
    "gap_days": pl.Float64,
    "is_quiet": pl.Boolean,
    "monetary": pl.Float64,
    "r": pl.Int64,
    "f": pl.Int64,
    "m": pl.Int64,
}
WORTH: Types = {
    "customer_id": pl.String,
    "revenue": pl.Float64,
    "margin": pl.Float64,
    "trend": pl.List(pl.Float64),
}
SUMMARY: Types = {
    "segment": pl.String,
    "customers": pl.Int64,
    "share": pl.Float64,
    "revenue": pl.Float64,
    "revenue_share": pl.Float64,
    "margin": pl.Float64,
    "gap_days": pl.Float64,
    "moved_in": pl.Int64,
    "moved_out": pl.Int64,
    "currency": pl.String,
}


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of customers. ``people``: one row per customer; further columns are kept. ``days``: one row per
    customer and day on which it ordered. ``sales``: one row per customer and day on which it was invoiced, or more:
    revenue and margin, in one currency, null where not known. ``by_margin``: whether money is margin.
    """

    as_of: date
    people: pl.DataFrame
    days: pl.DataFrame
    sales: pl.DataFrame
    by_margin: bool


def order_days(tables: Tables) -> pl.DataFrame:
    """One row per customer, company, region and day on which the customer ordered anything; by day."""
    lines = facts.order_lines(tables).drop_nulls(["customer_id", "day_on"]).filter(pl.col("quantity") > 0)
    keys = ("day_on", "customer_id", "company_id", "region")
    return lines.select(keys).unique().sort(keys, nulls_last=True)


def sales_days(tables: Tables) -> pl.DataFrame:
    """What was invoiced: one row per customer, company, region, currency and day: amount, margin; by day.

    margin is null where no cost is known, else that of the lines whose cost is.
    """
    lines = facts.invoice_lines(tables).drop_nulls("customer_id")
    keys = ("day_on", "customer_id", "company_id", "region", "currency")
    sums = {name: known_sum(pl.col(name)).cast(DECIMAL) for name in ("amount", "margin")}
    return lines.group_by(keys).agg(**sums).sort(keys, nulls_last=True)


def moved_since(as_of: date) -> date:
    """The day from which movements are counted: the first of the month; of the month before in its first week."""
    first = as_of.replace(day=1)
    return first if as_of.day > FIRST_WEEK else (first - timedelta(days=1)).replace(day=1)


def window_start(on: date) -> date:
    """The first day of the 24 months that end on a day."""
    return last_year(last_year(Period(on, on, on))).first + timedelta(days=1)


def segmented(known: Known) -> pl.DataFrame:
    """One row per customer: the columns of ``people``, ``STANDING`` on the day, segment_before, the segment on the
    morning of ``moved_since``, and ``WORTH``; the most revenue first.

    revenue and margin: of the last 365 days, null where nothing known was invoiced. trend: revenue of the last twelve
    calendar months, the current one last.
    """
    now = standing(known, known.as_of)
    before = standing(known, moved_since(known.as_of) - timedelta(days=1))
    named = known.people.join(now, on="customer_id", how="left", validate="1:1")
    earlier = before.select("customer_id", segment_before="segment")
    moved = named.join(earlier, on="customer_id", how="left", validate="1:1")
    whole = moved.join(worth(known), on="customer_id", how="left", validate="1:1")
    return whole.sort(pl.col("revenue").fill_null(0), "customer_id", descending=[True, False])


def standing(known: Known, on: date) -> pl.DataFrame:
    """One row per customer as it stood on the evening of a day: see ``STANDING``.

    A customer that never ordered by then is a prospect; one that did, but not in the 24 months, is lost; neither has
    scores. gap_days: the usual days between two order days of the 24 months, null for less than three of them.
    is_quiet: the silence is more than twice as long.
    """
    judged = known.people.select("customer_id").join(
        _habits(known.days, on), on="customer_id", how="left", validate="1:1"
    )
    valued = judged.join(_monetary(known, on), on="customer_id", how="left", validate="1:1")
    scored = _scored(valued.with_columns(pl.col("order_days").fill_null(0)))
    return scored.with_columns(segment=_segment(on)).select(pl.col(name).cast(kind) for name, kind in STANDING.items())


def _habits(days: pl.DataFrame, on: date) -> pl.DataFrame:
    """One row per customer that had ordered by the day."""
    day, begin = pl.col("day_on"), window_start(on)
    recent = day.filter(day >= begin)
    known = days.filter(day <= on).group_by("customer_id")
    habits = known.agg(
        first_order_on=day.min(),
        last_order_on=day.max(),
        order_days=recent.n_unique().cast(pl.Int64),
        since=recent.min(),
    )
    span = (pl.col("last_order_on") - pl.col("since")).dt.total_days()
    gap = pl.when(pl.col("order_days") >= RHYTHM_DAYS).then(span / (pl.col("order_days") - 1))
    recency = (pl.lit(on) - pl.col("last_order_on")).dt.total_days()
    is_quiet = (recency > QUIET_AFTER * gap).fill_null(value=False)
    return habits.with_columns(gap_days=gap, recency_days=recency, is_quiet=is_quiet).drop("since")


def _monetary(known: Known, on: date) -> pl.DataFrame:
    measure = "margin" if known.by_margin else "revenue"
    recent = known.sales.filter(pl.col("day_on").is_between(window_start(on), on))
    return recent.group_by("customer_id").agg(monetary=known_sum(pl.col(measure)))


def _scored(rows: pl.DataFrame) -> pl.DataFrame:
    """With r, f and m; null for who did not order in the window."""
    fresh = -pl.col("recency_days")
    often, money = pl.col("order_days"), pl.col("monetary").fill_null(0.0).round(6)
    ranked = rows.filter(often > 0).with_columns(
        r=_fifth(fresh, often, money), f=_fifth(often, fresh, money), m=_fifth(money, fresh, often)
    )
    return pl.concat([ranked, rows.filter(often == 0)], how="diagonal")


def _fifth(value: pl.Expr, *then: pl.Expr) -> pl.Expr:
    """From 1 to 5 by the middle of the rank: a single customer is in the middle."""
    position = pl.arg_sort_by(value, *then, "customer_id").arg_sort()
    return ((position + 0.5) * FIFTHS / pl.len()).ceil().cast(pl.Int64)


def _segment(on: date) -> pl.Expr:
    """Whose first order is not older than 90 days is new; who is within the usual rhythm has recency 3 at least."""
    is_in_rhythm = pl.col("gap_days").is_not_null() & ~pl.col("is_quiet")
    recency = pl.when(is_in_rhythm).then(pl.max_horizontal("r", pl.lit(MIDDLE, dtype=pl.Int64))).otherwise("r")
    worth = (pl.col("f") + pl.col("m") + 1) // 2
    cell = recency * 10 + worth
    cells = {score * 10 + at + 1: name for score, names in GRID.items() for at, name in enumerate(names)}
    return (
        pl.when(pl.col("first_order_on").is_null())
        .then(pl.lit("prospect"))
        .when(pl.col("order_days") == 0)
        .then(pl.lit("lost"))
        .when(pl.col("first_order_on") > on - timedelta(days=NEW_DAYS))
        .then(pl.lit("new"))
        .otherwise(cell.replace_strict(cells, default=None, return_dtype=pl.String))
    )


def worth(known: Known) -> pl.DataFrame:
    """One row per customer that was invoiced in the last year or twelve months: see ``WORTH``."""
    months = months_until(period("month", known.as_of), MONTHS)
    day = pl.col("day_on")
    is_recent = day > known.as_of - timedelta(days=YEAR_DAYS)
    sales = known.sales.filter((is_recent | (day >= months[0].first)) & (day <= known.as_of))
    year = {name: known_sum(pl.col(name).filter(is_recent)) for name in ("revenue", "margin")}
    monthly = [pl.col("revenue").filter(day.is_between(month.first, month.last)).sum() for month in months]
    found = sales.group_by("customer_id").agg(**year, trend=pl.concat_list(monthly))
    return found.select(pl.col(name).cast(kind) for name, kind in WORTH.items())


def summary(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per segment that anybody is in or was in, in the order of ``SEGMENTS``: see ``SUMMARY``.

    ``rows``: of ``segmented``, with currency. share: of the customers; revenue_share: of the revenue of those shown.
    gap_days: mean of the customers that have one. moved_in and moved_out: since ``moved_since``.
    """
    moved = pl.col("segment") != pl.col("segment_before")
    found = rows.group_by("segment").agg(
        customers=pl.len(),
        revenue=known_sum(pl.col("revenue")),
        margin=known_sum(pl.col("margin")),
        gap_days=pl.col("gap_days").mean(),
        moved_in=moved.sum(),
        currency=pl.col("currency").first(),
    )
    left = rows.filter(moved).group_by(segment="segment_before").agg(moved_out=pl.len())
    both = found.join(left, on="segment", how="full", coalesce=True, validate="1:1")
    counts = pl.col("customers", "moved_in", "moved_out").fill_null(0)
    shared = both.with_columns(counts).with_columns(
        share=pl.col("customers") / pl.col("customers").sum(),
        revenue_share=pl.when(pl.col("revenue").sum() > 0).then(pl.col("revenue") / pl.col("revenue").sum()),
    )
    return shared.sort(_position("segment")).select(pl.col(name).cast(kind) for name, kind in SUMMARY.items())


def _position(column: str) -> pl.Expr:
    places = {name: at for at, name in enumerate(SEGMENTS)}
    return pl.col(column).replace_strict(places, default=None, return_dtype=pl.Int64)


def movements(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per segment before and segment now that anybody went or stayed: segment_before, segment, customers,
    revenue. The customers are all of them."""
    found = rows.group_by("segment_before", "segment").agg(
        customers=pl.len().cast(pl.Int64), revenue=known_sum(pl.col("revenue"))
    )
    return found.sort(_position("segment_before"), _position("segment"))


def moved(rows: pl.DataFrame) -> pl.DataFrame:
    """Who is in another segment than before; is_slipping: out of those that come regularly into those that may be lost,
    see ``LOSING``. Those first, else in the order of ``rows``."""
    changed = rows.filter(pl.col("segment") != pl.col("segment_before"))
    slips = pl.col("segment").is_in(LOSING) & ~pl.col("segment_before").is_in(LOSING)
    return changed.with_columns(is_slipping=slips).sort("is_slipping", descending=True, maintain_order=True)


def top_share(rows: pl.DataFrame) -> float | None:
    """The share of revenue of the top fifth of the customers with revenue, rounded up; null without revenue."""
    bought = rows.filter(pl.col("revenue") > 0).get_column("revenue").sort(descending=True).to_list()
    first = math.ceil(len(bought) * TOP_SHARE)
    return sum(bought[:first]) / sum(bought) if bought else None
