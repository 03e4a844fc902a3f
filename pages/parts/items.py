"""The chosen item: one code in the address, chosen in the table or, with the keyboard, in the list beside it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.parts import address

NAME = "item"
TABLE = "outlook"
LIST = "choose_item"


def current(keys: Sequence[str]) -> str:
    """The item in the address, or the first. Table and list are set to it before they are drawn."""
    chosen = address.code(NAME, keys, keys[0])
    st.session_state[LIST] = chosen
    st.session_state[TABLE] = {"selection": {"rows": [keys.index(chosen)], "columns": [], "cells": []}}
    return chosen


def from_table(keys: Sequence[str]) -> None:
    """A row was chosen."""
    rows = st.session_state[TABLE]["selection"]["rows"]
    if rows and rows[0] < len(keys):
        _put(keys[rows[0]], keys)


def from_list(keys: Sequence[str]) -> None:
    """An item was chosen in the list."""
    _put(st.session_state[LIST], keys)


def choose(names: Mapping[str, str], label: str) -> None:
    """The list of items, for the keyboard."""
    keys = list(names)
    st.selectbox(
        label,
        keys,
        key=LIST,
        format_func=names.__getitem__,
        on_change=from_list,
        args=(keys,),
        label_visibility="collapsed",
        width=420,
    )


def _put(chosen: str, keys: Sequence[str]) -> None:
    address.put(NAME, [] if chosen == keys[0] else [chosen])
