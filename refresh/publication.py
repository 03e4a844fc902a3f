"""From the tables in the database to a published snapshot: every table with the region that rights cut by, the second
sort orders, the aggregates."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cache, partial

import polars as pl

from analytics.aggregates import RECIPES, Recipe
from analytics.demand import living
from analytics.master_values import WINS, winning
from analytics.one_firm import IDENTIFIED, Cutover, OneFirm
from analytics.tables import SHARED, TABLES, ordered_columns, parents_first, references
from data_access.cutovers import declared
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


ENTITIES = {table: entity for table, entity in IDENTIFIED.items() if entity in WINS}
CUTOVER, FOLLOWED = "aggregates/cutover", "aggregates/followed"
PERSONS = ("customers", "contacts")


class Tables:
    """The stored tables as frames, each read once and only when something needs it.

    ``cutover``: the change of the firm's ERP, whose both systems count as one; ``today`` tells whether it has come.
    """

    def __init__(self, load: Load, cutover: Cutover | None = None, today: date = date.max) -> None:
        self._load = load
        self._frames: dict[str, pl.DataFrame] = {}
        self._as_given: dict[str, pl.DataFrame] = {}
        self._one = None if cutover is None else OneFirm(cutover, cache(self._living), is_over=cutover.on <= today)

    def counts(self) -> pl.DataFrame:
        """What counts of which system of a firm that changed its ERP."""
        counted = pl.DataFrame() if self._one is None else self._one.counts()
        return counted.with_columns(company_id=pl.lit(SHARED))

    def followed(self) -> pl.DataFrame:
        """The records of persons that the new system has instead, which are still in the database: kind, old, new."""
        pairs = [] if self._one is None else [self._one.pairs(name).with_columns(kind=pl.lit(name)) for name in PERSONS]
        return pl.concat(pairs).with_columns(company_id=pl.lit(SHARED))

    def as_given(self, name: str) -> pl.DataFrame:
        """The rows of master data in which another record's value counts, as they themselves say it."""
        self.frame(name)
        return self._as_given[name]

    def frame(self, name: str) -> pl.DataFrame:
        """Living rows of facts, all rows of records that others refer to; with ``region`` where rights cut by it;
        sorted by day, then key."""
        if name not in self._frames:
            self._frames[name] = self._read(name)
        return self._frames[name]

    def _read(self, name: str) -> pl.DataFrame:
        rows = self._living(name) if self._one is None else self._one.rows(name)
        if name in ENTITIES:
            rows, self._as_given[name] = self._winning(name, rows)
        if rows.is_empty():
            return _without_rows(name)
        order = [BY_DAY[name]] if name in BY_DAY else []
        return self._with_region(name, rows).sort(*order, *TABLES[name].primary_key(), nulls_last=True)

    def _living(self, name: str) -> pl.DataFrame:
        """The rows of a table as the database holds them, of facts those that are not gone."""
        rows = self._load.read(name)
        if rows.is_empty():
            return _without_rows(name).drop("region", strict=False) if _region_ways(name) else _without_rows(name)
        return rows if "is_active" in TABLES[name].column_names() else living(rows)

    def _winning(self, name: str, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows with the values that count where several records are one, and the changed ones as they were."""
        known = self._living("identities") if self._one is None else self._one.rows("identities")
        is_joined = (pl.col("entity") == ENTITIES[name]) & (pl.col("state") == "joined")
        return winning(rows, known.filter(is_joined).select("record_id", "group_id"), ENTITIES[name])

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


def _parts(load: Load, cutover: Cutover | None, today: date) -> Iterator[Part]:
    tables = Tables(load, cutover, today)
    marks = _with_identities({name: _mark(load, name) for name in TABLES})
    if cutover is not None:
        marks = _of_both(marks, f"{cutover} {cutover.on <= today}")
        yield Part(CUTOVER, " ".join(marks.values()), tables.counts)
        yield Part(FOLLOWED, " ".join(marks.values()), tables.followed)
    for name in parents_first():
        if name in NOT_SHOWN:
            continue
        mark = _with_parents(name, marks)
        yield Part(f"tables/{name}", mark, partial(tables.frame, name))
        if name in ENTITIES:
            yield Part(f"as_given/{name}", mark, partial(tables.as_given, name))
        if name in BY_ITEM:
            yield Part(f"tables/{name}.by_item", mark, _sorted_by_item(tables, name))
    for recipe in RECIPES:
        yield from _made_together(tables, recipe, _of_recipe(recipe, marks))


def _with_identities(marks: dict[str, str]) -> dict[str, str]:
    """Master data says what counts of all records that are one: it changes with the identities, too."""
    known = marks["identities"]
    told = {name: f"{marks[name]} {known}" for name in ENTITIES if EMPTY not in (marks[name], known)}
    return marks | told


def _of_both(marks: dict[str, str], cutover: str) -> dict[str, str]:
    """What counts of two systems depends on the change itself, on all that a row refers to, and on identities."""
    told = {name: " ".join(marks[each] for each in sorted(_needed(name))) for name in marks}
    return {name: mark if mark == EMPTY else f"{cutover} {told[name]}" for name, mark in marks.items()}


@cache
def _needed(name: str) -> frozenset[str]:
    """The tables on which it depends which rows of a table count, and under which keys."""
    found, new = {name}, {name, "companies", "sites", "identities", *ENTITIES}
    while new:
        found |= new
        new = {parent for each in new for parent in references(TABLES[each]).values()} - found
    return frozenset(found)


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
    now, said = datetime.now(UTC), declared(home)
    cutover = None if said is None else Cutover(before=said.before, after=said.after, on=said.on)
    made = publish(
        home,
        _parts(load, cutover, now.date()),
        at=now,
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
