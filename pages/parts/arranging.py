"""Columns and order of a table in the address: a saved view keeps them, a link hands them on, and every file holds what
is seen."""

from collections.abc import Callable

import streamlit as st

from display.tables import Shown
from display.tables import arrangement as tables
from display.tables.arrangement import DOWN, MOST_ORDERED, Arrangement
from pages.parts import address
from pages.parts.cache import beside
from pages.parts.visit import Visit

COLUMNS, ORDER = "columns", "order"


def wanted(table: Shown) -> Arrangement:
    """What the address asks of a table, as far as the table has it."""
    order = st.query_params.get(_name(ORDER, table.name), "")
    return tables.held(table, st.query_params.get_all(_name(COLUMNS, table.name)), order)


def arranged(table: Shown) -> Shown:
    """The table as the address asks for it."""
    return _arranged(table, wanted(table))


_arranged = beside(tables.arranged)


def _name(what: str, table: str) -> str:
    return f"{what}.{table}"


def menu(table: Shown, visit: Visit) -> None:
    """The button behind which columns and order are chosen; its content is drawn when it is opened."""
    label, key = visit.say("arranging"), f"arrange_{table.name}"
    with st.popover(label, icon=":material/view_column:", type="tertiary", key=key, on_change="rerun") as opened:
        if opened.open:
            _columns(table, visit)
            _order(table, visit)


def _columns(table: Shown, visit: Visit) -> None:
    usual, key = tables.usual(table), f"{COLUMNS}_of_{table.name}"
    st.session_state[key] = list(wanted(table).columns) or usual
    st.multiselect(
        visit.say("arranging.columns"),
        tables.free(table),
        key=key,
        format_func=lambda name: table.headings[name],
        on_change=_put_columns,
        args=(table.name, usual),
        width=420,
    )


def _put_columns(table: str, usual: list[str]) -> None:
    chosen = st.session_state[f"{COLUMNS}_of_{table}"]
    address.put(_name(COLUMNS, table), [] if chosen == usual else chosen)


def _order(table: Shown, visit: Visit) -> None:
    orders, key = tables.orders(table), f"{ORDER}_of_{table.name}"
    if not orders:
        st.caption(visit.say("arranging.long", count=MOST_ORDERED))
        return
    st.session_state[key] = wanted(table).order
    st.selectbox(
        visit.say("arranging.order"),
        ["", *orders],
        key=key,
        format_func=lambda code: _called(code, table, visit),
        on_change=_put_order,
        args=(table.name,),
        width=420,
    )


def _put_order(table: str) -> None:
    chosen = st.session_state[f"{ORDER}_of_{table}"]
    address.put(_name(ORDER, table), [chosen] if chosen else [])


def _called(code: str, table: Shown, visit: Visit) -> str:
    if not code:
        return visit.say("arranging.own")
    words = "arranging.down" if code.startswith(DOWN) else "arranging.up"
    return visit.say(words, column=table.headings[code.removeprefix(DOWN)])


def chosen_in(table: Shown, key: str, on_select: Callable[[], None]) -> Callable[[], None]:
    """The choice of a row in an arranged table. In the session state its page finds and leaves the rows of the table as
    it is, whatever their order on the screen; gives what is to be called where a row is chosen."""
    if not wanted(table).order:
        return on_select
    order = tables.positions(table, wanted(table))
    st.session_state[key] = _selection([order.index(row) for row in _rows(key) if row < len(order)])

    def chosen() -> None:
        st.session_state[key] = _selection([order[row] for row in _rows(key) if row < len(order)])
        on_select()

    return chosen


def _rows(key: str) -> list[int]:
    return list(st.session_state[key]["selection"]["rows"])


def _selection(rows: list[int]) -> dict[str, object]:
    return {"selection": {"rows": rows, "columns": [], "cells": []}}
