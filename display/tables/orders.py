"""The tables of Orders."""

from datetime import date

import polars as pl

from display.messages.orders import why
from display.tables import Column, Shown, Table, shown
from display.tables.inventory import item_name

LINE_STAGES = {"waiting": "orange", "ready": "blue", "shipped": "violet", "delivered": "green"}
STAGES = {**LINE_STAGES, "invoiced": "gray"}
ORDERS = Table(
    "orders",
    (
        Column("document", width=95, pinned=True),
        Column("customer", width=165),
        Column("value", "money", width=85),
        Column("currency", width=65),
        Column("due_on", "day", width=105),
        Column("days_late", "number", width=75),
        Column("stage", "chip", width=95, words="orders.in_stage.", colours=STAGES),
        Column("why", width=460),
    ),
)
LINES = Table(
    "order_lines",
    (
        Column("item", width=240, pinned=True),
        Column("site", width=150),
        Column("quantity", "number", width=80),
        Column("rest", "number", width=80),
        Column("due_on", "day", width=110),
        Column("stage", "chip", width=120, words="orders.in_stage.", colours=LINE_STAGES),
        Column("why", width=420),
    ),
)
STEPS = Table(
    "order_steps",
    (
        Column("step", width=125, pinned=True, words="orders.step_name."),
        Column("orders", "number", width=62),
        Column("median_days", "number", width=62),
        Column("p90_days", "number", width=56),
        Column("median_days_before", "number", width=82),
        Column("share", "share", width=62),
    ),
)


def orders(frame: pl.DataFrame, as_of: date, language: str) -> Shown:
    """Open orders, in their order."""
    late = pl.when(pl.col("is_late")).then("days_late")
    return shown(ORDERS, _with_why(frame, as_of, language).with_columns(days_late=late), language)


def lines(frame: pl.DataFrame, as_of: date, language: str) -> Shown:
    """The lines of one order, by their position."""
    named = _with_why(frame, as_of, language).with_columns(
        pl.col("quantity", "rest").cast(pl.Float64), item=item_name(language)
    )
    return shown(LINES, named, language)


def steps(frame: pl.DataFrame, language: str) -> Shown:
    """How long each step took."""
    rounded = pl.col("median_days", "p90_days", "median_days_before").round(1)
    return shown(STEPS, frame.with_columns(rounded, pl.col("share").round(3)), language)


def _with_why(frame: pl.DataFrame, as_of: date, language: str) -> pl.DataFrame:
    told = [why(row, as_of, language) for row in frame.iter_rows(named=True)]
    return frame.with_columns(why=pl.Series(told, dtype=pl.String))
