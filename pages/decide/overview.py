"""Overview: is the firm on plan, what moved, what is at risk, and what must be decided today."""

import streamlit as st

from answers import metrics
from display.messages import overview as messages
from pages.parts import cards, decisions, drawings, guard, numbers, readings, states

visit = guard.require("overview.read")
say, language = visit.say, visit.language

read = {metric.name: readings.reading(visit, metric.name) for metric in metrics.shown(visit.viewer)}
if all(reading.value is None for reading in read.values()):
    cards.message(say("menu.overview"), messages.caption(read, language))
    states.no_data(language)
    st.stop()
waiting = decisions.found(visit)

cards.message(messages.title(read, waiting, language), messages.caption(read, language))
numbers.row(messages.cards(read, language), visit)

needs, months = st.columns((13, 8), gap="medium")
with needs:
    decisions.listed(waiting, visit)
with months:
    for name in messages.drawn(read):
        numbers.heading(name, visit)
        alt = readings.trend_alternative(visit, name)
        drawings.show(readings.trend(visit, name), key=f"months_{name}", alt=alt, none=say("moved.trend.none"))
