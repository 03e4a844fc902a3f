"""Figures that people put beside the forecast of an item: giving one, withdrawing it, and all that were given."""

import streamlit as st

from analytics.access import NotAllowed
from answers import overrides as answers
from answers.overrides import BY, LARGEST, LONGEST_REASON, RIGHT, SPANS, Figure, OverrideRefused
from display.messages import overrides as messages
from display.words import marked
from pages.parts import address, export, owner, states, tables
from pages.parts import demand_frames as demand
from pages.parts import override_frames as frames
from pages.parts.visit import Visit

QUANTITY, DAYS, REASON, OUTCOME = "own_figure", "own_days", "own_reason", "own_outcome"
LOOK = {"required": True, "label_visibility": "collapsed"}


def section(visit: Visit, item: str, called: str) -> None:
    """What people expect of an item or of all: the way to say it, and what was said."""
    say, shown = visit.say, frames.registered(visit, item)
    export.heading(say("overrides.title"), shown, f"{say('overrides.title')} {called}".strip(), visit)
    told = st.session_state.pop(OUTCOME, None)
    if told:
        st.markdown(marked(told))
    if item:
        for sentence in messages.standing(frames.standing(visit, item), visit.language):
            states.note(sentence)
        _form(visit, item)
    none = say("overrides.register.none")
    tables.show(shown, visit, key="override_register", alt=say("overrides.register.alt"), none=none, rows=8)
    if item:
        _withdrawing(visit, item)


def _form(visit: Visit, item: str) -> None:
    if not visit.viewer.may(RIGHT):
        return
    say, unit = visit.say, demand.measure(visit, item).unit
    label = say("overrides.figure", unit=unit) if unit else say("overrides.figure.no_unit")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="giving"):
        st.number_input(
            label, min_value=0.0, max_value=LARGEST, value=None, step=1.0, format="%g", key=QUANTITY, width=170
        )
        st.segmented_control(
            say("overrides.days"),
            SPANS,
            default=SPANS[0],
            key=DAYS,
            format_func=lambda days: say(f"overrides.days.{days}"),
            required=True,
        )
        st.text_input(
            say("overrides.reason"),
            key=REASON,
            max_chars=LONGEST_REASON,
            placeholder=say("overrides.reason.example"),
            width=360,
        )
        st.button(say("overrides.give"), key="give_figure", on_click=_give, args=(item, visit))
    states.note(say("overrides.note"))


def _give(item: str, visit: Visit) -> None:
    given = st.session_state.get(QUANTITY)
    days, reason = int(st.session_state.get(DAYS) or SPANS[0]), str(st.session_state.get(REASON) or "")
    quantity = float("nan") if given is None else float(given)
    try:
        figure = Figure(product_id=item, days=days, quantity=quantity, reason=reason)
        number = answers.give(owner.viewer(), visit.scope, figure, version=visit.version)
    except OverrideRefused as refused:
        st.session_state[OUTCOME] = visit.say(f"overrides.refused.{refused.rule}")
    except NotAllowed:
        return  # the run that follows says so
    else:
        st.session_state[OUTCOME] = visit.say("overrides.given", number=number)
        st.session_state[QUANTITY], st.session_state[REASON] = None, ""


def _withdrawing(visit: Visit, item: str) -> None:
    """A button for each figure that stands and is the viewer's to take back."""
    if not visit.viewer.may(RIGHT):
        return
    is_owner = visit.viewer.role == "owner"
    rows = frames.register(visit, item).select("number", "state", "person").iter_rows()
    mine = [number for number, state, person in rows if state == "stands" and (is_owner or person == visit.viewer.user)]
    if mine:
        with st.container(horizontal=True, gap="small", key="withdrawing"):
            for number in mine:
                label = visit.say("overrides.withdraw", number=number)
                st.button(label, key=f"withdraw_{number}", on_click=_withdraw, args=(number, visit))


def _withdraw(number: int, visit: Visit) -> None:
    try:
        answers.withdraw(owner.viewer(), visit.scope, number, version=visit.version)
        st.session_state[OUTCOME] = visit.say("overrides.withdrawn", number=number)
    except OverrideRefused as refused:
        st.session_state[OUTCOME] = visit.say(f"overrides.refused.{refused.rule}")
    except NotAllowed:
        return  # the run that follows says so


def added(visit: Visit) -> None:
    """Whether figures of people were nearer than the forecast, by person or by item."""
    say, by = visit.say, address.code("figures_by", BY, BY[0])
    shown = frames.added(visit, by)
    export.heading(say("accuracy.added"), shown, f"{say('menu.accuracy')} {say('accuracy.added')}", visit)
    if shown.frame.height:
        address.choice(
            "figures_by",
            st.segmented_control,
            say("accuracy.added.by"),
            BY,
            BY[0],
            format_func=lambda code: say(f"accuracy.added.by.{code}"),
            **LOOK,
        )
    tables.show(shown, visit, key="value_added", alt=say("accuracy.added.alt"), none=say("accuracy.added.none"))
    states.note(say("accuracy.added.note"))
