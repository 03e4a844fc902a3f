"""The table of what the change of cycle time is made of."""

import polars as pl

from display.tables import Column, Shown, Table, shown

KINDS = Table(
    "cycle_change",
    (
        Column("site", width=180, pinned=True),
        Column("region", width=130),
        Column("category", width=140),
        Column("orders_before", "number", width=100),
        Column("orders_after", "number", width=100),
        Column("days_before", "number", width=100),
        Column("days_after", "number", width=100),
        Column("change", "number", width=90),
    ),
)


def kinds(frame: pl.DataFrame, language: str) -> Shown:
    """Each kind of order before and after, those with most orders first."""
    return shown(KINDS, frame.with_columns(pl.col("days_before", "days_after", "change").round(1)), language)
