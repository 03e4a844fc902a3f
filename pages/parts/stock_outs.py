"""The chosen item at a site: codes in the address, chosen in the table or, with the keyboard, in the list below it.

Where several companies keep an item at one site, the company is a third code. Long tables come page by page.
"""

import functools
import math
from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st

from answers.stock_outs import KEYS
from display.tables import Shown
from pages.parts import address, states, tables
from pages.parts.stock_out_frames import Key
from pages.parts.visit import Visit

ITEM, SITE, COMPANY, PAGE = "item", "at", "of", "risks_page"
TABLE, LIST, PAGER = "risks", "choose_risk", "choose_risks_page"
ROWS_OF_PAGE = 250


def keys_of(rows: pl.DataFrame) -> list[Key]:
    """The items at sites, in their order."""
    return list(rows.select(KEYS).iter_rows())


def current(listed: Sequence[Key], known: Sequence[Key]) -> Key:
    """The item at a site in the address, if there is a chance of it; the first of the list where there is none."""
    asked = [st.query_params.get(name) for name in (ITEM, SITE, COMPANY)]
    for key in (*listed, *known):
        if all(code in (None, part) for code, part in zip(asked, key, strict=True)):
            return key
    return (listed or known)[0]


def not_judged(known: Sequence[Key], visit: Visit) -> None:
    """Says so where the address asks for an item of which there are no chances."""
    asked = st.query_params.get(ITEM)
    if asked and asked not in {item for item, _, _ in known}:
        states.note(visit.say("stockouts.not_judged", item=asked[:40]))


def table(ranked: Shown, listed: Sequence[Key], chosen: Key, visit: Visit) -> None:
    """The table in which an item is chosen, and its pages where there are several."""
    if not listed:
        states.note(visit.say("stockouts.ranked.none"))
        return
    pages = [str(number + 1) for number in range(math.ceil(len(listed) / ROWS_OF_PAGE))]
    number = int(address.code(PAGE, pages, "1"))
    page = slice((number - 1) * ROWS_OF_PAGE, number * ROWS_OF_PAGE)
    shown = listed[page]
    row = shown.index(chosen) if chosen in shown else 0
    st.session_state[TABLE] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    on_select = functools.partial(_from_table, shown)
    tables.choose(
        tables.part(ranked, page), visit, key=TABLE, alt=visit.say("stockouts.ranked.alt"), on_select=on_select
    )
    if len(pages) > 1:
        st.session_state[PAGER] = number
        st.pagination(len(pages), key=PAGER, on_change=_turn)


def choose(names: Mapping[Key, str], chosen: Key, label: str) -> None:
    """The list of items at sites, for the keyboard."""
    texts = {_code(key): name for key, name in names.items()}
    st.session_state[LIST] = _code(chosen)
    st.selectbox(
        label,
        list(texts),
        key=LIST,
        format_func=texts.__getitem__,
        on_change=_from_list,
        args=({_code(key): key for key in names},),
        label_visibility="collapsed",
        width=460,
    )


def _code(key: Key) -> str:
    return "\n".join(key)


def _from_table(keys: Sequence[Key]) -> None:
    rows = st.session_state[TABLE]["selection"]["rows"]
    if rows and rows[0] < len(keys):
        _put(keys[rows[0]])


def _from_list(keys: Mapping[str, Key]) -> None:
    _put(keys[st.session_state[LIST]])


def _put(key: Key) -> None:
    for name, code in zip((ITEM, SITE, COMPANY), key, strict=True):
        address.put(name, [code])


def _turn() -> None:
    number = st.session_state[PAGER]
    address.put(PAGE, [] if number == 1 else [str(number)])
    for name in (ITEM, SITE, COMPANY):
        address.put(name, [])
