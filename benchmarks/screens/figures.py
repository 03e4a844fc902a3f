"""Revenue by month and category over three years, as a figure that is kept as those of all pages are: by snapshot,
rights and scope."""

import numpy as np
import plotly.graph_objects as go
import polars as pl

from analytics.access import Viewer
from analytics.periods import months_until
from analytics.scope import Scope
from answers import Snapshot
from answers.asked import asked
from answers.naming import names
from answers.sums import sums
from display.theme import palette, template
from pages.parts.cache import cached

MONTHS = 36


def revenue(viewer: Viewer, scope: Scope, version: Snapshot) -> pl.DataFrame:
    """One row per month and category: month_on, category, revenue."""
    question = asked(viewer, scope, "revenue", version)
    months = months_until(question.period, MONTHS)
    found = sums(question, months, ["category_id"])
    first = pl.Series("month_on", [month.first for month in months])
    called = names(question, "category").select(category_id="member", category="name")
    named = found.join(called, on="category_id", how="left", validate="m:1")
    dated = named.with_columns(first.gather(named["span"]))
    return dated.select("month_on", "category", revenue="numerator").sort("category", "month_on")


@cached
def by_month(version: Snapshot, viewer: Viewer, scope: Scope, dark: bool) -> go.Figure:
    """One bar per month, one colour per category."""
    rows, colours = revenue(viewer, scope, version), palette(dark=dark).series
    parts = rows.partition_by("category", maintain_order=True)
    bars = [
        go.Bar(
            x=part["month_on"].to_numpy(),
            y=part["revenue"].to_numpy().astype(np.float32),
            name=part["category"][0],
            marker={"color": colours[number % len(colours)]},
        )
        for number, part in enumerate(parts)
    ]
    return go.Figure(bars, go.Layout(template=template(dark=dark), barmode="stack", height=420))
