"""Connections: which systems are connected and how they do; a test before one is loaded; and what changes them.

They belong to the firm's home, also while the sample company is served, and to no company: who may manage sources sees
them whole, except passwords, which nobody sees.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import IO, Any

import polars as pl

from analytics.access import Viewer, require
from analytics.tables.columns import INSTANT
from data_access import audit, deliveries, errands, schedule, work
from data_access import connections as kept
from data_access.connections import (
    FEWEST_MINUTES,
    MOST_MINUTES,
    PATH,
    PORTS,
    RULES,
    SERVER,
    UPLOAD,
    USUAL_MINUTES,
    WAYS,
    Connection,
    ConnectionRefused,
    ConnectionsDamaged,
    Place,
    Server,
)
from data_access.deliveries import LARGEST_UPLOAD_MB, UploadRefused
from data_access.home import Busy, firm_home
from data_access.sealed import SecretLost
from data_access.work import Asked, Outcome, Progress

RIGHT = "sources.manage"
LOOK_SECONDS, REHEARSAL_SECONDS = 45.0, 180.0
STATES = ("running", "waiting", "paused", "fresh", "away", "refused", "failed", "never")
STEPS = ("reading", "checking", "storing", "balancing", "publishing")
LISTED = {
    "connection_id": pl.String(),
    "name": pl.String(),
    "source": pl.String(),
    "way": pl.String(),
    "place": pl.String(),
    "state": pl.String(),
    "minutes": pl.Int64(),
    "last_attempt_at": INSTANT,
    "loaded_at": INSTANT,
    "next_at": INSTANT,
    "rows_read": pl.Int64(),
    "rows_loaded": pl.Int64(),
    "rows_quarantined": pl.Int64(),
    "message": pl.String(),
}
COUNTS = {
    "rows_read": "read",
    "rows_loaded": "loaded",
    "rows_quarantined": "quarantined",
    "rows_duplicate": "duplicates",
}
TABLES = {"source_table": pl.String(), "outcome": pl.String(), **dict.fromkeys(COUNTS, pl.Int64())}
PROBLEMS = {"source_table": pl.String(), "rule": pl.String(), "detail": pl.String(), "rows": pl.Int64()}
OF_OUTCOME = {"loaded": "fresh", "unchanged": "fresh", "rejected": "refused", "outage": "away", "busy": "waiting"}
CONFIRMED = r"--confirm (\w+)"


@dataclass(frozen=True)
class Trial:
    """What a test showed before anything is loaded.

    ``outcome``: seen (a database: only rows were counted), loaded (a delivery: every row was checked), rejected,
    too_long or failed. ``message``: one sentence, where it is none of the first two. ``absent``: tables that the system
    does without. ``ignored``: files that hold no known table. ``is_large``: a delivery of which more has to be checked
    than a test may take; loading checks every row as well.
    """

    outcome: str
    message: str | None
    tables: pl.DataFrame
    problems: pl.DataFrame
    absent: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    is_large: bool = False

    @property
    def may_go(self) -> bool:
        """Whether loading would bring anything."""
        is_taken = (self.tables["outcome"] != "reject_table").fill_null(value=True)
        return self.outcome in {"seen", "loaded"} and bool(is_taken.any())


def connections(viewer: Viewer, *, now: datetime | None = None) -> pl.DataFrame:
    """One row per connection, by name.

    state: running, waiting (asked for, due, or behind another refresh), paused, fresh, away (a source that does not
    answer is tried again), refused, failed, never (it has not been tried). next_at: null where only a person starts it,
    and where it is being refreshed or about to be.
    Counts are those of the latest load.
    """
    require(viewer, RIGHT)
    home, at = firm_home(), now or datetime.now(UTC)
    outcomes, asked, running = work.outcomes(home), work.asked(home), work.progress(home)
    rows = [
        _listed(each, outcomes.get(each.connection_id), at)
        | {"place": each.shown(home)}
        | _active(each.connection_id, asked, running)
        for each in kept.connections(home)
    ]
    return pl.DataFrame(rows, schema=LISTED)


def _active(connection_id: str, asked: Mapping[str, Asked], running: Progress | None) -> dict[str, str | None]:
    if running is not None and running.connection_id == connection_id:
        return {"state": "running", "next_at": None}
    return {"state": "waiting", "next_at": None} if connection_id in asked else {}


def _listed(connection: Connection, outcome: Outcome | None, now: datetime) -> dict[str, Any]:
    next_at = schedule.due_at(connection, outcome, now)
    is_due = next_at is not None and next_at <= now
    told = {} if outcome is None else outcome.tables
    sums = {name: sum(table.get(key, 0) for table in told.values()) for name, key in COUNTS.items() if name in LISTED}
    return {
        "connection_id": connection.connection_id,
        "name": connection.name,
        "source": connection.source,
        "way": connection.way,
        "state": _state(connection, outcome, is_due=is_due),
        "minutes": connection.minutes if connection.way != UPLOAD else None,
        "last_attempt_at": None if outcome is None else outcome.ended_at,
        "loaded_at": None if outcome is None else outcome.loaded_at,
        "next_at": None if is_due else next_at,
        **({} if not told else sums),
        "message": None if outcome is None else outcome.message,
    }


def _state(connection: Connection, outcome: Outcome | None, *, is_due: bool) -> str:
    if connection.is_paused:
        return "paused"
    if is_due:
        return "waiting"
    if outcome is None:
        return "never"
    state = OF_OUTCOME.get(outcome.outcome, "failed")
    is_refused = state == "fresh" and any(table["outcome"] == "reject_table" for table in outcome.tables.values())
    return "refused" if is_refused else state


def tables(viewer: Viewer, connection_id: str) -> pl.DataFrame:
    """One row per table that the latest load of a connection brought, with what became of its rows."""
    return _tables(_outcome_of(viewer, connection_id).tables)


def problems(viewer: Viewer, connection_id: str) -> pl.DataFrame:
    """One row per table and rule that its rows broke, or that it was warned about, at the latest load."""
    return _problems(_outcome_of(viewer, connection_id).tables)


def _outcome_of(viewer: Viewer, connection_id: str) -> Outcome:
    require(viewer, RIGHT)
    never = datetime.fromtimestamp(0, UTC)
    return work.outcomes(firm_home()).get(connection_id, Outcome(started_at=never, ended_at=never, outcome="never"))


def _tables(told: Mapping[str, Mapping[str, Any]]) -> pl.DataFrame:
    rows = [
        {"source_table": name, "outcome": table.get("outcome"), **{to: table.get(key) for to, key in COUNTS.items()}}
        for name, table in sorted(told.items())
    ]
    return pl.DataFrame(rows, schema=TABLES)


def _problems(told: Mapping[str, Mapping[str, Any]]) -> pl.DataFrame:
    rows = [problem for name, table in sorted(told.items()) for problem in _problems_of(name, table)]
    return pl.DataFrame(rows, schema=PROBLEMS)


def _problems_of(name: str, table: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for rule, rows in sorted(table.get("reasons", {}).items()):
        yield {"source_table": name, "rule": rule, "detail": None, "rows": rows}
    for warning in table.get("warnings", ()):
        yield {"source_table": name, "rule": warning["rule"], "detail": warning["detail"], "rows": None}


def doubtful(viewer: Viewer, connection_id: str) -> list[str]:
    """The tables whose surprising change waits for a person to say that it is meant."""
    details = problems(viewer, connection_id)["detail"].drop_nulls()
    return details.str.extract(CONFIRMED).drop_nulls().unique(maintain_order=True).to_list()


def progress(viewer: Viewer) -> Progress | None:
    """What the worker does now; None where it does nothing."""
    require(viewer, RIGHT)
    return work.progress(firm_home())


def mark(viewer: Viewer) -> str:
    """Another text whenever a refresh began, went a step on or ended: what a screen that stands open looks at."""
    require(viewer, RIGHT)
    running = work.progress(firm_home())
    ended = {key: outcome.ended_at.isoformat() for key, outcome in work.outcomes(firm_home()).items()}
    step = None if running is None else (running.connection_id, running.started_at.isoformat())
    return repr((step, sorted(ended.items()), sorted(work.asked(firm_home()))))


def has_worker(viewer: Viewer) -> bool:
    """Whether a worker keeps the connections fresh."""
    require(viewer, RIGHT)
    try:
        with firm_home().working():
            return False
    except Busy:
        return True


def upload(viewer: Viewer, files: Iterable[tuple[str, IO[bytes]]]) -> str:
    """Keeps uploaded files in the home, and tells the delivery's name; ``UploadRefused`` says why not."""
    require(viewer, RIGHT)
    return deliveries.keep(firm_home(), files)


