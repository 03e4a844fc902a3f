"""Tables of somebody else's MariaDB or MySQL, copied into this process in one consistent read.

A transaction that cannot write takes what is asked for, as text, in one state of all tables; here it gets the types
of the server's own columns and answers the SQL of the mappings (see ``data_access.duck``). A value that its type cannot
be, as the 30th of February, is null and counted in a notice. No message holds a password or the words of a driver.
"""

import contextlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from ssl import SSLError
from typing import Any

import duckdb
import polars as pl
import sqlalchemy as sa

from data_access.duck import NO_ROOM, NUMBER, Duck, no_room, opened
from data_access.mapping import Notice, SourceRefused
from data_access.postgresql import CONNECT_SECONDS, Address, understood

ROWS_AT_ONCE = 50_000
ANSWER_SECONDS = 900
DRIVERS = ("mysql", "mariadb", "mysql+pymysql", "mariadb+pymysql")
WRITTEN = "as mysql://user:password@host:3306/database"
CHECKS_NAME = "ssl_check_hostname"
ENCRYPTION = ("ssl_ca", "ssl_capath", "ssl_cert", "ssl_key", "ssl_cipher", CHECKS_NAME)
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
TEXT = "VARCHAR"
WORDS = {"DATE": "date", "TIMESTAMP": "date with time", "TIME": "time of day"}


@dataclass(frozen=True)
class Wanted:
    """A table to copy: its name at the server, and those of its columns that are read, as far as they are there."""

    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Copy(Duck):
    """Tables as they were copied, and what a person should know of the values that could not be."""

    notices: list[Notice] = field(default_factory=list)


@contextlib.contextmanager
def copied(url: str, wanted: Mapping[str, Wanted]) -> Iterator[Copy]:
    """Those tables of the database of a URL, by the names under which they are asked; one that lacks is not there."""
    address, server = _parsed(url)
    place = f"{address.database} at {address.server}"
    with _connected(address, server) as connection, _explained(address):
        for statement in SESSION:
            connection.exec_driver_sql(statement)
        moment = connection.exec_driver_sql("select utc_timestamp(6)").scalar_one()
        kinds = _kinds(connection, address.database)
        with opened(place, moment.replace(tzinfo=UTC)) as empty:
            database = Copy(empty.place, empty.as_of, empty.connection, empty.columns)
            for name, table in wanted.items():
                _copy(connection, database, name, table, kinds.get(table.table, {}))
            yield database


def _parsed(url: str) -> tuple[Address, sa.URL]:
    parsed = understood(url, WRITTEN)
    if parsed.drivername not in DRIVERS:
        raise SourceRefused("url", f"{parsed.drivername} is not the address of a MariaDB: write it {WRITTEN}.")
    if not parsed.database:
        raise SourceRefused("url", f"The address names no database: write it {WRITTEN}.")
    address = Address(parsed.host or "localhost", parsed.port or 3306, parsed.database, parsed.username or "(none)")
    asked = _encryption(sa.make_url(url, keep_blank_values=True))
    return address, parsed.set(drivername="mysql+pymysql", query=asked | {"charset": "utf8mb4"})


def _encryption(url: sa.URL) -> dict[str, str]:
    """What an address asks of encryption. Refuses all other options but that of the characters, which are ours: what a
    reader of the address takes for encryption must not be lost."""
    asked = {name: value for name, value in url.query.items() if name != "charset"}
    known = {name: value for name, value in asked.items() if name in ENCRYPTION and isinstance(value, str) and value}
    if len(known) < len(asked) or known.get(CHECKS_NAME, "true") not in {"true", "false"}:
        told = f"The address has options that are not known here: encryption is asked for by {', '.join(ENCRYPTION)}."
        raise SourceRefused("url", told)
    return known


@contextlib.contextmanager
def _connected(address: Address, server: sa.URL) -> Iterator[sa.Connection]:
    timeouts = {"connect_timeout": CONNECT_SECONDS, "read_timeout": ANSWER_SECONDS}
    engine = sa.create_engine(server, poolclass=sa.NullPool, connect_args=timeouts, isolation_level="AUTOCOMMIT")
    try:
        connection = engine.connect()
    except sa.exc.DBAPIError as error:
        cause = getattr(error.orig, "original_exception", None)
        raise address.refusal(*(NO_TLS if isinstance(cause, SSLError) else _meaning(error, NO_ANSWER))) from None
    except OSError:
        raise address.refusal(*NO_TLS) from None
    except RuntimeError:
        raise address.refusal(*UNKNOWN_LOGIN) from None
    with contextlib.closing(connection):
        yield connection


