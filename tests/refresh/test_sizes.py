"""Numbers that are far larger or smaller than before are told, whatever else they are."""

from decimal import Decimal

import polars as pl
import pytest

from data_access.mapping import Notice
from refresh.sizes import ENOUGH, other_sizes


def prices(*values: float) -> pl.DataFrame:
    return pl.DataFrame({"price": [Decimal(str(value)) for value in values], "name": ["x"] * len(values)})


def told(new: float, old: float, rows: int = ENOUGH) -> list[Notice]:
    return other_sizes("products", prices(*[new] * rows), prices(*[old] * rows))


@pytest.mark.parametrize(("new", "old"), [(5, 1), (1, 5), (3, 3), (-4, 2)])
def test_what_is_within_a_fifth_and_five_times_is_usual(new: float, old: float) -> None:
    assert told(new, old) == []


def test_a_column_in_cents_is_told_with_both_sizes() -> None:
    (notice,) = told(1250, 12.5)
    assert notice.rule == "other_sizes"
    assert notice.detail == (
        "price of products is usually 1,250 in this delivery and was 12.5 in what is stored: 100 times as much."
        " Check its unit and its decimal mark."
    )


def test_a_column_that_shrank_is_told_too() -> None:
    (notice,) = told(0.01, 10)
    assert "a 1,000th of it" in notice.detail


def test_of_few_values_nothing_is_said_and_zeros_are_none() -> None:
    assert told(100, 1, rows=ENOUGH - 1) == []
    assert other_sizes("products", prices(*[100] * 10, *[0] * 10), prices(*[1] * 20)) == []


def test_one_large_value_among_many_is_no_other_size() -> None:
    assert other_sizes("products", prices(*[1] * 19, 1_000_000), prices(*[1] * 20)) == []
