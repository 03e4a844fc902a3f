"""The chosen item: one code in the address, chosen in the table or, with the keyboard, in the list beside it.

Long tables come page by page: what travels stays small.
"""

import functools
import math
from collections.abc import Mapping, Sequence

import streamlit as st

from display.tables import Shown
from pages.parts import address, tables
from pages.parts.visit import Visit

ITEM, PAGE = "item", "page"
TABLE, LIST, PAGER = "outlook", "choose_item", "choose_page"
ROWS_OF_PAGE = 250


def of_page(rows: int) -> slice:
    """The rows of the page in the address; all of them where they fit on one."""
    number = int(address.code(PAGE, _pages(rows), "1"))
    return slice((number - 1) * ROWS_OF_PAGE, number * ROWS_OF_PAGE)


def _pages(rows: int) -> list[str]:
    return [str(number) for number in range(1, max(1, math.ceil(rows / ROWS_OF_PAGE)) + 1)]


def current(keys: Sequence[str]) -> str:
    """The item in the address, or the first. Table and list are set to it before they are drawn."""
    chosen = address.code(ITEM, keys, keys[0])
    st.session_state[LIST] = chosen
    st.session_state[TABLE] = {"selection": {"rows": [keys.index(chosen)], "columns": [], "cells": []}}
    return chosen


def table(ranked: Shown, keys: Sequence[str], visit: Visit) -> None:
    """The table in which an item is chosen, and its pages where there are several."""
    rows = ranked.frame.height
    on_select = functools.partial(_from_table, keys)
    tables.choose(
        ranked.part(of_page(rows)), visit, key=TABLE, alt=visit.say("inventory.ranked.alt"), on_select=on_select
    )
    pages = len(_pages(rows))
    if pages > 1:
        st.session_state[PAGER] = int(address.code(PAGE, _pages(rows), "1"))
        st.pagination(pages, key=PAGER, on_change=_turn)


def choose(names: Mapping[str, str], label: str) -> None:
    """The list of items, for the keyboard."""
    st.selectbox(
        label,
        list(names),
        key=LIST,
        format_func=names.__getitem__,
        on_change=_from_list,
        args=(list(names),),
        label_visibility="collapsed",
        width=420,
    )


def _from_table(keys: Sequence[str]) -> None:
    rows = st.session_state[TABLE]["selection"]["rows"]
    if rows and rows[0] < len(keys):
        _put(keys[rows[0]], keys)


def _from_list(keys: Sequence[str]) -> None:
    _put(st.session_state[LIST], keys)


def _put(chosen: str, keys: Sequence[str]) -> None:
    address.put(ITEM, [] if chosen == keys[0] else [chosen])


def _turn() -> None:
    number = st.session_state[PAGER]
    address.put(PAGE, [] if number == 1 else [str(number)])
    address.put(ITEM, [])
