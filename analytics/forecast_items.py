"""Series within their groups: the share of each in what its group will ask for. Arrays in, arrays out.

How much the past of a series counts is chosen by hindcasts, apart for those that are asked for often and seldom. What
was lately asked for least comes back more than it goes on falling: how much more, hindcasts tell too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.forecast_reconciled import reconciled
from analytics.forecast_rhythm import RHYTHMS
from analytics.forecast_series import Series
from analytics.forecast_simple import rates
from analytics.forecast_upper import Upper
from analytics.projection import Days, Numbers

OFTEN = (0.1, 0.25, 0.5, 0.8)
BEST = 2
LEAST_STEPS_BEFORE = 2
CLASSES, FEWEST_IN_CLASS = 12, 60
LARGEST_LIFT = 4.0
TRUSTS = (-0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0)
LEAST = 1e-300


@dataclass(frozen=True)
class Past:
    """A hindcast: how many steps of history it knew, what then came, and what would have been told of the groups."""

    origin: int
    came: Numbers
    totals: Numbers


@dataclass(frozen=True)
class Items:
    """How series are forecast. often: for each series, which class of how often it is asked for it is in. half_lives:
    for each class, after how many steps a demand counts half; the mean of what these say is taken. lifts: what rates
    are multiplied with, by their size, to be right on average: logarithms of rates and of factors. trust: how much of
    that the mean takes over, below zero where typical errors are smaller when what is least asked for is told lower
    still; what is expected, which quantiles are told from, takes all of it.
    """

    series: Series
    upper: Upper
    often: Days
    half_lives: tuple[tuple[int, ...], ...]
    lifts: tuple[Numbers, Numbers]
    trust: float

    def ahead(self, steps: int) -> tuple[Numbers, Numbers]:
        """Mean demand by series and step after the last one of the history, and what is expected."""
        totals, rates = self.upper.ahead(steps), self.rates(self.series.steps)
        return self.shared(rates, self.trust, totals), self.shared(rates, 1.0, totals)

    def hindcast(self, origin: int, steps: int) -> Numbers:
        """What would have been expected when the series' history had so many steps."""
        return self.shared(self.rates(origin), 1.0, self.totals(origin, steps))

    def totals(self, origin: int, steps: int) -> Numbers:
        """What would have been told of the groups then."""
        return self.upper.hindcast(origin + self.upper.groups.steps - self.series.steps, steps)

    def shared(self, rates: Numbers, trust: float, totals: Numbers) -> Numbers:
        """The totals of groups shared by rates that are lifted so far."""
        lifted = rates * np.exp(trust * np.interp(np.log(np.maximum(rates, LEAST)), *self.lifts))
        return reconciled(lifted, self.upper.groups, totals)

    def rates(self, origin: int) -> Numbers:
        """Each series at the half-lives of its class."""
        demand, begins = self.series.demand[:, :origin], self.series.begins
        found = np.zeros(self.series.names.len())
        for half_life in sorted({each for some in self.half_lives for each in some}):
            shares = np.array([some.count(half_life) / len(some) for some in self.half_lives])
            found += shares[self.often] * rates(demand, begins, half_life)
        return found


