"""What each segment buys, on which channel it is heard, what serving it costs, and how many order at an interval; and
the groups that customers form by themselves.

The viewer comes first: of what somebody may not see, nothing is counted. Amounts are in the reporting currency.
"""

import polars as pl

from analytics.access import ALL, Viewer, require
from analytics.demand import Types, known_sum
from analytics.scope import Scope
from analytics.segment_profiles import HEARD, cost_to_serve
from analytics.segment_profiles import profiles as profiled
from analytics.segments import YEAR_DAYS
from analytics.timeline import NEEDS, PERSONAL
from answers import Snapshot, snapshot
from answers import customers as known
from answers.asking import Asking

RIGHT = "sales.read"
CLUSTERS: Types = {
    "company": pl.String,
    "cluster": pl.Int64,
    "customers": pl.Int64,
    "recency_days": pl.Float64,
    "order_days": pl.Float64,
    "revenue": pl.Float64,
    "currency": pl.String,
}
MEMBERS: Types = {"customer_id": pl.String, "company_id": pl.String, "cluster": pl.Int64}
CHECKED: Types = {"customers": pl.Int64, "clusters": pl.Int64, "stability": pl.Float64}


def profiles(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per segment that anybody is in: see ``analytics.segment_profiles.PROFILES``.

    margin and left_over need margins; of tickets and invoices only who may see them counts their cost.
    """
    of = version or snapshot()
    question = Asking(require(viewer, RIGHT), scope, of)
    rows, parties = known.customers(viewer, scope, version=of), known.parties(viewer, scope, version=of)
    events, lines = _events(question), _bought(question)
    contracts = known.contracts(viewer, scope, version=of)
    heard = events.filter(pl.col("kind").is_in(HEARD)).select("customer_id", "channel")
    served = cost_to_serve(_of_parties(events, parties), question.as_of)
    described = rows.select("customer_id", "segment", "margin", "currency")
    return profiled(described, served, _of_parties(lines, parties), _of_parties(heard, parties), contracts)


def clusters(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per company and group that its customers form by themselves, the most money first: see ``CLUSTERS``;
    none where they are not stable, or while they are worked out. See ``analytics.clusters``.

    recency_days and order_days: medians; revenue: of the last 365 days. A viewer of some regions is told of the groups
    within each of those.
    """
    of = version or snapshot()
    question = Asking(require(viewer, RIGHT), scope, of)
    rows = known.customers(viewer, scope, version=of)
    named = question.version.table("companies", viewer).select("company_id", company="name").collect()
    described = rows.select("customer_id", "recency_days", "order_days", "revenue", "currency")
    members = cluster_members(viewer, scope, version=of)
    own = members.join(described, on="customer_id", how="inner", validate="m:1")
    grouped = own.group_by("company_id", "cluster").agg(
        customers=pl.len(),
        recency_days=pl.col("recency_days").median(),
        order_days=pl.col("order_days").median(),
        revenue=known_sum(pl.col("revenue")),
        currency=pl.col("currency").first(),
    )
    told = grouped.join(named, on="company_id", how="left", validate="m:1").sort("company", "company_id", "cluster")
    return told.select(pl.col(name).cast(kind) for name, kind in CLUSTERS.items())


def cluster_members(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per customer and company with stable groups that it buys of: see ``MEMBERS``; cluster: as in
    ``clusters``."""
    of = version or snapshot()
    found = _studied(Asking(require(viewer, RIGHT), scope, of), "clusters", MEMBERS)
    return _of_parties(found, known.studied_as(viewer, scope, version=of)).select(list(MEMBERS)).sort(list(MEMBERS))


def clusters_check(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """How far groups are found again, one row per company, or region of one: customers, clusters (how many stable ones,
    0 for none) and stability, the most customers first. Empty while it is being worked out."""
    question = Asking(require(viewer, RIGHT), scope, version or snapshot())
    return _studied(question, "clusters_check", CHECKED).sort(-pl.col("customers"), "stability")


def _studied(question: Asking, name: str, types: Types) -> pl.DataFrame:
    """A frame of the study of customers, within the scope. What is told of whole companies is for who sees all their
    regions."""
    made = known.study()
    if made is None:
        return pl.DataFrame(schema=types)
    part = name if question.viewer.regions == ALL else f"{name}_by_region"
    companies = question.scope.companies
    is_asked = pl.col("company_id").is_in(list(companies)) if companies else pl.lit(value=True)
    rows = made.frame(part, question.viewer).filter(is_asked).collect()
    return rows.select(pl.col(column).cast(kind) for column, kind in types.items())


def _of_parties(rows: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """The rows under the key under which a customer's records are one."""
    joined = rows.join(parties, on="customer_id", how="inner", validate="m:1")
    return joined.with_columns(customer_id="party_id").drop("party_id")


def _events(question: Asking) -> pl.DataFrame:
    kinds = [kind for kind, right in NEEDS.items() if question.viewer.may(right)]
    columns = ("customer_id", "kind", "status", "channel", "happened_at", "due_on", "open_amount", "currency")
    rows = question.aggregate("customer_events", PERSONAL).filter(pl.col("kind").is_in(kinds)).select(columns)
    recent = rows.filter(_is_recent(question, pl.col("happened_at").dt.date())).collect()
    return question.converted(recent.with_columns(day_on=pl.lit(question.as_of)), "open_amount")


def _bought(question: Asking) -> pl.DataFrame:
    """What was ordered in a year: customer_id, category, amount."""
    columns = ("customer_id", "product_id", "day_on", "currency", "amount")
    lines = question.aggregate("fact_order_lines").select(columns).filter(_is_recent(question, pl.col("day_on")))
    sums = lines.group_by("customer_id", "product_id", "day_on", "currency").agg(pl.col("amount").sum()).collect()
    products = question.version.table("products", question.viewer).select("product_id", "category_id").collect()
    named = question.version.table("product_categories", question.viewer).select("category_id", category="name")
    of_product = products.join(named.collect(), on="category_id", how="left", validate="m:1")
    worth = question.converted(sums, "amount").join(of_product, on="product_id", how="left", validate="m:1")
    return worth.select("customer_id", "category", "amount")


def _is_recent(question: Asking, day: pl.Expr) -> pl.Expr:
    since = pl.lit(question.as_of) - pl.duration(days=YEAR_DAYS)
    return (day > since) & (day <= question.as_of)


__all__ = ["cluster_members", "clusters", "clusters_check", "profiles"]
