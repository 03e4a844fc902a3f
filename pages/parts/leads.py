"""Leads on the screen: the open ones with their chances, how good those are, and which sources bring deals."""

import functools

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
from pages.parts import export, narrowing, states
from pages.parts import tables as screen
from pages.parts.cache import beside, cached
from pages.parts.narrowing import Choices, Filter, Least, Listing, Narrowed
from pages.parts.visit import Visit

LISTED = 250
BY = (
    Filter("origin"),
    Filter("owner_id", named_by="owner"),
    Filter("country"),
    Least("chance", is_share=True),
    Least("stated", is_share=True),
)
LIST = Listing(tables.LEADS.name, BY)


@cached
def _open(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return answers.leads(viewer, scope, version=version)


@cached
def _narrowed(version: Snapshot, viewer: Viewer, scope: Scope, narrowed: Narrowed) -> pl.DataFrame:
    return narrowed.rows(_open(version, viewer, scope))


@cached
def _open_shown(version: Snapshot, viewer: Viewer, scope: Scope, narrowed: Narrowed, language: str) -> Shown:
    return tables.leads(_narrowed(version, viewer, scope, narrowed), language)


@cached
def _choices(version: Snapshot, viewer: Viewer, scope: Scope, language: str) -> Choices:
    return LIST.choices(_open(version, viewer, scope), language)


@cached
def _sources(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return answers.sources(viewer, scope, version=version)


@cached
def _check(version: Snapshot, viewer: Viewer, scope: Scope) -> Check:
    return answers.check(viewer, scope, version=version)


_sources_shown = beside(tables.sources)


def section(visit: Visit) -> None:
    """The open leads and the sources; nothing where the firm has no leads."""
    viewer = require(visit.viewer, RIGHT)
    if _open(visit.version, viewer, visit.scope).height or _sources(visit.version, viewer, visit.scope).height:
        _leads(visit, viewer)
        _of_sources(visit, viewer)


def _leads(visit: Visit, viewer: Viewer) -> None:
    """The open leads and their filters, and how good their chances are."""
    say, known = visit.say, _choices(visit.version, viewer, visit.scope, visit.language)
    asked = LIST.asked(known)
    found = _open_shown(visit.version, viewer, visit.scope, asked, visit.language)
    told = LIST.told(asked, known, visit.language)
    title = f"{say('menu.pipeline')} {say('leads.heading')}"
    filters = functools.partial(LIST.menu, known, visit)
    export.heading(say("leads.heading"), found, title, narrowing.telling(visit, told), filters)
    states.note(narrowing.in_words(told))
    screen.show(screen.part(found, slice(0, LISTED)), visit, key="leads", alt=say("leads.alt"), none=say("leads.none"))
    states.note(say("pipeline.first", count=LISTED) if found.frame.height > LISTED else "")
    states.note(messages.checked(_check(visit.version, viewer, visit.scope), visit.language))


def _of_sources(visit: Visit, viewer: Viewer) -> None:
    """The sources: choosing one narrows the open leads to those that it brought."""
    say, rows = visit.say, _sources(visit.version, viewer, visit.scope)
    sources = _sources_shown(rows, visit.language)
    export.heading(say("leads.sources"), sources, f"{say('menu.pipeline')} {say('leads.sources')}", visit)
    keys, code = rows.get_column("origin").fill_null("").to_list(), LIST.code("origin")
    alt, none = say("leads.sources.alt"), say("leads.sources.none")
    narrowing.drill(sources, keys, code, visit, key="lead_sources", alt=alt, none=none)
    states.note(say("leads.sources.note"))
