"""What production will ask of its materials: planned from what customers will ask of the products they go into.

Demand for a material follows from a plan, not from habit. What customers usually ask of a product, less what is there
and on order of it, has to be made, a lead time earlier, from its parts; parts that are made themselves pass on what is
lacking of them, down to what is bought. Quantities are in base units, by day, day 0 is today.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.demand import Types
from analytics.projection import NOTHING, Numbers

DEEPEST = 12
REVIEW_DAYS = 7
USUAL_LEAD = 14
MAKE = "make"
STOPPED: Types = {
    "component_id": pl.String,
    "product_id": pl.String,
    "site_id": pl.String,
    "company_id": pl.String,
    "quantity": pl.Float64,
}


@dataclass(frozen=True)
class Position:
    """What is known of each product of a company: rates, what customers usually ask for in a day; stock, what is there
    and will come of it, less what is ordered of it; kept, below what it is not let fall: its reorder points together;
    lots, how much is usually made at once."""

    rates: Mapping[str, float]
    stock: Mapping[str, float]
    kept: Mapping[str, float]
    lots: Mapping[str, float]


@dataclass(frozen=True)
class Plan:
    """What production will take at one site: by component and day what it needs; by component and product how much of
    it within the days looked at."""

    needs: Mapping[str, Numbers]
    stopped: Mapping[tuple[str, str], float]


def plan(ways: pl.DataFrame, parts: pl.DataFrame, position: Position, days: int) -> Plan:
    """What production at one site will need of its parts in so many days, day by day.

    ways: product_id, bom_id, lead_time_days, one row per product that is made there. parts: bom_id, component_id,
    quantity_per, one row each. A product is begun when what is there and on order falls below its reorder point; where
    it has none, when it no longer covers what is asked for until it would be done and for the weekly review after it. A
    bill that contains itself is followed twelve levels.
    """
    bills = _bills(ways, parts)
    lead = dict(ways.select("product_id", pl.col("lead_time_days").fill_null(float(USUAL_LEAD))).iter_rows())
    asked = {key: _asked(position.rates.get(key, 0.0), days + _lead(lead[key])) for key in bills}
    needs: dict[str, Numbers] = {}
    stopped: dict[tuple[str, str], float] = {}
    begun: dict[str, Numbers] = {key: np.zeros(days + 1) for key in bills}
    for product in _from_the_top(bills):
        wanted = asked[product].copy()
        if product in needs:
            wanted[: days + 1] += np.cumsum(needs[product])
            wanted[days + 1 :] += needs[product].sum()
        kept = position.kept.get(product, 0.0)
        ahead = _lead(lead[product]) if kept <= 0 else 0
        stock = position.stock.get(product, 0.0) - kept
        begun[product] = _begun(wanted[: days + 1 + ahead], stock, ahead, position.lots.get(product, 0.0))
        for component, quantity in bills[product].items():
            taken = begun[product] * quantity
            needs[component] = needs.get(component, np.zeros(days + 1)) + taken
            if taken.sum() > NOTHING:
                stopped[component, product] = stopped.get((component, product), 0.0) + float(taken.sum())
    return Plan(needs, stopped)


def _lead(days: float) -> int:
    return int(np.ceil(days)) + REVIEW_DAYS


def _asked(rate: float, days: int) -> Numbers:
    """What customers will have asked for by each day, nothing today."""
    return rate * np.arange(days + 1, dtype=np.float64)


def _begun(wanted: Numbers, stock: float, lead: int, lot: float) -> Numbers:
    """How much is begun on each day: what is lacking so many days later and was not begun before, in whole lots."""
    days = wanted.size - lead
    lacking = np.maximum.accumulate(np.maximum(wanted[lead : lead + days] - stock, 0.0))
    lots = np.ceil(lacking / lot - NOTHING) * lot if lot > 0 else lacking
    return np.diff(lots, prepend=0.0)


def _bills(ways: pl.DataFrame, parts: pl.DataFrame) -> dict[str, dict[str, float]]:
    rows = ways.select("product_id", "bom_id").join(parts, on="bom_id", how="inner")
    sums = rows.group_by("product_id", "component_id").agg(pl.col("quantity_per").sum())
    bills: dict[str, dict[str, float]] = {}
    for product, component, quantity in (
        sums.sort("product_id", "component_id").select("product_id", "component_id", "quantity_per").iter_rows()
    ):
        bills.setdefault(product, {})[component] = float(quantity)
    return bills


def _from_the_top(bills: Mapping[str, Mapping[str, float]]) -> list[str]:
    """The products so that each comes after those that it goes into."""
    level = dict.fromkeys(bills, 0)
    for _ in range(DEEPEST):
        deeper = {
            part: level[product] + 1
            for product, contents in bills.items()
            for part in contents
            if part in level and level[part] <= level[product] and part != product
        }
        if not deeper:
            break
        level |= deeper
    return sorted(bills, key=lambda product: (level[product], product))
