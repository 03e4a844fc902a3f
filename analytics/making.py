"""Capable to promise: when goods are ready that stock and receipts do not cover, made or bought, part by part.

What is short is bought, or made where somebody can make it: its parts first, each in the same way, then its steps, one
after the other, in the time that work centers have left. Time is counted in minutes since the midnight before today;
goods of a day can be used from the morning after, and what is finished during a day can leave on it. Of a quantity all
that is short is made in one lot or bought in one order.
"""

import math
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import permutations
from typing import Any

import polars as pl

from analytics.bills import Bills
from analytics.certainty import BOUGHT, MADE, OPEN, PUT_TOGETHER, RECEIPT, Relied
from analytics.demand import Types
from analytics.left_over import Books, steps_up
from analytics.projection import NOTHING
from analytics.tables import SHARED

DAY = 1440
MORNING = DAY
MOST_ORDERED = 3
FAR = 10**9
WAYS: Types = {
    "product_id": pl.String,
    "site_id": pl.String,
    "bom_id": pl.String,
    "kind": pl.String,
    "lead_time_days": pl.Float64,
}
PARTS: Types = {
    "bom_id": pl.String,
    "component_id": pl.String,
    "quantity_per": pl.Float64,
    "valid_from_on": pl.Date,
    "valid_to_on": pl.Date,
}
STEPS: Types = {
    "product_id": pl.String,
    "site_id": pl.String,
    "sequence": pl.Int64,
    "work_center_id": pl.String,
    "setup_minutes": pl.Float64,
    "minutes_per_unit": pl.Float64,
    "capacity": pl.Float64,
}
SHIFTS: Types = {"work_center_id": pl.String, "starts_at": pl.Int64, "ends_at": pl.Int64}
KIT = "kit"
Row = dict[str, Any]
Spans = tuple[tuple[int, ...], tuple[int, ...]]
Need = tuple[str, float]


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """Who can make what; see the schemas of these names.

    ways: one row per product and site that can make it, by one bill of materials; without a site it is put together
    wherever it is wanted, as a kit is. Where it has no steps, lead_time_days tells how long it takes once its parts are
    there; null is no answer. parts: what one base unit takes, as long as it holds. steps: setup_minutes and
    minutes_per_unit in the minutes of the work center, which works on ``capacity`` units at once. shifts, loads: when
    each work center works, and when it is taken by orders already there, in minutes. late_days: so many days after its
    planned end what we make is there with the confidence of the supply.
    """

    ways: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=WAYS))
    parts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PARTS))
    steps: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=STEPS))
    shifts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SHIFTS))
    loads: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SHIFTS))
    late_days: int = 0

    @cached_property
    def free(self) -> Mapping[str, Spans]:
        """When each work center has time."""
        return free_time(self)


@dataclass(frozen=True)
class Recipe:
    """One way to make a product. ``parts``: component, quantity for one unit, first and last day of validity."""

    product: str
    site: str | None
    days: float | None
    parts: tuple[tuple[str, float, int, int], ...]
    steps: tuple[Row, ...]
    late_days: int
    is_kit: bool = False


@dataclass(frozen=True)
class Link:
    """What one waits for from one minute to another. kind: stock, receipt, buy, work_center, lead_time, late,
    transfer."""

    kind: str
    product: str
    starts: int
    ends: int
    site: str | None = None
    work_center: str | None = None
    row: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    """So much of a product is taken at a site from what is left over on a day; ``later``: the days of its transfer."""

    product: str
    site: str
    day: int
    later: int
    quantity: float
    relies_on: tuple[Row, ...]


@dataclass(frozen=True)
class Made:
    """So much of a product is made at a site or, without a recipe, bought."""

    product: str
    quantity: float
    at: int
    recipe: Recipe | None
    later: int
    row: Mapping[str, Any]


@dataclass(frozen=True)
class State:
    """What is left over of goods, and of the time of work centers."""

    books: Books
    free: Mapping[str, Spans]


@dataclass(frozen=True)
class Found:
    """All of some needs is ready at a minute. ``path``: what one waits for until then, link by link; ``relies_on``:
    what has to come in time; ``worked``: the spans of work centers that it takes."""

    at: int
    state: State
    taken: tuple[Taken, ...] = ()
    made: tuple[Made, ...] = ()
    path: tuple[Link, ...] = ()
    relies_on: tuple[Relied, ...] = ()
    worked: tuple[tuple[str, int, int], ...] = ()


