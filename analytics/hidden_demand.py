"""Hidden demand: what nobody wrote down because the shelf was empty.

A day without stock on which less was ordered than usual is not a day of little demand: it is unknown. Whether customers
wait or turn away is learnt from all days without stock of a company and region: stretches of such days either lose
nothing, or lose one common share of the order lines, and what was ordered tells which of the two is the likelier.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from analytics.demand import Types
from analytics.projection import NOTHING, Days, Numbers, spread

LEAF = ("product_id", "site_id", "company_id", "region")
PART = ("company_id", "region")
AROUND_DAYS = 182
LEAST_USUAL_DAYS = 56
MOST_DAYS = 1096
STEPS = 50
FIRST_CHANCE, FIRST_SHARE = 0.1, 0.6
DOUBTS = 2.0
SHARES = (0.2, 0.95)
LIKELY = 0.5
HIDDEN: Types = {
    "product_id": pl.String,
    "site_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "day_on": pl.Date,
    "lost_lines": pl.Float64,
    "lost": pl.Float64,
    "chance": pl.Float64,
}


@dataclass(frozen=True)
class _Watched:
    """Leaves by days, the last one as of today: lines and quantities ordered, whether the part had none in stock."""

    leaves: pl.DataFrame
    lines: Numbers
    quantities: Numbers
    is_out: Numbers
    activity: Numbers


def hidden_demand(ordered: pl.DataFrame, changes: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per product, site, company, region and day without stock on which demand was probably lost: see
    ``HIDDEN``.

    ordered: customers' order lines with day_on and quantity, as ``analytics.demand.order_lines``. changes: see
    ``analytics.levels.stock_changes``. Without stock: none at any site of the company in the region, neither at the
    beginning nor at the end of the day. lost_lines, lost: order lines and units expected to be missing;
    chance: that the stretch of days lost any, where that is likelier than not.
    """
    parts = ordered.select(PART).unique().sort(PART, nulls_last=True)
    found = [_of_part(_only(ordered, part), _only(changes, part), as_of) for part in parts.iter_rows(named=True)]
    return pl.concat([pl.DataFrame(schema=HIDDEN), *found])


def _only(rows: pl.DataFrame, part: dict[str, str | None]) -> pl.DataFrame:
    return rows.filter(pl.all_horizontal(pl.col(name).eq_missing(pl.lit(key)) for name, key in part.items()))


def _of_part(ordered: pl.DataFrame, changes: pl.DataFrame, as_of: date) -> pl.DataFrame:
    days = _days(ordered, changes, as_of)
    if days is None:
        return pl.DataFrame(schema=HIDDEN)
    rates, sizes = _usual(days)
    expected = np.where(days.is_out > 0, rates * days.activity, 0.0)
    stretches = _stretches(days)
    wanted = _sums(stretches, expected)
    came = _sums(stretches, np.where(stretches > 0, days.lines, 0.0))
    is_known = wanted > NOTHING
    chances, share = _losing(wanted[is_known], came[is_known])
    of_stretch = np.zeros(wanted.size)
    of_stretch[is_known] = chances
    of_day = of_stretch[stretches]
    return _told(days, expected * of_day * share, sizes, of_day, as_of)


def _days(ordered: pl.DataFrame, changes: pl.DataFrame, as_of: date) -> _Watched | None:
    """What is known by day of the leaves whose product was ever without stock; null where none was."""
    begins = ordered["day_on"].min()
    many = min((as_of - begins).days + 1, MOST_DAYS) if isinstance(begins, date) else 0
    out = _without_stock(changes, many, as_of) if many > 0 else changes.select("product_id").clear()
    leaves = ordered.select(LEAF).unique().join(out, on="product_id", how="semi").sort(LEAF, nulls_last=True)
    if leaves.is_empty():
        return None
    numbered = leaves.with_columns(item=pl.int_range(pl.len()))
    day = (pl.col("day_on") - pl.lit(as_of)).dt.total_days() + many - 1
    quantity = pl.col("quantity").cast(pl.Float64)
    rows = ordered.select(*LEAF, day=day, quantity=quantity, one=pl.lit(1.0)).join(
        numbered, on=LEAF, how="inner", validate="m:1", nulls_equal=True
    )
    places = leaves.join(out.with_row_index("at"), on="product_id", how="left", validate="m:1", maintain_order="left")
    flags = np.array(out["is_out"].to_list(), dtype=np.float64)
    daily = np.bincount(ordered.select(day=day).to_series().clip(-1, many).to_numpy() + 1, minlength=many + 2)[1:-1]
    return _Watched(
        leaves=leaves,
        lines=spread(rows.select("item", "day", quantity="one"), leaves.height, many),
        quantities=spread(rows.select("item", "day", "quantity"), leaves.height, many),
        is_out=flags[places["at"].to_numpy()],
        activity=daily / max(float(daily.mean()), NOTHING),
    )


