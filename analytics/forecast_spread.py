"""How unsure a forecast is: the variance of demand around it, learnt from hindcasts by the very model that forecasts.

Learnt for sums over whole intervals, not for single steps: independent steps would make long intervals look too sure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.forecast_accuracy import pinball
from analytics.forecast_items import Items
from analytics.forecast_quantiles import quantiles
from analytics.projection import Days, Numbers

FACTORS = np.exp(np.linspace(np.log(0.2), np.log(8.0), 25))
JUDGED = (0.75, 0.9, 0.95, 0.975, 0.99)
CLASSES = 10
FEWEST_IN_CLASS = 40
MOST_CASES = 16_000
OWN_STEPS = 20.0
UNTOLD = 1.5
LEAST = 1e-300
SEED = 3
Factor = Callable[[Numbers, Numbers, Numbers, float], float]


@dataclass(frozen=True)
class Spread:
    """How the variance of a sum grows with its mean. days: over how many steps the sums go. bounds: of classes by the
    expected number of units, by day; factors: by day and class, what the plain variance is multiplied with."""

    steps: tuple[int, ...]
    bounds: tuple[Numbers, ...]
    factors: tuple[Numbers, ...]

    def variances(self, means: Numbers, plain: Numbers, unit: float, steps: int) -> Numbers:
        """The variance of each sum over so many steps, from its mean and its plain variance."""
        nearest = int(np.argmin(np.abs(np.log(np.array(self.steps) / steps))))
        at = np.log(np.maximum(means, LEAST) / (unit or 1.0))
        factor = np.exp(np.interp(at, self.bounds[nearest], np.log(self.factors[nearest])))
        return plain * factor * _growth(self, steps)


def _growth(spread: Spread, steps: int) -> float:
    """Beyond the longest hindcast, errors of the level are common to all steps: the factor grows with the steps."""
    return max(steps / max(spread.steps), 1.0)


def plain_variances(demand: Numbers, begins: Days, unit: float) -> Numbers:
    """The variance of one step of each series: its own, and what series of the same mean have, the more its own the
    longer it is known; never below that of a Poisson number of units."""
    lived = np.maximum(demand.shape[1] - begins, 1)
    means = means_of_steps(demand, begins)
    own = np.maximum((demand**2).sum(axis=1) / lived - means**2, 0.0)
    usual = _usual(means, own, lived)
    part = lived / (lived + OWN_STEPS)
    return np.maximum(part * own + (1 - part) * usual, means * unit)


def _usual(means: Numbers, own: Numbers, lived: Numbers | Days) -> Numbers:
    """What variance series of such a mean have: a power of the mean, through all series that vary."""
    known = (means > 0) & (own > 0) & (lived >= 4)
    if known.sum() < FEWEST_IN_CLASS:
        return np.maximum(own, means**2)
    x, y = np.log(means[known]), np.log(own[known])
    x_mean, y_mean = x.mean(), y.mean()
    slope = float(np.clip(((x - x_mean) * (y - y_mean)).sum() / max(((x - x_mean) ** 2).sum(), 1e-12), 1.0, 2.0))
    return np.where(means > 0, np.exp(y_mean + slope * (np.log(np.maximum(means, LEAST)) - x_mean)), 0.0)


def plain_of_sums(means: Numbers, first: Numbers, variances: Numbers) -> Numbers:
    """The variance of sums if their steps were independent: it grows with the mean as a Poisson one does.

    first: the mean of one step at which the variance was taken; without one there is nothing to expect.
    """
    return variances * np.divide(means, first, out=np.zeros_like(means), where=first > 0)


def means_of_steps(demand: Numbers, begins: Days) -> Numbers:
    """The plain mean of each series since it began."""
    return demand.sum(axis=1) / np.maximum(demand.shape[1] - begins, 1)


def spread(
    items: Items, origins: Days, steps: Sequence[int], factor: Factor | None = None, reach: int | None = None
) -> Spread:
    """The factors that would have made upper quantiles cost least, by how much is expected.

    factor: another way to find them, from means, plain variances, what came, and the unit; ``by_squares`` is faster.
    reach: how many steps of each hindcast are looked at, all where none is named.
    """
    found_by = factor or cheapest
    most = items.series.steps - int(origins[0]) if origins.size else 0
    reached = sorted({min(each, most) for each in steps if each > 0} - {0})
    longest = items.series.steps if reach is None else reach
    told = [(int(each), items.hindcast(int(each), min(items.series.steps - int(each), longest))) for each in origins]
    learnt = [_learnt(items, told, each, found_by) for each in reached]
    kept = [(each, *found) for each, found in zip(reached, learnt, strict=True) if found is not None]
    if not kept:
        return Spread((1,), (np.zeros(1),), (np.full(1, UNTOLD),))
    return Spread(tuple(one[0] for one in kept), tuple(one[1] for one in kept), tuple(one[2] for one in kept))


def _learnt(
    items: Items, told: Sequence[tuple[int, Numbers]], steps: int, factor: Factor
) -> tuple[Numbers, Numbers] | None:
    """Middle of each class, as logarithm of expected units, and its factor."""
    means, plain, came = _cases(items, told, steps)
    unit = items.series.unit
    if means.size < FEWEST_IN_CLASS:
        return None
    order = np.argsort(means, kind="stable")
    parts = np.array_split(order, min(CLASSES, means.size // FEWEST_IN_CLASS))
    middles = np.array([np.log(np.median(means[part]) / (unit or 1.0)) for part in parts])
    factors = np.array([factor(means[part], plain[part], came[part], unit) for part in parts])
    return middles, factors


def _cases(items: Items, told: Sequence[tuple[int, Numbers]], steps: int) -> Numbers:
    """The expected sum, its plain variance, and what came, of the series that expect anything in each hindcast."""
    found: list[Numbers] = [np.empty((3, 0))]
    series = items.series
    for origin, ahead in told:
        past = series.demand[:, :origin]
        variances = plain_variances(past, series.begins, series.unit)
        first = means_of_steps(past, series.begins)
        for begin in _begins(ahead.shape[1], steps):
            means = ahead[:, begin : begin + steps].sum(axis=1)
            came = series.demand[:, origin + begin : origin + begin + steps].sum(axis=1)
            found.append(np.array([means, plain_of_sums(means, first, variances), came])[:, means > 0])
    every = np.concatenate(found, axis=1)
    return every[:, _drawn(every.shape[1])]


def _begins(reach: int, steps: int) -> list[int]:
    """Sums begin tomorrow; single steps lie anywhere."""
    if reach < steps:
        return []
    return sorted({0, reach // 3, 2 * reach // 3, reach - 1}) if steps == 1 else [0]


def _drawn(many: int) -> Days:
    """As many cases as are enough, in their order."""
    if many <= MOST_CASES:
        return np.arange(many)
    return np.sort(np.random.default_rng(SEED).choice(many, MOST_CASES, replace=False))


def by_squares(means: Numbers, plain: Numbers, came: Numbers, _unit: float) -> float:
    """By how much the squared errors were larger than the plain variances."""
    ratio = ((came - means) ** 2).sum() / max(plain.sum(), LEAST)
    return float(np.clip(ratio, FACTORS[0], FACTORS[-1]))


def cheapest(means: Numbers, plain: Numbers, came: Numbers, unit: float) -> float:
    """The factor with which upper quantiles would have cost least."""
    costs = []
    for factor in FACTORS:
        told = quantiles(means, plain * factor, unit, JUDGED)
        costs.append(sum(float(pinball(told[:, at], came, level).sum()) for at, level in enumerate(JUDGED)))
    return float(FACTORS[int(np.argmin(costs))])
