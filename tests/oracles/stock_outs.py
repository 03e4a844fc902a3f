"""Stock-outs once more, slow and plain: every course that days, demands and receipts can take, one after the other."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from analytics.first_passage import Course

UNSEEN = 1e-13


@dataclass
class Told:
    """By day: the chance to have run out, and what is lost; and the chance to run out before any receipt."""

    out: list[float]
    lost: list[float]
    out_first: float


def told(course: Course, item: int) -> Told:
    """The outcome of one item of a course, by enumeration."""
    days = course.rates.shape[1]
    answer = Told([0.0] * days, [0.0] * days, 0.0)
    for level, weight in zip(course.levels[item], course.weights, strict=True):
        daily = [_asked(course, item, float(rate * level)) for rate in course.rates[item]]
        for arrivals, chance in _arrivals(course, item):
            _walk(course, item, arrivals, daily, float(weight) * chance, answer)
    return answer


def _asked(course: Course, item: int, rate: float) -> dict[float, float]:
    """What may be asked for on a day, with its chance: none, one, two, three... demands of every size."""
    sizes = [
        (float(size), float(share))
        for at, size, share in zip(course.sized, course.sizes, course.shares, strict=True)
        if at == item
    ]
    total: dict[float, float] = {}
    together, count, chance = {0.0: 1.0}, 0, math.exp(-rate)
    while chance > UNSEEN or count < rate:
        for quantity, part in together.items():
            total[quantity] = total.get(quantity, 0.0) + chance * part
        count += 1
        chance *= rate / count
        grown: dict[float, float] = {}
        for quantity, part in together.items():
            for size, share in sizes:
                grown[quantity + size] = grown.get(quantity + size, 0.0) + part * share
        together = grown
    return {quantity: part for quantity, part in total.items() if part > UNSEEN}


def _arrivals(course: Course, item: int) -> Iterator[tuple[tuple[int | None, ...], float]]:
    """Every choice of a day of arrival for each receipt, null for after the last day, with its chance."""
    days = course.rates.shape[1]
    ways: list[list[tuple[int | None, float]]] = []
    for arrived in course.arrived[item]:
        on = [(day, float(arrived[day] - (arrived[day - 1] if day else 0.0))) for day in range(days)]
        ways.append([*on, (None, 1.0 - float(arrived[-1]))])
    for choice in product(*ways):
        chance = math.prod(part for _, part in choice)
        if chance > 0:
            yield tuple(day for day, _ in choice), chance


def _walk(
    course: Course,
    item: int,
    arrivals: tuple[int | None, ...],
    daily: list[dict[float, float]],
    chance: float,
    answer: Told,
) -> None:
    first = min((day for day in arrivals if day is not None), default=math.inf)
    for choice in product(*(each.items() for each in daily)):
        weight = chance * math.prod(part for _, part in choice)
        asked, lost, out_on = 0.0, 0.0, None
        for day, (quantity, _) in enumerate(choice):
            asked += quantity
            came = sum(
                float(course.quantities[item, receipt])
                for receipt, on in enumerate(arrivals)
                if on is not None and on <= day
            )
            room = max(float(course.stock[item]) + came, 0.0) - float(course.certain[item, day])
            beyond = asked - room
            if beyond > UNSEEN and out_on is None:
                out_on = day
            lost = max(lost, beyond)
            answer.out[day] += weight if out_on is not None else 0.0
            answer.lost[day] += weight * max(lost, 0.0)
        if out_on is not None and out_on < first:
            answer.out_first += weight
