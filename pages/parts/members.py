"""The chosen dimension and member: who and what a number is looked at by. Both stand in the address, as codes."""

import streamlit as st

from analytics.metrics import DIMENSIONS, METRICS
from answers.asked import Member, knows
from display.tables.metrics import unknown
from pages.parts import address, numbers, readings
from pages.parts.visit import Visit

CHOSEN = "choose_member"
NOBODY = ""


def _known(metric: str) -> list[str]:
    return list(knows(METRICS[metric]))


def dimension(metric: str) -> str:
    """The dimension in the address; the first that the number is known by where there is none."""
    known = _known(metric)
    return address.code(numbers.DIMENSION, known, known[0])


def choose_dimension(visit: Visit, metric: str) -> None:
    """The choice of a dimension, bound to the address."""
    known = _known(metric)
    address.choice(
        numbers.DIMENSION,
        st.segmented_control,
        visit.say("moved.by"),
        known,
        known[0],
        format_func=lambda name: visit.say(f"dimension.{name}"),
        required=True,
        label_visibility="collapsed",
    )


def choose(visit: Visit, metric: str, dimension: str) -> str:
    """The choice of a member, the one that contributed most first; its key, empty where nobody knows it."""
    found = readings.contributions_named(visit, metric, dimension)
    names = dict(zip([key or NOBODY for key in found["key"].to_list()], found["member"].to_list(), strict=True))
    if not names:
        return NOBODY
    shown = st.selectbox(visit.say("moved.choose"), list(names), key=CHOSEN, format_func=names.__getitem__)
    return str(shown)


def in_address() -> Member | None:
    """The member in the address, if it names a dimension that the number is known by."""
    by = address.code(numbers.DIMENSION, DIMENSIONS, NOBODY)
    if not by or numbers.MEMBER not in st.query_params:
        return None
    return Member(dimension=by, key=st.query_params[numbers.MEMBER] or None)


def called(visit: Visit, metric: str, member: Member | None) -> str:
    """What the member is called, with its dimension; empty without one."""
    if member is None:
        return ""
    name = readings.member_name(visit, metric, member) or unknown(member.dimension, visit.language)
    return visit.say("evidence.member", dimension=visit.say(f"dimension.{member.dimension}"), name=name)


def everything(visit: Visit, metric: str, member: Member | None) -> None:
    """A link to all rows of the number, where only those of a member are shown."""
    if member is not None:
        numbers.rows_link(metric, None, visit.say("evidence.all"))
