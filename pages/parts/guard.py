"""The door of every page: it opens only in a run of ``app.py``, and only for a viewer with the right."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from analytics import access
from display.words import say
from pages.parts import address, menu
from pages.parts.visit import Visit

ADMISSION = "admission"


@dataclass(frozen=True)
class _Admission:
    run: object
    visit: Visit


_RUN: ContextVar[object | None] = ContextVar("run", default=None)


@contextlib.contextmanager
def admitted(visit: Visit) -> Iterator[None]:
    """Lets pages run for this visit until the block ends.

    What an earlier run left behind opens nothing: each run has a token of its own.
    """
    run = object()
    st.session_state[ADMISSION] = _Admission(run, visit)
    token = _RUN.set(run)
    try:
        yield
    finally:
        _RUN.reset(token)


def require(capability: str) -> Visit:
    """The visit, when ``app.py`` admitted it in this very run and its viewer has the capability.

    Otherwise a sentence, and the page stops.
    """
    admission = st.session_state.get(ADMISSION)
    run = _RUN.get()
    if not isinstance(admission, _Admission) or run is None or admission.run is not run:
        st.markdown(say(address.language(), "guard.outside"))
        st.stop()
    visit = admission.visit
    try:
        access.require(visit.viewer, capability)
    except access.NotAllowed as reason:
        refuse(visit, reason)
    return visit


def refuse(visit: Visit, reason: access.NotAllowed) -> NoReturn:
    """Says why the viewer may not see the page, and what may be seen; the page stops."""
    if isinstance(reason, access.Expired):
        st.markdown(visit.say("guard.expired"))
    else:
        st.markdown(visit.say("guard.not_allowed"))
        menu.links(visit.viewer, visit.language)
    st.stop()
