"""Who buys again, and how often: the beta-geometric / negative binomial model of repeat purchases.

A customer buys at random at a steady rate of its own, and after each purchase may stop for good, with a chance of its
own. Fader, Hardie, Lee (2005): "Counting your customers" the easy way. Numbers are those of equations (6) to (10).
"""

from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln, hyp2f1

Numbers = NDArray[np.float64]
USUAL = (0.5, 10.0, 0.8, 2.5)
LARGEST = 20_000


@dataclass(frozen=True)
class Purchases:
    """By customer: ``repeats``, purchases after the first one; ``last``, when the last one was, ``age``, for how long
    the customer has been one, both since the first purchase and in one unit of time, such as weeks."""

    repeats: Numbers
    last: Numbers
    age: Numbers


@dataclass(frozen=True)
class Buying:
    """r, alpha: shape and scale of the rates of purchase; a, b: those of the chances to stop."""

    r: float
    alpha: float
    a: float
    b: float


def log_likelihood(buying: Buying, seen: Purchases) -> Numbers:
    """By customer, the logarithm of how likely its purchases are."""
    r, alpha, a, b = astuple(buying)
    x = seen.repeats
    steady = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + gammaln(a + b) - gammaln(a + b + x)
    steady += gammaln(b + x) - gammaln(b)
    active = -(r + x) * np.log(alpha + seen.age)
    stopped = np.log(a) - np.log(np.maximum(b + x - 1, 1e-12)) - (r + x) * np.log(alpha + seen.last)
    return np.asarray(steady + np.where(x > 0, np.logaddexp(active, stopped), active))


def buying(seen: Purchases, *, prior: float = 0.0) -> Buying:
    """The parameters under which the purchases are likeliest; ``prior``: as how many customers usual ones count."""
    every = max(1, len(seen.age) // LARGEST)
    some = Purchases(seen.repeats[::every], seen.last[::every], seen.age[::every])
    scale = max(float(some.age.mean()), 1e-9) if len(some.age) else 1.0
    usual = np.log([USUAL[0], USUAL[1] * scale / 30.0, *USUAL[2:]])

    def loss(logs: Numbers) -> float:
        held = np.clip(logs, -12.0, 12.0)
        likely = float(log_likelihood(Buying(*np.exp(held)), some).sum())
        return -likely + prior * float(((logs - usual) ** 2).sum()) / 2 + float(((logs - held) ** 2).sum())

    found = minimize(loss, usual, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-6, "maxiter": 2_000})
    return Buying(*(float(each) for each in np.exp(np.clip(found.x, -12.0, 12.0))))


def active(buying: Buying, seen: Purchases) -> Numbers:
    """By customer, the chance that it has not stopped."""
    r, alpha, a, b = astuple(buying)
    x = seen.repeats
    with np.errstate(over="ignore"):
        odds = a / np.maximum(b + x - 1, 1e-12) * ((alpha + seen.age) / (alpha + seen.last)) ** (r + x)
    return np.asarray(1 / (1 + np.where(x > 0, odds, 0.0)))


def buys_within(buying: Buying, seen: Purchases, time: float) -> Numbers:
    """By customer, the chance of at least one purchase within a time from now."""
    none = ((buying.alpha + seen.age) / (buying.alpha + seen.age + time)) ** (buying.r + seen.repeats)
    return np.asarray(active(buying, seen) * (1 - none))


def expected_purchases(buying: Buying, seen: Purchases, time: float) -> Numbers:
    """By customer, how many purchases are expected within a time from now."""
    r, alpha, a, b = astuple(buying)
    x = seen.repeats
    a = a if abs(a - 1) > 1e-6 else 1 + 1e-6
    share = time / (alpha + seen.age + time)
    ratio = ((alpha + seen.age) / (alpha + seen.age + time)) ** (r + x)
    gain = (a + b + x - 1) / (a - 1) * (1 - ratio * hyp2f1(r + x, b + x, a + b + x - 1, share))
    return np.maximum(gain * active(buying, seen), 0.0)
