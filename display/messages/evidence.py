"""What the page of the rows behind a number says: how many they are, and what they add up to."""

import polars as pl

from analytics.metrics import Metric
from display.messages.metrics import Reading, written
from display.messages.metrics import caption as of_days
from display.numbers import count, money
from display.words import say


def title(reading: Reading, rows: pl.DataFrame, language: str) -> str:
    """The number as the sum of its rows; a ratio as one sum over another."""
    metric = reading.metric
    called = say(language, f"metric.{metric.name}")
    if rows.is_empty():
        return say(language, "evidence.title.none", metric=called)
    told = say(language, "rows", count=rows.height).replace(str(rows.height), count(rows.height, language), 1)
    value = written(metric, reading.value, reading.currency, language, whole=True)
    if metric.is_ratio:
        parts = (_sum(rows, name, metric, reading.currency_of_sums, language) for name in ("numerator", "denominator"))
        numerator, denominator = parts
        words = {"metric": called, "numerator": numerator, "denominator": denominator, "value": value, "rows": told}
        return say(language, "evidence.title.ratio", **words)
    return say(language, "evidence.title", metric=called, rows=told, value=value)


def _sum(rows: pl.DataFrame, column: str, metric: Metric, currency: str | None, language: str) -> str:
    """One of the two sums of a ratio: money, or how many."""
    total = float(rows.get_column(column).sum() or 0.0)
    if metric.numerator.is_money and currency:
        return money(total, currency, language, whole=True)
    return count(round(total), language)


def caption(reading: Reading, called: str, language: str) -> str:
    """Of which days, and of which member only."""
    days = of_days(reading, language)
    return f"{called} · {days}" if called else days
