"""Delivery promises: the earliest day on which a quantity can leave without breaking what was promised before.

What is available to promise on a day is the least that is left over on that day and on every day after it: what is on
hand and will have come, less what was promised before (cumulative, with look-ahead). What known supply does not give,
an order placed today gives, where the product has a source. Without one there is no date: none is invented.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from analytics.demand import Types
from analytics.lateness import ARRIVALS
from analytics.projection import NOTHING, Numbers, spread

HORIZON_DAYS = 730
STATUSES = ("promised", "no_supply", "no_quantity", "unknown_product")
SOURCES = ("stock", "receipt", "new_order")
WISHES: Types = {"line": pl.Int64, "product_id": pl.String, "quantity": pl.Float64, "site_id": pl.String}
STOCK: Types = {"product_id": pl.String, "site_id": pl.String, "on_hand": pl.Float64}
RECEIPTS: Types = {
    "product_id": pl.String,
    "site_id": pl.String,
    "number": pl.String,
    "party": pl.String,
    "due_on": pl.Date,
    "arrives_on": pl.Date,
    "quantity": pl.Float64,
}
PROMISED: Types = {"product_id": pl.String, "site_id": pl.String, "due_on": pl.Date, "quantity": pl.Float64}
NEW: Types = {"product_id": pl.String, "party": pl.String, "arrives_on": pl.Date}
TRANSFERS: Types = {"from_site_id": pl.String, "to_site_id": pl.String, "days": pl.Int64}
LINES: Types = {
    "line": pl.Int64,
    "product_id": pl.String,
    "quantity": pl.Float64,
    "site_id": pl.String,
    "status": pl.String,
    "first_on": pl.Date,
    "promised_on": pl.Date,
    "confidence": pl.Float64,
    "source": pl.String,
    "from_site_id": pl.String,
    "number": pl.String,
    "party": pl.String,
    "due_on": pl.Date,
}
DELIVERIES: Types = {
    "line": pl.Int64,
    "product_id": pl.String,
    "leaves_on": pl.Date,
    "quantity": pl.Float64,
    "from_site_id": pl.String,
    "transfer_days": pl.Int64,
    "source": pl.String,
    "number": pl.String,
    "party": pl.String,
    "due_on": pl.Date,
}


NUMBERED: Types = {"site_id": pl.String, "item": pl.Int64}
REASON = ("source", "from_site_id", "number", "party", "due_on")
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Supply:
    """What promises are made from, cut by rights and scope already; see the schemas of these names.

    products: every product_id that may be asked for. stock: one row per product and site. receipts: what is to come,
    arrives_on the day by which it comes with ``confidence``; a null one, or one not after today, counts for nothing.
    promised: open order lines by the day promised; overdue ones, and those without a day, count today. new: by product,
    when an order placed today comes with ``confidence``; no row, or null: nobody knows. transfers: by how many days
    later goods of one site can leave from another; what is not listed is not sent.
    """

    today: date
    confidence: float
    products: Sequence[str]
    stock: pl.DataFrame
    receipts: pl.DataFrame
    promised: pl.DataFrame
    new: pl.DataFrame
    transfers: pl.DataFrame


def supply(
    *,
    today: date,
    level: int,
    products: Sequence[str],
    stock: pl.DataFrame,
    receipts: pl.DataFrame,
    orders: pl.DataFrame,
    new: pl.DataFrame,
) -> Supply:
    """What can be promised with a confidence of ``level`` percent: 50, 80, 90 or 95.

    stock: product_id, site_id, on_hand, as in the aggregate stock_by_item. receipts, new: as from
    ``analytics.lateness.dated_receipts`` and ``new_orders``. orders: as from ``analytics.demand.open_demand``. What
    no site is known for is left out. No site sends to another one: who knows transfers replaces that.
    """
    arrives_on = pl.col(f"arrives_{level}_on").alias("arrives_on")
    held = stock.group_by("product_id", "site_id").agg(pl.col("on_hand").sum())
    return Supply(
        today=today,
        confidence=ARRIVALS[f"arrives_{level}_on"],
        products=products,
        stock=_typed(held.drop_nulls("site_id"), STOCK),
        receipts=_typed(receipts.with_columns(arrives_on).drop_nulls("site_id"), RECEIPTS),
        promised=_typed(orders.drop_nulls("site_id"), PROMISED),
        new=_typed(new.with_columns(arrives_on), NEW),
        transfers=pl.DataFrame(schema=TRANSFERS),
    )


def _typed(rows: pl.DataFrame, schema: Types) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


@dataclass(frozen=True)
class Answer:
    """lines: one row per wish, in their order: see ``LINES``. deliveries: one row per part of a wish that leaves on one
    day from one site's stock and supply: see ``DELIVERIES``."""

    lines: pl.DataFrame
    deliveries: pl.DataFrame

    @property
    def first_on(self) -> date | None:
        """The day on which the first of it leaves."""
        first = self.lines["first_on"].min()
        return first if isinstance(first, date) else None

    @property
    def last_on(self) -> date | None:
        """The day on which all of it has left; null when a line has no day."""
        last = self.lines["promised_on"].max()
        return last if isinstance(last, date) and not self.lines["promised_on"].null_count() else None


