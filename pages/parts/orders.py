"""The chosen order, and which orders are listed: codes in the address, chosen in a table or, with the keyboard, in a
list. Long tables come page by page."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from analytics.order_flow import OPEN, TO_DELIVER
from pages.parts import address, states, tables
from pages.parts import order_frames as frames
from pages.parts.visit import Visit

ORDER, WHICH, FIND, PAGE = "order", "stage", "find", "orders_page"
TABLE, LIST, PAGER, SEARCH = "orders", "choose_order", "choose_orders_page", "find_order"
ROWS_OF_PAGE = 250
LONGEST = 60

Row = Mapping[str, Any]


def _kinds(visit: Visit) -> list[str]:
    """What the list can be narrowed to: what is to be delivered, late or about to be, or one stage."""
    shown = OPEN if visit.viewer.may("receivables.read") else OPEN[:-1]
    return [frames.ALL, *frames.JUDGED, *shown]


def which(visit: Visit) -> str:
    """Which orders are listed: as the address says, else those to deliver; for a link to one order, where it is."""
    chosen = address.code(WHICH, _kinds(visit), "")
    if chosen:
        return chosen
    asked = st.query_params.get(ORDER, "")
    stage = frames.stage(visit, asked) if asked else None
    return frames.ALL if stage is None or stage in TO_DELIVER else stage


def text() -> str:
    """What is searched for in numbers and customers."""
    return st.query_params.get(FIND, "")[:LONGEST]


def narrow(visit: Visit) -> None:
    """The choice of which orders are listed, and the search."""
    kinds = _kinds(visit)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="narrowing_orders"):
        st.session_state[f"choose_{WHICH}"] = which(visit)
        st.selectbox(
            visit.say("orders.list.which"),
            kinds,
            key=f"choose_{WHICH}",
            format_func=lambda kind: visit.say(_words(kind)),
            on_change=_narrowed,
            label_visibility="collapsed",
            width=240,
        )
        label = visit.say("orders.list.find")
        st.session_state[SEARCH] = text()
        st.text_input(
            label, key=SEARCH, placeholder=label, on_change=_searched, label_visibility="collapsed", width=280
        )


def _words(kind: str) -> str:
    return f"orders.stage.{kind}" if kind in OPEN else f"orders.list.{kind}"


def _narrowed() -> None:
    chosen = st.session_state[f"choose_{WHICH}"]
    address.put(WHICH, [] if chosen == frames.ALL else [chosen])
    _anew()


def _searched() -> None:
    address.put(FIND, [st.session_state[SEARCH]] if st.session_state[SEARCH] else [])
    _anew()


def _anew() -> None:
    for name in (ORDER, PAGE):
        address.put(name, [])


def table(visit: Visit) -> Row | None:
    """The table in which an order is chosen, and its pages where there are several; the chosen one, if there is any."""
    rows, listed = frames.listed(visit, which(visit), text()), frames.listed_shown(visit, which(visit), text())
    keys = rows["sales_order_id"].to_list()
    if not keys:
        states.note(visit.say("orders.list.none"))
        return None
    page = _page(keys)
    shown = keys[page]
    alt = visit.say("orders.list.alt")
    chosen = tables.choose_key(tables.part(listed, page), (ORDER, shown), visit, key=TABLE, alt=alt, rows=12)
    _pager(len(keys), page)
    return rows.row(keys.index(chosen), named=True)


def _page(keys: Sequence[str]) -> slice:
    """The page in the address; without one, that of the order in the address."""
    asked = st.query_params.get(ORDER)
    at = keys.index(asked) // ROWS_OF_PAGE + 1 if asked in keys else 1
    number = int(address.code(PAGE, _pages(len(keys)), str(at)))
    return slice((number - 1) * ROWS_OF_PAGE, number * ROWS_OF_PAGE)


def _pages(rows: int) -> list[str]:
    return [str(number) for number in range(1, max(1, math.ceil(rows / ROWS_OF_PAGE)) + 1)]


def _pager(rows: int, page: slice) -> None:
    pages = _pages(rows)
    if len(pages) > 1:
        st.session_state[PAGER] = page.start // ROWS_OF_PAGE + 1
        st.pagination(len(pages), key=PAGER, on_change=_turn)


def _turn() -> None:
    address.put(PAGE, [str(st.session_state[PAGER])])
    address.put(ORDER, [])


def choose(chosen: Row, visit: Visit) -> None:
    """The list of orders of the page, for the keyboard."""
    keys = frames.listed(visit, which(visit), text())["sales_order_id"].to_list()
    names = frames.called(visit, which(visit), text(), _page(keys))
    st.session_state[LIST] = chosen["sales_order_id"]
    st.selectbox(
        visit.say("orders.choose"),
        list(names),
        key=LIST,
        format_func=names.__getitem__,
        on_change=_from_list,
        label_visibility="collapsed",
        width=420,
    )


def _from_list() -> None:
    address.put(ORDER, [st.session_state[LIST]])
