"""How a firm that is made, not loaded, becomes a published snapshot: small tables whole, large facts as they come.

What the program sums up of small tables it sums up here too. What it would sum up of the large facts is summed from
the published facts, so that nothing that large is ever held in memory.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import polars as pl
from polars.io.plugins import register_io_source
from polars.lazyframe.group_by import LazyGroupBy

from analytics.aggregates import AGGREGATES, RECIPES
from analytics.attention import WEEKS_KEPT
from analytics.cubes import Known, cube_name, cubes
from analytics.demand_weeks import by_week
from analytics.facts import FACTS
from analytics.tables import TABLES, ordered_columns
from data_access.home import Home
from data_access.snapshot import Part, Snapshot, publish

Frames = Mapping[str, pl.DataFrame]
Streams = Mapping[str, pl.LazyFrame]
USUAL = {"company_id": "c1", "is_active": True, "source": "files", "status": "confirmed"}
MONEY = ("company_id", "region", "currency")
SOME_WEEKS = 26 * 7
OF_LINES = (
    *("order_days", "sales_days"),
    *("sales_by_product", "sales_by_customer", "margins_by_product", "margins_by_customer"),
)


@dataclass(frozen=True, kw_only=True)
class Made:
    """A firm: its small tables, its large aggregates as they come, and the days from the first to the last."""

    tables: Frames
    large: Streams
    first_on: date
    last_on: date


def unified(name: str, rows: pl.DataFrame | None = None) -> pl.DataFrame:
    """Rows of a unified table; what they leave out is null, or the most usual value where null is not allowed."""
    schema = TABLES[name]
    columns = schema.columns()
    given = pl.DataFrame() if rows is None else rows
    kept = [given.get_column(column) for column in ordered_columns(schema) if column in given.columns]
    usual = USUAL | {"source_id": given.get_column(schema.primary_key()[0]) if kept else None}
    missing = [column for column in ordered_columns(schema) if column not in given.columns]
    filled = [
        _filled(column, None if columns[column].nullable else usual.get(column), given.height) for column in missing
    ]
    whole = pl.DataFrame([*kept, *filled])
    return whole.select(pl.col(column).cast(columns[column].dtype) for column in ordered_columns(schema))


def _filled(column: str, value: object, rows: int) -> pl.Series:
    if isinstance(value, pl.Series):
        return value.alias(column)
    return pl.Series(column, [value]).new_from_index(0, rows)


def empty_tables() -> dict[str, pl.DataFrame]:
    """Every unified table without rows."""
    return {name: unified(name) for name in TABLES}


def types_of_aggregate(name: str) -> dict[str, pl.DataType]:
    """The columns of an aggregate as the program makes them."""
    recipe = AGGREGATES[name]
    return dict(recipe.make({table: unified(table) for table in recipe.needs})[name].schema)


def as_it_comes(types: Mapping[str, pl.DataType], parts: Callable[[], Iterator[pl.DataFrame]]) -> pl.LazyFrame:
    """Rows of those types, made part by part whenever they are read; columns that a part leaves out are null."""

    def made(
        columns: list[str] | None, chosen: pl.Expr | None, _rows: int | None, _batch: int | None
    ) -> Iterator[pl.DataFrame]:
        for part in parts():
            rows = shaped(part, types)
            rows = rows if chosen is None else rows.filter(chosen)
            yield rows if columns is None else rows.select(columns)

    return register_io_source(made, schema=pl.Schema(types), is_pure=True)


def shaped(rows: pl.DataFrame, types: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The columns of those types in their order; those that are not there are null."""
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(kind).alias(name) for name, kind in types.items()
    )


def published(home: Home, made: Made) -> Snapshot:
    """The firm as the version that is served: first its tables and large facts, then all that is summed of them."""
    base = [*_parts("tables", made.tables), *_parts("aggregates", made.large)]
    first = _publish(home.made(), base, made.last_on, 0)
    asked = _asked(first, made)
    kept = [
        Part(part.name, part.mark, partial(scanned, first, part.name))
        for part in base
        if part.name.removeprefix("aggregates/") not in asked
    ]
    small = {name: frame for name, frame in _small(made).items() if name not in {*made.large, *asked}}
    cubed = _cubes(first, made, small)
    rest: dict[str, pl.DataFrame | pl.LazyFrame] = {**small, **_summed(first, made), **cubed}
    laid = [Part(f"aggregates/{name}", "by item", frame.clone) for name, frame in asked.items()]
    return _publish(home, [*kept, *_parts("aggregates", rest), *laid], made.last_on, 1)


def _parts(folder: str, frames: Mapping[str, pl.DataFrame | pl.LazyFrame]) -> list[Part]:
    return [Part(f"{folder}/{name}", name, frame.clone) for name, frame in frames.items()]


def _publish(home: Home, parts: list[Part], last_on: date, second: int) -> Snapshot:
    at = datetime.combine(last_on, time(20, 0, second), tzinfo=UTC)
    return publish(home, parts, at=at, facts={}, continues=lambda _earlier: True)


def republished(home: Home, before: Snapshot) -> Snapshot:
    """The same rows as a new version, a second younger: what a refresh that found nothing new leaves behind."""
    parts = [
        Part(name.removesuffix(".parquet"), entry["mark"], partial(scanned, before, name.removesuffix(".parquet")))
        for name, entry in before.manifest["files"].items()
    ]
    at = before.made_at + timedelta(seconds=1)
    return publish(home, parts, at=at, facts={}, continues=lambda _earlier: True)