def day_of(at: int) -> int:
    """The day during which, or at the end of which, the minute lies."""
    return -(-at // DAY) - 1


def morning_after(day: int) -> int:
    """From when goods of a day can be used."""
    return (day + 1) * DAY


def recipes(workshop: Workshop, today: date) -> dict[str, tuple[Recipe, ...]]:
    """The ways to make each product, those of the first site first."""
    parts: dict[str, list[tuple[str, float, int, int]]] = {}
    for bill, component, per, first, last in workshop.parts.select(*PARTS).iter_rows():
        begins, ends = (first - today).days if first else -FAR, (last - today).days if last else FAR
        parts.setdefault(bill, []).append((component, per, begins, ends))
    steps: dict[tuple[str, str | None], list[Row]] = {}
    for row in workshop.steps.sort("sequence", "work_center_id", nulls_last=True).iter_rows(named=True):
        steps.setdefault((row["product_id"], row["site_id"]), []).append(row)
    found: dict[str, list[Recipe]] = {}
    for way in workshop.ways.sort("product_id", "site_id", "bom_id", nulls_last=True).iter_rows(named=True):
        own, is_kit = tuple(steps.get((way["product_id"], way["site_id"]), ())), way["kind"] == KIT
        days, late = (0.0, 0) if is_kit else (way["lead_time_days"], workshop.late_days)
        recipe = Recipe(way["product_id"], way["site_id"], days, tuple(parts.get(way["bom_id"], ())), own, late, is_kit)
        found.setdefault(way["product_id"], []).append(recipe)
    return {product: tuple(several) for product, several in found.items()}


def bills(known: Mapping[str, tuple[Recipe, ...]]) -> Bills:
    """What the products of these recipes are made of."""
    return Bills(
        parts={product: {part for each in own for part, *_ in each.parts} for product, own in known.items()},
        centers={
            product: {step["work_center_id"] for each in own for step in each.steps} for product, own in known.items()
        },
        ways={product: len(own) for product, own in known.items()},
    )


def free_time(workshop: Workshop) -> dict[str, Spans]:
    """When each work center has time."""
    shifts: dict[str, list[tuple[int, int]]] = {}
    for center, starts, ends in workshop.shifts.select(*SHIFTS).sort("starts_at").iter_rows():
        shifts.setdefault(center, []).append((max(starts, MORNING), ends))
    free = {center: _merged(spans) for center, spans in shifts.items()}
    for center, starts, ends in workshop.loads.select(*SHIFTS).iter_rows():
        if center in free:
            free[center] = without(free[center], starts, ends)
    return free


def _merged(spans: Sequence[tuple[int, int]]) -> Spans:
    whole: list[tuple[int, int]] = []
    for starts, ends in spans:
        if whole and starts <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(ends, whole[-1][1]))
        elif ends > starts:
            whole.append((starts, ends))
    return tuple(starts for starts, _ in whole), tuple(ends for _, ends in whole)


def without(free: Spans, starts: int, ends: int) -> Spans:
    """The free time less a span."""
    first, last = bisect_right(free[1], starts), bisect_right(free[0], ends - 1)
    cut = [(max(a, b), c) for a, b, c in _around(free, first, last, starts, ends) if c > max(a, b)]
    return (
        (*free[0][:first], *(span[0] for span in cut), *free[0][last:]),
        (*free[1][:first], *(span[1] for span in cut), *free[1][last:]),
    )


def _around(free: Spans, first: int, last: int, starts: int, ends: int) -> Iterator[tuple[int, int, int]]:
    """What is left before and after a span of the free spans that it meets."""
    for at in range(first, last):
        yield free[0][at], 0, min(free[1][at], starts)
        yield free[0][at], ends, free[1][at]


def finished(free: Spans, at: int, minutes: float) -> int | None:
    """When work of so many minutes is done that can begin at ``at`` and pauses while there is no time for it."""
    if minutes <= NOTHING:
        return at
    for number in range(bisect_right(free[1], at), len(free[0])):
        begin = max(free[0][number], at)
        length = free[1][number] - begin
        if minutes <= length + NOTHING:
            return begin + math.ceil(minutes - NOTHING)
        minutes -= length
    return None


