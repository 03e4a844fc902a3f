"""What is cached of stock: positions, ages and figures, as in ``frames``, by the basis of cost too."""

import plotly.graph_objects as go
import polars as pl

from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import Snapshot, inventory, stock
from display.figures import stock as figures
from display.tables import Shown
from display.tables import inventory as inventory_tables
from display.tables import stock as tables
from pages.parts.cache import cached
from pages.parts.visit import Visit

RIGHT = "inventory.read"


@cached
def _positions(version: Snapshot, viewer: Viewer, scope: Scope, basis: str) -> pl.DataFrame:
    return stock.positions(viewer, scope, basis=basis, version=version)


@cached
def _ages(version: Snapshot, viewer: Viewer, scope: Scope, basis: str) -> pl.DataFrame:
    return stock.ages(viewer, scope, basis=basis, version=version)


@cached
def _tied_up(version: Snapshot, viewer: Viewer, scope: Scope, basis: str, language: str) -> Shown:
    return tables.positions(stock.tied_up(_positions(version, viewer, scope, basis)), language)


@cached
def _classes(version: Snapshot, viewer: Viewer, scope: Scope, basis: str, language: str) -> Shown:
    return tables.classes(stock.by_class(_positions(version, viewer, scope, basis)), language)


@cached
def _bases(version: Snapshot, viewer: Viewer, scope: Scope, basis: str, language: str) -> Shown:
    return tables.bases(stock.bases(_positions(version, viewer, scope, basis)), language)


@cached
def _holdings(version: Snapshot, viewer: Viewer, scope: Scope, basis: str, language: str, grouping: str) -> Shown:
    held, aged = _positions(version, viewer, scope, basis), _ages(version, viewer, scope, basis)
    return tables.holdings(stock.holdings(held, aged, grouping), grouping, language)


@cached
def _age_figure(
    version: Snapshot, viewer: Viewer, scope: Scope, basis: str, language: str, dark: bool
) -> go.Figure | None:
    return figures.ages(stock.by_age(_ages(version, viewer, scope, basis)), language, dark=dark)


@cached
def _class_figure(version: Snapshot, viewer: Viewer, scope: Scope, basis: str, language: str, dark: bool) -> go.Figure:
    return figures.matrix(stock.matrix(_positions(version, viewer, scope, basis)), language, dark=dark)


@cached
def _by_site(version: Snapshot, viewer: Viewer, scope: Scope, product_id: str, language: str) -> Shown:
    return inventory_tables.by_site(inventory.by_site(viewer, scope, product_id, version=version), language)


def positions(visit: Visit, basis: str) -> pl.DataFrame:
    """One row per item, site and company with stock or something on order."""
    return _positions(visit.version, require(visit.viewer, RIGHT), visit.scope, basis)


def ages(visit: Visit, basis: str) -> pl.DataFrame:
    """One row per item, site, company and age."""
    return _ages(visit.version, require(visit.viewer, RIGHT), visit.scope, basis)


def tied_up(visit: Visit, basis: str) -> Shown:
    """What lies dead, is more than needed or too much on order, as a table."""
    return _tied_up(visit.version, require(visit.viewer, RIGHT), visit.scope, basis, visit.language)


def classes(visit: Visit, basis: str) -> Shown:
    """Every item with stock and its classes, as a table."""
    return _classes(visit.version, require(visit.viewer, RIGHT), visit.scope, basis, visit.language)


def holdings(visit: Visit, basis: str, grouping: str) -> Shown:
    """The stock of each group as a table."""
    viewer = require(visit.viewer, RIGHT)
    return _holdings(visit.version, viewer, visit.scope, basis, visit.language, grouping)


def bases(visit: Visit, basis: str) -> Shown:
    """What the stock is worth on each basis of cost, as a table."""
    return _bases(visit.version, require(visit.viewer, RIGHT), visit.scope, basis, visit.language)


def age_figure(visit: Visit, basis: str) -> go.Figure | None:
    """The finished figure of money by age."""
    viewer = require(visit.viewer, RIGHT)
    return _age_figure(visit.version, viewer, visit.scope, basis, visit.language, visit.dark)


def class_figure(visit: Visit, basis: str) -> go.Figure:
    """The finished figure of money by class."""
    viewer = require(visit.viewer, RIGHT)
    return _class_figure(visit.version, viewer, visit.scope, basis, visit.language, visit.dark)


def by_site(visit: Visit, product_id: str) -> Shown:
    """One item at each of its sites as a table."""
    viewer = require(visit.viewer, RIGHT)
    return _by_site(visit.version, viewer, visit.scope, product_id, visit.language)
