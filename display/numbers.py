"""Numbers, money, days and ages as text in the reader's language, by CLDR.

Every run of a page says the same days and ages again: the latest thousands of each are kept.
"""

import functools
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, format_timedelta
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
)

LOCALES = {"en": Locale.parse("en_GB"), "zh": Locale.parse("zh_Hans_CN")}
COMPACT_FROM, NARROW_FROM = 100_000, 10_000
KEPT = 4096


def money(amount: float, currency: str, language: str, *, narrow: bool = False, whole: bool = False) -> str:
    """An amount with its currency: whole units, shortened (545K, 481.2万) from 100,000 on, or 10,000 if narrow.

    ``whole``: never shortened.
    """
    locale = LOCALES[language]
    if abs(amount) >= (NARROW_FROM if narrow else COMPACT_FROM) and not whole:
        decimals = 0 if language == "en" and COMPACT_FROM <= abs(amount) < 1_000_000 else 1
        return format_compact_currency(amount, currency, locale=locale, fraction_digits=decimals)
    return format_currency(amount, currency, _whole(locale), locale=locale, currency_digits=False)


def _whole(locale: Locale) -> str:
    return locale.currency_formats["standard"].pattern.replace("0.00", "0")


def moneys(amounts: Mapping[str, float], language: str) -> str:
    """Amounts in several currencies, the largest first; they are never added up."""
    return " + ".join(money(amount, currency, language) for currency, amount in largest_first(amounts))


def largest_first(amounts: Mapping[str, float]) -> list[tuple[str, float]]:
    """Currencies with their amounts, the largest amount first."""
    return sorted(amounts.items(), key=lambda item: -abs(item[1]))


def quantity(value: float, language: str, unit: str | None = None) -> str:
    """A quantity with as many decimals as matter: none from 100 on, at most two below; then its unit."""
    decimals = 0 if abs(value) >= 100 else 2
    pattern = "#,##0" if decimals == 0 else "#,##0.##"
    text = format_decimal(value, pattern, locale=LOCALES[language])
    return f"{text} {unit}" if unit else text


def count(value: int, language: str) -> str:
    """A whole number with separators."""
    return format_decimal(value, locale=LOCALES[language])


def compact(value: float, language: str) -> str:
    """A number for the axis of a figure: 1,200 but 1.2M."""
    if abs(value) >= COMPACT_FROM:
        return format_compact_decimal(value, locale=LOCALES[language], fraction_digits=1)
    return quantity(value, language)


def percent(share: float, language: str) -> str:
    """A share of 1 as a percentage with one decimal."""
    return format_percent(share, "0.0%", locale=LOCALES[language])


@functools.lru_cache(KEPT)
def day(value: date, language: str) -> str:
    """27 Nov 2026; 2026年11月27日."""
    return format_date(value, "medium", locale=LOCALES[language])


@functools.lru_cache(KEPT)
def short_day(value: date, language: str) -> str:
    """27 Nov; 11月27日."""
    return format_skeleton("MMMd", value, locale=LOCALES[language])


@functools.lru_cache(KEPT)
def month(value: date, language: str) -> str:
    """Nov 2026; 2026年11月."""
    return format_skeleton("yMMM", value, locale=LOCALES[language])


def instant(value: datetime, language: str, zone: str | None = None) -> str:
    """A day with hours and minutes, in the reader's time zone; in UTC, and saying so, where that is not known."""
    place = _zone(zone)
    text = format_datetime(
        value.astimezone(place or UTC),
        "d MMM y, HH:mm" if language == "en" else "y年M月d日 HH:mm",
        locale=LOCALES[language],
    )
    return text if place else f"{text} UTC"


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def age(value: timedelta, language: str) -> str:
    """How long ago: 17 minutes, 27 hours, 3 days; never less than a minute."""
    return format_timedelta(
        max(value, timedelta(minutes=1)), granularity="minute", threshold=2, locale=LOCALES[language]
    )
