"""Where reports are made: in a thread beside the visitors, one at a time, each file kept for those who may have it.

A file is found only under the key of who asked: what the viewer may see, the version, what is asked, and the format. A
session that asks for the same within the same rights gets the same file; nobody else gets it.
"""

import logging
import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from uuid import uuid4

import streamlit as st

from reports import catalogue, formats
from reports.request import Request

LOG = logging.getLogger("tandem")
MOST_WAITING, MOST_KEPT = 6, 24


class Crowded(Exception):
    """So many reports are waiting that another one would not be made soon."""


@dataclass(frozen=True)
class Order:
    """One report as it was ordered."""

    name: str
    format: str
    asked: Request

    @cached_property
    def key(self) -> str:
        """Equal for two orders exactly when they give the same file to readers with the same rights."""
        asked, viewer = self.asked, self.asked.viewer
        seen = (viewer.scope_key, viewer.role, asked.version.id, repr(asked.scope), asked.language, asked.customer)
        own = (asked.parts, asked.title)
        return repr((self.name, self.format, *seen, *own, sorted(asked.filters.items())))


@dataclass(frozen=True)
class File:
    """A finished report and its messages, the first of all of it; or the reference under which the log says why there
    is none."""

    title: str
    name: str
    content: bytes
    says: tuple[str, ...] = ()
    failed: str = ""


class Workshop:
    """The reports that wait, the one that is made, and the latest that are finished."""

    def __init__(self) -> None:
        self._hand = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reports")
        self._made: OrderedDict[str, Future[File]] = OrderedDict()
        self._lock = threading.Lock()

    def order(self, order: Order) -> None:
        """Has the report made, unless it is there already or on its way; raises ``Crowded``."""
        with self._lock:
            known = self._made.get(order.key)
            if known is not None and not (known.done() and known.result().failed):
                self._made.move_to_end(order.key)
                return
            if sum(not future.done() for future in self._made.values()) >= MOST_WAITING:
                raise Crowded
            self._made[order.key] = self._hand.submit(_file, order)
            self._forget()

    def _forget(self) -> None:
        """The oldest finished files make room."""
        finished = [key for key, future in self._made.items() if future.done()]
        for key in finished[: max(0, len(self._made) - MOST_KEPT)]:
            del self._made[key]

    def is_ordered(self, order: Order) -> bool:
        """Whether the report is there or on its way."""
        with self._lock:
            return order.key in self._made

    def file(self, order: Order) -> File | None:
        """The finished report; null while it is not."""
        with self._lock:
            future = self._made.get(order.key)
        return future.result() if future is not None and future.done() else None


def _file(order: Order) -> File:
    """The report, made whole. What goes wrong is told to the log, and its reference to the reader."""
    try:
        report = catalogue.made(order.name, order.asked)
        content = formats.written(report, order.format)
        says = (report.message, *(section.message for section in report.sections))
        return File(report.about.title, formats.file_name(report, order.format), content, says)
    except Exception:  # the edge of the thread: its reader is told, whatever happened
        reference = uuid4().hex[:8]
        LOG.exception("Reference %s: the report %s could not be made", reference, order.name)
        return File("", "", b"", failed=reference)


@st.cache_resource(show_spinner=False)
def workshop() -> Workshop:
    """The one workshop of this process."""
    return Workshop()
