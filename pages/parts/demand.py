"""The opened item of Demand: a code in the address, chosen in the table or, with the keyboard, in the list. Without
one, all items together."""

import math
from collections.abc import Mapping

import streamlit as st

from display.messages import demand as messages
from pages.parts import address, cards, drawings, export, states, tables
from pages.parts import demand_frames as frames
from pages.parts.demand_frames import ALL
from pages.parts.visit import Visit

ITEM, GRAIN, PAGE = "item", "grain", "demand_page"
TABLE, LIST, PAGER, FIND = "demand_items", "choose_demand_item", "choose_demand_page", "find_demand_item"
GRAINS = ("weeks", "days")
ROWS_OF_PAGE, LISTED = 250, 500


def current(names: Mapping[str, str]) -> str:
    """The item in the address; all of them where there is none."""
    return address.code(ITEM, list(names), ALL)


def choose(names: Mapping[str, str], chosen: str, visit: Visit) -> None:
    """The list of items, searched while one types; where they are many, those whose name has the searched words."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="choosing_item"):
        text = _searched(visit) if len(names) > LISTED else ""
        found = [key for key, name in names.items() if text in name.lower()][:LISTED]
        st.session_state[LIST] = chosen
        st.selectbox(
            visit.say("demand.choose"),
            list(dict.fromkeys([ALL, chosen, *found])),
            key=LIST,
            format_func=lambda key: names.get(key, visit.say("demand.all")),
            on_change=_from_list,
            label_visibility="collapsed",
            width=420,
        )
        address.choice(
            GRAIN,
            st.segmented_control,
            visit.say("demand.grain"),
            GRAINS,
            GRAINS[0],
            format_func=lambda name: visit.say(f"demand.grain.{name}"),
            required=True,
            label_visibility="collapsed",
        )


def _searched(visit: Visit) -> str:
    label = visit.say("demand.find")
    return st.text_input(label, key=FIND, placeholder=label, label_visibility="collapsed", width=220).strip().lower()


def ahead(visit: Visit, item: str) -> None:
    """The figure of weeks, or of days."""
    measure, language = frames.measure(visit, item), visit.language
    if address.code(GRAIN, GRAINS, GRAINS[0]) == "days":
        alt = messages.days_in_words(frames.rows(visit, "days", item), measure, language)
        drawings.show(frames.figure(visit, "days", item), key="demand_days", alt=alt)
    else:
        alt = messages.weeks_in_words(
            frames.rows(visit, "history", item), frames.rows(visit, "weeks", item), measure, language
        )
        drawings.show(frames.figure(visit, "weeks", item), key="demand_weeks_figure", alt=alt)


def parts(visit: Visit, item: str) -> None:
    """What demand is made of: the figure, the facts, and how it is worked out; of an item that is not decomposed, that
    of its category."""
    rows, say = frames.rows(visit, "parts", item), visit.say
    st.subheader(say("demand.parts"), anchor=False)
    category = frames.category(visit, item) if item and rows.is_empty() else None
    if category is not None:
        visit, item = frames.within(visit, category), ""
        rows = frames.rows(visit, "parts", item)
        states.note(say("demand.parts.category", category=category[1]) if rows.height else "")
    if rows.is_empty():
        states.note(say("demand.parts.none"))
        return
    measure = frames.measure(visit, item)
    drawing, facts = st.columns((13, 7), gap="medium")
    with drawing:
        alt = messages.parts_in_words(rows, measure, visit.language)
        drawings.show(frames.figure(visit, "parts", item), key="demand_parts", alt=alt)
    with facts:
        cards.facts(messages.parts(rows, measure, visit.language))
        states.note(say("demand.parts.note"))


def items(names: Mapping[str, str], visit: Visit) -> None:
    """The table of items, in which one is opened, and its pages where there are several."""
    listed, keys = frames.items(visit), list(names)
    export.heading(visit.say("demand.items"), listed, visit.say("menu.demand"), visit)
    if not keys:
        states.note(visit.say("demand.items.none"))
        return
    pages = [str(number + 1) for number in range(math.ceil(len(keys) / ROWS_OF_PAGE))]
    number = int(address.code(PAGE, pages, "1"))
    page = slice((number - 1) * ROWS_OF_PAGE, number * ROWS_OF_PAGE)
    shown = keys[page]
    alt = visit.say("demand.items.alt")
    tables.choose_key(tables.part(listed, page), (ITEM, shown), visit, key=TABLE, alt=alt, rows=12, required=False)
    if len(pages) > 1:
        st.session_state[PAGER] = number
        st.pagination(len(pages), key=PAGER, on_change=_turn)
    states.note(visit.say("demand.items.note"))


def _from_list() -> None:
    chosen = st.session_state[LIST]
    address.put(ITEM, [chosen] if chosen else [])


def _turn() -> None:
    number = st.session_state[PAGER]
    address.put(PAGE, [] if number == 1 else [str(number)])
