"""Materials: what production will lack by what is planned of the products, and which products that stops.

Every answer takes the viewer first, needs inventory.read and cuts rows by the viewer's rights. All of it comes from the
study of materials (``analytics.material_risks``); plans of a company follow from all of its customers, so only who sees
all regions is told. While there is no study, answers have no rows.
"""

from collections.abc import Mapping

import polars as pl

from analytics.access import Viewer
from analytics.scope import Scope
from answers import Snapshot, Study, inventory, newest
from answers.asking import cut

STUDY = "materials"
AT = ("product_id", "site_id", "company_id")
WORTH_TELLING = 0.1
NAMES = ("sku", "name", "name_zh", "unit")
STOPS = ("stops", "stops_zh")
MATERIALS: Mapping[str, type[pl.DataType] | pl.DataType] = {
    **dict.fromkeys((*AT, "site", *NAMES), pl.String),
    **dict.fromkeys(("on_hand", "on_order", "ordered", "planned_28", "planned_84", "usual_84"), pl.Float64),
    **dict.fromkeys(("p_28", "p_84", "p_28_usual", "short_84"), pl.Float64),
    **dict.fromkeys(("may_run_out_on", "likely_out_on"), pl.Date),
    **dict.fromkeys(STOPS, pl.List(pl.String)),
}


def study() -> Study | None:
    """The newest study of materials of the firm that is served; None while it is being worked out."""
    return newest(STUDY)


def made() -> str:
    """A code that changes with the newest study; empty without one."""
    found = study()
    return "" if found is None else f"{found.snapshot_id} {found.made_at.isoformat()}"


def materials(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """The parts that production takes and may lack within 84 days (a chance of 10 % or more), the first to run out
    first: see ``analytics.material_risks.RISKS``; what they are called; site; stops: the products that they go into,
    the one that takes most of it first."""
    question, found = inventory.asked(viewer, inventory.of_stock(scope), version), study()
    if found is None:
        return pl.DataFrame(schema=MATERIALS)
    rows = cut(found.frame("materials", viewer), scope, ("company_id", "site_id"))
    if scope.regions:
        rows = rows.filter(pl.col("site_region").is_in(list(scope.regions)))
    told = rows.filter((pl.col("planned_84") > 0) & (pl.col("p_84") >= WORTH_TELLING)).collect()
    items = inventory.items_of(question).select("product_id", *NAMES)
    named = told.join(items, on="product_id", how="inner", validate="m:1")
    products = inventory.items_of(inventory.asked(viewer, Scope(), question.version)).select("product_id", *NAMES)
    stopped = _stopped(found.frame("stopped", viewer).collect(), products)
    joined = named.join(stopped, on=AT, how="left", validate="1:1")
    places = question.version.aggregate("places", viewer).select("site_id", "site").collect()
    placed = joined.join(places, on="site_id", how="left", validate="m:1")
    shaped = placed.with_columns(pl.coalesce("site", "site_id")).sort(
        "likely_out_on", "may_run_out_on", -pl.col("p_84"), *AT, nulls_last=True
    )
    return shaped.select(pl.col(name).cast(dtype) for name, dtype in MATERIALS.items())


def _stopped(rows: pl.DataFrame, products: pl.DataFrame) -> pl.DataFrame:
    """One row per part at a site: the names of the products that take it, the largest first."""
    called = pl.coalesce("sku", "name", "product_id")
    named = rows.join(products, on="product_id", how="inner", validate="m:1").select(
        "component_id",
        "site_id",
        "company_id",
        "quantity",
        "product_id",
        stops=pl.concat_str(called, pl.lit(" "), pl.col("name").fill_null("")),
        stops_zh=pl.concat_str(called, pl.lit(" "), pl.coalesce("name_zh", "name").fill_null("")),
    )
    ordered = named.sort(-pl.col("quantity"), "product_id")
    lists = ordered.group_by("component_id", "site_id", "company_id", maintain_order=True).agg(pl.col(STOPS))
    return lists.rename({"component_id": "product_id"})


__all__ = ["made", "materials", "study"]
