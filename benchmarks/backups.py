"""How long a backup and its restore take, and whether anything differs: ``python -m benchmarks.backups HOME``.

HOME is a firm of ``benchmarks.scale``, which has a snapshot and no database: it is given one first (SQLite), with its
tables and ten million order lines. Every row of every table is compared afterwards, and every file but the database
byte by byte. Ends with 1 where any differs.
"""

import argparse
import hashlib
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from analytics.tables import TABLES, ordered_columns, parents_first
from benchmarks.publishing import scanned
from benchmarks.scale import peak_memory
from data_access import backups
from data_access.ddl import METADATA
from data_access.home import Home
from data_access.snapshot import current
from data_access.store import Store

AIM_MINUTES = 10
LINES = 10_000_000
MADE = """
    WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {lines})
    INSERT INTO sales_order_lines (company_id, source, source_id, load_id, sales_order_line_id, sales_order_id,
        line_number, product_id, quantity, unit_price, amount_untaxed, currency, promised_on)
    SELECT 'c' || n % 5, 'erp', n, 1, 'erp:' || n, 'erp:S' || n / 4, n % 4, 'erp:P' || n % 2000, n % 17 + 1, '9.99',
        (n % 17 + 1) * 9.99, 'EUR', date('2023-01-01', '+' || n / 9200 || ' days')
    FROM number"""


def filled(home: Home) -> None:
    """A database with the tables of the snapshot and ten million order lines."""
    store, version = Store(home.database_url), current(home)
    store.migrate()
    with store.load() as load:
        for name in parents_first():
            if version.has(f"tables/{name}"):
                load.append(name, scanned(version, f"tables/{name}").select(ordered_columns(TABLES[name])).collect())
    with store.engine.begin() as connection:
        connection.exec_driver_sql(MADE.format(lines=LINES))
    store.close()


def content(url: str) -> dict[str, str]:
    """From each table to a sum of all its rows, in the order of their keys."""
    store = Store(url)
    with store.engine.connect() as connection:
        made = {name: _sum(connection, table) for name, table in METADATA.tables.items()}
    store.close()
    return made


def _sum(connection: sa.Connection, table: sa.Table) -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    key = [column.name for column in table.primary_key] or [column.name for column in table.columns]
    order = ", ".join(f'"{name}"' for name in key)
    digest, many = hashlib.blake2b(digest_size=16), 0
    found = connection.execution_options(yield_per=50_000).exec_driver_sql(
        f"SELECT {columns} FROM {table.name} ORDER BY {order}"
    )
    for part in found.partitions():
        digest.update(repr(part).encode())
        many += len(part)
    return f"{many} rows {digest.hexdigest()}"


def files(home: Home) -> dict[str, str]:
    """From each file but databases, locks and what runs to its SHA-256."""
    kept = [path for path in home.folder.rglob("*") if path.is_file() and ".db" not in path.name]
    named = {path.relative_to(home.folder).as_posix(): path for path in kept if path.suffix != ".lock"}
    return {name: _sha256(path) for name, path in named.items() if not name.startswith("work/")}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def timed(name: str, work: Callable[[], object]) -> float:
    """Does it, and prints how long it took; the minutes by the clock."""
    clock, spent = time.monotonic(), time.process_time()
    work()
    minutes = (time.monotonic() - clock) / 60
    print(f"{name:10}{minutes:8.1f} min{time.process_time() - spent:10.1f} CPU s", flush=True)
    return minutes


def main() -> None:
    """Prints the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("home", type=Path)
    home = Home(asked.parse_args().home.absolute())
    with tempfile.TemporaryDirectory(dir=home.folder.parent) as place:
        out, again = Path(place) / "backup.zip", Home(Path(place) / "home")
        if not _has_tables(home):
            timed("filling", lambda: filled(home))
        minutes = timed("backup", lambda: backups.write(home, out, at=datetime.now(UTC)))
        before = content(home.database_url), files(home)
        minutes += timed("restore", lambda: backups.restore(again, out))
        after = content(again.database_url), files(again)
        size = out.stat().st_size / 1e6
    differing = [name for one, other in zip(before, after, strict=True) for name in one if one[name] != other.get(name)]
    rows = sum(int(found.partition(" ")[0]) for found in before[0].values())
    print(f"{rows:,} rows, {len(before[1]):,} files, {size:,.0f} MB; at most {peak_memory():.2f} GB")
    print(f"{len(differing)} differences {differing[:3]}; both together {minutes:.1f} min (aim: {AIM_MINUTES})")
    sys.exit(bool(differing))


def _has_tables(home: Home) -> bool:
    store = Store(home.database_url)
    store.migrate()
    with store.load() as load:
        found = load.number("SELECT COUNT(*) FROM products")
    store.close()
    return found > 0


if __name__ == "__main__":
    main()
