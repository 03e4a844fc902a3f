"""How answers and finished figures are kept: by snapshot, by what the viewer may see, and by what is asked.

What is kept is shared by all who may see the same, and never changed. No frame is ever an argument: a cache would tell
two large ones apart by a sample.

What visitors asked of a version is remembered, so that it can be asked of the next one before anybody waits for it.

Streamlit's own caches work out anew at every call what a function's arguments are called and what is in them; a page
asks dozens of times in a run.
"""

import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from threading import Lock, RLock
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from analytics.access import Viewer
from analytics.scope import Scope
from answers import Snapshot

Asked = ParamSpec("Asked")
Made = TypeVar("Made")
Of = TypeVar("Of")
KEYS: dict[str | type[Any], Callable[[Any], str]] = {
    Snapshot: lambda version: version.id,
    Viewer: lambda viewer: viewer.scope_key,
    Scope: repr,
}
MOST, MOST_ASKED, MOST_BESIDE = 256, 1024, 16
Question = Callable[[Snapshot], object]
_ASKED: OrderedDict[Hashable, tuple[str, Question]] = OrderedDict()
_ALONE = Lock()
NOTHING = object()


@dataclass(eq=False)
class _Place(Generic[Made]):
    """Where one answer is kept once it is made. Only one makes it, and the others wait for it."""

    alone: RLock = field(default_factory=RLock)
    made: list[Made] = field(default_factory=list)

    def filled(self, make: Callable[[], Made]) -> Made:
        if not self.made:
            with self.alone:
                if not self.made:
                    self.made.append(make())
        return self.made[0]


class _Kept(Generic[Made]):
    """The answers of one function, the latest asked for last."""

    def __init__(self) -> None:
        self._places: OrderedDict[Hashable, _Place[Made]] = OrderedDict()
        self._alone = Lock()

    def place(self, key: Hashable) -> _Place[Made]:
        """Where the answer of that key is kept, or will be."""
        with self._alone:
            place = self._places.setdefault(key, _Place())
            self._places.move_to_end(key)
            if len(self._places) > MOST:
                self._places.popitem(last=False)
        return place

    def clear(self) -> None:
        """Lets go of all of them."""
        with self._alone:
            self._places.clear()


_KEPT: list[_Kept[Any]] = []


def cached(make: Callable[Asked, Made]) -> Callable[Asked, Made]:
    """Keeps what the function makes; its arguments are snapshot, viewer, scope and plain codes. Raises ``TypeError``
    for a function of a page's script, which is another one in every run."""
    _refuse_scripts(make)
    kept: _Kept[Made] = _Kept()
    _KEPT.append(kept)
    name = f"{make.__module__}.{make.__qualname__}"

    def answer(key: Hashable, given: tuple[Any, ...], named: dict[str, Any]) -> Made:
        return kept.place(key).filled(lambda: make(*given, **named))

    @wraps(make)
    def asked(*given: Asked.args, **named: Asked.kwargs) -> Made:
        key = _keys(given, named)
        if given and isinstance(version := given[0], Snapshot):
            rest = given[1:]
            _note((name, *key[1:]), version.id, lambda newer: answer((_key(newer), *key[1:]), (newer, *rest), named))
        return answer(key, given, named)

    asked.clear = kept.clear  # type: ignore[attr-defined]
    return asked


def beside(make: Callable[Concatenate[Of, Asked], Made]) -> Callable[Concatenate[Of, Asked], Made]:
    """Keeps what the function makes of its first argument as long as that itself is kept, for each of the others: the
    same is not made of it again in every run. Raises ``TypeError`` like ``cached``."""
    _refuse_scripts(make)
    kept: dict[int, dict[Hashable, Made]] = {}

    @wraps(make)
    def asked(of: Of, /, *given: Asked.args, **named: Asked.kwargs) -> Made:
        known, key = kept.get(id(of)), (given, tuple(sorted(named.items())))
        if known is None:
            known = kept.setdefault(id(of), {})
            weakref.finalize(of, kept.pop, id(of), None).atexit = False
        made = known.get(key, NOTHING)
        if made is NOTHING:
            made = make(of, *given, **named)
            if len(known) >= MOST_BESIDE:
                known.clear()
            if made is not of:  # what is kept would keep itself
                known[key] = made
        return made  # type: ignore[return-value]  # it is not NOTHING

    return asked


def _refuse_scripts(make: Callable[..., object]) -> None:
    if make.__module__ == "__main__":
        raise TypeError(f"{make.__qualname__} would be kept for one run: it belongs into a module that pages import.")


def _note(called: Hashable, version: str, question: Question) -> None:
    with _ALONE:
        _ASKED[called] = (version, question)
        _ASKED.move_to_end(called)
        if len(_ASKED) > MOST_ASKED:
            _ASKED.popitem(last=False)


def _keys(given: tuple[object, ...], named: dict[str, object]) -> tuple[str, ...]:
    return (*map(_key, given), *(f"{word}={_key(value)}" for word, value in sorted(named.items())))


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


def forget_kept() -> None:
    """Lets go of every answer."""
    for kept in _KEPT:
        kept.clear()
