"""What Customers and one customer's page say in words: titles, captions, cards, facts, the next step."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from analytics.segments import ACTIVE, NEW_DAYS, THREATENED, moved, moved_since, top_share
from analytics.timeline import NextStep
from display.messages import Card, Fact, Tone
from display.numbers import LOCALES, count, day, money, percent, quantity
from display.words import say

Row = Mapping[str, Any]
MOST_SLIPPED = 0.05
KEPT_AT_LEAST = 0.9


def _in(rows: pl.DataFrame, segments: tuple[str, ...]) -> pl.DataFrame:
    return rows.filter(pl.col("segment").is_in(list(segments)))


def _measure(rows: pl.DataFrame) -> str:
    """By what customers are valued: margin where any is known to the viewer, else revenue."""
    return "margin" if rows.get_column("margin").is_not_null().any() else "revenue"


def _worth(rows: pl.DataFrame, measure: str, language: str) -> str | None:
    """What these customers bring in a year; null where nothing is known."""
    known = rows.filter(pl.col(measure).is_not_null() & pl.col("currency").is_not_null())
    return money(float(known[measure].sum()), known["currency"][0], language, narrow=True) if known.height else None


def title(rows: pl.DataFrame, language: str) -> str:
    """The message of the page: how many customers may be lost, and what they bring in a year."""
    if rows.is_empty():
        return say(language, "customers.title.nothing")
    threatened, measure = _in(rows, THREATENED), _measure(rows)
    if threatened.is_empty():
        return say(language, "customers.title.calm", count=_in(rows, ACTIVE).height)
    worth = _worth(threatened, measure, language)
    if worth is None:
        return say(language, "customers.title.unknown", count=threatened.height)
    return say(language, f"customers.title.{measure}", count=threatened.height, money=worth)


def caption(rows: pl.DataFrame, as_of: date, language: str) -> str:
    """What segments rest on, and since when movements are counted."""
    key = f"customers.caption.{_measure(rows)}"
    return say(language, key, day=day(as_of, language), since=since(as_of, language))


def since(as_of: date, language: str) -> str:
    """The day from which movements are counted."""
    return day(moved_since(as_of), language)


def cards(rows: pl.DataFrame, as_of: date, language: str) -> tuple[Card, ...]:
    """Six numbers of all customers."""
    slipped = moved(rows).filter("is_slipping").height
    share = top_share(rows)
    top = percent(share, language) if share is not None else say(language, "none")
    of_all = say(language, "customers.card.active.note", count=count(rows.height, language))
    hibernating = say(language, "customers.card.lost.note", count=_in(rows, ("hibernating",)).height)
    tone: Tone = "warn" if slipped > rows.height * MOST_SLIPPED else "quiet"
    return (
        _card("active", _number(_in(rows, ACTIVE), language), of_all, language),
        _new(rows, as_of, language),
        _at_risk(_in(rows, THREATENED), _measure(rows), language),
        _card("lost", _number(_in(rows, ("lost",)), language), hibernating, language),
        _card("top", top, say(language, "customers.card.top.note"), language),
        _card("slipped", count(slipped, language), _since_note(as_of, language), language, tone),
    )


def _since_note(as_of: date, language: str) -> str:
    return say(language, "customers.card.slipped.note", since=since(as_of, language))


def _number(rows: pl.DataFrame, language: str) -> str:
    return count(rows.height, language)


def _card(name: str, value: str, note: str, language: str, tone: Tone = "quiet") -> Card:
    words = f"customers.card.{name}"
    return Card(name, say(language, words), value, note, say(language, f"{words}.help"), tone)


def _new(rows: pl.DataFrame, as_of: date, language: str) -> Card:
    """Whose first order ever was in this month; and within ninety days."""
    first = pl.col("first_order_on")
    this_month = rows.filter(first >= as_of.replace(day=1)).height
    recent = rows.filter((pl.lit(as_of) - first).dt.total_days() < NEW_DAYS).height
    return _card("new", count(this_month, language), say(language, "customers.card.new.note", count=recent), language)


def _at_risk(rows: pl.DataFrame, measure: str, language: str) -> Card:
    worth = _worth(rows, measure, language)
    note = say(language, f"customers.card.at_risk.{measure}", money=worth) if worth else ""
    return _card("at_risk", count(rows.height, language), note, language, "warn" if rows.height else "quiet")


def name(row: Row, language: str) -> str:
    """What a customer is called; a private person without name or number is called so."""
    return str(row["customer"] or say(language, "customers.private"))


def customer_title(row: Row, step: NextStep, language: str) -> str:
    """The message of one customer's page: who it is, and what waits."""
    return say(language, "customer.title", name=name(row, language), step=_waits(row, step, language))


