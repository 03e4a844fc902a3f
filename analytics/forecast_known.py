"""What is known ahead of each group and step: prices, events, holidays. Frames in, arrays out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.forecast_groups import Groups
from analytics.forecast_series import POSITION, ROW, VALUE, NotForecastable, is_text, keyed
from analytics.projection import Days, Numbers

MOST_KINDS = 200
USUAL = 0.8
RARE = 0.5
AROUND = (-2, -1, 1, 2, 3)
LARGEST = 1e30

TOO_FINE = "it tells of {}, which is finer than what is forecast together"
TELLS_NOTHING = "no column of it tells the groups and steps of the forecast apart"


@dataclass(frozen=True)
class Feature:
    """Something known of each group (row) at each step (column): the last of the history, then those ahead.

    Missing is not a number. is_kind: the numbers stand for kinds and have no order.
    """

    name: str
    values: Numbers
    is_kind: bool


@dataclass(frozen=True)
class Known:
    """What is known ahead: the columns that tell something, and one sentence for each table that was left out."""

    features: list[Feature]
    unused: list[str]


def known_ahead(
    tables: Iterable[pl.DataFrame], groups: Groups, ahead: int, finer: frozenset[str] = frozenset()
) -> Known:
    """The columns of all tables that tell of groups: by day alone, or by attributes that tell groups apart.

    A table whose dates lie evenly some steps apart holds until its next date, as weekly prices do; any other holds on
    its dates alone. Of several rows of one step, numbers count with their mean and kinds with the first by name. What
    is rare, as events are, is also known on the days around. A column that only ever rises or falls names the day and
    teaches nothing; a column named for one value of an attribute, as snap_CA, belongs to its groups. Tables by what is
    ``finer`` than groups, as by series, are left out.
    """
    found: list[Feature] = []
    unused: list[str] = []
    for table in tables:
        columns = ", ".join(table.columns)
        if "date" not in table.columns:
            raise NotForecastable(f"A table of what is known in advance ({columns}) has no column date. Add it.")
        readable = keyed(table)
        too_fine = sorted(finer.intersection(readable.columns))
        mine = [] if too_fine else _of_table(readable, groups, ahead)
        found += mine
        if not mine:
            why = TOO_FINE.format(", ".join(too_fine)) if too_fine else TELLS_NOTHING
            unused.append(f"A table of what is known in advance ({columns}) was left out: {why}.")
    return Known(sorted(found, key=lambda feature: feature.name), unused)


def _of_table(table: pl.DataFrame, groups: Groups, ahead: int) -> list[Feature]:
    by = [name for name in groups.keys.columns if name in table.columns]
    told = _placed(table, groups, ahead)
    values = [name for name in told.columns if name not in {*by, POSITION} and _teaches(told, name)]
    held = _held(told[POSITION])
    spread = {name: _spread(told, name, by, groups, ahead, held) for name in values}
    known = {name: each for name, each in spread.items() if not np.isnan(each[0]).all()}
    return _around(_folded(known, groups.keys))


def _placed(table: pl.DataFrame, groups: Groups, ahead: int) -> pl.DataFrame:
    """The rows with a date within history and horizon: one for each step, of each group that the table tells of."""
    dated = table.filter(pl.col("date").is_not_null())
    placed = dated.with_columns(pl.Series(POSITION, groups.grid.positions(dated["date"]), dtype=pl.Int64))
    inside = placed.filter(pl.col(POSITION).is_between(-groups.steps, ahead)).drop("date").unique()
    by = [name for name in groups.keys.columns if name in table.columns]
    rows = inside.with_columns(pl.col(by).cast(pl.String)).sort(inside.columns)
    if not rows.select(*by, POSITION).is_duplicated().any():
        return rows
    summed_up = [
        pl.col(name).mean() if kind.is_numeric() else pl.col(name).max() if kind == pl.Boolean else pl.col(name).min()
        for name, kind in rows.schema.items()
        if name not in {*by, POSITION}
    ]
    return rows.group_by(*by, POSITION, maintain_order=True).agg(summed_up)


def _teaches(told: pl.DataFrame, name: str) -> bool:
    column, kind = told[name], told.schema[name]
    if column.drop_nulls().n_unique() < 2 and not column.null_count():
        return False
    if is_text(kind):
        return column.n_unique() <= MOST_KINDS
    if kind == pl.Boolean:
        return True
    return kind.is_numeric() and not _names_the_day(told, name)


def _names_the_day(told: pl.DataFrame, name: str) -> bool:
    number = pl.col(name).cast(pl.Float64)
    by_day = told.group_by(POSITION).agg(low=number.min(), high=number.max()).sort(POSITION).drop_nulls()
    if not by_day["low"].equals(by_day["high"].alias("low")):
        return False
    moves = by_day["low"].diff().drop_nulls()
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
    """One column by group and step, and whether it is of kinds; not a number where it is not finite."""
    is_kind = is_text(told.schema[name])
    column = pl.col(name).cast(pl.String).rank("dense") - 1 if is_kind else pl.col(name)
    rows = told.select(*by, POSITION, column.cast(pl.Float64).alias(VALUE))
    values = np.full((groups.many, groups.steps + ahead), np.nan)
    number = groups.keys.with_columns(pl.int_range(pl.len()).alias(ROW))
    placed = (
        rows.join(number, on=by, how="inner", validate="m:m", nulls_equal=True)
        if by
        else rows.join(number.select(ROW), how="cross")
    )
    at = placed[POSITION].to_numpy() + groups.steps - 1
    inside = at >= 0
    values[placed[ROW].to_numpy()[inside], at[inside]] = placed[VALUE].to_numpy()[inside]
    finite = np.where(np.isfinite(values), np.clip(values, -LARGEST, LARGEST), np.nan)
    return _filled(finite, held), is_kind


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
