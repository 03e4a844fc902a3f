"""Erasing persons: out of the database with all earlier states, out of the rows set aside, out of every file; and out
of each later delivery that brings them again, before anything of it is stored.

Asked for, an erasure stands in the journal; every refresh carries out what is still open before it publishes, so a
process that dies half-way leaves nothing for good.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import polars as pl

from analytics.erasing import (
    CHAIN,
    ERASED,
    MENTIONING,
    NAMED_BY,
    PERSONAL,
    emptied,
    erased_rows,
    link_columns,
    mentions,
    unmentioned,
    ways,
    words_of,
)
from analytics.tables import TABLES
from data_access import erasures, feeds, traces
from data_access.erasures import MAIL, Erasures
from data_access.home import Home
from data_access.mapping import Notice
from data_access.store import Load, Store
from refresh.unify import Unified

OWN_USER = "tandem"
TOLD = ("value", "record", "unified")


@dataclass(frozen=True)
class Erased:
    """What was taken out: values by table, earlier states included; rows set aside; files by kind. ``entries``: how
    much of the journal was carried out."""

    rows: Mapping[str, int] = field(default_factory=dict)
    aside: int = 0
    files: Mapping[str, int] = field(default_factory=dict)
    entries: int = 0


def carry_out(home: Home, store: Store, *, at: datetime | None = None) -> Erased:
    """Takes everybody out of the database and the files who stands in the journal; nothing to do where nobody does.

    The addresses of the persons are marked as well, before anything changes: by them they are known in other systems.
    """
    known = erasures.erasures(home)
    if not known.entries:
        return Erased()
    with store.load() as load:
        links = {table: load.with_history(table, link_columns(table)) for table in CHAIN}
        named = {table: load.with_history(table, (_key(table), *columns)) for table, columns in NAMED_BY.items()}
        known = _with_addresses(home, known, named, erased_rows(links, known.marked), at or datetime.now(UTC))
        theirs = erased_rows(links, known.marked)
        words = _words({table: _theirs(table, rows, theirs) for table, rows in named.items()})
        unsaid = _without(words)
        rows = {table: _emptied(load, table, keys) for table, keys in theirs.items() if keys}
        aside = _out_of_quarantine(load, known, theirs, words)
        mentioned = {table: load.replace(table, columns, words, unsaid) for table, columns in MENTIONING.items()}
        # before the words are gone: a kill here is followed by all of it once more
        files = traces.forget(home, words, mentions)
    store.compact(dict.fromkeys((*PERSONAL, *MENTIONING, "quarantine")))
    total = {table: rows.get(table, 0) + mentioned.get(table, 0) for table in dict.fromkeys((*PERSONAL, *MENTIONING))}
    return Erased({table: count for table, count in total.items() if count}, aside, files, known.entries)


def meant(load: Load, key: str) -> list[tuple[str, str]]:
    """The kind and key of every record that is the customer or contact of a key; nothing where there is none."""
    found = [table for table in ("customers", "contacts") if key in load.keys(table)]
    joined = "entity = 'customer' AND state = 'joined'"
    groups = load.read("identities", ("record_id", "group_id"), where=joined) if "customers" in found else None
    own = None if groups is None else groups.filter((pl.col("record_id") == key).any().over("group_id"))
    same: list[str] = [] if own is None else own["record_id"].to_list()
    return [*((table, key) for table in found), *(("customers", record) for record in same if record != key)]


def _key(table: str) -> str:
    return TABLES[table].primary_key()[0]


def _words(named: Mapping[str, pl.DataFrame]) -> frozenset[str]:
    return frozenset().union(*(words_of(table, rows) for table, rows in named.items()))


def _with_addresses(
    home: Home, known: Erasures, named: Mapping[str, pl.DataFrame], theirs: Mapping[str, frozenset[str]], at: datetime
) -> Erasures:
    """With the marks of the addresses of erased persons, but for those that anybody of another name has as well."""
    people = pl.concat(
        rows.select(
            name=pl.col(NAMED_BY[table][0]).str.strip_chars().str.to_lowercase(),
            mail="email",
            is_theirs=pl.col(_key(table)).is_in(list(theirs[table])),
        )
        for table, rows in named.items()
    ).drop_nulls()
    is_own = pl.col("is_theirs").any() & (pl.col("name").n_unique() == 1)
    own = people.group_by("mail").agg(is_own=is_own).filter("is_own").get_column("mail").sort()
    new = [(MAIL, mail) for mail in own if "@" in mail and known.mark(MAIL, mail) not in known.known]
    return erasures.keep(home, OWN_USER, at, new) if new else known


def _emptied(load: Load, table: str, keys: frozenset[str]) -> int:
    schema = TABLES[table].columns()
    instead = {name: None if schema[name].nullable else ERASED for name in PERSONAL[table]}
    return load.empty(table, keys, instead)


def _out_of_quarantine(load: Load, known: Erasures, theirs: Mapping[str, frozenset[str]], words: frozenset[str]) -> int:
    """Empties what rows set aside say that are of erased persons or mention them."""
    columns = ("quarantine_id", "source", "source_table", "table_name", *TOLD)
    rows = load.read("quarantine", columns)
    parts = [
        part.filter(_tells(part, Aside(source), known, theirs, words))
        for (source,), part in rows.partition_by("source", as_dict=True).items()
    ]
    keys = pl.concat([rows.clear(), *parts]).get_column("quarantine_id")
    return load.empty("quarantine", keys.to_list(), dict.fromkeys(TOLD)) if keys.len() else 0


@dataclass(frozen=True)
class Aside:
    """Where the keys of a source's rows stand: ``source_columns`` by unified table and column, where a reading knows
    them better than the declared mappings."""

    source: str
    source_columns: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    def column(self, source_table: str, table: str, column: str) -> str:
        """The source's column that a unified column is made of; its own name where nothing is known."""
        told = self.source_columns.get((source_table, table, column))
        made_of = (
            dict(feed.columns).get(column) for feed in feeds.feeding(self.source, table)
            if feed.source_table == source_table
        )  # fmt: skip
        declared = next((names[0] for names in made_of if names and len(names) == 1), column)
        return told or declared


