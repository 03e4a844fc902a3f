"""What is planned for open orders: line by line, or as shipments."""

import streamlit as st

from pages.parts import address, export, states, tables
from pages.parts import order_plan_frames as frames
from pages.parts.visit import Visit

SHOW, WAYS = "plan", ("lines", "shipments")


def _may(visit: Visit) -> bool:
    return all(visit.viewer.may(right) for right in frames.RIGHTS)


def of_order(visit: Visit, order_id: str, called: str) -> None:
    """What is planned for one order; nothing where nothing of it has to leave, and for who may not see stock."""
    if not _may(visit):
        return
    say, shown = visit.say, frames.of_order(visit, order_id)
    if not shown.frame.is_empty():
        export.heading(say("order_plans.one"), shown, f"{say('order_plans.one')} {called}".strip(), visit)
        tables.show(shown, visit, key="order_plan", alt=say("order_plans.alt"), none=say("order_plans.none"))


def section(visit: Visit) -> None:
    """What is planned for all open orders; nothing for who may not see stock."""
    if not _may(visit):
        return
    say, way = visit.say, address.code(SHOW, WAYS, WAYS[0])
    shown = frames.plans(visit) if way == WAYS[0] else frames.shipments(visit)
    export.heading(say("order_plans.title"), shown, f"{say('menu.orders')} {say('order_plans.title')}", visit)
    address.choice(
        SHOW,
        st.segmented_control,
        say("order_plans.show"),
        WAYS,
        WAYS[0],
        format_func=lambda name: say(f"order_plans.show.{name}"),
        required=True,
        label_visibility="collapsed",
    )
    none = say("order_plans.none" if frames.is_made() else "order_plans.none.study")
    alt = say("order_plans.alt" if way == WAYS[0] else "order_shipments.alt")
    tables.show(shown, visit, key=f"order_{way}_planned", alt=alt, none=none, rows=10)
    states.note(say("order_plans.note"))
