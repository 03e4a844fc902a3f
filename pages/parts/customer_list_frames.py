"""What is cached of the list of customers, with every segment, score and topic, as in ``frames``; also by the studies
that these come from, which may be newer than the snapshot."""

import polars as pl

from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import Snapshot
from answers import customer_scores as answers
from display.periods import quarter_name
from display.tables import Shown
from display.tables import customer_scores as tables
from pages.parts.cache import cached
from pages.parts.narrowing import Choices, Filter, Least, Listing, Narrowed
from pages.parts.visit import Visit

BY = (
    Filter("stage", words="stage."),
    Filter("value_class", words="value_class."),
    Filter("cluster"),
    Filter("cohort_on", of_day=quarter_name),
    Least("leaving_risk", is_share=True),
    Least("p_active", is_share=True),
    Least("expected_amount"),
    Least("amount_high"),
    Filter("offer_id", named_by="offer"),
    Least("offer_amount"),
    Filter("group", words="audience.group."),
    Filter("topic", words="topic."),
    Filter("verdict", words="survey."),
    Filter("may_mail", words="may_mail."),
)
LIST = Listing(tables.SCORED.name, BY)


@cached
def _scores(version: Snapshot, viewer: Viewer, scope: Scope, studies: str) -> pl.DataFrame:  # noqa: ARG001 - a key
    return answers.scores(viewer, scope, version=version)


@cached
def _choices(version: Snapshot, viewer: Viewer, scope: Scope, studies: str, language: str) -> Choices:
    return LIST.choices(_scores(version, viewer, scope, studies), language)


@cached
def _narrowed(version: Snapshot, viewer: Viewer, scope: Scope, studies: str, narrowed: Narrowed) -> pl.DataFrame:
    return narrowed.rows(_scores(version, viewer, scope, studies))


@cached
def _shown(version: Snapshot, viewer: Viewer, scope: Scope, studies: str, narrowed: Narrowed, language: str) -> Shown:
    return tables.scored(_narrowed(version, viewer, scope, studies, narrowed), language)


def _allowed(visit: Visit) -> Viewer:
    return require(visit.viewer, answers.RIGHT)


def choices(visit: Visit) -> Choices:
    """What the list can be narrowed to."""
    return _choices(visit.version, _allowed(visit), visit.scope, visit.studied, visit.language)


def asked(visit: Visit) -> Narrowed:
    """What the address narrows the list to."""
    return LIST.asked(choices(visit))


def told(visit: Visit, narrowed: Narrowed) -> dict[str, str]:
    """What the list is narrowed to, in words."""
    segments = {
        code: visit.say(f"segment.{code}") for column, codes in narrowed.codes if column == "segment" for code in codes
    }
    return LIST.told(narrowed, {**choices(visit), "segment": segments}, visit.language)


def keys(visit: Visit, narrowed: Narrowed) -> list[str]:
    """The customers of the narrowed list, in its order."""
    rows = _narrowed(visit.version, _allowed(visit), visit.scope, visit.studied, narrowed)
    return rows.get_column("customer_id").to_list()


def listed(visit: Visit, narrowed: Narrowed) -> Shown:
    """The narrowed list as a table."""
    return _shown(visit.version, _allowed(visit), visit.scope, visit.studied, narrowed, visit.language)
