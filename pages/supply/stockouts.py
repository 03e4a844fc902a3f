"""Stock-outs: what runs out where, how likely and when, what that costs, whom it hits, and by when one must order."""

import streamlit as st

from display.figures import stock_outs as figures
from display.messages import stock_outs as messages
from pages.parts import cards, drawings, export, guard, materials, scope, states, stock_outs
from pages.parts import stock_out_frames as frames
from pages.parts import tables as screen

visit = guard.require("inventory.read")
say, language = visit.say, visit.language
risks, listed = frames.risks(visit), frames.listed(visit)

cards.message(messages.title(risks, language), messages.caption(risks, frames.silent(visit), visit.as_of, language))
if risks.is_empty():
    states.nothing(say("stockouts.empty"), say("stockouts.empty.how"), icon="inventory_2")
    st.stop()
cards.row(messages.cards(risks, frames.hit(visit), language))

ranked, heading = frames.ranked(visit), messages.heading(risks, language)
keys, known = stock_outs.keys_of(listed), stock_outs.keys_of(risks)
chosen = stock_outs.current(keys, known)
stock_outs.not_judged(known, visit)
export.heading(heading, ranked, say("menu.stockouts"), visit)
stock_outs.table(ranked, keys, chosen, visit)

names = frames.names(visit, chosen)
with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute", key="risk_heading"):
    st.subheader(say("stockouts.detail"), anchor=False, width="content")
    stock_outs.choose(names, chosen, say("stockouts.choose"))
risk, receipts, course = frames.risk(visit, chosen), frames.receipts(visit, chosen), frames.course(visit, chosen)
drawing, facts = st.columns((13, 8), gap="medium")
with drawing:
    st.caption(say("stockouts.chance"))
    alt = figures.chance_in_words(names[chosen], risk, language)
    drawings.show(frames.chance_figure(visit, chosen), key="chance", alt=alt)
    st.caption(say("stockouts.course"))
    alt = figures.course_in_words(names[chosen], course, language)
    drawings.show(frames.course_figure(visit, chosen), key="course", alt=alt)
with facts:
    cards.facts(messages.facts(risk, receipts, language))
states.note(messages.sure(frames.grounds(visit, chosen), language))

orders, covers = frames.orders(visit, chosen), frames.covers(visit, chosen)
export.heading(say("stockouts.orders"), orders, f"{say('stockouts.orders')} {names[chosen]}", visit)
screen.show(orders, visit, key="hit_orders", alt=say("stockouts.orders.alt"), none=say("stockouts.orders.none"))
export.heading(say("stockouts.covers"), covers, f"{say('stockouts.covers')} {names[chosen]}", visit)
screen.show(covers, visit, key="covers", alt=say("stockouts.covers.alt"), none=say("stockouts.covers.none"))

materials.section(visit)

st.subheader(say("stockouts.groups"), anchor=False)
grouping = scope.grouping(language)
what, groups = say(f"grouping.{grouping}"), frames.groups(visit, grouping)
screen.show(groups, visit, key="risk_groups", alt=say("stockouts.groups.alt", grouping=what))
export.buttons(groups, f"{say('menu.stockouts')} {what}", visit)
states.note(say("stockouts.groups.note"))
