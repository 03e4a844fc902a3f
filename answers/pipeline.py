"""Deals: what is open, how likely it is won and why, what it is worth, what slipped, and what cannot be delivered.

Every answer takes the viewer first and cuts rows and columns by the viewer's rights before it learns anything: chances
rest on the closed deals that the viewer may see, within the scope's companies and regions. Amounts are in the reporting
currency, at the rate of the day; those that no rate converts are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from analytics import pipeline, win_chances
from analytics.access import ALL, Viewer, require
from analytics.inventory import STOCKED
from analytics.money import factors
from analytics.pipeline import Velocity
from analytics.scope import Scope
from analytics.win_chances import SIGNS, Check
from answers import Snapshot, inventory, snapshot
from answers.asking import Asking

RIGHT = "sales.read"
KEYS = ("product_id", "company_id")
LEAST_MOVED, MOST_REASONS = 0.02, 3
OPEN: Mapping[str, type[pl.DataType]] = {
    "opportunity_id": pl.String,
    "name": pl.String,
    "customer_id": pl.String,
    "customer": pl.String,
    "stage": pl.String,
    "stage_order": pl.Int64,
    "owner_id": pl.String,
    "owner": pl.String,
    "origin": pl.String,
    "region": pl.String,
    "created_on": pl.Date,
    "age_days": pl.Int64,
    "close_on": pl.Date,
    "has_slipped": pl.Boolean,
    "amount": pl.Float64,
    "stated": pl.Float64,
    "chance": pl.Float64,
    "weighted": pl.Float64,
    "is_short": pl.Boolean,
    "delivery": pl.String,
    "deliverable_on": pl.Date,
    "product": pl.String,
    "main_product": pl.String,
    "currency": pl.String,
}
REASONS = pl.List(pl.Struct({"sign": pl.String, "points": pl.Float64}))


def deals(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per open deal, the most weighted amount first: see ``OPEN``, and reasons, the signs that move its chance
    most.

    stated: the chance that the source states; chance: the one that the firm's closed deals teach, null for fewer than
    20 of them, when weighted rests on the stated one. is_short: goods of it cannot be delivered by its close date, then
    deliverable_on says when, and product which; delivery: short then, else clear, null for who may not see stock; all
    of it needs inventory.read. The name of a private person's deal needs
    personal_data.
    """
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    rows = question.described.filter(pl.col("status") == "open")
    told = win_chances.chances(question.known, question.changes, question.as_of)
    judged = rows
    for part in (told, question.short, question.main_products):
        judged = judged.join(part, on="opportunity_id", how="left", validate="1:1")
    age = (pl.lit(question.as_of) - pl.col("created_on")).dt.total_days()
    delivery = pl.when(pl.col("is_short")).then(pl.lit("short")).otherwise(pl.lit("clear"))
    whole = judged.with_columns(
        age_days=age,
        delivery=delivery if viewer.may(inventory.RIGHT) else None,
        has_slipped=(pl.col("close_on") < question.as_of).fill_null(value=False),
        weighted=pl.col("amount") * pl.coalesce("chance", "stated"),
        is_short=pl.col("is_short").fill_null(value=False),
        currency=pl.lit(question.currency, dtype=pl.String),
        reasons=_reasons(),
    )
    shaped = whole.select(*(pl.col(name).cast(kind) for name, kind in OPEN.items()), pl.col("reasons").cast(REASONS))
    return shaped.sort(-pl.col("weighted"), -pl.col("amount"), "opportunity_id", nulls_last=True)


def _reasons() -> pl.Expr:
    """The signs that move the chance by two points or more, the strongest first, three at most."""
    told = [
        pl.when(pl.col(f"by_{sign}").abs() >= LEAST_MOVED).then(
            pl.struct(sign=pl.lit(sign), points=pl.col(f"by_{sign}"))
        )
        for sign in SIGNS
    ]
    strongest = pl.element().struct.field("points").abs()
    listed = pl.concat_list(told).list.drop_nulls()
    return listed.list.eval(pl.element().sort_by(strongest, descending=True)).list.head(MOST_REASONS)


