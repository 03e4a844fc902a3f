"""What moved a number, in words: the name of a driver."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from analytics.metrics import METRICS
from display.messages import Fact
from display.messages.metrics import difference
from display.words import say

BY_ITSELF = ("new_products", "lost_products", "price", "cost", "currency", "mix", "volume")


def driver(row: Mapping[str, Any], name: str | None, language: str) -> str:
    """What a row of ``analytics.drivers`` is called; ``name``: what its member is called, null where that is unknown.

    Region: North; Prices of Valves; Everything alike.
    """
    kind, dimension = row["kind"], row["dimension"]
    if dimension is None:
        return say(language, f"driver.{kind}.all" if kind in ("price", "cost") else f"driver.{kind}")
    member = name or say(language, "driver.unknown")
    if kind in BY_ITSELF:
        return say(language, f"driver.{kind}", member=member)
    return say(language, "driver.member", dimension=say(language, f"dimension.{dimension}"), member=member)


def listed(found: pl.DataFrame, metric: str, currency: str | None, language: str) -> list[Fact]:
    """The drivers with what each did to the number, in their order; ``found``: as of ``answers.changes.drivers``."""
    return [
        Fact(
            driver(row, _name(row, language), language),
            difference(METRICS[metric], row["contribution"], currency, language),
        )
        for row in found.iter_rows(named=True)
    ]


def _name(row: Mapping[str, Any], language: str) -> str | None:
    name = (row["name_zh"] if language == "zh" else None) or row["name"] or row["member"]
    return None if name is None else str(name)
