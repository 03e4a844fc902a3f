"""The tables of surges and of where products stand in their life."""

import polars as pl

from display.tables import Column, Shown, Table, shown
from display.tables.inventory import item_name
from display.words import say

KINDS = {"surge": "red", "one_customer": "orange", "promotion": "violet", "rebound": "blue", "one_order": "gray"}
STAGES = {
    "new": "green",
    "rising": "blue",
    "steady": "gray",
    "fading": "orange",
    "ending": "red",
    "replaced": "violet",
    "ended": "gray",
    "seldom": "gray",
}
SURGES = Table(
    "surges",
    (
        Column("item", width=210, pinned=True),
        Column("region", width=125),
        Column("kind", "chip", width=125, words="surges.kind.", colours=KINDS),
        Column("since_on", "day", width=105),
        Column("orders", "number", width=75),
        Column("usual_orders", "number", width=70),
        Column("customers", "number", width=85),
        Column("quantity", "number", width=80),
        Column("usual_quantity", "number", width=105),
        Column("unit", width=55),
        Column("value", "money", width=110),
        Column("currency", width=70),
        Column("alarmed_on", "day", width=105),
    ),
)
LIVES = Table(
    "lives",
    (
        Column("item", width=230, pinned=True),
        Column("stage", "chip", width=130, words="lives.stage.", colours=STAGES),
        Column("orders", "number", width=130),
        Column("orders_before", "number", width=105),
        Column("change", "number", width=90),
        Column("amount", "money", width=130),
        Column("currency", width=70),
        Column("margin_share", "share", width=80),
        Column("complaints", width=95),
        Column("returns", width=95),
        Column("into", width=180),
    ),
)
RATES = ("complaints", "returns")


def surges(frame: pl.DataFrame, language: str) -> Shown:
    """What stands out, in its order."""
    rounded = [pl.col(name).round(1) for name in ("orders", "usual_orders", "quantity", "usual_quantity")]
    region = pl.col("region").fill_null(say(language, "surges.everywhere"))
    return shown(SURGES, frame.with_columns(*rounded, region, item=item_name(language)), language)


def lives(frame: pl.DataFrame, language: str) -> Shown:
    """Products in their order."""
    into = pl.coalesce("into_zh", "into") if language == "zh" else pl.col("into")
    columns = [_rate(frame, name, language) for name in RATES if frame[name].is_not_null().any()]
    named = frame.with_columns(
        (pl.col("change") * 100).round() + 0.0,
        pl.col("amount").round(2),
        pl.col("margin_share").round(3),
        item=item_name(language),
        into=into,
    )
    plain = named.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in RATES).with_columns(columns)
    return shown(LIVES, plain, language)


def _rate(frame: pl.DataFrame, name: str, language: str) -> pl.Series:
    """So many for each hundred orders, and a year before."""
    pairs = frame.select(name, f"{name}_before").iter_rows()
    none = say(language, "none")
    texts = [
        say(
            language,
            "lives.rate",
            now=none if now is None else f"{now:.1f}",
            before=none if before is None else f"{before:.1f}",
        )
        for now, before in pairs
    ]
    return pl.Series(name, texts, dtype=pl.String)
