"""What is said of surges and of where products stand in their life."""

from typing import Any

import polars as pl

from display.numbers import count, day
from display.words import say

MOST_SAID = 3
COUNTED = ("rising", "new", "fading", "ending", "replaced", "steady")


def alarms(rows: pl.DataFrame, language: str) -> tuple[str, ...]:
    """The products that surge most, a sentence each over all their markets, and how many there are beside them.
    ``rows``: ``answers.surges.surges``."""
    real = rows.filter(pl.col("kind") == "surge").with_columns(
        region=pl.col("region").fill_null(say(language, "surges.everywhere"))
    )
    products = real.group_by("product_id", "sku", "name", "name_zh", maintain_order=True).agg(
        pl.col("region").unique(maintain_order=True).str.join(", "),
        pl.col("since_on").min(),
        pl.col("orders", "usual_orders", "customers").sum(),
    )
    told = [_alarm(row, language) for row in products.head(MOST_SAID).iter_rows(named=True)]
    more = products.height - len(told)
    return (*told, say(language, "surges.more", count=more)) if more else tuple(told)


def _alarm(row: dict[str, Any], language: str) -> str:
    name = (row["name_zh"] or row["name"]) if language == "zh" else row["name"]
    return say(
        language,
        "surges.alarm",
        item=" · ".join(text for text in (row["sku"], name) if text),
        times=f"{row['orders'] / max(row['usual_orders'], 1.0):.1f}",
        region=row["region"],
        day=day(row["since_on"], language),
        orders=count(round(row["orders"]), language),
        customers=count(row["customers"], language),
        usual=count(round(row["usual_orders"]), language),
    )


def summary(rows: pl.DataFrame, language: str) -> str:
    """How many products stand at each stage. ``rows``: see ``answers.surges.lives``."""
    known = dict(rows.group_by("stage").len().iter_rows())
    return say(language, "lives.summary", **{name: count(known.get(name, 0), language) for name in COUNTED})
