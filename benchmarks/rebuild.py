"""What it costs to make all cubes from the facts anew: ``python -m benchmarks.rebuild HOME``, a firm of
``benchmarks.scale``. It prints the CPU seconds of each fact, those of all, and the most memory that was held."""

import sys
import time
from pathlib import Path

from analytics.cubes import cubes
from analytics.facts import FACTS
from benchmarks.publishing import known_of, scanned
from benchmarks.scale import peak_memory
from data_access.home import Home
from data_access.snapshot import Snapshot, current

AIM_SECONDS, AIM_GB = 15, 1.5
READ = {
    "members": "aggregates/members",
    "customers": "tables/customers",
    "exchange_rates": "tables/exchange_rates",
    "companies": "tables/companies",
}


def rebuilt(version: Snapshot) -> float:
    """CPU seconds for all facts; prints those of each."""
    started = time.process_time()
    frames = {name: scanned(version, part).collect() for name, part in READ.items()}
    known = known_of(frames, version.made_at.date())
    for fact in FACTS:
        before = time.process_time()
        rows = sum(cube.height for cube in cubes(fact, scanned(version, f"aggregates/fact_{fact}"), known).values())
        counted = version.rows(f"aggregates/fact_{fact}")
        print(f"{fact:20}{counted:>12,} rows to{rows:>11,}{time.process_time() - before:9.1f} CPU s")
    return time.process_time() - started


def main() -> None:
    """Prints the figures."""
    seconds = rebuilt(current(Home(Path(sys.argv[1]))))
    print(f"all cubes: {seconds:.1f} CPU s (aim: {AIM_SECONDS}), at most {peak_memory():.2f} GB (aim: {AIM_GB})")


if __name__ == "__main__":
    main()
