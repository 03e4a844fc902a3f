"""What is kept of figures that people put beside forecasts: until one is given, withdrawn, or more is known."""

import polars as pl

from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import Snapshot, demand, overrides
from display.tables import Shown
from display.tables import overrides as tables
from pages.parts.cache import cached
from pages.parts.visit import Visit

READ = "inventory.read"


@cached
def _register(version: Snapshot, viewer: Viewer, scope: Scope, study: str, given: int, item: str) -> pl.DataFrame:  # noqa: ARG001 - kept by it
    return overrides.register(viewer, scope, item, version=version)


@cached
def _standing(version: Snapshot, viewer: Viewer, scope: Scope, study: str, given: int, item: str) -> pl.DataFrame:  # noqa: ARG001 - kept by it
    return overrides.standing(viewer, scope, item, version=version)


@cached
def _added(version: Snapshot, viewer: Viewer, scope: Scope, study: str, given: int, by: str, language: str) -> Shown:  # noqa: ARG001 - kept by it
    return tables.added(overrides.value_added(viewer, scope, by, version=version), language)


def _key(visit: Visit) -> tuple[Snapshot, Viewer, Scope, str, int]:
    return visit.version, require(visit.viewer, READ), visit.scope, demand.made(), overrides.mark()


def register(visit: Visit, item: str) -> pl.DataFrame:
    """The figures of all items or of one."""
    return _register(*_key(visit), item)


def registered(visit: Visit, item: str) -> Shown:
    """The same as a table. Not kept: it is short."""
    return tables.register(register(visit, item), visit.language, visit.zone)


def standing(visit: Visit, item: str) -> pl.DataFrame:
    """The figures that stand beside the forecast of one item."""
    return _standing(*_key(visit), item)


def added(visit: Visit, by: str) -> Shown:
    """Whether figures were nearer than the forecast, as a table."""
    return _added(*_key(visit), by, visit.language)
