"""The chosen customer, segment and kind of event: codes in the address, chosen in a table or, with the keyboard, in a
list. Long tables come page by page, long lists by what is searched for."""

import math
from collections.abc import Mapping, Sequence

import streamlit as st

from analytics.segments import SEGMENTS
from analytics.timeline import NEEDS
from display.tables import Shown
from display.words import marked
from pages.parts import address, export, narrowing, numbers, states, tables
from pages.parts import customer_frames as frames
from pages.parts import customer_list_frames as lists
from pages.parts import customer_outlook_frames as outlook
from pages.parts.menu import PAGES
from pages.parts.narrowing import Narrowed
from pages.parts.visit import Visit

CUSTOMER, SEGMENT, KIND, PAGE = "customer", "segment", "kind", "customers_page"
TABLE, LIST, PAGER, FIND = "customers", "choose_customer", "choose_customers_page", "find_customer"
ROWS_OF_PAGE, LISTED = 250, 500
OF_STAGE = lists.LIST.code("stage")
ONE, EVERYBODY = PAGES / "sell" / "customer.py", PAGES / "sell" / "customers.py"
ROWS_OF = ("revenue", "on_time_in_full", "overdue_receivables")


def segment() -> str:
    """The segment in the address; all of them where there is none."""
    return address.code(SEGMENT, SEGMENTS, frames.ALL)


def segments(visit: Visit) -> None:
    """The table of segments: choosing one narrows the list to its customers."""
    keys = frames.summary(visit).get_column("segment").to_list()
    alt = visit.say("customers.segments.alt")
    narrowing.drill(frames.segments_shown(visit), keys, SEGMENT, visit, key="segments", alt=alt)


def narrowed(visit: Visit) -> Narrowed:
    """What the list of customers is narrowed to: the segment in the address, and the filters."""
    asked = lists.asked(visit)
    chosen = segment()
    return asked if chosen == frames.ALL else asked.with_codes(SEGMENT, chosen)


def listed(visit: Visit) -> None:
    """The list of customers, its filters and columns, and the way to each of them."""
    asked = narrowed(visit)
    shown, told = lists.listed(visit, asked), lists.told(visit, asked)
    export.heading(visit.say("customers.list"), shown, visit.say("menu.customers"), narrowing.telling(visit, told))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="narrowing_customers"):
        _choose_segment(visit)
        lists.LIST.menu(lists.choices(visit), visit)
    states.note(narrowing.in_words(told))
    table(shown, lists.keys(visit, asked), visit)
    states.note(visit.say("scores.note" if outlook.is_known() else "outlook.waiting"))


def _choose_segment(visit: Visit) -> None:
    address.choice(
        SEGMENT,
        st.selectbox,
        visit.say("customers.segment"),
        [frames.ALL, *SEGMENTS],
        frames.ALL,
        format_func=lambda name: visit.say("customers.segment.all" if name == frames.ALL else f"segment.{name}"),
        label_visibility="collapsed",
        width=240,
    )


def table(listed: Shown, keys: Sequence[str], visit: Visit) -> None:
    """The table in which a customer is chosen, its pages where there are several, and the way to the customer."""
    if not keys:
        states.note(visit.say("customers.list.none"))
        return
    page = _page(len(keys))
    shown = keys[page]
    alt = visit.say("customers.list.alt")
    chosen = tables.choose_key(tables.part(listed, page), (CUSTOMER, shown), visit, key=TABLE, alt=alt, rows=12)
    _pager(len(keys))
    link(chosen, visit)


def _page(rows: int) -> slice:
    number = int(address.code(PAGE, _pages(rows), "1"))
    return slice((number - 1) * ROWS_OF_PAGE, number * ROWS_OF_PAGE)


def _pages(rows: int) -> list[str]:
    return [str(number) for number in range(1, max(1, math.ceil(rows / ROWS_OF_PAGE)) + 1)]


def _pager(rows: int) -> None:
    pages = _pages(rows)
    if len(pages) > 1:
        st.session_state[PAGER] = int(address.code(PAGE, pages, "1"))
        st.pagination(len(pages), key=PAGER, on_change=_turn)


def _turn() -> None:
    number = st.session_state[PAGER]
    address.put(PAGE, [] if number == 1 else [str(number)])
    address.put(CUSTOMER, [])


