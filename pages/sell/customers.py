"""Customers: who buys often, who is new, who may be lost, what that is worth, and who moved."""

import streamlit as st

from display.figures import customers as figures
from display.messages import customers as messages
from pages.parts import cards, contracts, customer_outlook, customers, drawings, export, guard, persons, states
from pages.parts import customer_frames as frames
from pages.parts import tables as screen

visit = guard.require("sales.read")
say, language = visit.say, visit.language
everybody = frames.customers(visit)

cards.message(messages.title(everybody, language), messages.caption(everybody, visit.as_of, language))
if everybody.is_empty():
    states.nothing(messages.title(everybody, language), say("customers.empty.how"), icon="filter_alt_off")
    st.stop()
cards.row(messages.cards(everybody, visit.as_of, language))

summary = frames.segments_shown(visit)
export.heading(say("customers.segments"), summary, f"{say('menu.customers')} {say('customers.segments')}", visit)
bars, table = st.columns((7, 13), gap="medium")
with bars:
    alt = figures.segments_in_words(frames.summary(visit), language)
    drawings.show(frames.segment_figure(visit), key="segment_figure", alt=alt)
    states.note(say("customers.segments.figure"))
with table:
    customers.segments(visit)
    states.note(say("customers.segments.note"))

contracts.profiles(visit)

customers.listed(visit)

persons.audience(visit, customers.segment())

customer_outlook.life_cycle(visit)
customer_outlook.ahead(visit)
contracts.listed(visit)

movers, heading = frames.moved_shown(visit), say("customers.moved", since=messages.since(visit.as_of, language))
export.heading(heading, movers, f"{say('menu.customers')} {heading}", visit)
matrix, who = st.columns(2, gap="medium")
with matrix:
    alt = figures.movements_in_words(frames.movements(visit), language)
    drawings.show(frames.movement_figure(visit), key="movements", alt=alt, none=say("customers.moved.none"))
    states.note(say("customers.moved.from"))
with who:
    screen.show(movers, visit, key="moved", alt=say("customers.moved.alt"), none=say("customers.moved.none"))
