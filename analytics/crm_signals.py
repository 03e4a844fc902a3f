"""What sales, marketing and service knew on a day, as signs of what will be asked for: open deals, campaigns,
complaints, returns, feedback and talks, by category of one company and region.

Every sign carries the day on which it became known, and is seen from that day on only. By when a deal is expected to
close is not taken from what is written now, which past days did not know: how likely deals are won, and how soon, is
learned from what became of others of their stage and age.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from analytics import win_chances
from analytics.demand import Types
from analytics.projection import Numbers

SIGNS = ("deals", "campaigns", "complaints", "returns", "feedback", "talks")
SPAN_DAYS, RECENT_WEEKS, USUAL_WEEKS = 28, 6, 52
LOOKS, DRAWN = 6, 10.0
AGES = (14, 28, 42, 70)
SAID: Types = {
    "company_id": pl.String,
    "region": pl.String,
    "product_id": pl.String,
    "known_on": pl.Date,
    "sign": pl.String,
}
WANTED: Types = {"opportunity_id": pl.String, "product_id": pl.String, "quantity": pl.Float64}
CAMPAIGNS: Types = {
    "campaign_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "known_on": pl.Date,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
    "addressed": pl.Float64,
}
NAMED: Types = {"campaign_id": pl.String, "product_id": pl.String, "sales_order_id": pl.String, "known_on": pl.Date}


@dataclass(frozen=True)
class Crm:
    """What the systems of sales, marketing and service hold.

    deals: ``analytics.win_chances.DEALS`` and company_id. changes: of their stages, ``analytics.win_chances.CHANGES``.
    wanted: what deals are about, ``WANTED``. campaigns: one row per campaign, company and region with the share of its
    customers whom it addresses, ``CAMPAIGNS``. named: orders that name a campaign, ``NAMED``. said: one row per
    complaint, return, bad mark or trouble talked about, ``SAID``.
    """

    deals: pl.DataFrame
    changes: pl.DataFrame
    wanted: pl.DataFrame
    campaigns: pl.DataFrame
    named: pl.DataFrame
    said: pl.DataFrame

    def of(self, company_id: str | None, region: str | None) -> "Crm":
        """The part of one company and region: what belongs to others is not known there."""
        own = pl.col("company_id").eq_missing(pl.lit(company_id)) & pl.col("region").eq_missing(pl.lit(region))
        deals = self.deals.filter(own)
        ids = deals["opportunity_id"].implode()
        mine = pl.col("opportunity_id").is_in(ids)
        return Crm(
            deals,
            self.changes.filter(mine),
            self.wanted.filter(mine),
            self.campaigns.filter(own),
            self.named,
            self.said.filter(own),
        )


def nothing() -> Crm:
    """What a firm without such systems knows."""
    deals = pl.DataFrame(schema={**win_chances.DEALS, "company_id": pl.String})
    tables = [pl.DataFrame(schema=types) for types in (win_chances.CHANGES, WANTED, CAMPAIGNS, NAMED, SAID)]
    return Crm(deals, *tables)


@dataclass(frozen=True)
class Seen:
    """The signs of one company and region by category, at days that are counted back from the last one.

    categories: in this order. worth: by product_id, its category_id and worth (what a unit counts), of what is sold.
    """

    crm: Crm
    as_of: date
    categories: Sequence[str | None]
    worth: pl.DataFrame

    def signs(self, weeks_ago: Sequence[int]) -> Numbers:
        """By category, asked day and sign of ``SIGNS``: by how much it is stronger than usual, as of the day's end.

        deals: what those that are open will likely bring in four weeks, above the usual, at its worth. campaigns: what
        more of the customers are addressed in the four weeks ahead than were in those before. Others: the logarithm of
        the last six weeks in ratio to the year before.
        """
        found = np.zeros((len(self.categories), len(weeks_ago), len(SIGNS)))
        if found.size == 0:
            return found
        found[:, :, 0] = self._deals(weeks_ago)
        found[:, :, 1] = np.stack([self._campaigns(ago) for ago in weeks_ago], axis=1)
        for number, sign in enumerate(SIGNS[2:], start=2):
            found[:, :, number] = self._said(sign, weeks_ago)
        return found

    def _day(self, weeks_ago: int) -> date:
        return self.as_of - timedelta(days=7 * weeks_ago)

    def _deals(self, weeks_ago: Sequence[int]) -> Numbers:
        """What open deals will likely bring in four weeks, above the mean of six days before, four weeks apart."""
        apart = SPAN_DAYS // 7
        asked = sorted({ago + back * apart for ago in weeks_ago for back in range(LOOKS + 1)})
        soon = likely(self.crm.deals, self.crm.changes, [self._day(ago) for ago in asked])
        wanted = self.crm.wanted.join(self.worth, on="product_id", how="inner", validate="m:1").drop_nulls("quantity")
        value = pl.col("worth") * pl.col("quantity") * pl.col("likely")
        rows = soon.join(wanted, on="opportunity_id", how="inner", validate="m:m").group_by("on", "category_id")
        by_day = rows.agg(value=value.sum()).partition_by("on", as_dict=True, include_key=False)
        none = pl.DataFrame(schema={"category_id": pl.String, "value": pl.Float64})
        looks = {ago: self._by_category(by_day.get((self._day(ago),), none)) for ago in asked}
        usual = [np.mean([looks[ago + back * apart] for back in range(1, LOOKS + 1)], axis=0) for ago in weeks_ago]
        return np.stack([looks[ago] - each for ago, each in zip(weeks_ago, usual, strict=True)], axis=1)

    def _by_category(self, rows: pl.DataFrame) -> Numbers:
        order = pl.DataFrame({"category_id": list(self.categories)}, schema={"category_id": pl.String})
        found = order.join(rows, on="category_id", how="left", validate="1:1", nulls_equal=True, maintain_order="left")
        return found["value"].fill_null(0.0).to_numpy()

    def _campaigns(self, ago: int) -> Numbers:
        on = self._day(ago)
        total = np.zeros(len(self.categories))
        for row in self.crm.campaigns.filter(pl.col("known_on") <= on).iter_rows(named=True):
            ahead = _overlap(row["starts_on"], row["ends_on"], on + timedelta(days=1))
            before = _overlap(row["starts_on"], row["ends_on"], on - timedelta(days=SPAN_DAYS - 1))
            if ahead != before:
                total += row["addressed"] * (ahead - before) / SPAN_DAYS * self._advertised(row["campaign_id"], on)
        return total

    def _advertised(self, campaign_id: str, on: date) -> Numbers:
        """By category, in what part of the orders that named the campaign by then it was; all where none is known."""
        orders = self.crm.named.filter((pl.col("campaign_id") == campaign_id) & (pl.col("known_on") <= on))
        many = orders["sales_order_id"].n_unique()
        placed = orders.join(self.worth.select("product_id", "category_id"), on="product_id", how="inner")
        held = placed.group_by("category_id").agg(value=pl.col("sales_order_id").n_unique().cast(pl.Float64))
        return np.asarray((self._by_category(held) + 1.0) / (many + 1.0))

    def _said(self, sign: str, weeks_ago: Sequence[int]) -> Numbers:
        own = self.crm.said.filter(pl.col("sign") == sign)
        placed = own.join(self.worth.select("product_id", "category_id"), on="product_id", how="inner", validate="m:1")
        back = (pl.lit(self.as_of) - pl.col("known_on")).dt.total_days() // 7
        dated = placed.with_columns(back=back).filter(pl.col("back") >= 0)
        counted = dated.group_by("category_id", "back").len()
        reach = max(weeks_ago, default=0) + RECENT_WEEKS + USUAL_WEEKS
        number = {category: at for at, category in enumerate(self.categories)}
        weekly = np.zeros((len(self.categories), reach))
        for category, week, many in counted.iter_rows():
            if category in number and week < reach:
                weekly[number[category], week] = many
        return np.stack([_unusual(weekly, ago) for ago in weeks_ago], axis=1)


def _unusual(weekly: Numbers, ago: int) -> Numbers:
    recent = weekly[:, ago : ago + RECENT_WEEKS].sum(axis=1)
    before = weekly[:, ago + RECENT_WEEKS : ago + RECENT_WEEKS + USUAL_WEEKS].sum(axis=1)
    return np.log((recent + 1.0) / (before * RECENT_WEEKS / USUAL_WEEKS + 1.0))


def _overlap(starts_on: date | None, ends_on: date | None, first: date) -> int:
    """How many of the four weeks' days from ``first`` on lie within both."""
    if starts_on is None:
        return 0
    last = first + timedelta(days=SPAN_DAYS - 1)
    return max(0, (min(ends_on or last, last) - max(starts_on, first)).days + 1)


