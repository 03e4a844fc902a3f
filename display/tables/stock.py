"""The tables of Stock value and age."""

import polars as pl

from display.tables import Column, Shown, Table, shown
from display.tables.inventory import item_name
from display.words import say

VERDICTS = {"dead": "red", "excess": "orange", "on_order": "blue"}

POSITIONS = Table(
    "positions",
    (
        Column("item", width=230, pinned=True),
        Column("site", width=150),
        Column("verdict", "chip", width=140, words="stock.verdict.", colours=VERDICTS),
        Column("on_hand", "number", width=80),
        Column("on_order", "number", width=80),
        Column("need_quantity", "number", width=80),
        Column("idle_since", "day", width=110),
        Column("tied_value", "money", width=100),
        Column("currency", width=70),
    ),
)
HOLDINGS = Table(
    "holdings",
    (
        Column("group", width=160, pinned=True),
        Column("products", "number", width=60),
        Column("stock_value", "money", width=110),
        Column("old_value", "money", width=110),
        Column("dead_value", "money", width=100),
        Column("excess_value", "money", width=120),
        Column("excess_on_order_value", "money", width=120),
        Column("currency", width=70),
    ),
)
BASES = Table(
    "bases",
    (
        Column("basis", width=180, pinned=True, words="stock.basis."),
        Column("value", "money", width=130),
        Column("difference", "money", width=150),
        Column("currency", width=70),
    ),
)
CLASSES = Table(
    "classes",
    (
        Column("item", width=230, pinned=True),
        Column("abc", width=90),
        Column("xyz", width=90),
        Column("is_intermittent", width=100, words="stock.intermittent."),
        Column("on_hand", "number", width=90),
        Column("stock_value", "money", width=110),
        Column("worth", "money", width=130),
        Column("currency", width=70),
    ),
)


def positions(frame: pl.DataFrame, language: str) -> Shown:
    """Items and sites with dead or excess stock, in their order."""
    return shown(POSITIONS, frame.with_columns(item=item_name(language)), language)


def classes(frame: pl.DataFrame, language: str) -> Shown:
    """Items with their classes, in their order."""
    return shown(CLASSES, frame.with_columns(item=item_name(language)), language)


def holdings(frame: pl.DataFrame, grouping: str, language: str) -> Shown:
    """One row per group; the first heading names what it is grouped by."""
    unnamed = say(language, "inventory.groups.unnamed")
    named = frame.with_columns(pl.col("group").fill_null(unnamed))
    return shown(HOLDINGS, named, language, headings={"group": say(language, f"grouping.{grouping}")})


def bases(frame: pl.DataFrame, language: str) -> Shown:
    """The value of the stock by each basis of cost."""
    return shown(BASES, frame, language)
