"""The worker: one process beside the server that keeps the connections of a home fresh, one after the other.

Each refresh runs in a process of its own, so that a source that stalls can be left, and memory is given back. Whichever
is killed, the next look at the files finds what is due: nothing that matters is kept in memory alone. A worker ends
with the server that started it.
"""

import contextlib
import hashlib
import json
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote, quote_plus

from data_access import subscriptions, work
from data_access.connections import Connection, ConnectionsDamaged, connections
from data_access.home import PROGRAM, Busy, Home, served_home
from data_access.mapping import Reading, SourceRefused
from data_access.schedule import PASSING, due_at, is_behind, next_run
from data_access.sealed import SecretLost
from data_access.snapshot import NoSnapshot
from data_access.work import Asked, Outcome, Progress
from refresh.run import Report, Request, refresh
from refresh.sources import request_for

LOG = logging.getLogger("tandem.worker")
LOOK_EVERY_SECONDS = 1.0
OTHER_WORKER_SECONDS = 5.0
WAIT_FOR_ROOM_SECONDS = 60.0
QUIET_SECONDS = 3_600.0
# Somebody looks at a page or waits for a refresh; a study can wait: it gets a third of a share beside them.
YIELDING = 5
WATCH_EVERY_SECONDS = 0.2
POST_EVERY_SECONDS, LONGEST_POST_SECONDS = 2.0, 3_600.0

# What a source says that is only away: it may be back in a minute, and nothing of it is wrong.
AWAY = frozenset({"timeout", "unreachable", "unknown_host", "connection_lost", "busy", "not_found", "no_space"})
# From a step of a refresh to what comes after it.
PHASES = {"read the source": "checking", "unified": "storing", "derived": "balancing", "committed": "publishing"}
READING, STUDYING = "reading", "studying"
STALLED = "There was no progress for {minutes:.0f} minutes, so it was ended. The earlier data still holds."
KILLED = "The refresh was ended from outside, perhaps for lack of memory. The earlier data still holds."
HIDDEN = "***"
# A process that is forked while Polars has threads hangs: each child is a new interpreter.
PROCESSES = multiprocessing.get_context("spawn")


@contextlib.contextmanager
def beside(home: Home) -> Iterator[None]:
    """A worker in a process of its own until the block ends, and no longer than this process lives."""
    before = signal.signal(signal.SIGTERM, _leave)
    worker = PROCESSES.Process(target=_accompany, args=(home,), name="worker")
    worker.start()
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        worker.terminate()
        worker.join()


def _leave(number: int, _frame: object) -> NoReturn:
    """Who is asked to end leaves the block, and what it started ends first."""
    sys.exit(128 + number)


def _accompany(home: Home) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's interrupt goes to the server, which ends the worker
    _end_with_parent()
    _log_to(home, ())
    run(home)


def run(home: Home) -> None:
    """Works until the process ends; waits while another worker of the home lives."""
    while True:
        try:
            with home.working():
                threading.Thread(target=_post, args=(home,), daemon=True, name="issues of subscriptions").start()
                _work(home)
        except Busy:
            time.sleep(OTHER_WORKER_SECONDS)


def _work(home: Home) -> None:
    """Looks again and again for what is due. What an earlier worker was doing when it died, nobody does any more."""
    work.rest(home)
    studied = ""
    while True:
        has_worked = _attended(home)
        served = served_home()
        newest = served.pointer.read_text(encoding="utf-8", errors="replace") if served.pointer.exists() else ""
        if not has_worked and newest != studied:
            studied = newest if study(home, served) else studied
        if not has_worked:
            time.sleep(LOOK_EVERY_SECONDS)


def _attended(home: Home) -> bool:
    """Whether there was a refresh to do; where not even its outcome can be kept, as on a full disk, it waits."""
    try:
        return attend(home)
    except OSError as error:
        LOG.warning("The home %s cannot be written to: %s", home.folder, error.strerror)
        time.sleep(WAIT_FOR_ROOM_SECONDS)
        return False


def _post(home: Home) -> None:
    """Sends issues of subscriptions beside refreshes, for as long as this process lives. Each look that finds one due
    is a process of its own: the program is asked as from the terminal, since who refreshes knows no reports."""
    while True:
        with contextlib.suppress(subscriptions.SubscriptionsDamaged):  # the page says so
            if subscriptions.due(home, datetime.now(UTC)):
                _send(home)
        time.sleep(POST_EVERY_SECONDS)


def _send(home: Home) -> None:
    """One look at what is due. Who is sending when this process is killed goes on to its end, and holds its lock."""
    command = [sys.executable, str(PROGRAM / "cli.py"), "subscription", "send"]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        subprocess.run(command, cwd=PROGRAM, timeout=LONGEST_POST_SECONDS, check=False, **quiet)  # type: ignore[call-overload]  # noqa: S603 - our own interpreter and program
    except subprocess.TimeoutExpired:
        LOG.warning("Sending reports took more than an hour and was ended, in %s", home.folder.name)


