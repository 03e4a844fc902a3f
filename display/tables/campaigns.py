"""The tables of Campaigns."""

import polars as pl

from display.tables import Column, Shown, Table, shown
from display.tables.customers import name

VERDICTS = {"works": "blue", "unclear": "gray", "no_gain": "orange", "differs": "gray", "too_few": "gray"}
CAMPAIGNS = Table(
    "campaigns",
    (
        Column("name", width=215, pinned=True),
        Column("starts_on", "day", width=105),
        Column("cost", "money", width=90),
        Column("reached", "number", width=95),
        Column("rate", "share", width=95),
        Column("attributed_orders", "number", width=95),
        Column("orders", "number", width=85),
        Column("verdict", "chip", width=125, words="verdict.", colours=VERDICTS),
    ),
)
MEMBERS = Table(
    "campaign_members",
    (
        Column("customer", width=280, pinned=True),
        Column("group", width=120, words="group."),
        Column("response", width=120, words="response."),
        Column("orders", "number", width=100),
    ),
)


def campaigns(frame: pl.DataFrame, language: str) -> Shown:
    """Campaigns in their order."""
    rate = pl.when(pl.col("reached") > 0).then(pl.col("responded") / pl.col("reached"))
    return shown(CAMPAIGNS, frame.with_columns(pl.col("orders").round(), rate=rate), language)


def members(frame: pl.DataFrame, language: str) -> Shown:
    """Whom a campaign addressed or held out."""
    return shown(MEMBERS, frame.with_columns(name(language)), language)
