"""How well demand would have been foretold: hindcasts on the firm's own past, beside what anybody could have said.

A hindcast is made as the forecast is, from what was known at the end of a past week; nothing that came later is looked
at. What came is what was recorded. Frames hold sums that add up over items, sites and regions: rates are made last.
"""

from datetime import date, timedelta

import numpy as np
import polars as pl

from analytics.demand import Types
from analytics.demand_forecast import LEVELS, WEEKS_AHEAD, Told
from analytics.forecast_accuracy import pinball
from analytics.hidden_demand import LEAF, PART
from analytics.projection import Numbers, spread

YEAR_WEEKS, AVERAGE_WEEKS = 52, 13
# From a span to its first week ahead (0 is the next), over how many weeks each case sums, and how many cases it has.
SPANS_JUDGED = {
    "week_1_4": (0, 1, 4),
    "week_5_8": (4, 1, 4),
    "week_9_13": (8, 1, 5),
    "sum_4": (0, 4, 1),
    "sum_13": (0, 13, 1),
}
JUDGED_LEVELS = ("q10", "q25", "q50", "q75", "q90", "q95")
RECORD: Types = {
    "product_id": pl.String,
    "site_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "origin_on": pl.Date,
    "span": pl.String,
    "cases": pl.Int64,
    "came": pl.Float64,
    "told": pl.Float64,
    "missed": pl.Float64,
    "missed_last_year": pl.Float64,
    "missed_average": pl.Float64,
    "usual_change": pl.Float64,
    "within_80": pl.Int64,
    "within_95": pl.Int64,
    "below_90": pl.Int64,
    "pinball": pl.Float64,
    "pinball_naive": pl.Float64,
}
FORETOLD: Types = {
    "company_id": pl.String,
    "region": pl.String,
    "category_id": pl.String,
    "currency": pl.String,
    "origin_on": pl.Date,
    "weeks": pl.Int64,
    "week_on": pl.Date,
    "mean": pl.Float64,
    "variance": pl.Float64,
    "came": pl.Float64,
}


def recorded(told: Told, weekly: pl.DataFrame, first: int, weeks: int) -> Numbers:
    """What was recorded, by leaf of what was told and week from the week ``first`` after its last one; weeks before it
    have negative numbers."""
    numbered = told.leaves.with_columns(item=pl.int_range(pl.len()))
    rows = weekly.join(numbered, on=LEAF, how="inner", validate="m:1", nulls_equal=True)
    week = (pl.col("week_on") - pl.lit(told.as_of)).dt.total_days() // 7 - 1 - first
    placed = rows.select("item", day=week, quantity="recorded")
    return spread(placed, numbered.height, weeks)


def record(told: Told, weekly: pl.DataFrame) -> pl.DataFrame:
    """One row per item, site and span of one hindcast: see ``RECORD``.

    missed: absolute errors, of the forecast, of the same weeks a year before (missed_last_year) and of the mean of the
    13 weeks before (missed_average). usual_change: by how much a case usually differs from the one before it, times the
    cases: what scaled errors are in ratio to. within_80, within_95: cases between the 10 % and 90 %, the 2.5 % and
    97.5 % quantiles; below_90: at or below the 90 % quantile. pinball: the mean quantile loss of six levels;
    pinball_naive: that of the quantiles of the last 52 weeks.
    """
    came = recorded(told, weekly, 0, WEEKS_AHEAD)
    past = recorded(told, weekly, -YEAR_WEEKS, YEAR_WEEKS)
    parts = [_span(told, came, past, name) for name in SPANS_JUDGED]
    rows = pl.concat(parts).with_columns(origin_on=pl.lit(told.as_of))
    return rows.select(pl.col(name).cast(dtype) for name, dtype in RECORD.items())


