"""The chosen campaign and customer: codes in the address; whom the campaign addressed."""

import functools
from collections.abc import Sequence

import streamlit as st

from pages.parts import address, customers, export, narrowing, states, tables
from pages.parts import campaign_frames as frames
from pages.parts.visit import Visit

CAMPAIGN, TABLE, MEMBERS = "campaign", "campaigns", "campaign_members"
LISTED = 250


def chosen(visit: Visit) -> str:
    """The campaign in the address, or the newest."""
    keys = frames.campaigns(visit).get_column("campaign_id").to_list()
    return address.code(CAMPAIGN, keys, keys[0])


def table(visit: Visit) -> None:
    """The table in which a campaign is chosen."""
    keys = frames.campaigns(visit).get_column("campaign_id").to_list()
    st.session_state[TABLE] = {"selection": {"rows": [keys.index(chosen(visit))], "columns": [], "cells": []}}
    on_select = functools.partial(_put, TABLE, CAMPAIGN, keys)
    alt = visit.say("campaigns.list.alt")
    tables.choose(frames.campaigns_shown(visit), visit, key=TABLE, alt=alt, on_select=on_select, rows=14)


def _put(table: str, name: str, keys: Sequence[str]) -> None:
    rows = st.session_state[table]["selection"]["rows"]
    if rows and rows[0] < len(keys):
        address.put(name, [keys[rows[0]]])


def members(visit: Visit) -> None:
    """Whom the chosen campaign addressed or held out, and the way to each of them."""
    key = chosen(visit)
    campaign, told = frames.campaign(visit, key), frames.told(visit, key)
    rows, shown = frames.members(visit, key), frames.members_shown(visit, key)
    title = f"{visit.say('campaigns.members')} {campaign['name'] or ''}"
    filters = functools.partial(frames.LIST.menu, frames.choices(visit, key), visit)
    export.heading(visit.say("campaigns.members"), shown, title, narrowing.telling(visit, told), filters)
    states.note(narrowing.in_words(told))
    if rows.is_empty():
        states.note(visit.say("narrowing.none" if told else "campaigns.members.none"))
        return
    keys = rows.get_column("customer_id").head(LISTED).to_list()
    one = address.code(customers.CUSTOMER, keys, keys[0])
    st.session_state[MEMBERS] = {"selection": {"rows": [keys.index(one)], "columns": [], "cells": []}}
    on_select = functools.partial(_put, MEMBERS, customers.CUSTOMER, keys)
    alt = visit.say("campaigns.members.alt")
    tables.choose(shown.part(slice(0, LISTED)), visit, key=MEMBERS, alt=alt, on_select=on_select)
    states.note(visit.say("campaigns.first", count=LISTED) if rows.height > LISTED else "")
    customers.open_link(one, rows["customer"][keys.index(one)], visit)
