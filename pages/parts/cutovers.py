"""A firm that changes its ERP: declared beside its connections; what it leaves out stands in the health of its data."""

import streamlit as st

from analytics.access import NotAllowed
from answers import cutovers as answers
from answers.cutovers import CutoverRefused
from display.numbers import day
from display.tables import cutovers as tables
from display.tables.health import source_name
from pages.parts import export, owner, states
from pages.parts import tables as screen
from pages.parts.visit import Visit

BEFORE, AFTER, ON, TOLD = "cutover_before", "cutover_after", "cutover_on", "cutover_told"


def declared(visit: Visit) -> None:
    """What is declared, and the fields to declare it; only where two systems may follow each other."""
    known, standing = answers.systems(visit.viewer), answers.standing(visit.viewer)
    told = st.session_state.pop(TOLD, None)
    if len(known) < 2 and standing is None:
        return
    with st.expander(visit.say("cutover.open"), icon=":material/swap_horiz:", expanded=told is not None, key="cutover"):
        st.caption(visit.say("cutover.how"))
        if told is not None:
            kind = states.alarm if told.startswith("cutover.refused.") else states.note
            kind(visit.say(told))
        if standing is not None:
            names = {
                side: source_name(source, visit.language)
                for side, source in (("before", standing.before), ("after", standing.after))
            }
            st.markdown(visit.say("cutover.stands", on=day(standing.on, visit.language), **names))
            st.button(
                visit.say("cutover.take_back"), key="cutover_take_back", on_click=_take_back, icon=":material/undo:"
            )
        if len(known) >= 2:
            _fields(visit, known)


def _fields(visit: Visit, known: tuple[str, ...]) -> None:
    names = {source: source_name(source, visit.language) for source in known}
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="cutover_fields"):
        st.selectbox(visit.say("cutover.before"), known, key=BEFORE, format_func=names.__getitem__, width=180)
        st.selectbox(visit.say("cutover.after"), known, index=1, key=AFTER, format_func=names.__getitem__, width=180)
        st.date_input(visit.say("cutover.on"), key=ON, min_value=answers.EARLIEST, max_value=answers.LATEST, width=200)
        st.button(visit.say("cutover.declare"), key="cutover_declare", on_click=_declare, type="primary")


def _declare() -> None:
    chosen = st.session_state
    try:
        answers.change(owner.viewer(), chosen[BEFORE], chosen[AFTER], chosen[ON])
    except CutoverRefused as refused:
        chosen[TOLD] = f"cutover.refused.{refused.rule}"
    except NotAllowed:
        return  # the run that follows says so
    else:
        chosen[TOLD] = "cutover.done"


def _take_back() -> None:
    try:
        answers.take_back(owner.viewer())
    except NotAllowed:
        return  # the run that follows says so
    st.session_state[TOLD] = "cutover.taken_back"


def counted(visit: Visit) -> None:
    """How many rows of each system count, where the firm changed its ERP."""
    counts = answers.counts(visit.viewer, version=visit.version)
    if counts.is_empty():
        return
    waiting = int(counts["open_without"].sum() or 0)
    if waiting:
        states.trouble(visit.say("cutover.open_without", count=waiting))
    part, name = tables.counts(counts, visit.language), visit.say("cutover.counts")
    export.heading(name, part, f"{visit.say('menu.health')} {name}", visit)
    screen.show(part, visit, key="cutover_counts", alt=visit.say("cutover.counts.alt"))
