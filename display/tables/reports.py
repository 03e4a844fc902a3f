"""The tables that only reports have: numbers against plan, stock by age, late receipts, what to order."""

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from display.messages.metrics import Reading, gap, verdict
from display.tables import Column, Shown, Table, shown
from display.tables.inventory import item_name
from display.tables.stock_outs import WHEN
from display.words import say

STATES = {"good": "green", "quiet": "gray", "warn": "orange", "bad": "red", "none": "gray"}
NUMBERS = Table(
    "report_numbers",
    (
        Column("name", width=220, pinned=True),
        Column("value", "number", width=130),
        Column("unit", width=60),
        Column("target", "number", width=130),
        Column("compared", "number", width=130),
        Column("gap", width=150),
        Column("state", "chip", width=120, words="report.state.", colours=STATES),
    ),
)
AGES = Table(
    "report_ages",
    (
        Column("bucket", width=180, pinned=True, words="stock.age."),
        Column("products", "number", width=90),
        Column("value", "money", width=130),
        Column("currency", width=70),
    ),
)
LATE_RECEIPTS = Table(
    "late_receipts",
    (
        Column("item", width=220, pinned=True),
        Column("site", width=140),
        Column("party", width=160),
        Column("number", width=110),
        Column("kind", width=90, words="inventory.event."),
        Column("due_on", "day", width=105),
        Column("days_late", "number", width=80),
        Column("arrives_80_on", "day", width=105),
        Column("quantity", "number", width=80),
    ),
)
TO_ORDER = Table(
    "to_order",
    (
        Column("item", width=220, pinned=True),
        Column("site", width=130),
        Column("way", width=90, words="stockouts.way."),
        Column("supplier", width=150),
        Column("order_by_on", "day", width=105),
        Column("when_to_order", "chip", width=90, words="stockouts.when.", colours=WHEN),
        Column("on_hand", "number", width=75),
        Column("on_order", "number", width=75),
        Column("units_lost", "number", width=75),
        Column("at_stake", "money", width=110),
        Column("currency", width=70),
    ),
)


def numbers(read: Iterable[Reading], language: str) -> Shown:
    """One row per number, in their order; shares in percent."""
    rows = [_number(reading, language) for reading in read]
    kinds = {column.name: pl.Float64 if column.kind == "number" else pl.String for column in NUMBERS.columns}
    return shown(NUMBERS, pl.DataFrame(rows, schema=kinds), language)


def _number(reading: Reading, language: str) -> Mapping[str, object]:
    judged, metric = verdict(reading), reading.metric
    held = {"value": reading.value, "target": reading.target, "compared": reading.compared}
    factor = 100.0 if metric.unit == "share" else 1.0
    state = "none" if judged is None else "good" if judged.tone == "quiet" and judged.better >= 0 else judged.tone
    return {
        "name": say(language, f"metric.{metric.name}"),
        "unit": (reading.currency or "") if metric.unit == "money" else say(language, f"report.unit.{metric.unit}"),
        "gap": None if judged is None else gap(reading, judged, language),
        "state": state,
        **{name: None if value is None else round(value * factor, 4) for name, value in held.items()},
    }


def ages(frame: pl.DataFrame, language: str) -> Shown:
    """One row per age, the youngest first; ``frame``: as of ``answers.stock.by_age``."""
    return shown(AGES, frame, language)


def late_receipts(frame: pl.DataFrame, as_of: date, language: str) -> Shown:
    """What should have come, the latest first."""
    late = (pl.lit(as_of) - pl.col("due_on")).dt.total_days()
    return shown(LATE_RECEIPTS, frame.with_columns(days_late=late, item=item_name(language)), language)


def to_order(frame: pl.DataFrame, language: str) -> Shown:
    """What has to be ordered, in the order given."""
    return shown(TO_ORDER, frame.with_columns(pl.col("units_lost").round(1), item=item_name(language)), language)
