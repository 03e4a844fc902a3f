"""What is known of a change before its causes are sought: who bought more or less, what was priced or paid otherwise,
and how much of all that is chance. Pure: frames in, frames out. What is done with it is said in ``analytics.drivers``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from analytics.contributions import DENOMINATORS, NUMERATORS, ratio
from analytics.effects import BOTH_PERIODS, LINE, effects_by_line, judged, rate_effects_by_line
from analytics.projection import Days, Numbers

NEXT_TO_NOTHING = 1e-12
MANY = 20
# The median of the absolute values of a standard normal variable.
MEDIAN_OF_CHANCE = 0.6745
COUNTS = ("lines_before", "lines_after")
MEANS = (("converted", "quantity"), ("cost", "quantity"), ("converted", "amount"))
OWN_PRICE = ("price", "cost")
OF_CELLS = ("product_id", "contribution", "before", "after", "chance", "scale", "lines", "state")
OF_MIX = (*COUNTS, "usual_before", "usual_after", "is_rich")


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is known of a change and not yet explained.

    Members are numbers, in the order of their names (``Members``). bought: one row per cell: the dimensions;
    contribution; before and after (without effects of price, cost and currency); chance (the variance of the two);
    scale (by which a line of this product is like any other); lines; state. With effects also usual_before and
    usual_after (how many usual lines its quantity makes), and is_rich. repriced: by effect, one row per product or
    currency: amount, chance, lines, and the dimensions that a product has. whole: the effects that have no member:
    volume, and mix where there is one. noise: the variance of all; size: of the number and its change; unrest: see
    ``_unrest``.
    """

    dimensions: tuple[str, ...]
    names: Mapping[str, pl.Series]
    bought: pl.DataFrame
    repriced: Mapping[str, pl.DataFrame]
    whole: Mapping[str, float]
    noise: float
    size: float
    unrest: Mapping[str, float]

    @property
    def usual_unrest(self) -> float:
        """How restless the dimensions are on average: so is everything alike, which has all of them in it."""
        return sum(self.unrest.values()) / len(self.unrest) if self.unrest else 1.0


def plain_case(cells: pl.DataFrame, dimensions: tuple[str, ...], *, is_ratio: bool) -> Case:
    """The case of a number that has no prices."""
    numbered, names = _numbered(cells, dimensions)
    measures = (NUMERATORS, DENOMINATORS) if is_ratio else (NUMERATORS,)
    known = numbered.with_columns(value for names_of in measures for value in _settled(*names_of))
    before, after = _against(known) if is_ratio else map(pl.col, NUMERATORS)
    counted = _counted(known, *map(pl.col, DENOMINATORS if is_ratio else NUMERATORS)).with_columns(
        before=before, after=after, state=pl.lit("other")
    )
    weighed = counted.with_columns(chance=_chance(is_ratio=is_ratio), contribution=pl.col("after") - pl.col("before"))
    bought = _with_all_members(_scaled(weighed, known.columns), dimensions).collect()
    whole = {} if is_ratio else {"volume": float(bought["contribution"].sum())}
    measured = _measured(bought, dimensions)
    return Case(dimensions=dimensions, names=names, bought=bought, repriced={}, whole=whole, **measured)


def money_case(cells: pl.DataFrame, dimensions: tuple[str, ...], *, is_rate: bool) -> Case:
    """The case of an amount of money, or of a margin rate."""
    numbered, names = _numbered(cells, (*LINE, *dimensions))
    known = numbered.with_columns(pl.col(BOTH_PERIODS).fill_null(0.0))
    lines = judged(known)
    terms = _terms(known, is_rate=is_rate)
    moved = rate_effects_by_line(lines) if is_rate else effects_by_line(lines)
    told = _counted(known, pl.col("converted_before"), pl.col("converted_after")).join(
        _line_means(lines).lazy(), on=LINE, how="left", validate="m:1", nulls_equal=True, maintain_order="left"
    )
    bought = _with_all_members(_bought(told, known.columns, terms, is_rate=is_rate), (*LINE, *dimensions)).collect()
    return Case(
        dimensions=dimensions,
        names=names,
        bought=bought.select(*dict.fromkeys((*dimensions, *OF_CELLS, *OF_MIX))),
        repriced=_repricing(bought, _with_all_members(moved.lazy(), LINE).collect(), dimensions),
        whole=_sums(moved, ("mix",) if is_rate else ("volume", "mix")),
        **_measured(bought, dimensions),
    )


# Members as numbers


def _numbered(cells: pl.DataFrame, columns: Iterable[str]) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    """The cells with a number in place of each known member, from 1 in the order of the names, which come with them."""
    wanted = list(dict.fromkeys(columns))
    found = cells.select(pl.col(column).cast(pl.String).unique().drop_nulls().sort().implode() for column in wanted)
    names = {column: found[column].item() for column in wanted}
    told = (pl.col(column).cast(pl.Enum(names[column])).to_physical().cast(pl.Int64) + 1 for column in wanted)
    return cells.with_columns(told), names


