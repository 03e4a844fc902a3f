"""Asking for a row by its key, and saying at which addresses records lie in their own systems."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from analytics.access import NotAllowed
from analytics.tables import DELIVERED
from answers import lineage as answers
from answers.lineage import AddressRefused
from display.messages import lineage as messages
from display.tables import lineage as tables
from display.tables.health import source_name
from pages.parts import address, export, owner, states
from pages.parts import tables as screen
from pages.parts.menu import PAGES
from pages.parts.visit import Visit

TABLE, KEY, ROW = "table", "key", "row"
FIRST = "customers"
SCRIPT = PAGES / "run" / "lineage.py"
WRITTEN, TOLD = "lineage_key", "lineage_told"
SYSTEM, BASE = "lineage_system", "lineage_base"


def table() -> str:
    """The table in the address."""
    return address.code(TABLE, DELIVERED, FIRST)


def ask(visit: Visit) -> None:
    """The table and the key, bound to the address."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="asking"):
        address.choice(TABLE, st.selectbox, visit.say("lineage.table"), sorted(DELIVERED), FIRST, width=260)
        st.session_state[WRITTEN] = st.query_params.get(KEY, "")
        st.text_input(visit.say("lineage.key"), key=WRITTEN, max_chars=200, width=340, on_change=_asked)


def _asked() -> None:
    written = st.session_state[WRITTEN].strip()
    address.put(KEY, [written] if written else [])
    address.put(ROW, [])


def row(visit: Visit) -> dict[str, Any] | None:
    """The row that the address asks for; of several, the one that is chosen there."""
    text = st.query_params.get(KEY, "")
    if not text:
        return None
    rows = {
        found["row_id"]: found
        for found in answers.found(visit.viewer, table(), text, version=visit.version).rows(named=True)
    }
    return rows[address.code(ROW, list(rows), next(iter(rows)))] if rows else None


def missing(visit: Visit) -> None:
    """Says so where there is no row of the key that was asked for."""
    text = st.query_params.get(KEY, "")
    if text:
        states.note(visit.say("lineage.missing", table=table(), key=text[:80]))


def several(visit: Visit) -> None:
    """The choice between rows that have the same key or number."""
    found = answers.found(visit.viewer, table(), st.query_params.get(KEY, ""), version=visit.version).rows(named=True)
    names = {each["row_id"]: messages.label(each) for each in found}
    if len(names) > 1:
        first = next(iter(names))
        address.choice(
            ROW,
            st.selectbox,
            visit.say("lineage.several"),
            list(names),
            first,
            format_func=names.__getitem__,
            width=460,
        )


def open_there(found: Mapping[str, Any], visit: Visit) -> None:
    """The link to the record in its own system, where it has one."""
    link = answers.link(visit.viewer, table(), found["row_id"], version=visit.version)
    if link:
        label = visit.say("lineage.open", source=source_name(found["source"], visit.language))
        st.link_button(label, link, icon=":material/open_in_new:", key="open_there")


def of_row(name: str, key: str, visit: Visit) -> None:
    """From a row on any page: the way to where it comes from, and to its record in its own system."""
    link = answers.link(visit.viewer, name, key, version=visit.version)
    if not (link or visit.viewer.may(answers.RIGHT)):
        return
    with st.container(horizontal=True, gap="medium", vertical_alignment="center", key="lineage_of_row"):
        if visit.viewer.may(answers.RIGHT):
            to = {TABLE: [name], KEY: [key]}
            asked = address.naming(without=(TABLE, KEY, ROW)) | to
            label = visit.say("lineage.of_row")
            st.page_link(SCRIPT, label=label, icon=":material/account_tree:", query_params=asked)
        if link:
            source = source_name(key.partition(":")[0], visit.language)
            label = visit.say("lineage.open", source=source)
            st.link_button(label, link, icon=":material/open_in_new:", key="open_record", type="tertiary")


def to_page(visit: Visit) -> None:
    """The way to this page from another."""
    if visit.viewer.may(answers.RIGHT):
        label = visit.say("lineage.from_health")
        st.page_link(
            SCRIPT, label=label, icon=":material/account_tree:", query_params=address.naming(without=(KEY, ROW))
        )


def systems(visit: Visit) -> None:
    """Where the systems are in the browser, and for who manages sources the form that says it."""
    known = answers.linked_systems(visit.viewer, version=visit.version)
    shown = tables.systems(known, visit.language)
    export.heading(visit.say("lineage.systems"), shown, visit.say("lineage.systems"), visit)
    none = visit.say("lineage.systems.none")
    screen.show(shown, visit, key="systems", alt=visit.say("lineage.systems.alt"), none=none)
    if words := st.session_state.pop(TOLD, None):
        (states.alarm if words.endswith("refused") else states.note)(visit.say(words))
    if visit.viewer.may(answers.MANAGE) and known.height:
        _say_base(known, visit)


def _say_base(known: pl.DataFrame, visit: Visit) -> None:
    names = {source: source_name(source, visit.language) for source in known["source"]}
    states.note(visit.say("lineage.systems.how"))
    if st.session_state.get(SYSTEM) not in names:
        st.session_state[SYSTEM] = next(iter(names))
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="say_base"):
        st.selectbox(
            visit.say("lineage.systems.which"), list(names), key=SYSTEM, format_func=names.__getitem__, width=180
        )
        example = known.row(by_predicate=pl.col("source") == st.session_state[SYSTEM], named=True)["example"]
        st.text_input(visit.say("lineage.systems.base"), key=BASE, placeholder=example, max_chars=300, width=460)
        st.button(visit.say("lineage.systems.save"), key="save_base", on_click=_keep_base)


def _keep_base() -> None:
    try:
        answers.say_base(owner.viewer(), st.session_state[SYSTEM], st.session_state[BASE])
    except AddressRefused:
        st.session_state[TOLD] = "lineage.systems.refused"
    except NotAllowed:
        return  # the run that follows says so
    else:
        st.session_state[TOLD] = "lineage.systems.saved"
