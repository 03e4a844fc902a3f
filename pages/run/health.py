"""Data health: how old each source is, what became of its rows, whether it adds up, and what has to be corrected."""

import streamlit as st

from display.messages import health as messages
from display.tables import health as tables
from pages.parts import (
    cards,
    cutovers,
    drawings,
    export,
    frames,
    guard,
    health,
    identity_frames,
    lineage,
    repairs,
    states,
)
from pages.parts import tables as screen

visit = guard.require("health.read")
say, language = visit.say, visit.language
sources, read = frames.sources(visit), frames.tables(visit)

cards.message(
    messages.title(sources, read, language, visit.zone),
    messages.caption(read, visit.version.made_at, language, visit.zone),
)
if sources.is_empty():
    states.no_source(language)
    st.stop()

for text in messages.troubles(sources, language, visit.zone):
    states.trouble(text)
cards.row(messages.cards(sources, read, language))

parts = {
    "sources": tables.sources(sources, language, visit.zone),
    "quarantine": health.quarantine(
        frames.quarantine(visit), language, visit.zone, masked=not visit.viewer.may("personal_data")
    ),
    "tables": health.tables(read, language),
    "reconciliation": health.reconciliation(frames.reconciliation(visit), language),
    "warnings": health.warnings(read, language),
    "runs": health.runs(frames.runs(visit), language, visit.zone),
    "unified": health.unified(frames.unified(visit), language),
}
with st.container(horizontal=True, gap="medium", key="health_ways"):
    repairs.to_page(visit)
    lineage.to_page(visit)
for name, part in parts.items():
    export.heading(say(f"health.{name}"), part, f"{say('menu.health')} {say(f'health.{name}')}", visit)
    if name == "quarantine":
        drawings.show(frames.rows_by_rule(visit), key="rows_by_rule", alt=say("health.quarantine.by_rule.alt"))
    screen.show(part, visit, key=name, alt=say(f"health.{name}.alt"), none=say("health.none"))

cutovers.counted(visit)
counted = identity_frames.counted(visit)
export.heading(say("identities.counted"), counted, f"{say('menu.health')} {say('identities.counted')}", visit)
screen.show(counted, visit, key="counted", alt=say("identities.counted.alt"), none=say("identities.others.none"))
