"""Series that belong together, and their sums, which have a longer history where one was given."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.forecast_series import POSITION, ROW, Grid, NotForecastable, Series, checked, keyed, summed
from analytics.projection import Days, Numbers

MOST_GROUPS = 100
LEAST_SERIES_PER_GROUP = 5
MOST_GROUP_STEPS = 2_200
ALIKE = 1e-6

NOT_THEIRS = "The group history tells of no group and step that the history tells of too: it was left out."


@dataclass(frozen=True)
class Groups:
    """Groups of series. ``demand`` has one row per group and one column per step, the last one last.

    keys: one row per group, the attributes that tell it from the others; no column where there is one group only.
    members: for each series, which group it is in. begins: the first column with demand. unused: why a group history
    does not count, in a sentence.
    """

    grid: Grid
    keys: pl.DataFrame
    members: Days
    demand: Numbers
    begins: Days
    unused: tuple[str, ...] = ()

    @property
    def steps(self) -> int:
        """How many steps of history there are."""
        return self.demand.shape[1]

    @property
    def many(self) -> int:
        """How many groups there are."""
        return self.demand.shape[0]

    def totals(self, by_series: Numbers) -> Numbers:
        """What the series of each group sum up to: one row per group, the columns as given."""
        columns = [np.bincount(self.members, column, self.many) for column in by_series.T]
        return np.array(columns, dtype=np.float64).reshape(by_series.shape[1], self.many).T


def groups(series: Series, group_history: pl.DataFrame | None) -> Groups:
    """The groups of the group history, by those of its columns that are attributes of the series too; without one, as
    many as the attributes make, while each holds some series.

    Steps that the group history does not tell are the sums of the series. Where the group history holds more than the
    series do, what both tell last says which part of it is theirs; where there is nothing that both tell, it does not
    count. Raises :class:`NotForecastable` where the two have no attribute in common.
    """
    if group_history is None:
        names = _telling(series.attributes.filter(pl.Series(series.demand.any(axis=1))))
        keys, members = _numbered(series, names)
        return _grouped(series, keys, members, None)
    told = keyed(group_history)
    names = [name for name in told.columns if name in series.attributes.columns]
    given = _given(told, names)
    keys, members = _numbered(series, names)
    return _grouped(series, keys, members, _history(given, keys, series.grid))


def _given(group_history: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    checked(group_history, ("date",), "The group history")
    if not names and set(group_history.columns) - {"date", "quantity"}:
        raise NotForecastable(
            f"The group history ({', '.join(group_history.columns)}) shares no attribute with the history. Name the"
            " columns by which its series are told apart as in the history."
        )
    return group_history.select("date", "quantity", pl.col(names).cast(pl.String))


def _numbered(series: Series, names: Sequence[str]) -> tuple[pl.DataFrame, Days]:
    """The distinct values of the attributes, sorted, and which each series has; one group without attributes."""
    if not names:
        return pl.DataFrame(height=1), np.zeros(series.names.len(), dtype=np.int64)
    attributes = series.attributes.select(names)
    keys = attributes.unique().sort(names)
    number = keys.with_columns(pl.int_range(pl.len()).alias(ROW))
    joined = attributes.join(number, on=names, how="left", validate="m:1", nulls_equal=True, maintain_order="left")
    return keys, joined[ROW].to_numpy().astype(np.int64)


def _telling(attributes: pl.DataFrame) -> list[str]:
    """The attributes that make groups, of series that anything was asked of: those with the fewest values first, while
    groups hold some series each."""
    most = min(MOST_GROUPS, attributes.height // LEAST_SERIES_PER_GROUP)
    chosen: list[str] = []
    for name in sorted(attributes.columns, key=lambda name: (attributes[name].n_unique(), name)):
        if attributes.select(*chosen, name).n_unique() <= most:
            chosen.append(name)
    return chosen


def _history(given: pl.DataFrame, keys: pl.DataFrame, grid: Grid) -> Numbers:
    """The group history by group and step; not told where it is not a number."""
    number = keys.with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias(ROW))
    placed = given.with_columns(pl.Series(POSITION, grid.positions(given["date"]), dtype=pl.Int64))
    told = (
        placed.join(number, on=keys.columns, how="inner", validate="m:1", nulls_equal=True)
        if keys.columns
        else placed.with_columns(pl.lit(0, dtype=pl.UInt32).alias(ROW))
    ).filter((pl.col(POSITION) <= 0) & (pl.col(POSITION) > -MOST_GROUP_STEPS))
    if told.is_empty():
        return np.full((keys.height, 0), np.nan)
    steps = 1 - int(told[POSITION].min())  # type: ignore[arg-type]
    quantity = pl.col("quantity").cast(pl.Float64).fill_nan(None)
    summed_up = summed(told.select(row=ROW, position=POSITION, quantity=quantity), keys.height, steps)
    last = int(told[POSITION].max())  # type: ignore[arg-type]
    summed_up[:, steps + last :] = np.nan
    return np.maximum(summed_up, 0.0)


def _grouped(series: Series, keys: pl.DataFrame, members: Days, told: Numbers | None) -> Groups:
    own = Groups(series.grid, keys, members, np.empty((keys.height, 0)), np.empty(0, dtype=np.int64))
    demand = own.totals(series.demand)
    is_unused = told is not None and not np.isfinite(told[:, -series.steps :]).any()
    if told is not None and not is_unused:
        demand = _lengthened(demand, told)
    begins = np.where(demand.any(axis=1), (demand > 0).argmax(axis=1), demand.shape[1] - 1)
    return Groups(series.grid, keys, members, demand, begins, (NOT_THEIRS,) if is_unused else ())


def _lengthened(own: Numbers, told: Numbers) -> Numbers:
    """The series' own sums with the steps before them from the group history, in the same proportion as in the steps
    that both tell."""
    before = told.shape[1] - own.shape[1]
    if before <= 0:
        return own
    shared = np.isfinite(told[:, before:])
    both, ours = np.where(shared, told[:, before:], 0.0).sum(axis=1), np.where(shared, own, 0.0).sum(axis=1)
    part = np.divide(ours, both, out=np.zeros_like(ours), where=both > 0)
    part = np.where(np.abs(part - 1) < ALIKE, 1.0, part)
    return np.hstack([np.nan_to_num(told[:, :before]) * part[:, None], own])
