"""The firm's rules of promising: which hold, saying one, and taking one back."""

import streamlit as st

from analytics.access import NotAllowed
from analytics.promise_rules import KINDS, Rule
from answers import promise_rules as answers
from answers.promise_rules import RIGHT, RuleRefused
from display.words import marked
from pages.parts import export, owner, states, tables
from pages.parts import promise_rule_frames as frames
from pages.parts.visit import Visit

KIND, ABOUT, KEY, OTHER, VALUE = "rule_kind", "rule_about", "rule_key", "rule_other", "rule_value"
GONE, OUTCOME = "rule_gone", "rule_outcome"
LONGEST = 120
NAMED_VALUES = ("serving",)
VALUED = ("cut_off", "holidays", "transfer")


def section(visit: Visit) -> None:
    """The rules that stand; for who may, the way to say one and to take one back."""
    say, shown = visit.say, frames.registered(visit)
    export.heading(say("promise_rules.title"), shown, f"{say('menu.delivery')} {say('promise_rules.title')}", visit)
    told = st.session_state.pop(OUTCOME, None)
    if told:
        st.markdown(marked(told))
    tables.show(shown, visit, key="promise_rules", alt=say("promise_rules.alt"), none=say("promise_rules.none"), rows=8)
    if visit.viewer.may(RIGHT):
        _form(visit)
        _withdrawing(visit)
    states.note(say("promise_rules.note"))


def _form(visit: Visit) -> None:
    say = visit.say
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="ruling"):
        kind = st.selectbox(
            say("promise_rules.kind"),
            list(KINDS),
            key=KIND,
            format_func=lambda name: say(f"promise_rules.kind.{name}"),
            width=190,
        )
        abouts, other, choices = KINDS[kind]
        if len(abouts) > 1:
            st.selectbox(
                say("promise_rules.about"),
                abouts,
                key=f"{ABOUT}_{kind}",
                format_func=lambda name: say(f"promise_rules.about.{name}"),
                width=130,
            )
        if abouts:
            own = "product" if abouts == ("product",) else kind if kind == "transfer" else ""
            st.text_input(
                say(f"promise_rules.key.{own}" if own else "promise_rules.key"), key=KEY, max_chars=LONGEST, width=220
            )
        if other:
            st.text_input(say(f"promise_rules.other.{kind}"), key=OTHER, max_chars=LONGEST, width=220)
        if choices:
            named = (lambda name: say(f"promise_rules.value.{name}")) if kind in NAMED_VALUES else str
            st.selectbox(say("promise_rules.value"), choices, key=f"{VALUE}_{kind}", format_func=named, width=190)
        elif kind in VALUED:
            st.text_input(say(f"promise_rules.value.{kind}"), key=f"{VALUE}_{kind}", max_chars=LONGEST, width=160)
        st.button(say("promise_rules.say"), key="say_rule", on_click=_say, args=(kind, visit))


def _say(kind: str, visit: Visit) -> None:
    """Keeps what stands in the form."""
    state = st.session_state
    abouts, other, _ = KINDS[kind]
    about = str(state.get(f"{ABOUT}_{kind}") or (abouts[0] if abouts else ""))
    key = str(state.get(KEY) or "") if abouts else ""
    second = str(state.get(OTHER) or "") if other else ""
    rule = Rule(kind, about, key, second, str(state.get(f"{VALUE}_{kind}") or ""))
    try:
        number = answers.say(owner.viewer(), rule, version=visit.version)
    except RuleRefused as refused:
        state[OUTCOME] = visit.say(f"promise_rules.refused.{refused.rule}", what=refused.what)
    except NotAllowed:
        return  # the run that follows says so
    else:
        state[OUTCOME] = visit.say("promise_rules.said", number=number)
        for name in (KEY, OTHER):
            if name in state:
                state[name] = ""


def _withdrawing(visit: Visit) -> None:
    """The choice of a rule that stands, and the way to take it back."""
    numbers = frames.register(visit)["number"].sort().to_list()
    if numbers:
        say = visit.say
        if st.session_state.get(GONE) not in numbers:
            st.session_state.pop(GONE, None)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="withdrawing_rules"):
            st.selectbox(say("promise_rules.withdraw.which"), numbers, key=GONE, width=130)
            st.button(say("promise_rules.withdraw"), key="withdraw_rule", on_click=_withdraw, args=(visit,))


def _withdraw(visit: Visit) -> None:
    number = int(st.session_state.get(GONE) or 0)
    try:
        answers.withdraw(owner.viewer(), number, version=visit.version)
        st.session_state[OUTCOME] = visit.say("promise_rules.withdrawn", number=number)
    except RuleRefused as refused:
        st.session_state[OUTCOME] = visit.say(f"promise_rules.refused.{refused.rule}", what=refused.what)
    except NotAllowed:
        return  # the run that follows says so
