"""Inventory against demand: which items run out before help arrives, what that is worth, and what covers them."""

import streamlit as st

from display.figures import inventory as figures
from display.messages import inventory as messages
from pages.parts import cards, drawings, export, frames, guard, items, lineage, scope, states, stock_frames
from pages.parts import tables as screen

visit = guard.require("inventory.read")
say, language = visit.say, visit.language
outlook = frames.outlook(visit)

cards.message(messages.title(outlook, language), messages.caption(outlook, visit.as_of, visit.scope, language))
if outlook.is_empty():
    states.empty_scope(language)
    st.stop()
cards.row(messages.cards(outlook, visit.scope.horizon_days, language))

ranked = frames.ranked(visit)
export.heading(say("inventory.ranked"), ranked, say("menu.inventory"), visit)
page = items.of_page(outlook.height)
names = dict(zip(outlook["product_id"][page], ranked.frame["item"][page], strict=True))
chosen = items.current(list(names))
items.table(ranked, list(names), visit)

item = frames.item(visit, chosen)
with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute", key="item_heading"):
    st.subheader(say("inventory.detail"), anchor=False, width="content")
    items.choose(names, say("inventory.choose"))
drawing, facts = st.columns((13, 7), gap="medium")
with drawing:
    alt = figures.alternative(names[chosen], item, visit.as_of, visit.scope, language)
    drawings.show(frames.projected_stock(visit, chosen), key="projected_stock", alt=alt)
with facts:
    cards.facts(messages.facts(item, language))
    lineage.of_row("products", chosen, visit)

sites = stock_frames.by_site(visit, chosen)
if sites.frame.height > 1:
    export.heading(say("inventory.by_site"), sites, f"{say('inventory.by_site')} {names[chosen]}", visit)
    screen.show(sites, visit, key="by_site", alt=say("inventory.by_site.alt"))
    states.note(say("inventory.by_site.note"))

events = frames.due(visit, chosen)
export.heading(say("inventory.events"), events, f"{say('menu.inventory')} {names[chosen]}", visit)
screen.show(events, visit, key="events", alt=say("inventory.events.alt"), none=say("inventory.events.none"))

st.subheader(say("inventory.groups"), anchor=False)
grouping = scope.grouping(language)
by, what = visit.by(grouping), say(f"grouping.{grouping}")
groups = frames.grouped(by)
bars, table = st.columns((5, 8), gap="medium")
with bars:
    figure = frames.at_stake_by_group(by)
    drawings.show(
        figure, key="at_stake", alt=say("inventory.groups.alt", grouping=what), none=say("inventory.groups.none")
    )
with table:
    screen.show(groups, by, key="groups", alt=say("inventory.groups.table.alt", grouping=what))
    export.buttons(groups, f"{say('menu.inventory')} {what}", by)
    states.note(say("inventory.groups.apart") if grouping in scope.APART else "")
