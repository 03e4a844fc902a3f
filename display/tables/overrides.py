"""The tables of figures that people put beside forecasts."""

import polars as pl

from display.numbers import quantity
from display.tables import Column, Shown, Table, shown
from display.tables.inventory import item_name
from display.words import say

STATES = {"stands": "blue", "replaced": "gray", "withdrawn": "gray", "ended": "green"}
REGISTER = Table(
    "override_register",
    (
        Column("number", "number", width=60, pinned=True),
        Column("item", width=180),
        Column("state", "chip", width=95, words="overrides.state.", colours=STATES),
        Column("figure", "number", width=90),
        Column("told", "number", width=105),
        Column("came", "number", width=75),
        Column("unit", width=55),
        Column("until_on", "day", width=105),
        Column("reason", width=240),
        Column("range", width=110),
        Column("days", "number", width=60),
        Column("person", width=90),
        Column("given_at", "instant", width=140),
    ),
)
ADDED = Table(
    "value_added",
    (
        Column("who", width=220, pinned=True),
        Column("figures", "number", width=80),
        Column("nearer", "number", width=150),
        Column("missed", "number", width=95),
        Column("missed_by_forecast", "number", width=150),
        Column("added", "number", width=160),
        Column("range", width=130),
    ),
)


def register(frame: pl.DataFrame, language: str, zone: str | None) -> Shown:
    """Figures in their order."""
    edges = frame.select("low", "high").iter_rows()
    ranges = [_range(low, high, language) for low, high in edges]
    rounded = [pl.col(name).round(1) for name in ("figure", "told", "came")]
    named = frame.with_columns(*rounded, item=item_name(language), range=pl.Series(ranges, dtype=pl.String))
    return shown(REGISTER, named, language, zone=zone)


def _range(low: float | None, high: float | None, language: str) -> str | None:
    if low is None or high is None:
        return None
    written = {name: quantity(round(value), language) for name, value in (("low", low), ("high", high))}
    return say(language, "demand.parts.range", **written)


def added(frame: pl.DataFrame, language: str) -> Shown:
    """Whether figures were nearer, by person or by item."""
    ranges = [
        None if low is None or high is None else f"{low * 100:+.1f} – {high * 100:+.1f}"
        for low, high in frame.select("low", "high").iter_rows()
    ]
    who = item_name(language) if "product_id" in frame.columns else pl.col("person")
    shares = [(pl.col(name) * 100).round(1) + 0.0 for name in ("missed", "missed_by_forecast", "added")]
    named = frame.with_columns(*shares, who=who, range=pl.Series(ranges, dtype=pl.String))
    return shown(ADDED, named, language)
