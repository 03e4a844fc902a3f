"""The figure of cohorts: how many of those that came in a quarter come back in the quarters after."""

import numpy as np
import plotly.graph_objects as go
import polars as pl

from display.numbers import count, percent
from display.periods import quarter_name
from display.theme import palette, template
from display.words import say

ROW_HEIGHT, LEAST_HEIGHT, MOST_COHORTS = 30, 120, 10
FAINTEST, STRONGEST = 0.06, 0.6
YEAR = 4


def cohorts(rows: pl.DataFrame, language: str, *, dark: bool) -> go.Figure | None:
    """The share of each cohort (down, the newest below) that ordered in the quarters after its first (across). At most
    the ten newest; no figure without any."""
    later, first = _latest(rows), rows.filter(pl.col("quarter") == 0)
    if later.is_empty():
        return None
    days = later["cohort_on"].unique().sort().to_list()
    sizes = dict(first.select("cohort_on", "customers").iter_rows())
    most = int(later["quarter"].max())  # type: ignore[arg-type]
    shares = {(day, quarter): came for day, quarter, came in later.select("cohort_on", "quarter", "came").iter_rows()}
    table = [[shares.get((day, at)) for at in range(1, most + 1)] for day in reversed(days)]
    names = [f"{quarter_name(day, language)} · {count(sizes[day], language)}\u2002" for day in reversed(days)]
    return go.Figure(_heat(table, language, dark=dark), _grid(names, most, language, dark=dark))


def _latest(rows: pl.DataFrame) -> pl.DataFrame:
    newest = rows.filter(pl.col("quarter") > 0)["cohort_on"].unique().sort().tail(MOST_COHORTS)
    return rows.filter((pl.col("quarter") > 0) & pl.col("cohort_on").is_in(newest.implode()))


def _heat(table: list[list[float | None]], language: str, *, dark: bool) -> go.Heatmap:
    colours = palette(dark=dark)
    red, green, blue = (int(colours.series[0][start : start + 2], 16) for start in (1, 3, 5))
    texts = [
        ["" if share is None else percent(round(share, 2), language).replace(".0", "") for share in line]
        for line in table
    ]
    return go.Heatmap(
        z=np.array([[np.nan if share is None else share for share in line] for line in table], dtype=np.float32),
        text=texts,
        texttemplate="%{text}",
        textfont={"color": colours.ink, "size": 12},
        colorscale=[[at, f"rgba({red},{green},{blue},{shade})"] for at, shade in ((0, FAINTEST), (1, STRONGEST))],
        zmin=0,
        zmax=1,
        showscale=False,
        hoverinfo="skip",
        xgap=2,
        ygap=2,
    )


def _grid(names: list[str], most: int, language: str, *, dark: bool) -> go.Layout:
    after = [say(language, "life.after", quarter=at) for at in range(1, most + 1)]
    axis = {"showgrid": False, "ticks": "", "tickmode": "array"}
    return go.Layout(
        template=template(dark=dark),
        height=max(LEAST_HEIGHT, ROW_HEIGHT * (len(names) + 1)),
        xaxis=axis | {"side": "top", "tickvals": list(range(most)), "ticktext": after},
        yaxis=axis | {"tickvals": list(range(len(names))), "ticktext": names},
    )


def cohorts_in_words(rows: pl.DataFrame, language: str) -> str:
    """What that figure shows, for a reader who does not see it."""
    parts = [
        say(
            language,
            "life.cohorts.part",
            quarter=quarter_name(day, language),
            count=customers,
            share=percent(came, language),
        )
        for day, customers, came in _latest(rows)
        .filter(pl.col("quarter") == YEAR)
        .select("cohort_on", "customers", "came")
        .iter_rows()
    ]
    return say(language, "life.cohorts.alt", parts="; ".join(parts))
