"""The states that one record had, read from the database beside any refresh: nothing is written, and nothing waits."""

import sqlite3
from pathlib import Path

import polars as pl
import sqlalchemy as sa

from analytics.tables import TABLES, ordered_columns
from data_access.ddl import HISTORY, WITHOUT_HISTORY
from data_access.home import Home
from data_access.own_database import engine_for

AWAY = (sqlite3.Error, sa.exc.SQLAlchemyError)
STAMPS = ("replaced_at", "replaced_by_load")
SQLITE = "sqlite:///"


def states(home: Home, table: str, key: str) -> pl.DataFrame:
    """One row per state of a record, the earliest first, as text as the database keeps it; ``replaced_at`` and
    ``replaced_by_load`` say when it gave way and to which load, and are null for the current one.

    None where the table keeps no history, or the database is away: a page goes without it.
    """
    schema = TABLES[table]
    columns = (*ordered_columns(schema), *STAMPS)
    nothing = pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    if table in WITHOUT_HISTORY:
        return nothing
    own = ", ".join(f'CAST("{name}" AS TEXT)' for name in ordered_columns(schema))
    of_key = f'WHERE "{schema.primary_key()[0]}" = :key'
    stamps = ", ".join(f"CAST({name} AS TEXT)" for name in STAMPS)
    earlier = f"SELECT {own}, {stamps} FROM {table}{HISTORY} {of_key} ORDER BY replaced_by_load"
    now = f"SELECT {own}, NULL, NULL FROM {table} {of_key}"
    rows = _rows(home.database_url, (earlier, now), key)
    return pl.DataFrame(rows, schema=nothing.schema, orient="row")


def _rows(url: str, queries: tuple[str, ...], key: str) -> list[tuple[str | None, ...]]:
    engine = _reading(url)
    try:
        with engine.connect() as connection:
            return [tuple(row) for sql in queries for row in connection.execute(sa.text(sql), {"key": key})]
    except AWAY:
        return []
    finally:
        engine.dispose()


def _reading(url: str) -> sa.Engine:
    """An engine that waits for no refresh; a file is opened for reading only."""
    if not url.startswith(SQLITE):
        return engine_for(url)
    address = f"{Path(url.removeprefix(SQLITE)).as_uri()}?mode=ro"
    return sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True))
