"""How many firms that stand in two systems are found to be one, and how often that is wrong: planted duplicates.

``python -m benchmarks.identities [FIRMS] [SEED]`` (default 3,000 firms) prints precision and recall of what joins, and
of what joins or is suggested, and the CPU time. The seed is another than that of the tests.
"""

import sys
import time

import polars as pl

from analytics import identities
from tests.analytics.party_variants import precision_and_recall, two_systems

SEED = 2_024


def run(count: int, seed: int) -> None:
    """Prints the figures."""
    records = two_systems(count, seed)
    started = time.process_time()
    keyed = identities.keyed(records.drop("firm"), "customer")
    joined = identities.exact_pairs(keyed, "customer").select("left", "right").unique()
    suggested = identities.suggestions(keyed, "customer").select("left", "right")
    spent = time.process_time() - started
    both = pl.concat([joined, suggested]).unique()
    for name, pairs in (("joins", joined), ("joins or is suggested", both)):
        precision, recall = precision_and_recall(records, pairs)
        print(f"{name:22} precision {precision:.2%}, recall {recall:.2%} ({pairs.height:,} pairs)")
    print(f"aim: 99% at 90%; {records.height:,} records, {spent:.2f} s CPU")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    run(given[0] if given else 3_000, given[1] if len(given) > 1 else SEED)
