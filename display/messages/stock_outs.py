"""What Stock-outs says in words: the title with the message, the cards, the facts of one item, and how sure it is."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from analytics.demand import known_sum
from display.messages import Card, Fact, Tone
from display.numbers import count, day, largest_first, money, moneys, percent, quantity, short_day
from display.words import say

LIKELY = 0.5
LITTLE_EXPERIENCE = 8
AT_ONCE = ("now", "too_late")
TONES: Mapping[str, Tone] = {"now": "warn", "too_late": "bad"}


def _likely(risks: pl.DataFrame, days: int = 28) -> pl.DataFrame:
    return risks.filter(pl.col(f"p_{days}") >= LIKELY)


def _now(risks: pl.DataFrame) -> pl.DataFrame:
    return risks.filter(pl.col("when_to_order").is_in(AT_ONCE))


def _items(risks: pl.DataFrame) -> int:
    return risks.get_column("product_id").n_unique()


def at_stake(risks: pl.DataFrame) -> dict[str, float]:
    """What is expected to be lost, by currency, where it is half a unit of money or more."""
    known = risks.drop_nulls(("at_stake", "currency")).group_by("currency").agg(known_sum(pl.col("at_stake")))
    return dict(known.filter(pl.col("at_stake") >= LIKELY).sort("currency").iter_rows())


def _is(risks: pl.DataFrame) -> str:
    kinds = risks.filter(pl.col("at_stake") > 0).get_column("at_stake_is").drop_nulls().unique().to_list()
    return kinds[0] if len(kinds) == 1 else "mixed"


def title(risks: pl.DataFrame, language: str) -> str:
    """The message of the page: how many items will likely run out, what is at stake, and how many to order now."""
    if risks.is_empty():
        return say(language, "stockouts.title.nothing")
    likely = _likely(risks)
    if likely.is_empty():
        now = _items(_now(risks))
        return say(language, "stockouts.title.calm.order", count=now) if now else say(language, "stockouts.title.calm")
    number, now = _items(likely), _items(_now(likely))
    text = say(language, "stockouts.title.likely", count=number)
    stake = _short(at_stake(likely), language)
    if stake:
        text = say(language, f"stockouts.title.stake.{_is(likely)}", title=text, money=stake)
    if not now:
        return text
    words = {now: "stockouts.title.order_all", 1: "stockouts.title.order_one"}.get(number, "stockouts.title.order")
    return say(language, words, title=text, count=now)


def _short(amounts: Mapping[str, float], language: str) -> str:
    return " + ".join(money(value, currency, language, narrow=True) for currency, value in largest_first(amounts))


def caption(risks: pl.DataFrame, silent: pl.DataFrame, on: date, language: str) -> str:
    """What the chances rest on: the day of the stock, how many items and sites, and of how many there is no opinion."""
    sites = risks.get_column("site_id").n_unique()
    items = say(language, "stockouts.caption.items", count=_items(risks))
    told = say(
        language,
        "stockouts.caption",
        day=day(on, language),
        items=items,
        sites=say(language, "stockouts.caption.sites", count=sites),
    )
    untold = silent.join(risks, on="product_id", how="anti").get_column("product_id").n_unique()
    return f"{told} · {say(language, 'stockouts.caption.silent', count=untold)}" if untold else told


def heading(risks: pl.DataFrame, language: str) -> str:
    """What the list is ordered by: by money where any is known."""
    is_priced = risks.get_column("at_stake").is_not_null().any()
    return say(language, "stockouts.ranked" if is_priced else "stockouts.ranked.no_money")


def cards(risks: pl.DataFrame, hit: pl.DataFrame, language: str) -> tuple[Card, ...]:
    """Six numbers, the most urgent first."""
    return (
        *(_out(risks, days, language) for days in (7, 14, 28)),
        _to_order(risks, language),
        _loss(risks, language),
        _hit(hit, language),
    )


def _out(risks: pl.DataFrame, days: int, language: str) -> Card:
    likely = _likely(risks, days)
    number, stake = _items(likely), _short(at_stake(likely), language)
    note = say(language, "stockouts.card.out.none")
    if number:
        note = say(language, "stockouts.card.out.sites", count=likely.get_column("site_id").n_unique())
    if stake:
        note = say(language, "stockouts.card.out.note", money=stake)
    label, help_text = say(language, f"stockouts.card.out_{days}"), say(language, "stockouts.card.out.help")
    return Card(
        f"out_{days}", label, count(number, language), note, help_text, "bad" if number and days == 7 else "quiet"
    )


def _card(name: str, value: str, note: str, language: str, tone: Tone = "quiet") -> Card:
    words = f"stockouts.card.{name}"
    return Card(name, say(language, words), value, note, say(language, f"{words}.help"), tone)


def _to_order(risks: pl.DataFrame, language: str) -> Card:
    number, late = _items(_now(risks)), _items(risks.filter(pl.col("when_to_order") == "too_late"))
    note = (
        say(language, "stockouts.card.order.late", count=late) if late else say(language, "stockouts.card.order.none")
    )
    return _card("order", count(number, language), note, language, "warn" if late else "quiet")


def _loss(risks: pl.DataFrame, language: str) -> Card:
    """The largest currency as the value; what is in others, which nobody can convert, in the note."""
    ordered = largest_first(at_stake(risks))
    value = money(ordered[0][1], ordered[0][0], language, narrow=True) if ordered else say(language, "none")
    others = moneys(dict(ordered[1:]), language)
    note = f"+ {others}" if others else say(language, f"stockouts.card.loss.{_is(risks)}")
    return _card("loss", value, note if ordered else "", language)


def _hit(hit: pl.DataFrame, language: str) -> Card:
    orders, customers = hit.item(0, "orders"), hit.item(0, "customers")
    note = say(language, "stockouts.card.hit.none")
    if orders:
        note = say(language, "stockouts.card.hit.note", count=customers) if customers else ""
    return _card("hit", count(orders, language), note, language, "warn" if orders else "quiet")


def facts(risk: Mapping[str, Any], receipts: pl.DataFrame, language: str) -> tuple[Fact, ...]:
    """What is known of one item at one site, in the order in which a planner asks."""
    unit = risk["unit"]
    told = {
        "likely": _day(risk["likely_out_on"], language, "stockouts.beyond"),
        "units": quantity(risk["units_lost"], language, unit),
        **_loss_of(risk, language),
        "on_hand": quantity(risk["on_hand"], language, unit),
        "open_demand": quantity(risk["open_demand"], language, unit),
        "daily_demand": quantity(risk["daily_demand"], language, unit),
        "on_order": quantity(risk["on_order"], language, unit),
        "next": next_receipt(receipts, language),
        "before_receipt": percent(risk["p_before_receipt"], language),
        "new": _new(risk, language),
        "before_new": percent(risk["p_before_new"], language),
        "source": _source(risk, language),
    }
    when = Fact(
        say(language, "stockouts.fact.when"), to_order(risk, language), TONES.get(risk["when_to_order"], "quiet")
    )
    return (when, *(Fact(say(language, f"stockouts.fact.{name}"), text) for name, text in told.items()))


def _day(on: date | None, language: str, otherwise: str) -> str:
    return say(language, otherwise) if on is None else day(on, language)


def _loss_of(risk: Mapping[str, Any], language: str) -> dict[str, str]:
    if risk["at_stake"] is None or risk["currency"] is None:
        return {}
    worth = money(risk["at_stake"], risk["currency"], language)
    return {"loss": say(language, f"inventory.at_stake.{risk['at_stake_is']}", money=worth)}


def to_order(risk: Mapping[str, Any], language: str) -> str:
    """By when to order, in one phrase."""
    when, on = risk["when_to_order"], risk["order_by_on"]
    if on is None or when not in ("now", "later", "too_late"):
        return say(language, f"stockouts.when.{when}")
    words = "stockouts.order_was" if when == "too_late" else "stockouts.order_by"
    return say(language, words, day=day(on, language))


def next_receipt(receipts: pl.DataFrame, language: str) -> str:
    """The receipt that is due next, and by when it comes if it is as late as usual; overdue ones are due still."""
    dated = receipts.drop_nulls("due_on")
    if dated.is_empty():
        return say(language, "stockouts.none_due")
    first = dated.sort("arrives_80_on", "due_on", nulls_last=True).row(0, named=True)
    due = short_day(first["due_on"], language)
    if first["arrives_80_on"] is None:
        return say(language, "stockouts.next.due", due=due)
    return say(language, "stockouts.next", due=due, likely=short_day(first["arrives_80_on"], language))


def _new(risk: Mapping[str, Any], language: str) -> str:
    told = _day(risk["new_receipt_on"], language, "inventory.unknown")
    return say(language, "stockouts.no_lead", day=told) if risk["lead_time_days"] is None else told


def _source(risk: Mapping[str, Any], language: str) -> str:
    if risk["way"] == "buy" and risk["supplier"]:
        return say(language, "stockouts.way.buy.from", supplier=risk["supplier"])
    return say(language, f"stockouts.way.{risk['way'] or 'unknown'}")


def sure(grounds: pl.DataFrame, language: str) -> str:
    """How sure the chances are: the method in one sentence, and on how many days of demand they rest."""
    known = grounds.drop_nulls("demand_days")
    if known.is_empty():
        return say(language, "stockouts.sure.orders")
    watched, asked = known.item(0, "days_watched"), known.item(0, "demand_days")
    text = say(language, "stockouts.sure", days=watched, asked=asked)
    if asked >= LITTLE_EXPERIENCE:
        return text
    return f"{text}{' ' if language == 'en' else ''}{say(language, 'stockouts.sure.little')}"
