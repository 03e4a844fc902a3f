"""The table of a firm that changed its ERP."""

import polars as pl

from display.tables import Column, Shown, Table, shown

CUTOVER = Table(
    "cutover",
    (
        Column("table", width=200, pinned=True),
        *(
            Column(name, "number", width=130)
            for name in (
                "before_counted",
                "before_left_out",
                "after_counted",
                "after_left_out",
                "carried_over",
                "open_without",
            )
        ),
    ),
)


def counts(frame: pl.DataFrame, language: str) -> Shown:
    """How many rows of each system count, by table."""
    return shown(CUTOVER, frame, language)
