"""What Connect says in words: how the connections do, what a test showed, what is being done."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import polars as pl

from display.messages import Fact
from display.numbers import age, count, instant
from display.tables.health import source_name
from display.words import say

WORST = ("running", "waiting", "failed", "refused", "away")
FEW, MINUTE = 6, 60


class Doing(Protocol):
    """What the worker does at this moment."""

    @property
    def step(self) -> str:
        """Its step."""

    @property
    def rows(self) -> int | None:
        """Rows read so far, if known."""

    @property
    def started_at(self) -> datetime:
        """When it began."""


class Tried(Protocol):
    """What a test showed."""

    @property
    def outcome(self) -> str:
        """How it ended."""

    @property
    def message(self) -> str | None:
        """Why it could not be done."""

    @property
    def is_large(self) -> bool:
        """Whether there is more of it than a test may check."""

    @property
    def may_go(self) -> bool:
        """Whether loading would bring anything."""

    @property
    def tables(self) -> pl.DataFrame:
        """Rows by table."""

    @property
    def absent(self) -> tuple[str, ...]:
        """Tables that are not there."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person should know."""

    @property
    def ignored(self) -> tuple[str, ...]:
        """What was not read."""


def title(connections: pl.DataFrame, language: str) -> str:
    """The message of the page: what is being done, else the worst that is true, or that all is well."""
    if connections.is_empty():
        return say(language, "connect.title.none")
    for state in WORST:
        names = connections.filter(pl.col("state") == state)["name"].to_list()
        if names:
            return say(language, f"connect.title.{state}", name=names[0], names=listed(names, language))
    fresh = connections.filter(pl.col("state") == "fresh").height
    return say(language, "connect.title.fresh", count=fresh) if fresh else say(language, "connect.title.paused")


def caption(connections: pl.DataFrame, language: str, zone: str | None) -> str:
    """That nothing is ever written, and when the next refresh is."""
    if connections.is_empty():
        return say(language, "connect.caption.first")
    times = connections["next_at"].drop_nulls()
    soonest = times.min()
    told = say(language, "connect.caption.none")
    if isinstance(soonest, datetime):
        told = say(language, "connect.caption.next", when=instant(soonest, language, zone))
    return say(language, "connect.caption", next=told)


def listed(names: Sequence[str], language: str) -> str:
    """Names with commas; of many the first, and how many more there are."""
    if len(names) <= FEW:
        return ", ".join(names)
    return say(language, "connect.trial.more", names=", ".join(names[:FEW]), count=len(names) - FEW)


def tried(trial: Tried, language: str) -> str:
    """What a test showed, in one sentence."""
    rows, loaded = (int(trial.tables[name].sum()) for name in ("rows_read", "rows_loaded"))
    told = {name: count(number, language) for name, number in (("rows", rows), ("loaded", loaded))}
    if trial.outcome in {"seen", "loaded"}:
        words = trial.outcome if trial.may_go else "nothing"
        return say(language, f"connect.trial.{words}", tables=count(trial.tables.height, language), **told)
    words = "large" if trial.is_large else "too_long" if trial.outcome == "too_long" else "refused"
    return say(language, f"connect.trial.{words}", message=trial.message or "")


def remarks(trial: Tried, language: str) -> list[str]:
    """What else a person should know of a test: what is not there, what was not read, what was noticed."""
    told = list(trial.notices)
    for words, names in (("absent", trial.absent), ("ignored", trial.ignored)):
        if names:
            shown = listed(names, language)
            told.append(say(language, f"connect.trial.{words}", names=shown, count=len(names)))
    return told


def doing(name: str, progress: Doing, now: datetime, language: str) -> str:
    """What is being loaded, how long already, and how many rows were read."""
    passed = _passed(now - progress.started_at, language)
    if not name:
        return say(language, "connect.studying", age=passed)
    words = "connect.live" if progress.rows is None else "connect.live.rows"
    rows = "" if progress.rows is None else count(progress.rows, language)
    return say(language, words, name=name, rows=rows, age=passed)


def _passed(time: timedelta, language: str) -> str:
    """Seconds within the first minute, then minutes and more."""
    seconds = int(time.total_seconds())
    return say(language, "connect.seconds", count=max(1, seconds)) if seconds < MINUTE else age(time, language)


def facts(connection: Mapping[str, Any], language: str, zone: str | None) -> list[Fact]:
    """Where a connection is, how often it is refreshed, and how it does."""
    minutes, message = connection["minutes"], connection["message"]
    how = say(language, "connect.fact.once") if minutes is None else say(language, "connect.fact.every", count=minutes)
    told = [
        Fact(source_name(connection["source"], language), connection["place"]),
        Fact(say(language, "connect.fact.minutes"), how),
    ]
    for name, column in (("last", "last_attempt_at"), ("loaded", "loaded_at"), ("next", "next_at")):
        if connection[column] is not None:
            told.append(Fact(say(language, f"connect.fact.{name}"), instant(connection[column], language, zone)))
    return [*told, Fact(say(language, "connect.fact.message"), message, "warn")] if message else told
