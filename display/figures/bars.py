"""Bars of ranked things: the name left, the bar, the number at its end."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from display.figures.axes import plain
from display.theme import palette, template

BAR_HEIGHT = 36
ROOM_FOR_TEXT = 1.35


def ranked(names: Sequence[str], values: Sequence[float], texts: Sequence[str], *, dark: bool) -> go.Figure:
    """Positive values as horizontal bars, the first one on top, each with its text."""
    bars = go.Bar(
        x=np.asarray(values[::-1], dtype=np.float32),
        y=np.arange(len(names)),
        orientation="h",
        text=texts[::-1],
        textposition="outside",
        cliponaxis=False,
        marker={"color": palette(dark=dark).series[0]},
        hoverinfo="none",
    )
    layout = go.Layout(
        template=template(dark=dark),
        height=12 + BAR_HEIGHT * len(names),
        margin={"r": 16},
        xaxis={"visible": False, "range": [0, max(values) * ROOM_FOR_TEXT]},
        yaxis={"showgrid": False, "tickmode": "array"} | _labels(names[::-1]),
    )
    return go.Figure(bars, layout)


def _labels(names: Sequence[str]) -> dict[str, Sequence[object]]:
    """Names by position: two groups of one name stay two bars."""
    return {"tickvals": list(range(len(names))), "ticktext": [f"{plain(name)}\u2002" for name in names]}
