"""What is known of an order when it is placed, as numbers: attributes of any kind, coordinates, calendar and load.

Texts become the days that orders like it took, seen among orders delivered before; so any number of different texts
serves, and one never seen says what an average order says. Whatever cannot be a number or a text says nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
NUMBERS_SHARE = 0.6
LEAST_SEEN = 0.2
LIKES_WEIGHT = 15.0
FOLDS = 5
EARTH_KM = 6371.0
LATITUDE, LONGITUDES = "lat", ("lng", "lon", "long")
LOAD_DAYS, LATELY_DAYS = 7, 21
OURS = ("order_id", "placed_at", "planned_at", "delivered_at", "base_at")


@dataclass(frozen=True)
class Traits:
    """Orders in numbers. numbers: by order and trait, NaN where missing. texts: by order and text, a code from 0 on,
    whose meaning is how long orders with it took."""

    numbers: Numbers
    texts: NDArray[np.int64]


def traits(orders: pl.DataFrame, names: Sequence[str]) -> Traits:
    """The traits of orders: placed_at, planned_at, base_at (one of them), delivered_at; ``names``: their attributes."""
    numbers = {name: column for name in names if (column := _number(orders[name], orders["base_at"])) is not None}
    texts = [orders[name] for name in names if name not in numbers and _is_text(orders[name])]
    columns = [*_calendar(orders), *_plan(orders), *_lately(orders), *numbers.values(), *_distances(numbers)]
    codes = [_codes(text, orders) for text in map(_word, texts)]
    empty = np.zeros((orders.height, 0), dtype=np.int64)
    return Traits(np.column_stack(columns), np.column_stack(codes) if codes else empty)


def _codes(text: pl.Series, orders: pl.DataFrame) -> NDArray[np.int64]:
    """A code for each different text; for each order one of its own where texts hardly ever come again, as numbers of
    documents: all orders of one delivery have it, so it would tell how long they took, and nothing of any later one."""
    found = orders.select("base_at", "delivered_at", text=text).drop_nulls()
    first = pl.col("delivered_at").min().over("text") < pl.min_horizontal("base_at", "delivered_at")
    comes_again = found.is_empty() or float(found.select(first.mean()).item()) >= LEAST_SEEN
    ranks = text.fill_null("").rank("dense" if comes_again else "ordinal")
    return np.asarray(ranks.to_numpy(), dtype=np.int64) - 1


def told(known: Traits, days: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    """All traits as numbers, for learning and for answering. ``days``: how long each order took; ``weights``: 0 for
    those that nothing is learned from. Where an order is learned from, its texts tell of the other four fifths of
    orders: how long it took itself, they must not know."""
    middle = _middle(days, weights)
    spread = max(_middle(np.abs(days - middle), weights), 0.5)
    held = np.where(weights > 0, np.clip(days, middle - 8 * spread, middle + 8 * spread), 0.0)
    mean = float((weights @ held) / max(weights.sum(), 1e-9))
    fold = np.arange(len(days)) % FOLDS
    learn, answer = [known.numbers], [known.numbers]
    for codes in known.texts.T:
        kinds = int(codes.max(initial=0)) + 1
        sums, counts = (
            np.bincount(codes * FOLDS + fold, each, kinds * FOLDS).reshape(kinds, FOLDS)
            for each in (weights * held, weights)
        )
        whole = (sums.sum(axis=1) + LIKES_WEIGHT * mean) / (counts.sum(axis=1) + LIKES_WEIGHT)
        others = sums.sum(axis=1, keepdims=True) - sums + LIKES_WEIGHT * mean
        others /= counts.sum(axis=1, keepdims=True) - counts + LIKES_WEIGHT
        learn.append(others[codes, fold][:, None])
        answer.append(whole[codes][:, None])
    return np.concatenate(learn, axis=1), np.concatenate(answer, axis=1)


def _middle(values: Numbers, weights: Numbers) -> float:
    order = np.argsort(values)
    so_far = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(so_far, so_far[-1] / 2)]) if len(values) and so_far[-1] > 0 else 0.0


def _number(column: pl.Series, base: pl.Series) -> Numbers | None:
    """The column as numbers where it holds mainly those; instants as days from the beginning of the order."""
    if isinstance(column.dtype, pl.Date | pl.Datetime):
        zoneless = column.dt.replace_time_zone(None) if isinstance(column.dtype, pl.Datetime) else column
        return _floats((zoneless.cast(pl.Datetime("us")) - base).dt.total_seconds() / 86_400)
    if column.dtype.is_numeric() or column.dtype == pl.Boolean:
        return _floats(column)
    if isinstance(column.dtype, pl.Duration):
        return _floats(column.dt.total_seconds())
    if not _is_text(column):
        return None
    parsed = column.cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
    given = column.len() - column.null_count()
    return _floats(parsed) if given and parsed.count() >= NUMBERS_SHARE * given else None


def _floats(column: pl.Series) -> Numbers:
    values = column.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
    return np.where(np.isfinite(values), values, np.nan)


def _is_text(column: pl.Series) -> bool:
    return isinstance(column.dtype, pl.String | pl.Categorical | pl.Enum)


def _word(column: pl.Series) -> pl.Series:
    return column.cast(pl.String).str.strip_chars().str.to_lowercase()


def _calendar(orders: pl.DataFrame) -> Iterator[Numbers]:
    """Weekday, hour and day of the month on which the order begins."""
    base = orders["base_at"].dt
    yield from (_floats(each) for each in (base.weekday(), base.hour(), base.day()))


def _plan(orders: pl.DataFrame) -> Iterator[Numbers]:
    """Days from the beginning of the order to the day that somebody scheduled."""
    yield _floats((orders["planned_at"] - orders["base_at"]).dt.total_seconds() / 86_400)


def _lately(orders: pl.DataFrame) -> Iterator[Numbers]:
    """How many orders began in the week before, beside the usual week; and how long those took that were delivered in
    the three weeks before."""
    begun = _days(orders["base_at"])
    known = np.sort(begun[np.isfinite(begun)])
    week = np.searchsorted(known, begun) - np.searchsorted(known, begun - LOAD_DAYS)
    usual = np.searchsorted(known, begun) - np.searchsorted(known, begun - 8 * LOAD_DAYS)
    yield week / np.maximum(usual / 8, 1.0)
    ended = _days(orders["delivered_at"])
    rows = np.flatnonzero(np.isfinite(ended))
    rows = rows[np.argsort(ended[rows])]
    took = np.concatenate([[0.0], np.cumsum(np.sqrt(np.maximum(ended[rows] - begun[rows], 0.0)))])
    upto, since = (np.searchsorted(ended[rows], begun - back) for back in (0, LATELY_DAYS))
    yield np.where(upto > since, (took[upto] - took[since]) / np.maximum(upto - since, 1), np.nan)


def _days(instants: pl.Series) -> Numbers:
    return _floats(instants.dt.epoch("s")) / 86_400


def _distances(numbers: dict[str, Numbers]) -> Iterator[Numbers]:
    """Kilometres between any two places that have a latitude and a longitude."""
    for (first, east), (second, other_east) in combinations(list(_places(numbers)), 2):
        half = np.sin(np.radians(second - first) / 2) ** 2
        along = np.cos(np.radians(first)) * np.cos(np.radians(second)) * np.sin(np.radians(other_east - east) / 2) ** 2
        yield 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half + along, 0.0, 1.0)))


def _places(numbers: dict[str, Numbers]) -> Iterator[tuple[Numbers, Numbers]]:
    for name, north in numbers.items():
        lowered = name.lower()
        for long in (*LONGITUDES, "longitude"):
            part = "latitude" if long == "longitude" else LATITUDE
            east = next((each for other, each in numbers.items() if other.lower() == lowered.replace(part, long)), None)
            if part in lowered and east is not None:
                yield north, east
                break
