"""What moved a number: one ranked list over all dimensions and effects. Pure: frames in, frames out.

A candidate is one member of one dimension, one effect of one member, a shift of mix, or everything alike. Candidates
overlap: a customer's orders are its region's too. So they compete in families. Within a family the clearest wins, which
is the one whose change is largest against its own chance; between families the largest wins, for quantities, prices,
costs and currencies add up to the change. What a winner explains is taken away before the next one is sought.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from analytics.contributions import DENOMINATORS, NUMERATORS, change, ratio
from analytics.effects import BOTH_PERIODS, LINE, effects_by_line, judged, rate_effects_by_line

MOST = 8
BY_CHANCE, MOST_SURPRISE = 4.0, 100.0
ROUNDING, NEXT_TO_NOTHING, DIGITS = 1e-9, 1e-12, 9
EQUALLY, NEARLY = 1 - 1e-9, 0.9
SLIGHT = 0.1
MANY = 20
# The median of the absolute values of a standard normal variable.
MEDIAN_OF_CHANCE = 0.6745
COUNTS = ("lines_before", "lines_after")
MEANS = (("converted", "quantity"), ("cost", "quantity"), ("converted", "amount"))
OWN_PRICE = ("price", "cost")
DRIVERS = {
    "kind": pl.String,
    "dimension": pl.String,
    "member": pl.String,
    "contribution": pl.Float64,
    "share": pl.Float64,
    "surprise": pl.Float64,
}
CANDIDATE = ("family", "kind", "dimension", "member", "contribution", "moved", "surprise", "lines", "choices")

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class _Case:
    """What is known of a change and not yet explained.

    bought: one row per cell: the dimensions; contribution; before and after (without effects of price, cost and
    currency); chance (the variance of the two); scale (by which a line of this product is like any other); lines.
    With effects also usual_before and usual_after (how many usual lines its quantity makes), and is_rich.
    repriced: one row per effect and product or currency: effect, amount, chance, lines, and the dimensions that a
    product has. whole: the effects that have no member: volume, and mix where there is one. noise: the variance of
    all; size: of the number and its change; unrest: see ``_unrest``.
    """

    dimensions: tuple[str, ...]
    bought: pl.DataFrame
    repriced: pl.DataFrame
    whole: dict[str, float]
    noise: float
    size: float
    unrest: dict[str, float]

    @property
    def usual_unrest(self) -> float:
        """How restless the dimensions are on average: so is everything alike, which has all of them in it."""
        return sum(self.unrest.values()) / len(self.unrest) if self.unrest else 1.0


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
    return _empty() if not total else _ranked(_plain_case(cells, tuple(dimensions), is_ratio=is_ratio), total, most)


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
    if is_rate and not all(cells.select(sold).row(0)):
        return _empty()
    case = _money_case(cells, tuple(name for name in dimensions if name != "currency"), is_rate=is_rate)
    total = float(case.bought["contribution"].sum())
    return _empty() if not total else _ranked(case, total, most)


def _empty() -> pl.DataFrame:
    return pl.DataFrame(schema=DRIVERS)


def _ranked(case: _Case, total: float, most: int) -> pl.DataFrame:
    found: list[Row] = []
    while len(found) < most and (best := _best(case)) is not None:
        found.append(best | {"share": best["contribution"] / total})
        case = _without(case, best)
    return pl.DataFrame(found, schema=DRIVERS) if found else _empty()


def _best(case: _Case) -> Row | None:
    """The largest of the clearest candidates of each family, less what chance may have done; null if all is chance."""
    candidates = _weighed(_distinct(case), case.noise)
    clearest = pl.col("clear").max().over("family")
    tolerance = pl.when(_is_of_quantity()).then(EQUALLY).otherwise(NEARLY)
    is_clear = pl.col("clear") >= tolerance * clearest
    # Of those that are as clear as the clearest, the narrowest says most: one product, not its supplier.
    narrowest = candidates.filter(is_clear).sort("lines", "order", "kind", "member").unique("family", keep="first")
    best = narrowest.filter(pl.col("certain") > 0).sort("certain", "kind", descending=[True, False]).head(1)
    told = best.with_columns(pl.col("surprise").clip(upper_bound=MOST_SURPRISE))
    return told.row(0, named=True) if told.height else None


def _is_of_quantity() -> pl.Expr:
    return pl.col("family") == "quantity"


def _distinct(case: _Case) -> pl.DataFrame:
    """The candidates that moved, with their ``order``; of those that are the same cells, as a region that alone pays in
    a currency, the one whose dimension was asked for first.
    """
    every = pl.concat([*_slices(case), *_repriced(case), *_whole(case)])
    order = pl.col("dimension").replace_strict(case.dimensions, range(len(case.dimensions)), default=-1)
    known = every.with_columns(pl.col("surprise").fill_nan(0.0))
    moved = known.filter(pl.col("moved").abs() > ROUNDING * case.size, pl.col("surprise") > 0)
    ordered = moved.with_columns(order=order, cells=pl.struct("lines", pl.col("moved").round_sig_figs(DIGITS)))
    return ordered.sort("order").unique(["family", "cells"], keep="first", maintain_order=True)


def _weighed(candidates: pl.DataFrame, noise: float) -> pl.DataFrame:
    """The candidates with ``clear`` and ``certain``.

    clear: the square of the surprise, a little less where next to nothing moved, less what it takes to name one of so
    many members: twice the logarithm of their number, for the largest of many chances is large. certain: how much of
    what moved is beyond chance.
    """
    doubt = pl.col("surprise").pow(-2)
    largest = pl.col("moved").abs().max().over("family")
    slight = (noise + (SLIGHT * largest).pow(2)) * (SLIGHT / pl.col("moved")).pow(2)
    naming = pl.when(_is_of_quantity()).then(2 * pl.col("choices").log()).otherwise(0.0)
    beyond = 1 - (1 + naming) * doubt
    return candidates.with_columns(clear=1 / (doubt + slight) - naming, certain=pl.col("moved").abs() * beyond)


# Candidates


def _candidates(rows: pl.DataFrame, family: str, kind: pl.Expr, dimension: str | None) -> pl.DataFrame:
    named = rows.with_columns(family=pl.lit(family), kind=kind, dimension=pl.lit(dimension, dtype=pl.String))
    return named.with_columns(choices=pl.len()).select(CANDIDATE).cast({"lines": pl.Float64})


def _times_chance(moved: pl.Expr, chance: pl.Expr) -> pl.Expr:
    """How many times its standard deviation it moved; endlessly many where nothing is left to chance."""
    certain = pl.when(moved != 0).then(float("inf")).otherwise(0.0)
    return pl.when(chance > 0).then(moved.abs() / chance.sqrt()).otherwise(certain)


def _slices(case: _Case) -> list[pl.DataFrame]:
    """What each member of each dimension bought or sold more or less."""
    sums = {
        "contribution": pl.col("contribution").sum(),
        "moved": (pl.col("after") - pl.col("before")).sum(),
        "surprise": _surprise(),
        "lines": pl.col("lines").sum(),
        "state": pl.col("state").unique(),
    }
    members = {d: case.bought.group_by(member=pl.col(d)).agg(**sums) for d in case.dimensions}
    calmed = {d: rows.with_columns(pl.col("surprise") / case.unrest[d]) for d, rows in members.items()}
    return [_candidates(rows, "quantity", _kind(d), d) for d, rows in calmed.items() if rows.height > 1]


def _kind(dimension: str) -> pl.Expr:
    """The dimension; for a product that is new or lost, that."""
    states = {"new": "new_products", "lost": "lost_products"}
    only = pl.when(pl.col("state").list.len() == 1).then(pl.col("state").list.first())
    special = only.replace_strict(states, default=None, return_dtype=pl.String)
    return pl.coalesce(special, pl.lit(dimension)) if dimension in ("product", "product_id") else pl.lit(dimension)


def _repriced(case: _Case) -> list[pl.DataFrame]:
    """What each effect moved, in each member of the dimensions that belong to products, and in all alike."""
    of_products = [d for d in case.dimensions if d in case.repriced.columns]
    wanted: list[tuple[str, str | None]] = [(effect, d) for effect in OWN_PRICE for d in (*of_products, None)]
    return [_effect_candidates(case, effect, dimension) for effect, dimension in (*wanted, ("currency", "currency"))]


def _effect_candidates(case: _Case, effect: str, dimension: str | None) -> pl.DataFrame:
    member = pl.lit(None, dtype=pl.String) if dimension is None else pl.col(dimension)
    own = case.repriced.filter(pl.col("effect") == effect)
    amount = pl.col("amount").sum()
    members = own.group_by(member=member).agg(
        contribution=amount,
        moved=amount,
        surprise=_times_chance(amount, pl.col("chance").sum()),
        lines=pl.col("lines").sum(),
    )
    return _candidates(members, effect, pl.lit(effect), dimension)


def _whole(case: _Case) -> list[pl.DataFrame]:
    """Everything alike, and the shift between what is worth much and what is worth little."""
    surprises = {"volume": _surprise(), "mix": _surprise_of_mix()}
    rows = [
        case.bought.select(
            member=pl.lit(None, dtype=pl.String),
            contribution=pl.lit(amount),
            moved=pl.lit(amount),
            surprise=surprises[effect] / case.usual_unrest,
            lines=pl.col("lines").sum(),
        )
        for effect, amount in case.whole.items()
    ]
    return [_candidates(row, "quantity", pl.lit(effect), None) for effect, row in zip(case.whole, rows, strict=True)]


def _surprise() -> pl.Expr:
    """How far all of it moved, in lines of its usual size, against its chance."""
    scale = pl.col("scale")
    moved = ((pl.col("after") - pl.col("before")) * scale).sum()
    return _times_chance(moved, (pl.col("chance") * scale.pow(2)).sum())


def _surprise_of_mix() -> pl.Expr:
    """How far the rich half of the lines grew against the poor half, all growth taken out, in usual lines."""
    before, after = pl.col("usual_before"), pl.col("usual_after")
    moved = after * (before.sum() / after.sum()) - before
    chance = before.pow(2) / pl.col("lines_before") + after.pow(2) / pl.col("lines_after")
    return _times_chance((moved * pl.when("is_rich").then(1).otherwise(-1)).sum(), chance.sum())


# What is explained is taken away


def _without(case: _Case, best: Row) -> _Case:
    if best["kind"] in case.whole:
        left = {effect: amount for effect, amount in case.whole.items() if effect != best["kind"]}
        return replace(case, whole=left, bought=_evened(case.bought, best["kind"]))
    if best["family"] == "quantity":
        return replace(case, bought=case.bought.filter(~_is_in(best)))
    explained = _is_in(best) & (pl.col("effect") == best["kind"])
    return replace(case, repriced=case.repriced.filter(~explained))


def _is_in(best: Row) -> pl.Expr:
    if best["dimension"] is None:
        return pl.lit(True)
    return pl.col(best["dimension"]).eq_missing(pl.lit(best["member"], dtype=pl.String))


def _evened(bought: pl.DataFrame, effect: str) -> pl.DataFrame:
    """The cells as if everything had stayed at its level; for mix, each product at its share."""
    before, after = pl.col("before").sum(), pl.col("after").sum()
    level = ratio(before, after) if effect == "volume" else ratio(before.over("product_id"), after.over("product_id"))
    return bought.with_columns(after=pl.col("after") * level.fill_null(1.0))


# Cases


def _counted(cells: pl.DataFrame, before: pl.Expr, after: pl.Expr) -> pl.DataFrame:
    """The cells with the number of lines behind each, at least one in each period."""
    missing = {
        name: (value != 0).cast(pl.Float64)
        for name, value in zip(COUNTS, (before, after), strict=True)
        if name not in cells.columns
    }
    counted = cells.with_columns(**missing)
    return counted.with_columns(
        pl.col(COUNTS).cast(pl.Float64).fill_null(0.0).clip(lower_bound=1.0),
        lines=pl.sum_horizontal(pl.col(COUNTS).fill_null(0)),
    )


def _chance(*, is_ratio: bool) -> pl.Expr:
    """The variance of a cell that so many lines of chance make: the square of its sum over their number.

    What a line brings to a ratio lies on both sides of zero, so there the square itself.
    """
    before, after = pl.col("before").pow(2), pl.col("after").pow(2)
    return before + after if is_ratio else before / pl.col("lines_before") + after / pl.col("lines_after")


def _scaled(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells with ``scale``: one over the usual size of a line of the product, lest the dear ones drown the rest."""
    if "product_id" not in cells.columns:
        return cells.with_columns(scale=1.0)
    usual = ratio(pl.col("chance").sum().over("product_id"), pl.col("lines").sum().over("product_id")).fill_null(0.0)
    least = NEXT_TO_NOTHING * pl.col("chance").sum() / pl.col("lines").sum()
    return cells.with_columns(scale=pl.when(usual > least).then(usual.pow(-0.5)).otherwise(0.0))


