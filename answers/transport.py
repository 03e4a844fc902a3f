"""Transport: how long goods take from each site to a customer, and on which days they leave; for promises.

What is learned of shipments is cut by the viewer's rights: who may not see a region's customers learns nothing of the
way to them.
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from analytics.demand import Types
from analytics.transit import Transit, lanes, transit
from analytics.workdays import open_days
from answers.inventory import Question

LANES: Types = {
    "site": pl.String,
    "carrier": pl.String,
    "shipments": pl.Int64,
    "median_days": pl.Float64,
    "p90_days": pl.Float64,
}


def opens(question: Question, sites: pl.DataFrame, as_of: date) -> Mapping[str, tuple[int, ...]]:
    """By site, for each day from ``as_of`` on, the next on which its company works. ``sites``: site_id, company_id."""
    shares = question.version.aggregate("working_days", question.viewer)
    ahead = shares.filter(pl.col("day_on") >= as_of).collect()
    by_company = {key: open_days(rows, as_of) for (key,), rows in ahead.group_by("company_id")}
    owned = sites.select("site_id", "company_id").iter_rows()
    return {site: by_company[company] for site, company in owned if company in by_company}


def country(question: Question, customer_id: str | None) -> str | None:
    """Where a customer is that the viewer may see."""
    if customer_id is None:
        return None
    rows = question.version.table("customers", question.viewer).filter(pl.col("customer_id") == customer_id)
    found = rows.select("country").collect()
    return None if found.is_empty() else found["country"][0]


def transit_to(
    question: Question, to: str | None, sites: pl.DataFrame, carrier_id: str | None = None
) -> Transit | None:
    """How long goods take from each site to a country, with one carrier or with whoever carries; null without one."""
    if to is None:
        return None
    rows = _shipped(question, to)
    carried = rows if carrier_id is None else rows.filter(pl.col("carrier_id") == carrier_id)
    return transit(carried, to, dict(sites.select("site_id", "company_id").iter_rows()))


def carriers(question: Question) -> pl.DataFrame:
    """Who carries: one row per active carrier, key and name, by name."""
    rows = question.version.table("carriers", question.viewer).filter("is_active")
    return rows.select(key="carrier_id", name=pl.coalesce("name", "carrier_id")).sort("name", "key").collect()


def lanes_to(question: Question, to: str | None, sites: pl.DataFrame) -> pl.DataFrame:
    """How long goods took to a country: one row per site and carrier, see ``LANES``; without a country, none."""
    if to is None:
        return pl.DataFrame(schema=LANES)
    carriers = question.version.table("carriers", question.viewer).select("carrier_id", carrier="name").collect()
    known = lanes(_shipped(question, to), to).join(carriers, on="carrier_id", how="left", validate="m:1")
    places = sites.select("site_id", "site")
    named = known.join(places, on="site_id", how="inner", validate="m:1")
    return named.select(*LANES).sort("site", "p90_days", "carrier", nulls_last=True)


def _shipped(question: Question, to: str) -> pl.DataFrame:
    rows = question.version.aggregate("transits", question.viewer)
    return rows.filter(pl.col("country") == to).collect()
