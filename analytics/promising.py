"""Delivery promises: the earliest day on which a quantity can leave without breaking what was promised before.

What is available to promise on a day is the least that is left over on that day and on every day after it: what is on
hand and will have come, less what was promised before (cumulative, with look-ahead). What known supply does not give,
an order placed today gives, where the product has a source. Without one there is no date: none is invented.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from analytics.certainty import Key, Likely, Relied, days_to_add
from analytics.demand import Types
from analytics.lateness import ARRIVALS
from analytics.left_over import HORIZON_DAYS, Books, opened, steps_up
from analytics.making import DAY, Found, Link, Made, State, Taken, Workshop, day_of, recipes
from analytics.making_deep import Planning
from analytics.projection import NOTHING, Numbers
from analytics.transit import Transit, leaving

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
NEW: Types = {"product_id": pl.String, "company_id": pl.String, "party": pl.String, "arrives_on": pl.Date}
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
    "arrives_on": pl.Date,
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
WAITS: Types = {
    "line": pl.Int64,
    "step": pl.Int64,
    "kind": pl.String,
    "product_id": pl.String,
    "site_id": pl.String,
    "work_center_id": pl.String,
    "number": pl.String,
    "party": pl.String,
    "due_on": pl.Date,
    "from_on": pl.Date,
    "to_on": pl.Date,
    "is_binding": pl.Boolean,
}
PROBLEMS: Types = {"line": pl.Int64, "kind": pl.String, "product_ids": pl.List(pl.String)}

REASON = ("source", "from_site_id", "number", "party", "due_on")
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Supply:
    """What promises are made from, cut by rights and scope already; see the schemas of these names.

    products: every product_id that may be asked for. stock: one row per product and site. receipts: what is to come,
    arrives_on the day by which it comes with ``confidence``; a null one, or one not after today, counts for nothing.
    promised: open order lines by the day promised; overdue ones, and those without a day, count today. new: by product,
    when an order placed today comes with ``confidence``; no row, or null: nobody knows. transfers: by how many days
    later goods of one site can leave from another; what is not listed is not sent. workshop: who can make what.
    likely: when what is to come has come; where that is known, so many days are added to the earliest day that all of a
    line is there in time with ``confidence``, and the day on which receipts count may be an earlier one. owners: from
    site to company: what is ordered for a site is an offer to its company; without it, any offer. held: what is held
    for others, served before anything that is asked: see ``WISHES``. opens: by site, for each day from today on, on
    which day goods leave that are ready then: the next on which people work there; a site that is not in it works
    every day. after_hours: the sites at which it is too late for today, as opens says already; told as the reason.
    transit: how long goods take to the customer, where that is known.
    """

    today: date
    confidence: float
    products: Sequence[str]
    stock: pl.DataFrame
    receipts: pl.DataFrame
    promised: pl.DataFrame
    new: pl.DataFrame
    transfers: pl.DataFrame
    workshop: Workshop = field(default_factory=Workshop)
    likely: Likely | None = None
    owners: Mapping[str, str] = field(default_factory=dict)
    held: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=WISHES))
    opens: Mapping[str, Sequence[int]] = field(default_factory=dict)
    after_hours: Sequence[str] = ()
    transit: Transit | None = None

    @cached_property
    def opening(self) -> State:
        """What is left over of goods and of time before anything is promised; what is held is gone."""
        books = opened(self.today, self.stock, self.receipts, self.promised, self.transfers)
        desk = Desk(self, State(books, self.workshop.free))
        for wish in self.held.sort("line").iter_rows(named=True):
            desk.served(wish)
        return desk.state

    @cached_property
    def making(self) -> Planning:
        """Who finds when needs are ready; it remembers what it was asked."""
        return Planning(_offers(self), recipes(self.workshop, self.today), self.owners)


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
        promised=promised(orders),
        new=_typed(new.with_columns(arrives_on), NEW),
        transfers=pl.DataFrame(schema=TRANSFERS),
    )


def promised(orders: pl.DataFrame) -> pl.DataFrame:
    """The orders of known sites as a supply takes them: see ``PROMISED``."""
    return _typed(orders.drop_nulls("site_id"), PROMISED)


def _typed(rows: pl.DataFrame, schema: Types) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


@dataclass(frozen=True)
class Answer:
    """lines: one row per wish, in their order: see ``LINES``. deliveries: one row per part of a wish that leaves on one
    day from one site's stock and supply: see ``DELIVERIES``. waits: what each line waits for, link by link until its
    day, the longest of them binding: see ``WAITS``; kind: see ``analytics.making.Link``, and sure: days that are added
    for the confidence. problems: why a line has no
    day: see ``analytics.making.Making``. worked: the spans of work centers that are taken, in minutes since the
    midnight before today."""

    lines: pl.DataFrame
    deliveries: pl.DataFrame
    waits: pl.DataFrame
    problems: pl.DataFrame
    worked: tuple[tuple[str, int, int], ...] = ()

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

    status: promised; no_supply (not enough is to come and nobody can buy or make it, so that there is no day; in parts,
    what there is leaves all the same); no_quantity (nothing, or less than nothing, is asked for); unknown_product.
    source, from_site_id, number, party and due_on say what the last part waits for. confidence: at least the chance
    that everything comes in time on which the line relies, each delivery by itself; 1 where stock suffices.
    """
    desk = Desk(supply)
    served = [desk.served(wish, in_parts=in_parts) for wish in wishes.sort("line").iter_rows(named=True)]
    return Answer(
        pl.DataFrame([row for each in served for row in each.lines], schema=LINES),
        pl.DataFrame([row for each in served for row in each.deliveries], schema=DELIVERIES),
        pl.DataFrame([row for each in served for row in each.waits], schema=WAITS),
        pl.DataFrame([row for each in served for row in each.problems], schema=PROBLEMS),
        tuple(span for each in served for span in each.worked),
    )


