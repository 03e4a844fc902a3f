"""What is cached of forecast accuracy, as in ``frames``; by the studies that told it, too."""

import plotly.graph_objects as go
import polars as pl

from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import Snapshot, accuracy, demand
from display.figures import accuracy as figures
from display.tables import Shown
from display.tables import accuracy as tables
from pages.parts.cache import cached
from pages.parts.visit import Visit

RIGHT = "inventory.read"


@cached
def _skills(version: Snapshot, viewer: Viewer, scope: Scope, study: str, source: str) -> pl.DataFrame:  # noqa: ARG001 - kept by it
    return accuracy.skill(viewer, scope, source, version=version)


@cached
def _chances(version: Snapshot, viewer: Viewer, scope: Scope, study: str, source: str, days: int) -> pl.DataFrame:  # noqa: ARG001 - kept by it
    return accuracy.reliability(viewer, scope, source, days, version=version)


@cached
def _chances_shown(
    version: Snapshot, viewer: Viewer, scope: Scope, study: str, source: str, days: int, language: str
) -> Shown:
    return tables.chances(_chances(version, viewer, scope, study, source, days), language)


@cached
def _errors(version: Snapshot, viewer: Viewer, scope: Scope, study: str, by: str) -> pl.DataFrame:  # noqa: ARG001 - kept by it
    return demand.accuracy(viewer, scope, by, version=version)


@cached
def _errors_shown(version: Snapshot, viewer: Viewer, scope: Scope, study: str, by: str, language: str) -> Shown:
    return tables.errors(_errors(version, viewer, scope, study, by), by, language)


@cached
def _foretold(version: Snapshot, viewer: Viewer, scope: Scope, study: str) -> pl.DataFrame:  # noqa: ARG001 - kept by it
    return demand.foretold(viewer, scope, version=version)


@cached
def _signs(version: Snapshot, viewer: Viewer, scope: Scope, study: str) -> pl.DataFrame:  # noqa: ARG001 - kept by it
    return demand.signs(viewer, scope, version=version)


@cached
def _signs_shown(version: Snapshot, viewer: Viewer, scope: Scope, study: str, language: str) -> Shown:
    return tables.signs(_signs(version, viewer, scope, study), language)


@cached
def _chance_figure(
    version: Snapshot, viewer: Viewer, scope: Scope, study: str, of: tuple[str, int], language: str, dark: bool
) -> go.Figure | None:
    return figures.reliability(_chances(version, viewer, scope, study, *of), language, dark=dark)


@cached
def _told_figure(
    version: Snapshot, viewer: Viewer, scope: Scope, study: str, language: str, dark: bool
) -> go.Figure | None:
    rows = _foretold(version, viewer, scope, study).filter(pl.col("weeks") == 1)
    return figures.told(rows, language, dark=dark)


def _key(visit: Visit, study: str) -> tuple[Snapshot, Viewer, Scope, str]:
    return visit.version, require(visit.viewer, RIGHT), visit.scope, study


def is_known(visit: Visit) -> bool:
    """Whether anything was worked out yet."""
    require(visit.viewer, RIGHT)
    return bool(accuracy.made() or demand.made())


def skills(visit: Visit, source: str) -> pl.DataFrame:
    """How good chances of stock-outs were, by days."""
    return _skills(*_key(visit, accuracy.made()), source)


def chances(visit: Visit, source: str, days: int) -> pl.DataFrame:
    """Chances beside what came, by class."""
    return _chances(*_key(visit, accuracy.made()), source, days)


def chances_shown(visit: Visit, source: str, days: int) -> Shown:
    """The same as a table."""
    return _chances_shown(*_key(visit, accuracy.made()), source, days, visit.language)


def chance_figure(visit: Visit, source: str, days: int) -> go.Figure | None:
    """The finished figure of chances beside what came."""
    return _chance_figure(*_key(visit, accuracy.made()), (source, days), visit.language, visit.dark)


def errors(visit: Visit, by: str) -> pl.DataFrame:
    """How far forecasts of single items were off."""
    return _errors(*_key(visit, demand.made()), by)


def errors_shown(visit: Visit, by: str) -> Shown:
    """The same as a table."""
    return _errors_shown(*_key(visit, demand.made()), by, visit.language)


def foretold(visit: Visit) -> pl.DataFrame:
    """What hindcasts would have told of all items together, beside what came."""
    return _foretold(*_key(visit, demand.made()))


def missed(visit: Visit) -> pl.DataFrame:
    """How far these were off."""
    return demand.missed(foretold(visit))


def told_figure(visit: Visit) -> go.Figure | None:
    """The finished figure of what would have been told beside what came."""
    return _told_figure(*_key(visit, demand.made()), visit.language, visit.dark)


def signs(visit: Visit) -> pl.DataFrame:
    """What signs of sales, marketing and service add to the forecast."""
    return _signs(*_key(visit, demand.made()))


def signs_shown(visit: Visit) -> Shown:
    """The same as a table."""
    return _signs_shown(*_key(visit, demand.made()), visit.language)
