"""Reading a database: declared mappings in, a Reading out.

Which database it is, `Database` hides: a server (``data_access.postgresql``), or tables that lie in this process
(``data_access.duck``), brought there from a dump or from a vendor's exported files. Both understand one SQL.

A mapping's SQL (``reads``, ``joins``, ``where``) may hold parts in braces, as ``{or t.id in (select l.partner_id
from crm_lead l)}``.
Such a part is left out where this database lacks a table or column that it names, because a module of the source is not
installed. Every column is written with its alias, so that what is lacking is seen before anything is read:

- a column that is lacking is read as null, and a notice says so;
- a mapping whose own or joined table is lacking brings no extract, and a notice says so; if its table is essential, the
  source is refused.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import polars as pl

from data_access.mapping import ROW, Cell, Extract, Mapping, Notice, Reading, SourceRefused
from data_access.postgresql import connected


class Database(Protocol):
    """One consistent state of some tables, asked in PostgreSQL's SQL."""

    @property
    def columns(self) -> dict[str, frozenset[str]]:
        """The columns of every table that can be seen."""

    @property
    def as_of(self) -> datetime:
        """The instant whose state is read."""

    @property
    def row_id(self) -> str:
        """The hidden column that tells the rows of any table apart."""

    def rows(self, sql: str) -> pl.DataFrame:
        """The rows of a query: integers, booleans, days, instants and text as such, all other types as exact text."""

    def remember(self, sql: str) -> None:
        """Makes the rows (name, value) of a query known to all later ones, as ``current_setting(name, true)``."""

    def exact(self, sql: str) -> str:
        """SQL for a number that can be added up without loss; null where it is not a number."""

    def refuse_unreadable(self, tables: Collection[str]) -> None:
        """Refuses, with what has to be granted, where some of these tables may not be read."""

    def refusal(self, rule: str, sentence: str) -> SourceRefused:
        """The refusal whose sentence names ``{place}``: the database at its server, or the file."""


