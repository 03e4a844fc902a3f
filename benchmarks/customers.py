"""How well it is foretold what customers will buy: a wholesaler's year, and a shop's repeat purchases.

``python -m benchmarks.customers [DAYS]`` (default 90 days ahead) asks on four days with what was known by then, and
prints ranking, chances and intervals beside what customers had spent and how often they had ordered; then the model of
repeat purchases beside its published parameters, which rest on a tenth of the same customers.
"""

import sys
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.buy_till_die import Buying, Purchases, buying, expected_purchases
from analytics.customer_value import customer_value

WHOLESALER = Path("../shared/data/online_retail/online_retail_half.parquet")
SHOP = Path("../shared/data/crm/cdnow_master.parquet")
ASKED = (date(2011, 6, 12), date(2011, 7, 12), date(2011, 8, 10), date(2011, 9, 10))
SEEN_UNTIL = date(1997, 9, 30)
PUBLISHED = Buying(0.2426, 4.4135, 0.7929, 2.4258)
BINS, FIFTH, HIGH = 10, 5, 0.9
Numbers = NDArray[np.float64]


def read() -> pl.DataFrame:
    """Rows of the wholesaler with customer, day and amount; returns are below zero."""
    amount = pl.col("Quantity").cast(pl.Float64) * pl.col("UnitPrice")
    customer = pl.col("CustomerID").cast(pl.String)
    rows = pl.read_parquet(WHOLESALER)
    return rows.select(customer_id=customer, ordered_on=pl.col("InvoiceDate").dt.date(), amount=amount)


def ranked_alike(one: Numbers, other: Numbers) -> float:
    """Spearman's correlation."""
    ranks = [pl.Series(each).rank("average").to_numpy() for each in (one, other)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def ranked_right(said: Numbers, came: Numbers) -> float:
    """The chance that of two customers the one that bought was said to be the likelier (area under the curve)."""
    ranks, bought = pl.Series(said).rank("average").to_numpy(), came > 0
    return float((ranks[bought].mean() - (bought.sum() + 1) / 2) / (~bought).sum())


def top_share(by: Numbers, spent: Numbers) -> float:
    """The share of what was spent that the first fifth by a ranking spent."""
    return float(spent[np.argsort(-by, kind="stable")[: len(by) // FIFTH]].sum() / spent.sum())


def ask(rows: pl.DataFrame, on: date, days: int) -> None:
    """Prints the figures of one day."""
    started = time.process_time()
    said = customer_value(rows, on, days)
    cpu = time.process_time() - started
    after = rows.filter(pl.col("ordered_on") > on, pl.col("ordered_on") <= on + timedelta(days=days))
    came = after.group_by("customer_id").agg(spent=pl.sum("amount"), bought=(pl.col("amount") > 0).any())
    joined = said.join(came, on="customer_id", how="left", validate="1:1", maintain_order="left").fill_null(0)
    spent, bought = (joined[name].cast(pl.Float64).fill_null(0).to_numpy() for name in ("spent", "bought"))
    chance, amount, before, often = (
        joined[name].cast(pl.Float64).to_numpy() for name in ("p_active", "expected_amount", "monetary", "frequency")
    )
    bins = np.minimum((chance * BINS).astype(np.int64), BINS - 1)
    error = np.abs(np.bincount(bins, chance - bought, BINS)).sum() / len(chance)
    print(f"{on}: {len(spent):,} customers, {cpu:.1f} s CPU")
    print(f"  rank of spend    {ranked_alike(amount, spent):.3f} (spent before {ranked_alike(before, spent):.3f})")
    print(f"  top fifth finds  {top_share(amount, spent):.1%} (spent before {top_share(before, spent):.1%})")
    print(f"  who buys         {ranked_right(chance, bought):.3f} (order days {ranked_right(often, bought):.3f})")
    print(f"  calibration      {error:.3f} (aim 0.10)")
    print(f"  within amount_q90 {np.mean(spent <= joined['amount_q90'].to_numpy()):.1%} (aim 87 to 93 %)")


def repeat_purchases() -> None:
    """Prints the parameters of the model, and its error for each customer in the weeks held out."""
    days = pl.read_parquet(SHOP).select("customer_id", "date").unique()
    seen = (
        days.filter(pl.col("date") <= SEEN_UNTIL)
        .group_by("customer_id")
        .agg(first=pl.col("date").min(), last=pl.col("date").max(), repeats=pl.len() - 1)
    )
    after = days.filter(pl.col("date") > SEEN_UNTIL).group_by("customer_id").agg(came=pl.len())
    rows = seen.join(after, on="customer_id", how="left", validate="1:1").with_columns(pl.col("came").fill_null(0))
    last = (pl.col("last") - pl.col("first")).dt.total_days() / 7
    age = (pl.lit(SEEN_UNTIL) - pl.col("first")).dt.total_days() / 7
    known = rows.select(repeats=pl.col("repeats").cast(pl.Float64), last=last, age=age)
    model = Purchases(*(known[name].to_numpy() for name in ("repeats", "last", "age")))
    end = days["date"].max()
    assert isinstance(end, date)
    weeks = (end - SEEN_UNTIL).days / 7
    found, came = buying(model), rows["came"].to_numpy()
    print(f"repeat purchases: {found}\n  published for a tenth of them: {PUBLISHED}")
    for name, each in (("ours", found), ("published", PUBLISHED)):
        off = expected_purchases(each, model, weeks)
        print(
            f"  {name}: {off.sum():,.0f} purchases foretold, {came.sum():,} came; error {np.abs(off - came).mean():.3f}"
        )
    example = expected_purchases(PUBLISHED, Purchases(np.array([2.0]), np.array([30.43]), np.array([38.86])), 39.0)
    print(f"  the published example: {example[0]:.3f} (1.226)")


if __name__ == "__main__":
    if not WHOLESALER.is_file() or not SHOP.is_file():
        sys.exit(f"{WHOLESALER} and {SHOP} are not there: this benchmark needs the orders.")
    orders = read()
    for asked_on in ASKED:
        ask(orders, asked_on, int(sys.argv[1]) if len(sys.argv) > 1 else 90)
    repeat_purchases()
