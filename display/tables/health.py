"""The tables of Data health."""

from datetime import timedelta

import polars as pl

from analytics.freshness import STALE_AFTER
from display.numbers import age
from display.tables import Column, Shown, Table, shown
from display.words import known, say

FAILURES = ("rejected", "failed")
TROUBLES = (*FAILURES, "busy")

SOURCES = Table(
    "sources",
    (
        Column("source", width=130, pinned=True, words="source."),
        Column(
            "state",
            "chip",
            width=100,
            words="health.state.",
            colours={"fresh": "gray", "stale": "orange", "failed": "red", "rejected": "red", "busy": "orange"},
        ),
        Column("last_loaded_at", "instant", width=150),
        Column("age", width=100),
        Column("rows_read", "number", width=100),
        Column("rows_loaded", "number", width=100),
        Column("rows_quarantined", "number", width=100),
        Column("rows_duplicate", "number", width=100),
    ),
)
TABLES = Table(
    "tables",
    (
        Column("source", width=90, pinned=True, words="source."),
        Column("source_table", width=190, pinned=True),
        Column(
            "outcome",
            "chip",
            width=160,
            words="health.outcome.",
            colours={"accept": "gray", "accept_warn": "blue", "quarantine_rows": "orange", "reject_table": "red"},
        ),
        Column("rows_read", "number", width=90),
        Column("rows_loaded", "number", width=90),
        Column("rows_quarantined", "number", width=90),
        Column("rows_duplicate", "number", width=90),
        Column("balanced", "chip", width=120, words="health.balanced.", colours={"yes": "gray", "no": "red"}),
    ),
)
RECONCILIATION = Table(
    "reconciliation",
    (
        Column("source", width=90, pinned=True, words="source."),
        Column("source_table", width=190, pinned=True),
        Column("check", width=260),
        Column("at_source", "number", width=120),
        Column("in_tandem", "number", width=120),
        Column("difference", "number", width=100),
        Column("state", "chip", width=100, words="health.check.", colours={"agrees": "gray", "differs": "red"}),
        Column("note", width=110),
    ),
)
QUARANTINE = Table(
    "quarantine",
    (
        Column("source_table", width=150, pinned=True),
        Column("line", "number", width=70),
        Column("rule", width=280),
        Column("column_name", width=130),
        Column("value", width=150),
        Column("quarantined_at", "instant", width=150),
        Column("record", width=400),
    ),
)
WARNINGS = Table(
    "warnings",
    (
        Column("source", width=90, pinned=True, words="source."),
        Column("source_table", width=190, pinned=True),
        Column("rule", width=300),
        Column("detail", width=480),
    ),
)
RUNS = Table(
    "runs",
    (
        Column("started_at", "instant", width=150, pinned=True),
        Column("source", width=100, words="source."),
        Column(
            "outcome",
            "chip",
            width=160,
            words="health.outcome.",
            colours={"accept": "gray", "accept_warn": "blue", "quarantine_rows": "orange", "reject_table": "red"},
        ),
        Column("seconds", "amount", width=80),
        Column("source_tables", "number", width=70),
        Column("rows_read", "number", width=90),
        Column("rows_quarantined", "number", width=90),
        Column("rows_deleted", "number", width=80),
        Column("warnings", "number", width=90),
    ),
)
UNIFIED = Table(
    "unified",
    (Column("subject", width=130, words="subject."), Column("table", width=220), Column("rows", "number", width=110)),
)


def rule_in_words(rule: str, detail: str | None, language: str) -> str:
    """What a rule means to the person who corrects the data; its detail, or its own name, where it has no words."""
    return say(language, f"rule.{rule}") if known(f"rule.{rule}") else detail or rule


def in_words(frame: pl.DataFrame, language: str) -> pl.DataFrame:
    """With rules in words."""
    codes = frame.get_column("rule").unique().drop_nulls().to_list()
    return frame.with_columns(pl.col("rule").replace(codes, [rule_in_words(code, None, language) for code in codes]))


def is_stale() -> pl.Expr:
    """Whether a source was last loaded longer ago than a day and a little."""
    return pl.col("age_minutes") > STALE_AFTER.total_seconds() / 60


def source_state() -> pl.Expr:
    """The state of a source: its last attempt failed, or it is stale, or fresh."""
    trouble = pl.col("last_outcome").is_in(TROUBLES)
    return (
        pl.when(trouble).then(pl.col("last_outcome")).when(is_stale()).then(pl.lit("stale")).otherwise(pl.lit("fresh"))
    )


def sources(frame: pl.DataFrame, language: str, zone: str | None) -> Shown:
    """One row per source."""
    ages = [
        None if minutes is None else age(timedelta(minutes=minutes), language)
        for minutes in frame.get_column("age_minutes")
    ]
    stated = frame.with_columns(pl.Series("age", ages, dtype=pl.String), state=source_state())
    return shown(SOURCES, stated, language, zone=zone)


def tables(frame: pl.DataFrame, language: str) -> Shown:
    """One row per source table of the latest run of its source; those that need a look first."""
    grave = ("reject_table", "quarantine_rows", "accept_warn", "accept")
    order = pl.col("outcome").replace_strict(grave, range(len(grave)), return_dtype=pl.Int8)
    return shown(TABLES, frame.sort("balanced", order, maintain_order=True), language)


def reconciliation(frame: pl.DataFrame, language: str) -> Shown:
    """Sums at the source and in Tandem."""
    numbers = [_numbers(frame[name]) for name in ("at_source", "in_tandem", "difference")]
    agrees = pl.col("difference").cast(pl.Decimal(38, 12), strict=False) == 0
    state = pl.when(agrees).then(pl.lit("agrees")).otherwise(pl.lit("differs"))
    return shown(RECONCILIATION, frame.with_columns(state=state).with_columns(numbers), language)


def _numbers(texts: pl.Series) -> pl.Series:
    """Exact texts as numbers, where all of them are."""
    numbers = texts.cast(pl.Float64, strict=False)
    return numbers if numbers.null_count() == texts.null_count() else texts


def quarantine(frame: pl.DataFrame, language: str, zone: str | None, *, masked: bool) -> Shown:
    """Rows set aside, each with the rule it broke in words. ``masked``: the viewer may not see what is in them."""
    hidden = [pl.lit(say(language, "health.masked")).alias(name) for name in ("value", "record") if masked]
    return shown(QUARANTINE, in_words(frame, language).with_columns(hidden), language, zone=zone)


def source_name(source: str, language: str) -> str:
    """What a source is called."""
    return say(language, f"source.{source}") if known(f"source.{source}") else source


def warnings(tables: pl.DataFrame, language: str) -> Shown:
    """What was noticed in the latest runs: one row per notice, which comes as ``rule: detail``."""
    notices = tables.select("source", "source_table", "warnings").explode("warnings").drop_nulls("warnings")
    parts = pl.col("warnings").str.splitn(": ", 2).struct
    told = notices.select("source", "source_table", rule=parts.field("field_0"), detail=parts.field("field_1"))
    return shown(WARNINGS, in_words(told, language), language)


def runs(frame: pl.DataFrame, language: str, zone: str | None) -> Shown:
    """One row per run and source, the latest first."""
    return shown(RUNS, frame, language, zone=zone)


def unified(frame: pl.DataFrame, language: str) -> Shown:
    """How many rows each table of the snapshot has."""
    return shown(UNIFIED, frame, language)
