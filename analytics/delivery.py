"""What is asked of a delivery: quantities as people write them, what is free to promise, what an earlier day breaks.

The days themselves come from ``analytics.promising``.
"""

import math
import re

import polars as pl

from analytics.demand import Types
from analytics.left_over import HORIZON_DAYS
from analytics.projection import NOTHING
from analytics.promising import Supply

MOST = 1_000_000.0
WRITTEN = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][+-]?\d{1,3})?")
FREE: Types = {
    "product_id": pl.String,
    "site_id": pl.String,
    "on_hand": pl.Float64,
    "promised": pl.Float64,
    "free": pl.Float64,
    "next_on": pl.Date,
    "next_quantity": pl.Float64,
}
BROKEN: Types = {
    "product_id": pl.String,
    "site_id": pl.String,
    "kind": pl.String,
    "number": pl.String,
    "party": pl.String,
    "due_on": pl.Date,
    "quantity": pl.Float64,
}
AT = ("product_id", "site_id")


def quantity_of(written: str) -> tuple[str, float | None]:
    """What is wrong with a quantity (asked where nothing is, not_a_number, no_quantity, too_many), and the quantity.

    Thousands may be parted by commas and decimals are by a point, as 1,200.5; more than a million is too many to be
    promised from anything that is known.
    """
    text = written.strip()
    if not WRITTEN.fullmatch(text):
        return "not_a_number", None
    quantity = float(text.replace(",", ""))
    if not quantity > NOTHING:
        return "no_quantity", None
    return ("too_many", None) if not math.isfinite(quantity) or quantity > MOST else ("asked", quantity)


def free_today(supply: Supply) -> pl.DataFrame:
    """What can be promised for today: one row per product and site that anything is known of, see ``FREE``.

    free: the least that is left over today and on every later day. promised: what earlier promises take in all.
    next_on, next_quantity: the next receipt that counts.
    """
    by_day = _flows(supply).group_by(*AT, "day").agg(pl.col("quantity").sum()).sort("day")
    running = by_day.with_columns(left=pl.col("quantity").cum_sum().over(AT))
    known = running.group_by(AT).agg(free=pl.col("left").min().clip(lower_bound=0.0))
    held = supply.stock.group_by(AT).agg(pl.col("on_hand").sum())
    taken = supply.promised.group_by(AT).agg(promised=pl.col("quantity").sum())
    for part in (held, taken, _next(supply)):
        known = known.join(part, on=AT, how="left", validate="1:1")
    filled = known.with_columns(pl.col("on_hand", "promised").fill_null(0.0))
    return filled.select(pl.col(name).cast(dtype) for name, dtype in FREE.items()).sort(AT)


def _flows(supply: Supply) -> pl.DataFrame:
    """What comes and goes by product, site and days from today: on each of them something, if nothing, today."""
    wanted = (pl.col("due_on") - supply.today).dt.total_days().fill_null(0).clip(0, HORIZON_DAYS)
    columns = (*AT, "day", "quantity")
    held = supply.stock.with_columns(day=pl.lit(0, dtype=pl.Int64), quantity=pl.col("on_hand")).select(columns)
    come = _coming(supply).select(columns)
    taken = supply.promised.with_columns(day=wanted, quantity=-pl.col("quantity")).select(columns)
    flows = pl.concat([held, taken, come])
    today = flows.select(*AT, day=pl.lit(0, dtype=pl.Int64), quantity=pl.lit(0.0)).unique()
    return pl.concat([flows, today])


def _coming(supply: Supply) -> pl.DataFrame:
    in_days = (pl.col("arrives_on") - supply.today).dt.total_days()
    return supply.receipts.with_columns(day=in_days).filter(pl.col("day").is_between(1, HORIZON_DAYS))


def _next(supply: Supply) -> pl.DataFrame:
    first = (
        _coming(supply)
        .sort("day")
        .group_by(AT)
        .agg(
            next_on=pl.col("arrives_on").first(),
            next_quantity=pl.col("quantity").filter(pl.col("day") == pl.col("day").min()).sum(),
        )
    )
    return first.select(*AT, "next_on", "next_quantity")


def broken_today(
    supply: Supply, orders: pl.DataFrame, product_id: str, quantity: float, site_id: str | None
) -> pl.DataFrame:
    """The promises that would be broken first if so much of a product left today: see ``BROKEN``, by day.

    ``orders``: the promises of ``supply`` with kind, number and party. None where the goods are not even on hand: then
    no promise is in the way.
    """
    here = pl.col("product_id") == product_id
    if site_id is not None:
        here &= pl.col("site_id") == site_id
    flows, mine = _flows(supply).filter(here), orders.filter(here)
    taken = _taken(free_today(supply).filter(here & (pl.col("on_hand") > 0)), quantity)
    broken = [
        _due(mine, supply, site, day) for site, part in taken.items() if (day := _short(flows, site, part)) is not None
    ]
    rows = pl.concat([pl.DataFrame(schema=BROKEN), *broken])
    return rows.sort("due_on", "number", "quantity", nulls_last=False)


def _taken(held: pl.DataFrame, quantity: float) -> dict[str, float]:
    """From which sites so much would be taken: first what is free, then what is not, from the fullest; nothing where it
    is not on hand."""
    taken: dict[str, float] = {}
    if held["on_hand"].sum() < quantity - NOTHING:
        return taken
    for column in ("free", "on_hand"):
        rows = held.sort(-pl.col(column), "site_id").select("site_id", pl.min_horizontal(column, "on_hand"))
        for site, there in rows.iter_rows():
            part = min(quantity, there - taken.get(site, 0.0))
            quantity -= part
            taken[site] = taken.get(site, 0.0) + part
    return {site: part for site, part in taken.items() if part > NOTHING}


def _short(flows: pl.DataFrame, site: str, taken: float) -> int | None:
    """After how many days too little is left at the site for the first time."""
    by_day = flows.filter(pl.col("site_id") == site).group_by("day").agg(pl.col("quantity").sum()).sort("day")
    short = by_day.filter(pl.col("quantity").cum_sum() < taken - NOTHING)
    return None if short.is_empty() else int(short["day"][0])


def _due(orders: pl.DataFrame, supply: Supply, site: str, day: int) -> pl.DataFrame:
    """The promises of a site that are due on a day."""
    wanted = (pl.col("due_on") - supply.today).dt.total_days().fill_null(0).clip(0, HORIZON_DAYS)
    rows = orders.filter((pl.col("site_id") == site) & (wanted == day))
    return rows.select(pl.col(name).cast(dtype) for name, dtype in BROKEN.items())