def _waits(row: Row, step: NextStep, language: str) -> str:
    gap = quantity(round(row["gap_days"] or 0.0), language)
    days = say(language, "days", count=step.days)
    numbers = {"count": step.count, "days": days, "recency": row["recency_days"], "gap": gap}
    return say(language, f"customer.step.{step.step}", **numbers)


def customer_caption(row: Row, as_of: date, language: str) -> str:
    """The segment, and what it was."""
    names = {key: say(language, f"segment.{row[key]}") for key in ("segment", "segment_before")}
    words = "customer.segment.same" if row["segment"] == row["segment_before"] else "customer.segment.moved"
    values = {"segment": names["segment"], "before": names["segment_before"], "since": since(as_of, language)}
    return say(language, "customer.caption", day=day(as_of, language), segment=say(language, words, **values))


def next_step(step: NextStep, row: Row, language: str) -> tuple[str, str]:
    """What to do, and who should do it: the person that works on it, else the one who looks after the customer."""
    document = step.document or say(language, "customer.unnamed")
    person = None if step.step == "nothing" else step.owner or row["owner"]
    who = " · ".join(part for part in (say(language, f"customer.who.{step.who}"), person) if part)
    action = say(language, f"customer.next.{step.step}", document=document)
    return action, say(language, "customer.next.who", who=who)


def customer_cards(row: Row, values: Row, open_orders: float | None, language: str) -> tuple[Card, ...]:
    """Six numbers of one customer. ``values``: the numbers of the registry that the viewer may see."""
    currency = row["currency"]
    return (
        _one("revenue", _money(values.get("revenue"), currency, language), "", language),
        _margin(row, values, language),
        _kept(values.get("on_time_in_full"), language),
        _one("open", _money(open_orders, currency, language), say(language, "customer.card.open.note"), language),
        _overdue(values, currency, language),
        _last(row, language),
    )


def _one(name: str, value: str, note: str, language: str, tone: Tone = "quiet") -> Card:
    words = f"customer.card.{name}"
    return Card(name, say(language, words), value, note, say(language, f"{words}.help"), tone)


def _money(value: float | None, currency: str | None, language: str) -> str:
    if value is None or currency is None:
        return say(language, "none")
    return money(round(value, 2) + 0.0, currency, language, narrow=True)


def _margin(row: Row, values: Row, language: str) -> Card:
    """The margin and its share of revenue; for who may not see margins, on how many days the customer ordered."""
    if "gross_margin" not in values:
        note = say(language, "customer.card.orders.note")
        return _one("orders", count(row["order_days"], language), note, language)
    margin, revenue = values["gross_margin"], values.get("revenue")
    share = percent(margin / revenue, language) if margin is not None and revenue else ""
    note = say(language, "customer.card.margin.note", share=share) if share else ""
    return _one("margin", _money(margin, row["currency"], language), note, language)


def _kept(share: float | None, language: str) -> Card:
    value = percent(share, language) if share is not None else say(language, "none")
    tone: Tone = "warn" if share is not None and share < KEPT_AT_LEAST else "quiet"
    return _one("kept", value, say(language, "customer.card.kept.note"), language, tone)


def _overdue(values: Row, currency: str | None, language: str) -> Card:
    if "overdue_receivables" not in values:
        return _one("overdue", say(language, "none"), say(language, "customer.card.hidden"), language)
    amount = values["overdue_receivables"]
    note = say(language, "customer.card.overdue.note")
    return _one("overdue", _money(amount, currency, language), note, language, "bad" if (amount or 0) > 0 else "quiet")


def _last(row: Row, language: str) -> Card:
    if row["recency_days"] is None:
        return _one("last", say(language, "none"), say(language, "customer.card.last.never"), language)
    gap = row["gap_days"]
    note = say(language, "customer.card.last.note", days=quantity(round(gap), language)) if gap is not None else ""
    value = say(language, "customer.card.last.days", count=row["recency_days"])
    return _one("last", value, note, language, "warn" if row["is_quiet"] else "quiet")


def facts(row: Row, language: str) -> tuple[Fact, ...]:
    """Who the customer is, as far as it is known."""
    country = LOCALES[language].territories.get(row["country"], row["country"])
    scores = [row[score] for score in ("r", "f", "m")]
    known = {
        "number": row["number"],
        "place": ", ".join(part for part in (row["city"], country) if part),
        "region": row["region"],
        "kind": row["kind"],
        "industry": row["industry"],
        "created_on": _day(row["created_on"], language),
        "first_order_on": _day(row["first_order_on"], language),
        "owner": row["owner"],
        "scores": " · ".join(str(score) for score in scores) if None not in scores else None,
    }
    return tuple(Fact(say(language, f"customer.fact.{name}"), text) for name, text in known.items() if text)


def _day(value: date | None, language: str) -> str | None:
    return day(value, language) if value else None
