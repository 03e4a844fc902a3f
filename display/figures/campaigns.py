"""The figure of Campaigns: orders put down to each beside those that it caused, with bounds."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
import polars as pl

from display.figures.axes import number_ticks, plain
from display.numbers import quantity
from display.theme import palette, template
from display.words import say

ROW_HEIGHT, LEAST_HEIGHT, SHOWN = 34, 120, 12
MARGIN = 0.08


def _known(rows: pl.DataFrame) -> pl.DataFrame:
    """The newest campaigns of which it is known what they caused."""
    return rows.drop_nulls(["orders", "orders_low", "orders_high"]).head(SHOWN)


def caused(rows: pl.DataFrame, language: str, *, dark: bool) -> go.Figure | None:
    """By campaign, the newest on top: a mark for the orders put down to it, a point with bounds for those it caused."""
    known = _known(rows).reverse()
    if known.is_empty():
        return None
    places, colours = np.arange(known.height), palette(dark=dark)
    middle, low, high = (known[name].to_numpy() for name in ("orders", "orders_low", "orders_high"))
    bounds = {"type": "data", "array": high - middle, "arrayminus": middle - low, "thickness": 2, "width": 5}
    effects = go.Scatter(
        x=middle, y=places, mode="markers", error_x=bounds, marker={"color": colours.series[0], "size": 9},
        name=say(language, "campaigns.figure.caused"), hoverinfo="skip",
    )  # fmt: skip
    attributed = go.Scatter(
        x=known["attributed_orders"].to_numpy(), y=places, mode="markers", hoverinfo="skip",
        marker={"color": colours.muted, "size": 12, "symbol": "line-ns-open", "line": {"width": 3}},
        name=say(language, "campaigns.figure.attributed"),
    )  # fmt: skip
    return go.Figure([effects, attributed], _layout(known, language, dark=dark))


def _layout(known: pl.DataFrame, language: str, *, dark: bool) -> go.Layout:
    low = min(0.0, float(known["orders_low"].min()))  # type: ignore[arg-type]
    high = max(float(known["orders_high"].max()), float(known["attributed_orders"].max()))  # type: ignore[arg-type]
    room = (high - low) * MARGIN
    names = [f"{plain(name or say(language, 'none'))}\u2002" for name in known["name"]]
    lines = palette(dark=dark).lines
    axis: dict[str, Any] = {"range": [low - room, high + room], "showgrid": True, "gridcolor": lines}
    axis |= {"zeroline": True, "zerolinecolor": palette(dark=dark).muted}
    return go.Layout(
        template=template(dark=dark),
        height=max(LEAST_HEIGHT, 60 + ROW_HEIGHT * known.height),
        xaxis=axis | number_ticks(low, high, language),
        yaxis={"showgrid": False, "tickmode": "array", "tickvals": list(range(known.height)), "ticktext": names},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )


def caused_in_words(rows: pl.DataFrame, language: str) -> str:
    """What that figure shows, for a reader who does not see it."""
    parts = [
        say(
            language,
            "campaigns.figure.part",
            name=row["name"] or say(language, "none"),
            attributed=row["attributed_orders"],
            caused=quantity(round(row["orders"]), language),
            low=quantity(round(row["orders_low"]), language),
            high=quantity(round(row["orders_high"]), language),
        )
        for row in _known(rows).iter_rows(named=True)
    ]
    return say(language, "campaigns.figure.alt", parts="; ".join(parts))
