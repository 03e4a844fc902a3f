"""The tables of Forecast accuracy."""

import polars as pl

from display.tables import Column, Shown, Table, shown
from display.words import known, say

SHARES = ("missed", "missed_last_year", "missed_average", "bias", "within_80", "within_95", "pinball")
ORDER = ("sum_4", "sum_13", "week_1_4", "week_5_8", "week_9_13")
ERRORS = Table(
    "forecast_errors",
    (
        Column("span", width=130, pinned=True),
        Column("class", width=100),
        Column("items", "number", width=70),
        Column("missed", "number", width=90),
        Column("missed_last_year", "number", width=110),
        Column("missed_average", "number", width=110),
        Column("bias", "number", width=85),
        Column("scaled", "number", width=85),
        Column("within_80", "number", width=125),
        Column("within_95", "number", width=125),
        Column("pinball", "number", width=125),
    ),
)
CHANCES = Table(
    "stock_out_reliability",
    (
        Column("said_class", width=110, pinned=True),
        Column("cases", "number", width=80),
        Column("said", "number", width=140),
        Column("came", "number", width=120),
        Column("range", width=130),
    ),
)
SIGNS = Table(
    "forecast_signs",
    (
        Column("category", width=130, pinned=True),
        Column("gained", "number", width=85),
        Column("range", width=130),
        Column("placebo", "number", width=105),
        Column("placebo_most", "number", width=120),
        Column("missed", "number", width=120),
        Column("tests", "number", width=70),
        Column("used", width=120),
    ),
)


def errors(frame: pl.DataFrame, by: str, language: str) -> Shown:
    """Errors by horizon and class, sums first."""
    spans = {span: say(language, f"accuracy.span.{span}") for span in ORDER}
    rank = pl.col("span").replace_strict(list(ORDER), list(range(len(ORDER))), return_dtype=pl.Int64)
    classes = frame[by] if by else pl.Series(["all"] * frame.height, dtype=pl.String)
    named = frame.with_columns(
        pl.col("scaled").round(2),
        *((pl.col(name) * 100).round(1) + 0.0 for name in SHARES),
        rank=rank,
        **{"class": pl.Series([_class(name, language) for name in classes], dtype=pl.String)},
    )
    sorted_rows = named.sort("rank", "class").with_columns(pl.col("span").replace(spans))
    return shown(ERRORS, sorted_rows, language)


def _class(name: str, language: str) -> str:
    key = f"demand.pattern.{name}"
    return say(language, key if known(key) else f"accuracy.class.{name}")


def chances(frame: pl.DataFrame, language: str) -> Shown:
    """Chances that were said beside what came."""
    edges = [
        say(language, "accuracy.class.range", low=round(low * 100), high=round(high * 100))
        for low, high in frame.select("low", "high").iter_rows()
    ]
    ranges = [f"{low * 100:.1f} – {high * 100:.1f}" for low, high in frame.select("came_low", "came_high").iter_rows()]
    named = frame.with_columns(
        (pl.col("said", "came") * 100).round(1),
        said_class=pl.Series(edges, dtype=pl.String),
        range=pl.Series(ranges, dtype=pl.String),
    )
    return shown(CHANCES, named, language)


def signs(frame: pl.DataFrame, language: str) -> Shown:
    """What signs of sales, marketing and service add, of all categories together first."""
    ranges = [
        say(language, "accuracy.signs.range", low=f"{low * 100:.1f}", high=f"{high * 100:.1f}").replace("-", "\u2212")
        for low, high in frame.select("low", "high").iter_rows()
    ]
    whole = pl.when(pl.col("category_id").is_null()).then(pl.lit(say(language, "accuracy.signs.all")))
    named = frame.with_columns(
        *((pl.col(name) * 100).round(1) + 0.0 for name in ("missed", "gained", "placebo", "placebo_most")),
        category=pl.coalesce(whole, "category", "category_id"),
        range=pl.Series(ranges, dtype=pl.String),
        used=pl.format("{} / {}", "used", "places"),
    )
    return shown(SIGNS, named, language)
