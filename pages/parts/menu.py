"""The menu: every page, the right it needs, and what it is for. A page without the right is not in the menu."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from analytics.access import Viewer
from display.words import say

PAGES = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Entry:
    """One page: its section and name, which are folder and file, the right it needs, and its picture.

    ``is_filtered``: whether the filters narrow what it shows.
    """

    section: str
    name: str
    right: str
    icon: str
    is_filtered: bool = True

    @property
    def script(self) -> Path:
        """The page's script."""
        return PAGES / self.section / f"{self.name}.py"


ENTRIES = (
    Entry("supply", "inventory", "inventory.read", ":material/inventory_2:"),
    Entry("run", "health", "health.read", ":material/monitor_heart:", is_filtered=False),
)
FILTERED = frozenset(entry.name for entry in ENTRIES if entry.is_filtered)


def sections(viewer: Viewer, language: str) -> dict[str, list[st.Page]]:
    """Every page by section, in the reader's language; those without the right are hidden, and refuse by themselves.

    The bare address leads to the first page that the viewer may see.
    """
    found: dict[str, list[st.Page]] = {}
    for entry in ENTRIES:
        page = _page(entry, language, hidden=not viewer.may(entry.right))
        found.setdefault(say(language, f"menu.{entry.section}"), []).append(page)
    return {"": [_start(viewer)], **found}


def _page(entry: Entry, language: str, *, hidden: bool) -> st.Page:
    return st.Page(
        entry.script,
        title=say(language, f"menu.{entry.name}"),
        icon=entry.icon,
        url_path=entry.name,
        help=say(language, f"menu.{entry.name}.help"),
        visibility="hidden" if hidden else "visible",
    )


def _start(viewer: Viewer) -> st.Page:
    first = next(entry.script for entry in ENTRIES if viewer.may(entry.right))
    return st.Page(
        lambda: st.switch_page(first, query_params=st.query_params),
        title=say("en", "app.name"),
        url_path="start",
        default=True,
        visibility="hidden",
    )


def links(viewer: Viewer, language: str) -> None:
    """A link to each page that the viewer may see."""
    for entry in ENTRIES:
        if viewer.may(entry.right):
            label = say(language, f"menu.{entry.name}")
            st.page_link(entry.script, label=label, icon=entry.icon, query_params=st.query_params)
