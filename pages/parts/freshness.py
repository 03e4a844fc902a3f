"""How old the data is, on every screen: grey while it is fresh, amber with age and source when it is stale."""

from datetime import UTC, datetime

import streamlit as st

from analytics.access import Viewer
from answers import Snapshot, freshness
from display.messages import freshness as messages
from display.words import marked, say
from pages.parts import frames

# A screen that stays open grows older too.
TELL_EVERY = "10m"


def told(version: Snapshot, viewer: Viewer, language: str, zone: str | None) -> tuple[str, bool]:
    """What the data is as of, and whether it is stale. The sample company's grows old in peace."""
    now = datetime.now(UTC)
    sources = freshness.aged(frames.loads(version, viewer), now=now)
    failing, old = freshness.failing(), version.is_sample
    return messages.line(sources, failing, version.made_at, now, language, zone, may_grow_old=old)


@st.fragment(run_every=TELL_EVERY)
def foot(version: Snapshot, viewer: Viewer, language: str, zone: str | None) -> None:
    """The line beside every page; the sample company is marked as one."""
    if version.is_sample:
        help_text = say(language, "app.sample.help")
        st.badge(say(language, "app.sample"), icon=":material/science:", color="violet", help=help_text)
    text, is_stale = told(version, viewer, language, zone)
    st.caption(f":orange[{marked(text)}]" if is_stale else marked(text))


@st.fragment(run_every=TELL_EVERY)
def warning(version: Snapshot, viewer: Viewer, language: str, zone: str | None) -> None:
    """The same line above the page once the data is stale."""
    text, is_stale = told(version, viewer, language, zone)
    if is_stale:
        st.caption(f":orange[:material/schedule: {marked(text)}]")
