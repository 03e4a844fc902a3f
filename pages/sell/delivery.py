"""Delivery: when can what a customer asks for leave, how sure is that, why that day, and what else is possible."""

import streamlit as st

from analytics.stock_outs import TRANSFER_DAYS
from display.messages import delivery as messages
from pages.parts import cards, delivery, export, guard, promise_rules, promises, states
from pages.parts import delivery_frames as frames
from pages.parts import tables as screen

visit = guard.require("sales.read")
say, language = visit.say, visit.language
if not frames.names(visit):
    cards.message(say("delivery.title.nothing"), messages.caption(None, None, None, visit.as_of, language))
    states.nothing(say("delivery.title.nothing"), say("delivery.empty.how"), icon="filter_alt_off")
    st.stop()

asked = delivery.asked(visit)
answer = frames.promised(visit, asked)
cards.message(
    messages.title(answer.lines, answer.first_on, answer.last_on, answer.as_of, language, answer.arrives_on),
    messages.caption(answer.first_on, answer.last_on, answer.confidence, answer.as_of, language)
    if answer.arrives_on is None
    else messages.arrival(answer.last_on, answer.arrives_sure, answer.as_of, language),
)
delivery.question(asked, answer, visit)
if asked.wishes:
    delivery.dates(asked, answer, visit)
    delivery.waits(asked, visit)
    delivery.others(asked, visit)
    states.note(say("delivery.others.note", days=TRANSFER_DAYS))
    delivery.lanes(asked, answer, visit)
    delivery.letter(asked, answer, visit)
    promises.saying(asked, answer, visit)

free = frames.free(visit, asked.wishes)
export.heading(say("delivery.free"), free, f"{say('menu.delivery')} {say('delivery.free')}", visit)
screen.show(free, visit, key="free", alt=say("delivery.free.alt"), none=say("delivery.free.none"), rows=12)
states.note(say("delivery.note"))
promises.register(visit)
promises.kept(asked, visit)
promise_rules.section(visit)