def earliest(supplies: Sequence[Supply], wishes: pl.DataFrame, *, in_parts: bool = False) -> tuple[Supply, Answer]:
    """The earliest of the answers that supplies of the same firm and confidence give, whose receipts count on other
    days: whoever waits for what is likely early adds more days than whoever waits for what is surely there."""
    answers = [(each, promise(each, wishes, in_parts=in_parts)) for each in supplies]
    return min(answers, key=lambda pair: _how_late(pair[1]))


def _how_late(answer: Answer) -> tuple[int, date, date]:
    undated = answer.lines["promised_on"].null_count()
    return undated, answer.last_on or date.max, answer.first_on or date.max


def available(supply: Supply, product_id: str) -> pl.DataFrame:
    """What may still be promised of a product: one row per site and day on which that grows: product_id, site_id,
    day_on, quantity, all that can leave by that day. Without what a new order would bring."""
    schema = {"site_id": pl.String, "day_on": pl.Date, "quantity": pl.Float64}
    books = supply.opening.books
    sites = books.sites.get(product_id, ())
    free = books.free(product_id) if sites else np.zeros((0, 1))
    site, day = np.nonzero(np.diff(free, axis=1, prepend=0.0) > NOTHING)
    days = [supply.today + timedelta(days=number) for number in day.tolist()]
    rows = {"site_id": [sites[number] for number in site.tolist()], "day_on": days, "quantity": free[site, day]}
    return pl.DataFrame(rows, schema=schema).select(pl.lit(product_id).alias("product_id"), *schema)


@dataclass(frozen=True)
class Served:
    """What becomes of one wish, as rows of the frames of ``Answer``."""

    lines: list[Row]
    deliveries: list[Row] = field(default_factory=list)
    waits: list[Row] = field(default_factory=list)
    problems: list[Row] = field(default_factory=list)
    worked: tuple[tuple[str, int, int], ...] = ()


