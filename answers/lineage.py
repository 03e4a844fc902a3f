"""Where a row comes from: its source, the load that brought it, by which mapping, what it was before, what rests on it.

Who may read the health of the data may know where each row comes from that rights let through; what it says needs the
right to its subject as well. Earlier states are told of rows that the viewer sees now.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import pairwise

import polars as pl

from analytics.access import NotAllowed, Viewer, entered, require
from analytics.tables import BASE, DELIVERED, SUBJECTS, TABLES, fields, references
from analytics.tables.columns import INSTANT
from answers import Snapshot, snapshot
from data_access import feeds, record_links
from data_access.home import served_home
from data_access.journal import Journal
from data_access.record_links import VENDORS, AddressRefused
from data_access.states import STAMPS, states

RIGHT = "health.read"
MANAGE = "sources.manage"
MOST = 50
NEEDS = {
    "shared": RIGHT,
    "products": "inventory.read",
    "parties": "sales.read",
    "sales": "sales.read",
    "purchasing": "purchasing.read",
    "inventory": "inventory.read",
    "production": "inventory.read",
    "money": "receivables.read",
    "people": "payroll",
    "crm": "service.read",
}
"""By subject, the right to what a row says."""
NEEDS_OF = {"suppliers": "purchasing.read", "employees": "payroll"}
NAMED = ("name", "number", "sku", "subject")
FIELDS = {"field": pl.String, "value": pl.String, "came_from": pl.String}
CHANGES = {
    "changed_at": INSTANT,
    "load_id": pl.Int64(),
    "field": pl.String(),
    "was": pl.String(),
    "became": pl.String(),
}
FOLLOWERS = {"table": pl.String, "column": pl.String, "rows": pl.Int64}
ORIGIN = ("sync_run_id", "source_table", "mode", "outcome", "started_at", "finished_at", "source_as_of")
Row = Mapping[str, object]


def _of(viewer: Viewer, version: Snapshot | None, table: str) -> Snapshot:
    require(viewer, RIGHT)
    if table not in DELIVERED:
        raise NotAllowed(f"There are no rows of {table} to ask for.")
    return version or snapshot()


def sees_values(viewer: Viewer, table: str) -> bool:
    """Whether the viewer may see what the rows of a table say."""
    subject = next(name for name, module in SUBJECTS.items() if module.__name__ == TABLES[table].__module__)
    return viewer.may(NEEDS_OF.get(table, NEEDS[subject]))


def found(viewer: Viewer, table: str, text: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per row of a table whose key, key at its source or, where the viewer may see it, number is the text: at
    most 50, with row_id, source, source_id and called, what it is called."""
    of = _of(viewer, version, table)
    rows, key = of.table(table, viewer), TABLES[table].primary_key()[0]
    sought = text.strip()
    named = [name for name in NAMED if name in fields(TABLES[table])] if sees_values(viewer, table) else []
    numbers = [pl.col(name) == sought for name in named if name in ("number", "sku")]
    is_it = pl.any_horizontal(pl.col(key) == sought, pl.col("source_id") == sought, *numbers)
    called = pl.coalesce(*(pl.col(name) for name in named), pl.lit(None, pl.String))
    told = rows.filter(is_it.fill_null(value=False)).select(
        pl.col(key).alias("row_id"), "source", "source_id", called=called
    )
    return told.sort("row_id").head(MOST).collect()


def _row(viewer: Viewer, of: Snapshot, table: str, row_id: str) -> dict[str, object] | None:
    rows = of.as_given(table, viewer).filter(pl.col(TABLES[table].primary_key()[0]) == row_id).head(1).collect()
    return rows.row(0, named=True) if rows.height else None


def origin(viewer: Viewer, table: str, row_id: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per source table that may have brought the present state of a row: source, source_id, the run
    (sync_run_id), source_table, mode, outcome, started_at, finished_at, source_as_of; none where there is no such
    row."""
    of = _of(viewer, version, table)
    row = _row(viewer, of, table, row_id) or dict.fromkeys(BASE)
    runs = of.table("sync_runs", viewer).filter(
        (pl.col("sync_run_id") == pl.lit(row["load_id"], pl.Int64))
        & (pl.col("source") == pl.lit(row["source"], pl.String))
    )
    told = runs.select("source", pl.lit(row["source_id"], pl.String).alias("source_id"), *ORIGIN).collect()
    feeding = {table, *(feed.source_table for feed in feeds.feeding(str(row["source"]), table))}
    known = told.filter(pl.col("source_table").is_in(list(feeding)))
    return (
        (known if known.height else told).with_columns(pl.col("mode", "outcome").cast(pl.String)).sort("source_table")
    )


def values(viewer: Viewer, table: str, row_id: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per field of a row: field, value as text (null where unknown or not the viewer's to see), and came_from,
    the columns at the source that the mapping makes it of; null where no mapping of ours says it."""
    of = _of(viewer, version, table)
    row = _row(viewer, of, table, row_id)
    if row is None:
        return pl.DataFrame(schema=FIELDS)
    told, seen = feeds.columns(str(row["source"]), table), sees_values(viewer, table)
    return pl.DataFrame(
        [
            {"field": name, "value": _text(row[name]) if seen else None, "came_from": told.get(name)}
            for name in fields(TABLES[table])
        ],
        schema=FIELDS,
    )


def _text(value: object) -> str | None:
    if value is None:
        return None
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)


