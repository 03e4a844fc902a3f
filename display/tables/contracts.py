"""The tables of customers that order at an equal interval, and of what segments buy and cost."""

import polars as pl

from display.tables import Column, Shown, Table, shown
from display.tables.customers import SEGMENT_COLOURS, name

CONTRACTS = Table(
    "contracts",
    (
        Column("customer", width=175, pinned=True),
        Column("interval_days", "number", width=85),
        Column("due_on", "day", width=105),
        Column("stays", "share", width=92),
        Column("stays_year", "share", width=72),
        Column("year_low", "share", width=62),
        Column("year_high", "share", width=62),
        Column("worth_year", "money", width=118),
        Column("worth_low", "money", width=100),
        Column("worth_high", "money", width=100),
        Column("segment", "chip", width=125, words="segment.", colours=SEGMENT_COLOURS, is_extra=True),
        Column("began_on", "day", width=105, is_extra=True),
    ),
)
CHECK = Table(
    "contracts_check",
    (
        Column("fifth", width=140, words="fifth."),
        Column("customers", "number", width=90),
        Column("said", "share", width=100),
        Column("came", "share", width=100),
    ),
)
PROFILES = Table(
    "profiles",
    (
        Column("segment", "chip", width=130, pinned=True, words="segment.", colours=SEGMENT_COLOURS),
        Column("customers", "number", width=85),
        Column("margin", "money", width=120),
        Column("cost_to_serve", "money", width=110),
        Column("left_over", "money", width=110),
        Column("category", width=120),
        Column("category_share", "share", width=85),
        Column("channel", width=85, words="channel."),
        Column("channel_share", "share", width=85),
        Column("contracts", "number", width=85),
    ),
)
CLUSTERS = Table(
    "clusters",
    (
        Column("cluster", "number", width=80, pinned=True),
        Column("company", width=180),
        Column("customers", "number", width=85),
        Column("recency_days", "number", width=130),
        Column("order_days", "number", width=110),
        Column("revenue", "money", width=120),
    ),
)


def clusters(rows: pl.DataFrame, language: str) -> Shown:
    """One row per group that customers form by themselves."""
    return shown(CLUSTERS, rows.with_columns(pl.col("recency_days", "order_days").round()), language)


def contracts(rows: pl.DataFrame, language: str) -> Shown:
    """Customers in their order, with how long each goes on."""
    return shown(CONTRACTS, rows.with_columns(name(language)), language)


def check(rows: pl.DataFrame, language: str) -> Shown:
    """What was said of contracts beside what came, by fifths."""
    return shown(CHECK, rows, language)


def profiles(rows: pl.DataFrame, language: str) -> Shown:
    """One row per segment."""
    return shown(PROFILES, rows.with_columns(pl.col("cost_to_serve", "left_over").round()), language)
