"""Reports: the answers to take away, made beside the visitors, within the rights of who asks."""

import streamlit as st

from display.numbers import day
from pages.parts import cards, frames, guard, report_choices, states, subscriptions
from reports.catalogue import offered

visit = guard.require("overview.read")

cards.message(visit.say("reports.title"), visit.say("reports.caption", day=day(visit.as_of, visit.language)))
if frames.choices(visit.version, visit.viewer)["companies"].is_empty():
    states.no_data(visit.language)
    st.stop()
order = report_choices.choose(offered(visit.viewer), visit)
if order is not None:
    report_choices.make(order, visit)
subscriptions.section(order, visit)
