"""What is said of customers that order at an equal interval, and at which rates serving a segment is counted."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from analytics.segment_profiles import DELAY_A_YEAR, RATES
from analytics.segments import STABLE
from display.messages import Fact
from display.numbers import count, day, money, percent, quantity
from display.words import say

Row = Mapping[str, Any]


def facts(row: Row, as_of: date, language: str) -> tuple[Fact, ...]:
    """How a customer orders, how long it likely goes on, and what that is worth."""
    due = day(row["due_on"], language)
    is_late = row["due_on"] < as_of
    told = {
        "interval": say(language, "contracts.every", count=round(row["interval_days"])),
        "since": say(language, "contracts.since", day=day(row["began_on"], language), count=row["periods"]),
        "due": say(language, "contracts.overdue", day=due) if is_late else due,
        "stays": percent(row["stays"], language),
        "year": _bounds(language, *(percent(row[name], language) for name in ("stays_year", "year_low", "year_high"))),
    }
    amounts = [row[name] for name in ("worth_year", "worth_low", "worth_high")]
    if row["currency"] is not None and None not in amounts:
        told["worth"] = _bounds(language, *(money(each, row["currency"], language) for each in amounts))
    tones = {"due": "warn"} if is_late else {}
    return tuple(
        Fact(say(language, f"contracts.fact.{name}"), text, "warn" if name in tones else "quiet")
        for name, text in told.items()
    )


def _bounds(language: str, middle: str, low: str, high: str) -> str:
    return say(language, "contracts.bounds", middle=middle, low=low, high=high)


def checked(check: pl.DataFrame, language: str) -> str:
    """How well it was told of contracts in the past, in one sentence."""
    if check.is_empty():
        return say(language, "contracts.unchecked")
    contracts = int(check["customers"].sum())
    off = float(((check["said"] - check["came"]).abs() * check["customers"]).sum()) / contracts
    points = quantity(round(100 * off, 1), language)
    return say(language, "contracts.checked", count=count(contracts, language), error=points)


def clusters(check: pl.DataFrame, language: str) -> str:
    """How far the groups of customers are found again; of several companies the least sure of those that have any, else
    of the largest."""
    if check.is_empty() or not check["stability"].max():
        return ""
    stable = check.filter(pl.col("clusters") > 0)
    told = stable["stability"].min() if stable.height else check["stability"][0]
    words = "clusters.stable" if stable.height else "clusters.none"
    return say(language, words, stability=percent(float(told), language), least=percent(STABLE, language))  # type: ignore[arg-type]


def rates(currency: str | None, language: str) -> str:
    """At which rates the cost to serve is counted; nothing where no currency is known."""
    if currency is None:
        return ""
    told = {name: money(rate, currency, language, whole=True) for name, rate in RATES.items() if name != "return"}
    returned = money(RATES["return"], currency, language, whole=True)
    return say(language, "profiles.note", **told, returned=returned, delay=percent(DELAY_A_YEAR, language))
