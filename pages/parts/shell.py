"""Around every page: who looks, in which language, at which part of the firm; then the page that was asked for."""

from pathlib import Path

import streamlit as st

from answers import NoSnapshot, snapshot
from pages.parts import address, frames, guard, menu, owner, sidebar, states
from pages.parts.visit import Visit

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
    st.logo(PICTURES / f"tandem-{'dark' if dark else 'light'}.svg", icon_image=PICTURES / "tandem.svg", size="large")
    _open(st.navigation(menu.sections(owner.viewer(), language)), language, dark=dark)


def _open(page: st.Page, language: str, *, dark: bool) -> None:
    viewer, zone = owner.viewer(), st.context.timezone
    try:
        version = snapshot()
    except NoSnapshot as reason:
        sidebar.foot(None, language, zone)
        states.no_snapshot(str(reason), language)
        return
    scope, filters = sidebar.filters(version, viewer, page.url_path, language)
    sidebar.foot(version, language, zone)
    visit = Visit(
        viewer=viewer,
        language=language,
        dark=dark,
        zone=zone,
        version=version,
        as_of=frames.day(version, viewer),
        scope=scope,
        filters=filters,
    )
    with guard.admitted(visit):
        page.run()
