"""Customers: in which segment each is and how it moved, what it is worth, what happened with it, and what to do next.

Every answer takes the viewer first and cuts rows and columns by the viewer's rights before it judges anything: segments
are relative to the customers that the viewer may see, within the scope's companies; the scope's regions then choose
rows. Records that are known to be one customer (see ``identities``) are one, under the smallest of their keys. Amounts
are in the reporting currency; those that no rate converts are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import polars as pl

from analytics import segments, timeline
from analytics.access import Viewer, require
from analytics.demand import known_sum
from analytics.facts import FACTS
from analytics.money import daily_factors, reporting_currency
from analytics.periods import period
from analytics.scope import Scope
from analytics.segments import STANDING, WORTH, Known
from analytics.tables import SHARED
from analytics.timeline import NextStep
from answers import Snapshot, inventory, snapshot
from answers.asked import Member, asked, may_see
from answers.sums import ratio, sums

RIGHT = "sales.read"
YEAR = "days_365"
METRICS = ("revenue", "gross_margin", "on_time_in_full", "overdue_receivables")
DESCRIBED = {
    "customer_id": pl.String,
    "customer": pl.String,
    "number": pl.String,
    "is_person": pl.Boolean,
    "country": pl.String,
    "region": pl.String,
    "city": pl.String,
    "industry": pl.String,
    "kind": pl.String,
    "created_on": pl.Date,
    "owner": pl.String,
}
CUSTOMERS = {
    **DESCRIBED,
    **STANDING,
    **WORTH,
    "segment_before": pl.String,
    "overdue": pl.Float64,
    "currency": pl.String,
}
CONTACTS = ("name", "role", "email", "phone")


@dataclass(frozen=True)
class Numbers:
    """Numbers of one customer. ``values``: by the name of the metric, of the last 365 days or of today, those that the
    viewer may see; ``open_orders``: what is ordered and not yet delivered; null where nothing is known."""

    values: Mapping[str, float | None]
    open_orders: float | None
    currency: str | None


def customers(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per customer that is active or ever ordered, the most revenue first: see ``CUSTOMERS``.

    For what the columns mean see ``analytics.segments``. customer is its name, else its number; margin and overdue need
    margins and receivables.read.
    """
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    rows = segments.segmented(question.known)
    if scope.regions:
        rows = rows.filter(pl.col("region").is_in(list(scope.regions)))
    owed = rows.join(question.overdue, on="customer_id", how="left", validate="1:1", maintain_order="left")
    whole = owed.with_columns(currency=pl.lit(question.currency, dtype=pl.String))
    return whole.select(pl.col(name).cast(kind) for name, kind in CUSTOMERS.items())


