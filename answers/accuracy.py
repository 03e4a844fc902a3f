"""Whether what was said came true: chances to run out of stock, by hindcasts and as they were kept at their time.

Every answer takes the viewer first and cuts rows by the viewer's rights before it sums anything. What each figure means
is said in ``analytics.stock_out_record``; how far forecasts of demand were off, in ``answers.demand``.
"""

from collections.abc import Mapping

import polars as pl

from analytics.access import Viewer
from analytics.reliability import BINS, SKILLS, bins, skills
from analytics.scope import Scope
from answers import Snapshot, Study, inventory, newest

STUDY = "stock_outs"
SOURCES = ("chances", "kept")
LISTED: Mapping[str, type[pl.DataType]] = {
    "product_id": pl.String,
    "site_id": pl.String,
    "company_id": pl.String,
    "as_of_on": pl.Date,
    "days": pl.Int64,
    "chance": pl.Float64,
    "came": pl.Boolean,
}


def study() -> Study | None:
    """The newest study of stock-outs of the firm that is served; None while it is being worked out."""
    return newest(STUDY)


def made() -> str:
    """A code that changes with the newest study; empty without one."""
    found = study()
    return "" if found is None else f"{found.snapshot_id} {found.made_at.isoformat()}"


def chances(viewer: Viewer, scope: Scope, source: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per item, site, past day and number of days: chance, and whether it came true. ``source``: chances
    (hindcasts, made now of past days) or kept (said at the time)."""
    question = inventory.asked(viewer, inventory.of_stock(scope), version)
    found = study()
    if found is None or source not in SOURCES:
        return pl.DataFrame(schema=LISTED)
    rows = found.frame(source, viewer)
    for column, chosen in (("company_id", scope.companies), ("region", scope.regions), ("site_id", scope.sites)):
        if chosen:
            rows = rows.filter(pl.col(column).is_in(list(chosen)))
    items = inventory.items_of(question).select("product_id").lazy()
    return rows.join(items, on="product_id", how="semi").select(tuple(LISTED)).collect()


def reliability(
    viewer: Viewer, scope: Scope, source: str, days: int, *, version: Snapshot | None = None
) -> pl.DataFrame:
    """One row per class of chances, for so many days: see ``analytics.reliability.BINS``."""
    rows = chances(viewer, scope, source, version=version).filter(pl.col("days") == days)
    return bins(rows) if rows.height else pl.DataFrame(schema=BINS)


def skill(viewer: Viewer, scope: Scope, source: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per number of days: see ``analytics.reliability.SKILLS``."""
    rows = chances(viewer, scope, source, version=version)
    return skills(rows) if rows.height else pl.DataFrame(schema=SKILLS)
