"""What is cached of campaigns, their members and figures, as in ``frames``."""

from typing import Any

import plotly.graph_objects as go
import polars as pl

from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import Snapshot
from answers import campaigns as answers
from display.figures import campaigns as figures
from display.tables import Shown
from display.tables import campaigns as tables
from pages.parts.cache import cached
from pages.parts.narrowing import Choices, Filter, Least, Listing, Narrowed
from pages.parts.visit import Visit

RIGHT = "sales.read"
BY = (Filter("group", words="group."), Filter("response", words="response."), Least("orders"))
LIST = Listing(tables.MEMBERS.name, BY)


@cached
def _campaigns(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return answers.campaigns(viewer, scope, version=version)


@cached
def _campaigns_shown(version: Snapshot, viewer: Viewer, scope: Scope, language: str) -> Shown:
    return tables.campaigns(_campaigns(version, viewer, scope), language)


@cached
def _members(version: Snapshot, viewer: Viewer, scope: Scope, campaign_id: str) -> pl.DataFrame:
    return answers.members(viewer, scope, campaign_id, version=version)


@cached
def _choices(version: Snapshot, viewer: Viewer, scope: Scope, campaign_id: str, language: str) -> Choices:
    return LIST.choices(_members(version, viewer, scope, campaign_id), language)


@cached
def _figure(version: Snapshot, viewer: Viewer, scope: Scope, language: str, dark: bool) -> go.Figure | None:
    return figures.caused(_campaigns(version, viewer, scope), language, dark=dark)


def _allowed(visit: Visit) -> Viewer:
    return require(visit.viewer, RIGHT)


def campaigns(visit: Visit) -> pl.DataFrame:
    """One row per campaign, the newest first."""
    return _campaigns(visit.version, _allowed(visit), visit.scope)


def campaign(visit: Visit, campaign_id: str) -> dict[str, Any]:
    """One campaign."""
    return campaigns(visit).row(by_predicate=pl.col("campaign_id") == campaign_id, named=True)


def campaigns_shown(visit: Visit) -> Shown:
    """The campaigns as a table."""
    return _campaigns_shown(visit.version, _allowed(visit), visit.scope, visit.language)


def choices(visit: Visit, campaign_id: str) -> Choices:
    """What the list of whom a campaign addressed can be narrowed to."""
    return _choices(visit.version, _allowed(visit), visit.scope, campaign_id, visit.language)


def asked(visit: Visit, campaign_id: str) -> Narrowed:
    """What the address narrows it to."""
    return LIST.asked(choices(visit, campaign_id))


def told(visit: Visit, campaign_id: str) -> dict[str, str]:
    """The same in words."""
    return LIST.told(asked(visit, campaign_id), choices(visit, campaign_id), visit.language)


def members(visit: Visit, campaign_id: str) -> pl.DataFrame:
    """Whom a campaign addressed or held out, those that stay."""
    rows = _members(visit.version, _allowed(visit), visit.scope, campaign_id)
    return asked(visit, campaign_id).rows(rows)


def members_shown(visit: Visit, campaign_id: str) -> Shown:
    """The same as a table."""
    return tables.members(members(visit, campaign_id), visit.language)


def figure(visit: Visit) -> go.Figure | None:
    """The finished figure of orders put down to campaigns and caused by them."""
    return _figure(visit.version, _allowed(visit), visit.scope, visit.language, visit.dark)
