"""Holding goods for a customer, promising a day, and what became of both."""

import streamlit as st

from analytics.access import NotAllowed
from answers import promises as answers
from answers.delivery import Promised
from answers.promises import HOLD, PROMISE, PromiseRefused, Said
from display.messages import promises as messages
from display.words import marked
from pages.parts import address, export, owner, states, tables
from pages.parts import promise_frames as frames
from pages.parts.delivery_frames import Asked
from pages.parts.visit import Visit

KEPT_BY, BY = "kept", ("level", "lane", "person")
NUMBER, OUTCOME = "promised_order", "promise_outcome"


def saying(asked: Asked, answer: Promised, visit: Visit) -> None:
    """The way to hold the goods or to keep the promise that was given; what came of the last one."""
    if answer.last_on is not None:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="saying"):
            say = visit.say
            st.text_input(say("promises.order_number"), key=NUMBER, max_chars=60, width=220)
            st.button(say("promises.hold"), key="hold", on_click=_say, args=(HOLD, asked, visit))
            st.button(say("promises.promise"), key="promise", on_click=_say, args=(PROMISE, asked, visit))
        states.note(visit.say("promises.note"))
    told = st.session_state.pop(OUTCOME, None)
    if told:
        st.markdown(marked(told))


def _say(kind: str, asked: Asked, visit: Visit) -> None:
    number = str(st.session_state.get(NUMBER) or "")
    said = Said(kind=kind, wishes=asked.wishes, how=asked.how, customer_id=asked.customer, order_number=number)
    try:
        kept = answers.say(owner.viewer(), visit.scope, said, version=visit.version)
        st.session_state[NUMBER] = ""
        st.session_state[OUTCOME] = visit.say(f"promises.said.{kind}", number=kept)
    except PromiseRefused as refused:
        st.session_state[OUTCOME] = visit.say(f"promises.refused.{refused.rule}")
    except NotAllowed:
        return  # the run that follows says so


def _release(number: int, visit: Visit) -> None:
    try:
        answers.release(owner.viewer(), visit.scope, number, version=visit.version)
        st.session_state[OUTCOME] = visit.say("promises.said.release", number=number)
    except PromiseRefused as refused:
        st.session_state[OUTCOME] = visit.say(f"promises.refused.{refused.rule}")
    except NotAllowed:
        return  # the run that follows says so


def register(visit: Visit) -> None:
    """What was held and promised; holds can be released, and tell when their goods are taken."""
    say, rows = visit.say, frames.register(visit)
    for sentence in messages.taken(rows, visit.language):
        states.alarm(sentence)
    shown = frames.registered(visit)
    export.heading(say("promises.register"), shown, f"{say('menu.delivery')} {say('promises.register')}", visit)
    tables.show(
        shown,
        visit,
        key="promise_register",
        alt=say("promises.register.alt"),
        none=say("promises.register.none"),
        rows=8,
    )
    standing = [number for number, state in rows.select("number", "state").iter_rows() if state == "held"]
    if standing:
        with st.container(horizontal=True, gap="small", key="releasing"):
            for number in standing:
                label = say("promises.release", number=number)
                st.button(label, key=f"release_{number}", on_click=_release, args=(number, visit))


def kept(asked: Asked, visit: Visit) -> None:
    """How promises were kept, by the confidence that was stated; of the one that is asked for, by lane or person."""
    say, by = visit.say, address.code(KEPT_BY, BY, BY[0])
    shown = frames.kept(visit) if by == BY[0] else frames.kept_by(visit, by, asked.level)
    export.heading(say("promises.kept"), shown, f"{say('menu.delivery')} {say('promises.kept')}", visit)
    address.choice(
        KEPT_BY,
        st.segmented_control,
        say("promises.kept.by"),
        BY,
        BY[0],
        format_func=lambda name: say(f"promises.kept.by.{name}"),
        required=True,
        label_visibility="collapsed",
    )
    tables.show(shown, visit, key="promise_kept", alt=say("promises.kept.alt"), none=say("promises.kept.none"))
    states.note(say("promises.kept.note"))
