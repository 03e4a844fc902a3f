"""What is left over of each product at each site, day by day: stock and what comes, less what was promised before.

What may be taken on a day is the least that is left over on that day and on every day after it, so that no earlier
promise is broken. A state is never changed: taking from one gives another one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from analytics.projection import NOTHING, Numbers, spread

HORIZON_DAYS = 730
AT = ("product_id", "site_id")
Row = dict[str, Any]
Route = tuple[str, int]


@dataclass(frozen=True)
class Books:
    """Who has what: ``sites`` of each product in the order of the rows of ``left``, by day from today; ``receipts`` of
    each product and site that count, by day; ``sent``: from a site to those that send goods there, and in how many
    days, the nearest first."""

    left: Mapping[str, Numbers]
    sites: Mapping[str, tuple[str, ...]]
    receipts: Mapping[tuple[str, str], tuple[Row, ...]]
    sent: Mapping[str, tuple[Route, ...]]

    def free(self, product: str) -> Numbers:
        """By site and day, what may still be promised of a product."""
        left = self.left[product]
        return np.asarray(np.minimum.accumulate(left[:, ::-1], axis=1)[:, ::-1].clip(min=0.0))

    def routes(self, product: str, site: str | None) -> list[Route]:
        """The sites with the product whose goods can leave from a site, and how many days later; itself first. From
        any site, where none is named."""
        here = self.sites.get(product, ())
        if site is None:
            return [(each, 0) for each in here]
        own = [(site, 0)] if site in here else []
        return own + [(each, days) for each, days in self.sent.get(site, ()) if each in here]

    def reachable(self, product: str, routes: Sequence[Route]) -> Numbers:
        """By route and day, what may leave from the site that the goods are wanted at."""
        if not routes:
            return np.zeros((0, HORIZON_DAYS + 1))
        free, names = self.free(product), self.sites[product]
        return np.array([_later(free[names.index(site)], days) for site, days in routes])

    def taken(self, product: str, site: str, day: int, quantity: float) -> "Books":
        """After so much has left a site on a day: nobody else gets it."""
        left = self.left[product].copy()
        left[self.sites[product].index(site), day:] -= quantity
        return Books({**self.left, product: left}, self.sites, self.receipts, self.sent)

    def relied_on(self, product: str, site: str, day: int, quantity: float) -> tuple[Row, ...]:
        """The receipts at a site that have to have come by the end of a day for so much to be there. Those that come
        last are spared first, where there is enough without them."""
        spare = float(self.left[product][self.sites[product].index(site), day]) - quantity
        relied = []
        for row in reversed([row for row in self.receipts.get((product, site), ()) if row["day"] <= day]):
            if row["quantity"] <= spare + NOTHING:
                spare -= row["quantity"]
            else:
                relied.append(row)
        return tuple(reversed(relied))


def _later(quantities: Numbers, days: int) -> Numbers:
    return np.pad(quantities, (days, 0))[: quantities.size] if days else quantities


def opened(
    today: date, stock: pl.DataFrame, receipts: pl.DataFrame, promised: pl.DataFrame, transfers: pl.DataFrame
) -> Books:
    """The books as they stand: see ``analytics.promising.Supply`` for the frames."""
    come = _coming(receipts, today)
    wanted = (pl.col("due_on") - today).dt.total_days().fill_null(0).clip(0, HORIZON_DAYS)
    flows = pl.concat(
        [
            stock.select(*AT, day=pl.lit(0, dtype=pl.Int64), quantity=pl.col("on_hand").cast(pl.Float64)),
            come.select(*AT, "day", pl.col("quantity").cast(pl.Float64)),
            promised.select(*AT, day=wanted, quantity=-pl.col("quantity").cast(pl.Float64)),
        ]
    ).drop_nulls("site_id")
    pairs = flows.select(AT).unique().sort(AT).with_row_index("item")
    placed = flows.join(pairs, on=AT, how="inner", validate="m:1")
    left = np.cumsum(spread(placed, pairs.height, HORIZON_DAYS + 1), axis=1)
    sites = {product: tuple(rows["site_id"]) for (product,), rows in pairs.group_by("product_id", maintain_order=True)}
    return Books(dict(_by_product(left, sites)), sites, _by_place(come), _sent(transfers))


def _by_product(left: Numbers, sites: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, Numbers]]:
    first = 0
    for product, here in sites.items():
        yield product, left[first : first + len(here)]
        first += len(here)


def _coming(receipts: pl.DataFrame, today: date) -> pl.DataFrame:
    """The receipts that count, by day: those that come after today and before the horizon."""
    dated = receipts.with_columns(day=(pl.col("arrives_on") - today).dt.total_days())
    counted = dated.filter(pl.col("day").is_between(1, HORIZON_DAYS))
    return counted.sort("day", -pl.col("quantity"), "number", nulls_last=True)


def _by_place(come: pl.DataFrame) -> dict[tuple[str, str], tuple[Row, ...]]:
    placed: dict[tuple[str, str], list[Row]] = {}
    for row in come.iter_rows(named=True):
        placed.setdefault((row["product_id"], row["site_id"]), []).append(row)
    return {key: tuple(rows) for key, rows in placed.items()}


def _sent(transfers: pl.DataFrame) -> dict[str, tuple[Route, ...]]:
    apart = transfers.filter(pl.col("from_site_id") != pl.col("to_site_id"))
    fastest = apart.group_by("to_site_id", "from_site_id").agg(pl.col("days").min()).sort("days", "from_site_id")
    sent: dict[str, list[Route]] = {}
    for to, left, days in fastest.select("to_site_id", "from_site_id", "days").iter_rows():
        sent.setdefault(to, []).append((left, days))
    return {to: tuple(routes) for to, routes in sent.items()}


def steps_up(reachable: Numbers, most: float) -> list[int]:
    """The days on which more can leave than on any day before, up to ``most``."""
    grown = np.maximum.accumulate(reachable.sum(axis=0).clip(max=most)) if reachable.size else np.zeros(1)
    return np.flatnonzero(np.diff(grown, prepend=0.0) > NOTHING).tolist()
