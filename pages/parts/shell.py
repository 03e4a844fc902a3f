"""Around every page: who looks, in which language, at which part of the firm; then the page that was asked for."""

from pathlib import Path

import streamlit as st
from polars.exceptions import PanicException

from analytics.access import NotAllowed, Viewer
from answers import NoSnapshot, accounts, studied
from pages.parts import address, frames, freshness, guard, menu, mishaps, newest, owner, sidebar, states
from pages.parts.visit import Visit

NOTED = "noted_page"
PICTURES = Path(__file__).resolve().parents[2] / "static"


def run() -> None:
    """One run: the menu, the sidebar, and the page, which opens only here."""
    st.set_page_config(page_title="Tandem", page_icon=PICTURES / "tandem.svg", layout="wide")
    address.keep()
    language, dark = address.language(), st.context.theme.type == "dark"
    refused = owner.refusal(st.get_option("server.address"), language)
    if refused:
        st.markdown(refused)
        st.stop()
    if owner.person() is None:
        owner.lead_in(language)
        st.stop()
    st.logo(PICTURES / f"tandem-{'dark' if dark else 'light'}.svg", icon_image=PICTURES / "tandem.svg", size="large")
    page = st.navigation(menu.sections(owner.viewer(), language), expanded=True)
    menu.alone(owner.viewer(), language)
    _open(page, language, dark=dark)


def _open(page: st.Page, language: str, *, dark: bool) -> None:
    viewer, zone = owner.viewer(), st.context.timezone
    try:
        version = newest.version()
    except NoSnapshot as reason:
        sidebar.foot(None, viewer, language, zone, studied())
        owner.banner(None, language)
        states.no_snapshot(str(reason), language)
        return
    as_of = frames.day(version, viewer)
    chosen = sidebar.asked(version, viewer, page.url_path, as_of, language)
    known = studied()
    sidebar.foot(version, viewer, language, zone, known)
    visit = Visit(
        viewer=viewer,
        language=language,
        dark=dark,
        zone=zone,
        version=version,
        as_of=as_of,
        scope=chosen.scope,
        filters=chosen.told,
        studied=repr(known),
    )
    owner.banner(version, language)
    if menu.may_see(viewer, page.url_path):
        freshness.warning(version, viewer, language, zone)
        states.note(chosen.left_out)
    _note(viewer, page.url_path)
    with guard.admitted(visit):
        _run(page, visit)


def _note(viewer: Viewer, page: str) -> None:
    """Keeps in the audit log that somebody opened a page; a rerun of the same page is no other."""
    if st.session_state.get(NOTED) != page:
        st.session_state[NOTED] = page
        accounts.note(viewer, "page", page)


def _run(page: st.Page, visit: Visit) -> None:
    """The page; a right that only an answer asks for, or a session that ends meanwhile, is told as at the door."""
    try:
        page.run()
    except NotAllowed as reason:
        guard.refuse(visit, reason)
    except PanicException as panic:  # no Exception: Streamlit would let the visitor wait for ever
        raise mishaps.Panicked from panic
