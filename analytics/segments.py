"""Segments of customers by recency, frequency and money: who buys often, who is new, who is about to be lost.

Recency: days since the last order. Frequency: days with an order in the last 24 months. Money: margin of what was
invoiced in these months, revenue for who may not see margins. Each is scored from 1 to 5 by fifths of the customers who
ordered in the 24 months, 5 is best; among equals the other two decide, then the key. The segment follows from the grid
of recency and the mean of the other two, see ``GRID``; ``docs/decisions/0020-segments.md`` says why, and what bends it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from analytics import classes, facts
from analytics.demand import Tables, Types, known_sum
from analytics.periods import Period, last_year, months_until, period
from analytics.tables.columns import DECIMAL

YEAR_DAYS, MONTHS, NEW_DAYS = 365, 12, 90
FIRST_WEEK = 7
FIFTHS, MIDDLE, RANKS = 5, 3, 2**21
RHYTHM_DAYS, QUIET_AFTER = 3, 2.0
TOP_SHARE, STABLE = 0.2, 0.75
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
MOVED_BY = ("first", "not_new", "ordered", "silent", "oftener", "rarer", "more", "less", "others")
"""Why customers move: a first order; not new any more; ordered since; silent; more or fewer order days, more or less
money, than others; or others moved, not this one."""
MOVING = ("segment", "is_quiet", "r", "f", "m")
ACTIVE = ("champions", "loyal", "promising", "new", "needs_attention")
THREATENED = ("at_risk", "cannot_lose")
LOSING = (*THREATENED, "hibernating", "lost")
STANDING: Types = {
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
    morning of ``moved_since``, moved_by, why that is another one (see ``MOVED_BY``), and ``WORTH``; the most revenue
    first.

    revenue and margin: of the last 365 days, null where nothing known was invoiced. trend: revenue of the last twelve
    calendar months, the current one last.
    """
    people, coded = _coded(known)
    since = moved_since(known.as_of)
    before = standing(coded, since - timedelta(days=1)).select(
        "customer_id", **{f"{name}_before": name for name in MOVING}
    )
    parts = (standing(coded, known.as_of), before, worth(coded))
    whole = people
    for part in parts:
        whole = whole.join(part, left_on="code", right_on="customer_id", how="left", validate="1:1")
    told = whole.with_columns(moved_by=_moved_by(since))
    whole = told.drop("code", *(f"{name}_before" for name in MOVING if name != "segment"))
    return whole.sort(-pl.col("revenue").fill_null(0), -pl.col("order_days"), "customer_id")


def _moved_by(since: date) -> pl.Expr:
    """Why a customer is in another segment than before, as codes of ``MOVED_BY``, the plainest first; none where it is
    in the same."""
    recency, quiet = pl.col("r").fill_null(0), pl.col("is_quiet").fill_null(value=False)
    grew_quiet = quiet & ~pl.col("is_quiet_before").fill_null(value=False)
    ordered = pl.col("last_order_on") >= since
    told = {
        "first": pl.col("segment_before") == "prospect",
        "not_new": pl.col("segment_before") == "new",
        "ordered": ordered & (pl.col("segment_before") != "prospect"),
        "silent": ~ordered & ((recency < pl.col("r_before")) | grew_quiet),
        "oftener": pl.col("f") > pl.col("f_before"),
        "rarer": pl.col("f") < pl.col("f_before"),
        "more": pl.col("m") > pl.col("m_before"),
        "less": pl.col("m") < pl.col("m_before"),
    }
    is_other = pl.col("segment") != pl.col("segment_before")
    codes = [pl.when(is_other & told[name].fill_null(value=False)).then(pl.lit(name)) for name in told]
    others = pl.when(is_other & ~pl.any_horizontal(each.fill_null(value=False) for each in told.values()))
    return pl.concat_list([*codes, others.then(pl.lit("others"))]).list.drop_nulls()


def _coded(known: Known) -> tuple[pl.DataFrame, Known]:
    """The people by key with a code, and what is known with that code as customer_id: numbers group faster than texts,
    and stand in the same order."""
    people = known.people.sort("customer_id").with_row_index("code")
    codes = people.select("customer_id", "code")
    coded = [
        rows.join(codes, on="customer_id", how="inner", validate="m:1")
        .drop("customer_id")
        .rename({"code": "customer_id"})
        for rows in (known.days, known.sales)
    ]
    return people, replace(known, people=people.select(customer_id="code"), days=coded[0], sales=coded[1])


def standing(known: Known, on: date) -> pl.DataFrame:
    """One row per customer as it stood on the evening of a day: see ``STANDING``.

    A customer that never ordered by then is a prospect; one that did, but not in the 24 months, is lost; neither has
    scores. gap_days: the usual days between two order days of the 24 months, null for less than three of them.
    is_quiet: the silence is more than twice as long.
    """
    people = known.people.select("customer_id").join(
        _habits(known.days, on), on="customer_id", how="left", validate="1:1"
    )
    valued = people.join(_monetary(known, on), on="customer_id", how="left", validate="1:1")
    return _judged(valued.with_columns(pl.col("order_days").fill_null(0)), on)


def _judged(rows: pl.DataFrame, on: date) -> pl.DataFrame:
    judged = _scored(rows).with_columns(segment=_segment(on))
    return judged.select("customer_id", *(pl.col(name).cast(kind) for name, kind in STANDING.items()))