def _plain_case(cells: pl.DataFrame, dimensions: tuple[str, ...], *, is_ratio: bool) -> _Case:
    known = cells.with_columns(pl.col(r"^(numerator|denominator)_.*$").fill_null(0.0))
    before, after = _against(known) if is_ratio else map(pl.col, NUMERATORS)
    counted = _counted(known, *map(pl.col, DENOMINATORS if is_ratio else NUMERATORS)).with_columns(
        before=before, after=after, state=pl.lit("other")
    )
    weighed = counted.with_columns(chance=_chance(is_ratio=is_ratio), contribution=pl.col("after") - pl.col("before"))
    bought = _scaled(weighed)
    whole = {} if is_ratio else {"volume": float(bought["contribution"].sum())}
    return _Case(
        dimensions=dimensions,
        bought=bought,
        repriced=_nothing_repriced(),
        whole=whole,
        **_measured(bought, dimensions),
    )


def _measured(bought: pl.DataFrame, dimensions: tuple[str, ...]) -> dict[str, Any]:
    """How large the number is and how much of it is chance, in the whole of it and among the members of a dimension."""
    size = pl.sum_horizontal(pl.col("before", "after", "contribution").abs().sum())
    noise, magnitude = bought.select(pl.col("chance").sum(), size=size).row(0)
    return {"noise": float(noise), "size": float(magnitude), "unrest": _unrest(bought, dimensions)}


