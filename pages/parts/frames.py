"""The only cache: answers and finished figures, by snapshot, by what the viewer may see, and by what is asked.

Frames are shared by all who may see the same, and never changed. No frame is ever an argument here: a cache would tell two large ones apart by a sample.
"""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from analytics.access import Viewer, require
from analytics.scope import Scope
from answers import health as health_answers
from answers import inventory as inventory_answers
from display.figures import health as health_figures
from display.figures import inventory as inventory_figures
from display.tables.inventory import item_name
from pages.parts.visit import Visit

KEYS = {Viewer: lambda viewer: viewer.scope_key, Scope: repr}
Cached = TypeVar("Cached", bound=Callable[..., object])


def _cached(function: Cached) -> Cached:
    return st.cache_resource(max_entries=128, show_spinner=False, hash_funcs=KEYS)(function)


@_cached
def _inventory(snapshot_id: str, viewer: Viewer, scope: Scope, question: str) -> pl.DataFrame:
    return getattr(inventory_answers, question)(viewer, scope)


@_cached
def _of_item(snapshot_id: str, viewer: Viewer, scope: Scope, question: str, product_id: str) -> pl.DataFrame:
    return getattr(inventory_answers, question)(viewer, scope, product_id)


@_cached
def _health(snapshot_id: str, viewer: Viewer, question: str, attempt: str) -> pl.DataFrame:
    return getattr(health_answers, question)(viewer)
