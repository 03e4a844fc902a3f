"""Figures on the screen."""

import plotly.graph_objects as go
import streamlit as st

from display.theme import CONFIG
from pages.parts import states


def show(figure: go.Figure | None, *, key: str, alt: str, none: str = "") -> None:
    """A finished figure; ``alt`` says what it shows to those who do not see it, ``none`` what is said without one."""
    if figure is None:
        states.note(none)
    else:
        st.plotly_chart(figure, theme=None, config=CONFIG, key=key, alt=alt)
