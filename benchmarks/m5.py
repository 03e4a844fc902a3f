"""Forecasts of a chain of shops (M5): weighted scaled error over twelve levels, coverage of sums, CPU and memory.

python -m benchmarks.m5 [FOLDER]     FOLDER: m5/ of the public data sets

Made at the end of day 1,913 for the 28 days after it, from 28 days of items' and 1,913 days of departments' history.
The scales of levels 10 to 12 are estimates: figures compare runs of this program, not with published ones.
"""

import importlib.util
import resource
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.forecast import OF_SUMS, Forecast, forecast
from analytics.forecast_accuracy import coverage, pinball

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "m5"
ORIGIN, AHEAD = 1_913, 28
FIRST_ON = date(2011, 1, 29)
SUMS = (7, 14, 28)
ATTRIBUTES = ("item_id", "dept_id", "cat_id", "store_id", "state_id")
KNOWN_DAYS = 4
Table = NDArray[np.float64]


def main(folder: Path = FOLDER) -> int:
    """Prints the figures beside their anchors; says so where the data is not there."""
    if not (folder / "score.py").is_file():
        print(f"There is no {folder.name}/score.py beside the project: nothing is measured.")
        return 0
    scoring = _scoring(folder)
    items = pl.read_parquet(folder / "m5_item_store_56d.parquet").with_columns(
        series_id=pl.col("item_id") + "_" + pl.col("store_id")
    )
    begun = time.process_time()
    told = forecast(history(items), AHEAD, group_history=groups(folder), known=[events(folder)], sums=SUMS)
    cpu, memory = time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    order = told.days["series_id"].unique().sort().search_sorted(items["series_id"]).to_numpy()
    came = items.select(days(ORIGIN, ORIGIN + AHEAD)).to_numpy().astype(float)
    past = items.select(days(ORIGIN - AHEAD, ORIGIN)).to_numpy().astype(float)
    print(f"{items.height:,} series, {AHEAD} days and sums: {cpu:.0f} s CPU (600), {memory:.1f} GB (4)")
    scored(told, scoring, order, past)
    covered(told, order, came, past)
    return 0


def _scoring(folder: Path) -> ModuleType:
    """The official measure, from the program beside the data."""
    found = importlib.util.spec_from_file_location("m5_score", folder / "score.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def days(begin: int, end: int) -> list[str]:
    """The columns of the days after begin, to end."""
    return [f"d_{day}" for day in range(begin + 1, end + 1)]


def history(items: pl.DataFrame) -> pl.DataFrame:
    """What the items sold on the days before the origin, a row each."""
    long = items.unpivot(
        index=["series_id", *ATTRIBUTES],
        on=days(ORIGIN - AHEAD, ORIGIN),
        variable_name="date",
        value_name="quantity",
    )
    number = pl.col("date").str.strip_prefix("d_").cast(pl.Int64)
    return long.with_columns(date=pl.lit(FIRST_ON) + pl.duration(days=number - 1))


def groups(folder: Path) -> pl.DataFrame:
    """What departments of shops sold."""
    daily = pl.read_parquet(folder / "m5_store_dept_daily.parquet").filter(pl.col("t") <= ORIGIN)
    return daily.rename({"units": "quantity"}).drop("t")


def events(folder: Path) -> pl.DataFrame:
    """Events and days of food stamps, by day."""
    last = FIRST_ON + timedelta(days=ORIGIN + AHEAD - 1)
    return pl.read_parquet(folder / "calendar.parquet").filter(pl.col("date") <= last)


def scored(told: Forecast, scoring: ModuleType, order: NDArray[np.int64], past: Table) -> None:
    """The weighted scaled error by level, and their mean, beside the mean of the last four weeks by weekday."""
    mean = told.days["mean"].to_numpy().reshape(-1, AHEAD)[order]
    weekly = np.tile(past.reshape(past.shape[0], -1, 7).mean(axis=1), (1, AHEAD // 7))
    print(" " * 10, *[f"{f'L{level}':>6s}" for level in range(1, 13)], "   all")
    for name, each in {"Tandem": mean, "weekdays": weekly}.items():
        print(f"{name:10s}", *[f"{value:6.3f}" for value in scoring.score(each)])


def covered(told: Forecast, order: NDArray[np.int64], came: Table, past: Table) -> None:
    """How many sums stayed within each quantile, and its cost beside that of the weeks before by weekday."""
    weeks = past.reshape(past.shape[0], -1, 7).sum(axis=2)
    for steps in SUMS:
        sums = told.sums.filter(pl.col("days") == steps)
        actual = came[:, :steps].sum(axis=1)
        parts, ours, theirs = [], 0.0, 0.0
        for name, level in OF_SUMS.items():
            found = sums[name].to_numpy()[order]
            parts.append(f"{name} {coverage(found, actual):6.1%}")
            ours += float(pinball(found, actual, level).sum())
            theirs += float(pinball(np.quantile(weeks, level, axis=1) * steps / 7, actual, level).sum())
        print(f"{steps:3d} days: {', '.join(parts)}; pinball loss {ours / theirs:.2f} of seasonal naive")


if __name__ == "__main__":
    sys.exit(main(*(Path(folder) for folder in sys.argv[1:])))
