"""Customers that order at an equal interval, and what segments buy and cost, on the screens of customers."""

import streamlit as st

from display.messages import contracts as messages
from pages.parts import cards, customers, export, states, tables
from pages.parts import contract_frames as frames
from pages.parts.customer_outlook_frames import is_known
from pages.parts.visit import Visit


def profiles(visit: Visit) -> None:
    """What each segment buys, where it is heard, and what serving it costs."""
    say, shown, rows = visit.say, frames.profiles_shown(visit), frames.profiles(visit)
    export.heading(say("profiles.heading"), shown, f"{say('menu.customers')} {say('profiles.heading')}", visit)
    tables.show(shown, visit, key="profiles", alt=say("profiles.alt"), none=say("profiles.none"))
    states.note(messages.rates(rows["currency"][0] if rows.height else None, visit.language))
    _clusters(visit)


def _clusters(visit: Visit) -> None:
    """The groups that customers form by themselves, where they are stable; else how far they are from it."""
    say, shown = visit.say, frames.clusters(visit)
    if not shown.frame.is_empty():
        export.heading(say("clusters.heading"), shown, f"{say('menu.customers')} {say('clusters.heading')}", visit)
        tables.show(shown, visit, key="clusters", alt=say("clusters.alt"))
    states.note(messages.clusters(frames.clusters_check(visit), visit.language))


def listed(visit: Visit) -> None:
    """Who orders at an equal interval, how likely each goes on, and how well that was told."""
    say = visit.say
    if not is_known():
        return
    shown, keys = frames.contracts(visit), frames.keys(visit)
    export.heading(say("contracts.heading"), shown, say("contracts.heading"), visit)
    if not keys:
        states.note(say("contracts.none"))
        return
    customers.choose_of(shown, keys, visit, key="contracts", alt=say("contracts.alt"))
    states.note(say("contracts.note"))
    if visit.sees_all_customers:
        states.note(messages.checked(frames.check(visit), visit.language))
    if frames.check(visit).height:
        checked = frames.check_shown(visit)
        with st.expander(say("contracts.reliability"), key="reliability_of_contracts"):
            tables.show(checked, visit, key="contracts_check", alt=say("contracts.reliability.alt"))
            export.buttons(checked, say("contracts.reliability"), visit)


def of_one(customer_id: str, visit: Visit) -> None:
    """How one customer orders at an interval, where it does."""
    row = frames.contract(visit, customer_id)
    if row is not None:
        st.subheader(visit.say("contracts.title"), anchor=False)
        cards.facts(messages.facts(row, visit.as_of, visit.language))
