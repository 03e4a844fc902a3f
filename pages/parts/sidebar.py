"""What stands beside every page: the filters, how old the data is, through whose eyes, and in which language."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from analytics.access import Viewer
from analytics.scope import Scope
from answers import Snapshot
from display.numbers import age, instant
from display.tables.health import STALE_AFTER
from display.words import LANGUAGES, marked, say
from pages.parts import address, frames, menu, owner, scope


def filters(version: Snapshot, viewer: Viewer, page: str, language: str) -> tuple[Scope, dict[str, str]]:
    """The filters of the page: what they ask for, and the same in words. Pages that they do not narrow have none."""
    if page not in menu.FILTERED or not viewer.may("inventory.read"):
        return Scope(), {}
    with st.sidebar.container(gap="small", key="filters"):
        return scope.chosen(frames.choices(version, viewer), language)


def foot(version: Snapshot | None, language: str, zone: str | None) -> None:
    """How old the data is, through whose eyes it is seen, and in which language."""
    with st.sidebar.container(gap="small", key="foot"):
        if version is not None:
            _freshness(version, language, zone)
        owner.switch(language)
        _languages(language)


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


def _freshness(version: Snapshot, language: str, zone: str | None) -> None:
    """Amber when the data is stale; the sample company's grows old in peace, and is marked as a sample."""
    if version.is_sample:
        st.badge(
            say(language, "app.sample"),
            icon=":material/science:",
            color="violet",
            help=say(language, "app.sample.help"),
        )
    old = datetime.now(UTC) - version.made_at
    stale = old > STALE_AFTER and not version.is_sample
    st.caption(_age_line(version.made_at, old, language, zone, stale=stale))


def _age_line(made_at: datetime, old: timedelta, language: str, zone: str | None, *, stale: bool) -> str:
    words = "app.as_of.stale" if stale else "app.as_of"
    text = marked(say(language, words, day=instant(made_at, language, zone), age=age(old, language)))
    return f":orange[{text}]" if stale else text
