"""What days are like, and what becomes of series that nobody has asked for."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray
from polars.testing import assert_frame_equal

from analytics.forecast import Forecast, forecast
from analytics.forecast_calendar import DayModel, day_model, levels
from analytics.forecast_groups import Groups
from analytics.forecast_idle import NOTHING_YET, Idle, idle
from analytics.forecast_known import Feature
from analytics.forecast_series import Grid, Step, series

Numbers = NDArray[np.float64]
FIRST_ON = date(2022, 1, 3)
STEPS, AHEAD = 800, 14
WEEKDAYS = np.array([1.0, 0.8, 0.9, 1.0, 1.3, 1.8, 0.4])
FAIRS = np.arange(STEPS + AHEAD) % 40 == 5


def asked() -> Numbers:
    """Two groups; at a fair three times as much is asked for, and no day is left to chance."""
    usual = WEEKDAYS[np.arange(STEPS) % 7] * np.where(FAIRS[:STEPS], 3.0, 1.0)
    return np.array([[20.0], [500.0]]) * usual


def of_days(demand: Numbers, event: NDArray[np.bool_] = FAIRS, step: Step = Step.DAY) -> DayModel | None:
    last = FIRST_ON + timedelta(days=demand.shape[1] - 1)
    many = demand.shape[0]
    begins = (demand > 0).argmax(axis=1)
    groups = Groups(Grid(step, last), pl.DataFrame({"shop": range(many)}), np.arange(many), demand, begins)
    fair = Feature("fair", np.tile(np.where(event, 0.0, np.nan), (many, 1)), is_kind=True)
    return day_model(groups, [fair], AHEAD)


def told(demand: Numbers, event: NDArray[np.bool_] = FAIRS) -> Numbers:
    model = of_days(demand, event)
    assert model is not None
    ahead = model.ahead(demand.shape[1], AHEAD)
    assert ahead is not None
    return ahead


def test_weekdays_and_events_are_told_at_the_present_level() -> None:
    usual = WEEKDAYS[np.arange(STEPS, STEPS + AHEAD) % 7] * np.where(FAIRS[STEPS:], 3.0, 1.0)
    assert FAIRS[STEPS:].sum() == 1
    assert told(asked()) == pytest.approx(np.array([[20.0], [500.0]]) * usual, rel=0.1)


def test_what_doubled_a_month_ago_is_told_at_twice_the_level() -> None:
    demand = asked()
    demand[0, -30:] *= 2
    assert told(demand)[0].sum() == pytest.approx(2 * told(asked())[0].sum(), rel=0.1)


def test_days_on_which_nothing_is_ever_asked_for_stay_at_zero() -> None:
    demand = asked()
    demand[0, FAIRS[:STEPS]] = 0.0
    closed = told(demand)
    assert (closed[0][FAIRS[STEPS:]] == 0).all()
    assert (closed[1] > 0).all()


def test_one_day_without_demand_does_not_close_its_kind() -> None:
    demand = asked()
    demand[0, np.flatnonzero(FAIRS)[3]] = 0.0
    assert (told(demand) > 0).all()


def test_what_comes_later_tells_nothing_of_an_origin() -> None:
    demand = asked()
    before = of_days(demand)
    demand_after = demand.copy()
    demand_after[:, 760:] *= 5.0
    after = of_days(demand_after)
    assert before is not None
    assert after is not None
    assert (before.effects(760) == after.effects(760)).all()


def test_scale_by_ten_scales_what_days_tell() -> None:
    assert told(asked() * 10) == pytest.approx(told(asked()) * 10, rel=1e-9)


def test_no_lesson_knows_its_own_answer() -> None:
    demand = asked()
    changed = demand.copy()
    changed[0, 400] *= 2
    plain, other = of_days(demand), of_days(changed)
    assert plain is not None
    assert other is not None
    assert other.crossed(STEPS)[0, 400] == pytest.approx(plain.crossed(STEPS)[0, 400], rel=1e-3)
    assert other.effects(STEPS)[0, 400] != pytest.approx(plain.effects(STEPS)[0, 400], rel=1e-3)


def test_less_than_two_years_or_longer_steps_have_no_model_of_days() -> None:
    assert of_days(asked()[:, :700], FAIRS[: 700 + AHEAD]) is None
    assert of_days(asked(), step=Step.WEEK) is None
    model = of_days(asked())
    assert model is not None
    assert model.ahead(700, AHEAD) is None


def test_a_level_is_what_was_asked_for_in_ratio_to_what_its_days_are_like() -> None:
    assert levels(np.array([[4.0, 1.0]]), np.array([[2.0, 1.0]]), 1.0)[0] == pytest.approx(1.5)
    assert levels(np.zeros((1, 2)), np.zeros((1, 2)), 1.0)[0] == 0


def waiting(many: int = 200, begin: int = 60) -> pl.DataFrame:
    """Series that nobody asks for yet; a few of them begin, and are then asked for twice on every day."""
    table = np.zeros((many, 28))
    for number in range(begin):
        table[number, 1 + number % 27 :] = 2.0
    days = [FIRST_ON + timedelta(days=day) for day in range(28)]
    names = [f"item {number:03}" for number in range(many)]
    return pl.DataFrame({"series_id": np.repeat(names, 28), "date": days * many, "quantity": table.ravel()})


@pytest.fixture(scope="module")
def told_of_waiting() -> Forecast:
    return forecast(waiting(), 7, sums=(28,))


def test_of_series_that_nobody_asked_for_some_begin_as_they_did_before() -> None:
    found = idle(series(waiting()), np.array([14, 21]), (1, 7, 14))
    assert found is not None
    mean, variance = found.told(np.zeros(1), 14, 1.0)
    began = [2.0 * (28 - (1 + number % 27)) for number in range(60) if number % 27 >= 13]
    assert mean[0] == pytest.approx(sum(began) / (200 - 60 + len(began)))
    assert variance[0] > mean[0]


def test_their_mean_is_zero_and_their_upper_quantiles_are_not(told_of_waiting: Forecast) -> None:
    of_idle = told_of_waiting.sums.filter(pl.col("series_id") == "item 199").row(0, named=True)
    assert of_idle["mean"] == 0
    assert of_idle["q50"] <= of_idle["q95"] <= of_idle["q99"]
    assert of_idle["q99"] > 0
    assert NOTHING_YET in told_of_waiting.reasons["reason"].to_list()


def test_one_more_that_nobody_asks_for_changes_nothing_of_those_asked_for(told_of_waiting: Forecast) -> None:
    one = waiting().filter(pl.col("series_id") == "item 199").with_columns(series_id=pl.lit("item 030b"))
    more = forecast(pl.concat([waiting(), one]), 7, sums=(28,))
    is_asked_for = pl.col("series_id").is_in([f"item {number:03}" for number in range(60)])
    assert_frame_equal(more.sums.filter(is_asked_for), told_of_waiting.sums.filter(is_asked_for))
    assert_frame_equal(more.days.filter(is_asked_for), told_of_waiting.days.filter(is_asked_for))


def test_where_few_wait_or_none_began_nothing_is_expected_of_them() -> None:
    assert idle(series(waiting(30, 10)), np.array([14]), (7,)) is None
    assert idle(series(waiting(100, 0)), np.array([14]), (7,)) is None


def test_what_is_begun_in_sums_adds_up_over_their_days() -> None:
    found = Idle(0.05, 3.0, 10, ((1, 1.0),))
    by_day, _ = found.told(np.arange(40.0), 1, 1.0)
    whole, _ = found.told(np.zeros(1), 40, 1.0)
    assert by_day.sum() == pytest.approx(whole[0])
    assert (np.diff(by_day) >= -1e-12).all()
