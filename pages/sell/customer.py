"""One customer: its numbers, all that happened on every channel, and the next step."""

import streamlit as st

from display.figures import customers as figures
from display.messages import customers as messages
from pages.parts import (
    cards,
    contracts,
    customer_outlook,
    customers,
    drawings,
    export,
    guard,
    lineage,
    offers,
    persons,
    states,
)
from pages.parts import customer_frames as frames
from pages.parts import tables as screen

visit = guard.require("sales.read")
say, language = visit.say, visit.language
everybody = frames.customers(visit)
if everybody.is_empty():
    cards.message(messages.title(everybody, language), messages.caption(everybody, visit.as_of, language))
    states.nothing(messages.title(everybody, language), say("customers.empty.how"), icon="filter_alt_off")
    st.stop()

key = customers.current(visit)
row, step, numbers = frames.customer(visit, key), frames.next_step(visit, key), frames.numbers(visit, key)
cards.message(messages.customer_title(row, step, language), messages.customer_caption(row, visit.as_of, language))
customers.choose(visit)
cards.row(messages.customer_cards(row, numbers.values, numbers.open_orders, language))
customers.ways(key, numbers.values, visit)

months, identity = st.columns((12, 8), gap="medium")
with months:
    customers.step(messages.next_step(step, row, language), visit)
    st.subheader(say("customer.months"), anchor=False)
    alt = figures.months_in_words(frames.trend(visit, key), row["currency"], language)
    drawings.show(frames.month_figure(visit, key), key="months", alt=alt, none=say("customer.months.none"))
    offers.of_one(key, messages.name(row, language), visit)
with identity:
    st.subheader(say("customer.who_it_is"), anchor=False)
    cards.facts(messages.facts(row, language))
    lineage.of_row("customers", key, visit)
    customer_outlook.of_one(key, visit)
    contracts.of_one(key, visit)
    persons.consents(key, visit)

kind = customers.kind(visit)
events = frames.timeline(visit, key, kind)
export.heading(say("customer.timeline"), events, f"{messages.name(row, language)} {say('customer.timeline')}", visit)
customers.choose_kind(visit)
screen.show(
    events, visit, key="timeline", alt=say("customer.timeline.alt"), none=say("customer.timeline.none"), rows=14
)
states.note("" if visit.viewer.may("personal_data") else say("customer.timeline.note"))

people = frames.contacts(visit, key)
export.heading(say("customer.contacts"), people, f"{messages.name(row, language)} {say('customer.contacts')}", visit)
screen.show(people, visit, key="contacts", alt=say("customer.contacts.alt"), none=say("customer.contacts.none"))

persons.erase(key, visit)
