"""Figures of Demand: history and forecast with their bands, the days ahead, and what demand is made of."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import plotly.graph_objects as go
import polars as pl
from plotly.subplots import make_subplots

from display.figures.axes import day_ticks, number_ticks
from display.theme import palette, template
from display.words import say

HEIGHT, PARTS_HEIGHT, SHOWN_WEEKS = 340, 460, 78
HOVER_DAY = {"en": "%-d %b %Y", "zh": "%Y年%-m月%-d日"}
PARTS = ("level", "season", "events", "rest")
HEADROOM, CORRECTED = 1.06, 0.03


def _values(frame: pl.DataFrame, column: str) -> Any:
    return frame.get_column(column).cast(pl.Float32).to_numpy()


def _days(frame: pl.DataFrame, column: str = "week_on") -> Any:
    return frame.get_column(column).to_numpy()


def _faded(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def weeks(
    history: pl.DataFrame, ahead: pl.DataFrame, language: str, *, dark: bool, own: pl.DataFrame | None = None
) -> go.Figure | None:
    """What was asked for by week, and what will be, with the bands of 8 of 10 and 19 of 20; null where nothing was.

    own: figures of people that stand (days, figure, told): each is drawn over its days, shared out as the forecast is.
    """
    if history.is_empty() or ahead.is_empty():
        return None
    colours = palette(dark=dark)
    past = history.tail(SHOWN_WEEKS)
    odd = past.filter(
        (pl.col("counted") - pl.col("recorded")).abs() > CORRECTED * pl.col("recorded").clip(lower_bound=1.0)
    )
    given = _own(own, ahead, say(language, "overrides.figure.trace"), colours.series[2])
    traces = [
        _line(past, "recorded", say(language, "demand.figure.recorded"), colours.context, 1.8),
        *_corrected(odd, say(language, "demand.figure.counted"), colours.series[1]),
        *_band(ahead, ("q025", "q975"), say(language, "demand.figure.band_95"), _faded(colours.series[0], 0.10)),
        *_band(ahead, ("q10", "q90"), say(language, "demand.figure.band_80"), _faded(colours.series[0], 0.20)),
        _line(ahead, "mean", say(language, "demand.figure.mean"), colours.series[0], 2.4),
        *given,
    ]
    first, last = past.item(0, "week_on"), ahead.item(-1, "week_on")
    edges = (past["recorded"].max(), ahead["q975"].max(), *(trace.y.max() for trace in given))
    high = max(float(edge or 0.0) for edge in edges) * HEADROOM
    figure = go.Figure(traces, _layout(first, last, high, language, dark=dark))
    figure.add_vline(x=past.item(-1, "week_on"), line={"color": colours.lines, "width": 1})
    return figure


def _line(rows: pl.DataFrame, column: str, name: str, colour: str, width: float) -> go.Scatter:
    line = {"color": colour, "width": width}
    x, y = _days(rows), _values(rows, column)
    return go.Scatter(x=x, y=y, name=name, mode="lines", line=line, hovertemplate="%{y:,.0f}")


def _own(own: pl.DataFrame | None, ahead: pl.DataFrame, name: str, colour: str) -> list[go.Scatter]:
    """A dotted line for each figure of a person, over its weeks."""
    lines = []
    for days, figure, told in () if own is None else own.select("days", "figure", "told").iter_rows():
        weeks_of = ahead.head(days // 7)
        share = (
            weeks_of["mean"] * (figure / told) if told > 0 else pl.Series([figure / weeks_of.height] * weeks_of.height)
        )
        look = {"color": colour, "width": 2.2, "dash": "dot"}
        x, y = _days(weeks_of), share.cast(pl.Float32).to_numpy()
        lines.append(go.Scatter(x=x, y=y, name=name, mode="lines", line=look, hovertemplate="%{y:,.0f}"))
    return lines


def _corrected(odd: pl.DataFrame, name: str, colour: str) -> list[go.Scatter]:
    if odd.is_empty():
        return []
    marker = {"symbol": "circle-open", "size": 7, "color": colour, "line": {"width": 1.6}}
    x, y = _days(odd), _values(odd, "counted")
    return [go.Scatter(x=x, y=y, name=name, mode="markers", marker=marker, hovertemplate="%{y:,.0f}")]


def _band(rows: pl.DataFrame, edges: tuple[str, str], name: str, colour: str) -> list[go.Scatter]:
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    low = go.Scatter(x=_days(rows), y=_values(rows, edges[0]), showlegend=False, **edge)
    high = go.Scatter(x=_days(rows), y=_values(rows, edges[1]), name=name, fill="tonexty", fillcolor=colour, **edge)
    return [low, high]


def _layout(first: date, last: date, high: float, language: str, *, dark: bool) -> go.Layout:
    axis = {"range": [first, last], "hoverformat": HOVER_DAY[language]} | day_ticks(first, last, language, about=7)
    values = {"range": [0, high or 1.0]} | number_ticks(0, high or 1.0, language)
    return go.Layout(
        template=template(dark=dark), height=HEIGHT, hovermode="x unified", margin={"t": 34}, xaxis=axis, yaxis=values
    )


def days(ahead: pl.DataFrame, language: str, *, dark: bool) -> go.Figure | None:
    """What is expected on each of the next 28 days; null where nothing is known."""
    if ahead.is_empty():
        return None
    colours = palette(dark=dark)
    bars = go.Bar(
        x=_days(ahead, "day_on"),
        y=_values(ahead, "mean"),
        marker={"color": colours.series[0]},
        hovertemplate="%{y:,.1f}",
        name=say(language, "demand.figure.mean"),
    )
    first, last = ahead.item(0, "day_on") - timedelta(days=1), ahead.item(-1, "day_on") + timedelta(days=1)
    high = float(ahead["mean"].max() or 0.0) * HEADROOM  # type: ignore[arg-type]
    figure = go.Figure([bars], _layout(first, last, high, language, dark=dark))
    return figure.update_layout(showlegend=False)


def parts(rows: pl.DataFrame, language: str, *, dark: bool) -> go.Figure | None:
    """Level with its band, season, calendar and rest, one below the other on one scale; null without any."""
    if rows.is_empty():
        return None
    colours = palette(dark=dark)
    names = [say(language, f"demand.parts.{name}") for name in PARTS]
    figure = make_subplots(rows=4, cols=1, shared_xaxes=True, vertical_spacing=0.075, subplot_titles=names)
    first, last = rows.item(0, "week_on"), rows.item(-1, "week_on")
    asked = _line(rows, "asked", say(language, "demand.figure.counted"), _faded(colours.context, 0.55), 1.0)
    for trace in (asked, *_band(rows, ("low", "high"), "", _faded(colours.series[0], 0.18))):
        figure.add_trace(trace, row=1, col=1)
    for number, name in enumerate(PARTS):
        figure.add_trace(_line(rows, name, names[number], colours.series[0], 1.8), row=number + 1, col=1)
        low, high = _reach(rows, name)
        figure.update_yaxes({"range": [low, high]} | number_ticks(low, high, language, about=2), row=number + 1, col=1)
    figure.update_layout(template=template(dark=dark), height=PARTS_HEIGHT, showlegend=False, margin={"t": 26})
    figure.update_annotations(x=0, xanchor="left", font={"size": 12, "color": colours.muted})
    figure.update_xaxes({"range": [first, last], "hoverformat": HOVER_DAY[language]} | day_ticks(first, last, language))
    return figure


def _reach(rows: pl.DataFrame, name: str) -> tuple[float, float]:
    columns = ("asked", "low", "high") if name == "level" else (name,)
    edges = np.concatenate([_values(rows, column) for column in columns] + [np.zeros(1)])
    low, high = float(edges.min()), float(edges.max())
    room = (high - low or 1.0) * 0.08
    return low - (room if low < 0 else 0.0), high + room
