"""What each day is like: how weekdays, the time of the year and events raise or lower what groups are asked for.

A log-linear model of each group's whole history beside a slow trend; what it finds is held back towards nothing
(ridge), the more the rarer it is. Upon it stands the present level, in which what is lately asked for counts most.
Arrays in, arrays out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analytics.forecast_groups import Groups
from analytics.forecast_known import Feature
from analytics.forecast_rhythm import RHYTHMS, Rhythm, calendar, running_sums
from analytics.forecast_series import Step
from analytics.projection import Days, Numbers

YEARS = 2
HALF_LIVES = (5, 14, 42)
QUIET, AROUND = 0.1, 14
BY_CHANCE = 0.01
WAVES, WEEKDAY_WAVES = 3, 4
TREND_STEPS = 91
YEAR_DAYS = 365.25
MOST_KINDS, MOST_ALIKE = 60, 12
UNKNOWN = -1e31
FARTHEST = 3.0
BLOCKS = 5
OF_WEEKDAYS, OF_MONTH_DAYS, OF_WAVES, OF_WEEKDAY_WAVES = 0.01, 5.0, 0.3, 8.0
OF_NUMBERS, OF_NUMBERS_BY_WEEKDAY, OF_KINDS, OF_TREND = 0.3, 3.0, 1.0, 20.0
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Alike:
    """Groups of which the same is known, and which began in the same quarter.

    columns: by step what tells it from others, as far ahead as is known. held: by column how much its effect is held
    back. marks: the columns that are weekdays and kinds of days.
    """

    members: Days
    begin: int
    columns: Numbers
    held: Numbers
    marks: Numbers


@dataclass(frozen=True)
class DayModel:
    """The past of groups as a model of their days sees it; what was fitted at an origin is kept."""

    groups: Groups
    rhythm: Rhythm
    alike: tuple[Alike, ...]
    known: dict[int, Numbers] = field(default_factory=dict, compare=False, repr=False)

    def effects(self, origin: int) -> Numbers:
        """By group and step, as far ahead as is known, what demand is multiplied with, told at the origin; asked
        several times, fitted once."""
        if origin not in self.known:
            self.known[origin] = _effects(self, origin, (0, 0))
        return self.known[origin]

    def crossed(self, before: int) -> Numbers:
        """The effects on the steps before, each fifth of them told from the others: no lesson knows its own answer."""
        found = self.effects(before).copy()
        edges = np.linspace(0, before, BLOCKS + 1).astype(np.int64).tolist()
        for begin, end in pairwise(edges):
            found[:, begin:end] = _effects(self, before, (begin, end))[:, begin:end]
        return found

    def ahead(self, origin: int, steps: int) -> Numbers | None:
        """Demand by group in the steps from the origin on, told at its beginning; none before two years are known."""
        if origin < YEARS * self.rhythm.year:
            return None
        effects = self.effects(origin)
        level = levels(self.groups.demand[:, :origin], effects, HALF_LIVES[0])
        return level[:, None] * effects[:, origin : origin + steps]


def day_model(groups: Groups, known: Sequence[Feature], ahead: int) -> DayModel | None:
    """The model of days up to so many after the last; none where steps are longer, or less than two years are known."""
    rhythm = RHYTHMS[groups.grid.step]
    if not groups.many or groups.grid.step is not Step.DAY or groups.steps < YEARS * rhythm.year:
        return None
    days = calendar(groups.grid, 1 - groups.steps, ahead + 1)
    quarters = -(-groups.begins // TREND_STEPS) * TREND_STEPS
    numbers = [_numbered(feature.values) for feature in known]
    shared = [number for number, each in enumerate(numbers) if each.max() < MOST_ALIKE]
    together = _numbered(np.array([quarters, *(numbers[each] for each in shared)]).T)
    members = [np.flatnonzero(together == number) for number in range(int(together.max()) + 1)]
    few = [known[each] for each in shared]
    return DayModel(groups, rhythm, tuple(_alike(each, int(quarters[each[0]]), days, few) for each in members))


def _numbered(rows: Numbers | Days) -> Days:
    """Equal rows have the same number."""
    written = [row.tobytes() for row in np.nan_to_num(rows, nan=UNKNOWN)]
    numbers = {row: number for number, row in enumerate(dict.fromkeys(written))}
    return np.array([numbers[row] for row in written], dtype=np.int64)


def _alike(members: Days, begin: int, days: Days, known: Sequence[Feature]) -> Alike:
    weekdays = _each(days[:, 0])
    waves = _waves(days[:, 2], WEEKDAY_WAVES)
    parts = [(weekdays, OF_WEEKDAYS), (_each(days[:, 1]), OF_MONTH_DAYS)]
    parts += [(waves[:, 2 * wave : 2 * wave + 2], OF_WAVES * (wave + 1)) for wave in range(WAVES)]
    parts += [(weekdays * wave[:, None], OF_WEEKDAY_WAVES) for wave in waves.T]
    of_first = [(feature.values[members[0]], feature.is_kind) for feature in known]
    kinds = [_each(values) for values, is_kind in of_first if is_kind and _values(values).size <= MOST_KINDS]
    for values in (values for values, is_kind in of_first if not is_kind):
        parts += _of_number(values, weekdays)
    parts += [(kind, OF_KINDS) for kind in kinds]
    held = np.concatenate([np.full(columns.shape[1], back) for columns, back in parts])
    return Alike(members, begin, np.hstack([columns for columns, _ in parts]), held, np.hstack([weekdays, *kinds]))


def _values(values: Numbers) -> Numbers:
    return np.unique(values[np.isfinite(values)])


def _each(values: Numbers | Days) -> Numbers:
    """A column for each value, 1 where it is; what is not known has none."""
    return np.asarray(values[:, None] == _values(np.asarray(values, dtype=np.float64)), dtype=np.float64)


def _waves(day_of_year: Days, many: int) -> Numbers:
    turns = 2 * np.pi * day_of_year[:, None] / YEAR_DAYS * np.arange(1, many + 1)
    return np.stack([np.sin(turns), np.cos(turns)], axis=2).reshape(day_of_year.size, 2 * many)


def _of_number(values: Numbers, weekdays: Numbers) -> list[tuple[Numbers, float]]:
    """A number as it deviates from its mean; what is on or off, by weekday too. What is not known is as usual."""
    several = _values(values)
    if several.size < 2:
        return []
    if several.tolist() == [0.0, 1.0]:
        switch = np.nan_to_num(values)[:, None]
        return [(switch, OF_NUMBERS), (switch * weekdays, OF_NUMBERS_BY_WEEKDAY)]
    moved = (values - np.nanmean(values)) / np.nanstd(values)
    return [(np.clip(np.nan_to_num(moved), -FARTHEST, FARTHEST)[:, None], OF_NUMBERS)]


def levels(past: Numbers, effects: Numbers, half_life: float) -> Numbers:
    """What each group is asked for on a day of effect 1, where a day so long ago counts half."""
    steps = past.shape[1]
    weights = 0.5 ** (np.arange(steps - 1, -1, -1) / half_life)
    expected = (effects[:, :steps] * weights).sum(axis=1)
    return np.divide((past * weights).sum(axis=1), expected, out=np.zeros(past.shape[0]), where=expected > 0)


def _effects(model: DayModel, origin: int, without: tuple[int, int]) -> Numbers:
    """Without what was asked for in the steps from the first to before the second that are named."""
    past = model.groups.demand[:, :origin]
    usual = _usual(past)
    quiet = past <= QUIET * usual
    logs = _logs(np.where(quiet, usual, past))
    found = np.ones((model.groups.many, model.alike[0].columns.shape[0]))
    weights = 0.5 ** (np.arange(origin - 1, -1, -1) / (YEARS * model.rhythm.year))
    weights[slice(*without)] = 0.0
    for alike in model.alike:
        counts = np.where(np.arange(origin) < alike.begin, 0.0, weights)
        found[alike.members] = _fitted(alike, logs[alike.members], counts)
        found[alike.members] *= ~_closed(alike, quiet[alike.members], counts > 0)
    return found


def _usual(past: Numbers) -> Numbers:
    """The mean of the four weeks around each step, as far as they are past."""
    steps = np.arange(past.shape[1])
    begins, ends = np.maximum(steps - AROUND, 0), np.minimum(steps + AROUND, past.shape[1])
    running = running_sums(past)
    return (running[:, ends] - running[:, begins]) / (ends - begins)


def _logs(filled: Numbers) -> Numbers:
    """Logarithms in ratio to the mean; steps around which nothing was asked for are as usual."""
    mean = filled.mean(axis=1, keepdims=True)
    return np.log(np.divide(filled, mean, out=np.ones_like(filled), where=(filled > 0) & (mean > 0)))


def _fitted(alike: Alike, logs: Numbers, counts: Numbers) -> Numbers:
    """What the columns do to each of the groups, for every step: 1 on average so far; the trend beside them is not told
    on."""
    steps = logs.shape[1]
    bends = np.arange(0, steps, TREND_STEPS)
    trend = np.maximum(np.arange(steps)[:, None] - bends, 0) / TREND_STEPS
    seen = np.hstack([alike.columns[:steps], trend])
    held = np.concatenate([alike.held, [OF_WEEKDAYS], np.full(bends.size - 1, OF_TREND)])
    weighed = seen.T * counts
    found = np.linalg.solve(weighed @ seen + np.diag(held), weighed @ logs.T)
    effects = np.exp(alike.columns @ found[: alike.held.size]).T
    return np.asarray(effects / effects[:, :steps].mean(axis=1, keepdims=True))


def _closed(alike: Alike, quiet: Numbers | Flags, counts: Flags) -> Flags:
    """Steps of a mark on which hardly anything was ever asked for, so often that it is no chance."""
    marks = alike.marks[: quiet.shape[1]] * counts[:, None]
    times, were_quiet = marks.sum(axis=0), quiet @ marks
    usual = (quiet * counts).sum(axis=1, keepdims=True) / max(counts.sum(), 1)
    is_closed = (times > 0) & (were_quiet == times) & (usual**times < BY_CHANCE)
    return (is_closed.astype(np.float64) @ alike.marks.T) > 0