class Making:
    """Answers when needs are ready. ``offers``: by product, in how many days an order placed today comes, the earliest
    first, and what is known of it, with the company_id that it delivers to. ``owners``: from site to company, where
    offers are those of companies. ``problems`` keeps why some never are: (kind, product), the product that lacks
    something, or for a cycle (kind, product, ..., product), all that contain each other."""

    def __init__(
        self,
        offers: Mapping[str, Sequence[tuple[int, Row]]],
        known: Mapping[str, tuple[Recipe, ...]],
        owners: Mapping[str, str] | None = None,
    ) -> None:
        self.offers, self.recipes, self.owners = offers, known, owners or {}
        self.problems: list[tuple[str, ...]] = []
        self.bills = bills(known)
        self._known: dict[tuple[Any, ...], _Remembered] = {}

    def ready(self, needs: Sequence[Need], site: str | None, state: State, above: tuple[str, ...] = ()) -> Found | None:
        """When all of the needs are at a site (anywhere, where none is named), as early as possible.

        The more is waited for of what is to come, the less has to be made: the days on which more can be had are
        tried by halving, for what has to be made is ready the earlier the less it is.
        """
        routes = {product: state.books.routes(product, site) for product, _ in needs}
        reach = {product: state.books.reachable(product, routes[product]) for product, _ in needs}
        grown = {day for product, quantity in needs for day in steps_up(reach[product], quantity)}
        trial = _Trial(self, tuple(needs), site, state, above, routes, reach)
        days = sorted({0, *grown})
        low, high, best = 0, len(days) - 1, None
        while low <= high:
            middle = (low + high) // 2
            found = trial.on(days[middle])
            if found is not None and (best is None or found.at < best.at or (found.at == best.at and middle > low)):
                best = found
            if found is not None and found.at <= morning_after(days[middle]):
                high = middle - 1
            else:
                low = middle + 1
        return best

    def parts_ready(
        self, needs: Sequence[Need], site: str | None, state: State, above: tuple[str, ...]
    ) -> Found | None:
        """When all parts of what is made are at its site."""
        return self.ready(needs, site, state, above)

    def made(self, need: Need, site: str | None, state: State, above: tuple[str, ...]) -> Found | None:
        """When so much of a product is at a site if it is bought or made, whichever is earlier. What was asked before,
        when all that is in it was left over as it is now, is not worked out again."""
        product = need[0]
        if self.bills.is_endless(product):
            return self._made(need, site, state, above)
        goods, centers = self.bills.within(product), self.bills.worked_at(product)
        marks = (*(id(state.books.left.get(each)) for each in goods), *(id(state.free.get(each)) for each in centers))
        known = self._known.get((need, site, marks))
        if known is None:
            before = len(self.problems)
            found = self._made(need, site, state, above)
            self._known[need, site, marks] = _Remembered(state, found, tuple(self.problems[before:]))
            return found
        self.problems.extend(known.problems)
        return known.after(state, goods, centers)

    def _made(self, need: Need, site: str | None, state: State, above: tuple[str, ...]) -> Found | None:
        product = need[0]
        options = [self.bought(need, site, state), *self._recipes_for(need, site, state, above)]
        known = [option for option in options if option is not None]
        if not known and product not in above:
            self.note_why(product)
        return min(known, key=lambda option: option.at, default=None)

    def orders(self, rest: Sequence[Need]) -> list[tuple[Need, ...]]:
        """In which orders what is short is made: all of them where they are few; one, where it does not matter."""
        made = [need for need in rest if need[0] in self.recipes]
        bought = tuple(need for need in rest if need[0] not in self.recipes)
        if self.bills.share_nothing([product for product, _ in made]):
            return [(*bought, *made)]
        if len(made) > MOST_ORDERED:
            return [(*bought, *made), (*bought, *reversed(made))]
        return [(*bought, *order) for order in permutations(made)]

    def note_why(self, product: str) -> None:
        """Keeps why nobody can have a product made or bought."""
        own = self.recipes.get(product, ())
        if not own:
            self.problems.append(("no_source", product))
        elif not any(recipe.steps or recipe.days is not None for recipe in own):
            self.problems.append(("no_time", product))

    def bought(self, need: Need, site: str | None, state: State) -> Found | None:
        """From who delivers first to the company of the site."""
        product, quantity = need
        owner = self.owners.get(site or "")
        known = [offer for offer in self.offers.get(product, ()) if owner in (None, offer[1].get("company_id"), SHARED)]
        if not known:
            return None
        day, row = known[0]
        at = morning_after(day)
        return Found(
            at,
            state,
            made=(Made(product, quantity, at, None, 0, row),),
            path=(Link("buy", product, MORNING, at, row=row),),
            relies_on=(Relied((BOUGHT, product, row.get("party"))),),
        )

    def _recipes_for(self, need: Need, site: str | None, state: State, above: tuple[str, ...]) -> Iterator[Found]:
        product = need[0]
        if product in above:
            self.problems.append(("cycle", *above[above.index(product) :], product))
            return
        for recipe in self.recipes.get(product, ()):
            later = days_between(recipe.site, site, state.books)
            if later is None or not (recipe.steps or recipe.days is not None):
                continue
            for first, last, parts in versions(recipe):
                found = self._made_by(recipe, need, site, state, above, (first, last, parts))
                if found is not None:
                    yield sent_on(found, recipe, need, later)

    def _made_by(
        self,
        recipe: Recipe,
        need: Need,
        site: str | None,
        state: State,
        above: tuple[str, ...],
        version: tuple[int, int, Sequence[tuple[str, float]]],
    ) -> Found | None:
        """By one state of the bill, which holds from a first to a last day."""
        first, last, parts = version
        place = recipe.site or site
        wanted = [(part, need[1] * per) for part, per in parts]
        found = self.parts_ready(wanted, place, state, (*above, recipe.product))
        if found is None:
            return None
        starts = max(found.at, first * DAY)
        return None if starts // DAY > last else self.worked(recipe, need, replace(found, at=starts))

    def worked(self, recipe: Recipe, need: Need, found: Found) -> Found | None:
        """After the steps, or the days where there are none, and as late as what we make usually is."""
        if not recipe.steps:
            return _after_days(found, recipe, "lead_time", math.ceil(recipe.days or 0.0))
        at, free, path, worked = found.at, dict(found.state.free), list(found.path), list(found.worked)
        for step in recipe.steps:
            center = step["work_center_id"]
            minutes = step["setup_minutes"] + math.ceil(need[1] / step["capacity"] - NOTHING) * step["minutes_per_unit"]
            ends = finished(free.get(center, ((), ())), at, minutes)
            if ends is None:
                self.problems.append(("no_hours", recipe.product))
                return None
            path.append(Link("work_center", recipe.product, at, ends, recipe.site, center, {"minutes": minutes}))
            free[center] = without(free.get(center, ((), ())), at, ends)
            worked.append((center, at, ends))
            at = ends
        state = State(found.state.books, free)
        return replace(found, at=at, state=state, path=tuple(path), worked=tuple(worked))


