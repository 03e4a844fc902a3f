"""Working days: checked against the plain definition."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_data.days import AT, CN, DE, Workdays, easter
from sample_data.plan import Plan

PLAN = Plan()
CALENDARS = [Workdays(PLAN, country) for country in (DE, AT, CN)]


@pytest.mark.parametrize(
    "sunday",
    [date(2000, 4, 23), date(2008, 3, 23), date(2011, 4, 24), date(2025, 4, 20), date(2026, 4, 5), date(2038, 4, 25)],
)
def test_easter_is_when_it_is(sunday: date) -> None:
    assert easter(sunday.year) == sunday


@pytest.mark.parametrize(
    ("country", "day"),
    [
        (DE, date(2025, 10, 3)),
        (DE, date(2026, 4, 3)),
        (DE, date(2026, 5, 14)),
        (AT, date(2026, 10, 26)),
        (CN, date(2026, 2, 17)),
        (CN, date(2025, 10, 1)),
        (CN, date(2025, 5, 31)),
    ],
)
def test_nobody_works_on_a_holiday(country: int, day: date) -> None:
    assert not CALENDARS[country].works(PLAN.day(day))


def test_the_german_holiday_is_a_working_day_in_china() -> None:
    assert CALENDARS[CN].works(PLAN.day(date(2026, 12, 25)))


def works(calendar: Workdays, day: int) -> bool:
    return PLAN.date(day).weekday() < 5 and day not in calendar.holidays


@given(st.sampled_from(CALENDARS), st.integers(-300, 800))
def test_next_is_the_first_working_day_from_the_day_on(calendar: Workdays, day: int) -> None:
    expected = next(at for at in range(day, day + 30) if works(calendar, at))
    assert calendar.next(day) == expected


@given(st.sampled_from(CALENDARS), st.integers(-300, 700), st.integers(0, 15))
def test_after_counts_working_days(calendar: Workdays, day: int, steps: int) -> None:
    later = [at for at in range(day + 1, day + 60) if works(calendar, at)]
    assert calendar.after(day, steps) == (later[steps - 1] if steps else calendar.next(day))


@given(st.integers(-800, 800))
def test_days_and_dates_are_one(day: int) -> None:
    assert PLAN.day(PLAN.date(day)) == day
    assert PLAN.date(day) - PLAN.start == timedelta(days=day)
