"""One refresh, from the source to the pointer: read, unify, store in one transaction, publish a verified snapshot.

Killed at any step, the last good snapshot is served and the next run converges: the tables change in one transaction,
the snapshot is made from the tables, and the pointer moves last.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from analytics.tables import TABLES, parents_first
from data_access import known_columns
from data_access.erasures import erasures, keep
from data_access.home import Busy, Home, HomeUnavailable, is_full, note_attempt
from data_access.journal import JournalDamaged
from data_access.mapping import Notice, Reading, SourceRefused
from data_access.own_database import StoreUnavailable
from data_access.snapshot import NoSnapshot
from data_access.store import Load, Store
from refresh import balance, drift, erasing, ledger, publication
from refresh.decided import Decided, decided_in
from refresh.derive import derived_tables
from refresh.erasing import Erased
from refresh.ledger import Stamp
from refresh.repairs import repaired, withdrawn
from refresh.totals import with_totals
from refresh.unify import Unified, unify
from refresh.writers import with_writers

LOG = logging.getLogger("tandem.refresh")
OUR_FAULT = "Tandem failed at this refresh, and nothing was changed. tandem.log says where; please report it."
FULL = (
    "The disk of {folder} is full: free some room there, and the next refresh goes on by itself. Nothing is lost, and"
    " the earlier data still holds."
)

Step = Callable[[str], None]
Read = Callable[[str | None], Reading]


def _silent(_name: str) -> None:
    """Tells nobody."""


@dataclass
class Report:
    """What became of a refresh.

    ``outcome``: loaded, rejected, busy or failed. ``ignored``: what the delivery held besides the tables that we know.
    ``readmitted``: rows of earlier deliveries whose missing reference has arrived. ``notices``: what concerns the
    source as a whole.
    """

    source: str
    outcome: str
    snapshot: str | None = None
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    message: str | None = None
    ignored: tuple[str, ...] = ()
    readmitted: int = 0
    notices: tuple[Notice, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 loaded; 3 a table or the delivery was refused, or another refresh runs; 1 our fault."""
        if self.outcome == "failed":
            return 1
        refused = any(table["outcome"] == "reject_table" for table in self.tables.values())
        return 3 if refused or self.outcome != "loaded" else 0

    @property
    def brought_something(self) -> bool:
        """Whether any table was taken: a first delivery that is refused whole must not hide the sample company."""
        return any(table["outcome"] != "reject_table" for table in self.tables.values())

    @property
    def taken(self) -> frozenset[str]:
        """The tables that were not refused."""
        return frozenset(name for name, table in self.tables.items() if table["outcome"] != "reject_table")

    def as_json(self) -> dict[str, Any]:
        """The object that ``sync --json`` prints."""
        return {
            "source": self.source,
            "outcome": self.outcome,
            "snapshot": self.snapshot,
            "tables": self.tables,
            "message": self.message,
            "ignored": list(self.ignored),
            "readmitted": self.readmitted,
            "notices": [{"rule": notice.rule, "detail": notice.detail} for notice in self.notices],
        }


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to refresh: the source's name, how to read it, and which surprising tables a person has confirmed."""

    source: str
    read: Read
    full: bool = False
    confirmed: frozenset[str] = frozenset()


def refresh(home: Home, request: Request, *, step: Step = _silent) -> Report:
    """Brings the home up to the source's present state.

    Every way it can end is a report; what was refused changed nothing.
    """
    try:
        with home.refreshing():
            report = _reported(home, request, step)
            _note(home, report)
    except Busy as error:
        return Report(request.source, "busy", message=str(error))
    except HomeUnavailable as error:
        return Report(request.source, "failed", message=str(error))
    return report


def rehearse(home: Home, request: Request) -> Report:
    """What a refresh of an empty home would bring, without publishing it: for trying a delivery before it is loaded."""
    return _reported(home, request, _silent, publishes=False)


