"""What many customers cost: ``python -m benchmarks.customer_scale [CUSTOMERS] [LINES]`` (500,000 and 10 million).

Customers who order at a pace of their own until they leave, over two years. Printed in seconds of CPU: every customer
scored for the next 90 days; and recency, frequency, money and segment of all, beside Polars' own group-by of the same
lines by customer, once with the lines of a customer side by side and once in the order of days, as they are entered.
"""

import sys
import time
from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl

from analytics.customer_value import customer_value
from analytics.segments import standing_of_orders

TODAY = date(2026, 3, 31)
DAYS, AHEAD = 730, 90


def lines(customers: int, many: int) -> pl.DataFrame:
    """Order lines: customer_id, ordered_on and amount; one in fifty is a return."""
    dice = np.random.default_rng(7)
    pace = dice.gamma(0.8, 1.0, customers)
    lasts = np.minimum(dice.exponential(900.0, customers), DAYS)
    weight = pace * lasts
    who = np.repeat(np.arange(customers), dice.poisson(many * weight / weight.sum()))
    first = dice.uniform(0.0, DAYS - lasts)
    days = (first[who] + dice.uniform(0.0, lasts[who])).astype(np.int32)
    amount = dice.lognormal(3.5, 0.8, who.size) * np.where(dice.random(who.size) < 0.02, -1.0, 1.0)
    ordered = pl.Series(days).cast(pl.Int32) - DAYS + (TODAY - date(1970, 1, 1)).days
    keys = pl.Series([f"C{number:06}" for number in range(customers)])
    return pl.DataFrame({"customer_id": keys.gather(who), "ordered_on": ordered.cast(pl.Date), "amount": amount})


def rfm(rows: pl.DataFrame) -> pl.DataFrame:
    """Recency, frequency, money and segment of every customer."""
    return standing_of_orders(rows.select("customer_id", "amount", day_on="ordered_on"), TODAY)


def raw(rows: pl.DataFrame) -> pl.DataFrame:
    """What Polars takes for the same three numbers alone."""
    sums = [pl.col("ordered_on").max(), pl.col("ordered_on").n_unique().alias("days"), pl.col("amount").sum()]
    return rows.group_by("customer_id").agg(sums)


def seconds(make: Callable[[], pl.DataFrame]) -> float:
    """CPU seconds of one call."""
    started = time.process_time()
    make()
    return time.process_time() - started


def main() -> None:
    """Prints the figures."""
    customers, many = (int(word) for word in (*sys.argv[1:], "500000", "10000000")[:2])
    rows = lines(customers, many)
    print(f"{rows['customer_id'].n_unique():,} customers, {rows.height:,} lines")
    for order, lain in (("by customer", rows), ("by day", rows.sort("ordered_on", maintain_order=True))):
        ours = min(seconds(lambda lain=lain: rfm(lain)) for _ in range(5))  # type: ignore[misc]
        plain = min(seconds(lambda lain=lain: raw(lain)) for _ in range(5))  # type: ignore[misc]
        print(f"  segments of lines {order}: {ours:.1f} s CPU, {ours / plain:.2f} times raw group-by ({plain:.1f})")
    print(f"  all scored for {AHEAD} days {seconds(lambda: customer_value(rows, TODAY, AHEAD)):.0f} s CPU (aim 120)")


if __name__ == "__main__":
    main()
