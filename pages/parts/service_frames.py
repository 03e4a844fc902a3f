"""What is cached of tickets, surveys and voices, as in ``frames``; voices also by the study that they come from."""

import polars as pl

from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import Snapshot
from answers import service as answers
from display.tables import Shown
from display.tables import service as tables
from pages.parts.cache import beside, cached
from pages.parts.narrowing import Choices, Filter, Least, Listing
from pages.parts.visit import Visit

RIGHT = "service.read"
BY = (
    Filter("sentiment", words="tone."),
    Filter("kind", words="voice.kind."),
    Filter("customer_id", named_by="customer"),
    Filter("product"),
)
ANSWERED_BY = (
    Filter("verdict", words="survey."),
    Filter("customer_id", named_by="customer"),
    Filter("product"),
    Least("score"),
)
SAID, ANSWERED = Listing(tables.SAID.name, BY), Listing(tables.ANSWERS.name, ANSWERED_BY)


@cached
def _tickets(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return answers.tickets(viewer, scope, version=version)


@cached
def _has_hours(version: Snapshot, viewer: Viewer, scope: Scope) -> bool:
    return answers.has_hours(viewer, scope, version=version)


@cached
def _surveys(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return answers.surveys(viewer, scope, version=version)


@cached
def _channels(version: Snapshot, viewer: Viewer, scope: Scope, language: str) -> Shown:
    return tables.channels(answers.grouped(viewer, scope, "channel", version=version), language)


@cached
def _months(version: Snapshot, viewer: Viewer, scope: Scope, language: str) -> Shown:
    return tables.months(answers.months(viewer, scope, version=version), language)


@cached
def _topics(version: Snapshot, viewer: Viewer, scope: Scope, study: str) -> pl.DataFrame:  # noqa: ARG001 - a key
    return answers.topics(viewer, scope, version=version)


@cached
def _waves(version: Snapshot, viewer: Viewer, scope: Scope, study: str) -> pl.DataFrame:  # noqa: ARG001 - a key
    return answers.waves(viewer, scope, version=version)


@cached
def _said(
    version: Snapshot, viewer: Viewer, scope: Scope, study: str, topic: str, group: str  # noqa: ARG001 - a key
) -> pl.DataFrame:  # fmt: skip
    return answers.said(viewer, scope, topic, group, version=version)


@cached
def _said_choices(
    version: Snapshot, viewer: Viewer, scope: Scope, study: str, topic: str, group: str, language: str
) -> Choices:
    return SAID.choices(_said(version, viewer, scope, study, topic, group), language)


@cached
def _answered(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return answers.answered(viewer, scope, version=version)


@cached
def _answered_choices(version: Snapshot, viewer: Viewer, scope: Scope, language: str) -> Choices:
    return ANSWERED.choices(_answered(version, viewer, scope), language)


_topics_shown = beside(tables.topics)
_wave_costs_shown = beside(tables.wave_costs)
_waves_shown = beside(tables.waves)
_said_shown = beside(tables.said)
_answers_shown = beside(tables.answers)


def _allowed(visit: Visit) -> Viewer:
    return require(visit.viewer, RIGHT)


def _study() -> str:
    made = answers.study()
    return made.folder.name + made.made_at.isoformat() if made else ""


def is_known() -> bool:
    """Whether topics and tones have been worked out."""
    return bool(_study())


def tickets(visit: Visit) -> pl.DataFrame:
    """One row per ticket, with hours of work."""
    return _tickets(visit.version, _allowed(visit), visit.scope)


def has_hours(visit: Visit) -> bool:
    """Whether times are told in hours of work."""
    return _has_hours(visit.version, _allowed(visit), visit.scope)


def surveys(visit: Visit) -> pl.DataFrame:
    """What surveys say."""
    return _surveys(visit.version, _allowed(visit), visit.scope)


def channels(visit: Visit) -> Shown:
    """Tickets by channel, as a table."""
    return _channels(visit.version, _allowed(visit), visit.scope, visit.language)


def months(visit: Visit) -> Shown:
    """Tickets by month, as a table."""
    return _months(visit.version, _allowed(visit), visit.scope, visit.language)


def topics(visit: Visit) -> pl.DataFrame:
    """What customers talk about."""
    return _topics(visit.version, _allowed(visit), visit.scope, _study())


def topics_shown(visit: Visit) -> Shown:
    """The same as a table."""
    return _topics_shown(topics(visit), visit.language)


def waves(visit: Visit) -> pl.DataFrame:
    """What rises, or rose."""
    return _waves(visit.version, _allowed(visit), visit.scope, _study())


def wave_costs_shown(visit: Visit) -> Shown:
    """What these cost in orders, as a table."""
    return _wave_costs_shown(waves(visit), visit.language)


def waves_shown(visit: Visit) -> Shown:
    """The same as a table."""
    return _waves_shown(waves(visit), visit.language)


def said_choices(visit: Visit, topic: str, group: str) -> Choices:
    """What the list of what was said can be narrowed to."""
    return _said_choices(visit.version, _allowed(visit), visit.scope, _study(), topic, group, visit.language)


def said(visit: Visit, topic: str, group: str) -> pl.DataFrame:
    """What was said of a topic about a group of products, or all; what stays of it."""
    rows = _said(visit.version, _allowed(visit), visit.scope, _study(), topic, group)
    return SAID.asked(said_choices(visit, topic, group)).rows(rows)


def said_shown(visit: Visit, topic: str, group: str) -> Shown:
    """The same as a table."""
    return _said_shown(said(visit, topic, group), visit.language)


def answered_choices(visit: Visit) -> Choices:
    """What the list of answers to surveys can be narrowed to."""
    return _answered_choices(visit.version, _allowed(visit), visit.scope, visit.language)


def answered(visit: Visit) -> pl.DataFrame:
    """Answers to surveys of half a year, those that stay."""
    rows = _answered(visit.version, _allowed(visit), visit.scope)
    return ANSWERED.asked(answered_choices(visit)).rows(rows)


def answered_shown(visit: Visit) -> Shown:
    """The same as a table."""
    return _answers_shown(answered(visit), visit.language)