def republish(home: Home) -> None:
    """Makes a snapshot of the tables as they are: after an update of the program, or when the snapshots are lost."""
    with home.refreshing():
        store = Store(home.database_url)
        try:
            store.migrate()
            erased = _erased(home, store)
            with store.load() as load:
                publication.publish_tables(home, load, step=_silent, erased=erased.entries)
        finally:
            store.close()


class NoSuchPerson(Exception):
    """There is nobody of the key; the message says so."""


def erase(home: Home, user: str | None = None, key: str | None = None) -> Erased:
    """Carries out what people asked to erase, and publishes a snapshot without it; what was taken out is told.

    ``key``: of a customer or contact whom ``user`` asks to erase just now; ``NoSuchPerson`` where there is none.
    """
    with home.refreshing():
        store = Store(home.made().database_url)
        try:
            store.migrate()
            if user is not None and key is not None:
                _ask(home, store, user, key)
            erased = erasing.carry_out(home, store)
            with store.load() as load:
                publication.publish_tables(home, load, step=_silent, erased=erased.entries)
        finally:
            store.close()
    return erased


def _ask(home: Home, store: Store, user: str, key: str) -> None:
    with store.load() as load:
        meant = erasing.meant(load, key)
    if not meant or "@" in key:
        raise NoSuchPerson(
            f"There is no customer and no contact {key!r}. Its page and Lineage show the key, as odoo:42."
        )
    keep(home, user, datetime.now(UTC), meant)


def _erased(home: Home, store: Store) -> Erased:
    """What was asked to be erased and is not yet is carried out; a process may have died over it."""
    asked = erasures(home).entries
    if asked == publication.carried_out(home):
        return Erased(entries=asked)
    return erasing.carry_out(home, store)


def _reported(home: Home, request: Request, step: Step, *, publishes: bool = True) -> Report:
    try:
        return _refresh(home, request, step, publishes=publishes)
    except SourceRefused as error:
        return Report(request.source, "rejected", message=str(error))
    except (StoreUnavailable, NoSnapshot, JournalDamaged, balance.BooksDoNotBalance) as error:
        return Report(request.source, "failed", message=_full_or(str(error), home, error))
    except Exception as error:
        message = _full_or(OUR_FAULT, home, error)
        if message == OUR_FAULT:
            LOG.exception("refresh of %s", request.source)
        return Report(request.source, "failed", message=message)


def _full_or(otherwise: str, home: Home, error: Exception) -> str:
    return FULL.format(folder=home.folder) if is_full(error, home.folder) else otherwise


def _note(home: Home, report: Report) -> None:
    attempt = {"at": datetime.now(UTC).isoformat(), "outcome": report.outcome, "message": report.message}
    try:
        note_attempt(home, report.source, attempt)
    except OSError as error:  # whoever asked is told all the same
        LOG.warning("How the refresh of %s ended could not be kept: %s", report.source, error.strerror)


def _refresh(home: Home, request: Request, step: Step, *, publishes: bool) -> Report:
    store = Store(home.made().database_url)
    try:
        store.migrate()
        step("migrated")
        erased = _erased(home, store)
        report = _stored(home, store, request, step)
        if publishes and (report.brought_something or home.pointer.exists()):
            with store.load() as load:
                report.snapshot = publication.publish_tables(home, load, step=step, erased=erased.entries).id
    finally:
        store.close()
    return report


def _stored(home: Home, store: Store, request: Request, step: Step) -> Report:
    """What the source holds now, in the tables.

    Where only changes were read and the books do not balance, a row was committed later than any overlap reaches back:
    then all is read.
    """
    with store.load() as load:
        since = None if request.full else ledger.watermark(load, request.source, datetime.now(UTC))
    reading = _read(request, since, step)
    try:
        return _kept(home, store, request, reading, step)
    except balance.BooksDoNotBalance:
        if not any(extract.incremental for extract in reading.extracts):
            raise
    return _kept(home, store, request, _read(request, None, step), step)