def _unrest(bought: pl.DataFrame, dimensions: tuple[str, ...]) -> dict[str, float]:
    """By dimension: how many times their chance its members usually move, at least once.

    Orders of several lines make customers less even than lines of chance are, and so their regions. Seen where there
    are at least twenty members; a dimension that these belong to is as restless as they are.
    """
    own = {d: _median_surprise(bought, d) for d in dimensions}
    many = {d: unrest for d, unrest in own.items() if unrest is not None}
    of_others = {d: _belongs_to(bought, d, dimensions) for d in many}
    return {d: max([1.0, *(unrest for fine, unrest in many.items() if d in of_others[fine])]) for d in dimensions}


def _median_surprise(bought: pl.DataFrame, dimension: str) -> float | None:
    members = bought.group_by(dimension).agg(surprise=_surprise())
    median: float | None = members.select(pl.col("surprise").median()).item()
    return median / MEDIAN_OF_CHANCE if median is not None and members.height >= MANY else None


def _belongs_to(bought: pl.DataFrame, fine: str, dimensions: tuple[str, ...]) -> list[str]:
    """The dimensions of which each member of this one has one member, itself among them."""
    others = [d for d in dimensions if d != fine]
    members = bought.group_by(fine).agg(pl.col(others).n_unique()).select(pl.col(others).max()).row(0)
    return [fine, *(d for d, count in zip(others, members, strict=True) if count == 1)]


