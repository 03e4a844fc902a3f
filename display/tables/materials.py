"""The table of materials that production may lack."""

import polars as pl

from display.tables import Column, Shown, Table, shown
from display.tables.inventory import item_name
from display.words import say

NAMED = 2
MATERIALS = Table(
    "materials",
    (
        Column("item", width=210, pinned=True),
        Column("site", width=125),
        Column("may_run_out_on", "day", width=105),
        Column("likely_out_on", "day", width=105),
        Column("p_28", "bar", width=115, most=100),
        Column("p_28_usual", "number", width=95),
        Column("stops", width=260),
        Column("on_hand", "number", width=75),
        Column("on_order", "number", width=80),
        Column("ordered", "number", width=125),
        Column("planned_84", "number", width=120),
        Column("short_84", "number", width=75),
        Column("unit", width=55),
    ),
)
QUANTITIES = ("on_hand", "on_order", "ordered", "planned_84", "short_84")


def materials(frame: pl.DataFrame, language: str) -> Shown:
    """Parts in their order."""
    names = frame["stops_zh" if language == "zh" else "stops"]
    stops = [_stops(each.to_list() if each is not None else [], language) for each in names]
    told = frame.with_columns(
        *(pl.col(name).round(1) for name in QUANTITIES),
        *((pl.col(name) * 100).round() for name in ("p_28", "p_28_usual")),
        item=item_name(language),
        stops=pl.Series(stops, dtype=pl.String),
    )
    return shown(MATERIALS, told, language)


def _stops(names: list[str], language: str) -> str:
    first = ", ".join(names[:NAMED])
    more = len(names) - NAMED
    return say(language, "materials.stops.more", names=first, count=more) if more > 0 else first