class Desk:
    """Where one wish is served after the other from what the ones before it have left."""

    def __init__(self, supply: Supply, state: State | None = None) -> None:
        self.supply = supply
        self.known = {*supply.products, *supply.held["product_id"]}
        self.making = supply.making
        self.state = state or supply.opening

    def served(self, wish: Row, *, in_parts: bool = False) -> Served:
        """What becomes of a wish: see ``promise``."""
        if wish["product_id"] not in self.known:
            return Served([self._line(wish, "unknown_product", [], None)])
        if not (wish["quantity"] or 0.0) > NOTHING:
            return Served([self._line(wish, "no_quantity", [], None)])
        self.making.problems.clear()
        before = self.state
        found = self.making.ready([(wish["product_id"], wish["quantity"])], wish["site_id"], before)
        sure = None if found is None else self._sure(found)
        if found is None or sure is None:
            return self._without_day(wish, in_parts=in_parts)
        self.state = found.state
        taken = self._early(wish, before.books, found) if in_parts else found.taken
        parts = [*(_supplied(part) for part in taken), *(_new(part) for part in found.made)]
        parts = [self._opened(self._added(part, found, sure.days), wish) for part in parts]
        line = self._line(wish, "promised", parts, sure.confidence) | {
            "arrives_on": self._arrival(wish, parts, found, sure)
        }
        return Served(
            [line], self._deliveries(wish, parts), self._waits(wish, found, sure.days, parts), worked=found.worked
        )

    def _sure(self, found: Found) -> "_Sure | None":
        """The days that have to be added for the confidence, and how sure it is then; null where it never is."""
        if self.supply.likely is None:
            return _Sure(0, self.supply.confidence ** len(set(_leaves(found.relies_on))), np.ones(1))
        chances = self.supply.likely.all_of(found.relies_on)
        added = days_to_add(chances, self.supply.confidence)
        if added is None:
            self.making.problems[:] = [("never_sure", *(part.product for part in found.made[:1]))]
            return None
        return _Sure(added, self.supply.confidence if found.relies_on else 1.0, chances)

    def _added(self, part: "_Part", found: Found, days: int) -> "_Part":
        """What leaves last leaves so many days later."""
        return replace(part, day=part.day + days) if part.day == day_of(found.at) else part

    def _opened(self, part: "_Part", wish: Row) -> "_Part":
        """It leaves on the next day on which people work there."""
        return replace(part, day=self._open(wish["site_id"] or part.site, part.day))

    def _open(self, site: str | None, day: int) -> int:
        opens = self.supply.opens.get(site or "", ())
        return opens[day] if day < len(opens) else day

    def _arrival(self, wish: Row, parts: list["_Part"], found: Found, sure: "_Sure") -> date | None:
        """By when all of it is at the customer with the confidence; null where nobody knows how long that takes."""
        if self.supply.transit is None:
            return None
        today, last = self.supply.today, max(part.day for part in parts)
        known = leaving(sure.chances, day_of(found.at), today)
        days = []
        for site in sorted({place for part in parts if part.day == last for place in self._leaves_from(wish, part)}):
            leaves: dict[date, float] = {}
            for on, chance in known.items():
                open_on = self._on(self._open(site, (on - today).days))
                leaves[open_on] = leaves.get(open_on, 0.0) + chance
            days.append(self.supply.transit.arrives_in(site, leaves, today, self.supply.confidence))
        told = [day for day in days if day is not None]
        return self._on(max(told)) if told and len(told) == len(days) else None

    def _leaves_from(self, wish: Row, part: "_Part") -> Sequence[str]:
        """Where a part leaves; where nobody knows that yet, wherever anything is known to leave for the customer."""
        site = wish["site_id"] or part.site
        known = self.supply.transit.by_site if self.supply.transit else ()
        return [site] if site else list(known)

    def _without_day(self, wish: Row, *, in_parts: bool) -> Served:
        """Nothing leaves; in parts, what there is."""
        why = dict.fromkeys(self.making.problems)
        problems = [{"line": wish["line"], "kind": kind, "product_ids": list(products)} for kind, *products in why]
        taken: tuple[Taken, ...] = ()
        if in_parts:
            taken, books = _greedy(self.state.books, wish, wish["quantity"], HORIZON_DAYS)
            self.state = replace(self.state, books=books)
        parts = [self._opened(_supplied(part), wish) for part in taken]
        return Served([self._line(wish, "no_supply", parts, None)], self._deliveries(wish, parts), problems=problems)

    def _early(self, wish: Row, before: Books, found: Found) -> tuple[Taken, ...]:
        """What comes from known supply leaves as early as it can."""
        product = wish["product_id"]
        quantity = sum(part.quantity for part in found.taken)
        taken, books = _greedy(before, wish, quantity, day_of(found.at))
        if product in books.left:
            left = {**found.state.books.left, product: books.left[product]}
            kept = Books(left, found.state.books.sites, found.state.books.receipts, found.state.books.sent)
            self.state = replace(found.state, books=kept)
        return taken

    def _line(self, wish: Row, status: str, parts: list["_Part"], confidence: float | None) -> Row:
        days = [self._on(part.day) for part in parts]
        last = max(parts, key=lambda part: (part.day, part.source == "new_order"), default=None)
        told = {
            "status": status,
            "first_on": min(days, default=None),
            "promised_on": max(days) if confidence is not None else None,
            "confidence": confidence,
            "arrives_on": None,
        }
        return wish | told | (last.reason() if last else dict.fromkeys(REASON))

    def _deliveries(self, wish: Row, parts: list["_Part"]) -> list[Row]:
        same = {"line": wish["line"], "product_id": wish["product_id"]}
        return [
            same
            | {"leaves_on": self._on(part.day), "quantity": part.quantity, "transfer_days": part.transfer_days}
            | part.reason()
            for part in parts
        ]

    def _waits(self, wish: Row, found: Found, added: int, parts: list["_Part"]) -> list[Row]:
        """Link by link; then the days that are added for the confidence, and those on which nobody works."""
        product, until = wish["product_id"], found.at + added * DAY
        leaving_from = {wish["site_id"] or part.site for part in parts}
        kind = "cut_off" if day_of(until) <= 0 and leaving_from & {*self.supply.after_hours} else "closed"
        opens = Link(kind, product, until, (max(part.day for part in parts) + 1) * DAY, wish["site_id"])
        path = [*found.path, *([Link("sure", product, found.at, until)] if added else [])]
        path += [opens] if day_of(opens.ends) > day_of(until) else []
        longest = max((_length(link) for link in path), default=0)
        binding = next((link for link in path if _length(link) == longest and link.kind != "stock"), None)
        return [
            {
                "line": wish["line"],
                "step": number,
                "kind": link.kind,
                "product_id": link.product,
                "site_id": link.site,
                "work_center_id": link.work_center,
                "number": link.row.get("number"),
                "party": link.row.get("party"),
                "due_on": link.row.get("due_on"),
                "from_on": self._on(day_of(link.starts)),
                "to_on": self._on(day_of(link.ends)),
                "is_binding": link is binding,
            }
            for number, link in enumerate(path, start=1)
        ]

    def _on(self, day: int) -> date:
        return self.supply.today + timedelta(days=day)


