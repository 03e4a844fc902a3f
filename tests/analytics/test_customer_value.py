"""What customers will buy: models as published, chances that come true, and an answer for every odd customer."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from analytics import customer_value as value
from analytics.buy_till_die import Buying, Numbers, Purchases, active, buying, buys_within, expected_purchases
from analytics.customer_value import NotAnOrderBook, customer_value
from analytics.spend import Spending, expected_spend, spending, together

START = date(2026, 1, 1)
PUBLISHED = Buying(r=0.2426, alpha=4.4135, a=0.7929, b=2.4258)
COLUMNS = ["customer_id", "segment", "recency_days", "frequency", "monetary", "p_active", "expected_orders"]
COLUMNS += ["expected_amount", "amount_q10", "amount_q90"]


def orders(*rows: tuple[str | None, int | None, float | None]) -> pl.DataFrame:
    dated = [(name, None if day is None else START + timedelta(days=day), amount) for name, day, amount in rows]
    schema = {"customer_id": pl.String, "ordered_on": pl.Date, "amount": pl.Float64}
    return pl.DataFrame(dated, schema=schema, orient="row")


def market(customers: int, days: int, seed: int = 2) -> pl.DataFrame:
    """Customers that buy by chance at rates of their own, and for amounts of their own, until they stop."""
    draws = np.random.default_rng(seed)
    rows = []
    for name in range(customers):
        day, mean, rate = float(draws.integers(0, 60)), draws.gamma(3, 20), draws.gamma(1.0, 0.03) + 0.002
        while day < days:
            rows.append((f"c{name:04}", int(day), float(draws.gamma(4, mean / 4))))
            if draws.random() < 0.1:
                break
            day += 1 + draws.exponential(1 / rate)
    return orders(*rows)


@pytest.fixture(scope="module")
def book() -> pl.DataFrame:
    return market(400, 400)


@pytest.fixture(scope="module")
def said(book: pl.DataFrame) -> pl.DataFrame:
    return customer_value(book, START + timedelta(days=310), 90)


@pytest.fixture(scope="module")
def came(book: pl.DataFrame, said: pl.DataFrame) -> Numbers:
    after = (
        book.filter(pl.col("ordered_on") > START + timedelta(days=310)).group_by("customer_id").agg(pl.sum("amount"))
    )
    joined = said.join(after, on="customer_id", how="left", validate="1:1", maintain_order="left")
    return joined["amount"].fill_null(0).to_numpy()


def test_chances_come_true(said: pl.DataFrame, came: Numbers) -> None:
    bought = said["p_active"].to_numpy() > 0.5

    assert said["p_active"].to_numpy().mean() == pytest.approx(np.mean(came > 0), abs=0.08)
    assert np.mean(came[bought] > 0) > 2 * np.mean(came[~bought] > 0)


def test_amounts_lie_within_the_interval_as_often_as_said(said: pl.DataFrame, came: Numbers) -> None:
    assert np.mean(came <= said["amount_q90"].to_numpy()) == pytest.approx(0.9, abs=0.05)
    assert (said["amount_q10"] <= said["amount_q90"]).all()


def test_the_sum_of_amounts_is_foretold(said: pl.DataFrame, came: Numbers) -> None:
    assert said["expected_amount"].to_numpy().sum() == pytest.approx(came.sum(), rel=0.35)


def test_rows_in_another_order_and_after_the_day_change_nothing(book: pl.DataFrame, said: pl.DataFrame) -> None:
    on = START + timedelta(days=310)
    shuffled = book.filter(pl.col("ordered_on") <= on).sample(fraction=1.0, shuffle=True, seed=1)

    again = customer_value(shuffled, on, 90)

    assert again.select(COLUMNS[:4]).equals(said.select(COLUMNS[:4]))
    for name in COLUMNS[5:]:
        assert np.allclose(again[name].to_numpy(), said[name].to_numpy(), rtol=1e-3, atol=1e-3)


# Odd customers


def test_recency_frequency_and_money_are_counted_by_day() -> None:
    rows = orders(("a", 0, 5.0), ("a", 0, 7.0), ("a", 9, 3.0), ("a", 12, -4.0), ("a", 99, 8.0))

    found = customer_value(rows, START + timedelta(days=20), 30).row(0, named=True)

    assert (found["recency_days"], found["frequency"], found["monetary"]) == (11, 2, 11.0)


def test_who_only_returned_is_a_prospect_of_whom_nothing_is_expected() -> None:
    found = customer_value(orders(("a", 0, -5.0), ("b", 1, 5.0)), START + timedelta(days=9), 30).row(0, named=True)

    assert found["segment"] == "prospect"
    assert found["recency_days"] is None
    assert (found["p_active"], found["expected_amount"], found["amount_q90"]) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    "rows",
    [
        orders(),
        orders(("a", 0, 5.0)),
        orders(("a", 0, 0.0), ("b", 0, None), ("c", None, 5.0), (None, 0, 5.0), ("d", 999, 1.0)),
        orders(*[("a", 0, 5.0)] * 50),
        orders(*[(f"c{at}", 0, 1e9) for at in range(60)]),
        orders(("a", -90_00, 5.0), ("a", 0, 1e-9), ("b", 0, float("nan")), ("b", 1, float("inf"))),
    ],
)
@pytest.mark.parametrize("days", [1, 90])
def test_every_customer_has_a_finite_answer(rows: pl.DataFrame, days: int) -> None:
    found = customer_value(rows, START + timedelta(days=30), days)

    assert found.columns == COLUMNS
    for name in COLUMNS[4:]:
        assert found[name].is_finite().all()
    assert found["p_active"].is_between(0, 1).all()


@pytest.mark.parametrize(
    "rows",
    [
        market(60, 300).unique("customer_id"),
        market(60, 300).with_columns(amount=-pl.col("amount")),
        market(60, 300).with_columns(amount=pl.lit(None, pl.Float64)),
        orders(*[(f"c{at}", 100, 5.0) for at in range(160)]),
    ],
    ids=["once", "returns", "unknown", "one day"],
)
def test_what_nobody_of_the_past_has_teaches_nothing(rows: pl.DataFrame) -> None:
    found = customer_value(rows, START + timedelta(days=400), 60)

    assert found.height == rows["customer_id"].n_unique()
    for name in COLUMNS[4:]:
        assert found[name].is_finite().all()


def test_an_age_of_centuries_is_answered_without_a_warning() -> None:
    old = [(f"c{at}", day, 5.0) for at in range(60) for day in range(-90_000, -89_600, 7 + at)]

    assert customer_value(orders(*old), START, 30)["p_active"].is_between(0, 1).all()


@pytest.mark.parametrize("amount", [1e16, -1e300])
def test_an_amount_beyond_all_reason_is_refused(amount: float) -> None:
    with pytest.raises(NotAnOrderBook, match=r"have an amount beyond 1e\+15\."):
        customer_value(orders(("a", 0, 5.0), ("a", 1, amount)), START, 30)


# The models


def test_the_published_example_of_repeat_purchases() -> None:
    seen = Purchases(np.array([2.0]), np.array([30.43]), np.array([38.86]))

    assert expected_purchases(PUBLISHED, seen, 39.0)[0] == pytest.approx(1.226, abs=5e-4)


def test_parameters_are_found_again_from_simulated_customers() -> None:
    draws = np.random.default_rng(4)
    rates, stops = draws.gamma(0.8, 1 / 6.0, 4_000), draws.beta(0.9, 2.5, 4_000)
    age, repeats, last = np.full(4_000, 39.0), np.zeros(4_000), np.zeros(4_000)
    for at, (rate, stop) in enumerate(zip(rates, stops, strict=True)):
        now = draws.exponential(1 / rate)
        while now < 39.0:
            repeats[at], last[at] = repeats[at] + 1, now
            now = 99.0 if draws.random() < stop else now + draws.exponential(1 / rate)

    found = buying(Purchases(repeats, last, age))

    assert found.r == pytest.approx(0.8, rel=0.15)
    assert found.alpha == pytest.approx(6.0, rel=0.2)
    assert found.a / (found.a + found.b) == pytest.approx(0.9 / 3.4, rel=0.15)


def test_who_was_silent_for_longer_is_less_likely_active() -> None:
    seen = Purchases(np.full(3, 5.0), np.array([30.0, 20.0, 10.0]), np.full(3, 30.0))

    assert (np.diff(active(PUBLISHED, seen)) < 0).all()
    assert (np.diff(buys_within(PUBLISHED, seen, 8.0)) < 0).all()


def test_rare_buyers_are_drawn_towards_all_others() -> None:
    model = Spending(p=6.25, q=3.74, gamma=15.44)

    once, often = expected_spend(model, np.array([1.0, 100.0]), np.array([100.0, 100.0]))

    assert 35 < once < 90 < often < 100


def test_amounts_in_cents_scale_with_the_currency() -> None:
    draws = np.random.default_rng(3)
    times, mean = draws.integers(1, 9, 500).astype(float), draws.gamma(3, 10, 500)

    one, hundred = spending(times, mean), spending(times, 100 * mean)

    assert hundred.gamma == pytest.approx(100 * one.gamma, rel=1e-3)


def test_how_often_and_how_much_are_shown_to_go_together() -> None:
    assert together(np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 30.0])) == pytest.approx(1.0)
    assert together(np.array([1.0, 0.0]), np.array([10.0, 20.0])) is None


def test_of_very_many_customers_some_teach_and_all_are_scored(
    book: pl.DataFrame, said: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(value, "TEACHERS", 200)

    half = customer_value(book, START + timedelta(days=310), 90)

    assert half.select(COLUMNS[:5]).equals(said.select(COLUMNS[:5]))
    assert not half["p_active"].equals(said["p_active"])
    assert np.corrcoef(half["p_active"].to_numpy(), said["p_active"].to_numpy())[0, 1] > 0.97
