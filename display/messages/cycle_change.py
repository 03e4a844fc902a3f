"""What the change of cycle time since a day says in words."""

import polars as pl

from display.numbers import count, day, quantity
from display.words import say


def sentences(rows: pl.DataFrame, language: str) -> list[str]:
    """The change with its band, the plain means, and what was compared: see ``analytics.cycle_change.CHANGE``; one
    sentence where nothing can be compared."""
    if rows.is_empty():
        return [say(language, "cycle_change.none")]
    row = rows.row(0, named=True)
    clear = "less" if row["high"] < 0 else "more" if row["low"] > 0 else "same"
    low, high = (-row["high"], -row["low"]) if clear == "less" else (row["low"], row["high"])
    values = {
        "days": quantity(round(abs(row["change"]), 1), language),
        "low": quantity(round(low, 1), language),
        "high": quantity(round(high, 1), language),
    }
    plain = {
        "before": quantity(round(row["days_before"], 1), language),
        "after": quantity(round(row["days_after"], 1), language),
        "orders_before": count(row["orders_before"], language),
        "orders_after": count(row["orders_after"], language),
        "first": day(row["from_on"], language),
        "last": day(row["until_on"], language),
    }
    return [say(language, f"cycle_change.{clear}", **values), say(language, "cycle_change.plain", **plain)]
