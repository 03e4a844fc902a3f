"""Offers: what is bought after what is found from the past alone, nothing is claimed where chance explains it, and only
what may be offered is."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl
import pytest

from analytics.control_groups import held_out
from analytics.next_offers import BOUGHT, KINDS, OFFERS, RECORD, offers, record

TODAY = date(2026, 3, 31)
TASTES, PER_TASTE, CUSTOMERS = 6, 12, 120
ITEMS = pl.Series([f"i{number}" for number in range(TASTES * PER_TASTE)])
NO_KINDS = pl.DataFrame(schema=KINDS)


@cache
def purchases(*, with_taste: bool) -> pl.DataFrame:
    """Customers that buy six things in each of four quarters: of their own taste, or anything at all."""
    dice = np.random.default_rng(7)
    return pl.DataFrame(_purchases(dice, with_taste=with_taste), schema=BOUGHT, orient="row")


def _purchases(dice: np.random.Generator, *, with_taste: bool) -> Iterator[tuple[str, str, date]]:
    for customer in range(CUSTOMERS):
        own = np.arange(PER_TASTE) + PER_TASTE * (customer % TASTES)
        shelf = own if with_taste else np.arange(TASTES * PER_TASTE)
        for back in range(0, 360, 90):
            for item in dice.choice(shelf, 6, replace=False):
                yield f"c{customer}", f"i{item}", TODAY - timedelta(days=back + int(dice.integers(0, 90)))


def test_a_taste_is_found_and_offered() -> None:
    told = record(purchases(with_taste=True), NO_KINDS, TODAY).row(0, named=True)
    assert told["is_learned"]
    assert told["hit"] > 0.99 > told["hit_popular"]
    made = offers(purchases(with_taste=True), NO_KINDS, TODAY, ITEMS)
    taste = pl.col("product_id").str.slice(1).cast(pl.Int64) // PER_TASTE
    own = pl.col("customer_id").str.slice(1).cast(pl.Int64) % TASTES
    assert made.select((taste == own).mean()).item() > 0.98
    assert dict(made.schema) == {name: pl.Schema({name: kind})[name] for name, kind in OFFERS.items()}


def test_where_nothing_is_to_be_learned_what_sells_most_is_offered_to_everybody() -> None:
    told = record(purchases(with_taste=False), NO_KINDS, TODAY).row(0, named=True)
    assert not told["is_learned"]
    assert abs(told["gain"]) <= 2 * told["gain_bound"]
    made = offers(purchases(with_taste=False), NO_KINDS, TODAY, ITEMS)
    assert made["product_id"].n_unique() == 5
    assert 0 < made["chance"].min() <= made["chance"].max() < 0.95  # type: ignore[operator]


def test_chances_come_true_on_the_whole() -> None:
    told = record(purchases(with_taste=True), NO_KINDS, TODAY).row(0, named=True)
    made = offers(purchases(with_taste=True), NO_KINDS, TODAY, ITEMS)
    said = made.group_by("customer_id").agg(pl.col("chance").sum())["chance"].mean()
    assert said == pytest.approx(told["came"], rel=0.15)


def test_only_what_may_be_offered_is() -> None:
    few = pl.Series(["i1", "i30", "unknown"])
    made = offers(purchases(with_taste=True), NO_KINDS, TODAY, few)
    assert set(made["product_id"]) <= {"i1", "i30"}
    assert offers(purchases(with_taste=True), NO_KINDS, TODAY, few.clear()).is_empty()


@pytest.mark.parametrize("many", [0, 1, 30])
def test_too_few_customers_are_offered_nothing(many: int) -> None:
    some = purchases(with_taste=True).filter(pl.col("customer_id").is_in([f"c{number}" for number in range(many)]))
    assert record(some, NO_KINDS, TODAY).is_empty()
    assert dict(record(some, NO_KINDS, TODAY).schema) == dict(pl.Schema(RECORD))
    assert offers(some, NO_KINDS, TODAY, ITEMS).is_empty()


def test_rows_of_the_future_and_rows_twice_change_nothing() -> None:
    known = purchases(with_taste=True)
    later = known.with_columns(day_on=pl.col("day_on") + timedelta(days=400))
    again = offers(pl.concat([known, known, later]), NO_KINDS, TODAY, ITEMS)
    assert again.equals(offers(known, NO_KINDS, TODAY, ITEMS))


def test_one_customer_in_ten_is_held_out_and_always_the_same() -> None:
    held = [held_out(f"c{number}") for number in range(4_000)]
    assert 0.08 < np.mean(held) < 0.12
    assert held[:100] == [held_out(f"c{number}") for number in range(100)]
