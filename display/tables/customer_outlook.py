"""The tables of what customers will likely buy, and of the stages of their life as customers."""

import polars as pl

from analytics.life_cycle import REASONS
from display.tables import Column, Shown, Table, shown
from display.tables.customers import name
from display.words import say

STAGE_COLOURS = {
    "prospect": "gray",
    "new": "violet",
    "active": "blue",
    "won_back": "green",
    "at_risk": "orange",
    "lapsed": "gray",
}
STAGE = Column("stage", "chip", width=90, words="stage.", colours=STAGE_COLOURS)
STAGES = Table(
    "stages",
    (
        STAGE,
        Column("customers", "number", width=78),
        Column("share", "share", width=58),
        Column("revenue", "money", width=95),
        Column("expected_amount", "money", width=92),
        Column("leaving_risk", "share", width=75),
    ),
)
OUTLOOK = Table(
    "outlook",
    (
        Column("customer", width=175, pinned=True),
        STAGE,
        Column("leaving_risk", "share", width=128),
        Column("why", width=225),
        Column("expected_amount", "money", width=95),
        Column("expected_margin", "money", width=128),
        Column("amount_low", "money", width=65),
        Column("amount_high", "money", width=80),
    ),
)
RELIABILITY = Table(
    "reliability",
    (
        Column("fifth", width=140, words="fifth."),
        Column("customers", "number", width=90),
        Column("said", "share", width=100),
        Column("came", "share", width=100),
    ),
)


def stages(rows: pl.DataFrame, language: str) -> Shown:
    """One row per stage."""
    return shown(STAGES, rows, language)


def outlook(rows: pl.DataFrame, language: str) -> Shown:
    """Customers in their order, with what they will likely buy."""
    words = [say(language, f"leaving.{reason}") for reason in REASONS]
    texts = pl.col("reasons").list.eval(pl.element().replace_strict(REASONS, words, return_dtype=pl.String))
    why = pl.when(pl.col("leaving_risk").is_not_null()).then(texts.list.join("; "))
    return shown(OUTLOOK, rows.with_columns(name(language), why=why), language)


def reliability(rows: pl.DataFrame, language: str) -> Shown:
    """What was said 90 days ago beside what came, by fifths of customers."""
    return shown(RELIABILITY, rows, language)
