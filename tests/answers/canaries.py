"""A firm in which every table has rows of two companies and two regions, and every text of it tells whose it is.

Companies and regions part it cleanly: a row refers only to rows of its own part, or to what all share. So what a viewer
may not see can be taken away or changed without any answer to that viewer changing, and a text that comes out tells
where it comes from.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import dataframely as dy
import polars as pl

from analytics.access import ALL, Viewer
from analytics.metrics import METRICS
from analytics.tables import SHARED, TABLES, marks, needs, parents_first
from analytics.tables.own import TARGETED
from data_access.home import firm_home
from data_access.snapshot import Part, Snapshot, publish
from refresh.publication import NOT_SHOWN, Tables
from tests.analytics.firm import DAY, Firm, Row, table
from tests.analytics.summed import summed
from tests.answers import strangers
from tests.answers.served import MADE_AT

CANARY = re.compile("«[^«»]+»")
ROWS = 6
EVERYBODYS = frozenset(
    {"currencies", "exchange_rates", "units", "unit_conversions", "calendars", "calendar_periods"}
    | {"calendar_exceptions", "sync_runs", "quarantine", "users", "rights", "audit_log"}
)


@dataclass(frozen=True)
class World:
    """A part of the firm: what one company does in one region; or what all companies share."""

    company: str
    region: str

    def __str__(self) -> str:
        return f"{self.company}-{self.region}"


WORLDS = tuple(World(company, region) for company in ("alder", "birch") for region in ("north", "south"))
COMMON = World(SHARED, "everywhere")

Give = Callable[[World, int], Any]
# What a column must hold for its row to count: everything else is made from the column's type.
CHOSEN: Mapping[tuple[str, str], Give] = {
    ("companies", "company_id"): lambda world, _: world.company,
    ("companies", "parent_company_id"): lambda _world, _: None,
    ("sites", "kind"): lambda _world, _: "warehouse",
    ("sites", "parent_site_id"): lambda _world, _: None,
    ("sites", "main_site_id"): lambda world, number: key(world, "sites", "site_id", number),
    ("sites", "region"): lambda world, _: world.region,
    ("sites", "time_zone"): lambda _world, _: "UTC",
    ("calendars", "time_zone"): lambda _world, _: "UTC",
    ("customers", "region"): lambda world, _: world.region,
    ("customers", "is_company"): lambda _world, number: number % 2 == 0,
    ("products", "kind"): lambda _world, _: "storable",
    ("product_categories", "parent_category_id"): lambda _world, _: None,
    ("sales_orders", "status"): lambda _world, number: ("confirmed", "confirmed", "done")[number % 3],
    ("purchase_orders", "status"): lambda _world, number: ("confirmed", "confirmed", "done")[number % 3],
    ("sales_order_lines", "delivered_quantity"): lambda _world, _: 1,
    ("purchase_order_lines", "received_quantity"): lambda _world, _: 1,
    ("work_orders", "produced_quantity"): lambda _world, _: 1,
    ("stock_moves", "kind"): lambda _world, _: "delivery",
    ("stock_moves", "status"): lambda _world, _: "done",
    ("work_orders", "status"): lambda _world, _: "confirmed",
    ("invoices", "status"): lambda _world, _: "posted",
    ("targets", "metric"): lambda _world, number: TARGETED[number % len(TARGETED)],
    ("targets", "region"): lambda world, _: world.region,
    ("sync_runs", "warnings"): lambda _world, _: None,
    ("sync_runs", "reasons"): lambda _world, _: None,
    ("sync_runs", "reconciliation"): lambda _world, _: None,
}


def canary(*words: object) -> str:
    """A text that tells where it comes from, and is found wherever it comes out."""
    return f"«{' '.join(map(str, words))}»"


def key(world: World, name: str, column: str, number: int) -> Any:
    """The key of a row."""
    chosen = CHOSEN.get((name, column)) if (name, column) == ("companies", "company_id") else None
    return chosen(world, number) if chosen else canary(world, name, number)


@cache
def whole_firm() -> Firm:
    """Every unified table with rows of every part."""
    return {name: table(name, *_rows(name)) for name in parents_first()}


@cache
def crossing_firm() -> Firm:
    """The whole firm, but every order draws on a site of the other region, and is shipped and made there.

    What is asked of a site counts for who sees the site; who asks does not come out.
    """
    tables = dict(whole_firm())
    for name, column in (("sales_orders", "site_id"), ("shipments", "site_id"), ("stock_moves", "from_site_id")):
        tables[name] = tables[name].with_columns(_elsewhere(column))
    return tables


def _elsewhere(column: str) -> pl.Expr:
    """The same site of the other region."""
    is_north = pl.col(column).str.contains("-north ", literal=True)
    south, north = (pl.col(column).str.replace(f"-{a} ", f"-{b} ") for a, b in (("north", "south"), ("south", "north")))
    return pl.when(is_north).then(south).otherwise(north).alias(column)


def _rows(name: str) -> Iterator[Row]:
    worlds = (COMMON,) if name in EVERYBODYS else WORLDS
    if name == "companies":
        worlds = tuple(world for world in WORLDS if world.region == "north")
    for world in worlds:
        for number in range(1 if name == "companies" else ROWS):
            columns = TABLES[name].columns().items()
            yield {column: _value(name, column, kind, world, number) for column, kind in columns}


def _value(name: str, column: str, kind: dy.Column, world: World, number: int) -> Any:
    if (name, column) in CHOSEN:
        return CHOSEN[name, column](world, number)
    if column in ("company_id", "source", "deleted_at"):
        return {"company_id": world.company, "source": "test", "deleted_at": None}[column]
    parent = marks(kind).get("references")
    if parent:
        return None if parent == name else _reference(world, parent, number)
    if column in TABLES[name].primary_key() and isinstance(kind, dy.String):
        return key(world, name, column, number)
    return _made(name, column, kind, world, number)


def _reference(world: World, parent: str, number: int) -> Any:
    return key(COMMON if parent in EVERYBODYS else world, parent, TABLES[parent].primary_key()[0], number)


def _made(name: str, column: str, kind: dy.Column, world: World, number: int) -> Any:
    """By the column's type; days of a row follow each other as its columns do, the last some days after ``DAY``."""
    if isinstance(kind, dy.Enum):
        return str(kind.categories[number % len(kind.categories)])
    if isinstance(kind, dy.String):
        code = marks(kind).get("unit")
        return {"ISO 4217": "EUR", "ISO 3166": "DE"}.get(code or "", canary(world, name, column, number))
    if isinstance(kind, dy.Bool):
        return True
    if isinstance(kind, dy.Date | dy.Datetime):
        on = _day(name, column, number)
        return on if isinstance(kind, dy.Date) else datetime.combine(on, time(9), tzinfo=UTC)
    return _number(kind, number + len(column) % 7)


