"""What members contribute to a change: examples that fit in the head, and laws over any cells."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.contributions import DENOMINATORS, NUMERATORS, by_member, change

MEASURES = (*NUMERATORS, *DENOMINATORS)
CELLS = {"region": pl.String, "product": pl.String} | dict.fromkeys(MEASURES, pl.Float64)


def cells(*rows: tuple[Any, ...]) -> pl.DataFrame:
    """Cells of a region: the numerators before and after, then the denominators."""
    full = [(region, None, *numbers, *(1.0,) * (4 - len(numbers))) for region, *numbers in rows]
    return pl.DataFrame(full, schema=CELLS, orient="row")


def told(answer: pl.DataFrame, *columns: str) -> dict[Any, tuple[Any, ...]]:
    return {row["member"]: tuple(row[column] for column in columns) for row in answer.iter_rows(named=True)}


def test_a_member_of_a_sum_contributes_its_own_change() -> None:
    answer = by_member(cells(("North", 10, 14), ("South", 5, 2), ("North", 1, 1)), "region", is_ratio=False)
    assert told(answer, "before", "after", "contribution") == {"North": (11, 15, 4), "South": (5, 2, -3)}


def test_the_largest_contribution_comes_first_and_the_unknown_member_last_among_equals() -> None:
    rows = cells(("B", 0, 1), (None, 0, -1), ("A", 0, 1), ("C", 0, -9))
    assert by_member(rows, "region", is_ratio=False)["member"].to_list() == ["C", "A", "B", None]


def test_a_member_of_a_rate_contributes_by_its_own_rate() -> None:
    """Half of the lines are North's: its rate rises from 50 to 70 percent, so the total rises by 10 points."""
    answer = by_member(cells(("North", 5, 7, 10, 10), ("South", 8, 8, 10, 10)), "region", is_ratio=True)
    parts = told(answer, "before", "after", "contribution", "rate_effect", "mix_effect")
    assert parts["North"] == pytest.approx((0.5, 0.7, 0.1, 0.1, 0))
    assert parts["South"] == pytest.approx((0.8, 0.8, 0, 0, 0))


def test_a_member_of_a_rate_contributes_by_what_it_weighs() -> None:
    """North has 100 percent, South none. North grows from half of the lines to three quarters."""
    answer = by_member(cells(("North", 10, 30, 10, 30), ("South", 0, 0, 10, 10)), "region", is_ratio=True)
    parts = told(answer, "contribution", "rate_effect", "mix_effect")
    assert parts == {"North": pytest.approx((0.125, 0, 0.125)), "South": pytest.approx((0.125, 0, 0.125))}


def test_a_member_that_is_new_or_gone_has_no_rate_effect() -> None:
    answer = by_member(
        cells(("New", 0, 9, 0, 10), ("Gone", 2, 0, 10, 0), ("Old", 5, 5, 10, 10)), "region", is_ratio=True
    )
    parts = told(answer, "before", "after", "rate_effect")
    assert parts["New"] == (None, 0.9, 0)
    assert parts["Gone"] == (0.2, None, 0)
    assert answer["contribution"].sum() == pytest.approx(14 / 20 - 7 / 20)


def test_a_cost_without_revenue_contributes_to_the_margin_rate() -> None:
    answer = by_member(cells(("Free", 0, -2, 0, 0), ("Sold", 5, 5, 10, 10)), "region", is_ratio=True)
    assert told(answer, "after", "contribution") == {"Free": (None, pytest.approx(-0.2)), "Sold": (0.5, 0)}


@pytest.mark.parametrize("empty", [(0, 5, 0, 10), (5, 0, 10, 0)], ids=["before", "after"])
def test_without_a_total_rate_in_one_period_nothing_contributes(empty: tuple[float, ...]) -> None:
    answer = by_member(cells(("North", *empty)), "region", is_ratio=True)
    assert answer.select("contribution", "rate_effect", "mix_effect").row(0) == (None, None, None)
    assert change(cells(("North", *empty)), is_ratio=True)["change"].to_list() == [None]


def test_denominators_that_cancel_out_are_nothing_to_divide_by() -> None:
    rows = cells(("A", 1, 1, 0.1, 1), ("B", 1, 1, 0.2, 1), ("C", 1, 1, -0.3, 1))
    assert change(rows, is_ratio=True)["before"].to_list() == [None]


def test_no_cells_are_no_members_and_a_sum_of_zero() -> None:
    nothing = cells().clear()
    assert by_member(nothing, "region", is_ratio=False).is_empty()
    assert by_member(nothing, "region", is_ratio=True).is_empty()
    assert change(nothing, is_ratio=False).row(0) == (0, 0, 0)
    assert change(nothing, is_ratio=True).row(0) == (None, None, None)


# Laws

amounts = st.one_of(st.just(0.0), st.integers(-1000, 1000).map(float))
names = st.one_of(st.none(), st.sampled_from(["A", "B", "C"]))
firms = st.lists(st.tuples(names, names, amounts, amounts, amounts, amounts), max_size=12).map(
    lambda rows: pl.DataFrame(rows, schema=CELLS, orient="row")
)
kinds = pytest.mark.parametrize("is_ratio", [False, True], ids=["sum", "ratio"])


