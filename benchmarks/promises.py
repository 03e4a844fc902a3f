"""How well delivery days are promised: real orders, asked as a firm would, each time with what was known by then.

``python -m benchmarks.promises [ASKS]`` (default 6): a marketplace's orders, asked every week before the end of the
data; and shipments that somebody had scheduled, asked every month. Prints error, kept share and slack beside medians
by state, and beside the plan.
"""

import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from analytics.promise_dates import LEVELS, promises

MARKET, SHIPMENTS = Path("../shared/data/olist"), Path("../shared/data/scms/scms.parquet")
LATELY_DAYS = 75
NO_INSTANT = pl.lit(None, pl.Datetime("us"))
WRITTEN_LATER = (
    "PQ First Sent to Client Date",
    "PO Sent to Vendor Date",
    "Delivery Recorded Date",
    "Freight Cost (USD)",
)


def read_market() -> pl.DataFrame:
    """One row per order approved: its customer's place, its first seller's, price, freight, delivery."""
    places = pl.read_parquet(MARKET / "geolocation.parquet").group_by(zip="zip_code_prefix").agg(pl.mean("lat", "lng"))
    people = pl.read_parquet(MARKET / "customers.parquet").rename({"customer_zip_code_prefix": "zip"})
    sellers = pl.read_parquet(MARKET / "sellers.parquet").rename({"seller_zip_code_prefix": "zip"})
    items = pl.read_parquet(MARKET / "order_items.parquet").sort("order_id", "order_item_id")
    sold = items.group_by("order_id").agg(
        pl.col("seller_id").first(), pl.col("price").sum(), pl.col("freight_value").sum(), items=pl.len()
    )
    sold = sold.join(_placed(sellers, places, "seller"), on="seller_id", how="left", validate="m:1")
    orders = pl.read_parquet(MARKET / "orders.parquet").filter(pl.col("order_approved_at").is_not_null())
    whole = orders.join(_placed(people, places, "customer"), on="customer_id", how="left", validate="m:1")
    whole = whole.join(sold, on="order_id", how="left", validate="1:1")
    return whole.select(
        "order_id",
        pl.col("^(customer|seller)_(state|city|lat|lng)$"),
        "seller_id",
        "price",
        "freight_value",
        "items",
        "in_prefix_sample",
        placed_at="order_approved_at",
        planned_at=NO_INSTANT,
        delivered_at="order_delivered_customer_date",
    )


def _placed(rows: pl.DataFrame, places: pl.DataFrame, name: str) -> pl.DataFrame:
    found = rows.join(places, on="zip", how="left", validate="m:1")
    return found.drop("zip").rename({"lat": f"{name}_lat", "lng": f"{name}_lng"})


def read_shipments() -> pl.DataFrame:
    """One row per shipment from the firm's own store, with the day scheduled for it."""
    rows = pl.read_parquet(SHIPMENTS).filter(pl.col("Fulfill Via") == "From RDC").drop(WRITTEN_LATER)
    instants = {"planned_at": "Scheduled Delivery Date", "delivered_at": "Delivered to Client Date"}
    dated = rows.rename({"ID": "order_id"}).with_columns(
        *(pl.col(name).cast(pl.Datetime("us")).alias(ours) for ours, name in instants.items()), placed_at=NO_INSTANT
    )
    return dated.drop(instants.values())


def asked(rows: pl.DataFrame, now: datetime, days: int) -> pl.DataFrame:
    """The orders that begin in the days after an instant and were delivered at some time, with what was promised."""
    begun = pl.coalesce("placed_at", "planned_at")
    known = pl.when(pl.col("delivered_at") <= now).then("delivered_at").alias("delivered_at")
    later = rows.filter(begun > now, begun <= now + timedelta(days=days), pl.col("delivered_at") > now)
    if "in_prefix_sample" in rows.columns:
        later = later.filter("in_prefix_sample")
    said = promises(rows.filter(begun <= now).with_columns(known), later.drop("delivered_at"), now)
    return pl.concat([said, later.drop("order_id")], how="horizontal")


def report(name: str, rows: pl.DataFrame) -> None:
    """Prints error, kept shares and slack."""
    day = pl.col("delivered_at").dt.date()
    error = (pl.col("mean_at") - pl.col("delivered_at")).dt.total_seconds().abs() / 86_400
    kept = [(day <= pl.col(f"p{level}_on")).mean().alias(f"p{level}") for level in LEVELS]
    slack = (pl.col("p95_on") - day).dt.total_days().clip(lower_bound=0).mean()
    found = rows.select(*kept, error=error.mean(), slack=slack).row(0, named=True)
    print(f"{name}: {rows.height:,} orders, error {found['error']:.2f} days")
    for level in LEVELS[1:]:
        print(f"  the {level} % promise is kept by {found[f'p{level}']:.1%}")
    print(f"  slack of the 95 % promise {found['slack']:.1f} days")


def by_state(rows: pl.DataFrame, now: datetime, later: pl.DataFrame) -> float:
    """The summed error of medians by state over the deliveries of the last 75 days."""
    took = (pl.col("delivered_at") - pl.col("placed_at")).dt.total_seconds() / 86_400
    lately = rows.filter(pl.col("delivered_at").is_between(now - timedelta(days=LATELY_DAYS), now))
    medians = lately.group_by("customer_state").agg(usual=took.median())
    joined = later.join(medians, on="customer_state", how="left", validate="m:1")
    return float(joined.select((pl.col("usual").fill_null(strategy="mean") - took).abs().sum()).item())


def run(asks: int) -> None:
    """Prints the figures."""
    market, shipments = read_market(), read_shipments()
    last, started = market["placed_at"].max(), time.process_time()
    assert isinstance(last, datetime)
    weeks = [last - timedelta(days=7 * back) for back in range(asks, 0, -1)]
    parts = [asked(market, now, 7) for now in weeks]
    cpu = (time.process_time() - started) / asks
    usual = sum(by_state(market, now, part) for now, part in zip(weeks, parts, strict=True))
    report("marketplace", pl.concat(parts))
    print(f"  medians by state: error {usual / sum(part.height for part in parts):.2f} days; CPU {cpu:.0f} s an ask")
    end = shipments["planned_at"].max()
    assert isinstance(end, datetime)
    said = pl.concat([asked(shipments, end - timedelta(days=30 * back), 30) for back in range(asks, 0, -1)])
    report("shipments", said)
    late = (pl.col("delivered_at") - pl.col("planned_at")).dt.total_seconds().abs() / 86_400
    print(f"  the plan itself: error {said.select(late.mean()).item():.2f} days (aim: 20 % below it)")


if __name__ == "__main__":
    if not MARKET.is_dir() or not SHIPMENTS.is_file():
        sys.exit(f"{MARKET} and {SHIPMENTS} are not there: this benchmark needs the orders and shipments.")
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 6)