def _day(name: str, column: str, number: int) -> date:
    dated = [column for column, kind in TABLES[name].columns().items() if isinstance(kind, dy.Date | dy.Datetime)]
    return DAY + timedelta(days=2 * (dated.index(column) - len(dated)) + 4 - 40 * (number % 3))


def _number(kind: dy.Column, number: int) -> Any:
    if isinstance(kind, dy.Decimal):
        highest = kind.max if kind.max is not None else 100
        return Decimal(number % 8) / 8 if highest <= 1 else Decimal(number + 2)
    return float(number + 1) if isinstance(kind, dy.Float64) else number + 1


# What a viewer may not see


class Stored:
    """The tables of a firm, as a database would give them."""

    def __init__(self, tables: Firm) -> None:
        self._tables = tables

    def read(self, name: str) -> pl.DataFrame:
        """The rows of a table."""
        return self._tables[name]


def with_regions(tables: Firm) -> Firm:
    """The tables with the region that rights cut by, as a refresh publishes them."""
    read = Tables(Stored(tables))  # type: ignore[arg-type]
    return {name: read.frame(name) for name in tables}


def is_hidden(rows: pl.DataFrame, viewer: Viewer) -> pl.Series:
    """For each row of a table, whether the viewer may not see it."""
    others = [
        company != SHARED and viewer.companies != ALL and company not in viewer.companies
        for company in rows["company_id"]
    ]
    elsewhere = [False] * rows.height
    if "region" in rows.columns and viewer.regions != ALL:
        elsewhere = [region not in viewer.regions for region in rows["region"]]
    return pl.Series([one or other for one, other in zip(others, elsewhere, strict=True)], dtype=pl.Boolean)


