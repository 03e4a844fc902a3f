"""What is cached of stages, cohorts and what customers will likely buy, as in ``frames``; also by the study that it
comes from, which may be newer than the snapshot."""

from typing import Any

import plotly.graph_objects as go
import polars as pl

from analytics import life_cycle
from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import Snapshot
from answers import customers as answers
from display.figures import customer_outlook as figures
from display.tables import Shown
from display.tables import customer_outlook as tables
from pages.parts.cache import beside, cached
from pages.parts.customer_frames import ALL, RIGHT
from pages.parts.visit import Visit


@cached
def _valued(version: Snapshot, viewer: Viewer, scope: Scope, study: str) -> pl.DataFrame:  # noqa: ARG001 - a key
    rows = answers.customers(viewer, scope, version=version)
    stages = answers.stages(viewer, scope, version=version)
    return answers.valued(rows, stages, answers.outlook(viewer, scope, version=version))


@cached
def _reliability(version: Snapshot, viewer: Viewer, scope: Scope, study: str) -> pl.DataFrame:  # noqa: ARG001 - a key
    return answers.reliability(viewer, scope, version=version)


@cached
def _listed(version: Snapshot, viewer: Viewer, scope: Scope, study: str, stage: str) -> pl.DataFrame:
    rows = _valued(version, viewer, scope, study).filter(pl.col("leaving_risk").is_not_null())
    return rows if stage == ALL else rows.filter(pl.col("stage") == stage)


@cached
def _outlook(version: Snapshot, viewer: Viewer, scope: Scope, study: str, stage: str, language: str) -> Shown:
    return tables.outlook(_listed(version, viewer, scope, study, stage), language)


@cached
def _stages(version: Snapshot, viewer: Viewer, scope: Scope, study: str) -> pl.DataFrame:
    return life_cycle.summary(_valued(version, viewer, scope, study))


@cached
def _gathered(version: Snapshot, viewer: Viewer, scope: Scope, study: str) -> pl.DataFrame:
    return life_cycle.gathered(_valued(version, viewer, scope, study))


@cached
def _cohorts(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return answers.cohorts(viewer, scope, version=version)


@cached
def _repeat_rate(version: Snapshot, viewer: Viewer, scope: Scope) -> tuple[float | None, int]:
    return answers.repeat_rate(viewer, scope, version=version)


@cached
def _cohort_figure(version: Snapshot, viewer: Viewer, scope: Scope, language: str, dark: bool) -> go.Figure | None:
    return figures.cohorts(_cohorts(version, viewer, scope), language, dark=dark)


_reliability_shown = beside(tables.reliability)
_stages_shown = beside(tables.stages)


def _allowed(visit: Visit) -> Viewer:
    return require(visit.viewer, RIGHT)


def _study() -> str:
    """The study that is read: pages that stand open show a newer one by themselves."""
    made = answers.study()
    return made.folder.name + made.made_at.isoformat() if made else ""


def is_known() -> bool:
    """Whether what customers will likely buy has been worked out."""
    return bool(_study())


def customer(visit: Visit, customer_id: str) -> dict[str, Any]:
    """One customer with its stage and what it will likely buy."""
    rows = _valued(visit.version, _allowed(visit), visit.scope, _study())
    return rows.row(by_predicate=pl.col("customer_id") == customer_id, named=True)


def keys(visit: Visit, stage: str) -> list[str]:
    """The customers of a stage, or all, of which something is said, the most revenue at risk first."""
    rows = _listed(visit.version, _allowed(visit), visit.scope, _study(), stage)
    return rows.get_column("customer_id").to_list()


def outlook(visit: Visit, stage: str) -> Shown:
    """What the customers of a stage, or all, will likely buy, as a table."""
    return _outlook(visit.version, _allowed(visit), visit.scope, _study(), stage, visit.language)


def reliability(visit: Visit) -> pl.DataFrame:
    """What was said 90 days ago beside what came."""
    return _reliability(visit.version, _allowed(visit), visit.scope, _study())


def reliability_shown(visit: Visit) -> Shown:
    """The same as a table."""
    return _reliability_shown(reliability(visit), visit.language)


def stages(visit: Visit) -> Shown:
    """The stages as a table."""
    return _stages_shown(_stages(visit.version, _allowed(visit), visit.scope, _study()), visit.language)


def stage_keys(visit: Visit) -> list[str]:
    """The stages in the order of that table."""
    return _stages(visit.version, _allowed(visit), visit.scope, _study()).get_column("stage").to_list()


def gathered(visit: Visit) -> pl.DataFrame:
    """Kinds of customers that leave far more than others."""
    return _gathered(visit.version, _allowed(visit), visit.scope, _study())


def cohorts(visit: Visit) -> pl.DataFrame:
    """How many come back, by quarter of the first order."""
    return _cohorts(visit.version, _allowed(visit), visit.scope)


def repeat_rate(visit: Visit) -> tuple[float | None, int]:
    """How many of those that came once came again, and of how many."""
    return _repeat_rate(visit.version, _allowed(visit), visit.scope)


def cohort_figure(visit: Visit) -> go.Figure | None:
    """The finished figure of cohorts."""
    return _cohort_figure(visit.version, _allowed(visit), visit.scope, visit.language, visit.dark)
