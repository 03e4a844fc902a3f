"""Figures of Forecast accuracy: chances beside what came, and what would have been told beside what came."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
import polars as pl

from display.figures.axes import day_ticks, number_ticks
from display.numbers import count, percent
from display.theme import palette, template
from display.words import say

HEIGHT = 380
SHARES = [0.0, 0.25, 0.5, 0.75, 1.0]
HOVER_DAY = {"en": "%-d %b %Y", "zh": "%Y年%-m月%-d日"}
SMALLEST, LARGEST = 8.0, 26.0
HEADROOM = 1.08


def reliability(rows: pl.DataFrame, language: str, *, dark: bool) -> go.Figure | None:
    """How often chances came true, by what was said; larger marks stand for more cases. Null without any."""
    if rows.is_empty():
        return None
    colours = palette(dark=dark)
    texts = [
        say(
            language,
            "accuracy.figure.hover",
            said=percent(row["said"], language),
            came=percent(row["came"], language),
            cases=count(row["cases"], language),
        )
        for row in rows.iter_rows(named=True)
    ]
    came = _values(rows, "came")
    off = {
        "type": "data",
        "symmetric": False,
        "array": _values(rows, "came_high") - came,
        "arrayminus": came - _values(rows, "came_low"),
        "color": colours.context,
        "thickness": 1.2,
        "width": 0,
    }
    marks = go.Scatter(
        x=_values(rows, "said"),
        y=came,
        error_y=off,
        mode="markers",
        name=say(language, "accuracy.figure.came"),
        marker={"color": colours.series[0], "size": _sizes(rows), "line": {"color": colours.page, "width": 1}},
        hovertext=texts,
        hoverinfo="text",
        cliponaxis=False,
    )
    ideal = go.Scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        name=say(language, "accuracy.figure.perfect"),
        line={"color": colours.muted, "width": 1.2, "dash": "dot"},
        hoverinfo="skip",
    )
    axis = {"range": [-0.02, 1.03], "tickmode": "array", "tickvals": SHARES}
    ticks = axis | {"ticktext": [percent(share, language).replace(".0", "") for share in SHARES]}
    titles = {name: {"text": say(language, f"accuracy.figure.{name}")} for name in ("said", "came")}
    layout = go.Layout(
        template=template(dark=dark),
        height=HEIGHT,
        margin={"t": 34},
        xaxis=ticks | {"title": titles["said"]},
        yaxis=ticks | {"title": titles["came"]},
    )
    return go.Figure([ideal, marks], layout)


def _values(frame: pl.DataFrame, column: str) -> Any:
    return frame.get_column(column).cast(pl.Float32).to_numpy()


def _sizes(rows: pl.DataFrame) -> Any:
    """By the logarithm of the cases."""
    many = np.log10(rows["cases"].to_numpy() + 1.0)
    share = (many - many.min()) / max(float(np.ptp(many)), 1e-9)
    return (SMALLEST + share * (LARGEST - SMALLEST)).astype(np.float32)


def reliability_in_words(rows: pl.DataFrame, language: str) -> str:
    """What the figure shows, for a reader who does not see it."""
    classes = [
        say(
            language,
            "accuracy.figure.class",
            said=percent(row["said"], language),
            came=percent(row["came"], language),
            cases=count(row["cases"], language),
        )
        for row in rows.iter_rows(named=True)
    ]
    return say(language, "accuracy.figure.alt", classes="; ".join(classes))


def told(rows: pl.DataFrame, language: str, *, dark: bool) -> go.Figure | None:
    """Week by week what came, and what hindcasts would have told with the band of 8 of 10; null without any.

    ``rows``: of single weeks; of several hindcasts of one week the latest counts.
    """
    if rows.is_empty():
        return None
    colours = palette(dark=dark)
    latest = rows.sort("week_on", "origin_on").unique("week_on", keep="last", maintain_order=True)
    days = latest["week_on"].to_numpy()
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    red, green, blue = (int(colours.series[0][start : start + 2], 16) for start in (1, 3, 5))
    band = {"fill": "tonexty", "fillcolor": f"rgba({red},{green},{blue},0.16)"}
    traces = [
        go.Scatter(x=days, y=_values(latest, "q10"), showlegend=False, **edge),
        go.Scatter(x=days, y=_values(latest, "q90"), name=say(language, "accuracy.told.band"), **edge, **band),
        _line(days, latest, "mean", say(language, "accuracy.told.mean"), colours.series[0]),
        _line(days, latest, "came", say(language, "accuracy.told.came"), colours.context),
    ]
    first, last = latest.item(0, "week_on"), latest.item(-1, "week_on")
    high = max(float(each) for each in latest.select(pl.col("q90", "came").max()).row(0)) * HEADROOM
    layout = go.Layout(
        template=template(dark=dark),
        height=HEIGHT,
        hovermode="x unified",
        margin={"t": 34},
        xaxis={"range": [first, last], "hoverformat": HOVER_DAY[language]} | day_ticks(first, last, language),
        yaxis={"range": [0, high or 1.0]} | number_ticks(0, high or 1.0, language),
    )
    return go.Figure(traces, layout)


def _line(days: Any, rows: pl.DataFrame, column: str, name: str, colour: str) -> go.Scatter:
    line = {"color": colour, "width": 2.2}
    return go.Scatter(x=days, y=_values(rows, column), name=name, mode="lines", line=line, hovertemplate="%{y:,.0f}")