NO_TLS = (
    "tls",
    "No encrypted connection to {server} can be made: check the server's encryption, and what the address says of it.",
)
REFUSALS = {
    2026: NO_TLS,
    3159: NO_TLS,
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


def _meaning(error: sa.exc.DBAPIError, otherwise: tuple[str, str]) -> tuple[str, str]:
    """Rule and sentence, by the number that the server or the driver gives a failure."""
    told = error.orig.args if error.orig is not None else ()
    return REFUSALS.get(told[0], otherwise) if told else otherwise


@contextlib.contextmanager
def _explained(address: Address) -> Iterator[None]:
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise address.refusal(*_meaning(error, LOST)) from None


def _kinds(connection: sa.Connection, schema: str) -> dict[str, dict[str, str]]:
    """From table and column to the server's name of its type, of all that may be read."""
    sql = "select table_name, column_name, data_type from information_schema.columns where table_schema = %s"
    kinds: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.exec_driver_sql(sql, (schema,)):
        kinds.setdefault(table, {})[column] = kind
    return kinds


def _copy(connection: sa.Connection, database: Copy, name: str, table: Wanted, kinds: Mapping[str, str]) -> None:
    present = [column for column in table.columns if column in kinds]
    if not present:
        return
    types = {column: KINDS.get(kinds[column], TEXT) for column in present}
    database.define(name, types)
    listed = ", ".join(f"{_text(column, kinds[column])} as {_quoted(column)}" for column in present)
    asked = connection.execution_options(stream_results=True)
    rows = asked.exec_driver_sql(f"select {listed} from {_quoted(table.table)}".replace("%", "%%"))
    told: Counter[str] = Counter()
    with _held(database, table):
        while block := rows.fetchmany(ROWS_AT_ONCE):
            texts = _frame(block, present)
            _take(database, name, texts, types)
            told.update({column: texts.get_column(column).count() for column in present})
        database.notices.extend(_impossible(database, name, table, types, told))


@contextlib.contextmanager
def _held(database: Copy, table: Wanted) -> Iterator[None]:
    try:
        yield
    except NO_ROOM:
        raise no_room(database.place) from None
    except duckdb.Error:
        sentence = f"{table.table} of {{place}} cannot be taken over: its values are not as expected."
        raise database.refusal("query", sentence) from None


def _take(database: Copy, name: str, texts: pl.DataFrame, types: Mapping[str, str]) -> None:
    """Takes texts as further rows of a table, null where they are no value of its types."""
    values = ", ".join(f'try_cast("{column}" as {kind}) as "{column}"' for column, kind in types.items())
    database.connection.register("texts", texts.to_arrow())
    database.connection.execute(f'insert into "{name}" by name select {values} from texts')
    database.connection.unregister("texts")


def _impossible(
    database: Copy, name: str, table: Wanted, types: Mapping[str, str], told: Mapping[str, int]
) -> Iterator[Notice]:
    """A notice of each column that holds fewer values than the server told."""
    counted = ", ".join(f'count("{column}")' for column in types)
    (held,) = database.connection.execute(f'select {counted} from "{name}"').fetchall()
    for (column, kind), count in zip(types.items(), held, strict=True):
        if lost := told[column] - count:
            what = f"{column} of {table.table} is no possible {WORDS.get(kind, 'number')} in {lost} of its rows"
            yield Notice("impossible_values", f"{what}: it is read as empty there. Correct it at the source.")


def _frame(block: Sequence[sa.Row[Any]], columns: Sequence[str]) -> pl.DataFrame:
    schema = dict.fromkeys(columns, pl.String)
    return pl.DataFrame([tuple(row) for row in block], schema=schema, orient="row")


def _text(column: str, kind: str) -> str:
    """A value as text; MariaDB's day of zeros is none."""
    text = f"cast({_quoted(column)} as char)"
    return f"if({text} like '0000-00-00%', null, {text})" if kind in DAYS else text


def _quoted(name: str) -> str:
    return f"`{re.sub('`', '``', name)}`"
