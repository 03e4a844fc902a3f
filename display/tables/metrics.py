"""The tables of a number: the rows behind it, and who and what contributed to its change."""

import polars as pl

from analytics.metrics import Metric
from display.tables import Column, Shown, Table, shown
from display.words import say

EVIDENCE = Table(
    "evidence",
    (
        Column("day_on", "day", width=105, pinned=True),
        Column("document", width=130),
        Column("customer", width=190),
        Column("product", width=210),
        Column("site", width=130),
        Column("supplier", width=150),
        Column("salesperson", width=130),
        Column("region", width=110),
        Column("company", width=150),
        Column("due_on", "day", width=105),
        Column("in_full_on", "day", width=105),
        Column("days_late", "number", width=80),
        Column("quantity", "number", width=90),
        Column("amount", "number", width=110),
        Column("currency", width=70),
        Column("numerator", "number", width=120),
        Column("denominator", "number", width=120),
        Column("is_cost_of_today", width=90, words="cost_of_today."),
    ),
)
CONTRIBUTIONS = Table(
    "contributions",
    (
        Column("member", width=240, pinned=True),
        Column("before", "number", width=110),
        Column("after", "number", width=110),
        Column("contribution", "number", width=120),
        Column("rate_effect", "number", width=110),
        Column("mix_effect", "number", width=110),
    ),
)
BILINGUAL = ("customer", "product", "site", "company", "supplier", "salesperson")


def evidence(frame: pl.DataFrame, metric: Metric, currency: str | None, language: str) -> Shown:
    """The rows behind a number. What no row knows is left out."""
    named = frame.with_columns(_name(column, language) for column in BILINGUAL)
    kept = tuple(column for column in EVIDENCE.columns if _is_told(named, column.name))
    called = say(language, f"metric.{metric.name}")
    unit = f" ({currency})" if currency and metric.unit == "money" else ""
    heading = say(language, "column.evidence.numerator") if metric.is_ratio else f"{called}{unit}"
    return shown(Table(EVIDENCE.name, kept), named, language, headings={"numerator": heading})


def _name(column: str, language: str) -> pl.Expr:
    zh = pl.coalesce(f"{column}_zh", column)
    return (zh if language == "zh" else pl.col(column)).alias(column)


def _is_told(frame: pl.DataFrame, column: str) -> bool:
    if column == "numerator" or frame.is_empty():
        return column in ("day_on", "document", "numerator")
    return bool(frame.get_column(column).is_not_null().any())


def contributions(frame: pl.DataFrame, metric: Metric, dimension: str, currency: str | None, language: str) -> Shown:
    """One row per member, the largest contribution first."""
    kept = tuple(c for c in CONTRIBUTIONS.columns if metric.is_ratio or c.name not in ("rate_effect", "mix_effect"))
    unit = f" ({currency})" if currency and metric.unit == "money" else ""
    headings = {name: f"{say(language, f'column.contributions.{name}')}{unit}" for name in ("before", "after")}
    headings["contribution"] = f"{say(language, 'column.contributions.contribution')}{unit}"
    headings["member"] = say(language, f"dimension.{dimension}")
    named = frame.with_columns(member=member(language))
    return shown(Table(CONTRIBUTIONS.name, kept), named, language, headings=headings)


def member(language: str) -> pl.Expr:
    """What a member is called: its name, else its key; those that nobody knows are called so."""
    name = pl.coalesce("name_zh", "name") if language == "zh" else pl.col("name")
    return pl.coalesce(name, "member", pl.lit(say(language, "evidence.unknown"))).alias("member")
