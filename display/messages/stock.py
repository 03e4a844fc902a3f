"""What Stock value and age says in words: the title with the message, the cards, and what the figures leave out."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from analytics.ageing import OLD
from analytics.excess import DEAD_AFTER_DAYS
from display.messages import Card
from display.numbers import count, day, largest_first, money, moneys, percent
from display.words import say


def summed(rows: pl.DataFrame, column: str) -> dict[str, float]:
    """What is known of an amount, by currency."""
    known = rows.filter(pl.col(column).is_not_null() & (pl.col(column) != 0) & pl.col("currency").is_not_null())
    return dict(known.group_by("currency").agg(pl.col(column).sum()).sort("currency").iter_rows())


def _items(rows: pl.DataFrame, condition: pl.Expr) -> int:
    return rows.filter(condition).get_column("product_id").n_unique()


IN_STOCK, DEAD = pl.col("on_hand") != 0, pl.col("is_dead") & (pl.col("on_hand") > 0)
EXCESS, ON_ORDER = pl.col("excess_quantity") > 0, pl.col("excess_on_order") > 0


def sees_money(positions: pl.DataFrame) -> bool:
    """Whether any amount is known to the viewer."""
    return positions.get_column("stock_value").is_not_null().any()


def title(positions: pl.DataFrame, language: str) -> str:
    """The message of the page: how much lies in stock, how much of it dead, and how much beyond need."""
    if positions.is_empty():
        return say(language, "stock.title.nothing")
    if not sees_money(positions):
        numbers = {"dead": _items(positions, DEAD), "excess": _items(positions, EXCESS)}
        return say(language, "stock.title.items", count=_items(positions, IN_STOCK), **numbers)
    parts = {name: _short(summed(positions, f"{name}_value"), language) for name in ("dead", "excess")}
    known = [name for name, text in parts.items() if text]
    words = {2: "stock.title", 1: f"stock.title.{known[0]}" if known else "", 0: "stock.title.calm"}[len(known)]
    value = _short(summed(positions, "stock_value"), language) or count(0, language)
    return say(language, words, value=value, **parts)


def _short(amounts: Mapping[str, float], language: str) -> str:
    """Amounts in few letters, the largest first, as a title has room for."""
    return " + ".join(money(value, currency, language, narrow=True) for currency, value in largest_first(amounts))


def caption(positions: pl.DataFrame, on: date, basis: str, language: str) -> str:
    """What the figures rest on: the day of the stock, the cost, and when stock counts as dead."""
    if not sees_money(positions):
        return say(language, "stock.caption.no_costs", day=day(on, language), days=DEAD_AFTER_DAYS)
    named = say(language, f"stock.in_basis.{basis}")
    text = say(language, "stock.caption", day=day(on, language), basis=named, days=DEAD_AFTER_DAYS)
    unvalued = _items(positions, pl.col("is_unvalued"))
    return f"{text} · {say(language, 'stock.caption.unvalued', count=unvalued)}" if unvalued else text


def cards(positions: pl.DataFrame, ages: pl.DataFrame, language: str) -> tuple[Card, ...]:
    """Six numbers: amounts for who may see costs, else counts of items."""
    old = ages.filter(pl.col("bucket").is_in(OLD))
    if not sees_money(positions):
        return _counts(positions, old, language)
    whole = summed(positions, "stock_value")
    return (
        _amount("value", whole, _of("value", _items(positions, IN_STOCK), language), language),
        _amount("dead", summed(positions, "dead_value"), _share("dead", positions, whole, language), language),
        _amount("excess", summed(positions, "excess_value"), _share("excess", positions, whole, language), language),
        _on_order(positions, language),
        _amount("old", summed(old, "value"), _part("old", summed(old, "value"), whole, language), language),
        _against_purchases(positions, language),
    )


def _card(name: str, value: str, note: str, language: str) -> Card:
    words = f"stock.card.{name}"
    return Card(name, say(language, words), value, note, say(language, f"{words}.help"))


def _amount(name: str, amounts: Mapping[str, float], note: str, language: str) -> Card:
    """The largest currency as the value; what is in others, which nobody can convert, in the note."""
    ordered = largest_first(amounts)
    value = money(ordered[0][1], ordered[0][0], language, narrow=True) if ordered else say(language, "none")
    others = moneys(dict(ordered[1:]), language)
    return _card(name, value, f"+ {others}" if others else note, language)


def _of(name: str, number: int, language: str) -> str:
    return say(language, f"stock.card.{name}.note", count=number)


def _part(name: str, amounts: Mapping[str, float], whole: Mapping[str, float], language: str) -> str:
    """The share of all stock, in the currency of most of it."""
    ordered = largest_first(whole)
    if not ordered or ordered[0][1] <= 0:
        return ""
    currency, total = ordered[0]
    return say(language, f"stock.card.{name}.share", share=percent(amounts.get(currency, 0.0) / total, language))


def _share(name: str, positions: pl.DataFrame, whole: Mapping[str, float], language: str) -> str:
    return _part(name, summed(positions, f"{name}_value"), whole, language)


def _on_order(positions: pl.DataFrame, language: str) -> Card:
    number = _items(positions, ON_ORDER)
    note = _of("on_order", number, language) if number else say(language, "stock.card.on_order.none")
    return _amount("on_order", summed(positions, "excess_on_order_value"), note, language)


def _against_purchases(positions: pl.DataFrame, language: str) -> Card:
    differing = positions.with_columns(difference=pl.col("average_price_value") - pl.col("standard_value"))
    note = say(language, "stock.card.basis.note")
    return _amount("basis", summed(differing, "difference"), note, language)


def _counts(positions: pl.DataFrame, old: pl.DataFrame, language: str) -> tuple[Card, ...]:
    held = positions.filter(IN_STOCK)
    sites = held.get_column("site_id").n_unique()
    numbers = {
        "items": (_items(positions, IN_STOCK), _of("items", sites, language)),
        "dead": (_items(positions, DEAD), ""),
        "excess": (_items(positions, EXCESS), ""),
        "on_order": (_items(positions, ON_ORDER), ""),
        "old": (old.get_column("product_id").n_unique(), ""),
        "important": (_items(held, pl.col("abc") == "A"), say(language, "stock.card.important.note")),
    }
    return tuple(_card(name, count(number, language), note, language) for name, (number, note) in numbers.items())


def below_zero(ages: pl.DataFrame, language: str) -> str:
    """What levels below zero take off the value; nothing where there are none."""
    below = ages.filter(pl.col("bucket") == "below_zero").with_columns(-pl.col("value"))
    taken = summed(below, "value")
    return say(language, "stock.ages.below_zero", money=moneys(taken, language)) if taken else ""


def outside_matrix(positions: pl.DataFrame, language: str) -> str:
    """How many items have no class because nobody asked for them, and how many are asked for only now and then."""
    held = positions.filter(IN_STOCK)
    unasked, rare = held.filter(pl.col("abc") == "N"), _items(held, pl.col("is_intermittent").fill_null(value=False))
    told = []
    if unasked.height:
        lying = moneys(summed(unasked, "stock_value"), language)
        words = "stock.matrix.unasked" if lying else "stock.matrix.unasked.no_costs"
        told.append(say(language, words, count=unasked.get_column("product_id").n_unique(), money=lying))
    if rare:
        told.append(say(language, "stock.matrix.intermittent", count=rare))
    return (" " if language == "en" else "").join(told)
