"""The table of the firm's rules of promising."""

import polars as pl

from display.messages.promise_rules import says
from display.tables import Column, Shown, Table, shown
from display.words import say

KINDS = {
    "level": "blue",
    "serving": "blue",
    "class": "violet",
    "cut_off": "orange",
    "substitute": "green",
    "holidays": "gray",
    "transfer": "gray",
}
RULES = Table(
    "promise_rules",
    (
        Column("number", "number", width=60, pinned=True),
        Column("kind", "chip", width=150, words="promise_rules.kind.", colours=KINDS),
        Column("about", width=100),
        Column("name", width=200),
        Column("other", width=160),
        Column("says", width=160),
        Column("person", width=100),
        Column("said_at", "instant", width=140),
    ),
)


def rules(frame: pl.DataFrame, language: str, zone: str | None) -> Shown:
    """The rules that stand, in their order."""
    told = [says(row, language) or None for row in frame.iter_rows(named=True)]
    names = [say(language, f"promise_rules.about.{name}") if name else None for name in frame["about"]]
    texts = {"says": pl.Series(told, dtype=pl.String), "about": pl.Series(names, dtype=pl.String)}
    return shown(RULES, frame.with_columns(**texts), language, zone=zone)
