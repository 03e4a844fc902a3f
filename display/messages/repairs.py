"""What Rows set aside says in words."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from display.numbers import money
from display.tables.health import rule_in_words
from display.words import say


def title(rows: pl.DataFrame, language: str) -> str:
    """How many rows are set aside, and the money that they name, by currency."""
    if rows.is_empty():
        return say(language, "repairs.title.calm")
    named = rows.drop_nulls(("amount", "currency"))
    sums = named.group_by("currency").agg(pl.col("amount").sum()).sort(-pl.col("amount").abs(), "currency")
    if sums.is_empty():
        return say(language, "repairs.title.rows", count=rows.height)
    told = " + ".join(money(amount, currency, language) for currency, amount in sums.iter_rows())
    return say(language, "repairs.title", count=rows.height, amount=told)


def row(aside: Mapping[str, Any], language: str) -> str:
    """A row set aside in one line."""
    line = [] if aside["line"] is None else [str(aside["line"])]
    return " · ".join((aside["source_table"], *line, rule_in_words(aside["rule"], None, language)))
