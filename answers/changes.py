"""Why a number moved: what each member contributed to its change, and what price, volume, mix and currency did."""

from collections.abc import Iterable, Sequence

import polars as pl

from analytics import contributions as by
from analytics import drivers as what
from analytics import effects as of
from analytics.access import Viewer
from analytics.facts import FACTS
from analytics.metrics import DIMENSIONS, Measure
from analytics.periods import Period, compared
from analytics.scope import Scope
from answers import Snapshot
from answers.asked import COLUMN_OF, Asked, NotKnownBy, asked, knows, reaches
from answers.metrics import adjusted, workday_factors
from answers.naming import names
from answers.sums import sums
from answers.today import rows

EXPLAINED = ("orders_taken", "revenue", "gross_margin", "gross_margin_rate")
LINE = ["product_id", "company_id", "currency", "unit"]
KNOWN_OF = {"category_id": "product_id", "supplier_id": "product_id", "unit": "product_id", "segment": "customer_id"}
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
    own = _asked_for(keys, question.metric.measures)
    found = sums(question, [question.period, earlier], own)
    now, then = (found.filter(pl.col("span") == span) for span in (0, 1))
    fair = adjusted(question, then, question.period, earlier).select(now.columns)
    measured = {"numerator": "numerator", "denominator": "denominator", "lines": "rows"}
    both = pl.concat([now, fair]).group_by(own)
    cells = both.agg(
        pl.when(pl.col("span") == span).then(column).sum().alias(f"{name}_{period}")
        for name, column in measured.items()
        for period, span in (("before", 1), ("after", 0))
    )
    return _with_keys(question, cells, keys)


def _asked_for(keys: Sequence[str], measures: Iterable[Measure]) -> list[str]:
    """The keys by which facts are summed: those that are known of the products or customers among them come later."""
    known = {key for measure in measures for key in FACTS[measure.fact].knows}
    return [key for key in keys if key in known or KNOWN_OF.get(key) not in keys]


def _with_keys(question: Asked, cells: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """The cells with those of the keys that are known of their products and customers."""
    for whose in ("product_id", "customer_id"):
        told = [key for key in keys if key not in cells.columns and KNOWN_OF.get(key) == whose]
        if told:
            known = (question.products if whose == "product_id" else question.customers).select(whose, *told)
            cells = cells.join(known, on=whose, how="left", validate="m:1", maintain_order="left")
    return cells


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
    """One row per ``keys``, of which ``LINE`` are some: what was sold and spent before and now, in how many rows.

    Rows of which nobody knows what they are worth count as nothing, and so does what was spent where only sales matter.
    """
    has_cost = question.metric.numerator.column == "margin"
    sold = Measure(question.metric.numerator.fact, "margin_base" if has_cost else "amount")
    own = _asked_for(keys, [sold])
    wanted = {*own, "day_on", "quantity", sold.column} | ({"cost"} if has_cost else set())
    spans = {"before": earlier, "after": question.period}
    is_in = {period: pl.col("day_on").is_between(span.first, span.until) for period, span in spans.items()}
    found = rows(question, sold, keys=own).filter(is_in["before"] | is_in["after"]).select(sorted(wanted)).collect()
    told = {
        f"{name}_{period}": pl.when(inside).then(value).otherwise(0)
        for period, inside in is_in.items()
        for name, value in _told(sold, has_cost=has_cost).items()
    }
    valued = _with_worth(question, found.drop_nulls(sold.column)).select(*own, **told)
    lines = valued.group_by(own, maintain_order=True).agg(pl.col(list(told)).sum())
    nothing = {} if has_cost else {f"cost_{period}": pl.lit(0.0) for period in spans}
    return _with_keys(question, lines.with_columns(**nothing), keys)


def _told(sold: Measure, *, has_cost: bool) -> dict[str, pl.Expr]:
    """What is added up of each row."""
    amount, cost = (pl.col(name).cast(pl.Float64) for name in (sold.column, "cost"))
    spent = {"cost": cost * pl.col("factor")} if has_cost else {}
    return {
        "lines": pl.lit(1, dtype=pl.Int64),
        "quantity": pl.col("quantity").cast(pl.Float64),
        "amount": amount,
        "converted": amount * pl.col("factor"),
        **spent,
    }


def _with_worth(question: Asked, found: pl.DataFrame) -> pl.DataFrame:
    """The rows that can be converted, with ``factor``; those in the reporting currency need no rate."""
    is_own = (pl.col("currency") == question.currency).fill_null(False)
    own, others = found.filter(is_own), found.filter(~is_own)
    worth = question.factors(others.select("currency", "day_on"))
    valued = others.join(worth, on=("currency", "day_on"), how="inner", validate="m:1", maintain_order="left")
    return pl.concat([own.with_columns(factor=pl.lit(1.0)), valued])


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
    """The keys of the dimensions among which a cause is sought; those that never differ explain nothing."""
    return [COLUMN_OF[name] for name in knows(question.metric) if name != "currency"]


def _plain_drivers(question: Asked, earlier: Period) -> pl.DataFrame:
    keys = _searched(question)
    return what.drivers(_cells(question, earlier, keys), keys, is_ratio=question.metric.is_ratio)


def _money_drivers(question: Asked, earlier: Period) -> pl.DataFrame:
    keys = _searched(question)
    cells = _lines(question, earlier, list(dict.fromkeys([*LINE, *keys])))
    if question.metric.by_workdays:
        factors = workday_factors(question, question.period, earlier)
        joined = cells.join(factors, on="company_id", how="left", validate="m:1", maintain_order="left")
        before = pl.col("quantity_before", "amount_before", "converted_before", "cost_before")
        cells = joined.with_columns(before * pl.col("workday_factor").fill_null(1.0)).drop("workday_factor")
    return what.money_drivers(cells, keys, is_rate=question.metric.is_ratio)


def _called(question: Asked, found: pl.DataFrame) -> pl.DataFrame:
    """The drivers by the names of their dimensions, with those of their members."""
    told = found.with_columns(pl.col("kind", "dimension").replace({key: name for name, key in COLUMN_OF.items()}))
    parts = [pl.DataFrame(schema=DRIVERS)]
    called = {name: names(question, name or "") for name in told["dimension"].unique()}
    for row in told.iter_slices(1):
        named = row.join(called[row["dimension"].item()], on="member", how="left", validate="m:1")
        parts.append(named.select(pl.col(name).cast(kind) for name, kind in DRIVERS.items()))
    return pl.concat(parts)
