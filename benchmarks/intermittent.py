"""Intermittent demand: spare parts by month and gifts by week, beside the methods made for them.

python -m benchmarks.intermittent [FOLDER]     FOLDER: intermittent/ of the public data sets
"""

import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.forecast import OF_DAYS, forecast
from analytics.forecast_accuracy import bias, pinball, rmsse

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "intermittent"
AHEAD_MONTHS, AHEAD_WEEKS = 6, 8
ORIGINS = 3
SMOOTHING = np.linspace(0.1, 0.3, 9)
Row = NDArray[np.float64]


def smoothed(row: Row, alpha: float) -> Row:
    """The level before each value, and after the last."""
    levels = np.empty(row.size + 1)
    levels[0] = row[0]
    for at, value in enumerate(row):
        levels[at + 1] = levels[at] + alpha * (value - levels[at])
    return levels


def best_smoothed(row: Row) -> float:
    """The level after the last value, for the constant with the smallest squared error."""
    if row.size == 0:
        return 0.0
    courses = [smoothed(row, alpha) for alpha in SMOOTHING]
    errors = [float(((course[:-1] - row) ** 2).sum()) for course in courses]
    return float(courses[int(np.argmin(errors))][-1])


def intervals(row: Row) -> Row:
    """Steps from one demand to the next, the first from the begin."""
    return np.diff(np.flatnonzero(row), prepend=-1).astype(float)


def croston_sba(row: Row) -> float:
    """Syntetos and Boylan (2005): Croston's rate less 5 %."""
    sizes = row[row > 0]
    if sizes.size == 0:
        return 0.0
    return 0.95 * float(smoothed(sizes, 0.1)[-1] / smoothed(intervals(row), 0.1)[-1])


def tsb(row: Row) -> float:
    """Teunter, Syntetos and Babai (2011): how likely a demand is, times its size."""
    sizes = row[row > 0]
    if sizes.size == 0:
        return 0.0
    return float(smoothed((row > 0).astype(float), 0.2)[-1] * smoothed(sizes, 0.2)[-1])


def summed(row: Row, steps: int) -> Row:
    """Sums over so many steps, the last one whole."""
    return row[row.size % steps :].reshape(-1, steps).sum(axis=1)


def adida(row: Row) -> float:
    """Nikolopoulos and others (2011): smoothed over as many steps as demands lie apart."""
    if not row.any():
        return 0.0
    steps = max(round(float(intervals(row).mean())), 1)
    return best_smoothed(summed(row, steps)) / steps


def imapa(row: Row) -> float:
    """Petropoulos and Kourentzes (2015): the mean over all aggregations up to that one."""
    if not row.any():
        return 0.0
    most = max(round(float(intervals(row).mean())), 1)
    return float(np.mean([best_smoothed(summed(row, steps)) / steps for steps in range(1, most + 1)]))


METHODS: dict[str, Callable[[Row], float]] = {"CrostonSBA": croston_sba, "TSB": tsb, "ADIDA": adida, "IMAPA": imapa}


