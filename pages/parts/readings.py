"""Numbers of the registry as pages see them, kept like all answers (see ``pages.parts.cache``).

Every function asks for the number's rights again before it looks: what is kept opens to nobody who lacks them.
"""

import plotly.graph_objects as go
import polars as pl

from analytics.access import Viewer
from analytics.drivers import BY_CHANCE
from analytics.metrics import METRICS
from analytics.scope import Scope
from answers import Snapshot, changes, freshness
from answers.asked import Member, allowed
from answers.evidence import evidence as rows_behind
from answers.metrics import Reading, series, value
from answers.naming import named_members
from display.figures import contributions as contribution_figures
from display.figures import metrics as figures
from display.messages import Fact
from display.messages import contributions as contribution_messages
from display.tables import Shown
from display.tables import metrics as tables
from pages.parts.cache import cached
from pages.parts.visit import Visit

NOT_A_MEMBER = ""
MOST_DRIVERS, LEAST_SHARE = 4, 0.1


def _allowed(visit: Visit, metric: str) -> Viewer:
    return allowed(visit.viewer, metric)


def _member(dimension: str, key: str | None) -> Member | None:
    return Member(dimension=dimension, key=key) if dimension else None


@cached
def _reading(version: Snapshot, viewer: Viewer, scope: Scope, metric: str, dimension: str, key: str | None) -> Reading:
    return value(viewer, scope, metric, member=_member(dimension, key), version=version)


@cached
def _series(version: Snapshot, viewer: Viewer, scope: Scope, metric: str) -> pl.DataFrame:
    return series(viewer, scope, metric, version=version)


@cached
def _evidence(
    version: Snapshot, viewer: Viewer, scope: Scope, metric: str, dimension: str, key: str | None
) -> pl.DataFrame:
    return rows_behind(viewer, scope, metric, member=_member(dimension, key), version=version)


@cached
def _evidence_shown(
    version: Snapshot, viewer: Viewer, scope: Scope, metric: str, dimension: str, key: str | None, language: str
) -> Shown:
    frame = _evidence(version, viewer, scope, metric, dimension, key)
    currency = _reading(version, viewer, scope, metric, dimension, key).currency
    return tables.evidence(frame, METRICS[metric], currency, language)


@cached
def _contributions(version: Snapshot, viewer: Viewer, scope: Scope, metric: str, dimension: str) -> pl.DataFrame:
    return changes.contributions(viewer, scope, metric, dimension, version=version)


@cached
def _effects(version: Snapshot, viewer: Viewer, scope: Scope, metric: str) -> pl.DataFrame:
    return changes.effects(viewer, scope, metric, version=version)


@cached
def _trend(version: Snapshot, viewer: Viewer, scope: Scope, metric: str, language: str, dark: bool) -> go.Figure | None:
    currency = _reading(version, viewer, scope, metric, NOT_A_MEMBER, None).currency
    return figures.trend(_series(version, viewer, scope, metric), METRICS[metric], currency, language, dark=dark)


@cached
def _bridge(
    version: Snapshot, viewer: Viewer, scope: Scope, metric: str, language: str, dark: bool
) -> go.Figure | None:
    found = _effects(version, viewer, scope, metric)
    reading = _reading(version, viewer, scope, metric, NOT_A_MEMBER, None)
    if found.is_empty() or reading.compared is None or reading.value is None:
        return None
    return contribution_figures.bridge(
        found, reading.compared, reading.value, metric, reading.currency, language, dark=dark
    )


@cached
def _ranked(
    version: Snapshot, viewer: Viewer, scope: Scope, metric: str, dimension: str, language: str, dark: bool
) -> go.Figure | None:
    found = _contributions(version, viewer, scope, metric, dimension)
    if found.is_empty() or found["contribution"].is_null().all():
        return None
    reading = _reading(version, viewer, scope, metric, NOT_A_MEMBER, None)
    named = found.with_columns(tables.member(language, dimension))
    return contribution_figures.ranked_changes(named, metric, reading.currency, language, dark=dark)


@cached
def _contributions_shown(
    version: Snapshot, viewer: Viewer, scope: Scope, metric: str, dimension: str, language: str
) -> Shown:
    currency = _reading(version, viewer, scope, metric, NOT_A_MEMBER, None).currency
    found = _contributions(version, viewer, scope, metric, dimension)
    return tables.contributions(found, METRICS[metric], dimension, currency, language)


def reading(visit: Visit, metric: str, member: Member | None = None) -> Reading:
    """One number."""
    dimension, key = (member.dimension, member.key) if member else (NOT_A_MEMBER, None)
    return _reading(visit.version, _allowed(visit, metric), visit.scope, metric, dimension, key)


