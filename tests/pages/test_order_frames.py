"""What is cached of orders is everybody's own, by rights, scope and what is listed."""

import inspect
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.access import NotAllowed, Viewer
from analytics.order_flow import TO_DELIVER
from answers import Snapshot
from pages.parts import order_frames as frames
from pages.parts.visit import Visit
from tests.analytics.test_order_flow import flow_firm
from tests.answers.served import served

CACHED = {name: made for name, made in vars(frames).items() if hasattr(made, "clear") and callable(made)}
ASKED = (frames.open_orders, frames.steps, frames.steps_shown, frames.flow, frames.cycle, frames.spread)


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


@pytest.mark.parametrize("ask", ASKED)
def test_who_has_expired_finds_nothing_in_a_warm_cache(ask: Any) -> None:
    version = served(flow_firm(1))
    ask(visit(version))
    with pytest.raises(NotAllowed):
        ask(visit(version, expires_at=datetime.now(UTC) - timedelta(seconds=1)))


def test_people_with_the_same_rights_share_a_frame_and_others_never() -> None:
    version = served(flow_firm(1))
    mine = frames.open_orders(visit(version))
    assert frames.open_orders(visit(version, user="bob")) is mine
    assert not frames.open_orders(visit(version, companies=frozenset({"c2"}))).equals(mine)


def test_every_open_order_is_listed_under_its_stage() -> None:
    asked = visit(served(flow_firm(1)))
    known = frames.open_orders(asked)
    parts = [frames.listed(asked, stage, "").height for stage in known["stage"].unique()]
    assert sum(parts) == known.height
    assert frames.listed(asked, frames.ALL, "").height == known.filter(pl.col("stage").is_in(TO_DELIVER)).height
    assert frames.listed(asked, "late", "")["is_late"].all()


def test_an_order_is_found_by_its_number_in_any_case() -> None:
    asked = visit(served(flow_firm(1)))
    number = frames.listed(asked, frames.ALL, "")["document"][0]
    assert number in frames.listed(asked, frames.ALL, f" {number.lower()} ")["document"]
    shown = frames.listed_shown(asked, frames.ALL, number)
    assert shown.frame.height == frames.listed(asked, frames.ALL, number).height