def _span(told: Told, came: Numbers, past: Numbers, name: str) -> pl.DataFrame:
    first, weeks, cases = SPANS_JUDGED[name]
    running = np.stack([past[:, at : at + weeks].sum(axis=1) for at in range(YEAR_WEEKS - weeks + 1)], axis=1)
    naive = np.quantile(running, [LEVELS[level] for level in JUDGED_LEVELS], axis=1).T
    change = np.abs(running[:, weeks:] - running[:, :-weeks]).mean(axis=1)
    average = past[:, -AVERAGE_WEEKS:].mean(axis=1) * weeks
    sums = [_case(told, came, past, (first + at, weeks), (naive, average)) for at in range(cases)]
    whole = {column: np.sum([each[column] for each in sums], axis=0) for column in sums[0]}
    columns = {column: pl.Series(values) for column, values in whole.items()}
    return told.leaves.with_columns(
        span=pl.lit(name), cases=pl.lit(cases), usual_change=pl.Series(change * cases), **columns
    )


def _case(
    told: Told, came: Numbers, past: Numbers, at: tuple[int, int], simple: tuple[Numbers, Numbers]
) -> dict[str, Numbers]:
    """The sums of one case, by leaf. at: its first week ahead, and over how many weeks it is; simple: the quantiles and
    the mean that anybody could have told."""
    first, weeks = at
    naive, average = simple
    mean, variance = told.sums(first, weeks)
    found = dict(zip(LEVELS, told.quantiles(mean, variance).T, strict=True))
    real, before = (each[:, first : first + weeks].sum(axis=1) for each in (came, past))
    levels = [(LEVELS[level], found[level], naive[:, number]) for number, level in enumerate(JUDGED_LEVELS)]
    return {
        "came": real,
        "told": mean,
        "missed": np.abs(mean - real),
        "missed_last_year": np.abs(before - real),
        "missed_average": np.abs(average - real),
        "within_80": (real >= found["q10"]) & (real <= found["q90"]),
        "within_95": (real >= found["q025"]) & (real <= found["q975"]),
        "below_90": real <= found["q90"],
        "pinball": np.mean([pinball(own, real, level) for level, own, _ in levels], axis=0),
        "pinball_naive": np.mean([pinball(other, real, level) for level, _, other in levels], axis=0),
    }


def foretold(told: Told, weekly: pl.DataFrame, leaves: pl.DataFrame) -> pl.DataFrame:
    """One row per category, currency and span of one hindcast, at list prices: see ``FORETOLD``.

    leaves: see ``analytics.demand_classes``; each counts at its worth. weeks: 1 for each week ahead, and 4 and 13 for
    the sums from the first on; week_on: the last day. variance: of the items' own chance alone.
    """
    came = recorded(told, weekly, 0, WEEKS_AHEAD)
    spans = [*((week, 1) for week in range(WEEKS_AHEAD)), (0, 4), (0, WEEKS_AHEAD)]
    worth = leaves.select(*LEAF, "category_id", "currency", "worth")
    priced = told.leaves.join(worth, on=LEAF, how="left", validate="1:1", nulls_equal=True, maintain_order="left")
    price = priced["worth"].to_numpy()
    parts = []
    for first, weeks in spans:
        mean, variance = told.sums(first, weeks)
        rows = priced.with_columns(
            mean=pl.Series(mean * price),
            variance=pl.Series(variance * price**2),
            came=pl.Series(came[:, first : first + weeks].sum(axis=1) * price),
            weeks=pl.lit(weeks, dtype=pl.Int64),
            week_on=pl.lit(told.as_of + timedelta(days=7 * (first + weeks))),
            origin_on=pl.lit(told.as_of),
        )
        keys = [name for name in FORETOLD if name not in ("mean", "variance", "came")]
        parts.append(rows.group_by(keys).agg(pl.col("mean", "variance", "came").sum()))
    every = pl.concat(parts).filter((pl.col("mean") > 0) | (pl.col("came") > 0))
    return every.select(pl.col(name).cast(dtype) for name, dtype in FORETOLD.items()).sort(
        *PART, "category_id", "currency", "origin_on", "weeks", "week_on", nulls_last=True
    )


def origins(as_of: date, first_on: date | None, many: int, apart: int) -> list[date]:
    """At the end of which past weeks hindcasts are made: the latest one horizon ago, ``apart`` weeks from one to the
    next, the earliest first; none that would know less than a year."""
    latest = as_of - timedelta(days=7 * WEEKS_AHEAD)
    found = [latest - timedelta(days=7 * apart * number) for number in range(many)]
    if first_on is None:
        return []
    return [each for each in reversed(found) if each - first_on >= timedelta(days=7 * YEAR_WEEKS)]
