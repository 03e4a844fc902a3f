"""The tables of Delivery."""

import polars as pl

from display.messages.delivery import item
from display.tables import Column, Shown, Table, shown
from display.tables.inventory import item_name
from display.words import say

SOURCES = {"stock": "green", "receipt": "blue", "new_order": "orange", "undated": "red"}

PARTS = Table(
    "promised_parts",
    (
        Column("item", width=200, pinned=True),
        Column("leaves_on", "day", width=110),
        Column("quantity", "number", width=80),
        Column("confidence", "share", width=70),
        Column("source", "chip", width=110, words="delivery.source.", colours=SOURCES),
        Column("site", width=150),
        Column("waits_for", width=220),
        Column("due_on", "day", width=110),
    ),
)
WAYS = Table(
    "promised_ways",
    (
        Column("option", width=300, pinned=True),
        Column("first_on", "day", width=120),
        Column("last_on", "day", width=120),
        Column("confidence", "share", width=80),
        Column("cost", "money", width=110),
        Column("currency", width=70),
        Column("undated", "number", width=140),
    ),
)
WAIT_KINDS = {
    "stock": "green",
    "receipt": "blue",
    "buy": "orange",
    "work_center": "violet",
    "lead_time": "violet",
    "late": "gray",
    "sure": "gray",
    "closed": "gray",
    "cut_off": "gray",
    "transfer": "gray",
}
WAITS = Table(
    "promised_waits",
    (
        Column("item", width=220, pinned=True),
        Column("kind", "chip", width=120, words="delivery.wait.", colours=WAIT_KINDS),
        Column("what", width=220),
        Column("site", width=150),
        Column("from_on", "day", width=110),
        Column("to_on", "day", width=110),
        Column("days", "number", width=70),
    ),
)
LANES = Table(
    "promised_lanes",
    (
        Column("site", width=220, pinned=True),
        Column("carrier", width=220),
        Column("shipments", "number", width=110),
        Column("median_days", "number", width=150),
        Column("p90_days", "number", width=170),
    ),
)
FREE = Table(
    "free",
    (
        Column("item", width=230, pinned=True),
        Column("site", width=170),
        Column("free", "number", width=100),
        Column("on_hand", "number", width=90),
        Column("promised", "number", width=90),
        Column("next_on", "day", width=120),
        Column("next_quantity", "number", width=90),
    ),
)


def parts(lines: pl.DataFrame, frame: pl.DataFrame, language: str) -> Shown:
    """Each part with its day, and each line that has a product and a quantity but no day for some of it."""
    rest = _undated(lines, frame)
    every = pl.concat([frame, rest], how="diagonal").sort("line", "leaves_on", "source", nulls_last=True)
    waits_for = pl.concat_str(["number", "party"], separator=" · ", ignore_nulls=True)
    named = every.with_columns(
        item=item_name(language), waits_for=pl.when(waits_for != "").then(waits_for), source=pl.col("source")
    )
    return shown(PARTS, named, language)


def _undated(lines: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """What of a line has no day."""
    gone = frame.group_by("line").agg(dated=pl.col("quantity").sum())
    open_lines = lines.filter(pl.col("status") == "no_supply").join(gone, on="line", how="left", validate="1:1")
    rest = open_lines.with_columns(
        quantity=pl.col("quantity") - pl.col("dated").fill_null(0.0), source=pl.lit("undated"), confidence=None
    )
    return rest.select("line", "product_id", "sku", "name", "name_zh", "unit", "quantity", "source")


def ways(frame: pl.DataFrame, language: str) -> Shown:
    """Other ways to deliver the same, in their order."""
    options = [_option(row, language) for row in frame.iter_rows(named=True)]
    return shown(WAYS, frame.with_columns(option=pl.Series(options, dtype=pl.String)), language)


def _option(row: dict[str, object], language: str) -> str:
    key = f"delivery.option.{row['way']}"
    if row["way"] == "expedite":
        return say(language, key, item=item(row, language))
    if row["way"] == "substitute":
        return say(language, key, item=item(row, language), instead_of=row["instead_of"] or "")
    if row["way"] == "overtime":
        return say(language, key, center=row["work_center"] or say(language, "delivery.wait.work_center"))
    return say(language, f"{key}.site", site=row["site"]) if row["site_id"] else say(language, key)


def waits(frame: pl.DataFrame, language: str) -> Shown:
    """What the lines wait for, link by link; what is in stock is not waited for."""
    what = pl.coalesce("work_center", pl.concat_str(["number", "party"], separator=" · ", ignore_nulls=True))
    days = (pl.col("to_on") - pl.col("from_on")).dt.total_days()
    named = frame.filter(pl.col("kind") != "stock").with_columns(
        item=item_name(language), what=pl.when(what != "").then(what), days=days
    )
    return shown(WAITS, named, language)


def lanes(frame: pl.DataFrame, language: str) -> Shown:
    """How long goods took to the customer's country, by site and carrier."""
    return shown(LANES, frame, language)


def free(frame: pl.DataFrame, language: str) -> Shown:
    """What can be promised for today, by product and site."""
    return shown(FREE, frame.with_columns(item=item_name(language)), language)
