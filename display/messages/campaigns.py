"""What Campaigns says in words: the title with the message, the cards, and the facts of one campaign."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from display.messages import Card, Fact, Tone
from display.numbers import count, day, money, percent, quantity
from display.words import say

Row = Mapping[str, Any]
NOT_SHOWN = ("unclear", "differs", "too_few")
TONES: Mapping[str, Tone] = {"no_gain": "warn"}


def _judged(rows: pl.DataFrame, *verdicts: str) -> int:
    return rows.filter(pl.col("verdict").is_in(verdicts)).height


def title(rows: pl.DataFrame, language: str) -> str:
    """The message of the page: how many campaigns brought orders."""
    if rows.is_empty():
        return say(language, "campaigns.title.nothing")
    return say(language, "campaigns.title", works=_judged(rows, "works"), count=rows.height)


def caption(as_of: date, language: str) -> str:
    """For which time the numbers hold."""
    return say(language, "campaigns.caption", day=day(as_of, language))


def cards(rows: pl.DataFrame, language: str) -> tuple[Card, ...]:
    """Six numbers of all campaigns."""
    reached, orders = int(rows["reached"].sum()), int(rows["attributed_orders"].sum())
    no_gain = _judged(rows, "no_gain")
    opened, responded = (_share(int(rows[name].sum()), reached, language) for name in ("opened", "responded"))
    return (
        _card("cost", _sum(rows, "cost", language), _counted("cost", rows.height, language), language),
        _card("reached", count(reached, language), _note("reached", language, share=opened), language),
        _card("responded", responded, _note("responded", language), language),
        _card("attributed", _sum(rows, "attributed", language), _counted("attributed", orders, language), language),
        _card("works", count(_judged(rows, "works"), language), _counted("works", no_gain, language), language,
              "warn" if no_gain else "quiet"),
        _card("unclear", count(_judged(rows, *NOT_SHOWN), language), _note("unclear", language), language),
    )  # fmt: skip


def _card(name: str, value: str, note: str, language: str, tone: Tone = "quiet") -> Card:
    words = f"campaigns.card.{name}"
    return Card(name, say(language, words), value, note, say(language, f"{words}.help"), tone)


def _note(name: str, language: str, **values: str) -> str:
    return say(language, f"campaigns.card.{name}.note", **values)


def _counted(name: str, number: int, language: str) -> str:
    return say(language, f"campaigns.card.{name}.note", count=number)


def _share(part: int, whole: int, language: str) -> str:
    return percent(part / whole, language) if whole else say(language, "none")


def _sum(rows: pl.DataFrame, column: str, language: str) -> str:
    known = rows.select("currency", column).drop_nulls()
    if known.is_empty():
        return say(language, "none")
    return money(float(known[column].sum()), known["currency"][0], language, narrow=True)


def facts(row: Row, language: str) -> tuple[Fact, ...]:
    """What one campaign caused, as far as it is known."""
    told = {
        "verdict": say(language, f"verdict.{row['verdict']}"),
        "days": _days(row, language),
        "groups": _groups(row, language),
        "orders": _bounded(row, "orders", language),
        "amount": _bounded(row, "amount", language, currency=row["currency"]),
        "attributed": _money(row["attributed"], row["currency"], language),
        "cost": _money(row["cost"], row["currency"], language),
        "placebo": _bounded(row, "placebo", language),
    }
    tone = TONES.get(row["verdict"], "quiet")
    return tuple(
        Fact(say(language, f"campaigns.fact.{name}"), text, tone if name == "verdict" else "quiet")
        for name, text in told.items()
        if text
    )


def _days(row: Row, language: str) -> str:
    if row["from_on"] is None:
        return ""
    first, last = (day(row[name], language) for name in ("from_on", "until_on"))
    return say(language, "campaigns.days", first=first, last=last)


def _groups(row: Row, language: str) -> str:
    if row["control"] is None:
        return ""
    sizes = {name: count(row[name], language) for name in ("addressed", "controls")}
    return say(language, f"campaigns.groups.{row['control']}", **sizes)


def _money(amount: float | None, currency: str | None, language: str) -> str:
    return "" if amount is None or currency is None else money(amount, currency, language)


def _bounded(row: Row, name: str, language: str, *, currency: str | None = None) -> str:
    if row[name] is None:
        return ""
    values = [row[name], row[f"{name}_low"], row[f"{name}_high"]]
    texts = [money(each, currency, language) if currency else quantity(round(each), language) for each in values]
    return say(language, "campaigns.bounds", **dict(zip(("value", "low", "high"), texts, strict=True)))
