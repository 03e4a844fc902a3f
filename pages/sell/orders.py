"""Orders: which are late and why, where each is on its way to the money, and how long each step takes."""

import streamlit as st

from display.figures import orders as figures
from display.messages import orders as messages
from pages.parts import cards, cycle_change, drawings, export, guard, lineage, order_plans, orders, states
from pages.parts import order_frames as frames
from pages.parts import tables as screen

visit = guard.require("sales.read")
say, language = visit.say, visit.language
known = frames.open_orders(visit)

cards.message(messages.title(known, language), messages.caption(visit.as_of, language))
steps = frames.steps(visit)
if known.is_empty() and not steps["orders"].sum():
    states.nothing(say("orders.title.nothing"), say("orders.empty.how"), icon="filter_alt_off")
    st.stop()
cards.row(messages.cards(known, steps, frames.on_time(visit), visit.as_of, language))

flow, times = st.columns(2, gap="medium")
with flow:
    st.subheader(say("orders.flow"), anchor=False)
    drawings.show(frames.flow(visit), key="flow", alt=frames.flow_alternative(visit))
    states.note(say("orders.flow.note"))
with times:
    taken = frames.steps_shown(visit)
    export.heading(say("orders.steps"), taken, f"{say('menu.orders')} {say('orders.steps')}", visit)
    screen.show(taken, visit, key="order_steps", alt=say("orders.steps.alt"))
    states.note(say("orders.steps.note"))

listed = frames.listed_shown(visit, orders.which(visit), orders.text())
export.heading(say("orders.list"), listed, say("menu.orders"), visit)
orders.narrow(visit)
order = orders.table(visit)

if order is not None:
    st.subheader(say("orders.timeline"), anchor=False)
    orders.choose(order, visit)
    drawing, facts = st.columns((13, 7), gap="medium")
    with drawing:
        drawings.show(
            frames.way(visit, order["sales_order_id"]),
            key="way",
            alt=figures.way_in_words(order, visit.as_of, language),
        )
    with facts:
        cards.facts(messages.facts(order, language))
        lineage.of_row("sales_orders", order["sales_order_id"], visit)
    lines = frames.lines(visit, order["sales_order_id"])
    export.heading(say("orders.lines"), lines, f"{say('orders.lines')} {order['document'] or ''}", visit)
    screen.show(lines, visit, key="order_lines", alt=say("orders.lines.alt"))
    order_plans.of_order(visit, order["sales_order_id"], order["document"] or "")

order_plans.section(visit)

trend, spread = st.columns(2, gap="medium")
with trend:
    st.subheader(say("orders.cycle"), anchor=False)
    drawings.show(frames.cycle(visit), key="cycle", alt=frames.cycle_alternative(visit), none=say("orders.cycle.none"))
with spread:
    st.subheader(say("orders.spread"), anchor=False)
    alt = frames.spread_alternative(visit)
    drawings.show(frames.spread(visit), key="spread", alt=alt, none=say("orders.spread.none"))

cycle_change.section(visit)
