"""The tables of Connect."""

import polars as pl

from display.tables import Column, Shown, Table, shown
from display.tables.health import rule_in_words

CONNECTIONS = Table(
    "connections",
    (
        Column("name", width=150, pinned=True),
        Column(
            "state",
            "chip",
            width=120,
            words="connect.state.",
            colours={
                "running": "blue",
                "waiting": "blue",
                "paused": "gray",
                "fresh": "gray",
                "away": "orange",
                "refused": "red",
                "failed": "red",
                "never": "gray",
            },
        ),
        Column("source", width=110, words="source."),
        Column("loaded_at", "instant", width=150),
        Column("next_at", "instant", width=150),
        Column("rows_loaded", "number", width=110),
        Column("rows_quarantined", "number", width=100),
        Column("place", width=260),
    ),
)
LOADS = Table(
    "connect_loads",
    (
        Column("source_table", width=220, pinned=True),
        Column(
            "outcome",
            "chip",
            width=160,
            words="connect.outcome.",
            colours={"accept": "gray", "accept_warn": "blue", "quarantine_rows": "orange", "reject_table": "red"},
        ),
        Column("rows_read", "number", width=100),
        Column("rows_loaded", "number", width=100),
        Column("rows_quarantined", "number", width=100),
        Column("rows_duplicate", "number", width=100),
    ),
)
SEEN = Table("connect_seen", (Column("source_table", width=300, pinned=True), Column("rows_read", "number", width=120)))
PROBLEMS = Table(
    "connect_problems",
    (
        Column("source_table", width=180, pinned=True),
        Column("rows", "number", width=80),
        Column("told", width=640),
    ),
)
PROPOSED = Table(
    "connect_proposed",
    (
        Column("table", width=180, pinned=True),
        Column("to", width=180),
        Column("certainty", "share", width=90),
        Column("columns", "number", width=90),
        Column("with_field", "number", width=100),
        Column("missing", "number", width=90),
        Column("reason", width=420),
    ),
)


def connections(frame: pl.DataFrame, language: str, zone: str | None) -> Shown:
    """One row per connection."""
    return shown(CONNECTIONS, frame, language, zone=zone)


def loads(frame: pl.DataFrame, language: str) -> Shown:
    """One row per table and what became of its rows; of tables whose rows were only counted, their number alone."""
    is_counted = frame["outcome"].is_null().all()
    return (
        shown(SEEN, frame.sort("rows_read", descending=True), language) if is_counted else shown(LOADS, frame, language)
    )


def problems(frame: pl.DataFrame, language: str) -> Shown:
    """One row per rule that rows of a table broke, in words."""
    told = [rule_in_words(rule, detail, language) if detail is None else detail for rule, detail in _rules(frame)]
    return shown(PROBLEMS, frame.with_columns(told=pl.Series(told, dtype=pl.String)), language)


def _rules(frame: pl.DataFrame) -> list[tuple[str, str | None]]:
    return list(frame.select("rule", "detail").iter_rows())


def proposed(frame: pl.DataFrame, language: str) -> Shown:
    """One row per table of an unknown delivery and what it seems to be."""
    return shown(PROPOSED, frame, language)


__all__ = ["connections", "loads", "problems", "proposed"]
