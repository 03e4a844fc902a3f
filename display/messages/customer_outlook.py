"""What is said of what customers will likely buy: facts of one customer, what raises the risk, and how sure that is."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from display.messages import Fact, Tone
from display.numbers import count, money, percent, quantity
from display.words import say

Row = Mapping[str, Any]
LIKELY_LOST, MOST_TOLD = 0.5, 3


def checked(reliability: pl.DataFrame, language: str) -> str:
    """How well chances were told 90 days ago, in one sentence."""
    if reliability.is_empty():
        return say(language, "outlook.unchecked")
    customers = int(reliability["customers"].sum())
    off = (reliability["said"] - reliability["came"]).abs() * reliability["customers"]
    high = (reliability["below_high"] * reliability["customers"]).sum() / customers
    return say(
        language,
        "outlook.checked",
        count=count(customers, language),
        error=quantity(round(100 * float(off.sum()) / customers, 1), language),
        high=percent(float(high), language),
    )


def repeat_rate(rate: tuple[float | None, int], language: str) -> str:
    """How many of those that came once came again; nothing where none can be counted."""
    share, customers = rate
    return "" if share is None else say(language, "life.repeat", share=percent(share, language), count=customers)


def gathered(groups: pl.DataFrame, language: str) -> str:
    """Which kinds of customers leave far more than others, a sentence each; nothing where none does."""
    sentences = [
        say(
            language,
            "life.gathered",
            kind=row["kind"] or say(language, "life.unnamed"),
            region=row["region"] or say(language, "life.unnamed"),
            at_risk=count(row["at_risk"], language),
            count=row["customers"],
            others=percent(row["share_of_others"], language),
        )
        for row in groups.head(MOST_TOLD).iter_rows(named=True)
    ]
    return " ".join(sentences)


def facts(row: Row, language: str) -> tuple[Fact, ...]:
    """What one customer will likely do in the next 90 days, as far as it is known."""
    told = {"stage": say(language, f"stage.{row['stage']}"), **_expected(row, language)}
    facts = (Fact(say(language, f"outlook.fact.{name}"), text, _tone(name, row)) for name, text in told.items())
    return tuple(facts)


def _tone(name: str, row: Row) -> Tone:
    return (
        "warn"
        if name == "active" and row["leaving_risk"] is not None and row["leaving_risk"] > LIKELY_LOST
        else "quiet"
    )


def _expected(row: Row, language: str) -> dict[str, str]:
    if row["p_active"] is None or row["currency"] is None:
        return {}
    amounts = {
        name: money(row[name], row["currency"], language) if row[name] is not None else say(language, "none")
        for name in ("expected_amount", "amount_low", "amount_high", "expected_margin")
    }
    told = {
        "active": percent(row["p_active"], language),
        "orders": quantity(round(row["expected_orders"], 1), language),
        "amount": amounts["expected_amount"],
        "range": say(language, "outlook.range", low=amounts["amount_low"], high=amounts["amount_high"]),
    }
    return told | ({} if row["expected_margin"] is None else {"margin": amounts["expected_margin"]})


def why(row: Row, language: str) -> tuple[str, ...]:
    """What raises the chance that no order comes, a sentence each."""
    if row["leaving_risk"] is None:
        return ()
    sentences = tuple(
        say(language, f"leaving.{reason}.long", **_values(reason, row, language)) for reason in row["reasons"]
    )
    return sentences or (say(language, "leaving.none"),)


def _values(reason: str, row: Row, language: str) -> dict[str, str]:
    if reason == "silent":
        days, gap = (quantity(round(row[name]), language) for name in ("recency_days", "gap_days"))
        return {"days": days, "gap": gap}
    if reason == "fewer":
        return {"now": count(row["orders_now"], language), "before": count(row["orders_before"], language)}
    if reason == "less":
        return {name: money(row[f"spent_{name}"], row["currency"], language) for name in ("now", "before")}
    return {}
