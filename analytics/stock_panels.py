"""Daily stock positions and demand as tables of numbers: one series a row, one day a column, the last day is now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]
LONGEST_DAYS = 400
MARKS = ("_", "|", ":", "/", "-", " ")
FEW_VALUES = 12
NO_DAY = date(2000, 1, 1)
FEWEST_DATES = 3
NEEDED = ("series_id", "date", "on_hand")


class NotAPanel(Exception):
    """Positions or demand that nothing can be foretold from. Its text is the sentence for the person who gave them:
    what, where, what to do."""


@dataclass(frozen=True)
class Panel:
    """What was recorded of all series up to now.

    names: series_id, sorted. on_hand: by series and day; a day without a record keeps the position before, and before
    the first record there is none (NaN). recorded: whether the day has a record of its own. demand: what was asked for,
    0 where nobody asked. groups: for each way in which series are alike (a static column, a part of the name), the
    group of each series. attributes: numbers that belong to a series, NaN where missing. first_on: day of column 0.
    """

    names: list[str]
    first_on: date
    on_hand: Numbers
    recorded: Flags
    demand: Numbers
    groups: tuple[Codes, ...]
    attributes: Numbers

    @property
    def days(self) -> int:
        """How many days there are, up to now."""
        return self.on_hand.shape[1]


def panel(stock: pl.DataFrame, demand: pl.DataFrame) -> Panel:
    """The panel of a history of positions (series_id, date, on_hand, static columns) and demand (series_id, date,
    quantity).

    Of two records of one day the later row counts. Rows without day or number say nothing; a series of which nothing
    is known keeps its row. Only the last 400 days count. Demand of series without stock, or after the last position,
    is left out; negative demand (returns) lowers the day's. Raises :class:`NotAPanel` for rows without series, and for
    a last day that is more than 400 days after all others.
    """
    for rows, which in ((stock, "stock"), (demand, "history")):
        _all_named(rows, which)
    names = stock["series_id"].unique().sort().to_list()
    known = stock.filter(pl.col("on_hand").is_finite() & pl.col("date").is_not_null())
    _without_far_day(known["date"])
    asked = _asked(demand, names)
    first_on, days = _span(known["date"], asked["date"])
    rows = known.unique(["series_id", "date"], keep="last", maintain_order=True)
    positions = _placed(rows.select("series_id", "date", value="on_hand"), names, first_on, days, np.nan)
    return Panel(
        names,
        first_on,
        _carried(positions),
        ~np.isnan(positions),
        _placed(asked, names, first_on, days, 0.0),
        *_likenesses(stock, names),
    )


def _all_named(rows: pl.DataFrame, which: str) -> None:
    if nameless := rows["series_id"].null_count():
        raise NotAPanel(f"The {which} has {nameless:,} rows without series_id. Fill it in or leave the rows out.")


def _without_far_day(days: pl.Series) -> None:
    distinct = days.unique().sort()
    gap = (distinct[-1] - distinct[-2]).days if distinct.len() >= FEWEST_DATES else 0
    if gap > LONGEST_DAYS:
        raise NotAPanel(
            f"The stock ends on {distinct[-1]}, {gap:,} days after the date before. Correct that date or leave its rows"
            " out."
        )


def _asked(demand: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """One row per series and day on which anything was asked for."""
    known = demand.filter(
        pl.col("series_id").is_in(names), pl.col("quantity").is_finite(), pl.col("date").is_not_null()
    )
    return known.group_by("series_id", "date").agg(value=pl.col("quantity").sum())


def _span(recorded: pl.Series, asked: pl.Series) -> tuple[date, int]:
    """The first day that counts, and how many there are to the last position; without positions one."""
    last = recorded.max()
    if not isinstance(last, date):
        return NO_DAY, 1
    first = min(day for day in (recorded.min(), asked.min()) if isinstance(day, date))
    days = min(LONGEST_DAYS, max(1, (last - first).days + 1))
    return last - timedelta(days=days - 1), days


def _placed(rows: pl.DataFrame, names: list[str], first_on: date, days: int, empty: float) -> Numbers:
    places = pl.DataFrame({"series_id": names, "row": np.arange(len(names))}, schema_overrides={"series_id": pl.String})
    column = (pl.col("date") - pl.lit(first_on)).dt.total_days()
    placed = rows.with_columns(column=column).join(places, on="series_id", how="inner", validate="m:1")
    within = placed.filter(pl.col("column").is_between(0, days - 1))
    table = np.full((len(names), days), empty)
    table[within["row"].to_numpy(), within["column"].to_numpy()] = within["value"].cast(pl.Float64).to_numpy()
    return table


def _carried(positions: Numbers) -> Numbers:
    """Each day without a record with the position before it."""
    latest = np.maximum.accumulate(np.where(np.isnan(positions), -1, np.arange(positions.shape[1])), axis=1)
    return np.where(latest >= 0, np.take_along_axis(positions, latest.clip(min=0), axis=1), np.nan)


def _likenesses(stock: pl.DataFrame, names: list[str]) -> tuple[tuple[Codes, ...], Numbers]:
    """Groups by static columns and by parts of the name, and attributes that are numbers. Static columns of other
    kinds than numbers, texts, days and yes or no tell nothing."""
    kinds = {name: kind for name, kind in stock.schema.items() if name not in NEEDED}
    columns = [name for name, kind in kinds.items() if kind.is_numeric() or _is_text(kind)]
    statics = stock.group_by("series_id").agg(pl.col(columns).drop_nulls().last()).sort("series_id")
    numeric = [name for name in columns if kinds[name].is_numeric() and statics[name].n_unique() > FEW_VALUES]
    texts = [statics[name].cast(pl.String, strict=False) for name in columns if _is_text(kinds[name])]
    groups: list[Codes] = []
    for values in (*texts, *_parts(names)):
        codes = _codes(values)
        if 1 < len(np.unique(codes)) <= 0.8 * len(names) and not any(_same(codes, other) for other in groups):
            groups.append(codes)
    numbers = np.zeros((len(names), 0))
    if numeric:
        numbers = np.column_stack([statics[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in numeric])
    return tuple(groups), np.where(np.isfinite(numbers), numbers, np.nan)


def _is_text(kind: pl.DataType) -> bool:
    """Whether equal values make series alike."""
    is_named = isinstance(kind, pl.String | pl.Categorical | pl.Enum | pl.Boolean)
    return is_named or kind.is_integer() or isinstance(kind, pl.Date | pl.Datetime)


def _codes(values: pl.Series) -> Codes:
    return np.asarray(values.fill_null("").rank("dense").to_numpy(), dtype=np.int64) - 1


def _same(one: Codes, other: Codes) -> bool:
    pairs = len(np.unique(one * (other.max() + 1) + other))
    return pairs == len(np.unique(one)) == len(np.unique(other))


def _parts(names: list[str]) -> Iterator[pl.Series]:
    """Names such as "shop_item" tell more than one thing: their parts, where all have equally many."""
    for mark in MARKS:
        parts = [name.split(mark) for name in names]
        if len({len(each) for each in parts}) == 1 and len(parts[0]) > 1:
            yield from (pl.Series([each[at] for each in parts]) for at in range(len(parts[0])))
            return
