"""What is cached of customers: segments, movements, one customer's events and figures, as in ``frames``."""

from datetime import date
from typing import Any

import plotly.graph_objects as go
import polars as pl

from analytics import segments
from analytics.access import Viewer, require
from analytics.periods import months_until, period
from analytics.scope import Scope
from analytics.segments import MONTHS
from analytics.timeline import NextStep
from answers import Snapshot
from answers import customers as answers
from display.figures import customers as figures
from display.tables import Shown
from display.tables import customers as tables
from pages.parts.cache import beside, cached
from pages.parts.visit import Visit

RIGHT = "sales.read"
ALL = "all"


@cached
def _customers(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return answers.customers(viewer, scope, version=version)


@cached
def _names(version: Snapshot, viewer: Viewer, scope: Scope, language: str) -> dict[str, str]:
    rows = _customers(version, viewer, scope).select("customer_id", tables.name(language))
    return dict(rows.iter_rows())


@cached
def _trend(version: Snapshot, viewer: Viewer, scope: Scope, customer_id: str, as_of: date) -> pl.DataFrame:
    rows = _customers(version, viewer, scope)
    found = rows.row(by_predicate=pl.col("customer_id") == customer_id, named=True)["trend"] or [0.0] * MONTHS
    months = [month.first for month in months_until(period("month", as_of), MONTHS)]
    return pl.DataFrame({"month_on": months, "revenue": found}, schema={"month_on": pl.Date, "revenue": pl.Float64})


_month_figure = beside(figures.months)


@cached
def _summary(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return segments.summary(_customers(version, viewer, scope))


@cached
def _segments_shown(version: Snapshot, viewer: Viewer, scope: Scope, language: str) -> Shown:
    return tables.segments(_summary(version, viewer, scope), language)


@cached
def _segment_figure(version: Snapshot, viewer: Viewer, scope: Scope, language: str, dark: bool) -> go.Figure | None:
    return figures.segments(_summary(version, viewer, scope), language, dark=dark)


@cached
def _movements(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return segments.movements(_customers(version, viewer, scope))


@cached
def _movement_figure(version: Snapshot, viewer: Viewer, scope: Scope, language: str, dark: bool) -> go.Figure | None:
    return figures.movements(_movements(version, viewer, scope), language, dark=dark)


@cached
def _moved_shown(version: Snapshot, viewer: Viewer, scope: Scope, language: str) -> Shown:
    return tables.moved(segments.moved(_customers(version, viewer, scope)), language)


@cached
def _events(version: Snapshot, viewer: Viewer, scope: Scope, customer_id: str) -> pl.DataFrame:
    return answers.events(viewer, scope, customer_id, version=version)


@cached
def _timeline(
    version: Snapshot, viewer: Viewer, scope: Scope, customer_id: str, kind: str, language: str, zone: str | None
) -> Shown:
    events = _events(version, viewer, scope, customer_id)
    return tables.timeline(events if kind == ALL else events.filter(pl.col("kind") == kind), language, zone)


@cached
def _next_step(version: Snapshot, viewer: Viewer, scope: Scope, customer_id: str) -> NextStep:
    return answers.next_step(viewer, scope, customer_id, version=version)


@cached
def _numbers(version: Snapshot, viewer: Viewer, scope: Scope, customer_id: str) -> answers.Numbers:
    return answers.numbers(viewer, scope, customer_id, version=version)


@cached
def _contacts(version: Snapshot, viewer: Viewer, scope: Scope, customer_id: str, language: str) -> Shown:
    people = answers.contacts(viewer, scope, customer_id, version=version)
    return tables.contacts(people, language, masked=not viewer.may("personal_data"))


def _allowed(visit: Visit) -> Viewer:
    return require(visit.viewer, RIGHT)


def customers(visit: Visit) -> pl.DataFrame:
    """One row per customer, the most revenue first."""
    return _customers(visit.version, _allowed(visit), visit.scope)


def customer(visit: Visit, customer_id: str) -> dict[str, Any]:
    """The row of one customer."""
    return customers(visit).row(by_predicate=pl.col("customer_id") == customer_id, named=True)


def names(visit: Visit) -> dict[str, str]:
    """From key to what the customer is called."""
    return _names(visit.version, _allowed(visit), visit.scope, visit.language)


def summary(visit: Visit) -> pl.DataFrame:
    """One row per segment."""
    return _summary(visit.version, _allowed(visit), visit.scope)


def segments_shown(visit: Visit) -> Shown:
    """The segments as a table."""
    return _segments_shown(visit.version, _allowed(visit), visit.scope, visit.language)


def segment_figure(visit: Visit) -> go.Figure | None:
    """The finished figure of revenue by segment."""
    return _segment_figure(visit.version, _allowed(visit), visit.scope, visit.language, visit.dark)


def movements(visit: Visit) -> pl.DataFrame:
    """One row per segment before and now."""
    return _movements(visit.version, _allowed(visit), visit.scope)


def movement_figure(visit: Visit) -> go.Figure | None:
    """The finished figure of movements between segments."""
    return _movement_figure(visit.version, _allowed(visit), visit.scope, visit.language, visit.dark)


def moved_shown(visit: Visit) -> Shown:
    """Who moved, as a table."""
    return _moved_shown(visit.version, _allowed(visit), visit.scope, visit.language)


def timeline(visit: Visit, customer_id: str, kind: str) -> Shown:
    """What happened with a customer, of one kind or all, as a table."""
    viewer = _allowed(visit)
    return _timeline(visit.version, viewer, visit.scope, customer_id, kind, visit.language, visit.zone)


def next_step(visit: Visit, customer_id: str) -> NextStep:
    """The one step to take next with a customer."""
    return _next_step(visit.version, _allowed(visit), visit.scope, customer_id)


def numbers(visit: Visit, customer_id: str) -> answers.Numbers:
    """The numbers of one customer."""
    return _numbers(visit.version, _allowed(visit), visit.scope, customer_id)


def contacts(visit: Visit, customer_id: str) -> Shown:
    """The people at a customer as a table."""
    return _contacts(visit.version, _allowed(visit), visit.scope, customer_id, visit.language)


def trend(visit: Visit, customer_id: str) -> pl.DataFrame:
    """The revenue of the last twelve months of one customer: month_on, revenue."""
    return _trend(visit.version, _allowed(visit), visit.scope, customer_id, visit.as_of)


def month_figure(visit: Visit, customer_id: str) -> go.Figure | None:
    """The finished figure of one customer's months."""
    currency = customer(visit, customer_id)["currency"]
    return _month_figure(trend(visit, customer_id), currency, visit.language, dark=visit.dark)
