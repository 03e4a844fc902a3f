"""The season of a company and region: two waves of the year through what all of its items are asked for.

Single items are asked for too seldom to tell a season. All together tell one, and where chance could explain it, the
less of it is believed.
"""

from datetime import date, timedelta

import numpy as np
import polars as pl

from analytics.projection import Numbers

YEAR_WEEKS, WAVES, SEASON_WEEKS, WEEKS_AHEAD = 52.1775, 2, 104, 13
LARGEST = 0.5
LEAST = 1e-3


def with_season(past: pl.DataFrame, opened: pl.DataFrame, categories: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """By week, past and to come, how much of a usual week it is: the open part of it (``opened``: week_on, opened),
    times what its season is to the mean of the year.

    past: see ``analytics.demand_history.weekly``, of one company and region; categories: product_id, category_id. As
    given where fewer than two years are known.
    """
    first = past["week_on"].min()
    many = (as_of - first).days // 7 + 1 if isinstance(first, date) else 0
    if many < SEASON_WEEKS:
        return opened
    ends = [as_of + timedelta(days=7 * (week - many + 1)) for week in range(many + WEEKS_AHEAD)]
    weeks = pl.DataFrame({"week_on": ends}).join(
        opened, on="week_on", how="left", validate="1:1", maintain_order="left"
    )
    share = weeks["opened"].fill_null(1.0).to_numpy()
    index = _index(past, categories, ends[:many]) / share[:many]
    return pl.DataFrame({"week_on": ends, "opened": share * np.exp(_season(index, many + WEEKS_AHEAD))})


def _index(past: pl.DataFrame, categories: pl.DataFrame, ends: list[date]) -> Numbers:
    """By week, how demand stands to its mean: of each category, weighed by how often its items were asked for."""
    grouped = past.join(categories, on="product_id", how="left", validate="m:1")
    sums = grouped.group_by("category_id", "week_on").agg(pl.col("counted").sum())
    weights = grouped.group_by("category_id").agg(often=pl.len())
    share = pl.col("counted") / (pl.col("counted").sum().over("category_id") / len(ends))
    told = sums.with_columns(share=share).join(weights, on="category_id", how="left", validate="m:1", nulls_equal=True)
    by_week = told.group_by("week_on").agg(index=(pl.col("share") * pl.col("often")).sum() / weights["often"].sum())
    weeks = pl.DataFrame({"week_on": ends}).join(
        by_week, on="week_on", how="left", validate="1:1", maintain_order="left"
    )
    return weeks["index"].fill_null(0.0).to_numpy()


def _season(index: Numbers, many: int) -> Numbers:
    """The logarithm of what each week's season is to the mean, so far as it is beyond what chance would show."""
    weeks = np.arange(many)
    angles = [2 * np.pi * wave * weeks / YEAR_WEEKS for wave in range(1, WAVES + 1)]
    waves = np.array([turn(angle) for angle in angles for turn in (np.sin, np.cos)]).T
    known = np.flatnonzero(index > LEAST)
    if known.size < SEASON_WEEKS:
        return np.zeros(many)
    past = np.log(index[known])
    years = known / YEAR_WEEKS
    design = np.column_stack([np.ones(known.size), years, years**2, waves[known]])
    found, *_ = np.linalg.lstsq(design, past, rcond=None)
    noise = float(np.var(past - design @ found) * known.size / (known.size - design.shape[1]))
    season = waves @ found[-waves.shape[1] :]
    by_chance = noise * waves.shape[1] / known.size
    believed = max(0.0, 1.0 - by_chance / max(float(np.var(season)), LEAST**2))
    return np.clip(believed * season, -LARGEST, LARGEST)
