"""What Orders says in words: the title with the message, the cards, why an order waits, and the facts of one."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from analytics.order_flow import CYCLE, TO_DELIVER
from display.messages import Card, Fact, Tone
from display.numbers import count, day, largest_first, money, percent, quantity, short_day
from display.words import say

Row = Mapping[str, Any]
DUE_DAYS = 7
DATED = ("purchase", "work_order")
MOST, SOME = 0.5, 0.2
FACTS_OF = {"shipped": "shipped_at", "delivered": "delivered_at", "invoiced": "invoiced_at"}


def to_deliver(orders: pl.DataFrame) -> pl.DataFrame:
    """The orders of which something has not arrived."""
    return orders.filter(pl.col("stage").is_in(TO_DELIVER))


def valued(orders: pl.DataFrame) -> dict[str, float]:
    """What the orders are worth, by currency."""
    known = orders.filter((pl.col("value") != 0) & pl.col("currency").is_not_null())
    return dict(known.group_by("currency").agg(pl.col("value").sum()).sort("currency").iter_rows())


def short(amounts: Mapping[str, float], language: str) -> str:
    """Amounts in few letters, the largest first; a dash where there is none."""
    texts = [money(value, currency, language, narrow=True) for currency, value in largest_first(amounts)]
    return " + ".join(texts) or say(language, "none")


def days(number: float | None, language: str) -> str:
    """Days with one decimal below ten; a dash where nobody knows."""
    if number is None:
        return say(language, "none")
    rounded = round(number, 1) if abs(number) < 10 else round(number)
    text = quantity(rounded, language)
    return say(language, "days", count=1) if rounded == 1 else say(language, "orders.days", days=text)


def title(orders: pl.DataFrame, language: str) -> str:
    """The message of the page: how many orders are late, what that is worth, and what most of them wait for."""
    if orders.is_empty():
        return say(language, "orders.title.nothing")
    late = orders.filter("is_late")
    if late.height:
        text = say(language, "orders.title.late", count=late.height, money=short(valued(late), language))
        return _with_cause(text, late, language)
    coming, awaited = orders.filter("will_be_late").height, to_deliver(orders).height
    if coming:
        return say(language, "orders.title.will_be_late", count=coming)
    words = "orders.title.calm" if awaited else "orders.title.delivered"
    return say(language, words, count=awaited or orders.height)


def _with_cause(text: str, late: pl.DataFrame, language: str) -> str:
    """With the item that more of the late orders wait for than for any other, where it explains a fifth of them."""
    causes = (
        late.drop_nulls("short_product_id")
        .group_by("short_product_id")
        .agg(pl.len(), pl.col("short_name", "short_name_zh", "short_sku").first())
    )
    first = causes.sort(-pl.col("len").cast(pl.Int64), "short_product_id").head(1)
    if first.is_empty() or first["len"][0] < max(2, SOME * late.height):
        return text
    (row,) = first.iter_rows(named=True)
    words = "most" if row["len"] > MOST * late.height else "some"
    item = _named(row, language) or row["short_sku"] or row["short_product_id"]
    return say(language, f"orders.title.late.{words}", title=text, count=row["len"], item=item)


def _named(row: Row, language: str) -> str | None:
    name: str | None = (row["short_name_zh"] if language == "zh" else None) or row["short_name"]
    return name


def caption(as_of: date, language: str) -> str:
    """What the page rests on."""
    return say(language, "orders.caption", day=day(as_of, language))


def cards(
    orders: pl.DataFrame, steps: pl.DataFrame, on_time: float | None, as_of: date, language: str
) -> tuple[Card, ...]:
    """Six numbers: what is to deliver, late, about to be late and due; how long it takes, and how often it is kept."""
    awaited = to_deliver(orders)
    whole = say(language, "orders.card.open.note", money=short(valued(awaited), language))
    kept = percent(on_time, language) if on_time is not None else say(language, "none")
    return (
        _card("open", count(awaited.height, language), whole, language),
        _late(awaited.filter("is_late"), language),
        _will_be_late(awaited.filter("will_be_late").height, language),
        _due(awaited, as_of, language),
        _cycle(steps, language),
        _card("on_time", kept, say(language, "orders.card.on_time.note"), language),
    )


def _card(name: str, value: str, note: str, language: str, tone: Tone = "quiet") -> Card:
    words = f"orders.card.{name}"
    return Card(name, say(language, words), value, note, say(language, f"{words}.help"), tone)


def _late(late: pl.DataFrame, language: str) -> Card:
    if late.is_empty():
        return _card("late", count(0, language), say(language, "orders.card.late.none"), language)
    latest = say(language, "days", count=late["days_late"].max())
    note = say(language, "orders.card.late.note", days=latest)
    return _card("late", count(late.height, language), note, language, "bad")


def _will_be_late(number: int, language: str) -> Card:
    note = say(language, "orders.card.will_be_late.note" if number else "orders.card.late.none")
    return _card("will_be_late", count(number, language), note, language, "warn" if number else "quiet")


def _due(awaited: pl.DataFrame, as_of: date, language: str) -> Card:
    due = awaited.filter(pl.col("due_on").is_between(as_of, as_of + timedelta(days=DUE_DAYS)))
    waiting = due.filter(pl.col("stage") == "waiting").height
    return _card("due", count(due.height, language), say(language, "orders.card.due.note", count=waiting), language)


def _cycle(steps: pl.DataFrame, language: str) -> Card:
    (row,) = steps.filter(pl.col("step") == CYCLE).iter_rows(named=True)
    note = say(language, "orders.card.cycle.note", before=days(row["median_days_before"], language))
    tone: Tone = "warn" if row["is_slower"] else "quiet"
    return _card("cycle", days(row["median_days"], language), note, language, tone)


def why(row: Row, as_of: date, language: str) -> str | None:
    """Why an order, or one line of it, is where it is, in one sentence; null where there is nothing to wait for."""
    reason = row["reason"]
    if reason is None:
        return None
    text = say(language, _words(row), **_told(row, as_of, language))
    return say(language, "orders.why.partly", why=text) if row.get("is_partly") and row["stage"] == "waiting" else text


def _words(row: Row) -> str:
    reason, is_named = row["reason"], row["supply_number"] is not None
    more = ".unnamed" if reason in DATED and not is_named else ".next" if reason == "no_supply" and is_named else ""
    return f"orders.why.{reason}{more}"


def _told(row: Row, as_of: date, language: str) -> dict[str, object]:
    since: datetime | None = row.get("since_at") or row.get("shipped_at")
    dash = say(language, "none")
    return {
        "item": _named(row, language) or row["short_sku"] or dash,
        "number": row["supply_number"],
        "party": row["supply_party"] or dash,
        "when": _when(row["supply_due_on"], as_of, language),
        "day": short_day(since.date(), language) if since else dash,
    }


def _when(due_on: date | None, as_of: date, language: str) -> str:
    if due_on is None:
        return say(language, "orders.when.unknown")
    overdue = (as_of - due_on).days
    words = "orders.when.overdue" if overdue > 0 else "orders.when.due"
    return say(language, words, day=short_day(due_on, language), count=overdue)


def facts(row: Row, language: str) -> tuple[Fact, ...]:
    """What is known of one order: its days, its promises, how late it is, and its money."""
    return (*_promises(row, language), *_days(row, language), *_amounts(row, language))


def _fact(name: str, value: str, language: str, tone: Tone = "quiet") -> Fact:
    return Fact(say(language, f"orders.fact.{name}"), value, tone)


def _promises(row: Row, language: str) -> list[Fact]:
    first, now, late = row["first_promised_on"], row["promised_on"], row["days_late"]
    found = [_fact("first_promise", day(first, language), language)] if first else []
    if now and now != first:
        found.append(_fact("promise", day(now, language), language))
    if late is not None and row["stage"] in TO_DELIVER:
        text = say(language, "days", count=abs(late))
        found.append(_fact("late", text, language, "bad") if late > 0 else _fact("left", text, language))
    return found


def _days(row: Row, language: str) -> list[Fact]:
    known = [_fact("ordered", day(row["ordered_at"].date(), language), language)]
    first = row["first_shipped_at"]
    if first and not row["shipped_at"]:
        text = say(language, "orders.fact.first_part", day=day(first.date(), language))
        known.append(_fact("shipped", text, language))
    dated = {name: row[column] for name, column in FACTS_OF.items() if row[column]}
    known += [_fact(name, day(at.date(), language), language) for name, at in dated.items()]
    if row["expected_on"]:
        tone: Tone = "warn" if row["will_be_late"] else "quiet"
        known.append(_fact("expected", day(row["expected_on"], language), language, tone))
    return known


def _amounts(row: Row, language: str) -> list[Fact]:
    name = "value" if row["stage"] in TO_DELIVER else "amount"
    if not row["currency"]:
        return []
    found = [_fact(name, money(row["value"], row["currency"], language), language)]
    if row["stage"] in TO_DELIVER:
        of = say(language, "orders.fact.lines.of", open=row["open_lines"], lines=row["lines"])
        found.append(_fact("lines", of, language))
    return found


def choice(row: Row, language: str) -> str:
    """What one order is called: its number and its customer."""
    dash = say(language, "none")
    return say(language, "orders.one", order=row["document"] or dash, customer=row["customer"] or dash)
