"""How fast data comes in: the way from a PostgreSQL of tables to a snapshot, against reading the same tables raw.

``python -m benchmarks.refresh [LINES]`` starts a PostgreSQL of its own, loads LINES order lines (default 200,000) as
files, and prints, in one run: CPU seconds and rows a second from files to snapshot; CPU seconds from the unified tables
to a new snapshot; and those of raw ADBC plus Parquet for the same tables, with the ratio of the two.

``--tables`` writes the lines, all but the last month's delivered, into the unified tables by SQL instead of loading
them, and measures snapshot and raw read in a process each, with the most memory that it held: for millions of lines.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import adbc_driver_postgresql.dbapi
import polars as pl
import psycopg

from benchmarks.scale import peak_memory
from data_access.home import Home
from data_access.sources import files
from data_access.store import Store
from refresh import publication
from refresh.run import Request, refresh
from tests import servers

LINES_AN_ORDER, PRODUCTS, CUSTOMERS = 5, 2_000, 5_000
TABLES = ("products", "customers", "sales_orders", "sales_order_lines")
DAYS, OPEN_DAYS = 700, 30
SIZES = {
    "products": PRODUCTS,
    "customers": CUSTOMERS,
    "each": LINES_AN_ORDER,
    "days": DAYS,
    "done": DAYS - OPEN_DAYS,
}
SNAPSHOT, RAW = "snapshot", "raw"
FILLED = """
insert into companies (company_id, name, currency, is_active, source, source_id, load_id)
values ('files:1', 'Firm', 'EUR', true, 'files', '1', 1);
insert into products (product_id, sku, name, kind, unit, cost, list_price, currency, is_active, company_id, source,
    source_id, load_id)
select 'files:P' || n, 'P' || n, 'Part ' || n, 'storable', 'pcs', 1.5, 2.75, 'EUR', true, 'files:1', 'files',
    'P' || n, 1
from generate_series(0, {products} - 1) n;
insert into customers (customer_id, number, name, country, region, is_active, company_id, source, source_id, load_id)
select 'files:C' || n, 'C' || n, 'Customer ' || n, 'DE', 'R' || n % 4, true, 'files:1', 'files', 'C' || n, 1
from generate_series(0, {customers} - 1) n;
insert into sales_orders (sales_order_id, number, customer_id, status, ordered_at, promised_on, currency, company_id,
    source, source_id, load_id)
select 'files:S' || n, 'S' || n, 'files:C' || n % {customers}, case when d > {done} then 'confirmed' else 'done' end,
    timestamptz '2024-01-01 00:00Z' + d * interval '1 day', date '2024-01-08' + d, 'EUR', 'files:1', 'files',
    'S' || n, 1
from (select n, n % {days} as d from generate_series(0, {lines} / {each} - 1) n) orders;
insert into sales_order_lines (sales_order_line_id, sales_order_id, line_number, product_id, quantity,
    delivered_quantity, source_quantity, unit_price, amount_untaxed, currency, company_id, source, source_id, load_id)
select 'files:L' || n, 'files:S' || n / {each}, n % {each}, 'files:P' || n % {products}, q,
    case when d > {done} then 0 else q end, q, 2.75, 2.75 * q, 'EUR', 'files:1', 'files', 'L' || n, 1
from (select n, n % 40 + 1 as q, n / {each} % {days} as d from generate_series(0, {lines} - 1) n) lines;
vacuum analyze
"""


@dataclass(frozen=True)
class Cost:
    """What one piece of work took."""

    cpu: float
    wall: float


def cost(work: Callable[[], object]) -> Cost:
    """CPU and wall seconds of this process for a piece of work."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return Cost(time.process_time() - cpu, time.perf_counter() - wall)


