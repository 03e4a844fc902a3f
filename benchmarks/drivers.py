"""How often the cause of a change comes first: simulated firms, each changed by one planted cause of a material size.

``python -m benchmarks.drivers [CHANGES]`` (default 1,000) prints the share found, by kind of cause, by metric and by
size of the effect against the noise of the total; what firms are told in which nothing happened; and the CPU time. The
changes are others than those that the method was made with, and those of the tests.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

import polars as pl

from analytics.drivers import BY_CHANCE
from tests.analytics import changed_firms
from tests.analytics.changed_firms import Change

FIRST, CALM = 10_000, 200
SIZES = (2, 2.5, 3, 4, 6, 100)


def shares(found: list[tuple[Change, bool]], of: Callable[[Change], str]) -> dict[str, str]:
    """Of each group, how many were found of how many."""
    groups: dict[str, list[bool]] = {}
    for change, is_found in found:
        groups.setdefault(of(change), []).append(is_found)
    return {
        name: f"{sum(each) / len(each):6.1%}  {sum(each):4} of {len(each)}" for name, each in sorted(groups.items())
    }


def size(change: Change) -> str:
    """Between which multiples of the noise the effect lies."""
    effect = abs(change.effect_to_noise)
    upper = next(number for number in SIZES[1:] if effect < number)
    return f"{SIZES[SIZES.index(upper) - 1]} to {upper} times the noise"


def run(changes: int) -> None:
    """Prints the figures."""
    found, cpu = [], 0.0
    for seed in range(FIRST, FIRST + changes):
        change = changed_firms.change(seed)
        started = time.process_time()
        found.append((change, changed_firms.is_found(change)))
        cpu += time.process_time() - started
    overall = sum(is_found for _, is_found in found) / changes
    print(f"{datetime.now(UTC):%Y-%m-%d}  the cause comes first in {overall:.1%} of {changes:,} changes (aim: 95%)")
    for of in (lambda change: change.name, lambda change: change.metric, size):
        for name, share in shares(found, of).items():
            print(f"  {name:28}{share}")
    cells = sum(change.cells.height for change, _ in found) / changes
    print(f"{1000 * cpu / changes:.0f} ms CPU for the first driver of a firm of {cells:,.0f} cells")
    told = [pl.col("surprise") > BY_CHANCE, ~pl.col("kind").is_in(["price", "currency"])]
    loud = sum(changed_firms.calm(seed).filter(told).height > 0 for seed in range(FIRST, FIRST + CALM))
    print(f"{loud / CALM:.1%} of {CALM} firms in which nothing happened name a member beyond chance")


if __name__ == "__main__":
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