def masked(name: str, viewer: Viewer) -> list[str]:
    """The columns of a table that the viewer may not see."""
    return [column for column, capability in needs(TABLES[name]).items() if not viewer.may(capability)]


def without_the_hidden(tables: Firm, viewer: Viewer) -> Firm:
    """The firm with what the viewer may not see taken away, where it is a row, and changed, where it is a value."""
    regional = with_regions(tables)
    if viewer.customers != ALL:
        regional = strangers.without(regional, viewer.customers, _changed)
    return {name: _without(name, rows, viewer) for name, rows in regional.items()}


def _without(name: str, rows: pl.DataFrame, viewer: Viewer) -> pl.DataFrame:
    seen = rows.filter(~is_hidden(rows, viewer))
    changed = seen.with_columns(_changed(pl.col(column), seen.schema[column]) for column in masked(name, viewer))
    if name == "customers" and not viewer.may("personal_data"):
        told = [_changed(pl.col(column), pl.String()) for column in ("name", "city", "tax_number")]
        person = ~pl.col("is_company")
        changed = changed.with_columns(pl.when(person).then(new).otherwise(new.meta.root_names()[0]) for new in told)
    return changed.select(column for column in rows.columns if column != "region" or "region" in TABLES[name].columns())


def _changed(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    return (column + canary("changed")) if dtype == pl.String else (column * 7 + 13).cast(dtype)


def hidden_texts(tables: Firm, viewer: Viewer) -> set[str]:
    """Every canary that stands only where the viewer may not look."""
    found: tuple[set[str], set[str]] = (set(), set())
    regional = with_regions(tables)
    for name, rows in regional.items():
        hidden = is_hidden(rows, viewer)
        if viewer.customers != ALL:
            hidden |= strangers.is_strange(regional, name, viewer.customers)
        values = strangers.shown_of(name, without_columns(name, rows, viewer))
        found[0].update(canaries(rows.filter(hidden)), canaries(rows) - canaries(values))
        found[1].update(canaries(values.filter(~hidden)))
    return found[0] - found[1]


def without_columns(name: str, rows: pl.DataFrame, viewer: Viewer) -> pl.DataFrame:
    """The rows, empty where a column or the name of a person may not be seen."""
    columns = masked(name, viewer)
    seen = rows.with_columns(pl.lit(None, dtype=rows.schema[column]).alias(column) for column in columns)
    if name == "customers" and not viewer.may("personal_data"):
        told = ("name", "city", "tax_number")
        return seen.with_columns(pl.when("is_company").then(column).alias(column) for column in told)
    return seen


def canaries(found: object) -> set[str]:
    """Every canary in an answer, however deep: in frames, lists, structs, sentences, marked as plain text or not."""
    return set(CANARY.findall(told(found).replace("\\", "")))


def told(found: object) -> str:
    """All that an answer says."""
    if isinstance(found, pl.DataFrame):
        return repr(found.to_dicts())
    if isinstance(found, Mapping):
        return " ".join(f"{name} {told(value)}" for name, value in found.items())
    if isinstance(found, tuple | list | set | frozenset):
        return " ".join(told(value) for value in found)
    if is_dataclass(found) and not isinstance(found, type):
        return told({field.name: getattr(found, field.name) for field in fields(found)})
    return repr(found)


def found_in(sent: bytes) -> set[str]:
    """Every canary in what went to a browser."""
    return canaries(sent.decode(errors="replace"))


def company_names() -> set[str]:
    """The names of the companies: the owner, who looks through others' eyes, chooses among them all."""
    return set(whole_firm()["companies"]["name"])


def published(tables: Firm) -> Snapshot:
    """The firm as a refresh would publish it, always at the same instant."""
    parts = [(f"tables/{name}", rows) for name, rows in with_regions(tables).items() if name not in NOT_SHOWN]
    regional = dict(parts)
    given = {name: regional[f"tables/{name}"] for name in tables if name not in NOT_SHOWN}
    made = [(f"aggregates/{name}", rows) for name, rows in summed(given).items()]
    files = [Part(name, "", frame.clone) for name, frame in parts + made]
    return publish(firm_home().made(), files, at=MADE_AT, facts={}, continues=lambda _earlier: False)


@cache
def metrics() -> tuple[str, ...]:
    """The names of all numbers."""
    return tuple(METRICS)
