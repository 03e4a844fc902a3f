"""Quantiles of demand whose mean and variance are known: negative binomial where it comes in units, else gamma."""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from analytics.projection import Numbers

MANY_UNITS = 1e5
LEAST_OVER = 1e-6


def quantiles(means: Numbers, variances: Numbers, unit: float, levels: Sequence[float]) -> Numbers:
    """One column per level. Variances smaller than those of a Poisson number of units are taken as such.

    Where nothing is expected, every quantile is zero. Demand of very many units, and demand without one (0), is
    continuous.
    """
    found = np.zeros((means.size, len(levels)))
    in_units = (unit > 0) & (means > 0) & (means < MANY_UNITS * unit)
    continuous = (means > 0) & ~in_units
    for column, level in enumerate(levels):
        if in_units.any():
            found[in_units, column] = _counted(means[in_units] / unit, variances[in_units] / unit**2, level) * unit
        if continuous.any():
            found[continuous, column] = _measured(means[continuous], variances[continuous], level)
    return np.maximum.accumulate(np.nan_to_num(found), axis=1)


def _counted(means: Numbers, variances: Numbers, level: float) -> Numbers:
    over = np.maximum(variances - means, LEAST_OVER * means)
    size = means**2 / over
    return np.asarray(stats.nbinom.ppf(level, size, size / (size + means)))


def _measured(means: Numbers, variances: Numbers, level: float) -> Numbers:
    spread = np.maximum(variances, LEAST_OVER * means**2) / means
    return np.asarray(stats.gamma.ppf(level, means / spread)) * spread
