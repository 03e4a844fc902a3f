"""Data health: how old each source is, what became of its rows, whether the sums agree, and what was set aside.

Sources and runs belong to no company: who may read the health of the data reads them whole. Rows set aside are seen by
whose company they are, and those that name none by who may see all companies; values of rows need personal_data.
"""

import json
from datetime import datetime
from typing import Any

import polars as pl

from analytics.access import ALL, Viewer, require
from analytics.tables import SUBJECTS, TABLES, table_name
from analytics.tables.columns import INSTANT
from answers import Snapshot, freshness, snapshot
from answers.repairs import theirs
from data_access.home import attempts, served_home

RIGHT = "health.read"
RECONCILIATION = {
    "source": pl.String(),
    "source_table": pl.String(),
    "check": pl.String(),
    "at_source": pl.String(),
    "in_tandem": pl.String(),
    "difference": pl.String(),
    "note": pl.String(),
}
ATTEMPTS = {
    "source": pl.String(),
    "last_attempt_at": INSTANT,
    "last_outcome": pl.String(),
    "last_message": pl.String(),
}
GRAVITY = {"accept": 0, "accept_warn": 1, "quarantine_rows": 2, "reject_table": 3}
COUNTS = ("rows_read", "rows_loaded", "rows_quarantined", "rows_duplicate")


def sources(viewer: Viewer, *, version: Snapshot | None = None, now: datetime | None = None) -> pl.DataFrame:
    """One row per source, also one whose every attempt failed: when it was loaded, how old it is, what became of it.

    Counts are those of the latest run of each of its tables. age_minutes: since the source's own clock when it was
    read, or else since the load. last_attempt_at, last_outcome (loaded, rejected, busy, failed) and last_message are of
    the latest attempt; one that failed left the data as it was. Null where none is on record.
    """
    counts = _latest_runs(viewer, version).group_by("source").agg(**_sums())
    loaded = counts.join(freshness.loads(viewer, version=version), on="source", how="left", validate="1:1")
    known = loaded.join(_attempts(), on="source", how="full", coalesce=True, validate="1:1")
    columns = ("source", "last_loaded_at", "source_as_of", "age_minutes", *COUNTS)
    aged = freshness.aged(known, now=now)
    return aged.select(*columns, "last_attempt_at", "last_outcome", "last_message").sort("source")


def _sums() -> dict[str, pl.Expr]:
    return {name: pl.col(name).sum() for name in COUNTS}


def _attempts() -> pl.DataFrame:
    """One row per source that was ever tried."""
    rows = [
        {
            "source": source,
            "last_attempt_at": datetime.fromisoformat(attempt["at"]),
            "last_outcome": attempt["outcome"],
            "last_message": attempt["message"],
        }
        for source, attempt in attempts(served_home()).items()
    ]
    return pl.DataFrame(rows, schema=ATTEMPTS)


def _latest_runs(viewer: Viewer, version: Snapshot | None) -> pl.DataFrame:
    """One row per source and source table: that of the latest run that brought the table."""
    require(viewer, RIGHT)
    runs = (version or snapshot()).table("sync_runs", viewer).collect()
    newest = runs.sort("sync_run_id", descending=True)
    return newest.unique(("source", "source_table"), keep="first", maintain_order=True).sort("source", "source_table")


