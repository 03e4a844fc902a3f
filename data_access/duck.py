"""Tables that lie in this process, in a DuckDB of their own, and answer the SQL of the mappings as PostgreSQL would.

What the memory does not hold goes to a temporary folder that ends with them, so that large sources can be read.
Nothing outside is reached from there: no files, no extensions, no variables of ours.

DuckDB has no exact numbers of any length. Decimals of up to six places keep every digit, as money has them; longer ones
(rates, factors of units), and whatever is divided, are doubles, of which fifteen digits are told.
"""

import contextlib
import re
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import duckdb
import polars as pl

from data_access.mapping import SourceRefused

# Where decimals of two kinds meet, DuckDB keeps the digits before the point first: so all have equally many of these.
WHOLE_DIGITS = 20
MONEY_PLACES = 6
MONEY = f"decimal({WHOLE_DIGITS + MONEY_PLACES}, {MONEY_PLACES})"
NUMBER = f"decimal({WHOLE_DIGITS + 9}, 9)"
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}
SESSION = (
    "set timezone = 'UTC'",
    "set integer_division = true",
    "set memory_limit = '1GB'",
    "set enable_external_access = false",
    "create macro jsonb_each_text(object) as table select key, object ->> key as value from json_each(object)",
    "create macro remembered(name, may_lack) as getvariable('remembered')[name]",
)
NO_ROOM = (duckdb.OutOfMemoryException, duckdb.IOException)
REMEMBERED = "set variable remembered = map($1::varchar[], $2::varchar[])"
DIALECT = {
    r"::numeric\b(?!\()": f"::{NUMBER}",
    r"\bpg_timezone_names\b(?!\()": "pg_timezone_names()",
    r"\bcurrent_setting\(": "remembered(",
}


@dataclass(frozen=True)
class Duck:
    """Tables in this process. ``place`` is what a message calls them: the name of the file that they came in."""

    place: str
    as_of: datetime
    connection: duckdb.DuckDBPyConnection
    columns: dict[str, frozenset[str]] = field(default_factory=dict)
    row_id = "rowid"

    def define(self, table: str, kinds: dict[str, str]) -> None:
        """Makes an empty table: from the name of each column to DuckDB's name of its type."""
        listed = ", ".join(f"{_quoted(name)} {kind}" for name, kind in kinds.items())
        self.connection.execute(f"create table {_quoted(table)} ({listed})")
        self.columns[table] = frozenset(kinds)

    def hold(self, table: str, rows: pl.DataFrame) -> None:
        """Takes a frame as a table; or as further rows of one that is there, by the names of its columns, cast."""
        self.connection.register("taken", rows.to_arrow())
        if table in self.columns:
            self.connection.execute(f"insert into {_quoted(table)} by name select * from taken")
        else:
            self.connection.execute(f"create table {_quoted(table)} as select * from taken")
            self.columns[table] = frozenset(rows.columns)
        self.connection.unregister("taken")

    def retype(self, table: str, kinds: dict[str, str]) -> None:
        """Gives some columns other types, and casts what they hold."""
        cast = ", ".join(f"{_quoted(name)}::{kind} as {_quoted(name)}" for name, kind in kinds.items())
        name = _quoted(table)
        self.connection.execute(f"create or replace table {name} as select * replace ({cast}) from {name}")

    def rows(self, sql: str) -> pl.DataFrame:
        """The rows of a query."""
        asked = self._spoken(sql)
        with self._explained():
            found = self.connection.sql(asked)
            described = zip(found.columns, found.types, strict=True)
            listed = ", ".join(_exact(name, str(kind)) for name, kind in described)
            return pl.DataFrame(found.project(listed).to_arrow_table())

    def remember(self, sql: str) -> None:
        """Makes the rows (name, value) of a query known to all later ones, as ``current_setting(name, true)``."""
        known = dict(self.rows(sql).select("name", "value").iter_rows())
        self.connection.execute(REMEMBERED, [list(known), list(known.values())])

    def exact(self, sql: str) -> str:
        """SQL for a number in a type that adds up without loss; null where it is not a number."""
        return f"try_cast(({sql}) as {NUMBER})"

    def refuse_unreadable(self, tables: Collection[str]) -> None:
        """Refuses nothing: what lies here may be read."""

    def refusal(self, rule: str, sentence: str) -> SourceRefused:
        """The refusal whose sentence names ``{place}``."""
        return SourceRefused(rule, sentence.format(place=self.place))

    def _spoken(self, sql: str) -> str:
        """PostgreSQL's SQL as DuckDB says it; today is the day whose state is read."""
        for theirs, ours in DIALECT.items():
            sql = re.sub(theirs, ours, sql)
        return re.sub(r"\bcurrent_date\b", f"date '{self.as_of:%Y-%m-%d}'", sql)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except NO_ROOM:
            raise no_room(self.place) from None
        except duckdb.Error as error:
            kind = type(error).__name__.removesuffix("Exception")
            sentence = f"{{place}} does not answer a query ({kind}): its tables are not as expected."
            raise self.refusal("query", sentence) from None


def no_room(place: str) -> SourceRefused:
    """The refusal of what neither memory nor disk can hold."""
    return SourceRefused("too_large", f"{place} is too large for the memory and disk of this machine.")


_KEPT = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "BOOLEAN", "DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"}


def _exact(name: str, kind: str) -> str:
    """A column in a type that keeps its value: of a double, the digits that are sure."""
    column = _quoted(name)
    if kind in _KEPT:
        return column
    return f"{_digits(column) if kind in {'FLOAT', 'DOUBLE'} else f'{column}::text'} as {column}"


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _digits(column: str) -> str:
    return f"format('{{:.15g}}', {column})"


@contextlib.contextmanager
def opened(place: str, as_of: datetime) -> Iterator[Duck]:
    """An empty one, for as long as the block runs; ``as_of`` is the instant whose state its tables will hold."""
    with (
        tempfile.TemporaryDirectory(prefix="tandem_") as folder,
        duckdb.connect(":memory:", config=CONFIG | {"temp_directory": folder}) as connection,
    ):
        for statement in SESSION:
            connection.execute(statement)
        connection.execute(REMEMBERED, [[], []])
        yield Duck(place, as_of, connection)
