"""What is cached of customers that order at an equal interval and of what segments cost, as in ``frames``; also by the
study that they come from, which may be newer than the snapshot."""

from typing import Any

import polars as pl

from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import Snapshot
from answers import customers as answers
from answers import profiles as segments
from display.tables import Shown
from display.tables import contracts as tables
from pages.parts.cache import beside, cached
from pages.parts.customer_frames import RIGHT
from pages.parts.visit import Visit


@cached
def _contracts(version: Snapshot, viewer: Viewer, scope: Scope, studies: str) -> pl.DataFrame:  # noqa: ARG001 - a key
    rows = answers.customers(viewer, scope, version=version)
    known = rows.select("customer_id", "customer", "segment", "currency")
    found = answers.contracts(viewer, scope, version=version)
    return found.join(known, on="customer_id", how="inner", validate="1:1", maintain_order="left")


@cached
def _check(version: Snapshot, viewer: Viewer, scope: Scope, studies: str) -> pl.DataFrame:  # noqa: ARG001 - a key
    return answers.contracts_check(viewer, scope, version=version)


@cached
def _profiles(version: Snapshot, viewer: Viewer, scope: Scope, studies: str) -> pl.DataFrame:  # noqa: ARG001 - a key
    return segments.profiles(viewer, scope, version=version)


@cached
def _clusters(version: Snapshot, viewer: Viewer, scope: Scope, studies: str) -> pl.DataFrame:  # noqa: ARG001 - a key
    return segments.clusters(viewer, scope, version=version)


@cached
def _clusters_check(version: Snapshot, viewer: Viewer, scope: Scope, studies: str) -> pl.DataFrame:  # noqa: ARG001 - a key
    return segments.clusters_check(viewer, scope, version=version)


_contracts_shown = beside(tables.contracts)
_check_shown = beside(tables.check)
_profiles_shown = beside(tables.profiles)
_clusters_shown = beside(tables.clusters)


def _allowed(visit: Visit) -> Viewer:
    return require(visit.viewer, RIGHT)


def _rows(visit: Visit) -> pl.DataFrame:
    return _contracts(visit.version, _allowed(visit), visit.scope, visit.studied)


def contracts(visit: Visit) -> Shown:
    """The customers that order at an equal interval, as a table."""
    return _contracts_shown(_rows(visit), visit.language)


def keys(visit: Visit) -> list[str]:
    """These customers, in their order."""
    return _rows(visit).get_column("customer_id").to_list()


def contract(visit: Visit, customer_id: str) -> dict[str, Any] | None:
    """The contract of one customer, if it has one."""
    found = _rows(visit).filter(pl.col("customer_id") == customer_id)
    return found.row(0, named=True) if found.height else None


def check(visit: Visit) -> pl.DataFrame:
    """What was said of contracts in the past beside what came."""
    return _check(visit.version, _allowed(visit), visit.scope, visit.studied)


def check_shown(visit: Visit) -> Shown:
    """The same as a table."""
    return _check_shown(check(visit), visit.language)


def profiles(visit: Visit) -> pl.DataFrame:
    """What segments buy and cost."""
    return _profiles(visit.version, _allowed(visit), visit.scope, visit.studied)


def profiles_shown(visit: Visit) -> Shown:
    """The same as a table."""
    return _profiles_shown(profiles(visit), visit.language)


def clusters(visit: Visit) -> Shown:
    """The groups that customers form by themselves, as a table."""
    return _clusters_shown(_clusters(visit.version, _allowed(visit), visit.scope, visit.studied), visit.language)


def clusters_check(visit: Visit) -> pl.DataFrame:
    """How far those groups are found again."""
    return _clusters_check(visit.version, _allowed(visit), visit.scope, visit.studied)
