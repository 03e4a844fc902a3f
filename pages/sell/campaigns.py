"""Campaigns: what each cost, whom it reached, what is put down to it, and what it caused."""

import streamlit as st

from display.figures import campaigns as figures
from display.messages import campaigns as messages
from display.words import marked
from pages.parts import campaign_frames as frames
from pages.parts import campaigns, cards, drawings, export, guard, states

visit = guard.require("sales.read")
say, language = visit.say, visit.language
rows = frames.campaigns(visit)
cards.message(messages.title(rows, language), messages.caption(visit.as_of, language))
if rows.is_empty():
    states.nothing(messages.title(rows, language), say("campaigns.empty.how"), icon="filter_alt_off")
    st.stop()
cards.row(messages.cards(rows, language))

export.heading(say("campaigns.list"), frames.campaigns_shown(visit), say("menu.campaigns"), visit)
campaigns.table(visit)
states.note(say("campaigns.note"))

drawing, facts = st.columns((12, 9), gap="medium")
with drawing:
    st.subheader(say("campaigns.figure"), anchor=False)
    drawings.show(frames.figure(visit), key="caused", alt=figures.caused_in_words(rows, language))
with facts:
    one = frames.campaign(visit, campaigns.chosen(visit))
    st.subheader(marked(one["name"] or say("campaigns.detail")), anchor=False)
    cards.facts(messages.facts(one, language))
    states.note(say("campaigns.placebo.note"))
campaigns.members(visit)
