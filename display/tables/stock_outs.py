"""The tables of Stock-outs."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from display.tables import Column, Shown, Table, shown
from display.tables.inventory import item_name
from display.words import say

WHEN = {"now": "orange", "too_late": "red", "later": "gray", "not_needed": "gray", "unknown": "gray"}
OVERDUE = {"yes": "orange", "no": "gray"}

RISKS = Table(
    "risks",
    (
        Column("item", width=220, pinned=True),
        Column("site", width=130),
        Column("p_28", "bar", width=120, most=100),
        Column("likely_out_on", "day", width=105),
        Column("when_to_order", "chip", width=90, words="stockouts.when.", colours=WHEN),
        Column("order_by_on", "day", width=105),
        Column("units_lost", "number", width=70),
        Column("at_stake", "money", width=120),
        Column("currency", width=70),
    ),
)
COVERS = Table(
    "covers",
    (
        Column("due_on", "day", width=110),
        Column("arrives_80_on", "day", width=110),
        Column("usual", width=120),
        Column("kind", width=100, words="inventory.event."),
        Column("number", width=120),
        Column("party", width=160),
        Column("quantity", "number", width=80),
        Column("is_overdue", "chip", width=100, words="stockouts.overdue.", colours=OVERDUE),
    ),
)
ORDERS = Table(
    "hit_orders",
    (
        Column("due_on", "day", width=110),
        Column("kind", width=130, words="inventory.event."),
        Column("number", width=120),
        Column("party", width=200),
        Column("quantity", "number", width=80),
        Column("units_short", "number", width=80),
        Column("p_late", "bar", width=120, most=100),
        Column("is_overdue", "chip", width=100, words="stockouts.overdue.", colours=OVERDUE),
    ),
)
GROUPS = Table(
    "risk_groups",
    (
        Column("group", width=180, pinned=True),
        Column("judged", "number", width=110),
        Column("likely_out", "number", width=100),
        Column("order_now", "number", width=100),
        Column("at_stake", "money", width=130),
        Column("currency", width=70),
    ),
)


def place_name(risk: Mapping[str, Any], language: str) -> str:
    """What an item at a site is called."""
    name = (risk["name_zh"] or risk["name"]) if language == "zh" else risk["name"]
    item = " · ".join(text for text in (risk["sku"], name) if text)
    return say(language, "stockouts.at", item=item, site=risk["site"])


def _percent(name: str) -> pl.Expr:
    return (pl.col(name) * 100).round().alias(name)


def risks(frame: pl.DataFrame, language: str) -> Shown:
    """Items at sites, in their order."""
    named = frame.with_columns(_percent("p_28"), pl.col("units_lost").round(1), item=item_name(language))
    return shown(RISKS, named, language)


def covers(frame: pl.DataFrame, language: str) -> Shown:
    """What is on order, with how late it usually comes."""
    texts = {days: _usually(days, language) for days in frame["days_late_80"].unique().drop_nulls()}
    usual = pl.col("days_late_80").replace_strict(texts, default=None, return_dtype=pl.String)
    return shown(COVERS, frame.with_columns(usual=usual), language)


def _usually(days: int, language: str) -> str:
    words = "on_time" if days == 0 else "usual" if days > 0 else "early"
    return say(language, f"stockouts.covers.{words}", count=abs(days))


def orders(frame: pl.DataFrame, language: str) -> Shown:
    """Whom a shortage hits, first promised first."""
    return shown(ORDERS, frame.with_columns(_percent("p_late"), pl.col("units_short").round(1)), language)


def groups(frame: pl.DataFrame, grouping: str, language: str) -> Shown:
    """One row per group; the first heading names what it is grouped by."""
    unnamed = say(language, "inventory.groups.unnamed")
    named = frame.with_columns(pl.col("group").fill_null(unnamed))
    return shown(GROUPS, named, language, headings={"group": say(language, f"grouping.{grouping}")})
