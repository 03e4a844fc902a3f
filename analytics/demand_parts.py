"""What demand is made of: its level and trend, the season, and what the calendar did; each with how sure it is.

A structural model (statsmodels) of each series by week: a level that wanders around a straight trend, two waves of the
year, and how much of a usual week was open. Parts add up: those of several series are summed as the series are.
"""

import warnings
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from statsmodels.tsa.statespace.structural import UnobservedComponents
from threadpoolctl import threadpool_limits

from analytics.demand import Types
from analytics.projection import Numbers, spread

YEAR_WEEKS, WAVES = 52, 2
FEWEST_WEEKS, FEWEST_ASKED, SEASON_WEEKS = 26, 20, 104
MOST_STEPS = 20
PARTS: Types = {
    "week_on": pl.Date,
    "asked": pl.Float64,
    "level": pl.Float64,
    "season": pl.Float64,
    "events": pl.Float64,
    "rest": pl.Float64,
    "level_variance": pl.Float64,
    "trend": pl.Float64,
}


@dataclass(frozen=True)
class Weeks:
    """The weeks that are looked at: the last day of each, and how much of a usual week was open, 1 where no calendar is
    known."""

    ends: list[date]
    opened: Numbers


def parts(weekly: pl.DataFrame, weeks: Weeks, by: tuple[str, ...]) -> pl.DataFrame:
    """One row per series and week: the columns of ``by``, and ``PARTS``.

    weekly: by, week_on, quantity. level + season + events + rest is what was asked for. trend: what the level gains in
    a year. level_variance: of the level. A season is told from two years on. Series of less than half a year, or with
    fewer than twenty weeks with demand, have no rows.
    """
    keys = weekly.select(by).unique().sort(by, nulls_last=True).with_columns(item=pl.int_range(pl.len()))
    numbers = pl.DataFrame({"week_on": weeks.ends}).with_columns(day=pl.int_range(pl.len()))
    rows = weekly.join(keys, on=by, how="inner", validate="m:1", nulls_equal=True).join(
        numbers, on="week_on", how="inner", validate="m:1"
    )
    asked = spread(rows.select("item", "day", "quantity"), keys.height, len(weeks.ends))
    found = [pl.DataFrame(schema={**{name: keys.schema[name] for name in by}, **PARTS})]
    with threadpool_limits(limits=1):
        for number, series in enumerate(asked):
            made = _of(series, weeks)
            if made is not None:
                key = keys.drop("item")[[number]]
                found.append(key.join(made, how="cross").select(found[0].columns))
    return pl.concat(found)


def _of(series: Numbers, weeks: Weeks) -> pl.DataFrame | None:
    asked = np.flatnonzero(series)
    if asked.size < FEWEST_ASKED or series.size - asked[0] < FEWEST_WEEKS:
        return None
    first = int(asked[0])
    past, opened = series[first:], weeks.opened[first:] - 1.0
    mean = float(past.mean())
    found = _fitted(past / mean, opened)
    if found is None:
        return None
    level, level_variance, season, events, trend = (each * mean for each in found)
    rest = past - level - season - events
    columns = {
        "level": level,
        "season": season,
        "events": events,
        "rest": rest,
        "level_variance": level_variance * mean,
    }
    told = pl.DataFrame({"week_on": weeks.ends[first:], "asked": past, **columns})
    return told.with_columns(trend=pl.lit(float(trend[-1]) * YEAR_WEEKS)).select(
        pl.col(name).cast(dtype) for name, dtype in PARTS.items()
    )


def _fitted(past: Numbers, opened: Numbers) -> tuple[Numbers, ...] | None:
    """Level, its variance, season, events and trend by week; null where no model comes to an end."""
    is_seasonal, is_open = past.size >= SEASON_WEEKS, bool(np.ptp(opened) > 0)
    model = UnobservedComponents(
        past,
        level="lldtrend",
        freq_seasonal=[{"period": YEAR_WEEKS, "harmonics": WAVES}] if is_seasonal else None,
        stochastic_freq_seasonal=[False] if is_seasonal else None,
        exog=opened[:, None] if is_open else None,
    )
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        fitted = model.fit(disp=False, maxiter=MOST_STEPS, method="lbfgs", cov_type="none")
    nothing = np.zeros(past.size)
    season = fitted.freq_seasonal[0]["smoothed"] if is_seasonal else nothing
    events = fitted.params[-1] * opened if is_open else nothing
    told = (fitted.level["smoothed"], fitted.level["smoothed_cov"], season, events, fitted.trend["smoothed"])
    return told if all(np.isfinite(each).all() for each in told) else None
