"""What a wave of complaints cost in orders, beside what was planted: on sample companies of several seeds, from their
orders and the days of the wave alone: ``python -m benchmarks.waves [SEEDS]``. The aim: within 30 %.
"""

import sys

import polars as pl

from analytics.wave_effects import effect
from benchmarks.surges import ordered
from sample_data import Plan, Sample
from sample_data.truth import Fact

SEEDS, AIM = (7, 8, 9), 0.3


def bought(sample: Sample, members: tuple[str, ...]) -> pl.DataFrame:
    """What was ordered by product and week, as aggregates tell it: a product that a customer orders on a day once."""
    lines, last = ordered(sample), sample.plan.date(sample.plan.last)
    weeks_ago = (pl.lit(last) - pl.col("day_on")).dt.total_days() // 7
    buys = pl.struct("customer_id", "day_on").n_unique()
    sums = lines.with_columns(weeks_ago=weeks_ago).group_by("product_id", "region", "weeks_ago")
    weekly = sums.agg(buys=buys, quantity=pl.col("quantity").sum() / 1_000)
    return weekly.with_columns(is_member=pl.col("product_id").is_in(list(members)))


def main(seeds: tuple[int, ...] = SEEDS) -> int:
    """Prints, for each seed, the share and the orders that never came, beside the planted ones."""
    missed = 0
    for seed in seeds:
        sample = Sample(Plan(seed=seed))
        facts: dict[str, Fact] = {fact.kind: fact for fact in sample.truth.facts}
        wave, fall, after = (facts[kind] for kind in ("complaint_wave", "demand_falls", "demand_recovers"))
        until = wave.until_on or sample.plan.until
        found = effect(bought(sample, wave.product_ids), wave.from_on, until, sample.plan.date(sample.plan.last))
        if found is None:
            print(f"seed {seed}: nothing found")
            missed += 1
            continue
        share, low, high = (float(str(found[name])) for name in ("fell", "fell_low", "fell_high"))
        lost, least, most = (float(str(found[name])) for name in ("orders_lost", "orders_low", "orders_high"))
        planted = (fall.lines or 0) + (after.lines or 0)
        missed += abs(share / fall.size - 1) > AIM
        off = share / fall.size - 1
        print(
            f"seed {seed}: {share:.0%} ({low:.0%} to {high:.0%}) of {fall.size:.0%} planted ({off:+.0%}, within 30 %),"
            f" from {found['fell_on']} (planted {fall.from_on}); orders {lost:.0f} ({least:.0f} to {most:.0f}) of"
            f" {planted} ({lost / planted - 1:+.0%})"
        )
    print(f"{len(seeds) - missed} of {len(seeds)} within 30 %")
    return 0


if __name__ == "__main__":
    sys.exit(main(tuple(int(seed) for seed in sys.argv[1:]) or SEEDS))
