"""Customers: in which segment each is and how it moved, what it is worth, what happened with it, and what to do next.

Every answer takes the viewer first and cuts rows and columns by the viewer's rights before it judges anything: segments
are relative to the customers that the viewer may see, within the scope's companies; the scope's regions then choose
rows. Records that are known to be one customer (see ``identities``) are one, under the smallest of their keys. Amounts
are in the reporting currency; those that no rate converts are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from analytics import life_cycle, segments, timeline
from analytics.access import ALL, Viewer, require
from analytics.demand import known_sum
from analytics.facts import FACTS
from analytics.periods import period
from analytics.scope import Scope
from analytics.segments import STANDING, WORTH, Known
from analytics.tables import SHARED
from analytics.timeline import NextStep
from answers import Snapshot, Study, newest, snapshot
from answers.asked import Member, asked, may_see
from answers.asking import Asking
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
    "moved_by": pl.List(pl.String),
    "overdue": pl.Float64,
    "currency": pl.String,
}
CONTACTS = ("name", "role", "email", "phone")
STUDY = "customers"
CHECKS = ("reliability", "contracts_check")
IN_MONEY = ("expected_amount", "amount_low", "amount_high", "expected_margin", "spent_now", "spent_before")
COUNTED = ("expected_orders", "orders_now", "orders_before")
OUTLOOK: Mapping[str, type[pl.DataType]] = {
    "customer_id": pl.String,
    "p_active": pl.Float64,
    "expected_orders": pl.Float64,
    "orders_now": pl.Int64,
    "orders_before": pl.Int64,
    **dict.fromkeys(IN_MONEY, pl.Float64),
}
CONTRACTS_IN_MONEY = ("usual_amount", "worth_year", "worth_low", "worth_high")
CONTRACTS: Mapping[str, type[pl.DataType]] = {
    "customer_id": pl.String,
    "interval_days": pl.Float64,
    "periods": pl.Int64,
    "began_on": pl.Date,
    "due_on": pl.Date,
    **dict.fromkeys(("stays", "stays_year", "year_low", "year_high"), pl.Float64),
    **dict.fromkeys(CONTRACTS_IN_MONEY, pl.Float64),
}
CONTRACTS_CHECK: Mapping[str, type[pl.DataType]] = {
    "fifth": pl.Int64,
    "customers": pl.Int64,
    **dict.fromkeys(("said", "came", "error", "error_plain"), pl.Float64),
}
FIFTHS: Mapping[str, type[pl.DataType]] = {
    "fifth": pl.Int64,
    "customers": pl.Int64,
    "said": pl.Float64,
    "came": pl.Float64,
    "error": pl.Float64,
    "below_high": pl.Float64,
}


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
    people = rows.filter("is_active").sort("role", "contact_id", nulls_last=True).select(CONTACTS).collect()
    is_erased = pl.all_horizontal(pl.col(CONTACTS).is_null())
    return people.filter(~is_erased) if viewer.may("personal_data") else people


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


def study() -> Study | None:
    """The newest study of customers of the firm that is served; None while it is being worked out."""
    return newest(STUDY)


def parties(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per customer record that the viewer may see: customer_id, and party_id, the key under which the
    customer's records are one."""
    return _Asked(require(viewer, RIGHT), scope, version or snapshot()).parties


