"""What was planned for a number: its targets, for the days of a period so far."""

from datetime import date
from typing import Any

import polars as pl

from analytics.access import ALL
from analytics.periods import Period
from answers.asked import Asked

Plan = dict[str, Any]


def planned(question: Asked, span: Period, now: pl.DataFrame) -> float | None:
    """What was planned for the days so far: sums by working days; of shares and levels, the one that holds at the end.

    The plan is that of the scope's own grain: of whole companies, or of each of the regions or categories it names.
    Null where no plan is kept for exactly that.
    """
    scope, viewer = question.scope, question.viewer
    if scope.sites or scope.suppliers or span.days == 0 or question.targets.is_empty():
        return None
    regions = scope.regions or (() if viewer.regions == ALL else tuple(sorted(viewer.regions)))
    plans = question.targets.filter(
        (pl.col("metric") == question.metric.name)
        & (pl.col("period_starts_on") <= span.until)
        & (pl.col("period_ends_on") >= span.first)
        & _of(pl.col("region"), regions)
        & _of(pl.col("category_id"), scope.categories)
    )
    if scope.companies:
        plans = plans.filter(pl.col("company_id").is_in(list(scope.companies)))
    if plans.is_empty() or not _covers(plans, regions, scope.categories):
        return None
    if question.metric.time == "flow" and not question.metric.is_ratio:
        return _planned_flow(question, plans, span)
    return _planned_level(question, plans, span, now)


def _of(column: pl.Expr, chosen: tuple[str, ...]) -> pl.Expr:
    return column.is_in(list(chosen)) if chosen else column.is_null()


def _covers(plans: pl.DataFrame, regions: tuple[str, ...], categories: tuple[str, ...]) -> bool:
    """Whether every region or category that is asked for has a plan."""
    known_regions = set(plans["region"].drop_nulls().to_list())
    known_categories = set(plans["category_id"].drop_nulls().to_list())
    return set(regions) <= known_regions and set(categories) <= known_categories


def _planned_flow(question: Asked, plans: pl.DataFrame, span: Period) -> float | None:
    """Each plan's part of the days so far, by the working days of its company."""
    total = 0.0
    for plan in plans.iter_rows(named=True):
        first, last = max(plan["period_starts_on"], span.first), min(plan["period_ends_on"], span.until)
        share = _share_of_workdays(question, plan, first, last)
        factor = _factor(question, plan["currency"], span)
        if factor is None or share is None:
            return None
        total += float(plan["value"]) * share * factor
    return total


def _share_of_workdays(question: Asked, plan: Plan, first: date, last: date) -> float | None:
    worked, company = question.worked, plan["company_id"]
    whole = worked.known(company, plan["period_starts_on"], plan["period_ends_on"])
    return worked.known(company, first, last) / whole if whole else None


def _planned_level(question: Asked, plans: pl.DataFrame, span: Period, now: pl.DataFrame) -> float | None:
    """The plan that holds on the last day: money is summed over companies, shares and days are weighed by what they
    are shares of."""
    holding = plans.filter(pl.col("period_starts_on").le(span.until) & pl.col("period_ends_on").ge(span.until))
    if holding.is_empty():
        return None
    if question.metric.unit == "money":
        factors = [_factor(question, currency, span) for currency in holding["currency"].to_list()]
        if any(factor is None for factor in factors):
            return None
        return sum(float(v) * f for v, f in zip(holding["value"].to_list(), factors, strict=True) if f is not None)
    weights = now.group_by("company_id").agg(weight=pl.col("denominator").sum().abs())
    joined = holding.join(weights, on="company_id", how="left", validate="m:1")
    value, weight = pl.col("value").cast(pl.Float64), pl.col("weight").fill_null(0.0)
    weighed = joined.select(
        pl.when(weight.sum() > 0).then((value * weight).sum() / weight.sum()).otherwise(value.mean())
    )
    return float(weighed.item())


def _factor(question: Asked, currency: str | None, span: Period) -> float | None:
    if question.metric.unit != "money" or (currency is not None and currency == question.currency):
        return 1.0
    needed = pl.DataFrame(
        {"currency": [currency], "day_on": [span.until]}, schema={"currency": pl.String, "day_on": pl.Date}
    )
    found = question.factors(needed)
    return float(found["factor"].item()) if found.height else None