def choose_of(shown: Shown, keys: Sequence[str], visit: Visit, *, key: str, alt: str) -> None:
    """The first rows of another table of customers, in which one is chosen, and the way to it. ``keys``: whose row each
    is, at least one."""
    listed = keys[:ROWS_OF_PAGE]
    chosen = tables.choose_key(tables.part(shown, slice(0, ROWS_OF_PAGE)), (CUSTOMER, listed), visit, key=key, alt=alt)
    states.note(visit.say("outlook.first", count=ROWS_OF_PAGE) if len(keys) > ROWS_OF_PAGE else "")
    link(chosen, visit)


def link(chosen: str, visit: Visit) -> None:
    """The way to the page of a customer of the list."""
    open_link(chosen, frames.names(visit)[chosen], visit)


def open_link(customer_id: str, name: str | None, visit: Visit) -> None:
    """The way to the page of a customer of that name."""
    label = visit.say("customers.open", name=marked(name or visit.say("customers.private")))
    to = address.naming(customer=customer_id)
    st.page_link(ONE, label=label, icon=":material/arrow_forward:", query_params=to)


def current(visit: Visit) -> str:
    """The customer in the address, or the first."""
    keys = list(frames.names(visit))
    return address.code(CUSTOMER, keys, keys[0])


def choose(visit: Visit) -> None:
    """The list of customers, searched while one types; where they are many, those whose name has the searched words."""
    chosen, names = current(visit), frames.names(visit)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="choosing"):
        text = _searched(visit) if len(names) > LISTED else ""
        offered = _offered(names, chosen, text)
        st.session_state[LIST] = chosen
        st.selectbox(
            visit.say("customers.choose"),
            offered,
            key=LIST,
            format_func=names.__getitem__,
            on_change=_from_list,
            label_visibility="collapsed",
            width=420,
        )
        st.page_link(
            EVERYBODY, label=visit.say("customer.back"), icon=":material/groups:", query_params=address.naming()
        )


def _searched(visit: Visit) -> str:
    label = visit.say("customers.find")
    return st.text_input(label, key=FIND, placeholder=label, label_visibility="collapsed", width=220).strip().lower()


def _offered(names: Mapping[str, str], chosen: str, text: str) -> list[str]:
    """The chosen customer and the first that match; a long list would travel in every run."""
    found = [key for key, name in names.items() if text in name.lower()][:LISTED]
    return found if chosen in found else [chosen, *found]


def _from_list() -> None:
    address.put(CUSTOMER, [st.session_state[LIST]])


def ways(key: str, known: Mapping[str, float | None], visit: Visit) -> None:
    """The way to the rows behind the customer's numbers, for who may see such rows."""
    if not visit.viewer.may("overview.read"):
        return
    with st.container(horizontal=True, gap="medium", key="ways"):
        for metric in ROWS_OF:
            if known.get(metric) is not None:
                named = address.naming(metric=metric, dimension="customer", member=key, period="days_365")
                label = visit.say(f"customer.rows.{metric}")
                st.page_link(numbers.ROWS, label=label, icon=":material/list_alt:", query_params=named)


def step(told: tuple[str, str], visit: Visit) -> None:
    """The next step: what to do, who should do it, and by which rule."""
    action, who = told
    with st.container(border=True, gap="xsmall", key="next_step"):
        st.caption(visit.say("customer.next"), help=visit.say("customer.next.rule"))
        st.markdown(f"**{marked(action)}**")
        st.caption(marked(who))


def kind(visit: Visit) -> str:
    """The kind of event in the address; all of them where there is none that the viewer may see."""
    return address.code(KIND, _kinds(visit), frames.ALL)


def choose_kind(visit: Visit) -> None:
    """The choice of a kind, bound to the address."""
    address.choice(
        KIND,
        st.pills,
        visit.say("customer.kind"),
        [frames.ALL, *_kinds(visit)],
        frames.ALL,
        format_func=lambda name: visit.say("customer.kind.all" if name == frames.ALL else f"event.kind.{name}"),
        required=True,
        label_visibility="collapsed",
    )


def _kinds(visit: Visit) -> list[str]:
    return [kind for kind, right in NEEDS.items() if visit.viewer.may(right)]
