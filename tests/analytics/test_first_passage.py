"""The first day on which stock does not suffice: against enumeration, closed forms, dice; and its laws."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.first_passage import STATES, Course, outcome
from analytics.projection import Numbers
from tests.oracles.stock_outs import told

EXACT = 1e-9
THROWS = 3_000


def course(
    stock: float,
    rates: list[float],
    *,
    certain: list[float] | None = None,
    receipts: list[tuple[float, list[float]]] | None = None,
    sizes: tuple[float, ...] = (1.0,),
    shares: tuple[float, ...] = (1.0,),
    levels: tuple[float, ...] = (1.0,),
) -> Course:
    """One item. receipts: what each brings, and the chance of each day that it has come."""
    coming = receipts or []
    return Course(
        stock=np.array([stock]),
        certain=np.cumsum([certain or [0.0] * len(rates)], axis=1),
        rates=np.array([rates]),
        levels=np.array([levels]),
        weights=np.full(len(levels), 1 / len(levels)),
        quantities=np.array([[quantity for quantity, _ in coming]]).reshape(1, len(coming)),
        arrived=np.array([[arrived for _, arrived in coming]]).reshape(1, len(coming), len(rates)),
        sized=np.zeros(len(sizes), dtype=np.int64),
        sizes=np.array(sizes),
        shares=np.array(shares),
    )


def random_course(seed: int, *, whole: bool = True) -> Course:
    """Four days, up to two receipts, up to two levels, demands of one or two."""
    dice = random.Random(seed)  # noqa: S311 - items for tests, no secrets
    receipts = []
    for _ in range(dice.choice([0, 1, 2])):
        parts = [0.0, *(dice.random() * dice.choice([0, 1]) for _ in range(3))]
        arrived = np.cumsum(parts) / (sum(parts) + dice.random())
        receipts.append((float(dice.randint(1, 4)), arrived.tolist()))
    return course(
        float(dice.randint(-2, 5)) + (0.0 if whole else 0.5),
        [0.0, *(dice.choice([0.0, 0.2, 0.5]) for _ in range(3))],
        certain=[float(dice.choice([0, 0, 0, 1, 3])) for _ in range(4)],
        receipts=receipts,
        sizes=(1.0, 2.0),
        shares=(0.6, 0.4),
        levels=dice.choice([(1.0,), (0.5, 1.5)]),
    )


@pytest.mark.parametrize("block", range(5))
def test_every_chance_is_what_all_courses_together_give(block: int) -> None:
    for seed in range(block * 10, block * 10 + 10):
        item = random_course(seed, whole=seed % 3 > 0)
        found, slow = outcome(item), told(item, 0)
        assert found.out[0] == pytest.approx(slow.out, abs=EXACT), seed
        assert found.lost[0] == pytest.approx(slow.lost, abs=EXACT), seed
        assert found.out_first[0] == pytest.approx(slow.out_first, abs=EXACT), seed


@pytest.mark.parametrize(("stock", "rate"), [(0, 0.01), (10, 0.5), (200, 2.5), (10, 50.0)])
def test_single_units_without_receipts_are_poisson(stock: int, rate: float) -> None:
    rates = [0.0, *[rate] * 84]
    found = outcome(course(stock, rates))
    assert found.out[0] == pytest.approx(stats.poisson.sf(stock, np.cumsum(rates)), abs=EXACT)


def test_what_is_lost_is_the_mean_of_what_poisson_has_beyond_the_stock() -> None:
    found = outcome(course(3, [0.0, 2.0, 2.0]))
    beyond = sum(stats.poisson.pmf(asked, 4.0) * (asked - 3) for asked in range(4, 60))
    assert found.lost[0, 2] == pytest.approx(beyond, abs=EXACT)


def test_a_receipt_that_never_comes_changes_nothing() -> None:
    rates = [0.0, *[0.5] * 30]
    alone = outcome(course(10, rates))
    waiting = outcome(course(10, rates, receipts=[(5.0, [0.0] * 31)]))
    assert waiting.out == pytest.approx(alone.out, abs=EXACT)
    assert waiting.lost == pytest.approx(alone.lost, abs=EXACT)


def test_a_receipt_helps_from_the_day_on_which_it_comes() -> None:
    comes_on_2 = [(5.0, [0.0, 0.0, 1.0, 1.0])]
    found = outcome(course(0, [0.0] * 4, certain=[0, 0, 5, 1], receipts=comes_on_2))
    assert found.out[0].tolist() == pytest.approx([0, 0, 0, 1])
    assert found.lost[0].tolist() == pytest.approx([0, 0, 0, 1])


def test_stock_that_ran_out_before_the_receipt_has_run_out() -> None:
    found = outcome(course(1, [0.0] * 4, certain=[0, 2, 0, 0], receipts=[(9.0, [0.0, 0.0, 1.0, 1.0])]))
    assert found.out[0].tolist() == pytest.approx([0, 1, 1, 1])
    assert found.lost[0].tolist() == pytest.approx([0, 1, 1, 1])
    assert found.out_first[0] == pytest.approx(1)


def test_a_level_is_common_to_all_days() -> None:
    never_or_double = outcome(course(0, [0.0, 1.0, 1.0], levels=(0.0, 2.0)))
    assert never_or_double.out[0, 2] == pytest.approx(0.5 * (1 - np.exp(-4.0)), abs=EXACT)


def test_large_quantities_in_coarse_steps_stay_near_what_dice_say() -> None:
    sizes, shares = (37.0, 110.3, 251.9), (0.5, 0.3, 0.2)
    arrived = [0.0] * 10 + [0.25, 0.5, 0.75, 1.0] + [1.0] * 15
    item = course(
        2000.5, [0.0, *[1.1] * 28], receipts=[(1500.25, arrived)], sizes=sizes, shares=shares, levels=(0.7, 1.3)
    )
    found = outcome(item)
    out, lost = _thrown(item, THROWS)
    assert np.abs(found.out[0] - out).max() < 4 * 0.5 / np.sqrt(THROWS) + 0.005
    assert found.lost[0, -1] == pytest.approx(lost, rel=0.1)


def _thrown(item: Course, times: int) -> tuple[Numbers, float]:
    """The same by dice: the share of courses that have run out by each day, and what is lost on average."""
    dice = np.random.default_rng(7)
    days = item.rates.shape[1]
    out, lost = np.zeros(days), 0.0
    for _ in range(times):
        level = dice.choice(item.levels[0], p=item.weights)
        comes = int(np.searchsorted(item.arrived[0, 0], dice.random(), side="right"))
        demands = dice.poisson(item.rates[0] * level)
        single = np.concatenate([[0.0], dice.choice(item.sizes, size=demands.sum(), p=item.shares)])
        asked = np.cumsum(single)[np.cumsum(demands)]
        room = item.stock[0] + np.where(np.arange(days) >= comes, item.quantities[0, 0], 0.0)
        beyond = np.maximum.accumulate((asked - room).clip(min=0.0))
        out += beyond > 0
        lost += float(beyond[-1])
    return out / times, lost / times


def test_nothing_asked_for_never_runs_out_however_little_there_is() -> None:
    for stock in (-5.0, 0.0, 7.5):
        found = outcome(course(stock, [0.0] * 5, receipts=[(2.0, [0.0, 0.1, 0.2, 0.3, 0.4])]))
        assert max(found.out.max(), found.lost.max(), found.out_first.max()) < 1e-12


def test_huge_and_tiny_scales_stay_finite() -> None:
    for scale in (1e-5, 1e9):
        found = outcome(course(3 * scale, [0.0, 1.0, 1.0], sizes=(scale,)))
        assert found.out[0, 2] == pytest.approx(stats.poisson.sf(3, 2.0), abs=1e-6)


def test_an_item_that_needs_more_steps_than_there_are_is_still_answered() -> None:
    found = outcome(course(float(STATES[-1] * 100), [0.0, *[3.0] * 84], sizes=(1.0, 400.0), shares=(0.5, 0.5)))
    assert 0.9 < found.out[0, 84] < 1.0
    assert (np.diff(found.out[0]) >= 0).all()


# Laws

COURSES = st.integers(0, 10**6).map(random_course)
laws = settings(max_examples=60, deadline=None)


@laws
@given(COURSES)
def test_chances_lie_between_nothing_and_certainty_and_never_fall(item: Course) -> None:
    found = outcome(item)
    assert found.out.min() >= 0.0
    assert found.out.max() <= 1.0
    assert (np.diff(found.out, axis=1) >= 0).all()
    assert (np.diff(found.lost, axis=1) >= 0).all()
    assert found.out_first[0] <= found.out[0, -1] + EXACT


@laws
@given(COURSES, st.integers(1, 3))
def test_more_stock_never_raises_a_chance(item: Course, more: int) -> None:
    richer = outcome(replace(item, stock=item.stock + more))
    assert (richer.out <= outcome(item).out + EXACT).all()
    assert (richer.lost <= outcome(item).lost + EXACT).all()


@laws
@given(COURSES)
def test_an_earlier_receipt_never_raises_a_chance(item: Course) -> None:
    earlier = np.concatenate([item.arrived[..., 1:], item.arrived[..., -1:]], axis=2)
    earlier[..., 0] = 0.0
    sooner = outcome(replace(item, arrived=np.maximum(earlier, item.arrived)))
    assert (sooner.out <= outcome(item).out + EXACT).all()
    assert (sooner.lost <= outcome(item).lost + EXACT).all()


@laws
@given(COURSES, st.sampled_from([0.5, 3.0, 12.0]))
def test_chances_do_not_depend_on_the_unit(item: Course, scale: float) -> None:
    scaled = outcome(
        replace(
            item,
            stock=item.stock * scale,
            certain=item.certain * scale,
            quantities=item.quantities * scale,
            sizes=item.sizes * scale,
        )
    )
    assert scaled.out == pytest.approx(outcome(item).out, abs=EXACT)
    assert scaled.lost == pytest.approx(outcome(item).lost * scale, abs=EXACT * scale)
