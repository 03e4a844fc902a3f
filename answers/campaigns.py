"""Campaigns: what each cost, whom it reached, what is put down to it, and what it caused.

Every answer takes the viewer first and cuts rows and columns by the viewer's rights before it compares anything: a
viewer of some regions is told of the customers there. Amounts are in the reporting currency, at the rate of their day;
those that no rate converts are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from analytics import campaign_effects
from analytics.access import Viewer, require
from analytics.campaign_effects import CAUSED
from analytics.demand import known_sum
from analytics.scope import Scope
from answers import Snapshot, snapshot
from answers.asking import Asking

RIGHT = "sales.read"
CAMPAIGNS: Mapping[str, type[pl.DataType]] = {
    "campaign_id": pl.String,
    "name": pl.String,
    "channel": pl.String,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
    "cost": pl.Float64,
    "reached": pl.Int64,
    "opened": pl.Int64,
    "responded": pl.Int64,
    "attributed_orders": pl.Int64,
    "attributed": pl.Float64,
    "currency": pl.String,
}
MEMBERS: Mapping[str, type[pl.DataType]] = {
    "customer_id": pl.String,
    "customer": pl.String,
    "group": pl.String,
    "response": pl.String,
    "orders": pl.Int64,
}
STEPS = ("sent", "opened", "clicked", "replied", "converted")
RESPONDED = ("clicked", "replied", "converted")


def campaigns(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per campaign that has begun, the newest first: see ``CAMPAIGNS`` and
    ``analytics.campaign_effects.CAUSED``.

    reached: customers that were addressed; opened and responded (clicked, replied or more): how many of them did.
    attributed: the orders that name the campaign, and what they are worth.
    """
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    rows = question.campaigns
    for part in (question.reach, question.attributed, question.caused):
        rows = rows.join(part, on="campaign_id", how="left", validate="1:1", maintain_order="left")
    whole = rows.with_columns(
        pl.col("reached", "opened", "responded", "attributed_orders").fill_null(0),
        currency=pl.lit(question.currency, dtype=pl.String),
        verdict=pl.col("verdict").fill_null("too_few"),
    )
    kinds = {**CAMPAIGNS, **CAUSED}
    return whole.select(pl.col(name).cast(kind) for name, kind in kinds.items())


