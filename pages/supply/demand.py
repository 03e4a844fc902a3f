"""Demand: what will be asked for, how sure that is, what it is made of, and what counts otherwise than recorded."""

import streamlit as st

from display.messages import demand as messages
from display.words import marked
from pages.parts import cards, demand, export, guard, overrides, states, surges
from pages.parts import demand_frames as frames
from pages.parts import tables as screen

visit = guard.require("inventory.read")
say, language = visit.say, visit.language
known_on = frames.as_of(visit)
if known_on is None:
    cards.message(say("menu.demand"), say("menu.demand.help"))
    states.nothing(say("demand.working"), say("demand.working.how"), icon="hourglass_top")
    st.stop()

names = frames.names(visit)
item = demand.current(names)
spans, measure, called = frames.rows(visit, "spans", item), frames.measure(visit, item), names.get(item, "")
caption = messages.caption(known_on, measure, language, item=bool(item))
cards.message(messages.title(spans, called, measure, language), caption)
if spans.is_empty():
    states.nothing(say("demand.title.nothing"), say("demand.empty.how"), icon="filter_alt_off")
    st.stop()
tested = frames.rows(visit, "how_far", item)
cards.row(messages.cards(spans, tested, frames.rows(visit, "odd", item), measure, known_on, language))

surges.alarms(visit, item)
demand.choose(names, item, visit)
demand.ahead(visit, item)
states.note(messages.sure(spans, tested, measure, language))
states.note(say("demand.cannot"))
if item:
    overrides.section(visit, item, called)

demand.parts(visit, item)
if item:
    sites = frames.shown(visit, "sites", item)
    export.heading(say("demand.sites"), sites, f"{say('demand.sites')} {called}", visit)
    screen.show(sites, visit, key="demand_sites", alt=say("demand.sites.alt"))
demand.items(names, visit)
if not item:
    overrides.section(visit, item, called)

surges.section(visit, item, called)
surges.lives(visit, item, called)

weeks, heading = frames.shown(visit, "weeks", item), messages.weeks_heading(measure, language)
export.heading(marked(heading), weeks, f"{heading} {called}".strip(), visit)
screen.show(weeks, visit, key="demand_weeks", alt=say("demand.weeks.alt"), rows=13)

odd = frames.shown(visit, "odd", item)
export.heading(say("demand.odd"), odd, f"{say('demand.odd')} {called}".strip(), visit)
screen.show(odd, visit, key="demand_odd", alt=say("demand.odd.alt"), none=say("demand.odd.none"))
states.note(say("demand.odd.note"))
