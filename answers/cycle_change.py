"""Whether orders take longer or shorter since a day: see ``analytics.cycle_change``.

Every answer takes the viewer first and needs sales.read; orders are cut by the viewer's rights and the scope, as on the
page of orders, before anything is averaged. The class of an order is the category of its first product.
"""

from datetime import date

import polars as pl

from analytics.access import Viewer, require
from analytics.cycle_change import CYCLES, KINDS, by_kind
from analytics.cycle_change import change as changed
from analytics.demand import Types
from analytics.order_flow import TO_DELIVER
from analytics.scope import Scope
from analytics.zones import wall_clock
from answers import Snapshot, snapshot
from answers.orders import RIGHT, OrdersAsked

SHOWN: Types = {**KINDS, "site": pl.String(), "category": pl.String()}


def change(viewer: Viewer, scope: Scope, since_on: date, *, version: Snapshot | None = None) -> pl.DataFrame:
    """The change since a day, at most one row: see ``analytics.cycle_change.CHANGE``."""
    question = OrdersAsked(require(viewer, RIGHT), scope, version or snapshot())
    return changed(_cycles(question), since_on, question.as_of)


def kinds(viewer: Viewer, scope: Scope, since_on: date, *, version: Snapshot | None = None) -> pl.DataFrame:
    """What is compared, one row per kind of order: see ``analytics.cycle_change.KINDS``, with site and category."""
    question = OrdersAsked(require(viewer, RIGHT), scope, version or snapshot())
    found = by_kind(_cycles(question), since_on, question.as_of)
    places = question.version.aggregate("places", viewer).select("site_id", "site").collect()
    categories = question.members.select("category_id", "category").drop_nulls("category_id").unique("category_id")
    named = found.join(places, on="site_id", how="left", validate="m:1", maintain_order="left").join(
        categories, on="category_id", how="left", validate="m:1", maintain_order="left"
    )
    return named.select(pl.col(name).cast(dtype) for name, dtype in SHOWN.items())


def _cycles(question: OrdersAsked) -> pl.DataFrame:
    """The orders of the scope; days by the clock at the site that goods leave from. Without those that have arrived on
    a day that nobody knows."""
    first = {name: pl.col(f"{name}s").list.get(0, null_on_oob=True) for name in ("site_id", "product_id")}
    kept = ("company_id", "region", "ordered_at", "delivered_at")
    is_told = pl.col("delivered_at").is_not_null() | pl.col("stage").is_in(TO_DELIVER)
    rows = question.stages().filter(is_told).select(*kept, **first).collect()
    zones = question.version.table("sites", question.viewer).select("site_id", "time_zone").collect()
    categories = question.members.select("product_id", "category_id")
    known = rows.join(zones, on="site_id", how="left", validate="m:1").join(
        categories, on="product_id", how="left", validate="m:1"
    )
    days = {
        name: wall_clock(pl.col(at), "time_zone", known).dt.date()
        for name, at in (("ordered_on", "ordered_at"), ("arrived_on", "delivered_at"))
    }
    return known.with_columns(**days).select(pl.col(name).cast(dtype) for name, dtype in CYCLES.items())
