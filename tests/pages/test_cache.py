"""What is kept is kept for who sees the same, is made once, and is let go of."""

import gc
import weakref
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import polars as pl
import pytest

from analytics.access import Viewer
from analytics.scope import Scope
from answers import Snapshot
from pages.parts import cache
from pages.parts.cache import MOST, MOST_BESIDE, beside, cached, forget_kept

VERSION, NEWER = (Snapshot(Path(name), {"id": name}) for name in ("first", "second"))
OWNER = Viewer(user="a", role="owner")
Asked = tuple[Snapshot, Viewer, Scope, str]


def counted() -> tuple[Callable[[Snapshot, Viewer, Scope, str], object], list[Asked]]:
    """A question that is kept, and how often it was worked out."""
    asked: list[Asked] = []

    @cached
    def answer(version: Snapshot, viewer: Viewer, scope: Scope, code: str) -> object:
        asked.append((version, viewer, scope, code))
        return object()

    return answer, asked


def test_who_sees_the_same_is_given_the_same_and_nobody_else() -> None:
    answer, asked = counted()
    first = answer(VERSION, OWNER, Scope(), "x")
    assert answer(VERSION, Viewer(user="b", role="owner"), Scope(), "x") is first
    others: list[tuple[Snapshot, Viewer, Scope, str]] = [
        (NEWER, OWNER, Scope(), "x"),
        (VERSION, Viewer(user="a", role="sales"), Scope(), "x"),
        (VERSION, Viewer(user="a", role="owner", regions=frozenset({"r"})), Scope(), "x"),
        (VERSION, Viewer(user="a", role="owner", customers=frozenset({"k"})), Scope(), "x"),
        (VERSION, OWNER, Scope(regions=("r",)), "x"),
        (VERSION, OWNER, Scope(), "y"),
    ]
    found = [answer(*other) for other in others]
    assert len({id(one) for one in [first, *found]}) == len(others) + 1 == len(asked)


def test_only_the_latest_answers_are_kept_and_none_once_they_are_forgotten() -> None:
    answer, asked = counted()
    for number in range(MOST + 1):
        answer(VERSION, OWNER, Scope(), str(number))
    answer(VERSION, OWNER, Scope(), str(MOST))
    assert len(asked) == MOST + 1
    answer(VERSION, OWNER, Scope(), "0")
    assert len(asked) == MOST + 2
    forget_kept()
    answer(VERSION, OWNER, Scope(), "0")
    assert len(asked) == MOST + 3


def test_what_failed_is_asked_again() -> None:
    outcomes: list[Any] = [ValueError("away"), "there"]

    @cached
    def answer(_version: Snapshot) -> str:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return str(outcome)

    with pytest.raises(ValueError, match="away"):
        answer(VERSION)
    assert (answer(VERSION), answer(VERSION)) == ("there", "there")


def test_several_who_ask_at_once_are_given_what_one_of_them_made() -> None:
    answer, asked = counted()
    together, found = Barrier(8), list[object]()

    def ask() -> None:
        together.wait()
        found.append(answer(VERSION, OWNER, Scope(), "x"))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(asked), len(found), len(set(map(id, found)))) == (1, 8, 1)


def test_what_is_made_of_a_kept_frame_is_made_once_for_each_argument_and_goes_with_it() -> None:
    made: list[int] = []

    @beside
    def rows(of: pl.DataFrame, many: int) -> pl.DataFrame:
        made.append(many)
        return of.head(many)

    frame = pl.DataFrame({"a": [1, 2, 3]})
    first = rows(frame, 1)
    assert rows(frame, 1) is first
    assert rows(frame, 2).height == 2
    assert made == [1, 2]
    assert rows(frame.clone(), 1) is not first
    gone = weakref.ref(first)
    del first, frame
    gc.collect()
    assert gone() is None


def test_what_is_returned_as_it_was_given_does_not_keep_itself() -> None:
    same = beside(lambda of: of)
    frame = pl.DataFrame({"a": [1]})
    assert same(frame) is frame
    gone = weakref.ref(frame)
    del frame
    gc.collect()
    assert gone() is None


def test_of_one_frame_only_so_much_is_kept() -> None:
    frame, made = pl.DataFrame({"a": [1]}), list[int]()

    @beside
    def number(_of: pl.DataFrame, which: int) -> None:
        made.append(which)

    for which in [*range(MOST_BESIDE + 1), MOST_BESIDE, 0]:
        number(frame, which)
    assert made == [*range(MOST_BESIDE + 1), 0]


def test_every_function_of_the_cache_is_forgotten_together() -> None:
    answers = [counted() for _ in range(2)]
    for answer, _ in answers:
        answer(VERSION, OWNER, Scope(), "x")
    cache.forget_kept()
    for answer, asked in answers:
        answer(VERSION, OWNER, Scope(), "x")
        assert len(asked) == 2


def test_what_a_page_itself_defines_cannot_be_kept() -> None:
    def shown(of: Scope) -> str:
        return of.period

    shown.__module__ = "__main__"
    for keep in (cached, beside):
        with pytest.raises(TypeError, match="shown would be kept for one run"):
            keep(shown)
