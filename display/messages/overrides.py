"""What is said of figures that people put beside forecasts."""

from typing import Any

import polars as pl

from display.numbers import day, quantity
from display.words import say


def standing(rows: pl.DataFrame, language: str) -> tuple[str, ...]:
    """Each figure that stands, as one sentence. ``rows``: see ``answers.overrides.standing``."""
    return tuple(_sentence(row, language) for row in rows.iter_rows(named=True))


def _sentence(row: dict[str, Any], language: str) -> str:
    return say(
        language,
        "overrides.stands",
        person=row["person"],
        figure=quantity(row["figure"], language),
        told=quantity(round(row["told"], 1), language),
        unit=row["unit"] or "",
        days=row["days"],
        day=day(row["from_on"], language),
        reason=row["reason"],
    )
