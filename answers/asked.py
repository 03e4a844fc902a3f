"""One question about one number: who asks, of what part of the firm, of which version; and the rows that answer it.

Rows are cut by the viewer's rights at the scan, then by the scope, then by a member of a dimension.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from analytics.access import Viewer, require
from analytics.facts import FACTS
from analytics.metrics import DIMENSIONS, METRICS, Measure, Metric
from analytics.money import daily_factors, reporting_currency
from analytics.periods import Period, period
from analytics.scope import Scope
from analytics.tables import SHARED
from answers import Snapshot, inventory, snapshot, stock

COLUMN_OF = {
    "product": "product_id",
    "category": "category_id",
    "customer": "customer_id",
    "segment": "segment",
    "region": "region",
    "company": "company_id",
    "site": "site_id",
    "supplier": "supplier_id",
    "salesperson": "salesperson_id",
    "currency": "currency",
}
OF_PRODUCT, OF_CUSTOMER = ("category", "supplier"), ("segment",)
ALWAYS = ("region", "company", "currency")
SLACK_DAYS = 7
OF_TODAY = {
    "outlook": ("product", "category", "supplier", "currency"),
    "positions": ("product", "category", "supplier", "site", "region", "company", "currency"),
}


class NotKnownBy(Exception):
    """The number is not known by something that the question names; the argument is the dimension."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """One member of a dimension; ``key`` null stands for the rows of which nobody knows it."""

    dimension: str
    key: str | None

    def __post_init__(self) -> None:
        """Refuses a dimension that does not exist."""
        if self.dimension not in DIMENSIONS:
            raise ValueError(f"there is no dimension {self.dimension!r}; there are {', '.join(DIMENSIONS)}")


@dataclass(frozen=True)
class Asked:
    """Who asks for which number of which version."""

    viewer: Viewer
    scope: Scope
    metric: Metric
    version: Snapshot

    @cached_property
    def as_of(self) -> date:
        """The day that the data stands for."""
        return self.scope.as_of or inventory.day(self.viewer, version=self.version)

    @cached_property
    def period(self) -> Period:
        """The period that is asked about."""
        return period(self.scope.period, self.as_of)

    @cached_property
    def companies(self) -> pl.DataFrame:
        """The companies that the viewer may see."""
        return self.version.table("companies", self.viewer).collect()

    @cached_property
    def currency(self) -> str | None:
        """The reporting currency."""
        return reporting_currency(self.companies, self.scope.companies)

    @cached_property
    def rates(self) -> pl.DataFrame:
        """All exchange rates."""
        return self.version.table("exchange_rates", self.viewer).collect()

    @cached_property
    def products(self) -> pl.DataFrame:
        """Every product with its category and main supplier."""
        return self.version.aggregate("members", self.viewer).collect()

    @cached_property
    def customers(self) -> pl.DataFrame:
        """Every customer with its segment."""
        return self.version.table("customers", self.viewer).select("customer_id", "segment").collect()

    @cached_property
    def begins(self) -> tuple[date | None, ...]:
        """By measure of the number, the first day of which the firm has such rows, whatever the scope."""
        return tuple(self._begins(measure.fact) for measure in self.metric.measures)

    def _begins(self, fact: str) -> date | None:
        if fact in OF_TODAY:
            return self.as_of
        first = self.version.aggregate(f"fact_{fact}", self.viewer).select(pl.col("day_on").min()).collect().item()
        return first if isinstance(first, date) else None

    @cached_property
    def targets(self) -> pl.DataFrame:
        """All targets."""
        return self.version.table("targets", self.viewer).collect()

    @cached_property
    def workdays(self) -> pl.DataFrame:
        """By company and day, what share of a working day it is."""
        return self.version.aggregate("working_days", self.viewer).collect()


def allowed(viewer: Viewer, name: str) -> Viewer:
    """The viewer, if it may see the number; otherwise ``NotAllowed``."""
    metric = METRICS[name]
    for capability in (metric.right, *sorted(metric.needs)):
        require(viewer, capability)
    return viewer


def asked(viewer: Viewer, scope: Scope, name: str, version: Snapshot | None) -> Asked:
    """The question, if the viewer may ask it; otherwise ``NotAllowed``."""
    return Asked(allowed(viewer, name), scope, METRICS[name], version or snapshot())


def may_see(viewer: Viewer, name: str) -> bool:
    """Whether the viewer may see the number."""
    return METRICS[name].capabilities <= viewer.capabilities


def knows(metric: Metric) -> tuple[str, ...]:
    """The dimensions by which every part of the number is known."""
    return tuple(dimension for dimension in DIMENSIONS if all(_is_known(m, dimension) for m in metric.measures))


def _is_known(measure: Measure, dimension: str) -> bool:
    if measure.fact in OF_TODAY:
        return dimension in OF_TODAY[measure.fact]
    own = FACTS[measure.fact].knows
    through = {**dict.fromkeys(OF_PRODUCT, "product_id"), **dict.fromkeys(OF_CUSTOMER, "customer_id")}
    return dimension in ALWAYS or COLUMN_OF[dimension] in own or through.get(dimension) in own


def rows(question: Asked, measure: Measure, member: Member | None = None) -> pl.LazyFrame:
    """The rows of a measure's fact of all days, or of stock today: cut by rights, scope and member; with the keys of
    every dimension that it is known by. Raises ``NotKnownBy``."""
    if measure.fact in OF_TODAY:
        return _of_today(question, measure.fact, member)
    for dimension in _named(question.scope, member):
        if not _is_known(measure, dimension):
            raise NotKnownBy(dimension)
    hidden = dict(FACTS[measure.fact].hidden)
    found = question.version.aggregate(f"fact_{measure.fact}", question.viewer, masked=hidden)
    return _of_member(_with_keys(question, measure, _in_scope(question, found)), member)


def _named(scope: Scope, member: Member | None) -> list[str]:
    asked_by = {"site": scope.sites, "category": scope.categories, "supplier": scope.suppliers}
    named = [dimension for dimension, chosen in asked_by.items() if chosen]
    return [*named, *([member.dimension] if member else [])]


def _in_scope(question: Asked, found: pl.LazyFrame) -> pl.LazyFrame:
    scope = question.scope
    for column, chosen in (("company_id", scope.companies), ("region", scope.regions), ("site_id", scope.sites)):
        if chosen:
            shared = [SHARED] if column == "company_id" else []
            found = found.filter(pl.col(column).is_in([*chosen, *shared]))
    return found


def _with_keys(question: Asked, measure: Measure, found: pl.LazyFrame) -> pl.LazyFrame:
    """With category_id, supplier_id and segment, and only those of the scope's categories and suppliers."""
    own = FACTS[measure.fact].knows
    scope = question.scope
    products = question.products.select(
        "product_id", "category_id", "category_ids", main_supplier_id="supplier_id"
    ).lazy()
    named = found.join(products, on="product_id", how="left", validate="m:1", maintain_order="left")
    if scope.categories:
        under = pl.col("category_ids").list.set_intersection(list(scope.categories)).list.len() > 0
        named = named.filter(under.fill_null(False))
    if "supplier_id" not in own:
        named = named.with_columns(supplier_id="main_supplier_id")
    if scope.suppliers:
        named = named.filter(pl.col("supplier_id").is_in(list(scope.suppliers)))
    customers = question.customers.lazy()
    whole = named.join(customers, on="customer_id", how="left", validate="m:1", maintain_order="left")
    return whole.drop("category_ids", "main_supplier_id")


