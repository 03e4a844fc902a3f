"""Demand and Forecast accuracy on the screen: before and after their studies are there, and only for who may see."""

import inspect
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from analytics.access import NotAllowed, Viewer
from data_access.home import firm_home
from display.words import say
from pages.parts import accuracy_frames, demand, demand_frames
from pages.parts.visit import Visit
from refresh.studies import work_out
from tests.pages import firms
from tests.pages.agent import Visitor, application

CACHED = {
    f"{module.__name__}.{name}": made
    for module in (demand_frames, accuracy_frames)
    for name, made in vars(module).items()
    if hasattr(made, "clear") and callable(made)
}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """The application, serving the busy firm with its studies."""
    place = tmp_path_factory.mktemp("foreseen")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANDEM_HOME", str(place))
        firms.busy()
        assert set(work_out(firm_home(), ["forecasts", "stock_outs"]).values()) == {None}
        with application(place) as visitor:
            yield visitor


def test_the_page_tells_what_will_be_asked_for_and_of_which_items(busy: Visitor) -> None:
    screen = busy.open("demand")
    kinds = {element["type"] for element in screen.elements()}
    assert "exception" not in kinds
    assert {"demand_weeks_figure", "demand_weeks", demand.TABLE} <= {
        element.get("key") for element in screen.elements()
    }
    drawn = [element for element in screen.elements() if element["type"] in ("plotly_chart", "dataframe")]
    assert all(element["props"]["alt"].strip() and element["key"] for element in drawn)


def test_an_item_is_opened_by_its_code_and_a_made_up_one_shows_all(busy: Visitor) -> None:
    item = busy.open("demand", item="desk", lang="zh", grain="days")
    assert "DESK" in item.title
    assert {"demand_days", "demand_sites"} <= {element.get("key") for element in item.elements()}
    other = busy.open("demand", item="nothing", grain="years")
    assert other.element(demand.LIST)["value"] == say("en", "demand.all")


def test_accuracy_says_what_cannot_be_tested_yet(busy: Visitor) -> None:
    screen = busy.open("accuracy")
    assert screen.title == say("en", "accuracy.title.nothing")
    assert "exception" not in {element["type"] for element in screen.elements()}


@pytest.mark.parametrize("page", ["demand", "accuracy"])
def test_before_there_is_a_study_the_page_says_that_it_is_being_worked_out(home: Path, page: str) -> None:
    firms.busy()
    with application(home) as visitor:
        screen = visitor.open(page)
        assert screen.title == say("en", f"menu.{page}")
        assert say("en", "demand.working") in screen.texts("subheader")


def test_no_cached_function_takes_a_frame_or_an_argument_that_is_left_out_of_the_key() -> None:
    assert len(CACHED) > 8
    for made in CACHED.values():
        parameters = inspect.signature(made).parameters
        assert list(parameters)[:4] == ["version", "viewer", "scope", "study"]
        assert not [name for name in parameters if name.startswith("_")]
        assert not [p for p in parameters.values() if p.annotation in (pl.DataFrame, pl.LazyFrame)]


def test_who_has_expired_finds_nothing_in_a_warm_cache() -> None:
    version = firms.busy()
    day = version.made_at.date()
    gone = Viewer(user="ada", role="owner", expires_at=datetime.now(UTC) - timedelta(seconds=1))
    for viewer in (Viewer(user="ada", role="owner"), gone):
        visit = Visit(viewer=viewer, language="en", dark=False, zone=None, version=version, as_of=day)
        asked = (
            lambda visit=visit: demand_frames.rows(visit, "weeks", ""),
            lambda visit=visit: demand_frames.names(visit),
            lambda visit=visit: accuracy_frames.skills(visit, "chances"),
            lambda visit=visit: accuracy_frames.foretold(visit),
        )
        for ask in asked:
            if viewer is gone:
                with pytest.raises(NotAllowed):
                    ask()
            else:
                ask()
