"""The forecast as a whole: laws that hold for any history, and stated answers for odd ones."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.forecast import OF_DAYS, OF_SUMS, Forecast, forecast
from analytics.forecast_series import NEGATIVE, NOTHING_ASKED, ONE_DEMAND, SPIKE, UNKNOWN, NotForecastable

FIRST_ON = date(2024, 1, 1)
HORIZON, SUMS = 14, (7, 14)
WEEKDAYS = np.array([1.0, 0.8, 0.9, 1.0, 1.3, 1.8, 0.4])


def shop(items: int = 12, days: int = 84, seed: int = 5) -> pl.DataFrame:
    """A shop with two departments; every weekday has its own level."""
    draw = np.random.default_rng(seed)
    rates = draw.gamma(1.5, 2.0, items)
    asked = draw.poisson(rates[:, None] * WEEKDAYS[np.arange(days) % 7])
    return pl.DataFrame(
        {
            "series_id": np.repeat([f"item {number:02}" for number in range(items)], days),
            "department": np.repeat([f"d{number % 2}" for number in range(items)], days),
            "date": [FIRST_ON + timedelta(days=day) for _ in range(items) for day in range(days)],
            "quantity": asked.ravel().astype(float),
        }
    )


def rows(*quantities: float | None, first: date = FIRST_ON, name: str = "a") -> pl.DataFrame:
    """One series, a row a day."""
    days = [first + timedelta(days=day) for day in range(len(quantities))]
    return pl.DataFrame(
        {"series_id": [name] * len(days), "date": days, "quantity": quantities},
        schema={"series_id": pl.String, "date": pl.Date, "quantity": pl.Float64},
    )


@pytest.fixture(scope="module")
def history() -> pl.DataFrame:
    return shop()


@pytest.fixture(scope="module")
def told(history: pl.DataFrame) -> Forecast:
    return forecast(history, HORIZON, sums=SUMS)


def numbers(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.col(pl.Float64))


def test_every_series_has_a_row_for_every_day_of_the_horizon(told: Forecast, history: pl.DataFrame) -> None:
    last = history["date"].max()
    assert told.days.columns == ["series_id", "date", "mean", *OF_DAYS]
    assert told.days.height == 12 * HORIZON
    assert told.days["date"].unique().sort().to_list() == [last + timedelta(days=day) for day in range(1, HORIZON + 1)]  # type: ignore[operator]


def test_every_series_has_a_row_for_every_sum(told: Forecast) -> None:
    assert told.sums.columns == ["series_id", "days", "mean", *OF_SUMS]
    assert told.sums.select("series_id", "days").unique().height == told.sums.height == 12 * len(SUMS)


@pytest.mark.parametrize(("frame", "levels"), [("days", OF_DAYS), ("sums", OF_SUMS)])
def test_quantiles_are_ordered_finite_and_never_below_zero(
    told: Forecast, frame: str, levels: dict[str, float]
) -> None:
    found = getattr(told, frame).select(*levels).to_numpy()
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert (np.diff(found, axis=1) >= 0).all()


def test_the_mean_of_a_sum_is_the_sum_of_the_means_of_its_days(told: Forecast) -> None:
    week = told.days.group_by("series_id", maintain_order=True).agg(pl.col("mean").head(7).sum())
    found = told.sums.filter(pl.col("days") == 7).select("series_id", "mean")
    assert_frame_equal(found, week, abs_tol=1e-9, rel_tol=1e-12)


def test_scale_by_ten_scales_the_forecast(told: Forecast, history: pl.DataFrame) -> None:
    tenfold = forecast(history.with_columns(pl.col("quantity") * 10), HORIZON, sums=SUMS)
    assert_frame_equal(numbers(tenfold.days), numbers(told.days) * 10, rel_tol=1e-6, abs_tol=1e-6)
    assert_frame_equal(numbers(tenfold.sums), numbers(told.sums) * 10, rel_tol=1e-6, abs_tol=1e-6)


def test_an_item_that_nobody_asks_for_changes_nothing_of_the_others(told: Forecast, history: pl.DataFrame) -> None:
    idle = history.filter(pl.col("series_id") == "item 00").with_columns(
        quantity=pl.lit(0.0), series_id=pl.lit("item 06b")
    )
    more = forecast(pl.concat([history, idle]), HORIZON, sums=SUMS)
    assert_frame_equal(more.days.filter(pl.col("series_id") != "item 06b"), told.days)
    assert_frame_equal(more.sums.filter(pl.col("series_id") != "item 06b"), told.sums)
    assert more.days.filter(pl.col("series_id") == "item 06b")["mean"].sum() == 0


def test_the_order_of_rows_never_tells(told: Forecast, history: pl.DataFrame) -> None:
    again = forecast(history.sample(fraction=1.0, shuffle=True, seed=3), HORIZON, sums=SUMS)
    assert again.days.equals(told.days)
    assert again.sums.equals(told.sums)


def test_the_profile_of_the_week_is_found(told: Forecast) -> None:
    by_day = told.days.group_by(pl.col("date").dt.weekday().alias("weekday")).agg(pl.col("mean").sum()).sort("weekday")
    assert by_day["mean"].arg_max() == 5
    assert by_day["mean"].arg_min() == 6


def test_what_is_asked_for_in_pieces_is_told_in_pieces(told: Forecast) -> None:
    found = told.days.select(*OF_DAYS).to_numpy()
    assert (found == np.rint(found)).all()


def test_quantiles_of_sums_hold_on_days_that_were_kept_back() -> None:
    every = shop(items=150, days=112, seed=8)
    last = FIRST_ON + timedelta(days=97)
    sums = forecast(every.filter(pl.col("date") <= last), 14, sums=(14,)).sums
    came = every.filter(pl.col("date") > last).group_by("series_id").agg(pl.col("quantity").sum()).sort("series_id")
    covered = {name: float((came["quantity"] <= sums[name]).mean()) for name in ("q50", "q95")}  # type: ignore[arg-type]
    assert 0.4 < covered["q50"] < 0.7
    assert 0.9 < covered["q95"] < 0.99


def test_a_longer_history_of_groups_gives_the_items_its_level() -> None:
    every = shop(items=20, days=140, seed=2)
    groups = every.group_by("department", "date").agg(pl.col("quantity").sum())
    last = every["date"].max() - timedelta(days=27)  # type: ignore[operator]
    short = every.filter(pl.col("date") >= last)
    told = forecast(short, 7, group_history=groups)
    assert told.days.height == 140
    week = every.filter(pl.col("date") > every["date"].max() - timedelta(days=28))["quantity"].sum() / 4  # type: ignore[operator]
    assert told.days["mean"].sum() == pytest.approx(week, rel=0.1)


def test_rows_of_one_day_add_up() -> None:
    once = forecast(rows(*[4.0] * 20), 2)
    halves = forecast(pl.concat([rows(*[2.0] * 20)] * 2), 2)
    assert halves.days["mean"].to_list() == pytest.approx(once.days["mean"].to_list())


def test_a_day_without_a_row_is_a_day_on_which_nothing_was_asked_for() -> None:
    every_other = rows(*[2.0, 0.0] * 20)
    assert forecast(every_other.filter(pl.col("quantity") > 0), 2).days["mean"].mean() == pytest.approx(1.0, rel=0.15)


def test_a_constant_is_told_as_it_is() -> None:
    told = forecast(rows(*[5.0] * 30), 3, sums=(3,))
    assert told.days["mean"].to_list() == pytest.approx([5.0] * 3)
    assert told.sums["mean"].to_list() == pytest.approx([15.0])


ODD: dict[str, pl.DataFrame] = {
    "no series": rows(),
    "one row": rows(3.0),
    "two rows": rows(3.0, 4.0),
    "only zeros": rows(*[0.0] * 40),
    "only the last": rows(*[0.0] * 40, 6.0),
    "ended a year ago": pl.concat([rows(*[3.0] * 30), rows(*[1.0] * 400, name="b")]),
    "began yesterday": pl.concat([rows(*[3.0] * 60), rows(5.0, first=FIRST_ON + timedelta(days=59), name="b")]),
    "a spike": rows(*[1.0, 2.0] * 15, 1e5, 1.0),
    "a step": rows(*[1.0] * 30, *[100.0] * 30),
    "huge": rows(*[1e12, 3e12] * 20),
    "tiny": rows(*[1e-6, 3e-6] * 20),
    "negative": rows(*[-5.0, 2.0] * 20),
    "only negative": rows(*[-5.0] * 20),
    "missing quantities": rows(*[None, 2.0, float("nan")] * 10),
    "leap day": rows(*[1.0] * 5, first=date(2024, 2, 27)),
    "two days ten years apart": pl.concat([rows(1.0), rows(1.0, first=date(2034, 1, 1))]),
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("horizon", [0, 3, 1000])
def test_an_odd_history_has_a_finite_answer(name: str, horizon: int) -> None:
    told = forecast(ODD[name], horizon, sums=(2, 40))
    many = ODD[name]["series_id"].n_unique()
    assert told.days.height == many * horizon
    assert told.sums.height == many * 2
    for frame in (told.days, told.sums):
        found = numbers(frame).to_numpy()
        assert np.isfinite(found).all()
        assert (found >= 0).all()
        assert (found <= 10 * max(ODD[name]["quantity"].fill_nan(0).fill_null(0).max() or 0, 0) * 40).all()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("only zeros", NOTHING_ASKED),
        ("one row", ONE_DEMAND),
        ("negative", NEGATIVE),
        ("a spike", SPIKE),
        ("missing quantities", UNKNOWN),
    ],
)
def test_an_odd_history_is_explained(name: str, reason: str) -> None:
    assert reason in forecast(ODD[name], 1).reasons["reason"].to_list()


def test_a_single_spike_does_not_raise_the_level() -> None:
    assert forecast(ODD["a spike"], 7).days["mean"].max() < 3  # type: ignore[operator]


def test_what_ended_a_year_ago_is_hardly_expected() -> None:
    by_series = (
        forecast(ODD["ended a year ago"], 7).days.group_by("series_id").agg(pl.col("mean").mean()).sort("series_id")
    )
    assert by_series["mean"][0] < 0.1
    assert by_series["mean"][1] == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (pl.col("date").replace_strict({FIRST_ON: None}, default=pl.col("date")).alias("date"), "without date"),
        (pl.lit(None, dtype=pl.String).alias("series_id"), "without series_id"),
        (pl.lit(float("inf")).alias("quantity"), "beyond"),
    ],
)
def test_what_cannot_be_worked_with_is_refused_in_a_sentence(change: pl.Expr, words: str) -> None:
    with pytest.raises(NotForecastable, match=words):
        forecast(rows(*[1.0] * 20).with_columns(change), 3)


def test_a_date_years_after_all_others_is_refused() -> None:
    with pytest.raises(NotForecastable, match="ends on 2099-01-01"):
        forecast(pl.concat([rows(*[1.0] * 20), rows(1.0, first=date(2099, 1, 1))]), 3)


def test_sums_of_weekly_demand_go_over_weeks() -> None:
    weekly = rows(*[5.0] * 30).with_columns(pl.col("date") + 6 * (pl.col("date") - FIRST_ON))
    sums = forecast(weekly, 0, sums=(7, 28)).sums
    assert sums["days"].to_list() == [7, 28]
    assert sums["mean"].to_list() == pytest.approx([5.0, 20.0])


def test_what_could_not_be_used_is_told() -> None:
    prices = pl.DataFrame({"date": [FIRST_ON], "series_id": ["a"], "price": [1.0]})
    told = forecast(
        rows(*[1.0] * 20), 1, known=[prices], group_history=rows(1.0, first=date(2015, 1, 1)).drop("series_id")
    )
    assert [sentence.partition("(")[0] for sentence in told.unused] == [
        "The group history tells of no group and step that the history tells of too: it was left out.",
        "A table of what is known in advance ",
    ]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(NotForecastable, match="no column quantity"):
        forecast(rows(1.0).drop("quantity"), 3)


@pytest.mark.parametrize(("horizon", "sums"), [(-1, ()), (1001, ()), (7, (0,)), (7, (2000,))])
def test_a_horizon_that_makes_no_sense_is_refused(horizon: int, sums: tuple[int, ...]) -> None:
    with pytest.raises(NotForecastable, match=r"can be \d to 1,000"):
        forecast(rows(1.0, 2.0), horizon, sums=sums)


def test_groups_that_share_no_attribute_with_the_history_are_refused() -> None:
    groups = pl.DataFrame({"date": [FIRST_ON], "quantity": [1.0], "region": ["north"]})
    with pytest.raises(NotForecastable, match="shares no attribute"):
        forecast(rows(1.0, 2.0), 3, group_history=groups)


def test_a_series_keeps_its_name_whatever_its_type() -> None:
    told = forecast(rows(*[1.0] * 20).with_columns(series_id=pl.lit(7, dtype=pl.Int64)), 1, sums=(1,))
    assert told.days["series_id"].to_list() == told.sums["series_id"].to_list() == [7]
