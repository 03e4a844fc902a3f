"""Lineage: where one row comes from, what it was before, what rests on it, and the way to its record."""

import streamlit as st

from answers import lineage as answers
from display.messages import lineage as messages
from display.tables import lineage as tables
from pages.parts import cards, export, guard, lineage, states
from pages.parts import tables as screen

visit = guard.require("health.read")
say, language, viewer, version = visit.say, visit.language, visit.viewer, visit.version
table, row = lineage.table(), lineage.row(visit)
key = row["row_id"] if row else ""
origin = answers.origin(viewer, table, key, version=version)

cards.message(messages.title(row, language), messages.caption(row, origin, language, visit.zone))
lineage.ask(visit)
if row is None:
    lineage.missing(visit)
    lineage.systems(visit)
    st.stop()
lineage.several(visit)
lineage.open_there(row, visit)

values = answers.values(viewer, table, key, version=version)
parts = {
    "origin": tables.origin(origin, language, visit.zone),
    "values": tables.values(values, language),
    "changes": tables.changes(answers.changes(viewer, table, key, version=version), language, visit.zone),
    "followers": tables.followers(answers.followers(viewer, table, key, version=version), language),
}
for name, part in parts.items():
    export.heading(say(f"lineage.{name}"), part, f"{say(f'lineage.{name}')} {key}", visit)
    screen.show(part, visit, key=name, alt=say(f"lineage.{name}.alt"), none=say(f"lineage.{name}.none"), rows=20)
    if name == "values" and not answers.sees_values(viewer, table):
        states.note(say("lineage.values.hidden"))
