"""Surges: found where customers order more often, not found by chance, and told apart from what only looks like one."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from scipy import stats

from analytics import surge_signs as signs
from analytics.surge_signs import Market
from analytics.surges import SURGES, surges

AS_OF = date(2026, 3, 29)
DAYS, PRODUCTS = 320, 30
NOBODY = pl.DataFrame(schema={"customer_id": pl.String, "starts_on": pl.Date, "ends_on": pl.Date})


def lines(seed: int = 5, region: str = "N") -> pl.DataFrame:
    """What one market orders: thirty products, the first two a day, by a hundred customers."""
    dice = np.random.default_rng(seed)
    rates = np.linspace(2.0, 0.1, PRODUCTS)
    day, product = np.nonzero(dice.poisson(rates, (DAYS, PRODUCTS)))
    return pl.DataFrame(
        {
            "product_id": [f"p{at}" for at in product],
            "day_on": [AS_OF - timedelta(days=DAYS - 1 - int(at)) for at in day],
            "customer_id": [f"k{at}" for at in dice.integers(0, 100, day.size)],
            "document": [f"S{at}" for at in range(day.size)],
            "quantity": dice.integers(1, 5, day.size).astype(np.float64),
        }
    ).with_columns(company_id=pl.lit("c"), region=pl.lit(region))


def more(days: int, each: int, customers: list[str], quantity: float = 2.0, product: str = "p3") -> pl.DataFrame:
    """So many more orders of a product on each of the last days, by these customers in turn."""
    rows = [
        (
            product,
            AS_OF - timedelta(days=back),
            customers[(back * each + at) % len(customers)],
            f"X{back}.{at}",
            quantity,
        )
        for back in range(days)
        for at in range(each)
    ]
    names = ["product_id", "day_on", "customer_id", "document", "quantity"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(company_id=pl.lit("c"), region=pl.lit("N"))


MANY = [f"m{number}" for number in range(60)]


def kinds(ordered: pl.DataFrame, members: pl.DataFrame = NOBODY) -> dict[str, str]:
    return dict(surges(ordered, members, AS_OF).select("product_id", "kind").iter_rows())


def test_a_market_in_which_nothing_changes_raises_no_alarm() -> None:
    assert kinds(lines()) == {}


def test_many_customers_who_order_more_are_a_surge_and_its_beginning_is_found() -> None:
    told = surges(pl.concat([lines(), more(10, 6, MANY)]), NOBODY, AS_OF).row(0, named=True)
    assert (told["product_id"], told["kind"]) == ("p3", "surge")
    assert abs((told["since_on"] - (AS_OF - timedelta(days=9))).days) <= 2
    assert told["alarmed_on"] <= AS_OF - timedelta(days=5)
    assert told["orders"] > 2 * told["usual_orders"]
    assert told["quantity"] > 2 * told["usual_quantity"]


def test_the_surge_is_found_within_five_days() -> None:
    for since in (4, 5):
        found = [
            day for day in range(1, since + 1) if kinds(pl.concat([lines(), more(day, 8, MANY)])) == {"p3": "surge"}
        ]
        assert found


def test_one_large_order_is_no_surge_but_is_told() -> None:
    assert kinds(pl.concat([lines(), more(1, 1, MANY, quantity=500.0)])) == {"p3": "one_order"}


def test_one_customer_who_orders_every_day_is_told_apart() -> None:
    assert kinds(pl.concat([lines(), more(28, 1, ["m1"], product="p20")])) == {"p20": "one_customer"}


def test_those_whom_a_campaign_addressed_are_told_apart() -> None:
    ran = pl.DataFrame({"customer_id": MANY}).with_columns(
        starts_on=pl.lit(AS_OF - timedelta(days=12)), ends_on=pl.lit(AS_OF)
    )
    ordered = pl.concat([lines(), more(10, 6, MANY)])
    assert kinds(ordered, ran) == {"p3": "promotion"}
    long_ago = ran.with_columns(ends_on=pl.lit(AS_OF - timedelta(days=100)), starts_on=pl.lit(date(2025, 9, 1)))
    assert kinds(ordered, long_ago) == {"p3": "surge"}


def test_catching_up_after_weeks_without_orders_is_no_surge() -> None:
    quiet = (pl.col("product_id") == "p3") & (pl.col("day_on") > AS_OF - timedelta(days=40))
    assert kinds(pl.concat([lines().filter(~quiet), more(5, 11, MANY)])) == {"p3": "rebound"}


def test_each_market_is_judged_by_its_own_rows_alone() -> None:
    here = pl.concat([lines(), more(10, 6, MANY)])
    both = surges(pl.concat([here, lines(9, "S")]), NOBODY, AS_OF)
    assert both.filter(pl.col("region") == "N").equals(surges(here, NOBODY, AS_OF))


def test_what_is_spread_over_regions_is_found_in_all_of_them_together() -> None:
    def elsewhere(rows: pl.DataFrame) -> pl.DataFrame:
        names = [pl.concat_str(pl.lit("s"), name).alias(name) for name in ("customer_id", "document")]
        return rows.with_columns(*names, region=pl.lit("S"))

    thin = more(6, 2, MANY, product="p10")
    told = surges(pl.concat([lines(), elsewhere(lines(9)), thin, elsewhere(thin)]), NOBODY, AS_OF)
    assert told.select("product_id", "region", "kind").rows() == [("p10", None, "surge")]


def test_a_market_that_is_busier_in_everything_surges_in_nothing() -> None:
    ordered = lines()
    busy = ordered.filter(pl.col("day_on") > AS_OF - timedelta(days=14))
    again = [
        busy.with_columns(pl.concat_str(pl.lit(mark), name).alias(name) for name in ("customer_id", "document"))
        for mark in "bc"
    ]
    assert kinds(pl.concat([ordered, *again])) == {}


@pytest.mark.parametrize("many", [0, 1])
def test_nothing_and_a_single_order_are_an_answer(many: int) -> None:
    told = surges(lines().head(many), NOBODY, AS_OF)
    assert told.is_empty()
    assert dict(told.schema) == dict(SURGES)


def test_the_tail_is_that_of_a_negative_binomial_number() -> None:
    orders, mean, shape = np.array([0.0, 1.0, 4.0, 30.0]), np.full(4, 3.0), np.array([2.0, 2.0, 5.5, 1e7])
    exact = [stats.nbinom.sf(n - 1, r, r / (r + 3.0)) for n, r in zip(orders, shape, strict=True)]
    assert signs.tail(orders, mean, shape) == pytest.approx(exact, rel=1e-6)


def test_in_calm_markets_false_alarms_keep_the_rate_that_is_said() -> None:
    """Of forty quarters of markets whose shares change of themselves, at most eight see an alarm: four are said."""
    seen = 0
    for seed in range(8):
        dice = np.random.default_rng(seed)
        weekly = np.repeat(dice.gamma(10, 0.1, (60, 86)), 7, axis=1)
        orders = dice.poisson(weekly * np.exp(dice.normal(-1.5, 1.0, 60))[:, None]).astype(np.float64)
        market = Market(orders, np.argmax(orders > 0, axis=1).astype(np.float64))
        unrests = tuple(signs.unrest(market, 601 - 1, days) for days in signs.WINDOWS)
        for quarter in range(5):
            told = (signs.chances(market, 300 + 60 * quarter + day, unrests)[0] for day in range(0, 60, 3))
            seen += any(signs.alarms(each).any() for each in told)
    assert seen <= 8
