"""How answers and finished figures are kept: by snapshot, by what the viewer may see, and by what is asked.

What is kept is shared by all who may see the same, and never changed. No frame is ever an argument: a cache would tell
two large ones apart by a sample.
"""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import streamlit as st

from analytics.access import Viewer
from analytics.scope import Scope
from answers import Snapshot

Asked = ParamSpec("Asked")
Made = TypeVar("Made")
KEYS: dict[str | type[Any], Callable[[Any], str]] = {
    Snapshot: lambda version: version.id,
    Viewer: lambda viewer: viewer.scope_key,
    Scope: repr,
}
MOST = 256


def cached(make: Callable[Asked, Made]) -> Callable[Asked, Made]:
    """Keeps what the function makes; its arguments are snapshot, viewer, scope and plain codes."""
    return st.cache_resource(max_entries=MOST, show_spinner=False, hash_funcs=KEYS)(make)
