"""What is cached of stock-outs is everybody's own, by rights and scope."""

import inspect
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.access import NotAllowed, Viewer
from answers import Snapshot
from pages.parts import stock_out_frames as frames
from pages.parts.stock_outs import keys_of
from pages.parts.visit import Visit
from tests.pages import firms

CACHED = {name: made for name, made in vars(frames).items() if hasattr(made, "clear") and callable(made)}
OF_ALL = (frames.risks, frames.listed, frames.ranked, frames.silent, frames.hit)
OF_ONE = (frames.course, frames.receipts, frames.covers, frames.orders, frames.grounds, frames.chance_figure,
          frames.course_figure, frames.risk, frames.names)  # fmt: skip


def visit(version: Snapshot, **rights: Any) -> Visit:
    viewer = Viewer(**({"user": "ada", "role": "owner"} | rights))
    day = version.made_at.date()
    return Visit(viewer=viewer, language="en", dark=False, zone=None, version=version, as_of=day)


def test_no_cached_function_takes_a_frame_or_an_argument_that_is_left_out_of_the_key() -> None:
    assert len(CACHED) > 6
    for made in CACHED.values():
        parameters = inspect.signature(made).parameters
        assert list(parameters)[:3] == ["version", "viewer", "scope"]
        assert not [name for name in parameters if name.startswith("_")]
        assert not [p for p in parameters.values() if p.annotation in (pl.DataFrame, pl.LazyFrame)]


def test_who_has_expired_finds_nothing_in_a_warm_cache() -> None:
    version = firms.busy()
    key = keys_of(frames.risks(visit(version)))[0]
    gone = visit(version, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    for ask in OF_ALL:
        ask(visit(version))
        with pytest.raises(NotAllowed):
            ask(gone)
    for ask_one in OF_ONE:
        ask_one(visit(version), key)
        with pytest.raises(NotAllowed):
            ask_one(gone, key)


def test_people_with_the_same_rights_share_a_frame_and_others_never() -> None:
    version = firms.busy()
    mine = frames.risks(visit(version))
    assert frames.risks(visit(version, user="bob")) is mine
    for rights in ({"role": "sales"}, {"companies": frozenset({"c2"})}, {"regions": frozenset({"N"})}):
        assert not frames.risks(visit(version, **rights)).equals(mine)


def test_a_chosen_item_that_is_not_listed_has_a_name_too() -> None:
    version = firms.busy()
    for key in keys_of(frames.risks(visit(version))):
        assert frames.names(visit(version), key)[key]
