"""What stands beside every page: period and filters, saved views, how old the data is, through whose eyes, and in which
language."""

from datetime import date

import streamlit as st

from analytics.access import Viewer
from answers import Snapshot
from display.words import LANGUAGES, say
from pages.parts import address, frames, freshness, menu, newest, owner, scope, views
from pages.parts.scope import Chosen


def asked(version: Snapshot, viewer: Viewer, page: str, as_of: date, language: str) -> Chosen:
    """The period and filters that the page shows, and what they ask for; with them the saved views."""
    entry = menu.entry(page)
    if entry is None or not viewer.may(entry.right):
        return Chosen()
    choices = frames.choices(version, viewer) if entry.filters else {}
    with st.sidebar.container(gap="small", key="filters"):
        chosen = scope.when(entry.filters, as_of, language)
        views.actions(viewer, page, language)
        chosen = scope.where(entry.filters, choices, chosen, language)
        views.listed(viewer, page, language)
    return chosen


def foot(version: Snapshot | None, viewer: Viewer, language: str, zone: str | None, known: tuple[str, ...]) -> None:
    """How old the data is, through whose eyes it is seen, and in which language. ``known``: what was worked out."""
    with st.sidebar.container(gap="small", key="foot"):
        if version is not None:
            freshness.foot(version, viewer, language, zone)
        owner.switch(language, version)
        _languages(language)
        owner.sign_out(language)
        newest.follow(version, known, owner.is_in)


def _languages(language: str) -> None:
    """The choice of a language; each is named in itself."""
    address.choice(
        "lang",
        st.segmented_control,
        say(language, "language"),
        list(LANGUAGES),
        address.browser_language(),
        format_func=lambda code: LANGUAGES[code],
        required=True,
        width="stretch",
        label_visibility="collapsed",
    )
