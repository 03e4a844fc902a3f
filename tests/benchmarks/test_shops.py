"""The chain of shops that benchmarks make: every product, shop and day is there once, and its facts tell one story."""

from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.facts import FACTS
from analytics.tables import TABLES
from benchmarks import shops
from benchmarks.publishing import Made
from benchmarks.shops import DAYS, LAST_ON, Shops

SMALL = Shops(products=9, days=130)
SERIES = ("product_id", "site_id")


@pytest.fixture(scope="module")
def made() -> Made:
    return shops.firm(SMALL)


@pytest.fixture(scope="module")
def facts(made: Made) -> dict[str, pl.DataFrame]:
    return {name: rows.collect() for name, rows in made.large.items()}


def test_at_full_size_it_has_as_many_rows_as_the_m5_data() -> None:
    assert Shops().series == 30_490
    assert Shops().rows == 59_181_090


def test_stock_has_a_row_for_every_product_shop_and_day(facts: dict[str, pl.DataFrame]) -> None:
    counted = facts["fact_stock"].select(*SERIES, "day_on")
    assert counted.height == SMALL.rows == counted.n_unique()
    assert (counted["day_on"].min(), counted["day_on"].max()) == (SMALL.first_on, LAST_ON)


def test_all_changes_of_stock_add_up_to_what_was_counted_last(made: Made, facts: dict[str, pl.DataFrame]) -> None:
    counted = made.tables["inventory_levels"].select(*SERIES, "on_hand")
    for name, column in (("fact_stock", "quantity"), ("stock_changes", "change")):
        summed = facts[name].group_by(SERIES).agg(on_hand=pl.col(column).sum())
        held = counted.join(summed, on=SERIES, how="left", suffix="_summed").fill_null(0)
        assert held["on_hand"].to_list() == held["on_hand_summed"].to_list()
    assert (made.tables["inventory_levels"]["on_hand"] >= 0).all()


def test_what_is_asked_for_is_ordered_invoiced_and_leaves(facts: dict[str, pl.DataFrame]) -> None:
    asked = facts["demand_by_item_day"].select(*SERIES, "day_on", "quantity")
    for name in ("fact_order_lines", "fact_invoice_lines", "fact_issues"):
        assert_frame_equal(facts[name].select(asked.columns), asked)
    assert asked["quantity"].min() == 1


def test_most_days_see_no_demand(facts: dict[str, pl.DataFrame]) -> None:
    assert 0.2 < facts["demand_by_item_day"].height / SMALL.rows < 0.5


def test_margin_is_amount_less_cost(facts: dict[str, pl.DataFrame]) -> None:
    lines = facts["fact_invoice_lines"]
    assert (lines["amount"] - lines["cost"] == lines["margin"]).all()
    assert (lines["margin"] > 0).all()


@pytest.mark.parametrize("fact", ["order_lines", "invoice_lines", "issues", "stock"])
def test_a_fact_is_as_the_program_makes_it(facts: dict[str, pl.DataFrame], fact: str) -> None:
    nothing = {name: TABLES[name].create_empty() for name in FACTS[fact].needs}
    made = facts[f"fact_{fact}"]
    assert made.schema == FACTS[fact].make(nothing).schema
    assert made["day_on"].is_sorted()
    assert not made["record_id"].has_nulls()


def test_every_line_has_a_key_of_its_own(facts: dict[str, pl.DataFrame]) -> None:
    assert facts["fact_order_lines"]["record_id"].is_unique().all()


def test_changes_of_stock_lie_by_item(facts: dict[str, pl.DataFrame]) -> None:
    assert facts["stock_changes"]["product_id"].is_sorted()
    assert (facts["stock_changes"]["change"] != 0).all()


def test_equal_chances_make_equal_rows_and_others_make_others() -> None:
    first, again, other = (
        shops.firm(Shops(products=3, days=40, seed=seed)).large["fact_order_lines"].collect() for seed in (7, 7, 8)
    )
    assert_frame_equal(first, again)
    assert not first.equals(other)


def test_fewer_days_are_the_last_days_of_the_longer_firm(facts: dict[str, pl.DataFrame]) -> None:
    shorter = shops.firm(Shops(products=9, days=30)).large["fact_order_lines"].collect()
    longer = facts["fact_order_lines"].filter(pl.col("day_on") > LAST_ON - timedelta(days=30))
    assert_frame_equal(shorter, longer)
    assert Shops().first_on == LAST_ON - timedelta(days=DAYS - 1)


def test_rows_are_the_same_however_many_are_made_at_once(
    facts: dict[str, pl.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shops, "ROWS_AT_ONCE", 700)
    for name, rows in shops.firm(SMALL).large.items():
        assert_frame_equal(rows.collect(), facts[name])
