"""What Pipeline says in words: the title with the message, the cards, what moves a chance, and how good chances are."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from analytics.pipeline import Velocity
from analytics.win_chances import Check
from display.messages import Card, Tone
from display.numbers import count, day, money, percent, quantity
from display.words import say

Row = Mapping[str, Any]


def _sum(deals: pl.DataFrame, values: pl.Expr, language: str) -> str | None:
    """What these deals are worth; null where nothing is known."""
    known = deals.select("currency", value=values).drop_nulls()
    return money(float(known["value"].sum()), known["currency"][0], language, narrow=True) if known.height else None


def title(deals: pl.DataFrame, language: str) -> str:
    """The message of the page: how many deals are open, what they are worth, what slipped or cannot be delivered."""
    if deals.is_empty():
        return say(language, "pipeline.title.nothing")
    worth = _sum(deals, pl.col("weighted"), language)
    words = "pipeline.title" if worth else "pipeline.title.unknown"
    told = say(language, words, count=deals.height, money=worth)
    for name, column in (("slipped", "has_slipped"), ("short", "is_short")):
        number = deals.filter(column).height
        told = say(language, f"pipeline.title.{name}", title=told, count=number) if number else told
    return told


def caption(deals: pl.DataFrame, closed: int, as_of: date, language: str) -> str:
    """On which deals the chances rest."""
    words = "pipeline.caption.stated" if deals["chance"].is_null().all() else "pipeline.caption"
    return say(language, words, day=day(as_of, language), count=count(closed, language))


def cards(deals: pl.DataFrame, velocity: Velocity, language: str, *, sees_stock: bool) -> tuple[Card, ...]:
    """Six numbers of the open deals."""
    slipped, short = deals.filter("has_slipped").height, deals.filter("is_short").height
    whole, stated = _sum(deals, pl.col("amount"), language), _sum(deals, pl.col("amount") * pl.col("stated"), language)
    weighted = _sum(deals, pl.col("weighted"), language) or say(language, "none")
    note = say(language, "pipeline.card.weighted.note", money=stated) if stated else ""
    return (
        _card("open", count(deals.height, language), _with("open.note", whole, language), language),
        _card("weighted", weighted, note, language),
        _velocity(velocity, deals["currency"][0], language),
        _share(velocity, language),
        _card("slipped", count(slipped, language), _note("slipped", language), language, _tone(slipped)),
        _short(short, language, sees_stock=sees_stock),
    )


def _short(number: int, language: str, *, sees_stock: bool) -> Card:
    if not sees_stock:
        return _card("short", say(language, "none"), say(language, "pipeline.card.short.hidden"), language)
    return _card("short", count(number, language), _note("short", language), language, _tone(number))


def _tone(number: int) -> Tone:
    return "warn" if number else "quiet"


def _note(name: str, language: str) -> str:
    return say(language, f"pipeline.card.{name}.note")


def _with(words: str, worth: str | None, language: str) -> str:
    return say(language, f"pipeline.card.{words}", money=worth) if worth else ""


def _card(name: str, value: str, note: str, language: str, tone: Tone = "quiet") -> Card:
    words = f"pipeline.card.{name}"
    return Card(name, say(language, words), value, note, say(language, f"{words}.help"), tone)


def _velocity(velocity: Velocity, currency: str | None, language: str) -> Card:
    if velocity.a_day is None or currency is None:
        return _card("velocity", say(language, "none"), "", language)
    worth = money(velocity.a_day, currency, language, narrow=True)
    days = quantity(round(velocity.days or 0.0), language)
    return _card("velocity", worth, say(language, "pipeline.card.velocity.note", days=days), language)


def _share(velocity: Velocity, language: str) -> Card:
    if velocity.share is None:
        return _card("share", say(language, "none"), "", language)
    note = say(language, "pipeline.card.share.note", count=count(velocity.closed, language))
    return _card("share", percent(velocity.share, language), note, language)


def why_title(deal: Row, language: str) -> str:
    """Of which deal it is said what moves its chance."""
    name = deal["name"] or deal["customer"] or say(language, "pipeline.why.unnamed")
    return say(language, "pipeline.why", name=name)


def why(deal: Row, language: str) -> tuple[str, ...]:
    """What moves the chance of one deal, and what of it cannot be delivered in time, a sentence each."""
    told = [_moves(reason, deal, language) for reason in deal["reasons"] or ()]
    return (*(told or [say(language, "pipeline.why.none")]), *_undeliverable(deal, language))


def _moves(reason: Row, deal: Row, language: str) -> str:
    sign, points = reason["sign"], round(100 * reason["points"])
    value = _value(sign, deal, language)
    told = f"{points:+d}".replace("-", "\u2212")
    return say(language, "pipeline.why.part", sign=say(language, f"pipeline.sign.{sign}"), value=value, points=told)


def _value(sign: str, deal: Row, language: str) -> str:
    shown = {
        "stage": deal["stage"],
        "age": say(language, "days", count=deal["age_days"]),
        "owner_id": deal["owner"],
        "product_id": deal["main_product"],
        "origin": deal["origin"],
        "region": deal["region"],
        "size": None if deal["amount"] is None else money(deal["amount"], deal["currency"], language),
    }
    return shown[sign] or say(language, "none")


def _undeliverable(deal: Row, language: str) -> tuple[str, ...]:
    if not deal["is_short"]:
        return ()
    product = deal["product"] or say(language, "none")
    close = day(deal["close_on"], language)
    when = day(deal["deliverable_on"], language)
    return (say(language, "pipeline.why.short", product=product, day=when, close=close),)


def checked(check: Check, language: str) -> str:
    """How good the chances were on the deals of the last quarter, in one sentence; and where they told no more than a
    plain rate, that."""
    if not check.deals or check.error is None:
        return say(language, "pipeline.unchecked")
    errors = {name: f"{value:.3f}" for name, value in check.brier.items()}
    error = quantity(round(100 * check.error, 1), language)
    told = say(language, "pipeline.checked", count=count(check.deals, language), error=error, **errors)
    if check.tells_more:
        return told
    return f"{told}{' ' if language == 'en' else ''}{say(language, 'pipeline.checked.no_more')}"
