"""Demand as a table of series by steps: what of a history counts, and what was changed about it. Frames in, arrays out.

A step is a day, a week or a month, whichever the dates of the history are. A step without a row is one on which nothing
was asked for.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

import numpy as np
import polars as pl

from analytics.projection import Days, Numbers

MOST_STEPS = 730
LONGEST_GAP_DAYS = 3 * 366
LARGEST = 1e15
FEWEST_DATES = 3
OUTLIER, ENOUGH_OTHERS = 20.0, 5
FINEST_PLACES = 9
ROW, POSITION, VALUE = "row\n", "position\n", "value\n"

NOTHING_ASKED = "Nothing was ever asked for: the forecast is zero."
ONE_DEMAND = "There was a single demand: its rate rests on that alone."
NEGATIVE = "Some steps have a negative quantity, as returns do: they count as zero."
SPIKE = "One demand is more than twenty times as large as any other: it counts as the next largest."
UNKNOWN = "Some quantities are missing: they count as zero."


class NotForecastable(Exception):
    """What was handed over cannot be forecast. Its text is the sentence for the person who gave it: what, where, what
    to do."""


class Step(Enum):
    """How far one date of a history is from the next."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Grid:
    """The dates of a history as steps, counted from its last one, which is 0; what comes is above."""

    step: Step
    last: date

    def positions(self, dates: pl.Series) -> Days:
        """How many steps after the last one each date lies; within a week or a month, that of its beginning."""
        if self.step is Step.MONTH:
            months = dates.dt.year().cast(pl.Int64) * 12 + dates.dt.month().cast(pl.Int64)
            return (months - (self.last.year * 12 + self.last.month)).to_numpy()
        days = (dates - self.last).dt.total_days().to_numpy()
        return days if self.step is Step.DAY else days // 7

    def dates(self, positions: Days) -> pl.Series:
        """The date of each step; the last day of a month stays the last."""
        last = pl.Series([self.last]).new_from_index(0, positions.size)
        if self.step is not Step.MONTH:
            days = positions * (1 if self.step is Step.DAY else 7)
            return (last + pl.Series(days).cast(pl.Duration("ms")) * 86_400_000).alias("date")
        by = pl.lit(pl.Series(positions).cast(pl.String) + "mo")
        moved = pl.select(pl.lit(last).dt.offset_by(by)).to_series()
        is_end = (self.last + timedelta(days=1)).day == 1
        return (moved.dt.month_end() if is_end else moved).alias("date")


@dataclass(frozen=True)
class Series:
    """What is to be forecast. ``demand`` has one row per name and one column per step, the last one last.

    begins: the first column that belongs to each series. attributes: one row per name, in the same order. unit: what
    all quantities are whole multiples of, 0 where there is none. reasons: series_id and reason, see ``Forecast``.
    """

    grid: Grid
    names: pl.Series
    attributes: pl.DataFrame
    demand: Numbers
    begins: Days
    unit: float
    reasons: pl.DataFrame

    @property
    def steps(self) -> int:
        """How many steps of history there are."""
        return self.demand.shape[1]


def series(history: pl.DataFrame) -> Series:
    """The series of a history: series_id, date, quantity, and further columns that are attributes where they do not
    change within a series.

    Rows of one series and step add up. Raises :class:`NotForecastable` for rows without a series or date, quantities
    that are not finite, and dates that are years apart from all others.
    """
    checked(history, ("series_id", "date"), "The history")
    names = history["series_id"].unique().sort()
    grid = grid_of(history["date"])
    positions = grid.positions(history["date"])
    _without_far_dates(history["date"])
    rows = history.select(
        row=names.search_sorted(history["series_id"]) if names.len() else pl.Series([], dtype=pl.UInt32),
        position=pl.Series(positions, dtype=pl.Int64),
        quantity=pl.col("quantity").cast(pl.Float64).fill_nan(None),
    )
    steps = int(min(-positions.min() + 1, MOST_STEPS)) if positions.size else 1
    asked = summed(rows, names.len(), steps)
    demand, spikes = _without_spikes(np.maximum(asked, 0.0))
    return Series(
        grid=grid,
        names=names,
        attributes=_attributes(history),
        demand=demand,
        begins=_begins(rows, demand),
        unit=unit_of(demand),
        reasons=_reasons(names, rows, asked, demand, spikes),
    )


def checked(rows: pl.DataFrame, needed: tuple[str, ...], which: str) -> None:
    """Raises :class:`NotForecastable` where a column is missing, a row names no series or date, or a quantity is beyond
    all reason."""
    if missing := [name for name in (*needed, "quantity") if name not in rows.columns]:
        raise NotForecastable(
            f"{which} has no column {', '.join(missing)}. It has: {', '.join(rows.columns) or 'none'}."
        )
    for name in needed:
        if empty := rows[name].null_count():
            raise NotForecastable(f"{which} has {empty:,} rows without {name}. Fill it in or leave the rows out.")
    quantities = rows["quantity"].cast(pl.Float64).drop_nulls().drop_nans()
    if (quantities.abs() > LARGEST).any():
        raise NotForecastable(f"{which} has a quantity beyond {LARGEST:.0e}. Correct it or leave the row out.")


def grid_of(dates: pl.Series) -> Grid:
    """Months where every date is the first of one, or the last, or all are the same day of it; weeks where all lie
    whole weeks apart; else days. It takes three dates to tell."""
    distinct = dates.unique().sort()
    last = distinct[-1] if distinct.len() else date(2000, 1, 1)
    if distinct.len() < FEWEST_DATES:
        return Grid(Step.DAY, last)
    gaps = distinct.diff().drop_nulls().dt.total_days()
    if int(gaps.min() or 0) >= 28 and (_same_day(distinct) or bool((distinct == distinct.dt.month_end()).all())):  # type: ignore[arg-type]
        return Grid(Step.MONTH, last)
    return Grid(Step.WEEK if bool((gaps % 7 == 0).all()) else Step.DAY, last)


