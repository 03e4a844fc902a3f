"""What is cached of the change of cycle time since a day."""

from datetime import date

import polars as pl

from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import Snapshot, cycle_change
from display.tables import Shown
from display.tables import cycle_change as tables
from pages.parts.cache import cached
from pages.parts.visit import Visit

RIGHT = "sales.read"


@cached
def _change(version: Snapshot, viewer: Viewer, scope: Scope, since: str) -> pl.DataFrame:
    return cycle_change.change(viewer, scope, date.fromisoformat(since), version=version)


@cached
def _kinds(version: Snapshot, viewer: Viewer, scope: Scope, since: str, language: str) -> Shown:
    return tables.kinds(cycle_change.kinds(viewer, scope, date.fromisoformat(since), version=version), language)


def change(visit: Visit, since_on: date) -> pl.DataFrame:
    """The change since a day."""
    return _change(visit.version, require(visit.viewer, RIGHT), visit.scope, since_on.isoformat())


def kinds(visit: Visit, since_on: date) -> Shown:
    """What is compared, as a table."""
    return _kinds(visit.version, require(visit.viewer, RIGHT), visit.scope, since_on.isoformat(), visit.language)
