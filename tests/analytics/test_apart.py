"""What is judged by experience is judged of each company, and each region, by itself."""

import polars as pl
import pytest

from analytics.aggregates import sourcing
from analytics.apart import by_company, by_region
from analytics.demand import Tables
from analytics.sites import main_sites
from analytics.stock_courses import expected_receipts
from analytics.stock_outs import stock_out_risks
from tests.analytics.firm import firm, random_firm


def risks(tables: Tables) -> pl.DataFrame:
    return stock_out_risks(tables, sourcing(tables))


@pytest.mark.parametrize("make", [risks, expected_receipts])
@pytest.mark.parametrize("seed", range(3))
def test_the_orders_of_another_company_change_nothing(seed: int, make: object) -> None:
    tables = random_firm(seed)
    lines = tables["purchase_order_lines"]
    ours = tables | {"purchase_order_lines": lines.filter(pl.col("company_id") != "c2")}
    told, alone = (by_company(make)(given).filter(pl.col("company_id") == "c1") for given in (tables, ours))  # type: ignore[arg-type]
    assert told.height > 0
    assert told.equals(alone)


@pytest.mark.parametrize("seed", range(3))
def test_purchases_for_another_region_change_nothing(seed: int) -> None:
    tables = random_firm(seed)
    north = main_sites(tables["sites"]).filter(pl.col("region") == "N")["site_id"].implode()
    orders = tables["purchase_orders"]
    of_north = tables | {"purchase_orders": orders.filter(pl.col("site_id").is_in(north))}
    told, alone = (by_region(risks)(given).filter(pl.col("region") == "N") for given in (tables, of_north))
    assert told.height > 0
    assert told.equals(alone)


def test_a_firm_of_one_company_and_region_is_judged_as_a_whole() -> None:
    tables = random_firm(1)
    one = {
        name: rows.with_columns(company_id=pl.lit("c1")) if "company_id" in rows.columns else rows
        for name, rows in tables.items()
    }
    assert by_company(risks)(one).equals(risks(one))


@pytest.mark.parametrize("apart", [by_company, by_region])
def test_nothing_makes_nothing_with_the_same_columns(apart: object) -> None:
    assert apart(risks)(firm()).schema == risks(random_firm(1)).schema  # type: ignore[operator]