def scanned(version: Snapshot, part: str) -> pl.LazyFrame:
    """The rows of a part of a version, whoever asks."""
    return pl.scan_parquet(version.folder / f"{part}.parquet", glob=False)


def _small(made: Made) -> dict[str, pl.DataFrame]:
    """What the program sums up of the small tables; the working days are those of all days of the firm."""
    ordered = pl.DataFrame({"sales_order_id": ["first", "last"], "customer_id": "nobody", "currency": "EUR"})
    instants = [datetime.combine(day, time(12), tzinfo=UTC) for day in (made.first_on, made.last_on)]
    ends = unified("sales_orders", ordered.with_columns(ordered_at=pl.Series(instants)))
    days = AGGREGATES["working_days"].make({**made.tables, "sales_orders": ends})
    return {name: rows for recipe in RECIPES for name, rows in recipe.make(made.tables).items()} | days


def _asked(version: Snapshot, made: Made) -> dict[str, pl.DataFrame]:
    """The demand by item, as it lies in a snapshot, and by week, where it is large."""
    if "demand_by_item_day" not in made.large:
        return {}
    daily = scanned(version, "aggregates/demand_by_item_day").sort("product_id", "day_on", "site_id").collect()
    return {"demand_by_item_day": daily, "demand_by_item_week": by_week(daily, made.last_on)}


def _cubes(version: Snapshot, made: Made, small: Frames) -> dict[str, pl.DataFrame]:
    """The cubes of the large facts; those of the others the program makes with them."""
    known = known_of({**made.tables, "members": small["members"]}, made.last_on)
    large = [fact for fact in FACTS if f"fact_{fact}" in made.large]
    found: dict[str, pl.DataFrame] = {}
    for fact in large:
        rows = scanned(version, f"aggregates/fact_{fact}")
        found |= {cube_name(fact, cube): frame for cube, frame in cubes(fact, rows, known).items()}
    return found


def known_of(frames: Frames, last_on: date) -> Known:
    """What cubes are made with, from members, customers, exchange_rates and companies."""
    currencies = frames["companies"]["currency"].drop_nulls().unique().sort()
    return Known(last_on, frames["members"], frames["customers"], frames["exchange_rates"], tuple(currencies))


def _summed(version: Snapshot, made: Made) -> dict[str, pl.LazyFrame]:
    """What the program would sum up of order lines and invoice lines, some weeks at a time: sums of many customers or
    products need not fit into memory."""
    return {name: as_it_comes(types_of_aggregate(name), partial(_by_weeks, name, version, made)) for name in OF_LINES}


def _by_weeks(name: str, version: Snapshot, made: Made) -> Iterator[pl.DataFrame]:
    facts = [scanned(version, f"aggregates/fact_{fact}") for fact in ("order_lines", "invoice_lines")]
    countries = made.tables["customers"].select("customer_id", "country").lazy()
    parts = -(-((made.last_on - made.first_on).days + 1) // SOME_WEEKS)
    for back in reversed(range(parts)):
        until = made.last_on - timedelta(days=SOME_WEEKS * back)
        days = pl.col("day_on").is_between(until - timedelta(days=SOME_WEEKS - 1), until)
        lines, invoiced = (fact.filter(days) for fact in facts)
        rows = _sums(lines, invoiced, countries, made.last_on)[name].collect(engine="streaming")
        yield rows.sort(name for name in ("day_on", "product_id", "customer_id") if name in rows.columns)


def _sums(
    lines: pl.LazyFrame, invoiced: pl.LazyFrame, countries: pl.LazyFrame, last_on: date
) -> dict[str, pl.LazyFrame]:
    """As ``analytics.attention`` and ``analytics.segments`` sum; what one customer orders on one day is one order."""
    located = lines.join(countries, on="customer_id", how="left", validate="m:1")
    of_day = ("day_on", "customer_id", *MONEY)
    bought = located.group_by(*of_day, "product_id", "country").agg(pl.col("quantity", "amount").sum())
    ordered = lines.group_by(of_day).agg(pl.col("amount").sum())
    week = (pl.lit(last_on) - pl.col("day_on")).dt.total_days() // 7
    buys = pl.len().alias("buys")
    quantity, amount, cost, margin = (pl.col(name).sum() for name in ("quantity", "amount", "cost", "margin"))

    def weekly(rows: pl.LazyFrame, *keys: str) -> LazyGroupBy:
        dated = rows.with_columns(weeks_ago=week).filter(pl.col("weeks_ago") < WEEKS_KEPT)
        return dated.group_by(*keys, *MONEY, "weeks_ago")

    return {
        "order_days": lines.select("day_on", "customer_id", "company_id", "region").unique(),
        "sales_days": invoiced.group_by(of_day).agg(amount, margin),
        "sales_by_product": weekly(bought, "product_id", "country").agg(buys, quantity, amount),
        "sales_by_customer": weekly(ordered, "customer_id").agg(buys, amount),
        "margins_by_product": weekly(invoiced, "product_id").agg(quantity, amount, cost),
        "margins_by_customer": weekly(invoiced, "customer_id").agg(amount, cost),
    }
