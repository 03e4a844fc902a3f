"""Figures of Inventory and demand: the projected stock of one item, and money at stake by group."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
import polars as pl

from analytics.scope import Scope
from display.figures import bars
from display.figures.axes import day_ticks, number_ticks
from display.numbers import money, short_day
from display.theme import Palette, palette, template
from display.words import say

HEIGHT = 392
STOCK_FROM, DEMAND_UP_TO = 0.36, 0.24
MOST_GROUPS = 10
WEEK = 7
DEEPEST = 0.4
BAR_WIDTH = timedelta(days=5.4) / timedelta(milliseconds=1)
GRAVE = ("negative", "out", "runs_out")
HOVER_DAY = {"en": "%-d %b %Y", "zh": "%Y年%-m月%-d日"}

Values = npt.NDArray[Any]


@dataclass(frozen=True)
class _Story:
    """One item: its past and its days to come, what is known of it, and how it is told."""

    history: pl.DataFrame
    projection: pl.DataFrame
    item: Mapping[str, Any]
    language: str
    colours: Palette

    def say(self, word: str, **values: object) -> str:
        """A word of this figure."""
        return say(self.language, f"inventory.figure.{word}", **values)

    @property
    def today(self) -> date:
        """The day of counting: the first of the projection."""
        return self.projection.item(0, "day_on")

    @property
    def first(self) -> date:
        """The first day of the figure."""
        return self.history.item(0, "day_on") if self.history.height else self.today

    @property
    def last(self) -> date:
        """The last day of the figure."""
        return self.projection.item(-1, "day_on")

    @property
    def past_weeks(self) -> pl.DataFrame:
        """Demand by week, the last one ending today."""
        whole = self.history.tail(self.history.height // WEEK * WEEK)
        return _weekly(whole, pl.col("demand"))

    @property
    def weeks_ahead(self) -> pl.DataFrame:
        """What is expected and ordered by week, the first one starting tomorrow."""
        return _weekly(self.projection.slice(1), pl.col("expected_demand") + pl.col("reservations"))


def _weekly(days: pl.DataFrame, demand: pl.Expr) -> pl.DataFrame:
    """Sums of seven days each, from the first day on, dated at their middle; a week that is not whole is left out."""
    weeks = days.group_by(week=pl.int_range(pl.len()) // WEEK, maintain_order=True)
    sums = weeks.agg(pl.col("day_on").first() + pl.duration(days=WEEK // 2), quantity=demand.sum(), days=pl.len())
    return sums.filter(pl.col("days") == WEEK)


def projected_stock(
    history: pl.DataFrame, projection: pl.DataFrame, item: Mapping[str, Any], language: str, *, dark: bool
) -> go.Figure:
    """Stock of one item over time, with demand by week below on the same axis.

    The projected line is solid while it rests on what is known, and dotted beyond. Receipts and open orders are marks;
    the day it runs out is a red line.
    """
    story = _Story(history, projection, item, language, palette(dark=dark))
    traces = [*_shortage(story), *_lines(story), *_marks(story), *_demand(story)]
    figure = go.Figure(traces, _layout(story).update(template=template(dark=dark)))
    _mark_today(figure, story)
    _mark_minimum(figure, story)
    _mark_end(figure, story)
    return figure


def _days(frame: pl.DataFrame) -> Values:
    return frame.get_column("day_on").to_numpy()


def _values(frame: pl.DataFrame, column: str) -> Values:
    return frame.get_column(column).cast(pl.Float32).to_numpy()


def _span(*parts: Values) -> tuple[float, float]:
    """The lowest and the highest of all values and zero."""
    known = np.concatenate([np.zeros(1), *parts])
    return float(np.nanmin(known)), float(np.nanmax(known))


def _layout(story: _Story) -> go.Layout:
    """Axes that leave room for what is known; what nobody knows may fall out of the picture below."""
    minimum = np.asarray([story.item["minimum_quantity"] or 0])
    known = (_values(story.history, "on_hand"), _values(story.projection.filter("certain"), "projected"), minimum)
    low, high = _span(*known, _values(story.projection, "projected"))
    low = max(low, min(_span(*known)[0], -DEEPEST * high))
    least, most = _span(_values(story.past_weeks, "quantity"), _values(story.weeks_ahead, "quantity"))
    room = (high - low or 1) * 0.12
    ticks = day_ticks(story.first, story.last, story.language)
    hover = {"hoverformat": HOVER_DAY[story.language]}
    stock = {"domain": [STOCK_FROM, 1], "range": [low - room, high + room]}
    demand = {"domain": [0, DEMAND_UP_TO], "range": [least * 1.1, most * 1.1 or 1]}
    return go.Layout(
        height=HEIGHT,
        hovermode="x unified",
        margin={"t": 30},
        xaxis={"range": [story.first, story.last], "anchor": "y2"} | hover | ticks,
        yaxis=stock | number_ticks(low, high + room, story.language),
        yaxis2=demand | number_ticks(least, most or 1, story.language, about=2),
    )


def _lines(story: _Story) -> list[go.Scatter]:
    certain = story.projection.filter("certain")
    uncertain = story.projection.slice(max(certain.height - 1, 0))
    blue = story.colours.series[0]
    lines = [
        _line(story.history, "on_hand", story.say("history"), story.colours.context, width=1.6),
        _line(certain, "projected", story.say("projected"), blue, width=2.4),
        _line(uncertain, "projected", story.say("uncertain"), blue, width=2, dash="dot"),
    ]
    return [line for line in lines if len(line.x) > 1]


def _line(frame: pl.DataFrame, column: str, name: str, colour: str, *, width: float, dash: str = "solid") -> go.Scatter:
    line = {"color": colour, "width": width, "dash": dash, "shape": "hv"}
    values = _values(frame, column)
    return go.Scatter(x=_days(frame), y=values, name=name, mode="lines", line=line, hovertemplate="%{y:,.0f}")


def _shortage(story: _Story) -> list[go.Scatter]:
    """What is missing for certain, as a pale red area below zero."""
    certain = story.projection.filter("certain")
    missing = np.minimum(_values(certain, "projected"), 0)
    if not missing.any():
        return []
    look = {"fill": "tozeroy", "fillcolor": _faded(story.colours.bad), "line": {"width": 0, "shape": "hv"}}
    return [go.Scatter(x=_days(certain), y=missing, mode="lines", hoverinfo="skip", showlegend=False, **look)]


def _faded(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.14)"


def _marks(story: _Story) -> list[go.Scatter]:
    marks = [
        _mark(story, "receipts", "triangle-up", story.colours.good),
        _mark(story, "reservations", "triangle-down", story.colours.series[1]),
    ]
    return [mark for mark in marks if len(mark.x)]


def _mark(story: _Story, column: str, symbol: str, colour: str) -> go.Scatter:
    due = story.projection.filter(pl.col(column) > 0)
    return go.Scatter(
        x=_days(due),
        y=_values(due, "projected"),
        customdata=_values(due, column),
        name=story.say(column),
        mode="markers",
        marker={"symbol": symbol, "size": 10, "color": colour},
        hovertemplate="%{customdata:,.0f}",
    )


def _demand(story: _Story) -> list[go.Bar]:
    return [
        _bars(story.past_weeks, story.say("demand"), {"color": story.colours.context}),
        _bars(story.weeks_ahead, story.say("expected"), {"color": story.colours.series[0], "opacity": 0.45}),
    ]


def _bars(weeks: pl.DataFrame, name: str, marker: dict[str, Any]) -> go.Bar:
    look = {"yaxis": "y2", "width": BAR_WIDTH, "marker": marker, "showlegend": False}
    return go.Bar(x=_days(weeks), y=_values(weeks, "quantity"), name=name, hovertemplate="%{y:,.0f}", **look)


def _mark_today(figure: go.Figure, story: _Story) -> None:
    figure.add_hline(y=0, line={"color": story.colours.muted, "width": 1}, yref="y")
    line = {"color": story.colours.lines, "width": 1}
    figure.add_shape(type="line", x0=story.today, x1=story.today, y0=0, y1=1, yref="paper", line=line)
    between = (STOCK_FROM + DEMAND_UP_TO) / 2
    quiet = {"showarrow": False, "xanchor": "left", "yref": "paper", "font": {"color": story.colours.muted}}
    figure.add_annotation(x=story.today, y=between, text=story.say("today"), xshift=4, **quiet)
    figure.add_annotation(x=0, xref="paper", y=between, text=story.say("demand"), **quiet)


def _mark_minimum(figure: go.Figure, story: _Story) -> None:
    minimum = story.item["minimum_quantity"]
    if minimum:
        quiet = {"showarrow": False, "xanchor": "right", "yanchor": "bottom", "font": {"color": story.colours.muted}}
        figure.add_hline(y=minimum, line={"color": story.colours.muted, "width": 1, "dash": "dot"}, yref="y")
        figure.add_annotation(x=1, xref="paper", y=minimum, text=story.say("minimum"), **quiet)


def _mark_end(figure: go.Figure, story: _Story) -> None:
    """The day it runs out: a red line for an item that is in trouble, a quiet one where there is time to order."""
    on: date | None = story.item["runs_out_on"]
    if on is None:
        return
    colour = story.colours.bad if story.item["state"] in GRAVE else story.colours.muted
    is_late = on > story.first + (story.last - story.first) * 0.7
    side = {"xanchor": "right", "xshift": -6} if is_late else {"xanchor": "left", "xshift": 6}
    line = {"color": colour, "width": 1.6}
    figure.add_shape(type="line", x0=on, x1=on, y0=STOCK_FROM, y1=1, yref="paper", line=line)
    look = {"yref": "paper", "yanchor": "top", "showarrow": False, "font": {"color": colour}} | side
    figure.add_annotation(x=on, y=1, text=_end_in_words(story, on), **look)


def _end_in_words(story: _Story, on: date) -> str:
    day = short_day(on, story.language)
    if story.item["state"] in ("out", "negative"):
        return f"<b>{story.say('out_now')}</b>"
    return (
        f"<b>{story.say('runs_out', day=day)}</b>" if story.item["state"] == "runs_out" else story.say("empty", day=day)
    )


def alternative(item_name: str, item: Mapping[str, Any], as_of: date, scope: Scope, language: str) -> str:
    """What the figure of one item shows, for a reader who does not see it."""
    last = as_of + timedelta(days=scope.horizon_days)
    word, day = ("runs_out", item["runs_out_on"]) if item["runs_out_on"] else ("lasts", last)
    outcome = say(language, f"inventory.figure.{word}", day=short_day(day, language))
    return say(language, "inventory.figure.alt", item=item_name, outcome=outcome)


def at_stake_by_group(groups: pl.DataFrame, language: str, *, dark: bool) -> go.Figure | None:
    """Money at stake by group, the largest first; no figure when nothing is at stake.

    Only groups in the most frequent currency: bars of different currencies cannot be compared.
    """
    asked = groups.filter(pl.col("at_stake") > 0).sort("at_stake", descending=True)
    if asked.is_empty():
        return None
    currency = asked.get_column("currency").mode().sort()[0]
    largest = asked.filter(pl.col("currency") == currency).head(MOST_GROUPS)
    unnamed = say(language, "inventory.groups.unnamed")
    names = largest.get_column("group").fill_null(unnamed).to_list()
    amounts = largest.get_column("at_stake").to_list()
    return bars.ranked(names, amounts, [money(amount, currency, language) for amount in amounts], dark=dark)
