"""Numbers, money, days and ages in the reader's language."""

from datetime import UTC, date, datetime, timedelta

import pytest

from display import numbers


@pytest.mark.parametrize(
    ("amount", "currency", "english", "chinese"),
    [
        (0, "EUR", "€0", "€0"),
        (31_200, "EUR", "€31,200", "€31,200"),
        (-1_234.4, "EUR", "-€1,234", "-€1,234"),
        (99_999, "CHF", "CHF99,999", "CHF99,999"),
        (545_160, "USD", "US$545K", "US$54.5万"),
        (4_812_000, "EUR", "€4.8M", "€481.2万"),
        (31_200, "CNY", "CN¥31,200", "¥31,200"),
    ],
)
def test_money_is_short_and_has_its_currency(amount: float, currency: str, english: str, chinese: str) -> None:
    assert numbers.money(amount, currency, "en") == english
    assert numbers.money(amount, currency, "zh").replace("\xa0", "") == chinese


def test_narrow_money_is_shortened_earlier() -> None:
    assert numbers.money(30_406, "USD", "en", narrow=True) == "US$30.4K"
    assert numbers.money(9_999, "USD", "en", narrow=True) == "US$9,999"


def test_currencies_are_never_added_up() -> None:
    assert numbers.moneys({"EUR": 3, "CHF": 12_000}, "en") == "CHF12,000 + €3"
    assert numbers.moneys({}, "en") == ""


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (2.5, "2.5"), (0.126, "0.13"), (99.99, "99.99"), (100.4, "100"), (12_345, "12,345")]
)
def test_a_quantity_has_the_decimals_that_matter(value: float, text: str) -> None:
    assert numbers.quantity(value, "en") == text
    assert numbers.quantity(value, "en", "kg") == f"{text} kg"


def test_days_are_written_as_the_reader_writes_them() -> None:
    day = date(2026, 11, 27)
    assert [numbers.day(day, language) for language in ("en", "zh")] == ["27 Nov 2026", "2026年11月27日"]
    assert [numbers.short_day(day, language) for language in ("en", "zh")] == ["27 Nov", "11月27日"]
    assert [numbers.month(day, language) for language in ("en", "zh")] == ["Nov 2026", "2026年11月"]


def test_an_instant_stands_in_the_readers_zone_and_says_utc_where_that_is_unknown() -> None:
    at = datetime(2026, 11, 22, 18, 3, tzinfo=UTC)
    assert numbers.instant(at, "zh", "Asia/Shanghai") == "2026年11月23日 02:03"
    assert numbers.instant(at, "en", "Europe/Berlin") == "22 Nov 2026, 19:03"
    assert numbers.instant(at, "en") == numbers.instant(at, "en", "Mars/Olympus") == "22 Nov 2026, 18:03 UTC"


@pytest.mark.parametrize(
    ("age", "english", "chinese"),
    [
        (timedelta(seconds=2), "1 minute", "1分钟"),
        (timedelta(minutes=17), "17 minutes", "17分钟"),
        (timedelta(hours=27), "27 hours", "27小时"),
        (timedelta(days=3), "3 days", "3天"),
    ],
)
def test_an_age_is_told_in_the_unit_that_fits(age: timedelta, english: str, chinese: str) -> None:
    assert numbers.age(age, "en") == english
    assert numbers.age(age, "zh") == chinese


def test_a_share_has_one_decimal() -> None:
    assert numbers.percent(0.968, "en") == "96.8%"
    assert numbers.count(320_158, "zh") == "320,158"
    assert numbers.compact(1_250_000, "en") == "1.2M"
