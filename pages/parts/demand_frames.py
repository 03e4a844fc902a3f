"""What is cached of demand: history, forecasts, items and figures, as in ``frames``; by the study of them, too."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import plotly.graph_objects as go
import polars as pl

from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import Snapshot, overrides
from answers import demand as answers
from answers.demand import Measure
from display.figures import demand as figures
from display.tables import Shown
from display.tables import demand as tables
from display.tables.inventory import item_name
from pages.parts.cache import cached
from pages.parts.visit import Visit

RIGHT = "inventory.read"
ALL = ""
TOLD: Mapping[str, Callable[..., Any]] = {
    made.__name__: made
    for made in (
        *(answers.measure, answers.history, answers.weeks, answers.days, answers.spans, answers.parts, answers.odd),
        *(answers.how_far, answers.sites),
    )
}


@cached
def _told(version: Snapshot, viewer: Viewer, scope: Scope, study: str, what: str, item: str) -> Any:  # noqa: ARG001 - kept by it
    return TOLD[what](viewer, scope, item, version=version)


@cached
def _items(version: Snapshot, viewer: Viewer, scope: Scope, study: str) -> pl.DataFrame:  # noqa: ARG001 - kept by it
    return answers.items(viewer, scope, version=version)


@cached
def _items_shown(version: Snapshot, viewer: Viewer, scope: Scope, study: str, language: str) -> Shown:
    return tables.items(_items(version, viewer, scope, study), language)


@cached
def _names(version: Snapshot, viewer: Viewer, scope: Scope, study: str, language: str) -> dict[str, str]:
    rows = _items(version, viewer, scope, study).select("product_id", called=item_name(language))
    return dict(rows.iter_rows())


@cached
def _shown(version: Snapshot, viewer: Viewer, scope: Scope, study: str, what: str, item: str, language: str) -> Shown:
    looks: dict[str, Callable[[pl.DataFrame, str], Shown]] = {
        "sites": tables.sites,
        "odd": tables.odd,
        "weeks": tables.weeks,
    }
    return looks[what](_told(version, viewer, scope, study, what, item), language)


@cached
def _figure(
    version: Snapshot, viewer: Viewer, scope: Scope, study: str, what: str, item: str, look: tuple[str, bool, int]
) -> go.Figure | None:
    rows, (language, dark, given) = _told(version, viewer, scope, study, what, item), look
    if what == "weeks":
        own = overrides.standing(viewer, scope, item, version=version) if item and given else None
        past = _told(version, viewer, scope, study, "history", item)
        return figures.weeks(past, rows, language, dark=dark, own=own)
    return {"days": figures.days, "parts": figures.parts}[what](rows, language, dark=dark)


def _key(visit: Visit) -> tuple[Snapshot, Viewer, Scope, str]:
    return visit.version, require(visit.viewer, RIGHT), visit.scope, answers.made()


def as_of(visit: Visit) -> date | None:
    """The last day that the forecast knows; null while it is being worked out."""
    return answers.as_of(require(visit.viewer, RIGHT), version=visit.version)


def measure(visit: Visit, item: str) -> Measure:
    """What demand counts in."""
    return _told(*_key(visit), "measure", item)


def rows(visit: Visit, what: str, item: str) -> pl.DataFrame:
    """What is told of all items or one: history, weeks, days, spans, parts, odd, how_far: see ``answers.demand``."""
    return _told(*_key(visit), what, item)


def shown(visit: Visit, what: str, item: str) -> Shown:
    """The same as a table: weeks, odd, sites."""
    return _shown(*_key(visit), what, item, visit.language)


def items(visit: Visit) -> Shown:
    """What is expected of each item, as a table."""
    return _items_shown(*_key(visit), visit.language)


def names(visit: Visit) -> dict[str, str]:
    """What each item is called, in the order of the table."""
    return _names(*_key(visit), visit.language)


def category(visit: Visit, item: str) -> tuple[str, str] | None:
    """The category of an item, its key and what it is called; null where it has none."""
    rows = _items(*_key(visit)).filter(pl.col("product_id") == item).drop_nulls("category_id")
    named = rows.select("category_id", pl.coalesce("category", "category_id"))
    return named.row(0) if named.height else None


def within(visit: Visit, category: tuple[str, str]) -> Visit:
    """The visit with a category in the place of the chosen ones."""
    return replace(visit, scope=replace(visit.scope, categories=(category[0],)))


def figure(visit: Visit, what: str, item: str) -> go.Figure | None:
    """The finished figure of weeks, days or parts."""
    return _figure(*_key(visit), what, item, (visit.language, visit.dark, overrides.mark()))
