"""The newest version of the data: looked through beside the visitors, so that nobody waits for it, and shown by screens
that stand open."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from answers import NoSnapshot, Snapshot, forget, snapshot, studied
from pages.parts.cache import asked_of, forget_asked, forget_kept

LOG = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 0.5
ASKED_FOR_SECONDS = 10.0
FOLLOW_EVERY = "2s"


class Keeper:
    """Looks for a newer version again and again, in a thread of its own, and has one ready only when every byte of it
    was verified, and what visitors asked of the version before was asked of it, for ten seconds at most: so nobody
    waits for an answer that others know already."""

    def __init__(self) -> None:
        self._ready: Snapshot | None = None
        self._met = ""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="newest version", daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def stop(self) -> None:
        """Ends, and has nothing ready any more."""
        self._over.set()
        self._thread.join()
        self._ready = None

    def version(self) -> Snapshot:
        """The newest version that is ready; where none is, the newest of all, which is then looked through here.
        ``NoSnapshot`` where there is none."""
        ready = self._ready
        return ready if ready is not None and ready.folder.exists() else snapshot()

    def _keep(self) -> None:
        while not self._over.is_set():
            self.look()
            self._over.wait(LOOK_EVERY_SECONDS)

    def look(self) -> None:
        """Looks once. What cannot be opened now, the next look may find; until then what was ready stays so."""
        try:
            found = snapshot()
            if self._ready is not None and found.erasures != self._ready.erasures:
                self._forget()
            if self._ready is not None and found.id != self._ready.id:
                self._ask(self._ready, found)
            self._ready = found
        except NoSnapshot:
            return
        except Exception as reason:  # noqa: BLE001 - the edge of the thread: it must outlive whatever it meets
            if repr(reason) != self._met:
                self._met = repr(reason)
                LOG.warning("The newest version cannot be looked through: %s", self._met)

    def _ask(self, before: Snapshot, newer: Snapshot) -> None:
        """What cannot be answered any more is left to the page, which says why."""
        until = time.monotonic() + ASKED_FOR_SECONDS
        for question in asked_of(before):
            if self._over.is_set() or time.monotonic() > until:
                return
            with suppress(Exception):
                question(newer)

    @staticmethod
    def _forget() -> None:
        """What was kept for pages may hold who was erased since."""
        st.cache_resource.clear()
        forget_kept()
        forget_asked()
        forget()


KEEPER = Keeper()


def version() -> Snapshot:
    """The version that a page shows. ``NoSnapshot`` where there is none."""
    return KEEPER.version()


@st.fragment(run_every=FOLLOW_EVERY)
def follow(shown: Snapshot | None, known: tuple[str, ...], is_in: Callable[[], bool]) -> None:
    """Runs the page anew once there is other data than it shows, something else was worked out than was ``known``, or
    who looks is in no more; a refresh that brought nothing disturbs nobody."""
    if not is_in() or studied() != known:
        st.rerun()
    with suppress(NoSnapshot):
        ready = version()
        if shown is None or (ready.id != shown.id and ready.says_more_than(shown)):
            st.rerun()
