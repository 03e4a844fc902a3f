"""Connections to somebody else's PostgreSQL: one read-only transaction, typed by the server, one sentence on failure.

Values keep every digit: numeric and double precision arrive as text, json as text, timestamps as they are, zoneless.
No message holds a password, an address with one, or the words of a driver.
"""

import contextlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import sqlalchemy as sa

from data_access.mapping import SourceRefused
from data_access.sockets import Line, opened_sockets

if TYPE_CHECKING:
    from adbc_driver_postgresql import dbapi

CONNECT_SECONDS = 10
STATEMENT_MINUTES = 15
# A server that goes on living and says nothing is left by ourselves: its own limit of a query never reaches us.
SILENT_SECONDS = STATEMENT_MINUTES * 60.0 + 60.0
# A server that is gone without a word is missed after a minute and a half, not after two hours.
ALIVE = {"keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "6"}
DRIVERS = ("postgresql", "postgresql+psycopg")
WRITTEN = "as postgresql+psycopg://user:password@host:5432/database"
SESSION = (
    "begin isolation level repeatable read read only",
    f"set local statement_timeout = '{STATEMENT_MINUTES}min'",
    "set local lock_timeout = '30s'",
    "set local timezone = 'UTC'",
    "set local work_mem = '128MB'",
    "set local jit = off",
)


@dataclass(frozen=True)
class Address:
    """Where the database is, as far as a message may say it: never the password."""

    host: str
    port: int
    database: str
    user: str

    @property
    def server(self) -> str:
        """Host and port, as people write them."""
        return f"{self.host}:{self.port}"

    def refusal(self, rule: str, sentence: str) -> SourceRefused:
        """The refusal whose sentence names ``{place}``, ``{server}``, ``{host}``, ``{database}`` and ``{user}``."""
        place = f"{self.database} at {self.server}"
        return SourceRefused(rule, sentence.format(place=place, server=self.server, **vars(self)))

    def no_rights(self, tables: Sequence[str]) -> SourceRefused:
        """The refusal of a user who may not read some tables, with what an administrator has to run."""
        listed = ", ".join(table if table.isidentifier() else f'"{table}"' for table in tables)
        return SourceRefused(
            "no_rights",
            f"The user {self.user} may not read {listed}: run GRANT SELECT ON {listed} TO {self.user}.",
        )


@dataclass(frozen=True)
class PostgreSQL:
    """An open read-only transaction: tables with their columns, those that may not be read, and rows of any query."""

    address: Address
    cursor: "dbapi.Cursor"
    line: Line
    columns: dict[str, frozenset[str]]
    unreadable: frozenset[str] = frozenset()
    row_id = "ctid"

    @property
    def as_of(self) -> datetime:
        """When the transaction began."""
        return self.value("select transaction_timestamp() as now")

    def rows(self, sql: str) -> pl.DataFrame:
        """The rows of a query."""
        with _queries_explained(self.address, self.line):
            described = self.cursor.adbc_execute_schema(sql)
            listed = ", ".join(_exact(described.field(name)) for name in described.names)
            self.cursor.execute(f"select {listed} from ({sql}) r")
            return pl.DataFrame(self.cursor.fetch_arrow_table())

    def value(self, sql: str) -> Any:
        """The only value of a query with one row and one column."""
        return self.rows(sql).item()

    def remember(self, sql: str) -> None:
        """Makes the rows (name, value) of a query settings of the transaction; a name holds a dot."""
        self.rows(f"select set_config(r.name, r.value, true) as value from ({sql}) r")

    def exact(self, sql: str) -> str:
        """SQL for a number in a type that adds up without loss; null where it is not a number."""
        return f"nullif(({sql})::numeric, 'NaN')"

    def refuse_unreadable(self, tables: Collection[str]) -> None:
        """Refuses a user who may not read some of these tables."""
        unreadable = sorted(self.unreadable & set(tables))
        if unreadable:
            raise self.address.no_rights(unreadable)

    def refusal(self, rule: str, sentence: str) -> SourceRefused:
        """The refusal whose sentence names ``{place}``."""
        return self.address.refusal(rule, sentence)


_KEPT = frozenset({"int2", "int4", "int8", "bool", "date", "timestamp", "timestamptz", "text"})


def _exact(column: Any) -> str:
    """A column in a type that keeps its value: arrow hands numeric over as opaque, and a double is no amount."""
    name, kind = f'r."{column.name}"', (column.metadata or {}).get(b"POSTGRESQL:type", b"text").decode()
    cast = "::numeric::text" if kind in {"float4", "float8"} else "::text"
    return f'{name}{"" if kind in _KEPT else cast} as "{column.name}"'


@contextlib.contextmanager
def connected(url: str, *, silent_seconds: float = SILENT_SECONDS) -> Iterator[PostgreSQL]:
    """One read-only transaction, in one consistent state, on the database of a URL.

    ``silent_seconds``: how long a query may go without its whole answer before the line is hung up on.
    """
    address, dsn = _parsed(url)
    with opened_sockets(address.port) as line, _connection(address, dsn) as connection, connection.cursor() as cursor:
        line.find(silent_seconds)
        with _queries_explained(address, line):
            for statement in SESSION:
                cursor.execute(statement)
        yield PostgreSQL(address, cursor, line, *_catalog(PostgreSQL(address, cursor, line, {})))


_WRITTEN = """
select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_insert_lsn() end::text as place
"""


def written(url: str) -> str | None:
    """How far the server of a URL has written its log: as long as that stays, nobody has changed anything in any of its
    databases. None where it does not tell; why not, the next reading says."""
    try:
        address, dsn = _parsed(url)
        with (
            opened_sockets(address.port) as line,
            _connection(address, dsn) as connection,
            connection.cursor() as cursor,
        ):
            line.find(CONNECT_SECONDS)
            with _queries_explained(address, line):
                cursor.execute(_WRITTEN)
                return str(cursor.fetchall()[0][0])
    except SourceRefused:
        return None


_USER = re.compile(r"^[\w+]+://(?:[^:/]*(?::[^@]*)?@)?")


def understood(url: str, written: str) -> sa.URL:
    """The parts of an address. Refuses what is none, or has an @ behind its user and password: then the password ended
    too early, and its tail would stand in messages."""
    sentence = f"The address of the database cannot be understood: write it {written}, and @ in a password as %40."
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise SourceRefused("url", sentence) from None
    if "@" in _USER.sub("", url).partition("?")[0]:
        raise SourceRefused("url", sentence)
    return parsed


def _parsed(url: str) -> tuple[Address, str]:
    parsed = understood(url, WRITTEN)
    if parsed.drivername not in DRIVERS:
        raise SourceRefused("url", f"{parsed.drivername} is not the address of a PostgreSQL: write it {WRITTEN}.")
    if not parsed.database:
        raise SourceRefused("url", f"The address names no database: write it {WRITTEN}.")
    settings = {"connect_timeout": str(CONNECT_SECONDS), "application_name": "tandem", **ALIVE} | dict(parsed.query)
    host, port = parsed.host or settings.get("host", "localhost"), parsed.port or settings.get("port", 5432)
    address = Address(str(host), int(str(port)), parsed.database, parsed.username or "(none)")
    dsn = parsed.set(drivername="postgresql", query=settings).render_as_string(hide_password=False)
    return address, dsn.replace(" ", "%20")  # the driver refuses an address with a blank, as a password may have


@contextlib.contextmanager
def _connection(address: Address, dsn: str) -> Iterator["dbapi.Connection"]:
    # The driver brings pandas along: only who reads from a PostgreSQL waits for it.
    from adbc_driver_postgresql import dbapi

    try:
        connection = dbapi.connect(dsn, autocommit=True)
    except dbapi.Error as error:
        raise _unreachable(address, str(error)) from None
    with contextlib.closing(connection):
        yield connection


_CONNECTING = {
    "password authentication failed|no password supplied|role .* does not exist": (
        "login",
        "{server} refuses the user {user}: check user name and password.",
    ),
    "database .* does not exist": ("no_database", "There is no database {database} at {server}: check its name."),
    "could not translate host name": ("unknown_host", "The host {host} is not known: check its name."),
    "timeout expired|timed out": (
        "timeout",
        f"{{server}} did not answer within {CONNECT_SECONDS} seconds: check host, port and firewall.",
    ),
    "Connection refused": (
        "unreachable",
        "No PostgreSQL answers at {server}: check host and port, and that it is running.",
    ),
    "no pg_hba.conf entry": (
        "not_allowed",
        "{server} does not let the user {user} into {database} from here: allow it in pg_hba.conf.",
    ),
    "permission denied for database": (
        "not_allowed",
        "The user {user} may not connect to {database}: run GRANT CONNECT ON DATABASE {database} TO {user}.",
    ),
    "too many (clients|connections)|remaining connection slots": (
        "busy",
        "{server} takes no further connections: try again later.",
    ),
    "is (starting up|shutting down)|recovery mode": (
        "busy",
        "{server} is starting or stopping: try again in a minute.",
    ),
    "SSL|certificate": (
        "tls",
        "No encrypted connection to {server} can be made: check sslmode and certificates of the address.",
    ),
}
_NO_ANSWER = (
    "unreachable",
    "The connection to {server} failed: check host and port, and that a PostgreSQL runs there.",
)


def _unreachable(address: Address, driver_says: str) -> SourceRefused:
    known = (refusal for words, refusal in _CONNECTING.items() if re.search(words, driver_says))
    return address.refusal(*next(known, _NO_ANSWER))


@contextlib.contextmanager
def _queries_explained(address: Address, line: Line) -> Iterator[None]:
    from adbc_driver_postgresql import dbapi

    try:
        with line.answering():
            yield
    except dbapi.Error as error:
        if line.is_hung_up:
            raise address.refusal("timeout", _SAYS_NOTHING) from None
        raise _explained(address, error.sqlstate or "", str(error)) from None


_SAYS_NOTHING = (
    "{database} at {server} stopped answering in the middle of a query: check the network and that server. It is tried"
    " again."
)


def _explained(address: Address, state: str, driver_says: str) -> SourceRefused:
    """What a failed query means, by its SQLSTATE."""
    if state == "42501":
        named = re.search(r"permission denied for \w+ (?:\w+ )?(\w+)", driver_says)
        return address.no_rights([named[1] if named else "its tables"])
    if state in {"57014", "55P03"}:
        sentence = "{database} at {server} did not answer a query in time: try again when it is less busy."
        return address.refusal("timeout", sentence)
    if not state or state.startswith(("08", "57P", "40", "53")):
        return address.refusal("connection_lost", "The connection to {database} at {server} was lost: try again.")
    sentence = f"{{database}} at {{server}} refused a query (SQLSTATE {state}): its tables are not as expected."
    return address.refusal("query", sentence)


_CATALOG = """
select c.relname::text as relation, a.attname::text as name,
       has_table_privilege(c.oid, 'select') or has_column_privilege(c.oid, a.attnum, 'select') as may_read
from pg_class c
join pg_namespace n on n.oid = c.relnamespace and n.nspname not in ('pg_catalog', 'information_schema')
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relkind in ('r', 'p', 'v', 'm', 'f') and pg_table_is_visible(c.oid)
"""
_HIDDEN = """
select count(*) as tables from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind = 'r'
"""


def _catalog(database: PostgreSQL) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    """The visible tables with their columns, and those that may not be read. Refuses a database without any table."""
    listed = database.rows(_CATALOG)
    if listed.is_empty():
        raise _without_tables(database)
    by_table = listed.group_by("relation").agg("name", pl.col("may_read").any())
    columns = {relation: frozenset(names) for relation, names, _ in by_table.iter_rows()}
    return columns, frozenset(by_table.filter(~pl.col("may_read")).get_column("relation"))


def _without_tables(database: PostgreSQL) -> SourceRefused:
    if database.value(_HIDDEN):
        sentence = "The user {user} may not look into {database}: run GRANT USAGE ON SCHEMA public TO {user}."
        return database.address.refusal("no_rights", sentence)
    return database.address.refusal("empty_database", "The database {database} at {server} is empty: it has no tables.")
