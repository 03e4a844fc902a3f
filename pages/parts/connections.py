"""The connections that there are: how they do, what the worker does now, and what an administrator may do to one."""

import contextlib
from datetime import UTC, datetime
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.access import NotAllowed
from answers import connections as answers
from answers.connections import UPLOAD, Connection, ConnectionRefused, ConnectionsDamaged, Place, SecretLost, Trial
from display.messages import connect as messages
from display.tables.health import source_name
from display.words import marked
from pages.parts import address, cards, menu, owner, places, states, trials
from pages.parts.visit import Visit

CONNECTION = "connection"
DONE, REFUSED = "connect_done", "connect_refused"
LOOK_EVERY = "2s"
LONGEST_NAME = 80


def known(visit: Visit) -> pl.DataFrame:
    """One row per connection; where they cannot be read a sentence says so, and the page stops."""
    try:
        return answers.connections(visit.viewer)
    except ConnectionsDamaged as damaged:
        cards.message(visit.say("connect.damaged"), str(damaged))
        st.stop()


def done(what: str, name: str) -> None:
    """Notes what was done, to be told in the next run."""
    st.session_state[DONE] = (what, name)


def refused(rule: str) -> None:
    """Notes why something was not done, to be told in the next run."""
    st.session_state[REFUSED] = rule


def told(visit: Visit) -> None:
    """Tells once what was done, or why it was not."""
    what = st.session_state.pop(DONE, None)
    if what is not None:
        st.toast(visit.say(f"connect.done.{what[0]}", name=marked(what[1])))
    rule = st.session_state.pop(REFUSED, None)
    if rule:
        states.trouble(visit.say(f"connect.refused.{rule}"))


def seen(visit: Visit) -> str:
    """What the page shows of the worker: it runs anew when there is something else to show."""
    return answers.mark(visit.viewer)


@st.fragment(run_every=LOOK_EVERY)
def live(visit: Visit, shown: str) -> None:
    """What is being loaded, step by step, while the page stands open."""
    if answers.mark(visit.viewer) != shown:
        st.rerun()
    doing = answers.progress(visit.viewer)
    if doing is None:
        if not answers.has_worker(visit.viewer):
            states.trouble(visit.say("connect.no_worker"))
        return
    settings = answers.settings(visit.viewer, doing.connection_id) if doing.connection_id else None
    text = messages.doing(settings.name if settings else "", doing, datetime.now(UTC), visit.language)
    with st.container(border=True, key="live", gap="xsmall"):
        st.markdown(f"**{marked(text)}**")
        if doing.step in answers.STEPS:
            st.progress((answers.STEPS.index(doing.step) + 1) / (len(answers.STEPS) + 1))
            st.caption(_steps(doing.step, visit))


def _steps(current: str, visit: Visit) -> str:
    """All steps in their order, the one that runs in bold."""
    names = {step: visit.say(f"connect.step.{step}") for step in answers.STEPS}
    return " → ".join(f"**{name}**" if step == current else name for step, name in names.items())


def one(visit: Visit, listed: pl.DataFrame) -> None:
    """The chosen connection: how it does, what it loaded, and what can be done to it."""
    chosen = _chosen(visit, dict(listed.select("connection_id", "name").iter_rows()))
    connection = listed.row(by_predicate=pl.col("connection_id") == chosen, named=True)
    _actions(visit, chosen)
    cards.facts(messages.facts(connection, visit.language, visit.zone))
    _meant(visit, chosen)
    loaded = answers.tables(visit.viewer, chosen)
    if loaded.height:
        trials.tables(visit, loaded, answers.problems(visit.viewer, chosen), title=visit.say("connect.tables"))
        _to_health(visit)


def _chosen(visit: Visit, names: dict[str, str]) -> str:
    """The connection in the address; where there is only one, that one under its name."""
    first = next(iter(names))
    if len(names) == 1:
        st.subheader(marked(names[first]), anchor=False)
        return first
    look: dict[str, Any] = {"format_func": names.__getitem__, "width": 320}
    return address.choice(CONNECTION, st.selectbox, visit.say("connect.choose"), list(names), first, **look)


def _to_health(visit: Visit) -> None:
    page = menu.entry("health")
    if page is not None and menu.may_see(visit.viewer, page.name):
        st.page_link(page.script, label=visit.say("connect.health"), icon=page.icon, query_params=st.query_params)


