"""The rows behind a number: they add up to it."""

import polars as pl

from analytics.access import Viewer
from analytics.facts import FACTS
from analytics.metrics import Measure
from analytics.scope import Scope
from answers import Snapshot
from answers.asked import Asked, Member, NotKnownBy, asked, converted, counted
from answers.kept import levels
from answers.naming import names
from answers.today import rows

RECORD = ("company_id", "region", "document", "record_id", "currency", "customer_id", "product_id", "site_id")
OF_ITEMS = ("company_id", "region", "currency", "product_id", "site_id", "supplier_id")
TELLING = {
    "due_on": pl.Date,
    "in_full_on": pl.Date,
    "days_late": pl.Int64,
    "is_cost_of_today": pl.Boolean,
    "state": pl.String,
}
NAMED = {
    "customer": "customer_id",
    "product": "product_id",
    "site": "site_id",
    "company": "company_id",
    "supplier": "supplier_id",
    "salesperson": "salesperson_id",
}
EVIDENCE = {
    "day_on": pl.Date,
    "document": pl.String,
    **{column: pl.String for name in NAMED for column in (name, f"{name}_zh")},
    "region": pl.String,
    "quantity": pl.Float64,
    "amount": pl.Float64,
    "currency": pl.String,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    **TELLING,
    "record_id": pl.String,
    "product_id": pl.String,
    "customer_id": pl.String,
}


def evidence(
    viewer: Viewer, scope: Scope, metric: str, *, member: Member | None = None, version: Snapshot | None = None
) -> pl.DataFrame:
    """One row per line of a document behind a number, the latest first; of levels: per invoice, or per
    item and site, the largest first; of promises: the broken ones first.

    numerator and denominator: what the row adds to each of the number's two sums, money in the reporting currency; null
    where it adds nothing to that sum, or where its amount is not known. amount is in the row's own currency. The rest
    describes the row; what it does not know is null. Empty where the number is not known by what is asked.
    """
    question = asked(viewer, scope, metric, version)
    try:
        parts = [_lines(question, measure, member) for measure in _measures(question)]
    except NotKnownBy:
        return pl.DataFrame(schema=EVIDENCE)
    both = pl.concat(parts, how="diagonal")
    described = _described(question, both)
    return described.sort(*_order(question), "document", "record_id", nulls_last=True)


def _order(question: Asked) -> list[pl.Expr]:
    latest, largest = -pl.col("day_on").to_physical(), -pl.col("numerator").abs()
    if question.metric.time == "balance":
        return [latest, largest]
    return [pl.col("numerator"), latest] if question.metric.numerator.only == ("over",) else [latest]


def _measures(question: Asked) -> list[tuple[Measure, ...]]:
    """The measures by fact: two sums of the same rows are shown in one row."""
    measures = question.metric.measures
    if len(measures) == 2 and measures[0].fact == measures[1].fact:
        return [measures]
    return [(measure,) for measure in measures]


def _lines(question: Asked, measures: tuple[Measure, ...], member: Member | None) -> pl.DataFrame:
    """The rows of one fact, with what each adds to the sums."""
    found = _found(question, measures[0], member)
    whole = question.metric.measures
    for measure in measures:
        name = "numerator" if measure is whole[0] else "denominator"
        found = converted(question, found, measure, question.period).rename({"value": name})
    return found


def _found(question: Asked, measure: Measure, member: Member | None) -> pl.DataFrame:
    """The rows of a fact that count; of changes what is left of each record."""
    fact = FACTS.get(measure.fact)
    if fact is not None and fact.is_of_items:
        items = levels(question, measure, OF_ITEMS, member)
        if items is not None:
            return _left(items.join(_called(question), on="product_id", how="left", validate="m:1"), question)
    found = counted(rows(question, measure, member), measure, question.period, question.as_of).collect()
    return _levels(found, question) if fact is not None and fact.is_event else found


def _called(question: Asked) -> pl.DataFrame:
    """One row per product: product_id, and how the rows of its stock name it."""
    return question.products.select("product_id", document="sku", record_id="product_id")


def _levels(changes: pl.DataFrame, question: Asked) -> pl.DataFrame:
    """Changes summed to what is left of each record: an invoice, an item at a site. Day: that of the level."""
    kept = [name for name in (*RECORD, "supplier_id", "salesperson_id", "due_on") if name in changes.columns]
    numbers = [name for name in ("amount", "quantity") if name in changes.columns]
    known = [pl.when(pl.col(n).is_not_null().all()).then(pl.col(n).sum()).alias(n) for n in numbers]
    return _left(changes.group_by(kept, maintain_order=True).agg(known), question)


def _left(held: pl.DataFrame, question: Asked) -> pl.DataFrame:
    """Those of the records of which anything is left. Day: that of the level."""
    numbers = [name for name in ("amount", "quantity") if name in held.columns]
    is_left = pl.any_horizontal((pl.col(name) != 0).fill_null(True) for name in numbers)
    return held.filter(is_left).with_columns(day_on=pl.lit(question.period.until))


def _described(question: Asked, found: pl.DataFrame) -> pl.DataFrame:
    wanted = {**EVIDENCE, **dict.fromkeys(NAMED.values(), pl.String)}
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in wanted.items() if name not in found.columns]
    filled = found.with_columns(missing)
    for dimension, key in NAMED.items():
        called = names(question, dimension).rename({"member": key, "name": dimension, "name_zh": f"{dimension}_zh"})
        filled = filled.drop(dimension, f"{dimension}_zh").join(
            called, on=key, how="left", validate="m:1", maintain_order="left"
        )
    return filled.select(pl.col(name).cast(kind) for name, kind in EVIDENCE.items())