def _of_member(found: pl.LazyFrame, member: Member | None) -> pl.LazyFrame:
    if member is None:
        return found
    return found.filter(pl.col(COLUMN_OF[member.dimension]).eq_missing(pl.lit(member.key, dtype=pl.String)))


def _of_today(question: Asked, fact: str, member: Member | None) -> pl.LazyFrame:
    """Stock as rows of today: one row per item, or per item, site and company."""
    if member is not None and member.dimension not in OF_TODAY[fact]:
        raise NotKnownBy(member.dimension)
    answer = inventory.outlook if fact == "outlook" else stock.positions
    items = answer(question.viewer, question.scope, version=question.version)
    keys = ("company_id", "customer_id", "segment", "site_id", "salesperson_id", "region")
    missing = [pl.lit(None, dtype=pl.String).alias(name) for name in keys if name not in items.columns]
    rows = items.with_columns(
        *missing,
        day_on=pl.lit(question.as_of),
        document=pl.col("sku"),
        record_id=pl.col("product_id"),
        one=pl.lit(1.0),
    )
    return _of_member(rows.lazy(), member)


def reaches(question: Asked, span: Period) -> bool:
    """Whether the firm's data goes back to the beginning of the span (of levels: to its end), give or take a week.

    Half a year's data is no year to compare with.
    """
    starts = [span.until if measure.time == "balance" else span.first for measure in question.metric.measures]
    slack = timedelta(days=SLACK_DAYS)
    begins = zip(question.begins, starts, strict=True)
    return all(first is not None and first <= start + slack for first, start in begins)


def counted(found: pl.LazyFrame, measure: Measure, span: Period, as_of: date) -> pl.LazyFrame:
    """The rows that count towards the measure in the period; none where it has not begun."""
    until = span.until
    if measure.time != "now" and not span.days:
        return found.filter(pl.lit(value=False))
    if measure.time == "flow":
        found = found.filter(pl.col("day_on").is_between(_since(measure, span), until))
    elif measure.time == "balance":
        found = found.filter(pl.col("day_on") <= until)
    if measure.only:
        found = found.filter(_which(measure, until, as_of))
    return found


