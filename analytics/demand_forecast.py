"""What will be asked for by item, site and week: the firm's own forecast, and what it would have been at past weeks.

Each company and region is forecast from its own demand alone, so that what a viewer may not see moves nothing; what
several of them will ask for is the sum. How it is made is said in ``analytics.forecast``: groups of items (categories)
by models that hindcasts weigh, and each item's share of them. Nothing is drawn at random but by a fixed seed.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from scipy import stats
from threadpoolctl import threadpool_limits

from analytics import forecast_items, forecast_upper
from analytics.demand_season import with_season
from analytics.forecast_groups import groups
from analytics.forecast_items import Items
from analytics.forecast_quantiles import quantiles
from analytics.forecast_series import Series, series
from analytics.forecast_spread import Spread, by_squares, means_of_steps, plain_of_sums, plain_variances, spread
from analytics.hidden_demand import LEAF
from analytics.projection import Numbers

WEEKS_AHEAD, DAYS_AHEAD = 13, 28
SPANS = (1, 2, 4, 8, 13)
LEARNT_SPANS = (1, 4, 13)
UPPER_HINDCASTS = 3
LEAST_OPEN = 0.1
SHAPES = (-6.0, 12.0, 361)
LEVELS = {
    "q025": 0.025,
    "q05": 0.05,
    "q10": 0.1,
    "q25": 0.25,
    "q50": 0.5,
    "q75": 0.75,
    "q90": 0.9,
    "q95": 0.95,
    "q975": 0.975,
}


@dataclass(frozen=True)
class Told:
    """What is told of the items of one company and region, at the end of ``as_of``.

    leaves: one row per item and site. expected: by leaf and week, the first after ``as_of`` first. is_whole: which
    leaves are asked for in whole units. known: by leaf, how far demand is unsure.
    """

    as_of: date
    leaves: pl.DataFrame
    expected: Numbers
    is_whole: Numbers
    plain: Numbers
    of_step: Numbers
    spread: Spread
    unit: float

    def sums(self, first: int, weeks: int) -> tuple[Numbers, Numbers]:
        """Mean and variance, by leaf, of what is asked for in so many weeks from the week ``first`` (0 is the next)."""
        mean = self.expected[:, first : first + weeks].sum(axis=1)
        plain = plain_of_sums(mean, self.of_step, self.plain)
        return mean, self.spread.variances(mean, plain, self.unit, weeks)

    def quantiles(self, mean: Numbers, variance: Numbers) -> Numbers:
        """By leaf and level of ``LEVELS``."""
        levels, found = tuple(LEVELS.values()), np.zeros((mean.size, len(LEVELS)))
        for is_whole in (True, False):
            rows = np.flatnonzero(self.is_whole == is_whole)
            found[rows] = quantiles(mean[rows], variance[rows], float(is_whole), levels)
        return found


def told(
    weekly: pl.DataFrame,
    categories: pl.DataFrame,
    days: pl.DataFrame,
    as_of: date,
    signs: pl.DataFrame | None = None,
) -> Told | None:
    """What is told of one company and region; null where nothing was asked for by then.

    weekly: see ``analytics.demand_history.weekly``, of which what came later is not looked at. categories: product_id,
    category_id. days: week_on and working_days, past and to come, no row where no calendar is known. signs: category_id
    and factor, what the first four weeks of a category are multiplied with, see ``analytics.crm_gains``.
    """
    past = weekly.filter(pl.col("week_on") <= as_of)
    leaves = past.select(LEAF).unique().sort(LEAF, nulls_last=True)
    if leaves.is_empty() or past["counted"].sum() <= 0:
        return None
    opened = with_season(past, _open(past, days, as_of), categories, as_of)
    with threadpool_limits(limits=1):
        whole = series(_history(_per_open_week(past, opened), leaves, categories, as_of))
        made = _models(whole)
        origins = forecast_items.origins(whole.steps, WEEKS_AHEAD)
        sure = spread(made, origins, LEARNT_SPANS, by_squares, WEEKS_AHEAD)
        _, expected = made.ahead(WEEKS_AHEAD)
    return Told(
        as_of=as_of,
        leaves=leaves,
        expected=expected * _ahead(opened, as_of) * _signed(leaves, categories, signs),
        is_whole=_is_whole(past, leaves),
        plain=plain_variances(whole.demand, whole.begins, whole.unit),
        of_step=means_of_steps(whole.demand, whole.begins),
        spread=sure,
        unit=whole.unit,
    )


def _history(past: pl.DataFrame, leaves: pl.DataFrame, categories: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The weeks as the engine reads them; the last one is there even where it asked for nothing."""
    named = leaves.with_columns(series_id=pl.int_range(pl.len()).cast(pl.String).str.zfill(9))
    grouped = named.join(categories, on="product_id", how="left", validate="m:1")
    rows = past.join(grouped, on=LEAF, how="inner", validate="m:1", nulls_equal=True)
    told_rows = rows.select("series_id", "category_id", date="week_on", quantity="counted")
    last = told_rows.head(1).with_columns(date=pl.lit(as_of), quantity=0.0)
    weeks = pl.concat([last.with_columns(date=pl.lit(as_of - timedelta(days=7 * back))) for back in range(3)])
    return pl.concat([told_rows, weeks])


