"""What a test showed, or a load brought: tables with their rows, and what does not fit."""

from dataclasses import replace

import polars as pl
import streamlit as st

from answers.connections import Trial
from display.messages import connect as messages
from display.tables import Shown
from display.tables import connect as shown
from display.words import marked
from pages.parts import export, states
from pages.parts import tables as screen
from pages.parts.visit import Visit

LOADED = "loaded"


def trial(visit: Visit, tried: Trial) -> None:
    """The outcome in a sentence, then what else is to be known, then the tables."""
    text = messages.tried(tried, visit.language)
    if tried.may_go:
        st.markdown(f":green[:material/check_circle:] **{marked(text)}**")
    else:
        states.trouble(text)
    for remark in messages.remarks(tried, visit.language):
        states.note(remark)
    if tried.tables.height:
        tables(visit, tried.tables, tried.problems, title=visit.say("connect.trial.tables"), key="trial")


def tables(visit: Visit, rows: pl.DataFrame, problems: pl.DataFrame, *, title: str, key: str = LOADED) -> None:
    """One row per table; below it what does not fit, where anything does not."""
    listed = _apart(shown.loads(rows, visit.language), key)
    export.heading(title, listed, title, visit)
    screen.show(listed, visit, key=f"{key}_tables", alt=visit.say("connect.tables.alt"))
    if problems.height:
        wrong = _apart(shown.problems(problems, visit.language), key)
        heading = visit.say("connect.trial.problems" if key == "trial" else "connect.problems")
        export.heading(heading, wrong, heading, visit)
        screen.show(wrong, visit, key=f"{key}_problems", alt=visit.say("connect.problems.alt"))


def _apart(table: Shown, key: str) -> Shown:
    """Under a name of its own: what a load brought may stand above what a test of the next system shows."""
    return table if key == LOADED else replace(table, name=f"{table.name}_{key}")
