"""The tables of Inventory and demand."""

import polars as pl

from display.tables import Column, Shown, Table, shown
from display.words import say

STATES = {
    "negative": "red",
    "out": "red",
    "runs_out": "red",
    "low": "orange",
    "healthy": "gray",
    "overstock": "blue",
    "no_demand": "gray",
}
FULL_COVER_DAYS = 90

OUTLOOK = Table(
    "outlook",
    (
        Column("item", width=230, pinned=True),
        Column("state", "chip", width=110, words="inventory.state.", colours=STATES),
        Column("days_of_cover", "bar", width=120, most=FULL_COVER_DAYS),
        Column("recent_demand", "trend", width=120),
        Column("runs_out_on", "day", width=110),
        Column("sites_short", "number", width=90),
        Column("at_stake_at_sites", "money", width=110),
        Column("at_stake", "money", width=110),
        Column("currency", width=70),
    ),
)
EVENTS = Table(
    "events",
    (
        Column("due_on", "day", width=110),
        Column("direction", width=80, words="inventory.direction."),
        Column("kind", width=130, words="inventory.event."),
        Column("number", width=130),
        Column("party"),
        Column("quantity", "number", width=100),
        Column("is_overdue", "chip", width=100, words="inventory.overdue.", colours={"yes": "orange", "no": "gray"}),
    ),
)
BY_SITE = Table(
    "by_site",
    (
        Column("site", width=180, pinned=True),
        Column("state", "chip", width=110, words="inventory.state.", colours=STATES),
        Column("on_hand", "number", width=90),
        Column("open_demand", "number", width=90),
        Column("days_of_cover", "bar", width=120, most=FULL_COVER_DAYS),
        Column("runs_out_on", "day", width=110),
        Column("at_stake", "money", width=110),
        Column("currency", width=70),
    ),
)
GROUPS = Table(
    "groups",
    (
        Column("group", width=140, pinned=True),
        Column("products", "number", width=60),
        Column("out", "number", width=55),
        Column("running_out", "number", width=85),
        Column("low", "number", width=55),
        Column("on_hand_value", "money", width=105),
        Column("at_stake", "money", width=95),
        Column("currency", width=70),
    ),
)


def item_name(language: str) -> pl.Expr:
    """What an item is called: its number and its name, the Chinese one for a Chinese reader where there is one."""
    name = pl.coalesce("name_zh", "name") if language == "zh" else pl.col("name")
    return pl.concat_str(["sku", name], separator=" · ", ignore_nulls=True)


def outlook(frame: pl.DataFrame, language: str) -> Shown:
    """Items ranked by consequence."""
    return shown(OUTLOOK, frame.with_columns(item=item_name(language)), language)


def events(frame: pl.DataFrame, language: str) -> Shown:
    """The receipts and open orders of one item, by day."""
    return shown(EVENTS, frame, language)


def by_site(frame: pl.DataFrame, language: str) -> Shown:
    """One item at each of its sites, the gravest first."""
    return shown(BY_SITE, frame, language)


def groups(frame: pl.DataFrame, grouping: str, language: str) -> Shown:
    """One row per group; the first heading names what it is grouped by."""
    unnamed = say(language, "inventory.groups.unnamed")
    named = frame.with_columns(pl.col("group").fill_null(unnamed))
    return shown(GROUPS, named, language, headings={"group": say(language, f"grouping.{grouping}")})