def main(folder: Path = FOLDER) -> int:
    """Prints the figures of both sets; says so where they are not there."""
    if not (folder / "carparts.parquet").is_file():
        print(f"There is no {folder.name}/carparts.parquet beside the project: nothing is measured.")
        return 0
    parts = pl.read_parquet(folder / "carparts.parquet").to_numpy().T.astype(float)
    parts = parts[np.isfinite(parts).all(axis=1)]
    weeks = pl.read_parquet(folder / "uci_sales_weekly.parquet").select(pl.col("^W\\d+$")).to_numpy().astype(float)
    compared("Car parts", parts, AHEAD_MONTHS, [date(1998 + at // 12, at % 12 + 1, 1) for at in range(parts.shape[1])])
    monday = date(2020, 1, 6)
    by_week(weeks, [monday + timedelta(weeks=at) for at in range(weeks.shape[1])])
    return 0


def told(table: Row, dates: list[date], ahead: int) -> tuple[Row, Row]:
    """Our mean by series and step, and quantiles by series, step and level."""
    rows = pl.DataFrame(table, schema=[str(day) for day in dates], orient="row").with_row_index("series_id")
    history = rows.unpivot(index="series_id", variable_name="date", value_name="quantity")
    days = forecast(history.with_columns(pl.col("date").str.to_date()), ahead).days
    shape = (table.shape[0], ahead)
    return days["mean"].to_numpy().reshape(shape), days.select(*OF_DAYS).to_numpy().reshape(*shape, len(OF_DAYS))


def compared(title: str, table: Row, ahead: int, dates: list[date]) -> None:
    """RMSSE and pinball loss in ratio to the usual change, mean of all origins and series."""
    figures: dict[str, list[tuple[float, float, float]]] = {}
    begun = time.process_time()
    for back in range(ORIGINS):
        at = table.shape[1] - ahead * (back + 1)
        past, came = table[:, :at], table[:, at : at + ahead]
        mean, quantiles = told(past, dates[:at], ahead)
        figures.setdefault("Tandem", []).append(judged(mean, quantiles, came, past))
        for name, method in METHODS.items():
            flat = np.repeat(np.array([[method(row)] for row in past]), ahead, axis=1)
            figures.setdefault(name, []).append(judged(flat, around(flat, past), came, past))
    print(f"{title}: {table.shape[0]:,} series, {ahead} ahead, {ORIGINS} origins, {time.process_time() - begun:.0f} s")
    print(f"  {'':12s}{'RMSSE':>8s}{'pinball':>9s}{'bias':>8s}")
    for name, values in figures.items():
        print(f"  {name:12s}" + "{:8.4f}{:9.4f}{:8.3f}".format(*np.mean(values, axis=0)))


def around(flat: Row, past: Row) -> Row:
    """Quantiles of the other methods: what the past itself was, moved to their mean, not below zero."""
    levels = np.quantile(past, list(OF_DAYS.values()), axis=1).T - past.mean(axis=1, keepdims=True)
    return np.maximum(flat[:, :, None] + levels[:, None, :], 0.0)


def judged(mean: Row, quantiles: Row, came: Row, past: Row) -> tuple[float, float, float]:
    """RMSSE, scaled pinball loss, bias."""
    usual = np.abs(np.diff(past, axis=1)).mean(axis=1)
    scale = np.where(usual > 0, usual, np.nan)[:, None]
    losses = [
        float(np.nanmean(pinball(quantiles[:, :, at], came, level) / scale))
        for at, level in enumerate(OF_DAYS.values())
    ]
    return float(np.nanmean(rmsse(mean, came, past))), float(np.mean(losses)), bias(mean, came)


def by_week(table: Row, dates: list[date]) -> None:
    """Mean absolute error and bias in ratio to demand, beside the mean of twelve weeks."""
    found: dict[str, list[tuple[float, float, float]]] = {}
    begun = time.process_time()
    for back in range(ORIGINS):
        at = table.shape[1] - AHEAD_WEEKS - 4 * back
        past, came = table[:, :at], table[:, at : at + AHEAD_WEEKS]
        mean, quantiles = told(past, dates[:at], AHEAD_WEEKS)
        moving = np.repeat(past[:, -12:].mean(axis=1, keepdims=True), AHEAD_WEEKS, axis=1)
        middle = quantiles[:, :, list(OF_DAYS).index("q50")]
        for name, each in {"Tandem": mean, "median": middle, "12 weeks": moving}.items():
            error = float(np.abs(each - came).mean())
            found.setdefault(name, []).append((error, error / came.mean(), bias(each, came)))
    print(f"Gifts by week: {table.shape[0]} series, {AHEAD_WEEKS} ahead, {time.process_time() - begun:.0f} s")
    print(f"  {'':12s}{'MAE':>8s}{'share':>9s}{'bias':>8s}")
    for name, values in found.items():
        print(f"  {name:12s}" + "{:8.3f}{:9.4f}{:8.3f}".format(*np.mean(values, axis=0)))


if __name__ == "__main__":
    sys.exit(main(*(Path(folder) for folder in sys.argv[1:])))
