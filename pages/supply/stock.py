"""Stock value and age: what the stock is worth, how old it is, and what of it lies dead or is more than is needed."""

import streamlit as st

from analytics.valuation import BASES
from answers import stock
from display.figures import stock as figures
from display.messages import stock as messages
from pages.parts import address, cards, drawings, export, guard, scope, states
from pages.parts import stock_frames as frames
from pages.parts import tables as screen

visit = guard.require("inventory.read")
say, language = visit.say, visit.language
basis = address.code("basis", BASES, BASES[0])
positions, ages = frames.positions(visit, basis), frames.ages(visit, basis)
sees_money = messages.sees_money(positions)

cards.message(messages.title(positions, language), messages.caption(positions, visit.as_of, basis, language))
if positions.is_empty():
    states.empty_scope(language)
    st.stop()
if sees_money:
    address.choice(
        "basis",
        st.segmented_control,
        say("stock.basis"),
        BASES,
        BASES[0],
        format_func=lambda name: say(f"stock.basis.{name}"),
        required=True,
        label_visibility="collapsed",
    )
cards.row(messages.cards(positions, ages, language))

aged, classed = st.columns(2, gap="medium")
with aged:
    st.subheader(say("stock.ages"), anchor=False)
    alt = figures.ages_in_words(stock.by_age(ages), language)
    drawings.show(frames.age_figure(visit, basis), key="ages", alt=alt, none=say("stock.ages.none"))
    states.note(messages.below_zero(ages, language))
with classed:
    classes = frames.classes(visit, basis)
    export.heading(say("stock.matrix"), classes, f"{say('menu.stock')} {say('stock.matrix')}", visit)
    alt = figures.matrix_in_words(stock.matrix(positions), language)
    drawings.show(frames.class_figure(visit, basis), key="matrix", alt=alt)
    states.note(messages.outside_matrix(positions, language))

tied, heading = frames.tied_up(visit, basis), say("stock.ranked" if sees_money else "stock.ranked.no_costs")
export.heading(heading, tied, f"{say('menu.stock')} {heading}", visit)
screen.show(tied, visit, key="tied_up", alt=say("stock.ranked.alt"), none=say("stock.ranked.none"), rows=12)

st.subheader(say("stock.groups"), anchor=False)
grouping = scope.grouping(language)
what, groups = say(f"grouping.{grouping}"), frames.holdings(visit, basis, grouping)
screen.show(groups, visit, key="holdings", alt=say("stock.groups.alt", grouping=what))
export.buttons(groups, f"{say('menu.stock')} {what}", visit)

if sees_money:
    valued = frames.bases(visit, basis)
    export.heading(say("stock.bases"), valued, f"{say('menu.stock')} {say('stock.bases')}", visit)
    screen.show(valued, visit, key="bases", alt=say("stock.bases.alt"))
    states.note(say("stock.bases.note"))
