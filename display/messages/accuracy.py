"""What Forecast accuracy says in words: whether chances came true, and how far forecasts were off."""

import polars as pl

from display.messages import Card
from display.messages.demand import four_weeks
from display.numbers import percent
from display.words import say

SPANS = (7, 14, 28)
LONGEST = 28


def title(skills: pl.DataFrame, missed: pl.DataFrame, language: str) -> str:
    """The message: what was said of stock-outs beside what came, and how far demand was off."""
    chances, demand = _of(skills, LONGEST), four_weeks(missed)
    told = {} if chances is None else {name: percent(chances[name], language) for name in ("said", "came")}
    off = {} if demand is None else {"missed": percent(demand[1], language)}
    if told and off:
        return say(language, "accuracy.title", **told, **off)
    if told:
        return say(language, "accuracy.title.chances", **told)
    return say(language, "accuracy.title.demand", **off) if off else say(language, "accuracy.title.nothing")


def caption(skills: pl.DataFrame, language: str) -> str:
    """How it was tested, and on how many days."""
    asked = max(skills["asked"].to_list(), default=0)
    return say(language, "accuracy.caption", asked=asked)


def _of(skills: pl.DataFrame, days: int) -> dict[str, float] | None:
    rows = skills.filter(pl.col("days") == days)
    return None if rows.is_empty() else rows.row(0, named=True)


def cards(skills: pl.DataFrame, errors: pl.DataFrame, missed: pl.DataFrame, language: str) -> tuple[Card, ...]:
    """Three spans of stock-outs, their skill, the bands of demand, and four weeks of all items."""
    return (*(_out(skills, days, language) for days in SPANS), _skill(skills, language), _band(errors, language),
            _whole(missed, language))  # fmt: skip


def _card(name: str, value: str, note: str, language: str) -> Card:
    words = f"accuracy.card.{name}"
    return Card(name, say(language, words), value, note, say(language, f"{words}.help"))


def _out(skills: pl.DataFrame, days: int, language: str) -> Card:
    row = _of(skills, days)
    value = say(language, "none") if row is None else percent(row["came"], language)
    note = "" if row is None else say(language, "accuracy.card.note", said=percent(row["said"], language))
    help_text = say(language, "accuracy.card.help")
    return Card(f"out_{days}", say(language, f"accuracy.card.{days}"), value, note, help_text)


def _skill(skills: pl.DataFrame, language: str) -> Card:
    row = _of(skills, LONGEST)
    if row is None or row["skill"] is None:
        return _card("skill", say(language, "none"), "", language)
    note = say(language, "accuracy.card.skill.note", off=percent(row["off"], language))
    return _card("skill", percent(row["skill"], language), note, language)


def _band(errors: pl.DataFrame, language: str) -> Card:
    weeks = errors.filter(pl.col("span").str.starts_with("week"))
    cases = float(weeks["cases"].sum())
    if cases <= 0:
        return _card("band", say(language, "none"), "", language)
    shares = {name: float((weeks[name] * weeks["cases"]).sum()) / cases for name in ("within_80", "within_95")}
    note = say(language, "accuracy.card.band.note", share=percent(shares["within_95"], language))
    return _card("band", percent(shares["within_80"], language), note, language)


def _whole(missed: pl.DataFrame, language: str) -> Card:
    found = four_weeks(missed)
    if found is None:
        return _card("whole", say(language, "none"), "", language)
    naive = say(language, "none") if found[2] is None else percent(found[2], language)
    return _card("whole", percent(found[1], language), say(language, "accuracy.card.whole.note", naive=naive), language)


def told_in_words(rows: pl.DataFrame, missed: pl.DataFrame, language: str) -> str:
    """What the figure of hindcasts shows."""
    weekly = missed.filter(pl.col("weeks") == 1)["missed"].to_list()
    off = percent(weekly[0], language) if weekly and weekly[0] is not None else say(language, "none")
    return say(language, "accuracy.told.alt", count=rows["origin_on"].n_unique(), missed=off)


def signs(rows: pl.DataFrame, language: str) -> str:
    """By how much signs of sales, marketing and service improve the forecast, also when it is nothing."""
    if rows.is_empty():
        return ""
    row = rows.row(0, named=True)
    names = {"gained": "gained", "low": "low", "high": "high", "placebo": "placebo", "most": "placebo_most"}
    told = {word: percent(row[name], language) for word, name in names.items()}
    is_beyond = row["low"] > 0 and row["gained"] > row["placebo_most"]
    kind = "accuracy.signs.gain" if is_beyond else "accuracy.signs.nothing"
    return say(language, kind, **told, used=row["used"] or 0, places=row["places"] or 0)