def _read(request: Request, since: str | None, step: Step) -> Reading:
    reading = request.read(since)
    step("read the source")
    return reading


def _kept(home: Home, store: Store, request: Request, reading: Reading, step: Step) -> Report:
    """One transaction: all of a reading, or nothing."""
    started = datetime.now(UTC)
    decided = decided_in(home)
    noted = drift.noted(reading, known_columns.known(home, request.source))
    with store.load() as load:
        report = _load(load, noted, request, decided, started, step)
    step("committed")
    known_columns.keep(home, request.source, drift.columns_of(reading, report.taken))
    return report


def _load(load: Load, reading: Reading, request: Request, decided: Decided, started: datetime, step: Step) -> Report:
    load_id = ledger.next_load(load)
    brought = partial(ledger.brought, load, reading.source)
    corrected = repaired(reading, decided.repairs, partial(ledger.set_aside, load, reading.source), brought)
    reading = corrected.reading
    unified = unify(
        reading,
        load,
        ledger.waiting(load, reading),
        known_since=ledger.first_loads(load, reading.source),
        confirmed=request.confirmed,
    )
    unified.superseded += corrected.read_again
    withdrawn(unified, corrected.taken_back)
    erasing.forgotten(load, reading.source, unified, decided.erased)
    step("unified")
    stamp = Stamp(load_id, started)
    _upsert(load, unified, reading.source, request.confirmed, stamp, step)
    gone = _take_away(load, unified, reading.source, request.confirmed, stamp, step)
    _replace_derived(load, reading, unified, decided, stamp)
    step("derived")
    entries = ledger.entries(reading, unified, gone, request.confirmed)
    ledger.keep_aside(load, reading, unified, stamp)
    balance.check(load, reading, unified, entries)
    step("checked the books")
    ledger.keep_run(load, reading, entries, stamp)
    step("kept the books")
    tables = {entry.source_table: entry.printed() for entry in entries}
    return Report(
        reading.source,
        "loaded",
        tables=tables,
        ignored=reading.ignored,
        readmitted=len(unified.readmitted),
        notices=reading.notices,
    )


def _upsert(load: Load, unified: Unified, source: str, confirmed: frozenset[str], stamp: Stamp, step: Step) -> None:
    """Parents first."""
    tables = with_writers(with_totals(unified, load, source, confirmed), load)
    for table in parents_first():
        if table in tables and not tables[table].is_empty():
            load.upsert(table, tables[table], load_id=stamp.load_id, at=stamp.at)
            step(f"stored {table}")


def _take_away(
    load: Load, unified: Unified, source: str, confirmed: frozenset[str], stamp: Stamp, step: Step
) -> dict[str, int]:
    """What the source no longer holds, children first.

    A table that came empty is left as it is until a person confirms.
    """
    gone: dict[str, int] = {}
    for table in reversed(parents_first()):
        holding = unified.held.get(table)
        if holding is None or holding.is_doubtful(confirmed):
            continue
        gone[table] = load.remove_gone(
            table, source=source, held=holding.keys, load_id=stamp.load_id, at=stamp.at, within=holding.within
        )
        step(f"took away from {table}")
    return gone


def _replace_derived(load: Load, reading: Reading, unified: Unified, decided: Decided, stamp: Stamp) -> None:
    """Rows that are computed from other tables: those that are no longer implied go."""
    levels = unified.tables.get("inventory_levels")
    tables, unified.unexplained = derived_tables(load, reading, levels, decided.identities)
    for table, derived in tables.items():
        load.upsert(table, derived.frame, load_id=stamp.load_id, at=stamp.at)
        key = TABLES[table].primary_key()
        stored = load.read(table, tuple(key), where="source = :source", source=derived.source)
        load.remove(table, stored.join(derived.frame, on=key, how="anti"), load_id=stamp.load_id, at=stamp.at)
