"""Periods in words: what each is called, and its days."""

import functools
from datetime import date

from babel.dates import format_interval, format_skeleton

from analytics.periods import CODES, ROLLING, Period
from display.numbers import KEPT, LOCALES, month
from display.words import say

_DAYS = "days_"


@functools.lru_cache(KEPT)
def name(code: str, language: str) -> str:
    """What the period of a code is called: This month to date, May 2026, Q2 2026, 2026, or its two days."""
    if code.startswith(_DAYS):
        return say(language, "period.days", count=int(code.removeprefix(_DAYS)))
    if code in CODES and code not in ROLLING:
        return say(language, f"period.{code}")
    if ".." in code:
        first, last = (date.fromisoformat(part) for part in code.split(".."))
        return interval(first, last, language)
    return _of_calendar(code, language)


def quarter_name(day: date, language: str) -> str:
    """The quarter of a day: Q3 2026; 2026年第3季度."""
    return _of_calendar(f"{day.year}-Q{(day.month + 2) // 3}", language)


def _of_calendar(code: str, language: str) -> str:
    """A month, quarter or year by its number."""
    year, _, part = code.partition("-")
    if part.startswith("Q"):
        return format_skeleton("yQQQ", date(int(year), 3 * int(part[1]), 1), locale=LOCALES[language])
    if part:
        return month(date(int(year), int(part), 1), language)
    return format_skeleton("y", date(int(year), 1, 1), locale=LOCALES[language])


@functools.lru_cache(KEPT)
def interval(first: date, last: date, language: str) -> str:
    """1–27 Nov 2026; 2026年11月1日至27日."""
    return format_interval(first, last, "yMMMd", locale=LOCALES[language])


def days(asked: Period, language: str) -> str:
    """The days of a period that are known so far; all of its days where none is yet."""
    return interval(asked.first, asked.until if asked.days else asked.last, language)