def contacts(viewer: Viewer, scope: Scope, customer_id: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per person at the customer, by role: name, role, email, phone; who they are needs personal_data."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    rows = question.version.table("contacts", question.viewer).filter(question.is_of(customer_id))
    return rows.filter("is_active").sort("role", "contact_id", nulls_last=True).select(CONTACTS).collect()


def events(viewer: Viewer, scope: Scope, customer_id: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """What happened with one customer on all channels, the newest first: see ``analytics.timeline.told``; and owner.

    Each kind needs its right, texts and the names of owners need personal_data; so does the name of a private person's
    deal, which tends to say who that is.
    """
    return _Asked(require(viewer, RIGHT), scope, version or snapshot()).events(customer_id)


def next_step(viewer: Viewer, scope: Scope, customer_id: str, *, version: Snapshot | None = None) -> NextStep:
    """The one step to take next with a customer, of what the viewer may see: see ``analytics.timeline.next_step``."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    known = question.events(customer_id)
    habits = segments.standing(replace(question.known, sales=question.known.sales.clear()), question.as_of)
    quiet = habits.filter((pl.col("customer_id") == question.party(customer_id)) & pl.col("is_quiet"))
    return timeline.next_step(known, is_quiet=quiet.height > 0, as_of=question.as_of)


def numbers(viewer: Viewer, scope: Scope, customer_id: str, *, version: Snapshot | None = None) -> Numbers:
    """The numbers of one customer: see ``Numbers``. They are those of the registry, so their rows can be shown."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    values = {name: question.metric(name, customer_id) for name in METRICS if may_see(viewer, name)}
    lines = question.aggregate("open_order_lines").filter(question.is_of(customer_id)).collect()
    due = question.converted(lines.with_columns(day_on=pl.lit(question.as_of)), "amount")
    return Numbers(values, due.select(known_sum(pl.col("amount"))).item(), question.currency)


@dataclass(frozen=True)
class _Asked:
    """Who asks, about which part of the firm, of which version."""

    viewer: Viewer
    scope: Scope
    version: Snapshot

    def aggregate(self, name: str, masked: Mapping[str, str] | None = None) -> pl.LazyFrame:
        """An aggregate, cut by rights and the scope's companies."""
        rows = self.version.aggregate(name, self.viewer, masked=dict(masked or {}))
        if self.scope.companies:
            rows = rows.filter(pl.col("company_id").is_in([*self.scope.companies, SHARED]))
        return rows

    @cached_property
    def as_of(self) -> date:
        """The day that the data stands for."""
        if self.scope.as_of is not None:
            return self.scope.as_of
        if self.viewer.may(inventory.RIGHT):
            return inventory.day(self.viewer, version=self.version)
        return self.version.made_at.date()

    @cached_property
    def currency(self) -> str | None:
        """The reporting currency."""
        companies = self.version.table("companies", self.viewer).collect()
        return reporting_currency(companies, self.scope.companies)

    @cached_property
    def rates(self) -> pl.DataFrame:
        """All exchange rates."""
        return self.version.table("exchange_rates", self.viewer).collect()

    @cached_property
    def employees(self) -> pl.DataFrame:
        """The names of employees: owner_id, owner."""
        return self.version.table("employees", self.viewer).select(owner_id="employee_id", owner="name").collect()

    def converted(self, rows: pl.DataFrame, *amounts: str) -> pl.DataFrame:
        """The amounts as numbers in the reporting currency, each at the rate of its day; null where none is known."""
        factors = daily_factors(self.rates, self.currency, rows.select("currency", "day_on"))
        joined = rows.join(factors, on=("currency", "day_on"), how="left", validate="m:1", maintain_order="left")
        return joined.with_columns(pl.col(name).cast(pl.Float64) * pl.col("factor") for name in amounts)

    @cached_property
    def parties(self) -> pl.DataFrame:
        """One row per customer record that the viewer may see: customer_id, party_id."""
        records = self.version.table("customers", self.viewer).select("customer_id")
        is_joined = (pl.col("entity") == "customer") & (pl.col("state") == "joined")
        same = self.version.table("identities", self.viewer).filter(is_joined)
        groups = same.select("group_id", customer_id="record_id").unique("customer_id", maintain_order=True)
        named = records.join(groups, on="customer_id", how="left", validate="1:1")
        group = pl.coalesce("group_id", "customer_id")
        return named.select("customer_id", party_id=pl.col("customer_id").min().over(group)).collect()

    def party(self, customer_id: str) -> str:
        """The key under which a customer's records are one."""
        found = self.parties.filter(pl.col("customer_id") == customer_id).get_column("party_id")
        return str(found[0]) if found.len() else customer_id

    def is_of(self, customer_id: str) -> pl.Expr:
        """Whether a row is of the customer, under whichever key."""
        return pl.col("customer_id").is_in(self._keys(customer_id))

    def _keys(self, customer_id: str) -> list[str]:
        same = self.parties.filter(pl.col("party_id") == self.party(customer_id)).get_column("customer_id")
        return sorted({*same.to_list(), customer_id})

    def _as_parties(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with customer_id replaced by the key under which the customer's records are one."""
        joined = rows.join(self.parties, on="customer_id", how="left", validate="m:1", maintain_order="left")
        return joined.with_columns(customer_id=pl.coalesce("party_id", "customer_id")).drop("party_id")

    @cached_property
    def known(self) -> Known:
        """What segments are made of."""
        hidden = FACTS["invoice_lines"].hidden
        days, sales = pl.collect_all([self.aggregate("order_days"), self.aggregate("sales_days", hidden)])
        ordered = self._as_parties(days).select("customer_id", "day_on").unique()
        invoiced = self._as_parties(self.converted(sales, "amount", "margin"))
        return Known(
            as_of=self.as_of,
            people=self._people(pl.concat([ordered, invoiced.select("customer_id", "day_on")])),
            days=ordered,
            sales=invoiced.select("customer_id", "day_on", "margin", revenue="amount"),
            by_margin=bool(invoiced.get_column("margin").is_not_null().any()),
        )

    def _people(self, busy: pl.DataFrame) -> pl.DataFrame:
        """One row per customer: active ones of the companies, and all that ordered or were invoiced there."""
        rows = self.version.table("customers", self.viewer).collect()
        is_person = pl.col("is_company").eq(other=False).fill_null(value=False)
        named = rows.with_columns(customer=pl.coalesce("name", "number"), is_person=is_person, kind="segment")
        is_own = (
            pl.col("company_id").is_in([*self.scope.companies, SHARED]) if self.scope.companies else pl.lit(value=True)
        )
        buys = pl.col("customer_id").is_in(busy.get_column("customer_id").unique().implode())
        owned = named.join(self.employees, on="owner_id", how="left", validate="m:1")
        one = self._as_parties(owned.sort("customer_id")).unique("customer_id", keep="first", maintain_order=True)
        known = one.filter((is_own & pl.col("is_active")) | buys).select(*DESCRIBED)
        unnamed = busy.select("customer_id").unique().join(known, on="customer_id", how="anti")
        return pl.concat([known, unnamed], how="diagonal").sort("customer_id")

    @cached_property
    def overdue(self) -> pl.DataFrame:
        """One row per customer with invoices past their day: customer_id, overdue, less credit notes."""
        if not self.viewer.may("receivables.read"):
            return pl.DataFrame(schema={"customer_id": pl.String, "overdue": pl.Float64})
        late = self.aggregate("open_invoices").filter(pl.col("due_on") < self.as_of).collect()
        amounts = self.converted(late.with_columns(day_on=pl.lit(self.as_of)), "amount")
        by_customer = self._as_parties(amounts).group_by("customer_id")
        return by_customer.agg(overdue=known_sum(pl.col("amount"))).drop_nulls("customer_id")

    def events(self, customer_id: str) -> pl.DataFrame:
        """What happened with a customer, as far as the viewer may know it."""
        kinds = [kind for kind, right in timeline.NEEDS.items() if self.viewer.may(right)]
        rows = self.aggregate("customer_events", timeline.PERSONAL).filter(self.is_of(customer_id))
        known = rows.filter(pl.col("kind").is_in(kinds)).collect()
        people = self.version.table("customers", self.viewer).filter(self.is_of(customer_id)).collect()
        if people.get_column("is_company").eq(other=False).any() and not self.viewer.may("personal_data"):
            known = known.with_columns(document=pl.when(pl.col("kind") != "deal").then("document"))
        named = known.join(self.employees, on="owner_id", how="left", validate="m:1", maintain_order="left")
        return timeline.told(named, self.as_of)

    def metric(self, name: str, customer_id: str) -> float | None:
        """A number of the registry for one customer: of its last 365 days, or of today."""
        scope = replace(self.scope, period=YEAR, as_of=self.as_of)
        question = asked(self.viewer, scope, name, self.version)
        members = [Member(dimension="customer", key=key) for key in self._keys(customer_id)]
        parts = [sums(question, [period(YEAR, self.as_of)], ["company_id"], member) for member in members]
        return ratio(question.metric, pl.concat(parts))
