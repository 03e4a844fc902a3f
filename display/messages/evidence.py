"""What the page of the rows behind a number says: how many they are, and what they add up to."""

import polars as pl

from display.messages.metrics import Reading, written
from display.messages.metrics import caption as of_days
from display.numbers import count
from display.words import say


def title(reading: Reading, rows: pl.DataFrame, language: str) -> str:
    """The number as the sum of its rows; a ratio as one sum over another."""
    metric = reading.metric
    called = say(language, f"metric.{metric.name}")
    if rows.is_empty():
        return say(language, "evidence.title.none", metric=called)
    told = say(language, "rows", count=rows.height).replace(str(rows.height), count(rows.height, language), 1)
    value = written(metric, reading.value, reading.currency, language, whole=True)
    return say(language, "evidence.title", metric=called, rows=told, value=value)


def caption(reading: Reading, called: str, language: str) -> str:
    """Of which days, and of which member only."""
    days = of_days(reading, language)
    return f"{called} · {days}" if called else days
