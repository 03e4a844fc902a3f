"""Leads on the screen: the open ones with their chances, how good those are, and which sources bring deals."""

import polars as pl

from analytics.access import Viewer, require
from analytics.leads import Check
from analytics.scope import Scope
from answers import Snapshot
from answers import leads as answers
from answers.leads import RIGHT
from display.messages import leads as messages
from display.tables import Shown
from display.tables import leads as tables
from pages.parts import export, states
from pages.parts import tables as screen
from pages.parts.cache import cached
from pages.parts.visit import Visit

LISTED = 250


@cached
def _open(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return answers.leads(viewer, scope, version=version)


@cached
def _open_shown(version: Snapshot, viewer: Viewer, scope: Scope, language: str) -> Shown:
    return tables.leads(_open(version, viewer, scope), language)


@cached
def _check(version: Snapshot, viewer: Viewer, scope: Scope) -> Check:
    return answers.check(viewer, scope, version=version)


@cached
def _sources_shown(version: Snapshot, viewer: Viewer, scope: Scope, language: str) -> Shown:
    return tables.sources(answers.sources(viewer, scope, version=version), language)


def section(visit: Visit) -> None:
    """The open leads and the sources; nothing where the firm has no leads."""
    viewer, say = require(visit.viewer, RIGHT), visit.say
    found = _open_shown(visit.version, viewer, visit.scope, visit.language)
    sources = _sources_shown(visit.version, viewer, visit.scope, visit.language)
    if not found.frame.height and not sources.frame.height:
        return
    export.heading(say("leads.heading"), found, f"{say('menu.pipeline')} {say('leads.heading')}", visit)
    screen.show(found.part(slice(0, LISTED)), visit, key="leads", alt=say("leads.alt"), none=say("leads.none"))
    states.note(messages.checked(_check(visit.version, viewer, visit.scope), visit.language))
    export.heading(say("leads.sources"), sources, f"{say('menu.pipeline')} {say('leads.sources')}", visit)
    screen.show(sources, visit, key="lead_sources", alt=say("leads.sources.alt"), none=say("leads.sources.none"))
    states.note(say("leads.sources.note"))
