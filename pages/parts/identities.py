"""Deciding on the screen which records are one: a pair side by side, a group and its records, and what was decided."""

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from analytics.access import NotAllowed
from answers import identities as answers
from answers.identities import DecisionRefused
from display.messages import identities as messages
from display.tables import identities as tables
from display.words import say
from pages.parts import owner, states
from pages.parts import tables as screen
from pages.parts.chosen import Choice
from pages.parts.visit import Visit

TOLD = "identities_told"
BETWEEN = " = "


def told(language: str) -> None:
    """What became of the last click, once."""
    if words := st.session_state.pop(TOLD, None):
        (states.note if words == "identities.done" else states.alarm)(say(language, words))


def _do(act: Callable[..., None], *asked: Any) -> None:
    """Keeps what was decided, of who looks now; what came of it is told in the next run."""
    try:
        act(owner.viewer(), *asked)
    except DecisionRefused as refused:
        st.session_state[TOLD] = f"identities.refused.{refused.rule}"
    except NotAllowed:
        return  # the run that follows says so
    else:
        st.session_state[TOLD] = "identities.done"


def doubtful(found: pl.DataFrame, visit: Visit) -> None:
    """The pairs, one of them chosen; both of its records, and the buttons that decide."""
    pairs = found.rows(named=True)
    names = {_key(row): messages.pair(row, visit.language) for row in pairs}
    choice = Choice("pair", list(names))
    choice.table(tables.doubtful(found, visit.language), visit, visit.say("identities.doubtful.alt"))
    st.subheader(visit.say("identities.side"), anchor=False)
    choice.list(names, visit.say("identities.doubtful.choose"))
    _decide(pairs[choice.keys.index(choice.chosen)], visit)


def _key(pair: dict[str, Any]) -> str:
    """Equal for no other pair: a customer, a supplier and a product of one system may have the same key."""
    return f"{pair['entity']} {pair['record_id']}{BETWEEN}{pair['other_id']}"


def _decide(pair: dict[str, Any], visit: Visit) -> None:
    say, language = visit.say, visit.language
    both = tables.side_by_side(pair, language)
    screen.show(both, visit, key="side_by_side", alt=say("identities.side.alt"))
    states.note(messages.evidence(pair, language))
    with st.container(horizontal=True, gap="small", key="verdicts"):
        if pair["verdict"] is not None:
            states.note(say(f"identities.waits.{pair['verdict']}"))
            _button("undo_pair", say("identities.undo"), answers.undo, pair["decision"])
            return
        about = (pair["entity"], pair["record_id"], pair["other_id"])
        _button("same", say("identities.same"), answers.decide, "same", *about, kind="primary")
        _button("apart", say("identities.apart"), answers.decide, "apart", *about)


def _button(key: str, label: str, act: Callable[..., None], *asked: Any, kind: Any = "secondary") -> None:
    st.button(label, key=key, type=kind, on_click=_do, args=(act, *asked))


def joined(found: pl.DataFrame, visit: Visit) -> None:
    """The records that count as one, one of them chosen, and the button that parts it from its group."""
    members = found.rows(named=True)
    names = {f"{row['entity']} {row['record_id']}": messages.member(row, visit.language) for row in members}
    choice = Choice("member", list(names))
    choice.table(tables.joined(found, visit.language), visit, visit.say("identities.joined.alt"))
    member = members[choice.keys.index(choice.chosen)]
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="parting"):
        choice.list(names, visit.say("identities.joined.choose"))
        if member["decision"] is None:
            _button("part", visit.say("identities.part"), answers.part, member["entity"], member["record_id"])
        else:
            _button("undo_part", visit.say("identities.undo"), answers.undo, member["decision"])
            states.note(visit.say("identities.part.waits"))


def decided(found: pl.DataFrame, visit: Visit) -> None:
    """What was decided, one of it chosen, and the button that takes it back."""
    rows = found.rows(named=True)
    names = {str(row["number"]): messages.decision(row, visit.language) for row in rows}
    choice = Choice("decision", list(names))
    shown = tables.decided(found, visit.language, visit.zone)
    choice.table(shown, visit, visit.say("identities.decisions.alt"))
    chosen = rows[choice.keys.index(choice.chosen)]
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="undoing"):
        choice.list(names, visit.say("identities.decisions.choose"))
        if chosen["state"] != "taken_back":
            _button("undo_decision", visit.say("identities.undo"), answers.undo, chosen["number"])
