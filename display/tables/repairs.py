"""The tables of Rows set aside."""

import polars as pl

from display.tables import Column, Shown, Table, shown
from display.tables.health import in_words, source_name
from display.words import say

STATES = {"stands": "blue", "changed": "gray", "taken_back": "orange"}
CORRECTED = {"yes": "blue", "no": "gray"}

HELD = Table(
    "held",
    (
        Column("source_table", width=200, pinned=True),
        Column("source", width=110),
        Column("rule", width=320),
        Column("rows", "number", width=80),
        Column("known", "number", width=110),
        Column("amount", "money", width=130),
        Column("currency", width=80),
    ),
)
ASIDE = Table(
    "set_aside",
    (
        Column("source_table", width=160, pinned=True),
        Column("source", width=90),
        Column("line", "number", width=60),
        Column("rule", width=240),
        Column("column_name", width=130),
        Column("value", width=120),
        Column("amount", "money", width=110),
        Column("currency", width=70),
        Column("is_corrected", "chip", width=120, words="repairs.state.", colours=CORRECTED),
    ),
)
CORRECTIONS = Table(
    "corrections",
    (
        Column("corrected_at", "instant", width=150),
        Column("corrected_by", width=110),
        Column("source", width=100),
        Column("source_table", width=180),
        Column("was", width=180),
        Column("became", width=180),
        Column("state", "chip", width=120, words="corrections.state.", colours=STATES),
    ),
)


def _with_sources(frame: pl.DataFrame, language: str) -> pl.DataFrame:
    names = [source_name(source, language) for source in frame["source"]]
    return frame.with_columns(source=pl.Series(names, dtype=pl.String))


def held(frame: pl.DataFrame, language: str) -> Shown:
    """One row per place, rule and currency."""
    return shown(HELD, _with_sources(in_words(frame, language), language), language)


def aside(frame: pl.DataFrame, language: str, *, masked: bool) -> Shown:
    """One row per row set aside. ``masked``: the viewer may not see what is in them."""
    hidden = [pl.lit(say(language, "health.masked")).alias("value")] if masked else []
    return shown(ASIDE, _with_sources(in_words(frame, language), language).with_columns(hidden), language)


def corrections(frame: pl.DataFrame, language: str, zone: str | None) -> Shown:
    """One row per corrected value."""
    hidden = [pl.col(name).fill_null(say(language, "health.masked")) for name in ("was", "became")]
    return shown(CORRECTIONS, _with_sources(frame, language).with_columns(hidden), language, zone=zone)
