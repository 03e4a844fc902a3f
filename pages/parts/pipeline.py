"""The chosen deal and kind of deal: codes in the address; and what moves the chance of the chosen one."""

import streamlit as st

from display.messages import pipeline as messages
from display.words import marked
from pages.parts import address, customers, export, narrowing, states, tables
from pages.parts import pipeline_frames as frames
from pages.parts.visit import Visit

DEAL, KIND, TABLE = "deal", "deals", "pipeline"
LISTED = 250


def kind() -> str:
    """The kind of deal in the address; all of them where there is none."""
    return address.code(KIND, frames.KINDS, frames.KINDS[0])


def groups(by: str, column: str, visit: Visit) -> None:
    """The deals by stage or owner: choosing one narrows the list of deals to its own."""
    keys = frames.groups(visit, by).get_column("group_key").fill_null("").to_list()
    alt, key = visit.say(f"pipeline.{by}s.alt"), f"pipeline_{by}s"
    code = frames.LIST.code(column)
    narrowing.drill(frames.groups_shown(visit, by), keys, code, visit, key=key, alt=alt)


def listed(visit: Visit) -> None:
    """The list of deals, its filters and columns, and what moves the chance of the chosen one."""
    told = {visit.say("pipeline.show"): visit.say(f"pipeline.show.{kind()}")} if kind() in frames.CHOSEN else {}
    seen = narrowing.telling(visit, {**told, **frames.told(visit)})
    export.heading(visit.say("pipeline.deals"), frames.listed(visit, kind()), visit.say("menu.pipeline"), seen)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="narrowing_deals"):
        _choose_kind(visit)
        frames.LIST.menu(frames.choices(visit), visit)
    states.note(narrowing.in_words(frames.told(visit)))
    _table(visit)


def _choose_kind(visit: Visit) -> None:
    address.choice(
        KIND,
        st.pills,
        visit.say("pipeline.show"),
        frames.KINDS,
        frames.KINDS[0],
        format_func=lambda name: visit.say(f"pipeline.show.{name}"),
        required=True,
        label_visibility="collapsed",
    )


def _table(visit: Visit) -> None:
    keys = frames.keys(visit, kind())[:LISTED]
    if not keys:
        states.note(visit.say("pipeline.deals.none"))
        return
    shown, alt = frames.listed(visit, kind()), visit.say("pipeline.deals.alt")
    chosen = tables.choose_key(shown.part(slice(0, LISTED)), (DEAL, keys), visit, key=TABLE, alt=alt)
    states.note(visit.say("pipeline.first", count=LISTED) if shown.frame.height > LISTED else "")
    _why(chosen, visit)


def _why(chosen: str, visit: Visit) -> None:
    deal = frames.deal(visit, chosen)
    with st.container(border=True, gap="xsmall", key="why"):
        st.markdown(f"**{marked(messages.why_title(deal, visit.language))}**")
        st.markdown("\n".join(f"- {marked(sentence)}" for sentence in messages.why(deal, visit.language)))
        if deal["customer_id"] is not None:
            customers.open_link(deal["customer_id"], deal["customer"], visit)


def checked(visit: Visit) -> None:
    """How good chances were on the deals of the last quarter."""
    states.note(messages.checked(frames.check(visit), visit.language))
    shown = frames.check_shown(visit)
    if shown.frame.height:
        with st.expander(visit.say("pipeline.check"), key="check_of_chances"):
            tables.show(shown, visit, key="pipeline_check", alt=visit.say("pipeline.check.alt"))
            export.buttons(shown, visit.say("pipeline.check"), visit)
