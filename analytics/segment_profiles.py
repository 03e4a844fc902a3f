"""What each segment buys, on which channel it is heard, and what serving it costs.

The cost is counted from what happened in 365 days, at stated rates (see ``RATES``, in units of the reporting currency,
and ``DELAY_A_YEAR``): no ledger says what a ticket of one customer costs. ``docs/decisions/0049-contracts.md`` says
why.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from analytics.demand import Types, known_sum
from analytics.segments import SEGMENTS, YEAR_DAYS

RATES: Mapping[str, float] = {"shipment": 20.0, "ticket": 15.0, "visit": 60.0, "conversation": 5.0, "return": 25.0}
DELAY_A_YEAR = 0.06
HEARD = ("ticket", "conversation")
PROFILES: Types = {
    "segment": pl.String,
    "customers": pl.Int64,
    "margin": pl.Float64,
    "cost_to_serve": pl.Float64,
    "left_over": pl.Float64,
    "category": pl.String,
    "category_share": pl.Float64,
    "channel": pl.String,
    "channel_share": pl.Float64,
    "contracts": pl.Int64,
    "currency": pl.String,
}
SERVED: Types = {"customer_id": pl.String, "cost_to_serve": pl.Float64}


def profiles(
    customers: pl.DataFrame, served: pl.DataFrame, bought: pl.DataFrame, heard: pl.DataFrame, contracts: pl.DataFrame
) -> pl.DataFrame:
    """One row per segment that anybody is in, in the order of ``analytics.segments.SEGMENTS``: see ``PROFILES``.

    ``customers``: customer_id, segment, margin, currency. ``served``: of ``cost_to_serve``. ``bought``: customer_id,
    category, amount. ``heard``: customer_id, channel. ``contracts``: customer_id, one row each. left_over: margin less
    cost to serve, null where no margin is known. category and channel: those with the largest share, the first by name
    of equal ones; null where nothing is known.
    """
    whole = customers.join(served, on="customer_id", how="left", validate="1:1")
    steady = whole.with_columns(is_steady=pl.col("customer_id").is_in(contracts["customer_id"].implode()))
    found = steady.group_by("segment").agg(
        customers=pl.len(),
        margin=known_sum(pl.col("margin")),
        cost_to_serve=pl.col("cost_to_serve").fill_null(0.0).sum(),
        contracts=pl.col("is_steady").sum(),
        currency=pl.col("currency").first(),
    )
    of_segment = customers.select("customer_id", "segment")
    for rows, name, weight in ((bought, "category", pl.col("amount")), (heard, "channel", pl.lit(1.0))):
        most = _largest(rows.join(of_segment, on="customer_id", how="inner", validate="m:1"), name, weight)
        found = found.join(most, on="segment", how="left", validate="1:1")
    places = {name: at for at, name in enumerate(SEGMENTS)}
    told = found.with_columns(left_over=pl.col("margin") - pl.col("cost_to_serve"))
    ordered = told.sort(pl.col("segment").replace_strict(places, default=None, return_dtype=pl.Int64))
    return ordered.select(pl.col(name).cast(kind) for name, kind in PROFILES.items())


def _largest(rows: pl.DataFrame, name: str, weight: pl.Expr) -> pl.DataFrame:
    """By segment, what has the largest share of a weight, and the share."""
    known = rows.drop_nulls(name).with_columns(weight=weight)
    sums = known.group_by("segment", name).agg(pl.col("weight").sum()).filter(pl.col("weight") > 0)
    shared = sums.with_columns((pl.col("weight") / pl.col("weight").sum().over("segment")).alias(f"{name}_share"))
    first = shared.sort(-pl.col("weight"), name).unique("segment", keep="first", maintain_order=True)
    return first.drop("weight")


def cost_to_serve(events: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per customer that was served in the 365 days up to a day: see ``SERVED``.

    ``events``: customer_id, kind, status, channel and happened_at as in ``analytics.timeline``; due_on, and open_amount
    in one currency. What is overdue costs as long as it has been so.
    """
    day = pl.col("happened_at").dt.date()
    recent = events.filter(day.is_between(as_of - timedelta(days=YEAR_DAYS - 1), as_of))
    is_return = (pl.col("kind") == "feedback") & (pl.col("status") == "return_reason")
    is_visit = (pl.col("kind") == "conversation") & (pl.col("channel") == "visit")
    act = pl.when(is_return).then(pl.lit("return")).when(is_visit).then(pl.lit("visit")).otherwise("kind")
    rate = act.replace_strict(RATES, default=0.0, return_dtype=pl.Float64)
    days_late = (pl.lit(as_of) - pl.col("due_on")).dt.total_days().clip(lower_bound=0)
    owed = pl.when(pl.col("kind") == "invoice").then(pl.col("open_amount").cast(pl.Float64).clip(lower_bound=0))
    delay = (owed * days_late * DELAY_A_YEAR / YEAR_DAYS).fill_null(0.0)
    return recent.group_by("customer_id").agg(cost_to_serve=(rate + delay).sum())


__all__ = ["DELAY_A_YEAR", "HEARD", "PROFILES", "RATES", "SERVED", "cost_to_serve", "profiles"]