def check(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> Check:
    """How such chances would have done on the deals of the last quarter: see ``analytics.win_chances.Check``."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    return win_chances.check(question.known, question.changes, question.as_of)


def closed(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> int:
    """How many closed deals the chances rest on."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    return question.known.drop_nulls("is_won").height


def velocity(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> Velocity:
    """How fast deals become money: see ``analytics.pipeline.Velocity``; amounts in the reporting currency."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    still_open = question.described.filter(pl.col("status") == "open").height
    return pipeline.velocity(question.known.drop_nulls("is_won"), still_open, question.as_of)


@dataclass(frozen=True)
class _Asked(Asking):
    """Who asks, about which part of the firm, of which version."""

    @cached_property
    def described(self) -> pl.DataFrame:
        """One row per deal: what it is called, of whom, how much in the reporting currency."""
        rows = self.table("opportunities").drop("region", strict=False)
        rates = factors(self.version.table("exchange_rates", self.viewer).collect(), self.currency, self.as_of)
        people = self.version.table("customers", self.viewer).collect()
        is_person = pl.col("is_company").eq(other=False).fill_null(value=False)
        named = people.select("customer_id", "region", customer=pl.coalesce("name", "number"), is_person=is_person)
        owners = self.version.table("employees", self.viewer).select(owner_id="employee_id", owner="name").collect()
        joined = rows
        for part, key in ((rates, "currency"), (named, "customer_id"), (owners, "owner_id")):
            joined = joined.join(part, on=key, how="left", validate="m:1")
        hides = pl.col("is_person").fill_null(value=False) & (not self.viewer.may("personal_data"))
        return joined.with_columns(
            name=pl.when(~hides).then("name"),
            status=pl.col("status").cast(pl.String),
            created_on=pl.col("created_at").dt.date(),
            closed_on=pl.col("closed_at").dt.date(),
            close_on="expected_close_on",
            stated=pl.col("probability").cast(pl.Float64),
            amount=pl.col("expected_amount").cast(pl.Float64) * pl.col("factor"),
        )

    @cached_property
    def largest_lines(self) -> pl.DataFrame:
        """The largest line of each deal: opportunity_id, product_id."""
        lines = self.table("opportunity_lines").drop_nulls("product_id")
        largest = lines.sort("amount_untaxed", "opportunity_line_id", descending=[True, False], nulls_last=True)
        first = largest.unique("opportunity_id", keep="first", maintain_order=True)
        return first.select("opportunity_id", "product_id")

    @cached_property
    def main_products(self) -> pl.DataFrame:
        """The product of the largest line of each deal: opportunity_id, product_id, main_product (its name)."""
        products = self.version.table("products", self.viewer)
        names = products.select("product_id", main_product=pl.coalesce("name", "sku")).collect()
        return self.largest_lines.join(names, on="product_id", how="left", validate="m:1")

    @cached_property
    def known(self) -> pl.DataFrame:
        """What chances are learned from: see ``analytics.win_chances.DEALS``. A deal that was closed without a day
        teaches nothing."""
        joined = self.described.join(self.largest_lines, on="opportunity_id", how="left", validate="1:1")
        is_open = pl.col("status") == "open"
        dated = joined.filter(is_open | pl.col("closed_on").is_not_null())
        closed_on = pl.when(~is_open).then("closed_on")
        judged = dated.with_columns(closed_on=closed_on, is_won=pl.when(~is_open).then(pl.col("status") == "won"))
        return judged.select(pl.col(name).cast(kind) for name, kind in win_chances.DEALS.items())

    @cached_property
    def changes(self) -> pl.DataFrame:
        """Each change of a deal's stage."""
        rows = self.table("opportunity_stage_changes")
        return rows.select("opportunity_id", stage="to_stage", changed_on=pl.col("changed_at").dt.date())

    @cached_property
    def short(self) -> pl.DataFrame:
        """One row per open deal with goods that cannot be delivered by its close date: opportunity_id, is_short,
        deliverable_on (the latest of them), product."""
        if not self.viewer.may(inventory.RIGHT):
            nothing = {"opportunity_id": pl.String, "is_short": pl.Boolean}
            return pl.DataFrame(schema={**nothing, "deliverable_on": pl.Date, "product": pl.String})
        lacking = pipeline.short(*self._goods(), self.as_of)
        goods = self.version.aggregate("items", self.viewer).select("product_id", product=pl.coalesce("name", "sku"))
        named = lacking.join(goods.collect(), on="product_id", how="left", validate="m:1", maintain_order="left")
        return named.group_by("opportunity_id").agg(
            is_short=pl.lit(value=True),
            deliverable_on=pl.col("deliverable_on").max(),
            product=pl.col("product").sort_by("deliverable_on", descending=True).first(),
        )

    def _goods(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Lines of open deals for goods, what is free of them, what is to come, and how long they take."""
        heads = self.described.filter(pl.col("status") == "open").drop_nulls("close_on")
        stocked = self.version.aggregate("items", self.viewer).filter(pl.col("kind") == STOCKED).collect()
        lines = self.table("opportunity_lines").join(stocked, on="product_id", how="semi")
        asked = lines.join(heads.select("opportunity_id", "close_on"), on="opportunity_id", how="inner", validate="m:1")
        wanted = asked.select("opportunity_id", *KEYS, "close_on", quantity=pl.col("quantity").cast(pl.Float64))
        held = self.aggregate("stock_by_item").select(*KEYS, quantity=pl.col("on_hand").cast(pl.Float64)).collect()
        due = self.aggregate("open_demand").select(*KEYS, quantity=-pl.col("quantity").cast(pl.Float64)).collect()
        free = pl.concat([held, due]).group_by(KEYS).agg(free=pl.col("quantity").sum())
        coming = self.aggregate("open_supply").select(*KEYS, "due_on", quantity=pl.col("quantity").cast(pl.Float64))
        return wanted.drop_nulls("quantity"), free, coming.collect(), self._leads(stocked)

    def _leads(self, stocked: pl.DataFrame) -> pl.DataFrame:
        """By product and company, in how many days it can be had: as stock-outs take it, else as its preferred source
        or the product itself says."""
        days = pl.col("lead_time_days").cast(pl.Float64).alias("lead_time_days")
        name = "stock_out_risks" if self.viewer.regions == ALL else "stock_out_risks_by_region"
        taken = self.aggregate(name).filter(pl.col("way") != "transfer").select(*KEYS, days, at=pl.lit(0)).collect()
        preferred = self.aggregate("sourcing").filter(pl.col("rank") == 1).collect()
        own = preferred.select(*KEYS).unique().join(stocked.select("product_id", days), on="product_id", how="inner")
        said = pl.concat([taken, preferred.select(*KEYS, days, at=pl.lit(1)), own.select(*KEYS, days, at=pl.lit(2))])
        best = said.drop_nulls("lead_time_days").sort("at", "lead_time_days")
        return best.unique(KEYS, keep="first", maintain_order=True).drop("at")
