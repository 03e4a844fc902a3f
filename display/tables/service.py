"""The tables of Service and voice."""

import polars as pl

from display.numbers import month
from display.tables import Column, Shown, Table, shown
from display.words import say

TONES = {"-1": "orange", "0": "gray", "1": "blue"}
VERDICT_COLOURS = {
    "promoter": "blue",
    "satisfied": "blue",
    "passive": "gray",
    "neutral": "gray",
    "detractor": "orange",
    "dissatisfied": "orange",
}
WAVES = Table(
    "waves",
    (
        Column("topic", width=110, pinned=True, words="topic."),
        Column("group", width=220),
        Column("from_on", "day", width=105),
        Column("until_on", "day", width=105),
        Column("voices", "number", width=75),
        Column("times", "number", width=95),
        Column("orders", "number", width=75),
        Column("returned", width=125),
    ),
)
WAVE_COSTS = Table(
    "wave_costs",
    (
        Column("topic", width=110, pinned=True, words="topic."),
        Column("group", width=220),
        Column("fell_on", "day", width=105),
        Column("fall", width=130),
        Column("eased_on", "day", width=120),
        Column("still", "share", width=95),
        Column("lost", width=160),
        Column("units", "number", width=95),
    ),
)
TOPICS = Table(
    "topics",
    (
        Column("topic", width=140, pinned=True, words="topic."),
        Column("voices", "number", width=80),
        Column("before", "number", width=115),
        Column("bad", "share", width=90),
        Column("customers", "number", width=90),
        Column("product", width=230),
    ),
)
SAID = Table(
    "said",
    (
        Column("said_on", "day", width=105, pinned=True),
        Column("kind", width=105, words="voice.kind."),
        Column("sentiment", "chip", width=80, words="tone.", colours=TONES),
        Column("customer", width=190),
        Column("product", width=190),
        Column("number", width=85),
        Column("text", width=300),
    ),
)
ANSWERS = Table(
    "survey_answers",
    (
        Column("given_on", "day", width=105, pinned=True),
        Column("verdict", "chip", width=115, words="survey.", colours=VERDICT_COLOURS),
        Column("score", "number", width=70),
        Column("highest_score", "number", width=60),
        Column("customer", width=210),
        Column("product", width=190),
        Column("text", width=300),
    ),
)
MONTHS = Table(
    "ticket_months",
    (
        Column("month_on", width=90, pinned=True),
        Column("tickets", "number", width=72),
        Column("closed", "number", width=68),
        Column("backlog", "number", width=78),
        Column("first_response", "number", width=100),
        Column("resolution", "number", width=90),
    ),
)
CHANNELS = Table(
    "ticket_channels",
    (
        Column("group_key", width=72, pinned=True, words="channel."),
        Column("tickets", "number", width=72),
        Column("still_open", "number", width=80),
        Column("first_response", "number", width=100),
        Column("first_response_90", "number", width=90),
        Column("resolution", "number", width=90),
    ),
)


def waves(frame: pl.DataFrame, language: str) -> Shown:
    """Topics that rose, the clearest first."""
    returned = pl.format("{} ({})", "returns", "returns_before")
    return shown(WAVES, frame.with_columns(pl.col("times").round(1), returned=returned), language)


def wave_costs(frame: pl.DataFrame, language: str) -> Shown:
    """What waves cost in orders that never came, the most first."""
    told = frame.drop_nulls("fell").sort("orders_lost", descending=True)
    shares = [(pl.col(name) * 100).round(0).cast(pl.Int64) for name in ("fell", "fell_low", "fell_high")]
    orders = [pl.col(name).round(0).cast(pl.Int64) for name in ("orders_lost", "orders_low", "orders_high")]
    fall, lost = (pl.format("{} ({} – {})", *each) for each in (shares, orders))
    still = pl.when(pl.col("eased_on").is_not_null()).then(pl.col("still").round(2))
    named = told.with_columns(fall=fall, lost=lost, still=still, units=pl.col("units_lost").round(0))
    return shown(WAVE_COSTS, named, language)


def topics(frame: pl.DataFrame, language: str) -> Shown:
    """What customers talk about."""
    return shown(TOPICS, frame, language)


def said(frame: pl.DataFrame, language: str) -> Shown:
    """What was said, the newest first; without a column of texts where none may be seen."""
    return shown(SAID, frame.with_columns(pl.col("sentiment").cast(pl.String)), language)


def answers(frame: pl.DataFrame, language: str) -> Shown:
    """Answers to surveys in their order."""
    return shown(ANSWERS, frame, language)


def _hours(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.selectors.float().round(1))


def months(frame: pl.DataFrame, language: str) -> Shown:
    """Tickets by month."""
    names = pl.Series("month_on", [month(day, language) for day in frame["month_on"]], dtype=pl.String)
    return shown(MONTHS, _hours(frame).with_columns(names), language)


def channels(frame: pl.DataFrame, language: str) -> Shown:
    """Tickets by channel."""
    named = frame.with_columns(pl.col("group_key").fill_null(say(language, "none")))
    return shown(CHANNELS, _hours(named), language)
