"""Identities: which records of several systems are one and the same, decided by people where evidence is not enough."""

import streamlit as st

from display.messages import identities as messages
from display.tables import identities as tables
from pages.parts import cards, export, guard, identities, states
from pages.parts import identity_frames as frames
from pages.parts import tables as screen

visit = guard.require("identities.decide")
say, language = visit.say, visit.language
doubtful, joined, decisions = frames.doubtful(visit), frames.joined(visit), frames.decisions(visit)

cards.message(messages.title(doubtful, decisions, language), say("identities.caption"))
identities.told(language)
others = frames.others(visit)
cards.row(messages.cards(doubtful, joined, decisions, others.frame.height, language))

parts = {
    "doubtful": (doubtful, tables.doubtful(doubtful, language), identities.doubtful),
    "joined": (joined, tables.joined(joined, language), identities.joined),
    "decisions": (decisions, tables.decided(decisions, language, visit.zone), identities.decided),
}
for name, (found, table, shown) in parts.items():
    export.heading(say(f"identities.{name}"), table, f"{say('menu.identities')} {say(f'identities.{name}')}", visit)
    if found.is_empty():
        states.note(say(f"identities.{name}.none"))
    else:
        with st.container(key=f"part_{name}"):
            shown(found, visit)

export.heading(say("identities.others"), others, f"{say('menu.identities')} {say('identities.others')}", visit)
screen.show(others, visit, key="others", alt=say("identities.others.alt"), none=say("identities.others.none"), rows=8)
if others.frame.height:
    states.note(say("identities.others.how"))
one_record = frames.one_record(visit)
export.heading(say("identities.one_record"), one_record, say("identities.one_record"), visit)
alt, none = say("identities.one_record.alt"), say("identities.one_record.none")
screen.show(one_record, visit, key="one_record", alt=alt, none=none, rows=8)
