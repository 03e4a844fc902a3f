"""What is cached of the plans of open orders: finished tables, until plans are made anew."""

from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import Snapshot, order_plans
from display.tables import Shown
from display.tables import order_plans as tables
from pages.parts.cache import cached
from pages.parts.visit import Visit

RIGHTS = ("sales.read", "inventory.read")


@cached
def _plans(version: Snapshot, viewer: Viewer, scope: Scope, made: str, language: str) -> Shown:  # noqa: ARG001 - what it is kept by
    return tables.plans(order_plans.plans(viewer, scope, version=version), language)


@cached
def _shipments(version: Snapshot, viewer: Viewer, scope: Scope, made: str, language: str) -> Shown:  # noqa: ARG001 - as above
    return tables.shipments(order_plans.shipments(viewer, scope, version=version), language)


@cached
def _of_order(version: Snapshot, viewer: Viewer, scope: Scope, made: str, order_id: str, language: str) -> Shown:  # noqa: ARG001 - as above
    return tables.of_order(order_plans.plans(viewer, scope, order_id, version=version), language)


def _allowed(visit: Visit) -> Viewer:
    for right in RIGHTS:
        require(visit.viewer, right)
    return visit.viewer


def plans(visit: Visit) -> Shown:
    """What is planned, as a table."""
    viewer, made = _allowed(visit), order_plans.mark()
    return _plans(visit.version, viewer, visit.scope, made, visit.language)


def of_order(visit: Visit, order_id: str) -> Shown:
    """What is planned for one order, as a table."""
    viewer, made = _allowed(visit), order_plans.mark()
    return _of_order(visit.version, viewer, visit.scope, made, order_id, visit.language)


def shipments(visit: Visit) -> Shown:
    """What leaves when, as a table."""
    viewer, made = _allowed(visit), order_plans.mark()
    return _shipments(visit.version, viewer, visit.scope, made, visit.language)


def is_made() -> bool:
    """Whether plans were worked out."""
    return bool(order_plans.mark())
