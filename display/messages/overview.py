"""What the overview says in words: whether the firm is on plan, what waits for a decision, and six numbers."""

from collections.abc import Mapping

import polars as pl

from display.messages import Card
from display.messages.metrics import Reading, card, written
from display.messages.metrics import caption as of_days
from display.messages.metrics import state as standing
from display.numbers import money
from display.words import say

LEADING = ("revenue", "orders_taken", "on_time_in_full", "stock_value", "items_out")
SIX = (
    ("orders_taken", ()),
    ("revenue", ("gross_margin_rate",)),
    ("on_time_in_full", ()),
    ("stock_value", ("days_of_stock",)),
    ("margin_at_risk", ("items_out",)),
    ("overdue_receivables", ()),
)
INSTEAD = ("items_out", "supplier_on_time", "tickets_opened", "complaints")
DRAWN = ("gross_margin_rate", "on_time_in_full", "stock_value")
MOST_CARDS = 6


def leading(read: Mapping[str, Reading]) -> str:
    """The number that the message is about: the first of the usual ones that has a value."""
    known = [name for name in LEADING if name in read and read[name].value is not None]
    return known[0] if known else next(iter(read))


def drawn(read: Mapping[str, Reading]) -> tuple[str, ...]:
    """The numbers whose months are drawn: how much came in, and how well the firm kept its word."""
    wanted = (leading(read), *(name for name in DRAWN if name in read))
    return tuple(dict.fromkeys(wanted))[:2]


def title(read: Mapping[str, Reading], waiting: pl.DataFrame, language: str) -> str:
    """The message: is the firm on plan, and what waits for a decision; money of different kinds is never added up."""
    reading = read[leading(read)]
    state = standing(reading, language)
    if waiting.is_empty():
        return say(language, "overview.title.calm", state=state)
    largest = waiting.row(0, named=True)
    if largest["money"] is None or largest["currency"] is None:
        return say(language, "overview.title.waiting.no_money", state=state, count=waiting.height)
    stake = money(largest["money"], largest["currency"], language, narrow=True)
    return say(language, "overview.title.waiting", state=state, count=waiting.height, money=stake)


def caption(read: Mapping[str, Reading], language: str) -> str:
    """Of which days the numbers are, and what they are compared with."""
    return of_days(read[leading(read)], language)


def cards(read: Mapping[str, Reading], language: str) -> dict[str, Card]:
    """Six numbers by name, or what the reader may see of them: others of the registry take the place of hidden ones."""
    chosen = {name: also for name, also in SIX if name in read}
    for name in INSTEAD:
        if name in read and len(chosen) < MOST_CARDS:
            chosen.setdefault(name, ())
    return {name: card(read[name], language, also=_also(read, also, language)) for name, also in chosen.items()}


def _also(read: Mapping[str, Reading], names: tuple[str, ...], language: str) -> str:
    known = [read[name] for name in names if name in read and read[name].value is not None]
    return " · ".join(
        say(language, f"overview.also.{r.metric.name}", value=written(r.metric, r.value, r.currency, language))
        for r in known
    )