def changes(viewer: Viewer, table: str, row_id: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per field that a later load changed, the latest first: changed_at, load_id (of the load that changed
    it), field, was and became."""
    of = _of(viewer, version, table)
    if _row(viewer, of, table, row_id) is None or not sees_values(viewer, table):
        return pl.DataFrame(schema=CHANGES)
    known = states(served_home(), table, row_id)
    typed = known.with_columns(pl.col(name).is_in(["1", "true", "t"]) for name in known.columns if name == "is_company")
    seen = of.cut(typed.lazy(), table, viewer).collect().rows(named=True)
    rows = [row for one, next_one in pairwise(seen) for row in _changed(table, one, next_one)]
    return pl.DataFrame(rows[::-1], schema=CHANGES)


def _changed(table: str, one: Row, next_one: Row) -> Iterator[dict[str, object]]:
    names = [*fields(TABLES[table]), "company_id", "deleted_at"]
    at, load_id = (one[name] for name in STAMPS)
    for name in names:
        if one[name] != next_one[name]:
            stamp = datetime.fromisoformat(str(at)).astimezone(UTC)
            told = {"changed_at": stamp, "load_id": int(str(load_id)), "field": name}
            yield told | {"was": _text(one[name]), "became": _text(next_one[name])}


def followers(viewer: Viewer, table: str, row_id: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per table and column that refer to a row, and how many rows that the viewer sees do; and identities,
    where it counts as one with others."""
    of = _of(viewer, version, table)
    if _row(viewer, of, table, row_id) is None:
        return pl.DataFrame(schema=FOLLOWERS)
    ways = [
        (child, column)
        for child in DELIVERED
        for column, parent in references(TABLES[child]).items()
        if parent == table and of.has(f"tables/{child}")
    ]
    counts = [of.table(child, viewer).filter(pl.col(column) == row_id).select(pl.len()) for child, column in ways]
    rows = [
        {"table": child, "column": column, "rows": counted.item()}
        for (child, column), counted in zip(ways, pl.collect_all(counts), strict=True)
    ]
    return pl.DataFrame(rows, schema=FOLLOWERS).filter(pl.col("rows") > 0).sort("rows", descending=True)


def link(viewer: Viewer, table: str, row_id: str, *, version: Snapshot | None = None) -> str | None:
    """The address of a row's record in its own system, also for who may see what it says and not the health of the
    data; None where nobody said at which address that is."""
    entered(viewer)
    bases = record_links.bases(served_home())
    if table not in DELIVERED or not (bases and (viewer.may(RIGHT) or sees_values(viewer, table))):
        return None
    row = _row(viewer, version or snapshot(), table, row_id)
    base = bases.get(str(row["source"])) if row else None
    return record_links.link(str(row["source"]), table, str(row["source_id"]), base) if row and base else None


def linked_systems(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per source of the data whose records have addresses: source, base (null where none was said), and an
    example of one."""
    require(viewer, RIGHT)
    runs = (version or snapshot()).table("sync_runs", viewer).select("source").unique().sort("source").collect()
    said = record_links.bases(served_home())
    rows = [
        {"source": source, "base": said.get(source), "example": VENDORS[source].example}
        for source in runs["source"]
        if source in VENDORS
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("source", "base", "example"), pl.String))


def say_base(viewer: Viewer, source: str, base: str) -> None:
    """Says at which address a source is in the browser, or with an empty text that it has none; ``AddressRefused``
    where that is no address."""
    require(viewer, MANAGE)
    kept = record_links.checked(base) if base.strip() else ""
    what = {"source": source, "base": kept}
    Journal(served_home(), record_links.SUBJECT).append(viewer.user, datetime.now(UTC), what)


__all__ = [
    "AddressRefused",
    "changes",
    "followers",
    "found",
    "link",
    "linked_systems",
    "origin",
    "say_base",
    "sees_values",
    "values",
]
