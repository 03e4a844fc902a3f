"""Where a product stands in its life, by its orders beside those of a year before."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.product_life import COUNTED, SWITCHES, lives, staged, switches

AS_OF = date(2026, 6, 30)
LONG_AGO = date(2023, 1, 1)
NONE = pl.DataFrame(schema=SWITCHES)
NOTHING = pl.DataFrame(
    schema={"product_id": pl.String, "company_id": pl.String, "region": pl.String, "day_on": pl.Date}
)


def stage(now: int, before: int, earlier: int = 0, switched: pl.DataFrame = NONE, **changes: Any) -> str:
    row = {"product_id": "a", "first_on": LONG_AGO, "last_on": AS_OF} | dict.fromkeys(COUNTED, 0)
    row |= {"orders": now, "orders_before": before, "orders_two_years": earlier}
    told = staged(pl.DataFrame([row | changes]), switched, AS_OF, LONG_AGO)
    return str(told["stage"].item())


@pytest.mark.parametrize(
    ("expected", "now", "before", "earlier"),
    [
        ("rising", 60, 30, 30),
        ("steady", 33, 30, 30),
        ("steady", 40, 30, 30),
        ("fading", 30, 60, 60),
        ("fading", 30, 31, 60),
        ("ending", 5, 60, 60),
        ("ending", 0, 2, 40),
        ("seldom", 2, 3, 3),
    ],
)
def test_a_stage_follows_from_three_half_years(expected: str, now: int, before: int, earlier: int) -> None:
    assert stage(now, before, earlier) == expected


def test_new_is_what_was_first_ordered_of_late_in_a_firm_that_is_older() -> None:
    late = AS_OF - timedelta(days=30)
    assert stage(50, 0, first_on=late) == "new"
    young = pl.DataFrame([{"product_id": "a", "first_on": late, "last_on": AS_OF} | dict.fromkeys(COUNTED, 9)])
    assert staged(young, NONE, AS_OF, late)["stage"].item() == "steady"


def test_what_nobody_ordered_for_a_year_has_ended() -> None:
    assert stage(0, 0, 9, last_on=AS_OF - timedelta(days=364)) == "ended"


def left(switched: int, former: int, others_switched: int) -> pl.DataFrame:
    row = {"product_id": "a", "company_id": "c", "region": "N", "into_id": "b", "former": former}
    return pl.DataFrame(
        [row | {"switched": switched, "others": 100, "others_switched": others_switched}], schema=SWITCHES
    )


def test_a_product_whose_customers_take_up_another_is_being_replaced() -> None:
    assert stage(10, 60, 60, left(12, 30, 5)) == "replaced"
    assert stage(10, 60, 60, left(12, 30, 20)) == "ending"
    assert stage(10, 60, 60, left(4, 10, 0)) != "replaced"
    assert stage(60, 60, 60, left(12, 30, 5)) == "steady"


def ordered(*rows: tuple[str, str, int]) -> pl.DataFrame:
    """Orders by product, customer and days ago."""
    told = [(item, who, AS_OF - timedelta(days=ago)) for item, who, ago in rows]
    schema = {"product_id": pl.String, "customer_id": pl.String, "day_on": pl.Date}
    return pl.DataFrame(told, schema=schema, orient="row").with_columns(company_id=pl.lit("c"), region=pl.lit("N"))


def test_orders_are_counted_once_a_day_and_customer_in_their_half_years() -> None:
    rows = ordered(("a", "k", 0), ("a", "k", 0), ("a", "m", 181), ("a", "m", 182), ("a", "m", 364), ("a", "m", 728))
    complaints = rows.head(1).drop("customer_id")
    told = lives(rows, complaints, NOTHING, AS_OF).row(0, named=True)
    assert [told[name] for name in ("orders", "orders_before", "orders_two_years")] == [2, 1, 1]
    assert (told["complaints"], told["returns"], told["first_on"]) == (1, 0, AS_OF - timedelta(days=728))


def test_who_left_one_product_for_another_of_its_category_is_counted() -> None:
    old = [("a", f"k{number}", 300) for number in range(6)]
    new = [("b", f"k{number}", 10) for number in range(4)] + [("z", "k4", 10), ("b", "m1", 10), ("b", "m2", 400)]
    categories = pl.DataFrame({"product_id": ["a", "b", "z"], "category_id": ["x", "x", "y"]})
    told = switches(ordered(*old, *new), categories, AS_OF).row(0, named=True)
    assert (told["product_id"], told["into_id"]) == ("a", "b")
    assert [told[name] for name in ("former", "switched", "others", "others_switched")] == [4, 4, 1, 1]


def test_a_firm_without_orders_has_no_products_in_any_stage() -> None:
    nobody = ordered()
    assert lives(nobody, NOTHING, NOTHING, AS_OF).is_empty()
    assert switches(nobody, pl.DataFrame(schema={"product_id": pl.String, "category_id": pl.String}), AS_OF).is_empty()
