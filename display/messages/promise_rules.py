"""What the firm's rules of promising say in words: what a rule says, and by which of them an answer goes."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from display.words import say

Row = Mapping[str, Any]
CHOICES = ("serving",)
SAYS = ("level", "cut_off", "transfer")


def says(row: Row, language: str) -> str:
    """What a rule says: see ``answers.promise_rules.REGISTER``; nothing where its products say it all."""
    value = row["value"] or ""
    if row["kind"] in CHOICES:
        return say(language, f"promise_rules.value.{value}")
    return say(language, f"promise_rules.says.{row['kind']}", value=value) if row["kind"] in SAYS else value


def applied(rows: pl.DataFrame, language: str) -> list[str]:
    """One sentence for each rule that an answer goes by: see ``analytics.promise_rules.APPLIED``."""
    return [_applied(row, language) for row in rows.iter_rows(named=True)]


def _applied(row: Row, language: str) -> str:
    kind = f"cut_off.{row['about']}" if row["kind"] == "cut_off" else row["kind"]
    name = row["name"] or say(language, "promise_rules.nameless")
    return say(language, f"promise_rules.applied.{kind}", name=name, value=row["value"], count=row["count"] or 0)
