"""What Service and voice says in words: the title with the message, and the cards."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from analytics.service_times import BACKLOG, QUARTER_DAYS
from display.messages import Card, Tone
from display.numbers import count, day, percent, quantity
from display.words import say

Row = Mapping[str, Any]


def backlog(tickets: pl.DataFrame) -> pl.DataFrame:
    """The tickets that wait for an answer or an end."""
    return tickets.filter(pl.col("status").is_in(BACKLOG))


def title(tickets: pl.DataFrame, waves: pl.DataFrame, language: str) -> str:
    """The message of the page: the clearest thing that rose, else how many tickets wait."""
    if waves.height:
        wave = waves.row(0, named=True)
        topic, times = say(language, f"topic.{wave['topic']}"), quantity(round(wave["times"]), language)
        group = wave["group"] or say(language, "none")
        values = {"topic": topic, "group": group, "times": times, "count": wave["voices"]}
        return say(language, "service.title.wave", day=day(wave["until_on"], language), **values)
    waiting = backlog(tickets).height
    return say(language, "service.title.backlog", count=waiting) if waiting else say(language, "service.title.calm")


def caption(as_of: date, language: str, *, has_hours: bool) -> str:
    """For which time the numbers hold, and by which clock."""
    return say(language, "service.caption" if has_hours else "service.caption.clock", day=day(as_of, language))


def cards(tickets: pl.DataFrame, surveys: pl.DataFrame, as_of: date, language: str) -> tuple[Card, ...]:
    """Six numbers of the last 91 days."""
    since = as_of - timedelta(days=QUARTER_DAYS)
    opened = pl.col("opened_at").dt.date()
    now = tickets.filter(opened > since)
    before = tickets.filter((opened > since - timedelta(days=QUARTER_DAYS)) & (opened <= since))
    earlier = say(language, "service.card.opened.note", count=count(before.height, language))
    return (
        _card("opened", count(now.height, language), earlier, language),
        _backlog(tickets, language),
        _first(now, language),
        _resolution(now, before, language),
        _measure("nps", surveys, language),
        _measure("csat", surveys, language),
    )


def _card(name: str, value: str, note: str, language: str, tone: Tone = "quiet") -> Card:
    words = f"service.card.{name}"
    return Card(name, say(language, words), value, note, say(language, f"{words}.help"), tone)


def _backlog(tickets: pl.DataFrame, language: str) -> Card:
    waiting = backlog(tickets)
    unanswered = waiting["first_response_at"].null_count()
    note = say(language, "service.card.backlog.note", count=count(unanswered, language))
    return _card("backlog", count(waiting.height, language), note, language, "warn" if unanswered else "quiet")


def _hours(value: Any, language: str) -> str:
    return say(language, "none") if value is None else say(
        language, "service.hours", hours=quantity(round(value, 1), language)
    )  # fmt: skip


def _first(now: pl.DataFrame, language: str) -> Card:
    hours = now["first_response_hours"]
    most = hours.quantile(0.9, "linear")
    note = "" if most is None else say(language, "service.card.first.note", hours=_hours(most, language))
    return _card("first", _hours(hours.median(), language), note, language)


def _resolution(now: pl.DataFrame, before: pl.DataFrame, language: str) -> Card:
    earlier = before["resolution_hours"].median()
    note = "" if earlier is None else say(language, "service.card.resolution.note", hours=_hours(earlier, language))
    return _card("resolution", _hours(now["resolution_hours"].median(), language), note, language)


def _measure(name: str, surveys: pl.DataFrame, language: str) -> Card:
    known = surveys.filter((pl.col("measure") == name) & pl.col("value").is_not_null())
    if known.is_empty():
        return _card(name, say(language, "none"), "", language)
    row = known.row(0, named=True)
    value, low, high = (_value(name, row[column], language) for column in ("value", "low", "high"))
    note = say(language, "service.card.measure.note", low=low, high=high, count=count(row["answers"], language))
    return _card(name, value, note, language)


def _whole(share: float, language: str) -> str:
    return percent(round(share, 2), language).replace(".0", "")


def _value(name: str, value: float, language: str) -> str:
    return _whole(value, language) if name == "csat" else f"{round(100 * value):+d}".replace("-", "\u2212")


def cost(waves: pl.DataFrame, language: str) -> str:
    """What the wave that cost most did, in orders that never came; empty where no wave is told."""
    if waves.is_empty():
        return ""
    told = waves.drop_nulls("fell").sort("orders_lost", descending=True)
    if told.is_empty():
        return say(language, "service.wave.none")
    wave = told.row(0, named=True)
    shares = {word: _whole(wave[name], language) for word, name in _SHARES.items()}
    numbers = {word: count(round(wave[name]), language) for word, name in _NUMBERS.items()}
    called = {"topic": say(language, f"topic.{wave['topic']}"), "group": wave["group"] or say(language, "none")}
    day_on = day(wave["fell_on"], language)
    return say(language, "service.wave.cost", **called, day=day_on, **shares, **numbers, now=_now(wave, language))


_SHARES = {"share": "fell", "low": "fell_low", "high": "fell_high"}
_NUMBERS = {"orders": "orders_lost", "orders_low": "orders_low", "orders_high": "orders_high", "units": "units_lost"}


def _now(wave: Row, language: str) -> str:
    if wave["eased_on"] is None:
        return say(language, "service.wave.lasts")
    still = _whole(wave["still"], language)
    return say(language, "service.wave.eased", day=day(wave["eased_on"], language), still=still)
