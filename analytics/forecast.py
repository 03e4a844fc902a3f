"""What will be asked for, and how sure that is: a forecast of every series of anybody's history.

How it is made: what groups of series will ask for is told by models that hindcasts weigh (``forecast_upper``), each
series has its share of it (``forecast_items``), and how far earlier hindcasts were off tells how unsure that is
(``forecast_spread``). Frames in, frames out; chance only by a fixed seed: equal tables make equal bytes, in whatever
order their rows are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from analytics import forecast_items, forecast_upper
from analytics.demand import Types
from analytics.forecast_groups import Groups, groups
from analytics.forecast_idle import Idle, idle, reasons
from analytics.forecast_items import Items
from analytics.forecast_known import Feature, known_ahead
from analytics.forecast_quantiles import quantiles
from analytics.forecast_rhythm import RHYTHMS, continued
from analytics.forecast_series import NotForecastable, Series, series
from analytics.forecast_spread import Spread, means_of_steps, plain_of_sums, plain_variances, spread
from analytics.projection import Numbers

MOST_STEPS = MOST_DAYS = 1_000
OF_DAYS = {"q05": 0.05, "q10": 0.1, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q90": 0.9, "q95": 0.95}
OF_SUMS = {"q50": 0.5, "q75": 0.75, "q90": 0.9, "q95": 0.95, "q975": 0.975, "q99": 0.99}


@dataclass(frozen=True)
class Forecast:
    """What will be asked for.

    days: one row per series and step of the horizon: series_id, date, mean and the quantiles ``OF_DAYS``. sums: one row
    per series and interval: series_id, days (as asked: so many after the history's last date, in the whole steps that
    come closest), mean and ``OF_SUMS``. reasons: series_id, reason: what is odd about a history, and what that means
    for its forecast. weights: model, weight: how much each model counts for the groups. unused: one sentence for each
    further table that could not be used, and why.
    """

    days: pl.DataFrame
    sums: pl.DataFrame
    reasons: pl.DataFrame
    weights: pl.DataFrame
    unused: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """What models say of each series and step: the mean, what is expected (which quantiles are told from), how unsure
    that is, and what becomes of series that nobody has asked for."""

    series: Series
    mean: Numbers
    expected: Numbers
    spread: Spread
    idle: Idle | None


def forecast(
    history: pl.DataFrame,
    horizon: int,
    *,
    group_history: pl.DataFrame | None = None,
    known: Iterable[pl.DataFrame] = (),
    sums: Sequence[int] = (),
) -> Forecast:
    """The forecast of every series of the history, for so many steps after its last date.

    history: series_id, date, quantity, and columns that are attributes; see ``forecast_series.series``. group_history:
    date and quantity by some of these attributes, where that is longer. known: tables with a date and columns that are
    known in advance. sums: over how many days demand is summed up; on weekly and monthly histories over the weeks or
    months that come closest, one at least. Raises :class:`NotForecastable`.
    """
    _asked(horizon, sums)
    with threadpool_limits(limits=1):
        whole = series(history)
        rhythm = RHYTHMS[whole.grid.step]
        intervals = {days: rhythm.steps(days) for days in sorted(set(sums))}
        longest = max(horizon, *intervals.values(), 1)
        reach = min(longest, rhythm.reach)
        together = groups(whole, group_history)
        finer = frozenset({"series_id", *whole.attributes.columns}) - set(together.keys.columns)
        ahead = known_ahead(known, together, reach, finer)
        items = _models(whole, together, ahead.features, reach)
        origins, lengths = forecast_items.origins(whole.steps, reach), (1, *intervals.values())
        sure = spread(items, origins, lengths)
        mean, expected = (continued(each, longest, rhythm.season) for each in items.ahead(reach))
        begins = idle(whole, origins, lengths)
        told = Told(whole, mean, expected, sure, begins)
        unused = (*together.unused, *ahead.unused)
        return Forecast(
            _days(told, horizon), _sums(told, intervals), reasons(whole.reasons, begins), _weights(items), unused
        )


def _weights(items: Items) -> pl.DataFrame:
    rows = sorted(items.upper.weights.items())
    return pl.DataFrame(rows, schema={"model": pl.String, "weight": pl.Float64}, orient="row")


def _asked(horizon: int, sums: Sequence[int]) -> None:
    if not 0 <= horizon <= MOST_STEPS:
        raise NotForecastable(f"The horizon is {horizon:,}. It can be 0 to {MOST_STEPS:,} steps.")
    if wrong := [each for each in sums if not 1 <= each <= MOST_DAYS]:
        raise NotForecastable(f"Demand cannot be summed over {wrong[0]:,} days. It can be 1 to {MOST_DAYS:,}.")


def _models(whole: Series, together: Groups, known: Sequence[Feature], reach: int) -> Items:
    """Groups first, then the series within them."""
    upper = forecast_upper.upper(together, known, forecast_upper.origins(together.steps, reach), reach)
    return forecast_items.items(whole, upper, forecast_items.origins(whole.steps, reach), reach)


def _days(told: Told, horizon: int) -> pl.DataFrame:
    series = told.series
    dates = series.grid.dates(np.arange(1, horizon + 1))
    keys = pl.DataFrame({"series_id": series.names}).join(dates.to_frame(), how="cross", maintain_order="left_right")
    return keys.with_columns(_columns(told, told.mean[:, :horizon], told.expected[:, :horizon], 1, OF_DAYS))


def _sums(told: Told, intervals: Mapping[int, int]) -> pl.DataFrame:
    """One block for each interval, each with all series. intervals: from days to steps."""
    keys: Types = {"series_id": told.series.names.dtype, "days": pl.Int64}
    numbers: Types = dict.fromkeys(("mean", *OF_SUMS), pl.Float64)
    empty = pl.DataFrame(schema={**keys, **numbers})
    return pl.concat([empty, *(_summed(told, *each) for each in intervals.items())]).sort("series_id", "days")


def _summed(told: Told, days: int, steps: int) -> pl.DataFrame:
    mean, expected = (each[:, :steps].sum(axis=1, keepdims=True) for each in (told.mean, told.expected))
    keys = pl.DataFrame({"series_id": told.series.names}).with_columns(days=pl.lit(days, dtype=pl.Int64))
    return keys.with_columns(_columns(told, mean, expected, steps, OF_SUMS))


def _columns(told: Told, mean: Numbers, expected: Numbers, steps: int, levels: dict[str, float]) -> list[pl.Series]:
    """Mean and quantiles, row by row of the means, each over so many steps."""
    demand, begins, unit = told.series.demand, told.series.begins, told.series.unit
    of_step, variances = means_of_steps(demand, begins), plain_variances(demand, begins, unit)
    columns, flat = mean.shape[1], expected.ravel()
    plain = plain_of_sums(flat, np.repeat(of_step, columns), np.repeat(variances, columns))
    unsure = told.spread.variances(flat, plain, unit, steps)
    if told.idle is not None:
        is_idle = np.repeat(~demand.any(axis=1), columns)
        of_idle, apart = told.idle.told(np.arange(columns, dtype=np.float64), steps, unit)
        flat = np.where(is_idle, np.tile(of_idle, demand.shape[0]), flat)
        unsure = np.where(is_idle, np.tile(apart, demand.shape[0]), unsure)
    found = quantiles(flat, unsure, unit, tuple(levels.values()))
    return [pl.Series("mean", mean.ravel()), *(pl.Series(name, found[:, at]) for at, name in enumerate(levels))]
