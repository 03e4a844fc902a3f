"""Files that nobody prepared: what their tables and columns seem to mean, corrected by hand and kept as a mapping."""

from dataclasses import replace
from typing import Any

import polars as pl
import streamlit as st

from answers import proposals as answers
from answers.connections import ConnectionRefused, Place
from answers.proposals import MappingRefused, NotProposed, Proposal
from display.tables import connect as shown
from pages.parts import export, states
from pages.parts import tables as screen
from pages.parts.visit import Visit

PROPOSED, DRAFT, SAVED, VERSION = "connect_proposed", "connect_draft", "connect_mapping", "connect_map_version"
TABLE, MEANING = "map_table", "map_to"
NOT_READ = ""


def mapped(visit: Visit, place: Place) -> Place | None:
    """The place with its mapping; None while none is saved for these very files."""
    st.subheader(visit.say("connect.map"), anchor=False)
    if st.button(visit.say("connect.map.propose"), key="propose", icon=":material/auto_awesome:"):
        _propose(visit, place)
    kept = st.session_state.get(PROPOSED)
    if kept is None or kept[0] != place:
        return None
    _correct(visit, kept[1])
    if st.button(visit.say("connect.map.save"), key="save_mapping"):
        _save(visit, place)
    saved = st.session_state.get(SAVED)
    if saved is None or saved[0] != (place, repr(st.session_state[DRAFT].told)):
        return None
    states.note(visit.say("connect.map.saved"))
    return replace(place, mapping=saved[1])


def _propose(visit: Visit, place: Place) -> None:
    with st.spinner(visit.say("connect.map.proposing")):
        try:
            _hold(answers.proposal(visit.viewer, place), place)
        except NotProposed as reason:
            states.trouble(visit.say("connect.map.not_proposed", message=str(reason)))
        except ConnectionRefused as reason:
            states.alarm(visit.say(f"connect.refused.{reason.rule}"))


def _hold(proposal: Proposal, place: Place) -> None:
    """Takes a proposal as what is corrected from now on; the tables to edit begin anew."""
    st.session_state[PROPOSED] = (place, proposal)
    st.session_state[DRAFT] = proposal
    st.session_state[VERSION] = st.session_state.get(VERSION, 0) + 1


def _correct(visit: Visit, proposal: Proposal) -> None:
    """All tables, then one of them with its columns. What is edited is the draft."""
    listed = answers.tables(st.session_state[DRAFT])
    told = {"known": int(listed["with_field"].sum()), "columns": int(listed["columns"].sum())}
    states.note(visit.say("connect.map.how", count=listed.height, **told))
    for notice in proposal.notices:
        states.alarm(notice)
    overview = shown.proposed(listed, visit.language)
    export.heading(visit.say("connect.map.tables"), overview, visit.say("connect.map.tables"), visit)
    screen.show(overview, visit, key="proposed", alt=visit.say("connect.map.tables.alt"))
    names = listed["table"].to_list()
    first, second = st.columns(2, gap="small")
    with first:
        label = visit.say("connect.map.table")
        table = str(st.selectbox(label, names, key=TABLE, on_change=_settle))
    with second:
        to = _meaning(visit, proposal, table)
    if to != NOT_READ:
        _edit(visit, proposal, table, to)


def _settle() -> None:
    """Another table is corrected now: what was edited so far is what holds."""
    place, _ = st.session_state[PROPOSED]
    _hold(st.session_state[DRAFT], place)


def _meaning(visit: Visit, proposal: Proposal, table: str) -> str:
    """The unified table that the rows of a table are."""
    key = f"{MEANING}_{st.session_state[VERSION]}_{table}"
    known = [NOT_READ, *answers.targets()]
    now = proposal.entry(table).get("to") or NOT_READ
    names = {NOT_READ: visit.say("connect.map.to.none")}
    label = visit.say("connect.map.to")
    look: dict[str, Any] = {"format_func": lambda name: names.get(name, name), "on_change": _mean, "args": (table, key)}
    return str(st.selectbox(label, known, known.index(now), key=key, **look))


def _mean(table: str, key: str) -> None:
    """A table means something else: its columns keep the fields that this has too."""
    place, _ = st.session_state[PROPOSED]
    draft, to = st.session_state[DRAFT], st.session_state[key]
    _hold(answers.renamed(draft, table, to) if to else answers.left_out(draft, table), place)


def _edit(visit: Visit, proposal: Proposal, table: str, to: str) -> None:
    """The columns of a table and what no column says, to be corrected."""
    version = st.session_state[VERSION]
    columns = _editor(
        visit,
        answers.columns(proposal, table),
        "connect_mapped",
        key=f"map_columns_{version}_{table}",
        options=answers.choices(proposal, table, to),
    )
    st.markdown(f"**{visit.say('connect.map.given')}**")
    st.caption(visit.say("connect.map.given.how"))
    given = _editor(visit, answers.given(proposal, table), "connect_given", key=f"map_given_{version}_{table}")
    st.session_state[DRAFT] = answers.corrected(
        proposal,
        table,
        to=to,
        fields_of=dict(columns.select("column", "field").iter_rows()),
        given_values=dict(given.iter_rows()),
    )


def _editor(visit: Visit, rows: pl.DataFrame, name: str, *, key: str, options: list[str] | None = None) -> pl.DataFrame:
    """A table of which one column may be changed: the field of a column, or the value of a field."""
    changed = "field" if options is not None else "value"
    headings = {column: visit.say(f"column.{name}.{column}") for column in rows.columns}
    config: dict[str, Any] = {column: st.column_config.TextColumn(heading) for column, heading in headings.items()}
    if options is not None:
        config["field"] = st.column_config.SelectboxColumn(headings["field"], options=options, width=260)
        config["certainty"] = st.column_config.NumberColumn(headings["certainty"], format="percent")
    alt = visit.say("connect.map.columns.alt" if options is not None else "connect.map.given.alt")
    edited = st.data_editor(
        rows,
        hide_index=True,
        key=key,
        column_config=config,
        disabled=[column for column in rows.columns if column != changed],
        row_height=screen.ROW_HEIGHT,
        placeholder=visit.say("none"),
        alt=alt,
    )
    return pl.DataFrame(edited)


def _save(visit: Visit, place: Place) -> None:
    draft = st.session_state[DRAFT]
    missing = answers.missing(draft)
    if missing:
        names = ", ".join(f"{field} ({table})" for table, field in missing)
        states.trouble(visit.say("connect.map.missing", names=names))
        return
    try:
        name = answers.keep(visit.viewer, draft)
    except MappingRefused as refused:
        states.trouble(visit.say("connect.map.refused", message=str(refused)))
        return
    st.session_state[SAVED] = ((place, repr(draft.told)), name)
