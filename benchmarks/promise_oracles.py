"""Whether promises are the best there are: ``python -m benchmarks.promise_oracles [FIRMS] [PLANTS]`` (default 1,000 of
each).

Small random firms, each asked for some quantity, against trying every day and against an integer program for HiGHS; and
small random plants against every way to share the goods and every order of the work. Prints how many days are equal,
how many later by how much, and whether any promise is earlier than what can be kept.
"""

import sys
import time
from collections import Counter

from tests.analytics.test_making import random_plant, within
from tests.analytics.test_promising import days_of, random_firm, told
from tests.oracles.making import first_day
from tests.oracles.promised_program import best_day


def firms(count: int) -> None:
    """Prints how stock and receipts compare."""
    found: Counter[str] = Counter()
    for seed in range(count):
        firm, quantity, site = random_firm(seed)
        (said,) = days_of(told(firm, quantity, site=site))
        found["by brute force"] += said == firm.first_day(quantity, site)
        found["by the integer program"] += said == best_day(firm, quantity, site)
    for name, equal in found.items():
        print(f"stock and receipts, {name}: {equal:,} of {count:,} firms have the same day")


def plants(count: int) -> None:
    """Prints how making and buying compare."""
    later: Counter[str] = Counter()
    for seed in range(count):
        made, quantity = random_plant(seed)
        said, best = within(made, quantity), first_day(made, "pump", quantity)
        undated = said is None or best is None
        later["same" if said == best else "no day in one" if undated else f"{(said or 0) - (best or 0):+d} days"] += 1
    for name, times in sorted(later.items()):
        print(f"making and buying, {name}: {times:,} of {count:,} plants")


def main(of_firms: int, of_plants: int) -> None:
    """Prints both, and the CPU seconds that they took."""
    started = time.process_time()
    firms(of_firms)
    plants(of_plants)
    print(f"{time.process_time() - started:.0f} s of CPU")


if __name__ == "__main__":
    main(*(int(each) for each in (*sys.argv[1:], "1000", "1000")[:2]))
