"""The first day on which stock does not suffice: an exact recursion, day by day, on the chances of all that can happen.

What is asked for comes in single demands, so many a day on average (Poisson), each of a size that was seen before
(compound Poisson); how many a day is itself uncertain, and common to all days (levels). A receipt comes on one of many
days, each with its chance, independent of the others. Stock has run out when more was asked for than had come.

Arrays have one item a row. To be counted, quantities become steps: the largest unit that all of an item's quantities
are multiples of, where 255 of them suffice, else as small a one as does; then a size between two steps is shared
between them so that its mean is kept. Nothing is drawn at random.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.projection import Days, Numbers

DAMPING = 1e-11
ROUNDING = 1e-9
STATES = (16, 64, 256)
FINEST = 1e-6
CELLS = 250_000


@dataclass(frozen=True)
class Course:
    """What lies ahead of each item, in its own units; day 0 is today.

    stock: what is there, below zero where it was recorded so. certain: by item and day, what open orders take by then.
    rates: by item and day, how many demands beyond them are expected. levels: by item and level, what the rates are
    multiplied with; weights: the chance of each level. quantities: by item and receipt, what it brings, the absent ones
    (0) last. arrived: by item, receipt and day, the chance that it has come. sized, sizes, shares: one each for every
    size of single demands: the item, the size, the share of its demands.
    """

    stock: Numbers
    certain: Numbers
    rates: Numbers
    levels: Numbers
    weights: Numbers
    quantities: Numbers
    arrived: Numbers
    sized: Days
    sizes: Numbers
    shares: Numbers


@dataclass(frozen=True)
class Race:
    """Demand against supply, for items with the same number of receipts.

    sizes: by item and steps, the chance that one demand is so large; larger ones are missing. mean_size: in steps, the
    larger ones too. rates: by item and day, how many demands are expected; day 0 is today. levels: by item and level,
    what the rates are multiplied with, and weights, the chance of each level. room: by item, set of receipts that have
    come (bit o says whether receipt o has), and day: the steps that may have been asked for without stock running out;
    below zero it has. hazards: by item, receipt and day, the chance that it comes on that day if it has not before.
    Where the room reaches the last of the steps, stock never runs out.
    """

    sizes: Numbers
    mean_size: Numbers
    rates: Numbers
    levels: Numbers
    weights: Numbers
    room: Numbers
    hazards: Numbers


@dataclass(frozen=True)
class Outcome:
    """out: by item and day, the chance that stock has run out by the end of the day. lost: by item and day, how much is
    expected to be asked for by then and not served, where what is not served at once is lost. out_first: by item, the
    chance that it runs out before any receipt has come, by the last day."""

    out: Numbers
    lost: Numbers
    out_first: Numbers


def outcome(course: Course) -> Outcome:
    """The chances of each item and day, and what is lost in the item's own units."""
    out, lost = np.zeros(course.rates.shape), np.zeros(course.rates.shape)
    out_first = np.zeros(len(course.rates))
    steps, states = _steps(course)
    for rows, receipts, number in _batches(course, states):
        found = run(_race(course, rows, receipts, steps[rows], number))
        out[rows], lost[rows], out_first[rows] = found.out, found.lost * steps[rows, None], found.out_first
    return Outcome(out, lost, out_first)


def brought(quantities: Numbers) -> Numbers:
    """By item and set of receipts, what that set brings: bit o of the set says whether receipt o belongs to it."""
    sums = np.zeros((len(quantities), 1))
    for receipt in range(quantities.shape[1]):
        sums = np.concatenate([sums, sums + quantities[:, [receipt]]], axis=1)
    return sums


def _steps(course: Course) -> tuple[Numbers, Days]:
    """The size of each item's step, and how many of them it needs."""
    most = np.maximum(course.stock + course.quantities.sum(axis=1), 0.0)
    below = (course.certain[:, -1] - course.stock.clip(min=0.0)).clip(min=0.0)
    top, unit = np.minimum(most, _reach(course)), _common_unit(course)
    needed = np.ceil(below / unit - ROUNDING) + np.floor(top / unit + ROUNDING) + 2
    fits = needed <= STATES[-1]
    steps = np.where(fits, unit, (below + top) / (STATES[-1] - 4))
    return steps, np.where(fits, needed, STATES[-1]).astype(np.int64)


def _reach(course: Course) -> Numbers:
    """More than will ever be asked for beyond open orders, at the highest level."""
    demands = course.rates.sum(axis=1) * course.levels.max(axis=1)
    mean, square, largest = np.zeros((3, len(demands)))
    np.add.at(mean, course.sized, course.shares * course.sizes)
    np.add.at(square, course.sized, course.shares * course.sizes**2)
    np.maximum.at(largest, course.sized, course.sizes)
    return np.asarray(demands * mean + 10.0 * np.sqrt(demands * square) + 3.0 * largest)


