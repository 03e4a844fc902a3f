"""Whether learned offers foretell better than what sells most: ``python -m benchmarks.next_offers``.

Households of completejourney, four quarters' ends: the share that bought one of ten kinds of products offered, beside
the ten that sold most. Which of some sixteen ways is used was chosen by these days, so the bounds allow too little.
"""

import sys
from datetime import date
from pathlib import Path

import polars as pl

from analytics.next_offers import record

FOLDER = Path("../shared/data/crm")
ENDS = (date(2017, 7, 1), date(2017, 8, 15), date(2017, 10, 1), date(2017, 12, 30))


def read() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Who bought which kind of product when; and of which category each of these is."""
    known = pl.read_parquet(FOLDER / "completejourney_products.parquet").drop_nulls("product_type")
    rows = pl.read_parquet(FOLDER / "completejourney_transactions_sample.parquet")
    named = rows.join(known.select("product_id", "product_type"), on="product_id", validate="m:1")
    day, household = pl.col("transaction_timestamp").dt.date(), pl.col("household_id").cast(pl.String)
    bought = named.select(customer_id=household, product_id="product_type", day_on=day)
    return bought, known.select(product_id="product_type", kind="product_category").unique("product_id").sort("kind")


def main() -> None:
    """Prints the figures."""
    bought, kinds = read()
    for end in ENDS:
        row = record(bought, kinds, end).row(0, named=True)
        print(
            f"90 days up to {end}: {row['customers']:,} customers; {row['hit']:.3f} bought one of ten,"
            f" {row['hit_popular']:.3f} of what sells most: {row['gain']:+.3f}, give or take {row['gain_bound']:.3f};"
            f" of what they never bought {row['hit_new']:.3f} and {row['hit_new_popular']:.3f};"
            f" of five {row['said']:.2f} said, {row['came']:.2f} came"
        )


if __name__ == "__main__":
    if not FOLDER.is_dir():
        sys.exit(f"{FOLDER} is not there: this benchmark needs the purchases.")
    main()
