"""Service and voice: how fast tickets are answered, what surveys say, what customers talk about, and what rises."""

import streamlit as st

from display.messages import service as messages
from pages.parts import cards, export, guard, service, states
from pages.parts import service_frames as frames
from pages.parts import tables as screen

visit = guard.require("service.read")
say, language = visit.say, visit.language
tickets, topics, surveys = frames.tickets(visit), frames.topics(visit), frames.surveys(visit)
if tickets.is_empty() and topics.is_empty() and surveys.is_empty():
    cards.message(say("service.title.nothing"), messages.caption(visit.as_of, language, has_hours=True))
    states.nothing(say("service.title.nothing"), say("service.empty.how"), icon="filter_alt_off")
    st.stop()

caption = messages.caption(visit.as_of, language, has_hours=frames.has_hours(visit))
cards.message(messages.title(tickets, frames.waves(visit), language), caption)
cards.row(messages.cards(tickets, surveys, visit.as_of, language))

if frames.is_known():
    service.waves(visit)
    service.topics(visit)
    service.said(visit)
else:
    st.subheader(say("service.topics"), anchor=False)
    states.note(say("service.waiting"))

service.answers(visit)

months, channels = frames.months(visit), frames.channels(visit)
left, right = st.columns(2, gap="medium")
with left:
    export.heading(say("service.months"), months, f"{say('menu.service')} {say('service.months')}", visit)
    screen.show(months, visit, key="ticket_months", alt=say("service.months.alt"), rows=12)
with right:
    export.heading(say("service.channels"), channels, f"{say('menu.service')} {say('service.channels')}", visit)
    screen.show(channels, visit, key="ticket_channels", alt=say("service.channels.alt"), none=say("none"))
    states.note(say("service.reopened"))
