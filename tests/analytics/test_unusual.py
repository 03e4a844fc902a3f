"""How unusual a count is: agrees with exact probabilities, and with common sense."""

from math import comb, sqrt
from statistics import NormalDist

import numpy as np
import polars as pl
import pytest

from analytics.unusual import against_others, bound, observed_weeks, score, unevenness, windows

NORMAL = NormalDist()


def scored(now: float, before: float, ratio: float) -> float | None:
    frame = pl.DataFrame({"now": [float(now)], "before": [float(before)], "ratio": [float(ratio)]})
    found: float | None = frame.select(score(pl.col("now"), pl.col("before"), pl.col("ratio"))).item()
    return found


def tail(least: int, whole: int, share: float) -> float:
    """The exact probability of so many or more of the whole."""
    return sum(comb(whole, k) * share**k * (1 - share) ** (whole - k) for k in range(least, whole + 1))


@pytest.mark.parametrize(("before", "ratio"), [(20, 0.2), (52, 0.125), (200, 0.1), (30, 1.0), (400, 0.33)])
def test_a_score_is_the_exact_probability_as_a_normal_quantile(before: int, ratio: float) -> None:
    expected = before * ratio
    for now in range(round(expected + 2 * sqrt(expected)), round(expected + 6 * sqrt(expected))):
        exact = tail(now, now + before, ratio / (1 + ratio))
        assert scored(now, before, ratio) == pytest.approx(-NORMAL.inv_cdf(exact), abs=0.12)


def test_more_than_expected_is_positive_less_is_negative_and_as_expected_is_nothing() -> None:
    assert (scored(30, 100, 0.1) or 0) > 4
    assert (scored(2, 100, 0.2) or 0) < -4
    assert scored(10, 100, 0.1) == 0


def test_where_nothing_was_counted_or_can_be_expected_there_is_no_score() -> None:
    assert [scored(0, 0, 0.5), scored(3, 0, 0.0)] == [None, None]


def test_the_bound_grows_with_the_number_of_groups_that_are_looked_at() -> None:
    assert bound(1) == pytest.approx(2.326, abs=0.001)
    assert bound(100) == pytest.approx(3.719, abs=0.001)
    assert bound(0) == bound(1)


def weekly(**groups: list[tuple[int, int]]) -> pl.DataFrame:
    rows = [(group, week, count) for group, counts in groups.items() for week, count in counts]
    return pl.DataFrame(rows, schema={"group": pl.String, "weeks_ago": pl.Int64, "count": pl.Int64}, orient="row")


def test_the_windows_are_the_last_weeks_the_year_before_them_and_the_same_weeks_a_year_ago() -> None:
    counts = weekly(a=[(0, 1), (3, 2), (4, 10), (51, 20), (52, 100), (55, 200), (56, 1000)])
    assert windows(counts, ("group",), 4).rows() == [("a", 3.0, 330.0, 300.0)]
    assert observed_weeks(counts) == 57


def even(count: int, weeks: int = 60) -> list[tuple[int, int]]:
    return [(week, count) for week in range(weeks)]


def test_what_all_others_do_too_is_not_unusual() -> None:
    fewer = [(week, 2 if week < 4 else 4) for week in range(60)]
    told = against_others(weekly(a=fewer, b=fewer, c=fewer), ("group",), (), 4)
    assert told["score"].abs().max() == 0
    assert told["usual"].to_list() == [8.0, 8.0, 8.0]


def test_who_does_it_alone_is_unusual_against_the_year_and_against_the_season() -> None:
    more = [(week, 12 if week < 4 else 4) for week in range(60)]
    told = against_others(weekly(a=more, b=even(4), c=even(4)), ("group",), (), 4).row(0, named=True)
    assert (told["now"], told["usual"], told["usual_then"]) == (48, 16, 16)
    assert told["score"] > 5
    assert told["score_then"] > 3


def test_what_happens_every_year_is_unusual_against_the_year_only() -> None:
    every_year = [(week, 12 if week < 4 or week >= 52 else 4) for week in range(56)]
    told = against_others(weekly(a=every_year, b=even(4, 56), c=even(4, 56)), ("group",), (), 4).row(0, named=True)
    assert told["score"] > 4
    assert abs(told["score_then"]) < 0.5


def test_with_too_few_others_time_alone_tells_what_is_usual() -> None:
    told = against_others(weekly(a=even(4), b=[(40, 3)]), ("group",), (), 4).row(0, named=True)
    assert (told["now"], told["usual"], told["score"]) == (16, 16, 0)


def test_a_market_is_compared_within_itself() -> None:
    fewer = [(week, 2 if week < 4 else 4) for week in range(60)]
    counts = weekly(a=fewer, b=fewer, c=even(4), d=even(4)).with_columns(
        market=pl.when(pl.col("group").is_in(["a", "b"])).then(pl.lit("x")).otherwise(pl.lit("y"))
    )
    told = against_others(counts, ("group", "market"), ("market",), 4)
    assert told["score"].abs().max() == 0


def test_before_as_much_was_seen_as_is_judged_nothing_is_said() -> None:
    told = against_others(weekly(a=even(4, 7)), ("group",), (), 4).row(0, named=True)
    assert (told["now"], told["score"], told["usual"]) == (16, None, None)
    assert against_others(weekly(), ("group",), (), 4).is_empty()


@pytest.mark.parametrize(("batch", "expected"), [(1, 1.0), (4, 4.0)])
def test_unevenness_is_one_for_chance_and_the_size_of_a_batch_for_batches(batch: int, expected: float) -> None:
    dice = np.random.default_rng(5)
    groups = {f"g{n}": [(week, batch * int(dice.poisson(3))) for week in range(60)] for n in range(40)}
    assert unevenness(weekly(**groups), ("group",), (), 4) == pytest.approx(expected, rel=0.2)


def test_a_season_that_all_share_is_not_uneven() -> None:
    season = [(week, 9 if week % 52 < 26 else 3) for week in range(60)]
    assert unevenness(weekly(a=season, b=season, c=season), ("group",), (), 4) == 1.0


def test_chance_alone_is_hardly_ever_beyond_the_bound() -> None:
    dice = np.random.default_rng(11)
    groups = {f"g{n}": [(week, int(dice.poisson(0.2 + n / 100))) for week in range(60)] for n in range(300)}
    told = against_others(weekly(**groups), ("group",), (), 6).drop_nulls("score")
    assert (told["score"].abs() >= bound(told.height)).sum() == 0
    assert told["score"].std() == pytest.approx(0.9, abs=0.15)
