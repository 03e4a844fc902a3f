"""Segments of customers again, slowly: for each customer by counting those before it, with dates one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from math import ceil

GRID = {
    5: "promising promising loyal champions champions",
    4: "promising promising loyal champions champions",
    3: "hibernating needs_attention needs_attention loyal loyal",
    2: "hibernating hibernating at_risk at_risk at_risk",
    1: "lost lost at_risk cannot_lose cannot_lose",
}


@dataclass(frozen=True)
class Customer:
    """The days on which it ordered, and what it was worth on which day."""

    orders: Sequence[date] = ()
    worth: Sequence[tuple[date, float]] = field(default_factory=tuple)


def segments(firm: Mapping[str, Customer], on: date) -> dict[str, str]:
    """The segment of each customer on the evening of a day."""
    return {key: _segment(key, firm, on) for key in firm}


def _segment(key: str, firm: Mapping[str, Customer], on: date) -> str:
    days = _days(firm[key], on)
    if not days:
        return "prospect"
    if not _recent(firm[key], on):
        return "lost"
    if (on - days[0]).days < 90:
        return "new"
    recency, frequency, money = (_score(key, firm, on, at) for at in range(3))
    if _is_in_rhythm(firm[key], on):
        recency = max(recency, 3)
    mean = (frequency + money) / 2
    return GRID[recency].split()[int(mean + 0.5) - 1]


def _days(customer: Customer, on: date) -> list[date]:
    return sorted({day for day in customer.orders if day <= on})


def _recent(customer: Customer, on: date) -> list[date]:
    """Those of the two years up to the day."""
    return [day for day in _days(customer, on) if day > two_years_before(on)]


def _is_in_rhythm(customer: Customer, on: date) -> bool:
    days = _recent(customer, on)
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    return len(days) >= 3 and (on - days[-1]).days <= 2 * sum(gaps) / len(gaps)


def _measures(key: str, firm: Mapping[str, Customer], on: date) -> tuple[float, float, float]:
    days = _recent(firm[key], on)
    worth = sum(value for day, value in firm[key].worth if two_years_before(on) < day <= on)
    return -(on - days[-1]).days, len(days), round(worth, 6)


def two_years_before(on: date) -> date:
    """The same day two years ago; 28 February for a 29th."""
    day = on if (on.month, on.day) != (2, 29) else on - timedelta(days=1)
    return date(day.year - 2, day.month, day.day)


def _score(key: str, firm: Mapping[str, Customer], on: date, measure: int) -> int:
    """How many of the customers with orders stand before it; the other measures decide among equals, then the key."""
    rivals = [other for other in firm if _recent(firm[other], on)]
    before = [other for other in rivals if _order(other, firm, on, measure) < _order(key, firm, on, measure)]
    return ceil((len(before) + 0.5) / len(rivals) * 5)


def _order(key: str, firm: Mapping[str, Customer], on: date, measure: int) -> tuple[float, float, float, str]:
    recency, frequency, money = _measures(key, firm, on)
    first, *others = ((recency, frequency, money), (frequency, recency, money), (money, recency, frequency))[measure]
    return (first, others[0], others[1], key)
