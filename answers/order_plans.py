"""What is planned for open orders: what is allocated, transferred, awaited, made or bought for each line, and which
shipments that gives; from the newest study, which is worked out after each refresh.

Every answer takes the viewer first and needs sales.read and inventory.read. The orders are those that the viewer sees
on the page of orders; whose supply a line waits for is told of the viewer's own regions alone.
"""

import polars as pl

from analytics.access import ALL, Viewer, require
from analytics.demand import Types
from analytics.order_plans import PLANS
from analytics.order_plans import shipments as shipped
from analytics.scope import Scope
from answers import Snapshot, inventory, newest, orders, snapshot

STUDY = "order_plans"
SHOWN: Types = {
    **PLANS,
    "customer": pl.String(),
    "sku": pl.String(),
    "name": pl.String(),
    "name_zh": pl.String(),
    "unit": pl.String(),
    "from_site": pl.String(),
    "site": pl.String(),
    "days_late": pl.Int64(),
}


def plans(viewer: Viewer, scope: Scope, order_id: str = "", *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per part of a line that leaves on one day, in the order in which orders are served: see
    ``analytics.order_plans.PLANS``, with names; of one order, or of all of the scope. days_late: after the day that was
    promised. None while nothing is worked out."""
    require(viewer, inventory.RIGHT)
    known, found = version or snapshot(), newest(STUDY)
    seen = orders.orders(viewer, scope, version=known).select("sales_order_id", "customer")
    if found is None:
        return pl.DataFrame(schema=SHOWN)
    one = pl.col("sales_order_id") == order_id if order_id else pl.lit(value=True)
    rows = found.frame("plans", viewer).filter(one).collect()
    mine = rows.join(seen, on="sales_order_id", how="inner", validate="m:1", maintain_order="left")
    items = known.aggregate("members", viewer).select("product_id", "sku", "name", "name_zh", "unit").collect()
    places = _places(viewer, known)
    senders = places.select(pl.all().name.prefix("from_"))
    named = (
        mine.join(items, on="product_id", how="left", validate="m:1", maintain_order="left")
        .join(places, on="site_id", how="left", validate="m:1", maintain_order="left")
        .join(senders, on="from_site_id", how="left", validate="m:1", maintain_order="left")
    )
    late = (pl.col("leaves_on") - pl.col("due_on")).dt.total_days()
    told = named.with_columns(_own(viewer, places), days_late=late)
    return told.select(pl.col(name).cast(dtype) for name, dtype in SHOWN.items())


def _places(viewer: Viewer, known: Snapshot) -> pl.DataFrame:
    return known.aggregate("places", viewer).select("site_id", "site").collect()


def _own(viewer: Viewer, places: pl.DataFrame) -> list[pl.Expr]:
    """Whose order brings it, to a site of the viewer's own regions; where no site is known, for a line of them."""
    is_own = pl.lit(value=True)
    if viewer.regions != ALL:
        is_here = pl.col("from_site_id").is_in(places["site_id"].implode())
        is_own = pl.coalesce(is_here, pl.col("supply_region").is_in(list(viewer.regions))).fill_null(value=False)
    return [pl.when(is_own).then(name).alias(name) for name in ("supply_number", "supply_party")]


def shipments(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per order, day and site of leaving, the first to leave first: see ``analytics.order_plans.shipments``,
    with customer and site."""
    known = version or snapshot()
    rows = plans(viewer, scope, version=known)
    names = rows.select("sales_order_id", "customer").unique("sales_order_id")
    named = shipped(rows.select(*PLANS)).join(
        names, on="sales_order_id", how="left", validate="m:1", maintain_order="left"
    )
    return named.join(_places(viewer, known), on="site_id", how="left", validate="m:1", maintain_order="left")


def mark() -> str:
    """What changes whenever plans are made anew: for who keeps answers; empty while there are none."""
    found = newest(STUDY)
    return "" if found is None else f"{found.snapshot_id} {found.made_at.isoformat()}"
