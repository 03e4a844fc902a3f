"""Quantiles of demand whose mean and variance are known: negative binomial where it comes in units, else gamma."""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from analytics.projection import Numbers

MANY_UNITS = 1e5
LEAST_OVER = 1e-6
FEW, WIDE, MOST_COUNTED = 300.0, 5.0, 600


def quantiles(means: Numbers, variances: Numbers, unit: float, levels: Sequence[float]) -> Numbers:
    """One column per level. Variances smaller than those of a Poisson number of units are taken as such.

    Where nothing is expected, every quantile is zero. Demand of very many units, and demand without one (0), is
    continuous.
    """
    found = np.zeros((means.size, len(levels)))
    in_units = (unit > 0) & (means > 0) & (means < MANY_UNITS * unit)
    continuous = (means > 0) & ~in_units
    if in_units.any():
        found[in_units] = _counted(means[in_units] / unit, variances[in_units] / unit**2, levels) * unit
    for column, level in enumerate(levels):
        if continuous.any():
            found[continuous, column] = _measured(means[continuous], variances[continuous], level)
    return np.maximum.accumulate(np.nan_to_num(found), axis=1)


def _counted(means: Numbers, variances: Numbers, levels: Sequence[float]) -> Numbers:
    """Small numbers are counted up, which is exact and many times as fast as to solve for each."""
    over = np.maximum(variances - means, LEAST_OVER * means)
    size = means**2 / over
    found = np.full((means.size, len(levels)), np.nan)
    few = np.flatnonzero(means + WIDE * np.sqrt(over + means) < FEW)
    found[few] = _added_up(means[few], size[few], np.array(levels))
    rest = np.flatnonzero(np.isnan(found).any(axis=1))
    for column, level in enumerate(levels):
        found[rest, column] = stats.nbinom.ppf(level, size[rest], size[rest] / (size[rest] + means[rest]))
    return found


def _added_up(means: Numbers, size: Numbers, levels: Numbers) -> Numbers:
    """How many units it takes until their chances add up to each level; not a number where that is more than most."""
    found = np.full((means.size, levels.size), np.nan)
    rows, taken = np.arange(means.size), np.zeros((means.size, levels.size))
    chance = np.exp(-size * np.log1p(means / size))
    reached, growth = chance.copy(), means / (size + means)
    for count in range(1, MOST_COUNTED):
        short = reached[:, None] < levels
        taken += short
        is_open = short.any(axis=1)
        if not is_open.all():
            found[rows[~is_open]] = taken[~is_open]
            rows, taken, size, growth = rows[is_open], taken[is_open], size[is_open], growth[is_open]
            chance, reached = chance[is_open], reached[is_open]
        if not rows.size:
            break
        chance = chance * growth * ((size + (count - 1)) / count)
        reached = reached + chance
    return found


def _measured(means: Numbers, variances: Numbers, level: float) -> Numbers:
    spread = np.maximum(variances, LEAST_OVER * means**2) / means
    return np.asarray(stats.gamma.ppf(level, means / spread)) * spread
