"""Needs a decision, on the screen: each line with its money, its evidence, and who should act."""

from typing import Any

import polars as pl
import streamlit as st

from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import Snapshot
from answers.decisions import decisions
from display.messages import decisions as messages
from display.numbers import money
from display.tables import Shown
from display.tables import decisions as tables
from display.words import marked
from pages.parts import address, export, menu, states
from pages.parts import tables as screen
from pages.parts.cache import cached
from pages.parts.visit import Visit

FIRST = 7


@cached
def _found(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return decisions(viewer, scope, version=version)


@cached
def _shown(version: Snapshot, viewer: Viewer, scope: Scope, language: str) -> Shown:
    return tables.decisions(_found(version, viewer, scope), language)


def found(visit: Visit) -> pl.DataFrame:
    """One row per thing to decide, the most money first."""
    return _found(visit.version, require(visit.viewer, "overview.read"), visit.scope)


def listed(waiting: pl.DataFrame, visit: Visit) -> None:
    """The first few as sentences, all of them as a table that can be taken away."""
    heading = visit.say("overview.decisions")
    if waiting.is_empty():
        st.subheader(heading, anchor=False)
        states.note(visit.say("overview.decisions.none"))
        return
    table = _shown(visit.version, require(visit.viewer, "overview.read"), visit.scope, visit.language)
    export.heading(heading, table, heading, visit)
    with st.container(border=True, gap="small", key="first_decisions"):
        for row in waiting.head(FIRST).iter_rows(named=True):
            _line(row, visit)
    if waiting.height > FIRST:
        with st.expander(visit.say("overview.decisions.all", count=waiting.height), key="all_decisions"):
            screen.show(table, visit, key="decisions", alt=visit.say("overview.decisions.alt"), rows=12)


def _line(row: dict[str, Any], visit: Visit) -> None:
    """One decision: its money, what it is about, the evidence, who should act, and the way there."""
    told = messages.sentence(row, visit.language)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"decision_{row['rank']}"):
        with st.container(width=76, gap=None, key=f"stake_{row['rank']}"):
            st.markdown(f"**{marked(_stake(row, visit))}**", text_alignment="right")
        with st.container(gap=None, key=f"about_{row['rank']}"):
            st.markdown(f"**{marked(told.headline)}**")
            st.caption(marked(" · ".join(part for part in (told.evidence, told.who) if part)))
        _link(row, visit)


def _stake(row: dict[str, Any], visit: Visit) -> str:
    if row["money"] is None or row["currency"] is None:
        return visit.say("none")
    return money(row["money"], row["currency"], visit.language, narrow=True)


def _link(row: dict[str, Any], visit: Visit) -> None:
    target = menu.entry(row["page"])
    if target is None or not visit.viewer.may(target.right):
        return
    named = {parameter["name"]: parameter["value"] for parameter in row["parameters"]}
    st.page_link(
        target.script,
        label="",
        icon=":material/arrow_forward:",
        help=visit.say("overview.decisions.evidence"),
        query_params=address.evidence(**named),
    )
