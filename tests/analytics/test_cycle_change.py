"""Cycle time before and after a day: like compared with like, told apart from noise, and nothing where nothing was."""

import random
from collections.abc import Callable
from datetime import date, timedelta

import polars as pl
import pytest
from scipy.stats import t as student
from scipy.stats import ttest_ind

from analytics.cycle_change import CYCLES, NORMAL, SPAN_DAYS, _quantile, by_kind, change
from tests.analytics.firm import DAY

SINCE = DAY - timedelta(days=120)
Days = Callable[[date, str, random.Random], int]


def book(
    days: Days, far_share: Callable[[date], float] = lambda _day: 0.5, seed: int = 7, a_day: int = 4
) -> pl.DataFrame:
    """Some orders a day over a year, near or far, that take so many days; those still on their way are open."""
    dice = random.Random(seed)  # noqa: S311 - orders for a test, no secret
    rows = []
    for back in range(365, 0, -1):
        ordered = DAY - timedelta(days=back)
        for _ in range(a_day):
            region = "far" if dice.random() < far_share(ordered) else "near"
            arrived = ordered + timedelta(days=days(ordered, region, dice))
            rows.append(("c1", "north", region, "pumps", ordered, arrived if arrived <= DAY else None))
    return pl.DataFrame(rows, schema=CYCLES, orient="row")


def told(rows: pl.DataFrame, since: date = SINCE) -> dict[str, float]:
    return change(rows, since, DAY).row(0, named=True)


def taking(near: int, far: int, faster: int = 0) -> Days:
    """Near and far orders take so long, give or take two days; since the day so many days less."""

    def days(ordered: date, region: str, dice: random.Random) -> int:
        return (far if region == "far" else near) + dice.randint(-2, 2) - (faster if ordered >= SINCE else 0)

    return days


def test_what_got_faster_is_found_with_its_band() -> None:
    row = told(book(taking(6, 12, faster=2)))
    assert row["low"] < -2 < row["high"] < 0
    assert row["change"] == pytest.approx(-2, abs=0.3)


def test_more_far_orders_are_no_slower_orders() -> None:
    row = told(book(taking(6, 12), far_share=lambda day: 0.8 if day >= SINCE else 0.2))
    assert row["days_after"] - row["days_before"] > 3
    assert row["low"] < 0 < row["high"]
    assert abs(row["change"]) < 0.5


def test_on_a_day_on_which_nothing_happened_the_band_holds_zero_as_often_as_it_says() -> None:
    """A placebo: a hundred firms and as many days without a change; 95 % bands miss in about five."""
    missed = 0
    for seed in range(100):
        row = told(book(taking(6, 12), seed=seed, a_day=1), SINCE - timedelta(days=seed))
        missed += not row["low"] <= 0 <= row["high"]
    assert missed <= 11


def test_with_one_kind_of_order_the_band_is_that_of_welch() -> None:
    rows = book(taking(6, 12, faster=1), far_share=lambda _day: 0.0)
    row = told(rows)
    spanned = rows.filter(pl.col("ordered_on").is_between(row["from_on"], row["until_on"]))
    days = spanned.with_columns(days=(pl.col("arrived_on") - pl.col("ordered_on")).dt.total_days())
    after, before = (days.filter((pl.col("ordered_on") >= SINCE) == side)["days"].to_numpy() for side in (True, False))
    band = ttest_ind(after, before, equal_var=False).confidence_interval(0.95)
    assert (row["low"], row["high"]) == pytest.approx((band.low, band.high), abs=1e-3)


@pytest.mark.parametrize("freedom", [4.0, 9.5, 30.0, 500.0])
def test_the_quantile_is_that_of_students_distribution(freedom: float) -> None:
    assert _quantile(freedom) == pytest.approx(student.ppf(0.975, freedom), rel=5e-3)
    assert _quantile(float("inf")) == NORMAL


def test_orders_too_young_to_have_arrived_count_on_neither_side() -> None:
    row = told(book(taking(30, 30)), DAY - timedelta(days=60))
    assert row["until_on"] == DAY - timedelta(days=32)
    assert row["from_on"] == DAY - timedelta(days=60 + SPAN_DAYS)


def test_without_five_orders_of_a_kind_on_both_sides_nothing_is_said() -> None:
    assert change(book(taking(6, 12)), DAY, DAY).is_empty()
    assert change(pl.DataFrame(schema=CYCLES), SINCE, DAY).is_empty()
    assert by_kind(pl.DataFrame(schema=CYCLES), SINCE, DAY).is_empty()


def test_kinds_add_up_to_what_is_compared() -> None:
    rows = book(taking(6, 12))
    kinds, row = by_kind(rows, SINCE, DAY), told(rows)
    assert (kinds["orders_before"].sum(), kinds["orders_after"].sum()) == (row["orders_before"], row["orders_after"])
    assert row["compared"] == 1.0