def trial(viewer: Viewer, source: str, place: Place, *, connection_id: str | None = None) -> Trial:
    """What loading from a place would bring, within a time limit; nothing is loaded.

    ``connection_id``: the connection whose password stands in, where none is given and the server is the same.
    """
    require(viewer, RIGHT)
    home = firm_home()
    whole = place if connection_id is None else kept.completed(home, connection_id, place)
    kept.checked(home, source, whole)
    if whole.server is not None:
        return _run({"errand": "look", "source": source, "url": whole.server.url(source)}, LOOK_SECONDS)
    path = deliveries.folder(home, whole.delivery) if whole.delivery is not None else whole.path
    mapping = None if whole.mapping is None else str(deliveries.mapping(home, whole.mapping))
    asked = {"errand": "rehearsal", "source": source, "path": str(path), "mapping": mapping}
    tried = _run(asked, REHEARSAL_SECONDS)
    return replace(tried, is_large=tried.outcome == "too_long")


def _run(asked: Mapping[str, Any], seconds: float) -> Trial:
    try:
        told = errands.run(asked, seconds=seconds)
    except errands.TookTooLong as late:
        told = {"outcome": "too_long", "message": str(late)}
    tables = told.get("tables", {})
    absent, notices, ignored = (tuple(told.get(name, ())) for name in ("absent", "notices", "ignored"))
    return Trial(told["outcome"], told.get("message"), _tables(tables), _problems(tables), absent, notices, ignored)


