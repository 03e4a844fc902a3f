"""Sentences about whom one may address, and about persons that were erased."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from display.messages import Fact
from display.numbers import count, day, percent, quantity
from display.words import say


def left_out(found: int, why: Mapping[str, int], language: str) -> str:
    """How many may be addressed, and how many were left out and why."""
    told = {name: count(number, language) for name, number in why.items()}
    gap = " " if language == "en" else ""
    return f"{say(language, 'audience.count', count=found)}{gap}{say(language, 'audience.left_out', **told)}"


def effect(caused: pl.DataFrame, language: str) -> str:
    """What offers brought, measured on who is held out; nothing where nobody is chosen."""
    if caused.is_empty() or not caused["addressed"][0]:
        return ""
    row = caused.row(0, named=True)
    bounds = {"orders": "orders", "low": "orders_low", "high": "orders_high"}
    told = {name: quantity(round(row[key], 1), language) for name, key in bounds.items() if row[key] is not None}
    sizes = {name: count(row[name], language) for name in ("addressed", "controls")}
    return say(language, f"audience.effect.{row['verdict']}", **sizes, **told)


def consents(rows: pl.DataFrame, language: str) -> tuple[Fact, ...]:
    """By channel whether the customer and the people at it may be addressed."""
    return tuple(
        Fact(say(language, f"audience.channel.{row['channel']}"), _consent(row, language))
        for row in rows.iter_rows(named=True)
    )


def _consent(row: Mapping[str, Any], language: str) -> str:
    states: Sequence[int] = (row["granted"], row["refused"], row["unknown"])
    if sum(states) == 0:
        return say(language, "consent.no_address")
    if sum(states) > 1:
        told = dict(zip(("granted", "refused", "unknown"), states, strict=True))
        return say(language, "consent.some", **told, all=sum(states))
    if row["unknown"] or row["decided_at"] is None:
        return say(language, "consent.unknown")
    words = "consent.yes" if row["granted"] else "consent.no"
    return say(language, words, day=day(row["decided_at"].date(), language))


def offered(record: pl.DataFrame, language: str) -> str:
    """Whether offers are learned or what sells most, and how that did 90 days ago; of several firms the largest."""
    if record.is_empty():
        return ""
    row = record.row(0, named=True)
    told = {name: percent(row[key], language) for name, key in (("hit", "hit"), ("popular", "hit_popular"))}
    if not row["is_learned"]:
        return say(language, "offer.popular", **told, count=row["customers"])
    points = {name: f"{100 * row[key]:.1f}" for name, key in (("gain", "gain"), ("bound", "gain_bound"))}
    return say(language, "offer.learned", **told, **points, count=row["customers"])


def person(kind: str, name: str, language: str) -> str:
    """What somebody is called whom one may erase."""
    return say(language, "erasing.everybody", name=name) if kind == "customers" else name
