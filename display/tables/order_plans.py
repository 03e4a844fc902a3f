"""The tables of plans: what is done for open orders, and what leaves when."""

import polars as pl

from display.tables import Column, Shown, Table, shown
from display.tables.inventory import item_name
from display.words import say

KINDS = {
    "allocate": "green",
    "transfer": "blue",
    "receipt": "blue",
    "kit": "green",
    "make": "violet",
    "buy": "orange",
    "none": "red",
}
STEPS = (
    Column("quantity", "number", width=75),
    Column("kind", "chip", width=110, words="order_plans.kind.", colours=KINDS),
    Column("from_site", width=130),
    Column("leaves_on", "day", width=105),
    Column("due_on", "day", width=105),
    Column("days_late", "number", width=80),
    Column("waits_for", width=170),
    Column("site", width=130),
)
PLANS = Table(
    "order_plans",
    (
        Column("document", width=95, pinned=True),
        Column("is_new", width=50),
        Column("customer", width=150),
        Column("item", width=180),
        *STEPS,
    ),
)
ONE = Table("order_plan", (Column("item", width=240, pinned=True), *STEPS))
SHIPMENTS = Table(
    "order_shipments",
    (
        Column("leaves_on", "day", width=110, pinned=True),
        Column("site", width=160),
        Column("document", width=100),
        Column("customer", width=180),
        Column("lines", "number", width=70),
        Column("is_last", "chip", width=130, words="order_plans.last."),
        Column("due_on", "day", width=110),
        Column("days_late", "number", width=90),
    ),
)


def _late() -> pl.Expr:
    return pl.when(pl.col("days_late") > 0).then("days_late").alias("days_late")


def plans(frame: pl.DataFrame, language: str) -> Shown:
    """What is planned, in the order in which orders are served."""
    return shown(PLANS, _told(frame, language), language)


def of_order(frame: pl.DataFrame, language: str) -> Shown:
    """What is planned for one order."""
    return shown(ONE, _told(frame, language), language)


def _told(frame: pl.DataFrame, language: str) -> pl.DataFrame:
    waits_for = pl.concat_str(["supply_number", "supply_party"], separator=" · ", ignore_nulls=True)
    return frame.with_columns(
        _late(),
        is_new=pl.when(pl.col("is_new")).then(pl.lit(say(language, "order_plans.new"))),
        item=item_name(language),
        waits_for=pl.when(waits_for != "").then(waits_for),
        site=pl.coalesce("site", "from_site"),
    )


def shipments(frame: pl.DataFrame, language: str) -> Shown:
    """What leaves when, the first first."""
    is_last = pl.when(pl.col("is_last")).then(pl.lit("whole")).otherwise(pl.lit("part"))
    return shown(SHIPMENTS, frame.with_columns(_late(), is_last=is_last), language)
