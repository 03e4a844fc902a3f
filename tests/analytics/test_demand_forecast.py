"""The firm's own forecast: sums add up, nothing leaks from region to region, and what comes lies in the bands."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics import demand_record
from analytics.demand_forecast import LEVELS, Told, days_frame, shapes, shares_of_days, told, weeks_frame
from analytics.demand_outlook import Known, outlooks
from analytics.demand_parts import Weeks, parts
from analytics.demand_season import with_season
from analytics.demand_sums import missed_in_common, summed
from tests.analytics.demand_firm import AS_OF, CATEGORIES, NO_DAYS, WEEKS, firm, weekly


@pytest.fixture(scope="module")
def now() -> Told:
    made = told(weekly(), CATEGORIES, NO_DAYS, AS_OF)
    assert made is not None
    return made


def test_quantiles_are_ordered_finite_and_never_negative(now: Told) -> None:
    numbers = weeks_frame(now).select(tuple(LEVELS)).to_numpy()
    assert np.isfinite(numbers).all()
    assert (numbers >= 0).all()
    assert (np.diff(numbers, axis=1) >= 0).all()


def test_weeks_add_up_to_their_sum_and_days_to_their_weeks(now: Told) -> None:
    weeks = weeks_frame(now)
    assert weeks["mean"].sum() == pytest.approx(now.sums(0, 13)[0].sum(), abs=1e-9)
    history = weekly().select("product_id", day_on="week_on")
    shares = shares_of_days(history, pl.DataFrame(schema={"day_on": pl.Date, "share": pl.Float64}), AS_OF)
    days = days_frame(now, shares)
    first = weeks.filter(pl.col("week_on") == AS_OF + timedelta(days=7))["mean"].sum()
    assert days.filter(pl.col("day_on") <= AS_OF + timedelta(days=7))["mean"].sum() == pytest.approx(first, abs=1e-9)


def test_a_day_that_is_closed_gets_what_the_quietest_day_has() -> None:
    days = pl.DataFrame({"day_on": [AS_OF - timedelta(days=back) for back in range(140)]})
    busy = days.filter(pl.col("day_on").dt.weekday() < 6)
    closed = pl.DataFrame({"day_on": [AS_OF + timedelta(days=1)], "share": [0.0]})
    shares = shares_of_days(busy, closed, AS_OF)["share"].to_list()
    assert shares[:7] == [0.0, 0.25, 0.25, 0.25, 0.25, 0.0, 0.0]
    assert sum(shares) == pytest.approx(4.0)


def test_what_came_after_the_origin_changes_nothing() -> None:
    origin = AS_OF - timedelta(days=91)
    known = weekly().filter(pl.col("week_on") <= origin)
    whole, part = told(weekly(), CATEGORIES, NO_DAYS, origin), told(known, CATEGORIES, NO_DAYS, origin)
    assert whole is not None
    assert part is not None
    assert_frame_equal(weeks_frame(whole), weeks_frame(part), check_exact=True)


def test_ten_times_the_demand_is_ten_times_the_forecast(now: Told) -> None:
    larger = told(weekly(scale=10.0), CATEGORIES, NO_DAYS, AS_OF)
    assert larger is not None
    assert larger.expected == pytest.approx(10 * now.expected, rel=1e-6)


def test_nothing_asked_for_is_no_forecast() -> None:
    assert told(weekly().clear(), CATEGORIES, NO_DAYS, AS_OF) is None


def test_a_season_is_told_where_two_years_know_one_and_not_before() -> None:
    opened = pl.DataFrame(schema={"week_on": pl.Date, "opened": pl.Float64})
    found = with_season(weekly(), opened, CATEGORIES, AS_OF)["opened"].to_numpy()
    assert found.size == WEEKS + 13
    assert found.max() / found.min() == pytest.approx(1.4 / 0.6, rel=0.25)
    assert with_season(weekly(weeks=100), opened, CATEGORIES, AS_OF).is_empty()


def test_bands_hold_about_what_they_should(now: Told) -> None:
    made = told(weekly(seed=5), CATEGORIES, NO_DAYS, AS_OF - timedelta(days=91))
    assert made is not None
    weeks = demand_record.record(made, weekly(seed=5)).filter(pl.col("span").str.starts_with("week"))
    cases = float(weeks["cases"].sum())
    assert 0.75 <= float(weeks["within_80"].sum()) / cases <= 0.97
    assert float(weeks["within_95"].sum()) / cases >= 0.88


def test_the_record_counts_what_came_and_what_was_missed(now: Told) -> None:
    made = told(weekly(), CATEGORIES, NO_DAYS, AS_OF - timedelta(days=91))
    assert made is not None
    rows = demand_record.record(made, weekly())
    whole = rows.filter(pl.col("span") == "sum_13")
    came = weekly().filter(pl.col("week_on") > AS_OF - timedelta(days=91))["recorded"].sum()
    assert whole["came"].sum() == came
    assert (rows["missed"] >= (rows["told"] - rows["came"]).abs() - 1e-9).all()


def test_hindcasts_know_a_year_at_least() -> None:
    assert demand_record.origins(AS_OF, AS_OF - timedelta(days=364), 4, 7) == []
    assert len(demand_record.origins(AS_OF, AS_OF - timedelta(days=1000), 4, 7)) == 4
    assert demand_record.origins(AS_OF, None, 4, 7) == []


def test_a_region_is_told_from_its_own_rows_alone_and_twice_the_same() -> None:
    alone, both = outlooks(firm("N")), outlooks(firm("N", "S"))
    for name, rows in alone.items():
        own = both[name].filter(pl.col("region") == "N") if "region" in rows.columns else both[name]
        assert_frame_equal(own, rows, check_exact=True)
    assert alone["foretold"].height > 0
    assert alone["parts"].height > 0


def test_a_firm_that_was_never_asked_for_anything_has_all_frames_without_rows() -> None:
    known = firm("N")
    silent = Known(
        AS_OF, known.ordered.clear(), known.daily.clear(), known.stock_changes, known.items, known.working_days
    )
    told_frames = outlooks(silent)
    assert set(told_frames) == set(outlooks_names())
    assert all(rows.is_empty() for name, rows in told_frames.items() if name != "shapes")


def outlooks_names() -> tuple[str, ...]:
    whole = ("demand_weeks", "one_offs", "hidden_demand", "leaves", "shapes")
    told_of = ("weeks", "sums", "days", "record", "foretold", "common", "parts", "item_parts")
    return (*whole, *told_of, "crm_tests", "crm_effects")


def rows_of(*items: tuple[str, str, float, float]) -> pl.DataFrame:
    schema = ["region", "category_id", "mean", "variance"]
    told_rows = pl.DataFrame(items, schema=schema, orient="row")
    return told_rows.with_columns(company_id=pl.lit("c"), weeks=pl.lit(1, dtype=pl.Int64), all=pl.lit(1))


COMMON = pl.DataFrame(
    {
        "company_id": ["c", "c"],
        "region": ["N", "S"],
        "weeks": [1, 1],
        "of_category": [0.01, 0.0],
        "of_part": [0.04, 0.04],
    }
)


def test_own_chance_evens_out_and_common_misses_do_not() -> None:
    rows = rows_of(("N", "a", 10.0, 5.0), ("N", "b", 10.0, 5.0), ("S", "a", 20.0, 0.0))
    whole = summed(rows, ("all",), COMMON, shapes()).row(0, named=True)
    assert whole["mean"] == 40.0
    assert whole["variance"] == pytest.approx(10 + 0.01 * (100 + 100) + (0.2 * 20 + 0.2 * 20) ** 2)
    assert whole["q10"] < whole["q50"] < whole["q90"]


def test_one_item_alone_keeps_its_own_variance() -> None:
    assert summed(rows_of(("N", "a", 10.0, 5.0)), ("all",), COMMON, shapes())["variance"].to_list() == [5.0]


def test_sums_of_nothing_are_certain() -> None:
    none = summed(rows_of(("N", "a", 0.0, 0.0), ("N", "b", 0.0, 0.0)), ("all",), COMMON, shapes())
    assert none.select("mean", "q50", "q975").row(0) == (0.0, 0.0, 0.0)


def test_what_is_missed_in_common_is_beyond_the_items_own_chance() -> None:
    rows = pl.DataFrame(
        {
            "company_id": "c",
            "region": "N",
            "category_id": ["a", "b"] * 2,
            "origin_on": [AS_OF, AS_OF, AS_OF - timedelta(days=49), AS_OF - timedelta(days=49)],
            "week_on": AS_OF,
            "weeks": 4,
            "mean": 100.0,
            "variance": 1.0,
            "came": [120.0, 120.0, 80.0, 80.0],
        }
    )
    found = missed_in_common(rows).row(0, named=True)
    assert found["of_category"] == pytest.approx((400 - 1) / 10_000)
    assert found["of_part"] > 0


def test_parts_add_up_to_what_was_asked_for() -> None:
    ends = [AS_OF - timedelta(days=7 * back) for back in range(WEEKS)][::-1]
    opened = np.ones(WEEKS)
    opened[::10] = 0.6
    rows = weekly().group_by("region", "week_on").agg(quantity=pl.col("counted").sum())
    found = parts(rows, Weeks(ends, opened), ("region",))
    together = found["level"] + found["season"] + found["events"] + found["rest"]
    assert together.to_numpy() == pytest.approx(found["asked"].to_numpy(), abs=1e-9)
    assert found["asked"].sum() == rows["quantity"].sum()
    assert parts(rows.head(5), Weeks(ends, opened), ("region",)).is_empty()
