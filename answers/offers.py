"""What to offer a customer next, and whether that foretells better than what sells most.

Worked out after a refresh, of what stock can serve at a margin that is allowed. A viewer of some regions is told what
was learned in each of those alone. Amounts are in the reporting currency.
"""

import polars as pl

from analytics.access import ALL, Viewer, require
from analytics.scope import Scope
from answers import Snapshot, newest, snapshot
from answers import customers as known
from answers.asking import Asking

RIGHT, STUDY = "sales.read", "offers"
OFFERS = {
    "place": pl.Int64,
    "product_id": pl.String,
    "product": pl.String,
    "chance": pl.Float64,
    "is_known": pl.Boolean,
    "expected_amount": pl.Float64,
    "expected_margin": pl.Float64,
    "is_control": pl.Boolean,
    "currency": pl.String,
}
FIRST = {
    **dict.fromkeys(("customer_id", "offer_id", "offer"), pl.String),
    **dict.fromkeys(("offer_amount", "offer_margin"), pl.Float64),
}
RECORD = {
    "customers": pl.Int64,
    "hit": pl.Float64,
    "hit_popular": pl.Float64,
    "gain": pl.Float64,
    "gain_bound": pl.Float64,
    "is_learned": pl.Boolean,
}
MASKED = {"expected_margin": "margins"}


def offers(viewer: Viewer, scope: Scope, customer_id: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """Up to five offers for a customer, the likeliest first: see ``OFFERS``; empty while they are worked out.

    chance: that the customer buys it within 90 days; expected_amount and expected_margin: the chance times what such a
    customer spends on it. is_control: the customer is held out, so that the effect of offers can be measured.
    """
    of = version or snapshot()
    question = Asking(require(viewer, RIGHT), scope, of)
    rows = _studied(question, "offers")
    if rows is None:
        return pl.DataFrame(schema=OFFERS)
    parties = known.parties(viewer, scope, version=of)
    own = parties.filter(pl.col("customer_id") == customer_id).get_column("party_id")
    same = parties.filter(pl.col("party_id").is_in(own.implode())).get_column("customer_id")
    found = rows.filter(pl.col("customer_id").is_in([customer_id, *same])).with_columns(day_on=pl.lit(question.as_of))
    names = of.table("products", viewer).select("product_id", product="name").collect()
    named = found.join(names, on="product_id", how="inner", validate="m:1")
    worth = question.converted(named, "expected_amount", "expected_margin")
    one = worth.sort(-pl.col("chance"), "product_id").unique("product_id", keep="first", maintain_order=True).head(5)
    told = one.with_columns(place=pl.int_range(1, pl.len() + 1), currency=pl.lit(question.currency, dtype=pl.String))
    return told.select(pl.col(name).cast(kind) for name, kind in OFFERS.items())


def first_offers(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per customer of which something is said, its likeliest offer: see ``FIRST``; empty while they are worked
    out. offer_amount and offer_margin: what is expected of it, see ``offers``."""
    of = version or snapshot()
    question = Asking(require(viewer, RIGHT), scope, of)
    rows = _studied(question, "offers")
    if rows is None:
        return pl.DataFrame(schema=FIRST)
    names = of.table("products", viewer).select("product_id", product="name").collect()
    named = rows.join(names, on="product_id", how="inner", validate="m:1")
    parties = known.studied_as(viewer, scope, version=of)
    own = named.join(parties, on="customer_id", how="inner", validate="m:1")
    likeliest = own.sort("party_id", -pl.col("chance"), "product_id").unique(
        "party_id", keep="first", maintain_order=True
    )
    worth = question.converted(
        likeliest.with_columns(day_on=pl.lit(question.as_of)), "expected_amount", "expected_margin"
    )
    told = {
        "customer_id": "party_id",
        "offer_id": "product_id",
        "offer": "product",
        "offer_amount": "expected_amount",
        "offer_margin": "expected_margin",
    }
    return worth.select(pl.col(told[name]).cast(kind).alias(name) for name, kind in FIRST.items())


def record(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """How the offers of 90 days ago did, one row per company or region of which something is said, the most customers
    first: see ``RECORD`` and ``analytics.next_offers.record``."""
    rows = _studied(Asking(require(viewer, RIGHT), scope, version or snapshot()), "record")
    told = pl.DataFrame(schema=RECORD) if rows is None else rows
    return told.select(pl.col(name).cast(kind) for name, kind in RECORD.items()).sort(-pl.col("customers"))


def _studied(question: Asking, name: str) -> pl.DataFrame | None:
    """A frame of the study within the scope; None where there is no study yet. What is told of whole companies is for
    who sees all their regions."""
    made = newest(STUDY)
    if made is None:
        return None
    in_parts = question.viewer.regions != ALL
    rows = made.frame(f"{name}_by_region" if in_parts else name, question.viewer, masked=MASKED)
    companies = question.scope.companies
    return rows.filter(pl.col("company_id").is_in(list(companies)) if companies else pl.lit(value=True)).collect()


__all__ = ["first_offers", "offers", "record"]
