"""The chosen deal and kind of deal: codes in the address; and what moves the chance of the chosen one."""

import functools
from collections.abc import Sequence

import streamlit as st

from display.messages import pipeline as messages
from display.words import marked
from pages.parts import address, customers, export, states, tables
from pages.parts import pipeline_frames as frames
from pages.parts.visit import Visit

DEAL, KIND, TABLE = "deal", "deals", "pipeline"
LISTED = 250


def kind() -> str:
    """The kind of deal in the address; all of them where there is none."""
    return address.code(KIND, frames.KINDS, frames.KINDS[0])


def choose_kind(visit: Visit) -> None:
    """The choice of a kind of deal, bound to the address."""
    address.choice(
        KIND,
        st.pills,
        visit.say("pipeline.show"),
        frames.KINDS,
        frames.KINDS[0],
        format_func=lambda name: visit.say(f"pipeline.show.{name}"),
        required=True,
        label_visibility="collapsed",
    )


def table(visit: Visit) -> None:
    """The table in which a deal is chosen, what moves its chance, and the way to its customer."""
    keys = frames.keys(visit, kind())[:LISTED]
    if not keys:
        states.note(visit.say("pipeline.deals.none"))
        return
    chosen = address.code(DEAL, keys, keys[0])
    st.session_state[TABLE] = {"selection": {"rows": [keys.index(chosen)], "columns": [], "cells": []}}
    shown = frames.listed(visit, kind())
    on_select = functools.partial(_from_table, keys)
    alt = visit.say("pipeline.deals.alt")
    tables.choose(shown.part(slice(0, LISTED)), visit, key=TABLE, alt=alt, on_select=on_select)
    states.note(visit.say("pipeline.first", count=LISTED) if shown.frame.height > LISTED else "")
    _why(chosen, visit)


def _from_table(keys: Sequence[str]) -> None:
    rows = st.session_state[TABLE]["selection"]["rows"]
    if rows and rows[0] < len(keys):
        address.put(DEAL, [keys[rows[0]]])


def _why(chosen: str, visit: Visit) -> None:
    deal = frames.deal(visit, chosen)
    with st.container(border=True, gap="xsmall", key="why"):
        st.markdown(f"**{marked(messages.why_title(deal, visit.language))}**")
        st.markdown("\n".join(f"- {marked(sentence)}" for sentence in messages.why(deal, visit.language)))
        if deal["customer_id"] is not None:
            customers.open_link(deal["customer_id"], deal["customer"], visit)


def checked(visit: Visit) -> None:
    """How good chances were on the deals of the last quarter."""
    states.note(messages.checked(frames.check(visit), visit.language))
    shown = frames.check_shown(visit)
    if shown.frame.height:
        with st.expander(visit.say("pipeline.check"), key="check_of_chances"):
            tables.show(shown, visit, key="pipeline_check", alt=visit.say("pipeline.check.alt"))
            export.buttons(shown, visit.say("pipeline.check"), visit)
