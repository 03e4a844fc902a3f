"""Whether stock ran out as often as was said: chances of past days beside what came.

A chance comes true where more was asked for than there was: stock of that day, and what was on order then on the day
on which it really came, less open orders on their days and what was ordered after. What somebody ordered later, as a
good planner does, changes nothing: the chance says what happens if nobody does.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from analytics import first_passage
from analytics.apart import Made, by_region
from analytics.demand import Tables, Types, living
from analytics.lateness import PURCHASE, WORK_ORDER
from analytics.projection import NOTHING, Numbers, spread
from analytics.rewinding import as_then
from analytics.stock_outs import Demands, Outlook, ahead_of, demands, outlook
from analytics.usual_demand import AT

WITHIN = (7, 14, 28)
LONGEST = WITHIN[-1]
MANY, APART = 8, 14
OUT_TODAY = 0.999
CHANCES: Types = {
    "product_id": pl.String,
    "site_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "as_of_on": pl.Date,
    "days": pl.Int64,
    "chance": pl.Float64,
    "came": pl.Boolean,
}
CAME = "came"
SAID = tuple(name for name in CHANCES if name != CAME)


@dataclass(frozen=True)
class Later:
    """What really happened: what was asked of sites, and what came of orders: number, kind, product_id, day_on,
    quantity, row."""

    asked: pl.DataFrame
    came: pl.DataFrame


def later(tables: Tables) -> Later:
    """What the tables tell now of all days."""
    bought, made = _bought(tables), _made(tables)
    came = pl.concat([bought.with_columns(kind=pl.lit(PURCHASE)), made.with_columns(kind=pl.lit(WORK_ORDER))])
    return Later(demands(tables).drawn.select(*AT, "day_on", "quantity"), came.with_row_index("row"))


def days_asked(as_of: date, first_on: date | None) -> list[date]:
    """The past days that are asked: every second week, of which all has come by ``as_of``; none before a half year of
    counted stock."""
    latest = as_of - timedelta(days=LONGEST)
    found = [latest - timedelta(days=APART * number) for number in range(MANY)]
    return [each for each in reversed(found) if first_on is not None and each - first_on >= timedelta(days=182)]


def chances(tables: Tables, known_later: Later, on: date) -> pl.DataFrame:
    """One row per item, site, company, and number of days (7, 14, 28), of what had stock at the end of a past day: see
    ``CHANCES``. Each company and region is judged by itself, from what was known then. known_later: see ``later``."""
    then = as_then(tables, on)

    def made(rows: Tables, region: str, asked: Demands) -> Made:
        known = outlook(rows, region, asked)
        is_known = known is not None and known.items.height > 0
        return {CAME: _judged(known, known_later, on) if known and is_known else pl.DataFrame(schema=CHANCES)}

    return by_region(made, demands)(then)[CAME].sort(*AT, "days")


def said(risks: pl.DataFrame) -> pl.DataFrame:
    """What is said today, to be compared with what comes: the columns of ``CHANCES`` without came. ``risks``: see
    ``analytics.stock_outs.RISKS``; what has no stock today is left out."""
    told = risks.filter(pl.col("p_by_day").list.first() < OUT_TODAY)
    parts = [
        told.with_columns(days=pl.lit(days, dtype=pl.Int64), chance=pl.col(f"p_{days}")).select(SAID) for days in WITHIN
    ]
    return pl.concat(parts).sort(*AT, "days")


def _judged(known: Outlook, real: Later, on: date) -> pl.DataFrame:
    course = ahead_of(known, LONGEST)
    told = first_passage.outcome(course).out
    room = course.stock[:, None] + _arrived(known, real) - course.certain - _asked(known, real)
    out = np.logical_or.accumulate(room < -NOTHING, axis=1)
    has = np.flatnonzero((told[:, 0] < OUT_TODAY) & ~out[:, 0])
    places = known.items.select("product_id", "site_id", "company_id", "region")[has]
    parts = [
        places.with_columns(
            as_of_on=pl.lit(on),
            days=pl.lit(days, dtype=pl.Int64),
            chance=pl.Series(told[has, days]),
            came=pl.Series(out[has, days]),
        )
        for days in WITHIN
    ]
    return pl.concat(parts).select(pl.col(name).cast(dtype) for name, dtype in CHANCES.items())


def _asked(known: Outlook, real: Later) -> Numbers:
    """By item and day, what was asked for after the day and by then."""
    return _running(known, real.asked.filter(_within(known)))


def _within(known: Outlook) -> pl.Expr:
    return pl.col("day_on").is_between(known.as_of, known.as_of + timedelta(days=LONGEST), closed="right")


def _arrived(known: Outlook, real: Later) -> Numbers:
    """By item and day, what of the open receipts had really come by then; what came for several sites of an order
    counts at each with its part."""
    order = ("kind", "number", "product_id")
    open_then = known.receipts.select(*order, "site_id", "company_id").unique()
    placed = real.came.filter(_within(known)).join(open_then, on=order, how="inner")
    shared = placed.with_columns(quantity=pl.col("quantity") / pl.len().over("row"))
    return _running(known, shared.select(*AT, "day_on", "quantity"))


def _running(known: Outlook, rows: pl.DataFrame) -> Numbers:
    numbered = known.items.select(*AT, "item")
    day = (pl.col("day_on") - pl.lit(known.as_of)).dt.total_days()
    placed = rows.join(numbered, on=AT, how="inner", validate="m:1")
    daily = spread(
        placed.select("item", day=day, quantity=pl.col("quantity").cast(pl.Float64)), numbered.height, LONGEST + 1
    )
    return np.cumsum(daily, axis=1)


def _bought(tables: Tables) -> pl.DataFrame:
    orders = living(tables["purchase_orders"]).select("purchase_order_id", "number")
    lines = living(tables["purchase_order_lines"]).select("purchase_order_line_id", "purchase_order_id")
    came = (
        living(tables["receipts"])
        .drop_nulls("received_at")
        .select("receipt_id", day_on=pl.col("received_at").dt.date())
    )
    parts = living(tables["receipt_lines"]).select(
        "receipt_id", "purchase_order_line_id", "product_id", quantity=pl.col("received_quantity").cast(pl.Float64)
    )
    dated = parts.join(came, on="receipt_id", how="inner", validate="m:1").join(
        lines, on="purchase_order_line_id", how="inner", validate="m:1"
    )
    named = dated.join(orders, on="purchase_order_id", how="inner", validate="m:1")
    return named.select("number", "product_id", "day_on", "quantity")


def _made(tables: Tables) -> pl.DataFrame:
    done = living(tables["work_orders"]).drop_nulls("finished_at").filter(pl.col("status") == "done")
    return done.select(
        "number",
        "product_id",
        day_on=pl.col("finished_at").dt.date(),
        quantity=pl.col("produced_quantity").cast(pl.Float64),
    )