def _with_all_members(rows: pl.LazyFrame, columns: Iterable[str]) -> pl.LazyFrame:
    """The rows with 0 in place of what nobody knows."""
    return rows.with_columns(pl.col(list(dict.fromkeys(columns))).fill_null(0))


def members(rows: pl.DataFrame, dimension: str) -> Days:
    """The number of each row's member; 0 where nobody knows it."""
    return rows[dimension].to_numpy()


def times_chance(moved: Numbers, chance: Numbers) -> Numbers:
    """How many times its standard deviation it moved; endlessly many where nothing is left to chance."""
    certain = np.where(moved != 0, np.inf, 0.0)
    return np.divide(np.abs(moved), np.sqrt(chance), out=certain, where=chance > 0)


def summed(of: Days, values: Numbers) -> Numbers:
    """The sum by member."""
    return np.bincount(of, values).astype(np.float64, copy=False)


def surprises(bought: pl.DataFrame) -> tuple[Numbers, Numbers]:
    """How far each cell moved in lines of its usual size, and the variance of that."""
    before, after, chance, scale = (bought[name].to_numpy() for name in ("before", "after", "chance", "scale"))
    return (after - before) * scale, chance * scale**2


# Cells


def _settled(*periods: str) -> list[pl.Expr]:
    """The sums of the periods; what is next to nothing of all of them is nothing: changes of a level that cancel out
    leave what was rounded."""
    values = [pl.col(name).fill_null(0.0) for name in periods]
    size = pl.sum_horizontal(value.abs().sum() for value in values)
    return [pl.when(value.abs() > NEXT_TO_NOTHING * size).then(value).otherwise(0.0) for value in values]


def _counted(cells: pl.DataFrame, before: pl.Expr, after: pl.Expr) -> pl.LazyFrame:
    """The cells with the number of lines behind each, at least one in each period."""
    missing = {
        name: (value != 0).cast(pl.Float64)
        for name, value in zip(COUNTS, (before, after), strict=True)
        if name not in cells.columns
    }
    counted = cells.lazy().with_columns(**missing)
    return counted.with_columns(
        pl.col(COUNTS).cast(pl.Float64).fill_null(0.0).clip(lower_bound=1.0),
        lines=pl.sum_horizontal(pl.col(COUNTS).fill_null(0)).cast(pl.Float64),
    )


def _chance(*, is_ratio: bool) -> pl.Expr:
    """The variance of a cell that so many lines of chance make: the square of its sum over their number.

    What a line brings to a ratio lies on both sides of zero, so there the square itself.
    """
    before, after = pl.col("before").pow(2), pl.col("after").pow(2)
    return before + after if is_ratio else before / pl.col("lines_before") + after / pl.col("lines_after")


def _scaled(cells: pl.LazyFrame, columns: Iterable[str]) -> pl.LazyFrame:
    """The cells with ``scale``: one over the usual size of a line of the product, lest the dear ones drown the rest."""
    if "product_id" not in columns:
        return cells.with_columns(scale=pl.lit(1.0))
    usual = ratio(pl.col("chance").sum().over("product_id"), pl.col("lines").sum().over("product_id")).fill_null(0.0)
    least = NEXT_TO_NOTHING * pl.col("chance").sum() / pl.col("lines").sum()
    return cells.with_columns(scale=pl.when(usual > least).then(usual.pow(-0.5)).otherwise(0.0))


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
    found, (moved, chance) = {d: members(bought, d) for d in dimensions}, surprises(bought)
    own = {d: _median_surprise(each, moved, chance) for d, each in found.items()}
    many = {d: unrest for d, unrest in own.items() if unrest is not None}
    return {
        d: max([1.0, *(many[fine] for fine in many if _only_member(found[fine], found[d]) is not None)])
        for d in dimensions
    }


def _median_surprise(of: Days, moved: Numbers, chance: Numbers) -> float | None:
    surprise = times_chance(summed(of, moved), summed(of, chance))[np.bincount(of) > 0]
    return float(np.median(surprise)) / MEDIAN_OF_CHANCE if len(surprise) >= MANY else None


def _only_member(fine: Days, coarse: Days) -> Days | None:
    """By member of a dimension, the one member of another that it belongs to; null where some belong to several."""
    last = np.zeros(fine.max() + 1, dtype=np.int64)
    last[fine] = coarse
    return last if (last[fine] == coarse).all() else None


def _against(cells: pl.DataFrame) -> tuple[pl.Expr, pl.Expr]:
    """What a cell brings to a ratio in each period, beyond the rate of the total before: they differ by its change."""
    totals = cells.select(pl.col(r"^(numerator|denominator)_.*$").sum()).row(0, named=True)
    usual = totals["numerator_before"] / totals["denominator_before"]

    def beyond(period: str) -> pl.Expr:
        excess = pl.col(f"numerator_{period}") - usual * pl.col(f"denominator_{period}")
        return excess / totals[f"denominator_{period}"]

    return beyond("before"), beyond("after")


# Money


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


