"""How old the data is: what every screen says, whoever looks."""

from datetime import UTC, datetime

import polars as pl

from analytics.access import Viewer, entered
from analytics.freshness import STALE_AFTER
from analytics.tables.columns import INSTANT
from answers import Snapshot, snapshot
from data_access.home import attempts, served_home

FAILURES = ("rejected", "failed")


def loads(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per source that brought data: source, last_loaded_at, source_as_of (its own clock then), by source.

    Any viewer may know it. A table that was refused brought nothing.
    """
    entered(viewer)
    runs = (version or snapshot()).table("sync_runs", viewer)
    brought = runs.filter(pl.col("outcome").cast(pl.String) != "reject_table")
    latest = brought.group_by("source").agg(
        last_loaded_at=pl.col("finished_at").max(), source_as_of=pl.col("source_as_of").max()
    )
    return latest.sort("source").collect()


def aged(loads: pl.DataFrame, *, now: datetime | None = None) -> pl.DataFrame:
    """``loads`` with since_at, the instant for which a source's data stands: its own clock when it was read, or else
    the load; age_minutes since then, never negative whatever that clock says; and is_stale: older than
    ``STALE_AFTER``."""
    since = pl.coalesce("source_as_of", "last_loaded_at")
    age = (pl.lit(now or datetime.now(UTC)).cast(INSTANT) - since).dt.total_minutes().clip(lower_bound=0)
    told = loads.with_columns(since_at=since, age_minutes=age)
    return told.with_columns(is_stale=pl.col("age_minutes") > STALE_AFTER.total_seconds() / 60)


def failing() -> frozenset[str]:
    """The sources whose latest attempt brought nothing; what they brought before is still there."""
    tried = attempts(served_home())
    return frozenset(source for source, attempt in tried.items() if attempt["outcome"] in FAILURES)
