"""How answers and finished figures are kept: by snapshot, by what the viewer may see, and by what is asked.

What is kept is shared by all who may see the same, and never changed. No frame is ever an argument: a cache would tell
two large ones apart by a sample.

What visitors asked of a version is remembered, so that it can be asked of the next one before anybody waits for it.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import wraps
from threading import Lock
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
MOST, MOST_ASKED = 256, 1024
Question = Callable[[Snapshot], object]
_ASKED: OrderedDict[str, tuple[str, Question]] = OrderedDict()
_ALONE = Lock()


def cached(make: Callable[Asked, Made]) -> Callable[Asked, Made]:
    """Keeps what the function makes; its arguments are snapshot, viewer, scope and plain codes."""
    keep = st.cache_resource(max_entries=MOST, show_spinner=False, hash_funcs=KEYS)(make)

    @wraps(make)
    def asked(*given: Asked.args, **named: Asked.kwargs) -> Made:
        if given and isinstance(given[0], Snapshot):
            _note(f"{make.__module__}.{make.__qualname__}", keep, given[0], given[1:], named)
        return keep(*given, **named)

    asked.clear = keep.clear  # type: ignore[attr-defined]
    return asked


def _note(
    name: str, keep: Callable[..., object], version: Snapshot, given: tuple[object, ...], named: dict[str, object]
) -> None:
    called = " ".join([name, *map(_key, given), *(f"{word}={_key(value)}" for word, value in sorted(named.items()))])
    with _ALONE:
        _ASKED[called] = (version.id, lambda newer: keep(newer, *given, **named))
        _ASKED.move_to_end(called)
        if len(_ASKED) > MOST_ASKED:
            _ASKED.popitem(last=False)


def _key(value: object) -> str:
    return KEYS.get(type(value), repr)(value)


def asked_of(version: Snapshot) -> Iterator[Question]:
    """What visitors asked of a version, the latest first: to be asked of the next one, as whoever asked it."""
    with _ALONE:
        known = [question for of, question in reversed(_ASKED.values()) if of == version.id]
    yield from known


def forget_asked() -> None:
    """Lets go of what was asked: it may name who is to be forgotten."""
    with _ALONE:
        _ASKED.clear()
