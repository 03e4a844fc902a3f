"""Leads: how likely each becomes a deal, and which sources bring deals, compared at the same age.

A lead that lies longer than others did before they became deals has a smaller chance: that is counted from closed
leads, by how old they were. What few leads carry is drawn towards what all say.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.calibration import log_odds, probabilities
from analytics.demand import Types

Numbers = NDArray[np.float64]
AGES = (0, 3, 7, 14, 30, 60, 120)
LATELY_DAYS, ENOUGH, LEAST_CLOSED, LEAST_CHECKED, FIFTHS = 182, 100, 20, 20, 5
AGE_WEIGHT, SOURCE_WEIGHT = 5.0, 20.0

RIPE_DAYS, YEAR = 90, 365
Z = 1.96
LEADS: Types = {
    "lead_id": pl.String,
    "origin": pl.String,
    "created_on": pl.Date,
    "closed_on": pl.Date,
    "is_converted": pl.Boolean,
    "is_won": pl.Boolean,
    "won_amount": pl.Float64,
}
SOURCES: Types = {
    "origin": pl.String,
    "leads": pl.Int64,
    "converted": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "converted_before": pl.Float64,
    "won": pl.Float64,
    "amount_per_lead": pl.Float64,
}


CHANCES: Types = {"lead_id": pl.String, "chance": pl.Float64}


@dataclass(frozen=True)
class Check:
    """How chances would have done on leads entered in a quarter, said on the day of their entry. ``leads``: how many;
    ``brier``: of the chances and of the plain rate (mean squared distance to what came; less is better); ``error``: the
    mean distance between chance said and share converted over fifths. Without leads, nothing is known."""

    leads: int
    brier: float | None
    brier_rate: float | None
    error: float | None


def chances(leads: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per open lead: see ``CHANCES``; null where fewer than 20 leads were closed in a year.

    ``leads``: see ``LEADS``; open are those without closed_on. The chance is the share that became deals of the leads
    closed of late that were open at that age; the source moves its log odds as far as it did those of all.
    """
    still_open = leads.filter(pl.col("closed_on").is_null() | (pl.col("closed_on") > as_of))
    ages = (pl.lit(as_of) - pl.col("created_on")).dt.total_days().clip(0, None)
    asked = still_open.with_columns(age=ages).select("lead_id", "origin", "age")
    said = _said(asked, _closed(leads, as_of))
    return asked.with_columns(chance=said).select(pl.col(name).cast(kind) for name, kind in CHANCES.items())


def _closed(leads: pl.DataFrame, on: date) -> pl.DataFrame:
    """The leads closed in the half year up to a day, in the year where those are few, with the age of each then."""
    lived = (pl.col("closed_on") - pl.col("created_on")).dt.total_days()
    ago = (pl.lit(on) - pl.col("closed_on")).dt.total_days()
    known = leads.with_columns(lived=lived, ago=ago).drop_nulls(["lived", "is_converted"]).filter(pl.col("ago") >= 0)
    late = known.filter(pl.col("ago") < LATELY_DAYS)
    return late if late.height >= ENOUGH else known.filter(pl.col("ago") < YEAR)


def _said(asked: pl.DataFrame, closed: pl.DataFrame) -> pl.Series:
    if closed.height < LEAST_CLOSED:
        return pl.Series("chance", [None] * asked.height, dtype=pl.Float64)
    lived, came = closed["lived"].to_numpy(), closed["is_converted"].to_numpy()
    by_age = [(came.sum() + 1.0) / (came.size + 2.0)]
    for age in AGES[1:]:
        still = lived >= age
        by_age.append((came[still].sum() + AGE_WEIGHT * by_age[-1]) / (still.sum() + AGE_WEIGHT))
    place = np.searchsorted(np.array(AGES), asked["age"].to_numpy(), side="right") - 1
    odds = log_odds(np.array(by_age))[place] + _by_origin(asked, closed, by_age[0])
    return pl.Series("chance", probabilities(odds), dtype=pl.Float64)


