"""A number over the months: bars for what happened in them, a line for levels and shares, marks for the plan."""

import numpy as np
import plotly.graph_objects as go
import polars as pl

from analytics.metrics import Metric
from display.figures.axes import number_ticks
from display.messages.metrics import written
from display.numbers import compact, month, percent
from display.theme import palette, template
from display.words import say

HEIGHT = 260
HEADROOM = 1.12
FADED = 0.55


def trend(series: pl.DataFrame, metric: Metric, currency: str | None, language: str, *, dark: bool) -> go.Figure | None:
    """The months of ``answers.metrics.series``; null where no value is known. The month that is not over is paler."""
    known = series.get_column("value").drop_nulls()
    if known.is_empty():
        return None
    colours = palette(dark=dark)
    at = np.arange(series.height)
    traces = [_values(series, metric, currency, language, colours.series[0], at)]
    traces += _before(series, colours.context, language, at)
    traces += _plan(series, colours.ink, language, at)
    return go.Figure(traces, _layout(series, metric, language, dark=dark))


def _values(
    series: pl.DataFrame, metric: Metric, currency: str | None, language: str, colour: str, at: np.ndarray
) -> go.Bar | go.Scatter:
    values = series["value"].to_numpy().astype(np.float64)
    texts = [written(metric, value, currency, language) for value in series["value"].to_list()]
    months = [month(day, language) for day in series["month_on"].to_list()]
    told = [f"{name}: {text}" for name, text in zip(months, texts, strict=True)]
    name = say(language, "trend.value")
    if metric.time == "flow" and not metric.is_ratio:
        opacity = [FADED if partial else 1.0 for partial in series["is_partial"].to_list()]
        look = {"color": colour, "opacity": opacity}
        return go.Bar(x=at, y=values, name=name, marker=look, hovertext=told, hoverinfo="text")
    return go.Scatter(
        x=at, y=values, name=name, mode="lines+markers", line={"color": colour, "width": 2.2}, marker={"size": 5},
        hovertext=told, hoverinfo="text",
    )  # fmt: skip


def _before(series: pl.DataFrame, colour: str, language: str, at: np.ndarray) -> list[go.Scatter]:
    if series["compared"].is_null().all():
        return []
    values = series["compared"].to_numpy().astype(np.float64)
    return [
        go.Scatter(
            x=at, y=values, name=say(language, "trend.compared"), mode="lines", connectgaps=False, hoverinfo="skip",
            line={"color": colour, "width": 1.5},
        )
    ]  # fmt: skip


def _plan(series: pl.DataFrame, colour: str, language: str, at: np.ndarray) -> list[go.Scatter]:
    if series["target"].is_null().all():
        return []
    values = series["target"].to_numpy().astype(np.float64)
    mark = {"symbol": "line-ew-open", "size": 20, "color": colour, "line": {"width": 2, "color": colour}}
    return [
        go.Scatter(x=at, y=values, name=say(language, "trend.target"), mode="markers", marker=mark, hoverinfo="skip")
    ]


def _layout(series: pl.DataFrame, metric: Metric, language: str, *, dark: bool) -> go.Layout:
    values = pl.concat([series[name].drop_nulls() for name in ("value", "compared", "target")])
    low, high = float(values.min() or 0.0), float(values.max() or 0.0)  # type: ignore[arg-type]
    is_bar = metric.time == "flow" and not metric.is_ratio
    floor = min(0.0, low) if is_bar or metric.unit != "share" else max(0.0, low - (high - low or 0.1) * 0.3)
    ceiling = min(1.0, high + (high - floor) * 0.12) if metric.unit == "share" else high * HEADROOM
    days = series["month_on"].to_list()
    ticks = [at for at in range(len(days)) if (len(days) - 1 - at) % 3 == 0]
    return go.Layout(
        template=template(dark=dark),
        height=HEIGHT,
        margin={"t": 28},
        showlegend=True,
        xaxis={"tickmode": "array", "tickvals": ticks, "ticktext": [month(days[at], language) for at in ticks]},
        yaxis={"range": [floor, ceiling or 1.0]} | _ticks(metric, floor, ceiling, language),
    )


def _ticks(metric: Metric, low: float, high: float, language: str) -> dict[str, object]:
    ticks = number_ticks(low, high, language)
    text = percent if metric.unit == "share" else compact
    return ticks | {"ticktext": [text(value, language) for value in ticks["tickvals"]]}


def alternative(series: pl.DataFrame, metric: Metric, currency: str | None, language: str) -> str:
    """What the figure shows, for those who do not see it."""
    known = series.get_column("value").drop_nulls()
    last = written(metric, known[-1] if known.len() else None, currency, language)
    return say(language, "moved.trend.alt", metric=say(language, f"metric.{metric.name}"), value=last)


def sparkline(series: pl.DataFrame) -> list[float]:
    """The values of the months that are over, for the small line of a card."""
    over = series.filter(~pl.col("is_partial")).get_column("value")
    return [float(value) for value in over.fill_null(strategy="forward").drop_nulls().to_list()]