@dataclass(frozen=True)
class _Trial:
    """One bundle of needs, tried with what can be had by one day or another."""

    making: Making
    needs: tuple[Need, ...]
    site: str | None
    state: State
    above: tuple[str, ...]
    routes: Mapping[str, list[tuple[str, int]]]
    reach: Mapping[str, Any]

    def on(self, day: int) -> Found | None:
        """All is ready if so much is taken as there is by the day, and the rest made or bought."""
        taken, books = self._taken(day)
        had: dict[str, float] = {}
        for part in taken:
            had[part.product] = had.get(part.product, 0.0) + part.quantity
        rest = [
            (product, quantity - had.get(product, 0.0))
            for product, quantity in self.needs
            if quantity - had.get(product, 0.0) > NOTHING
        ]
        start = Found(morning_after(day), replace(self.state, books=books), taken, path=waited(day, taken))
        start = replace(start, relies_on=tuple(relied_by(taken)))
        best: Found | None = None
        for order in self.making.orders(rest):
            found = self._with_rest(start, order, best)
            best = found or best
        return None if best is None else closed(taken_when_needed(best))

    def _taken(self, day: int) -> tuple[tuple[Taken, ...], Books]:
        """What there is by the day."""
        books, taken = self.state.books, list[Taken]()
        for need in self.needs:
            parts, books = taken_by(day, need, self.site, books, (self.routes[need[0]], self.reach[need[0]]))
            taken += parts
        return tuple(taken), books

    def _with_rest(self, start: Found, order: Sequence[Need], best: Found | None) -> Found | None:
        """With what is short made in an order: the first gets the time of work centers first. Nothing where that is
        not earlier than the best so far."""
        found = start
        if best is not None and found.at >= best.at:
            return None
        for need in order:
            more = self.making.made(need, self.site, found.state, self.above)
            if more is None:
                return None
            if best is not None and more.at >= best.at:
                return None
            later = more if more.at > found.at else found
            found = Found(
                later.at,
                more.state,
                found.taken,
                (*found.made, *more.made),
                later.path,
                (*found.relies_on, *more.relies_on),
                (*found.worked, *more.worked),
            )
        return found


def taken_by(
    day: int, need: Need, site: str | None, books: Books, there: tuple[Sequence[tuple[str, int]], Any]
) -> tuple[list[Taken], Books]:
    """As much of a need as there is by a day: from the wanted site first or, where any will do, from where most is.
    ``there``: the routes by which it can come, and what is free by route and day."""
    (product, rest), (routes, reach), taken = need, there, list[Taken]()
    most = reach[:, day] if routes else ()
    for at in range(len(routes)) if site else sorted(range(len(routes)), key=lambda at: -most[at]):
        place, later = routes[at]
        part = min(rest, float(most[at]))
        if part > NOTHING:
            relied = books.relied_on(product, place, day - later, part)
            books = books.taken(product, place, day - later, part)
            taken.append(Taken(product, place, day - later, later, part, relied))
            rest -= part
    return taken, books