@dataclass(frozen=True, kw_only=True)
class System:
    """What a source is: its name, how to tell that a database holds it, and the tables that it always has.

    ``signs`` are the tables that ``probe`` looks at and no mapping reads.
    """

    name: str
    mappings: Sequence[Mapping]
    probe: Callable[[Database], None]
    essential: Collection[str] = ()
    signs: Collection[str] = ()

    @property
    def tables(self) -> frozenset[str]:
        """Every table that may be read."""
        return frozenset({*self.signs, *(table for mapping in self.mappings for table in tables_of(mapping))})


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Which rows a reading may leave out: those unchanged since an earlier watermark, of tables above a size.

    ``overlap`` is read again, for rows that were committed later than their own clock says.
    """

    since: str
    full_below: int = 50_000
    overlap: timedelta = timedelta(days=1)

    @property
    def instant(self) -> str:
        """The earliest change that is read, as a source without zones writes it in UTC."""
        earliest = datetime.fromisoformat(self.since).astimezone(UTC) - self.overlap
        return earliest.replace(tzinfo=None).isoformat(sep=" ")

    def is_ahead_of(self, now: datetime) -> bool:
        """Whether the earlier watermark is later than the source's clock: that clock was put back since, and what has
        changed meanwhile is stamped before it."""
        return datetime.fromisoformat(self.since) > now


def read_database(url: str, system: System, *, changes: Changes | None = None) -> Reading:
    """All that the system's mappings name, in one consistent state of its database.

    With ``changes``, tables above a size bring only rows changed since; keys and control sums always cover every row.
    """
    with connected(url) as database:
        return read_from(database, system, changes=changes)


def read_from(database: Database, system: System, *, changes: Changes | None = None) -> Reading:
    """The same of a database that is already open."""
    system.probe(database)
    database.refuse_unreadable(system.tables)
    now = database.as_of
    if changes is not None and changes.is_ahead_of(now):
        changes = None
    outcomes = [_Source(database, mapping).outcome(changes, system.essential) for mapping in system.mappings]
    return Reading(
        source=system.name,
        as_of=now,
        extracts=tuple(outcome for outcome in outcomes if isinstance(outcome, Extract)),
        watermark=now.isoformat(),
        notices=tuple(outcome for outcome in outcomes if isinstance(outcome, Notice)),
    )


@dataclass
class _Source:
    """Where one mapping's rows come from in this database."""

    database: Database
    mapping: Mapping
    lacking: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        columns, table = self.database.columns, f"from {self.mapping.table} t"
        self.tables = f"{table} {fitted(columns, self.mapping.joins, within=table)}"
        where = fitted(columns, self.mapping.where, within=self.tables)
        self.matching = f"{self.tables} where {f'({where})' if where else 'true'}"

    def outcome(self, changes: Changes | None, essential: Collection[str]) -> Extract | Notice:
        """The extract, or the notice that says why there is none."""
        absent = missing(self.database.columns, self.matching)
        if not absent:
            return self._extract(changes)
        told = f"{self.mapping.table} cannot be read, because this database has no {', '.join(absent)}"
        if self.mapping.table in essential:
            raise SourceRefused("version", f"{told}: it is not of the version that Tandem reads.")
        return Notice("module_absent", f"{told}: {self.mapping.to} has nothing from there.")

    def _extract(self, changes: Changes | None) -> Extract:
        columns = {name: self._sql(name) for name in self.mapping.source_columns}
        control, left_out = self._control(columns)
        newer = self._newer(changes, int(control["rows"]))
        frame = self.database.rows(f"select {_selected(self.mapping.key, columns)} {self.matching}{newer}")
        return Extract(
            mapping=self.mapping,
            frame=frame,
            keys=self._keys(columns) if newer or self.mapping.sums else frame.get_column(ROW),
            incremental=bool(newer),
            rows_left_out=left_out,
            control=control,
            silent=self._silent(columns) if AMOUNT in control else None,
            notices=self._notices(),
            columns=self.database.columns[self.mapping.table],
        )

    def _sql(self, column: str) -> str:
        own = self.mapping.reads.get(column, f't."{column}"')
        sql = fitted(self.database.columns, own, within=self.tables)
        self.lacking[column] = missing(self.database.columns, sql, within=self.tables)
        return "null::text" if self.lacking[column] or not sql.strip() else sql

    def _newer(self, changes: Changes | None, rows: int) -> str:
        if changes is None or self.mapping.sums or rows <= changes.full_below:
            return ""
        return f" and coalesce(({self.mapping.watermark}) >= timestamp '{changes.instant}', true)"

    def _keys(self, columns: dict[str, str]) -> pl.Series:
        """The keys that the unified rows will have: where several rows are added up, those of the sum."""
        return self.database.rows(f'select distinct {self._key(columns)} as "{ROW}" {self.matching}').to_series()

    def _silent(self, columns: dict[str, str]) -> pl.Series:
        """The keys of rows without an amount: theirs is that of their lines, of which the control sum knows nothing."""
        amount = columns[str(_mere(self.mapping.columns[AMOUNT]))]
        said = f'select distinct {self._key(columns)} as "{ROW}" {self.matching} and {amount} is null'
        return self.database.rows(said).to_series()

    def _key(self, columns: dict[str, str]) -> str:
        if not self.mapping.sums:
            return f"({columns[self.mapping.key]})::text"
        parts = [columns[str(self.mapping.columns[name])] for name in self.mapping.schema.primary_key()]
        return "concat_ws('/', " + ", ".join(parts) + ")"

    def _control(self, columns: dict[str, str]) -> tuple[dict[str, str], int]:
        """What the server counts and adds up over all matching rows, and how many rows of the table match nothing."""
        matched = f"count(distinct t.{self.database.row_id})" if self.mapping.key in self.mapping.reads else "count(*)"
        sums = [self._sum(name, columns[column]) for name, column in _summed(self.mapping) if not self.lacking[column]]
        selected = ", ".join((f"{matched} as matched", "count(*)::text as rows", *sums))
        told = self.database.rows(f"select {selected} {self.matching}").row(0, named=True)
        held = self.database.rows(f"select count(*) as held from {self.mapping.table}").item()
        return {name: value for name, value in told.items() if name != "matched"}, held - told["matched"]

    def _sum(self, name: str, sql: str) -> str:
        return f'coalesce(sum({self.database.exact(sql)}), 0)::text as "{name}"'

    def _notices(self) -> tuple[Notice, ...]:
        absent = sorted({name for names in self.lacking.values() for name in names})
        empty = ", ".join(name for name, names in self.lacking.items() if names)
        told = f"This database has no {', '.join(absent)}: {empty} of {self.mapping.to} stays empty."
        return (Notice("column_absent", told),) if absent else ()


