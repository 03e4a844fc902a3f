"""Tables of somebody else's MariaDB or MySQL, copied into this process in one consistent read.

A transaction that cannot write takes what is asked for, as text, in one state of all tables; here it gets the types
of the server's own columns and answers the SQL of the mappings (see ``data_access.duck``). No message holds a password
or the words of a driver.
"""

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import polars as pl
import sqlalchemy as sa

from data_access.duck import NUMBER, Duck, opened
from data_access.mapping import SourceRefused
from data_access.postgresql import CONNECT_SECONDS, Address

ROWS_AT_ONCE = 50_000
ANSWER_SECONDS = 900
DRIVERS = ("mysql", "mariadb", "mysql+pymysql", "mariadb+pymysql")
WRITTEN = "as mysql://user:password@host:3306/database"
SESSION = (
    "set session transaction isolation level repeatable read",
    "set time_zone = '+00:00'",
    "start transaction with consistent snapshot, read only",
)
KINDS = {
    "tinyint": "BIGINT",
    "smallint": "BIGINT",
    "mediumint": "BIGINT",
    "int": "BIGINT",
    "bigint": "BIGINT",
    "decimal": NUMBER,
    "float": "DOUBLE",
    "double": "DOUBLE",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "timestamp": "TIMESTAMP",
    "time": "TIME",
}
DAYS = frozenset({"date", "datetime", "timestamp"})


@dataclass(frozen=True)
class Wanted:
    """A table to copy: its name at the server, and those of its columns that are read, as far as they are there."""

    table: str
    columns: tuple[str, ...]


@contextlib.contextmanager
def copied(url: str, wanted: Mapping[str, Wanted]) -> Iterator[Duck]:
    """Those tables of the database of a URL, by the names under which they are asked; one that lacks is not there."""
    address, server = _parsed(url)
    place = f"{address.database} at {address.server}"
    with _connected(address, server) as connection, _explained(address):
        for statement in SESSION:
            connection.exec_driver_sql(statement)
        moment = connection.exec_driver_sql("select utc_timestamp(6)").scalar_one()
        kinds = _kinds(connection, address.database)
        with opened(place, moment.replace(tzinfo=UTC)) as database:
            for name, table in wanted.items():
                _copy(connection, database, name, table, kinds.get(table.table, {}))
            yield database


def _parsed(url: str) -> tuple[Address, sa.URL]:
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        told = f"The address of the database cannot be understood: write it {WRITTEN}."
        raise SourceRefused("url", told) from None
    if parsed.drivername not in DRIVERS:
        raise SourceRefused("url", f"{parsed.drivername} is not the address of a MariaDB: write it {WRITTEN}.")
    if not parsed.database:
        raise SourceRefused("url", f"The address names no database: write it {WRITTEN}.")
    address = Address(parsed.host or "localhost", parsed.port or 3306, parsed.database, parsed.username or "(none)")
    return address, parsed.set(drivername="mysql+pymysql", query={"charset": "utf8mb4"})


@contextlib.contextmanager
def _connected(address: Address, server: sa.URL) -> Iterator[sa.Connection]:
    timeouts = {"connect_timeout": CONNECT_SECONDS, "read_timeout": ANSWER_SECONDS}
    engine = sa.create_engine(server, poolclass=sa.NullPool, connect_args=timeouts, isolation_level="AUTOCOMMIT")
    try:
        connection = engine.connect()
    except sa.exc.DBAPIError as error:
        raise address.refusal(*REFUSALS.get(_code(error), NO_ANSWER)) from None
    except RuntimeError:
        raise address.refusal(*UNKNOWN_LOGIN) from None
    with contextlib.closing(connection):
        yield connection


REFUSALS = {
    1045: ("login", "{server} refuses the user {user}: check user name and password."),
    1698: ("login", "{server} refuses the user {user}: check user name and password."),
    1049: ("no_database", "There is no database {database} at {server}: check its name."),
    1044: ("no_rights", "The user {user} may not use {database}: grant it the rights of the guide."),
    1142: ("no_rights", "The user {user} may not read a table of {database}: grant it the rights of the guide."),
    1143: ("no_rights", "The user {user} may not read a column of {database}: grant it the rights of the guide."),
    1130: ("not_allowed", "{server} does not let the user {user} in from here: allow this host."),
    1040: ("busy", "{server} takes no further connections: try again later."),
    1969: ("timeout", "{database} at {server} did not answer a query in time: try again when it is less busy."),
    3024: ("timeout", "{database} at {server} did not answer a query in time: try again when it is less busy."),
}
NO_ANSWER = ("unreachable", "No MariaDB answers at {server}: check host and port, and that it is running.")
UNKNOWN_LOGIN = (
    "login",
    "{server} asks the user {user} for a kind of login that is not known here: give it one by mysql_native_password.",
)
LOST = ("connection_lost", "The connection to {database} at {server} was lost: try again.")


def _code(error: sa.exc.DBAPIError) -> int:
    """The number that the server or the driver gives a failure; 0 where there is none."""
    told = error.orig.args if error.orig is not None else ()
    return told[0] if told and isinstance(told[0], int) else 0


@contextlib.contextmanager
def _explained(address: Address) -> Iterator[None]:
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise address.refusal(*REFUSALS.get(_code(error), LOST)) from None


def _kinds(connection: sa.Connection, schema: str) -> dict[str, dict[str, str]]:
    """From table and column to the server's name of its type, of all that may be read."""
    sql = "select table_name, column_name, data_type from information_schema.columns where table_schema = %s"
    kinds: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.exec_driver_sql(sql, (schema,)):
        kinds.setdefault(table, {})[column] = kind
    return kinds


def _copy(connection: sa.Connection, database: Duck, name: str, table: Wanted, kinds: Mapping[str, str]) -> None:
    present = [column for column in table.columns if column in kinds]
    if not present:
        return
    database.define(name, {column: KINDS.get(kinds[column], "VARCHAR") for column in present})
    listed = ", ".join(f"{_text(column, kinds[column])} as {_quoted(column)}" for column in present)
    asked = connection.execution_options(stream_results=True)
    rows = asked.exec_driver_sql(f"select {listed} from {_quoted(table.table)}".replace("%", "%%"))
    while block := rows.fetchmany(ROWS_AT_ONCE):
        database.hold(name, _frame(block, present))


def _frame(block: Sequence[sa.Row[Any]], columns: Sequence[str]) -> pl.DataFrame:
    schema = dict.fromkeys(columns, pl.String)
    return pl.DataFrame([tuple(row) for row in block], schema=schema, orient="row")


def _text(column: str, kind: str) -> str:
    """A value as text; MariaDB's day of zeros is none."""
    text = f"cast({_quoted(column)} as char)"
    return f"if({text} like '0000-00-00%', null, {text})" if kind in DAYS else text


def _quoted(name: str) -> str:
    return f"`{re.sub('`', '``', name)}`"