def likely(deals: pl.DataFrame, changes: pl.DataFrame, days: Sequence[date]) -> pl.DataFrame:
    """How likely each deal that was open at the end of a day is won within four weeks: on, opportunity_id, likely.

    The share of the deals of its stage and age that were, at six days before, four weeks apart, whose four weeks were
    over; drawn to that of its age as ten deals would. Stages are those of the day.
    """
    before = {day: [day - timedelta(days=SPAN_DAYS * back) for back in range(1, LOOKS + 1)] for day in days}
    looks = pl.DataFrame({"on": sorted({*days, *(each for some in before.values() for each in some)})})
    was_open = (pl.col("created_on") <= pl.col("on")) & (
        pl.col("closed_on").is_null() | (pl.col("closed_on") > pl.col("on"))
    )
    rows = deals.drop("stage").join(looks.cast({"on": pl.Date}), how="cross").filter(was_open).sort("on")
    stages = changes.drop_nulls().sort("changed_on", maintain_order=True).rename({"changed_on": "on"})
    known = rows.join_asof(stages, on="on", by="opportunity_id", check_sortedness=False)
    soon = pl.col("closed_on") <= pl.col("on") + pl.duration(days=SPAN_DAYS)
    states = known.select(
        "opportunity_id", "on", "stage", age=_age(), won=(pl.col("is_won") & soon).fill_null(value=False)
    )
    pairs = pl.DataFrame(
        [(day, each) for day, some in before.items() for each in some],
        schema={"on": pl.Date, "look": pl.Date},
        orient="row",
    )
    taught = pairs.join(states.rename({"on": "look"}), on="look", how="inner", validate="m:m")
    won = pl.col("won").sum()
    by_age = taught.group_by("on", "age").agg(of_age=won / pl.len())
    by_stage = taught.group_by("on", "age", "stage").agg(won, many=pl.len())
    asked = states.filter(pl.col("on").is_in(list(days))).drop("won")
    joined = asked.join(by_age, on=("on", "age"), how="left", validate="m:1").join(
        by_stage, on=("on", "age", "stage"), how="left", validate="m:1", nulls_equal=True
    )
    told = (pl.col("won").fill_null(0) + DRAWN * pl.col("of_age").fill_null(0.0)) / (
        pl.col("many").fill_null(0) + DRAWN
    )
    return joined.select("on", "opportunity_id", likely=told).sort("on", "opportunity_id")


def _age() -> pl.Expr:
    days = (pl.col("on") - pl.col("created_on")).dt.total_days()
    return pl.sum_horizontal([(days > limit).cast(pl.Int64) for limit in AGES])
