"""Periods in words: names and days in both languages."""

from datetime import date

import pytest

from analytics.periods import CODES, period
from display import periods
from display.words import LANGUAGES

FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("code", "english", "chinese"),
    [
        ("month", "This month to date", "本月至今"),
        ("last_quarter", "Last quarter", "上季度"),
        ("days_30", "Last 30 days", "近30天"),
        ("days_1", "Last day", "近1天"),
        ("2026-05", "May 2026", "2026年5月"),
        ("2026-Q2", "Q2 2026", "2026年第2季度"),
        ("2026", "2026", "2026年"),
        ("2026-11-01..2026-11-27", "1–27 Nov 2026", "2026年11月1日至27日"),
        ("2026-01-15..2026-03-04", "15 Jan – 4 Mar 2026", "2026年1月15日至3月4日"),
    ],
)
def test_a_period_has_a_name_in_every_language(code: str, english: str, chinese: str) -> None:
    names = [periods.name(code, language).replace("\u2009", " ") for language in LANGUAGES]
    assert names == [english, chinese]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_period_that_is_offered_has_a_name_of_its_own(language: str) -> None:
    names = {periods.name(code, language) for code in CODES}
    assert len(names) == len(CODES)


@pytest.mark.parametrize(
    ("code", "english"), [("month", "1–27 Nov 2026"), ("last_month", "1–31 Oct 2026"), ("2027-01", "1–31 Jan 2027")]
)
def test_the_days_are_those_that_are_known_and_all_of_them_before_any_is(code: str, english: str) -> None:
    assert periods.days(period(code, FRIDAY), "en") == english
