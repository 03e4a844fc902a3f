"""Whether surges are found, and how soon, and how many alarms are false: on sample companies of several seeds, day by
day while the planted surge begins and then by the week, and on the 182 days before, on which none runs:
``python -m benchmarks.surges [SEEDS]``.

The aim: the planted surge found within 5 days, with no more than one false alarm in ten.
"""

import sys
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from analytics.surges import surges
from sample_data import Plan, Sample
from sample_data.days import COUNTRIES
from sample_data.demand import REAL

SURGE_DAYS, CALM_DAYS, AIM_DAYS, AIM_FALSE = 42, 182, 5, 0.1
DAILY, EVERY = 12, 10


@dataclass
class Found:
    """What was seen of one sample: after how many days the surge was found in each of its markets; the other alarms, by
    product and region, while it ran and before."""

    days: dict[str, int]
    false: set[tuple[str, str | None]]
    calm: set[tuple[str, str | None]]


def ordered(sample: Sample) -> pl.DataFrame:
    """The order lines of a sample, a market by customers' region."""
    demand = sample.demand
    regions = np.array([region for region, _ in sample.customers.homes])
    is_real = (demand.state == REAL)[demand.order]
    keys = np.array([product.key for product in sample.catalogue.products])
    first = sample.plan.date(0)
    days = [first + timedelta(days=int(day)) for day in demand.day[demand.order]]
    rows = pl.DataFrame(
        {
            "product_id": keys[demand.product],
            "customer_id": demand.customer[demand.order].astype(str),
            "region": regions[demand.customer[demand.order]],
            "company_id": demand.company[demand.order].astype(str),
            "document": demand.order.astype(str),
            "day_on": days,
            "quantity": demand.quantity.astype(np.float64),
        }
    )
    return rows.filter(pl.Series(is_real))


def addressed(sample: Sample) -> pl.DataFrame:
    """Whom campaigns addressed."""
    campaigns, plan = sample.demand.campaigns, sample.plan
    parts = [
        pl.DataFrame({"customer_id": who.astype(str)}).with_columns(
            starts_on=pl.lit(plan.date(campaigns.first(campaign))),
            ends_on=pl.lit(plan.date(campaigns.end(campaign) - 1)),
        )
        for campaign, who in zip(campaigns.all, campaigns.addressed, strict=True)
    ]
    return pl.concat(parts)


def watched(seed: int) -> Found:
    """One sample company, looked at day by day while its surge runs, and every week of the half year before."""
    sample = Sample(Plan(seed=seed))
    lines, members, last = ordered(sample), addressed(sample), sample.plan.date(sample.plan.last)
    fact = next(each for each in sample.truth.facts if each.kind == "product_surges")
    country = COUNTRIES.index(str(fact.country))
    places = zip(sample.customers.homes, sample.customers.country.tolist(), strict=True)
    homes = {region for (region, _), where in places if where == country}
    found = Found({}, set(), set())
    watch = (*range(SURGE_DAYS - 1, SURGE_DAYS - DAILY, -1), *range(SURGE_DAYS - DAILY - EVERY, -1, -EVERY))
    for back in watch:
        for product, region in _alarms(lines, members, last - timedelta(days=back)):
            if product == fact.product_id and region in {None, *homes}:
                found.days.setdefault(region or "all", SURGE_DAYS - back)
            else:
                found.false.add((product, region))
    for back in range(SURGE_DAYS, SURGE_DAYS + CALM_DAYS, EVERY):
        found.calm.update(_alarms(lines, members, last - timedelta(days=back)))
    return found


def _alarms(lines: pl.DataFrame, members: pl.DataFrame, on: date) -> list[tuple[str, str | None]]:
    told = surges(lines, members, on).filter(pl.col("kind") == "surge")
    return list(told.select("product_id", "region").iter_rows())


def main(seeds: int = 5) -> None:
    """Prints what was found, seed by seed and together."""
    every = []
    for seed in range(1, seeds + 1):
        found = watched(seed)
        every.append(found)
        others = f"false while it runs {len(found.false)}, before {len(found.calm)}"
        print(f"seed {seed}: found after {found.days or 'never'} days; {others}", flush=True)
    hits = [day for found in every for day in found.days.values()]
    first = [min(found.days.values(), default=SURGE_DAYS + 1) for found in every]
    false = sum(len(found.false) for found in every)
    share = false / max(false + len(hits), 1)
    within = sum(day <= AIM_DAYS for day in first)
    print(f"found within {AIM_DAYS} days: {within} of {len(every)} (median day {int(np.median(first))})")
    print(f"false alarms while it runs: {false} of {false + len(hits)} alarms, {share:.2f} (aim at most {AIM_FALSE})")
    calm = sum(len(found.calm) for found in every)
    print(f"alarms in the half year before, when nothing surges: {calm} in {len(every)} firms of five markets")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:2]))
