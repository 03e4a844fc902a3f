"""Why a number moved: what each member contributed to its change, and what price, volume, mix and currency did."""

import polars as pl

from analytics import contributions as by
from analytics import drivers as what
from analytics import effects as of
from analytics.access import Viewer
from analytics.metrics import DIMENSIONS, Measure
from analytics.periods import Period, compared
from analytics.scope import Scope
from answers import Snapshot
from answers.asked import COLUMN_OF, Asked, NotKnownBy, asked, converted, counted, knows, reaches
from answers.metrics import adjusted, workday_factors
from answers.naming import names
from answers.sums import sums
from answers.today import rows

EXPLAINED = ("orders_taken", "revenue", "gross_margin", "gross_margin_rate")
LINE = ["product_id", "company_id", "currency", "unit"]
SUMMED = ("lines", "quantity", "amount", "converted", "cost")
CONTRIBUTIONS = {
    "member": pl.String,
    "name": pl.String,
    "name_zh": pl.String,
    "before": pl.Float64,
    "after": pl.Float64,
    "contribution": pl.Float64,
    "rate_effect": pl.Float64,
    "mix_effect": pl.Float64,
}
DRIVERS = {**what.DRIVERS, "name": pl.String, "name_zh": pl.String}
EFFECTS = {"effect": pl.String, "amount": pl.Float64}


def dimensions(viewer: Viewer, metric: str, *, version: Snapshot | None = None) -> tuple[str, ...]:
    """The dimensions by which a change of the number can be told apart."""
    question = asked(viewer, Scope(), metric, version)
    return tuple(name for name in DIMENSIONS if name in knows(question.metric))


def contributions(
    viewer: Viewer, scope: Scope, metric: str, dimension: str, *, version: Snapshot | None = None
) -> pl.DataFrame:
    """One row per member of the dimension: member, its names, before, after, contribution, rate_effect, mix_effect.

    before is what it is compared with, adjusted for working days where the metric is; contributions add up to the
    change of the number. rate_effect and mix_effect are null for sums. See ``analytics.contributions``. Empty where
    there is nothing to compare with, or the number is not known by the dimension or the scope.
    """
    question = asked(viewer, scope, metric, version)
    earlier = _earlier(question)
    empty = pl.DataFrame(schema=CONTRIBUTIONS)
    if earlier is None or dimension not in knows(question.metric):
        return empty
    column = COLUMN_OF[dimension]
    try:
        cells = _cells(question, earlier, [column])
    except NotKnownBy:
        return empty
    parts = by.by_member(cells, column, is_ratio=question.metric.is_ratio)
    factor = pl.col("before", "after", "contribution", "rate_effect", "mix_effect") * question.metric.factor
    missing = [pl.lit(None, dtype=pl.Float64).alias(name) for name in CONTRIBUTIONS if name not in parts.columns]
    whole = parts.with_columns(m for m in missing if m.meta.output_name() not in ("name", "name_zh"))
    called = names(question, dimension)
    named = whole.with_columns(factor).join(called, on="member", how="left", validate="m:1", maintain_order="left")
    return named.select(pl.col(name).cast(kind) for name, kind in CONTRIBUTIONS.items())


def _earlier(question: Asked) -> Period | None:
    if question.metric.time == "now":
        return None
    earlier = compared(question.period, question.scope.comparison)
    return earlier if reaches(question, earlier) else None


def _cells(question: Asked, earlier: Period, columns: list[str]) -> pl.DataFrame:
    """One row per company and member: what it was (for as many working days) and is."""
    keys = list(dict.fromkeys([*columns, "company_id"]))
    found = sums(question, [question.period, earlier], keys)
    now, then = (found.filter(pl.col("span") == span) for span in (0, 1))
    fair = adjusted(question, then, question.period, earlier)
    both = now.join(fair, on=keys, how="full", coalesce=True, suffix="_then", validate="1:1", nulls_equal=True)
    return both.select(
        *keys,
        numerator_before=pl.col("numerator_then").fill_null(0.0),
        numerator_after=pl.col("numerator").fill_null(0.0),
        denominator_before=pl.col("denominator_then").fill_null(0.0),
        denominator_after=pl.col("denominator").fill_null(0.0),
        lines_before=pl.col("rows_then").fill_null(0),
        lines_after=pl.col("rows").fill_null(0),
    )


