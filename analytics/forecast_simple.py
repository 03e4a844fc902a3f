"""Forecasts that anyone can check: the guards that every model has to beat in hindcasts. Arrays in, arrays out."""

import numpy as np

from analytics.forecast_rhythm import Rhythm, mean_between, profile, running_sums
from analytics.projection import Days, Numbers

SEASONS = 4


def rates(demand: Numbers, begins: Days, half_life: float) -> Numbers:
    """Demand per step of each series: the mean since it began, where a step so long ago counts half."""
    steps = demand.shape[1]
    weights = 0.5 ** (np.arange(steps - 1, -1, -1) / half_life)
    lived = np.concatenate([np.cumsum(weights[::-1])[::-1], [0.0]])[np.minimum(begins, steps)]
    return np.divide((demand * weights).sum(axis=1), lived, out=np.zeros(demand.shape[0]), where=lived > 0)


def flat(demand: Numbers, rhythm: Rhythm, ahead: int) -> Numbers:
    """The mean of the latest stretch, for every step ahead."""
    stretch = min(rhythm.level, demand.shape[1])
    return np.repeat(demand[:, demand.shape[1] - stretch :].mean(axis=1, keepdims=True), ahead, axis=1)


def seasonal(demand: Numbers, rhythm: Rhythm, ahead: int) -> Numbers:
    """The mean of the latest stretch in the profile of the last four seasons."""
    shape = profile(demand, rhythm.season, SEASONS)
    return flat(demand, rhythm, ahead) * shape[:, np.arange(ahead) % rhythm.season]


def last_year(demand: Numbers, rhythm: Rhythm, ahead: int) -> Numbers | None:
    """The same steps last year, times what the latest stretch is to the same stretch then; none where that year is not
    known. Where nothing was asked for then, the latest mean."""
    steps = demand.shape[1]
    if steps < rhythm.year + rhythm.level:
        return None
    running = running_sums(demand)
    now = mean_between(running, steps - rhythm.level, steps)
    then = mean_between(running, steps - rhythm.year - rhythm.level, steps - rhythm.year)
    at = steps - rhythm.year + np.arange(ahead) % rhythm.year
    growth = np.divide(now, then, out=np.zeros_like(now), where=then > 0)
    return np.where((then > 0)[:, None], demand[:, at] * growth[:, None], now[:, None])
