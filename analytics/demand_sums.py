"""Forecasts of many items summed up: means add up, and how sure a sum is follows from its parts.

Part of what items miss is their own chance, which evens out in a sum; part is common to a category, or to a company
and region, and does not. How large the common parts are is learnt from hindcasts (``analytics.demand_record``). What
several companies and regions miss in common is taken to be the same: sums over them are told less sure, never surer.

Groups are summed in the order of the rows: the last digits are then the same every time.
"""

import numpy as np
import polars as pl

from analytics.demand import Types
from analytics.projection import Numbers

PART = ("company_id", "region")
COMMON: Types = {
    "company_id": pl.String,
    "region": pl.String,
    "weeks": pl.Int64,
    "of_category": pl.Float64,
    "of_part": pl.Float64,
}
LEAST = 1e-12
SHARE_LIMIT = 0.25
USUALLY_MISSED = 0.08


def summed(rows: pl.DataFrame, by: tuple[str, ...], common: pl.DataFrame, shapes: pl.DataFrame) -> pl.DataFrame:
    """One row per group: the columns of ``by``, mean, variance, and quantiles by the names of ``shapes``.

    rows: mean and variance of items at sites, weighed already, with company_id, region, category_id and weeks (over how
    many weeks each is). common: see ``COMMON``. shapes: see ``analytics.demand_forecast.shapes``. A group of one item
    at one site has its own variance.
    """
    missed = _missed_in_common(rows, by, common)
    sums = rows.group_by(by, maintain_order=True).agg(pl.col("mean").sum(), pl.col("variance").sum(), parts=pl.len())
    joined = sums.join(missed, on=by, how="left", validate="1:1", nulls_equal=True, maintain_order="left")
    together = pl.when(pl.col("parts") > 1).then(pl.col("common").fill_null(0.0)).otherwise(0.0)
    whole = joined.with_columns(variance=pl.col("variance") + together).drop("parts", "common")
    return with_quantiles(whole.sort(by, nulls_last=True), shapes)


def _missed_in_common(rows: pl.DataFrame, by: tuple[str, ...], common: pl.DataFrame) -> pl.DataFrame:
    """By group, the variance that its items share: common."""
    keys = tuple(dict.fromkeys((*by, *PART, "weeks")))
    by_category = tuple(dict.fromkeys((*keys, "category_id")))
    categories = rows.group_by(by_category, maintain_order=True).agg(pl.col("mean").sum())
    squares = (pl.col("mean") ** 2).sum().alias("squares")
    parts = categories.group_by(keys, maintain_order=True).agg(squares, pl.col("mean").sum())
    of_part = (*PART, "weeks")
    known = parts.join(common, on=of_part, how="left", validate="m:1", nulls_equal=True, maintain_order="left")
    own = pl.col("of_category").fill_null(0.0) * pl.col("squares")
    shared = pl.col("of_part").fill_null(0.0).sqrt() * pl.col("mean")
    return known.group_by(by, maintain_order=True).agg(common=own.sum() + shared.sum() ** 2)


def with_quantiles(sums: pl.DataFrame, shapes: pl.DataFrame) -> pl.DataFrame:
    """The sums with their quantiles, those of a gamma distribution; all zero where nothing is expected."""
    mean, variance = (sums[name].cast(pl.Float64).to_numpy() for name in ("mean", "variance"))
    shape = np.log(np.maximum(mean, LEAST) ** 2 / np.maximum(variance, LEAST**2))
    at = shapes["log_shape"].to_numpy()
    names = [name for name in shapes.columns if name.startswith("q")]
    found: dict[str, Numbers] = {name: np.interp(shape, at, shapes[name].to_numpy()) * mean for name in names}
    return sums.with_columns(pl.Series(name, np.where(mean > 0, each, 0.0)) for name, each in found.items())


def missed_in_common(foretold: pl.DataFrame) -> pl.DataFrame:
    """How much items miss in common, as a variance in ratio to the squared mean: see ``COMMON``. ``foretold``: see
    ``analytics.demand_record.FORETOLD``.

    What categories missed beyond their items' own chance is of_category; what a company and region missed beyond that,
    of_part. Neither is below zero. Few hindcasts teach little: beside them stands one in which 8 % was missed.
    """
    keys = (*PART, "weeks")
    mean, variance = pl.col("mean"), pl.col("variance")
    excess = ((pl.col("came") - mean) ** 2 - variance).sum() / (mean**2).sum()
    categories = foretold.group_by(keys, maintain_order=True).agg(of_category=excess.clip(0.0, SHARE_LIMIT))
    wholes = foretold.group_by(*keys, "origin_on", "week_on", maintain_order=True).agg(
        pl.col("mean", "variance", "came").sum(), squares=(mean**2).sum()
    )
    known = wholes.join(categories, on=keys, how="left", validate="m:1", nulls_equal=True, maintain_order="left")
    explained = variance + pl.col("of_category") * pl.col("squares")
    imagined = (mean**2).sum() / pl.col("origin_on").n_unique()
    rest = ((pl.col("came") - mean) ** 2 - explained).sum().clip(lower_bound=0.0) + USUALLY_MISSED**2 * imagined
    part = (rest / ((mean**2).sum() + imagined)).clip(0.0, SHARE_LIMIT)
    found = known.group_by(keys, maintain_order=True).agg(pl.col("of_category").first(), of_part=part)
    return found.select(pl.col(name).cast(dtype) for name, dtype in COMMON.items()).sort(keys, nulls_last=True)
