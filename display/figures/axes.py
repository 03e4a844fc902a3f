"""Ticks of axes in the reader's language: Plotly writes only English."""

import math
from datetime import date, timedelta
from typing import Any

from display.numbers import compact, month, short_day

FEW_DAYS = 100
EDGE = 0.03


def day_ticks(first: date, last: date, language: str, *, about: int = 6) -> dict[str, Any]:
    """Ticks of an axis of days: the first of each month, or Mondays where the axis is short."""
    if (last - first).days > FEW_DAYS:
        days = _firsts_of_months(first + (last - first) * EDGE, last)
        texts = [
            month(day, language) if day.month == 1 or index == 0 else _month_alone(day, language)
            for index, day in enumerate(days)
        ]
    else:
        days = _mondays(first, last)
        texts = [short_day(day, language) for day in days]
    step = max(1, math.ceil(len(days) / about))
    return {"tickmode": "array", "tickvals": days[::step], "ticktext": texts[::step]}


def _month_alone(day: date, language: str) -> str:
    return f"{day.month}月" if language == "zh" else month(day, language).split()[0]


def _firsts_of_months(first: date, last: date) -> list[date]:
    months = [
        date(first.year + (first.month - 1 + step) // 12, (first.month - 1 + step) % 12 + 1, 1)
        for step in range(1 + (last - first).days // 28)
    ]
    return [day for day in months if first <= day <= last]


def _mondays(first: date, last: date) -> list[date]:
    monday = first + timedelta(days=(7 - first.weekday()) % 7)
    return (
        [monday + timedelta(days=7 * week) for week in range(1 + (last - monday).days // 7)] if monday <= last else []
    )


def number_ticks(low: float, high: float, language: str, *, about: int = 4) -> dict[str, Any]:
    """Ticks of an axis of numbers at round values."""
    values = round_values(low, high, about)
    return {"tickmode": "array", "tickvals": values, "ticktext": [compact(value, language) for value in values]}


def round_values(low: float, high: float, about: int) -> list[float]:
    """About so many round numbers that span low to high: 0, 50, 100, 150."""
    span = high - low
    if span <= 0 or not math.isfinite(span):
        return [low]
    rough = span / about
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough)
    first = math.ceil(low / step)
    return [round(step * position, 10) for position in range(first, math.floor(high / step) + 1)]


def plain(text: str) -> str:
    """A value from the data as a label: Plotly would read tags in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