def _actions(visit: Visit, connection_id: str) -> None:
    settings = answers.settings(visit.viewer, connection_id)
    if settings is None:
        return
    pausing = "resume" if settings.is_paused else "pause"
    with st.container(horizontal=True, gap="small", key="connection_actions"):
        _button("now", "sync", visit, settings)
        _button(pausing, "play_arrow" if settings.is_paused else "pause", visit, settings)
        with _popover("change", "edit", visit):
            _change(visit, settings)
        with _popover("remove", "delete", visit):
            st.caption(visit.say("connect.remove.how"))
            label = visit.say("connect.remove.do", name=marked(settings.name))
            st.button(label, key="remove_connection", on_click=_do, args=("remove", settings))


def _popover(words: str, icon: str, visit: Visit) -> DeltaGenerator:
    label = visit.say(f"connect.{words}")
    return st.popover(label, icon=f":material/{icon}:", type="tertiary", key=f"{words}_popover")


def _button(what: str, icon: str, visit: Visit, settings: Connection) -> None:
    label = visit.say(f"connect.{what}")
    picture, key = f":material/{icon}:", f"{what}_connection"
    st.button(label, key=key, on_click=_do, args=(what, settings), icon=picture, type="tertiary")


def _do(what: str, settings: Connection) -> None:
    """Does what a button says, for who looks now; what came of it is told in the next run."""
    key = settings.connection_id
    try:
        viewer = owner.viewer()
        if what == "now":
            answers.refresh_now(viewer, key)
        elif what == "remove":
            answers.remove(viewer, key)
        else:
            answers.pause(viewer, key, is_paused=what == "pause")
    except ConnectionRefused as reason:
        refused(reason.rule)
    except NotAllowed:
        return  # the run that follows says so
    else:
        done(what, settings.name)


def _meant(visit: Visit, connection_id: str) -> None:
    """A button for each table whose surprising change waits for somebody to say that it is meant."""
    for table in answers.doubtful(visit.viewer, connection_id):
        label = visit.say("connect.confirm", table=marked(table))
        st.button(label, key=f"confirm_{table}", on_click=_confirm, args=(connection_id, table))


def _confirm(connection_id: str, table: str) -> None:
    """Asks for a refresh in which the change of a table is meant."""
    with contextlib.suppress(NotAllowed):  # the run that follows says so
        answers.refresh_now(owner.viewer(), connection_id, confirmed=(table,))


def _change(visit: Visit, settings: Connection) -> None:
    """Name, rhythm and place of a connection; another place is tested before it is kept."""
    key = f"change_{settings.connection_id}"
    name = st.text_input(visit.say("connect.name"), settings.name, key=f"{key}_name", max_chars=LONGEST_NAME)
    minutes = settings.minutes if settings.way == UPLOAD else places.minutes(visit, settings.minutes, key=key)
    try:
        place = places.place(visit, settings.source, settings.way, key=key, known=settings)
    except ConnectionRefused as reason:
        states.alarm(visit.say(f"connect.refused.{reason.rule}"))
        return
    if st.button(visit.say("connect.save"), key="save_connection", type="primary"):
        _save(visit, settings, name, minutes, place)


def _save(visit: Visit, settings: Connection, name: str, minutes: int, place: Place | None) -> None:
    try:
        tried = _tried(visit, settings, place)
        if tried is None or tried.may_go or tried.is_large:
            other = None if tried is None else place
            answers.change(visit.viewer, settings.connection_id, name=name, minutes=minutes, place=other)
            done("change", name)
            st.rerun()
        states.alarm(messages.tried(tried, visit.language))
    except ConnectionRefused as reason:
        states.alarm(visit.say(f"connect.refused.{reason.rule}"))
    except SecretLost as lost:
        states.alarm(str(lost))


def _tried(visit: Visit, settings: Connection, place: Place | None) -> Trial | None:
    """A test of the place, if it is another one than before."""
    if place is None or place == settings.place:
        return None
    with st.spinner(visit.say("connect.testing", source=source_name(settings.source, visit.language))):
        return answers.trial(visit.viewer, settings.source, place, connection_id=settings.connection_id)