def attend(home: Home, *, quiet_seconds: float = QUIET_SECONDS) -> bool:
    """Refreshes the connection that is due first, if one is; whether there was one."""
    found = first_due(home, datetime.now(UTC))
    if found is None:
        return False
    connection, asked = found
    mark, started = _asked_at(home, connection), datetime.now(UTC)
    work.tell(home, Progress(connection_id=connection.connection_id, step=READING, started_at=started, since=started))
    child = PROCESSES.Process(target=_attempt, args=(home, connection, asked))
    trouble = _ended(home, child, quiet_seconds)
    if trouble is not None:
        kind, message = trouble
        _note(home, connection, Outcome(started_at=started, ended_at=datetime.now(UTC), outcome=kind, message=message))
    has_begun = not is_behind(work.outcomes(home).get(connection.connection_id), started)
    if asked is not None and has_begun and mark == _asked_at(home, connection):
        work.answered(home, connection.connection_id)
    work.rest(home)
    return True


def _asked_at(home: Home, connection: Connection) -> int | None:
    """When somebody asked last: who asks again meanwhile is served again."""
    path = work.folder(home) / "asked" / connection.connection_id
    return path.stat().st_mtime_ns if path.exists() else None


def first_due(home: Home, now: datetime) -> tuple[Connection, Asked | None] | None:
    """The connection that is refreshed next: one that a person asked for, else the one that is longest due."""
    try:
        known = {each.connection_id: each for each in connections(home)}
    except ConnectionsDamaged as error:
        LOG.warning("%s", error)
        return None
    asked, outcomes = work.asked(home), work.outcomes(home)
    for gone in asked.keys() - known.keys():
        work.answered(home, gone)
    wanted = next((known[key] for key in asked if key in known and not is_behind(outcomes.get(key), now)), None)
    if wanted is not None:
        return wanted, asked[wanted.connection_id]
    times = {key: due_at(each, outcomes.get(key), now) for key, each in known.items()}
    due = sorted((at, key) for key, at in times.items() if at is not None and at <= now)
    return (known[due[0][1]], None) if due else None


def _ended(home: Home, child: BaseProcess, quiet_seconds: float) -> tuple[str, str] | None:
    """Waits for a refresh; how it ended and why, where it could not say so itself."""
    child.start()
    told, heard = work.progress(home), time.monotonic()
    while child.is_alive():
        child.join(WATCH_EVERY_SECONDS)
        before, told = told, work.progress(home)
        heard = heard if told == before else time.monotonic()
        if time.monotonic() - heard > quiet_seconds:
            _kill(child)
            return "stalled", STALLED.format(minutes=quiet_seconds / 60)
    return None if child.exitcode == 0 else ("killed", KILLED)


def _kill(child: BaseProcess) -> None:
    child.kill()
    child.join()


def _attempt(home: Home, connection: Connection, asked: Asked | None) -> None:
    """One refresh, in a process of its own."""
    _end_with_parent()
    try:
        _log_to(home, _secrets_of(connection, home))
        refreshed(home, connection, asked)
    except SecretLost as error:
        now = datetime.now(UTC)
        _note(home, connection, Outcome(started_at=now, ended_at=now, outcome="rejected", message=str(error)))


def refreshed(home: Home, connection: Connection, asked: Asked | None = None) -> None:
    """Refreshes a connection here and now, and keeps how that ended."""
    started, url = datetime.now(UTC), connection.url(home)
    before = work.outcomes(home).get(connection.connection_id)
    fingerprint = fingerprint_of(home, connection.folder(home))
    if asked is None and before is not None and _is_unchanged(before, connection, fingerprint):
        still = "rejected" if before.outcome == "rejected" else "unchanged"
        _note(home, connection, replace(before, started_at=started, ended_at=datetime.now(UTC), outcome=still))
        return
    meter = _Meter(home, connection.connection_id, started)
    outcome = _outcome(meter, refresh(home, _request(home, connection, url, asked, meter), step=meter.step))
    _note(home, connection, replace(outcome, fingerprint=fingerprint))


def _is_unchanged(before: Outcome, connection: Connection, fingerprint: str | None) -> bool:
    """Whether the files are those that were loaded or refused last."""
    is_known = before.outcome in {"loaded", "unchanged", "rejected"} and before.started_at >= connection.changed_at
    return is_known and fingerprint is not None and before.fingerprint == fingerprint


def _request(home: Home, connection: Connection, url: str | None, asked: Asked | None, meter: "_Meter") -> Request:
    """The refresh of a connection. A place that was named anew is read whole: its past changes are not ours."""
    before = work.outcomes(home).get(connection.connection_id)
    is_new = before is None or before.loaded_at is None or before.loaded_at < connection.changed_at
    request = request_for(
        connection.source,
        url=url,
        path=connection.folder(home),
        full=is_new or (asked is not None and asked.full),
        partial=False,
        confirmed=frozenset(asked.confirmed if asked is not None else ()),
        mapping=connection.mapping(home),
    )
    return replace(request, read=meter.reading(request.read))


