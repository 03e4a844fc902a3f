"""Leads: the open ones with the chance that each becomes a deal, how well such chances would have been told, and which
sources bring deals.

Every answer takes the viewer first and cuts rows by the viewer's rights before it learns anything. Who a lead is needs
personal_data; so does its name, which tends to say it. Amounts are in the reporting currency.
"""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from analytics import leads as analysis
from analytics.access import Viewer, require
from analytics.leads import LEADS, SOURCES, Check, by_source
from analytics.money import factors
from analytics.scope import Scope
from answers import Snapshot, snapshot
from answers.asking import Asking

RIGHT, SEES = "sales.read", "personal_data"
OPEN = {
    "lead_id": pl.String,
    "name": pl.String,
    "company_name": pl.String,
    "contact_name": pl.String,
    "customer_id": pl.String,
    "origin": pl.String,
    "country": pl.String,
    "owner_id": pl.String,
    "owner": pl.String,
    "created_on": pl.Date,
    "age_days": pl.Int64,
    "stated": pl.Float64,
    "chance": pl.Float64,
}


def leads(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per open lead, the likeliest first: see ``OPEN``.

    stated: the chance that the source states; chance: what the firm's closed leads teach by age and source, see
    ``analytics.leads.chances``; null for fewer than 20 of them in a year.
    """
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    chances = analysis.chances(question.became, question.as_of)
    still_open = question.described.filter(pl.col("status") == "open")
    rows = still_open.join(chances, on="lead_id", how="left", validate="1:1")
    age = (pl.lit(question.as_of) - pl.col("created_on")).dt.total_days()
    shaped = rows.with_columns(age_days=age).select(pl.col(name).cast(kind) for name, kind in OPEN.items())
    return shaped.sort(-pl.coalesce("chance", "stated"), "created_on", "lead_id", nulls_last=True)


def check(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> Check:
    """How such chances would have done on the leads of an earlier quarter: see ``analytics.leads.Check``."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    return analysis.check(question.became, question.as_of)


def sources(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per source of leads: see ``analytics.leads.SOURCES``, and currency."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    rows = by_source(question.became, question.as_of)
    return rows.with_columns(currency=pl.lit(question.currency, dtype=pl.String)).select(*SOURCES, "currency")


@dataclass(frozen=True)
class _Asked(Asking):
    """Who asks, about which part of the firm, of which version."""

    @cached_property
    def described(self) -> pl.DataFrame:
        """One row per lead, as the viewer may know it."""
        owners = self.version.table("employees", self.viewer).select(owner_id="employee_id", owner="name").collect()
        rows = self.table("leads").join(owners, on="owner_id", how="left", validate="m:1")
        told = pl.lit(self.viewer.may(SEES))
        return rows.with_columns(
            pl.when(told).then(pl.col(name)).alias(name) for name in ("name", "company_name")
        ).with_columns(
            status=pl.col("status").cast(pl.String),
            created_on=pl.col("created_at").dt.date(),
            closed_on=pl.when(pl.col("status") != "open").then(pl.col("closed_at").dt.date()),
            stated=pl.col("score").cast(pl.Float64),
        )

    @cached_property
    def became(self) -> pl.DataFrame:
        """What became of each lead: see ``analytics.leads.LEADS``; without those closed on no known day."""
        rates = factors(self.rates, self.currency, self.as_of)
        deals = self.table("opportunities").join(rates, on="currency", how="left", validate="m:1")
        is_won = pl.col("status").cast(pl.String) == "won"
        amount = pl.when(is_won).then(pl.col("expected_amount").cast(pl.Float64) * pl.col("factor"))
        told = deals.select("opportunity_id", is_won=is_won, won_amount=amount)
        rows = self.described.join(told, on="opportunity_id", how="left", validate="m:1")
        is_closed = pl.col("closed_on").is_not_null()
        dated = rows.filter(is_closed | (pl.col("status") == "open"))
        judged = dated.with_columns(is_converted=pl.when(is_closed).then(pl.col("status") == "converted"))
        return judged.select(pl.col(name).cast(kind) for name, kind in LEADS.items())


__all__ = ["check", "leads", "sources"]
