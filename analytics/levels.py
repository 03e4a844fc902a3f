"""Levels of stock over time, as changes."""

import polars as pl

from analytics.demand import Tables, living
from analytics.sites import at_main_site, main_sites
from analytics.tables.columns import DECIMAL


def stock_changes(tables: Tables) -> pl.DataFrame:
    """By how much the stock on hand changed: one row per product, main site, company and day, transit sites left out.

    The sum of all changes up to a day is the level at its end, so sites, companies and regions can be cut first and
    summed after; the first level of a pair is a change from nothing.
    """
    transit = main_sites(tables["sites"]).filter(pl.col("is_transit")).select("site_id")
    levels = living(tables["inventory_levels"]).join(transit, on="site_id", how="anti")
    before = pl.col("on_hand").shift(1).over("product_id", "site_id").fill_null(0)
    changes = levels.sort("product_id", "site_id", "as_of_on").select(
        "product_id", "site_id", "company_id", day_on="as_of_on", change=(pl.col("on_hand") - before).cast(DECIMAL)
    )
    keys = ("product_id", "site_id", "company_id", "region", "day_on")
    summed = at_main_site(changes, tables["sites"]).group_by(keys).agg(pl.col("change").sum().cast(DECIMAL))
    return summed.filter(pl.col("change") != 0).sort(*keys, nulls_last=True)