def _nothing_repriced() -> pl.DataFrame:
    schema = {"effect": pl.String, "currency": pl.String, "amount": pl.Float64, "chance": pl.Float64}
    return pl.DataFrame(schema=schema | {"lines": pl.Float64})


def _against(cells: pl.DataFrame) -> tuple[pl.Expr, pl.Expr]:
    """What a cell brings to a ratio in each period, beyond the rate of the total before: they differ by its change."""
    totals = cells.select(pl.col(r"^(numerator|denominator)_.*$").sum()).row(0, named=True)
    usual = totals["numerator_before"] / totals["denominator_before"]

    def beyond(period: str) -> pl.Expr:
        excess = pl.col(f"numerator_{period}") - usual * pl.col(f"denominator_{period}")
        return excess / totals[f"denominator_{period}"]

    return beyond("before"), beyond("after")


@dataclass(frozen=True)
class _Terms:
    """How money becomes the number: sold times a weight less spent times another, in each period."""

    sold_before: float
    sold_after: float
    spent_before: float
    spent_after: float

    def before(self, sold: pl.Expr, spent: pl.Expr) -> pl.Expr:
        """What so much sold and spent brought to the number before."""
        return sold * self.sold_before - spent * self.spent_before

    def after(self, sold: pl.Expr, spent: pl.Expr) -> pl.Expr:
        """What so much sold and spent brings to the number now."""
        return sold * self.sold_after - spent * self.spent_after


