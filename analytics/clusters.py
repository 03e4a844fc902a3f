"""Groups that customers form by themselves, by recency, frequency and money; told only where they are stable.

Customers are put into two to six groups by k-means over the logarithms of days since the last order, of order days and
of money of 24 months. Each group is looked for again in samples drawn with replacement (Hennig 2007): how far it is
found again is the mean share of customers that both groups hold of those that either holds (Jaccard). The most groups
count of which every one is found again to 0.75; else there are none, and segments are all that is said. Seeded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.demand import Types
from analytics.segments import STABLE, standing_of_orders

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]
SEED, SAMPLES, STARTS, STEPS = 7, 20, 4, 30
MOST, LEAST_CUSTOMERS, LARGEST = 6, 50, 2_000
CLUSTERS: Types = {
    "customer_id": pl.String,
    "cluster": pl.Int64,
    "company_id": pl.String,
    "region": pl.String,
}
CHECK: Types = {
    "company_id": pl.String,
    "region": pl.String,
    "customers": pl.Int64,
    "clusters": pl.Int64,
    "stability": pl.Float64,
}


@dataclass(frozen=True)
class Found:
    """``groups``: by customer the number of its group from 0 on; ``many``: how many stable groups there are, 0 for
    none; ``stability``: of the least stable group, of the best number of groups where none is stable."""

    groups: Places
    many: int
    stability: float


def studied(lines: pl.DataFrame, as_of: date) -> dict[str, pl.DataFrame]:
    """Frames by name: clusters, one row per customer where its groups are stable, the most money first in number 1, and
    clusters_check, one row per company; and the same of regions of companies, with ``_by_region``.

    ``lines``: customer_id, company_id, region, day_on and amount, in the currency of the company.
    """
    made: dict[str, pl.DataFrame] = {}
    for suffix, keys in (("", ("company_id",)), ("_by_region", ("company_id", "region"))):
        parts = lines.filter(pl.col("day_on") <= as_of).drop_nulls(keys).partition_by(keys, maintain_order=True)
        found = [_of_part(part, keys, as_of) for part in parts]
        made[f"clusters{suffix}"] = _together((rows for rows, _ in found), CLUSTERS)
        made[f"clusters_check{suffix}"] = _together((check for _, check in found), CHECK)
    return made


def _together(parts: Iterable[pl.DataFrame], types: Types) -> pl.DataFrame:
    shaped = [part.select(pl.col(name).cast(kind) for name, kind in types.items()) for part in parts]
    return pl.concat([pl.DataFrame(schema=types), *shaped])


def _of_part(lines: pl.DataFrame, keys: tuple[str, ...], as_of: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = standing_of_orders(lines.select("customer_id", "day_on", pl.col("amount").cast(pl.Float64)), as_of)
    bought = rows.filter(pl.col("order_days") > 0).sort("customer_id")
    found = groups(bought.select("recency_days", "order_days", "monetary").fill_null(0.0).to_numpy())
    place = [
        pl.lit(lines[name][0] if name in keys else None, dtype=pl.String).alias(name)
        for name in ("company_id", "region")
    ]
    numbered = bought.with_columns(pl.Series("group", found.groups, dtype=pl.Int64))
    worth = numbered.group_by("group").agg(worth=pl.col("monetary").median()).sort(-pl.col("worth"), "group")
    named = numbered.join(worth.with_row_index("cluster", 1), on="group", how="inner", validate="m:1")
    told = named if found.many else named.clear()
    check = {"customers": bought.height, "clusters": found.many, "stability": found.stability}
    region = lines.select("customer_id", "day_on", "region").sort("day_on", "region", nulls_last=False)
    latest = region.group_by("customer_id", maintain_order=True).last().select("customer_id", "region")
    placed = told.with_columns(place[0]).join(latest, on="customer_id", how="left", validate="1:1")
    return placed, pl.DataFrame([check]).with_columns(place)


def groups(signs: Numbers) -> Found:
    """The stable groups of customers; ``signs``: a row per customer with days of silence, order days and money."""
    none = Found(np.zeros(len(signs), dtype=np.intp), 0, 0.0)
    if len(signs) < LEAST_CUSTOMERS:
        return none
    scaled = _scaled(signs)
    some = scaled[:: max(1, len(scaled) // LARGEST)]
    best = 0.0
    for many in range(MOST, 1, -1):
        centers = _centers(some, many, np.random.default_rng(SEED))
        stability = _stability(some, centers)
        if stability >= STABLE:
            return Found(_nearest(scaled, centers), many, stability)
        best = max(best, stability)
    return Found(none.groups, 0, best)


def _scaled(signs: Numbers) -> Numbers:
    logs = np.log1p(np.maximum(signs, 0.0))
    spread = logs.std(axis=0)
    return np.asarray((logs - logs.mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def _nearest(rows: Numbers, centers: Numbers) -> Places:
    return np.asarray(((rows[:, None, :] - centers[None]) ** 2).sum(axis=2).argmin(axis=1))


def _centers(rows: Numbers, many: int, dice: np.random.Generator) -> Numbers:
    """The middles of the groups by k-means, the best of some starts; each start far apart (k-means++)."""
    tried = [_moved(rows, _start(rows, many, dice)) for _ in range(STARTS)]
    return min(tried, key=lambda centers: float(((rows - centers[_nearest(rows, centers)]) ** 2).sum()))


def _start(rows: Numbers, many: int, dice: np.random.Generator) -> Numbers:
    chosen = [rows[dice.integers(len(rows))]]
    for _ in range(many - 1):
        far = np.min([((rows - center) ** 2).sum(axis=1) for center in chosen], axis=0)
        chance = far / far.sum() if far.sum() > 0 else None
        chosen.append(rows[dice.choice(len(rows), p=chance)])
    return np.array(chosen)


def _moved(rows: Numbers, centers: Numbers) -> Numbers:
    for _ in range(STEPS):
        at = _nearest(rows, centers)
        moved = np.array(
            [rows[at == each].mean(axis=0) if (at == each).any() else centers[each] for each in range(len(centers))]
        )
        if np.allclose(moved, centers):
            break
        centers = moved
    return centers


def _stability(rows: Numbers, centers: Numbers) -> float:
    """How far the least stable group is found again in samples of the customers."""
    dice = np.random.default_rng(SEED)
    at = _nearest(rows, centers)
    again = []
    for _ in range(SAMPLES):
        drawn = np.unique(dice.integers(len(rows), size=len(rows)))
        other = _nearest(rows[drawn], _centers(rows[drawn], len(centers), dice))
        again.append([_overlap(at[drawn] == each, other, len(centers)) for each in range(len(centers))])
    return float(np.mean(again, axis=0).min())


def _overlap(own: NDArray[np.bool_], other: Places, many: int) -> float:
    """The largest share that a group has in common with any group of a sample."""
    shares = [(own & (other == each)).sum() / max((own | (other == each)).sum(), 1) for each in range(many)]
    return float(max(shares))


__all__ = ["CHECK", "CLUSTERS", "Found", "groups", "studied"]
