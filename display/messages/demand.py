"""What Demand says in words: the title with the message, the cards, how sure it is, and what demand is made of."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Protocol

import polars as pl

from display.messages import Card, Fact, Tone
from display.numbers import count, day, money, percent, quantity
from display.words import say

SAME = 0.005
SPANS = (7, 28, 91)
RECENT_DAYS = 364
Written = Callable[[float], str]


class Measure(Protocol):
    """What demand counts in; see ``answers.demand.Measure``."""

    @property
    def currency(self) -> str | None:
        """Money of it."""

    @property
    def unit(self) -> str | None:
        """Or quantity in it."""

    @property
    def left_out(self) -> int:
        """How many items do not count."""


def written(measure: Measure, language: str) -> Written:
    """How amounts of the measure are written."""
    currency = measure.currency
    if currency is not None:
        return lambda value: money(value, currency, language, narrow=True)
    return lambda value: quantity(round(value, 1) if abs(value) < 10 else round(value), language, measure.unit)


def _span(spans: pl.DataFrame, days: int) -> dict[str, float | None]:
    return spans.filter(pl.col("days") == days).row(0, named=True)


def title(spans: pl.DataFrame, item: str, measure: Measure, language: str) -> str:
    """The message: how much the next four weeks bring, and against a year before."""
    if spans.is_empty():
        return say(language, "demand.title.nothing")
    month = _span(spans, 28)
    mean, before = month["mean"] or 0.0, month["last_year"]
    what = written(measure, language)(mean)
    text = (
        say(language, "demand.title.item", item=item, what=what) if item else say(language, "demand.title", what=what)
    )
    if not before:
        return text
    change = mean / before - 1
    words = "same" if abs(change) < SAME else "more" if change > 0 else "less"
    return say(language, f"demand.title.{words}", title=text, share=percent(abs(change), language))


def caption(on: date, measure: Measure, language: str, *, item: bool) -> str:
    """Up to which day demand is known, what it counts in, and what does not count."""
    if measure.currency is not None:
        told = say(language, "demand.caption.money", day=day(on, language))
    else:
        told = say(language, "demand.caption.unit", day=day(on, language), unit=measure.unit or "")
    if item or not measure.left_out:
        return told
    words = "demand.caption.left_out" if measure.currency is not None else "demand.caption.other_unit"
    return f"{told} · {say(language, words, count=measure.left_out)}"


def cards(
    spans: pl.DataFrame, missed: pl.DataFrame, odd: pl.DataFrame, measure: Measure, on: date, language: str
) -> tuple[Card, ...]:
    """Three spans, the year before, the usual miss, and what was corrected."""
    return (
        *(_expected(spans, days, measure, language) for days in SPANS),
        _year(spans, measure, language),
        _missed(missed, language),
        _odd(odd, on, language),
    )


def _card(name: str, value: str, note: str, language: str, tone: Tone = "quiet") -> Card:
    words = f"demand.card.{name}"
    return Card(name, say(language, words), value, note, say(language, f"{words}.help"), tone)


def _expected(spans: pl.DataFrame, days: int, measure: Measure, language: str) -> Card:
    row, write = _span(spans, days), written(measure, language)
    note = say(language, "demand.card.range", low=write(row["q10"] or 0.0), high=write(row["q90"] or 0.0))
    return Card(
        f"next_{days}",
        say(language, f"demand.card.{days}"),
        write(row["mean"] or 0.0),
        note,
        say(language, "demand.card.help"),
    )


def _year(spans: pl.DataFrame, measure: Measure, language: str) -> Card:
    row = _span(spans, 91)
    before = row["last_year"]
    if not before:
        return _card("year", say(language, "none"), say(language, "demand.card.year.none"), language)
    change = (row["mean"] or 0.0) / before - 1
    note = say(language, "demand.card.year.note", value=written(measure, language)(before))
    return _card("year", f"{'+' if change > 0 else ''}{percent(change, language)}", note, language)


def _missed(missed: pl.DataFrame, language: str) -> Card:
    row = four_weeks(missed)
    if row is None:
        return _card("missed", say(language, "none"), "", language)
    naive = say(language, "none") if row[2] is None else percent(row[2], language)
    return _card("missed", percent(row[1], language), say(language, "demand.card.missed.note", naive=naive), language)


def four_weeks(missed: pl.DataFrame) -> tuple[int, float, float | None] | None:
    """Of hindcasts of four weeks: how many, what they missed, and what the year before would have missed; null without
    any. ``missed``: weeks, cases, missed, missed_last_year."""
    rows = missed.filter(pl.col("weeks") == 4).drop_nulls("missed").drop_nans("missed")
    return None if rows.is_empty() else rows.select("cases", "missed", "missed_last_year").row(0)


def _odd(odd: pl.DataFrame, on: date, language: str) -> Card:
    recent = odd.filter(pl.col("day_on") > on - timedelta(days=RECENT_DAYS))
    large = recent.filter(pl.col("kind") == "one_off").height
    hidden = recent.height - large
    note = say(language, "demand.card.odd.none") if large else ""
    if hidden:
        note = say(language, "demand.card.odd.note", count=hidden, hidden=count(hidden, language))
    return _card("odd", count(recent.height, language), note, language)


def sure(spans: pl.DataFrame, missed: pl.DataFrame, measure: Measure, language: str) -> str:
    """How sure the next four weeks are, in words, and how well such forecasts did."""
    row, write = _span(spans, 28), written(measure, language)
    edges = {"low": "q10", "high": "q90", "lowest": "q025", "highest": "q975"}
    told = say(language, "demand.sure", **{name: write(row[column] or 0.0) for name, column in edges.items()})
    tested = four_weeks(missed)
    if tested is None:
        return f"{told} {say(language, 'demand.sure.none')}"
    cases, off, naive = tested
    if naive is None:
        return told
    values = {"missed": percent(off, language), "naive": percent(naive, language)}
    text = f"{told} {say(language, 'demand.sure.hindcasts', count=cases, cases=count(cases, language), **values)}"
    return f"{text} {say(language, 'demand.sure.worse')}" if naive < off else text


def weeks_heading(measure: Measure, language: str) -> str:
    """What the table of weeks is headed by: in which currency or unit its numbers are."""
    what = measure.currency or measure.unit
    return say(language, "demand.weeks.in", what=what) if what else say(language, "demand.weeks")


def parts(rows: pl.DataFrame, measure: Measure, language: str) -> tuple[Fact, ...]:
    """Level, trend, season and calendar as facts."""
    write, last = written(measure, language), rows.row(-1, named=True)
    year = rows.tail(52)
    trend = last["trend"]
    share = f" ({'+' if trend > 0 else ''}{percent(trend / last['level'], language)})" if last["level"] > 0 else ""
    season, events = _edges(year, "season"), _edges(year, "events")
    told = {
        "level": write(last["level"]),
        "sure": say(language, "demand.parts.range", low=write(max(last["low"], 0.0)), high=write(last["high"])),
        "trend": f"{'+' if trend > 0 else ''}{write(trend)}{share}",
        "season": say(language, "demand.parts.range", low=write(season[0]), high=write(season[1])),
        "events": write(max(events, key=abs)),
    }
    return tuple(Fact(say(language, f"demand.parts.fact.{name}"), text) for name, text in told.items())


def _edges(rows: pl.DataFrame, name: str) -> tuple[float, float]:
    low, high = rows.select(pl.col(name).min().alias("low"), pl.col(name).max().alias("high")).row(0)
    return low, high


def weeks_in_words(history: pl.DataFrame, ahead: pl.DataFrame, measure: Measure, language: str) -> str:
    """What the figure shows, for a reader who does not see it."""
    write, last = written(measure, language), ahead.row(-1, named=True)
    recent, mean = (float(each.sum()) / max(each.len(), 1) for each in (history["recorded"].tail(13), ahead["mean"]))
    values = {"last": recent, "mean": mean, "low": last["q10"], "high": last["q90"]}
    return say(language, "demand.figure.alt", **{name: write(value or 0.0) for name, value in values.items()})


def days_in_words(ahead: pl.DataFrame, measure: Measure, language: str) -> str:
    """What the figure of days shows."""
    mean = float(ahead["mean"].sum()) / max(ahead.height, 1)
    return say(language, "demand.figure.days.alt", mean=written(measure, language)(mean))


def parts_in_words(rows: pl.DataFrame, measure: Measure, language: str) -> str:
    """What the figure of parts shows."""
    return say(language, "demand.parts.alt", level=written(measure, language)(rows.item(-1, "level")))
