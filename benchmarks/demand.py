"""How well the firm's own demand and stock-outs are foretold: the sample company's studies beside their anchors.

Run it on a home that holds the sample company: ``python -m benchmarks.demand HOME``, where HOME is the sample's folder
with truth.json. It prints hidden demand beside the planted one, bands, errors beside the year before, what
signs of sales and service add, and reliability.
"""

import json
import sys
import time
from datetime import date
from pathlib import Path

import polars as pl

from analytics.crm_gains import summed
from analytics.reliability import bins, skills
from data_access.home import Home
from data_access.snapshot import current
from refresh.studies import STUDIES, StudyInput, last_day

LEAF = ("product_id", "site_id", "company_id", "region")


def main(folder: Path) -> None:
    """Works out both studies and prints their figures."""
    snapshot = current(Home(folder, is_sample=True))
    asked = StudyInput(snapshot, last_day(snapshot))
    frames: dict[str, pl.DataFrame] = {}
    for study in ("forecasts", "stock_outs"):
        begun = time.process_time()
        frames |= STUDIES[study](asked)
        print(f"{study}: {time.process_time() - begun:.1f} CPU s (well under 60)")
    hidden(frames["hidden_demand"], json.loads((folder / "truth.json").read_text(encoding="utf-8")))
    bands(frames["record"], frames["leaves"])
    signs(frames["crm_tests"], frames["crm_effects"])
    chances(frames["chances"])


def hidden(found: pl.DataFrame, facts: list[dict[str, object]]) -> None:
    """Hidden demand in the days and items in which it was planted, and all that was found."""
    planted = [fact for fact in facts if fact["kind"] == "shelf_empty"]
    parts = [
        found.filter(
            pl.col("product_id").str.ends_with(f":{fact['product_id']}")
            & pl.col("company_id").str.ends_with(f":{fact['company_id']}")
            & pl.col("day_on").is_between(
                date.fromisoformat(str(fact["from_on"])), date.fromisoformat(str(fact["until_on"]))
            )
        )
        for fact in planted
    ]
    for name, column in (("units", "lost"), ("lines", "lost_lines")):
        truth = sum(float(str(fact[name])) for fact in planted)
        there = sum(float(part[column].sum()) for part in parts)
        whole = float(found[column].sum())
        print(
            f"hidden {name}: {whole:.0f} found, {there:.0f} where planted, {truth:.0f} planted"
            f" ({whole / truth - 1:+.1%}, within 15 %)"
        )


def bands(record: pl.DataFrame, leaves: pl.DataFrame) -> None:
    """Coverage and errors by horizon, at list prices."""
    priced = record.join(leaves.select(*LEAF, "price"), on=LEAF, how="inner", validate="m:1", nulls_equal=True)
    price, cases = pl.col("price"), pl.col("cases").sum()
    came = (pl.col("came") * price).sum()
    told = priced.group_by("span").agg(
        off=(pl.col("missed") * price).sum() / came,
        last_year=(pl.col("missed_last_year") * price).sum() / came,
        average=(pl.col("missed_average") * price).sum() / came,
        bias=((pl.col("told") - pl.col("came")) * price).sum() / came,
        in_80=pl.col("within_80").sum() / cases,
        in_95=pl.col("within_95").sum() / cases,
        below_90=pl.col("below_90").sum() / cases,
        pinball=(pl.col("pinball") * price).sum() / (pl.col("pinball_naive") * price).sum(),
    )
    for row in told.sort("span").iter_rows(named=True):
        numbers = ", ".join(f"{name} {value:.3f}" for name, value in row.items() if name != "span")
        print(f"single items, {row['span']}: {numbers}")


def signs(tests: pl.DataFrame, effects: pl.DataFrame) -> None:
    """What signs of sales, marketing and service add to four weeks of categories, beside shuffled ones; by currency."""
    for (currency,), part in tests.group_by("currency", maintain_order=True):
        row = summed(part, pl.lit(1.0)).row(0, named=True)
        print(
            f"signs of sales and service, {currency}: gain {row['gained']:+.1%} ({row['low']:+.1%} to"
            f" {row['high']:+.1%}), shuffled {row['placebo']:+.1%}, best of 19 {row['placebo_most']:+.1%}, on"
            f" {row['tests']} days"
        )
    print(f"signs are used in {effects['is_used'].sum()} of {effects.height} categories and regions")


def chances(rows: pl.DataFrame) -> None:
    """Stock-outs: skill, calibration, and the class of 90 % and more."""
    for row in skills(rows).iter_rows(named=True):
        print(
            f"out within {row['days']} days: said {row['said']:.1%}, came {row['came']:.1%} of {row['cases']:,}, skill"
            f" {row['skill']:.2f} (0.15), calibration error {row['off']:.3f} (0.02)"
        )
    for row in bins(rows.filter(pl.col("days") == 28)).tail(1).iter_rows(named=True):
        print(f"within 28 days, said {row['said']:.1%}: came {row['came']:.1%} of {row['cases']} (87 to 93 % at 90 %)")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
