"""Figures of people beside a forecast: who may give, see and withdraw them, and what is kept."""

from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from analytics.access import NotAllowed, Viewer
from analytics.scope import Scope
from answers import Snapshot, demand, overrides
from answers.overrides import Figure, OverrideRefused
from data_access import studies
from data_access.home import firm_home
from tests.analytics.demand_firm import AS_OF
from tests.answers.test_demand import AT, published, told

SALES, EVERYTHING = Viewer(user="ada", role="sales"), Scope()
OWNER = Viewer(user="eva", role="owner")
NORTH = Viewer(user="bo", role="sales", regions=frozenset({"N"}))


@pytest.fixture(autouse=True)
def version(home: object) -> Snapshot:
    """The firm of the forecast, with its study."""
    snapshot = published()
    studies.save(firm_home(), demand.STUDY, snapshot, told(), as_of_on=AS_OF, at=AT)
    return snapshot


def give(viewer: Viewer = SALES, scope: Scope = EVERYTHING, **changes: Any) -> int:
    usual: dict[str, Any] = {"product_id": "p3", "days": 28, "quantity": 80.0, "reason": "A fair"}
    return overrides.give(viewer, scope, Figure(**(usual | changes)), at=AT)


def test_a_figure_is_kept_with_its_author_its_reason_and_what_was_told() -> None:
    number = give(reason=" A fair ")
    row = overrides.register(SALES, EVERYTHING, "p3").row(0, named=True)
    span = demand.spans(SALES, EVERYTHING, "p3").filter(pl.col("days") == 28).row(0, named=True)
    assert (row["number"], row["person"], row["reason"], row["figure"]) == (number, "ada", "A fair", 80.0)
    assert (row["told"], row["low"], row["high"]) == (span["mean"], span["q10"], span["q90"])
    assert (row["from_on"], row["until_on"]) == (AS_OF + timedelta(days=1), AS_OF + timedelta(days=28))
    assert (row["state"], row["came"]) == ("stands", None)
    assert overrides.standing(SALES, EVERYTHING, "p3")["number"].to_list() == [number]


def test_a_figure_changes_no_forecast() -> None:
    before = demand.spans(OWNER, EVERYTHING, "p3")
    give(quantity=1e6)
    assert demand.spans(OWNER, EVERYTHING, "p3").equals(before)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("no_forecast", {"product_id": "nothing"}),
        ("no_forecast", {"days": 7}),
        ("no_figure", {"quantity": -1.0}),
        ("no_figure", {"quantity": float("nan")}),
        ("no_figure", {"quantity": float("inf")}),
        ("no_reason", {"reason": "  "}),
    ],
)
def test_what_is_no_figure_is_refused_by_name(rule: str, changes: dict[str, Any]) -> None:
    with pytest.raises(OverrideRefused) as refused:
        give(**changes)
    assert refused.value.rule == rule
    assert overrides.register(OWNER, EVERYTHING).is_empty()


def test_only_who_may_gives_and_withdraws() -> None:
    number = give()
    for role in ("executive", "administrator"):
        with pytest.raises(NotAllowed):
            give(Viewer(user="ada", role=role))
        with pytest.raises(NotAllowed):
            overrides.withdraw(Viewer(user="ada", role=role), EVERYTHING, number)
    assert overrides.register(Viewer(user="x", role="executive"), EVERYTHING).height == 1


def test_one_withdraws_ones_own_once_and_an_owner_anybodys() -> None:
    number = give()
    with pytest.raises(OverrideRefused, match="gone"):
        overrides.withdraw(Viewer(user="bo", role="sales"), EVERYTHING, number)
    overrides.withdraw(SALES, EVERYTHING, number)
    assert overrides.register(SALES, EVERYTHING)["state"].to_list() == ["withdrawn"]
    with pytest.raises(OverrideRefused, match="gone"):
        overrides.withdraw(SALES, EVERYTHING, number)
    other = give()
    overrides.withdraw(OWNER, EVERYTHING, other)
    assert overrides.standing(SALES, EVERYTHING, "p3").is_empty()


def test_who_sees_one_region_is_told_of_figures_of_that_region_alone() -> None:
    give(quantity=7.0)
    own = give(NORTH, quantity=5.0)
    assert overrides.register(NORTH, EVERYTHING)["number"].to_list() == [own]
    assert overrides.register(Viewer(user="bo", role="sales", regions=frozenset({"S"})), EVERYTHING).is_empty()
    assert overrides.register(OWNER, EVERYTHING)["figure"].to_list() == [5.0, 7.0]
    assert overrides.register(Viewer(user="c", role="sales", companies=frozenset({"d"})), EVERYTHING).is_empty()


def test_a_figure_stands_beside_the_forecast_of_the_same_places_only() -> None:
    whole, north = give(), give(scope=Scope(regions=("N",)))
    assert overrides.standing(OWNER, EVERYTHING, "p3")["number"].to_list() == [whole]
    assert overrides.standing(OWNER, Scope(regions=("N",)), "p3")["number"].to_list() == [north]
    assert overrides.register(OWNER, Scope(regions=("N",)))["number"].to_list() == [north]
    assert overrides.register(OWNER, Scope(categories=("a",))).is_empty()


def test_without_any_figure_that_ended_nothing_is_scored() -> None:
    assert overrides.value_added(OWNER, EVERYTHING, "person").is_empty()
    give()
    assert overrides.value_added(OWNER, EVERYTHING, "product_id").is_empty()
    assert overrides.mark() == 1


def test_when_its_days_are_over_a_figure_is_compared_with_what_came(version: Snapshot) -> None:
    early = AS_OF - timedelta(days=28)
    studies.save(firm_home(), demand.STUDY, version, told(), as_of_on=early, at=AT + timedelta(hours=1))
    give()
    row = overrides.register(SALES, EVERYTHING).row(0, named=True)
    assert (row["until_on"], row["state"], row["came"]) == (AS_OF, "ended", 0.0)
    added = overrides.value_added(SALES, EVERYTHING, "product_id").row(0, named=True)
    assert (added["name"], added["figures"], added["added"]) == ("Item 3", 1, None)
