"""How well stock-outs are foretold: a retailer's daily positions, asked on days of the past with what was known then.

``python -m benchmarks.stock_warnings [DAYS]`` (default 4 days a week apart, the last one a week before the end of the
data) prints, for 7 days ahead and places that still had stock, the figures beside those of a days-of-cover ranking.
"""

import sys
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.stock_warnings import stock_warnings

DATA = Path("../shared/data/stockout")
WITHIN, AHEAD = (7, 14, 28), 7
BINS, TOP_SHARE = 10, 0.05
Numbers = NDArray[np.float64]


def _series(item: str) -> pl.Expr:
    return pl.concat_str("STORE_NUM", item, separator="_").alias("series_id")


def read() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Positions and demand, by shop and item."""
    stock = pl.read_parquet(DATA / "inventory.parquet").select(
        _series("ITEM_ID"), date="GREGORIAN_DATE", on_hand=pl.col("ON_HAND_QTY").cast(pl.Float64)
    )
    orders = pl.read_parquet(DATA / "orders.parquet").select(
        _series("ITEM_ID"), date="ORDER_DT", quantity=pl.col("PLCD_QTY").cast(pl.Float64)
    )
    return stock, orders


def asked(stock: pl.DataFrame, orders: pl.DataFrame, now: date) -> pl.DataFrame:
    """One row per place with stock: p_7, days_out of the next 7, cover in days by the falls of the last 28."""
    day = pl.col("date")
    past = stock.filter(day <= now)
    said = stock_warnings(past, orders.filter(day <= now), None, WITHIN)
    coming = stock.filter(day > now, day <= now + timedelta(days=AHEAD))
    came = coming.group_by("series_id").agg(days_out=(pl.col("on_hand") <= 0).sum())
    recent = past.filter(day > now - timedelta(days=29)).sort("date")
    falls = -pl.col("on_hand").diff()
    state = recent.group_by("series_id").agg(stock=pl.col("on_hand").last(), fall=falls.clip(lower_bound=0).sum() / 28)
    rows = said.join(state, on="series_id", validate="1:1").join(came, on="series_id", validate="1:1")
    return rows.filter(pl.col("stock") > 0).with_columns(cover=pl.col("stock") / (pl.col("fall") + 0.001))


def ranked_right(risk: Numbers, came: Numbers) -> float:
    """The chance that of two places the one that ran out was said to be the riskier (area under the curve)."""
    ranks = pl.Series(risk).rank("average").to_numpy()
    ran_out = came > 0
    return float((ranks[ran_out].mean() - (ran_out.sum() + 1) / 2) / (~ran_out).sum())


def calibration_error(said: Numbers, came: Numbers) -> float:
    """The mean distance between what was said and what came, over ten equal bins of what was said."""
    place = np.minimum((said * BINS).astype(np.int64), BINS - 1)
    return float(np.abs(np.bincount(place, said - came, BINS)).sum() / len(said))


def found(rows: pl.DataFrame, by: str, *, descending: bool) -> int:
    """The days out of stock that the first 5 % of a ranking find."""
    top = rows.sort(by, descending=descending).head(int(TOP_SHARE * rows.height))
    return int(top["days_out"].sum())


def run(days: int) -> None:
    """Prints the figures."""
    stock, orders = read()
    last = stock["date"].max()
    assert isinstance(last, date)
    started = time.process_time()
    parts = [asked(stock, orders, last - timedelta(days=AHEAD * weeks)) for weeks in range(days, 0, -1)]
    cpu = (time.process_time() - started) / days
    rows = pl.concat(parts)
    said, came = rows["p_7"].to_numpy(), (rows["days_out"] > 0).cast(pl.Float64).to_numpy()
    base = float(((came - came.mean()) ** 2).mean())
    ours = sum(found(each, "p_7", descending=True) for each in parts)
    cover = sum(found(each, "cover", descending=False) for each in parts)
    low = ranked_right(-rows["stock"].to_numpy(), came)
    print(f"{rows.height:,} places with stock on {days} days, {came.mean():.2%} ran out, said {said.mean():.2%}")
    print(f"  area under the curve {ranked_right(said, came):.3f} (aim 0.86; by low stock {low:.3f})")
    print(f"  calibration error    {calibration_error(said, came):.4f} (aim 0.02)")
    print(f"  Brier skill          {1 - float(((said - came) ** 2).mean()) / base:.3f} (aim 0.15)")
    print(f"  top 5 % find         {ours / cover:.2f} times the days out of a ranking by cover (aim 1.3)")
    print(f"  CPU                  {cpu:.0f} s for each day asked, {len(WITHIN)} horizons")


if __name__ == "__main__":
    if not DATA.is_dir():
        sys.exit(f"{DATA} is not there: this benchmark needs the retailer's positions.")
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
