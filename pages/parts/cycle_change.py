"""Cycle time before and after a day: the choice of the day, what it says, and what it is made of."""

from datetime import date, timedelta

import streamlit as st

from display.messages import cycle_change as messages
from display.words import marked
from pages.parts import address, export, tables
from pages.parts import cycle_change_frames as frames
from pages.parts.visit import Visit

SINCE, CHOSEN = "since", "cycle_since"
USUALLY, EARLIEST = timedelta(days=91), date(1990, 1, 1)


def section(visit: Visit) -> None:
    """The change since the day of the address, a quarter before today where there is none."""
    say, since_on = visit.say, _since(visit)
    shown = frames.kinds(visit, since_on)
    export.heading(say("cycle_change.title"), shown, f"{say('menu.orders')} {say('cycle_change.title')}", visit)
    st.session_state[CHOSEN] = since_on
    st.date_input(
        say("cycle_change.since"),
        key=CHOSEN,
        min_value=EARLIEST,
        max_value=visit.as_of,
        on_change=_choose,
        width=200,
    )
    for sentence in messages.sentences(frames.change(visit, since_on), visit.language):
        st.markdown(marked(sentence))
    tables.show(shown, visit, key="cycle_change", alt=say("cycle_change.alt"), none=say("cycle_change.none"), rows=8)


def _since(visit: Visit) -> date:
    """The day of the address; what is no day, or lies ahead, is none."""
    try:
        written = date.fromisoformat(st.query_params.get(SINCE, ""))
    except ValueError:
        written = visit.as_of - USUALLY
    return min(max(written, EARLIEST), visit.as_of)


def _choose() -> None:
    chosen = st.session_state[CHOSEN]
    address.put(SINCE, [chosen.isoformat()] if chosen else [])
