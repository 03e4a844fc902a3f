"""From the tables in the database to a published snapshot: every table with the region that rights cut by, the second
sort orders, the aggregates."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache, partial

import polars as pl

from analytics.aggregates import RECIPES, Recipe
from analytics.demand import living
from analytics.tables import TABLES, ordered_columns, parents_first, references
from data_access.erasures import MANIFEST
from data_access.home import Home
from data_access.snapshot import NoSnapshot, Part, Snapshot, current, keep_only, publish
from data_access.store import Load

BY_DAY = {
    "sales_orders": "ordered_at",
    "inventory_levels": "as_of_on",
    "stock_moves": "moved_at",
    "interactions": "occurred_at",
    "ledger_entries": "posted_on",
}
BY_ITEM = {"sales_order_lines": "product_id", "inventory_levels": "product_id", "stock_moves": "product_id"}
REGION_FROM = (
    "customer_id",
    "sales_order_id",
    "sales_order_line_id",
    "opportunity_id",
    "shipment_id",
    "invoice_id",
    "ticket_id",
    "site_id",
    "from_site_id",
    "to_site_id",
    "purchase_order_id",
    "receipt_id",
    "work_order_id",
)
EMPTY = "0/0/0"
NOT_SHOWN = frozenset({"users", "rights"})


class Tables:
    """The stored tables as frames, each read once and only when something needs it."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._frames: dict[str, pl.DataFrame] = {}

    def frame(self, name: str) -> pl.DataFrame:
        """Living rows of facts, all rows of records that others refer to; with ``region`` where rights cut by it;
        sorted by day, then key."""
        if name not in self._frames:
            self._frames[name] = self._read(name)
        return self._frames[name]

    def _read(self, name: str) -> pl.DataFrame:
        schema = TABLES[name]
        rows = self._load.read(name)
        if rows.is_empty():
            return _without_rows(name)
        if "is_active" not in schema.column_names():
            rows = living(rows)
        order = [BY_DAY[name]] if name in BY_DAY else []
        return self._with_region(name, rows).sort(*order, *schema.primary_key(), nulls_last=True)

    def _with_region(self, name: str, rows: pl.DataFrame) -> pl.DataFrame:
        """The customer's region for sales, the site's for stock: taken from the first reference that has one."""
        ways = _region_ways(name)
        if not ways:
            return rows
        for column, parent in ways.items():
            key = TABLES[parent].primary_key()[0]
            found = self.frame(parent).select(pl.col(key).alias(column), pl.col("region").alias(f"_region_{column}"))
            rows = rows.join(found, on=column, how="left", maintain_order="left", validate="m:1")
        found_regions = [f"_region_{column}" for column in ways]
        return rows.with_columns(region=pl.coalesce(found_regions)).drop(found_regions)


@cache
def _without_rows(name: str) -> pl.DataFrame:
    """A table that holds nothing, as it is shown."""
    columns = TABLES[name].columns()
    empty = pl.DataFrame(schema={column: columns[column].dtype for column in ordered_columns(TABLES[name])})
    return empty.with_columns(region=pl.lit(None, pl.String)) if _region_ways(name) else empty


@cache
def _region_ways(name: str) -> dict[str, str]:
    """From the columns by which a table's region is found to the tables that they refer to."""
    if "region" in TABLES[name].column_names():
        return {}
    parents = references(TABLES[name])
    return {column: parents[column] for column in REGION_FROM if column in parents}


def _mark(load: Load, name: str) -> str:
    """Changes whenever a row of the table was added, changed or taken away: loads only ever grow."""
    return "/".join(str(number) for number in load.marks(name))


def _parts(load: Load) -> Iterator[Part]:
    tables = Tables(load)
    marks = {name: _mark(load, name) for name in TABLES}
    for name in parents_first():
        if name in NOT_SHOWN:
            continue
        mark = _with_parents(name, marks)
        yield Part(f"tables/{name}", mark, partial(tables.frame, name))
        if name in BY_ITEM:
            yield Part(f"tables/{name}.by_item", mark, _sorted_by_item(tables, name))
    for recipe in RECIPES:
        yield from _made_together(tables, recipe, _of_recipe(recipe, marks))


def _of_recipe(recipe: Recipe, marks: dict[str, str]) -> str:
    """The marks of all that it needs; nothing made of nothing is the same whatever else has changed."""
    if recipe.sources and all(marks[table] == EMPTY for table in recipe.sources):
        return EMPTY
    return " ".join(_with_parents(table, marks) for table in recipe.needs)


def _with_parents(name: str, marks: dict[str, str]) -> str:
    """The marks of the table and of all tables, however far away, from which its region comes; no row has none."""
    if marks[name] == EMPTY:
        return EMPTY
    parents = sorted(set(_region_ways(name).values()) - {name})
    return " ".join([marks[name], *(_with_parents(parent, marks) for parent in parents)])


def _sorted_by_item(tables: Tables, name: str) -> Callable[[], pl.DataFrame]:
    return lambda: tables.frame(name).sort(BY_ITEM[name], maintain_order=True)


def _made_together(tables: Tables, recipe: Recipe, mark: str) -> Iterator[Part]:
    """The aggregates of a recipe, which is followed once, and not at all where none of them has to be written."""

    @cache
    def made() -> dict[str, pl.DataFrame]:
        if mark == EMPTY:
            return _of_nothing(recipe)
        return recipe.make({table: tables.frame(table) for table in recipe.needs})

    for name in recipe.names:
        yield Part(f"aggregates/{name}", mark, partial(_named, made, name))


@cache
def _of_nothing(recipe: Recipe) -> dict[str, pl.DataFrame]:
    """What a recipe makes where there is nothing: the same for every firm."""
    return recipe.make({table: _without_rows(table) for table in recipe.needs})


def _named(made: Callable[[], dict[str, pl.DataFrame]], name: str) -> pl.DataFrame:
    return made()[name]


def publish_tables(home: Home, load: Load, *, step: Callable[[str], None], erased: int = 0) -> Snapshot:
    """A new snapshot of everything that the database holds now. ``erased``: how many entries of the journal of
    erasures were carried out in it; every snapshot that was made before them is removed.

    It continues an earlier one only if the database remembers the run that made that one: a database that was emptied,
    restored or exchanged counts its runs anew; and only if nobody was erased since.
    """
    runs = load.read("sync_runs", ("sync_run_id", "started_at")).unique().sort("sync_run_id")
    known = [f"{run} {started.isoformat()}" for run, started in runs.iter_rows()]
    made = publish(
        home,
        _parts(load),
        at=datetime.now(UTC),
        facts={"latest_run": known[-1] if known else None, MANIFEST: erased},
        continues=lambda earlier: earlier.manifest.get("latest_run") in known and earlier.erasures == erased,
        step=step,
    )
    if erased:
        keep_only(home, lambda earlier: earlier.erasures >= erased)
    return made


def carried_out(home: Home) -> int:
    """How many erasures what is served knows of; none where nothing is served."""
    try:
        return current(home).erasures
    except NoSnapshot:
        return 0
