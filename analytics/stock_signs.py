"""Signs that stock is about to run out: what the positions up to a day tell of the days after it.

Most signs are ratios and shares, so that large and small series speak one language. Only what was known on the day is
looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analytics.stock_panels import Codes, Numbers, Panel

WINDOWS = (3, 7, 14, 28, 56)
MOST = 1000.0
CALM = 0.02
PRIOR_DAYS, PRIOR_GROUP_DAYS = 30.0, 200.0
RECENT_DAYS, NEVER = 14, 400
SUMS = ("falls", "rises", "rise_days", "low_before_rise", "exposed", "ran_out", "out", "demand")


@dataclass(frozen=True)
class Past:
    """Sums over the days of a panel, made once; column d holds what happened on the first d days."""

    panel: Panel
    falls: Numbers
    rises: Numbers
    rise_days: Numbers
    low_before_rise: Numbers
    exposed: Numbers
    ran_out: Numbers
    out: Numbers
    demand: Numbers
    last_rise: Codes
    last_out: Codes


def past(panel: Panel) -> Past:
    """The sums of a panel."""
    stock = panel.on_hand
    change = np.diff(stock, axis=1, prepend=np.nan)
    before = np.concatenate([np.full((len(stock), 1), np.nan), stock[:, :-1]], axis=1)
    rose = change > 0
    return Past(
        panel,
        _summed(np.fmax(-change, 0.0)),
        _summed(np.fmax(change, 0.0)),
        _summed(rose),
        _summed(np.where(rose, before, 0.0)),
        _summed(before > 0),
        _summed((before > 0) & (stock <= 0)),
        _summed(stock <= 0),
        _summed(panel.demand),
        _latest(rose),
        _latest(stock <= 0),
    )


def _summed(values: NDArray[np.generic]) -> Numbers:
    numbers = np.nan_to_num(values.astype(np.float64))
    return np.concatenate([np.zeros((len(numbers), 1)), np.cumsum(numbers, axis=1)], axis=1)


def _latest(happened: NDArray[np.bool_]) -> Codes:
    days = np.where(happened, np.arange(happened.shape[1]), -1)
    return np.asarray(np.maximum.accumulate(days, axis=1), dtype=np.int64)


def drawdowns(stock: Numbers, within: int) -> Numbers:
    """By series and day, how far the position sank below that of the day at most within so many days; NaN where that
    is not known yet."""
    lowest = np.full(stock.shape, np.nan)
    if stock.shape[1] > within:
        windows = np.lib.stride_tricks.sliding_window_view(stock[:, 1:], within, axis=1)
        lowest[:, : windows.shape[1]] = windows.min(axis=2)
    return stock - lowest


def signs(known: Past, day: int, sunk: Numbers, within: int, now: Numbers | None = None) -> Numbers:
    """By series, the signs on a day; ``now``: what they would be with other positions on that day.

    ``sunk``: of :func:`drawdowns` within so many days.
    """
    seen = known if now is None else _with(known, day, now)
    stock = seen.panel.on_hand[:, day]
    complete = sunk[:, : max(0, day - within)]
    parts = (*_of_level(seen, day, stock), *_of_flow(seen, day, stock), *_of_course(seen, day, stock, complete))
    return np.column_stack([*parts, *_of_likes(known, day)])


def _with(known: Past, day: int, now: Numbers) -> Past:
    """The same past with other positions on the day; who else is out of stock stays as it was."""
    days = slice(max(0, day - 1), day + 1)
    stock = known.panel.on_hand.copy()
    stock[:, day] = now
    fresh = past(replace(known.panel, on_hand=stock[:, days], demand=known.panel.demand[:, days]))
    sums = {name: _continued(getattr(known, name), getattr(fresh, name), day) for name in SUMS}
    rose, out = fresh.last_rise[:, -1] == fresh.last_rise.shape[1] - 1, now <= 0
    return Past(
        replace(known.panel, on_hand=stock),
        **sums,
        last_rise=_since(known.last_rise, rose, day),
        last_out=_since(known.last_out, out, day),
    )


def _continued(sums: Numbers, fresh: Numbers, day: int) -> Numbers:
    changed = sums.copy()
    changed[:, day + 1] = sums[:, day] + fresh[:, -1] - fresh[:, -2]
    return changed


def _since(latest: Codes, happened: NDArray[np.bool_], day: int) -> Codes:
    changed = latest.copy()
    changed[:, day] = np.where(happened, day, latest[:, day - 1] if day else -1)
    return changed


def _over(table: Numbers, day: int, days: int) -> Numbers:
    return np.asarray(table[:, day + 1] - table[:, max(0, day + 1 - days)])


def _ratio(top: Numbers, bottom: Numbers) -> Numbers:
    return np.clip(top / np.maximum(bottom, CALM), -MOST, MOST)


def _of_level(known: Past, day: int, stock: Numbers) -> Iterator[Numbers]:
    """The position beside what it usually is, and was before it rose."""
    history = known.panel.on_hand[:, max(0, day - 55) : day + 1]
    ordered = np.sort(np.where(np.isnan(history), stock[:, None], history)[:, -28:], axis=1)
    middle, low = ordered[:, ordered.shape[1] // 2], ordered[:, 0]
    yield stock
    yield _ratio(stock, middle)
    yield _ratio(stock, ordered[:, -1])
    yield _ratio(stock - low, np.maximum(middle, 1.0))
    yield (history < stock[:, None]).mean(axis=1)
    yield _ratio(stock, known.low_before_rise[:, day + 1] / np.maximum(known.rise_days[:, day + 1], 1.0))


def _of_flow(known: Past, day: int, stock: Numbers) -> Iterator[Numbers]:
    """Days of cover by what left the shelf and by what was asked for; falls and rises beside the position."""
    for days in WINDOWS:
        yield _ratio(stock, _over(known.falls, day, days) / min(days, day + 1))
    yield _ratio(stock, _over(known.demand, day, 28) / min(28, day + 1))
    yield _over(known.demand, day, 7)
    for days in (1, 3, 7, 28):
        yield _ratio(_over(known.falls, day, days), np.maximum(stock, 1.0))
        yield _ratio(_over(known.rises, day, days), np.maximum(stock, 1.0))


def _of_course(known: Past, day: int, stock: Numbers, sunk: Numbers) -> Iterator[Numbers]:
    """Where in the rhythm of rises the day lies, how often stock ran out, and how deep it sank before."""
    since = np.where(known.last_rise[:, day] >= 0, day - known.last_rise[:, day], NEVER).astype(np.float64)
    rises = known.rise_days[:, day + 1] / (day + 1)
    yield since
    yield since * rises
    yield rises
    yield np.where(known.last_out[:, day] >= 0, day - known.last_out[:, day], NEVER).astype(np.float64)
    for days in (28, NEVER):
        yield _over(known.out, day, days) / min(days, day + 1)
        yield (_over(known.ran_out, day, days) + 0.1) / (_over(known.exposed, day, days) + PRIOR_DAYS)
    seen = (~np.isnan(sunk)).sum(axis=1)
    yield ((sunk >= stock[:, None]).sum(axis=1) + 1.0) / (seen + PRIOR_DAYS)
    yield _ratio(stock, np.fmax.reduce(sunk, axis=1, initial=0.0))
    yield _ratio(stock, np.nan_to_num(sunk).sum(axis=1) / np.maximum(seen, 1))
    yield np.full(len(stock), float((known.panel.first_on.weekday() + day) % 7))


def _of_likes(known: Past, day: int) -> Iterator[Numbers]:
    """What belongs to the series, and how often those like it run out, lately and at all."""
    yield from known.panel.attributes.T
    for codes in known.panel.groups:
        for days in (RECENT_DAYS, NEVER):
            out = np.bincount(codes, _over(known.ran_out, day, days))
            in_stock = np.bincount(codes, _over(known.exposed, day, days))
            usual = out.sum() / max(in_stock.sum(), 1.0)
            yield ((out + usual * PRIOR_GROUP_DAYS) / (in_stock + PRIOR_GROUP_DAYS))[codes]
        is_out = np.bincount(codes, known.panel.on_hand[:, day] <= 0)
        yield (is_out / np.bincount(codes))[codes]
