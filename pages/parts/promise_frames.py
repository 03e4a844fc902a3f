"""What is kept of holds and promises: finished tables, until more was said or more is known of the past."""

import polars as pl

from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import Snapshot, promise_rules, promises
from answers.delivery import Holds
from display.tables import Shown
from display.tables import promises as tables
from pages.parts import delivery_frames
from pages.parts.cache import cached
from pages.parts.visit import Visit

Mark = tuple[int, str | None]


@cached
def _register(
    version: Snapshot,
    viewer: Viewer,
    scope: Scope,
    about: tuple[str, Mark, int],  # noqa: ARG001 - what it is kept by
    held: Holds,  # noqa: ARG001 - as above
) -> pl.DataFrame:
    return promises.register(viewer, scope, version=version)


@cached
def _kept(version: Snapshot, viewer: Viewer, scope: Scope, user: str, said: Mark, language: str) -> Shown:  # noqa: ARG001 - as above
    return tables.kept(promises.kept_shares(viewer, scope, version=version), language)


@cached
def _kept_by(
    version: Snapshot,
    viewer: Viewer,
    scope: Scope,
    about: tuple[str, Mark],  # noqa: ARG001 - what it is kept by
    by: str,
    level: int,
    language: str,
) -> Shown:
    return tables.kept_by(promises.kept_by(viewer, scope, by, level, version=version), by, language)


def _allowed(visit: Visit) -> Viewer:
    for right in delivery_frames.RIGHTS:
        require(visit.viewer, right)
    return visit.viewer


def register(visit: Visit) -> pl.DataFrame:
    """What was held and promised; it changes with the firm's rules and when a hold ends, too. Kept by person: without a
    customer it is told to whose it is."""
    viewer, held = _allowed(visit), delivery_frames.held(visit)
    about = (viewer.user, promises.mark(), promise_rules.mark())
    return _register(visit.version, viewer, visit.scope, about, held)


def registered(visit: Visit) -> Shown:
    """What was held and promised as a table. Not kept: it is short."""
    return tables.register(register(visit), visit.language, visit.zone)


def kept(visit: Visit) -> Shown:
    """How promises were kept as a table."""
    viewer = _allowed(visit)
    return _kept(visit.version, viewer, visit.scope, viewer.user, promises.mark(), visit.language)


def kept_by(visit: Visit, by: str, level: int) -> Shown:
    """How promises of one confidence were kept by lane or by person as a table."""
    viewer = _allowed(visit)
    about = (viewer.user, promises.mark())
    return _kept_by(visit.version, viewer, visit.scope, about, by, level, visit.language)
