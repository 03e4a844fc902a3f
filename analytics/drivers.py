"""What moved a number: one ranked list over all dimensions and effects. Pure: frames in, frames out.

A candidate is one member of one dimension, one effect of one member, a shift of mix, or everything alike. Candidates
overlap: a customer's orders are its region's too. So they compete in families. Within a family the clearest wins, which
is the one whose change is largest against its own chance; between families the largest wins, for quantities, prices,
costs and currencies add up to the change. What a winner explains is taken away before the next one is sought.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.contributions import change, ratio
from analytics.driver_cases import Case, members, money_case, plain_case, summed, surprises, times_chance
from analytics.projection import Days, Numbers

MOST = 8
BY_CHANCE, MOST_SURPRISE = 4.0, 100.0
ROUNDING, DIGITS = 1e-9, 9
EQUALLY, NEARLY = 1 - 1e-9, 0.9
SLIGHT = 0.1
QUANTITY = "quantity"
ORDER_OF_WHOLE = {"mix": -2, "volume": -1}
NEW_OR_LOST = {"new": "new_products", "lost": "lost_products"}
DRIVERS = {
    "kind": pl.String,
    "dimension": pl.String,
    "member": pl.String,
    "contribution": pl.Float64,
    "share": pl.Float64,
    "surprise": pl.Float64,
}


def drivers(cells: pl.DataFrame, dimensions: Sequence[str], *, is_ratio: bool, most: int = MOST) -> pl.DataFrame:
    """What moved any number, the clearest first: at most so many rows.

    cells: as for ``contributions.by_member``; where known also lines_before and lines_after, how many rows of the
    facts are behind a cell (else one in each period in which it is not zero), and product_id. The answer: kind (the
    dimension, or ``volume`` for everything alike), dimension, member, contribution (what ``by_member`` says; for volume
    the whole change), share of the change, surprise (how many times its usual chance it moved, at most 100).

    Below a surprise of 4 (``BY_CHANCE``) it may be no more than the largest of many chances. No rows where the number
    has no change, or nothing moved by more than its chance.
    """
    total = change(cells, is_ratio=is_ratio)["change"].item()
    return _empty() if not total else _ranked(plain_case(cells, tuple(dimensions), is_ratio=is_ratio), total, most)


def money_drivers(
    cells: pl.DataFrame, dimensions: Sequence[str], *, is_rate: bool = False, most: int = MOST
) -> pl.DataFrame:
    """What moved an amount of money, or a margin rate, the clearest first: at most so many rows.

    cells: the columns of ``effects``' lines, at the lowest grain, with the dimensions, lines_before and lines_after.
    The answer is that of ``drivers``. kind may also be new_products and lost_products (with the product as member),
    price, cost (of a member of a dimension that belongs to products, or null: of all alike), currency (its exchange
    rate; who buys in it is said by other dimensions), and mix. Contributions of effects are those of ``effects`` and
    ``rate_effects``.
    """
    sold = pl.col("converted_before", "converted_after").sum()
    if cells.is_empty() or (is_rate and not all(cells.select(sold).row(0))):
        return _empty()
    case = money_case(cells, tuple(name for name in dimensions if name != "currency"), is_rate=is_rate)
    total = float(case.bought["contribution"].sum())
    return _empty() if not total else _ranked(case, total, most)


def _empty() -> pl.DataFrame:
    return pl.DataFrame(schema=DRIVERS)


@dataclass(frozen=True, kw_only=True)
class _Driver:
    """One candidate by name; ``number`` is that of its member."""

    family: str
    kind: str
    dimension: str | None
    number: int
    member: str | None
    contribution: float
    surprise: float
    certain: float

    def row(self, total: float) -> dict[str, Any]:
        """What is answered."""
        told = {name: getattr(self, name) for name in ("kind", "dimension", "member", "contribution")}
        return told | {"share": self.contribution / total, "surprise": min(self.surprise, MOST_SURPRISE)}


def _ranked(case: Case, total: float, most: int) -> pl.DataFrame:
    """The largest of the clearest of each family, one after the other, each without what those before it explain."""
    found: list[dict[str, Any]] = []
    clearest = {family: _clearest(case, family) for family in (QUANTITY, *case.repriced)}
    while len(found) < most and (best := _largest(clearest.values())) is not None:
        found.append(best.row(total))
        case = _without(case, best)
        clearest[best.family] = _clearest(case, best.family)
    return pl.DataFrame(found, schema=DRIVERS) if found else _empty()


def _largest(clearest: Iterable[_Driver | None]) -> _Driver | None:
    """The driver that did most beyond what chance may have done; null if all is chance."""
    certain = [driver for driver in clearest if driver is not None and driver.certain > 0]
    return min(certain, key=lambda driver: (-driver.certain, driver.kind), default=None)


def _clearest(case: Case, family: str) -> _Driver | None:
    """The clearest candidate of a family."""
    parts = [*_whole(case), *_slices(case)] if family == QUANTITY else list(_repriced(case, family))
    candidates = _distinct(_Candidates.together(parts), case.size) if parts else None
    if candidates is None or not len(candidates.moved):
        return None
    clear, certain = _weighed(candidates, case.noise, of_quantity=family == QUANTITY)
    is_clear = np.flatnonzero(clear >= (EQUALLY if family == QUANTITY else NEARLY) * clear.max())
    narrowest = _least(candidates.order, _least(candidates.lines, is_clear))
    named = [_named(case, family, candidates, at, float(certain[at])) for at in narrowest.tolist()]
    return min(named, key=lambda driver: (driver.kind, driver.number), default=None)


def _least(size: Numbers | Days, of: Days) -> Days:
    """Those that are least: of candidates that are as clear the narrowest says most: one product, not its supplier."""
    return of[size[of] == size[of].min()] if len(of) else of


# Candidates


@dataclass(frozen=True, kw_only=True)
class _Candidates:
    """Of each candidate: order (the position of its dimension in the case; below zero where it has none), number (that
    of its member), contribution, moved (what of it is not explained), surprise, lines, choices (how many members there
    are).
    """

    order: Days
    number: Days
    contribution: Numbers
    moved: Numbers
    surprise: Numbers
    lines: Numbers
    choices: Numbers

    @classmethod
    def together(cls, parts: Sequence["_Candidates"]) -> "_Candidates":
        """All of the parts."""
        return cls(**{of.name: np.concatenate([getattr(part, of.name) for part in parts]) for of in fields(cls)})

    def chosen(self, which: NDArray[np.bool_]) -> "_Candidates":
        """Those that are chosen."""
        return _Candidates(**{of.name: getattr(self, of.name)[which] for of in fields(self)})


def _of_members(order: int, of: Days, parts: Sequence[Numbers], unrest: float = 1.0) -> _Candidates:
    """The members of one dimension, from the member of each row and its parts: contribution, moved, how far it moved in
    lines of its usual size, the variance of that, lines."""
    number = np.flatnonzero(np.bincount(of))
    contribution, moved, scaled, chance, lines = (summed(of, part)[number] for part in parts)
    return _Candidates(
        order=np.full(len(number), order),
        number=number,
        contribution=contribution,
        moved=moved,
        surprise=times_chance(scaled, chance) / unrest,
        lines=lines,
        choices=np.full(len(number), float(len(number))),
    )


def _slices(case: Case) -> Iterator[_Candidates]:
    """What each member of each dimension bought or sold more or less."""
    contribution, before, after, lines = _columns(case.bought, "contribution", "before", "after", "lines")
    parts = (contribution, after - before, *surprises(case.bought), lines)
    for order, dimension in enumerate(case.dimensions):
        found = _of_members(order, members(case.bought, dimension), parts, case.unrest[dimension])
        if len(found.number) > 1:
            yield found


def _repriced(case: Case, effect: str) -> Iterator[_Candidates]:
    """What an effect moved, in all alike, and in each member of the dimensions that belong to products; or in each
    currency."""
    own = case.repriced[effect]
    amount, chance, lines = _columns(own, "amount", "chance", "lines")
    parts = (amount, amount, amount, chance, lines)
    if effect == "currency":
        yield _of_members(-1, members(own, effect), parts)
        return
    yield _of_members(-1, np.zeros(own.height, dtype=np.int64), parts)
    for order, dimension in enumerate(case.dimensions):
        if dimension in own.columns:
            yield _of_members(order, members(own, dimension), parts)


def _whole(case: Case) -> Iterator[_Candidates]:
    """Everything alike, and the shift between what is worth much and what is worth little."""
    surprise = {"volume": _surprise_of_volume, "mix": _surprise_of_mix}
    for effect, amount in case.whole.items():
        yield _Candidates(
            order=np.array([ORDER_OF_WHOLE[effect]]),
            number=np.zeros(1, dtype=np.int64),
            contribution=np.array([amount]),
            moved=np.array([amount]),
            surprise=surprise[effect](case.bought) / case.usual_unrest,
            lines=np.array([case.bought["lines"].sum()]),
            choices=np.ones(1),
        )


def _surprise_of_volume(bought: pl.DataFrame) -> Numbers:
    """How far all of it moved, in lines of its usual size, against its chance."""
    moved, chance = surprises(bought)
    return times_chance(moved.sum(keepdims=True), chance.sum(keepdims=True))


def _surprise_of_mix(bought: pl.DataFrame) -> Numbers:
    """How far the rich half of the lines grew against the poor half, all growth taken out, in usual lines."""
    before, after = _columns(bought, "usual_before", "usual_after")
    lines_before, lines_after = _columns(bought, "lines_before", "lines_after")
    if not after.sum():
        return np.zeros(1)
    moved = after * (before.sum() / after.sum()) - before
    signs = np.where(bought["is_rich"].to_numpy(), 1.0, -1.0)
    chance = before**2 / lines_before + after**2 / lines_after
    return times_chance((moved * signs).sum(keepdims=True), chance.sum(keepdims=True))


def _columns(rows: pl.DataFrame, *names: str) -> Iterator[Numbers]:
    return (rows[name].to_numpy() for name in names)


def _distinct(candidates: _Candidates, size: float) -> _Candidates:
    """The candidates that moved; of those that are the same cells, as a region that alone pays in a currency, the one
    whose dimension was asked for first.
    """
    moved = candidates.chosen((np.abs(candidates.moved) > ROUNDING * size) & (candidates.surprise > 0))
    places = 10.0 ** (DIGITS - 1 - np.floor(np.log10(np.abs(moved.moved))))
    rounded = np.round(moved.moved * places) / places
    alike = np.lexsort((rounded, moved.lines))
    is_first = np.ones(len(alike), dtype=np.bool_)
    is_first[alike[1:]] = (np.diff(moved.lines[alike]) != 0) | (np.diff(rounded[alike]) != 0)
    return moved.chosen(is_first)


def _weighed(candidates: _Candidates, noise: float, *, of_quantity: bool) -> tuple[Numbers, Numbers]:
    """How clear and how certain each candidate is.

    clear: the square of the surprise, a little less where next to nothing moved, less what it takes to name one of so
    many members: twice the logarithm of their number, for the largest of many chances is large. certain: how much of
    what moved is beyond chance.
    """
    doubt, moved = candidates.surprise**-2.0, np.abs(candidates.moved)
    slight = (noise + (SLIGHT * moved.max()) ** 2) * (SLIGHT / moved) ** 2
    naming = 2 * np.log(candidates.choices) if of_quantity else 0.0
    return 1 / (doubt + slight) - naming, moved * (1 - (1 + naming) * doubt)


def _named(case: Case, family: str, candidates: _Candidates, at: int, certain: float) -> _Driver:
    order, number = int(candidates.order[at]), int(candidates.number[at])
    dimension = case.dimensions[order] if order >= 0 else {"currency": "currency"}.get(family)
    return _Driver(
        family=family,
        kind=_kind(case, family, order, number),
        dimension=dimension,
        number=number,
        member=case.names[dimension][number - 1] if dimension and number else None,
        contribution=float(candidates.contribution[at]),
        surprise=float(candidates.surprise[at]),
        certain=certain,
    )


def _kind(case: Case, family: str, order: int, number: int) -> str:
    """The effect or the dimension; for a product that is new or lost, that."""
    if family != QUANTITY:
        return family
    if order < 0:
        return next(effect for effect, own in ORDER_OF_WHOLE.items() if own == order)
    dimension = case.dimensions[order]
    if dimension not in ("product", "product_id"):
        return dimension
    states = case.bought.filter(_is_in(dimension, number))["state"].unique().to_list()
    return NEW_OR_LOST.get(states[0], dimension) if len(states) == 1 else dimension


# What is explained is taken away


def _without(case: Case, best: _Driver) -> Case:
    if best.kind in case.whole:
        left = {effect: amount for effect, amount in case.whole.items() if effect != best.kind}
        return replace(case, whole=left, bought=_evened(case.bought, best.kind))
    is_left = ~_is_in(best.dimension, best.number)
    if best.family == QUANTITY:
        return replace(case, bought=case.bought.filter(is_left))
    return replace(case, repriced={**case.repriced, best.family: case.repriced[best.family].filter(is_left)})


def _is_in(dimension: str | None, number: int) -> pl.Expr:
    if dimension is None:
        return pl.lit(value=True)
    return pl.col(dimension) == number


def _evened(bought: pl.DataFrame, effect: str) -> pl.DataFrame:
    """The cells as if everything had stayed at its level; for mix, each product at its share."""
    before, after = pl.col("before").sum(), pl.col("after").sum()
    level = ratio(before, after) if effect == "volume" else ratio(before.over("product_id"), after.over("product_id"))
    return bought.with_columns(after=pl.col("after") * level.fill_null(1.0))
