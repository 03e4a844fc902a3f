"""What is known ahead of each group and step: prices, events, holidays. Frames in, arrays out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.forecast_groups import Groups
from analytics.forecast_series import NotForecastable
from analytics.projection import Days, Numbers

MOST_KINDS = 200
USUAL = 0.8
RARE = 0.5
AROUND = (-2, -1, 1, 2, 3)


@dataclass(frozen=True)
class Feature:
    """Something known of each group (row) at each step (column): the last of the history, then those ahead.

    Missing is not a number. is_kind: the numbers stand for kinds and have no order.
    """

    name: str
    values: Numbers
    is_kind: bool


def features(
    known: Iterable[pl.DataFrame], groups: Groups, ahead: int, finer: frozenset[str] = frozenset()
) -> list[Feature]:
    """The columns of all tables that tell of groups: by day alone, or by attributes that tell groups apart.

    A table whose dates lie evenly some steps apart holds until its next date, as weekly prices do; any other holds on
    its dates alone. What is rare, as events are, is also known on the days around. A column that only ever rises or
    falls names the day and teaches nothing; a column named for one value of an attribute, as snap_CA, belongs to its
    groups. Tables by what is ``finer`` than groups, as by series, are left out.
    """
    found: list[Feature] = []
    for table in known:
        if "date" not in table.columns:
            raise NotForecastable(
                f"A table of what is known in advance ({', '.join(table.columns)}) has no column date. Add it."
            )
        if not finer.intersection(table.columns):
            found += _of_table(table, groups, ahead)
    return sorted(found, key=lambda feature: feature.name)


def _of_table(table: pl.DataFrame, groups: Groups, ahead: int) -> list[Feature]:
    by = [name for name in groups.keys.columns if name in table.columns]
    told = _placed(table, groups, ahead)
    values = [name for name in told.columns if name not in {*by, "position", "date"} and _teaches(told, name)]
    if by and told.select(*by, "position").is_duplicated().any():
        return []
    if not by and told["position"].is_duplicated().any():
        return []
    held = _held(told["position"])
    spread = {name: _spread(told, name, by, groups, ahead, held) for name in values}
    return _around(_folded(spread, groups.keys))


def _placed(table: pl.DataFrame, groups: Groups, ahead: int) -> pl.DataFrame:
    """The rows with a date within history and horizon, each once."""
    dated = table.filter(pl.col("date").is_not_null())
    placed = dated.with_columns(position=pl.Series(groups.grid.positions(dated["date"]), dtype=pl.Int64))
    inside = placed.filter(pl.col("position").is_between(-groups.steps, ahead)).drop("date").unique()
    keys = [name for name in groups.keys.columns if name in table.columns]
    return inside.with_columns(pl.col(keys).cast(pl.String)).sort(inside.columns)


def _teaches(told: pl.DataFrame, name: str) -> bool:
    column, kind = told[name], told.schema[name]
    if column.drop_nulls().n_unique() < 2 and not column.null_count():
        return False
    if kind in {pl.String, pl.Categorical, pl.Enum}:
        return column.n_unique() <= MOST_KINDS
    if kind == pl.Boolean:
        return True
    return kind.is_numeric() and not _names_the_day(told, name)


def _names_the_day(told: pl.DataFrame, name: str) -> bool:
    by_day = told.group_by("position").agg(pl.col(name).min(), high=pl.col(name).max()).sort("position").drop_nulls()
    if not by_day[name].equals(by_day["high"].alias(name)):
        return False
    moves = by_day[name].cast(pl.Float64).diff().drop_nulls()
    return bool((moves >= 0).all() or (moves <= 0).all())


def _held(positions: pl.Series) -> int:
    """For how many steps a row holds: until the next date, where dates lie evenly apart."""
    gaps = positions.unique().sort().diff().drop_nulls()
    if gaps.len() < 2:
        return 1
    usual = int(gaps.mode().sort()[0])
    return usual if (gaps == usual).sum() >= USUAL * gaps.len() else 1


def _spread(
    told: pl.DataFrame, name: str, by: Sequence[str], groups: Groups, ahead: int, held: int
) -> tuple[Numbers, bool]:
    """One column by group and step, and whether it is of kinds."""
    is_kind = told.schema[name] in {pl.String, pl.Categorical, pl.Enum}
    column = pl.col(name).cast(pl.String).rank("dense") - 1 if is_kind else pl.col(name)
    rows = told.select(*by, "position", value=column.cast(pl.Float64))
    values = np.full((groups.many, groups.steps + ahead), np.nan)
    number = groups.keys.with_columns(row=pl.int_range(pl.len()))
    placed = (
        rows.join(number, on=by, how="inner", validate="m:m", nulls_equal=True)
        if by
        else rows.join(number.select("row"), how="cross")
    )
    at = placed["position"].to_numpy() + groups.steps - 1
    inside = at >= 0
    values[placed["row"].to_numpy()[inside], at[inside]] = placed["value"].to_numpy()[inside]
    return _filled(values, held), is_kind


def _filled(values: Numbers, held: int) -> Numbers:
    for _ in range(held - 1):
        before = np.hstack([np.full((values.shape[0], 1), np.nan), values[:, :-1]])
        values = np.where(np.isnan(values), before, values)
    return values


def _folded(spread: dict[str, tuple[Numbers, bool]], keys: pl.DataFrame) -> list[Feature]:
    """Columns named for one value of an attribute, as snap_CA is for groups of state CA, become one column snap."""
    found: list[Feature] = []
    folds: dict[str, Numbers] = {}
    for name, (values, is_kind) in spread.items():
        stem, _, ending = name.rpartition("_")
        mine = _named(keys, ending)
        if stem and mine.any():
            folded = folds.setdefault(stem, np.full_like(values, np.nan))
            folded[mine] = values[mine]
        else:
            found.append(Feature(name, values, is_kind))
    return found + [Feature(name, values, False) for name, values in folds.items()]


def _named(keys: pl.DataFrame, value: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    mine = np.zeros(keys.height, dtype=np.bool_)
    for name in keys.columns:
        mine |= (keys[name] == value).fill_null(value=False).to_numpy()
    return mine


def _around(found: list[Feature]) -> list[Feature]:
    """Beside what is rare, the same on the days before and after."""
    more = [
        Feature(f"{feature.name} {days:+d}", moved(feature.values, days), feature.is_kind)
        for feature in found
        if feature.is_kind and np.isnan(feature.values).mean() > RARE
        for days in AROUND
    ]
    return found + more


def moved(values: Numbers, steps: int) -> Numbers:
    """What will be so many steps later, or was, where that is below zero."""
    empty = np.full((values.shape[0], abs(steps)), np.nan)
    return np.hstack([values[:, steps:], empty]) if steps > 0 else np.hstack([empty, values[:, :steps]])


def kinds(keys: pl.DataFrame) -> Days:
    """The attributes of groups as numbers that stand for kinds: one row per group, one column per attribute."""
    if not keys.columns:
        return np.zeros((keys.height, 0), dtype=np.int64)
    ranked = keys.select(pl.all().fill_null("").rank("dense").cast(pl.Int64) - 1)
    return ranked.to_numpy()