def known_as(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per customer record that the viewer may see: customer_id, and known_as, the smallest key of all records
    that are one customer with it: what studies, and control groups, know it by."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    smallest = question.groups.with_columns(known_as=pl.col("customer_id").min().over("group_id")).drop("group_id")
    named = question.parties.join(smallest, on="customer_id", how="left", validate="1:1")
    return named.select("customer_id", known_as=pl.coalesce("known_as", "customer_id"))


def studied_as(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per customer that the viewer may see: customer_id, as studies name it, and party_id, as answers do."""
    of = version or snapshot()
    named = known_as(viewer, scope, version=of).join(
        parties(viewer, scope, version=of), on="customer_id", how="inner", validate="1:1"
    )
    return (
        named.select("party_id", customer_id="known_as")
        .sort("customer_id", "party_id")
        .unique("customer_id", keep="first", maintain_order=True)
    )


def stages(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per customer: customer_id, stage: see ``analytics.life_cycle``."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    known = replace(question.known, sales=question.known.sales.clear())
    habits = segments.standing(known, question.as_of)
    return life_cycle.stages(habits, known.days, question.as_of)


def cohorts(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per quarter of first orders and full quarter since: see ``analytics.life_cycle.COHORTS``."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    return life_cycle.cohorts(*question.newcomers, question.as_of)


def first_quarters(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per customer whose first order is known to be its first: customer_id, cohort_on, the first day of the
    quarter in which that was."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    newcomers, _ = question.newcomers
    return newcomers.select("customer_id", cohort_on=pl.col("first_on").dt.truncate("1q")).sort("customer_id")


def repeat_rate(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> tuple[float | None, int]:
    """The share of first-time customers that ordered again within a year, and of how many: see
    ``analytics.life_cycle.repeat_rate``."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    return life_cycle.repeat_rate(*question.newcomers, question.as_of)


def outlook(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per customer that ordered, what it will likely buy in the next 90 days: see ``OUTLOOK``, and for what the
    columns mean ``analytics.customer_outlook``. In the reporting currency; empty while it is being worked out.

    expected_margin needs margins. A viewer of some regions is told what was learned in each of those alone. What a
    customer buys of several companies is added up; so are the bounds, which then are further apart than need be.
    """
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    rows = question.studied("outlook", {"expected_margin": "margins"})
    if rows is None:
        return pl.DataFrame(schema=OUTLOOK)
    dated = question.converted(rows.with_columns(day_on=pl.lit(question.as_of)), *IN_MONEY)
    parties = question.as_parties(dated, question.parties_of_all)
    sums = [pl.col(name).sum() for name in COUNTED] + [known_sum(pl.col(name)).alias(name) for name in IN_MONEY]
    none = (1 - pl.col("p_active")).product()
    found = parties.group_by("customer_id").agg(*sums, p_active=1 - none).sort("customer_id")
    return found.select(pl.col(name).cast(kind) for name, kind in OUTLOOK.items())


def reliability(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """What was said 90 days ago beside what came, by fifths of the chance: see ``FIFTHS``; fifth 1 is the least likely.
    Empty while it is being worked out, or for too few customers."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    rows = question.studied("reliability")
    if rows is None:
        return pl.DataFrame(schema=FIFTHS)
    weight = pl.col("customers")
    means = [
        ((pl.col(name) * weight).sum() / weight.sum()).alias(name) for name in ("said", "came", "error", "below_high")
    ]
    found = rows.group_by("fifth").agg(*means, customers=weight.sum()).sort("fifth")
    return found.select(pl.col(name).cast(kind) for name, kind in FIFTHS.items())


def contracts(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per customer that orders at an equal interval, the most that a year is worth first: see ``CONTRACTS``,
    and for what the columns mean ``analytics.contracts``. In the reporting currency; empty while it is worked out.

    Who orders so of several companies has the contract that is worth most; records that are one customer likewise.
    """
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    rows = question.studied("contracts")
    if rows is None:
        return pl.DataFrame(schema=CONTRACTS)
    dated = question.converted(rows.with_columns(day_on=pl.lit(question.as_of)), *CONTRACTS_IN_MONEY)
    own = question.as_parties(dated, question.parties_of_all).sort(
        -pl.col("worth_year"), "customer_id", "company_id", nulls_last=True
    )
    one = own.unique("customer_id", keep="first", maintain_order=True)
    return one.select(pl.col(name).cast(kind) for name, kind in CONTRACTS.items())


def contracts_check(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """What was said of contracts on days of the past beside what came, by fifths of the chance: see
    ``analytics.contracts.check``. Empty while it is being worked out, or for too few contracts."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    rows = question.studied("contracts_check")
    if rows is None:
        return pl.DataFrame(schema=CONTRACTS_CHECK)
    weight = pl.col("customers")
    told = ("said", "came", "error", "error_plain")
    means = [((pl.col(name) * weight).sum() / weight.sum()).alias(name) for name in told]
    found = rows.group_by("fifth").agg(*means, customers=weight.sum()).sort("fifth")
    return found.select(pl.col(name).cast(kind) for name, kind in CONTRACTS_CHECK.items())


def valued(rows: pl.DataFrame, stages: pl.DataFrame, outlook: pl.DataFrame) -> pl.DataFrame:
    """The customers with stage, what they will likely buy, leaving_risk, the chance that no order comes within 90 days,
    and reasons, what raises it (see ``analytics.life_cycle.reasons``): the most revenue at risk first.

    ``rows``: of ``customers``, and ``stages`` and ``outlook`` for the same viewer and scope. leaving_risk is null for
    who did not order in the last 24 months, and while it is being worked out.
    """
    whole = rows
    for part in (stages, outlook):
        whole = whole.join(part, on="customer_id", how="left", validate="1:1", maintain_order="left")
    risk = pl.when(pl.col("order_days") > 0).then(1 - pl.col("p_active"))
    judged = whole.with_columns(leaving_risk=risk, reasons=life_cycle.reasons())
    at_risk = pl.col("leaving_risk").fill_null(0.0) * pl.col("revenue").fill_null(0.0)
    return judged.sort(-at_risk, "customer_id")


@dataclass(frozen=True)
class _Asked(Asking):
    """Who asks, about which part of the firm, of which version; of all regions, which then choose customers."""

    cuts_by = ("company_id",)

    @cached_property
    def employees(self) -> pl.DataFrame:
        """The names of employees: owner_id, owner."""
        return self.version.table("employees", self.viewer).select(owner_id="employee_id", owner="name").collect()

    @cached_property
    def groups(self) -> pl.DataFrame:
        """One row per record that is known to be one customer with others: customer_id, group_id."""
        is_joined = (pl.col("entity") == "customer") & (pl.col("state") == "joined")
        same = self.version.table("identities", self.viewer).filter(is_joined)
        return same.select("group_id", customer_id="record_id").unique("customer_id", maintain_order=True).collect()

    @cached_property
    def parties(self) -> pl.DataFrame:
        """One row per customer record that the viewer may see: customer_id, party_id."""
        records = self.version.table("customers", self.viewer).select("customer_id").collect()
        named = records.join(self.groups, on="customer_id", how="left", validate="1:1")
        group = pl.coalesce("group_id", "customer_id")
        return named.select("customer_id", party_id=pl.col("customer_id").min().over(group))

    @cached_property
    def parties_of_all(self) -> pl.DataFrame:
        """The same, and records that the viewer may not see of customers that it does see: a study names a customer by
        the smallest key of all."""
        named = self.groups.join(self.parties, on="customer_id", how="left", validate="1:1")
        known = named.with_columns(pl.col("party_id").min().over("group_id")).drop_nulls("party_id")
        unseen = known.join(self.parties, on="customer_id", how="anti")
        return pl.concat([self.parties, unseen.select("customer_id", "party_id")])

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

    def as_parties(self, rows: pl.DataFrame, parties: pl.DataFrame | None = None) -> pl.DataFrame:
        """The rows with customer_id replaced by the key under which the customer's records are one."""
        known = self.parties if parties is None else parties
        joined = rows.join(known, on="customer_id", how="left", validate="m:1", maintain_order="left")
        return joined.with_columns(customer_id=pl.coalesce("party_id", "customer_id")).drop("party_id")

    @cached_property
    def known(self) -> Known:
        """What segments are made of."""
        hidden = FACTS["invoice_lines"].hidden
        days, sales = pl.collect_all([self.aggregate("order_days"), self.aggregate("sales_days", hidden)])
        ordered = self.as_parties(days).select("customer_id", "day_on").unique()
        invoiced = self.as_parties(self.converted(sales, "amount", "margin"))
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
        one = self.as_parties(owned.sort("customer_id")).unique("customer_id", keep="first", maintain_order=True)
        known = one.filter((is_own & pl.col("is_active")) | buys).select(*DESCRIBED)
        unnamed = busy.select("customer_id").unique().join(known, on="customer_id", how="anti")
        return pl.concat([known, unnamed], how="diagonal").sort("customer_id")

    @cached_property
    def newcomers(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Customers whose first order is known, and the order days of all, within the regions of the scope."""
        people, days = self.known.people, self.known.days
        if self.scope.regions:
            people = people.filter(pl.col("region").is_in(list(self.scope.regions)))
            days = days.join(people.select("customer_id"), on="customer_id", how="semi")
        return life_cycle.newcomers(people, days), days

    def studied(self, name: str, masked: Mapping[str, str] | None = None) -> pl.DataFrame | None:
        """A frame of the study of customers, within the scope; None where there is no study yet. What is told of whole
        companies is for who sees all their regions."""
        made = study()
        if made is None:
            return None
        in_parts = self.viewer.regions != ALL or bool(self.scope.regions and name in CHECKS)
        rows = made.frame(f"{name}_by_region" if in_parts else name, self.viewer, masked=dict(masked or {}))
        if self.scope.companies:
            rows = rows.filter(pl.col("company_id").is_in([*self.scope.companies, SHARED]))
        if self.scope.regions and in_parts:
            rows = rows.filter(pl.col("region").is_in(list(self.scope.regions)))
        return rows.collect()

    @cached_property
    def overdue(self) -> pl.DataFrame:
        """One row per customer with invoices past their day: customer_id, overdue, less credit notes."""
        if not self.viewer.may("receivables.read"):
            return pl.DataFrame(schema={"customer_id": pl.String, "overdue": pl.Float64})
        late = self.aggregate("open_invoices").filter(pl.col("due_on") < self.as_of).collect()
        amounts = self.converted(late.with_columns(day_on=pl.lit(self.as_of)), "amount")
        by_customer = self.as_parties(amounts).group_by("customer_id")
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