def _without_stock(changes: pl.DataFrame, many: int, as_of: date) -> pl.DataFrame:
    """One row per product that had none left on some day: product_id, is_out: by day, whether it began and ended so.

    What was never counted was never without stock.
    """
    daily = changes.group_by("product_id", "day_on").agg(pl.col("change").sum().cast(pl.Float64))
    day = (pl.col("day_on") - pl.lit(as_of)).dt.total_days() + many - 1
    ever = daily.sort("product_id", "day_on").with_columns(
        level=pl.col("change").cum_sum().over("product_id"), day=day.clip(lower_bound=0), first=day
    )
    latest = ever.unique(("product_id", "day"), keep="last", maintain_order=True)
    emptied = latest.filter((pl.col("level") <= NOTHING) & (pl.col("day") < many)).select("product_id").unique()
    asked = latest.join(emptied, on="product_id", how="semi").filter(pl.col("day") < many)
    rows = []
    for (product,), course in asked.group_by("product_id", maintain_order=True):
        levels = np.full(many, np.nan)
        levels[course["day"].to_numpy()] = course["level"].to_numpy()
        at = np.maximum.accumulate(np.where(np.isnan(levels), 0, np.arange(many)))
        empty = levels[at] <= NOTHING
        is_out = empty & np.concatenate([[False], empty[:-1]])
        rows.append((product, is_out.astype(np.float64).tolist()))
    schema: Types = {"product_id": pl.String, "is_out": pl.List(pl.Float64)}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("product_id")


def _usual(days: _Watched) -> tuple[Numbers, Numbers]:
    """By leaf and day: lines on a day of usual activity, from the days with stock around it; and by leaf units in a
    line."""
    has = days.is_out == 0
    lines, watched = (_around(np.where(has, each, 0.0)) for each in (days.lines, days.activity[None, :]))
    rates = np.where(watched >= LEAST_USUAL_DAYS, lines / np.maximum(watched, 1.0), 0.0)
    whole = days.lines.sum(axis=1)
    return rates, np.divide(days.quantities.sum(axis=1), whole, out=np.zeros_like(whole), where=whole > 0)


def _around(values: Numbers) -> Numbers:
    """The sum from half a year before each day to half a year after it."""
    many = values.shape[1]
    running = np.hstack([np.zeros((values.shape[0], 1)), np.cumsum(values, axis=1)])
    at = np.arange(many)
    return running[:, np.minimum(at + AROUND_DAYS + 1, many)] - running[:, np.maximum(at - AROUND_DAYS, 0)]


def _stretches(days: _Watched) -> Days:
    """By leaf and day, the number of the stretch of days without stock, from 1 on; 0 on other days. Leaves of one
    product share theirs."""
    is_out = days.is_out > 0
    begins = is_out & ~np.hstack([np.zeros((len(is_out), 1), dtype=np.bool_), is_out[:, :-1]])
    of_leaf = np.cumsum(begins, axis=1)
    products = days.leaves["product_id"].rle_id().to_numpy().astype(np.int64)
    most = int(of_leaf.max(initial=0)) + 1
    return np.where(is_out, products[:, None] * most + of_leaf, 0)


def _sums(stretches: Days, values: Numbers) -> Numbers:
    """What lies in each stretch, by its number."""
    return np.bincount(stretches.ravel(), values.ravel()).astype(np.float64)


def _losing(wanted: Numbers, came: Numbers) -> tuple[Numbers, float]:
    """By stretch the chance that it lost lines, and the share lost in those that did: the mixture of two Poisson
    numbers of lines that tells best what came (expectation maximization, near the first guess where little is known).
    """
    chance, share = FIRST_CHANCE, FIRST_SHARE
    chances = np.full(wanted.size, chance)
    for _ in range(STEPS):
        odds = np.log(chance / (1 - chance)) + came * np.log1p(-share) + wanted * share
        chances = 1 / (1 + np.exp(-np.clip(odds, -50, 50)))
        chance = float((chances.sum() + DOUBTS * FIRST_CHANCE) / (wanted.size + DOUBTS))
        kept = (chances @ came + DOUBTS * (1 - FIRST_SHARE)) / (chances @ wanted + DOUBTS)
        share = float(np.clip(1 - kept, *SHARES))
    return chances, share


def _told(days: _Watched, lost: Numbers, sizes: Numbers, chances: Numbers, as_of: date) -> pl.DataFrame:
    leaf, day = np.nonzero((lost * sizes[:, None] > NOTHING) & (chances >= LIKELY))
    many = lost.shape[1]
    rows = days.leaves[leaf].with_columns(
        day_on=pl.lit(as_of) - pl.duration(days=pl.lit(pl.Series(many - 1 - day))),
        lost_lines=pl.Series(lost[leaf, day]),
        lost=pl.Series((lost * sizes[:, None])[leaf, day]),
        chance=pl.Series(chances[leaf, day]),
    )
    return rows.select(pl.col(name).cast(dtype) for name, dtype in HIDDEN.items())
