"""What moved a number: a bridge from before to now, and the members that contributed, as bars around zero."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
import polars as pl

from analytics.metrics import METRICS, Metric
from display.figures.axes import plain
from display.figures.bars import BAR_HEIGHT
from display.messages.metrics import difference, written
from display.theme import Palette, palette, template
from display.words import say

BRIDGE_HEIGHT = 280
ROOM, HEADROOM = 0.45, 0.18
MOST = 10
LONGEST = 30
LEAST = 0.0005


def bridge(
    effects: pl.DataFrame, before: float, after: float, metric: str, currency: str | None, language: str, *, dark: bool
) -> go.Figure:
    """From the value before to the value now, one bar per effect; ``effects``: effect and amount, adding up to the way.

    What adds is blue, what takes away is orange, the two values are grey.
    """
    told = _material(effects, before, after)
    amounts = told["amount"].to_list()
    tops = np.cumsum([before, *amounts])
    of = METRICS[metric]
    names = [say(language, "bridge.before"), *(say(language, f"effect.{name}") for name in told["effect"])]
    texts = [written(of, before, currency, language, narrow=True)]
    texts += [difference(of, amount, currency, language) for amount in amounts]
    texts.append(written(of, after, currency, language, narrow=True))
    low, high = _span(tops, after)
    colours = palette(dark=dark)
    starts = [low, *tops[:-1], low]
    heights = [before - low, *amounts, after - low]
    bars = go.Bar(
        x=[*names, say(language, "bridge.after")],
        y=np.asarray(heights, dtype=np.float64),
        base=np.asarray(starts, dtype=np.float64),
        marker={"color": [colours.context, *(_colour(amount, colours) for amount in amounts), colours.context]},
        text=texts,
        textposition="outside",
        cliponaxis=False,
        hoverinfo="none",
    )
    return go.Figure(bars, _bridge_layout(low, high, dark=dark))


def _material(effects: pl.DataFrame, before: float, after: float) -> pl.DataFrame:
    """Effects that can be seen; the rest is taken together with other, so that the bridge still arrives."""
    size = max(abs(before), abs(after)) * LEAST
    small = (pl.col("amount").abs() < size) & (pl.col("effect") != "other")
    named = effects.with_columns(effect=pl.when(small).then(pl.lit("other")).otherwise("effect"))
    summed = named.group_by("effect", maintain_order=True).agg(pl.col("amount").sum())
    return summed.filter((pl.col("effect") != "other") | (pl.col("amount").abs() >= size))


def _span(tops: np.ndarray, after: float) -> tuple[float, float]:
    """The ends of the axis: the way itself shall be seen, so a bridge between large values does not start at zero."""
    lowest, highest = float(min(*tops, after)), float(max(*tops, after))
    way = highest - lowest or abs(highest) or 1.0
    low = 0.0 if 0 <= lowest < 2 * way else lowest - 0.6 * way
    return low, highest + HEADROOM * (highest - low)


def _colour(amount: float, colours: Palette) -> str:
    return colours.series[0] if amount >= 0 else colours.series[1]


def _bridge_layout(low: float, high: float, *, dark: bool) -> go.Layout:
    return go.Layout(
        template=template(dark=dark),
        height=BRIDGE_HEIGHT,
        margin={"t": 20},
        showlegend=False,
        yaxis={"visible": False, "range": [low, high]},
        xaxis={"tickangle": 0},
    )


def bridge_in_words(
    effects: pl.DataFrame, before: float, after: float, metric: str, currency: str | None, language: str
) -> str:
    """The same in words, for those who do not see it."""
    of = METRICS[metric]
    parts = [
        f"{say(language, f'effect.{name}')} {difference(of, amount, currency, language)}"
        for name, amount in _material(effects, before, after).iter_rows()
    ]
    ends = (written(of, value, currency, language) for value in (before, after))
    return say(language, "bridge.alt", **dict(zip(("before", "after"), ends, strict=True)), effects=", ".join(parts))


def ranked_changes(
    members: pl.DataFrame, metric: str, currency: str | None, language: str, *, dark: bool
) -> go.Figure | None:
    """The largest contributions as bars around zero, and the sum of the others; ``members``: member, contribution."""
    known = members.filter(pl.col("contribution").is_not_null() & (pl.col("contribution") != 0))
    if known.is_empty():
        return None
    shown, rest = known.head(MOST), known.slice(MOST)
    names = [_short(name) for name in shown["member"].to_list()]
    values = shown["contribution"].to_list()
    if rest.height:
        names.append(say(language, "moved.rest", count=rest.height))
        values.append(float(rest["contribution"].sum()))
    return go.Figure(*_diverging(names, values, METRICS[metric], currency, language, dark=dark))


def _short(name: str) -> str:
    return plain(name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…")


def _diverging(
    names: Sequence[str], values: Sequence[float], metric: Metric, currency: str | None, language: str, *, dark: bool
) -> tuple[go.Bar, go.Layout]:
    colours = palette(dark=dark)
    reach = max(abs(value) for value in values)
    low, high = min(0.0, *values), max(0.0, *values)
    backwards = list(values)[::-1]
    bars = go.Bar(
        x=np.asarray(backwards, dtype=np.float64),
        y=np.arange(len(values)),
        orientation="h",
        marker={"color": [_colour(value, colours) for value in backwards]},
        text=[difference(metric, value, currency, language) for value in backwards],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="none",
    )
    left, right = (ROOM * reach if low < 0 else 0.02 * reach), (ROOM * reach if high > 0 else 0.02 * reach)
    ticks = {"tickvals": list(range(len(names))), "ticktext": [f"{name}\u2002" for name in names[::-1]]}
    layout = go.Layout(
        template=template(dark=dark),
        height=12 + BAR_HEIGHT * len(names),
        showlegend=False,
        xaxis={
            "range": [low - left, high + right], "showticklabels": False, "zeroline": True,
            "zerolinecolor": colours.lines, "zerolinewidth": 1,
        },
        yaxis={"showgrid": False, "tickmode": "array"} | ticks,
    )  # fmt: skip
    return bars, layout
