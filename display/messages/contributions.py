"""What moved a number, in words: the name of a driver."""

from collections.abc import Mapping
from typing import Any

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
