"""Makes a firm of a size that few have, as a published snapshot: ``python -m benchmarks.scale KIND HOME [--help]``.

KIND ``shops``: 59,181,090 rows of a product, a shop and a day, of which a third have demand (see ``benchmarks.shops``).
KIND ``orders``: ten million order lines of 500,000 customers (see ``benchmarks.order_book``). ``--sixteenths 1`` and
``4`` make the same firm with a sixteenth and a quarter of the days. Equal arguments make equal rows. It prints what it
made, the CPU seconds that took, and the most memory that it held.
"""

import argparse
import resource
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import order_book, shops
from benchmarks.order_book import OrderBook
from benchmarks.publishing import Made, published
from benchmarks.shops import Shops
from data_access.home import Home
from data_access.snapshot import Snapshot

WHOLE = 16


def of_shops(sixteenths: int) -> Made:
    """The chain of shops, over so many sixteenths of its days."""
    return shops.firm(Shops(days=shops.DAYS * sixteenths // WHOLE))


def of_orders(sixteenths: int) -> Made:
    """The wholesaler, over so many sixteenths of its days, with as many lines a day."""
    lines = order_book.LINES * sixteenths // WHOLE
    return order_book.firm(OrderBook(lines=lines, days=order_book.DAYS * sixteenths // WHOLE))


KINDS: Mapping[str, Callable[[int], Made]] = {"shops": of_shops, "orders": of_orders}


def peak_memory() -> float:
    """The most memory that this process ever held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def told(version: Snapshot) -> list[str]:
    """One line per file of the version with more than 100,000 rows, the longest first, and one for all."""
    files = sorted(version.manifest["files"].items(), key=lambda file: -int(file[1]["rows"]))
    lines = [f"{name.removesuffix('.parquet'):40}{entry['rows']:>12,} rows{entry['bytes'] / 1e6:>9.1f} MB"
             for name, entry in files if entry["rows"] > 100_000]  # fmt: skip
    size = sum(entry["bytes"] for _, entry in files) / 1e6
    return [*lines, f"{len(files)} files, {size:,.0f} MB"]


def main() -> None:
    """Makes the firm and prints what it made."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("kind", choices=KINDS)
    asked.add_argument("home", type=Path, help="an empty folder; serve it with TANDEM_HOME")
    asked.add_argument("--sixteenths", type=int, choices=(1, 4, WHOLE), default=WHOLE, help="how much of the days")
    told_by = asked.parse_args()
    started = time.process_time()
    version = published(Home(told_by.home), KINDS[told_by.kind](told_by.sixteenths))
    print(*told(version), sep="\n")
    print(f"{time.process_time() - started:.0f} CPU s, at most {peak_memory():.2f} GB of memory")


if __name__ == "__main__":
    main()
