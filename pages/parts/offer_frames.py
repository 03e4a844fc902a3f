"""What is cached of offers, as in ``frames``; also by the study that they come from."""

import polars as pl

from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import Snapshot
from answers import offers as answers
from answers.offers import RIGHT
from display.tables import Shown
from display.tables import offers as tables
from pages.parts.cache import beside, cached
from pages.parts.visit import Visit


@cached
def _offers(version: Snapshot, viewer: Viewer, scope: Scope, studies: str, customer_id: str) -> pl.DataFrame:  # noqa: ARG001 - a key
    return answers.offers(viewer, scope, customer_id, version=version)


@cached
def _record(version: Snapshot, viewer: Viewer, scope: Scope, studies: str) -> pl.DataFrame:  # noqa: ARG001 - a key
    return answers.record(viewer, scope, version=version)


_offers_shown = beside(tables.offers)


def offers(visit: Visit, customer_id: str) -> pl.DataFrame:
    """What to offer a customer next."""
    return _offers(visit.version, require(visit.viewer, RIGHT), visit.scope, visit.studied, customer_id)


def shown(visit: Visit, customer_id: str) -> Shown:
    """The same as a table."""
    return _offers_shown(offers(visit, customer_id), visit.language)


def record(visit: Visit) -> pl.DataFrame:
    """How offers did that would have been made 90 days ago."""
    return _record(visit.version, require(visit.viewer, RIGHT), visit.scope, visit.studied)
