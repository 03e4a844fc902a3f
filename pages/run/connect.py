"""Connect: the firm's systems, tested before they are loaded and kept fresh afterwards."""

import streamlit as st

from display.messages import connect as messages
from display.tables import connect as tables
from pages.parts import cards, connecting, connections, cutovers, export, guard, states
from pages.parts import tables as screen

visit = guard.require("sources.manage")
say, language = visit.say, visit.language
known = connections.known(visit)

cards.message(messages.title(known, language), messages.caption(known, language, visit.zone))
connections.told(visit)
if visit.version.is_sample:
    states.note(say("connect.sample"))
if known.is_empty():
    connecting.new(visit, ())
    cutovers.declared(visit)
    st.stop()

connections.live(visit, connections.seen(visit))
listed = tables.connections(known, language, visit.zone)
export.heading(say("connect.list"), listed, say("menu.connect"), visit)
screen.show(listed, visit, key="connections", alt=say("connect.list.alt"))
connections.one(visit, known)
cutovers.declared(visit)
connecting.new(visit, known["source"].to_list())
