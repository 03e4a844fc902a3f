"""The menu: every page, the right it needs, and what it is for. A page without the right is not in the menu."""

import copy
import functools
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from analytics.access import ALL, Viewer
from display.words import say
from pages.parts.scope import WHEN, WHERE

PAGES = Path(__file__).resolve().parents[1]
EVERYTHING = (*WHEN, *WHERE)
# What these pages say is known only of all customers together.
OF_ALL_CUSTOMERS = frozenset({"campaigns", "demand", "accuracy"})
OF_ORDERS = (*WHEN, "company", "site", "region", "category")


@dataclass(frozen=True)
class Entry:
    """One page: its section and name, which are folder and file, the right it needs, and its picture.

    ``filters``: those beside it that narrow what it shows (see ``scope``). ``is_listed``: whether the menu names it;
    what it does not name is reached from the numbers of other pages.
    """

    section: str
    name: str
    right: str
    icon: str
    filters: tuple[str, ...] = WHERE
    is_listed: bool = True

    @functools.cached_property
    def script(self) -> Path:
        """The page's script."""
        return PAGES / self.section / f"{self.name}.py"


ENTRIES = (
    Entry("decide", "overview", "overview.read", ":material/space_dashboard:", EVERYTHING),
    Entry("decide", "metric", "overview.read", ":material/query_stats:", EVERYTHING, is_listed=False),
    Entry("decide", "rows", "overview.read", ":material/list_alt:", EVERYTHING, is_listed=False),
    Entry("sell", "delivery", "sales.read", ":material/event_available:", ("company", "region")),
    Entry("sell", "orders", "sales.read", ":material/local_shipping:", OF_ORDERS),
    Entry("sell", "customers", "sales.read", ":material/groups:", ("company", "region")),
    Entry("sell", "customer", "sales.read", ":material/person:", ("company", "region"), is_listed=False),
    Entry("sell", "pipeline", "sales.read", ":material/filter_list:", ("company", "region")),
    Entry("sell", "campaigns", "sales.read", ":material/campaign:", ("company", "region")),
    Entry("sell", "service", "service.read", ":material/support_agent:", ("company", "region")),
    Entry("supply", "inventory", "inventory.read", ":material/inventory_2:"),
    Entry("supply", "demand", "inventory.read", ":material/insights:"),
    Entry("supply", "stockouts", "inventory.read", ":material/production_quantity_limits:"),
    Entry("supply", "accuracy", "inventory.read", ":material/fact_check:"),
    Entry("supply", "stock", "inventory.read", ":material/hourglass_bottom:"),
    Entry("run", "report", "overview.read", ":material/description:", EVERYTHING),
    Entry("run", "connect", "sources.manage", ":material/cable:", filters=()),
    Entry("run", "health", "health.read", ":material/monitor_heart:", filters=()),
    Entry("run", "identities", "identities.decide", ":material/join_inner:", filters=()),
    Entry("run", "repairs", "health.read", ":material/build:", filters=(), is_listed=False),
    Entry("run", "lineage", "health.read", ":material/account_tree:", filters=(), is_listed=False),
    Entry("run", "access", "rights.read", ":material/key:", filters=()),
)


def entry(name: str) -> Entry | None:
    """The page of that address; null where there is none."""
    return next((known for known in ENTRIES if known.name == name), None)


def may_see(viewer: Viewer, name: str) -> bool:
    """Whether there is such a page and the viewer has its right."""
    page = entry(name)
    return page is not None and _may_see(viewer, page)


def _may_see(viewer: Viewer, page: Entry) -> bool:
    return viewer.may(page.right) and (viewer.customers == ALL or page.name not in OF_ALL_CUSTOMERS)


def sections(viewer: Viewer, language: str) -> dict[str, list[st.Page]]:
    """Every page by section, in the reader's language; those without the right are hidden, and refuse by themselves.

    The bare address leads to the first page that the viewer may see.
    """
    found: dict[str, list[st.Page]] = {}
    for entry in ENTRIES:
        page = _page(entry, language, hidden=not (entry.is_listed and _may_see(viewer, entry)))
        found.setdefault(say(language, f"menu.{entry.section}"), []).append(page)
    return {"": [_start(viewer)], **found}


def _page(entry: Entry, language: str, *, hidden: bool) -> st.Page:
    """A page of this run's own: Streamlit marks in it that it was opened."""
    return copy.copy(_made(entry, language, hidden=hidden))


@functools.cache
def _made(entry: Entry, language: str, *, hidden: bool) -> st.Page:
    return st.Page(
        entry.script,
        title=say(language, f"menu.{entry.name}"),
        icon=entry.icon,
        url_path=entry.name,
        help=say(language, f"menu.{entry.name}.help"),
        visibility="hidden" if hidden else "visible",
    )


def _start(viewer: Viewer) -> st.Page:
    first = next(entry.script for entry in ENTRIES if _may_see(viewer, entry))
    return st.Page(
        lambda: st.switch_page(first, query_params=st.query_params),
        title=say("en", "app.name"),
        url_path="start",
        default=True,
        visibility="hidden",
    )


def alone(viewer: Viewer, language: str) -> None:
    """The section and page of a viewer who may see just one: Streamlit draws no menu for a single page."""
    seen = [entry for entry in ENTRIES if entry.is_listed and _may_see(viewer, entry)]
    if len(seen) == 1:
        with st.sidebar.container(gap="xsmall", key="alone"):
            st.caption(say(language, f"menu.{seen[0].section}"))
            links(viewer, language)


def links(viewer: Viewer, language: str) -> None:
    """A link to each page that the viewer may see."""
    for entry in ENTRIES:
        if entry.is_listed and _may_see(viewer, entry):
            label = say(language, f"menu.{entry.name}")
            st.page_link(entry.script, label=label, icon=entry.icon, query_params=st.query_params)
