"""One number: how it went, what moved it, who and what contributed, and the way to its rows."""

import streamlit as st

from answers.asked import Member
from display.messages import metrics as messages
from pages.parts import cards, drawings, export, guard, numbers, readings, states
from pages.parts import members as parts
from pages.parts import tables as screen

visit = guard.require("overview.read")
say, language = visit.say, visit.language
metric = numbers.chosen(visit)
reading = readings.reading(visit, metric)

numbers.message(reading, visit)
with st.container(horizontal=True, vertical_alignment="center", gap="small", key="ways"):
    numbers.choose(visit)
    numbers.rows_link(metric, None, say("evidence.show"))
    numbers.computed(visit, metric)
if reading.value is None and reading.compared is None:
    states.no_data(language)
    st.stop()

trend, facts = st.columns((13, 7), gap="medium")
with trend:
    st.subheader(say("moved.trend"), anchor=False)
    alt = readings.trend_alternative(visit, metric)
    drawings.show(readings.trend(visit, metric), key="trend", alt=alt, none=say("moved.trend.none"))
with facts:
    cards.facts(messages.facts(reading, language))

if reading.compared_period is None or reading.change is None:
    states.note(say("moved.none"))
    behind = readings.evidence_shown(visit, metric)
    export.heading(say("evidence.rows"), behind, say(f"metric.{metric}"), visit)
    screen.show(behind, visit, key="behind", alt=say("evidence.rows.alt"), none=say("metric.no_rows"))
    st.stop()

way, causes = st.columns((13, 7), gap="medium")
with way:
    st.subheader(say("moved.bridge"), anchor=False)
    alt = readings.bridge_alternative(visit, metric)
    drawings.show(readings.bridge(visit, metric), key="bridge", alt=alt, none=say("moved.bridge.none"))
with causes:
    st.subheader(say("moved.drivers"), anchor=False)
    cards.facts_or(readings.drivers(visit, metric), say("driver.chance"))

dimension = parts.dimension(metric)
table = readings.contributions_shown(visit, metric, dimension)
export.heading(say("moved.members"), table, f"{say(f'metric.{metric}')} {say(f'dimension.{dimension}')}", visit)
parts.choose_dimension(visit, metric)
bars, rows = st.columns((9, 11), gap="medium")
named = say(f"dimension.{dimension}")
with bars:
    alt = say("moved.members.alt", dimension=named)
    drawings.show(readings.ranked(visit, metric, dimension), key="members", alt=alt, none=say("moved.none"))
with rows:
    screen.show(table, visit, key="contributions", alt=say("moved.members.alt", dimension=named))
    key = parts.choose(visit, metric, dimension)
    numbers.rows_link(metric, Member(dimension=dimension, key=key or None), say("evidence.show"))
