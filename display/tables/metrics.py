"""The tables of a number: the rows behind it, and who and what contributed to its change."""

from dataclasses import replace

import polars as pl

from analytics.metrics import Metric
from display.tables import Column, Kind, Shown, Table, shown
from display.words import say

EVIDENCE = Table(
    "evidence",
    (
        Column("day_on", "day", width=105, pinned=True),
        Column("document", width=130),
        Column("numerator", "amount", width=130),
        Column("denominator", "amount", width=110),
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
        Column("amount", "amount", width=110),
        Column("currency", width=70),
        Column("is_cost_of_today", width=90, words="cost_of_today."),
    ),
)
CONTRIBUTED = ("before", "after", "contribution", "rate_effect", "mix_effect")
BILINGUAL = ("customer", "product", "site", "company", "supplier", "salesperson")


def evidence(frame: pl.DataFrame, metric: Metric, currency: str | None, language: str) -> Shown:
    """The rows behind a number. What no row knows is left out."""
    named = frame.with_columns(_name(column, language) for column in BILINGUAL)
    kept = tuple(_fitted(column, metric) for column in EVIDENCE.columns if _is_told(named, column.name))
    called = say(language, f"metric.{metric.name}")
    own = f"{called}{_unit(metric, currency)}"
    heading = say(language, "column.evidence.numerator") if metric.is_ratio else own
    return shown(Table(EVIDENCE.name, kept), named, language, headings={"numerator": heading})


def _fitted(column: Column, metric: Metric) -> Column:
    """Sums that count things have no cents."""
    is_sum = column.name in ("numerator", "denominator")
    return replace(column, kind="number") if is_sum and not metric.numerator.is_money else column


def _name(column: str, language: str) -> pl.Expr:
    zh = pl.coalesce(f"{column}_zh", column)
    return (zh if language == "zh" else pl.col(column)).alias(column)


def _is_told(frame: pl.DataFrame, column: str) -> bool:
    if column == "numerator" or frame.is_empty():
        return column in ("day_on", "document", "numerator")
    return bool(frame.get_column(column).is_not_null().any())


def contributions(frame: pl.DataFrame, metric: Metric, dimension: str, currency: str | None, language: str) -> Shown:
    """One row per member, the largest contribution first; what moved a share is in percentage points."""
    names = [name for name in CONTRIBUTED if metric.is_ratio or not name.endswith("_effect")]
    moved = [name for name in names if name not in ("before", "after")]
    is_share = metric.unit == "share"
    headings = {name: f"{say(language, f'column.contributions.{name}')}{_unit(metric, currency)}" for name in names}
    if is_share:
        headings |= {name: say(language, "column.contributions.points", heading=headings[name]) for name in moved}
    columns = [Column(name, _kind(name in moved, metric), width=95) for name in names]
    table = Table("contributions", (Column("member", width=190, pinned=True), *columns))
    points = pl.col(moved) * (100.0 if is_share else 1.0)
    named = frame.with_columns(member(language, dimension), points)
    return shown(table, named, language, headings=headings | {"member": say(language, f"dimension.{dimension}")})


def _unit(metric: Metric, currency: str | None) -> str:
    return f" ({currency})" if currency and metric.unit == "money" else ""


def _kind(is_moved: bool, metric: Metric) -> Kind:
    if metric.unit == "share":
        return "amount" if is_moved else "share"
    return "money" if metric.unit == "money" else "number"


def member(language: str, dimension: str) -> pl.Expr:
    """What a member is called: its name, else its key; those that nobody knows are called so."""
    name = pl.coalesce("name_zh", "name") if language == "zh" else pl.col("name")
    return pl.coalesce(name, "member", pl.lit(unknown(dimension, language))).alias("member")


def unknown(dimension: str, language: str) -> str:
    """What the rows are called that have no member of the dimension: what is made here has no supplier."""
    return say(language, "evidence.unknown.supplier" if dimension == "supplier" else "evidence.unknown")
