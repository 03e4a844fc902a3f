"""Periods: which days a code means, and which earlier days it is compared with."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.periods import (
    CODES,
    COMPARISONS,
    LONGEST_DAYS,
    MONTHS_OF,
    NoPeriod,
    Period,
    before,
    compared,
    is_period,
    last_year,
    months_until,
    period,
)
from analytics.tables.columns import EARLIEST, LATEST

FRIDAY = date(2026, 11, 27)
DAYS = st.dates(EARLIEST, LATEST)
WRITTEN = ("2026-05", "2026-Q2", "2026", "2026-01-15..2026-03-04", "2026-02-29..2026-03-01", "days_1", "days_400")
WRITTEN_CODES = st.sampled_from([code for code in WRITTEN if is_period(code)])
RANGES = st.tuples(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(0, 800)).map(
    lambda drawn: f"{drawn[0]}..{drawn[0] + timedelta(days=drawn[1])}"
)
ANY_CODE = st.one_of(st.sampled_from(CODES), WRITTEN_CODES, RANGES)


def days_of(asked: Period) -> set[date]:
    """Every day of a period, one by one."""
    return {asked.first + timedelta(days=after) for after in range((asked.last - asked.first).days + 1)}


@pytest.mark.parametrize(
    ("code", "first", "last", "until", "months"),
    [
        ("month", "2026-11-01", "2026-11-30", "2026-11-27", 1),
        ("quarter", "2026-10-01", "2026-12-31", "2026-11-27", 3),
        ("year", "2026-01-01", "2026-12-31", "2026-11-27", 12),
        ("last_month", "2026-10-01", "2026-10-31", "2026-10-31", 1),
        ("last_quarter", "2026-07-01", "2026-09-30", "2026-09-30", 3),
        ("last_year", "2025-01-01", "2025-12-31", "2025-12-31", 12),
        ("days_30", "2026-10-29", "2026-11-27", "2026-11-27", 0),
        ("days_91", "2026-08-29", "2026-11-27", "2026-11-27", 0),
        ("days_365", "2025-11-28", "2026-11-27", "2026-11-27", 0),
        ("days_1", "2026-11-27", "2026-11-27", "2026-11-27", 0),
        ("2026-05", "2026-05-01", "2026-05-31", "2026-05-31", 1),
        ("2024-02", "2024-02-01", "2024-02-29", "2024-02-29", 1),
        ("2026-Q2", "2026-04-01", "2026-06-30", "2026-06-30", 3),
        ("2026", "2026-01-01", "2026-12-31", "2026-11-27", 12),
        ("2026-01-15..2026-03-04", "2026-01-15", "2026-03-04", "2026-03-04", 0),
        ("2026-11-20..2026-12-04", "2026-11-20", "2026-12-04", "2026-11-27", 0),
        ("2027-01", "2027-01-01", "2027-01-31", "2026-11-27", 1),
    ],
)
def test_a_code_means_these_days(code: str, first: str, last: str, until: str, months: int) -> None:
    asked = period(code, FRIDAY)
    assert (str(asked.first), str(asked.last), str(asked.until), asked.months) == (first, last, until, months)


def test_every_code_that_is_offered_has_its_example() -> None:
    assert all(is_period(code) for code in CODES)
    assert set(MONTHS_OF) | {f"last_{name}" for name in MONTHS_OF} < set(CODES)


@pytest.mark.parametrize(
    ("code", "is_partial", "days"), [("month", True, 27), ("last_month", False, 31), ("2027", True, 0)]
)
def test_a_period_is_partial_until_its_last_day_and_counts_the_days_that_have_passed(
    code: str, is_partial: bool, days: int
) -> None:
    asked = period(code, FRIDAY)
    assert (asked.is_partial, asked.days) == (is_partial, days)


@pytest.mark.parametrize("as_of", ["2026-11-30", "2024-02-29", "2026-12-31"])
def test_on_its_last_day_a_period_is_whole(as_of: str) -> None:
    assert not period("month", date.fromisoformat(as_of)).is_partial


@pytest.mark.parametrize(
    ("as_of", "code", "comparison", "first", "until"),
    [
        ("2026-11-27", "month", "last_year", "2025-11-01", "2025-11-27"),
        ("2026-11-27", "month", "before", "2026-10-01", "2026-10-27"),
        ("2026-11-27", "quarter", "before", "2026-07-01", "2026-08-27"),
        ("2026-11-27", "year", "last_year", "2025-01-01", "2025-11-27"),
        ("2026-11-27", "last_year", "before", "2024-01-01", "2024-12-31"),
        ("2026-11-27", "days_30", "before", "2026-09-29", "2026-10-28"),
        ("2026-11-27", "days_30", "last_year", "2025-10-29", "2025-11-27"),
        ("2026-11-27", "2026-01-15..2026-03-04", "last_year", "2025-01-15", "2025-03-04"),
        ("2026-11-27", "2026-01-15..2026-03-04", "before", "2025-11-27", "2026-01-14"),
        ("2026-11-27", "2026-11-20..2026-12-04", "before", "2026-11-05", "2026-11-12"),
        ("2026-03-30", "month", "before", "2026-02-01", "2026-02-28"),
        ("2026-03-31", "month", "before", "2026-02-01", "2026-02-28"),
        ("2025-02-28", "month", "last_year", "2024-02-01", "2024-02-29"),
        ("2024-02-29", "month", "last_year", "2023-02-01", "2023-02-28"),
        ("2024-02-28", "month", "last_year", "2023-02-01", "2023-02-28"),
        ("2025-02-28", "year", "last_year", "2024-01-01", "2024-02-29"),
        ("2026-02-28", "quarter", "before", "2025-10-01", "2025-11-30"),
        ("2025-02-28", "days_30", "last_year", "2024-01-30", "2024-02-28"),
        ("2026-11-27", "2024-02-29..2024-02-29", "last_year", "2023-02-28", "2023-02-28"),
        ("2026-11-27", "2025-02-28..2025-02-28", "last_year", "2024-02-28", "2024-02-28"),
    ],
)
def test_as_much_is_compared_as_has_passed(as_of: str, code: str, comparison: str, first: str, until: str) -> None:
    earlier = compared(period(code, date.fromisoformat(as_of)), comparison)
    assert (str(earlier.first), str(earlier.until)) == (first, until)


def test_the_comparisons_have_names() -> None:
    asked = period("month", FRIDAY)
    assert [compared(asked, name) for name in COMPARISONS] == [last_year(asked), before(asked)]


@given(ANY_CODE, DAYS)
def test_a_period_never_knows_more_than_its_days_and_the_data(code: str, as_of: date) -> None:
    asked = period(code, as_of)
    assert asked.first <= asked.last
    assert asked.until <= min(asked.last, as_of)
    assert asked.days == len({day for day in days_of(asked) if day <= as_of})
    assert asked.is_partial == (as_of < asked.last)


@given(st.sampled_from(["month", "quarter", "year"]), DAYS)
def test_a_period_to_date_is_every_day_of_the_same_month_quarter_or_year(code: str, as_of: date) -> None:
    def named(day: date) -> tuple[int, int]:
        return day.year, {"month": day.month, "quarter": (day.month + 2) // 3, "year": 0}[code]

    around = {as_of + timedelta(days=far) for far in range(-370, 371)}
    assert days_of(period(code, as_of)) == {day for day in around if named(day) == named(as_of)}


@given(st.sampled_from(list(MONTHS_OF)), DAYS)
def test_the_last_one_ends_the_day_before_this_one_begins(code: str, as_of: date) -> None:
    assert period(f"last_{code}", as_of).last == period(code, as_of).first - timedelta(days=1)


@given(ANY_CODE, DAYS, st.sampled_from(COMPARISONS))
def test_what_is_compared_is_earlier_and_spans_as_many_months(code: str, as_of: date, comparison: str) -> None:
    asked = period(code, as_of)
    earlier = compared(asked, comparison)
    assert earlier.months == asked.months
    assert earlier.first <= earlier.last < asked.last
    assert earlier.until <= earlier.last
    assert earlier.first < asked.first
    assert asked.is_partial or not earlier.is_partial


@given(ANY_CODE, DAYS)
def test_the_period_before_ends_where_this_one_begins(code: str, as_of: date) -> None:
    asked = period(code, as_of)
    earlier = before(asked)
    assert earlier.last == asked.first - timedelta(days=1)
    if not asked.months:
        assert (len(days_of(earlier)), earlier.days) == (len(days_of(asked)), asked.days)


@given(ANY_CODE, DAYS)
def test_last_year_is_the_same_calendar_day_a_year_earlier(code: str, as_of: date) -> None:
    asked = period(code, as_of)
    for now, then in zip((asked.first, asked.last, asked.until), vars(last_year(asked)).values(), strict=False):
        assert (then.year, then.month) == (now.year - 1, now.month)
        assert then.day == now.day or 29 in (then.day, now.day)


@given(st.sampled_from(["month", "quarter", "year"]), DAYS, st.sampled_from(COMPARISONS))
def test_whole_months_are_compared_with_whole_months(code: str, as_of: date, comparison: str) -> None:
    end = date(as_of.year, as_of.month, monthrange(as_of.year, as_of.month)[1])
    until = compared(period(code, end), comparison).until
    assert until.day == monthrange(until.year, until.month)[1]


@given(ANY_CODE, DAYS, st.integers(1, 40))
def test_months_until_are_months_in_a_row_up_to_what_is_known(code: str, as_of: date, count: int) -> None:
    asked = period(code, as_of)
    months = months_until(asked, count)
    assert len(months) == count
    assert all(month.months == 1 and month.first.day == 1 for month in months)
    assert all(one.last + timedelta(days=1) == next_one.first for one, next_one in pairwise(months))
    assert months[-1].until == asked.until
    assert all(month.until == month.last for month in months[:-1])


@pytest.mark.parametrize(
    "code",
    [
        "", " ", "Month", "months", "month ", "last_week", "days_0", "days_", "days_-3", "days_99999", "days_3661",
        "2026-13", "2026-00", "2026-Q0", "2026-Q5", "2026-q1", "26", "20260", "2026-5", "0000", "9999", "9999-12",
        "0001-01", "2026-02-30..2026-03-01", "2026-03-04..2026-01-15", "2026-01-15..", "..2026-01-15", "2026-01-15",
        "2026-01-15...2026-03-04", "2000-01-01..2026-01-01", "٢٠٢٦", "２０２６", "2026-05\n", "2026-05\x00", "<script>",
    ],
)  # fmt: skip
def test_what_is_no_period_is_refused_by_name(code: str) -> None:
    assert not is_period(code)
    with pytest.raises(NoPeriod, match="is no period"):
        period(code, FRIDAY)


@given(
    st.one_of(st.text(max_size=30), st.from_regex(r"(days_|last_)?\d{0,9}[-.Q]{0,2}\d{0,4}(\.\.)?[\d-]{0,12}")), DAYS
)
def test_any_text_is_a_period_or_refused_and_nothing_else_happens(code: str, as_of: date) -> None:
    try:
        asked = period(code, as_of)
    except NoPeriod:
        return
    assert (asked.last - asked.first).days < LONGEST_DAYS
    assert is_period(code)
