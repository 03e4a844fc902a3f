"""The rows behind a number, or behind one member's part of it: they add up to it."""

import streamlit as st

from display.messages import evidence as messages
from pages.parts import cards, export, guard, members, numbers, readings, states
from pages.parts import tables as screen

visit = guard.require("overview.read")
say, language = visit.say, visit.language
metric, member = numbers.chosen(visit), members.in_address()
reading = readings.reading(visit, metric, member)
rows = readings.evidence(visit, metric, member)

called = members.called(visit, metric, member)
cards.message(messages.title(reading, rows, language), messages.caption(reading, called, language))
with st.container(horizontal=True, vertical_alignment="center", gap="small", key="ways"):
    st.page_link(
        numbers.WHY, label=say("evidence.back"), icon=":material/query_stats:", query_params=numbers.naming(metric)
    )
    members.everything(visit, metric, member)
    numbers.computed(visit, metric, member)
if rows.is_empty():
    states.no_data(language)
    st.stop()

table = readings.evidence_shown(visit, metric, member)
export.heading(say("evidence.rows"), table, f"{say(f'metric.{metric}')} {called}".strip(), visit)
screen.show(table, visit, key="evidence", alt=say("evidence.rows.alt"), none=say("metric.no_rows"), rows=16)