def _sums(moved: pl.DataFrame, effects: Sequence[str]) -> dict[str, float]:
    of_effect = {effect: pl.col("amount").filter(pl.col("effect") == effect).sum() for effect in effects}
    return moved.select(**of_effect).row(0, named=True)


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


def _bought(told: pl.LazyFrame, columns: Iterable[str], terms: _Terms, *, is_rate: bool) -> pl.LazyFrame:
    sold, spent = pl.col("converted_after"), pl.col("cost_after")
    now = terms.after(sold * pl.col("at_old_price"), spent * pl.col("at_old_cost"))
    before = terms.before(pl.col("converted_before"), pl.col("cost_before"))
    cells = told.with_columns(before=before, after=now, contribution=terms.after(sold, spent) - before)
    weighed = _usual(cells, is_rate=is_rate).with_columns(chance=_chance(is_ratio=is_rate), **_unevenness(terms))
    return _scaled(weighed, columns)


def _usual(cells: pl.LazyFrame, *, is_rate: bool) -> pl.LazyFrame:
    """The cells in usual lines of their product, and whether they are of the half of those that brings most apiece."""
    both = pl.col("quantity_before") + pl.col("quantity_after")
    usual = ratio(both.sum().over("product_id"), pl.col("lines").sum().over("product_id"))
    earned = pl.col("worth") - pl.col("unit_cost")
    counted = cells.with_columns(
        usual_before=ratio(pl.col("quantity_before"), usual).fill_null(0.0),
        usual_after=ratio(pl.col("quantity_after"), usual).fill_null(0.0),
        brings=ratio(earned, pl.col("worth")) if is_rate else earned,
    )
    reached = pl.col("lines").sort_by("brings").cum_sum() > pl.col("lines").sum() / 2
    median = pl.col("brings").sort().filter(reached).first()
    return counted.with_columns(is_rich=(pl.col("brings") > median).fill_null(value=False))


def _unevenness(terms: _Terms) -> dict[str, pl.Expr]:
    """By effect, of each cell: on how much it worked, and how uneven the means are that it compares, squared."""
    nothing = pl.lit(0.0)

    def sold(amount: pl.Expr) -> pl.Expr:
        return terms.after(amount, nothing)

    def spent(amount: pl.Expr) -> pl.Expr:
        return terms.after(nothing, amount)

    means = {"price": ("converted", "quantity", sold), "cost": ("cost", "quantity", spent)}
    means["currency"] = ("converted", "amount", sold)
    bases = {f"{effect}_base": term(pl.col(f"{amount}_after")) for effect, (amount, _, term) in means.items()}
    return bases | {f"{effect}_chance": _uneven(*mean) for effect, mean in means.items()}


def _uneven(amount: str, per: str, terms: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    """By how much each cell misses the mean of its line, before and after, before at the size of now; squared: a price
    that each customer pays alike has none."""

    def missed(period: str) -> pl.Expr:
        return pl.col(f"{amount}_{period}") - pl.col(f"{per}_{period}") * pl.col(f"{amount}_per_{per}_{period}")

    squares = terms(missed("after")).pow(2) + terms(missed("before") * pl.col(f"{per}_growth")).pow(2)
    return pl.when(pl.col("state") == "compared").then(squares).otherwise(0.0)


def _repricing(bought: pl.DataFrame, moved: pl.DataFrame, dimensions: Sequence[str]) -> dict[str, pl.DataFrame]:
    """Effects of price and cost by product, and of currencies by currency, with what chance does to each."""
    items = members(bought, "product_id")
    names = {d: last for d in dimensions if (last := _only_member(items, members(bought, d))) is not None}
    of_items = {effect: _effect_rows(bought, moved, effect, "product_id") for effect in OWN_PRICE}
    named = {
        effect: rows.with_columns(**{d: last[members(rows, "product_id")] for d, last in names.items()})
        for effect, rows in of_items.items()
    }
    return named | {"currency": _effect_rows(bought, moved, "currency", "currency")}


def _effect_rows(bought: pl.DataFrame, moved: pl.DataFrame, effect: str, key: str) -> pl.DataFrame:
    """One row per product or currency: amount, chance, lines."""
    rows, cells = moved.filter(pl.col("effect") == effect), members(bought, key)
    of = members(rows, key)
    number = np.flatnonzero(np.bincount(of))
    amount = summed(of, rows["amount"].to_numpy())[number]
    base, chance, lines = (
        summed(cells, bought[name].to_numpy())[number] for name in (f"{effect}_base", f"{effect}_chance", "lines")
    )
    spread = _spread(amount, base) if effect in OWN_PRICE else 0.0
    return pl.DataFrame({key: number, "amount": amount, "chance": chance + (spread * base) ** 2, "lines": lines})


def _spread(amount: Numbers, base: Numbers) -> float:
    """How much an effect usually differs among products: most prices move a little."""
    moved = amount[base != 0] / base[base != 0]
    return float(np.median(np.abs(moved - np.median(moved)))) / MEDIAN_OF_CHANCE if len(moved) else 0.0
