"""What is judged by experience is judged of each company, and each region, by itself."""

import polars as pl
import pytest

from analytics.aggregates import judged
from analytics.apart import Make, by_company, by_region
from analytics.sites import main_sites
from analytics.stock_outs import demands
from tests.analytics.firm import firm, random_firm

JUDGED = ("stock_out_risks", "expected_receipts")


@pytest.mark.parametrize("name", JUDGED)
@pytest.mark.parametrize("seed", range(3))
def test_the_orders_of_another_company_change_nothing(seed: int, name: str) -> None:
    tables = random_firm(seed)
    lines = tables["purchase_order_lines"]
    ours = tables | {"purchase_order_lines": lines.filter(pl.col("company_id") != "c2")}
    made = (by_company(judged)(given)[name] for given in (tables, ours))
    told, alone = (rows.filter(pl.col("company_id") == "c1") for rows in made)
    assert told.height > 0
    assert told.equals(alone)


@pytest.mark.parametrize("seed", range(3))
def test_purchases_for_another_region_change_nothing(seed: int) -> None:
    tables = random_firm(seed)
    north = main_sites(tables["sites"]).filter(pl.col("region") == "N")["site_id"].implode()
    orders = tables["purchase_orders"]
    of_north = tables | {"purchase_orders": orders.filter(pl.col("site_id").is_in(north))}
    made = (by_region(judged, demands)(given)["stock_out_risks"] for given in (tables, of_north))
    told, alone = (rows.filter(pl.col("region") == "N") for rows in made)
    assert told.height > 0
    assert told.equals(alone)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_asked_of_sites_of_another_region_changes_nothing(seed: int) -> None:
    tables = random_firm(seed)
    moves, places = tables["stock_moves"], main_sites(tables["sites"]).filter(pl.col("region") == "N")
    north = places["site_id"].implode()
    is_use = (pl.col("kind") == "consumption") & ~pl.col("from_site_id").is_in(north).fill_null(True)
    ours = tables | {"stock_moves": moves.filter(~is_use)}
    assert ours["stock_moves"].height < moves.height
    made = (by_region(judged, demands)(given)["stock_out_risks"] for given in (tables, ours))
    told, alone = (rows.filter(pl.col("region") == "N") for rows in made)
    assert told.equals(alone)


def test_a_firm_of_one_company_and_region_is_judged_as_a_whole() -> None:
    tables = random_firm(1)
    one = {
        name: rows.with_columns(company_id=pl.lit("c1")) if "company_id" in rows.columns else rows
        for name, rows in tables.items()
    }
    apart, whole = by_company(judged)(one), judged(one)
    assert all(apart[name].equals(whole[name]) for name in whole)


@pytest.mark.parametrize("apart", [by_company(judged), by_region(judged, demands)], ids=["company", "region"])
def test_nothing_makes_nothing_with_the_same_columns(apart: Make) -> None:
    nothing, something = apart(firm()), judged(random_firm(1))
    assert {name: rows.schema for name, rows in nothing.items()} == {
        name: rows.schema for name, rows in something.items()
    }
