"""The study of surges: what markets suddenly order more of, and where each product stands in its life."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from refresh.studies import StudyInput

LINES = ("company_id", "region", "day_on", "document", "customer_id", "product_id", "quantity")
YEAR_WEEKS = 52


def surges(known: "StudyInput") -> Mapping[str, pl.DataFrame]:
    """``surges``: see ``analytics.surges``; ``lives`` and ``switches``: see ``analytics.product_life``; ``earnings``:
    by product, company, region and currency the amount, the margin and the amount that has one, of the last year."""
    from analytics import product_life
    from analytics import surges as analytics

    lines = known.aggregate("fact_order_lines").select(LINES).drop_nulls(["product_id", "customer_id", "day_on"])
    ordered = lines.filter(pl.col("quantity") > 0).collect()
    complaints = known.aggregate("fact_complaints").select("company_id", "region", "product_id", "day_on").collect()
    returned = known.table("returns").filter(pl.col("deleted_at").is_null())
    returns = returned.select("company_id", "region", "product_id", day_on=pl.col("returned_at").dt.date()).collect()
    categories = known.aggregate("items").select("product_id", "category_id").collect()
    return {
        "surges": analytics.surges(ordered, _addressed(known), known.as_of_on),
        "lives": product_life.lives(ordered, complaints, returns, known.as_of_on),
        "switches": product_life.switches(ordered, categories.drop_nulls(), known.as_of_on),
        "earnings": _earnings(known),
    }


def _addressed(known: "StudyInput") -> pl.DataFrame:
    """Whom campaigns addressed, and when: those who were held out were not."""
    held_out = pl.col("is_control").fill_null(value=False)
    members = known.table("campaign_members").filter(~held_out).select("campaign_id", "customer_id")
    ran = known.table("campaigns").select("campaign_id", "starts_on", ends_on=pl.coalesce("ends_on", "starts_on"))
    return members.join(ran, on="campaign_id", how="inner", validate="m:1").drop("campaign_id").drop_nulls().collect()


def _earnings(known: "StudyInput") -> pl.DataFrame:
    sold = known.aggregate("margins_by_product").filter(pl.col("weeks_ago") < YEAR_WEEKS)
    number = {name: pl.col(name).cast(pl.Float64) for name in ("amount", "cost")}
    has_cost = number["cost"].is_not_null()
    keys = ("product_id", "company_id", "region", "currency")
    sums = sold.group_by(keys).agg(
        amount=number["amount"].sum(),
        margin=(number["amount"] - number["cost"]).filter(has_cost).sum(),
        margin_base=number["amount"].filter(has_cost).sum(),
    )
    return sums.sort(*keys, nulls_last=True).collect()
