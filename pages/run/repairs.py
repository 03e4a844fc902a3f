"""Rows set aside: by table, source and rule with the money that they name, and the form that corrects a row."""

import streamlit as st

from answers import repairs as answers
from display.messages import repairs as messages
from display.tables import repairs as tables
from pages.parts import cards, export, guard, repairs
from pages.parts import tables as screen

visit = guard.require("health.read")
say, language = visit.say, visit.language
aside = repairs.aside(visit)
held = tables.held(answers.held(visit.viewer, version=visit.version), language)

cards.message(messages.title(aside, language), say("repairs.caption"))
repairs.told(language)
export.heading(say("repairs.held"), held, say("menu.repairs"), visit)
screen.show(held, visit, key="held", alt=say("repairs.held.alt"), none=say("repairs.held.none"))
if aside.height:
    table = tables.aside(aside, language, masked=not visit.viewer.may(answers.CONTENT))
    export.heading(say("repairs.rows"), table, f"{say('menu.repairs')} {say('repairs.rows')}", visit)
    with st.container(key="part_rows"):
        repairs.rows(aside, visit)

made = answers.corrections(visit.viewer, version=visit.version)
corrections = tables.corrections(made, language, visit.zone)
export.heading(say("repairs.corrections"), corrections, say("repairs.corrections"), visit)
alt, none = say("repairs.corrections.alt"), say("repairs.corrections.none")
screen.show(corrections, visit, key="corrections", alt=alt, none=none)
repairs.take_back(made, visit)
