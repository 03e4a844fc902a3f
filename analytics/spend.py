"""How much a customer spends at a time: the gamma-gamma model, in which rare buyers are drawn towards all others.

Fader, Hardie (2013): The gamma-gamma model of monetary value. It takes what is spent at a time to be independent of how
often somebody buys: :func:`together` says how far that is so.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln

Numbers = NDArray[np.float64]
LARGEST = 20_000


@dataclass(frozen=True)
class Spending:
    """p: shape of what one customer spends at a time; q, gamma: shape and scale of how customers differ."""

    p: float
    q: float
    gamma: float


def spending(times: Numbers, mean: Numbers, *, prior: float = 0.0) -> Spending:
    """The parameters under which the mean amounts, each of so many times, are likeliest; only positive ones count.

    ``prior``: as how many customers usual ones count.
    """
    rows = np.flatnonzero((times > 0) & (mean > 0))
    rows = rows[:: max(1, len(rows) // LARGEST)]
    scale = float(mean[rows].mean()) if rows.size else 1.0
    count, amount = times[rows], mean[rows] / scale
    usual = np.log([4.0, 3.0, 0.5])

    def loss(logs: Numbers) -> float:
        p, q, gamma = np.exp(np.clip(logs, -12.0, 12.0))
        each = gammaln(p * count + q) - gammaln(p * count) - gammaln(q) + q * np.log(gamma)
        each += (p * count - 1) * np.log(amount) + p * count * np.log(count)
        each -= (p * count + q) * np.log(gamma + count * amount)
        return -float(each.sum()) + (prior + 1e-9) * float(((logs - usual) ** 2).sum()) / 2

    found = minimize(loss, usual, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-7, "maxiter": 3_000})
    p, q, gamma = (float(each) for each in np.exp(np.clip(found.x, -12.0, 12.0)))
    return Spending(p, q, gamma * scale)


def expected_spend(spending: Spending, times: Numbers, mean: Numbers) -> Numbers:
    """By customer, what is expected to be spent at a time, from the mean of so many times (0: nothing is known)."""
    known = np.where(times > 0, times * np.maximum(mean, 0.0), 0.0)
    count = np.where(times > 0, times, 0.0)
    return np.asarray(spending.p * (spending.gamma + known) / np.maximum(spending.p * count + spending.q - 1, 0.05))


def together(times: Numbers, mean: Numbers) -> float | None:
    """The correlation between how often and how much at a time; null where it cannot be known."""
    rows = times > 0
    if rows.sum() < 3 or np.ptp(times[rows]) == 0 or np.ptp(mean[rows]) == 0:
        return None
    return float(np.corrcoef(times[rows], mean[rows])[0, 1])
