"""Rights: what a viewer can be limited to."""

import polars as pl

from analytics.access import Viewer, require
from answers import Snapshot, snapshot

RIGHT = "rights.read"


def reach(viewer: Viewer, *, version: Snapshot | None = None) -> dict[str, pl.DataFrame]:
    """What rights cut by: companies, regions of customers and sites, and employees who look after customers; each a
    frame of key and name, by name."""
    require(viewer, RIGHT)
    of = version or snapshot()
    companies = of.table("companies", viewer).select(key="company_id", name="name")
    places = pl.concat([of.table(table, viewer).select("region") for table in ("customers", "sites")])
    regions = places.drop_nulls().unique().select(key="region", name="region")
    parts = {"companies": companies, "regions": regions, "employees": _sellers(of, viewer)}
    found = pl.collect_all([rows.sort("name", "key") for rows in parts.values()])
    return dict(zip(parts, found, strict=True))


def _sellers(of: Snapshot, viewer: Viewer) -> pl.LazyFrame:
    """Who owns a customer, or stands on an order or a deal: key, and name, else the key."""
    owning = {"customers": "owner_id", "sales_orders": "salesperson_id", "opportunities": "owner_id"}
    parts = [of.table(table, viewer).select(key=column) for table, column in owning.items()]
    people = of.table("employees", viewer).select(key="employee_id", name="name")
    told = pl.concat(parts).drop_nulls().unique().join(people, on="key", how="left", validate="1:1")
    return told.select("key", name=pl.coalesce("name", "key"))
