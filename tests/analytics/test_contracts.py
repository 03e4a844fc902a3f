"""Contracts: who orders at an equal interval, and how sure it is that each goes on. Firms of known truth."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from analytics import contracts
from analytics.contracts import CHECK, CONTRACTS, DAYS, periods

TODAY = date(2026, 3, 31)


def orders(*customers: tuple[str, Sequence[int]], amount: float = 100.0) -> pl.DataFrame:
    """Customers with the days ago on which each ordered."""
    rows = [(key, TODAY - timedelta(days=ago), amount) for key, days in customers for ago in days]
    return pl.DataFrame(rows, schema=DAYS, orient="row")


def monthly(first: int, last: int = 0) -> range:
    """Every 30 days, from so many days ago to so many."""
    return range(first, last - 1, -30)


def firm(customers: int, hazard: float, seed: int) -> pl.DataFrame:
    """Contracts of about a month that began in the last three years; each month some end."""
    dice = random.Random(seed)  # noqa: S311 - firms for tests, no secrets
    rows: list[tuple[str, list[int]]] = []
    for number in range(customers):
        ago, days = dice.randrange(100, 1000), []
        while ago >= 0:
            days.append(ago)
            if dice.random() < hazard:
                break
            ago -= 30 + dice.randrange(-2, 3)
        rows.append((f"c{number}", days))
    return orders(*rows)


def told(days: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return contracts.contracts(days, TODAY).select("customer_id", *columns).sort("customer_id").rows()


def test_three_equal_intervals_are_a_contract_and_two_are_none() -> None:
    days = orders(("four", monthly(90)), ("three", monthly(60)))
    assert told(days, "interval_days", "periods", "due_on") == [("four", 30.0, 1, TODAY + timedelta(days=30))]


def test_one_late_order_breaks_no_contract_but_two_do() -> None:
    once = orders(("k", [0, 30, 60, 105, 135, 165, 195]))
    twice = orders(("k", [0, 30, 75, 105, 150, 180, 210]))
    assert told(once, "interval_days") == [("k", 30.0)]
    assert told(twice, "interval_days") == []


def test_who_orders_on_most_days_or_by_chance_has_no_contract() -> None:
    dice = random.Random(7)  # noqa: S311 - firms for tests, no secrets
    days = [(f"p{at}", sorted({dice.randrange(900) for _ in range(40)}, reverse=True)) for at in range(100)]
    assert told(orders(("daily", range(60)))) == []
    assert len(told(orders(*days))) <= 1


def test_a_contract_ends_when_twice_the_interval_has_passed() -> None:
    assert told(orders(("k", monthly(240, 60)))) == [("k",)]
    assert told(orders(("k", monthly(241, 61)))) == []
    ended = periods(orders(("k", monthly(241, 61))), TODAY)
    assert ended["is_renewed"].to_list() == [True, True, True, False]


def test_the_longer_the_silence_the_less_likely_it_goes_on() -> None:
    others = firm(60, 0.03, 1)
    stays = [told(pl.concat([others, orders(("zz", monthly(300, last)))]), "stays")[-1][1] for last in (0, 30, 45, 59)]
    assert stays == sorted(stays, reverse=True)
    assert stays[-1] < 0.5 < stays[0]


def test_one_contract_alone_stands_near_the_usual_and_says_how_unsure_that_is() -> None:
    ((_, year, low, high),) = told(orders(("k", monthly(90))), "stays_year", "year_low", "year_high")
    assert low < 0.95**11 < high
    assert high - low > 0.3
    assert low < year < high


def test_a_years_worth_is_what_falls_due_as_far_as_it_goes_on() -> None:
    days = pl.concat([firm(300, 0.0, 2), orders(("zz", monthly(900)))])
    ((_, worth, low, high),) = [row for row in told(days, "worth_year", "worth_low", "worth_high") if row[0] == "zz"]
    assert low <= worth <= high
    assert worth > 1100.0
    assert high == pytest.approx(1200.0)


@pytest.mark.parametrize("hazard", [0.03, 0.08])
def test_fifty_customers_are_enough_to_be_near_the_truth(hazard: float) -> None:
    """Of many firms of fifty contracts, the truth lies within the bounds of most."""
    within = []
    for seed in range(12):
        rows = contracts.contracts(firm(50, hazard, seed), TODAY).select("year_low", "year_high").mean().row(0)
        within.append(rows[0] <= (1 - hazard) ** 11 <= rows[1])
    assert sum(within) >= 9


def test_what_was_said_of_the_past_came() -> None:
    checked = contracts.check(firm(1500, 0.05, 4), TODAY)
    said, came, error, plain = (checked[name].to_numpy() for name in ("said", "came", "error", "error_plain"))
    assert abs(said - came).mean() < 0.03
    assert error.mean() < plain.mean()
    assert checked["said"].is_sorted()


def test_a_check_knows_nothing_of_what_came_later() -> None:
    known = firm(80, 0.05, 5)
    later = orders(("c1", [-5, -35]), ("new", [-1, -31, -61, -91]))
    for found in (contracts.check, contracts.contracts):
        assert found(pl.concat([known, later]), TODAY).equals(found(known, TODAY))


@pytest.mark.parametrize(
    "days",
    [
        orders(),
        orders(("one", [3])),
        orders(("once", [0, 0, 0, 0])),
        orders(("future", [-1, -31, -61, -91])),
        orders(("free", monthly(90)), amount=0.0),
        orders(("yearly", [0, 365, 730, 1096])),
    ],
    ids=["nobody", "one order", "one day", "only later", "without money", "by the year"],
)
def test_odd_customers_have_finite_answers(days: pl.DataFrame) -> None:
    rows = contracts.contracts(days.unique(), TODAY)
    numbers = rows.select(pl.col(pl.Float64)).to_numpy()
    assert rows.columns == list(CONTRACTS)
    assert ((numbers >= 0) & (numbers < 1e9)).all()
    assert contracts.check(days.unique(), TODAY).columns == list(CHECK)


def test_a_firm_is_studied_by_company_and_by_region_and_returns_are_no_orders() -> None:
    days = orders(("k", monthly(300)), ("r", monthly(300)))
    amount = pl.when(pl.col("customer_id") == "r").then(-5.0).otherwise("amount")
    lines = days.with_columns(amount=amount, company_id=pl.lit("a"), region=pl.lit("N"), currency=pl.lit("EUR"))
    found = contracts.studied(lines, TODAY)
    assert sorted(found) == ["contracts", "contracts_by_region", "contracts_check", "contracts_check_by_region"]
    told = found["contracts_by_region"].select("customer_id", "company_id", "region", "currency").rows()
    assert told == [("k", "a", "N", "EUR")]
    assert found["contracts_check"].is_empty()
