"""What is asked of a delivery: quantities as written, what is free today, and whose promises an earlier day breaks."""

import polars as pl
import pytest

from analytics.delivery import BROKEN, broken_today, free_today, quantity_of
from analytics.promising import Supply, promise
from tests.analytics.test_promising import day, random_firm, supply_of, wishes
from tests.oracles.promising import Firm


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("40", 40.0),
        (" 2.5 ", 2.5),
        ("+7", 7.0),
        ("1,200.5", 1200.5),
        ("1e3", 1000.0),
        ("1000000", 1_000_000.0),
    ],
)
def test_a_quantity_is_read_as_people_write_it(written: str, expected: float) -> None:
    assert quantity_of(written) == ("asked", expected)


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("", "not_a_number"),
        ("many", "not_a_number"),
        ("4O", "not_a_number"),
        ("12,5", "not_a_number"),
        ("1_0", "not_a_number"),
        ("nan", "not_a_number"),
        ("inf", "not_a_number"),
        ("0", "no_quantity"),
        ("-3", "no_quantity"),
        ("0.0000000001", "no_quantity"),
        ("1e9", "too_many"),
        ("1000001", "too_many"),
        ("1e999", "too_many"),
    ],
)
def test_what_is_no_quantity_is_told_and_no_number_made_of_it(written: str, wrong: str) -> None:
    assert quantity_of(written) == (wrong, None)


def named(supply: Supply) -> pl.DataFrame:
    """The promises of the firm with what they are called."""
    return supply.promised.with_row_index("at").with_columns(
        kind=pl.lit("order"), number=pl.format("S{}", "at"), party=pl.lit("Somebody")
    )


def test_free_today_is_what_no_later_promise_needs() -> None:
    rows = free_today(supply_of(Firm({"north": 9}, [("north", 6, 5)], [("north", 3, 4), ("north", 8, 3)])))
    expected = ("bolt", "north", 9.0, 7.0, 5.0, day(6), 5.0)
    assert rows.rows() == [expected]


@pytest.mark.parametrize("block", range(5))
def test_free_today_can_leave_today_and_one_more_cannot(block: int) -> None:
    for seed in range(block * 40, block * 40 + 40):
        firm, _, _ = random_firm(seed)
        supply = supply_of(firm)
        for row in free_today(supply).iter_rows(named=True):
            left = [firm.left_over(row["site_id"], later) for later in range(firm.horizon + 1)]
            assert row["free"] == max(0, min(left)), seed
            more = promise(supply, wishes(row["free"] + 1, site=row["site_id"])).deliveries
            own = more.filter((pl.col("leaves_on") == supply.today) & (pl.col("from_site_id") == row["site_id"]))
            assert own["quantity"].sum() <= row["free"], seed


def test_whose_promise_an_earlier_day_breaks_is_named() -> None:
    supply = supply_of(Firm({"north": 5}, [("north", 9, 9)], [("north", 3, 2), ("north", 6, 2), ("north", 12, 1)]))
    rows = broken_today(supply, named(supply), "bolt", 2, None)
    assert rows.select("number", "party", "due_on", "quantity").rows() == [("S1", "Somebody", day(6), 2.0)]


def test_no_promise_is_in_the_way_of_what_is_not_there() -> None:
    supply = supply_of(Firm({"north": 5}, [], [("north", 3, 5)]))
    assert broken_today(supply, named(supply), "bolt", 6, None).is_empty()
    assert broken_today(supply, named(supply), "bolt", 1, "south").is_empty()
    assert broken_today(supply, named(supply), "nut", 1, None).schema == BROKEN


@pytest.mark.parametrize("seed", range(150))
def test_a_promise_is_in_the_way_exactly_of_what_is_on_hand_and_cannot_leave(seed: int) -> None:
    firm, quantity, site = random_firm(seed)
    supply = supply_of(firm)
    held = sum(amount for at, amount in firm.stock.items() if site in (None, at))
    leaves_today = firm.can_leave(0, quantity, site)
    broken = broken_today(supply, named(supply), "bolt", quantity, site)
    assert broken.is_empty() == (held < quantity or leaves_today)