def _common_unit(course: Course) -> Numbers:
    """The largest unit that all quantities of an item are multiples of, not finer than a millionth."""
    days = np.diff(course.certain, axis=1, prepend=0.0)
    tables = (course.stock[:, None], course.quantities, days)
    whole = [np.rint(np.abs(table) / FINEST).astype(np.int64) for table in tables]
    units = np.gcd.reduce(np.concatenate(whole, axis=1), axis=1)
    np.gcd.at(units, course.sized, np.rint(course.sizes / FINEST).astype(np.int64))
    return np.where(units > 0, units, 1 / FINEST) * FINEST


def _batches(course: Course, needed: Days) -> Iterator[tuple[Days, int, int]]:
    """Items of as many receipts and steps, in batches that stay in the processor's cache: rows, receipts, steps."""
    receipts = (course.quantities > 0).sum(axis=1)
    states = np.array(STATES)[np.searchsorted(STATES, needed)]
    for number in STATES:
        for count in range(course.quantities.shape[1] + 1):
            rows = np.flatnonzero((states == number) & (receipts == count))
            size = max(1, CELLS // (number * course.levels.shape[1] << count))
            for first in range(0, len(rows), size):
                yield rows[first : first + size], count, number


def _race(course: Course, rows: Days, receipts: int, steps: Numbers, states: int) -> Race:
    """The items of one batch, in steps."""
    there = np.maximum(course.stock[rows, None] + brought(course.quantities[rows, :receipts]), 0.0)
    room = (there[:, :, None] - course.certain[rows, None, :]) / steps[:, None, None]
    sizes, mean_size = _in_steps(course, rows, steps, states)
    arrived = course.arrived[rows, :receipts]
    before = np.pad(arrived, ((0, 0), (0, 0), (1, 0)))[..., :-1]
    hazards = np.divide(arrived - before, 1.0 - before, out=np.zeros_like(arrived), where=before < 1.0)
    return Race(sizes, mean_size, course.rates[rows], course.levels[rows], course.weights, room, hazards)


def _in_steps(course: Course, rows: Days, steps: Numbers, states: int) -> tuple[Numbers, Numbers]:
    """The chances of sizes in steps, and the mean size; what lies between two steps is shared between them."""
    place = np.full(len(course.rates), -1)
    place[rows] = np.arange(len(rows))
    mine = np.flatnonzero(place[course.sized] >= 0)
    item, share = place[course.sized[mine]], course.shares[mine]
    size = course.sizes[mine] / steps[item]
    lower = np.floor(size + ROUNDING).astype(np.int64)
    upper_share = (size - lower).clip(min=0.0)
    table, mean = np.zeros((len(rows), states)), np.zeros(len(rows))
    for at, part in ((lower, 1.0 - upper_share), (lower + 1, upper_share)):
        within = at < states
        np.add.at(table, (item[within], at[within]), (share * part)[within])
    np.add.at(mean, item, share * size)
    return table, mean


def run(race: Race) -> Outcome:
    """The chances of each item and day of one batch.

    As long as no receipt comes, the room only shrinks and what is asked for only grows: so whether stock has run out by
    a day can be read from that day alone, and what was asked for has to be cut at the room only when a receipt comes.
    """
    ahead = _Ahead(race)
    out, lost = np.zeros(race.rates.shape), np.zeros(race.rates.shape)
    for day in range(race.rates.shape[1]):
        for receipt in range(race.hazards.shape[1]):
            ahead.receive(receipt, day)
        ahead.ask(day)
        out[:, day], lost[:, day] = ahead.out(), ahead.lost(day)
    return Outcome(
        np.maximum.accumulate(out.clip(0.0, 1.0), axis=1),
        np.maximum.accumulate(lost.clip(min=0.0), axis=1),
        ahead.out_first().clip(0.0, 1.0),
    )


class _Ahead:
    """Where the items of a batch may stand at the end of a day, by level, set of receipts that have come, and steps
    that were asked for.

    Two counts are kept, transformed so that a day's demand is a product: of what was asked for while stock never ran
    out (``_never``), and while what was not served was lost (``_lossy``). Both hold what has run out in the set that
    they are in, until it is cut.
    """

    def __init__(self, race: Race) -> None:
        self._race, self._steps = race, _Transform(race.sizes.shape[1])
        self._kernels = _Kernels(race, self._steps)
        self._start = np.ceil((-race.room).max(axis=(1, 2)).clip(min=0.0) - ROUNDING)
        items, levels, sets = len(race.rates), race.levels.shape[1], race.room.shape[1]
        self._never = np.zeros((items, levels, sets, self._steps.states + 1), dtype=np.complex128)
        stands = np.eye(self._steps.states)[self._start.astype(np.int64)]
        self._never[:, :, 0] = self._steps.there(stands)[:, None, :]
        self._lossy = self._never.copy() if sets > 1 else self._never
        self._mass = np.zeros((items, levels, sets))
        self._mass[:, :, 0] = 1.0
        self._alive, self._mean = self._mass.copy(), self._mass * self._start[:, None, None]
        self._lost, self._out_first = np.zeros(items), np.zeros(items)
        self._limits = _Limits(self._steps, (items, sets))

    def receive(self, receipt: int, day: int) -> None:
        """What may come on the day moves from the sets without the receipt to those with it."""
        hazard = self._race.hazards[:, receipt, day, None, None, None]
        if not hazard.any():
            return
        room = _split(self._room(day - 1)[:, None], receipt)[:, :, :, 0]
        alive, mass, mean, never, lossy = (
            _split(each, receipt) for each in (self._alive, self._mass, self._mean, self._never, self._lossy)
        )
        kept = _cut(self._steps.back(never[:, :, :, 0]), alive[:, :, :, 0], mean[:, :, :, 0], room)
        served = kept
        if self._race.room.shape[1] > 2:
            served = _cut(self._steps.back(lossy[:, :, :, 0]), mass[:, :, :, 0], mean[:, :, :, 0], room)
        self._lost += np.einsum("m,imab->i", self._race.weights, hazard * served.excess)
        self._out_first += (hazard * kept.beyond)[:, :, 0, 0] @ self._race.weights
        left_mean = mean[:, :, :, 0] - served.excess
        _move(alive, hazard, kept.within.sum(axis=-1))
        _move(mass, hazard, mass[:, :, :, 0])
        _move(mean, hazard, left_mean)
        _move(never, hazard[..., None], self._steps.there(kept.within))
        _move(lossy, hazard[..., None], self._steps.there(served.with_beyond_at_limit()))

    def ask(self, day: int) -> None:
        """The day's demand is asked for."""
        kernel = self._kernels.of(day)[:, :, None, :]
        self._mean += self._mass * self._kernels.mean(day)[:, :, None]
        self._never *= kernel
        if self._lossy is not self._never:
            self._lossy *= kernel
        self._limits.set(self._room(day))

    def _room(self, day: int) -> Numbers:
        return np.asarray(self._race.room[:, :, day] + self._start[:, None])

    def out(self) -> Numbers:
        """The chance that stock has run out by the end of the day."""
        return np.asarray(1.0 - np.einsum("m,imj->i", self._race.weights, self._still_alive()))

    def _still_alive(self) -> Numbers:
        return np.where(self._limits.endless[:, None, :], self._alive, self._limits.within(self._never))

    def lost(self, day: int) -> Numbers:
        """The steps that were not served by the end of the day."""
        short = self._limits.short_of(self._lossy) + self._mean - self._room(day)[:, None, :] * self._mass
        excess = np.where(self._limits.endless[:, None, :], 0.0, short)
        return np.asarray(self._lost + np.einsum("m,imj->i", self._race.weights, excess))

    def out_first(self) -> Numbers:
        """The chance that stock had run out by the end of the day before any receipt came."""
        return np.asarray(self._out_first + (self._alive - self._still_alive())[:, :, 0] @ self._race.weights)


def _split(array: Any, receipt: int) -> Any:
    """A view of the array, by item and level, in which the fourth axis says whether the receipt has come."""
    items, levels, sets = array.shape[:3]
    return array.reshape(items, levels, sets >> (receipt + 1), 2, 1 << receipt, *array.shape[3:])


def _move(split: Any, hazard: Numbers, moving: Any) -> None:
    """So much of what is ``moving`` as the hazard says joins the sets with the receipt, and leaves those without."""
    split[:, :, :, 1] += hazard * moving
    split[:, :, :, 0] *= 1.0 - hazard


class _Transform:
    """There and back between the chances of each number of steps and their transform, in which adding is a product.

    Chances of more steps than there are fold back onto the first ones; they are damped so as to vanish there.
    """

    def __init__(self, states: int) -> None:
        self.states = states
        self._damping = DAMPING ** (np.arange(states) / (2 * states))
        both_sides = np.full(states + 1, 2.0)
        both_sides[[0, -1]] = 1.0
        self._shares = both_sides / (2 * states)

    def there(self, chances: Numbers) -> NDArray[np.complex128]:
        """The transform of the chances."""
        return np.fft.rfft(chances * self._damping, 2 * self.states)

    def back(self, spectrum: NDArray[np.complex128]) -> Numbers:
        """The chances of each step."""
        return np.asarray(np.fft.irfft(spectrum, 2 * self.states)[..., : self.states] / self._damping)

    def weights(self, values: Numbers) -> Numbers:
        """By what the real and imaginary parts of a transform are to be multiplied so that their sum is the mean of
        ``values``, one for each step."""
        spectrum = np.fft.rfft(values / self._damping, 2 * self.states) * self._shares
        return spectrum.view(np.float64)


class _Limits:
    """How far each item may go, by set of receipts; made anew only where the room has changed."""

    def __init__(self, steps: _Transform, shape: tuple[int, int]) -> None:
        self._steps = steps
        self._room = np.full(shape, np.nan)
        self.endless = np.zeros(shape, dtype=np.bool_)
        self._within = np.zeros((*shape, 2 * steps.states + 2))
        self._short = np.zeros_like(self._within)

    def set(self, room: Numbers) -> None:
        changed = np.nonzero(room != self._room)
        self._room = room
        limit, steps = _limit(room[changed], self._steps.states)[:, None], np.arange(self._steps.states)
        self.endless[changed] = limit[:, 0] == self._steps.states - 1
        self._within[changed] = self._steps.weights(np.where(steps <= limit, 1.0, 0.0))
        self._short[changed] = self._steps.weights(np.where(steps <= limit, room[changed][:, None] - steps, 0.0))

    def within(self, count: NDArray[np.complex128]) -> Numbers:
        """The chance to be within the room."""
        return np.asarray(np.einsum("imjk,ijk->imj", count.view(np.float64), self._within))

    def short_of(self, count: NDArray[np.complex128]) -> Numbers:
        """By how many steps the room is not reached, on average."""
        return np.asarray(np.einsum("imjk,ijk->imj", count.view(np.float64), self._short))


class _Kernels:
    """A day's demand, transformed, by item and level; made anew only where a day differs from the one before."""

    def __init__(self, race: Race, steps: _Transform) -> None:
        self._exponent = race.levels[:, :, None] * (steps.there(race.sizes) - 1.0)[:, None, :]
        self._mean = race.levels * race.mean_size[:, None]
        self._rates = race.rates
        self._now = np.ones_like(self._exponent)
        self._made_for = np.zeros(len(race.rates))

    def of(self, day: int) -> NDArray[np.complex128]:
        """The transformed chances of what is asked for on the day; the array is used again for the next day."""
        rates = self._rates[:, day]
        changed = np.flatnonzero(rates != self._made_for)
        self._now[changed] = np.exp(rates[changed, None, None] * self._exponent[changed])
        self._made_for = rates
        return self._now

    def mean(self, day: int) -> Numbers:
        """How many steps are expected to be asked for on the day, by item and level."""
        return self._rates[:, [day]] * self._mean


@dataclass(frozen=True)
class _Cut:
    """within: the chances up to the limit, step by step; beyond: the chance to be beyond it; excess: by how many steps,
    times that chance."""

    within: Numbers
    beyond: Numbers
    excess: Numbers
    limit: Days

    def with_beyond_at_limit(self) -> Numbers:
        """The chances when what is beyond the limit is not served."""
        refilled = self.within.copy()
        at = self.limit[..., None]
        np.put_along_axis(refilled, at, np.take_along_axis(refilled, at, axis=-1) + self.beyond[..., None], axis=-1)
        return refilled


def _cut(chances: Numbers, total: Numbers, mean: Numbers, room: Numbers) -> _Cut:
    """The chances cut at the room; where that reaches the last step nothing is beyond, and what is counts there.

    ``total`` and ``mean``: of all the chances, beyond the last step too.
    """
    states = chances.shape[-1]
    steps, limit = np.arange(states), np.broadcast_to(_limit(room, states), total.shape)
    within = np.where(steps <= limit[..., None], chances, 0.0)
    beyond = total - within.sum(axis=-1)
    excess = mean - within @ steps - room * beyond
    endless = limit == states - 1
    within[..., -1] += np.where(endless, beyond, 0.0)
    return _Cut(within, np.where(endless, 0.0, beyond), np.where(endless, 0.0, excess), limit)


def _limit(room: Numbers, states: int) -> Days:
    return np.asarray(np.minimum(np.floor(room + ROUNDING), states - 1).astype(np.int64))
