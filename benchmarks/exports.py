"""What taking a long table away costs: 100,000 rows of ten columns as Excel, CSV and Parquet, complete.

``python -m benchmarks.exports [ROWS]`` prints CPU seconds, bytes and memory beyond what was in
use, beside what is aimed at.
"""

import io
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

import fastexcel
import polars as pl

from analytics.access import Viewer
from display.tables import Column, Kind, Shown
from reports import csv, parquet, workbook
from reports.about import About

AIMS = {"xlsx": 1.0, "csv": 0.2, "parquet": 0.2}
KINDS: dict[str, Kind] = {
    "order": "text",
    "customer": "text",
    "item": "text",
    "quantity": "number",
    "amount": "money",
    "cost": "amount",
    "due_on": "day",
    "made_at": "instant",
    "share": "share",
    "state": "chip",
}


def table(rows: int) -> Shown:
    """A table of every kind of column, its texts in two scripts."""
    number = pl.int_range(rows)
    frame = pl.select(
        order=pl.format("SO-{}", number),
        customer=pl.format("Customer & Söhne {} 有限公司", number % 977),
        item=pl.format("Pump CP DN{}", number % 200),
        quantity=(number % 37).cast(pl.Float64),
        amount=(number * 37 % 99_991).cast(pl.Decimal(18, 2)) / 100,
        cost=number * 1.37,
        due_on=pl.lit(date(2026, 1, 1)) + pl.duration(days=number % 300),
        made_at=pl.lit(datetime(2026, 1, 1, 8)) + pl.duration(minutes=number),  # noqa: DTZ001 - the reader's own clock
        share=(number % 100) / 100,
        state=pl.when(number % 2 == 0).then(pl.lit("Late")).otherwise(pl.lit("On time")),
    )
    columns = tuple(Column(name, kind) for name, kind in KINDS.items())
    return Shown("orders", frame, columns, {name: name for name in KINDS}, {})


def about() -> About:
    """Who asked for it, and when."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return About(
        title="Orders",
        viewer=Viewer(user="ada", role="owner"),
        snapshot_id="one",
        seen="one",
        made_at=at,
        as_of=at.date(),
        is_sample=False,
        filters={},
        language="en",
    )


def run(rows: int) -> None:
    """Prints the figures; stops where a row is missing."""
    shown = table(rows)
    made: dict[str, Callable[[], bytes]] = {
        "xlsx": lambda: workbook.written(shown, about()),
        "csv": lambda: csv.written(shown),
        "parquet": lambda: parquet.written(shown),
    }
    for name, written in made.items():
        before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        content = written()
        cpu, after = time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        told = f"{cpu:6.2f} s CPU (aim: {AIMS[name]}), {(after - before) / 1024:4.0f} MB more (aim: 150)"
        print(f"{name:8}{told}, {len(content):,} bytes of {rows:,} rows")
        if name == "xlsx":
            assert fastexcel.read_excel(content).load_sheet(0).height == rows
        elif name == "csv":
            assert pl.read_csv(io.BytesIO(content)).height == rows


if __name__ == "__main__":
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
