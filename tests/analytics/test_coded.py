"""Rows whose keys are whole numbers: what they sum up to, and texts that become such keys."""

import random
from collections import defaultdict

import numpy as np
import polars as pl
import pytest

from analytics.coded import FEW, Coded, Key, Texts, joined


def coded(*rows: tuple[int, int, float]) -> Coded:
    """Rows of two keys, a and b, and a number."""
    first, second, amounts = zip(*rows, strict=True)
    keys = {"a": Key.of(np.array(first, dtype=np.int32)), "b": Key.of(np.array(second, dtype=np.int32))}
    return Coded(len(rows), keys, {("", "amount"): np.array(amounts), ("", "rows"): None})


def told(cube: Coded, *keys: str) -> list[tuple[float, ...]]:
    """Row by row: the keys, amount, rows."""
    numbers = [number.tolist() for number in cube.numbers.values() if number is not None]
    return list(zip(*(cube.keys[key].codes.tolist() for key in keys), *numbers, strict=True))


def test_rows_of_equal_keys_are_one_in_the_order_of_the_keys() -> None:
    rows = coded((2, 7, 1.0), (1, 9, 2.0), (2, 7, 4.0), (1, 7, 8.0))
    assert told(rows.by(["a", "b"]), "a", "b") == [(1, 7, 8.0, 1), (1, 9, 2.0, 1), (2, 7, 5.0, 2)]
    assert told(rows.by(["b"]), "b") == [(7, 13.0, 3), (9, 2.0, 1)]
    assert told(rows.by([])) == [(15.0, 4)]


def test_no_rows_sum_up_to_no_rows() -> None:
    empty = Coded(0, {"a": Key.of(np.array([], dtype=np.int32))}, {("", "rows"): None})
    assert empty.by(["a"]).height == 0


@pytest.mark.parametrize("most", [3, 1000, 2**30])
def test_sums_are_right_however_far_apart_codes_lie(most: int) -> None:
    chance = random.Random(most)  # noqa: S311
    rows = [(chance.randrange(-most, most), chance.randrange(most), float(chance.randrange(100))) for _ in range(500)]
    sums: dict[tuple[int, int], float] = defaultdict(float)
    for first, second, amount in rows:
        sums[first, second] += amount
    expected = [(*key, sums[key]) for key in sorted(sums)]
    assert [row[:3] for row in told(coded(*rows).by(["a", "b"]), "a", "b")] == expected


def test_parts_are_one_after_the_other_or_summed_where_they_meet() -> None:
    rows = coded((1, 7, 1.0)), coded((2, 7, 2.0)), coded((2, 7, 4.0), (3, 7, 8.0))
    parts = [part.by(["a", "b"]) for part in rows]
    assert told(joined(parts[:2], ["a", "b"]), "a", "b") == [(1, 7, 1.0, 1), (2, 7, 2.0, 1)]
    assert told(joined(parts, ["a", "b"]), "a", "b") == [(1, 7, 1.0, 1), (2, 7, 6.0, 2), (3, 7, 8.0, 1)]


@pytest.mark.parametrize("many", [2, FEW, FEW + 1, 300])
@pytest.mark.parametrize("likely", [None, pl.Series(["text 1", "never seen", None])])
def test_each_text_comes_back_from_its_code_whichever_part_brought_it(many: int, likely: pl.Series | None) -> None:
    chance = random.Random(many)  # noqa: S311
    texts = Texts(likely)
    parts = [
        pl.Series("x", [None, *(f"text {chance.randrange(at)}" for _ in range(50))], dtype=pl.String)
        for at in (1, many, 2 * many)
    ]
    keys = [texts.key(part) for part in [*parts, parts[0].drop_nulls(), parts[0].clear(), parts[0].head(1)]]
    assert [texts.told(key).to_list() for key in keys[:3]] == [part.to_list() for part in parts]
    assert (keys[3].size, keys[4].codes.tolist(), keys[5].codes.tolist()) == (1, [], [0])


def test_codes_are_put_in_the_order_of_the_texts() -> None:
    texts = Texts()
    assert texts.key(pl.Series("x", ["m", "b", None])).codes.tolist() == [2, 1, 0]
    assert texts.put_in_order() is None
    assert texts.key(pl.Series("x", ["a", "z", "m"])).codes.tolist() == [3, 4, 2]
    new = texts.put_in_order()
    assert new is not None
    assert new.tolist() == [0, 2, 3, 1, 4]
    assert texts.texts().to_list() == [None, "a", "b", "m", "z"]
