"""Sums of a number by span and group, whatever it is made of: facts that are kept, or stock as it stands today."""

from collections.abc import Sequence

import polars as pl

from analytics.metrics import Measure, Metric
from analytics.periods import Period
from answers.asked import OF_TODAY, Asked, Member, converted, counted
from answers.kept import kept_sums, totals
from answers.today import rows


def sums(question: Asked, spans: Sequence[Period], by: Sequence[str], member: Member | None = None) -> pl.DataFrame:
    """One row per span and group: span (its position), the columns of ``by``, numerator, denominator, rows, unknown.

    Sums are null where no row of the group has a known value. ``rows`` are those of the numerator. Raises
    ``NotKnownBy``.
    """
    keys = ["span", *by]
    found = [
        _summed(question, measure, spans, by, member).rename({"value": name})
        for measure, name in zip(question.metric.measures, ("numerator", "denominator"), strict=False)
    ]
    if len(found) == 1:
        return found[0].with_columns(denominator=pl.lit(None, dtype=pl.Float64))
    return (
        found[0]
        .join(found[1].drop("rows", "unknown"), on=keys, how="full", coalesce=True, validate="1:1", nulls_equal=True)
        .with_columns(pl.col("rows", "unknown").fill_null(0))
    )


def _summed(
    question: Asked, measure: Measure, spans: Sequence[Period], by: Sequence[str], member: Member | None
) -> pl.DataFrame:
    if measure.fact not in OF_TODAY:
        return kept_sums(question, measure, spans, by, member)
    lines = counted(rows(question, measure, member), measure, spans[0], question.as_of)
    valued = converted(question, lines.collect(), measure, spans[0])
    parts = valued.with_columns(known=pl.col("value").is_not_null().cast(pl.Int64), rows=pl.lit(1, dtype=pl.Int64))
    every = [parts.with_columns(span=pl.lit(at, dtype=pl.Int64)) for at in range(len(spans))]
    return totals(pl.concat(every).lazy(), by).collect()


def ratio(metric: Metric, found: pl.DataFrame) -> float | None:
    """The metric of the sums: their sum, or sum over sum; null where there is no data, or nothing to divide by."""
    numerator = _total(found, "numerator")
    if numerator is None or not metric.is_ratio:
        return numerator
    denominator = _total(found, "denominator")
    return numerator / denominator * metric.factor if denominator else None


def _total(found: pl.DataFrame, column: str) -> float | None:
    values = found.get_column(column)
    return None if values.null_count() == values.len() else float(values.sum())
