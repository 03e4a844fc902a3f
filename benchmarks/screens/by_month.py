"""Revenue by month and category over three years as a screen of its own: the question that others are measured by.

``benchmarks.reruns`` serves it. It is drawn as the figures of all pages are.
"""

import streamlit as st

from analytics.access import Viewer
from analytics.scope import Scope
from benchmarks.screens import figures
from pages.parts import drawings, newest


def page() -> None:
    """The screen."""
    region = st.selectbox("Region", ["", "DE", "US", "CN"], key="region")
    scope = Scope(regions=(region,) if region else ())
    st.title("Revenue by month and category")
    shown = figures.by_month(newest.version(), Viewer(user="owner", role="owner"), scope, dark=False)
    drawings.show(shown, key="by_month", alt="Revenue by month and category")


if __name__ == "__main__":
    page()
