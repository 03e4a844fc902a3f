"""What a wave of complaints cost: the orders of a group of products that never came, told from the orders alone.

Expected is what the group usually has beside everything else that is ordered in the week: its share before the wave,
with a yearly season where two years are known. From some week after the wave began, less comes; later part of it may
come back. When both were is what fits the orders best.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from analytics.projection import Numbers

WEEKS, LEAST_BEFORE, SEASON_FROM, SEASON_ORDERED, YEAR_WEEKS = 104, 26, 70, 12, 52.1775
LATEST_AFTER, SHORTEST = 8, 2
PASSES = 12
Z95 = 1.959964
CLEAR = 6.0
LEAST_OTHERS = 0.5
EFFECTS: Mapping[str, type[pl.DataType]] = {
    "fell_on": pl.Date,
    "eased_on": pl.Date,
    "fell": pl.Float64,
    "fell_low": pl.Float64,
    "fell_high": pl.Float64,
    "still": pl.Float64,
    "orders_lost": pl.Float64,
    "orders_low": pl.Float64,
    "orders_high": pl.Float64,
    "units_lost": pl.Float64,
    "units_low": pl.Float64,
    "units_high": pl.Float64,
}


@dataclass(frozen=True)
class _Usual:
    """What is usual: by week expected orders, and for each how it moves with the estimates; how they vary and how much
    more than chance alone orders scatter."""

    expected: Numbers
    design: Numbers
    covariance: Numbers
    scatter: float

    def unsure(self, weeks: slice) -> float:
        """The variance of the sum of expected orders of some weeks, and of what then comes by chance."""
        slope = self.expected[weeks] @ self.design[weeks]
        return float(slope @ self.covariance @ slope + self.scatter * self.expected[weeks].sum())


def effect(sales: pl.DataFrame, from_on: date, until_on: date, as_of: date) -> dict[str, object] | None:
    """What the wave from a day to a day cost the group until ``as_of``: see ``EFFECTS``; None where half a year before
    the wave is not known, or no clear fall follows.

    sales: weeks_ago (counted back from ``as_of``), buys, quantity, is_member (of the group). fell_on and eased_on: the
    first days of the fall, and of the time in which part of it came back (null where none did); fell: the share that
    never came in between, still: since then; orders, units: what never came in all, with bounds that hold in 95 of 100
    cases. A product that a customer orders on a day is one order.
    """
    own, others, units = _weekly(sales)
    first = own.size - ((as_of - from_on).days // 7 + 1)
    if first < LEAST_BEFORE or own[:first].sum() <= 0:
        return None
    usual = _usual(own, others, first)
    last = min(own.size - ((as_of - until_on).days // 7 + 1) + LATEST_AFTER, own.size - SHORTEST)
    fell, eased, clear = _when(own, usual.expected, first, last)
    if clear < CLEAR * usual.scatter:
        return None
    return _told(usual, own, units, (fell, eased), as_of)


def _weekly(sales: pl.DataFrame) -> tuple[Numbers, Numbers, float]:
    """Orders of the group and of all else by week, the latest last, from the first full week on; units of an order."""
    known = sales.filter(pl.col("weeks_ago").is_between(0, WEEKS - 1))
    oldest = known["weeks_ago"].max()
    many = oldest if isinstance(oldest, int) else 0
    is_own, buys = pl.col("is_member"), pl.col("buys").cast(pl.Float64)
    counted = known.group_by("weeks_ago").agg(own=buys.filter(is_own).sum(), others=buys.filter(~is_own).sum())
    weeks = pl.DataFrame({"weeks_ago": range(many)}, schema={"weeks_ago": pl.Int64})
    joined = weeks.join(counted, on="weeks_ago", how="left", validate="1:1").fill_null(0.0)
    rows = joined.sort("weeks_ago", descending=True)
    members = known.filter("is_member")
    bought = float(members["buys"].sum())
    units = float(members["quantity"].sum()) / bought if bought > 0 else 0.0
    return rows["own"].to_numpy(), np.maximum(rows["others"].to_numpy(), LEAST_OTHERS), units


def _usual(own: Numbers, others: Numbers, first: int) -> _Usual:
    """Orders of the weeks before the wave in ratio to all else (Poisson numbers, which may scatter more), told on. A
    season takes orders in twelve weeks at least: those of one week alone fit a season without end."""
    weeks = np.arange(own.size)
    angle = 2 * np.pi * weeks / YEAR_WEEKS
    is_seasonal = first >= SEASON_FROM and np.count_nonzero(own[:first]) >= SEASON_ORDERED
    waves = [np.sin(angle), np.cos(angle)] if is_seasonal else []
    design = np.column_stack([np.ones(own.size), *waves])
    known, came = design[:first], own[:first]
    found = np.zeros(design.shape[1])
    found[0] = np.log(came.sum() / others[:first].sum())
    for _ in range(PASSES):
        told = others[:first] * np.exp(known @ found)
        curve = known.T @ (told[:, None] * known)
        found = found + np.linalg.solve(curve, known.T @ (came - told))
    told = others[:first] * np.exp(known @ found)
    scatter = max(float(((came - told) ** 2 / told).sum()) / max(first - design.shape[1], 1), 1.0)
    covariance = scatter * np.linalg.inv(known.T @ (told[:, None] * known))
    return _Usual(others * np.exp(design @ found), design, covariance, scatter)


def _when(own: Numbers, expected: Numbers, first: int, last: int) -> tuple[int, int, float]:
    """The week from which less came, the week from which part of it came back (or the end), and how clearly: the
    logarithm of how much likelier the orders are with it."""
    came, told = (np.concatenate([[0.0], each.cumsum()]) for each in (own, expected))
    best = (first, own.size, 0.0)
    for fell, eased in _spans(first, last, own.size):
        parts = [
            (came[end] - came[begin], told[end] - told[begin]) for begin, end in ((fell, eased), (eased, own.size))
        ]
        clear = sum(_clear(*part) for part in parts)
        is_two = eased < own.size
        if is_two and not _eases(*parts):
            continue
        clear -= CLEAR / 2 * is_two
        if clear > best[2]:
            best = (fell, eased, clear)
    return best


def _spans(first: int, last: int, end: int) -> Iterator[tuple[int, int]]:
    for fell in range(first, max(last, first) + 1):
        yield from ((fell, eased) for eased in (*range(fell + SHORTEST, end - SHORTEST + 1), end))


def _clear(came: float, told: float) -> float:
    """How much likelier the number is under its own rate, where it is below what is usual."""
    if came >= told:
        return 0.0
    return float((came * np.log(came / told) if came > 0 else 0.0) - (came - told))


def _eases(fallen: tuple[float, float], after: tuple[float, float]) -> bool:
    return fallen[0] / fallen[1] < after[0] / after[1]


def _told(usual: _Usual, own: Numbers, units: float, when: tuple[int, int], as_of: date) -> dict[str, object]:
    fell, eased = when
    whole, fallen, after = slice(fell, own.size), slice(fell, eased), slice(eased, own.size)
    lost = float(usual.expected[whole].sum() - own[whole].sum())
    off = Z95 * usual.unsure(whole) ** 0.5
    expected = float(usual.expected[fallen].sum())
    share, share_off = 1 - float(own[fallen].sum()) / expected, Z95 * usual.unsure(fallen) ** 0.5 / expected
    still = 1 - float(own[after].sum() / usual.expected[after].sum()) if eased < own.size else share
    days = [as_of - timedelta(days=7 * (own.size - week) - 1) for week in when]
    return {
        "fell_on": days[0], "eased_on": days[1] if eased < own.size else None,
        "fell": share, "fell_low": share - share_off, "fell_high": share + share_off, "still": still,
        "orders_lost": lost, "orders_low": lost - off, "orders_high": lost + off,
        "units_lost": lost * units, "units_low": (lost - off) * units, "units_high": (lost + off) * units,
    }  # fmt: skip
