"""The table of whom one may address."""

import polars as pl

from display.tables import Column, Shown, Table, shown
from display.tables.customer_outlook import STAGE_COLOURS
from display.tables.customers import SEGMENT_COLOURS, name

AUDIENCE = Table(
    "audience",
    (
        Column("customer", width=190, pinned=True),
        Column("person", width=140),
        Column("role", width=140),
        Column("address", width=200),
        Column("group", "chip", width=85, words="audience.group.", colours={"offer": "blue", "control": "gray"}),
        Column("segment", "chip", width=120, words="segment.", colours=SEGMENT_COLOURS),
        Column("stage", "chip", width=90, words="stage.", colours=STAGE_COLOURS),
        Column("leaving_risk", "share", width=85),
        Column("expected_amount", "money", width=105),
        Column("topic", width=110, words="topic."),
        Column("decided_at", "day", width=100),
    ),
)


def audience(frame: pl.DataFrame, language: str) -> Shown:
    """Persons and addresses in their order; when they consented as a day (UTC)."""
    told = frame.with_columns(name(language), decided_at=pl.col("decided_at").dt.date())
    return shown(AUDIENCE, told, language)
