"""When a connection is refreshed next: instants in, an instant out.

After an outage it is tried again soon, then ever more seldom; a delivery that was refused is not read again before it
changes or the usual time comes.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from data_access.connections import MOST_MINUTES, UPLOAD, Connection
from data_access.work import Outcome

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
# By so much a clock is put right now and then; who waits that much longer does not notice.
OFTEN_SET_BACK_BY = timedelta(minutes=5)
BUSY_WAIT = timedelta(minutes=1)
MOST_DOUBLINGS = 16

# How an attempt can end: what passes by itself is tried again after a wait of its own.
PASSING = frozenset({"outage", "failed", "stalled", "killed"})
OUTCOMES = ("loaded", "unchanged", "rejected", "busy", *sorted(PASSING))


def next_run(connection: Connection, outcome: Outcome | None) -> datetime | None:
    """The instant from which the connection is due; None: not before a person asks for it.

    An upload is read once; everything else again and again.
    """
    if connection.is_paused:
        return None
    if outcome is None or outcome.started_at < connection.changed_at:
        return connection.changed_at
    if outcome.outcome == "busy":
        return outcome.ended_at + BUSY_WAIT
    if outcome.outcome in PASSING:
        return outcome.ended_at + wait(outcome.failures)
    return None if connection.way == UPLOAD else outcome.ended_at + timedelta(minutes=connection.minutes)


def due_at(connection: Connection, outcome: Outcome | None, now: datetime) -> datetime | None:
    """The same by the clock as it goes now: what is stamped plainly later was written before that clock was put back,
    and nobody waits for the day that it told."""
    latest = now + OFTEN_SET_BACK_BY
    if connection.changed_at > latest:
        connection = replace(connection, changed_at=now if outcome is None else outcome.started_at)
    if outcome is not None and outcome.ended_at > latest:
        outcome = replace(outcome, ended_at=now - timedelta(minutes=MOST_MINUTES))
    return next_run(connection, outcome)


def is_behind(outcome: Outcome | None, now: datetime) -> bool:
    """Whether another refresh of the home was in the way a moment ago: then what was asked for has not begun."""
    return outcome is not None and outcome.outcome == "busy" and abs(now - outcome.ended_at) < BUSY_WAIT


def wait(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: one minute, then each time twice as long, one hour at most."""
    doublings = min(max(failures, 1) - 1, MOST_DOUBLINGS)
    return min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
