"""One question about one number: who asks, of what part of the firm, of which version; and the rows that answer it.

Rows are cut by the viewer's rights at the scan, then by the scope, then by a member of a dimension.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from analytics.access import ALL, NotAllowed, Viewer, require
from analytics.facts import FACTS
from analytics.metrics import DIMENSIONS, METRICS, Measure, Metric
from analytics.money import daily_factors, reporting_currency
from analytics.periods import Period, period
from analytics.scope import Scope
from analytics.tables import SHARED
from analytics.workdays import Worked
from answers import Snapshot, inventory, snapshot
from answers.standing import Standing

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
KEYS_OF_ALL = frozenset(COLUMN_OF.values())
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
    def standing(self) -> Standing:
        """What stands in the version for all who see what the viewer sees."""
        return Standing.of(self.viewer, self.version)

    @cached_property
    def as_of(self) -> date:
        """The day that the data stands for."""
        return self.scope.as_of or inventory.day(self.viewer, version=self.version)

    @cached_property
    def period(self) -> Period:
        """The period that is asked about."""
        return period(self.scope.period, self.as_of)

    @cached_property
    def currency(self) -> str | None:
        """The reporting currency."""
        return reporting_currency(self.standing.companies, self.scope.companies)

    @property
    def made_for(self) -> date | None:
        """The day for which the cells of cubes were cut; null where nothing says what day the data stands for."""
        return self.standing.made_for

    @cached_property
    def sees_cells_in_its_currency(self) -> bool:
        """Whether cells were converted at the very rates that the viewer may see."""
        return self.currency is not None and self.standing.sees_all_rates

    @cached_property
    def worths(self) -> pl.DataFrame | None:
        """By currency and day, what it is worth in the reporting currency; null where not all rates are the viewer's to
        see, or nobody knows in which currency to report."""
        if self.currency is None or not self.standing.sees_all_rates:
            return None
        return self.standing.worths(self.currency)

    def factors(self, needed: pl.DataFrame) -> pl.DataFrame:
        """One row per currency and day of ``needed`` that can be converted: see ``analytics.money.daily_factors``."""
        wanted = needed.select("currency", "day_on").drop_nulls().unique()
        known = self.worths
        if known is None or self.currency is None:
            return daily_factors(self.standing.rates, self.currency, wanted)
        is_other = wanted["currency"] != self.currency
        if is_other.any() and self._is_later(wanted, known):
            return daily_factors(self.standing.rates, self.currency, wanted)
        own = wanted.filter(~is_other).with_columns(factor=pl.lit(1.0))
        if not is_other.any():
            return own
        others = wanted.filter(is_other)
        return pl.concat([own, others.join(known, on=("currency", "day_on"), how="inner", validate="1:1")])

    @staticmethod
    def _is_later(wanted: pl.DataFrame, known: pl.DataFrame) -> bool:
        """Whether something is asked of a day after all that is kept."""
        latest, last = wanted["day_on"].max(), known["day_on"].max()
        return isinstance(latest, date) and (not isinstance(last, date) or latest > last)

    @property
    def products(self) -> pl.DataFrame:
        """Every product with its category and main supplier."""
        return self.standing.products

    @cached_property
    def categories(self) -> list[str]:
        """The categories of products that the scope's categories hold, themselves or by those below them."""
        under = pl.col("category_ids").list.set_intersection(list(self.scope.categories)).list.len() > 0
        return self.products.filter(under.fill_null(False))["category_id"].drop_nulls().unique().sort().to_list()

    @cached_property
    def customers(self) -> pl.DataFrame:
        """Every customer with its segment."""
        return self.version.table("customers", self.viewer).select("customer_id", "segment").collect()

    @cached_property
    def begins(self) -> tuple[date | None, ...]:
        """By measure of the number, the first day of which the firm has such rows, whatever the scope."""
        facts = (measure.fact for measure in self.metric.measures)
        return tuple(self.as_of if fact in OF_TODAY else self.standing.begins(fact) for fact in facts)

    @property
    def targets(self) -> pl.DataFrame:
        """All targets."""
        return self.standing.targets

    @property
    def worked(self) -> Worked:
        """How much of each day each company works."""
        return self.standing.worked


def allowed(viewer: Viewer, name: str) -> Viewer:
    """The viewer, if it may see the number; otherwise ``NotAllowed``."""
    metric = METRICS[name]
    for capability in (metric.right, *sorted(metric.needs)):
        require(viewer, capability)
    if not _is_of_viewer(viewer, metric):
        raise NotAllowed("The number is known of all customers together only.")
    return viewer


def asked(viewer: Viewer, scope: Scope, name: str, version: Snapshot | None) -> Asked:
    """The question, if the viewer may ask it; otherwise ``NotAllowed``."""
    return Asked(allowed(viewer, name), scope, METRICS[name], version or snapshot())


def may_see(viewer: Viewer, name: str) -> bool:
    """Whether the viewer may see the number."""
    return METRICS[name].capabilities <= viewer.capabilities and _is_of_viewer(viewer, METRICS[name])