def _terms(cells: pl.DataFrame, *, is_rate: bool) -> _Terms:
    """Money is itself. A rate: what is beyond the rate before, over the revenue of the period."""
    if not is_rate:
        return _Terms(1.0, 1.0, 1.0, 1.0)
    before, after, spent = cells.select(pl.col("converted_before", "converted_after", "cost_before").sum()).row(0)
    return _Terms(spent / before / before, spent / before / after, 1 / before, 1 / after)


def _money_case(cells: pl.DataFrame, dimensions: tuple[str, ...], *, is_rate: bool) -> _Case:
    known = cells.with_columns(pl.col(BOTH_PERIODS).fill_null(0.0))
    lines = judged(known)
    terms = _terms(known, is_rate=is_rate)
    moved = rate_effects_by_line(lines) if is_rate else effects_by_line(lines)
    told = _counted(known, pl.col("converted_before"), pl.col("converted_after")).join(
        _line_means(lines), on=LINE, how="left", validate="m:1", nulls_equal=True
    )
    bought = _bought(told, terms, is_rate=is_rate)
    return _Case(
        dimensions=dimensions,
        bought=bought,
        repriced=_repricing(told, moved, terms, dimensions),
        whole=_sums(moved, ("mix",) if is_rate else ("volume", "mix")),
        **_measured(bought, dimensions),
    )


def _sums(moved: pl.DataFrame, effects: Sequence[str]) -> dict[str, float]:
    return {effect: float(moved.filter(pl.col("effect") == effect)["amount"].sum()) for effect in effects}


def _line_means(lines: pl.DataFrame) -> pl.DataFrame:
    """One row per line: state, worth and unit_cost, and the factors that bring what is sold and spent now to before.

    at_old_price: to the price and the rate before. at_old_cost: to the unit cost before. 1 where nothing compares.
    Also the means that effects compare, as ``converted_per_quantity_after``, and quantity_growth and amount_growth.
    """
    periods = ("before", "after")
    means = {f"{a}_per_{b}_{period}": _known(f"{a}_{period}", f"{b}_{period}") for a, b in MEANS for period in periods}
    growths = {f"{base}_growth": _known(f"{base}_after", f"{base}_before") for base in ("quantity", "amount")}
    is_compared = pl.col("state") == "compared"
    at_old_price = ratio(pl.col("quantity_after") * pl.col("worth"), pl.col("converted_after"))
    at_old_cost = ratio(pl.col("quantity_after") * pl.col("unit_cost"), pl.col("cost_after"))
    return lines.select(
        *LINE,
        "state",
        "worth",
        "unit_cost",
        at_old_price=pl.when(is_compared).then(at_old_price).fill_null(1.0),
        at_old_cost=pl.when(is_compared).then(at_old_cost).fill_null(1.0),
        **means,
        **growths,
    )


def _known(numerator: str, denominator: str) -> pl.Expr:
    return ratio(pl.col(numerator), pl.col(denominator)).fill_null(0.0)


def _bought(told: pl.DataFrame, terms: _Terms, *, is_rate: bool) -> pl.DataFrame:
    sold, spent = pl.col("converted_after"), pl.col("cost_after")
    now = terms.after(sold * pl.col("at_old_price"), spent * pl.col("at_old_cost"))
    before = terms.before(pl.col("converted_before"), pl.col("cost_before"))
    cells = told.with_columns(before=before, after=now, contribution=terms.after(sold, spent) - before)
    return _scaled(_usual(cells, is_rate=is_rate).with_columns(chance=_chance(is_ratio=is_rate)))