def _models(whole: Series) -> Items:
    together = groups(whole, None)
    upper_origins = forecast_upper.origins(together.steps, WEEKS_AHEAD)[-UPPER_HINDCASTS:]
    upper = forecast_upper.upper(together, (), upper_origins, WEEKS_AHEAD)
    return forecast_items.items(whole, upper, forecast_items.origins(whole.steps, WEEKS_AHEAD), WEEKS_AHEAD)


def _open(past: pl.DataFrame, days: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """By week, past and to come, how much of a usual week is open: week_on, opened; no row where demand does not follow
    the calendar: where it changes less from week to week as it is than for each working day."""
    usual = days.filter(pl.col("week_on") <= as_of)["working_days"].mean()
    if not isinstance(usual, float) or usual <= 0:
        return pl.DataFrame(schema={"week_on": pl.Date, "opened": pl.Float64})
    opened = days.select("week_on", opened=(pl.col("working_days") / usual).clip(lower_bound=LEAST_OPEN))
    by_week = past.group_by("week_on").agg(pl.col("counted").sum()).sort("week_on")
    known = by_week.join(opened, on="week_on", how="inner", validate="1:1", maintain_order="left")
    raw, each = known["counted"], known["counted"] / known["opened"]
    follows = _change(each) < _change(raw)
    return opened if follows else opened.clear()


def _change(weeks: pl.Series) -> float:
    """How much a series changes from week to week, in ratio to its mean."""
    mean, change = weeks.mean(), weeks.diff().abs().mean()
    return change / mean if isinstance(mean, float) and isinstance(change, float) and mean > 0 else 0.0


def _per_open_week(past: pl.DataFrame, opened: pl.DataFrame) -> pl.DataFrame:
    share = pl.col("opened").fill_null(1.0)
    joined = past.join(opened, on="week_on", how="left", validate="m:1", maintain_order="left")
    return joined.with_columns(counted=pl.col("counted") / share).drop("opened")


def _ahead(opened: pl.DataFrame, as_of: date) -> Numbers:
    """How much of a usual week each of the weeks ahead is open."""
    ends = [as_of + timedelta(days=7 * (week + 1)) for week in range(WEEKS_AHEAD)]
    known = dict(opened.select("week_on", "opened").iter_rows())
    return np.array([known.get(end, 1.0) for end in ends])


def _signed(leaves: pl.DataFrame, categories: pl.DataFrame, signs: pl.DataFrame | None) -> Numbers:
    """By leaf and week ahead, what signs of sales, marketing and service multiply demand with."""
    found = np.ones((leaves.height, WEEKS_AHEAD))
    if signs is None:
        return found
    placed = leaves.join(categories, on="product_id", how="left", validate="m:1", maintain_order="left")
    factors = signs.select("category_id", "factor")
    told_of = placed.join(
        factors, on="category_id", how="left", validate="m:1", nulls_equal=True, maintain_order="left"
    )
    found[:, : DAYS_AHEAD // 7] = told_of["factor"].fill_null(1.0).to_numpy()[:, None]
    return found


def _is_whole(past: pl.DataFrame, leaves: pl.DataFrame) -> Numbers:
    off = (pl.col("counted") - pl.col("counted").round()).abs().max() < 1e-9
    flags = past.group_by(LEAF).agg(is_whole=off)
    found = leaves.join(flags, on=LEAF, how="left", validate="1:1", nulls_equal=True, maintain_order="left")
    return np.asarray(found["is_whole"].to_numpy(), dtype=np.bool_)


def weeks_frame(told: Told) -> pl.DataFrame:
    """One row per item, site and week ahead: week_on (its last day), mean, variance, and the quantiles ``LEVELS``."""
    parts = [
        _columns(told, week, 1).with_columns(week_on=pl.lit(told.as_of + timedelta(days=7 * (week + 1))))
        for week in range(WEEKS_AHEAD)
    ]
    names = (*LEAF, "week_on", "mean", "variance", *LEVELS)
    return pl.concat(parts).select(names).sort(*LEAF, "week_on", nulls_last=True)


def sums_frame(told: Told) -> pl.DataFrame:
    """One row per item, site and span from tomorrow on: days, mean, variance, and the quantiles ``LEVELS``."""
    parts = [_columns(told, 0, span).with_columns(days=pl.lit(7 * span, dtype=pl.Int64)) for span in SPANS]
    names = (*LEAF, "days", "mean", "variance", *LEVELS)
    return pl.concat(parts).select(names).sort(*LEAF, "days", nulls_last=True)


def _columns(told: Told, first: int, weeks: int) -> pl.DataFrame:
    mean, variance = told.sums(first, weeks)
    found = told.quantiles(mean, variance)
    columns = {name: pl.Series(found[:, at]) for at, name in enumerate(LEVELS)}
    return told.leaves.with_columns(mean=pl.Series(mean), variance=pl.Series(variance), **columns)


def days_frame(told: Told, shares: pl.DataFrame) -> pl.DataFrame:
    """One row per item, site and day of the first four weeks: day_on, mean, and the quantiles ``LEVELS``.

    shares: day_on, share: what part of its week each day has. Days add up to their week.
    """
    parts = []
    for number, (day_on, share) in enumerate(shares.select("day_on", "share").iter_rows()):
        mean, variance = (each * share for each in told.sums(number // 7, 1))
        found = told.quantiles(mean, variance)
        columns = {name: pl.Series(found[:, at]) for at, name in enumerate(LEVELS)}
        parts.append(told.leaves.with_columns(day_on=pl.lit(day_on), mean=pl.Series(mean), **columns))
    return pl.concat(parts).select(*LEAF, "day_on", "mean", *LEVELS).sort(*LEAF, "day_on", nulls_last=True)


def shares_of_days(daily: pl.DataFrame, open_days: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """What part of its week each of the next 28 days has: day_on, share; the shares of a week add up to 1.

    daily: what one company and region was asked for, by day_on; how often on each weekday of the last year tells.
    open_days: day_on and share of the calendar; a day that is closed has what such a day had, a Sunday's part.
    """
    dated = daily.filter((pl.col("day_on") <= as_of) & (pl.col("day_on") > as_of - timedelta(days=364)))
    counts = np.bincount(dated["day_on"].dt.weekday().to_numpy() - 1, minlength=7).astype(np.float64)
    weekly = counts / counts.sum() if counts.sum() > 0 else np.full(7, 1 / 7)
    closed = set(open_days.filter(pl.col("share") <= 0)["day_on"].to_list())
    ends = [as_of + timedelta(days=day + 1) for day in range(DAYS_AHEAD)]
    weights = np.array([weekly.min() if each in closed else weekly[each.weekday()] for each in ends])
    by_week = weights.reshape(-1, 7)
    whole = by_week.sum(axis=1, keepdims=True)
    share = np.divide(by_week, whole, out=np.full_like(by_week, 1 / 7), where=whole > 0)
    return pl.DataFrame({"day_on": ends, "share": share.ravel()})


def shapes() -> pl.DataFrame:
    """Quantiles of sums of many: one row per logarithm of the shape (mean squared over variance) of a gamma
    distribution, the quantiles ``LEVELS`` in ratio to the mean: for readers who sum up and have no such functions."""
    logs = np.linspace(SHAPES[0], SHAPES[1], SHAPES[2])
    shape = np.exp(logs)
    ratios = {name: stats.gamma.ppf(level, shape) / shape for name, level in LEVELS.items()}
    return pl.DataFrame({"log_shape": logs, **ratios})
