"""What is cached of orders: the open ones, their lines, times and figures, as in ``frames``."""

import plotly.graph_objects as go
import polars as pl

from analytics.access import Viewer, require
from analytics.order_flow import TO_DELIVER
from analytics.scope import Scope
from answers import Snapshot, orders
from display.figures import orders as figures
from display.messages import orders as messages
from display.tables import Shown
from display.tables import orders as tables
from pages.parts import frames, readings
from pages.parts.cache import beside, cached
from pages.parts.visit import Visit

RIGHT = "sales.read"
ON_TIME = "on_time_in_full"
JUDGED = ("late", "will_be_late")
ALL = "to_deliver"


@cached
def _orders(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return orders.orders(viewer, scope, version=version)


@cached
def _listed(version: Snapshot, viewer: Viewer, scope: Scope, which: str, text: str) -> pl.DataFrame:
    rows = _orders(version, viewer, scope).filter(_which(which))
    named = pl.concat_str("document", "customer", separator=" ", ignore_nulls=True).str.to_lowercase()
    return rows.filter(named.str.contains(text, literal=True)) if text else rows


def _which(which: str) -> pl.Expr:
    if which in JUDGED:
        return pl.col(f"is_{which}" if which == "late" else which)
    return pl.col("stage").is_in(TO_DELIVER) if which == ALL else pl.col("stage") == which


@cached
def _listed_shown(version: Snapshot, viewer: Viewer, scope: Scope, which: str, text: str, language: str) -> Shown:
    return tables.orders(_listed(version, viewer, scope, which, text), frames.day(version, viewer), language)


@cached
def _steps(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return orders.steps(viewer, scope, version=version)


@cached
def _months(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return orders.months(viewer, scope, version=version)


@cached
def _spread(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return orders.spread(viewer, scope, version=version)


@cached
def _flow(version: Snapshot, viewer: Viewer, scope: Scope, language: str, dark: bool) -> go.Figure:
    stages = orders.stages(_orders(version, viewer, scope))
    return figures.flow(stages, _steps(version, viewer, scope), language, dark=dark)


@cached
def _cycle(version: Snapshot, viewer: Viewer, scope: Scope, language: str, dark: bool) -> go.Figure | None:
    return figures.cycle(_months(version, viewer, scope), language, dark=dark)


@cached
def _spread_figure(version: Snapshot, viewer: Viewer, scope: Scope, language: str, dark: bool) -> go.Figure | None:
    return figures.spread(_spread(version, viewer, scope), language, dark=dark)


@cached
def _lines_shown(version: Snapshot, viewer: Viewer, scope: Scope, order_id: str, language: str) -> Shown:
    rows = orders.lines(viewer, scope, order_id, version=version)
    return tables.lines(rows, frames.day(version, viewer), language)


@cached
def _way(version: Snapshot, viewer: Viewer, scope: Scope, order_id: str, language: str, dark: bool) -> go.Figure:
    order = _orders(version, viewer, scope).row(by_predicate=pl.col("sales_order_id") == order_id, named=True)
    return figures.way(order, frames.day(version, viewer), language, dark=dark)


@cached
def _called(
    version: Snapshot, viewer: Viewer, scope: Scope, which: str, text: str, page: tuple[int, int], language: str
) -> dict[str, str]:
    rows = _listed(version, viewer, scope, which, text)[slice(*page)].iter_rows(named=True)
    return {row["sales_order_id"]: messages.choice(row, language) for row in rows}


_steps_shown = beside(tables.steps)


def _allowed(visit: Visit) -> Viewer:
    return require(visit.viewer, RIGHT)


def open_orders(visit: Visit) -> pl.DataFrame:
    """One row per open order."""
    return _orders(visit.version, _allowed(visit), visit.scope)


def listed(visit: Visit, which: str, text: str) -> pl.DataFrame:
    """The open orders that are asked for: of a stage, late ones, with some text in number or customer."""
    return _listed(visit.version, _allowed(visit), visit.scope, which, text.strip().lower())


def listed_shown(visit: Visit, which: str, text: str) -> Shown:
    """The same as a table."""
    return _listed_shown(visit.version, _allowed(visit), visit.scope, which, text.strip().lower(), visit.language)


def called(visit: Visit, which: str, text: str, page: slice) -> dict[str, str]:
    """What each of some of them is called where one is chosen."""
    asked, place = text.strip().lower(), (page.start, page.stop)
    return _called(visit.version, _allowed(visit), visit.scope, which, asked, place, visit.language)


def way(visit: Visit, order_id: str) -> go.Figure:
    """The finished figure of one open order's way to the money."""
    return _way(visit.version, _allowed(visit), visit.scope, order_id, visit.language, visit.dark)


def stage(visit: Visit, order_id: str) -> str | None:
    """The stage of one open order; null where there is no such order."""
    found = open_orders(visit).filter(pl.col("sales_order_id") == order_id).get_column("stage")
    return found[0] if found.len() else None


def stages(visit: Visit) -> pl.DataFrame:
    """One row per open stage and currency."""
    return orders.stages(open_orders(visit))


def steps(visit: Visit) -> pl.DataFrame:
    """How long each step took."""
    return _steps(visit.version, _allowed(visit), visit.scope)


def steps_shown(visit: Visit) -> Shown:
    """The same as a table."""
    return _steps_shown(steps(visit), visit.language)


def flow(visit: Visit) -> go.Figure:
    """The finished figure of stages and steps."""
    return _flow(visit.version, _allowed(visit), visit.scope, visit.language, visit.dark)


def flow_alternative(visit: Visit) -> str:
    """What that figure shows, in words."""
    return figures.flow_in_words(stages(visit), steps(visit), visit.language)


def cycle(visit: Visit) -> go.Figure | None:
    """The finished figure of cycle times by month."""
    return _cycle(visit.version, _allowed(visit), visit.scope, visit.language, visit.dark)


def cycle_alternative(visit: Visit) -> str:
    """What that figure shows, in words."""
    found = _months(visit.version, _allowed(visit), visit.scope)
    return figures.cycle_in_words(found, visit.language)


def spread(visit: Visit) -> go.Figure | None:
    """The finished figure of how many orders took how long."""
    return _spread_figure(visit.version, _allowed(visit), visit.scope, visit.language, visit.dark)


def spread_alternative(visit: Visit) -> str:
    """What that figure shows, in words."""
    return figures.spread_in_words(_spread(visit.version, _allowed(visit), visit.scope), visit.language)


def lines(visit: Visit, order_id: str) -> Shown:
    """The lines of one order as a table."""
    return _lines_shown(visit.version, _allowed(visit), visit.scope, order_id, visit.language)


def on_time(visit: Visit) -> float | None:
    """The share of order lines that came on the first promise, in the period."""
    return readings.reading(visit, ON_TIME).value
