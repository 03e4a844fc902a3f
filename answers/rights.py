"""Rights: what a viewer can be limited to."""

import polars as pl

from analytics.access import Viewer, require
from answers import Snapshot, snapshot

RIGHT = "rights.read"


def reach(viewer: Viewer, *, version: Snapshot | None = None) -> dict[str, pl.DataFrame]:
    """What rights cut by: companies, and regions of customers and sites; each a frame of key and name, by name."""
    require(viewer, RIGHT)
    of = version or snapshot()
    companies = of.table("companies", viewer).select(key="company_id", name="name")
    places = pl.concat([of.table(table, viewer).select("region") for table in ("customers", "sites")])
    regions = places.drop_nulls().unique().select(key="region", name="region")
    found = pl.collect_all([rows.sort("name", "key") for rows in (companies, regions)])
    return dict(zip(("companies", "regions"), found, strict=True))
