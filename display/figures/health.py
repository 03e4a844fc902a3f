"""Figures of Data health: how many rows broke which rule."""

import plotly.graph_objects as go
import polars as pl

from display.figures import bars
from display.numbers import count
from display.tables.health import rule_in_words

MOST_RULES = 8


def rows_by_rule(quarantine: pl.DataFrame, language: str, *, dark: bool) -> go.Figure | None:
    """Rows set aside by the rule they broke, the most frequent first; no figure when there is none."""
    broken = quarantine.group_by("rule").agg(rows=pl.len()).sort("rows", "rule", descending=[True, False])
    if broken.is_empty():
        return None
    most = broken.head(MOST_RULES)
    rules = [rule_in_words(rule, None, language) for rule in most.get_column("rule")]
    numbers = most.get_column("rows").to_list()
    return bars.ranked(rules, numbers, [count(number, language) for number in numbers], dark=dark)
