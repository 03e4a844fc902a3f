"""ABC and XYZ by examples that fit in the head."""

from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from analytics.classes import CLASSES, classes, variation
from analytics.demand_weeks import AT, by_week
from tests.analytics.firm import DAY

SALES = {"product_id": pl.String, "revenue": pl.Float64, "margin": pl.Float64}


def asked(**weekly: list[float]) -> pl.DataFrame:
    """Demand by item and week, this week's first."""
    rows = [
        {"product_id": product, "day_on": DAY - timedelta(days=7 * week), "quantity": quantity}
        for product, quantities in weekly.items()
        for week, quantity in enumerate(quantities)
    ]
    schema = dict.fromkeys(AT, pl.String) | {"day_on": pl.Date, "quantity": pl.Float64}
    return by_week(pl.DataFrame(rows, schema=schema), DAY)


def classed(sales: dict[str, tuple[float | None, float | None]], *, by_margin: bool = False, demand: Any = None,
            others: tuple[str, ...] = (), worth: float | None = 1.0) -> dict[str, dict[str, Any]]:  # fmt: skip
    names = [*sales, *others]
    items = pl.DataFrame({"product_id": names, "unit_worth": [worth] * len(names)}).cast({"unit_worth": pl.Float64})
    sold = pl.DataFrame([(name, *money) for name, money in sales.items()], schema=SALES, orient="row")
    rows = classes(items, asked() if demand is None else demand, sold, DAY, by_margin=by_margin)
    assert rows.schema == CLASSES
    return {row["product_id"]: row for row in rows.iter_rows(named=True)}


def test_the_first_80_percent_are_a_up_to_95_b_and_the_rest_c() -> None:
    told = classed({"first": (70, None), "second": (20, None), "third": (7, None), "fourth": (3, None)})
    assert {name: row["abc"] for name, row in told.items()} == {
        "first": "A",
        "second": "A",
        "third": "B",
        "fourth": "C",
    }


def test_an_item_alone_is_a_and_one_that_brings_a_loss_is_c() -> None:
    assert classed({"only": (5, None)})["only"]["abc"] == "A"
    told = classed({"good": (5, 5), "bad": (9, -2)}, by_margin=True)
    assert (told["good"]["abc"], told["bad"]["abc"], told["bad"]["worth_is"]) == ("A", "C", "margin")


def test_items_are_ranked_by_margin_where_it_may_be_seen_and_by_revenue_where_not_or_not_known() -> None:
    sales: dict[str, tuple[float | None, float | None]] = {"dear": (900, 1), "rich": (100, 99), "odd": (50, None)}
    by_margin, by_revenue = classed(sales, by_margin=True), classed(sales)
    assert [by_margin[name]["abc"] for name in sales] == ["C", "A", "A"]
    assert [by_revenue[name]["abc"] for name in sales] == ["A", "B", "C"]
    assert (by_margin["odd"]["worth"], by_margin["odd"]["worth_is"]) == (50, "revenue")


def test_what_is_only_used_is_ranked_apart_by_what_was_used() -> None:
    told = classed({"pump": (1000, None)}, others=("case", "screw"), demand=asked(case=[90.0], screw=[1.0]))
    assert {name: (row["abc"], row["worth"], row["worth_is"]) for name, row in told.items()} == {
        "pump": ("A", 1000, "revenue"),
        "case": ("A", 90, "usage"),
        "screw": ("C", 1, "usage"),
    }


def test_what_nobody_asked_for_is_n_and_has_no_evenness() -> None:
    old = asked(old=[0.0] * 52 + [9.0])
    told = classed({}, others=("old", "never"), demand=old)
    assert {(row["abc"], row["xyz"]) for row in told.values()} == {("N", None)}


def test_an_item_of_unknown_worth_is_c() -> None:
    assert classed({}, others=("case",), demand=asked(case=[1.0]), worth=None)["case"]["abc"] == "C"


@pytest.mark.parametrize(
    ("weekly", "variation_is", "xyz"),
    [
        ([4.0] * 13, 0, "X"),
        ([2.0, 6.0] * 8, 0.5, "X"),
        ([0.0, 8.0] * 8, 1.0, "Y"),
        ([0.0, 0.0, 0.0, 9.0] * 5, 3**0.5, "Z"),
    ],
)
def test_evenness_is_the_variation_of_weekly_demand(weekly: list[float], variation_is: float, xyz: str) -> None:
    row = classed({}, others=("case",), demand=asked(case=weekly))["case"]
    assert (row["weekly_variation"], row["xyz"]) == (pytest.approx(variation_is), xyz)


@pytest.mark.parametrize(("weekly", "weeks_between", "is_intermittent"), [
    ([1.0, 1.0, 1.0, 1.0, 0.0] * 4, 1.25, False),
    ([1.0, 1.0, 1.0, 0.0] * 4, 4 / 3, True),
])  # fmt: skip
def test_what_is_asked_for_only_every_132_weeks_of_100_is_intermittent(
    weekly: list[float], weeks_between: float, is_intermittent: bool
) -> None:
    row = classed({}, others=("case",), demand=asked(case=weekly))["case"]
    assert (row["weeks_between"], row["is_intermittent"]) == (pytest.approx(weeks_between), is_intermittent)


def test_weeks_are_counted_since_the_first_demand_thirteen_at_least_and_fifty_two_at_most() -> None:
    def weeks(quantities: list[float]) -> float:
        row = variation(asked(case=quantities), DAY).row(0, named=True)
        return float(row["weeks_between"] * sum(1 for quantity in quantities[:52] if quantity > 0))

    assert weeks([1.0]) == 13
    assert weeks([1.0] + [0.0] * 19 + [1.0]) == 21
    assert weeks([1.0] + [0.0] * 79 + [1.0]) == 52


def test_returns_come_off_the_demand_and_more_returned_than_asked_for_is_none() -> None:
    assert variation(asked(case=[5.0, -2.0]), DAY)["demand_quantity"].to_list() == [3]
    assert variation(asked(case=[5.0, -5.0]), DAY).is_empty()
