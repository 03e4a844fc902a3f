"""Any number of the registry: its value, what it is compared with, its target, and its past.

Every answer takes the viewer first and cuts rows and columns by the viewer's rights before it sums anything.
Amounts are in the reporting currency of the scope (see ``analytics.money``), each at the rate of its own day, a balance
at that of its last day; rows whose amount or rate is not known are left out of the sum, and counted.
"""

from dataclasses import dataclass, replace

import polars as pl

from analytics.access import Viewer
from analytics.metrics import METRICS, Metric
from analytics.periods import Period, compared, last_year, months_until
from analytics.scope import Scope
from answers import Snapshot
from answers.asked import Asked, Member, NotKnownBy, asked, counted, knows, may_see, reaches
from answers.sums import ratio, sums
from answers.targets import planned
from answers.today import rows

MONTHS = 13


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A number with all that is needed to judge it.

    ``value`` is null where there is no data, and ``reason`` then says why: no_rows, or not_by_<dimension> where the
    scope asks by something that the number is not known by. ``currency_of_sums``: that of the sums that it is made of.
    ``comparison``: a code of ``analytics.periods``; ``compared_period`` is null where no data reaches back to it.
    ``compared``: the value of the compared period as it was; ``adjusted``: the same for as many working days, equal to
    it where the metric is not adjusted. ``target``: for the days of the period so far. ``rows``: how many rows were
    summed; ``unknown``: how many of them have no amount, or none that can be converted.
    """

    metric: Metric
    currency: str | None
    currency_of_sums: str | None
    period: Period
    comparison: str
    compared_period: Period | None
    value: float | None
    compared: float | None = None
    adjusted: float | None = None
    target: float | None = None
    rows: int = 0
    unknown: int = 0
    reason: str | None = None

    @property
    def change(self) -> float | None:
        """By how much it differs from what it is compared with."""
        return None if self.value is None or self.adjusted is None else self.value - self.adjusted

    @property
    def is_adjusted(self) -> bool:
        """Whether working days made a difference to what it is compared with."""
        return self.compared is not None and self.adjusted is not None and self.compared != self.adjusted


def value(
    viewer: Viewer, scope: Scope, metric: str, *, member: Member | None = None, version: Snapshot | None = None
) -> Reading:
    """One number of the registry, with what it is compared with and its target."""
    question = asked(viewer, scope, metric, version)
    earlier = compared(question.period, scope.comparison) if question.metric.time != "now" else None
    if earlier is not None and not reaches(question, earlier):
        earlier = None
    currency = question.currency if question.metric.unit == "money" else None
    bare = Reading(
        metric=question.metric,
        currency=currency,
        currency_of_sums=question.currency if question.metric.numerator.is_money else None,
        period=question.period,
        comparison=scope.comparison,
        compared_period=earlier,
        value=None,
    )
    spans = [question.period, *([earlier] if earlier else [])]
    try:
        found = sums(question, spans, ["company_id"], member)
    except NotKnownBy as dimension:
        return replace(bare, reason=f"not_by_{dimension}")
    now, then = (found.filter(pl.col("span") == span) for span in (0, 1))
    reached = _or_zero(question, ratio(question.metric, now), question.period, member)
    return replace(
        bare,
        value=reached,
        compared=_or_zero(question, ratio(question.metric, then), earlier, member),
        adjusted=_or_zero(
            question, ratio(question.metric, adjusted(question, then, question.period, earlier)), earlier, member
        ),
        target=planned(question, question.period, now) if member is None else None,
        rows=int(now["rows"].sum()),
        unknown=int(now["unknown"].sum()),
        reason=None if reached is not None else "no_rows",
    )


def _or_zero(question: Asked, known: float | None, span: Period | None, member: Member | None) -> float | None:
    """Nothing in a period is zero where the firm had such rows before; where it never had any, there is no data."""
    metric = question.metric
    if known is not None or span is None or metric.is_ratio:
        return known
    measure = metric.numerator
    if measure.time == "now":
        return 0.0 if rows(question, measure).select(pl.len()).collect().item() else None
    if not span.days:
        return None
    any_before = rows(question, measure, member).filter(pl.col("day_on") <= span.until)
    is_hidden = any_before.select(pl.col(measure.column).is_not_null().any()).collect().item()
    is_in_span = counted(any_before, measure, span, question.as_of).select(pl.len()).collect().item() > 0
    return 0.0 if is_hidden and not is_in_span else None


def adjusted(question: Asked, then: pl.DataFrame, span: Period, earlier: Period | None) -> pl.DataFrame:
    """The sums of the earlier period, for as many working days as ``span`` has, by the calendar of each company."""
    if earlier is None or not question.metric.by_workdays or then.is_empty():
        return then
    ratios = workday_ratios(question, span, earlier)
    factor = pl.Series([ratios.get(company, 1.0) for company in then["company_id"]], dtype=pl.Float64)
    return then.with_columns(then["numerator"] * factor)


def workday_ratios(question: Asked, span: Period, earlier: Period) -> dict[str, float]:
    """By company, working days of the period for one of the earlier; those of which it is not known are left out."""
    both = question.worked.ratios((span.first, span.until), (earlier.first, earlier.until))
    return {company: ratio for company, ratio in both.items() if ratio is not None}


def workday_factors(question: Asked, span: Period, earlier: Period) -> pl.DataFrame:
    """The same, one row per company: company_id, workday_factor."""
    known = workday_ratios(question, span, earlier)
    return pl.DataFrame(
        {"company_id": [*known], "workday_factor": [*known.values()]},
        schema={"company_id": pl.String, "workday_factor": pl.Float64},
    )


def series(viewer: Viewer, scope: Scope, metric: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per month of the last 13 up to the period's end: month_on, value, compared, target, is_partial.

    compared is the value a year before, adjusted for working days. Empty for numbers of which no past is kept, or that
    the scope's filters do not know.
    """
    question = asked(viewer, scope, metric, version)
    if question.metric.time == "now":
        return _no_series()
    months = months_until(question.period, MONTHS)
    years_before = [last_year(month) for month in months]
    try:
        found = sums(question, [*months, *years_before], ["company_id"])
    except NotKnownBy:
        return _no_series()
    by_span = found.partition_by("span", as_dict=True)
    lines = []
    for at, (month, earlier) in enumerate(zip(months, years_before, strict=True)):
        now, then = (by_span.get((span,), found.clear()) for span in (at, at + MONTHS))
        comparable = adjusted(question, then, month, earlier)
        lines.append(
            {
                "month_on": month.first,
                "value": ratio(question.metric, now),
                "compared": ratio(question.metric, comparable) if reaches(question, earlier) else None,
                "target": planned(question, month, now),
                "is_partial": month.is_partial,
            }
        )
    return pl.DataFrame(lines, schema=_no_series().schema)


def _no_series() -> pl.DataFrame:
    kinds = {"month_on": pl.Date, "is_partial": pl.Boolean}
    names = ("month_on", "value", "compared", "target", "is_partial")
    return pl.DataFrame(schema={name: kinds.get(name, pl.Float64) for name in names})


def shown(viewer: Viewer) -> tuple[Metric, ...]:
    """The metrics that the viewer may see."""
    return tuple(metric for metric in METRICS.values() if may_see(viewer, metric.name))


__all__ = ["Member", "Reading", "knows", "may_see", "series", "shown", "value"]
