"""The only cache: answers and finished figures, by snapshot, by what the viewer may see, and by what is asked.

Frames are shared by all who may see the same, and never changed. No frame is ever an argument here: a cache would tell
two large ones apart by a sample. Every function asks for the right again before it looks: a session that has expired
finds nothing in the cache either.
"""

from datetime import date
from typing import Any

import plotly.graph_objects as go
import polars as pl

from analytics.access import Viewer, entered, require
from analytics.scope import Scope
from answers import Snapshot, freshness, health, inventory, rights
from answers import choices as narrowing
from display.figures import health as health_figures
from display.figures import inventory as inventory_figures
from display.tables import Shown
from display.tables import inventory as inventory_tables
from pages.parts.cache import cached
from pages.parts.visit import Visit


@cached
def _day(version: Snapshot, viewer: Viewer) -> date:
    return inventory.day(viewer, version=version)


@cached
def _choices(version: Snapshot, viewer: Viewer) -> dict[str, pl.DataFrame]:
    return narrowing.choices(viewer, version=version)


@cached
def _loads(version: Snapshot, viewer: Viewer) -> pl.DataFrame:
    return freshness.loads(viewer, version=version)


@cached
def _reach(version: Snapshot, viewer: Viewer) -> dict[str, pl.DataFrame]:
    return rights.reach(viewer, version=version)


@cached
def _outlook(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return inventory.outlook(viewer, scope, version=version)


@cached
def _groups(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return inventory.groups(viewer, scope, version=version)


@cached
def _ranked(version: Snapshot, viewer: Viewer, scope: Scope, language: str) -> Shown:
    return inventory_tables.outlook(_outlook(version, viewer, scope), language)


@cached
def _due(version: Snapshot, viewer: Viewer, scope: Scope, product_id: str, language: str) -> Shown:
    return inventory_tables.events(inventory.events(viewer, scope, product_id, version=version), language)


@cached
def _grouped(version: Snapshot, viewer: Viewer, scope: Scope, language: str) -> Shown:
    return inventory_tables.groups(_groups(version, viewer, scope), scope.grouping, language)


@cached
def _projected_stock(
    version: Snapshot, viewer: Viewer, scope: Scope, product_id: str, language: str, dark: bool
) -> go.Figure:
    item = _outlook(version, viewer, scope).row(by_predicate=pl.col("product_id") == product_id, named=True)
    history = inventory.history(viewer, scope, product_id, version=version)
    projection = inventory.projection(viewer, scope, product_id, version=version)
    return inventory_figures.projected_stock(history, projection, item, language, dark=dark)


@cached
def _at_stake_by_group(version: Snapshot, viewer: Viewer, scope: Scope, language: str, dark: bool) -> go.Figure | None:
    return inventory_figures.at_stake_by_group(_groups(version, viewer, scope), language, dark=dark)


@cached
def _tables(version: Snapshot, viewer: Viewer) -> pl.DataFrame:
    return health.tables(viewer, version=version)


@cached
def _reconciliation(version: Snapshot, viewer: Viewer) -> pl.DataFrame:
    return health.reconciliation(viewer, version=version)


@cached
def _quarantine(version: Snapshot, viewer: Viewer) -> pl.DataFrame:
    return health.quarantine(viewer, version=version)


@cached
def _runs(version: Snapshot, viewer: Viewer) -> pl.DataFrame:
    return health.runs(viewer, version=version)


@cached
def _unified(version: Snapshot, viewer: Viewer) -> pl.DataFrame:
    return health.unified(viewer, version=version)


@cached
def _rows_by_rule(version: Snapshot, viewer: Viewer, language: str, dark: bool) -> go.Figure | None:
    return health_figures.rows_by_rule(health.quarantine(viewer, version=version), language, dark=dark)


def day(version: Snapshot, viewer: Viewer) -> date:
    """The day that the data stands for; the day of the snapshot for a viewer who does not see stock."""
    return _day(version, viewer) if viewer.may("inventory.read") else version.made_at.date()


def choices(version: Snapshot, viewer: Viewer) -> dict[str, pl.DataFrame]:
    """What the filters offer."""
    return _choices(version, narrowing.allowed(viewer))


def loads(version: Snapshot, viewer: Viewer) -> pl.DataFrame:
    """When each source was loaded."""
    return _loads(version, entered(viewer))


def reach(version: Snapshot, viewer: Viewer) -> dict[str, pl.DataFrame]:
    """What rights cut by: companies and regions."""
    return _reach(version, require(viewer, "rights.read"))


def outlook(visit: Visit) -> pl.DataFrame:
    """One row per item, ranked by consequence."""
    return _outlook(visit.version, require(visit.viewer, "inventory.read"), visit.scope)


def item(visit: Visit, product_id: str) -> dict[str, Any]:
    """The row of one item."""
    return outlook(visit).row(by_predicate=pl.col("product_id") == product_id, named=True)


def ranked(visit: Visit) -> Shown:
    """The outlook as a table."""
    viewer = require(visit.viewer, "inventory.read")
    return _ranked(visit.version, viewer, visit.scope, visit.language)


def due(visit: Visit, product_id: str) -> Shown:
    """The receipts and open orders of one item as a table."""
    viewer = require(visit.viewer, "inventory.read")
    return _due(visit.version, viewer, visit.scope, product_id, visit.language)


def grouped(visit: Visit) -> Shown:
    """The groups of the scope's grouping as a table."""
    viewer = require(visit.viewer, "inventory.read")
    return _grouped(visit.version, viewer, visit.scope, visit.language)


def projected_stock(visit: Visit, product_id: str) -> go.Figure:
    """The finished figure of one item's stock to come."""
    viewer = require(visit.viewer, "inventory.read")
    return _projected_stock(visit.version, viewer, visit.scope, product_id, visit.language, visit.dark)


def at_stake_by_group(visit: Visit) -> go.Figure | None:
    """The finished figure of money at stake by group."""
    viewer = require(visit.viewer, "inventory.read")
    return _at_stake_by_group(visit.version, viewer, visit.scope, visit.language, visit.dark)


def sources(visit: Visit) -> pl.DataFrame:
    """One row per source. Never cached: a source grows older, and an attempt fails, without a new snapshot."""
    return health.sources(require(visit.viewer, "health.read"), version=visit.version)


def tables(visit: Visit) -> pl.DataFrame:
    """One row per source table of the latest runs."""
    return _tables(visit.version, require(visit.viewer, "health.read"))


def reconciliation(visit: Visit) -> pl.DataFrame:
    """One row per sum that was compared with a source."""
    return _reconciliation(visit.version, require(visit.viewer, "health.read"))


def quarantine(visit: Visit) -> pl.DataFrame:
    """One row per row set aside."""
    return _quarantine(visit.version, require(visit.viewer, "health.read"))


def runs(visit: Visit) -> pl.DataFrame:
    """One row per run and source, the latest first."""
    return _runs(visit.version, require(visit.viewer, "health.read"))


def unified(visit: Visit) -> pl.DataFrame:
    """One row per table of the snapshot."""
    return _unified(visit.version, require(visit.viewer, "health.read"))


def rows_by_rule(visit: Visit) -> go.Figure | None:
    """The finished figure of rows set aside by rule."""
    return _rows_by_rule(visit.version, require(visit.viewer, "health.read"), visit.language, visit.dark)