def members(viewer: Viewer, scope: Scope, campaign_id: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per customer that one campaign addressed or held out: see ``MEMBERS``; those who responded most first.

    response: the furthest that it went; orders: order days from the first day of the campaign until two weeks after its
    last, of anything.
    """
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    chosen = pl.col("campaign_id") == campaign_id
    people = question.people.filter(chosen, pl.col("group") != "others")
    span = question.caused.filter(chosen).select("from_on", "until_on")
    steps = {step: at for at, step in enumerate(STEPS)}
    far = question.responses.filter(chosen).with_columns(at=pl.col("kind").replace_strict(steps, default=None))
    furthest = far.drop_nulls("at").sort("at").unique("customer_id", keep="last", maintain_order=True)
    bought = question.sales.join(span, how="cross").filter(pl.col("day_on").is_between("from_on", "until_on"))
    counted = bought.group_by("customer_id").agg(orders=pl.col("day_on").n_unique())
    rows = people.join(
        furthest.select("customer_id", "at", response="kind"), on="customer_id", how="left", validate="1:1"
    )
    rows = rows.join(counted, on="customer_id", how="left", validate="1:1")
    named = rows.join(question.customer_names, on="customer_id", how="left", validate="m:1")
    ordered = named.with_columns(pl.col("orders").fill_null(0)).sort(
        pl.col("at").fill_null(-1), "orders", "customer_id", descending=[True, True, False]
    )
    return ordered.select(pl.col(name).cast(kind) for name, kind in MEMBERS.items())


@dataclass(frozen=True)
class _Asked(Asking):
    """Who asks, about which part of the firm, of which version."""

    @cached_property
    def campaigns(self) -> pl.DataFrame:
        """The campaigns that have begun, the newest first."""
        rows = self.table("campaigns").filter(pl.col("starts_on") <= self.as_of)
        dated = self.converted(rows.with_columns(day_on="starts_on"), "cost")
        named = dated.with_columns(pl.col("channel").cast(pl.String))
        return named.select("campaign_id", "name", "channel", "starts_on", "ends_on", "cost").sort(
            "starts_on", "campaign_id", descending=[True, False]
        )

    @cached_property
    def people(self) -> pl.DataFrame:
        """One row per campaign and customer: campaign_id, customer_id, group: addressed, held_out, or others, of the
        same regions. Who is held out once is so."""
        contacts = self.table("contacts").select("contact_id", of_contact="customer_id")
        named = self.table("campaign_members").join(contacts, on="contact_id", how="left", validate="m:1")
        group = (
            pl.when(pl.col("is_control").fill_null(value=False)).then(pl.lit("held_out")).otherwise(pl.lit("addressed"))
        )
        told = named.select("campaign_id", customer_id=pl.coalesce("customer_id", "of_contact"), group=group)
        known = told.drop_nulls("customer_id").sort("group", descending=True)
        members = known.unique(("campaign_id", "customer_id"), keep="first", maintain_order=True)
        regions = self.table("customers").select("customer_id", "region")
        around = members.join(regions, on="customer_id").select("campaign_id", "region").drop_nulls().unique()
        others = around.join(regions, on="region").join(members, on=("campaign_id", "customer_id"), how="anti")
        rest = others.select("campaign_id", "customer_id", group=pl.lit("others"))
        return pl.concat([members, rest])

    @cached_property
    def responses(self) -> pl.DataFrame:
        """What happened to the messages: campaign_id, customer_id, kind."""
        rows = self.table("campaign_responses").drop_nulls(["campaign_id", "customer_id"])
        return rows.select("campaign_id", "customer_id", pl.col("kind").cast(pl.String)).unique()

    @cached_property
    def reach(self) -> pl.DataFrame:
        """One row per campaign: reached, opened, responded."""
        addressed = self.people.filter(pl.col("group") == "addressed").group_by("campaign_id").agg(reached=pl.len())
        kind, who = pl.col("kind"), pl.col("customer_id")
        answered = self.responses.group_by("campaign_id").agg(
            opened=who.filter(kind.is_in(["opened", *RESPONDED])).n_unique(),
            responded=who.filter(kind.is_in(RESPONDED)).n_unique(),
        )
        return addressed.join(answered, on="campaign_id", how="full", coalesce=True, validate="1:1")

    @cached_property
    def attributed(self) -> pl.DataFrame:
        """One row per campaign that orders name: attributed_orders, attributed."""
        named = self.table("sales_orders").drop_nulls("campaign_id")
        ordered = named.filter(pl.col("status").cast(pl.String).is_in(["confirmed", "done"]))
        dated = ordered.with_columns(day_on=pl.col("ordered_at").dt.date())
        worth = self.converted(dated, "amount_untaxed")
        return worth.group_by("campaign_id").agg(
            attributed_orders=pl.len(), attributed=known_sum(pl.col("amount_untaxed"))
        )

    @cached_property
    def families(self) -> pl.DataFrame:
        """One row per product: its family, the group of variants that it belongs to, else its category."""
        rows = self.version.table("products", self.viewer).collect()
        return rows.select("product_id", family=pl.coalesce("product_group_id", "category_id"))

    @cached_property
    def sales(self) -> pl.DataFrame:
        """What was ordered: customer_id, day_on, family, amount."""
        lines = self.aggregate("fact_order_lines").filter(pl.col("quantity") > 0)
        known = (
            lines.select("customer_id", "day_on", "product_id", "currency", "amount")
            .collect()
            .drop_nulls("customer_id")
        )
        worth = self.converted(known, "amount").with_columns(pl.col("amount").fill_null(0.0))
        return worth.join(self.families, on="product_id", how="left", validate="m:1").drop("product_id", "currency")

    @cached_property
    def caused(self) -> pl.DataFrame:
        """What each campaign caused."""
        heads = self.table("sales_orders").drop_nulls("campaign_id").select("sales_order_id", "campaign_id")
        lines = self.table("sales_order_lines").select("sales_order_id", "product_id")
        named = heads.join(lines, on="sales_order_id", validate="1:m").join(
            self.families, on="product_id", validate="m:1"
        )
        families = campaign_effects.advertised(named)
        return campaign_effects.caused(self.campaigns, self.people, self.sales, families, self.as_of)