def sparkline(visit: Visit, metric: str) -> list[float]:
    """The small line of a card; empty where no past is kept."""
    return figures.sparkline(_series(visit.version, _allowed(visit, metric), visit.scope, metric))


def trend(visit: Visit, metric: str) -> go.Figure | None:
    """The finished figure of a number's last months."""
    viewer = _allowed(visit, metric)
    return _trend(visit.version, viewer, visit.scope, metric, visit.language, visit.dark)


def trend_alternative(visit: Visit, metric: str) -> str:
    """What that figure shows, in words."""
    viewer = _allowed(visit, metric)
    found = _series(visit.version, viewer, visit.scope, metric)
    return figures.alternative(found, METRICS[metric], reading(visit, metric).currency, visit.language)


def bridge(visit: Visit, metric: str) -> go.Figure | None:
    """The finished figure of what price, volume, mix and the rest did."""
    viewer = _allowed(visit, metric)
    return _bridge(visit.version, viewer, visit.scope, metric, visit.language, visit.dark)


def effects(visit: Visit, metric: str) -> pl.DataFrame:
    """What moved the number, by effect."""
    return _effects(visit.version, _allowed(visit, metric), visit.scope, metric)


@cached
def _drivers(version: Snapshot, viewer: Viewer, scope: Scope, metric: str) -> pl.DataFrame:
    return changes.drivers(viewer, scope, metric, version=version)


def drivers(visit: Visit, metric: str) -> list[Fact]:
    """What moved the number most, the clearest first, in words; what may be chance is left out."""
    found = _drivers(visit.version, _allowed(visit, metric), visit.scope, metric)
    is_clear = (pl.col("surprise") >= BY_CHANCE) & (pl.col("share").abs() >= LEAST_SHARE)
    clear = found.filter(is_clear).head(MOST_DRIVERS)
    return contribution_messages.listed(clear, metric, reading(visit, metric).currency, visit.language)


def contributions(visit: Visit, metric: str, dimension: str) -> pl.DataFrame:
    """What moved the number, by member of a dimension."""
    return _contributions(visit.version, _allowed(visit, metric), visit.scope, metric, dimension)


def ranked(visit: Visit, metric: str, dimension: str) -> go.Figure | None:
    """The same as a finished figure."""
    viewer = _allowed(visit, metric)
    return _ranked(visit.version, viewer, visit.scope, metric, dimension, visit.language, visit.dark)


def contributions_shown(visit: Visit, metric: str, dimension: str) -> Shown:
    """The same as a table."""
    viewer = _allowed(visit, metric)
    return _contributions_shown(visit.version, viewer, visit.scope, metric, dimension, visit.language)


def evidence(visit: Visit, metric: str, member: Member | None = None) -> pl.DataFrame:
    """The rows behind a number."""
    dimension, key = (member.dimension, member.key) if member else (NOT_A_MEMBER, None)
    return _evidence(visit.version, _allowed(visit, metric), visit.scope, metric, dimension, key)


def evidence_shown(visit: Visit, metric: str, member: Member | None = None) -> Shown:
    """The same as a table."""
    dimension, key = (member.dimension, member.key) if member else (NOT_A_MEMBER, None)
    viewer = _allowed(visit, metric)
    return _evidence_shown(visit.version, viewer, visit.scope, metric, dimension, key, visit.language)


def bridge_alternative(visit: Visit, metric: str) -> str:
    """What the bridge shows, in words."""
    read = reading(visit, metric)
    found = effects(visit, metric)
    if read.compared is None or read.value is None or found.is_empty():
        return visit.say("bridge.none")
    return contribution_figures.bridge_in_words(found, read.compared, read.value, metric, read.currency, visit.language)


def contributions_named(visit: Visit, metric: str, dimension: str) -> pl.DataFrame:
    """The members of a dimension by their contribution: key, and member, what the reader calls it."""
    found = contributions(visit, metric, dimension)
    return found.select(tables.member(visit.language, dimension), key="member")


def member_name(visit: Visit, metric: str, member: Member) -> str | None:
    """What a member is called; its key where it has no name."""
    called = _names(visit.version, _allowed(visit, metric), visit.scope, metric, member.dimension)
    known = called.filter(pl.col("member").eq_missing(pl.lit(member.key, dtype=pl.String)))
    named = known.select(tables.member(visit.language, member.dimension)).to_series()
    return named[0] if named.len() else member.key


@cached
def _names(version: Snapshot, viewer: Viewer, scope: Scope, metric: str, dimension: str) -> pl.DataFrame:
    return named_members(viewer, scope, metric, dimension, version=version)


@cached
def _sources(version: Snapshot, viewer: Viewer) -> list[str]:
    return freshness.loads(viewer, version=version)["source"].to_list()


def sources(visit: Visit) -> list[str]:
    """The systems that the data comes from."""
    return _sources(visit.version, visit.viewer)
