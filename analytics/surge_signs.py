"""Whether a product is ordered more often than chance explains, beside what its market orders of everything else.

A market is a company's customers of one region. What is counted is who orders a product on a day, not how much: one
large order counts once. A window of days is compared with the half year before it; what the market ordered of
everything else in both says how busy each was, so that holidays, seasons and growth are nobody's surge.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analytics.projection import Numbers

WINDOWS = (3, 5, 7, 14, 28)
BASE_DAYS, FEWEST_DAYS = 182, 84
QUARTER = 91
FALSE_ALARMS = 0.1
LEAST_TIMES, LEAST_ORDERS = 1.5, 5
HALF = 0.5
ROUNDS, IMPOSSIBLE = 3, 1e-2
NOTHING = 1e-12


@dataclass(frozen=True)
class Market:
    """Orders of each product by day, the last day last; ``begins``: the day on which each was first ordered."""

    orders: Numbers
    begins: Numbers

    @property
    def days(self) -> int:
        """How many days are known."""
        return int(self.orders.shape[1])


@dataclass(frozen=True)
class Window:
    """By product: what was ordered in the days up to a day, what was to be expected, and how sure that is (the shape of
    a gamma distribution around it)."""

    orders: Numbers
    expected: Numbers
    shape: Numbers

    @property
    def chance(self) -> Numbers:
        """The chance of so many orders or more."""
        return tail(self.orders, self.expected, self.shape)


def tail(orders: Numbers, expected: Numbers, shape: Numbers) -> Numbers:
    """The chance that a negative binomial number of that mean and shape is so large or larger; 1 where none is expected
    of, for too little is known."""
    mean = np.where(np.isfinite(expected), expected, 0.0)
    found = special.betainc(np.maximum(orders, HALF), np.maximum(shape, NOTHING), mean / (mean + shape))
    return np.where((orders > 0) & np.isfinite(expected), found, 1.0)


def window(market: Market, last: int, days: int, unrest: float) -> Window:
    """The ``days`` days up to the day ``last``, beside the half year before them. ``unrest``: by how much the share of
    a product in what its market orders changes of itself (the relative variance)."""
    first, begins = last - days + 1, max(0, last - days - BASE_DAYS + 1)
    own, base = market.orders[:, first : last + 1].sum(axis=1), market.orders[:, begins:first].sum(axis=1)
    whole, usual = own.sum() - own, base.sum() - base
    known = np.clip((first - np.maximum(market.begins, begins)) / max(first - begins, 1), 0.0, 1.0)
    busy = np.divide(whole, usual * np.maximum(known, NOTHING), out=np.zeros_like(own), where=usual > 0)
    known_days = first - np.maximum(market.begins, begins)
    expected = np.where(known_days >= FEWEST_DAYS, (base + HALF) * busy, np.inf)
    return Window(own, expected, 1.0 / (1.0 / (base + HALF) + unrest))


def unrest(market: Market, last: int, days: int) -> float:
    """By how much shares change of themselves from window to window, beyond chance: the relative variance, of windows
    of ``days`` days of the year before ``last``. What even so could not have been chance is a surge, and left out."""
    ends = [last - days * (1 + back) for back in range(2 * BASE_DAYS // days)]
    seen = [window(market, end, days, 0.0) for end in ends if end - days >= FEWEST_DAYS]
    if not seen:
        return 0.0
    orders, expected, shape = (np.concatenate(each) for each in zip(*map(_columns, seen), strict=True))
    usual = np.isfinite(expected) & (expected > 0)
    found = 0.0
    for _ in range(ROUNDS):
        found = _beyond_chance(orders[usual], expected[usual], shape[usual])
        restless = Window(orders, expected, 1.0 / (1.0 / shape + found))
        usual &= restless.chance > IMPOSSIBLE
    return found


def _columns(told: Window) -> tuple[Numbers, Numbers, Numbers]:
    return told.orders, told.expected, told.shape


def _beyond_chance(orders: Numbers, expected: Numbers, shape: Numbers) -> float:
    weight = float((expected**2).sum())
    beyond = float(((orders - expected) ** 2 - expected - expected**2 / shape).sum())
    return max(0.0, beyond / weight) if weight > 0 else 0.0


def chances(market: Market, last: int, unrests: tuple[float, ...]) -> tuple[Numbers, Numbers]:
    """By product, the chance of what was ordered up to a day under the assumption that nothing changed, and the number
    of the window (of ``WINDOWS``) that tells it. That several windows were asked is counted."""
    told = [window(market, last, days, restless) for days, restless in zip(WINDOWS, unrests, strict=True)]
    real = [np.where(_is_large(each), each.chance, 1.0) for each in told]
    every = np.stack(real)
    return np.minimum(every.min(axis=0) * len(WINDOWS), 1.0), every.argmin(axis=0).astype(np.float64)


def _is_large(told: Window) -> Numbers:
    return np.asarray((told.orders >= LEAST_ORDERS) & (told.orders >= LEAST_TIMES * told.expected))


def alarms(chances_of: Numbers) -> NDArray[np.bool_]:
    """By product, whether to raise an alarm: so that, of markets in which nothing changes, at most one in ten sees a
    false alarm in a quarter (Benjamini and Hochberg's step-up over the products, a day's part of that for each day)."""
    order = np.argsort(chances_of, kind="stable")
    limits = FALSE_ALARMS / QUARTER * np.arange(1, chances_of.size + 1) / max(chances_of.size, 1)
    within = np.flatnonzero(chances_of[order] <= limits)
    found = np.zeros(chances_of.size, dtype=np.bool_)
    if within.size:
        found[order[: within[-1] + 1]] = True
    return found


def begins_at(orders: Numbers, expected: Numbers) -> int:
    """On which day the change likeliest began: where what came from then on is furthest from what was expected
    (the likelihood ratio of two Poisson rates). ``orders`` and ``expected``: of one product, by day."""
    after, usual = (np.cumsum(each[::-1])[::-1] for each in (orders, expected))
    ratio = np.divide(after, usual, out=np.ones_like(after), where=usual > 0)
    gain = np.where(ratio > 1, after * np.log(np.maximum(ratio, NOTHING)) - (after - usual), -np.inf)
    return int(np.argmax(gain))
