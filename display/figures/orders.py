"""Figures of Orders: where orders are and how long each step takes, the way of one order, cycle times."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import plotly.graph_objects as go
import polars as pl

from analytics.order_flow import OPEN, STEPS, TO_DELIVER
from display.figures import bars
from display.figures.axes import day_ticks, number_ticks
from display.messages.orders import days, short
from display.numbers import count, month, short_day
from display.theme import palette, template
from display.words import say

Row = Mapping[str, Any]
AFTER = {"to_shipped": 1, "to_delivered": 2, "to_invoiced": 3, "to_paid": 4}
STAGE_HEIGHT, ROOM_FOR_TEXT = 64, 1.6
STEP_HEIGHT, CYCLE_HEIGHT = 34, 260
BETWEEN = 0.5
MARGIN = timedelta(days=1)


def _staged(stages: pl.DataFrame, steps: pl.DataFrame) -> list[tuple[str, int, dict[str, float]]]:
    """Every stage that the reader is told of: its orders and their value by currency. Without the time until payment,
    nobody is told who has not paid."""
    shown = OPEN if "to_paid" in steps["step"] else OPEN[:-1]
    found = []
    for stage in shown:
        rows = stages.filter(pl.col("stage") == stage)
        values = dict(rows.filter(pl.col("value") != 0).drop_nulls("currency").select("currency", "value").iter_rows())
        found.append((stage, int(rows["orders"].sum()), values))
    return found


def _text(orders: int, values: Mapping[str, float], language: str) -> str:
    return f"<b>{count(orders, language)}</b>" + (f"  {short(values, language)}" if values else "")


def flow(stages: pl.DataFrame, steps: pl.DataFrame, language: str, *, dark: bool) -> go.Figure:
    """Open orders by stage, from the order downwards; between the stages, how long the step to the next one takes.

    The step that takes longest is written strong; in the alarm colour where it got slower.
    """
    known = _staged(stages, steps)
    colours = palette(dark=dark)
    numbers = np.asarray([orders for _, orders, _ in known], dtype=np.float32)
    at = -np.arange(len(known), dtype=np.float32)
    look = {"color": [colours.series[0] if stage in TO_DELIVER else colours.context for stage, _, _ in known]}
    texts = [_text(orders, values, language) for _, orders, values in known]
    bar = go.Bar(
        x=numbers, y=at, orientation="h", width=0.42, marker=look, text=texts, textposition="outside",
        cliponaxis=False, hoverinfo="none",
    )  # fmt: skip
    names = [f"{say(language, f'orders.stage.{stage}')}\u2002" for stage, _, _ in known]
    layout = go.Layout(
        template=template(dark=dark),
        height=STAGE_HEIGHT * len(known),
        margin={"r": 16, "t": 0},
        xaxis={"visible": False, "range": [0, max(float(numbers.max()), 1.0) * ROOM_FOR_TEXT]},
        yaxis={"showgrid": False, "tickmode": "array", "tickvals": at.tolist(), "ticktext": names},
    )
    figure = go.Figure(bar, layout)
    for step in steps.filter(pl.col("median_days").is_not_null()).iter_rows(named=True):
        _mark_step(figure, step, language, dark=dark)
    return figure


def _mark_step(figure: go.Figure, step: Row, language: str, *, dark: bool) -> None:
    """The time of one step, between the stages that it leads from and to."""
    if step["step"] not in AFTER:
        return
    colours = palette(dark=dark)
    colour = colours.bad if step["is_slower"] else colours.ink if step["is_bottleneck"] else colours.muted
    text = f"↓ {_step_in_words(step, language)}"
    figure.add_annotation(
        x=0, xref="paper", xanchor="left", xshift=4, y=-AFTER[step["step"]] - BETWEEN, showarrow=False,
        text=f"<b>{text}</b>" if step["is_bottleneck"] or step["is_slower"] else text, font={"color": colour},
    )  # fmt: skip


def _step_in_words(step: Row, language: str) -> str:
    name = say(language, f"orders.step.{step['step']}")
    text = say(language, "orders.flow.step", days=days(step["median_days"], language), step=name)
    if step["is_slower"]:
        return say(language, "orders.flow.slower", text=text, before=days(step["median_days_before"], language))
    return say(language, "orders.flow.bottleneck", text=text) if step["is_bottleneck"] else text


def flow_in_words(stages: pl.DataFrame, steps: pl.DataFrame, language: str) -> str:
    """What the figure of stages shows, for a reader who does not see it."""
    parts = [
        f"{say(language, f'orders.stage.{stage}')} {count(orders, language)}"
        for stage, orders, _ in _staged(stages, steps)
    ]
    timed = steps.filter(pl.col("median_days").is_not_null() & pl.col("step").is_in(list(AFTER)))
    parts += [_step_in_words(step, language) for step in timed.iter_rows(named=True)]
    return say(language, "orders.flow.alt", parts="; ".join(parts))


def _parts(order: Row, as_of: date) -> list[tuple[str, datetime, datetime]]:
    """The steps that the order has taken or is in: each with its beginning, and its end or the end of today."""
    now = datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC) + MARGIN
    instants = {**order, "paid_at": None}
    found = []
    for step, (first, last) in STEPS.items():
        since, until = instants[first], instants[last]
        if since is not None:
            found.append((step, since, max(until or now, since)))
        if until is None:
            break
    return found


def way(order: Row, as_of: date, language: str, *, dark: bool) -> go.Figure:
    """The way of one order: a bar for each step that it has taken or is in, the promise and today as lines."""
    parts, colours = _parts(order, as_of), palette(dark=dark)
    at = -np.arange(len(parts), dtype=np.float32)
    first, last = _span(order, parts)
    is_now = [len(parts) - 1 == number for number in range(len(parts))]
    bar = go.Bar(
        base=[since.replace(tzinfo=None) for _, since, _ in parts],
        x=[(until - since) / timedelta(milliseconds=1) for _, since, until in parts],
        y=at,
        orientation="h",
        width=0.5,
        text=[_length(since, until, language) for _, since, until in parts],
        textposition="outside",
        cliponaxis=False,
        marker={"color": [colours.series[0] if now else colours.context for now in is_now]},
        hoverinfo="none",
    )
    names = [f"{say(language, f'orders.timeline.{step}')}\u2002" for step, _, _ in parts]
    room = (last - first) * 0.12
    layout = go.Layout(
        template=template(dark=dark),
        height=70 + STEP_HEIGHT * len(parts),
        margin={"t": 26, "r": 16},
        xaxis={"type": "date", "range": [first - room / 4, last + room]} | day_ticks(first, last, language),
        yaxis={
            "showgrid": False, "tickmode": "array", "tickvals": at.tolist(), "ticktext": names,
            "range": [-len(parts) + 0.5, 0.5],
        },
    )  # fmt: skip
    figure = go.Figure(bar, layout)
    _mark(figure, as_of + MARGIN, say(language, "orders.timeline.today"), colours.muted, "dot")
    due_on = order["due_on"]
    if due_on:
        text = say(language, "orders.timeline.promise", day=short_day(due_on, language))
        _mark(figure, due_on + MARGIN, text, colours.bad if order["is_late"] else colours.good, "solid")
    return figure


def _span(order: Row, parts: list[tuple[str, datetime, datetime]]) -> tuple[date, date]:
    known = [at.date() for _, since, until in parts for at in (since, until)]
    known += [order["due_on"]] if order["due_on"] else []
    return min(known), max(known) + MARGIN


def _length(since: datetime, until: datetime, language: str) -> str:
    return days((until - since) / timedelta(days=1), language)


def _mark(figure: go.Figure, on: date, text: str, colour: str, dash: str) -> None:
    """A day as an upright line with its name above."""
    line = {"color": colour, "width": 1.4, "dash": dash}
    figure.add_shape(type="line", x0=on, x1=on, y0=0, y1=1, yref="paper", line=line)
    figure.add_annotation(
        x=on, y=1, yref="paper", yanchor="bottom" if dash == "solid" else "top", text=text, showarrow=False,
        xanchor="left" if dash == "dot" else "center", xshift=4 if dash == "dot" else 0, font={"color": colour},
    )  # fmt: skip


def way_in_words(order: Row, as_of: date, language: str) -> str:
    """What the way of an order shows, for a reader who does not see it."""
    told = [
        say(
            language,
            "orders.timeline.part",
            step=say(language, f"orders.timeline.{step}"),
            days=_length(since, until, language),
        )
        for step, since, until in _parts(order, as_of)
    ]
    return say(language, "orders.timeline.alt", order=order["document"] or "", parts="; ".join(told))


def cycle(months: pl.DataFrame, language: str, *, dark: bool) -> go.Figure | None:
    """The median and the ninetieth percentile of days from order to arrival, by month; no figure without an arrival."""
    if months["median_days"].drop_nulls().is_empty():
        return None
    colours = palette(dark=dark)
    at, firsts = np.arange(months.height), months["month_on"].to_list()
    lines = (("p90", "p90_days", colours.context, 1.5), ("median", "median_days", colours.series[0], 2.2))
    traces = [
        go.Scatter(
            x=at, y=months[column].to_numpy().astype(np.float32), name=say(language, f"orders.cycle.{name}"),
            mode="lines+markers", line={"color": colour, "width": width}, marker={"size": 5}, hoverinfo="text",
            hovertext=[
                f"{month(first, language)}: {days(value, language)}"
                for first, value in zip(firsts, months[column].to_list(), strict=True)
            ],
        )
        for name, column, colour, width in lines
    ]  # fmt: skip
    highest = float(np.nanmax(months["p90_days"].to_numpy().astype(np.float64)))
    ticks = [number for number in at.tolist() if (months.height - 1 - number) % 3 == 0]
    return go.Figure(
        traces,
        go.Layout(
            template=template(dark=dark),
            height=CYCLE_HEIGHT,
            margin={"t": 28},
            showlegend=True,
            xaxis={"tickmode": "array", "tickvals": ticks, "ticktext": [month(firsts[at], language) for at in ticks]},
            yaxis={"range": [0, highest * 1.12 or 1.0]} | number_ticks(0, highest, language),
        ),
    )  # fmt: skip


def cycle_in_words(months: pl.DataFrame, language: str) -> str:
    """What the figure of months shows, for a reader who does not see it."""
    known = months["median_days"].drop_nulls()
    last = days(known[-1] if known.len() else None, language)
    return say(language, "orders.cycle.alt", median=last)


def _spans(spread: pl.DataFrame, language: str) -> list[tuple[str, int]]:
    """The name of each span of days, and its orders."""
    starts, numbers = spread["from_days"].to_list(), spread["orders"].to_list()
    ends = [*starts[1:], None]
    found = []
    for since, to, orders in zip(starts, ends, numbers, strict=True):
        words = "last" if to is None else "between" if since else "first"
        found.append((say(language, f"orders.spread.{words}", since=since, to=to), orders))
    return found


def spread(rows: pl.DataFrame, language: str, *, dark: bool) -> go.Figure | None:
    """How many orders took how many days; no figure without an arrival."""
    known = _spans(rows, language)
    if not any(orders for _, orders in known):
        return None
    names, numbers = [name for name, _ in known], [float(orders) for _, orders in known]
    return bars.ranked(names, numbers, [count(orders, language) for _, orders in known], dark=dark)


def spread_in_words(rows: pl.DataFrame, language: str) -> str:
    """What the figure of spans shows, for a reader who does not see it."""
    parts = [f"{name} {count(orders, language)}" for name, orders in _spans(rows, language)]
    return say(language, "orders.spread.alt", parts="; ".join(parts))
