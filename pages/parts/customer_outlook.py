"""Where customers stand in their life as customers, what they will likely buy, and how well that is told."""

import streamlit as st

from analytics.life_cycle import STAGES
from display.figures import customer_outlook as figures
from display.messages import customer_outlook as messages
from display.words import marked
from pages.parts import address, cards, customers, drawings, export, narrowing, states, tables
from pages.parts import customer_outlook_frames as frames
from pages.parts.customer_frames import ALL
from pages.parts.visit import Visit

STAGE, TABLE = "stage", "outlook"
TOLD = tuple(stage for stage in STAGES if stage != "prospect")


def life_cycle(visit: Visit) -> None:
    """The stages of all customers, and how many come back."""
    say, stages = visit.say, frames.stages(visit)
    export.heading(say("life.heading"), stages, f"{say('menu.customers')} {say('life.heading')}", visit)
    states.alarm(messages.gathered(frames.gathered(visit), visit.language))
    table, cohorts = st.columns((11, 10), gap="medium")
    with table:
        keys = frames.stage_keys(visit)
        narrowing.drill(stages, keys, customers.OF_STAGE, visit, key="stages", alt=say("life.stages.alt"))
        states.note(say("life.stages.note"))
    with cohorts:
        alt = figures.cohorts_in_words(frames.cohorts(visit), visit.language)
        drawings.show(frames.cohort_figure(visit), key="cohorts", alt=alt, none=say("life.cohorts.none"))
        if frames.cohort_figure(visit) is not None:
            states.note(say("life.cohorts"))
        states.note(messages.repeat_rate(frames.repeat_rate(visit), visit.language))


def ahead(visit: Visit) -> None:
    """What each customer will likely buy, the most revenue at risk first, and how well that was told before."""
    say, stage = visit.say, address.code(STAGE, TOLD, ALL)
    if not frames.is_known():
        st.subheader(say("outlook.heading"), anchor=False)
        states.note(say("outlook.waiting"))
        return
    shown, keys = frames.outlook(visit, stage), frames.keys(visit, stage)
    export.heading(say("outlook.heading"), shown, say("outlook.heading"), visit)
    _choose_stage(visit)
    if keys:
        customers.choose_of(shown, keys, visit, key=TABLE, alt=say("outlook.alt"))
        states.note(say("outlook.order"))
    else:
        states.note(say("outlook.none"))
    _checked(visit)


def _choose_stage(visit: Visit) -> None:
    address.choice(
        STAGE,
        st.selectbox,
        visit.say("outlook.stage"),
        [ALL, *TOLD],
        ALL,
        format_func=lambda name: visit.say("outlook.stage.all" if name == ALL else f"stage.{name}"),
        label_visibility="collapsed",
        width=240,
    )


def _checked(visit: Visit) -> None:
    if not visit.sees_all_customers:
        return
    reliability = frames.reliability(visit)
    states.note(messages.checked(reliability, visit.language))
    if reliability.height:
        shown = frames.reliability_shown(visit)
        with st.expander(visit.say("outlook.reliability"), key="reliability_of_outlook"):
            tables.show(shown, visit, key="reliability", alt=visit.say("outlook.reliability.alt"))
            export.buttons(shown, visit.say("outlook.reliability"), visit)


def of_one(customer_id: str, visit: Visit) -> None:
    """What one customer will likely buy, and what raises the chance that it does not."""
    row = frames.customer(visit, customer_id)
    st.subheader(visit.say("outlook.title"), anchor=False)
    cards.facts(messages.facts(row, visit.language))
    if not frames.is_known():
        states.note(visit.say("outlook.waiting"))
    sentences = messages.why(row, visit.language)
    if sentences:
        st.caption(f"**{marked(visit.say('outlook.why'))}**")
        st.markdown("\n".join(f"- {marked(sentence)}" for sentence in sentences))
