"""The tables of promises."""

import polars as pl

from display.tables import Column, Shown, Table, shown

KINDS = {"hold": "blue", "promise": "violet"}
STATES = {
    "held": "blue",
    "ended": "gray",
    "released": "gray",
    "waiting": "gray",
    "ordered": "blue",
    "kept": "green",
    "late": "red",
}
SOURCES = {"given": "blue", "hindcast": "gray"}

REGISTER = Table(
    "promise_register",
    (
        Column("number", "number", width=60, pinned=True),
        Column("kind", "chip", width=90, words="promises.kind.", colours=KINDS),
        Column("state", "chip", width=110, words="promises.state.", colours=STATES),
        Column("customer", width=160),
        Column("items", width=160),
        Column("promised_on", "day", width=110),
        Column("day", "chip", width=110, words="promises.day.", colours={"arrival": "violet", "leaving": "gray"}),
        Column("confidence", "share", width=70),
        Column("document", width=110),
        Column("came_on", "day", width=110),
        Column("person", width=90),
        Column("given_at", "instant", width=140),
        Column("ends_at", "instant", width=140),
    ),
)
KEPT = Table(
    "promise_kept",
    (
        Column("source", "chip", width=120, words="promises.source.", colours=SOURCES),
        Column("level", "number", width=100),
        Column("promises", "number", width=100),
        Column("share", "share", width=100),
        Column("error_days", "number", width=110),
        Column("bias_days", "number", width=170),
        Column("slack_days", "number", width=190),
    ),
)


BY = {
    "lane": Table(
        "promise_kept",
        (Column("site", width=180, pinned=True), Column("region", width=150), *KEPT.columns),
    ),
    "person": Table("promise_kept", (Column("person", width=200, pinned=True), *KEPT.columns)),
}


def register(frame: pl.DataFrame, language: str, zone: str | None) -> Shown:
    """What was held and promised, in its order."""
    return shown(REGISTER, frame, language, zone=zone)


def kept(frame: pl.DataFrame, language: str) -> Shown:
    """How promises were kept, by source and confidence."""
    days = pl.col("error_days", "bias_days", "slack_days").round(1)
    return shown(KEPT, frame.with_columns(days), language)


def kept_by(frame: pl.DataFrame, by: str, language: str) -> Shown:
    """How promises of one confidence were kept, by lane or by person, those with most promises first."""
    days = pl.col("error_days", "bias_days", "slack_days").round(1)
    ranked = frame.sort("promises", descending=True, maintain_order=True)
    return shown(BY[by], ranked.with_columns(days), language)
