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

STEP_HEIGHT = 30
ROOM, BRIDGE_ROOM, LITTLE = 0.7, 0.38, 0.02
CUT, FLOOR, GAP, SLANT = 2.0, 0.6, 0.15, 0.02
MOST = 10
LONGEST = 26
LEAST = 0.0005
TEXT = {"textposition": "outside", "constraintext": "none", "textfont": {"size": 12}, "cliponaxis": False}


def bridge(
    effects: pl.DataFrame, before: float, after: float, metric: str, currency: str | None, language: str, *, dark: bool
) -> go.Figure:
    """From the value before to the value now, one bar per effect; ``effects``: effect and amount, adding up to the way.

    What adds is blue, what takes away is orange, the two values are grey. They stand on zero, or, where the way is
    short against them, on a broken axis, which the gap in them says.
    """
    told = _material(effects, before, after)
    amounts = told["amount"].to_list()
    tops = [before, *np.cumsum([before, *amounts])[1:].tolist(), after]
    floor = _floor(min(tops), max(tops))
    colours = palette(dark=dark)
    bars = go.Bar(
        x=np.asarray([before - floor, *amounts, after - floor], dtype=np.float64),
        base=np.asarray([floor, *tops[:-2], floor], dtype=np.float64),
        y=np.arange(len(tops)),
        orientation="h",
        marker={"color": [colours.context, *(_colour(amount, colours) for amount in amounts), colours.context]},
        text=_bridge_texts(amounts, before, after, METRICS[metric], currency, language),
        hoverinfo="none",
        **TEXT,
    )
    words = ["bridge.before", *(f"effect.{name}" for name in told["effect"]), "bridge.after"]
    figure = go.Figure(bars, _bridge_layout(tops, floor, [say(language, word) for word in words], dark=dark))
    return figure if floor == 0 else _broken(figure, tops, floor, colours)


def _bridge_texts(
    amounts: Sequence[float], before: float, after: float, metric: Metric, currency: str | None, language: str
) -> list[str]:
    """The two values, written out where their short forms are the same, and the changes between them."""
    ends = [written(metric, value, currency, language, narrow=True) for value in (before, after)]
    if ends[0] == ends[1] and before != after:
        ends = [written(metric, value, currency, language, whole=True) for value in (before, after)]
    return [ends[0], *(difference(metric, amount, currency, language) for amount in amounts), ends[1]]


def _material(effects: pl.DataFrame, before: float, after: float) -> pl.DataFrame:
    """Effects that can be seen; the rest is taken together with other, so that the bridge still arrives."""
    size = max(abs(before), abs(after)) * LEAST
    small = (pl.col("amount").abs() < size) & (pl.col("effect") != "other")
    named = effects.with_columns(effect=pl.when(small).then(pl.lit("other")).otherwise("effect"))
    summed = named.group_by("effect", maintain_order=True).agg(pl.col("amount").sum())
    last = summed.sort(pl.col("effect") == "other", maintain_order=True)
    return last.filter((pl.col("effect") != "other") | (pl.col("amount").abs() >= size))


def _floor(lowest: float, highest: float) -> float:
    """Where the two values stand: on zero, unless the way between them could then hardly be seen."""
    way = highest - lowest
    if lowest > CUT * way > 0:
        return lowest - FLOOR * way
    return highest + FLOOR * way if highest < -CUT * way < 0 else 0.0


def _colour(amount: float, colours: Palette) -> str:
    return colours.series[0] if amount >= 0 else colours.series[1]


def _bridge_layout(tops: Sequence[float], floor: float, names: Sequence[str], *, dark: bool) -> go.Layout:
    low, high = min(floor, *tops), max(floor, *tops)
    reach = high - low or 1.0
    left = BRIDGE_ROOM * reach if low < floor else LITTLE * reach
    labels = {"tickvals": list(range(len(names))), "ticktext": [f"{name}\u2002" for name in names]}
    return go.Layout(
        template=template(dark=dark),
        height=12 + STEP_HEIGHT * len(names),
        margin={"r": 16},
        showlegend=False,
        xaxis=_around_zero(low - left, high + BRIDGE_ROOM * reach, has_zero=floor == 0, dark=dark),
        yaxis={"showgrid": False, "tickmode": "array", "autorange": "reversed"} | labels,
    )


def _around_zero(low: float, high: float, *, has_zero: bool, dark: bool) -> dict[str, object]:
    line = {"zeroline": has_zero, "zerolinecolor": palette(dark=dark).context, "zerolinewidth": 1}
    return {"range": [low, high], "showticklabels": False} | line


def _broken(figure: go.Figure, tops: Sequence[float], floor: float, colours: Palette) -> go.Figure:
    """The two values with a slanted gap near their foot: they are longer than they are drawn."""
    way = max(floor, *tops) - min(floor, *tops)
    at = floor + float(np.copysign(GAP * way, tops[0] - floor))
    line = {"color": colours.page, "width": 4}
    for row in (0, len(tops) - 1):
        figure.add_shape(type="line", x0=at - SLANT * way, x1=at + SLANT * way, y0=row - 0.4, y1=row + 0.4, line=line)
    return figure


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
        hoverinfo="none",
        **TEXT,
    )
    left, right = (ROOM * reach if low < 0 else LITTLE * reach), (ROOM * reach if high > 0 else LITTLE * reach)
    ticks = {"tickvals": list(range(len(names))), "ticktext": [f"{name}\u2002" for name in names[::-1]]}
    layout = go.Layout(
        template=template(dark=dark),
        height=12 + BAR_HEIGHT * len(names),
        showlegend=False,
        xaxis=_around_zero(low - left, high + right, has_zero=True, dark=dark),
        yaxis={"showgrid": False, "tickmode": "array"} | ticks,
    )
    return bars, layout