def _usual(cells: pl.DataFrame, *, is_rate: bool) -> pl.DataFrame:
    """The cells in usual lines of their product, and whether they are of the half of those that brings most apiece."""
    both = pl.col("quantity_before") + pl.col("quantity_after")
    usual = ratio(both.sum().over("product_id"), pl.col("lines").sum().over("product_id"))
    counted = cells.with_columns(
        usual_before=ratio(pl.col("quantity_before"), usual).fill_null(0.0),
        usual_after=ratio(pl.col("quantity_after"), usual).fill_null(0.0),
    )
    earned = pl.col("worth") - pl.col("unit_cost")
    ranked = counted.with_columns(brings=ratio(earned, pl.col("worth")) if is_rate else earned).sort("brings")
    reached = pl.col("lines").cum_sum() > pl.col("lines").sum() / 2
    median = pl.col("brings").filter(reached).first()
    return ranked.with_columns(is_rich=pl.col("brings") > median)


def _repricing(told: pl.DataFrame, moved: pl.DataFrame, terms: _Terms, dimensions: Sequence[str]) -> pl.DataFrame:
    """Effects of price and cost by product, and of currencies by currency, with what chance does to each."""
    nothing = pl.lit(0.0)

    def sold(amount: pl.Expr) -> pl.Expr:
        return terms.after(amount, nothing)

    def spent(amount: pl.Expr) -> pl.Expr:
        return terms.after(nothing, amount)

    of_products = [d for d in dimensions if _belongs_to_products(told, d)]
    names = [d for d in of_products if d != "product_id"]
    prices = _effect_rows(told, moved, "price", "product_id", ("converted", "quantity", sold))
    costs = _effect_rows(told, moved, "cost", "product_id", ("cost", "quantity", spent))
    currencies = _effect_rows(told, moved, "currency", "currency", ("converted", "amount", sold))
    described = told.group_by("product_id").agg(pl.col(names).first())
    spread = [_with_spread(rows) for rows in (prices, costs)]
    of_items = pl.concat(spread).join(described, on="product_id", how="left", validate="m:1", nulls_equal=True)
    return pl.concat([of_items, currencies], how="diagonal")


def _belongs_to_products(told: pl.DataFrame, dimension: str) -> bool:
    """Whether each product has one member of the dimension."""
    members = told.group_by("product_id").agg(pl.col(dimension).n_unique())
    return bool(members[dimension].max() == 1)


def _effect_rows(
    told: pl.DataFrame,
    moved: pl.DataFrame,
    effect: str,
    key: str,
    mean: tuple[str, str, Callable[[pl.Expr], pl.Expr]],
) -> pl.DataFrame:
    """One row per product or currency: effect, amount, chance, lines, and base, on which the effect worked.

    chance: how uneven the means are that the effect compares, seen from the cells: a price that each customer pays
    alike has none.
    """
    amount, per, terms = mean
    rows = moved.filter(pl.col("effect") == effect).group_by(key).agg(pl.col("amount").sum())
    uneven = told.select(key, "lines", **_uneven(amount, per, terms), base=terms(pl.col(f"{amount}_after")))
    sums = uneven.group_by(key).agg(pl.col("chance", "lines", "base").sum())
    joined = rows.join(sums, on=key, how="left", validate="1:1", nulls_equal=True)
    return joined.select(key, "amount", "chance", "lines", "base", effect=pl.lit(effect))


def _uneven(amount: str, per: str, terms: Callable[[pl.Expr], pl.Expr]) -> dict[str, pl.Expr]:
    """By how much each cell misses the mean of its line, before and after, before at the size of now; squared."""

    def missed(period: str) -> pl.Expr:
        return pl.col(f"{amount}_{period}") - pl.col(f"{per}_{period}") * pl.col(f"{amount}_per_{per}_{period}")

    is_compared = pl.col("state") == "compared"
    squares = terms(missed("after")).pow(2) + terms(missed("before") * pl.col(f"{per}_growth")).pow(2)
    return {"chance": pl.when(is_compared).then(squares).otherwise(0.0)}


def _with_spread(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the usual spread of the effect among products added to their chance: most prices move a little."""
    moved = ratio(pl.col("amount"), pl.col("base"))
    spread = (moved - moved.median()).abs().median() / MEDIAN_OF_CHANCE
    return rows.with_columns(chance=pl.col("chance") + (spread.fill_null(0.0) * pl.col("base")).pow(2))
