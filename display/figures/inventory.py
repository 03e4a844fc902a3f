"""Figures of Inventory and demand: the projected stock of one item, and money at stake by group."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import plotly.graph_objects as go
import polars as pl

from analytics.scope import Scope
from display.figures.axes import day_ticks, number_ticks, plain
from display.numbers import money, short_day
from display.theme import Palette, palette, template
from display.words import say

HEIGHT = 392
MOST_GROUPS = 10
WEEK = 7
GRAVE = ("negative", "out", "runs_out")


@dataclass(frozen=True)
class _Look:
    language: str
    colours: Palette

    def say(self, word: str, **values: object) -> str:
        return say(self.language, f"inventory.figure.{word}", **values)


def _days(frame: pl.DataFrame) -> np.ndarray[Any, Any]:
    return frame.get_column("day_on").to_numpy()


def _values(frame: pl.DataFrame, column: str) -> np.ndarray[Any, Any]:
    return frame.get_column(column).cast(pl.Float32).to_numpy()


def projected_stock(
    history: pl.DataFrame, projection: pl.DataFrame, item: Mapping[str, Any], language: str, *, dark: bool
) -> go.Figure:
    """Stock of one item over time, with demand by week below on the same axis.

    The projected line is solid while it rests on what is known, and dotted beyond. Receipts and open orders are marks;
    the day it runs out is a red line.
    """
    look = _Look(language, palette(dark=dark))
    figure = go.Figure(layout=_layout(history, projection, item, look, dark=dark))
    figure.add_traces(_stock(history, projection, look))
    figure.add_traces(_marks(projection, look))
    figure.add_traces(_demand(history, projection, look))
    _mark_today(figure, projection, look)
    _mark_minimum(figure, item, look)
    _mark_end(figure, item, look)
    return figure


def _layout(
    history: pl.DataFrame, projection: pl.DataFrame, item: Mapping[str, Any], look: _Look, *, dark: bool
) -> go.Layout:
    first = history.get_column("day_on").min() if history.height else projection.get_column("day_on").min()
    last = projection.get_column("day_on").max()
    minimum = pl.Series([0.0, item["minimum_quantity"]], dtype=pl.Float64)
    levels = pl.concat([history.get_column("on_hand"), projection.get_column("projected"), minimum]).drop_nulls()
    low, high = float(levels.min()), float(levels.max())  # type: ignore[arg-type]
    room = (high - low or 1) * 0.12
    weekly = _weekly(history).get_column("quantity").max() if history.height else 0
    ahead = _weekly(projection).get_column("quantity").max()
    most = max(float(weekly or 0), float(ahead or 0), 1)  # type: ignore[arg-type]
    return go.Layout(
        template=template(dark=dark),
        height=HEIGHT,
        hovermode="x unified",
        margin={"t": 30},
        bargap=0.2,
        xaxis={
            "range": [first, last],
            "anchor": "y2",
            "hoverformat": _hover_day(look.language),
            **day_ticks(first, last, look.language),
        },  # type: ignore[arg-type]
        yaxis={
            "domain": [0.36, 1],
            "range": [low - room, high + room],
            **number_ticks(low, high + room, look.language),
        },
        yaxis2={"domain": [0, 0.24], "range": [0, most * 1.1], **number_ticks(0, most, look.language, about=2)},
    )


def _hover_day(language: str) -> str:
    return "%Y年%-m月%-d日" if language == "zh" else "%-d %b %Y"


def _stock(history: pl.DataFrame, projection: pl.DataFrame, look: _Look) -> list[go.Scatter]:
    certain = projection.filter(pl.col("certain"))
    joint = certain.tail(1) if certain.height else projection.head(1)
    rest = pl.concat([joint, projection.filter(~pl.col("certain"))]).unique("day_on", maintain_order=True)
    below = projection.filter(pl.col("projected") < 0)
    lines = [
        _line(history, "on_hand", look.say("history"), look.colours.context, width=1.6),
        _line(certain, "projected", look.say("projected"), look.colours.series[0], width=2.4),
        _line(rest, "projected", look.say("uncertain"), look.colours.series[0], width=2, dash="dot"),
    ]
    if below.height:
        lines.insert(0, _shortage(projection, look))
    return [line for line in lines if line.x is not None and len(line.x) > 1]


def _line(frame: pl.DataFrame, column: str, name: str, colour: str, *, width: float, dash: str = "solid") -> go.Scatter:
    line = {"color": colour, "width": width, "dash": dash, "shape": "hv"}
    return go.Scatter(
        x=_days(frame), y=_values(frame, column), name=name, mode="lines", line=line, hovertemplate="%{y:,.0f}"
    )


def _shortage(projection: pl.DataFrame, look: _Look) -> go.Scatter:
    depth = np.minimum(_values(projection, "projected"), 0)
    red = look.colours.bad
    return go.Scatter(
        x=_days(projection),
        y=depth,
        fill="tozeroy",
        fillcolor=_faded(red),
        line={"width": 0, "shape": "hv"},
        hoverinfo="skip",
        showlegend=False,
    )


def _faded(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.14)"


def _marks(projection: pl.DataFrame, look: _Look) -> list[go.Scatter]:
    arriving = projection.filter(pl.col("receipts") > 0)
    leaving = projection.filter(pl.col("reservations") > 0)
    marks = [
        _mark(arriving, "receipts", look.say("receipts"), "triangle-up", look.colours.good),
        _mark(leaving, "reservations", look.say("reservations"), "triangle-down", look.colours.series[1]),
    ]
    return [mark for mark in marks if len(mark.x)]


def _mark(frame: pl.DataFrame, column: str, name: str, symbol: str, colour: str) -> go.Scatter:
    marker = {"symbol": symbol, "size": 10, "color": colour, "line": {"width": 0}}
    return go.Scatter(
        x=_days(frame),
        y=_values(frame, "projected"),
        customdata=_values(frame, column),
        name=name,
        mode="markers",
        marker=marker,
        hovertemplate="%{customdata:,.0f}",
    )


def _weekly(frame: pl.DataFrame) -> pl.DataFrame:
    """Sums of blocks of seven days, from the first day of the frame; a block that is not whole is left out."""
    demand = pl.col("demand") if "demand" in frame.columns else pl.col("expected_demand") + pl.col("reservations")
    block = pl.int_range(pl.len()) // WEEK
    blocks = frame.sort("day_on").group_by(block.alias("block"), maintain_order=True)
    sums = blocks.agg(pl.col("day_on").first(), demand.sum().alias("quantity"), days=pl.len())
    return sums.filter(pl.col("days") == WEEK).with_columns(pl.col("day_on") + pl.duration(days=WEEK // 2))


def _demand(history: pl.DataFrame, projection: pl.DataFrame, look: _Look) -> list[go.Bar]:
    past = _weekly(history.tail(history.height // WEEK * WEEK))
    ahead = _weekly(projection.slice(1))
    return [
        _bars(past, look.say("demand"), look.colours.context),
        _bars(ahead, look.say("expected"), look.colours.series[0], opacity=0.45),
    ]


def _bars(weeks: pl.DataFrame, name: str, colour: str, opacity: float = 1) -> go.Bar:
    return go.Bar(
        x=_days(weeks),
        y=_values(weeks, "quantity"),
        name=name,
        yaxis="y2",
        width=5.4 * 86_400_000,
        showlegend=False,
        marker={"color": colour, "opacity": opacity},
        hovertemplate="%{y:,.0f}",
    )


def _mark_today(figure: go.Figure, projection: pl.DataFrame, look: _Look) -> None:
    today = projection.get_column("day_on").min()
    figure.add_hline(y=0, line={"color": look.colours.muted, "width": 1}, yref="y")
    figure.add_shape(
        type="line", x0=today, x1=today, y0=0, y1=1, yref="paper", line={"color": look.colours.lines, "width": 1}
    )
    quiet = {"showarrow": False, "xanchor": "left", "yref": "paper", "font": {"color": look.colours.muted, "size": 12}}
    figure.add_annotation(x=today, y=0.325, text=look.say("today"), xshift=4, yanchor="top", **quiet)
    figure.add_annotation(x=0, xref="paper", y=0.325, text=look.say("demand"), yanchor="top", **quiet)


def _mark_minimum(figure: go.Figure, item: Mapping[str, Any], look: _Look) -> None:
    if item["minimum_quantity"]:
        line = {"color": look.colours.muted, "width": 1, "dash": "dot"}
        label = {"text": look.say("minimum"), "font": {"color": look.colours.muted, "size": 11}}
        figure.add_hline(y=item["minimum_quantity"], line=line, yref="y")
        figure.add_annotation(
            x=0, xref="paper", y=item["minimum_quantity"], showarrow=False, xanchor="left", yanchor="bottom", **label
        )


def _mark_end(figure: go.Figure, item: Mapping[str, Any], look: _Look) -> None:
    on: date | None = item["runs_out_on"]
    if on is None:
        return
    grave = item["state"] in GRAVE
    colour = look.colours.bad if grave else look.colours.muted
    figure.add_shape(
        type="line", x0=on, x1=on, y0=0.36, y1=1, yref="paper", line={"color": colour, "width": 1.6 if grave else 1}
    )
    text = _end_in_words(item["state"], short_day(on, look.language), look)
    font = {"color": colour, "size": 12}
    figure.add_annotation(
        x=on, y=1, yref="paper", text=text, showarrow=False, yanchor="top", font=font, **_side(figure, on)
    )


def _end_in_words(state: str, day: str, look: _Look) -> str:
    if state in ("out", "negative"):
        return f"<b>{look.say('out_now')}</b>"
    return f"<b>{look.say('runs_out', day=day)}</b>" if state == "runs_out" else look.say("empty", day=day)


def _side(figure: go.Figure, on: date) -> dict[str, Any]:
    """The label stands right of its line, left of it near the right end."""
    first, last = figure.layout.xaxis.range
    is_late = on > first + (last - first) * 0.7
    return {"xanchor": "right", "xshift": -6} if is_late else {"xanchor": "left", "xshift": 6}


def at_stake_by_group(groups: pl.DataFrame, language: str, *, dark: bool) -> go.Figure | None:
    """Money at stake by group, the largest first; no figure when nothing is at stake."""
    largest = groups.filter(pl.col("at_stake") > 0).sort("at_stake", descending=True).head(MOST_GROUPS).reverse()
    if largest.is_empty():
        return None
    unnamed = say(language, "inventory.groups.unnamed")
    names = [plain(name or unnamed) for name in largest.get_column("group")]
    amounts = largest.get_column("at_stake").to_list()
    texts = [
        money(amount, currency, language)
        for amount, currency in zip(amounts, largest.get_column("currency"), strict=True)
    ]
    bars = go.Bar(
        x=np.asarray(amounts, dtype=np.float32),
        y=names,
        orientation="h",
        text=texts,
        textposition="outside",
        cliponaxis=False,
        marker={"color": palette(dark=dark).series[0]},
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    layout = go.Layout(
        template=template(dark=dark),
        height=12 + 36 * largest.height,
        margin={"r": 16},
        xaxis={"visible": False, "range": [0, max(amounts) * 1.35]},
        yaxis={"type": "category", "ticksuffix": "  ", "showgrid": False},
    )
    return go.Figure(bars, layout)


def alternative(item_name: str, item: Mapping[str, Any], as_of: date, scope: Scope, language: str) -> str:
    """What the figure of one item shows, for a reader who does not see it."""
    last = as_of + timedelta(days=scope.horizon_days)
    on = item["runs_out_on"]
    end = ("runs_out", on) if on else ("lasts", last)
    outcome = say(language, f"inventory.figure.{end[0]}", day=short_day(end[1], language))
    return say(language, "inventory.figure.alt", item=item_name, outcome=outcome)