def _is_of_viewer(viewer: Viewer, metric: Metric) -> bool:
    """Who sees only own customers sees sums over customers, and of shelves those that are no money."""
    own = ("customer_id" in FACTS[each.fact].knows for each in metric.measures if each.fact in FACTS)
    is_shelf_money = any(each.fact in OF_TODAY and each.is_money for each in metric.measures)
    return viewer.customers == ALL or (all(own) and not is_shelf_money)


def knows(metric: Metric) -> tuple[str, ...]:
    """The dimensions by which every part of the number is known."""
    return tuple(dimension for dimension in DIMENSIONS if all(_is_known(m, dimension) for m in metric.measures))


def _is_known(measure: Measure, dimension: str) -> bool:
    if measure.fact in OF_TODAY:
        return dimension in OF_TODAY[measure.fact]
    own = FACTS[measure.fact].knows
    through = {**dict.fromkeys(OF_PRODUCT, "product_id"), **dict.fromkeys(OF_CUSTOMER, "customer_id")}
    return dimension in ALWAYS or COLUMN_OF[dimension] in own or through.get(dimension) in own


def kept_rows(
    question: Asked, measure: Measure, member: Member | None = None, keys: Collection[str] = KEYS_OF_ALL
) -> pl.LazyFrame:
    """The rows of a measure's fact of all days: cut by rights, scope and member; with those of ``keys`` that the number
    is known by. Raises ``NotKnownBy``."""
    refuse_unknown(question, measure, member)
    found = question.version.aggregate(f"fact_{measure.fact}", question.viewer, masked=dict(FACTS[measure.fact].hidden))
    own = {*FACTS[measure.fact].knows, "product_id", "customer_id"}
    return in_scope(question, found, own, keys, member)


def refuse_unknown(question: Asked, measure: Measure, member: Member | None) -> None:
    """Raises ``NotKnownBy`` where the scope or the member names what the fact does not know."""
    for dimension in _named(question.scope, member):
        if not _is_known(measure, dimension):
            raise NotKnownBy(dimension)


def _named(scope: Scope, member: Member | None) -> list[str]:
    filters = {"site": scope.sites, "category": scope.categories, "supplier": scope.suppliers}
    named = [dimension for dimension, chosen in filters.items() if chosen]
    return [*named, *([member.dimension] if member else [])]


def in_scope(
    question: Asked, found: pl.LazyFrame, own: Collection[str], keys: Collection[str], member: Member | None
) -> pl.LazyFrame:
    """The rows of the scope and the member, with ``keys``; ``own``: the keys that the rows have themselves, the others
    are those of their product and customer."""
    scope = question.scope
    for column, chosen in (("company_id", scope.companies), ("region", scope.regions), ("site_id", scope.sites)):
        if chosen:
            shared = [SHARED] if column == "company_id" else []
            found = found.filter(pl.col(column).is_in([*chosen, *shared]))
    whole = _with_keys(question, found, own, {*keys, *asked_by(scope, member)})
    if scope.categories:
        whole = whole.filter(pl.col("category_id").is_in(question.categories).fill_null(False))
    if scope.suppliers:
        whole = whole.filter(pl.col("supplier_id").is_in(list(scope.suppliers)))
    return of_member(whole, member)


def asked_by(scope: Scope, member: Member | None) -> set[str]:
    """The keys by which the scope or the member choose rows."""
    chosen = {"site_id": scope.sites, "category_id": scope.categories, "supplier_id": scope.suppliers}
    return {key for key, members in chosen.items() if members} | ({COLUMN_OF[member.dimension]} if member else set())


def _with_keys(question: Asked, found: pl.LazyFrame, own: Collection[str], keys: set[str]) -> pl.LazyFrame:
    of_product = {"category_id", "supplier_id"} & keys - set(own)
    if of_product:
        told = question.products.lazy().select("product_id", *sorted(of_product))
        found = found.drop(of_product, strict=False).join(
            told, on="product_id", how="left", validate="m:1", maintain_order="left"
        )
    if "segment" in keys - set(own):
        told = question.customers.lazy()
        found = found.join(told, on="customer_id", how="left", validate="m:1", maintain_order="left")
    return found


def of_member(found: pl.LazyFrame, member: Member | None) -> pl.LazyFrame:
    """The rows of one member of a dimension; all where none is named."""
    if member is None:
        return found
    return found.filter(pl.col(COLUMN_OF[member.dimension]).eq_missing(pl.lit(member.key, dtype=pl.String)))


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
        found = found.filter(pl.col("day_on").is_between(since(measure, span), until))
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
    factors = question.factors(needed).rename({"day_on": "rate_on"})
    joined = dated.join(factors, on=("currency", "rate_on"), how="left", validate="m:1", maintain_order="left")
    return joined.with_columns(value=plain * pl.col("factor")).drop("rate_on", "factor")


def since(measure: Measure, span: Period) -> date:
    """The first day of a flow."""
    return span.until - timedelta(days=measure.over_days - 1) if measure.over_days else span.first
