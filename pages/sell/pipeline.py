"""Pipeline: open deals, how likely each is won and why, what they are worth, what slipped or cannot be delivered."""

import streamlit as st

from display.figures import pipeline as figures
from display.messages import pipeline as messages
from pages.parts import cards, drawings, export, guard, leads, pipeline, states
from pages.parts import pipeline_frames as frames

visit = guard.require("sales.read")
say, language = visit.say, visit.language
deals, velocity = frames.deals(visit), frames.velocity(visit)

closed = frames.closed(visit)
cards.message(messages.title(deals, language), messages.caption(deals, closed, visit.as_of, language))
if deals.is_empty():
    states.nothing(messages.title(deals, language), say("pipeline.empty.how"), icon="filter_alt_off")
    st.stop()
cards.row(messages.cards(deals, velocity, language, sees_stock=visit.viewer.may("inventory.read")))

stages = frames.groups_shown(visit, "stage")
export.heading(say("pipeline.stages"), stages, f"{say('menu.pipeline')} {say('pipeline.stages')}", visit)
bars, table = st.columns((7, 13), gap="medium")
with bars:
    alt = figures.stages_in_words(frames.groups(visit, "stage"), language)
    drawings.show(frames.stage_figure(visit), key="stage_figure", alt=alt)
    states.note(say("pipeline.stages.figure"))
with table:
    pipeline.groups("stage", "stage", visit)
    states.note(say("pipeline.drill"))

pipeline.listed(visit)
pipeline.checked(visit)

owners = frames.groups_shown(visit, "owner")
export.heading(say("pipeline.owners"), owners, f"{say('menu.pipeline')} {say('pipeline.owners')}", visit)
pipeline.groups("owner", "owner_id", visit)

leads.section(visit)
