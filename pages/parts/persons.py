"""Persons on the screens of customers: whom one may address, what one customer consented to, and erasing a person."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from analytics.access import NotAllowed
from analytics.control_groups import GROUPS
from analytics.life_cycle import STAGES
from analytics.topics import TROUBLES
from answers import erasing
from answers.audiences import CHANNELS, SEES
from display.messages import persons as messages
from display.words import marked
from pages.parts import address, cards, export, owner, states, tables
from pages.parts import audience_frames as frames
from pages.parts.customer_frames import ALL
from pages.parts.visit import Visit

CHANNEL, STAGE, TOPIC, GROUP = "audience", "audience_stage", "audience_topic", "audience_group"
WHO, SURE, TOLD = "erase_who", "erase_sure", "erasing_told"
LISTED = 250


def audience(visit: Visit, segment: str) -> None:
    """Whom one may address of the segment, by channel, stage, topic, and whether they may be offered something; nothing
    for who may not see addresses."""
    if not visit.viewer.may(SEES):
        return
    asked = _asked(segment)
    found, table = frames.audience(visit, asked), frames.shown(visit, asked)
    left = sum(found.left_out.values())
    export.heading(visit.say("audience.heading"), table, visit.say("audience.title", left=left), visit)
    _choose(visit)
    states.note(messages.left_out(found.rows.height, found.left_out, visit.language))
    part = tables.part(table, slice(0, LISTED))
    tables.show(part, visit, key="audience", alt=visit.say("audience.alt"), none=visit.say("audience.none"), rows=10)
    states.note(visit.say("audience.control"))
    states.note(messages.effect(frames.effect(visit, asked), visit.language))
    states.note(visit.say("audience.saved"))


def _asked(segment: str) -> tuple[str, ...]:
    stage, topic = address.code(STAGE, STAGES, ALL), address.code(TOPIC, TROUBLES, ALL)
    group = address.code(GROUP, GROUPS, ALL)
    return address.code(CHANNEL, CHANNELS, CHANNELS[0]), segment, stage, topic, group


def _choose(visit: Visit) -> None:
    offered = (
        (CHANNEL, "audience.channel", list(CHANNELS), CHANNELS[0], "audience.channel."),
        (STAGE, "audience.stage", [ALL, *STAGES], ALL, "stage."),
        (TOPIC, "audience.topic", [ALL, *TROUBLES], ALL, "topic."),
        (GROUP, "audience.group", [ALL, *GROUPS], ALL, "audience.group."),
    )
    with st.container(horizontal=True, gap="small", key="choosing_audience"):
        for name, words, codes, usual, told in offered:
            address.choice(
                name,
                st.selectbox,
                visit.say(words),
                codes,
                usual,
                format_func=lambda code, words=words, told=told: visit.say(
                    f"{words}.all" if code == ALL else f"{told}{code}"
                ),
                label_visibility="collapsed",
                width=190,
            )


def consents(customer_id: str, visit: Visit) -> None:
    """By channel whether one customer, and the people at it, may be addressed."""
    if visit.viewer.may(SEES):
        st.subheader(visit.say("consent.heading"), anchor=False)
        cards.facts(messages.consents(frames.consents(visit, customer_id), visit.language))


def erase(customer_id: str, visit: Visit) -> None:
    """The request of a person to be erased, for who may carry it out."""
    if words := st.session_state.pop(TOLD, None):
        states.note(words)
    if not all(visit.viewer.may(right) for right in (erasing.RIGHT, *erasing.SEES)):
        return
    with st.expander(visit.say("erasing.heading"), key="erasing"):
        states.note(visit.say("erasing.what"))
        people = erasing.people(visit.viewer, customer_id, version=visit.version).rows(named=True)
        if not people:
            states.note(visit.say("erasing.nobody"))
            return
        named = {(row["kind"], row["key"]): messages.person(row["kind"], row["name"], visit.language) for row in people}
        st.selectbox(visit.say("erasing.who"), list(named), key=WHO, format_func=lambda who: marked(named[who]))
        is_sure = st.checkbox(visit.say("erasing.sure"), key=SURE)
        if st.button(visit.say("erasing.do"), key="erase", type="primary", disabled=not is_sure):
            _carry_out(st.session_state[WHO], visit)


def _carry_out(who: tuple[str, str], visit: Visit) -> None:
    """Erases of who looks now; what came of it is told in the next run."""
    try:
        with st.spinner(visit.say("erasing.working")):
            answer = erasing.erase(owner.viewer(), *who)
    except erasing.ErasureRefused as refused:
        st.session_state[TOLD] = visit.say(f"erasing.refused.{refused.rule}")
    except NotAllowed:
        return  # the run that follows says so
    else:
        st.session_state[TOLD] = _told(answer, visit)
    st.rerun()


def _told(answer: Mapping[str, Any], visit: Visit) -> str:
    if answer.get("outcome") == "erased":
        return visit.say("erasing.done", rows=answer["rows"])
    return visit.say("erasing.waits", why=answer.get("message") or "")