def waited(day: int, taken: Sequence[Taken]) -> tuple[Link, ...]:
    """What of the taken comes last."""
    if not taken:
        return ()
    last = max(taken, key=lambda part: _came(part) + part.later)
    come, at = _came(last), morning_after(day)
    row = next((row for row in last.relies_on if row["day"] == come), {})
    kind = "receipt" if row else "stock"
    links = [Link(kind, last.product, MORNING, at - last.later * DAY, last.site, row=row)]
    if last.later:
        links.append(Link("transfer", last.product, at - last.later * DAY, at, last.site))
    return tuple(links)


def _came(part: Taken) -> int:
    """The day of the last receipt that a part relies on; 0 for stock."""
    return max((row["day"] for row in part.relies_on), default=0)


def relied_by(taken: Sequence[Taken]) -> Iterator[Relied]:
    """What has to come for the taken to be there."""
    for part in taken:
        for row in part.relies_on:
            yield Relied((RECEIPT, part.product, row["number"], row["party"], row["due_on"]), later=part.later)


def closed(found: Found) -> Found:
    """What it relies on has to be there by its day."""
    day = day_of(found.at)
    closed = [replace(each, by=day - each.later) if each.by == OPEN else each for each in found.relies_on]
    return replace(found, relies_on=tuple(closed))


def taken_when_needed(found: Found) -> Found:
    """What was put aside is taken only when all is ready: until then it may serve others."""
    books, day = found.state.books, day_of(found.at)
    parts = []
    for part in found.taken:
        until = day - part.later
        left = books.left[part.product].copy()
        left[books.sites[part.product].index(part.site), part.day : until] += part.quantity
        books = Books({**books.left, part.product: left}, books.sites, books.receipts, books.sent)
        parts.append(replace(part, day=until))
    return replace(found, state=replace(found.state, books=books), taken=tuple(parts))


@dataclass(frozen=True)
class _Remembered:
    """What was found in a state, and why something has no day."""

    state: State
    found: Found | None
    problems: tuple[tuple[str, ...], ...]

    def after(self, state: State, goods: Collection[str], centers: Collection[str]) -> Found | None:
        """The same in a state of which only other goods and work centers differ."""
        if self.found is None or state is self.state:
            return self.found
        then = self.found.state
        left = {each: then.books.left[each] for each in goods if each in then.books.left}
        free = {each: then.free[each] for each in centers if each in then.free}
        books = Books({**state.books.left, **left}, state.books.sites, state.books.receipts, state.books.sent)
        return replace(self.found, state=State(books, {**state.free, **free}))


def versions(recipe: Recipe) -> Iterator[tuple[int, int, list[tuple[str, float]]]]:
    """The states of a bill from today on: first day, last day, and what it takes then."""
    edges = {first for _, _, first, _ in recipe.parts} | {last + 1 for *_, last in recipe.parts}
    starts = sorted({1, *(edge for edge in edges if 1 < edge < FAR)})
    for first, following in zip(starts, [*starts[1:], FAR], strict=True):
        parts: dict[str, float] = {}
        for component, per, begins, ends in recipe.parts:
            if begins <= first <= ends:
                parts[component] = parts.get(component, 0.0) + per
        yield first, following - 1, list(parts.items())


def days_between(made_at: str | None, wanted_at: str | None, books: Books) -> int | None:
    """How many days goods take from where they are made to where they are wanted; null where none are sent."""
    if made_at is None or wanted_at is None or made_at == wanted_at:
        return 0
    return dict(books.sent.get(wanted_at, ())).get(made_at)


def sent_on(found: Found, recipe: Recipe, need: Need, later: int) -> Found:
    """After the days by which what we make is late, and those of the transfer."""
    key = (PUT_TOGETHER if recipe.is_kit else MADE, recipe.product)
    relied = Relied(key, later=later, ends=day_of(found.at), parts=found.relies_on)
    late = _after_days(found, recipe, "late", recipe.late_days)
    sent = _after_days(late, recipe, "transfer", later)
    made = Made(need[0], need[1], sent.at, recipe, later, {})
    return replace(sent, taken=(), made=(made,), relies_on=(relied,))


def _after_days(found: Found, recipe: Recipe, kind: str, days: int) -> Found:
    """So many days later, from the morning on."""
    if not days:
        return found
    at = morning_after(day_of(found.at) + days)
    return replace(found, at=at, path=(*found.path, Link(kind, recipe.product, found.at, at, recipe.site)))
