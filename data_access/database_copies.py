"""Copies of the databases of a home, each as it stood at one moment while others go on writing, and back from them.

A SQLite is copied by its own online backup, whole. Of a PostgreSQL every table of ours is a CSV file, all read in one
transaction.
"""

import contextlib
import csv
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.migration import MigrationContext
from psycopg import sql

from data_access.ddl import METADATA
from data_access.own_database import StoreUnavailable, engine_for
from data_access.store import alembic_config, explaining

CHUNK = 2**20


def copied_sqlite(path: Path, copy: Path) -> None:
    """The database as it is just now, in a new file; ``StoreUnavailable`` where SQLite finds it damaged."""
    with (
        explaining(),
        contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=30)) as source,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
        found = str(target.execute("PRAGMA quick_check(1)").fetchone()[0])
    if found != "ok":
        raise StoreUnavailable(f"The database {path.name} is damaged ({found}): nothing was kept.")


def revision_of(database: Path) -> str | None:
    """The schema of a copied SQLite, None where it has none of ours."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        try:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError:
            return None
    return str(found[0]) if found else None


def copied_postgres(url: str, folder: Path) -> str | None:
    """Each table of ours as ``folder/<table>.csv``; the revision of their schema, None where there are none yet."""
    with _connection(url) as connection:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        _speak_plainly(connection)
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision is None:
            return None
        for name in sorted(set(METADATA.tables) & set(sa.inspect(connection).get_table_names())):
            _write_table(connection, name, folder / f"{name}.csv")
    return revision


def fill_postgres(url: str, revision: str, files: Mapping[str, Path]) -> None:
    """Puts tables back, all or none, into a PostgreSQL that holds no row of ours; ``files`` are by name of table."""
    with _connection(url) as connection:
        _speak_plainly(connection)
        if MigrationContext.configure(connection).get_current_revision() not in (None, revision):
            raise StoreUnavailable("The database has tables of another Tandem: name an empty one.")
        command.upgrade(alembic_config(connection), revision)
        for name in files:
            if connection.execute(sa.select(sa.exists().select_from(METADATA.tables[name]))).scalar():
                raise StoreUnavailable(f"The database holds rows already (in {name}): name an empty one.")
        for name, path in files.items():
            _read_table(connection, name, path)


@contextlib.contextmanager
def _connection(url: str) -> Iterator[sa.Connection]:
    """One transaction, whose end leaves no connection behind."""
    engine = engine_for(url)
    try:
        with explaining(), engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _speak_plainly(connection: sa.Connection) -> None:
    """Instants and days as text that means the same on every server."""
    for setting in ("TimeZone = 'UTC'", "DateStyle = 'ISO, YMD'"):
        connection.exec_driver_sql(f"SET LOCAL {setting}")


def _write_table(connection: sa.Connection, name: str, path: Path) -> None:
    asked = sql.SQL("COPY {} TO STDOUT (FORMAT csv, HEADER)").format(sql.Identifier(name))
    with _cursor(connection) as cursor, cursor.copy(asked) as copy, path.open("wb") as file:
        for part in copy:
            file.write(part)


def _read_table(connection: sa.Connection, name: str, path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    told = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, HEADER)").format(
        sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with _cursor(connection) as cursor, cursor.copy(told) as copy, path.open("rb") as file:
        while part := file.read(CHUNK):
            copy.write(part)


@contextlib.contextmanager
def _cursor(connection: sa.Connection) -> Iterator[psycopg.Cursor[tuple[object, ...]]]:
    cursor: psycopg.Cursor[tuple[object, ...]] = connection.connection.cursor()  # type: ignore[assignment]
    try:
        yield cursor
    finally:
        cursor.close()
