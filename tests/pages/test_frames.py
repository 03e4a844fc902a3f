"""The cache gives everybody what is theirs, and nothing else."""

import inspect
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.access import NotAllowed, Viewer
from analytics.scope import Scope
from answers import Snapshot
from pages.parts import frames
from pages.parts.visit import Visit
from tests.pages import firms

CACHED = {name: made for name, made in vars(frames).items() if hasattr(made, "clear") and callable(made)}


def visit(version: Snapshot, scope: Scope | None = None, **rights: Any) -> Visit:
    viewer = Viewer(**({"user": "ada", "role": "owner"} | rights))
    return Visit(
        viewer=viewer,
        language="en",
        dark=False,
        zone=None,
        version=version,
        as_of=version.made_at.date(),
        scope=scope or Scope(),
    )


def test_no_cached_function_takes_a_frame_or_an_argument_that_is_left_out_of_the_key() -> None:
    assert len(CACHED) > 8
    for made in CACHED.values():
        parameters = inspect.signature(made).parameters
        assert list(parameters)[:2] == ["version", "viewer"]
        assert not [name for name in parameters if name.startswith("_")]
        assert not [p for p in parameters.values() if p.annotation in (pl.DataFrame, pl.LazyFrame)]


def test_two_people_with_the_same_rights_share_a_frame() -> None:
    version = firms.busy()
    assert frames.outlook(visit(version, user="ada")) is frames.outlook(visit(version, user="bob"))


@pytest.mark.parametrize(
    "rights",
    [
        {"role": "sales"},
        {"companies": frozenset({"c2"})},
        {"regions": frozenset({"N"})},
        {"without": frozenset({"costs"})},
    ],
    ids=str,
)
def test_people_with_other_rights_never_share_a_frame(rights: dict[str, Any]) -> None:
    version = firms.busy()
    mine = frames.outlook(visit(version))
    theirs = frames.outlook(visit(version, **rights))
    assert theirs is not mine
    assert not theirs.equals(mine)


def test_another_scope_or_version_is_another_frame() -> None:
    version = firms.busy()
    asked = visit(version)
    everywhere = frames.outlook(asked)
    assert not frames.outlook(visit(version, Scope(sites=("shop",)))).equals(everywhere)
    later = firms.busy()
    assert later.id != version.id
    assert frames.outlook(visit(later)) is not everywhere


def test_who_has_expired_finds_nothing_in_a_warm_cache() -> None:
    version = firms.busy()
    frames.outlook(visit(version))
    frames.sources(visit(version))
    expired = visit(version, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    for ask in (frames.outlook, frames.ranked, frames.grouped, frames.sources, frames.tables, frames.quarantine):
        with pytest.raises(NotAllowed):
            ask(expired)


def test_a_figure_is_drawn_once_for_a_language_and_a_light() -> None:
    version = firms.busy()
    asked = visit(version)
    item = frames.outlook(asked).item(0, "product_id")
    assert frames.projected_stock(asked, item) is frames.projected_stock(asked, item)
    darker = Visit(**(vars(asked) | {"dark": True}))
    assert frames.projected_stock(darker, item) is not frames.projected_stock(asked, item)
