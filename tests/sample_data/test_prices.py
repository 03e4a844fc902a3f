"""What things cost and what is asked for them changes on known days, and what is made costs what goes in."""

from datetime import date

import numpy as np
import pytest

from sample_data import Plan, Sample
from sample_data.exact import UNIT
from sample_data.places import PARENT, SISTER
from sample_data.prices import COST_A_YEAR, LIST_A_YEAR, Prices
from sample_data.story import DEARER_BY, DEARER_SUPPLIER, RAISED_BY


@pytest.fixture(scope="module")
def prices() -> Prices:
    return Sample(Plan(scale=0.05)).demand.prices


def every(prices: Prices) -> np.ndarray:
    return np.arange(len(prices.catalogue))


def eve_and_day(prices: Prices, day: int) -> tuple[int, int]:
    return day - 1, day


def test_each_new_year_lists_and_costs_are_set_anew(prices: Prices) -> None:
    eve, day = eve_and_day(prices, prices.plan.day(date(2025, 1, 1)))
    products = every(prices)
    costs = [prices.unit_cost(PARENT, products, at) for at in (eve, day)]
    lists = [prices.list_price(PARENT, products, at) for at in (eve, day)]
    assert costs[1] / costs[0] == pytest.approx(COST_A_YEAR, abs=0.002)
    assert lists[1] / lists[0] == pytest.approx(LIST_A_YEAR, abs=0.1)


def test_prices_stay_between_the_days_on_which_they_are_set(prices: Prices) -> None:
    products, days = every(prices), range(prices.plan.days)
    for company in (PARENT, SISTER):
        for answer, set_on in ((prices.unit_cost, prices.cost_days), (prices.list_price, prices.list_days)):
            by_day = np.array([answer(company, products, day) for day in days])
            changed = np.flatnonzero((np.diff(by_day, axis=0) != 0).any(axis=1)) + 1
            assert set(changed.tolist()) <= set(set_on.tolist())


def test_the_raised_group_and_nothing_else_is_raised_on_its_day(prices: Prices) -> None:
    eve, day = eve_and_day(prices, prices.story.raised_from)
    before, after = (prices.list_price(PARENT, every(prices), at) for at in (eve, day))
    raised = prices.story.raised
    assert after[raised] / before[raised] == pytest.approx(1 + RAISED_BY, abs=0.01)
    assert (after[~raised] == before[~raised]).all()


def test_dearer_castings_make_dearer_pumps_at_the_parent_alone(prices: Prices) -> None:
    eve, day = eve_and_day(prices, prices.story.dearer_from)
    before, after = (prices.unit_cost(PARENT, every(prices), at) for at in (eve, day))
    bought = sorted(prices.story.dearer)
    assert after[bought] / before[bought] == pytest.approx(1 + DEARER_BY, abs=0.001)
    holds = {p.index for p in prices.catalogue.products if {part for part, _ in p.parts} & set(bought)}
    assert holds
    assert all(after[index] > before[index] for index in holds)
    sister = [prices.unit_cost(SISTER, every(prices), at) for at in (eve, day)]
    assert (sister[0] == sister[1]).all()


def test_what_is_made_costs_its_parts_and_its_work(prices: Prices) -> None:
    for day in (0, prices.plan.last):
        costs = prices.unit_cost(PARENT, every(prices), day)
        for product in prices.catalogue.products:
            parts = sum(int(costs[part]) * quantity for part, quantity in product.parts) // UNIT
            assert costs[product.index] == parts if product.is_kit else costs[product.index] > parts


def test_arrays_are_answered_element_by_element(prices: Prices) -> None:
    company, product, day = np.array([0, 1, 0]), np.array([3, 4, 5]), np.array([0, 500, 1000])
    for answer in (prices.unit_cost, prices.list_price):
        one_by_one = [int(answer(c, p, d)) for c, p, d in zip(company, product, day, strict=True)]
        assert answer(company, product, day).tolist() == one_by_one


def test_a_day_before_the_story_has_the_price_of_its_first_day(prices: Prices) -> None:
    assert prices.unit_cost(PARENT, 0, -300) == prices.unit_cost(PARENT, 0, 0)


def test_one_supplier_asks_more_from_its_day_on(prices: Prices) -> None:
    eve, day = eve_and_day(prices, prices.story.dearer_from)
    base, product = np.array([10_000_000]), min(prices.story.dearer)
    its = [prices.purchase_price(base, DEARER_SUPPLIER, product, at) for at in (eve, day)]
    others = [prices.purchase_price(base, DEARER_SUPPLIER + 1, product, at) for at in (eve, day)]
    assert its[1] / its[0] == pytest.approx(1 + DEARER_BY, abs=0.001)
    assert others[0] == others[1]