def _offers(supply: Supply) -> dict[str, list[tuple[int, Row]]]:
    """By product, in how many days an order placed today comes, and what is known of it; only where somebody knows."""
    known = supply.new.filter(pl.col("arrives_on") > supply.today).sort("arrives_on", "party", nulls_last=True)
    offers: dict[str, list[tuple[int, Row]]] = {}
    for row in known.iter_rows(named=True):
        offers.setdefault(row["product_id"], []).append(((row["arrives_on"] - supply.today).days, row))
    return offers


def _leaves(relied: Sequence[Relied]) -> Iterator[Key]:
    """What has to come in time, at whatever depth; parts that go into several wholes are looked into once."""
    waiting, seen = list(relied), set[int]()
    while waiting:
        each = waiting.pop()
        yield each.key
        if id(each.parts) not in seen:
            seen.add(id(each.parts))
            waiting.extend(each.parts)


def _length(link: Link) -> int:
    return link.ends - link.starts


@dataclass(frozen=True)
class _Sure:
    """The days that have to be added, how sure it is then, and the chance to be there after so many days."""

    days: int
    confidence: float
    chances: Numbers


@dataclass(frozen=True)
class _Part:
    """So much of a wish leaves so many days after today."""

    day: int
    quantity: float
    source: str
    site: str | None
    transfer_days: int
    row: Row

    def reason(self) -> Row:
        """What it waits for."""
        row = self.row
        told = (self.source, self.site, row.get("number"), row.get("party"), row.get("due_on"))
        return dict(zip(REASON, told, strict=True))


def _supplied(part: Taken) -> _Part:
    """From what a site has or will have; a receipt is named when it comes on the very day."""
    row = next((row for row in part.relies_on if row["day"] == part.day), None)
    day = part.day + part.later
    return _Part(day, part.quantity, "receipt" if row else "stock", part.site, part.later, row or {})


def _new(part: Made) -> _Part:
    site = part.recipe.site if part.recipe else None
    return _Part(day_of(part.at), part.quantity, "new_order", site, part.later, dict(part.row))


def _greedy(books: Books, wish: Row, quantity: float, until: int) -> tuple[tuple[Taken, ...], Books]:
    """As much as known supply gives, as early as it can, up to a day."""
    product, site, taken = wish["product_id"], wish["site_id"], list[Taken]()
    for day in steps_up(books.reachable(product, books.routes(product, site)), quantity):
        if day > until or quantity <= NOTHING:
            break
        routes = books.routes(product, site)
        most = books.reachable(product, routes)[:, day]
        order = range(len(routes)) if site else sorted(range(len(routes)), key=lambda at: -most[at])
        for at in order:
            name, later = routes[at]
            part = min(quantity, float(most[at]))
            if part > NOTHING:
                relied = books.relied_on(product, name, day - later, part)
                taken.append(Taken(product, name, day - later, later, part, relied))
                books = books.taken(product, name, day - later, part)
                quantity -= part
    return tuple(taken), books
