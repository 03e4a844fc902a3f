"""The figure of Pipeline: weighted amounts by stage."""

import plotly.graph_objects as go
import polars as pl

from display.figures import bars
from display.numbers import money
from display.words import say


def _sized(rows: pl.DataFrame, language: str) -> list[tuple[str, float, str]]:
    known = rows.filter(pl.col("weighted") > 0).drop_nulls("currency")
    return [
        (row["group"] or say(language, "none"), row["weighted"], money(row["weighted"], row["currency"], language))
        for row in known.iter_rows(named=True)
    ]


def stages(rows: pl.DataFrame, language: str, *, dark: bool) -> go.Figure | None:
    """Weighted amounts by stage, the first stage on top; no figure where no amount is known."""
    sized = _sized(rows, language)
    if not sized:
        return None
    names, sizes, texts = zip(*sized, strict=True)
    return bars.ranked(names, sizes, texts, dark=dark)


def stages_in_words(rows: pl.DataFrame, language: str) -> str:
    """What that figure shows, for a reader who does not see it."""
    parts = "; ".join(f"{name} {text}" for name, _, text in _sized(rows, language))
    return say(language, "pipeline.stages.figure.alt", parts=parts)
