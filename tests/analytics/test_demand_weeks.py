"""Demand by week: sums of seven days that are counted back from one day, beside the days that they are made of."""

from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.demand_weeks import AT, RECENT_WEEKS, WEEK_COLUMNS, WEEKS, by_week, of_late, of_late_by_day
from tests.analytics.firm import DAY, random_firm
from tests.analytics.summed import summed

DAILY = {**dict.fromkeys(AT, pl.String), "day_on": pl.Date, "quantity": pl.Float64}


def asked(*quantities: tuple[int, float], product: str = "bolt", site: str | None = "north") -> pl.DataFrame:
    """So much so many days ago."""
    rows = [(product, site, "c1", "N", DAY - timedelta(days=back), quantity) for back, quantity in quantities]
    return pl.DataFrame(rows, schema=DAILY, orient="row")


def weeks(daily: pl.DataFrame) -> dict[str, float]:
    row = by_week(daily, DAY).row(0, named=True)
    return {name: row[name] for name in WEEK_COLUMNS if row[name]}


def test_weeks_are_sums_of_seven_days_that_end_on_the_day() -> None:
    daily = asked((0, 1), (6, 2), (7, 4), (363, 8), (364, 16), (-1, 32))
    assert weeks(daily) == {"w0": 3, "w1": 4, "w51": 8}


def test_first_and_last_days_are_of_any_row_and_asked_ones_of_what_was_asked_for_until_the_day() -> None:
    row = by_week(asked((900, -1), (400, 2), (3, 5), (1, -5), (-4, 7)), DAY).row(0, named=True)
    days = {name: (DAY - row[name]).days for name in ("first_on", "last_on", "first_asked_on", "last_asked_on")}
    assert days == {"first_on": 900, "last_on": -4, "first_asked_on": 400, "last_asked_on": 3}


def test_what_no_site_is_known_for_has_a_row_of_its_own() -> None:
    rows = by_week(pl.concat([asked((0, 1)), asked((0, 2), site=None)]), DAY)
    assert rows.select("site_id", "w0").rows() == [("north", 1), (None, 2)]


def test_no_demand_has_no_rows() -> None:
    assert by_week(asked(), DAY).is_empty()
    assert of_late_by_day(asked(), DAY, 10).is_empty()


def test_a_history_of_some_days_counts_just_these() -> None:
    daily = asked((0, 1), (9, 2), (10, 4), (-1, 8))
    assert of_late_by_day(daily, DAY, 10)["asked"].to_list() == [3]
    assert of_late_by_day(daily, DAY, 1)["asked"].to_list() == [1]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("history", [1, RECENT_WEEKS, WEEKS])
def test_weeks_and_days_tell_the_same_of_whole_weeks(seed: int, history: int) -> None:
    made = summed(random_firm(seed), ("demand_by_item_day", "demand_by_item_week"))
    daily = made["demand_by_item_day"]
    assert_frame_equal(
        of_late(made["demand_by_item_week"], history),
        of_late_by_day(daily, DAY, 7 * history),
        check_column_order=False,
    )
    assert made["demand_by_item_week"].select(pl.sum_horizontal(WEEK_COLUMNS).sum()).item() == pytest.approx(
        float(daily.filter((pl.lit(DAY) - pl.col("day_on")).dt.total_days().is_between(0, 363))["quantity"].sum())
    )
