"""What is cached of stock-outs: risks, one item's course, whom it hits, and figures, as in ``frames``."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import Snapshot
from answers import stock_outs as answers
from display.figures import stock_outs as figures
from display.tables import Shown
from display.tables import stock_outs as tables
from pages.parts.cache import cached
from pages.parts.visit import Visit

RIGHT = "inventory.read"
LISTED = 500
Key = tuple[str, str, str]


@cached
def _risks(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return answers.risks(viewer, scope, version=version)


@cached
def _listed(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return answers.listed(_risks(version, viewer, scope))


@cached
def _ranked(version: Snapshot, viewer: Viewer, scope: Scope, language: str) -> Shown:
    return tables.risks(_listed(version, viewer, scope), language)


@cached
def _names(version: Snapshot, viewer: Viewer, scope: Scope, language: str) -> dict[Key, str]:
    rows = _listed(version, viewer, scope).head(LISTED).rows(named=True)
    return {tuple(row[name] for name in answers.KEYS): tables.place_name(row, language) for row in rows}


@cached
def _silent(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return answers.without_opinion(viewer, scope, version=version)


@cached
def _hit(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return answers.hit(viewer, scope, version=version)


@cached
def _course(version: Snapshot, viewer: Viewer, scope: Scope, key: Key) -> pl.DataFrame:
    return answers.course(viewer, scope, *key, version=version)


@cached
def _receipts(version: Snapshot, viewer: Viewer, scope: Scope, key: Key) -> pl.DataFrame:
    return answers.receipts(viewer, scope, *key, version=version)


@cached
def _covers(version: Snapshot, viewer: Viewer, scope: Scope, key: Key, language: str) -> Shown:
    return tables.covers(_receipts(version, viewer, scope, key), language)


@cached
def _orders(version: Snapshot, viewer: Viewer, scope: Scope, key: Key, language: str) -> Shown:
    return tables.orders(answers.orders(viewer, scope, *key, version=version), language)


@cached
def _grounds(version: Snapshot, viewer: Viewer, scope: Scope, key: Key) -> pl.DataFrame:
    return answers.grounds(viewer, scope, *key, version=version)


@cached
def _chance_figure(version: Snapshot, viewer: Viewer, scope: Scope, key: Key, language: str, dark: bool) -> go.Figure:
    course, receipts = _course(version, viewer, scope, key), _receipts(version, viewer, scope, key)
    return figures.chance(course, receipts, _row(_risks(version, viewer, scope), key), language, dark=dark)


@cached
def _course_figure(version: Snapshot, viewer: Viewer, scope: Scope, key: Key, language: str, dark: bool) -> go.Figure:
    return figures.course(_course(version, viewer, scope, key), language, dark=dark)


@cached
def _groups(version: Snapshot, viewer: Viewer, scope: Scope, language: str, grouping: str) -> Shown:
    return tables.groups(answers.grouped(_risks(version, viewer, scope), grouping), grouping, language)


def _row(rows: pl.DataFrame, key: Sequence[str]) -> dict[str, Any]:
    found = pl.all_horizontal(pl.col(name) == part for name, part in zip(answers.KEYS, key, strict=True))
    return rows.row(by_predicate=found, named=True)


def _allowed(visit: Visit) -> Viewer:
    return require(visit.viewer, RIGHT)


def risks(visit: Visit) -> pl.DataFrame:
    """One row per item, site and company that something is asked of."""
    return _risks(visit.version, _allowed(visit), visit.scope)


def listed(visit: Visit) -> pl.DataFrame:
    """The risks that ask for attention, the most expected loss first."""
    return _listed(visit.version, _allowed(visit), visit.scope)


def risk(visit: Visit, key: Key) -> dict[str, Any]:
    """One item at one site."""
    return _row(risks(visit), key)


def ranked(visit: Visit) -> Shown:
    """The risks that ask for attention, as a table."""
    return _ranked(visit.version, _allowed(visit), visit.scope, visit.language)


def names(visit: Visit, chosen: Key) -> dict[Key, str]:
    """What the first of the list, and the chosen item at a site, are called."""
    found = _names(visit.version, _allowed(visit), visit.scope, visit.language)
    return found if chosen in found else {chosen: tables.place_name(risk(visit, chosen), visit.language), **found}


def silent(visit: Visit) -> pl.DataFrame:
    """The items with stock of which there is no opinion."""
    return _silent(visit.version, _allowed(visit), visit.scope)


def hit(visit: Visit) -> pl.DataFrame:
    """How many orders and customers are hit."""
    return _hit(visit.version, _allowed(visit), visit.scope)


def course(visit: Visit, key: Key) -> pl.DataFrame:
    """What lies ahead of one item at one site, by day."""
    return _course(visit.version, _allowed(visit), visit.scope, key)


def receipts(visit: Visit, key: Key) -> pl.DataFrame:
    """What is on order of one item for one site."""
    return _receipts(visit.version, _allowed(visit), visit.scope, key)


def covers(visit: Visit, key: Key) -> Shown:
    """What is on order of one item for one site, as a table."""
    return _covers(visit.version, _allowed(visit), visit.scope, key, visit.language)


def orders(visit: Visit, key: Key) -> Shown:
    """Whom a shortage of one item at one site hits, as a table."""
    return _orders(visit.version, _allowed(visit), visit.scope, key, visit.language)


def grounds(visit: Visit, key: Key) -> pl.DataFrame:
    """On how much experience the chances rest."""
    return _grounds(visit.version, _allowed(visit), visit.scope, key)


def chance_figure(visit: Visit, key: Key) -> go.Figure:
    """The finished figure of the chance to have run out by each day."""
    return _chance_figure(visit.version, _allowed(visit), visit.scope, key, visit.language, visit.dark)


def course_figure(visit: Visit, key: Key) -> go.Figure:
    """The finished figure of stock to come."""
    return _course_figure(visit.version, _allowed(visit), visit.scope, key, visit.language, visit.dark)


def groups(visit: Visit, grouping: str) -> Shown:
    """The risks of each group as a table."""
    return _groups(visit.version, _allowed(visit), visit.scope, visit.language, grouping)
