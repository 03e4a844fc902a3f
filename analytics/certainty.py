"""How sure a promise is: the chance that everything comes in time on which it relies, and the days that must be added.

Each delivery is late by itself. What is bought or awaited is there by a day as its supplier's past tells; what is made
is late by what its parts are late and by what we are late ourselves. A whole is as late as the latest of its parts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from analytics.lateness import LATEST, WORK_ORDER, Lateness
from analytics.projection import Numbers

MOST_DAYS = 365
OPEN = -1
RECEIPT, BOUGHT, MADE, PUT_TOGETHER = "receipt", "buy", "make", "kit"
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Relied:
    """What has to come by the end of a day. ``key``: the kind, the product, and what tells it from others. For what is
    made, ``ends`` is the day on which the work ends if nothing is late, and ``parts`` is what the work relies on.
    ``later``: the days of its transfer."""

    key: Key
    by: int = OPEN
    later: int = 0
    ends: int = 0
    parts: tuple["Relied", ...] = ()


@dataclass(frozen=True)
class Likely:
    """``arrivals``: by key, the chance to have come by the end of each day from today on. ``made``: the chance that
    what we make is at most so many days late, from 0 on; without it, it is never late. ``usual``: the chance of what
    is in neither."""

    arrivals: Mapping[Key, Numbers] = field(default_factory=dict)
    made: Numbers | None = None
    usual: float = 1.0
    _known: dict[tuple[int, str], tuple[tuple[Relied, ...], Numbers]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def all_of(self, relied: Sequence[Relied]) -> Numbers:
        """The chance that all of it is there no more than so many days after its days: 0 to ``MOST_DAYS``."""
        first: dict[Key, Relied] = {}
        for each in relied:
            known = first.get(each.key)
            first[each.key] = each if known is None or each.by < known.by else known
        whole = np.ones(MOST_DAYS + 1)
        for each in first.values():
            whole = whole * self._one(each)
        return whole

    def expedited(self, product: str, days: int) -> "Likely":
        """As it would be if what is to come of a product came so many days earlier."""
        sooner = {key: _since(each, days) for key, each in self.arrivals.items() if key[1] == product}
        return Likely({**self.arrivals, **sooner}, self.made, self.usual)

    def _one(self, relied: Relied) -> Numbers:
        if relied.key[0] in (MADE, PUT_TOGETHER):
            return _since(self._made(relied), relied.by - relied.ends)
        arrivals = self.arrivals.get(relied.key)
        return np.full(MOST_DAYS + 1, self.usual) if arrivals is None else _since(arrivals, relied.by)

    def _made(self, relied: Relied) -> Numbers:
        """The chance that it is at most so many days later than the planned end of its work; worked out once for parts
        that go into several wholes."""
        mark = (id(relied.parts), relied.key[0])
        if mark not in self._known:
            self._known[mark] = relied.parts, self._made_of(relied)
        return self._known[mark][1]

    def _made_of(self, relied: Relied) -> Numbers:
        parts = self.all_of(relied.parts)
        if self.made is None or relied.key[0] == PUT_TOGETHER:
            return parts
        late = np.diff(self.made, prepend=0.0)
        return np.asarray(np.convolve(np.diff(parts, prepend=0.0), late).cumsum())


def _since(chances: Numbers, first: int) -> Numbers:
    """The chances from a day on; after the last one known it stays as it is."""
    if first < 0:
        chances, first = np.pad(chances, (-first, 0)), 0
    known = chances[min(first, chances.size - 1) : first + MOST_DAYS + 1]
    return np.pad(known, (0, MOST_DAYS + 1 - known.size), mode="edge")


def days_to_add(chances: Numbers, confidence: float) -> int | None:
    """After how many more days it is as sure as that; null where it never is."""
    reached = np.flatnonzero(chances >= confidence - 1e-9)
    return int(reached[0]) if reached.size else None


def likely(receipts: pl.DataFrame, bought: pl.DataFrame, late: Lateness, as_of: date) -> Likely:
    """What is known of when things come. ``receipts``: as ``analytics.lateness.open_receipts``; ``bought``: as
    ``analytics.lateness.ordered_now``, what would be ordered today."""
    days = MOST_DAYS + LATEST
    dated = (
        (receipts, [(RECEIPT, *row) for row in receipts.select("product_id", "number", "party", "due_on").iter_rows()]),
        (bought, [(BOUGHT, *row) for row in bought.select("product_id", "party").iter_rows()]),
    )
    arrivals: dict[Key, Numbers] = {}
    for rows, keys in dated:
        if keys:
            arrivals |= dict(zip(keys, late.arrived_by(rows, as_of, days), strict=True))
    return Likely(arrivals, made_by(late, as_of))


def made_by(late: Lateness, as_of: date) -> Numbers:
    """The chance that what we make is at most so many days late, from 0 on, by all our work orders."""
    ahead = LATEST
    row = pl.DataFrame(
        {"kind": [WORK_ORDER], "supplier_id": [None], "due_on": [as_of + timedelta(days=ahead)]},
        schema={"kind": pl.String, "supplier_id": pl.String, "due_on": pl.Date},
    )
    return np.asarray(late.arrived_by(row, as_of, ahead + LATEST)[0][ahead:])
