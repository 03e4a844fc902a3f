"""What campaigns caused: found where they did, not where they did not, and said to be unknown where it is."""

import random
from collections.abc import Callable
from datetime import date, timedelta

import polars as pl
import pytest

from analytics.campaign_effects import CAUSED, advertised, caused

DAY = date(2026, 6, 30)
FIRST, LAST = date(2026, 5, 1), date(2026, 5, 28)
CAMPAIGN = pl.DataFrame([{"campaign_id": "c", "starts_on": FIRST, "ends_on": LAST}])
NOTHING_NAMED = pl.DataFrame(schema={"campaign_id": pl.String, "family": pl.String})
Rate = Callable[[str, date], float]


def people(addressed: int, others: int, group: str = "held_out") -> pl.DataFrame:
    rows = [("c", f"a{at}", "addressed") for at in range(addressed)]
    rows += [("c", f"o{at}", group) for at in range(others)]
    return pl.DataFrame(rows, schema=["campaign_id", "customer_id", "group"], orient="row")


def bought(who: pl.DataFrame, rate: Rate, *, family: str = "pumps", seed: int = 1) -> pl.DataFrame:
    """What customers bought on each day since November, by chance at a rate of their own."""
    dice = random.Random(seed)  # noqa: S311 - the same sales in every run
    days = [date(2025, 10, 1) + timedelta(days=number) for number in range(260)]
    usual = {key: dice.choice([0.02, 0.05, 0.1]) for key in who["customer_id"]}
    rows = [(key, day, family, 10.0) for key in usual for day in days if dice.random() < usual[key] * rate(key, day)]
    schema = {"customer_id": pl.String, "day_on": pl.Date, "family": pl.String, "amount": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def lifted(key: str, day: date) -> float:
    return 2.5 if key.startswith("a") and FIRST <= day <= LAST else 1.0


def even(_key: str, _day: date) -> float:
    return 1.0


def told(who: pl.DataFrame, sales: pl.DataFrame, families: pl.DataFrame = NOTHING_NAMED) -> dict[str, object]:
    found = caused(CAMPAIGN, who, sales, families, DAY)
    assert dict(found.schema) == dict(CAUSED)
    return found.row(0, named=True)


def test_a_campaign_that_works_is_told_with_bounds_that_hold_the_truth() -> None:
    who = people(150, 60)
    sales = bought(who, lifted)
    found = told(who, sales)
    extra = sales.filter(pl.col("customer_id").str.starts_with("a"), pl.col("day_on").is_between(FIRST, LAST)).height
    assert found["verdict"] == "works"
    assert found["control"] == "held_out"
    assert found["orders_low"] < extra * 1.5 / 2.5 < found["orders_high"]  # type: ignore[operator]
    assert found["placebo_low"] < 0 < found["placebo_high"]  # type: ignore[operator]
    assert found["amount"] == pytest.approx(10 * found["orders"], rel=0.2)  # type: ignore[operator]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_campaign_that_does_nothing_is_not_said_to_work(seed: int) -> None:
    who = people(150, 60)
    found = told(who, bought(who, even, seed=seed))
    assert found["verdict"] in ("unclear", "differs")
    assert found["orders_low"] < 0 < found["orders_high"]  # type: ignore[operator]


def test_groups_that_differed_before_are_said_to_differ() -> None:
    who = people(150, 60, "others")
    risen = bought(who, lambda key, day: 3.0 if key.startswith("a") and day >= date(2026, 3, 25) else 1.0)
    found = told(who, risen)
    assert (found["verdict"], found["control"]) == ("differs", "others")


def test_only_what_was_advertised_counts() -> None:
    who = people(150, 60)
    sales = pl.concat([bought(who, even), bought(who, lifted, family="valves", seed=4)])
    named = pl.DataFrame([{"campaign_id": "c", "family": "pumps"}])
    assert told(who, sales, named)["verdict"] == "unclear"
    assert told(who, sales, named.with_columns(family=pl.lit("valves")))["verdict"] == "works"


def test_few_customers_and_no_sales_are_said_to_be_too_few_or_to_show_nothing() -> None:
    few = people(9, 60)
    assert told(few, bought(few, even))["verdict"] == "too_few"
    who = people(150, 60)
    nothing = told(who, bought(who, even).clear())
    assert (nothing["verdict"], nothing["orders"]) == ("unclear", 0)
    later = CAMPAIGN.with_columns(starts_on=pl.lit(DAY + timedelta(days=1)))
    assert caused(later, who, bought(who, even), NOTHING_NAMED, DAY).is_empty()


def test_advertised_is_what_a_quarter_of_its_orders_hold() -> None:
    orders = [("c", f"S{at}", "pumps") for at in range(4)] + [("c", "S0", "valves"), ("c", "S1", None)]
    orders += [("d", f"T{at}", "valves" if at else "bolts") for at in range(5)]
    rows = pl.DataFrame(orders, schema=["campaign_id", "sales_order_id", "family"], orient="row")
    assert sorted(advertised(rows).rows()) == [("c", "pumps"), ("c", "valves"), ("d", "valves")]
