"""Rights: who may see what, who has an account, what was done, and Tandem as each role sees it."""

import streamlit as st

from analytics.access import RIGHTS
from answers import accounts
from display.tables import accounts as account_tables
from display.tables import rights as tables
from pages.parts import account_forms, cards, export, guard, menu, owner, states, subscriptions
from pages.parts import tables as screen

visit = guard.require("rights.read")
say, language = visit.say, visit.language

cards.message(say("rights.title", count=len(RIGHTS)), say("rights.caption"))
if owner.may_look():
    st.subheader(say("rights.eyes"), anchor=False)
    owner.roles(language)
    owner.of_seller(visit.version, language)

listed = account_tables.accounts(accounts.listed(visit.viewer), language)
deeds = account_tables.deeds(accounts.deeds(visit.viewer), language, visit.zone)
export.heading(say("accounts"), listed, say("accounts"), visit)
screen.show(listed, visit, key="accounts", alt=say("accounts.alt"), none=say("accounts.none"))
account_forms.lost(visit)
if visit.viewer.may("accounts.manage"):
    account_forms.told(visit)
    account_forms.new(visit)
    if accounts.exist():
        account_forms.existing(visit)
subscriptions.outlets(visit)
if accounts.exist():
    export.heading(say("audit"), deeds, say("audit"), visit)
    screen.show(deeds, visit, key="audit", alt=say("audit.alt"), none=say("audit.none"))

parts = {
    "matrix": tables.matrix(language),
    "pages": tables.pages(((entry.name, entry.right) for entry in menu.ENTRIES), language),
}
for name, part in parts.items():
    export.heading(say(f"rights.{name}"), part, f"{say('menu.access')} {say(f'rights.{name}')}", visit)
    screen.show(part, visit, key=name, alt=say(f"rights.{name}.alt"), rows=20)
states.note(say("rights.rows"))
