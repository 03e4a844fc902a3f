"""Tables on the screen: what ``display.tables`` prepared, as Streamlit columns."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
import pyarrow as pa
import streamlit as st
from streamlit.dataframe import lazy_df_source

from display.tables import Column, Shown
from pages.parts import address, arranging, states
from pages.parts.cache import beside
from pages.parts.visit import Visit

ROW_HEIGHT, HEADER_HEIGHT = 36, 34
DAY_FORMATS = {"en": "D MMM YYYY", "zh": "YYYY年M月D日"}
LAZY_FROM = 1_000
# The first rows of a long table travel again in every run, because Streamlit gives it another name each time.
lazy_df_source.DEFAULT_PAGE_SIZE = 200  # type: ignore[misc]
NULL = ":null"


def show(table: Shown, visit: Visit, *, key: str, alt: str, none: str = "", rows: int = 10) -> None:
    """A table to read: as high as its rows, up to ``rows`` of them. ``none``: what an empty one says.

    The rows of a long one travel when they are scrolled to.
    """
    if table.frame.is_empty() and none:
        states.note(none)
        return
    seen = arranging.arranged(table)
    is_long = seen.frame.height > LAZY_FROM
    sent = _sent(seen) if is_long else _packed(seen)
    st.dataframe(sent, **_look(seen, visit, rows), key=key, alt=alt, lazy=is_long)


def choose(
    table: Shown,
    visit: Visit,
    *,
    key: str,
    alt: str,
    on_select: Callable[[], None],
    rows: int = 10,
    required: bool = True,
) -> None:
    """A table of which one row is always chosen, or at most one; its position is in the session state."""
    on_select, seen = arranging.chosen_in(table, key, on_select), arranging.arranged(table)
    look = _look(seen, visit, rows) | {"selection_mode": "single-row-required" if required else "single-row"}
    st.dataframe(_packed(seen), **look, key=key, alt=alt, on_select=on_select)


def choose_key(
    table: Shown,
    keyed: tuple[str, Sequence[str]],
    visit: Visit,
    *,
    key: str,
    alt: str,
    rows: int = 10,
    required: bool = True,
) -> str:
    """A table of which one row is chosen, or at most one, by its key in the address; gives that key, nothing for none.
    ``keyed``: what the address calls them, and the key of each row, at least one where one is required."""
    code, keys = keyed
    asked = [address.code(code, keys, keys[0])] if required else address.codes(code, keys)
    chosen = asked if len(asked) == 1 else []
    at = [keys.index(one) for one in chosen]
    st.session_state[key] = {"selection": {"rows": at, "columns": [], "cells": []}}
    on_select = functools.partial(_put_key, keyed, key, required=required)
    choose(table, visit, key=key, alt=alt, on_select=on_select, rows=rows, required=required)
    return next(iter(chosen), "")


def _put_key(keyed: tuple[str, Sequence[str]], key: str, *, required: bool) -> None:
    code, keys = keyed
    rows = [row for row in st.session_state[key]["selection"]["rows"] if row < len(keys)]
    if rows or not required:
        address.put(code, [keys[row] for row in rows])


def part(table: Shown, rows: slice) -> Shown:
    """Some rows of a table, the rest of it unchanged."""
    return _part(table, rows.start, rows.stop)


@beside
def _part(table: Shown, first: int, end: int) -> Shown:
    return table.part(slice(first, end))


def _look(table: Shown, visit: Visit, rows: int) -> dict[str, Any]:
    shown_rows = max(1, min(rows, table.frame.height))
    return {
        "hide_index": True,
        "row_height": ROW_HEIGHT,
        "height": ROW_HEIGHT * shown_rows + HEADER_HEIGHT,
        "placeholder": visit.say("none"),
        "column_config": {column.name: _config(column, table, visit.language) for column in table.columns},
    }


@beside
def _packed(table: Shown) -> pa.Table:
    """The same as Streamlit would pack it in every run."""
    return pa.Table.from_pandas(_sent(table).to_pandas())


@beside
def _sent(table: Shown) -> pl.DataFrame:
    """What travels to the browser: only the columns that are seen, chips as lists, trends as small numbers."""
    chips = [pl.when(pl.col(name).is_not_null()).then(pl.concat_list(name)).alias(name) for name in table.chips]
    trends = [pl.col(column.name).cast(pl.List(pl.Float32)) for column in table.columns if column.kind == "trend"]
    return _emptied(table.frame).with_columns(*chips, *trends)


def _emptied(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with nothing left beneath its nulls: a value that was masked may still lie in the column's memory, and
    the browser would be sent all of that."""
    nothing = {name: _nothing(kind) for name, kind in frame.schema.items()}
    filled = frame.with_columns(pl.col(name).fill_null(empty) for name, empty in nothing.items() if empty is not None)
    nulls = frame.select(pl.all().is_null().name.suffix(NULL))
    marked = pl.concat([filled, nulls], how="horizontal")
    return marked.select(pl.when(~pl.col(f"{name}{NULL}")).then(name).alias(name) for name in frame.columns)


def _nothing(kind: pl.DataType) -> Any:
    """What stands beneath a null of a type; null for lists, which hold no single value."""
    if kind.is_temporal() or kind.is_numeric():
        return pl.lit(0, dtype=pl.Int64).cast(kind)
    return {pl.String: "", pl.Boolean: False}.get(type(kind))


def _config(column: Column, table: Shown, language: str) -> Any:
    chips, day = table.chips.get(column.name, {}), DAY_FORMATS[language]
    of = st.column_config
    makers: dict[str, Callable[..., Any]] = {
        "text": of.TextColumn,
        "number": functools.partial(of.NumberColumn, format="localized"),
        "money": functools.partial(of.NumberColumn, format="%,.0f"),
        "amount": functools.partial(of.NumberColumn, format="%,.2f"),
        "share": functools.partial(of.NumberColumn, format="percent"),
        "day": functools.partial(of.DateColumn, format=day),
        "instant": functools.partial(of.DatetimeColumn, format=f"{day} HH:mm"),
        "chip": functools.partial(of.MultiselectColumn, options=list(chips), color=list(chips.values())),
        "bar": functools.partial(of.ProgressColumn, min_value=0, max_value=column.most, format="%d"),
        "trend": functools.partial(of.BarChartColumn, y_min=0, color="gray"),
    }
    return makers[column.kind](table.headings[column.name], width=column.width, pinned=column.pinned or None)
