"""Figures of Customers: money by segment, movements between segments, and the months of one customer."""

import numpy as np
import plotly.graph_objects as go
import polars as pl

from analytics.segments import SEGMENTS
from display.figures import bars
from display.figures.axes import number_ticks
from display.numbers import count, money, month, percent
from display.theme import palette, template
from display.words import say

MOVES_HEIGHT, MONTHS_HEIGHT = 360, 240
FADED, HEADROOM = 0.55, 1.12
FAINTEST, STRONGEST = 0.08, 0.55


def _sized(rows: pl.DataFrame, language: str) -> list[tuple[str, float, str]]:
    """Segments with a positive size and its text: the share of revenue; customers, where no revenue is known."""
    by_money = bool((rows["revenue"].fill_null(0) > 0).any()) and rows["currency"].drop_nulls().len() > 0
    sized = []
    for row in rows.iter_rows(named=True):
        size = (row["revenue"] or 0.0) if by_money else float(row["customers"])
        if size > 0:
            text = percent(row["revenue_share"], language) if by_money else count(row["customers"], language)
            sized.append((say(language, f"segment.{row['segment']}"), size, text))
    return sized


def segments(rows: pl.DataFrame, language: str, *, dark: bool) -> go.Figure | None:
    """Segments by their share of revenue, the best segment on top; by customers, where no revenue is known."""
    sized = _sized(rows, language)
    if not sized:
        return None
    names, sizes, texts = zip(*sized, strict=True)
    return bars.ranked(names, sizes, texts, dark=dark)


def segments_in_words(rows: pl.DataFrame, language: str) -> str:
    """What that figure shows, for a reader who does not see it."""
    parts = "; ".join(f"{name} {text}" for name, _, text in _sized(rows, language))
    return say(language, "customers.segments.figure.alt", parts=parts)


def movements(rows: pl.DataFrame, language: str, *, dark: bool) -> go.Figure | None:
    """How many customers went from each segment (down) to each (across); those that stayed without colour. Only
    segments that somebody came into or left; no figure where nobody moved."""
    counted = {(before, now): number for before, now, number, _ in rows.iter_rows()}
    touched = {name for pair in counted for name in pair if pair[0] != pair[1]}
    if not touched:
        return None
    seen = [name for name in SEGMENTS if name in touched]
    numbers = [[counted.get((before, now), 0) for now in seen] for before in reversed(seen)]
    weights = [[0 if before == now else counted.get((before, now), 0) for now in seen] for before in reversed(seen)]
    return go.Figure(_heat(numbers, weights, language, dark=dark), _grid(seen, language, dark=dark))


def _heat(numbers: list[list[int]], weights: list[list[int]], language: str, *, dark: bool) -> go.Heatmap:
    colours = palette(dark=dark)
    texts = [[count(number, language) if number else "" for number in line] for line in numbers]
    return go.Heatmap(
        z=np.sqrt(np.array(weights)).astype(np.float32),
        text=texts,
        texttemplate="%{text}",
        textfont={"color": colours.ink, "size": 13},
        colorscale=[[0, _faded(colours.series[0], FAINTEST)], [1, _faded(colours.series[0], STRONGEST)]],
        zmin=0,
        showscale=False,
        hoverinfo="skip",
        xgap=2,
        ygap=2,
    )


def _faded(colour: str, share: float) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


def _grid(seen: list[str], language: str, *, dark: bool) -> go.Layout:
    names = [say(language, f"segment.{name}") for name in seen]
    places = list(range(len(seen)))
    across = {"side": "top", "tickmode": "array", "tickvals": places, "ticktext": names, "ticks": "", "tickangle": -35}
    down = {"tickmode": "array", "tickvals": places, "ticktext": [f"{name}\u2002" for name in reversed(names)]}
    axis = {"showgrid": False, "ticks": ""}
    return go.Layout(template=template(dark=dark), height=MOVES_HEIGHT, xaxis=across, yaxis=down | axis)


def movements_in_words(rows: pl.DataFrame, language: str) -> str:
    """What that figure shows, for a reader who does not see it."""
    parts = [
        say(
            language,
            "customers.moved.part",
            before=say(language, f"segment.{before}"),
            after=say(language, f"segment.{now}"),
            count=number,
        )
        for before, now, number, _ in rows.iter_rows()
        if before != now
    ]
    return say(language, "customers.moved.figure.alt", parts="; ".join(parts))


def months(trend: pl.DataFrame, currency: str | None, language: str, *, dark: bool) -> go.Figure | None:
    """Revenue by month; the last one, which is not over, is paler. ``trend``: month_on, revenue."""
    if currency is None or not trend["revenue"].fill_null(0).ne(0).any():
        return None
    values, days = trend["revenue"].to_numpy().astype(np.float64), trend["month_on"].to_list()
    told = [
        f"{month(day, language)}: {money(value, currency, language)}" for day, value in zip(days, values, strict=True)
    ]
    look = {"color": palette(dark=dark).series[0], "opacity": [1.0] * (len(days) - 1) + [FADED]}
    places = [at for at in range(len(days)) if (len(days) - 1 - at) % 3 == 0]
    low, high = min(0.0, float(values.min())) * HEADROOM, max(0.0, float(values.max())) * HEADROOM
    layout = go.Layout(
        template=template(dark=dark),
        height=MONTHS_HEIGHT,
        margin={"r": 28},
        xaxis={"tickmode": "array", "tickvals": places, "ticktext": [month(days[at], language) for at in places]},
        yaxis={"range": [low, high]} | number_ticks(low, high, language),
    )
    return go.Figure(go.Bar(x=np.arange(len(days)), y=values, marker=look, hovertext=told, hoverinfo="text"), layout)


def months_in_words(trend: pl.DataFrame, currency: str | None, language: str) -> str:
    """What that figure shows, for a reader who does not see it."""
    known = [] if currency is None else [
        f"{month(day, language)} {money(value, currency, language)}" for day, value in trend.iter_rows()
    ]  # fmt: skip
    return say(language, "customer.months.alt", parts="; ".join(known))