@dataclass
class _Meter:
    """What a refresh tells while it runs, and why its source was refused."""

    home: Home
    connection_id: str
    started_at: datetime
    rows: int | None = None
    rule: str = ""

    def reading(self, read: Callable[[str | None], Reading]) -> Callable[[str | None], Reading]:
        """The same reading; it counts rows, and notes the rule of a refusal."""

        def counted(since: str | None) -> Reading:
            try:
                reading = read(since)
            except SourceRefused as refused:
                self.rule = refused.rule
                raise
            self.rows = sum(extract.frame.height for extract in reading.extracts)
            return reading

        return counted

    def step(self, name: str) -> None:
        """Tells what comes after a step; single tables of one phase are signs of life."""
        phase = PHASES.get(name) or ("storing" if name.startswith(("stored", "took away")) else None)
        if phase is not None:
            told = Progress(
                connection_id=self.connection_id,
                step=phase,
                started_at=self.started_at,
                since=datetime.now(UTC),
                rows=self.rows,
            )
            work.tell(self.home, told)


def _outcome(meter: _Meter, report: Report) -> Outcome:
    is_away = report.outcome == "rejected" and meter.rule in AWAY
    ended = datetime.now(UTC)
    return Outcome(
        started_at=meter.started_at,
        ended_at=ended,
        outcome="outage" if is_away else report.outcome,
        message=report.message,
        loaded_at=ended if report.outcome == "loaded" else None,
        tables=report.tables,
        notices=tuple(notice.detail for notice in report.notices),
        ignored=report.ignored,
    )


def _note(home: Home, connection: Connection, outcome: Outcome) -> None:
    """Keeps how an attempt ended, counted with those before it. What was loaded last stays known."""
    before = work.outcomes(home).get(connection.connection_id)
    failures = (before.failures if before is not None else 0) + 1 if outcome.outcome in PASSING else 0
    final = replace(outcome, failures=failures)
    if before is not None and outcome.outcome != "loaded":
        final = replace(final, loaded_at=before.loaded_at, tables=outcome.tables or before.tables)
    work.note(home, connection.connection_id, final, among={each.connection_id for each in connections(home)})


def fingerprint_of(home: Home, folder: Path | None) -> str | None:
    """What tells one state of a delivery from another, people's decisions included; None where it is a server."""
    if folder is None or not folder.exists():
        return None
    files = sorted(folder.iterdir()) if folder.is_dir() else [folder]
    files += sorted((home.folder / "journal").glob("*.ndjson"))
    states = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.is_file()]
    return hashlib.sha256(json.dumps(states).encode()).hexdigest()


def study(home: Home, served: Home) -> bool:
    """Works out the studies that the newest snapshot has not; whether it came to an end: who asks for a refresh
    meanwhile does not wait for it."""
    child = PROCESSES.Process(target=_study, args=(home, served))
    child.start()
    while child.is_alive():
        child.join(WATCH_EVERY_SECONDS)
        if child.is_alive() and _is_waited_for(home):
            _kill(child)
            work.rest(home)
            return False
    work.rest(home)
    return True


def _is_waited_for(home: Home) -> bool:
    """Whether somebody asked for a refresh, or connected a system that was not read yet."""
    now = datetime.now(UTC)
    found, outcomes = first_due(home, now), work.outcomes(home)
    if found is None or found[1] is not None:
        return found is not None
    unread = [next_run(each, None) for each in connections(home) if each.connection_id not in outcomes]
    return any(at is not None and at <= now for at in unread)


def _study(home: Home, served: Home) -> None:
    from refresh import studies  # who waits for what is due needs no learner in its memory

    os.nice(YIELDING)
    _end_with_parent()
    _log_to(home, ())
    started = datetime.now(UTC)
    with contextlib.suppress(NoSnapshot):  # removed or damaged meanwhile: the next one has its studies
        for name in studies.missing(served):
            told = Progress(connection_id="", step=STUDYING, started_at=started, since=datetime.now(UTC))
            work.tell(home, told)
            studies.work_out(served, [name])


def _end_with_parent() -> None:
    """Ends this process when the one that started it is gone, however that ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_end, args=(parent,), daemon=True, name="end with parent").start()


def _wait_and_end(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


class Discreet(logging.Formatter):
    """Lines of the log in which no secret stands, whatever a driver says."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__("%(asctime)s %(name)s %(levelname)s %(message)s")
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """The line, its traceback included, without the secrets."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return line


def _secrets_of(connection: Connection, home: Home) -> tuple[str, ...]:
    """The password as it is and as it stands in an address: our own leaves blanks and plus signs."""
    password = connection.password(home)
    return password, quote_plus(password), quote(password, safe=""), quote(password, safe=" +")


def _log_to(home: Home, secrets: tuple[str, ...]) -> None:
    handler = logging.FileHandler(home.made().folder / "tandem.log", encoding="utf-8", delay=True)
    handler.setFormatter(Discreet(secrets))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
