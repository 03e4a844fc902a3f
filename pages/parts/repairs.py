"""Correcting a row set aside: all of its values, the doubtful ones first, and what becomes of the click."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl
import streamlit as st

from analytics.access import NotAllowed, Viewer, require
from answers import Snapshot
from answers import repairs as answers
from answers.repairs import CorrectionRefused
from display.messages import repairs as messages
from display.numbers import instant
from display.tables import repairs as tables
from display.tables.health import source_name
from display.words import marked, say
from pages.parts import address, owner, states
from pages.parts.cache import cached
from pages.parts.chosen import Choice
from pages.parts.menu import PAGES
from pages.parts.visit import Visit

RIGHT = "health.read"
TOLD = "repairs_told"
DONE = ("repairs.saved", "repairs.back.done")
SCRIPT = PAGES / "run" / "repairs.py"


@cached
def _aside(version: Snapshot, viewer: Viewer) -> pl.DataFrame:
    return answers.aside(viewer, version=version)


def aside(visit: Visit) -> pl.DataFrame:
    """One row per row set aside, with whether its correction waits for a refresh."""
    rows = _aside(visit.version, require(visit.viewer, RIGHT))
    since = answers.refreshed_at(visit.viewer, version=visit.version)
    ever = datetime.min.replace(tzinfo=UTC)
    parts = [
        answers.with_corrections(part, dict(since.iter_rows()).get(part["source"][0], ever))
        for part in rows.partition_by("source", maintain_order=True)
    ]
    return pl.concat([answers.with_corrections(rows.clear(), ever), *parts])


def told(language: str) -> None:
    """What became of the last click, once."""
    if words := st.session_state.pop(TOLD, None):
        (states.note if words in DONE else states.alarm)(say(language, words))


def rows(found: pl.DataFrame, visit: Visit) -> None:
    """The rows set aside, one of them chosen, and the form that corrects it."""
    listed = found.rows(named=True)
    names = {row["quarantine_id"]: messages.row(row, visit.language) for row in listed}
    choice = Choice("aside", list(names))
    shown = tables.aside(found, visit.language, masked=not visit.viewer.may(answers.CONTENT))
    choice.table(shown, visit, visit.say("repairs.rows.alt"))
    choice.list(names, visit.say("repairs.choose"))
    _correct(listed[choice.keys.index(choice.chosen)], visit)


def _correct(row: Mapping[str, Any], visit: Visit) -> None:
    st.subheader(visit.say("repairs.correct"), anchor=False)
    record = answers.content(row["record"])
    if not (visit.viewer.may(answers.MANAGE) and visit.viewer.may(answers.CONTENT)) or record is None:
        states.note(visit.say("repairs.correct.none"))
        return
    states.note(visit.say("repairs.correct.how", source=source_name(row["source"], visit.language)))
    if row["is_corrected"]:
        states.note(visit.say("repairs.waits"))
    columns = _doubtful_first(record, row)
    with st.form(f"correct_{row['quarantine_id']}", border=True):
        with st.grid(3, min_column_width=220, gap="small", key="values"):
            for column in columns:
                st.text_input(marked(column), record[column] or "", key=_key(row["quarantine_id"], column))
        label = visit.say("repairs.save")
        about = (row["quarantine_id"], columns)
        st.form_submit_button(label, key="save_correction", type="primary", on_click=_keep, args=about)


def _key(quarantine_id: str, column: str) -> str:
    return f"corrected {quarantine_id} {column}"


def _doubtful_first(record: Mapping[str, str | None], row: Mapping[str, Any]) -> list[str]:
    """The columns of a row, before all others those that have the name or the value that broke the rule."""
    value = (row["value"] or "").removeprefix(f"{row['source']}:")
    broke = [name for name, said in record.items() if name == row["column_name"] or (said and said == value)]
    return [*broke, *(name for name in record if name not in broke)]


def _keep(quarantine_id: str, columns: Sequence[str]) -> None:
    values = {column: st.session_state[_key(quarantine_id, column)] or None for column in columns}
    try:
        answers.correct(owner.viewer(), quarantine_id, values)
    except CorrectionRefused as refused:
        st.session_state[TOLD] = f"repairs.refused.{refused.rule}"
    except NotAllowed:
        return  # the run that follows says so
    else:
        st.session_state[TOLD] = "repairs.saved"


def take_back(corrections: pl.DataFrame, visit: Visit) -> None:
    """The form that takes back a correction which stands, for who may correct."""
    standing = corrections.filter(pl.col("state") == answers.STANDS)
    if standing.is_empty() or not (visit.viewer.may(answers.MANAGE) and visit.viewer.may(answers.CONTENT)):
        return
    grouped = standing.group_by("number", "source", "source_table", "corrected_at", maintain_order=True)
    listed = {row["number"]: row for row in grouped.agg(pl.col("became").str.join(", ")).rows(named=True)}
    st.subheader(visit.say("repairs.back"), anchor=False)
    number = st.selectbox(
        visit.say("repairs.back.choose"),
        list(listed),
        format_func=lambda number: _named(listed[number], visit),
        key="correction_to_take_back",
    )
    states.note(visit.say("repairs.back.how", source=source_name(listed[number]["source"], visit.language)))
    st.button(visit.say("repairs.back.do"), key="take_back", on_click=_take_back, args=(number,))


def _named(row: Mapping[str, Any], visit: Visit) -> str:
    at = instant(row["corrected_at"], visit.language, visit.zone)
    return visit.say("repairs.back.one", table=row["source_table"], at=at, became=row["became"])


def _take_back(number: int) -> None:
    try:
        answers.take_back(owner.viewer(), number)
    except CorrectionRefused as refused:
        st.session_state[TOLD] = f"repairs.refused.{refused.rule}"
    except NotAllowed:
        return  # the run that follows says so
    else:
        st.session_state[TOLD] = "repairs.back.done"


def to_page(visit: Visit) -> None:
    """The way to this page from another."""
    label = visit.say("repairs.from_health")
    st.page_link(SCRIPT, label=label, icon=":material/build:", query_params=address.naming())
