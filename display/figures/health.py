"""Figures of Data health: how many rows broke which rule."""

import numpy as np
import plotly.graph_objects as go
import polars as pl

from display.numbers import count
from display.tables.health import rule_in_words
from display.theme import palette, template

MOST_RULES = 8


def rows_by_rule(quarantine: pl.DataFrame, language: str, *, dark: bool) -> go.Figure | None:
    """Rows set aside by the rule they broke, the most frequent first; no figure when there is none."""
    rules = (
        quarantine.group_by("rule").agg(rows=pl.len()).sort("rows", "rule", descending=[True, False]).head(MOST_RULES)
    )
    if rules.is_empty():
        return None
    upwards = rules.reverse()
    numbers = upwards.get_column("rows").to_list()
    bars = go.Bar(
        x=np.asarray(numbers, dtype=np.int32),
        y=[rule_in_words(rule, None, language) for rule in upwards.get_column("rule")],
        orientation="h",
        text=[count(number, language) for number in numbers],
        textposition="outside",
        cliponaxis=False,
        marker={"color": palette(dark=dark).series[0]},
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    layout = go.Layout(
        template=template(dark=dark),
        height=12 + 36 * rules.height,
        margin={"r": 16},
        xaxis={"visible": False, "range": [0, max(numbers) * 1.3]},
        yaxis={"type": "category", "ticksuffix": "  ", "showgrid": False},
    )
    return go.Figure(bars, layout)
