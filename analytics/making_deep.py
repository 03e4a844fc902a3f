"""Capable to promise for large bills: one lot of each part for all that takes it, instead of a search of every way.

The bill is gone through from the whole down, each part after all that it goes into, so that what is short of it is
known once; then work is given to work centers, whatever can begin first first. A part may wait as long as what it goes
into has to wait for other parts anyway, which makes its lot smaller: the plan is made again a few times with that in
mind, and the earliest one counts. So it takes as long as there are parts, however deep the bill is.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush

from analytics.certainty import Relied
from analytics.left_over import steps_up
from analytics.making import (
    DAY,
    MORNING,
    Found,
    Link,
    Made,
    Making,
    Need,
    Recipe,
    State,
    Taken,
    closed,
    days_between,
    morning_after,
    relied_by,
    sent_on,
    taken_by,
    taken_when_needed,
    versions,
    waited,
)
from analytics.projection import NOTHING

MOST_SEARCHED = 12.0
TURNS = 5
Node = tuple[str, str | None]


class Planning(Making):
    """Answers when needs are ready: every way is searched where they are few, else a plan is made of them."""

    def parts_ready(
        self, needs: Sequence[Need], site: str | None, state: State, above: tuple[str, ...]
    ) -> Found | None:
        """When all parts of what is made are at its site."""
        is_large = sum(self.bills.lots(part) for part, _ in needs) > MOST_SEARCHED
        if not is_large or any(self.bills.is_endless(part) for part, _ in needs):
            return super().parts_ready(needs, site, state, above)
        return planned(self, needs, site, state)


@dataclass(frozen=True)
class Option:
    """One way to have what is short: bought (``offer``), or made by a recipe with the parts that hold from a first to a
    last day, ``later`` days of transfer away."""

    offer: Found | None = None
    recipe: Recipe | None = None
    parts: tuple[Need, ...] = ()
    first: int = 0
    last: int = 0
    later: int = 0

    def place(self, node: Node) -> str | None:
        """Where its parts are needed."""
        return (self.recipe.site if self.recipe else None) or node[1]

    @property
    def key(self) -> tuple[int, int]:
        """What tells it from other ways."""
        return id(self.recipe), self.first


@dataclass
class _Lot:
    """What is needed of a product at a place by some wholes: so much is ``taken`` by a day, the rest had by an option,
    whose parts are other lots; ``begins``: when all parts are there; ``at``: when it is ready itself."""

    gross: float = 0.0
    rest: float = 0.0
    option: Option | None = None
    parts: tuple[Node, ...] = ()
    wholes: list[Node] = field(default_factory=list)
    taken: tuple[Taken, ...] = ()
    made: tuple[Made, ...] = ()
    path: tuple[Link, ...] = ()
    relied: tuple[Relied, ...] = ()
    begins: int = MORNING
    at: int = MORNING


def planned(making: Making, needs: Sequence[Need], site: str | None, state: State) -> Found | None:
    """When all of the needs are at a site: as ``Making.ready``, by a plan."""
    plan, best, before = _Plan(making, needs, site, state), None, None
    for _ in range(TURNS):
        found = plan.found()
        if found is None or (best is not None and found.at > best.at):
            break
        best = found
        if plan.until == before:
            break
        before = plan.until
    return best


class _Plan:
    """One bundle of needs, planned turn by turn. ``until``: by which day each lot may take what there is; ``failed``:
    the ways of lots that lead nowhere."""

    def __init__(self, making: Making, needs: Sequence[Need], site: str | None, state: State) -> None:
        self.making, self.state = making, state
        self.roots: dict[Node, float] = {}
        for product, quantity in needs:
            self.roots[product, site] = self.roots.get((product, site), 0.0) + quantity
        products = sorted({product for product, _ in self.roots})
        self.wholes_first = tuple(reversed(list(making.bills.parts_first(products))))
        self.until: dict[Node, int] = {}
        self.failed: set[tuple[Node, tuple[int, int]]] = set()
        self._had: dict[Node, float] = {}

    def found(self) -> Found | None:
        """The plan as it can be made now; null where there is none."""
        while True:
            turn, tried = _Turn(self), len(self.failed)
            if turn.exploded() and turn.worked():
                found = turn.bundle()
                self.until = {node: at // DAY - 1 for node, at in turn.needed_at.items()}
                return found
            if len(self.failed) == tried:
                return None
            self._had.clear()

    def had(self, node: Node, quantity: float) -> tuple[float, Option | None]:
        """When so much of it is likely had if nothing is there, and how; of what is in it, by the quantity that was
        asked for first."""
        ways = [(self._had_by(option, node, quantity), option) for option in self._options(node, quantity)]
        best = min(ways, key=lambda way: way[0], default=(math.inf, None))
        return best if best[0] < math.inf else (math.inf, None)

    def _usually(self, node: Node, quantity: float) -> float:
        if node not in self._had:
            self._had[node] = self.had(node, quantity)[0]
        return self._had[node]

    def _options(self, node: Node, quantity: float) -> Iterator[Option]:
        product, place = node
        bought = self.making.bought((product, quantity), place, self.state)
        ways = [Option(offer=bought)] if bought is not None else []
        for recipe in self.making.recipes.get(product, ()):
            later = days_between(recipe.site, place, self.state.books)
            if later is not None and (recipe.steps or recipe.days is not None):
                several = versions(recipe)
                ways += [Option(None, recipe, tuple(parts), first, last, later) for first, last, parts in several]
        return (way for way in ways if (node, way.key) not in self.failed)

    def _had_by(self, option: Option, node: Node, quantity: float) -> float:
        if option.recipe is None:
            return option.offer.at if option.offer else math.inf
        parts = [self._there((part, option.place(node)), quantity * per) for part, per in option.parts]
        starts = max([float(option.first * DAY), float(MORNING), *parts])
        if starts == math.inf or starts // DAY > option.last:
            return math.inf
        made = self.making.worked(option.recipe, (node[0], quantity), Found(int(starts), self.state))
        return math.inf if made is None else made.at + (option.recipe.late_days + option.later) * DAY

    def _there(self, node: Node, quantity: float) -> float:
        """When so much of a part is likely there."""
        return min(self._usually(node, quantity), self.whole_at(node, quantity))

    def whole_at(self, node: Node, quantity: float) -> float:
        """When all of it is there by what there is and is to come."""
        reach = self.state.books.reachable(node[0], self.state.books.routes(*node))
        days = steps_up(reach, quantity)
        is_enough = bool(days) and float(reach[:, days[-1]].sum()) >= quantity - NOTHING
        return morning_after(days[-1]) if is_enough else math.inf


class _Turn:
    """One plan: what is needed, from the whole down; then the work, from the parts up."""

    def __init__(self, plan: _Plan) -> None:
        self.plan, self.making, self.state = plan, plan.making, plan.state
        self.lots = {node: _Lot(gross=quantity) for node, quantity in plan.roots.items()}
        self.needed_at: dict[Node, int] = {}
        self.spans: list[tuple[str, int, int]] = []

    def exploded(self) -> bool:
        """What is taken, and what is to be made of which parts; whether all of it can be had."""
        waiting: dict[str, dict[Node, None]] = {}
        for node in self.lots:
            waiting.setdefault(node[0], {})[node] = None
        for product in self.plan.wholes_first:
            for node in waiting.get(product, ()):
                lot = self.lots[node]
                self._take(node, lot)
                if lot.rest > NOTHING and not self._opened(node, lot):
                    return False
                for part in lot.parts:
                    waiting.setdefault(part[0], {})[part] = None
        return True

    def _take(self, node: Node, lot: _Lot) -> None:
        """What there is by the day until which it may wait, and until all is there where that is the earlier way."""
        books = self.state.books
        routes = books.routes(*node)
        reach = books.reachable(node[0], routes)
        days = [0, *steps_up(reach, lot.gross)]
        had, whole = self.plan.had(node, lot.gross)[0], self.plan.whole_at(node, lot.gross)
        until = max(self.plan.until.get(node, 0), days[-1] if whole <= had else 0)
        day = max(each for each in days if each <= until)
        parts, books = taken_by(day, (node[0], lot.gross), node[1], books, (routes, reach))
        self.state = replace(self.state, books=books)
        lot.taken, lot.rest = tuple(parts), lot.gross - sum(part.quantity for part in parts)
        lot.relied = tuple(relied_by(parts))
        lot.at, lot.path = (morning_after(day), waited(day, parts)) if parts else (MORNING, ())

    def _opened(self, node: Node, lot: _Lot) -> bool:
        """With the parts that the rest needs; what goes into nothing that can be had so is tried otherwise."""
        option = lot.option = self.plan.had(node, lot.rest)[1]
        if option is None:
            self.making.note_why(node[0])
            self.plan.failed.update((whole, self._way(whole)) for whole in lot.wholes)
            return False
        for part, per in option.parts:
            made_of = self.lots.setdefault((part, option.place(node)), _Lot())
            made_of.gross += lot.rest * per
            made_of.wholes.append(node)
        lot.parts = tuple((part, option.place(node)) for part, _ in option.parts)
        return True

    def _way(self, node: Node) -> tuple[int, int]:
        option = self.lots[node].option
        return option.key if option else (0, 0)

    def worked(self) -> bool:
        """Lot by lot, whatever can begin first first; whether all of it can be done."""
        missing = {node: len(lot.parts) for node, lot in self.lots.items()}
        ready = sorted((MORNING, str(node), node) for node, parts in missing.items() if not parts)
        while ready:
            begins, _, node = heappop(ready)
            lot = self.lots[node]
            lot.begins = begins
            if lot.option is not None and not self._had(node, lot, lot.option):
                self.plan.failed.add((node, lot.option.key))
                return False
            for whole in lot.wholes:
                missing[whole] -= 1
                if not missing[whole]:
                    heappush(ready, (max(self.lots[part].at for part in self.lots[whole].parts), str(whole), whole))
        self._need()
        return True

    def _had(self, node: Node, lot: _Lot, option: Option) -> bool:
        """The rest, bought or made."""
        more = option.offer if option.recipe is None else self._made(node, lot, option, option.recipe)
        if more is None:
            return False
        if option.offer is not None:
            more = replace(more, made=(replace(more.made[0], quantity=lot.rest),), state=self.state)
        self.state = more.state
        self.spans += more.worked
        lot.made, lot.relied = more.made, (*lot.relied, *more.relies_on)
        if more.at > lot.at:
            lot.at, lot.path = more.at, more.path
        return True

    def _made(self, node: Node, lot: _Lot, option: Option, recipe: Recipe) -> Found | None:
        starts = max(lot.begins, option.first * DAY)
        if starts // DAY > option.last:
            return None
        need = (node[0], lot.rest)
        found = self.making.worked(recipe, need, replace(self._together(lot.parts, lot.begins), at=starts))
        return None if found is None else sent_on(found, recipe, need, option.later)

    def _together(self, nodes: Sequence[Node], at: int) -> Found:
        """Lots that are all there at a minute."""
        lots = [self.lots[node] for node in nodes]
        last = max(lots, key=lambda lot: lot.at, default=_Lot())
        relied = tuple(each for lot in lots for each in lot.relied)
        return closed(Found(at, self.state, path=last.path, relies_on=relied))

    def _need(self) -> None:
        """When each lot is needed first."""
        last = max(self.lots[node].at for node in self.plan.roots)
        for node, lot in self.lots.items():
            begun = [self.lots[whole].begins for whole in lot.wholes]
            self.needed_at[node] = min([*begun, last] if node in self.plan.roots else begun)

    def bundle(self) -> Found:
        """All that was asked for, and what is left; each part is taken when it is needed first."""
        for node, lot in self.lots.items():
            if node not in self.plan.roots:
                needed = taken_when_needed(Found(self.needed_at[node], self.state, lot.taken))
                self.state = needed.state
        roots = [self.lots[node] for node in self.plan.roots]
        whole = self._together(list(self.plan.roots), max(lot.at for lot in roots))
        taken = tuple(part for lot in roots for part in lot.taken)
        made = tuple(part for lot in roots for part in lot.made)
        return taken_when_needed(replace(whole, taken=taken, made=made, worked=tuple(self.spans)))
