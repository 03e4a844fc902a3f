"""Figures that people put beside forecasts: what came of them, and whether they were nearer."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from analytics.overrides import ASKED_AT, GIVEN, value_added, with_what_came

DAY = date(2026, 3, 1)
NOON = datetime(2026, 2, 28, 12, tzinfo=UTC)
SOLD = pl.DataFrame(
    {
        "product_id": ["bolt"] * 4,
        "site_id": ["north", "north", "south", "north"],
        "company_id": ["c"] * 4,
        "region": ["N", "N", "S", "N"],
        "day_on": [DAY, DAY + timedelta(days=27), DAY, DAY + timedelta(days=28)],
        "quantity": [3.0, 4.0, 100.0, 50.0],
    }
)


def figures(*changes: dict[str, Any], places: str = "north") -> pl.DataFrame:
    """Of bolts in the north, 28 days from the first of March: 10 said the forecast, 8 a person."""
    usual: dict[str, Any] = {"person": "ada", "product_id": "bolt", "places": places, "days": 28, "from_on": DAY}
    usual |= {"told": 10.0, "figure": 8.0, "given_at": NOON, "withdrawn_at": None}
    rows = [usual | {"number": number} | change for number, change in enumerate(changes or ({},), 1)]
    return pl.DataFrame(rows, schema=GIVEN)


def came(rows: pl.DataFrame, after: int = 27) -> pl.DataFrame:
    """What is known so many days after the first of March."""
    places = [(number, item, "north", "c", "N") for number, item in rows.select("number", "product_id").iter_rows()]
    asked = pl.DataFrame(places, schema=ASKED_AT, orient="row")
    return with_what_came(rows, asked, SOLD, pl.lit(DAY + timedelta(days=after)))


def test_what_came_is_asked_of_its_own_days_and_places() -> None:
    row = came(figures()).row(0, named=True)
    assert (row["came"], row["state"], row["is_scored"]) == (7.0, "ended", True)
    assert row["until_on"] == DAY + timedelta(days=27)


def test_before_its_days_are_over_nothing_is_scored() -> None:
    row = came(figures(), after=26).row(0, named=True)
    assert (row["came"], row["state"], row["is_scored"]) == (None, "stands", False)


def test_nothing_asked_for_is_zero_and_not_unknown() -> None:
    assert came(figures({"product_id": "nut"}))["came"].to_list() == [0.0]


def test_a_later_figure_replaces_one_and_both_are_scored() -> None:
    two = figures({}, {"figure": 9.0})
    assert came(two, after=5)["state"].to_list() == ["replaced", "stands"]
    assert came(two)["is_scored"].to_list() == [True, True]
    taken = figures({}, {"withdrawn_at": NOON})
    assert came(taken, after=5)["state"].to_list() == ["stands", "withdrawn"]


def test_a_slip_is_not_scored_and_a_change_of_mind_is() -> None:
    hours = ({"withdrawn_at": NOON + timedelta(hours=24)}, {"withdrawn_at": NOON + timedelta(hours=25)})
    assert came(figures(*hours))["is_scored"].to_list() == [False, True]


def test_value_added_is_what_was_missed_less_than_by_the_forecast() -> None:
    rows = came(figures({}, {"person": "bo", "figure": 14.0})).with_columns(price=pl.lit(2.0))
    told = {row["person"]: row for row in value_added(rows, "person").iter_rows(named=True)}
    assert (told["ada"]["missed"], told["ada"]["missed_by_forecast"]) == (1 / 7, 3 / 7)
    assert (told["ada"]["nearer"], told["bo"]["nearer"], told["bo"]["added"]) == (1, 0, -4 / 7)
    assert told["ada"]["low"] is None


def test_from_five_figures_on_a_range_is_told() -> None:
    rows = came(figures(*({"figure": float(number)} for number in range(6, 11)))).with_columns(price=pl.lit(1.0))
    row = value_added(rows, "product_id").row(0, named=True)
    assert row["figures"] == 5
    assert row["low"] < row["added"] < row["high"]


def test_where_nothing_came_there_is_no_ratio() -> None:
    rows = came(figures({"product_id": "nut"})).with_columns(price=pl.lit(1.0))
    assert value_added(rows, "person").select("missed", "added").rows() == [(None, None)]