def promise(supply: Supply, wishes: pl.DataFrame, *, in_parts: bool = False) -> Answer:
    """When each of the ``wishes`` can leave, first come, first served: each takes what the ones before it have left.

    ``wishes``: see ``WISHES``; line numbers are unique; site_id is where it has to leave, null for any site, then each
    sends its own part. All of a line leaves on one day, or ``in_parts`` as early as each part can.

    status: promised; no_supply (not enough is to come and the product has no source, so that there is no day; in parts,
    what there is leaves all the same); no_quantity (nothing, or less than nothing, is asked for); unknown_product.
    source, from_site_id, number, party and due_on say what the last part waits for. confidence: at least the chance
    that everything comes in time on which the line relies, each delivery by itself; 1 where stock suffices.
    """
    books = {product: _Books(supply, product) for product in set(wishes["product_id"]) & set(supply.products)}
    lines: list[Row] = []
    deliveries: list[Row] = []
    for wish in wishes.sort("line").iter_rows(named=True):
        status, parts = _served(books.get(wish["product_id"]), wish, in_parts=in_parts)
        lines.append(_line(wish, status, parts, supply))
        deliveries += [_delivery(wish, part, supply.today) for part in parts]
    return Answer(pl.DataFrame(lines, schema=LINES), pl.DataFrame(deliveries, schema=DELIVERIES))


def available(supply: Supply, product_id: str) -> pl.DataFrame:
    """What may still be promised of a product: one row per site and day on which that grows: product_id, site_id,
    day_on, quantity, all that can leave by that day. Without what a new order would bring."""
    books = _Books(supply, product_id)
    free = books.free()
    site, day = np.nonzero(np.diff(free, axis=1, prepend=0.0) > NOTHING)
    days = [supply.today + timedelta(days=number) for number in day.tolist()]
    rows = {"site_id": [books.sites[number] for number in site.tolist()], "day_on": days, "quantity": free[site, day]}
    schema = {"site_id": pl.String, "day_on": pl.Date, "quantity": pl.Float64}
    return pl.DataFrame(rows, schema=schema).select(pl.lit(product_id).alias("product_id"), *schema)


@dataclass(frozen=True)
class _Part:
    """So much of a wish leaves so many days after today, from a site's supply or, without a site, from a new order."""

    day: int
    quantity: float
    site: str | None
    transfer_days: int
    relies_on: tuple[Row, ...]
    waits_for: Row | None


class _Books:
    """One product: what is left over at each site at the end of each day, and what has been taken from it."""

    def __init__(self, supply: Supply, product: str) -> None:
        mine = pl.col("product_id") == product
        stock, promised = supply.stock.filter(mine), supply.promised.filter(mine)
        in_days = (pl.col("arrives_on") - supply.today).dt.total_days()
        dated = supply.receipts.filter(mine).with_columns(day=in_days).filter(pl.col("day").is_between(1, HORIZON_DAYS))
        self.receipts = dated.sort("day", -pl.col("quantity"), "number", nulls_last=True)
        self.sites = sorted({*stock["site_id"], *self.receipts["site_id"], *promised["site_id"]} - {None})
        self.transfers = supply.transfers
        self.new = _new_order(supply, product)
        wanted = (pl.col("due_on") - supply.today).dt.total_days().fill_null(0).clip(0, HORIZON_DAYS)
        taken = self._by_day(promised.with_columns(day=wanted))
        come = self._by_day(self.receipts)
        self._left = np.cumsum(self._by_day(stock.select("site_id", quantity="on_hand", day=0)) + come - taken, axis=1)

    def _by_day(self, rows: pl.DataFrame) -> Numbers:
        numbers = pl.DataFrame({"site_id": self.sites, "item": range(len(self.sites))}, schema=NUMBERED)
        placed = rows.join(numbers, on="site_id", how="inner", validate="m:1")
        return spread(placed.with_columns(pl.col("quantity").cast(pl.Float64)), len(self.sites), HORIZON_DAYS + 1)

    def free(self) -> Numbers:
        """By site and day, what may still be promised: the least that is left over from that day on."""
        least = np.minimum.accumulate(self._left[:, ::-1], axis=1)[:, ::-1]
        return np.asarray(least.clip(min=0.0))

    def routes(self, site: str | None) -> list[tuple[int, int]]:
        """The sites, by their numbers, whose goods can leave from a site, and how many days later; itself first."""
        if site is None:
            return [(number, 0) for number in range(len(self.sites))]
        sent = self.transfers.filter((pl.col("to_site_id") == site) & (pl.col("from_site_id") != site))
        days = dict(sent.sort("days", descending=True).select("from_site_id", "days").iter_rows())
        ways = [(days[name], number) for number, name in enumerate(self.sites) if name in days]
        own = [(self.sites.index(site), 0)] if site in self.sites else []
        return own + [(number, later) for later, number in sorted(ways)]

    def take(self, route: tuple[int, int], day: int, quantity: float) -> _Part:
        """So much leaves on the day: nobody else gets it."""
        site, later = route
        self._left[site, day - later :] -= quantity
        here = self.receipts.filter((pl.col("site_id") == self.sites[site]) & (pl.col("day") <= day - later))
        relied = tuple(here.iter_rows(named=True))
        last = next((row for row in relied if row["day"] == day - later), None)
        return _Part(day, quantity, self.sites[site], later, relied, last)


