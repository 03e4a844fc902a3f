"""Rights: who may see what, and Tandem as each role sees it."""

import streamlit as st

from analytics.access import RIGHTS
from display.tables import rights as tables
from pages.parts import cards, export, guard, menu, owner, states
from pages.parts import tables as screen

visit = guard.require("rights.read")
say, language = visit.say, visit.language

cards.message(say("rights.title", count=len(RIGHTS)), say("rights.caption"))
st.subheader(say("rights.eyes"), anchor=False)
owner.roles(language)

parts = {
    "matrix": tables.matrix(language),
    "pages": tables.pages(((entry.name, entry.right) for entry in menu.ENTRIES), language),
}
for name, part in parts.items():
    export.heading(say(f"rights.{name}"), part, f"{say('menu.access')} {say(f'rights.{name}')}", visit)
    screen.show(part, visit, key=name, alt=say(f"rights.{name}.alt"), rows=20)
states.note(say("rights.rows"))
