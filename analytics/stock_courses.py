"""How much will be there on each day to come, from how little to how much, and on how much experience that rests."""

import numpy as np
import polars as pl

from analytics.demand import Types
from analytics.first_passage import Course
from analytics.lateness import ARRIVALS, RECEIPTS, dated
from analytics.projection import Numbers
from analytics.stock_outs import Outlook
from analytics.usual_demand import AT, weighed

EIGHT_IN_TEN = 1.2815515655446004
DIGITS = 6
COURSES: Types = {
    "product_id": pl.String,
    "site_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "as_of_on": pl.Date,
    "days_watched": pl.Int64,
    "demand_days": pl.Int64,
    "last_asked_on": pl.Date,
    "likely": pl.List(pl.Float64),
    "low": pl.List(pl.Float64),
    "high": pl.List(pl.Float64),
}
EXPECTED: Types = {
    **RECEIPTS,
    **dict.fromkeys(ARRIVALS, pl.Date),
    "days_late_50": pl.Int64,
    "days_late_80": pl.Int64,
    "past_orders": pl.Float64,
}


def stock_courses(known: Outlook | None) -> pl.DataFrame:
    """One row per product, main site and company that something is asked of: see ``COURSES``.

    likely: by day from today on for 84 days, stock and what has come by then on average, less what open orders take and
    what is usually asked for beyond them; below zero is what will be missing. low, high: about eight of ten courses lie
    between, by the spread of demand and of arrivals, taken as normal. days_watched: how many days of demand were looked
    at; demand_days: on how many of them something was asked for; both null where only open orders ask for it.
    """
    if known is None or known.items.is_empty():
        return pl.DataFrame(schema=COURSES)
    ahead = known.course
    mean, spread = _mean(ahead), EIGHT_IN_TEN * np.sqrt(_variance(ahead))
    lists = {"likely": mean, "low": mean - spread, "high": mean + spread}
    told = {name: pl.Series(values.round(DIGITS).tolist(), dtype=pl.List(pl.Float64)) for name, values in lists.items()}
    stood = known.items.join(_experience(known), on=AT, how="left", validate="1:1", maintain_order="left")
    rows = stood.with_columns(as_of_on=pl.lit(known.as_of), days_watched="days", **told)
    return rows.select(pl.col(name).cast(dtype) for name, dtype in COURSES.items())


def _experience(known: Outlook) -> pl.DataFrame:
    """One row per item that was asked for in the last 364 days: demand_days, last_asked_on."""
    asked = weighed(known.asked, known.as_of)
    return asked.group_by(AT).agg(demand_days=pl.col("day_on").n_unique(), last_asked_on=pl.col("day_on").max())


def _moments(ahead: Course) -> tuple[Numbers, Numbers]:
    """By item, the mean of a single demand, and of its square."""
    mean, square = np.zeros((2, len(ahead.stock)))
    np.add.at(mean, ahead.sized, ahead.shares * ahead.sizes)
    np.add.at(square, ahead.sized, ahead.shares * ahead.sizes**2)
    return mean, square


def _mean(ahead: Course) -> Numbers:
    size, _ = _moments(ahead)
    asked = np.cumsum(ahead.rates, axis=1) * size[:, None]
    came = (ahead.quantities[:, :, None] * ahead.arrived).sum(axis=1)
    return np.asarray(ahead.stock[:, None] + came - ahead.certain - asked)


def _variance(ahead: Course) -> Numbers:
    """Of demands by chance, of the level of demand, and of receipts that have come or not."""
    size, square = _moments(ahead)
    demands = np.cumsum(ahead.rates, axis=1)
    level = ahead.levels**2 @ ahead.weights - 1.0
    chance = ahead.arrived * (1.0 - ahead.arrived)
    of_receipts = (ahead.quantities[:, :, None] ** 2 * chance).sum(axis=1)
    of_level = (demands * size[:, None]) ** 2 * level[:, None]
    return np.asarray((of_receipts + of_level + demands * square[:, None]).clip(min=0.0))


def expected_receipts(known: Outlook | None) -> pl.DataFrame:
    """What is to come, one row per delivery: see ``EXPECTED``.

    arrives_80_on: the day by which it comes with a confidence of 80 %, by how late the supplier's orders came.
    days_late_50, days_late_80: how late half, and eight of ten, of that supplier's deliveries come; of all suppliers
    where nothing is known of it; past_orders: on how many recent orders that rests. Null where it cannot be stated.
    """
    if known is None:
        return pl.DataFrame(schema=EXPECTED)
    usual = known.late.quantiles()
    own, all_of_kind = usual.drop_nulls("supplier_id"), usual.filter(pl.col("supplier_id").is_null())
    names = ("days_late_50", "days_late_80")
    pooled = all_of_kind.select("kind", *(pl.col(name).alias(f"{name}_pooled") for name in names))
    told = dated(known.coming, known.late, known.as_of).join(
        own.select("kind", "supplier_id", *names, past_orders="orders"),
        on=("kind", "supplier_id"),
        how="left",
        validate="m:1",
        maintain_order="left",
    )
    both = told.join(pooled, on="kind", how="left", validate="m:1", maintain_order="left")
    whole = both.with_columns(pl.coalesce(name, f"{name}_pooled").alias(name) for name in names)
    return whole.select(pl.col(name).cast(dtype) for name, dtype in EXPECTED.items())