def _by_origin(asked: pl.DataFrame, closed: pl.DataFrame, level: float) -> Numbers:
    """By how much the source of each moves its log odds."""
    share = (pl.col("is_converted").sum() + SOURCE_WEIGHT * level) / (pl.len() + SOURCE_WEIGHT)
    shares = closed.group_by("origin").agg(share=share)
    joined = asked.join(shares, on="origin", how="left", validate="m:1", maintain_order="left", nulls_equal=True)
    found = joined["share"].fill_null(level).to_numpy()
    return log_odds(found) - log_odds(np.array([level]))


def check(leads: pl.DataFrame, as_of: date) -> Check:
    """How chances would have been told of the leads of a quarter that ended 90 days ago, learned from what was closed
    before it began."""
    end = as_of - timedelta(days=RIPE_DAYS)
    cut = end - timedelta(days=RIPE_DAYS)
    entered = leads.filter(pl.col("created_on").is_between(cut, end, closed="right"))
    asked = entered.drop_nulls("is_converted").with_columns(age=pl.lit(0))
    closed = _closed(leads, cut)
    if asked.height < LEAST_CHECKED or closed.height < LEAST_CLOSED:
        return Check(0, None, None, None)
    said, came = _said(asked, closed).to_numpy(), asked["is_converted"].to_numpy().astype(np.float64)
    rate = closed["is_converted"].mean()
    fifths = np.array_split(np.argsort(said, kind="stable"), FIFTHS)
    error = np.mean([abs(said[part].mean() - came[part].mean()) for part in fifths])
    plain = float(np.mean((came - rate) ** 2)) if isinstance(rate, float) else None
    return Check(asked.height, float(np.mean((said - came) ** 2)), plain, float(error))


def by_source(leads: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per source of the leads that a year brought, the most won per lead first: see ``SOURCES``.

    ``leads``: see ``LEADS``. Counted is what became of a lead within 90 days of its entry, of leads that are that old:
    a young lead is no worse for being young. converted: the share that became deals, with the bounds of 95 of 100 cases
    (Wilson); converted_before: the same of the year before; won: the share whose deal is won so far; amount_per_lead:
    what those deals are worth for one lead, won or not; null where no rate converts what one of them is worth.
    """
    newest = as_of - timedelta(days=RIPE_DAYS)
    age = (pl.lit(newest) - pl.col("created_on")).dt.total_days()
    within = (pl.col("closed_on") - pl.col("created_on")).dt.total_days() <= RIPE_DAYS
    converted = (pl.col("is_converted") & within).fill_null(value=False)
    judged = leads.filter(age >= 0).with_columns(age=age, converted=converted)
    now = judged.filter(pl.col("age") < YEAR).group_by("origin").agg(
        leads=pl.len(),
        converted=pl.col("converted").mean(),
        won=pl.col("is_won").fill_null(value=False).mean(),
        amount_per_lead=pl.when(~_is_unpriced().any()).then(pl.col("won_amount").fill_null(0.0).mean()),
    )  # fmt: skip
    before = judged.filter(pl.col("age").is_between(YEAR, 2 * YEAR, closed="left"))
    earlier = before.group_by("origin").agg(converted_before=pl.col("converted").mean())
    both = now.join(earlier, on="origin", how="left", validate="1:1", nulls_equal=True)
    told = both.with_columns(_bound(-1.0).alias("low"), _bound(1.0).alias("high"))
    ordered = told.sort(-pl.col("amount_per_lead"), -pl.col("converted"), "origin", nulls_last=True)
    return ordered.select(pl.col(name).cast(kind) for name, kind in SOURCES.items())


def _is_unpriced() -> pl.Expr:
    """Whether a lead's deal is won for an amount that nobody knows in this currency: that is not nothing."""
    return pl.col("is_won").fill_null(value=False) & pl.col("won_amount").is_null()


def _bound(side: float) -> pl.Expr:
    """Wilson's bound of a share."""
    share, many = pl.col("converted"), pl.col("leads")
    middle = share + Z**2 / (2 * many)
    spread = Z * (share * (1 - share) / many + Z**2 / (4 * many**2)).sqrt()
    return (middle + side * spread) / (1 + Z**2 / many)
