"""Capable to promise once more, slow and plain: every way to share what is needed between stock, purchase and making,
and every order of the work, hour by hour."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, permutations, product

BEGINS = 480


@dataclass
class Plant:
    """One site. receipts, promised: by product, (day, quantity). recipes: by product, its parts (component, for one
    unit) and its steps (work center, units of time, units for each piece). offers: by product, the day on which an
    order placed today comes. hours: by work center and day, how many units of time it has left, from the first of the
    day on; one unit is one minute."""

    stock: dict[str, int]
    receipts: dict[str, list[tuple[int, int]]]
    promised: dict[str, list[tuple[int, int]]]
    recipes: dict[str, tuple[list[tuple[str, int]], list[tuple[str, int, int]]]]
    offers: dict[str, int]
    hours: dict[str, list[int]]
    horizon: int = 30

    def free(self, product_id: str, day: int) -> int:
        """What may leave on a day without breaking a promise of that day or a later one."""
        return max(0, min(self._left_over(product_id, later) for later in range(day, self.horizon + 1)))

    def _left_over(self, product_id: str, day: int) -> int:
        come = sum(quantity for on, quantity in self.receipts.get(product_id, []) if on <= day)
        gone = sum(quantity for on, quantity in self.promised.get(product_id, []) if on <= day)
        return self.stock.get(product_id, 0) + come - gone


@dataclass
class Lot:
    """So many of a product are made or, without steps and parts, bought. ``takes``: what of each part is taken from
    supply; ``lots``: what is made or bought of its parts."""

    product_id: str
    quantity: int
    is_bought: bool = False
    takes: list[tuple[str, int]] = field(default_factory=list)
    lots: list["Lot"] = field(default_factory=list)

    def all(self) -> Iterator["Lot"]:
        """It and all that are made or bought for it."""
        yield self
        for lot in self.lots:
            yield from lot.all()


def lots(plant: Plant, product_id: str, quantity: int) -> Iterator[Lot]:
    """Every way to get so many in one lot."""
    if product_id in plant.offers:
        yield Lot(product_id, quantity, is_bought=True)
    if product_id in plant.recipes:
        parts = [(part, per * quantity) for part, per in plant.recipes[product_id][0]]
        for shares in product(*(_shares(plant, part, needed) for part, needed in parts)):
            takes = [(part, taken) for (part, _), (taken, _) in zip(parts, shares, strict=True)]
            yield Lot(product_id, quantity, takes=takes, lots=[lot for _, lot in shares if lot])


def _shares(plant: Plant, part: str, needed: int) -> list[tuple[int, Lot | None]]:
    """How many are taken from supply, and how the rest is got."""
    shares: list[tuple[int, Lot | None]] = [(needed, None)]
    for taken in range(needed):
        shares += [(taken, lot) for lot in lots(plant, part, needed - taken)]
    return shares


def first_day(plant: Plant, product_id: str, quantity: int) -> int | None:
    """The first day on which all of it can leave."""
    days = [_supplied(plant, product_id, quantity, 0)]
    for taken in range(quantity):
        for lot in lots(plant, product_id, quantity - taken):
            made = _finished(plant, lot)
            days.append(None if made is None else _supplied(plant, product_id, taken, made))
    return min((day for day in days if day is not None), default=None)


def _supplied(plant: Plant, product_id: str, quantity: int, since: int) -> int | None:
    days = range(since, plant.horizon + 1)
    return next((day for day in days if plant.free(product_id, day) >= quantity), None)


def _finished(plant: Plant, lot: Lot) -> int | None:
    """The day on which a lot is finished, whichever of the lots before it is worked on first."""
    made = [each for each in lot.all() if not each.is_bought]
    days = [_worked(plant, lot, order) for order in permutations(made)]
    return min((day for day in days if day is not None), default=None)


def _worked(plant: Plant, whole: Lot, order: tuple[Lot, ...]) -> int | None:
    """Unit by unit: each work center works on the first lot of the order that waits for it."""
    if whole.is_bought:
        return plant.offers[whole.product_id]
    done: dict[int, tuple[int, int]] = {}
    left = {id(lot): _steps(plant, lot) for lot in order}
    begun: set[int] = set()
    for day in range(1, plant.horizon + 1):
        for unit in count():
            if unit > max(hours[day] for hours in plant.hours.values()):
                break
            for lot in order:
                if id(lot) not in begun and _can_begin(plant, lot, done, day):
                    begun.add(id(lot))
                if id(lot) in begun and not left[id(lot)]:
                    done.setdefault(id(lot), (day, unit))
            if id(whole) in done:
                return day if unit else day - 1
            _work(plant, order, left, begun, day, unit)
    return None


def _steps(plant: Plant, lot: Lot) -> list[list[object]]:
    steps = plant.recipes[lot.product_id][1]
    return [[center, setup + each * lot.quantity] for center, setup, each in steps if setup + each * lot.quantity]


def _can_begin(plant: Plant, lot: Lot, done: dict[int, tuple[int, int]], day: int) -> bool:
    for part in lot.lots:
        if part.is_bought and plant.offers[part.product_id] >= day:
            return False
        if not part.is_bought and id(part) not in done:
            return False
    return all(plant.free(part, day - 1) >= taken for part, taken in lot.takes)


def _work(
    plant: Plant, order: tuple[Lot, ...], left: dict[int, list[list[object]]], begun: set[int], day: int, unit: int
) -> None:
    busy: set[object] = {center for center, hours in plant.hours.items() if unit >= hours[day]}
    for lot in order:
        if id(lot) in begun and left[id(lot)] and left[id(lot)][0][0] not in busy:
            step = left[id(lot)][0]
            busy.add(step[0])
            step[1] = int(str(step[1])) - 1
            if step[1] == 0:
                left[id(lot)].pop(0)
