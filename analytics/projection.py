"""Projected stock: what will be on hand on each day to come, if what is known comes and what is usual is asked for.

Arrays hold one item a row and one day a column; column 0 is the day on which the stock was counted.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Days = NDArray[np.int64]
NEVER = np.iinfo(np.int64).max
NOTHING = 1e-9


@dataclass(frozen=True)
class Paths:
    """What each item receives, has to serve, is expected to be asked for, and is left with on each day."""

    receipts: Numbers
    reservations: Numbers
    expected: Numbers
    projected: Numbers


def spread(rows: pl.DataFrame, items: int, days: int) -> Numbers:
    """The quantities of ``rows`` (item, day, quantity) in an array; what falls behind the last day is left out."""
    table = np.zeros((items, days))
    within = rows.filter(pl.col("day").is_between(0, days - 1))
    np.add.at(table, (within["item"].to_numpy(), within["day"].to_numpy()), within["quantity"].to_numpy())
    return table


def project(on_hand: Numbers, daily_demand: Numbers, receipts: Numbers, reservations: Numbers) -> Paths:
    """On hand plus receipts, minus reservations and expected demand, day by day.

    ``daily_demand`` is 0 where nothing is asked for. What is due on day 0, or overdue and so put there, was ordered in
    the past; from day 1 on, orders that fall due use up the usual demand: see ``expected_demand``.
    """
    expected = expected_demand(daily_demand, reservations)
    projected = on_hand[:, None] + np.cumsum(receipts - reservations - expected, axis=1)
    return Paths(receipts, reservations, expected, projected)


def expected_demand(daily_demand: Numbers, reservations: Numbers) -> Numbers:
    """The usual demand of each day that the orders already there do not cover; none on day 0, which stands as counted.

    Who has ordered does not order again: an order above the usual demand of its day uses up that of the days after it,
    never of the days before.
    """
    usual = np.broadcast_to(daily_demand[:, None], reservations.shape).copy()
    usual[:, 0] = 0.0
    later = reservations.copy()
    later[:, 0] = 0.0
    uncovered = np.maximum.accumulate(np.cumsum(usual - later, axis=1), axis=1)
    return np.diff(uncovered, axis=1, prepend=0.0)


def first_day(true: NDArray[np.bool_]) -> Days:
    """The first day on which it is true, for each item; ``NEVER`` where it never is."""
    return np.where(true.any(axis=1), true.argmax(axis=1), NEVER)


def runs_out_day(paths: Paths, wanted: NDArray[np.bool_]) -> Days:
    """The first day on which nothing is left, for items that somebody wants; ``NEVER`` where stock lasts."""
    return first_day((paths.projected <= NOTHING) & wanted[:, None])


def relief_day(paths: Paths, runs_out: Days, lead_days: Numbers) -> Days:
    """The first day that brings stock again: that of a known receipt after the item ran out, or of one ordered today.

    An order placed today arrives after the lead time, at the earliest tomorrow.
    """
    days = np.arange(paths.projected.shape[1])
    restocked = first_day((days > runs_out[:, None]) & (paths.projected > NOTHING))
    ordered_today = np.ceil(lead_days).clip(min=1.0).astype(np.int64)
    return np.minimum(restocked, ordered_today)


def short_quantity(paths: Paths, on_hand: Numbers, relief: Days) -> Numbers:
    """Units that cannot be served before the relief: the deepest point below zero until then.

    What was below zero when counted is a record to correct, no unserved demand, and is not part of it.
    """
    days = np.arange(paths.projected.shape[1])
    until_relief = np.where(days < relief[:, None], paths.projected, np.inf)
    short = -until_relief.min(axis=1) - (-on_hand).clip(min=0.0)
    return np.where(short > NOTHING, short, 0.0)
