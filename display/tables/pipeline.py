"""The tables of Pipeline."""

import polars as pl

from display.tables import Column, Shown, Table, shown
from display.words import say

DATES, DELIVERY = {"yes": "orange", "no": "gray"}, {"short": "orange", "clear": "gray"}
_GROUP = (
    Column("deals", "number", width=65),
    Column("amount", "money", width=95),
    Column("weighted", "money", width=95),
    Column("age_days", "number", width=78),
    Column("slipped", "number", width=65),
    Column("short", "number", width=105),
)
STAGES = Table("pipeline_stages", (Column("group", width=120, pinned=True), *_GROUP))
OWNERS = Table("pipeline_owners", (Column("group", width=190, pinned=True), *_GROUP))
DEALS = Table(
    "pipeline",
    (
        Column("name", width=300, pinned=True),
        Column("stage", width=110),
        Column("owner", width=140),
        Column("age_days", "number", width=80),
        Column("close_on", "day", width=100),
        Column("amount", "money", width=95),
        Column("chance", "share", width=75),
        Column("weighted", "money", width=100),
    ),
)
TOLD = Table(
    DEALS.name,
    (
        *DEALS.columns,
        Column("has_slipped", "chip", width=110, words="deal.slipped.", colours=DATES, is_extra=True),
        Column("delivery", "chip", width=140, words="deal.delivery.", colours=DELIVERY, is_extra=True),
        Column("deliverable_on", "day", width=120, is_extra=True),
        Column("product", width=200, is_extra=True),
        Column("customer", width=200, is_extra=True),
        Column("origin", width=120, is_extra=True),
        Column("main_product", width=200, is_extra=True),
    ),
)
CHECK = Table(
    "pipeline_check",
    (
        Column("fifth", width=140, words="fifth."),
        Column("deals", "number", width=90),
        Column("said", "share", width=100),
        Column("won", "share", width=100),
    ),
)


def groups(frame: pl.DataFrame, by: str, language: str) -> Shown:
    """Open deals by stage, or by owner."""
    named = frame.with_columns(pl.col("group").fill_null(say(language, "none")), pl.col("age_days").round())
    return shown(STAGES if by == "stage" else OWNERS, named, language)


def deals(frame: pl.DataFrame, language: str) -> Shown:
    """Open deals in their order; one whose name is hidden is told by its customer."""
    name = pl.coalesce("name", "customer", pl.lit(say(language, "customers.private")))
    return shown(TOLD, frame.with_columns(name=name, chance=pl.coalesce("chance", "stated")), language)


def check(frame: pl.DataFrame, language: str) -> Shown:
    """Chance said beside share won, by fifths of the deals closed of late."""
    return shown(CHECK, frame, language)
