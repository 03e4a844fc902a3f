"""On which days issues are due: working days, and days off moved as a person would move them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.dispatch import MOST_OF, RHYTHMS, Rhythm, is_worked, issue_days, latest_due, next_due

MONDAY = date(2026, 11, 23)
FIRST, LAST = date(2026, 11, 1), date(2026, 12, 31)
DAY = timedelta(days=1)


def days(rhythm: Rhythm, **off: float) -> list[str]:
    shares = {date.fromisoformat(name.replace("_", "-").lstrip("d")): share for name, share in off.items()}
    return [f"{day:%m-%d}" for day in issue_days(rhythm, shares, date(2026, 11, 16), date(2026, 12, 4))]


def test_a_daily_issue_comes_on_working_days() -> None:
    found = days(Rhythm(every="daily"), d2026_11_18=0.0, d2026_11_21=1.0)
    assert found[:5] == ["11-16", "11-17", "11-19", "11-20", "11-21"]


def test_a_weekly_issue_moves_from_a_day_off_to_the_next_working_day_of_its_week() -> None:
    assert days(Rhythm(every="weekly", day=1)) == ["11-16", "11-23", "11-30"]
    assert days(Rhythm(every="weekly", day=1), d2026_11_23=0.0) == ["11-16", "11-24", "11-30"]
    assert days(Rhythm(every="weekly", day=5), d2026_11_20=0.0) == ["11-27", "12-04"]


def test_a_monthly_issue_counts_working_days_and_takes_the_last_where_there_are_fewer() -> None:
    assert days(Rhythm(every="monthly", day=2)) == ["12-02"]
    assert days(Rhythm(every="monthly", day=2), d2026_12_01=0.0) == ["12-03"]
    assert days(Rhythm(every="monthly", day=23)) == ["11-30"]


def test_of_what_was_missed_only_the_latest_is_due_and_each_once() -> None:
    rhythm, shares = Rhythm(every="daily", hour=7, zone="Europe/Berlin"), {MONDAY: 1.0}
    now = datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert latest_due(rhythm, shares, now - timedelta(days=9), now) == MONDAY
    assert latest_due(rhythm, shares, now - timedelta(days=9), now - timedelta(seconds=1)) == MONDAY - 3 * DAY
    assert latest_due(rhythm, shares, now, now) is None
    assert next_due(rhythm, shares, now) == now + DAY
    assert next_due(rhythm, {MONDAY + DAY * n: 0.0 for n in range(200)}, now) is None


@pytest.mark.parametrize("told", [{"every": "hourly"}, {"every": "weekly", "day": 8}, {"every": "monthly", "day": 0}])
def test_a_rhythm_that_no_calendar_has_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="there is no rhythm"):
        Rhythm(**told)  # type: ignore[arg-type]


@settings(max_examples=60)
@given(st.sampled_from(RHYTHMS), st.integers(1, 23), st.sets(st.dates(FIRST, LAST), max_size=30))
def test_issues_come_on_working_days_alone_and_cutting_the_time_changes_none(
    every: str, day: int, off: set[date]
) -> None:
    rhythm, shares = Rhythm(every=every, day=min(day, MOST_OF[every])), dict.fromkeys(off, 0.0)
    whole = issue_days(rhythm, shares, FIRST, LAST)
    assert all(is_worked(day, shares) for day in whole)
    assert whole == sorted(set(whole))
    first, last = issue_days(rhythm, shares, FIRST, MONDAY), issue_days(rhythm, shares, MONDAY + DAY, LAST)
    assert [*first, *last] == whole