def _tells(
    rows: pl.DataFrame,
    aside: Aside,
    known: Erasures,
    theirs: Mapping[str, frozenset[str]],
    words: frozenset[str],
) -> pl.Series:
    """For each row set aside whether it is of an erased person, by its keys, or holds one of the words."""
    spelled = sorted({*words, *(json.dumps(word, ensure_ascii=False)[1:-1] for word in words)})
    is_mentioned = _mention(rows, spelled) if words else None
    places = rows.select("source_table", "table_name", "record").iter_rows()
    own = pl.Series([_is_theirs(aside, place, known, theirs) for place in places], dtype=pl.Boolean)
    return own if is_mentioned is None else own | is_mentioned


def _mention(rows: pl.DataFrame, words: list[str]) -> pl.Series:
    found, told = mentions(words), pl.concat_str(TOLD, separator="\n", ignore_nulls=True)
    texts = rows.select(pl.when(told.str.contains_any(words, ascii_case_insensitive=True)).then(told)).to_series()
    return pl.Series([text is not None and found.search(text) is not None for text in texts], dtype=pl.Boolean)


def _is_theirs(
    aside: Aside, place: tuple[str, str, str | None], known: Erasures, theirs: Mapping[str, frozenset[str]]
) -> bool:
    source_table, table, record = place
    if table not in PERSONAL or record is None:
        return False
    said = json.loads(record)
    of = {_key(table): table, **ways(table)}
    for column, parent in of.items():
        value = said.get(aside.column(source_table, table, column))
        key = f"{aside.source}:{value}"
        if value is not None and (key in theirs.get(parent, ()) or known.marked(parent, [key])):
            return True
    mails = [value for value in said.values() if isinstance(value, str) and "@" in value]
    return bool(known.marked(MAIL, mails))


def forgotten(load: Load, reading_source: str, unified: Unified, known: Erasures) -> None:
    """Takes erased persons out of what a reading brought, in place, before anything of it is stored."""
    if not known.known:
        return
    links = {table: _links(load, table, unified) for table in CHAIN}
    theirs = erased_rows(links, known.marked)
    came = {table: rows for table, rows in unified.tables.items() if table in NAMED_BY and not rows.is_empty()}
    words = _words({table: _theirs(table, rows, theirs) for table, rows in came.items()})
    for table, rows in unified.tables.items():
        unified.tables[table] = unmentioned(table, emptied(table, rows, theirs), words)
    aside = Aside(reading_source, _source_columns(unified))
    unified.aside.frames = [_aside_emptied(rows, aside, known, theirs, words) for rows in unified.aside.frames]
    unified.notices = {name: [_unsaid(notice, words) for notice in told] for name, told in unified.notices.items()}


def _without(words: Iterable[str]) -> Callable[[str], str]:
    """What is left of a text that may mention an erased person."""
    found = mentions(words)
    return lambda told: found.sub(ERASED, told)


def _unsaid(notice: Notice, words: Collection[str]) -> Notice:
    return replace(notice, detail=_without(words)(notice.detail)) if words else notice


def _theirs(table: str, rows: pl.DataFrame, theirs: Mapping[str, frozenset[str]]) -> pl.DataFrame:
    return rows.filter(pl.col(_key(table)).is_in(list(theirs[table])))


def _links(load: Load, table: str, unified: Unified) -> pl.DataFrame:
    """Whose the rows of a table are, as they came, else as they are stored."""
    columns = link_columns(table)
    stored = load.read(table, columns)
    came = unified.tables.get(table)
    if came is None or came.is_empty():
        return stored
    known = came.select(name for name in columns if name in came.columns)
    return pl.concat([known, stored], how="diagonal").unique(columns[0], keep="first")


def _source_columns(unified: Unified) -> dict[tuple[str, str, str], str]:
    """By source table, unified table and column the source's column, where the mapping names one."""
    mappings = (taken.extract.mapping for taken in unified.taken)
    return {
        (mapping.table, mapping.to, name): made_of
        for mapping in mappings
        for name, made_of in mapping.columns.items()
        if isinstance(made_of, str)
    }


def _aside_emptied(
    rows: pl.DataFrame,
    aside: Aside,
    known: Erasures,
    theirs: Mapping[str, frozenset[str]],
    words: frozenset[str],
) -> pl.DataFrame:
    telling = _tells(rows, aside, known, theirs, words)
    if not telling.any():
        return rows
    return rows.with_columns(pl.when(pl.lit(telling)).then(None).otherwise(name).alias(name) for name in TOLD)


__all__ = ["Erased", "carry_out", "forgotten"]
