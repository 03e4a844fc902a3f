"""How well it is foretold which deals are won, and whether campaigns seem to cause what they cannot have caused.

``python -m benchmarks.deals`` learns from a pipeline of 6,815 deals without those that closed in its last quarter, and
prints the squared error on these beside that of plain rates; then what the campaigns of a grocer (completejourney)
caused among households, with the placebo of each. Nobody was held out there: others of the same shops stand in.
"""

import time
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from analytics.campaign_effects import BEFORE_DAYS, caused
from analytics.win_chances import CHANGES, DEALS, check

CRM = Path("../shared/data/crm")
NONE = pl.lit(None, dtype=pl.String)


def deals() -> pl.DataFrame:
    """The pipeline's deals that were begun: see ``analytics.win_chances.DEALS``."""
    rows = pl.read_parquet(CRM / "maven_sales_pipeline.parquet").drop_nulls("engage_date")
    accounts = pl.read_parquet(CRM / "maven_accounts.parquet").select("account", region="sector")
    is_won = pl.when(pl.col("close_date").is_not_null()).then(pl.col("deal_stage") == "Won")
    placed = rows.join(accounts, on="account", how="left", validate="m:1")
    told = placed.select(
        "opportunity_id", "region", created_on="engage_date", closed_on="close_date", is_won=is_won,
        owner_id="sales_agent", product_id=pl.col("product").str.replace("GTXPro", "GTX Pro", literal=True),
        origin=NONE, stage=NONE, amount=pl.lit(None, dtype=pl.Float64),
    )  # fmt: skip
    return told.select(pl.col(name).cast(kind) for name, kind in DEALS.items())


def win_chances() -> None:
    """Prints the error of chances beside that of rates."""
    rows, since = deals(), time.process_time()
    as_of = rows["closed_on"].max()
    if not isinstance(as_of, date):
        return
    found = check(rows, pl.DataFrame(schema=CHANGES), as_of)
    print(f"{found.deals} deals closed in the 91 days up to {as_of}, {time.process_time() - since:.1f} CPU s")
    for name, error in found.brier.items():
        print(f"  squared error of {name:8} {error:.4f}")
    print(f"  chance and share won differ by {found.error:.4f} (aim: at most 0.03)")


def households() -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The grocer's campaigns with half a year before them, who was addressed, and what was bought."""
    bought = pl.read_parquet(CRM / "completejourney_transactions_sample.parquet")
    sales = bought.select(
        customer_id="household_id", day_on=pl.col("transaction_timestamp").dt.date(), family=NONE, amount="sales_value"
    )
    began = bought["transaction_timestamp"].dt.date().min()
    heads = pl.read_parquet(CRM / "completejourney_campaign_descriptions.parquet")
    named = heads.select("campaign_id", starts_on="start_date", ends_on="end_date")
    late = named.filter(pl.col("starts_on") >= pl.lit(began) + timedelta(days=BEFORE_DAYS))
    sent = pl.read_parquet(CRM / "completejourney_campaigns.parquet")
    addressed = sent.select("campaign_id", customer_id="household_id", group=pl.lit("addressed")).unique()
    everybody = late.select("campaign_id").join(sales.select("customer_id").unique(), how="cross")
    others = everybody.join(addressed, on=("campaign_id", "customer_id"), how="anti")
    return late, pl.concat([addressed, others.with_columns(group=pl.lit("others"))]), sales


def campaigns() -> None:
    """Prints what each campaign caused, with its placebo."""
    heads, people, sales = households()
    as_of = sales["day_on"].max()
    since = time.process_time()
    found = caused(heads, people, sales, pl.DataFrame(schema={"campaign_id": pl.String, "family": pl.String}), as_of)  # type: ignore[arg-type]
    print(f"{found.height} campaigns, {time.process_time() - since:.1f} CPU s; order days caused, and by the placebo")
    for row in found.iter_rows(named=True):
        spans = [f"{row[name]:7.1f} ({row[f'{name}_low']:7.1f} to {row[f'{name}_high']:7.1f})"
                 for name in ("orders", "placebo") if row[name] is not None]  # fmt: skip
        print(f"  {row['campaign_id']:>3} {row['addressed']:5} addressed {' '.join(spans)} {row['verdict']}")


if __name__ == "__main__":
    if CRM.exists():
        win_chances()
        campaigns()
    else:
        print(f"{CRM} is not there: nothing to measure.")
