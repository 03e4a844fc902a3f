"""The study of forecasts: what will be asked for by item, site and week, how well that would have been foretold, what
demand is made of, and what signs of sales, marketing and service add."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from analytics.crm_signals import Crm
    from refresh.studies import StudyInput

ORDERS = ("sales_orders", "sales_order_lines", "products", "boms", "bom_lines", "sites", "stock_moves")
BAD_MARK = 0.6
OF_PLACE = ("company_id", "region")


def forecasts(asked: "StudyInput") -> Mapping[str, pl.DataFrame]:
    """See ``analytics.demand_outlook.outlooks``."""
    from analytics.demand import order_lines
    from analytics.demand_outlook import Known, outlooks

    tables = {name: asked.table(name).collect() for name in ORDERS}
    known = Known(
        as_of=asked.as_of_on,
        ordered=order_lines(tables),
        daily=asked.aggregate("demand_by_item_day").collect(),
        stock_changes=asked.aggregate("stock_changes").collect(),
        items=asked.aggregate("items").select("product_id", "category_id", "list_price", "currency").collect(),
        working_days=asked.aggregate("working_days").collect(),
        crm=crm(asked),
    )
    return outlooks(known)


def crm(asked: "StudyInput") -> "Crm":
    """What sales, marketing and service know, each with the day on which it became known."""
    from analytics.crm_signals import Crm

    lines = asked.table("opportunity_lines").drop_nulls("product_id").collect()
    return Crm(
        deals=_deals(asked, lines),
        changes=asked.table("opportunity_stage_changes")
        .select("opportunity_id", stage="to_stage", changed_on=pl.col("changed_at").dt.date())
        .collect(),
        wanted=lines.select("opportunity_id", "product_id", quantity=pl.col("quantity").cast(pl.Float64)),
        campaigns=_campaigns(asked),
        named=_named(asked),
        said=_said(asked),
    )


def _deals(asked: "StudyInput", lines: pl.DataFrame) -> pl.DataFrame:
    """As ``analytics.win_chances`` takes them; amounts as they were stated, for sizes alone."""
    from analytics.win_chances import DEALS

    ordered = lines.sort("amount_untaxed", "opportunity_line_id", descending=[True, False], nulls_last=True)
    largest = ordered.unique("opportunity_id", keep="first", maintain_order=True).select("opportunity_id", "product_id")
    rows = _placed(asked, "opportunities").collect().join(largest, on="opportunity_id", how="left", validate="1:1")
    status, closed_on = pl.col("status").cast(pl.String), pl.col("closed_at").dt.date()
    is_open = status == "open"
    dated = rows.filter(is_open | closed_on.is_not_null()).with_columns(
        created_on=pl.col("created_at").dt.date(),
        closed_on=pl.when(~is_open).then(closed_on),
        is_won=pl.when(~is_open).then(status == "won"),
        amount=pl.col("expected_amount").cast(pl.Float64),
    )
    return dated.select(*(pl.col(name).cast(kind) for name, kind in DEALS.items()), "company_id")


def _campaigns(asked: "StudyInput") -> pl.DataFrame:
    """Campaigns in the places of the customers whom they address; who was held out was not addressed. A campaign is
    known from the day on which the first of them was added, or on which it began, whichever was earlier."""
    from analytics.crm_signals import CAMPAIGNS

    held_out = pl.col("is_control").fill_null(value=False)
    members = _placed(asked, "campaign_members").filter(~held_out).drop_nulls("customer_id")
    many = _placed(asked, "customers").group_by(OF_PLACE).agg(customers=pl.len())
    placed = members.group_by("campaign_id", *OF_PLACE).agg(
        some=pl.col("customer_id").n_unique(), added_on=pl.col("added_at").min().dt.date()
    )
    dated = asked.table("campaigns").select("campaign_id", "starts_on", "ends_on")
    joined = placed.join(dated, on="campaign_id", how="inner", validate="m:1").join(
        many, on=OF_PLACE, how="left", validate="m:1", nulls_equal=True
    )
    told = joined.with_columns(
        known_on=pl.min_horizontal("added_on", "starts_on"), addressed=pl.col("some") / pl.col("customers")
    )
    kinds = [pl.col(name).cast(kind) for name, kind in CAMPAIGNS.items()]
    return told.select(kinds).drop_nulls("addressed").sort("campaign_id", *OF_PLACE, nulls_last=True).collect()


def _named(asked: "StudyInput") -> pl.DataFrame:
    orders = asked.table("sales_orders").drop_nulls("campaign_id")
    heads = orders.select("sales_order_id", "campaign_id", known_on=pl.col("ordered_at").dt.date())
    lines = asked.table("sales_order_lines").select("sales_order_id", "product_id").drop_nulls("product_id")
    return lines.join(heads, on="sales_order_id", how="inner", validate="m:1").unique().collect()


def _said(asked: "StudyInput") -> pl.DataFrame:
    """Complaints, returns, bad marks (in the lower six tenths of their scale) and talks of trouble, by product."""
    from analytics import voices
    from analytics.crm_signals import SAID
    from analytics.topics import TROUBLES

    score, lowest, highest = (pl.col(name).cast(pl.Float64) for name in ("score", "lowest_score", "highest_score"))
    marks = _placed(asked, "feedback").filter(score <= lowest + BAD_MARK * (highest - lowest))
    heard = voices.voices({name: asked.table(name).collect() for name in voices.NEEDS})
    talks = heard.lazy().filter(pl.col("topic").is_in(TROUBLES) & (pl.col("kind") != "feedback"))
    parts = {
        "complaints": asked.aggregate("fact_complaints").with_columns(known_on="day_on"),
        "returns": _placed(asked, "returns").with_columns(known_on=pl.col("returned_at").dt.date()),
        "feedback": marks.with_columns(known_on=pl.col("given_at").dt.date()),
        "talks": talks.with_columns(known_on="said_on"),
    }
    rows = [
        part.with_columns(sign=pl.lit(sign)).select(pl.col(name).cast(kind) for name, kind in SAID.items())
        for sign, part in parts.items()
    ]
    return pl.concat(rows).drop_nulls(["product_id", "known_on"]).sort(*SAID, nulls_last=True).collect()


def _placed(asked: "StudyInput", name: str) -> pl.LazyFrame:
    """A table with the region that rights cut by; null where nothing could tell one."""
    rows = asked.table(name)
    return rows if "region" in rows.collect_schema() else rows.with_columns(region=pl.lit(None, dtype=pl.String))
