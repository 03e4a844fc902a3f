"""How unusual a count is: against the same group's own past, and against what the others did meanwhile.

A group that sells less in August is not leaving when all others sell less too; one that always sells less in August is
not leaving either. So a count is held against two pasts, the year before it and the same weeks a year earlier, each
scaled by what the others did. It is unusual only if it is so against the year, and not usual for the season.
"""

import math
from collections.abc import Sequence
from statistics import NormalDist

import polars as pl

YEAR = 52
FALSE_ALARMS = 0.01
SEASONAL = 1.645
ENOUGH_OTHERS = 100
BLOCK = 4


def bound(tests: int) -> float:
    """How far out a score has to be so that, of so many groups in which nothing happened, one is that far out by chance
    in one look of a hundred at most."""
    return NormalDist().inv_cdf(1 - FALSE_ALARMS / max(tests, 1))


def score(now: pl.Expr, before: pl.Expr, ratio: pl.Expr) -> pl.Expr:
    """How far ``now`` is from what ``before`` times ``ratio`` lets expect, in standard deviations, with its sign.

    The signed root of the binomial deviance, with half a count of continuity: both counts are uncertain. Null where
    nothing was counted or nothing can be expected.
    """
    whole, share = now + before, ratio / (1 + ratio)
    expected = whole * share
    off = now - expected
    nearer = now - off.clip(-0.5, 0.5)
    deviance = 2 * (_part(nearer, expected) + _part(whole - nearer, whole - expected))
    can_tell = (whole > 0) & (share > 0) & (share < 1)
    return pl.when(can_tell).then(off.sign() * deviance.clip(lower_bound=0).sqrt())


def _part(seen: pl.Expr, expected: pl.Expr) -> pl.Expr:
    return pl.when(seen > 0).then(seen * (seen / expected).log()).otherwise(0.0)


def windows(counts: pl.DataFrame, by: Sequence[str], weeks: int) -> pl.DataFrame:
    """One row per group: now (its count in the last so many weeks), base (in the year before these) and season (in the
    same weeks a year earlier), zero where there was nothing.

    ``counts``: the columns of ``by``, weeks_ago and count.
    """
    week, count = pl.col("weeks_ago"), pl.col("count").cast(pl.Float64)
    spans = {
        "now": week < weeks,
        "base": week.is_between(weeks, weeks + YEAR - 1),
        "season": week.is_between(YEAR, YEAR + weeks - 1),
    }
    parts = {name: pl.when(inside).then(count).otherwise(0.0) for name, inside in spans.items()}
    return counts.select(*by, **parts).group_by(by).agg(pl.col(*spans).sum()).sort(by, nulls_last=True)


def observed_weeks(counts: pl.DataFrame) -> int:
    """How many weeks back anything was counted."""
    oldest = counts.get_column("weeks_ago").max()
    return oldest + 1 if isinstance(oldest, int) else 0


def against_others(counts: pl.DataFrame, by: Sequence[str], market: Sequence[str], weeks: int) -> pl.DataFrame:
    """One row per group: now, base, season, usual, usual_then, score, score_then.

    usual: what the year before lets expect of the group, by what the others of its ``market`` did meanwhile; usual_then
    the same from the season a year earlier, null where that is not known. Where the others are too few to tell (below
    100), time alone scales. Scores are corrected for how uneven the counts of the year were.
    """
    seen = observed_weeks(counts)
    known = windows(counts, by, weeks)
    others = known.with_columns(
        (pl.col(name).sum().over(market or pl.lit(1)) - pl.col(name)).alias(f"{name}_others")
        for name in ("now", "base", "season")
    )
    base_weeks = min(YEAR, seen - weeks)
    if base_weeks < weeks:
        return _unjudged(known)
    ratio = _ratio("base", weeks / base_weeks)
    then = _ratio("season", 1.0) if seen >= YEAR + weeks else pl.lit(None, dtype=pl.Float64)
    spread = math.sqrt(unevenness(counts, by, market, weeks))
    rated = others.with_columns(ratio=ratio, ratio_then=then)
    return rated.select(
        *by,
        *("now", "base", "season"),
        usual=pl.col("base") * pl.col("ratio"),
        usual_then=pl.col("season") * pl.col("ratio_then"),
        score=score(pl.col("now"), pl.col("base"), pl.col("ratio")) / spread,
        score_then=score(pl.col("now"), pl.col("season"), pl.col("ratio_then")) / spread,
    )


def _ratio(past: str, by_time: float) -> pl.Expr:
    is_enough = (pl.col(f"{past}_others") >= ENOUGH_OTHERS) & (pl.col("now_others") > 0)
    return pl.when(is_enough).then(pl.col("now_others") / pl.col(f"{past}_others")).otherwise(by_time)


def _unjudged(known: pl.DataFrame) -> pl.DataFrame:
    names = ("usual", "usual_then", "score", "score_then")
    return known.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in names)


def unevenness(counts: pl.DataFrame, by: Sequence[str], market: Sequence[str], weeks: int) -> float:
    """How much more uneven the counts of the year before were than chance makes them: 1 for pure chance, never less.

    Pearson's statistic over its degrees of freedom, of groups by blocks of four weeks, over groups with a count in each
    block on average.
    """
    block = (pl.col("weeks_ago") - weeks) // BLOCK
    past = counts.with_columns(block=block).filter(pl.col("block").is_between(0, YEAR // BLOCK - 1))
    cells = past.group_by(*by, *(name for name in market if name not in by), "block").agg(
        count=pl.col("count").sum().cast(pl.Float64)
    )
    busy = cells.with_columns(of_group=pl.col("count").sum().over(by)).filter(pl.col("of_group") >= YEAR // BLOCK)
    if busy.is_empty():
        return 1.0
    of_block = pl.col("count").sum().over(*market, "block")
    everything = pl.col("count").sum().over(market or pl.lit(1))
    expected = pl.col("of_group") * of_block / everything
    told = busy.select(
        pearson=(pl.col("count") ** 2 / expected).sum() - pl.col("count").sum(),
        groups=pl.struct(by).n_unique(),
        markets=pl.struct(market).n_unique() if market else pl.lit(1),
        blocks=pl.col("block").n_unique(),
    ).row(0, named=True)
    freedom = (told["groups"] - told["markets"]) * (told["blocks"] - 1)
    return max(1.0, told["pearson"] / freedom) if freedom > 0 else 1.0
