"""Inventory against demand: which items run out before help arrives, what that is worth, and what covers them."""

import functools

import streamlit as st

from display.figures import inventory as figures
from display.messages import inventory as messages
from display.tables import inventory as tables
from display.theme import CONFIG
from pages.parts import address, cards, export, frames, guard, items, scope, states
from pages.parts import tables as screen

visit = guard.require("inventory.read")
say, language = visit.say, visit.language
outlook = frames.outlook(visit)

st.title(messages.title(outlook, language), anchor=False)
st.caption(messages.caption(outlook, visit.as_of, visit.scope, language))
if outlook.is_empty():
    states.empty_scope(language)
    st.stop()

cards.row(messages.cards(outlook, visit.scope.horizon_days, language))

ranked = tables.outlook(outlook, language)
keys = outlook.get_column("product_id").to_list()
chosen = items.current(keys)
export.heading(say("inventory.ranked"), ranked, say("menu.inventory"), visit)
chosen_in_table = functools.partial(items.from_table, keys)
screen.choose(ranked, visit, key=items.TABLE, alt=say("inventory.ranked.alt"), on_select=chosen_in_table)

item = outlook.row(keys.index(chosen), named=True)
names = dict(zip(keys, ranked.frame.get_column("item"), strict=True))
with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute", key="item_heading"):
    st.subheader(say("inventory.detail"), anchor=False, width="content")
    items.choose(names, say("inventory.choose"))
drawing, facts = st.columns((13, 7), gap="medium")
with drawing:
    figure = frames.projected_stock(visit, chosen)
    alt = figures.alternative(names[chosen], item, visit.as_of, visit.scope, language)
    st.plotly_chart(figure, theme=None, config=CONFIG, key="projected_stock", alt=alt)
with facts:
    cards.facts(messages.facts(item, language))

events = tables.events(frames.events(visit, chosen), language)
export.heading(say("inventory.events"), events, f"{say('menu.inventory')} {names[chosen]}", visit)
screen.show(events, visit, key="events", alt=say("inventory.events.alt"), none=say("inventory.events.none"))

grouping = address.code("group", scope.GROUPINGS, "category")
by = visit.by(grouping)
groups = tables.groups(frames.groups(by), grouping, language)
export.heading(say("inventory.groups"), groups, f"{say('menu.inventory')} {say(f'grouping.{grouping}')}", by)
scope.grouping(language)
bars, table = st.columns((5, 8), gap="medium")
with bars:
    shown = frames.at_stake_by_group(by)
    if shown is None:
        states.missing(say("inventory.groups.none"))
    else:
        alt = say("inventory.groups.alt", grouping=say(f"grouping.{grouping}"))
        st.plotly_chart(shown, theme=None, config=CONFIG, key="at_stake_by_group", alt=alt)
with table:
    screen.show(groups, by, key="groups", alt=alt if shown else say("inventory.groups"))
