"""How long goods travel from a site to a customer's country, learned from shipments: by lane, weekday and, where people
ask, carrier. A later shipment counts more than an earlier one, so that what is learned follows what changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import polars as pl

from analytics.demand import Tables, Types, living
from analytics.projection import Numbers
from analytics.sites import placed
from analytics.tables import SHARED
from analytics.zones import wall_clock

KNOWN_DAYS, HALF_LIFE_DAYS, LONGEST_DAYS = 365, 90.0, 60
ENOUGH, ENOUGH_OF_WEEKDAY = 20, 30
WEEKDAYS = tuple(range(1, 8))
INSTANTS = ("shipped_at", "delivered_at")
NEEDS = ("shipments", "sites", "customers")
TRANSITS: Types = {
    "company_id": pl.String,
    "region": pl.String,
    "site_id": pl.String,
    "country": pl.String,
    "carrier_id": pl.String,
    "weekday": pl.Int64,
    "days": pl.Int64,
    "shipments": pl.Int64,
    "weight": pl.Float64,
}
LANES: Types = {
    "site_id": pl.String,
    "carrier_id": pl.String,
    "shipments": pl.Int64,
    "median_days": pl.Float64,
    "p90_days": pl.Float64,
}


def transits(tables: Tables) -> pl.DataFrame:
    """One row per lane (main site, customer's country), carrier, weekday on which goods left (1 is Monday) and days
    that they took: how many shipments of the company's last year, and what they weigh: half after 90 days.

    region is the customer's. Shipments whose arrival or whose customer's country nobody states are not counted, nor are
    those that took more than sixty days. Days are those of the clock at the site.
    """
    gone = living(tables["shipments"]).filter(pl.col("status") == "done").drop_nulls(("shipped_at", "delivered_at"))
    who = tables["customers"].select("customer_id", "country", of_customer=pl.col("region"))
    known = gone.drop("region", strict=False).join(who, on="customer_id", how="inner", validate="m:1")
    zones = tables["sites"].select("site_id", "time_zone")
    named = placed(known, tables["sites"]).join(zones, on="site_id", how="left", validate="m:1")
    left_on, arrived_on = (wall_clock(pl.col(name), "time_zone", named).dt.date() for name in INSTANTS)
    dated = named.with_columns(
        region="of_customer",
        weekday=left_on.dt.weekday(),
        days=(arrived_on - left_on).dt.total_days(),
        age=(left_on.max().over("company_id") - left_on).dt.total_days(),
    ).filter(pl.col("age") < KNOWN_DAYS, pl.col("days").is_between(0, LONGEST_DAYS))
    keys = [name for name in TRANSITS if name not in ("shipments", "weight")]
    counted = dated.drop_nulls(("country", "site_id")).group_by(keys)
    found = counted.agg(shipments=pl.len(), weight=(0.5 ** (pl.col("age") / HALF_LIFE_DAYS)).sum())
    return found.select(pl.col(name).cast(dtype) for name, dtype in TRANSITS.items()).sort(keys, nulls_last=True)


@dataclass(frozen=True)
class Transit:
    """How long goods take from each site: by site and weekday of leaving, the chance to take so many days."""

    by_site: Mapping[str, tuple[Numbers, ...]] = field(default_factory=dict)

    def arrives_in(self, site: str, leaves: Mapping[date, float], today: date, confidence: float) -> int | None:
        """By how many days after today it is at the customer with that chance, if it leaves on these days with these
        chances; null where nothing is known of the site's shipments, or where that is never so sure."""
        days = self.by_site.get(site)
        if days is None or not leaves:
            return None
        first = min(leaves)
        there = np.zeros((max(leaves) - first).days + LONGEST_DAYS + 1)
        for on, chance in leaves.items():
            at = (on - first).days
            there[at : at + LONGEST_DAYS + 1] += chance * days[on.weekday()]
        reached = np.flatnonzero(np.cumsum(there) >= confidence - 1e-9)
        return (first - today).days + int(reached[0]) if reached.size else None


def transit(rows: pl.DataFrame, country: str, sites: Mapping[str, str]) -> Transit:
    """What is known of shipments to a country. ``rows``: see ``TRANSITS``; ``sites``: from site to its company.

    A weekday speaks for itself with thirty shipments, else all days of the lane do. A lane with fewer than twenty is
    taken to be as those of its company's other sites to the country; of fewer than twenty of these nothing is known.
    """
    there = rows.filter(pl.col("country") == country)
    found = {}
    for site, company in sites.items():
        lane = there.filter(pl.col("site_id") == site)
        if lane["shipments"].sum() < ENOUGH:
            lane = there.filter(pl.col("company_id").is_in([company, SHARED]))
        if lane["shipments"].sum() >= ENOUGH:
            found[site] = _by_weekday(lane)
    return Transit(found)


def _by_weekday(lane: pl.DataFrame) -> tuple[Numbers, ...]:
    own = {weekday: lane.filter(pl.col("weekday") == weekday) for weekday in WEEKDAYS}
    whole = _shares(lane)
    return tuple(_shares(rows) if rows["shipments"].sum() >= ENOUGH_OF_WEEKDAY else whole for rows in own.values())


def _shares(rows: pl.DataFrame) -> Numbers:
    taken = np.zeros(LONGEST_DAYS + 1)
    np.add.at(taken, rows["days"].to_numpy(), rows["weight"].to_numpy())
    return np.asarray(taken / taken.sum())


def lanes(rows: pl.DataFrame, country: str) -> pl.DataFrame:
    """One row per site and carrier that shipped to a country: ``LANES``; days within which half, and nine of ten, of
    the shipments arrived, later ones counting more. Nothing of carriers with fewer than twenty shipments."""
    keys = ("site_id", "carrier_id")
    there = rows.filter(pl.col("country") == country).sort("days")
    running = there.with_columns(
        reached=pl.col("weight").cum_sum().over(keys) / pl.col("weight").sum().over(keys) + 1e-9
    )
    days = {
        name: pl.col("days").filter(pl.col("reached") >= share).min()
        for name, share in (("median_days", 0.5), ("p90_days", 0.9))
    }
    found = running.group_by(keys).agg(pl.col("shipments").sum(), **days).filter(pl.col("shipments") >= ENOUGH)
    return found.select(pl.col(name).cast(dtype) for name, dtype in LANES.items()).sort(
        "site_id", "p90_days", "carrier_id", nulls_last=True
    )


def leaving(chances: Numbers, at: int, today: date) -> dict[date, float]:
    """On which days goods leave with which chances: ``chances``, to be there so many days after day ``at``."""
    each = np.diff(chances, prepend=0.0)
    return {today + timedelta(days=at + int(later)): float(each[later]) for later in np.flatnonzero(each > 1e-12)}