def add(viewer: Viewer, name: str, source: str, place: Place, *, minutes: int = USUAL_MINUTES) -> str:
    """Connects a system, which is loaded at once; its key. ``ConnectionRefused`` says why it cannot be."""
    require(viewer, RIGHT)
    made = kept.add(firm_home(), name, source, place, at=datetime.now(UTC), minutes=minutes)
    _note(viewer, "added", made.connection_id)
    return made.connection_id


def _note(viewer: Viewer, what: str, connection_id: str) -> None:
    """Writes into the audit log what was done to a connection, by its name."""
    names = {each.connection_id: each.name for each in kept.connections(firm_home())}
    if connection_id in names:
        audit.note(firm_home(), datetime.now(UTC), viewer.user, f"connection_{what}", names[connection_id])


def change(
    viewer: Viewer,
    connection_id: str,
    *,
    name: str | None = None,
    minutes: int | None = None,
    place: Place | None = None,
) -> None:
    """Changes what is named; another place is loaded whole, at once."""
    require(viewer, RIGHT)
    kept.change(firm_home(), connection_id, at=datetime.now(UTC), name=name, minutes=minutes, place=place)
    _note(viewer, "changed", connection_id)


def pause(viewer: Viewer, connection_id: str, *, is_paused: bool) -> None:
    """Stops the refreshes of a connection, or lets them go on."""
    require(viewer, RIGHT)
    kept.pause(firm_home(), connection_id, is_paused=is_paused)
    _note(viewer, "paused" if is_paused else "resumed", connection_id)


def remove(viewer: Viewer, connection_id: str) -> None:
    """Forgets a connection and its password. What it loaded stays."""
    require(viewer, RIGHT)
    _note(viewer, "removed", connection_id)
    kept.remove(firm_home(), connection_id)


def refresh_now(viewer: Viewer, connection_id: str, *, full: bool = False, confirmed: Iterable[str] = ()) -> None:
    """Asks for a refresh, also of a paused connection; ``confirmed``: tables whose surprising change is meant."""
    require(viewer, RIGHT)
    work.ask(firm_home(), connection_id, Asked(full=full, confirmed=tuple(confirmed)))
    _note(viewer, "asked", connection_id)


def settings(viewer: Viewer, connection_id: str) -> Connection | None:
    """A connection as it was made, without its password; None where it is gone."""
    require(viewer, RIGHT)
    found = (each for each in kept.connections(firm_home()) if each.connection_id == connection_id)
    return next((each.without_secret() for each in found), None)


def read_only_user(viewer: Viewer, source: str, database: str, user: str) -> str:
    """The SQL that makes a user of a database who may read what Tandem reads, and nothing else."""
    from data_access.read_only import statements

    require(viewer, RIGHT)
    return statements(source, database, user)


__all__ = [
    "FEWEST_MINUTES",
    "LARGEST_UPLOAD_MB",
    "MOST_MINUTES",
    "PATH",
    "PORTS",
    "RULES",
    "SERVER",
    "UPLOAD",
    "USUAL_MINUTES",
    "WAYS",
    "Connection",
    "ConnectionRefused",
    "ConnectionsDamaged",
    "Place",
    "Progress",
    "SecretLost",
    "Server",
    "Trial",
    "UploadRefused",
]
