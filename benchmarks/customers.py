"""How well it is foretold what customers will buy: a wholesaler's year, and a shop's repeat purchases.

``python -m benchmarks.customers [DAYS [SAMPLE]]`` (default 90 days ahead; 0 leaves it out) asks on four days with what
was known by then, and prints ranking, chances and intervals beside what customers had spent and how often they had
ordered; then the model of repeat purchases beside its published parameters. They rest on a tenth of the same customers,
drawn by no rule that the data show: SAMPLE is a file whose lines begin with their numbers.
"""

import sys
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.buy_till_die import Buying, Purchases, buying, expected_purchases, log_likelihood
from analytics.customer_value import customer_value
from analytics.spend import spending

WHOLESALER = Path("../shared/data/online_retail/online_retail_half.parquet")
SHOP = Path("../shared/data/crm/cdnow_master.parquet")
ASKED = (date(2011, 6, 12), date(2011, 7, 12), date(2011, 8, 10), date(2011, 9, 10))
SEEN_UNTIL = date(1997, 9, 30)
PUBLISHED = Buying(0.2426, 4.4135, 0.7929, 2.4258)
BINS, FIFTH, HIGH = 10, 5, 0.9
WEEK, HELD_OUT_WEEKS = 7, 39
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


def shop_days(sample: Path | None) -> pl.DataFrame:
    """One row per customer of the shop and day on which it bought: customer_id, date, amount; of the customers alone
    whose number begins a line of a file, if one is given."""
    rows = pl.read_parquet(SHOP).group_by("customer_id", "date").agg(pl.col("amount").sum())
    if sample is None:
        return rows
    numbers = {int(line.split()[0]) for line in sample.read_text(encoding="utf-8").splitlines() if line.strip()}
    return rows.filter(pl.col("customer_id").is_in(sorted(numbers)))


def shop_customers(days: pl.DataFrame) -> pl.DataFrame:
    """One row per customer: what it bought until the weeks held out began, in weeks, and came, how often it bought in
    them."""
    seen, day = days.filter(pl.col("date") <= SEEN_UNTIL), pl.col("date")
    known = seen.group_by("customer_id").agg(
        first=day.min(),
        last=(day.max() - day.min()).dt.total_days() / WEEK,
        age=(pl.lit(SEEN_UNTIL) - day.min()).dt.total_days() / WEEK,
        repeats=pl.len().cast(pl.Float64) - 1,
        spent=pl.col("amount").filter(day > day.min()).mean().fill_null(0.0),
    )
    after = days.filter(day > SEEN_UNTIL).group_by("customer_id").agg(came=pl.len())
    joined = known.join(after, on="customer_id", how="left", validate="1:1")
    return joined.with_columns(pl.col("came").fill_null(0)).sort("customer_id")


def repeat_purchases(sample: Path | None) -> None:
    """Prints the parameters of the models, and the error of what was foretold for the weeks held out: of each customer,
    of all purchases, and of each week."""
    days = shop_days(sample)
    rows = shop_customers(days)
    seen = Purchases(*(rows[name].to_numpy() for name in ("repeats", "last", "age")))
    found, came = buying(seen), rows["came"].to_numpy()
    again = rows.filter(pl.col("repeats") > 0)
    spent = spending(again["repeats"].to_numpy(), again["spent"].to_numpy())
    likely = log_likelihood(found, seen).sum()
    print(f"repeat purchases of {rows.height:,} customers: {found}, log-likelihood {likely:.3f}")
    print(f"  published for a tenth of all: {PUBLISHED}, -9582.426; amounts {spent} (6.249, 3.745, 15.448)")
    end = days["date"].max()
    assert isinstance(end, date)
    for name, each in (("ours", found), ("published", PUBLISHED)):
        off = expected_purchases(each, seen, (end - SEEN_UNTIL).days / WEEK)
        weekly = np.abs(by_week(each, rows, end) - bought_by_week(days, end))[-HELD_OUT_WEEKS:]
        share = weekly.sum() / bought_by_week(days, end)[-HELD_OUT_WEEKS:].sum()
        print(
            f"  {name}: {off.sum():,.0f} purchases foretold, {came.sum():,} came; error of a customer"
            f" {np.abs(off - came).mean():.3f}, of a week {share:.1%}"
        )
    example = expected_purchases(PUBLISHED, Purchases(np.array([2.0]), np.array([30.43]), np.array([38.86])), 39.0)
    print(f"  the published example: {example[0]:.3f} (1.226)")


def by_week(model: Buying, rows: pl.DataFrame, end: date) -> Numbers:
    """Repeat purchases that a model expects in each week from the first day of all on, knowing only when each customer
    bought first."""
    begun = rows["first"].min()
    assert isinstance(begun, date)
    firsts = (rows["first"] - begun).dt.total_days().to_numpy() / WEEK
    starts, counts = np.unique(firsts, return_counts=True)
    nothing = Purchases(*(np.zeros(1) for _ in range(3)))

    def until(week: int) -> float:
        passed = [(week - start, count) for start, count in zip(starts, counts, strict=True) if start < week]
        return float(sum(count * expected_purchases(model, nothing, float(time))[0] for time, count in passed))

    return np.diff([until(week) for week in range((end - begun).days // WEEK + 1)])


def bought_by_week(days: pl.DataFrame, end: date) -> Numbers:
    """Repeat purchases of each week from the first day of all on."""
    begun = days["date"].min()
    assert isinstance(begun, date)
    repeats = days.filter(pl.col("date") > pl.col("date").min().over("customer_id"))
    weeks = ((repeats["date"] - begun).dt.total_days() - 1) // WEEK
    return np.bincount(weeks.to_numpy(), minlength=(end - begun).days // WEEK)[: (end - begun).days // WEEK].astype(
        float
    )


if __name__ == "__main__":
    if not WHOLESALER.is_file() or not SHOP.is_file():
        sys.exit(f"{WHOLESALER} and {SHOP} are not there: this benchmark needs the orders.")
    orders = read()
    ahead = int(sys.argv[1]) if len(sys.argv) > 1 else 90
    for asked_on in ASKED if ahead else ():
        ask(orders, asked_on, ahead)
    repeat_purchases(Path(sys.argv[2]) if len(sys.argv) > 2 else None)
