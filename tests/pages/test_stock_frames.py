"""What is cached of stock is everybody's own, by rights, scope and basis of cost."""

import inspect
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.access import NotAllowed, Viewer
from analytics.valuation import BASES
from answers import Snapshot
from pages.parts import stock_frames as frames
from pages.parts.visit import Visit
from tests.pages import firms

CACHED = {name: made for name, made in vars(frames).items() if hasattr(made, "clear") and callable(made)}
ASKED = (frames.positions, frames.ages, frames.tied_up, frames.classes, frames.age_figure, frames.class_figure)


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
    version = firms.busy()
    ask(visit(version), BASES[0])
    with pytest.raises(NotAllowed):
        ask(visit(version, expires_at=datetime.now(UTC) - timedelta(seconds=1)), BASES[0])


def test_people_with_the_same_rights_share_a_frame_and_others_never() -> None:
    version = firms.busy()
    mine = frames.positions(visit(version), BASES[0])
    assert frames.positions(visit(version, user="bob"), BASES[0]) is mine
    for rights in ({"role": "sales"}, {"companies": frozenset({"c2"})}, {"regions": frozenset({"N"})}):
        assert not frames.positions(visit(version, **rights), BASES[0]).equals(mine)


def test_an_item_at_each_site_adds_up_to_the_stock_of_the_item() -> None:
    version = firms.busy()
    rows = frames.by_site(visit(version), "bolt").frame
    held = frames.positions(visit(version), BASES[0]).filter(pl.col("product_id") == "bolt")
    assert rows["on_hand"].sum() == pytest.approx(held["on_hand"].sum())