def _which(measure: Measure, until: date, as_of: date) -> pl.Expr:
    if measure.only == ("overdue",):
        return (pl.col("due_on") < until).fill_null(False)
    if measure.only == ("over",):
        return (pl.col("day_on") < as_of) | (pl.col("kept") == 1)
    if measure.only == ("awaited",):
        return (pl.col("overdue_receipts") > 0).fill_null(False)
    return pl.col("state").is_in(list(measure.only))


def converted(question: Asked, found: pl.DataFrame, measure: Measure, span: Period) -> pl.DataFrame:
    """With ``value``: the measure as a number, money in the reporting currency; null where it is not known."""
    plain = pl.col(measure.column).cast(pl.Float64)
    if not measure.is_money:
        return found.with_columns(value=plain)
    if measure.fact in OF_TODAY:
        is_reported = pl.col("currency").eq_missing(pl.lit(question.currency, dtype=pl.String))
        return found.with_columns(value=pl.when(is_reported).then(plain))
    dated = found.with_columns(rate_on=pl.col("day_on") if measure.time == "flow" else pl.lit(span.until))
    needed = dated.select("currency", day_on="rate_on")
    factors = daily_factors(question.rates, question.currency, needed).rename({"day_on": "rate_on"})
    joined = dated.join(factors, on=("currency", "rate_on"), how="left", validate="m:1", maintain_order="left")
    return joined.with_columns(value=plain * pl.col("factor")).drop("rate_on", "factor")


def sums(question: Asked, spans: Sequence[Period], by: Sequence[str], member: Member | None = None) -> pl.DataFrame:
    """One row per span and group: span (its position), the columns of ``by``, numerator, denominator, rows, unknown.

    Sums are null where no row of the group has a known value. ``rows`` are those of the numerator. Raises
    ``NotKnownBy``.
    """
    parts = [_summed(question, measure, spans, by, member, position) for position, measure in _parts(question.metric)]
    if len(parts) == 1:
        return parts[0].with_columns(denominator=pl.lit(None, dtype=pl.Float64))
    keys = ["span", *by]
    return (
        parts[0]
        .join(parts[1], on=keys, how="full", coalesce=True, validate="1:1", nulls_equal=True)
        .with_columns(pl.col("rows", "unknown").fill_null(0))
    )


def _parts(metric: Metric) -> list[tuple[int, Measure]]:
    return list(enumerate(metric.measures))


def _summed(
    question: Asked, measure: Measure, spans: Sequence[Period], by: Sequence[str], member: Member | None, position: int
) -> pl.DataFrame:
    found = rows(question, measure, member)
    if measure.time == "flow":
        found = found.filter(pl.col("day_on") >= min(_since(measure, span) for span in spans))
    columns = {"day_on", "currency", measure.column, *by, *_deciding(measure)}
    held = found.select(sorted(columns)).collect()
    name = ("numerator", "denominator")[position]
    told = [pl.len().alias("rows").cast(pl.Int64), pl.col("value").null_count().alias("unknown").cast(pl.Int64)]
    known = pl.when(pl.col("value").is_not_null().any()).then(pl.col("value").sum()).alias(name)
    frames = []
    for at, span in enumerate(spans):
        lines = counted(held.lazy(), measure, span, question.as_of).collect()
        valued = converted(question, lines, measure, span).with_columns(span=pl.lit(at, dtype=pl.Int64))
        frames.append(valued.group_by("span", *by, maintain_order=True).agg(known, *(told if position == 0 else [])))
    return pl.concat(frames)


def _since(measure: Measure, span: Period) -> date:
    """The first day of a flow."""
    return span.until - timedelta(days=measure.over_days - 1) if measure.over_days else span.first


def _deciding(measure: Measure) -> tuple[str, ...]:
    """The columns that decide whether a row counts."""
    columns = {"overdue": ("due_on",), "over": ("kept",), "awaited": ("overdue_receipts",)}
    return tuple(name for only in measure.only for name in columns.get(only, ("state",)))


def ratio(metric: Metric, found: pl.DataFrame) -> float | None:
    """The metric of the sums: their sum, or sum over sum; null where there is no data, or nothing to divide by."""
    numerator = _total(found, "numerator")
    if numerator is None or not metric.is_ratio:
        return numerator
    denominator = _total(found, "denominator")
    return numerator / denominator * metric.factor if denominator else None


def _total(found: pl.DataFrame, column: str) -> float | None:
    known = found.get_column(column).drop_nulls()
    return float(known.sum()) if known.len() else None
