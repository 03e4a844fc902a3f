"""How far forecasts were from what came. Arrays in: one row per series, one column per step."""

import numpy as np

from analytics.projection import Numbers


def wape(told: Numbers, came: Numbers) -> float:
    """The sum of absolute errors in ratio to what came; not a number where nothing did."""
    whole = float(came.sum())
    return float(np.abs(told - came).sum()) / whole if whole > 0 else float("nan")


def bias(told: Numbers, came: Numbers) -> float:
    """By how much too much was told, in ratio to what came; not a number where nothing did."""
    whole = float(came.sum())
    return float((told - came).sum()) / whole if whole > 0 else float("nan")


def mase(told: Numbers, came: Numbers, past: Numbers, season: int = 1) -> Numbers:
    """Each series' mean absolute error in ratio to that of repeating the last season within its past; not a number for
    a series whose past never changed (Hyndman and Koehler 2006)."""
    usual = np.abs(past[:, season:] - past[:, :-season]).mean(axis=1)
    return np.divide(np.abs(told - came).mean(axis=1), usual, out=np.full(usual.size, np.nan), where=usual > 0)


def rmsse(told: Numbers, came: Numbers, past: Numbers) -> Numbers:
    """Each series' root mean squared error in ratio to that of repeating the last step within its past; not a number
    for a series whose past never changed (M5 competition)."""
    usual = np.mean(np.diff(past, axis=1) ** 2, axis=1)
    ratio = np.divide(np.mean((told - came) ** 2, axis=1), usual, out=np.full(usual.size, np.nan), where=usual > 0)
    return np.sqrt(ratio)


def pinball(told: Numbers, came: Numbers, quantile: float) -> Numbers:
    """The quantile loss, of each number: its mean is least for the true quantile."""
    missed = came - told
    return np.maximum(quantile * missed, (quantile - 1.0) * missed)


def coverage(told: Numbers, came: Numbers) -> float:
    """In what part of all cases no more came than was told."""
    return float((came <= told).mean())
