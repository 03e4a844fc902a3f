"""The unified tables in a database: one transaction a load, idempotent by key, earlier states kept beside the current
ones.

SQLAlchemy for schema and small work; COPY (PostgreSQL) or one prepared statement (SQLite) for bulk.
"""

import contextlib
import functools
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import dataframely as dy
import polars as pl
import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.util import CommandError

from analytics.tables import TABLES, Record, ordered_columns, references, table_name
from data_access import storable
from data_access.ddl import HISTORY, WITHOUT_HISTORY
from data_access.own_database import StoreUnavailable, engine_for

MIGRATIONS = Path(__file__).parent / "migrations"
FROZEN = {"first_promised_on": "promised_on", "first_due_on": "due_on"}
UNCOMPARED = {"load_id"}
BLOCK_BYTES = 64_000_000
AWAY = (sqlite3.OperationalError, psycopg.OperationalError, psycopg.errors.InsufficientPrivilege)


@dataclass(frozen=True)
class Change:
    """How many rows of a table a load brought anew, changed, or found gone."""

    new: int
    changed: int


@functools.cache
def newest_revision() -> str:
    """The newest schema: scripts are named by the revision that they lead to, and to read them takes longer."""
    return max(script.stem for script in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def alembic_config(connection: sa.Connection) -> Config:
    """How alembic finds the scripts and this transaction."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


class Store:
    """The database that holds one firm's unified tables."""

    def __init__(self, url: str) -> None:
        self.engine = engine_for(url)

    def migrate(self) -> None:
        """Brings the database to the newest schema; nothing to do when it is there already."""
        try:
            with explaining(), self.engine.begin() as connection:
                if MigrationContext.configure(connection).get_current_revision() != newest_revision():
                    command.upgrade(alembic_config(connection), "head")
        except CommandError:
            raise StoreUnavailable(
                "The database of the unified tables was made by a newer Tandem: update this one, or name another."
            ) from None

    @contextlib.contextmanager
    def load(self) -> Iterator["Load"]:
        """One transaction: all of a load becomes visible together, or nothing does."""
        with explaining(), self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(742306)")
                connection.exec_driver_sql("SET LOCAL TimeZone = 'UTC'")
            yield Load(connection)

    def compact(self, tables: Iterable[str]) -> None:
        """Writes the database anew, so that no byte of what was taken out of these tables is left in its files; the
        server's own logs and backups of a PostgreSQL are its administrator's."""
        is_sqlite = self.engine.dialect.name == "sqlite"
        whole = ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"]
        each = [f"VACUUM FULL {name}" for table in tables for name in _states(table)]
        with explaining(), contextlib.closing(self.engine.raw_connection()) as connection:
            if not is_sqlite:
                connection.driver_connection.autocommit = True  # type: ignore[union-attr]
            with contextlib.closing(connection.cursor()) as cursor:
                for statement in whole if is_sqlite else each:
                    cursor.execute(statement)
            if not is_sqlite:
                connection.driver_connection.autocommit = False  # type: ignore[union-attr]

    def close(self) -> None:
        """Gives the connections back."""
        self.engine.dispose()


@contextlib.contextmanager
def explaining() -> Iterator[None]:
    """Turns a database that is away, full, locked, forbidden or damaged into a sentence; our own faults pass."""
    try:
        yield
    except (sa.exc.DatabaseError, sqlite3.DatabaseError, psycopg.Error) as error:
        cause = getattr(error, "orig", None) or error
        if not isinstance(cause, AWAY) and type(cause) is not sqlite3.DatabaseError:
            raise
        told = str(cause).strip().splitlines()[0].rstrip(".")
        raise StoreUnavailable(
            f"The database of the unified tables cannot be used: {told}. The next refresh tries it again."
        ) from None


class Load:
    """The tables within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._is_sqlite = connection.dialect.name == "sqlite"

    def read(
        self, table: str, columns: Sequence[str] | None = None, *, where: str = "", **parameters: object
    ) -> pl.DataFrame:
        """The table's rows, typed by its schema; ``where`` is SQL over its columns with named parameters."""
        chosen = tuple(columns or ordered_columns(TABLES[table]))
        selected = _as_text(TABLES[table], chosen) if self._is_sqlite else _listed(chosen)
        sql = f"SELECT {selected} FROM {table}" + (f" WHERE {where}" if where else "")
        return self._typed(sql, chosen, parameters, TABLES[table])

    def _typed(
        self, sql: str, columns: tuple[str, ...], parameters: dict[str, object], schema: type[Record]
    ) -> pl.DataFrame:
        """The rows of a query as the schema types them. Text takes several times their room: there is never more of it
        than a block."""
        return pl.concat(storable.from_text(texts, schema) for texts in self._texts(sql, columns, parameters))

    def _texts(self, sql: str, columns: tuple[str, ...], parameters: dict[str, object]) -> Iterator[pl.DataFrame]:
        """The rows of a query as text, one block after the other, at least one."""
        if self._is_sqlite:
            with self._cursor() as cursor:
                rows = cursor.execute(sql, parameters).fetchall()
            yield pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
            return
        bound = (
            str(sa.text(sql).bindparams(**parameters).compile(self._connection, compile_kwargs={"literal_binds": True}))
            if parameters
            else sql
        )
        with self._cursor() as cursor, cursor.copy(f"COPY ({bound}) TO STDOUT (FORMAT csv, HEADER)") as copy:
            for block in _blocks(copy):
                yield storable.from_copy(block, columns)

    @contextlib.contextmanager
    def _cursor(self):  # type: ignore[no-untyped-def]
        cursor = self._connection.connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def keys(self, table: str) -> pl.Series:
        """The keys of a table's rows."""
        key = TABLES[table].primary_key()[0]
        return self.read(table, (key,)).get_column(key)

    def _stage(self, table: str, frame: pl.DataFrame) -> str:
        staged = f"incoming_{table}"
        self._connection.exec_driver_sql(f"DROP TABLE IF EXISTS {staged}")
        if self._is_sqlite:
            self._connection.exec_driver_sql(f"CREATE TEMP TABLE {staged} AS SELECT * FROM {table} WHERE 0")
        else:
            self._connection.exec_driver_sql(f"CREATE TEMP TABLE {staged} (LIKE {table}) ON COMMIT DROP")
        self._fill(staged, storable.conform(frame, TABLES[table]))
        self._connection.exec_driver_sql(
            f"CREATE INDEX IF NOT EXISTS ix_{staged} ON {staged} ({_listed(TABLES[table].primary_key())})"
        )
        if not self._is_sqlite:
            self._connection.exec_driver_sql(f"ANALYZE {staged}")
        return staged

    def _fill(self, table: str, frame: pl.DataFrame) -> None:
        if frame.is_empty():
            return
        if self._is_sqlite:
            marks = ", ".join("?" * frame.width)
            with self._cursor() as cursor:
                cursor.executemany(
                    f"INSERT INTO {table} ({_listed(frame.columns)}) VALUES ({marks})",
                    storable.to_sqlite(frame).iter_rows(),
                )
            return
        with (
            self._cursor() as cursor,
            cursor.copy(f"COPY {table} ({_listed(frame.columns)}) FROM STDIN (FORMAT csv)") as copy,
        ):
            copy.write(storable.to_copy(frame))

    def upsert(self, table: str, frame: pl.DataFrame, *, load_id: int, at: datetime) -> Change:
        """Rows by key: new ones are added; changed ones replace the current state, which goes to the history; equal
        ones are left as they are.

        A first promise that is known is never changed, not even by a record that was gone and comes back; one that is
        null is learned when a promise appears where there never was one.
        """
        schema = TABLES[table]
        staged = self._stage(table, frame.with_columns(load_id=pl.lit(load_id, pl.Int64)))
        self._recall_first_promises(schema, staged)
        same = " AND ".join(f"c.{_q(key)} = i.{_q(key)}" for key in schema.primary_key())
        differs = self._differs(schema)
        self._keep_history(
            table, f"EXISTS (SELECT 1 FROM {staged} i WHERE {same} AND ({differs}))", load_id=load_id, at=at
        )
        changed = (
            self._count(f"UPDATE {table} AS c SET {_assignments(schema)} FROM {staged} i WHERE {same} AND ({differs})")
            if differs
            else 0
        )
        columns = _listed(ordered_columns(schema))
        new = self._count(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {staged} i WHERE NOT EXISTS (SELECT 1 FROM {table}"
            f" c WHERE {same})"
        )
        self._connection.exec_driver_sql(f"DROP TABLE {staged}")
        return Change(new, changed)

    def _recall_first_promises(self, schema: type[Record], staged: str) -> None:
        key = _q(schema.primary_key()[0])
        for first in _frozen(schema):
            earlier = f"FROM {table_name(schema)}{HISTORY} h WHERE h.{key} = i.{key} AND h.{_q(first)} IS NOT NULL"
            self._connection.exec_driver_sql(
                f"UPDATE {staged} AS i SET {_q(first)} = (SELECT h.{_q(first)} {earlier} ORDER BY h.replaced_by_load"
                f" LIMIT 1) WHERE EXISTS (SELECT 1 {earlier})"
            )

    def gone_keys(self, table: str) -> pl.Series:
        """The keys of records that the table once held and no longer does."""
        key = TABLES[table].primary_key()[0]
        living = f"NOT EXISTS (SELECT 1 FROM {table} c WHERE c.{_q(key)} = h.{_q(key)})"
        sql = f"SELECT DISTINCT {_q(key)} FROM {table}{HISTORY} h WHERE {living}"
        return pl.concat(self._texts(sql, (key,), {})).get_column(key)

    def _differs(self, schema: type[Record]) -> str:
        unlike = "IS NOT" if self._is_sqlite else "IS DISTINCT FROM"
        compared = [
            name for name in ordered_columns(schema) if name not in UNCOMPARED and name not in schema.primary_key()
        ]
        return " OR ".join(f"c.{_q(name)} {unlike} {_incoming(schema, name)}" for name in compared)

    def _count(self, sql: str, **parameters: object) -> int:
        return self._connection.execute(sa.text(sql), parameters).rowcount

    def _keep_history(self, table: str, where: str, *, load_id: int, at: datetime, **parameters: object) -> None:
        if table in WITHOUT_HISTORY:
            return
        columns = _listed(ordered_columns(TABLES[table]))
        instant = at.strftime(storable.SQLITE_INSTANT.replace("%.6f", ".%f"))
        stamp = ":at" if self._is_sqlite else "CAST(:at AS TIMESTAMPTZ)"
        sql = (
            f"INSERT INTO {table}{HISTORY} ({columns}, replaced_at, replaced_by_load) SELECT {columns}, {stamp}, :load"
            f" FROM {table} AS c WHERE {where}"
        )
        self._connection.execute(sa.text(sql), {"at": instant, "load": load_id, **parameters})

    def remove_gone(
        self,
        table: str,
        *,
        source: str,
        held: pl.Series,
        load_id: int,
        at: datetime,
        within: tuple[str, pl.Series] | None = None,
    ) -> int:
        """Takes away the source's rows whose ``source_id`` it no longer holds; a row that others refer to stays,
        marked deleted and inactive.

        ``within`` limits that to rows whose column has one of the given values. Returns how many were found gone.
        """
        columns = (*TABLES[table].primary_key(), "source_id", "deleted_at", *((within[0],) if within else ()))
        stored = self.read(table, tuple(dict.fromkeys(columns)), where="source = :source", source=source).filter(
            pl.col("deleted_at").is_null()
        )
        gone = stored.filter(~pl.col("source_id").is_in(held.implode()))
        if within:
            gone = gone.filter(pl.col(within[0]).is_in(within[1].implode()))
        return (
            self._remove(table, gone.select(TABLES[table].primary_key()), load_id=load_id, at=at) if gone.height else 0
        )

    def remove(self, table: str, keys: pl.DataFrame, *, load_id: int, at: datetime) -> int:
        """Takes away the rows with these keys, as ``remove_gone`` does."""
        return self._remove(table, keys, load_id=load_id, at=at) if keys.height else 0

    def _remove(self, table: str, keys: pl.DataFrame, *, load_id: int, at: datetime) -> int:
        key = TABLES[table].primary_key()
        self._connection.exec_driver_sql("DROP TABLE IF EXISTS gone")
        temporary = (
            "CREATE TEMP TABLE gone AS SELECT {} FROM {} WHERE 1 = 0"
            if self._is_sqlite
            else "CREATE TEMP TABLE gone ON COMMIT DROP AS SELECT {} FROM {} WHERE false"
        )
        self._connection.exec_driver_sql(temporary.format(_listed(key), table))
        self._fill("gone", keys.select(key))
        is_gone = f"EXISTS (SELECT 1 FROM gone g WHERE {' AND '.join(f'g.{_q(k)} = c.{_q(k)}' for k in key)})"
        self._keep_history(table, is_gone, load_id=load_id, at=at)
        referred = self._referred(table)
        self._count(f"DELETE FROM {table} AS c WHERE {is_gone}" + (f" AND NOT ({referred})" if referred else ""))
        self._mark_deleted(table, is_gone, load_id=load_id, at=at)
        return keys.height

    def _referred(self, table: str) -> str:
        key = TABLES[table].primary_key()[0]
        uses = [
            (child, column)
            for child, schema in TABLES.items()
            for column, parent in references(schema).items()
            if parent == table
        ]
        return " OR ".join(
            f"EXISTS (SELECT 1 FROM {child} r WHERE r.{_q(column)} ="
            f" c.{_q(key)}{' AND r.' + _q(key) + ' <> c.' + _q(key) if child == table else ''})"
            for child, column in uses
        )

    def _mark_deleted(self, table: str, is_gone: str, *, load_id: int, at: datetime) -> None:
        inactive = ", is_active = :no" if "is_active" in TABLES[table].column_names() else ""
        instant = at.strftime(storable.SQLITE_INSTANT.replace("%.6f", ".%f"))
        stamp = ":at" if self._is_sqlite else "CAST(:at AS TIMESTAMPTZ)"
        sql = f"UPDATE {table} AS c SET deleted_at = {stamp}, load_id = :load{inactive} WHERE {is_gone}"
        self._connection.execute(sa.text(sql), {"at": instant, "load": load_id} | ({"no": False} if inactive else {}))

    def append(self, table: str, frame: pl.DataFrame) -> None:
        """Adds rows that are known to be new."""
        self._fill(table, storable.conform(frame, TABLES[table]))

    def number(self, sql: str, **parameters: object) -> int:
        """The one number that a query gives; null counts as zero."""
        return int(self._connection.execute(sa.text(sql), parameters).scalar() or 0)

    def with_history(self, table: str, columns: Sequence[str]) -> pl.DataFrame:
        """These columns of a table's rows and of all their earlier states, typed by its schema."""
        rows = self.read(table, columns)
        if table in WITHOUT_HISTORY:
            return rows
        selected = _as_text(TABLES[table], columns) if self._is_sqlite else _listed(columns)
        earlier = self._typed(f"SELECT {selected} FROM {table}{HISTORY}", tuple(columns), {}, TABLES[table])
        return pl.concat([rows, earlier]).unique()

    def empty(self, table: str, keys: Collection[str], instead: Mapping[str, str | None]) -> int:
        """Puts other texts into columns of the rows with these keys, and of all their earlier states, without keeping
        what was there; how many rows that were."""
        key = TABLES[table].primary_key()[0]
        self._connection.exec_driver_sql("DROP TABLE IF EXISTS meant")
        self._connection.exec_driver_sql(f"CREATE TEMP TABLE meant AS SELECT {_q(key)} FROM {table} WHERE 1 = 0")
        self._fill("meant", pl.DataFrame({key: sorted(keys)}, schema={key: pl.String}))
        told = ", ".join(f"{_q(name)} = :{name}" for name in instead)
        where = f"{_q(key)} IN (SELECT {_q(key)} FROM meant)"
        return sum(self._count(f"UPDATE {name} SET {told} WHERE {where}", **instead) for name in _states(table))

    def replace(self, table: str, columns: Sequence[str], words: Iterable[str], instead: Callable[[str], str]) -> int:
        """Puts another text in the place of each in which one of the words stands, written as given or in small or
        capital letters, in columns of the table and of all earlier states; how many values that were."""
        spelled = sorted({spelling for word in words for spelling in (word, word.lower(), word.upper())})
        return sum(
            self._replaced(name, column, spelled, instead) for name in _states(table) for column in columns if spelled
        )

    def _replaced(self, name: str, column: str, words: Sequence[str], instead: Callable[[str], str]) -> int:
        row, same = ("rowid", "rowid = :row") if self._is_sqlite else ("CAST(ctid AS text)", "ctid = CAST(:row AS tid)")
        holds = "INSTR({}, :word) > 0" if self._is_sqlite else "STRPOS({}, :word) > 0"
        asked = sa.text(f"SELECT {row}, {_q(column)} FROM {name} WHERE {holds.format(_q(column))}")
        hits = {place: told for word in words for place, told in self._connection.execute(asked, {"word": word})}
        other = [{"row": row, "told": instead(told)} for row, told in hits.items() if instead(told) != told]
        if other:
            self._connection.execute(sa.text(f"UPDATE {name} SET {_q(column)} = :told WHERE {same}"), other)
        return len(other)

    def marks(self, table: str) -> tuple[int, int, int]:
        """Three numbers that change whenever the table does: its rows, its latest load and the sum of its rows'
        loads."""
        row = self._connection.execute(
            sa.text(f"SELECT COUNT(*), COALESCE(MAX(load_id), 0), COALESCE(SUM(load_id), 0) FROM {table}")
        ).one()
        return int(row[0]), int(row[1]), int(row[2])

    def broken_references(self) -> list[str]:
        """SQLite only, which does not hold references by itself: tables and parents whose rows do not fit.

        PostgreSQL holds them at commit.
        """
        if not self._is_sqlite:
            return []
        return sorted({f"{row[0]} -> {row[2]}" for row in self._connection.exec_driver_sql("PRAGMA foreign_key_check")})


def _blocks(copy: Iterable[bytes | bytearray | memoryview]) -> Iterator[bytes]:
    """Whole rows of a COPY, so many bytes of them at a time, its header before each block: a server tells one row after
    the other."""
    told = iter(copy)
    header = bytes(next(told))
    held, size = [header], 0
    for row in told:
        if size >= BLOCK_BYTES:
            yield b"".join(held)
            held, size = [header], 0
        held.append(bytes(row))
        size += len(row)
    yield b"".join(held)


def _states(table: str) -> tuple[str, ...]:
    """The tables that hold the states of a table's rows: the current ones, and the earlier ones where they are kept."""
    return (table,) if table in WITHOUT_HISTORY else (table, f"{table}{HISTORY}")


def _q(name: str) -> str:
    return f'"{name}"'


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(_q(name) for name in columns)


def _as_text(schema: type[Record], columns: Sequence[str]) -> str:
    """SQLite's own text of a float has 15 digits; 17 are needed to come back equal."""
    floats = {name for name, column in schema.columns().items() if isinstance(column, dy.Float64)}
    exact = "CASE WHEN {0} IS NOT NULL THEN printf('%!.17g', {0}) END"
    return ", ".join((exact if name in floats else "CAST({0} AS TEXT)").format(_q(name)) for name in columns)


def _incoming(schema: type[Record], name: str) -> str:
    if name not in _frozen(schema):
        return f"i.{_q(name)}"
    key, promised = _q(schema.primary_key()[0]), _q(FROZEN[name])
    earlier = f"SELECT 1 FROM {table_name(schema)}{HISTORY} h WHERE h.{key} = c.{key} AND h.{promised} IS NOT NULL"
    never = f"c.{promised} IS NULL AND NOT EXISTS ({earlier})"
    return f"COALESCE(c.{_q(name)}, i.{_q(name)}, CASE WHEN {never} THEN i.{promised} END)"


def _frozen(schema: type[Record]) -> list[str]:
    names = schema.column_names()
    return [first for first, now in FROZEN.items() if first in names and now in names]


def _assignments(schema: type[Record]) -> str:
    return ", ".join(
        f"{_q(name)} = {_incoming(schema, name)}"
        for name in ordered_columns(schema)
        if name not in schema.primary_key()
    )


__all__ = [
    "Change",
    "Load",
    "Store",
    "alembic_config",
    "explaining",
    "newest_revision",
]
