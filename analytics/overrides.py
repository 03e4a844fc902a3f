"""Figures that people put beside a forecast, and whether they were nearer to what came: forecast value added.

A figure is of one item, at places that were named when it was given, over the days that followed the last known one. It
is kept with what was told then, so that neither it nor the forecast can be mended afterwards. Quantities are in the
item's base unit.
"""

from datetime import timedelta

import polars as pl

from analytics.demand import Types

PLACE = ("site_id", "company_id", "region")
SLIP = timedelta(hours=24)
STATES = ("stands", "replaced", "withdrawn", "ended")
GIVEN: Types = {
    "number": pl.Int64,
    "person": pl.String,
    "product_id": pl.String,
    "places": pl.String,
    "days": pl.Int64,
    "from_on": pl.Date,
    "told": pl.Float64,
    "figure": pl.Float64,
    "given_at": pl.Datetime("us", "UTC"),
    "withdrawn_at": pl.Datetime("us", "UTC"),
}
ASKED_AT: Types = {"number": pl.Int64, "product_id": pl.String, **dict.fromkeys(PLACE, pl.String)}
ADDED: Types = {
    "figures": pl.Int64,
    "nearer": pl.Int64,
    "missed": pl.Float64,
    "missed_by_forecast": pl.Float64,
    "added": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}
SURE = 1.959964
FEWEST = 5


def until(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with until_on: the last day that a figure is about."""
    return rows.with_columns(until_on=pl.col("from_on") + pl.duration(days=pl.col("days") - 1))


def with_what_came(figures: pl.DataFrame, places: pl.DataFrame, daily: pl.DataFrame, last: pl.Expr) -> pl.DataFrame:
    """The figures (``GIVEN``) with until_on, came, state and is_scored, in their order.

    places: one row per figure and place that it is about (``ASKED_AT``). daily: demand by product, place and day_on.
    ``last``: the last day that is known. came: what was asked for there on its days, null until the last of them is
    known. state: stands, until its days are over or a later figure of the same item, places and days replaces it;
    withdrawn; ended. is_scored: its days are over, and it was not taken back within a day of being given: who takes it
    back later, once it may be seen to be wrong, is scored all the same.
    """
    dated = until(figures)
    over = dated.filter(pl.col("until_on") <= last)
    spans = over.select("number", "from_on", "until_on")
    wanted = places.join(spans, on="number", how="inner", validate="m:1")
    keys = ("product_id", *PLACE)
    asked = wanted.join(daily.select(*keys, "day_on", "quantity"), on=keys, how="inner", nulls_equal=True)
    within = asked.filter(pl.col("day_on").is_between("from_on", "until_on"))
    sums = within.group_by("number").agg(came=pl.col("quantity").sum().cast(pl.Float64).clip(lower_bound=0.0))
    known = dated.join(sums, on="number", how="left", validate="1:1", maintain_order="left")
    is_over, is_withdrawn = pl.col("until_on") <= last, pl.col("withdrawn_at").is_not_null()
    same = ("product_id", "places", "days")
    is_replaced = pl.col("number") < pl.col("number").filter(~is_withdrawn).max().over(same)
    was_a_slip = is_withdrawn & (pl.col("withdrawn_at") - pl.col("given_at") <= SLIP)
    state = (
        pl.when(is_withdrawn)
        .then(pl.lit("withdrawn"))
        .when(is_over)
        .then(pl.lit("ended"))
        .when(is_replaced)
        .then(pl.lit("replaced"))
        .otherwise(pl.lit("stands"))
    )
    return known.with_columns(
        came=pl.when(is_over).then(pl.col("came").fill_null(0.0)),
        state=state,
        is_scored=is_over & ~was_a_slip.fill_null(value=False),
    )


def value_added(figures: pl.DataFrame, by: str) -> pl.DataFrame:
    """One row per ``by`` (person or product_id): whether its figures were nearer to what came than the forecast was.

    figures: see ``with_what_came``, with price, what a unit counts. nearer: figures that were. missed and
    missed_by_forecast: absolute errors in ratio to what came, null where nothing came; added: by how much less was
    missed, in ratio to what came; low and high: between which that lies with 95 %, null below five figures.
    """
    price = pl.col("price")
    off, told_off = ((pl.col(name) - pl.col("came")).abs() * price for name in ("figure", "told"))
    scored = figures.filter("is_scored").with_columns(off=off, told_off=told_off, worth=pl.col("came") * price)
    came, gain = pl.col("worth").sum(), pl.col("told_off") - pl.col("off")
    spread = SURE * gain.std() * pl.len().sqrt()
    sure = pl.when(pl.len() >= FEWEST).then(spread)
    sums = scored.group_by(by).agg(
        figures=pl.len().cast(pl.Int64),
        nearer=(gain > 0).sum().cast(pl.Int64),
        missed=pl.col("off").sum() / came,
        missed_by_forecast=pl.col("told_off").sum() / came,
        added=gain.sum() / came,
        low=(gain.sum() - sure) / came,
        high=(gain.sum() + sure) / came,
    )
    finite = [
        pl.when(pl.col(name).is_finite()).then(name).alias(name)
        for name in ("missed", "missed_by_forecast", "added", "low", "high")
    ]
    return sums.with_columns(finite).select(by, *ADDED).sort(-pl.col("figures"), by, nulls_last=True)
