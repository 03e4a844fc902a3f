"""Series that nobody has asked for yet: some of them are asked for later. Arrays in, arrays out.

Their mean stays zero, so that a series nobody asks for takes nothing from the others. Their quantiles tell what such
series did in hindcasts: after some time a part of them begins, and is then asked for at a common rate.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from analytics.forecast_series import NOTHING_ASKED, Series
from analytics.projection import Days, Numbers

FEWEST = 40
LEAST_SHAPE, MOST_SHAPE = 0.02, 100.0
BELIEVED = 2
NOTHING_YET = "Nothing was ever asked for: the mean is zero, the quantiles tell how often others like it began."


@dataclass(frozen=True)
class Idle:
    """What becomes of series that were not asked for.

    hazard: what part of them begins in each step. rate: what one that has begun is asked for in a step. seen: for how
    many steps that is believed; later no more begin. shapes: by length of a sum in steps, its squared mean in ratio to
    what its variance is above that of a Poisson number of units.
    """

    hazard: float
    rate: float
    seen: int
    shapes: tuple[tuple[int, float], ...]

    def told(self, begin: Numbers, steps: int, unit: float) -> tuple[Numbers, Numbers]:
        """Mean and variance of what one is asked for in so many steps, that many steps ahead."""
        means = np.maximum(self._until(begin + steps) - self._until(begin), 0.0)
        _, shape = min(self.shapes, key=lambda each: abs(np.log(each[0] / steps)))
        return means, means * unit + means**2 / shape

    def _until(self, steps: Numbers) -> Numbers:
        """What one is asked for in the first so many steps."""
        early = np.minimum(steps, float(self.seen))
        begun = -np.expm1(-self.hazard * early)
        return np.asarray(self.rate * (early - begun / self.hazard + begun * (steps - early)))


def idle(series: Series, origins: Days, lengths: Sequence[int]) -> Idle | None:
    """What hindcasts tell of series without any demand before; none where these are few, or none began."""
    came = [_came(series, int(origin)) for origin in origins]
    known = [each for each in came if each.shape[0] >= FEWEST and each.any()]
    if not known:
        return None
    longest = max(known, key=lambda each: each.shape[1])
    steps, began = longest.shape[1], float(longest.any(axis=1).mean())
    hazard = -np.log1p(-min(began, 1 - 1 / longest.shape[0])) / steps
    shapes = tuple(_shape(known, each, series.unit) for each in sorted({min(each, steps) for each in lengths if each}))
    plain = Idle(hazard, 1.0, BELIEVED * steps, shapes)
    asked, _ = plain.told(np.zeros(1), steps, series.unit)
    return replace(plain, rate=float(longest.sum(axis=1).mean() / asked[0]))


def _came(series: Series, origin: int) -> Numbers:
    """What those that had begun to be watched, and were not asked for by then, were asked for since."""
    is_idle = (series.begins < origin) & ~series.demand[:, :origin].any(axis=1)
    return series.demand[is_idle, origin:]


def _shape(known: Sequence[Numbers], steps: int, unit: float) -> tuple[int, float]:
    """Of sums that begin tomorrow, and of single steps wherever they lie."""
    if steps == 1:
        sums = np.concatenate([each.ravel() for each in known])
    else:
        sums = np.concatenate([each[:, :steps].sum(axis=1) for each in known if each.shape[1] >= steps])
    mean, variance = float(sums.mean()), float(sums.var())
    over = max(variance - mean * unit, mean**2 / MOST_SHAPE)
    return steps, max(mean**2 / over, LEAST_SHAPE) if over > 0 else MOST_SHAPE


def reasons(told: pl.DataFrame, begins: Idle | None) -> pl.DataFrame:
    """The reasons of a history, where some of those that nobody asked for may begin."""
    if begins is None:
        return told
    return told.with_columns(pl.col("reason").replace(NOTHING_ASKED, NOTHING_YET)).sort("series_id", "reason")