def firm(lines: int) -> dict[str, pl.DataFrame]:
    """A firm of nothing but orders, in the shorter form of the templates."""
    row, order = pl.int_range(lines), pl.int_range(lines // LINES_AN_ORDER)
    key = {"P": PRODUCTS, "C": CUSTOMERS}
    named = {letter: [f"{letter}{number}" for number in range(count)] for letter, count in key.items()}
    return {
        "products": pl.DataFrame(
            {"product_id": named["P"], "name": named["P"], "unit_cost": "1.5", "list_price": "2.75"}
        ),
        "customers": pl.DataFrame({"customer_id": named["C"], "name": named["C"], "country": "DE"}),
        "sales_orders": pl.select(
            order_id="S" + order.cast(pl.String),
            customer_id="C" + (order % CUSTOMERS).cast(pl.String),
            order_date=pl.date(2024, 1, 1) + pl.duration(days=order % 700),
            status=pl.lit("confirmed"),
            currency=pl.lit("EUR"),
        ),
        "sales_order_lines": pl.select(
            line_id="L" + row.cast(pl.String),
            order_id="S" + (row // LINES_AN_ORDER).cast(pl.String),
            product_id="P" + (row % PRODUCTS).cast(pl.String),
            qty=row % 40 + 1,
            unit_price=pl.lit("2.75"),
        ),
    }


def raw(url: str, folder: Path) -> None:
    """The same tables by ADBC and Parquet alone: no rights, no regions, no checks, no sums, no hashes."""
    with adbc_driver_postgresql.dbapi.connect(servers.driverless(url)) as connection, connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table}")
            pl.from_arrow(cursor.fetch_arrow_table()).write_parquet(folder / f"{table}.parquet")  # type: ignore[union-attr]


def published(url: str, home: Home) -> None:
    """A new snapshot of all tables, nothing linked from the one before."""
    store = Store(url)
    with store.load() as load:
        publication.publish_tables(home, load, step=lambda _step: None)
    store.close()


def run(lines: int) -> None:
    """Prints the figures."""
    with (
        tempfile.TemporaryDirectory() as place,
        servers.postgres() as server,
        servers.postgres_database(server, "tandem_benchmark") as url,
    ):
        measured(lines, Path(place), url)


def measured(lines: int, place: Path, url: str) -> None:
    """One run on an empty database."""
    delivery, rawly = place / "delivery", place / "raw"
    for folder in (delivery, rawly):
        folder.mkdir()
    tables = firm(lines)
    for name, table in tables.items():
        table.write_parquet(delivery / f"{name}.parquet")
    os.environ["TANDEM_DATABASE_URL"] = url
    loaded = Home(place / "home")
    rows = sum(table.height for table in tables.values())
    first = cost(lambda: refresh(loaded, Request(source="files", read=lambda _since: files.read(delivery))))
    again = cost(lambda: published(url, Home(place / "fresh").made()))
    alone = cost(lambda: raw(url, rawly))
    print(f"{datetime.now(UTC):%Y-%m-%d}  {rows:,} rows in {len(tables)} tables")
    print(f"files to snapshot      {first.cpu:6.1f} CPU s  {first.wall:6.1f} s  {rows / first.wall:12,.0f} rows/s")
    print(f"tables to snapshot     {again.cpu:6.1f} CPU s  {again.wall:6.1f} s  {rows / again.wall:12,.0f} rows/s")
    print(f"raw ADBC and Parquet   {alone.cpu:6.1f} CPU s  {alone.wall:6.1f} s  {rows / alone.wall:12,.0f} rows/s")
    print(f"tables to snapshot runs at {alone.wall / again.wall:.2f} of raw (aim: 0.25 or more)")


def fill(url: str, lines: int) -> None:
    """The same firm as rows of the unified tables."""
    store = Store(url)
    store.migrate()
    store.close()
    with psycopg.connect(servers.driverless(url), autocommit=True) as connection:
        for statement in FILLED.format(lines=lines, **SIZES).split(";"):
            connection.execute(statement.encode())


def of_tables(lines: int) -> None:
    """Both ways out of the unified tables, each in a process of its own."""
    with (
        tempfile.TemporaryDirectory() as place,
        servers.postgres() as server,
        servers.postgres_database(server, "tandem_benchmark") as url,
    ):
        fill(url, lines)
        for way in (RAW, SNAPSHOT):
            folder = Path(place) / way
            folder.mkdir()
            command = [sys.executable, "-m", "benchmarks.refresh", "--way", way, "--url", url, "--folder", str(folder)]
            subprocess.run(command, check=True)


def one_way(way: str, url: str, folder: Path) -> None:
    """Prints what one of the two took."""
    spent = cost(lambda: raw(url, folder) if way == RAW else published(url, Home(folder).made()))
    print(f"{way:10}{spent.cpu:8.1f} CPU s{spent.wall:8.1f} s, at most {peak_memory():.2f} GB", flush=True)


def main() -> None:
    """Prints the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("lines", nargs="?", type=int, default=200_000)
    asked.add_argument("--tables", action="store_true", help="only from the unified tables, without loading")
    asked.add_argument("--way", choices=(RAW, SNAPSHOT), help=argparse.SUPPRESS)
    asked.add_argument("--url", help=argparse.SUPPRESS)
    asked.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    told = asked.parse_args()
    if told.way:
        one_way(told.way, told.url, told.folder)
    elif told.tables:
        of_tables(told.lines)
    else:
        run(told.lines)


if __name__ == "__main__":
    main()
