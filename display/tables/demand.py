"""The tables of Demand."""

import polars as pl

from display.numbers import quantity
from display.tables import Column, Shown, Table, shown
from display.tables.inventory import item_name
from display.words import say

PATTERNS = {
    "smooth": "blue",
    "erratic": "violet",
    "intermittent": "gray",
    "lumpy": "orange",
    "new": "green",
    "asleep": "gray",
}
MANY = 1_000
KINDS = {"one_off": "gray", "hidden": "orange"}
_AHEAD = (
    Column("pattern", "chip", width=110, words="demand.pattern.", colours=PATTERNS),
    Column("mean_28", "number", width=100),
    Column("range_28", width=110),
    Column("mean_91", "number", width=100),
    Column("last_91", "number", width=100),
    Column("last_year", "number", width=130),
    Column("change", "number", width=95),
)
ITEMS = Table(
    "demand_items",
    (
        Column("item", width=230, pinned=True),
        *_AHEAD,
        Column("unit", width=60),
        Column("value", "money", width=120),
        Column("currency", width=70),
    ),
)
SITES = Table("demand_sites", (Column("site", width=200, pinned=True), *_AHEAD))
ODD = Table(
    "demand_odd",
    (
        Column("day_on", "day", width=110),
        Column("kind", "chip", width=110, words="demand.kind.", colours=KINDS),
        Column("item", width=260),
        Column("site", width=160),
        Column("recorded", "number", width=90),
        Column("counted", "number", width=90),
    ),
)
WEEKS = Table(
    "demand_weeks",
    (
        Column("week_on", "day", width=120),
        *(Column(name, "number", width=120) for name in ("mean", "q10", "q50", "q90", "q95")),
    ),
)


def _ahead(frame: pl.DataFrame, language: str) -> pl.DataFrame:
    ranges = [
        say(language, "demand.parts.range", low=quantity(round(low), language), high=quantity(round(high), language))
        for low, high in frame.select("low_28", "high_28").iter_rows()
    ]
    rounded = [pl.col(name).round(1) for name in ("mean_28", "mean_91", "last_91", "last_year")]
    shares = (pl.col("change") * 100).round()
    return frame.with_columns(*rounded, shares.alias("change"), range_28=pl.Series(ranges, dtype=pl.String))


def items(frame: pl.DataFrame, language: str) -> Shown:
    """Items in their order."""
    return shown(ITEMS, _ahead(frame, language).with_columns(item=item_name(language)), language)


def sites(frame: pl.DataFrame, language: str) -> Shown:
    """One item at each site."""
    return shown(SITES, _ahead(frame, language), language)


def odd(frame: pl.DataFrame, language: str) -> Shown:
    """What counts otherwise than it was recorded: recorded and counted in the item's unit."""
    is_large = pl.col("kind") == "one_off"
    recorded = pl.when(is_large).then("quantity").otherwise(0.0).round(1)
    named = frame.with_columns(item=item_name(language), recorded=recorded, counted=pl.col("usual").round(1))
    return shown(ODD, named, language)


def weeks(frame: pl.DataFrame, language: str) -> Shown:
    """The weeks ahead."""
    numbers = ("mean", "q10", "q50", "q90", "q95")
    places = 0 if (frame["mean"].max() or 0.0) >= MANY else 1  # type: ignore[operator]
    rounded = frame.with_columns(pl.col(name).round(places) for name in numbers)
    return shown(WEEKS, rounded, language)
