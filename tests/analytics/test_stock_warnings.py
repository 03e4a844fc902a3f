"""How likely stock runs out: the chances keep their word, and more stock or an earlier receipt never raises them."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from analytics.calibration import calibration, log_odds, probabilities
from analytics.stock_panels import NotAPanel, Numbers, panel
from analytics.stock_signs import drawdowns, past, signs
from analytics.stock_warnings import _boosted, _forest, stock_warnings

FIRST = date(2026, 1, 1)
WITHIN = (3, 7)
NOBODY = pl.DataFrame(schema={"series_id": pl.String, "date": pl.Date, "quantity": pl.Float64})


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def stock(**positions: Sequence[float | None]) -> pl.DataFrame:
    """Positions from the first day on, by series."""
    rows = [(name, on(day), value) for name, values in positions.items() for day, value in enumerate(values)]
    schema = {"series_id": pl.String, "date": pl.Date, "on_hand": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def due(name: str, day: int, quantity: float) -> pl.DataFrame:
    return pl.DataFrame({"series_id": [name], "due_on": [on(day)], "quantity": [quantity]})


def shops(series: int, days: int, seed: int = 5) -> Numbers:
    """Positions of shops that sell by chance and are filled up, late now and then, when little is left."""
    draws = np.random.default_rng(seed)
    level, held = draws.integers(5, 30, series), np.zeros((series, days))
    rate, now = draws.uniform(0.3, 2.5, series), draws.integers(5, 30, series)
    for day in range(days):
        now = np.maximum(now - draws.poisson(rate), 0)
        now = np.where((now <= 0.3 * level) & (draws.random(series) < 0.3), level, now)
        held[:, day] = now
    return held


def as_stock(held: Numbers) -> pl.DataFrame:
    return stock(**{f"s{at:03}": list(map(float, row)) for at, row in enumerate(held)})


@pytest.fixture(scope="module")
def held() -> Numbers:
    return shops(120, 75)


@pytest.fixture(scope="module")
def learned(held: Numbers) -> pl.DataFrame:
    return stock_warnings(as_stock(held[:, :68]), NOBODY, None, WITHIN)


# Learned from the panel


def test_chances_are_those_that_came_true(held: Numbers, learned: pl.DataFrame) -> None:
    in_stock = held[:, 67] > 0
    said = learned["p_7"].to_numpy()[in_stock]
    came = np.asarray(np.any(held[:, 68:75] <= 0, axis=1))[in_stock]

    assert said.mean() == pytest.approx(came.mean(), abs=0.08)
    assert said[came].mean() > said[~came].mean() + 0.15


def test_a_longer_time_never_means_less_risk(learned: pl.DataFrame) -> None:
    assert learned.columns == ["series_id", "p_3", "p_7"]
    assert (learned["p_3"] <= learned["p_7"]).all()
    assert learned["p_7"].is_between(0, 1).all()


def test_equal_rows_in_another_order_give_equal_chances(held: Numbers, learned: pl.DataFrame) -> None:
    shuffled = as_stock(held[:, :68]).sample(fraction=1.0, shuffle=True, seed=1)

    assert stock_warnings(shuffled, NOBODY, None, WITHIN).equals(learned)


def test_more_stock_today_never_raises_a_chance(held: Numbers, learned: pl.DataFrame) -> None:
    more = held[:, :68].copy()
    raised = np.flatnonzero(more[:, -1] > 0)[::3]
    more[raised, -1] += np.arange(len(raised)) % 7 + 1

    after = stock_warnings(as_stock(more), NOBODY, None, WITHIN)

    for name in ("p_3", "p_7"):
        assert (after[name].to_numpy()[raised] <= learned[name].to_numpy()[raised] + 1e-12).all()


def test_an_earlier_receipt_never_raises_a_chance(held: Numbers, learned: pl.DataFrame) -> None:
    names = learned["series_id"]
    found = [
        stock_warnings(as_stock(held[:, :68]), NOBODY, pl.concat([due(name, 67 + day, 20.0) for name in names]), [7])
        for day in (2, 5)
    ]

    assert (found[0]["p_7"] <= found[1]["p_7"]).all()
    assert (found[1]["p_7"] <= learned["p_7"]).all()
    assert found[0]["p_7"].sum() < learned["p_7"].sum()


# Too little to learn from: the share of past courses


FALLING = [10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0]


@pytest.mark.parametrize("above", [0.0, 1.0, 50.0])
def test_more_stock_never_raises_a_chance_without_a_past_to_learn_from(above: float) -> None:
    before, after = (stock_warnings(stock(a=[*FALLING, x]), NOBODY, None, [7]) for x in (2.0, 2.0 + above))

    assert after["p_7"].item(0) <= before["p_7"].item(0)


def test_a_stock_that_falls_by_one_a_day_runs_out() -> None:
    chances = stock_warnings(stock(a=FALLING), NOBODY, None, [1, 7])

    assert chances["p_1"].item(0) < 0.1
    assert chances["p_7"].item(0) > 0.6


def test_a_receipt_in_time_lowers_the_chance_and_one_too_late_does_not() -> None:
    alone, in_time, late = (
        stock_warnings(stock(a=FALLING), NOBODY, coming, [7])["p_7"].item(0)
        for coming in (None, due("a", 8, 100.0), due("a", 40, 100.0))
    )

    assert in_time < alone == late


def test_one_position_is_judged_by_what_was_asked_for_before() -> None:
    asked = pl.DataFrame({"series_id": ["a"] * 20, "date": [on(-day) for day in range(20)], "quantity": [2.0] * 20})

    chances = stock_warnings(stock(a=[5.0]), asked, None, [1, 7])

    assert chances["p_1"].item(0) < 0.1
    assert chances["p_7"].item(0) > 0.8


def test_what_is_out_stays_likely_out() -> None:
    chances = stock_warnings(stock(a=[0.0] * 9, b=[-4.0] * 9, c=[9.0] * 9), NOBODY, None, [7])

    assert chances["p_7"].item(0) > 0.9
    assert chances["p_7"].item(1) > 0.9
    assert chances["p_7"].item(2) < 0.1


@pytest.mark.parametrize(
    "positions",
    [
        stock(a=[5.0]),
        stock(a=[None]),
        stock(a=[0.0], b=[-3.0], c=[1e12], d=[1e-6]),
        stock(a=[float("nan"), 3.0], b=[float("inf"), None]),
        pl.concat([stock(a=[3.0, 2.0])] * 3),
        pl.concat([stock(a=[3.0]), stock(a=[4.0]).with_columns(date=pl.lit(date(1900, 1, 1)))]),
        stock(a=[3.0, 2.0]).with_columns(colour=pl.lit(None, pl.String), price=pl.lit(2.5), tags=pl.lit(["x"])),
        stock(a=[3.0, 2.0]).with_columns(date=pl.lit(None, pl.Date)),
    ],
)
def test_every_series_has_a_finite_chance(positions: pl.DataFrame) -> None:
    chances = stock_warnings(positions, NOBODY, None, [1, 7, 400])

    assert chances["series_id"].to_list() == positions["series_id"].unique().sort().to_list()
    for name in ("p_1", "p_7", "p_400"):
        assert chances[name].is_finite().all()
        assert chances[name].is_between(0, 1).all()


def test_no_series_no_row() -> None:
    assert stock_warnings(stock(), NOBODY, None, [7]).is_empty()


def test_rows_without_series_are_refused() -> None:
    nameless = stock(a=[3.0, 2.0]).with_columns(series_id=pl.lit(None, pl.String))

    with pytest.raises(NotAPanel, match="The stock has 2 rows without series_id"):
        stock_warnings(nameless, NOBODY, None, [7])
    with pytest.raises(NotAPanel, match="The history has 2 rows without series_id"):
        stock_warnings(stock(a=[3.0]), nameless.rename({"on_hand": "quantity"}), None, [7])


def test_a_day_far_after_all_others_is_refused() -> None:
    far = stock(b=[1.0]).with_columns(date=pl.lit(date(2099, 12, 31)))

    with pytest.raises(NotAPanel, match=r"ends on 2099-12-31, 27,020 days after the date before"):
        stock_warnings(pl.concat([stock(a=FALLING), far]), NOBODY, None, [7])


def test_other_columns_of_receipts_change_nothing() -> None:
    coming = due("a", 8, 4.0)
    named = coming.with_columns(row=pl.lit(99), day=pl.lit(1))

    plain, odd = (stock_warnings(stock(a=FALLING), NOBODY, each, [7]) for each in (coming, named))

    assert odd.equals(plain)


def test_static_columns_of_any_kind_are_read_or_left_out() -> None:
    odd = stock(a=FALLING, b=FALLING, c=FALLING).with_columns(
        wait=pl.lit(timedelta(days=1)),
        opens=pl.time(9),
        code=pl.lit(b"\xff"),
        nothing=pl.lit(None),
        kind=pl.col("series_id").replace("b", "a").cast(pl.Categorical),
    )

    assert [codes.tolist() for codes in panel(odd, NOBODY).groups] == [[0, 0, 1]]


# Its parts


def test_signs_that_are_missing_or_beyond_all_reason_are_learned_beside_the_others() -> None:
    table = np.random.default_rng(2).random((200, 3))
    truth = (table[:, 0] > 0.5).astype(float)
    table[:, 1:] = np.nan, 1e300

    assert _boosted(table, truth).predict_proba(table)[:, 1] @ truth > 0.9 * truth.sum()
    assert _forest(table, truth, np.ones(200, dtype=np.bool_)).n_features_in_ == 3


def test_a_day_without_a_record_keeps_the_position_before() -> None:
    known = panel(stock(a=[5.0, None, 3.0]), NOBODY)

    assert known.on_hand.tolist() == [[5.0, 5.0, 3.0]]
    assert known.recorded.tolist() == [[True, False, True]]


def test_of_two_records_of_a_day_the_later_row_counts() -> None:
    assert panel(pl.concat([stock(a=[5.0]), stock(a=[4.0])]), NOBODY).on_hand.tolist() == [[4.0]]


def test_parts_of_a_name_tell_which_series_are_alike() -> None:
    known = panel(stock(x_1=[5.0], x_2=[5.0], y_1=[5.0], y_2=[5.0]), NOBODY)

    assert [codes.tolist() for codes in known.groups] == [[0, 0, 1, 1], [0, 1, 0, 1]]


def test_how_deep_stock_sinks() -> None:
    sunk = drawdowns(np.array([[5.0, 4.0, 6.0, 1.0]]), 2)

    assert sunk[0, :2].tolist() == [1.0, 3.0]
    assert np.isnan(sunk[0, 2:]).all()


@pytest.mark.parametrize("day", [0, 1, 9, 19])
def test_signs_of_other_positions_are_those_of_a_past_that_had_them(day: int) -> None:
    held = shops(8, 20)
    other = held.copy()
    other[:, day] = np.arange(8)
    sunk = drawdowns(held, 3)
    known = [past(panel(as_stock(each), NOBODY)) for each in (held, other)]

    asked = signs(known[0], day, sunk, 3, np.arange(8.0))

    assert np.allclose(asked, signs(known[1], day, sunk, 3))


@pytest.mark.parametrize("day", [5, 12])
def test_signs_know_nothing_of_later_days(day: int) -> None:
    held = shops(8, 20)
    later = held.copy()
    later[:, day + 1 :] = 99.0

    found = [signs(past(panel(as_stock(each), NOBODY)), day, drawdowns(each, 3), 3) for each in (held, later)]

    assert np.array_equal(found[0], found[1])


def test_chances_that_were_twice_too_high_are_lowered() -> None:
    said, came = np.full(4_000, 0.2), np.arange(4_000) % 10 == 0

    assert calibration(log_odds(said), came.astype(float)).applied(log_odds(said))[0] == pytest.approx(0.1, abs=0.005)


def test_a_few_outcomes_hardly_change_a_chance() -> None:
    assert calibration(log_odds(np.array([0.1])), np.array([1.0])).applied(log_odds(np.array([0.1])))[0] < 0.2


def test_log_odds_and_back() -> None:
    assert probabilities(log_odds(np.array([0.1, 0.5, 0.9]))).tolist() == pytest.approx([0.1, 0.5, 0.9])
