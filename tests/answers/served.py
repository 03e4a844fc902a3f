"""Snapshots of test firms, published as a refresh would, into the home of the test."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import polars as pl

from analytics.tables import TABLES
from data_access.home import firm_home
from data_access.snapshot import Part, Snapshot, publish
from tests.analytics.firm import Firm
from tests.analytics.summed import summed

MADE_AT = datetime(2026, 4, 1, 6, tzinfo=UTC)


def served(tables: Firm, as_given: Firm | None = None) -> Snapshot:
    """The firm's tables and aggregates as the version that is served now, a second after the one before. ``as_given``:
    the master data in which another record's value counts, as it says it by itself."""
    return _served(tables, summed(tables), as_given or {})


def served_tables(tables: Firm) -> Snapshot:
    """The firm's tables alone, for answers that need no aggregate: in a part of the time."""
    return _served(tables, {}, {})


def _served(tables: Firm, aggregates: Firm, as_given: Firm) -> Snapshot:
    known = {name: tables[name] for name in TABLES if name in tables}
    parts = [*_parts("tables", known), *_parts("aggregates", aggregates), *_parts("as_given", as_given)]
    home = firm_home().made()
    earlier = len(list(home.snapshots.iterdir())) if home.snapshots.exists() else 0
    return publish(home, parts, at=MADE_AT + timedelta(seconds=earlier), facts={}, continues=lambda _earlier: False)


def _parts(folder: str, frames: Mapping[str, pl.DataFrame]) -> list[Part]:
    return [Part(f"{folder}/{name}", "", frame.clone) for name, frame in frames.items()]
