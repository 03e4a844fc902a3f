"""Tables on the screen: what ``display.tables`` prepared, as Streamlit columns."""

import functools
from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from display.tables import Column, Shown
from pages.parts import states
from pages.parts.visit import Visit

ROW_HEIGHT, HEADER_HEIGHT = 36, 37
DAY_FORMATS = {"en": "D MMM YYYY", "zh": "YYYY年M月D日"}
LAZY_FROM = 1_000


def show(table: Shown, visit: Visit, *, key: str, alt: str, none: str = "", rows: int = 10) -> None:
    """A table to read: as high as its rows, up to ``rows`` of them; long ones are loaded as they are scrolled. ``none``: what an empty one says."""
    if table.frame.is_empty() and none:
        states.missing(none)
        return
    st.dataframe(_sent(table), **_look(table, visit, rows), key=key, alt=alt, lazy=table.frame.height > LAZY_FROM)


def choose(
    table: Shown, visit: Visit, *, key: str, alt: str, on_select: Callable[..., None], args: tuple[Any, ...], rows: int = 10
) -> None:
    """A table of which one row is always chosen; its position is in the session state."""
    look = _look(table, visit, rows)
    chosen = functools.partial(on_select, *args)
    st.dataframe(_sent(table), **look, key=key, alt=alt, on_select=chosen, selection_mode="single-row-required")


def _look(table: Shown, visit: Visit, rows: int) -> dict[str, Any]:
    shown_rows = max(1, min(rows, table.frame.height))
    return {
        "hide_index": True,
        "row_height": ROW_HEIGHT,
        "height": ROW_HEIGHT * shown_rows + HEADER_HEIGHT,
        "placeholder": "–",
        "column_config": {column.name: _config(column, table, visit) for column in table.columns},
    }


def _sent(table: Shown) -> pl.DataFrame:
    """What travels to the browser: only the columns that are seen, chips as lists, small numbers where they do."""
    chips = [pl.concat_list(name) for name in table.chips]
    trends = [pl.col(column.name).cast(pl.List(pl.Float32)) for column in table.columns if column.kind == "trend"]
    return table.frame.with_columns(*chips, *trends)


def _config(column: Column, table: Shown, visit: Visit) -> Any:
    label, common = table.headings[column.name], {"width": column.width, "pinned": column.pinned or None}
    make = {
        "text": _text,
        "number": _number,
        "money": _money,
        "day": _day,
        "instant": _instant,
        "chip": _chip,
        "bar": _bar,
        "trend": _trend,
    }[column.kind]
    return make(label, column, table, visit, common)


def _text(label: str, column: Column, table: Shown, visit: Visit, common: dict[str, Any]) -> Any:
    return st.column_config.TextColumn(label, **common)


def _number(label: str, column: Column, table: Shown, visit: Visit, common: dict[str, Any]) -> Any:
    return st.column_config.NumberColumn(label, format="localized", **common)


def _money(label: str, column: Column, table: Shown, visit: Visit, common: dict[str, Any]) -> Any:
    return st.column_config.NumberColumn(label, format="localized", step=1, **common)


def _day(label: str, column: Column, table: Shown, visit: Visit, common: dict[str, Any]) -> Any:
    return st.column_config.DateColumn(label, format=DAY_FORMATS[visit.language], **common)


def _instant(label: str, column: Column, table: Shown, visit: Visit, common: dict[str, Any]) -> Any:
    return st.column_config.DatetimeColumn(label, format=f"{DAY_FORMATS[visit.language]} HH:mm", **common)


def _chip(label: str, column: Column, table: Shown, visit: Visit, common: dict[str, Any]) -> Any:
    chips = table.chips[column.name]
    return st.column_config.MultiselectColumn(label, options=list(chips), color=list(chips.values()), **common)


def _bar(label: str, column: Column, table: Shown, visit: Visit, common: dict[str, Any]) -> Any:
    return st.column_config.ProgressColumn(label, min_value=0, max_value=column.most, format="%d", **common)


def _trend(label: str, column: Column, table: Shown, visit: Visit, common: dict[str, Any]) -> Any:
    return st.column_config.BarChartColumn(label, y_min=0, color="gray", **common)
