"""Projected stock, by examples that fit in the head."""

import numpy as np
import polars as pl

from analytics.projection import NEVER, Paths, project, relief_day, runs_out_day, short_quantity, spread


def path(on_hand: float, daily: float, receipts: list[float], reservations: list[float]) -> Paths:
    return project(np.array([on_hand]), np.array([daily]), np.array([receipts]), np.array([reservations]))


def row(array: np.ndarray) -> list[float]:
    return [float(value) for value in array[0]]


def judged(of: Paths, on_hand: float, lead_days: float) -> tuple[int, int, float]:
    runs_out = runs_out_day(of, np.array([True]))
    relief = relief_day(of, runs_out, np.array([lead_days]))
    return int(runs_out[0]), int(relief[0]), float(short_quantity(of, np.array([on_hand]), relief)[0])


def test_usual_demand_is_taken_from_the_day_after_counting() -> None:
    assert row(path(10, 2, [0, 0, 0], [0, 0, 0]).projected) == [10, 8, 6]


def test_what_is_due_today_leaves_and_arrives_today() -> None:
    assert row(path(10, 0, [5, 0, 0], [3, 0, 0]).projected) == [12, 12, 12]


def test_an_order_covers_the_usual_demand_of_its_day() -> None:
    assert row(path(10, 2, [0, 0, 0], [0, 2, 0]).expected) == [0, 0, 2]


def test_a_large_order_uses_up_the_usual_demand_of_the_days_after_it_never_before() -> None:
    assert row(path(10, 2, [0] * 5, [0, 0, 5, 0, 0]).expected) == [0, 2, 0, 0, 1]


def test_orders_of_the_past_do_not_use_up_the_demand_to_come() -> None:
    assert row(path(10, 2, [0, 0], [6, 0]).expected) == [0, 2]


def test_quantities_are_spread_over_items_and_days_and_add_up() -> None:
    rows = pl.DataFrame({"item": [0, 0, 1, 1], "day": [1, 1, 0, 7], "quantity": [2.0, 3.0, 4.0, 9.0]})
    assert spread(rows, 2, 3).tolist() == [[0, 5, 0], [4, 0, 0]]


def test_an_item_runs_out_on_the_first_day_with_nothing_left() -> None:
    runs_out, _, _ = judged(path(4, 2, [0] * 5, [0] * 5), 4, 99)
    assert runs_out == 2


def test_what_nobody_wants_never_runs_out() -> None:
    nothing = path(0, 0, [0, 0], [0, 0])
    assert runs_out_day(nothing, np.array([False])).tolist() == [NEVER]


def test_short_is_what_cannot_be_served_until_the_receipt_that_helps() -> None:
    assert judged(path(3, 2, [0, 0, 0, 9, 0], [0] * 5), 3, 99) == (2, 3, 1)


def test_a_receipt_that_does_not_lift_stock_above_zero_does_not_help() -> None:
    assert judged(path(0, 2, [0, 1, 0, 9, 0], [0] * 5), 0, 99) == (0, 3, 3)


def test_an_order_placed_today_helps_after_the_lead_time_rounded_up() -> None:
    assert judged(path(0, 2, [0] * 6, [0] * 6), 0, 2.5) == (0, 3, 4)


def test_nothing_that_is_ordered_today_comes_today() -> None:
    assert judged(path(0, 0, [0, 0], [5, 0]), 0, 0) == (0, 1, 5)


def test_what_was_below_zero_when_counted_is_not_short() -> None:
    assert judged(path(-3, 2, [0] * 3, [0] * 3), -3, 2) == (0, 2, 2)


def test_stock_that_ends_exactly_at_zero_has_run_out_and_is_short_of_nothing() -> None:
    assert judged(path(0.3, 0.1, [0] * 4, [0] * 4), 0.3, 4) == (3, 4, 0)
