"""Every segment, score and topic of each customer side by side: what a list of customers is filtered by.

Each part is cut by the viewer's rights where it is answered: answers to surveys and topics need service.read, what may
be mailed personal_data, and margins margins. Amounts are in the reporting currency.
"""

import polars as pl

from analytics import segments
from analytics.access import Viewer, require
from analytics.demand import Types
from analytics.scope import Scope
from answers import Snapshot, audiences, offers, profiles, service, snapshot
from answers import customers as known
from answers.audiences import Wanted

RIGHT = "sales.read"
MAY_MAIL = Wanted("mail")
SCORES: Types = {
    "stage": pl.String,
    "value_class": pl.String,
    "cluster": pl.String,
    "cohort_on": pl.Date,
    "p_active": pl.Float64,
    "leaving_risk": pl.Float64,
    "expected_amount": pl.Float64,
    "amount_high": pl.Float64,
    "offer_id": pl.String,
    "offer": pl.String,
    "offer_amount": pl.Float64,
    "offer_margin": pl.Float64,
    "group": pl.String,
    "topic": pl.String,
    "verdict": pl.String,
    "may_mail": pl.Boolean,
}


def scores(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per customer, the most revenue first: see ``answers.customers.CUSTOMERS`` and ``SCORES``.

    For stage, leaving_risk, topic and group see ``answers.audiences.customers_of``; p_active: the chance of an order
    within 90 days; expected_amount and amount_high: of these, and the bound that 9 of 10 stay below. value_class: see
    ``analytics.segments.value_class``. cluster: the group that it formed with others, with the company where there are
    several. cohort_on: the first day of the quarter of its first order, where that is known to be the first. offer: its
    likeliest next one. verdict: of its last answer to a survey within half a year. may_mail: whether an address of it
    may be mailed; null for who may not see that.
    """
    of = version or snapshot()
    require(viewer, RIGHT)
    rows = known.customers(viewer, scope, version=of)
    judged = audiences.customers_of(viewer, scope, MAY_MAIL, version=of)
    own = judged.select("customer_id", *(name for name in SCORES if name in judged.columns))
    parts = (
        own,
        _clusters(viewer, scope, of),
        known.first_quarters(viewer, scope, version=of),
        offers.first_offers(viewer, scope, version=of),
        _verdicts(viewer, scope, of),
        _may_mail(viewer, scope, of),
    )
    whole = rows.with_columns(value_class=segments.value_class())
    for part in parts:
        whole = whole.join(part, on="customer_id", how="left", validate="1:1", maintain_order="left")
    mailed = pl.when(viewer.may(audiences.SEES)).then(pl.col("may_mail").fill_null(value=False))
    told = whole.with_columns(p_active=pl.when(pl.col("order_days") > 0).then("p_active"), may_mail=mailed)
    return told.select(*rows.columns, *(pl.col(name).cast(kind) for name, kind in SCORES.items()))


def _clusters(viewer: Viewer, scope: Scope, version: Snapshot) -> pl.DataFrame:
    """One row per customer in a stable group: customer_id, cluster; of several companies the group in each."""
    members = profiles.cluster_members(viewer, scope, version=version).unique()
    companies = version.table("companies", viewer).select("company_id", company="name").collect()
    named = members.join(companies, on="company_id", how="left", validate="m:1").sort("company_id", "cluster")
    number = pl.col("cluster").cast(pl.String)
    is_one = members.get_column("company_id").n_unique() == 1
    told = number if is_one else pl.format("{} {}", pl.coalesce("company", "company_id"), number)
    return named.group_by("customer_id").agg(cluster=told.str.join("; "))


def _verdicts(viewer: Viewer, scope: Scope, version: Snapshot) -> pl.DataFrame:
    """One row per customer that answered a survey: customer_id, verdict; none for who may not see service."""
    if not viewer.may(service.RIGHT):
        return pl.DataFrame(schema={"customer_id": pl.String, "verdict": pl.String})
    parties = known.parties(viewer, scope, version=version)
    said = service.answered(viewer, scope, version=version).drop_nulls("verdict").select("customer_id", "verdict")
    own = said.join(parties, on="customer_id", how="inner", validate="m:1", maintain_order="left")
    return own.group_by(customer_id="party_id").agg(pl.col("verdict").first())


def _may_mail(viewer: Viewer, scope: Scope, version: Snapshot) -> pl.DataFrame:
    """One row per customer of which an address may be mailed: customer_id, may_mail; none for who may not see it."""
    if not viewer.may(audiences.SEES):
        return pl.DataFrame(schema={"customer_id": pl.String, "may_mail": pl.Boolean})
    addressed = audiences.audience(viewer, scope, MAY_MAIL, version=version).rows
    return addressed.select("customer_id", may_mail=pl.lit(value=True)).unique()


__all__ = ["scores"]
