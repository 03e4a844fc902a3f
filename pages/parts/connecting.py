"""Adding a system: which it is, where its data is, a test of it, and then the load."""

from collections.abc import Collection

import streamlit as st

from analytics.access import NotAllowed
from answers import connections as answers
from answers.connections import UPLOAD, USUAL_MINUTES, WAYS, ConnectionRefused, Place, SecretLost, Trial
from display.tables.health import source_name
from pages.parts import connections, owner, places, proposals, states, trials
from pages.parts.visit import Visit

TRIED = "connect_tried"
SYSTEM, WAY, NAME = "new_system", "new_way", "new_name"
OF_FIELDS = "new_"
MAPPED = "files"


def new(visit: Visit, connected: Collection[str]) -> None:
    """The fields of a system that is not connected yet, and its test; one that went well offers to load."""
    free = [source for source in WAYS if source not in connected]
    if not free:
        states.note(visit.say("connect.add.all"))
        return
    label, key = visit.say("connect.add"), f"new_{len(connected)}"
    with st.expander(label, expanded=not connected, icon=":material/add:", key=key):
        source, way = _what(visit, free)
        place = _place(visit, source, way)
        label = visit.say("connect.test")
        if st.button(label, key="test_connection", type="primary", disabled=place is None) and place is not None:
            _test(visit, source, place)
        tried = _tried(source, place)
        if tried is not None and place is not None:
            trials.trial(visit, tried)
            if tried.may_go or tried.is_large:
                _go(visit, source, place)


def _what(visit: Visit, free: list[str]) -> tuple[str, str]:
    """The system and the way to its data."""
    names = {source: source_name(source, visit.language) for source in free}
    if st.session_state.get(SYSTEM) not in free:
        st.session_state[SYSTEM] = free[0]
    label = visit.say("connect.system")
    source = str(st.pills(label, free, key=SYSTEM, format_func=names.__getitem__, required=True))
    st.caption(visit.say(f"connect.about.{source}"))
    ways = {way: visit.say(f"connect.way.{way}") for way in WAYS[source]}
    key = f"{WAY}_{source}"
    if st.session_state.get(key) not in ways:
        st.session_state[key] = next(iter(ways))
    if len(ways) == 1:
        return source, next(iter(ways))
    way = st.radio(visit.say("connect.way"), list(ways), key=key, format_func=ways.__getitem__, horizontal=True)
    return source, str(way)


def _place(visit: Visit, source: str, way: str) -> Place | None:
    """The place, with a mapping where the files have columns of their own."""
    try:
        place = places.place(visit, source, way, key=f"{OF_FIELDS}{source}_{way}")
    except ConnectionRefused as refused:
        states.alarm(visit.say(f"connect.refused.{refused.rule}"))
        return None
    if source != MAPPED:
        return place
    label = visit.say("connect.own")
    is_own = st.toggle(label, key=f"{OF_FIELDS}own", help=visit.say("connect.own.help"))
    return proposals.mapped(visit, place) if is_own and place is not None else place


def _test(visit: Visit, source: str, place: Place) -> None:
    """Tries the place out; what came of it is kept as long as the place is the same."""
    with st.spinner(visit.say("connect.testing", source=source_name(source, visit.language))):
        try:
            st.session_state[TRIED] = (source, place, answers.trial(visit.viewer, source, place))
        except ConnectionRefused as refused:
            states.alarm(visit.say(f"connect.refused.{refused.rule}"))


def _tried(source: str, place: Place | None) -> Trial | None:
    kept = st.session_state.get(TRIED)
    return kept[2] if kept is not None and kept[:2] == (source, place) else None


def _go(visit: Visit, source: str, place: Place) -> None:
    """The name and rhythm of the connection, and the button that makes it."""
    first, second = st.columns(2, gap="small")
    key = f"{NAME}_{source}"
    with first:
        label, usual = visit.say("connect.name"), source_name(source, visit.language)
        st.text_input(label, usual, key=key, max_chars=connections.LONGEST_NAME)
    minutes = USUAL_MINUTES
    if place.way != UPLOAD:
        with second:
            minutes = places.minutes(visit, USUAL_MINUTES, key=f"{OF_FIELDS}{source}")
    label = visit.say("connect.go")
    st.button(label, key="connect", type="primary", on_click=_connect, args=(source, place, key, minutes))


def _connect(source: str, place: Place, key: str, minutes: int) -> None:
    """Makes the connection, and forgets what was entered for it."""
    name = st.session_state[key]
    try:
        connection_id = answers.add(owner.viewer(), name, source, place, minutes=minutes)
    except ConnectionRefused as refused:
        connections.refused(refused.rule)
    except SecretLost:
        connections.refused("no_secret")
    except NotAllowed:
        return  # the run that follows says so
    else:
        st.query_params[connections.CONNECTION] = connection_id
        connections.done("add", name)
        for entered in [name for name in st.session_state if str(name).startswith((OF_FIELDS, TRIED, places.STAGED))]:
            del st.session_state[entered]
