"""What a question can be narrowed to: companies, sites, regions, categories and suppliers that the viewer may know."""

import polars as pl

from analytics.access import Viewer, entered, require
from answers import Snapshot, snapshot

# Any one of them is enough: the filters belong to no page.
BUSINESS = ("overview.read", "sales.read", "receivables.read", "inventory.read", "purchasing.read", "service.read")
KNOW_SUPPLIERS = ("purchasing.read", "inventory.read")


def choices(viewer: Viewer, *, version: Snapshot | None = None) -> dict[str, pl.DataFrame]:
    """companies, sites (main ones), regions (of customers and of sites), categories, suppliers (main ones of products).

    Each a frame of key, which is what ``Scope`` takes, and name, by name. Suppliers are told to those who may see what
    is bought or in stock; for others there are none.
    """
    allowed(viewer)
    of = version or snapshot()
    places, members = of.aggregate("places", viewer), of.aggregate("members", viewer)
    regions = pl.concat([places.select("region"), of.table("customers", viewer).select("region")])
    knows_suppliers = any(viewer.may(right) for right in KNOW_SUPPLIERS)
    offered = {
        "companies": _named(of.table("companies", viewer), "company_id", "name"),
        "sites": _named(places, "site_id", "site"),
        "regions": _named(regions, "region", "region"),
        "categories": _named(members, "category_id", "category"),
        "suppliers": _named(members.filter(knows_suppliers), "supplier_id", "supplier"),
    }
    return dict(zip(offered, pl.collect_all(offered.values()), strict=True))


def allowed(viewer: Viewer) -> Viewer:
    """The viewer, if there is any business that the viewer may read; otherwise ``NotAllowed``."""
    held = (right for right in BUSINESS if entered(viewer).may(right))
    return require(viewer, next(held, BUSINESS[0]))


def _named(rows: pl.LazyFrame, key: str, name: str) -> pl.LazyFrame:
    return rows.select(key=pl.col(key), name=pl.col(name)).drop_nulls("key").unique().sort("name", "key")
