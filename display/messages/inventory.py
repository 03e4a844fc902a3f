"""What Inventory and demand says in words: the title with the message, the cards, the facts of one item."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from analytics.inventory import SHORT
from analytics.scope import Scope
from display.messages import Card, Fact, Tone
from display.numbers import count, day, largest_first, money, moneys, quantity, short_day
from display.words import say

OUT = ("negative", "out")


def _in(frame: pl.DataFrame, *states: str) -> pl.DataFrame:
    return frame.filter(pl.col("state").is_in(states))


def _summed(frame: pl.DataFrame, column: str) -> dict[str, float]:
    known = frame.filter(pl.col(column).is_not_null() & (pl.col(column) != 0) & pl.col("currency").is_not_null())
    totals = known.group_by("currency").agg(pl.col(column).sum()).sort("currency")
    return dict(totals.iter_rows())


def title(outlook: pl.DataFrame, language: str) -> str:
    """The message of the page: how many items run out before help arrives, and what that is worth; and how many are
    short only at single sites."""
    if outlook.is_empty():
        return say(language, "inventory.title.nothing")
    short, low = _in(outlook, *SHORT).height, _in(outlook, "low").height
    stake = moneys(_summed(outlook, "at_stake"), language)
    hidden = hidden_at_sites(outlook)
    if short:
        money_known = "inventory.title.short" if stake else "inventory.title.short.no_money"
        text = say(language, money_known, count=short, money=stake)
        more = "inventory.title.short.and_sites"
        return say(language, more, title=text, count=hidden.height) if hidden.height else text
    if hidden.height:
        there = moneys(_summed(hidden, "at_stake_at_sites"), language)
        words = "inventory.title.sites" if there else "inventory.title.sites.no_money"
        return say(language, words, count=hidden.height, money=there)
    return say(language, "inventory.title.low", count=low) if low else say(language, "inventory.title.calm")


def hidden_at_sites(outlook: pl.DataFrame) -> pl.DataFrame:
    """The items of which the firm has enough, and which are short at single sites: what a sum over sites hides."""
    return outlook.filter(~pl.col("state").is_in(SHORT) & (pl.col("sites_short").fill_null(0) > 0))


def caption(outlook: pl.DataFrame, on: date, scope: Scope, language: str) -> str:
    """What the figures rest on: the day of the stock, the demand that was looked at, how far it is projected."""
    return say(
        language,
        "inventory.caption",
        day=day(on, language),
        history=scope.history_days,
        horizon=scope.horizon_days,
        items=_items(outlook.height, language),
    )


def _items(number: int, language: str) -> str:
    text = say(language, "inventory.items", count=number)
    return text.replace(str(number), count(number, language), 1)


def _days(number: float, language: str) -> str:
    return say(language, "days", count=round(number))


def cards(outlook: pl.DataFrame, horizon_days: int, language: str) -> tuple[Card, ...]:
    """At most six numbers, the most urgent first."""
    return (
        _out(outlook, language),
        _runs_out(outlook, horizon_days, language),
        _low(outlook, language),
        _at_stake(outlook, language),
        _overdue(outlook, language),
        _value(outlook, language),
    )


def _card(name: str, value: str, note: str, language: str, tone: Tone = "quiet") -> Card:
    words = f"inventory.card.{name}"
    return Card(name, say(language, words), value, note, say(language, f"{words}.help"), tone)


def _out(outlook: pl.DataFrame, language: str) -> Card:
    number = _in(outlook, *OUT).height
    note = say(language, "inventory.card.out.note", items=_items(outlook.height, language))
    return _card("out", count(number, language), note, language, "bad" if number else "quiet")


def _runs_out(outlook: pl.DataFrame, horizon_days: int, language: str) -> Card:
    running = _in(outlook, "runs_out")
    first = running.get_column("runs_out_on").min()
    if isinstance(first, date):
        note = say(language, "inventory.card.runs_out.note", day=short_day(first, language))
    else:
        note = say(language, "inventory.card.runs_out.none", days=_days(horizon_days, language))
    return _card("runs_out", count(running.height, language), note, language, "bad" if running.height else "quiet")


def _low(outlook: pl.DataFrame, language: str) -> Card:
    return _card("low", count(_in(outlook, "low").height, language), say(language, "inventory.card.low.note"), language)


def _at_stake(outlook: pl.DataFrame, language: str) -> Card:
    kinds = outlook.filter(pl.col("at_stake") > 0).get_column("at_stake_is").unique().to_list()
    kind = kinds[0] if len(kinds) == 1 else "mixed" if kinds else "revenue"
    there = moneys(_summed(hidden_at_sites(outlook), "at_stake_at_sites"), language)
    note = say(language, "inventory.card.at_stake.sites", money=there) if there else ""
    return _money_card(
        "at_stake", _summed(outlook, "at_stake"), note or say(language, f"inventory.card.at_stake.{kind}"), language
    )


def _money_card(name: str, amounts: Mapping[str, float], note: str, language: str) -> Card:
    """The largest currency as the value; what is in others, which nobody can convert, in the note."""
    ordered = largest_first(amounts)
    value = money(ordered[0][1], ordered[0][0], language, narrow=True) if ordered else say(language, "none")
    others = moneys(dict(ordered[1:]), language)
    return _card(name, value, f"+ {others}" if others else note, language)


def _overdue(outlook: pl.DataFrame, language: str) -> Card:
    number = outlook.filter(pl.col("overdue_receipts") > 0).height
    note = say(language, f"inventory.card.overdue.{'note' if number else 'none'}")
    return _card("overdue", count(number, language), note, language, "warn" if number else "quiet")


def _value(outlook: pl.DataFrame, language: str) -> Card:
    overstocked = _in(outlook, "overstock").height
    if outlook.get_column("stock_value").is_null().all():
        return _card(
            "overstock", count(overstocked, language), say(language, "inventory.card.overstock.note"), language
        )
    note = say(language, "inventory.card.value.note", count=overstocked)
    return _money_card("value", _summed(outlook, "stock_value"), note, language)


def facts(item: Mapping[str, Any], language: str) -> tuple[Fact, ...]:
    """What is known of one item, in the order in which a planner asks."""
    amount = _amounts(item, language)
    return (
        Fact(say(language, "inventory.fact.outcome"), outcome(item, language), tone(item)),
        amount("on_hand"),
        amount("reserved"),
        amount("available"),
        *([amount("in_transit")] if item["in_transit"] else []),
        amount("on_order"),
        *([amount("overdue_receipts", "warn")] if item["overdue_receipts"] else []),
        amount("open_demand"),
        _fact("daily_demand", _per_day(item, language), language),
        _fact(
            "days_of_cover",
            _or(item["days_of_cover"], lambda days: _days(days, language), language, "inventory.no_demand"),
            language,
        ),
        _fact(
            "lead_time_days",
            _or(item["lead_time_days"], lambda days: _days(float(days), language), language, "inventory.unknown"),
            language,
        ),
        _fact(
            "next_receipt_on",
            _or(item["next_receipt_on"], lambda on: day(on, language), language, "inventory.none_due"),
            language,
        ),
        *_money_facts(item, language),
        _fact("supplier", item["supplier"] or say(language, "inventory.unknown"), language),
    )


def _fact(name: str, value: str, language: str, tone: Tone = "quiet") -> Fact:
    return Fact(say(language, f"inventory.fact.{name}"), value, tone)


def _or(value: Any, text: Any, language: str, otherwise: str) -> str:
    return say(language, otherwise) if value is None else text(value)


def _amounts(item: Mapping[str, Any], language: str) -> Any:
    def amount(name: str, tone: Tone = "quiet") -> Fact:
        text = _or(item[name], lambda value: quantity(value, language, item["unit"]), language, "inventory.unknown")
        return _fact(name, text, language, tone)

    return amount


def _per_day(item: Mapping[str, Any], language: str) -> str:
    return _or(
        item["daily_demand"], lambda value: quantity(value, language, item["unit"]), language, "inventory.no_demand"
    )


def _money_facts(item: Mapping[str, Any], language: str) -> list[Fact]:
    found = []
    if item["short_quantity"]:
        found.append(_fact("short_quantity", quantity(item["short_quantity"], language, item["unit"]), language, "bad"))
    if item["at_stake"] and item["currency"]:
        worth = money(item["at_stake"], item["currency"], language)
        found.append(
            _fact("at_stake", say(language, f"inventory.at_stake.{item['at_stake_is']}", money=worth), language)
        )
    if item["stock_value"] is not None and item["currency"]:
        found.append(_fact("stock_value", money(item["stock_value"], item["currency"], language), language))
    return found


def tone(item: Mapping[str, Any]) -> Tone:
    """Loud for an item that is out or runs out; a warning for one that is low."""
    return "bad" if item["state"] in SHORT else "warn" if item["state"] == "low" else "quiet"


def outcome(item: Mapping[str, Any], language: str) -> str:
    """What becomes of the item, in one phrase."""
    if item["state"] == "runs_out" and item["runs_out_on"] is not None:
        return say(language, "inventory.figure.runs_out", day=short_day(item["runs_out_on"], language))
    return say(language, f"inventory.state.{item['state']}")
