"""The tables of leads."""

import polars as pl

from display.tables import Column, Shown, Table, shown
from display.words import say

LEADS = Table(
    "leads",
    (
        Column("name", width=220, pinned=True),
        Column("company_name", width=150),
        Column("contact_name", width=140),
        Column("origin", width=110),
        Column("owner", width=140),
        Column("age_days", "number", width=85),
        Column("stated", "share", width=90),
        Column("chance", "share", width=85),
    ),
)
SOURCES = Table(
    "lead_sources",
    (
        Column("origin", width=170, pinned=True),
        Column("leads", "number", width=75),
        Column("converted", "share", width=110),
        Column("low", "share", width=75),
        Column("high", "share", width=75),
        Column("converted_before", "share", width=105),
        Column("won", "share", width=95),
        Column("amount_per_lead", "money", width=115),
    ),
)


def leads(frame: pl.DataFrame, language: str) -> Shown:
    """Open leads in their order; one whose name is hidden is told by its source."""
    name = pl.coalesce("name", "origin", pl.lit(say(language, "customers.private")))
    return shown(LEADS, frame.with_columns(name=name), language)


def sources(frame: pl.DataFrame, language: str) -> Shown:
    """Sources in their order."""
    return shown(SOURCES, frame.with_columns(pl.col("origin").fill_null(say(language, "none"))), language)