def effects(viewer: Viewer, scope: Scope, metric: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """What moved the number: one row per effect, effect and amount, which add up to its change.

    The change is that against the compared period as it was: working_days is one of the effects. Only for ``EXPLAINED``
    metrics; otherwise, and where there is nothing to compare with, empty. What an effect is, is said in
    ``analytics.effects``.
    """
    question = asked(viewer, scope, metric, version)
    earlier = _earlier(question)
    if earlier is None or metric not in EXPLAINED:
        return pl.DataFrame(schema=EFFECTS)
    try:
        lines = _lines(question, earlier, LINE)
    except NotKnownBy:
        return pl.DataFrame(schema=EFFECTS)
    if question.metric.is_ratio:
        return of.rate_effects(lines).select(EFFECTS.keys())
    days = workday_factors(question, question.period, earlier).rename({"workday_factor": "ratio"})
    return of.effects(lines, working_days=days).select(EFFECTS.keys())


def _lines(question: Asked, earlier: Period, keys: list[str]) -> pl.DataFrame:
    """One row per ``keys``, of which ``LINE`` are some: what was sold and spent before and now, in how many rows."""
    fact = question.metric.numerator.fact
    has_cost = question.metric.numerator.column == "margin"
    sold = Measure(fact, "margin_base" if has_cost else "amount")
    wanted = {*keys, "day_on", "quantity", sold.column} - {"unit"} | ({"cost"} if has_cost else set())
    units = question.products.select("product_id", "unit")
    days = [pl.col("day_on").is_between(span.first, span.until) for span in (earlier, question.period)]
    found = rows(question, sold, keys=keys).filter(days[0] | days[1]).select(sorted(wanted)).collect()
    held = found.join(units, on="product_id", how="left", validate="m:1")
    before, after = (_of_span(question, held, sold, span, keys) for span in (earlier, question.period))
    joined = before.join(
        after, on=keys, how="full", coalesce=True, suffix="_after", validate="1:1", nulls_equal=True
    ).rename({name: f"{name}_before" for name in SUMMED})
    cost = pl.col("cost_before", "cost_after")
    return joined if has_cost else joined.with_columns(cost * None)


def _of_span(question: Asked, held: pl.DataFrame, sold: Measure, span: Period, keys: list[str]) -> pl.DataFrame:
    has_cost = "cost" in held.columns
    lines = counted(held.lazy(), sold, span, question.as_of).collect()
    valued = converted(question, lines, sold, span).rename({"value": "converted"})
    spent = (
        converted(question, valued, Measure(sold.fact, "cost"), span) if has_cost else valued.with_columns(value=None)
    )
    known = spent.filter(pl.col("converted").is_not_null())
    return known.group_by(keys, maintain_order=True).agg(
        lines=pl.len().cast(pl.Int64),
        quantity=pl.col("quantity").cast(pl.Float64).sum(),
        amount=pl.col(sold.column).cast(pl.Float64).sum(),
        converted=pl.col("converted").sum(),
        cost=pl.col("value").cast(pl.Float64).sum(),
    )


def drivers(viewer: Viewer, scope: Scope, metric: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """What moved the number most, over all dimensions and effects, the clearest first.

    The columns of ``analytics.drivers`` and the member's names. What it is compared with is for as many working days.
    Empty where there is nothing to compare with, or nothing stands out.
    """
    question = asked(viewer, scope, metric, version)
    earlier = _earlier(question)
    empty = pl.DataFrame(schema=DRIVERS)
    if earlier is None:
        return empty
    try:
        found = _money_drivers(question, earlier) if metric in EXPLAINED else _plain_drivers(question, earlier)
    except NotKnownBy:
        return empty
    return _called(question, found)


def _searched(question: Asked) -> list[str]:
    """The dimensions among which a cause is sought; those that never differ explain nothing."""
    return [name for name in knows(question.metric) if name != "currency"]


def _plain_drivers(question: Asked, earlier: Period) -> pl.DataFrame:
    known = _searched(question)
    cells = _cells(question, earlier, [COLUMN_OF[name] for name in known])
    renamed = cells.with_columns(pl.col(COLUMN_OF[name]).alias(name) for name in known)
    return what.drivers(renamed, known, is_ratio=question.metric.is_ratio)


def _money_drivers(question: Asked, earlier: Period) -> pl.DataFrame:
    known = _searched(question)
    keys = [COLUMN_OF[name] for name in known]
    cells = _lines(question, earlier, list(dict.fromkeys([*LINE, *keys])))
    if question.metric.by_workdays:
        factors = workday_factors(question, question.period, earlier)
        joined = cells.join(factors, on="company_id", how="left", validate="m:1", maintain_order="left")
        before = pl.col("quantity_before", "amount_before", "converted_before", "cost_before")
        cells = joined.with_columns(before * pl.col("workday_factor").fill_null(1.0)).drop("workday_factor")
    renamed = cells.with_columns(pl.col(COLUMN_OF[name]).alias(name) for name in known)
    return what.money_drivers(renamed, known, is_rate=question.metric.is_ratio)


def _called(question: Asked, found: pl.DataFrame) -> pl.DataFrame:
    parts = [pl.DataFrame(schema=DRIVERS)]
    for position, row in enumerate(found.iter_rows(named=True)):
        one = found[position : position + 1]
        called = names(question, row["dimension"] or "")
        named = one.join(called, on="member", how="left", validate="m:1")
        parts.append(named.select(pl.col(name).cast(kind) for name, kind in DRIVERS.items()))
    return pl.concat(parts)
