"""Figures of Stock-outs: the chance to have run out by each day, and the stock from how little to how much."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import plotly.graph_objects as go
import polars as pl

from display.figures.axes import day_ticks, number_ticks
from display.numbers import percent, quantity, short_day
from display.theme import Palette, palette, template
from display.words import say

HEIGHT = 300
HOVER_DAY = {"en": "%-d %b %Y", "zh": "%Y年%-m月%-d日"}
LATE_IN_PICTURE = 0.7


def _days(frame: pl.DataFrame, column: str = "day_on") -> Any:
    return frame.get_column(column).to_numpy()


def _values(frame: pl.DataFrame, column: str) -> Any:
    return frame.get_column(column).cast(pl.Float32).to_numpy()


def _span(course: pl.DataFrame) -> tuple[date, date]:
    return course.item(0, "day_on"), course.item(-1, "day_on")


def chance(
    course: pl.DataFrame, receipts: pl.DataFrame, risk: Mapping[str, Any], language: str, *, dark: bool
) -> go.Figure:
    """The chance to have run out by each day; receipts as marks at the bottom, where each has come with 8 of 10; the
    next receipt and the day on which a new order could come as lines."""
    colours = palette(dark=dark)
    line = {"color": colours.series[0], "width": 2.4}
    look = {"fill": "tozeroy", "fillcolor": _faded(colours.series[0]), "hovertemplate": "%{y:.0%}", "showlegend": False}
    curve = go.Scatter(x=_days(course), y=_values(course, "probability"), mode="lines", line=line, **look)
    first, last = _span(course)
    ticks = {"tickmode": "array", "tickvals": [0, 0.25, 0.5, 0.75, 1], "ticktext": ["0%", "25%", "50%", "75%", "100%"]}
    figure = go.Figure([curve, *_marks(receipts, first, last, colours, language)], _layout(course, language, dark=dark))
    figure.update_layout(yaxis={"range": [0, 1.04]} | ticks)
    _mark_horizons(figure, receipts, risk, (first, last), colours, language)
    return figure


def _layout(course: pl.DataFrame, language: str, *, dark: bool) -> go.Layout:
    first, last = _span(course)
    axis = {"range": [first, last], "hoverformat": HOVER_DAY[language]} | day_ticks(first, last, language, about=5)
    return go.Layout(template=template(dark=dark), height=HEIGHT, hovermode="x unified", margin={"t": 44}, xaxis=axis)


def _marks(receipts: pl.DataFrame, first: date, last: date, colours: Palette, language: str) -> list[go.Scatter]:
    """Receipts on the day by which each has come with 8 of 10."""
    seen = receipts.filter(pl.col("arrives_80_on").is_between(first, last))
    if seen.is_empty():
        return []
    marker = {"symbol": "triangle-up", "size": 11, "color": colours.good}
    return [
        go.Scatter(
            x=_days(seen, "arrives_80_on"),
            y=np.full(seen.height, 0.03, dtype=np.float32),
            customdata=_values(seen, "quantity"),
            name=say(language, "stockouts.figure.receipts"),
            mode="markers",
            showlegend=False,
            marker=marker,
            cliponaxis=False,
            hovertemplate="%{customdata:,.0f}",
        )
    ]


def _mark_horizons(
    figure: go.Figure,
    receipts: pl.DataFrame,
    risk: Mapping[str, Any],
    span: tuple[date, date],
    colours: Palette,
    language: str,
) -> None:
    """Two quiet lines, named above the picture: until the next receipt, and until a new order could come."""
    expected = receipts.get_column("arrives_80_on").min() if receipts.height else None
    for name, on, level in (("next", expected, 1.01), ("new", risk["new_receipt_on"], 1.09)):
        if isinstance(on, date) and span[0] <= on <= span[1]:
            line = {"color": colours.muted, "width": 1.2, "dash": "dot" if name == "new" else "solid"}
            figure.add_shape(type="line", x0=on, x1=on, y0=0, y1=1, yref="paper", line=line)
            is_late = on > span[0] + (span[1] - span[0]) * LATE_IN_PICTURE
            text = f"{say(language, f'stockouts.figure.{name}')} {short_day(on, language)}"
            look = {"showarrow": False, "yref": "paper", "yanchor": "bottom", "font": {"color": colours.muted}}
            figure.add_annotation(x=on, y=level, text=text, xanchor="right" if is_late else "left", **look)


def course(rows: pl.DataFrame, language: str, *, dark: bool) -> go.Figure:
    """The stock that is expected on each day, and between what eight of ten courses lie; below zero is missing."""
    colours = palette(dark=dark)
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    band = {"fill": "tonexty", "fillcolor": _faded(colours.series[0]), "name": say(language, "stockouts.figure.band")}
    traces = [
        go.Scatter(x=_days(rows), y=_values(rows, "low"), showlegend=False, **edge),
        go.Scatter(x=_days(rows), y=_values(rows, "high"), **edge, **band),
        go.Scatter(
            x=_days(rows),
            y=_values(rows, "likely"),
            mode="lines",
            name=say(language, "stockouts.figure.likely"),
            line={"color": colours.series[0], "width": 2.4},
            hovertemplate="%{y:,.0f}",
        ),
    ]
    figure = go.Figure(traces, _layout(rows, language, dark=dark))
    low, high = _reach(rows)
    figure.update_layout(yaxis={"range": [low, high]} | number_ticks(low, high, language))
    figure.add_hline(y=0, line={"color": colours.muted, "width": 1})
    return figure


def _reach(rows: pl.DataFrame) -> tuple[float, float]:
    """The lowest and the highest of what is drawn and zero, with a little room."""
    edges = np.concatenate([np.zeros(1), _values(rows, "low"), _values(rows, "high")])
    low, high = float(edges.min()), float(edges.max())
    room = (high - low or 1.0) * 0.06
    return low - (room if low < 0 else 0.0), high + room


def _faded(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.14)"


def chance_in_words(name: str, risk: Mapping[str, Any], language: str) -> str:
    """What the figure of chances shows, for a reader who does not see it."""
    seven, month, whole = (percent(risk[f"p_{days}"], language) for days in (7, 28, 84))
    return say(language, "stockouts.figure.chance.alt", item=name, seven=seven, month=month, all=whole)


def course_in_words(name: str, rows: pl.DataFrame, language: str) -> str:
    """What the figure of stock shows, for a reader who does not see it."""
    now, low, high = rows.item(0, "likely"), rows.item(-1, "low"), rows.item(-1, "high")
    told = {key: quantity(value, language) for key, value in (("now", now), ("low", low), ("high", high))}
    return say(language, "stockouts.figure.course.alt", item=name, **told)
