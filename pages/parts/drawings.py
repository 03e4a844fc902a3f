"""Figures on the screen."""

from typing import Any

import orjson
import plotly.graph_objects as go
import streamlit as st
from plotly.io import to_json

from display.theme import CONFIG
from pages.parts import states
from pages.parts.cache import beside


class _Packed(go.Figure):  # type: ignore[misc]
    """A finished figure as it travels: nothing of it is looked through or copied again in every run."""

    def __init__(self, figure: go.Figure) -> None:
        self._packed = orjson.loads(to_json(figure, validate=False))

    def to_dict(self) -> dict[str, Any]:
        """What travels."""
        return dict(self._packed)


_packed = beside(_Packed)


def show(figure: go.Figure | None, *, key: str, alt: str, none: str = "") -> None:
    """A finished figure; ``alt`` says what it shows to those who do not see it, ``none`` what is said without one."""
    if figure is None:
        states.note(none)
    else:
        st.plotly_chart(_packed(figure), theme=None, config=CONFIG, key=key, alt=alt)
