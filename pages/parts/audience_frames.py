"""What is cached of audiences, as in ``frames``; also by the studies that they come from."""

from collections.abc import Sequence

import polars as pl

from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import Snapshot
from answers import audiences as answers
from answers.audiences import RIGHT, SEES, Audience, Wanted
from display.tables import Shown
from display.tables import audience as tables
from pages.parts.cache import cached
from pages.parts.customer_frames import ALL
from pages.parts.visit import Visit


@cached
def _audience(version: Snapshot, viewer: Viewer, scope: Scope, studies: str, asked: tuple[str, ...]) -> Audience:  # noqa: ARG001 - a key
    channel, *chosen = asked
    return answers.audience(viewer, scope, _wanted(channel, chosen), version=version)


@cached
def _effect(version: Snapshot, viewer: Viewer, scope: Scope, studies: str, asked: tuple[str, ...]) -> pl.DataFrame:  # noqa: ARG001 - a key
    channel, *chosen = asked
    return answers.effect(viewer, scope, _wanted(channel, chosen), version=version)


def _wanted(channel: str, chosen: Sequence[str]) -> Wanted:
    return Wanted(channel, *(None if code == ALL else code for code in chosen))


@cached
def _shown(
    version: Snapshot, viewer: Viewer, scope: Scope, studies: str, asked: tuple[str, ...], language: str
) -> Shown:
    return tables.audience(_audience(version, viewer, scope, studies, asked).rows, language)


@cached
def _consents(version: Snapshot, viewer: Viewer, scope: Scope, customer_id: str) -> pl.DataFrame:
    return answers.consents_of(viewer, scope, customer_id, version=version)


def _allowed(visit: Visit) -> Viewer:
    return require(require(visit.viewer, RIGHT), SEES)


def audience(visit: Visit, asked: tuple[str, ...]) -> Audience:
    """Whom one may address: channel, segment, stage, topic and group are asked for."""
    return _audience(visit.version, _allowed(visit), visit.scope, visit.studied, asked)


def effect(visit: Visit, asked: tuple[str, ...]) -> pl.DataFrame:
    """What offers brought the chosen customers."""
    return _effect(visit.version, _allowed(visit), visit.scope, visit.studied, asked)


def shown(visit: Visit, asked: tuple[str, ...]) -> Shown:
    """The same as a table."""
    return _shown(visit.version, _allowed(visit), visit.scope, visit.studied, asked, visit.language)


def consents(visit: Visit, customer_id: str) -> pl.DataFrame:
    """By channel how many at a customer may be addressed."""
    return _consents(visit.version, _allowed(visit), visit.scope, customer_id)