def _new_order(supply: Supply, product: str) -> tuple[int, Row] | None:
    """In how many days an order placed today comes, and what is known of it; null where nobody knows."""
    known = supply.new.filter((pl.col("product_id") == product) & (pl.col("arrives_on") > supply.today))
    if known.is_empty():
        return None
    first = known.sort("arrives_on", "party", nulls_last=True).row(0, named=True)
    return (first["arrives_on"] - supply.today).days, first


def _served(books: _Books | None, wish: Row, *, in_parts: bool) -> tuple[str, list[_Part]]:
    """What becomes of a wish, and its parts."""
    if books is None:
        return "unknown_product", []
    if not (wish["quantity"] or 0.0) > NOTHING:
        return "no_quantity", []
    parts = _parts(books, wish) if in_parts else _whole(books, wish)
    is_complete = sum(part.quantity for part in parts) >= wish["quantity"] - NOTHING
    return "promised" if is_complete else "no_supply", parts


def _reachable(books: _Books, routes: list[tuple[int, int]]) -> Numbers:
    """By route and day, what may leave from the site that the goods are wanted at."""
    free = books.free()
    days = free.shape[1]
    return np.array([np.pad(free[site], (later, 0))[:days] for site, later in routes]).reshape(len(routes), days)


def _whole(books: _Books, wish: Row) -> list[_Part]:
    """All on the first day on which known supply suffices, or on which a new order comes; none without such a day."""
    routes = books.routes(wish["site_id"])
    reachable = _reachable(books, routes)
    enough = np.flatnonzero(reachable.sum(axis=0) >= wish["quantity"] - NOTHING)
    days = [*enough[:1].tolist(), *([books.new[0]] if books.new else [])]
    return _taken(books, wish, wish["quantity"], min(days)) if days else []


def _parts(books: _Books, wish: Row) -> list[_Part]:
    """As much as can leave, as early as it can; the rest when a new order comes."""
    parts: list[_Part] = []
    rest = wish["quantity"]
    while rest > NOTHING:
        some = np.flatnonzero(_reachable(books, books.routes(wish["site_id"])).sum(axis=0) > NOTHING)
        days = [*some[:1].tolist(), *([books.new[0]] if books.new else [])]
        if not days:
            return parts
        taken = _taken(books, wish, rest, min(days))
        rest -= sum(part.quantity for part in taken)
        parts += taken
    return parts


def _taken(books: _Books, wish: Row, quantity: float, day: int) -> list[_Part]:
    """What leaves on the day: from the wanted site first, else from the one that has most; then from a new order."""
    routes = books.routes(wish["site_id"])
    most = _reachable(books, routes)[:, day]
    order = np.argsort(-most, kind="stable") if wish["site_id"] is None else np.arange(len(routes))
    parts: list[_Part] = []
    rest = quantity
    for at in order.tolist():
        part = min(rest, float(most[at]))
        if part > NOTHING:
            parts.append(books.take(routes[at], day, part))
            rest -= part
    if rest > NOTHING and books.new and books.new[0] == day:
        parts.append(_Part(day, rest, None, 0, (books.new[1],), books.new[1]))
    return parts


def _line(wish: Row, status: str, parts: list[_Part], supply: Supply) -> Row:
    days = [supply.today + timedelta(days=part.day) for part in parts]
    relied = {(row.get("number"), row.get("due_on"), row["arrives_on"]) for part in parts for row in part.relies_on}
    last = max(parts, key=lambda part: (part.day, part.site is None), default=None)
    told = {
        "status": status,
        "first_on": min(days, default=None),
        "promised_on": max(days) if status == "promised" else None,
        "confidence": supply.confidence ** len(relied) if status == "promised" else None,
    }
    return wish | told | (_reason(last) if last else dict.fromkeys(REASON))


def _reason(part: _Part) -> Row:
    """What a part waits for."""
    row = part.waits_for or {}
    source = "new_order" if part.site is None else "receipt" if part.waits_for else "stock"
    return dict(zip(REASON, (source, part.site, row.get("number"), row.get("party"), row.get("due_on")), strict=True))


def _delivery(wish: Row, part: _Part, today: date) -> Row:
    leaves = {"leaves_on": today + timedelta(days=part.day), "quantity": part.quantity}
    return (
        {"line": wish["line"], "product_id": wish["product_id"], "transfer_days": part.transfer_days}
        | leaves
        | _reason(part)
    )