def numbers(values: pl.Series) -> list[float]:
    """The values, NaN where there is none: that is only equal to NaN."""
    return values.fill_null(float("nan")).to_list()


def near(values: Any, scale: float) -> Any:
    return pytest.approx(values, rel=1e-9, abs=1e-9 * scale, nan_ok=True)


def same(one: pl.DataFrame, other: pl.DataFrame, scale: float) -> None:
    """The same members with the same values, but for rounding."""
    one, other = one.sort("member"), other.sort("member")
    assert one["member"].to_list() == other["member"].to_list()
    for column in one.columns[1:]:
        assert numbers(other[column]) == near(numbers(one[column]), scale), column


def scale_of(answer: pl.DataFrame) -> float:
    largest = answer.drop("member").select(pl.all().abs().max()).row(0)
    return max(1.0, *(number for number in largest if number is not None), 0.0)


@kinds
@given(rows=firms)
def test_contributions_add_up_to_the_change(rows: pl.DataFrame, is_ratio: bool) -> None:
    answer = by_member(rows, "region", is_ratio=is_ratio)
    moved = change(rows, is_ratio=is_ratio)["change"].item()
    if moved is None:
        assert answer["contribution"].null_count() == answer.height
    else:
        assert answer["contribution"].sum() == near(moved, scale_of(answer))


@given(rows=firms)
def test_a_contribution_to_a_rate_is_its_rate_effect_and_its_mix_effect(rows: pl.DataFrame) -> None:
    answer = by_member(rows, "region", is_ratio=True)
    both = answer["rate_effect"] + answer["mix_effect"]
    assert numbers(both) == near(numbers(answer["contribution"]), scale_of(answer))


@kinds
@given(rows=firms, seed=st.integers(0, 99))
def test_the_order_of_cells_does_not_matter(rows: pl.DataFrame, seed: int, is_ratio: bool) -> None:
    shuffled = rows.sample(fraction=1, shuffle=True, seed=seed)
    answer = by_member(rows, "region", is_ratio=is_ratio)
    same(answer, by_member(shuffled, "region", is_ratio=is_ratio), scale_of(answer))


@kinds
@given(rows=firms)
def test_a_cell_that_is_split_in_two_contributes_the_same(rows: pl.DataFrame, is_ratio: bool) -> None:
    quarters = [rows.with_columns(pl.col(MEASURES) * share) for share in (0.25, 0.75)]
    answer = by_member(rows, "region", is_ratio=is_ratio)
    same(answer, by_member(pl.concat(quarters), "region", is_ratio=is_ratio), scale_of(answer))


@given(rows=firms)
def test_ten_times_the_money_is_ten_times_the_contribution(rows: pl.DataFrame) -> None:
    tenfold = by_member(rows.with_columns(pl.col(NUMERATORS) * 10), "region", is_ratio=False)
    answer = by_member(rows, "region", is_ratio=False).with_columns(pl.col("before", "after", "contribution") * 10)
    same(answer, tenfold, scale_of(answer))


@given(rows=firms)
def test_a_rate_does_not_depend_on_the_size_of_the_firm(rows: pl.DataFrame) -> None:
    tenfold = by_member(rows.with_columns(pl.col(MEASURES) * 10), "region", is_ratio=True)
    answer = by_member(rows, "region", is_ratio=True)
    same(answer, tenfold, scale_of(answer))


@given(rows=firms)
def test_looking_back_turns_the_contributions_to_a_sum_around(rows: pl.DataFrame) -> None:
    back = rows.rename({"numerator_before": "numerator_after", "numerator_after": "numerator_before"})
    ahead = by_member(rows, "region", is_ratio=False)
    turned = ahead.select("member", before="after", after="before", contribution=-pl.col("contribution"))
    same(turned, by_member(back, "region", is_ratio=False), scale_of(ahead))


@given(rows=firms)
def test_the_slow_way_gives_the_same_contributions_to_a_rate(rows: pl.DataFrame) -> None:
    """One member at a time: the total rate without its change of weight and rate, by the formula of the docstring."""
    total = rows.select(pl.col(MEASURES).sum()).row(0, named=True)
    for row in by_member(rows, "region", is_ratio=True).drop_nulls().iter_rows(named=True):
        own = rows.filter(region=row["member"]).select(pl.col(MEASURES).sum()).row(0, named=True)
        now = own["denominator_after"] / total["denominator_after"]
        then = own["denominator_before"] / total["denominator_before"]
        by_rate = now * (row["after"] - row["before"])
        by_mix = (now - then) * (row["before"] - total["numerator_before"] / total["denominator_before"])
        scale = max(abs(by_rate), abs(by_mix), abs(row["before"] * then), abs(row["before"] * now), 1.0)
        assert row["rate_effect"] == near(by_rate, scale)
        assert row["mix_effect"] == near(by_mix, scale)
