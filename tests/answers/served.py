"""Snapshots of test firms, published as a refresh would, into the home of the test."""

from collections.abc import Mapping
from datetime import UTC, datetime

import polars as pl

from analytics.aggregates import AGGREGATES
from analytics.tables import TABLES
from data_access.home import firm_home
from data_access.snapshot import Part, Snapshot, publish
from tests.analytics.firm import Firm

MADE_AT = datetime(2026, 4, 1, 6, tzinfo=UTC)


def served(tables: Firm) -> Snapshot:
    """The firm's tables and aggregates as the version that is served now."""
    made = {name: aggregate.make(tables) for name, aggregate in AGGREGATES.items()}
    parts = [*_parts("tables", {name: tables[name] for name in TABLES if name in tables}), *_parts("aggregates", made)]
    return publish(firm_home().made(), parts, at=MADE_AT, facts={})


def _parts(folder: str, frames: Mapping[str, pl.DataFrame]) -> list[Part]:
    return [Part(f"{folder}/{name}", _mark(frame), frame.clone) for name, frame in frames.items()]


def _mark(frame: pl.DataFrame) -> str:
    return f"{frame.height}/{frame.hash_rows().sort().to_list()}"
