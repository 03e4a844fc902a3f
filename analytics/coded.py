"""Rows whose keys are whole numbers, and what they sum up to by some of the keys: many rows at little cost.

Numbers are added in the order of the rows, so equal rows make equal sums, to the last bit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

Whole = NDArray[np.int32]
Places = NDArray[np.int64]
Floats = NDArray[np.float64]
Number = Floats | Places | None
DENSE, LEAST_SPACE, FEW = 4, 1 << 16, 10


@dataclass(frozen=True)
class Key:
    """A code for each row: at least ``first``, and less than ``first + size``."""

    codes: Whole
    first: int
    size: int

    @classmethod
    def of(cls, codes: Whole) -> "Key":
        """A key with just these codes."""
        first, last = (int(codes.min()), int(codes.max())) if len(codes) else (0, 0)
        return cls(codes, first, last - first + 1)

    @classmethod
    def constant(cls, code: int, height: int) -> "Key":
        """A key that is the same in all rows."""
        return cls(np.broadcast_to(np.int32(code), (height,)), code, 1)

    def taken(self, rows: Places) -> "Key":
        """Of these rows."""
        return replace(self, codes=self.codes[rows])


@dataclass(frozen=True)
class Coded:
    """So many rows with their keys, and with the numbers that are summed by them; null stands for one in each row."""

    height: int
    keys: Mapping[str, Key]
    numbers: Mapping[tuple[str, str], Number]

    def groups(self, keys: Sequence[str]) -> tuple[Places, int]:
        """Which combination of the keys each row has, counted in the order of their codes, and how many there are."""
        return _groups([self.keys[name] for name in keys], self.height)

    def by(self, keys: Sequence[str]) -> "Coded":
        """One row per combination of the keys that there is, in the order of their codes; the numbers are summed."""
        index, height = self.groups(keys)
        one_of_each = np.empty(height, dtype=np.int64)
        one_of_each[index] = np.arange(self.height)
        sums: dict[int, Number] = {}
        for number in self.numbers.values():
            if id(number) not in sums:
                sums[id(number)] = np.bincount(index, number, height)
        summed = {name: sums[id(number)] for name, number in self.numbers.items()}
        return Coded(height, {name: self.keys[name].taken(one_of_each) for name in keys}, summed)

    def with_key(self, name: str, key: Key) -> "Coded":
        """With one more key, or another one in its place."""
        return replace(self, keys={**self.keys, name: key})


def joined(parts: Sequence[Coded], keys: Sequence[str]) -> Coded:
    """What was summed by the keys in parts, as one. Where no part begins before the one before it ended, that is all
    rows one after the other."""
    first, *others = parts
    if not others:
        return first
    codes = {name: Key.of(np.concatenate([part.keys[name].codes for part in parts])) for name in keys}
    summed: dict[tuple[str, str], Number] = {}
    same: dict[tuple[int, ...], Number] = {}
    for name in first.numbers:
        numbers = [part.numbers[name] for part in parts]
        which = tuple(map(id, numbers))
        if which not in same:
            same[which] = np.concatenate([number for number in numbers if number is not None])
        summed[name] = same[which]
    whole = Coded(sum(part.height for part in parts), codes, summed)
    ends = [(int(lead.min()), int(lead.max())) for part in parts if len(lead := part.keys[keys[0]].codes)]
    is_apart = all(before[1] < after[0] for before, after in pairwise(ends))
    return whole if is_apart else whole.by(keys)


def _groups(keys: Sequence[Key], height: int) -> tuple[Places, int]:
    """The number of each row's group, in the order of the codes, and how many groups there are."""
    index, space = np.zeros(height, dtype=np.int64), 1
    for key in keys:
        if key.size == 1:
            continue
        if space * key.size > max(LEAST_SPACE, DENSE * height):
            index, space = _numbered(index, space)
        index *= key.size
        index += key.codes
        index -= key.first
        space *= key.size
    return _numbered(index, space)


def _numbered(index: Places, space: int) -> tuple[Places, int]:
    """Only the numbers that there are, one after the other; all were less than ``space``."""
    if space > max(LEAST_SPACE, DENSE * len(index)):
        found, numbers = np.unique(index, return_inverse=True)
        return numbers, len(found)
    is_there = np.zeros(space, dtype=np.bool_)
    is_there[index] = True
    found = np.flatnonzero(is_there)
    numbers = np.empty(space, dtype=np.int32)
    numbers[found] = np.arange(len(found))
    return numbers[index].astype(np.int64), len(found)


class Texts:
    """The texts that a column has over all its parts, each with a code; null is 0.

    ``likely``: texts that are to be expected, so that those of later parts have their places. Codes are in the order of
    the texts as long as no later part brings a new one: see ``put_in_order``.
    """

    def __init__(self, likely: pl.Series | None = None) -> None:
        self._likely = likely
        self._is_begun = False
        self._all: pl.Series | None = None

    def _begin(self, texts: pl.Series) -> None:
        self._is_begun, self._all = True, None
        self._texts = pl.Categories.random()
        self._kind = pl.Categorical(self._texts)
        self._first = texts.cast(self._kind)  # categories live no longer than a column that has them

    def key(self, column: pl.Series) -> Key:
        """The codes of the next part of the column."""
        is_first, self._all = not self._is_begun, None
        if is_first:
            found = column.unique()
            self._begin((found if self._likely is None else pl.concat([self._likely, found]).unique()).sort())
        if _is_constant(column):
            return Key.constant(int(_codes(column.head(1).cast(self._kind).to_physical())[0]), column.len())
        places = None if is_first else self._compared(column)
        return Key.of(_codes(column.cast(self._kind).to_physical() if places is None else places))

    def _compared(self, column: pl.Series) -> pl.Series | None:
        """The place of each text, found by comparing; null where there are many texts, or new ones."""
        texts = self._texts.to_series()
        if not 0 < len(texts) <= FEW:
            return None
        place: pl.Expr = pl.lit(None, dtype=pl.UInt8)
        for at, text in enumerate(texts):
            place = pl.when(pl.col(column.name) == text).then(pl.lit(at, dtype=pl.UInt8)).otherwise(place)
        found = column.to_frame().select(place).to_series()
        return found if found.null_count() == column.null_count() else None

    def texts(self) -> pl.Series:
        """The text of each code there is, null first."""
        if self._all is None:
            known = [self._texts.to_series()] if self._is_begun else []
            self._all = pl.concat([pl.Series([None], dtype=pl.String), *known], rechunk=True)
        return self._all

    def told(self, key: Key) -> pl.Series:
        """The text of each code."""
        if key.size == 1:
            return self.texts().new_from_index(key.first, len(key.codes))
        if key.first > 0:
            return self.texts()[1:][key.codes - 1]
        return self.texts()[key.codes]

    def put_in_order(self) -> Whole | None:
        """Gives codes in the order of the texts: the new code of each former one; null where nothing changes."""
        texts = self.texts()[1:]
        if texts.is_sorted():
            return None
        order = texts.arg_sort().to_numpy()
        self._begin(texts[order])
        new = np.zeros(len(order) + 1, dtype=np.int32)
        new[order + 1] = np.arange(1, len(order) + 1)
        return new


def _codes(places: pl.Series) -> Whole:
    codes = places.cast(pl.Int32) + 1
    return (codes.fill_null(0) if codes.null_count() else codes).to_numpy()


def _is_constant(column: pl.Series) -> bool:
    if column.null_count() or not column.len():
        return column.len() == column.null_count() > 0
    return column[0] == column[-1] and bool((column == column[0]).all())