def _same_day(dates: pl.Series) -> bool:
    return dates.dt.day().n_unique() == 1


def _without_far_dates(dates: pl.Series) -> None:
    distinct = dates.unique().sort()
    if distinct.len() < FEWEST_DATES:
        return
    gap = (distinct[-1] - distinct[-2]).days
    if gap > LONGEST_GAP_DAYS:
        raise NotForecastable(
            f"The history ends on {distinct[-1]}, {gap:,} days after the date before. Correct that date or leave its"
            " rows out."
        )


def summed(rows: pl.DataFrame, many: int, steps: int) -> Numbers:
    """Quantities by row and step, the last steps only. Sorted before they add up, so that the order of rows never
    tells."""
    inside = (pl.col("position") > -steps) & (pl.col("position") <= 0)
    kept = rows.filter(inside).with_columns(pl.col("quantity").fill_null(0.0)).sort("row", "position", "quantity")
    cells = kept["row"].to_numpy().astype(np.int64) * steps + kept["position"].to_numpy() + steps - 1
    return _totals(cells, kept["quantity"].to_numpy(), many * steps).reshape(many, steps)


def _totals(cells: Days, quantities: Numbers, many: int) -> Numbers:
    """What lies in each cell together; nothing at all is a number too."""
    return np.bincount(cells, quantities, many).astype(np.float64)


def _without_spikes(demand: Numbers) -> tuple[Numbers, Days]:
    """A single demand far beyond all others counts as the next largest; which rows that changed."""
    if demand.shape[1] < 2:
        return demand, np.zeros(0, dtype=np.int64)
    largest = np.partition(demand, -2, axis=1)[:, -2:]
    is_spike = (largest[:, 1] > OUTLIER * largest[:, 0]) & ((demand > 0).sum(axis=1) > ENOUGH_OTHERS)
    limit = np.where(is_spike, largest[:, 0], np.inf)
    return np.minimum(demand, limit[:, None]), np.flatnonzero(is_spike)


def _begins(rows: pl.DataFrame, demand: Numbers) -> Days:
    """The first column of each series: that of its first row; where only its demands have rows, as long before the
    first as they lie apart on average."""
    steps = demand.shape[1]
    first = rows.group_by("row").agg(pl.col("position").min(), idle=(pl.col("quantity") == 0).any()).sort("row")
    begins = np.maximum(first["position"].to_numpy() + steps - 1, 0)
    times = np.maximum((demand > 0).sum(axis=1), 1)
    apart = np.where(first["idle"].to_numpy(), 0, np.ceil((steps - begins) / times).astype(np.int64))
    return np.maximum(begins - apart, 0)


def unit_of(demand: Numbers) -> float:
    """The largest quantity that all are whole multiples of; 0 where that would be finer than a billionth."""
    asked = np.unique(demand[demand > 0])
    for places in range(FINEST_PLACES + 1):
        grown = asked * 10.0**places
        whole = np.rint(grown)
        if asked.size and (whole > 0).all() and whole[-1] < 2**53 and np.allclose(grown, whole, rtol=1e-12, atol=0):
            return float(np.gcd.reduce(whole.astype(np.int64))) / 10.0**places
    return 0.0


def is_text(kind: pl.DataType) -> bool:
    """Whether a column names kinds."""
    return isinstance(kind, pl.String | pl.Categorical | pl.Enum)


def keyed(table: pl.DataFrame) -> pl.DataFrame:
    """The columns that can be read as texts or numbers, kinds as text: lists, records, durations and raw bytes count as
    absent."""
    others = (pl.Duration, pl.Time, pl.Binary, pl.Object)
    readable = {
        name: kind for name, kind in table.schema.items() if not kind.is_nested() and not isinstance(kind, others)
    }
    return table.select(
        pl.col(name).cast(pl.String) if is_text(kind) else pl.col(name) for name, kind in readable.items()
    )


def _attributes(history: pl.DataFrame) -> pl.DataFrame:
    """One row per series: the columns that are equal in all of its rows; numbers with decimals are none."""
    others = [
        name
        for name, kind in history.schema.items()
        if name not in {"series_id", "date", "quantity"} and (kind.is_integer() or is_text(kind) or kind == pl.Boolean)
    ]
    texts = history.select("series_id", pl.col(others).cast(pl.String))
    by_series = texts.group_by("series_id").agg(
        *(pl.col(name).min() for name in others), *(pl.col(name).max().alias(f"{name}\n") for name in others)
    )
    still = [name for name in others if by_series[name].equals(by_series[f"{name}\n"].alias(name))]
    return by_series.sort("series_id").select(still) if still else pl.DataFrame(height=by_series.height)


def _reasons(names: pl.Series, rows: pl.DataFrame, asked: Numbers, demand: Numbers, spikes: Days) -> pl.DataFrame:
    times = (demand > 0).sum(axis=1)
    unknown = rows.filter(pl.col("quantity").is_null())["row"].unique().sort().to_numpy()
    found = (
        (np.flatnonzero(times == 0), NOTHING_ASKED),
        (np.flatnonzero(times == 1), ONE_DEMAND),
        (np.flatnonzero((asked < 0).any(axis=1)), NEGATIVE),
        (spikes, SPIKE),
        (unknown, UNKNOWN),
    )
    told = [pl.DataFrame({"series_id": names[pl.Series(which)], "reason": why}) for which, why in found if which.size]
    empty = pl.DataFrame(schema={"series_id": names.dtype, "reason": pl.String})
    return pl.concat([empty, *told]).sort("series_id", "reason")
