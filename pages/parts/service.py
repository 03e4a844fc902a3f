"""The chosen wave or topic, codes in the address, and what was said of it."""

import functools
from collections.abc import Sequence

import streamlit as st

from display.messages import service as messages
from display.words import marked
from pages.parts import address, customers, export, narrowing, states, tables
from pages.parts import service_frames as frames
from pages.parts.visit import Visit

TOPIC, GROUP, VOICE = "topic", "products", "voice"
WAVES, SAID, ANSWER, ANSWERS = "waves", "said", "answer", "survey_answers"
LISTED = 250


def waves(visit: Visit) -> None:
    """What rises: the table in which a wave is chosen."""
    rows, shown = frames.waves(visit), frames.waves_shown(visit)
    export.heading(visit.say("service.waves"), shown, visit.say("service.waves"), visit)
    if rows.is_empty():
        states.note(visit.say("service.waves.none"))
        return
    keys = list(rows.select("topic", "group_key").iter_rows())
    chosen = (st.query_params.get(TOPIC), st.query_params.get(GROUP))
    at = keys.index(chosen) if chosen in keys else 0
    st.session_state[WAVES] = {"selection": {"rows": [at], "columns": [], "cells": []}}
    on_select = functools.partial(_from_waves, keys)
    tables.choose(shown, visit, key=WAVES, alt=visit.say("service.waves.alt"), on_select=on_select)
    states.note(visit.say("service.waves.note"))
    if tells_costs(visit):
        _costs(visit)


def tells_costs(visit: Visit) -> bool:
    """Whether it is known what waves cost: of the orders of all customers, and not of past days."""
    return visit.viewer.may("sales.read") and visit.sees_all_customers and visit.scope.as_of is None


def _costs(visit: Visit) -> None:
    """What the waves cost in orders that never came."""
    shown, say = frames.wave_costs_shown(visit), visit.say
    export.heading(say("service.wave.costs"), shown, say("service.wave.costs"), visit)
    st.markdown(marked(messages.cost(frames.waves(visit), visit.language)))
    if shown.frame.height:
        tables.show(shown, visit, key="wave_costs", alt=say("service.wave.costs.alt"))
        states.note(say("service.wave.note"))


def _from_waves(keys: Sequence[tuple[str, str]]) -> None:
    rows = st.session_state[WAVES]["selection"]["rows"]
    if rows and rows[0] < len(keys):
        topic, group = keys[rows[0]]
        address.put(TOPIC, [topic])
        address.put(GROUP, [group])


def _chosen(visit: Visit) -> tuple[str, str]:
    """The topic and group of products in the address; those of the clearest wave, else the topic most talked of."""
    topics, waves = frames.topics(visit)["topic"].to_list(), frames.waves(visit)
    first = waves.select("topic", "group_key").row(0) if waves.height else ((topics or [""])[0], "")
    known = [*topics, *waves["topic"]]
    if st.query_params.get(TOPIC) not in known:
        return first
    groups = waves.filter(waves["topic"] == st.query_params[TOPIC])["group_key"].to_list()
    return st.query_params[TOPIC], address.code(GROUP, groups, "")


def topics(visit: Visit) -> None:
    """What customers talk about: choosing a topic lists what was said of it."""
    say, shown = visit.say, frames.topics_shown(visit)
    export.heading(say("service.topics"), shown, say("service.topics"), visit)
    keys = frames.topics(visit).get_column("topic").to_list()
    narrowing.drill(
        shown, keys, TOPIC, visit, key="topics", alt=say("service.topics.alt"), none=say("service.topics.none")
    )
    states.note(say("service.topics.note"))


def said(visit: Visit) -> None:
    """What was said of the chosen topic, and the way to the customer who said it."""
    topic, group = _chosen(visit)
    shown, known = frames.said_shown(visit, topic, group), frames.said_choices(visit, topic, group)
    asked = frames.SAID.asked(known)
    told = frames.SAID.told(asked, known, visit.language)
    about = {visit.say("service.said.topic"): visit.say(f"topic.{topic}")} if topic else {}
    export.heading(visit.say("service.said"), shown, visit.say("service.said"), narrowing.telling(visit, about | told))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="narrowing_said"):
        _choose_topic(topic, visit)
        frames.SAID.menu(known, visit)
    states.note(narrowing.in_words(told))
    if shown.frame.is_empty():
        states.note(visit.say("service.said.none"))
        return
    part = tables.part(shown, slice(0, LISTED))
    keys = [str(at) for at in range(part.frame.height)]
    chosen = int(tables.choose_key(part, (VOICE, keys), visit, key=SAID, alt=visit.say("service.said.alt")))
    states.note("" if visit.viewer.may("personal_data") else visit.say("service.said.hidden"))
    row = frames.said(visit, topic, group).row(chosen, named=True)
    if row["customer_id"] is not None and visit.viewer.may("sales.read"):
        customers.open_link(row["customer_id"], row["customer"], visit)


def answers(visit: Visit) -> None:
    """Answers to surveys, their filters, and the way to the customer of the chosen one."""
    say, known = visit.say, frames.answered_choices(visit)
    asked = frames.ANSWERED.asked(known)
    told = frames.ANSWERED.told(asked, known, visit.language)
    rows, shown = frames.answered(visit), frames.answered_shown(visit)
    filters = functools.partial(frames.ANSWERED.menu, known, visit)
    export.heading(say("service.answers"), shown, say("service.answers"), narrowing.telling(visit, told), filters)
    states.note(narrowing.in_words(told))
    if rows.is_empty():
        states.note(say("narrowing.none" if told else "service.answers.none"))
        return
    keys = [str(at) for at in range(min(LISTED, rows.height))]
    part, alt = tables.part(shown, slice(0, LISTED)), say("service.answers.alt")
    chosen = int(tables.choose_key(part, (ANSWER, keys), visit, key=ANSWERS, alt=alt))
    states.note(say("outlook.first", count=LISTED) if rows.height > LISTED else "")
    states.note(say("service.answers.note"))
    row = rows.row(chosen, named=True)
    if row["customer_id"] is not None and visit.viewer.may("sales.read"):
        customers.open_link(row["customer_id"], row["customer"], visit)


def _choose_topic(topic: str, visit: Visit) -> None:
    known = sorted({*frames.topics(visit)["topic"], *frames.waves(visit)["topic"], topic} - {""})
    key = "choose_topic"
    st.session_state[key] = topic
    st.selectbox(
        visit.say("service.said.topic"),
        known,
        key=key,
        format_func=lambda name: visit.say(f"topic.{name}"),
        on_change=_from_list,
        args=(key,),
        label_visibility="collapsed",
        width=240,
    )


def _from_list(key: str) -> None:
    address.put(TOPIC, [st.session_state[key]])
    address.put(GROUP, [])
    address.put(VOICE, [])