def standing_of_orders(orders: pl.DataFrame, on: date) -> pl.DataFrame:
    """The same, of everybody in an order book, in one pass over its rows: customer_id, day_on and amount, any number of
    rows per customer and day. Ordered is a day with an amount above zero; money is the sum of all amounts of the 24
    months. Rows without customer, and those after the day, are left out."""
    day, recent = pl.col("day_on"), pl.col("day_on").is_between(window_start(on), on)
    is_order = (pl.col("amount") > 0) & (day <= on)
    rows = orders.lazy().select(
        "customer_id",
        ordered_on=pl.when(is_order).then(day),
        recent_on=pl.when(is_order & recent).then(day),
        amount=pl.when(recent).then("amount"),
    )
    recent_on = pl.col("recent_on")
    sums = rows.group_by("customer_id").agg(
        first_order_on=pl.col("ordered_on").min(),
        last_order_on=pl.col("ordered_on").max(),
        order_days=recent_on.n_unique().cast(pl.Int64) - (recent_on.null_count() > 0).cast(pl.Int64),
        since=recent_on.min(),
        known=pl.col("amount").count(),
        amount=pl.col("amount").sum(),
    )
    monetary = pl.when(pl.col("known") > 0).then("amount")
    return _judged(_rhythm(sums.drop_nulls("customer_id").with_columns(monetary=monetary).collect(), on), on)


def _habits(days: pl.DataFrame, on: date) -> pl.DataFrame:
    """One row per customer that had ordered by the day."""
    day = pl.col("day_on")
    known = days.filter(day <= on).with_columns(recent_on=pl.when(day >= window_start(on)).then(day))
    habits = known.group_by("customer_id").agg(
        first_order_on=day.min(),
        last_order_on=day.max(),
        order_days=pl.col("recent_on").count().cast(pl.Int64),
        since=pl.col("recent_on").min(),
    )
    return _rhythm(habits, on)


def _rhythm(habits: pl.DataFrame, on: date) -> pl.DataFrame:
    """With the usual days between two orders, the days of silence, and whether that is more than twice as long."""
    span = (pl.col("last_order_on") - pl.col("since")).dt.total_days()
    gap = pl.when(pl.col("order_days") >= RHYTHM_DAYS).then(span / (pl.col("order_days") - 1))
    recency = (pl.lit(on) - pl.col("last_order_on")).dt.total_days()
    is_quiet = pl.when(pl.col("last_order_on").is_not_null()).then((recency > QUIET_AFTER * gap).fill_null(value=False))
    return habits.with_columns(gap_days=gap, recency_days=recency, is_quiet=is_quiet).drop("since")


def _monetary(known: Known, on: date) -> pl.DataFrame:
    measure = "margin" if known.by_margin else "revenue"
    recent = known.sales.filter(pl.col("day_on").is_between(window_start(on), on))
    return _known_sums(recent.select("customer_id", monetary=measure), "monetary")


def _known_sums(rows: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """One row per customer_id: the sum of every other column, of ``columns`` null where nothing of it is known.

    Conditions stand in the columns, not in the sums: half a million groups are then summed at once, not one by one.
    """
    counts = {f"{name}_count": pl.col(name).count() for name in columns}
    sums = rows.group_by("customer_id").agg(pl.all().sum(), **counts)
    known = [pl.when(pl.col(f"{name}_count") > 0).then(name).alias(name) for name in columns]
    return sums.with_columns(known).drop(*counts)


def _scored(rows: pl.DataFrame) -> pl.DataFrame:
    """With r, f and m; null for who did not order in the window."""
    recent = rows.filter(pl.col("order_days") > 0).sort("customer_id")
    worth = pl.col("monetary").fill_null(0.0).round(6).rank("dense").cast(pl.Int64)
    ranked = recent.with_columns(fresh=RANKS - 1 - pl.col("recency_days"), often="order_days", worth=worth)
    scored = ranked.with_columns(
        r=_fifth("fresh", "often", "worth"), f=_fifth("often", "fresh", "worth"), m=_fifth("worth", "fresh", "often")
    )
    return pl.concat([scored.drop("fresh", "often", "worth"), rows.filter(pl.col("order_days") == 0)], how="diagonal")


def _fifth(*ranks: str) -> pl.Expr:
    """From 1 to 5 by the middle of the rank: a single customer is in the middle. Equal ones stay in their order.

    Days and ranks of money fit into one number together, for up to two million customers.
    """
    first, second, third = (pl.col(name) for name in ranks)
    position = ((first * RANKS + second) * RANKS + third).rank("ordinal")
    return ((position - 0.5) * FIFTHS / pl.len()).ceil().cast(pl.Int64)


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
    year = {name: pl.when(is_recent).then(name) for name in ("revenue", "margin")}
    monthly = {
        f"month_{at}": pl.when(day.is_between(month.first, month.last)).then("revenue")
        for at, month in enumerate(months)
    }
    found = _known_sums(sales.select("customer_id", **year, **monthly), *year)
    trend = pl.concat_list(list(monthly))
    kinds = [pl.col(name).cast(kind) for name, kind in WORTH.items()]
    return found.with_columns(trend=trend).select("customer_id", *kinds)


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


def value_class() -> pl.Expr:
    """A, B or C by what a customer brought in the last 365 days: the margin where it is known, else the revenue; see
    ``analytics.classes.abc``. Null for who was not invoiced. Of rows of ``segmented`` with currency."""
    brought = pl.coalesce("margin", "revenue")
    return pl.when(brought.is_not_null()).then(classes.abc(brought, "customer_id", within=("currency",)))


def top_share(rows: pl.DataFrame) -> float | None:
    """The share of revenue of the top fifth of the customers with revenue, rounded up; null without revenue."""
    bought = rows.filter(pl.col("revenue") > 0).get_column("revenue").sort(descending=True).to_list()
    first = math.ceil(len(bought) * TOP_SHARE)
    return sum(bought[:first]) / sum(bought) if bought else None