def runs(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per run and source that is on record, the latest first: sync_run_id, source, started_at, seconds it took,
    outcome (the gravest of its tables), source_tables, rows_read, rows_loaded, rows_quarantined, rows_duplicate,
    rows_deleted, and warnings, how many were given. Runs that failed as a whole changed nothing and left no row."""
    require(viewer, RIGHT)
    rows = (version or snapshot()).table("sync_runs", viewer).collect()
    told = rows.with_columns(
        warned=pl.Series([len(_listed(text)) for text in rows["warnings"]], dtype=pl.Int64),
        gravity=pl.col("outcome").cast(pl.String).replace_strict(GRAVITY, return_dtype=pl.Int64),
    )
    summed = told.group_by("sync_run_id", "source").agg(
        started_at=pl.col("started_at").min(),
        seconds=(pl.col("finished_at").max() - pl.col("started_at").min()).dt.total_milliseconds() / 1000,
        outcome=pl.col("gravity").max().replace_strict(list(GRAVITY.values()), list(GRAVITY), return_dtype=pl.String),
        source_tables=pl.len().cast(pl.Int64),
        **_sums(),
        rows_deleted=pl.col("rows_deleted").sum(),
        warnings=pl.col("warned").sum(),
    )
    return summed.sort("started_at", "sync_run_id", descending=True)


def tables(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per source and source table, of the latest run that brought it.

    warnings: one text per warning, its rule and what was noticed. balanced: every row that was read was loaded, set
    aside or an exact duplicate; a refused table is balanced when nothing of it was loaded.
    """
    runs = _latest_runs(viewer, version)
    accounted = pl.col("rows_loaded") + pl.col("rows_quarantined") + pl.col("rows_duplicate") == pl.col("rows_read")
    refused = (pl.col("outcome") == "reject_table") & (pl.col("rows_loaded") == 0)
    warnings = [_warnings(text) for text in runs["warnings"]]
    columns = ("source", "source_table", "outcome", "mode", *COUNTS, "rows_deleted", "rows_left_out")
    told = runs.select(
        *columns, "finished_at", warnings=pl.Series(warnings, dtype=pl.List(pl.String)), balanced=accounted | refused
    )
    return told.with_columns(pl.col("outcome", "mode").cast(pl.String))


def _warnings(text: str | None) -> list[str]:
    """Each warning as ``rule: detail``."""
    return [f"{warning['rule']}: {warning['detail']}" for warning in _listed(text)]


def _listed(text: str | None) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(text) if text else []
    return entries


def reconciliation(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per sum that was compared between source and tables, those that differ first; numbers as exact text."""
    runs = _latest_runs(viewer, version).select("source", "source_table", "reconciliation")
    rows = [
        {
            "source": source,
            "source_table": source_table,
            **{name: _text(check.get(name)) for name in list(RECONCILIATION)[2:]},
        }
        for source, source_table, text in runs.iter_rows()
        for check in _listed(text)
    ]
    differs = (pl.col("difference").cast(pl.Decimal(38, 12), strict=False) != 0).fill_null(True)
    compared = pl.DataFrame(rows, schema=RECONCILIATION)
    return compared.sort(differs.not_(), "source", "source_table", maintain_order=True)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def quarantine(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per source row that was set aside, with the rule it broke; value and record need personal_data."""
    require(viewer, RIGHT)
    rows = theirs((version or snapshot()).table("quarantine", viewer), viewer)
    columns = (
        "source",
        "source_table",
        "table_name",
        "line",
        "rule",
        "column_name",
        "value",
        "record",
        "quarantined_at",
    )
    return rows.select(columns).sort("source", "source_table", "line", "rule", nulls_last=True).collect()


def unified(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per unified table: table, subject, rows: how many of its rows the viewer may see."""
    require(viewer, RIGHT)
    of = version or snapshot()
    names = [name for name in TABLES if of.has(f"tables/{name}")]
    counted = _counted(of, names, viewer)
    subjects = {table: subject for subject, module in SUBJECTS.items() for table in _tables_of(module.__name__)}
    rows = {"table": names, "subject": [subjects[name] for name in names], "rows": counted}
    return pl.DataFrame(rows, schema={"table": pl.String, "subject": pl.String, "rows": pl.Int64})


def _tables_of(module: str) -> list[str]:
    return [table_name(schema) for schema in TABLES.values() if schema.__module__ == module]


def _counted(of: Snapshot, names: list[str], viewer: Viewer) -> list[int]:
    """From the manifest where the viewer sees every row, else by counting what is left."""
    if viewer.companies == viewer.regions == viewer.customers == ALL:
        return [of.rows(f"tables/{name}") for name in names]
    return [frame.item() for frame in pl.collect_all([of.table(name, viewer).select(pl.len()) for name in names])]
