"""One row chosen of a table: its key in the address, chosen in the table or, with the keyboard, in a list below it.

Long tables come page by page: what travels stays small.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from display.tables import Shown
from pages.parts import address, tables
from pages.parts.visit import Visit

ROWS_OF_PAGE = 250


@dataclass(frozen=True)
class Choice:
    """The rows to choose from, by key, at least one; ``name`` is that of the address and of the widgets."""

    name: str
    keys: Sequence[str]

    @property
    def chosen(self) -> str:
        """The key in the address, if there is such a row; the first row's where there is none."""
        return address.code(self.name, self.keys, self.keys[0])

    @property
    def _page(self) -> int:
        """The page on which the chosen row is; the one in the address where that holds no chosen row."""
        if address.code(self.name, self.keys, "") == "":
            return int(address.code(f"{self.name}_page", self._pages, "1"))
        return self.keys.index(self.chosen) // ROWS_OF_PAGE + 1

    @property
    def _pages(self) -> list[str]:
        return [str(number + 1) for number in range(max(1, math.ceil(len(self.keys) / ROWS_OF_PAGE)))]

    @property
    def _rows(self) -> slice:
        return slice((self._page - 1) * ROWS_OF_PAGE, self._page * ROWS_OF_PAGE)

    def table(self, shown: Shown, visit: Visit, alt: str, *, rows: int = 8) -> None:
        """The table in which a row is chosen, and its pages where there are several."""
        listed = self.keys[self._rows]
        row = listed.index(self.chosen) if self.chosen in listed else 0
        key = f"{self.name}_rows"
        st.session_state[key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
        tables.choose(tables.part(shown, self._rows), visit, key=key, alt=alt, on_select=self._from_table, rows=rows)
        if len(self._pages) > 1:
            st.session_state[f"{self.name}_pager"] = self._page
            st.pagination(len(self._pages), key=f"{self.name}_pager", on_change=self._turn)

    def list(self, names: Mapping[str, str], label: str, width: int = 460) -> None:
        """The list of the rows of the page, for the keyboard."""
        key = f"{self.name}_list"
        st.session_state[key] = self.chosen
        known = list(dict.fromkeys((self.chosen, *self.keys[self._rows])))
        st.selectbox(
            label,
            known,
            key=key,
            format_func=names.__getitem__,
            on_change=self._from_list,
            label_visibility="collapsed",
            width=width,
        )

    def _from_table(self) -> None:
        rows = st.session_state[f"{self.name}_rows"]["selection"]["rows"]
        listed = self.keys[self._rows]
        if rows and rows[0] < len(listed):
            address.put(self.name, [listed[rows[0]]])

    def _from_list(self) -> None:
        address.put(self.name, [st.session_state[f"{self.name}_list"]])

    def _turn(self) -> None:
        address.put(f"{self.name}_page", [str(st.session_state[f"{self.name}_pager"])])
        address.put(self.name, [])