def items(series: Series, upper: Upper, origins: Days, ahead: int) -> Items:
    """The half-lives, and how much lift, that would have told the past best."""
    every = RHYTHMS[series.grid.step].half_lives
    often = _often(series)
    middle = (every[len(every) // 2],)
    plain = Items(series, upper, often, (middle,) * (len(OFTEN) + 1), (np.zeros(1), np.zeros(1)), 0.0)
    past = [_past(plain, int(origin), ahead) for origin in origins]
    errors = np.sum([np.zeros((len(every), len(OFTEN) + 1)), *(_by_half_life(plain, each, every) for each in past)], 0)
    chosen = tuple(_best(column, every) if column.any() else middle for column in errors.T)
    fitting = replace(plain, half_lives=chosen)
    lifted = replace(fitting, lifts=_lifts(fitting, past))
    wrong = [sum(_wrong(lifted, each, trust) for each in past) for trust in TRUSTS]
    return replace(lifted, trust=TRUSTS[int(np.argmin(wrong))])


def origins(steps: int, ahead: int) -> Days:
    """How many steps of the series' history each hindcast knows: whole horizons where the history is long enough, else
    parts of one too, so that there are three at least."""
    whole = steps - ahead - max(ahead // 2, 1) * np.arange(5)
    found = set(whole[whole >= max(steps // 2, LEAST_STEPS_BEFORE)].tolist())
    if len(found) < 3:
        parts = steps - np.maximum(ahead * np.array([1, 2, 3, 4]) // 4, 1)
        found |= set(parts[parts >= max(steps // 2, LEAST_STEPS_BEFORE)].tolist())
    return np.array(sorted(found), dtype=np.int64)


def _often(series: Series) -> Days:
    """In what part of its steps a series was asked for, as a class."""
    lived = np.maximum(series.steps - series.begins, 1)
    return np.searchsorted(OFTEN, (series.demand > 0).sum(axis=1) / lived, side="right").astype(np.int64)


def _best(errors: Numbers, half_lives: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(half_lives[number] for number in sorted(np.argsort(errors, kind="stable")[:BEST]))


def _past(plain: Items, origin: int, ahead: int) -> Past:
    came = plain.series.demand[:, origin : origin + ahead]
    return Past(origin, came, plain.totals(origin, came.shape[1]))


def _errors(series: Series, told: Numbers, came: Numbers) -> Numbers:
    """Each series' root mean squared error in ratio to its usual change from step to step; 0 where it never changes."""
    usual = np.mean(np.diff(series.demand, axis=1) ** 2, axis=1)
    squared = np.mean((told - came) ** 2, axis=1)
    return np.sqrt(np.divide(squared, usual, out=np.zeros_like(usual), where=usual > 0))


def _by_half_life(plain: Items, past: Past, half_lives: tuple[int, ...]) -> Numbers:
    """The sum of errors by half-life and class."""
    found = []
    for half_life in half_lives:
        of_series = rates(plain.series.demand[:, : past.origin], plain.series.begins, half_life)
        errors = _errors(plain.series, reconciled(of_series, plain.upper.groups, past.totals), past.came)
        found.append(np.bincount(plain.often, errors, len(OFTEN) + 1))
    return np.array(found)


def _wrong(lifted: Items, past: Past, trust: float) -> float:
    """The sum of errors with so much of the lift."""
    told = lifted.shared(lifted.rates(past.origin), trust, past.totals)
    return float(_errors(lifted.series, told, past.came).sum())


def _lifts(fitting: Items, past: Sequence[Past]) -> tuple[Numbers, Numbers]:
    """What came in ratio to what was told, by how much was expected; nothing to lift where there are too few cases."""
    cases = [_told_and_came(fitting, each) for each in past]
    rates, told, came = np.concatenate([np.empty((3, 0)), *cases], axis=1)
    classes = min(CLASSES, rates.size // FEWEST_IN_CLASS)
    if classes < 2:
        return fitting.lifts
    parts = np.array_split(np.argsort(rates, kind="stable"), classes)
    ratios = np.array([came[part].sum() / told[part].sum() for part in parts])
    middles = np.array([np.log(np.median(rates[part])) for part in parts])
    return middles, np.log(np.clip(ratios, 1 / LARGEST_LIFT, LARGEST_LIFT))


def _told_and_came(fitting: Items, past: Past) -> Numbers:
    """Rate, what was told and what came over all steps, of the series that were expected to be asked for."""
    rates = fitting.rates(past.origin)
    told = fitting.shared(rates, 0.0, past.totals).sum(axis=1)
    return np.array([rates, told, past.came.sum(axis=1)])[:, told > 0]
