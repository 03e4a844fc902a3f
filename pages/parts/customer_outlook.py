"""Where customers stand in their life as customers, what they will likely buy, and how well that is told."""

import functools
from collections.abc import Sequence

import streamlit as st

from analytics.life_cycle import STAGES
from display.figures import customer_outlook as figures
from display.messages import customer_outlook as messages
from display.words import marked
from pages.parts import address, cards, customers, drawings, export, states, tables
from pages.parts import customer_outlook_frames as frames
from pages.parts.customer_frames import ALL
from pages.parts.visit import Visit

STAGE, TABLE = "stage", "outlook"
LISTED = 250
TOLD = tuple(stage for stage in STAGES if stage != "prospect")


def life_cycle(visit: Visit) -> None:
    """The stages of all customers, and how many come back."""
    say, stages = visit.say, frames.stages(visit)
    export.heading(say("life.heading"), stages, f"{say('menu.customers')} {say('life.heading')}", visit)
    states.alarm(messages.gathered(frames.gathered(visit), visit.language))
    table, cohorts = st.columns((11, 10), gap="medium")
    with table:
        tables.show(stages, visit, key="stages", alt=say("life.stages.alt"))
        states.note(say("life.stages.note"))
    with cohorts:
        alt = figures.cohorts_in_words(frames.cohorts(visit), visit.language)
        drawings.show(frames.cohort_figure(visit), key="cohorts", alt=alt, none=say("life.cohorts.none"))
        if frames.cohort_figure(visit) is not None:
            states.note(say("life.cohorts"))
        states.note(messages.repeat_rate(frames.repeat_rate(visit), visit.language))


def ahead(visit: Visit) -> None:
    """What each customer will likely buy, the most revenue at risk first, and how well that was told before."""
    say, stage = visit.say, address.code(STAGE, TOLD, ALL)
    if not frames.is_known():
        st.subheader(say("outlook.heading"), anchor=False)
        states.note(say("outlook.waiting"))
        return
    shown, keys = frames.outlook(visit, stage), frames.keys(visit, stage)
    export.heading(say("outlook.heading"), shown, say("outlook.heading"), visit)
    _choose_stage(visit)
    if keys:
        _table(keys[:LISTED], visit, stage)
        states.note(say("outlook.order"))
    else:
        states.note(say("outlook.none"))
    states.note(say("outlook.first", count=LISTED) if len(keys) > LISTED else "")
    _checked(visit)


def _choose_stage(visit: Visit) -> None:
    address.choice(
        STAGE,
        st.selectbox,
        visit.say("outlook.stage"),
        [ALL, *TOLD],
        ALL,
        format_func=lambda name: visit.say("outlook.stage.all" if name == ALL else f"stage.{name}"),
        label_visibility="collapsed",
        width=240,
    )


def _table(keys: Sequence[str], visit: Visit, stage: str) -> None:
    chosen = address.code(customers.CUSTOMER, keys, keys[0])
    st.session_state[TABLE] = {"selection": {"rows": [keys.index(chosen)], "columns": [], "cells": []}}
    part = frames.outlook(visit, stage).part(slice(0, len(keys)))
    on_select = functools.partial(_from_table, keys)
    tables.choose(part, visit, key=TABLE, alt=visit.say("outlook.alt"), on_select=on_select)
    customers.link(chosen, visit)


def _from_table(keys: Sequence[str]) -> None:
    rows = st.session_state[TABLE]["selection"]["rows"]
    if rows and rows[0] < len(keys):
        address.put(customers.CUSTOMER, [keys[rows[0]]])


def _checked(visit: Visit) -> None:
    if not visit.sees_all_customers:
        return
    reliability = frames.reliability(visit)
    states.note(messages.checked(reliability, visit.language))
    if reliability.height:
        shown = frames.reliability_shown(visit)
        with st.expander(visit.say("outlook.reliability"), key="reliability_of_outlook"):
            tables.show(shown, visit, key="reliability", alt=visit.say("outlook.reliability.alt"))
            export.buttons(shown, visit.say("outlook.reliability"), visit)


def of_one(customer_id: str, visit: Visit) -> None:
    """What one customer will likely buy, and what raises the chance that it does not."""
    row = frames.customer(visit, customer_id)
    st.subheader(visit.say("outlook.title"), anchor=False)
    cards.facts(messages.facts(row, visit.language))
    if not frames.is_known():
        states.note(visit.say("outlook.waiting"))
    sentences = messages.why(row, visit.language)
    if sentences:
        st.caption(f"**{marked(visit.say('outlook.why'))}**")
        st.markdown("\n".join(f"- {marked(sentence)}" for sentence in sentences))
