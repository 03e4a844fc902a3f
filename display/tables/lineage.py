"""The tables of Lineage."""

import polars as pl

from display.tables import Column, Shown, Table, shown
from display.tables.health import source_name

ORIGIN = Table(
    "origin",
    (
        Column("source_table", width=200),
        Column("sync_run_id", "number", width=70),
        Column("started_at", "instant", width=150),
        Column("finished_at", "instant", width=150),
        Column("source_as_of", "instant", width=150),
        Column("mode", width=90, words="lineage.mode."),
        Column("outcome", width=150, words="health.outcome."),
    ),
)
VALUES = Table(
    "field_values",
    (Column("field", width=170, pinned=True), Column("value", width=330), Column("came_from", width=420)),
)
CHANGES = Table(
    "changes",
    (
        Column("changed_at", "instant", width=150),
        Column("load_id", "number", width=70),
        Column("field", width=160),
        Column("was", width=250),
        Column("became", width=250),
    ),
)
FOLLOWERS = Table(
    "followers", (Column("table", width=220), Column("column", width=220), Column("rows", "number", width=100))
)
SYSTEMS = Table("systems", (Column("source", width=150), Column("base", width=420)))


def origin(frame: pl.DataFrame, language: str, zone: str | None) -> Shown:
    """One row per source table that may have brought a row."""
    return shown(ORIGIN, frame, language, zone=zone)


def values(frame: pl.DataFrame, language: str) -> Shown:
    """One row per field."""
    return shown(VALUES, frame, language)


def changes(frame: pl.DataFrame, language: str, zone: str | None) -> Shown:
    """One row per field that a load changed."""
    return shown(CHANGES, frame, language, zone=zone)


def followers(frame: pl.DataFrame, language: str) -> Shown:
    """One row per table and column that refer to a row."""
    return shown(FOLLOWERS, frame, language)


def systems(frame: pl.DataFrame, language: str) -> Shown:
    """One row per source whose records have addresses."""
    names = [source_name(source, language) for source in frame["source"]]
    return shown(SYSTEMS, frame.with_columns(source=pl.Series(names, dtype=pl.String)), language)
