"""Firms whose truth is known: what is said with 90 % comes true in 87 to 93 of 100 cases, as dice tell."""

import numpy as np

from analytics import first_passage
from analytics.first_passage import Course
from analytics.stock_outs import WEIGHTS, levels

ITEMS, DAYS, DRAWS = 500, 28, 40
SIZES, SHARES = np.array([1.0, 2.0, 5.0]), np.array([0.6, 0.3, 0.1])


def firm(dice: np.random.Generator) -> Course:
    """Items with some stock and a receipt on an unsure day, asked for in pieces at a rate that nobody knows surely."""
    rates = np.zeros((ITEMS, DAYS + 1))
    rates[:, 1:] = dice.uniform(0.05, 1.0, ITEMS)[:, None]
    return Course(
        stock=dice.integers(0, 40, ITEMS).astype(np.float64),
        certain=np.zeros((ITEMS, DAYS + 1)),
        rates=rates,
        levels=levels(np.full(ITEMS, 0.1)),
        weights=WEIGHTS,
        quantities=dice.integers(1, 15, (ITEMS, 1)).astype(np.float64),
        arrived=np.sort(dice.uniform(0.0, 1.0, (ITEMS, 1, DAYS + 1)), axis=2),
        sized=np.repeat(np.arange(ITEMS), SIZES.size),
        sizes=np.tile(SIZES, ITEMS),
        shares=np.tile(SHARES, ITEMS),
    )


def came(course: Course, dice: np.random.Generator) -> np.ndarray:
    """Whether each item ran out within the days, as the dice fall once."""
    level = course.levels[np.arange(ITEMS), dice.choice(WEIGHTS.size, ITEMS, p=WEIGHTS)]
    orders = dice.poisson(course.rates * level[:, None])
    pieces = [dice.binomial(orders, SHARES[0])]
    pieces.append(dice.binomial(orders - pieces[0], SHARES[1] / (1 - SHARES[0])))
    pieces.append(orders - pieces[0] - pieces[1])
    asked = np.cumsum(sum(size * piece for size, piece in zip(SIZES, pieces, strict=True)), axis=1)
    arrived = dice.uniform(0.0, 1.0, ITEMS)[:, None] <= course.arrived[:, 0, :]
    return ((course.stock[:, None] + arrived * course.quantities - asked) < 0).any(axis=1)


def test_what_is_said_with_90_percent_comes_true_in_87_to_93_of_100_cases() -> None:
    dice = np.random.default_rng(11)
    course = firm(dice)
    said = first_passage.outcome(course).out[:, DAYS]
    seen = np.mean([came(course, dice) for _ in range(DRAWS)], axis=0)
    of_90 = (said > 0.85) & (said < 0.95)
    assert of_90.sum() * DRAWS > 500
    assert 0.87 <= seen[of_90].mean() <= 0.93
    for low in np.arange(0.05, 0.95, 0.1):
        within = (said >= low) & (said < low + 0.1)
        assert abs(seen[within].mean() - said[within].mean()) < 0.03
