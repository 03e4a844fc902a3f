"""The parts of a forecast: steps and cleaning, what is known in advance, shares, quantiles, accuracy."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray
from scipy import stats
from threadpoolctl import threadpool_limits

from analytics import forecast_accuracy as accuracy
from analytics.forecast_groups import Groups, groups
from analytics.forecast_items import items, origins
from analytics.forecast_known import Feature, known_ahead
from analytics.forecast_pooled import learner, trained
from analytics.forecast_quantiles import quantiles
from analytics.forecast_reconciled import reconciled
from analytics.forecast_rhythm import RHYTHMS, continued, profile
from analytics.forecast_series import Grid, NotForecastable, Series, Step, grid_of, series, unit_of
from analytics.forecast_simple import last_year, rates, seasonal
from analytics.forecast_upper import origins as group_origins
from analytics.forecast_upper import upper

Numbers = NDArray[np.float64]
FIRST_ON = date(2024, 1, 1)


def months(many: int, day: int = 1) -> list[date]:
    return [date(2020 + month // 12, month % 12 + 1, day) for month in range(many)]


@pytest.mark.parametrize(
    ("dates", "step", "following"),
    [
        ([FIRST_ON + timedelta(days=day) for day in range(10)], Step.DAY, date(2024, 1, 11)),
        ([FIRST_ON, FIRST_ON + timedelta(days=3), FIRST_ON + timedelta(days=9)], Step.DAY, date(2024, 1, 11)),
        ([FIRST_ON + timedelta(days=7 * week) for week in (0, 1, 4)], Step.WEEK, date(2024, 2, 5)),
        (months(5), Step.MONTH, date(2020, 6, 1)),
        (months(3, day=15), Step.MONTH, date(2020, 4, 15)),
        ([date(2024, 1, 31), date(2024, 2, 29), date(2024, 4, 30)], Step.MONTH, date(2024, 5, 31)),
        ([FIRST_ON], Step.DAY, date(2024, 1, 2)),
    ],
)
def test_how_far_dates_lie_apart_is_recognised(dates: list[date], step: Step, following: date) -> None:
    grid = grid_of(pl.Series(dates))
    assert grid.step is step
    assert grid.dates(np.array([1])).to_list() == [following]
    assert grid.positions(pl.Series([grid.last])).tolist() == [0]


@pytest.mark.parametrize("step", Step)
def test_dates_and_positions_are_each_others_inverse(step: Step) -> None:
    grid, positions = Grid(step, date(2024, 2, 29)), np.arange(-30, 30)
    assert grid.positions(grid.dates(positions)).tolist() == positions.tolist()


@pytest.mark.parametrize(
    ("quantities", "unit"),
    [([4, 6, 8], 2.0), ([1, 3], 1.0), ([0.25, 1.0], 0.25), ([1e12, 3e12], 1e12), ([np.pi, 1.0], 0.0), ([0.0], 0.0)],
)
def test_the_unit_is_what_all_quantities_are_multiples_of(quantities: list[float], unit: float) -> None:
    assert unit_of(np.array([quantities])) == pytest.approx(unit)


def long_of(table: Numbers, names: list[str], **attributes: list[str]) -> pl.DataFrame:
    """A row per series and day."""
    steps = table.shape[1]
    days = [FIRST_ON + timedelta(days=day) for day in range(steps)]
    columns = {"series_id": names, **attributes}
    return pl.DataFrame(
        {name: np.repeat(values, steps) for name, values in columns.items()}
        | {"date": days * len(names), "quantity": table.ravel()}
    )


def test_a_column_that_changes_within_a_series_is_no_attribute() -> None:
    history = long_of(np.ones((2, 3)), ["a", "b"], shop=["north", "south"]).with_columns(
        weekday=pl.col("date").dt.to_string("%a"), price=pl.lit(2.5)
    )
    assert series(history).attributes.to_dict(as_series=False) == {"shop": ["north", "south"]}


def two_shops(steps: int = 60) -> tuple[Series, pl.DataFrame]:
    draw = np.random.default_rng(1)
    table = draw.poisson(np.array([[2.0], [4.0], [1.0], [3.0]]) * np.ones(steps)).astype(float)
    history = long_of(table, ["a", "b", "c", "d"], shop=["north", "north", "south", "south"])
    return series(history), history


def test_a_group_history_lengthens_the_sums_of_its_series() -> None:
    whole, history = two_shops()
    told = history.group_by("shop", "date").agg(pl.col("quantity").sum())
    before = told.with_columns(pl.col("date") - timedelta(days=60))
    found = groups(whole, pl.concat([told, before]))
    assert found.demand.shape == (2, 120)
    assert (found.demand[:, :60] == found.demand[:, 60:]).all()
    assert found.demand[:, 60:] == pytest.approx(found.totals(whole.demand))


def test_of_a_group_history_that_holds_more_than_the_series_their_part_counts() -> None:
    whole, history = two_shops()
    doubled = history.group_by("shop", "date").agg(pl.col("quantity").sum() * 2)
    before = doubled.with_columns(pl.col("date") - timedelta(days=60))
    found = groups(whole, pl.concat([doubled, before]))
    assert found.demand[:, :60] == pytest.approx(found.demand[:, 60:])


def test_shares_add_up_to_their_group() -> None:
    whole, _ = two_shops()
    together = groups(whole, pl.DataFrame({"date": [FIRST_ON], "shop": ["north"], "quantity": [1.0]}))
    totals = np.array([[12.0, 6.0], [5.0, 0.0]])
    shared = reconciled(np.array([1.0, 2.0, 3.0, 1.0]), together, totals)
    assert shared[0] == pytest.approx([4.0, 2.0])
    assert together.totals(shared) == pytest.approx(totals, abs=1e-9)


def test_items_add_up_to_their_groups() -> None:
    whole, history = two_shops()
    together = groups(whole, history.group_by("shop", "date").agg(pl.col("quantity").sum()))
    models = upper(together, [], group_origins(together.steps, 7), 7)
    for table in items(whole, models, origins(whole.steps, 7), 7).ahead(7):
        assert together.totals(table) == pytest.approx(models.ahead(7), abs=1e-9)


def test_a_model_that_told_the_past_best_weighs_most() -> None:
    week = np.array([1.0, 5.0, 2.0, 8.0, 3.0, 9.0, 0.0])
    history = long_of(np.tile(week, (1, 12)), ["a"])
    together = groups(series(history), None)
    models = upper(together, [], group_origins(84, 7), 7)
    assert models.weights.get("flat", 0.0) == 0.0
    assert models.ahead(7)[0] == pytest.approx(week, abs=0.05)


def of_groups(keys: pl.DataFrame, steps: int) -> Groups:
    grid = Grid(Step.DAY, FIRST_ON + timedelta(days=steps - 1))
    return Groups(grid, keys, np.arange(keys.height), np.ones((keys.height, steps)), np.zeros(keys.height, dtype=int))


def known(feature_rows: dict[str, list[object]]) -> list[Feature]:
    return known_ahead([pl.DataFrame(feature_rows)], of_groups(pl.DataFrame({"state": ["CA", "TX"]}), 4), 2).features


def every_day(many: int = 6) -> list[object]:
    return [FIRST_ON + timedelta(days=day) for day in range(many)]


def test_a_column_named_for_a_group_belongs_to_it() -> None:
    found = known({"date": every_day(), "snap_CA": [1, 0, 1, 0, 1, 0], "snap_TX": [0, 0, 0, 1, 1, 0]})
    assert [feature.name for feature in found] == ["snap"]
    assert found[0].values.tolist() == [[1, 0, 1, 0, 1, 0], [0, 0, 0, 1, 1, 0]]


def test_a_column_that_only_rises_names_the_day_and_teaches_nothing() -> None:
    assert known({"date": every_day(), "day": [1, 2, 3, 4, 5, 6], "year": [2024] * 6}) == []


def test_what_is_rare_is_known_on_the_days_around() -> None:
    found = {feature.name: feature for feature in known({"date": every_day(), "event": [*[None] * 4, "fair", None]})}
    assert found["event +1"].values[0][3] == found["event"].values[0][4] == 0
    assert np.isnan(found["event"].values[0][:4]).all()


def test_what_is_known_at_even_dates_holds_until_the_next() -> None:
    weekly = {"date": [FIRST_ON + timedelta(days=7 * week) for week in range(4)], "price": [2.0, 1.0, 3.0, 2.5]}
    keys = of_groups(pl.DataFrame({"state": ["CA"]}), 20)
    (price,) = known_ahead([pl.DataFrame(weekly)], keys, 8).features
    assert price.values[0].tolist() == [2.0] * 7 + [1.0] * 7 + [3.0] * 7 + [2.5] * 7


def test_a_table_without_dates_is_refused() -> None:
    with pytest.raises(NotForecastable, match="no column date"):
        known({"event": ["fair"]})


def test_tables_of_what_is_finer_than_groups_are_left_out() -> None:
    prices = pl.DataFrame({"date": every_day(2), "item": ["a", "b"], "price": [1.0, 2.0]})
    keys = of_groups(pl.DataFrame({"state": ["CA"]}), 4)
    found = known_ahead([prices], keys, 2, frozenset({"item"}))
    assert found.features == []
    (sentence,) = found.unused
    assert "(date, item, price) was left out: it tells of item, which is finer than" in sentence


@pytest.mark.parametrize(
    "table",
    [
        {"date": [], "price": []},
        {"date": every_day(2), "day": [1, 2]},
        {"date": [date(1990, 1, 1), date(1990, 1, 2)], "price": [2.0, 1.0]},
        {"date": every_day(2), "state": ["NY", "NY"], "price": [2.0, 1.0]},
        {"date": every_day(2), "tags": [["a"], ["b"]]},
    ],
)
def test_a_table_that_tells_nothing_is_named(table: dict[str, list[object]]) -> None:
    keys = of_groups(pl.DataFrame({"state": ["CA", "TX"]}), 4)
    frame = pl.DataFrame(table, schema_overrides={"date": pl.Date})
    found = known_ahead([frame], keys, 2)
    assert found.features == []
    assert "tells the groups and steps of the forecast apart" in found.unused[0]


def test_of_several_events_on_a_day_the_first_by_name_counts_and_of_numbers_the_mean() -> None:
    events, guests = pl.Series(["b", "b", "c", "c", "a"], dtype=pl.Categorical), [4.0, 1.0, 3.0, 0.0, 2.0]
    rows: dict[str, list[object]] = {"date": [*every_day(4), FIRST_ON], "event": [*events], "guests": [*guests]}
    for order in ([0, 1, 2, 3, 4], [4, 3, 2, 1, 0]):
        found = {
            feature.name: feature
            for feature in known({name: [each[at] for at in order] for name, each in rows.items()})
        }
        assert found["event"].values[0][:4].tolist() == [0, 1, 2, 2]
        assert found["guests"].values[0][:4].tolist() == [3.0, 1.0, 3.0, 0.0]


def test_what_is_not_finite_is_not_known() -> None:
    (price,) = known({"date": every_day(4), "price": [2.0, float("inf"), 1.0, 1e300]})
    assert price.values[0][:4].tolist() == pytest.approx([2.0, np.nan, 1.0, 1e30], nan_ok=True)


@pytest.mark.parametrize("name", ["row", "position", "value", "number", "high", "low", "idle"])
def test_a_column_may_have_any_name(name: str) -> None:
    draw = np.random.default_rng(1)
    table = draw.poisson(3.0, (4, 12)).astype(float)
    history = long_of(table, list("abcd"), **{name: ["north", "north", "south", "south"]})
    told = groups(series(history), history.group_by(name, "date").agg(pl.col("quantity").sum()))
    assert told.keys.columns == [name]
    days = {"date": every_day(4), name: ["north"] * 4, "price": [2.0, 1.0, 3.0, 1.0]}
    (price,) = known_ahead([pl.DataFrame(days)], told, 2).features
    assert price.values[0][:4].tolist() == [2.0, 1.0, 3.0, 1.0]
    (own,) = known({"date": every_day(4), name: [2.0, 1.0, 3.0, 1.0]})
    assert own.name == name


@pytest.mark.parametrize("kind", [pl.String(), pl.Categorical(), pl.Enum(["north", "south"])])
def test_attributes_and_kinds_may_be_categories(kind: pl.DataType) -> None:
    history = long_of(np.ones((2, 3)), ["a", "b"], shop=["north", "south"]).with_columns(pl.col("shop").cast(kind))
    whole = series(history)
    assert whole.attributes.columns == ["shop"]
    by_shop = history.select("date", "quantity", "shop")
    assert groups(whole, by_shop).unused == ()
    fair = pl.Series(["north", None, "south", "north"], dtype=kind)
    assert known({"date": every_day(4), "fair": fair})[0].is_kind  # type: ignore[dict-item]


def test_lists_and_durations_as_attributes_count_as_absent() -> None:
    whole, history = two_shops()
    by_shop = history.group_by("shop", "date").agg(pl.col("quantity").sum())
    more = by_shop.with_columns(tags=pl.concat_list("shop"), since=pl.lit(timedelta(1)))
    assert groups(whole, more).keys.columns == ["shop"]
    assert groups(whole, by_shop.with_columns(shop=pl.concat_list("shop"))).keys.columns == []


@pytest.mark.parametrize("days_before", [30, 3_000])
def test_a_group_history_that_ended_before_the_history_began_does_not_count(days_before: int) -> None:
    whole, history = two_shops(20)
    by_shop = history.group_by("shop", "date").agg(pl.col("quantity").sum())
    told = groups(whole, by_shop.with_columns(pl.col("date") - timedelta(days=days_before)))
    assert told.demand.tolist() == told.totals(whole.demand).tolist()
    assert "it was left out" in told.unused[0]


@pytest.mark.parametrize("is_kind", [False, True])
def test_what_no_lesson_knows_as_last_year_in_half_a_year_is_no_hindrance(is_kind: bool) -> None:
    draw = np.random.default_rng(4)
    values = np.full((60, 157), np.nan)
    values[:, 150:] = 1.0
    keys = pl.DataFrame({"shop": [f"s{number}" for number in range(60)]})
    demand = draw.poisson(3.0, (60, 150)).astype(np.float64)
    demand[:, 40:75] = demand[0, 90:] = 0.0
    past = Groups(Grid(Step.DAY, FIRST_ON), keys, np.arange(60), demand, np.zeros(60, dtype=int))
    with threadpool_limits(limits=1):
        model = trained(learner(past, [Feature("fair", values, is_kind=is_kind)], 7), 150, 7)
        assert model is not None
        assert np.isfinite(model.ahead(150, 7)).all()


def test_attributes_with_more_values_than_a_model_takes_are_no_kinds() -> None:
    keys = pl.DataFrame({"item": [f"i{number}" for number in range(300)], "shop": ["north", "south"] * 150})
    pupil = learner(of_groups(keys, 40), [], 7)
    assert pupil.kinds.shape == (300, 1)
    assert sum(pupil.is_kind) == 1


@pytest.mark.parametrize(
    ("step", "days", "steps"),
    [
        (Step.DAY, 28, 28),
        (Step.WEEK, 3, 1),
        (Step.WEEK, 7, 1),
        (Step.WEEK, 28, 4),
        (Step.MONTH, 7, 1),
        (Step.MONTH, 91, 3),
    ],
)
def test_days_are_the_steps_that_come_closest(step: Step, days: int, steps: int) -> None:
    assert RHYTHMS[step].steps(days) == steps


def test_the_boosted_model_learns_what_an_event_does() -> None:
    draw = np.random.default_rng(4)
    fairs = np.arange(430) % 29 == 15
    demand = draw.poisson(20.0 * np.where(fairs, 3.0, 1.0), (8, 430)).astype(float)
    grid, keys = Grid(Step.DAY, FIRST_ON), pl.DataFrame({"shop": list("abcdefgh")})
    event = Feature("fair", np.tile(np.where(fairs, 1.0, 0.0), (8, 1)), is_kind=False)
    past = Groups(grid, keys, np.arange(8), demand[:, :416], np.zeros(8, dtype=int))
    with threadpool_limits(limits=1):
        model = trained(learner(past, [event], 14), 416, 14)
        assert model is not None
        ahead = model.ahead(416, 14)
    is_fair = fairs[416:]
    assert is_fair.sum() == 1
    assert ahead[:, is_fair].mean() == pytest.approx(60.0, rel=0.2)
    assert ahead[:, ~is_fair].mean() == pytest.approx(20.0, rel=0.1)


def test_a_step_one_half_life_ago_counts_half() -> None:
    assert rates(np.array([[4.0, 1.0]]), np.array([0]), 1.0)[0] == pytest.approx((0.5 * 4 + 1) / 1.5)


def test_steps_before_a_series_began_do_not_count() -> None:
    assert rates(np.array([[0.0, 0.0, 3.0]]), np.array([2]), 10.0).tolist() == [3.0]


def test_the_profile_is_one_on_average() -> None:
    demand = np.tile([[1.0, 2.0, 3.0]], (1, 4))
    assert profile(demand, 3, 4)[0] == pytest.approx([0.5, 1.0, 1.5])
    assert profile(demand[:, :3], 3, 4)[0] == pytest.approx([1.0, 1.0, 1.0])


def test_beyond_its_reach_a_forecast_repeats_its_last_season() -> None:
    assert continued(np.array([[9.0, 1.0, 2.0]]), 7, 2).tolist() == [[9.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0]]


def test_last_year_grows_as_the_level_did() -> None:
    rhythm = RHYTHMS[Step.MONTH]
    year = np.arange(1.0, 13.0)
    told = last_year(np.array([np.concatenate([year, year, 2 * year])]), rhythm, 3)
    assert told is not None
    assert told[0] == pytest.approx([4.0, 8.0, 12.0])
    assert last_year(np.ones((1, 12)), rhythm, 3) is None


def test_the_seasonal_guard_carries_the_profile_of_the_week() -> None:
    week = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])
    assert seasonal(np.tile(week, (1, 8)), RHYTHMS[Step.DAY], 9)[0] == pytest.approx([*week, 1.0, 2.0])


def cheapest_whole(mean: float, variance: float, level: float) -> float:
    """The slow way: add up chances until the level is reached."""
    size = mean**2 / (variance - mean)
    reached, count = 0.0, -1
    while reached < level:
        count += 1
        reached += float(stats.nbinom.pmf(count, size, size / (size + mean)))
    return float(count)


@pytest.mark.parametrize("mean", [0.02, 0.7, 4.0, 60.0])
def test_quantiles_of_pieces_are_those_of_the_negative_binomial(mean: float) -> None:
    levels = (0.05, 0.5, 0.95, 0.99)
    found = quantiles(np.array([mean]), np.array([mean * 1.7]), 1.0, levels)[0]
    assert found.tolist() == [cheapest_whole(mean, mean * 1.7, level) for level in levels]


def test_counting_up_finds_what_solving_does() -> None:
    draw = np.random.default_rng(7)
    means = np.exp(draw.uniform(-5, 6.5, 2_000))
    over = means * np.exp(draw.uniform(-6, 4, 2_000))
    size = means**2 / over
    found = quantiles(means, means + over, 1.0, (0.1, 0.5, 0.99))
    for column, level in enumerate((0.1, 0.5, 0.99)):
        assert (found[:, column] == stats.nbinom.ppf(level, size, size / (size + means))).all()


@pytest.mark.parametrize("unit", [0.0, 1.0])
def test_quantiles_are_finite_for_any_size(unit: float) -> None:
    means = np.array([0.0, 1e-12, 1e-3, 1.0, 1e6, 1e15])
    for spread in (0.0, 1.0, 1e3):
        found = quantiles(means, means * spread, unit, (0.05, 0.5, 0.99))
        assert np.isfinite(found).all()
        assert (np.diff(found, axis=1) >= 0).all()
        assert (found[0] == 0).all()


def test_measured_quantities_are_spread_as_their_variance_says() -> None:
    low, high = quantiles(np.array([100.0]), np.array([25.0]), 0.0, (0.1587, 0.8413))[0]
    assert (low, high) == (pytest.approx(95.0, abs=0.2), pytest.approx(105.0, abs=0.2))


def test_accuracy_is_what_a_hand_finds() -> None:
    told, came = np.array([[2.0, 2.0]]), np.array([[1.0, 4.0]])
    past = np.array([[1.0, 3.0, 1.0]])
    assert accuracy.wape(told, came) == pytest.approx(0.6)
    assert accuracy.bias(told, came) == pytest.approx(-0.2)
    assert accuracy.mase(told, came, past).tolist() == pytest.approx([0.75])
    assert accuracy.rmsse(told, came, past).tolist() == pytest.approx([np.sqrt(2.5 / 4)])
    assert accuracy.pinball(told, came, 0.9)[0].tolist() == pytest.approx([0.1, 1.8])
    assert accuracy.coverage(told, came) == 0.5


def test_accuracy_without_anything_to_compare_with_is_not_a_number() -> None:
    nothing = np.zeros((1, 3))
    assert np.isnan([accuracy.wape(nothing, nothing), accuracy.bias(nothing, nothing)]).all()
    assert np.isnan(accuracy.mase(nothing, nothing, nothing)).all()
    assert np.isnan(accuracy.rmsse(nothing, nothing, nothing)).all()