def _selected(key: str, columns: dict[str, str]) -> str:
    return ", ".join((f'({columns[key]})::text as "{ROW}"', *(f'{sql} as "{name}"' for name, sql in columns.items())))


AMOUNT = "amount_untaxed"
ADDED_UP = frozenset({"the product's base unit", "the component's base unit", "source_unit", "hours", "minutes"})


def _summed(mapping: Mapping) -> list[tuple[str, str]]:
    """From unified columns of money, quantity or time to the source column that they are mapped to by its mere name."""
    schema = mapping.schema.columns()
    mere = [(name, _mere(column)) for name, column in mapping.columns.items() if _adds_up(schema[name].metadata)]
    return [(name, column) for name, column in mere if column is not None]


def _mere(column: str | pl.Expr | Cell) -> str | None:
    if isinstance(column, Cell):
        return column.column if (column.words, column.scale, column.default) == (None, None, None) else None
    return column if isinstance(column, str) else None


def _adds_up(metadata: dict[str, Any] | None) -> bool:
    unit = (metadata or {}).get("unit", "")
    return unit in ADDED_UP or (unit.startswith("money in ") and not unit.endswith(" per base unit"))


_DERIVED = "(derived)"
_OPTIONAL = re.compile(r"\{([^{}]*)\}")
_TEXT = re.compile(r"'(?:[^']|'')*'")
_NAMED = re.compile(
    r"\b(?:from|join)\s+(?:lateral\s+)?(?!lateral\b)(?:\"([^\"]+)\"|([a-z_][a-z0-9_]*)\b)(?!\s*[(.])"
    r"(?:\s+(?:as\s+)?([a-z_][a-z0-9_]*))?"
)
_COMPUTED = re.compile(r"\)\s*(?:as\s+)?([a-z_][a-z0-9_]*)")
_COLUMN = re.compile(r"\b([a-z_][a-z0-9_]*)\.\"?([a-z_][a-z0-9_]*)\"?")


def tables_of(mapping: Mapping) -> tuple[str, ...]:
    """Every table that a mapping may read: what its user needs rights on."""
    sql = (mapping.joins, mapping.where, mapping.watermark, *mapping.reads.values())
    return tuple(dict.fromkeys(_tables(f"from {mapping.table} t {' '.join(sql)}")))


def fitted(columns: dict[str, frozenset[str]], sql: str, *, within: str = "") -> str:
    """SQL with only those of its parts in braces for which there are all tables and columns."""
    around = f"{within} {_OPTIONAL.sub(' ', sql)}"
    return _OPTIONAL.sub(lambda part: "" if missing(columns, part[1], within=around) else part[1], sql)


def missing(columns: dict[str, frozenset[str]], sql: str, *, within: str = "") -> tuple[str, ...]:
    """The tables and columns that SQL names and that are lacking; ``within`` is the SQL around it with its aliases."""
    aliases = _aliases(within) | _aliases(sql)
    tables = [table for table in _tables(sql) if table not in columns]
    named = [(aliases.get(alias, {alias}), column) for alias, column in _COLUMN.findall(_TEXT.sub("''", sql))]
    absent = [f"{min(known)}.{column}" for known, column in named if not _has(columns, known, column)]
    return tuple(dict.fromkeys(tables or absent))


def _has(columns: dict[str, frozenset[str]], tables: set[str], column: str) -> bool:
    return any(table == _DERIVED or column in columns.get(table, ()) for table in tables)


def _tables(sql: str) -> list[str]:
    return [table for table, _ in _named(sql)]


def _named(sql: str) -> list[tuple[str, str]]:
    """Tables with the word behind them, which is their alias if they have one."""
    return [(quoted or plain, alias) for quoted, plain, alias in _NAMED.findall(_TEXT.sub("''", sql))]


def _aliases(sql: str) -> dict[str, set[str]]:
    """From alias to what it may stand for: subqueries may use one twice."""
    computed = [(_DERIVED, alias) for alias in _COMPUTED.findall(_TEXT.sub("''", sql))]
    aliases: dict[str, set[str]] = {}
    for table, alias in (*_named(sql), *computed):
        aliases.setdefault(alias or table, set()).add(table)
    return aliases
