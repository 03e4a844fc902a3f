"""Chances beside what came: is 90 % said of what comes nine times of ten?"""

from itertools import pairwise

import polars as pl

from analytics.demand import Types

EDGES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
Z = 1.959964
BINS: Types = {
    "low": pl.Float64,
    "high": pl.Float64,
    "cases": pl.Int64,
    "said": pl.Float64,
    "came": pl.Float64,
    "came_low": pl.Float64,
    "came_high": pl.Float64,
}
SKILLS: Types = {
    "days": pl.Int64,
    "cases": pl.Int64,
    "asked": pl.Int64,
    "said": pl.Float64,
    "came": pl.Float64,
    "brier": pl.Float64,
    "skill": pl.Float64,
    "off": pl.Float64,
}


def _bin(edges: tuple[float, ...] = EDGES) -> pl.Expr:
    """The number of the class that a chance lies in; an edge belongs to the class above, 1 to the last."""
    return pl.sum_horizontal(pl.col("chance") >= edge for edge in edges[1:-1])


def bins(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per class of chances that has cases: its edges, cases, the mean chance that was said, the share that
    came, and between which shares 95 % would lie by chance if that share were true (Wilson). ``rows``: chance, came."""
    sums = rows.group_by(at=_bin()).agg(
        cases=pl.len(), said=pl.col("chance").mean(), came=pl.col("came").cast(pl.Float64).mean()
    )
    edges = pl.DataFrame(list(pairwise(EDGES)), schema=["low", "high"], orient="row").with_row_index("at")
    named = sums.with_columns(pl.col("at").cast(pl.UInt32)).join(edges, on="at", how="left", validate="1:1")
    cases, came = pl.col("cases"), pl.col("came")
    middle = (came + Z**2 / (2 * cases)) / (1 + Z**2 / cases)
    room = Z * (came * (1 - came) / cases + Z**2 / (4 * cases**2)).sqrt() / (1 + Z**2 / cases)
    told = named.with_columns(
        came_low=(middle - room).clip(lower_bound=0.0), came_high=(middle + room).clip(upper_bound=1.0)
    )
    return told.sort("at").select(pl.col(name).cast(dtype) for name, dtype in BINS.items())


def skills(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per number of days: cases, asked (on how many past days), the mean chance said, the share that came,
    brier (mean squared error), skill (by what share that is smaller than when the share that came were said of all;
    null where all or none came), off (mean distance of said from came over the classes, weighed by their cases).

    ``rows``: days, as_of_on, chance, came.
    """
    came = pl.col("came").cast(pl.Float64)
    sums = rows.group_by("days").agg(
        cases=pl.len(),
        asked=pl.col("as_of_on").n_unique(),
        said=pl.col("chance").mean(),
        came=came.mean(),
        brier=((pl.col("chance") - came) ** 2).mean(),
    )
    classes = rows.group_by("days", at=_bin()).agg(
        distance=(pl.col("chance").mean() - came.mean()).abs(), weight=pl.len()
    )
    off = classes.group_by("days").agg(off=(pl.col("distance") * pl.col("weight")).sum() / pl.col("weight").sum())
    base = pl.col("came") * (1 - pl.col("came"))
    skill = pl.when(base > 0).then(1 - pl.col("brier") / base)
    told = sums.join(off, on="days", how="inner", validate="1:1").with_columns(skill=skill)
    return told.sort("days").select(pl.col(name).cast(dtype) for name, dtype in SKILLS.items())
