"""Chances that keep their word: a straight line through log odds, held near the identity where little is known."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
SMALLEST = 1e-4
STEPS = 25
INTERCEPT_WEIGHT, SLOPE_WEIGHT = 4.0, 40.0
SLOPES = (0.3, 2.0)


def log_odds(chances: Numbers) -> Numbers:
    """Log odds of chances; none is taken for certain."""
    bounded = np.clip(chances, SMALLEST, 1 - SMALLEST)
    return np.asarray(np.log(bounded / (1 - bounded)))


def probabilities(odds: Numbers) -> Numbers:
    """The chances of log odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))


@dataclass(frozen=True)
class Calibration:
    """Log odds as they should have been: ``intercept`` plus ``slope`` times what was said. A slope is above 0, so that
    the order never changes."""

    intercept: float
    slope: float

    def applied(self, odds: Numbers) -> Numbers:
        """The chances that should be said instead of those with such log odds."""
        return probabilities(self.intercept + self.slope * odds)


def calibration(odds: Numbers, came: Numbers, *, overlap: float = 1.0) -> Calibration:
    """The line that the outcomes (1 came, 0 did not) call for, by ridge-logistic regression.

    It starts from the identity, which weighs as much as a few outcomes. ``overlap``: how many of the outcomes tell the
    same story, as when days that overlap were asked for; each weighs so much less.
    """
    shift, slope = 0.0, 1.0
    for _ in range(STEPS):
        said = probabilities(shift + slope * odds)
        error, spread = (came - said) / overlap, said * (1 - said) / overlap
        gradient = np.array([error.sum() - INTERCEPT_WEIGHT * shift, error @ odds - SLOPE_WEIGHT * (slope - 1)])
        curve = np.array([[spread.sum(), spread @ odds], [spread @ odds, spread @ odds**2]])
        step = np.linalg.solve(curve + np.diag([INTERCEPT_WEIGHT, SLOPE_WEIGHT]), gradient)
        shift, slope = shift + step[0], float(np.clip(slope + step[1], *SLOPES))
    return Calibration(float(shift), slope)
