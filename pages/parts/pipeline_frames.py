"""What is cached of open deals, their chances and figures, as in ``frames``."""

from typing import Any

import plotly.graph_objects as go
import polars as pl

from analytics import pipeline
from analytics.access import Viewer, require
from analytics.pipeline import Velocity
from analytics.scope import Scope
from analytics.win_chances import Check
from answers import Snapshot
from answers import pipeline as answers
from display.figures import pipeline as figures
from display.tables import Shown
from display.tables import pipeline as tables
from pages.parts.cache import beside, cached
from pages.parts.narrowing import Choices, Filter, Least, Listing, Narrowed
from pages.parts.visit import Visit

RIGHT = "sales.read"
KINDS = ("all", "slipped", "short")
CHOSEN = {"slipped": "has_slipped", "short": "is_short"}
BY = (
    Filter("stage"),
    Filter("owner_id", named_by="owner"),
    Filter("customer_id", named_by="customer"),
    Filter("origin"),
    Filter("has_slipped", words="deal.slipped."),
    Filter("delivery", words="deal.delivery."),
    Least("chance", is_share=True),
    Least("amount"),
)
LIST = Listing(tables.DEALS.name, BY)


@cached
def _deals(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return answers.deals(viewer, scope, version=version)


@cached
def _check(version: Snapshot, viewer: Viewer, scope: Scope) -> Check:
    return answers.check(viewer, scope, version=version)


@cached
def _closed(version: Snapshot, viewer: Viewer, scope: Scope) -> int:
    return answers.closed(viewer, scope, version=version)


@cached
def _velocity(version: Snapshot, viewer: Viewer, scope: Scope) -> Velocity:
    return answers.velocity(viewer, scope, version=version)


@cached
def _groups(version: Snapshot, viewer: Viewer, scope: Scope, by: str) -> pl.DataFrame:
    return pipeline.grouped(_deals(version, viewer, scope), by)


@cached
def _groups_shown(version: Snapshot, viewer: Viewer, scope: Scope, by: str, language: str) -> Shown:
    return tables.groups(_groups(version, viewer, scope, by), by, language)


@cached
def _listed(version: Snapshot, viewer: Viewer, scope: Scope, kind: str, narrowed: Narrowed) -> pl.DataFrame:
    rows = narrowed.rows(_deals(version, viewer, scope))
    return rows.filter(CHOSEN[kind]) if kind in CHOSEN else rows


@cached
def _listed_shown(
    version: Snapshot, viewer: Viewer, scope: Scope, kind: str, narrowed: Narrowed, language: str
) -> Shown:
    return tables.deals(_listed(version, viewer, scope, kind, narrowed), language)


@cached
def _choices(version: Snapshot, viewer: Viewer, scope: Scope, language: str) -> Choices:
    return LIST.choices(_deals(version, viewer, scope), language)


@cached
def _stage_figure(version: Snapshot, viewer: Viewer, scope: Scope, language: str, dark: bool) -> go.Figure | None:
    return figures.stages(_groups(version, viewer, scope, "stage"), language, dark=dark)


_check_shown = beside(tables.check)


def _allowed(visit: Visit) -> Viewer:
    return require(visit.viewer, RIGHT)


def deals(visit: Visit) -> pl.DataFrame:
    """One row per open deal, the most weighted amount first."""
    return _deals(visit.version, _allowed(visit), visit.scope)


def deal(visit: Visit, opportunity_id: str) -> dict[str, Any]:
    """One open deal."""
    return deals(visit).row(by_predicate=pl.col("opportunity_id") == opportunity_id, named=True)


def check(visit: Visit) -> Check:
    """How good the chances were on the deals of the last quarter."""
    return _check(visit.version, _allowed(visit), visit.scope)


def check_shown(visit: Visit) -> Shown:
    """The same by fifths of those deals, as a table."""
    return _check_shown(check(visit).fifths, visit.language)


def closed(visit: Visit) -> int:
    """On how many closed deals chances rest."""
    return _closed(visit.version, _allowed(visit), visit.scope)


def velocity(visit: Visit) -> Velocity:
    """How fast deals become money."""
    return _velocity(visit.version, _allowed(visit), visit.scope)


def groups(visit: Visit, by: str) -> pl.DataFrame:
    """Open deals by stage or owner."""
    return _groups(visit.version, _allowed(visit), visit.scope, by)


def groups_shown(visit: Visit, by: str) -> Shown:
    """The same as a table."""
    return _groups_shown(visit.version, _allowed(visit), visit.scope, by, visit.language)


def choices(visit: Visit) -> Choices:
    """What the list of deals can be narrowed to."""
    return _choices(visit.version, _allowed(visit), visit.scope, visit.language)


def asked(visit: Visit) -> Narrowed:
    """What the address narrows it to."""
    return LIST.asked(choices(visit))


def told(visit: Visit) -> dict[str, str]:
    """The same in words."""
    return LIST.told(asked(visit), choices(visit), visit.language)


def keys(visit: Visit, kind: str) -> list[str]:
    """The open deals of a kind that stay, in their order."""
    rows = _listed(visit.version, _allowed(visit), visit.scope, kind, asked(visit))
    return rows.get_column("opportunity_id").to_list()


def listed(visit: Visit, kind: str) -> Shown:
    """The open deals of a kind that stay, as a table."""
    return _listed_shown(visit.version, _allowed(visit), visit.scope, kind, asked(visit), visit.language)


def stage_figure(visit: Visit) -> go.Figure | None:
    """The finished figure of weighted amounts by stage."""
    return _stage_figure(visit.version, _allowed(visit), visit.scope, visit.language, visit.dark)
