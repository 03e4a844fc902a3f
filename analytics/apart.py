"""What is judged by experience, of each company or region by itself: so that what a viewer may not see moves nothing.

How late a supplier is is learned from many orders. Who may see one company, or one region of it, is told what that part
teaches; the orders of the others cannot be read from the answer.
"""

from collections.abc import Callable
from typing import TypeVar

import polars as pl

from analytics.demand import Tables
from analytics.sites import main_sites
from analytics.tables import SHARED

Made = dict[str, pl.DataFrame]
Make = Callable[[Tables], Made]
Shared = TypeVar("Shared")
FACTS = ("inventory_levels", "sales_order_lines", "purchase_order_lines", "work_orders", "stock_moves")
JUDGED = (*FACTS, "receipt_lines", "supplier_products", "boms")
COMING = ("purchase_orders", "work_orders")


def by_company(make: Make) -> Make:
    """The same for each company from its own rows and those that all share. ``make``: from tables to frames by name,
    with company_id."""

    def made(tables: Tables) -> Made:
        parts = [_of_company(make, tables, company) for company in _companies(tables)]
        return _together(parts or [make(_none(tables))])

    return made


def by_region(make: Callable[[Tables, str, Shared], Made], prepare: Callable[[Tables], Shared]) -> Make:
    """The same for each company and region from what was ordered for the sites of that region. ``make``: from tables, a
    region and what ``prepare`` made of the company's tables for all its regions, to frames by name, with company_id and
    region. What no region is known for is in no part."""

    def made(tables: Tables) -> Made:
        regions = main_sites(tables["sites"])["region"].drop_nulls().unique().sort()
        firms = {company: _own(tables, company) for company in _companies(tables)}
        shared = {company: prepare(own) for company, own in firms.items()}
        parts = [
            _of_region(make(_ordered_for(own, region), region, shared[company]), company, region)
            for region in regions
            for company, own in firms.items()
        ]
        return _together(parts or [make(_none(tables), "", prepare(_none(tables)))])

    return made


def _together(parts: list[Made]) -> Made:
    return {name: pl.concat([part[name] for part in parts]) for name in parts[0]}


def _companies(tables: Tables) -> list[str]:
    known = [tables[name].select("company_id") for name in FACTS]
    return pl.concat(known)["company_id"].drop_nulls().unique().sort().to_list()


def _of_company(make: Make, tables: Tables, company: str) -> Made:
    made = make(_own(tables, company))
    return {name: rows.filter(pl.col("company_id") == company) for name, rows in made.items()}


def _own(tables: Tables, company: str) -> Tables:
    own = pl.col("company_id").is_in([company, SHARED])
    return {name: rows.filter(own) if name in JUDGED else rows for name, rows in tables.items()}


def _of_region(made: Made, company: str, region: str) -> Made:
    within = (pl.col("company_id") == company) & (pl.col("region") == region)
    return {name: rows.filter(within) for name, rows in made.items()}


def _ordered_for(tables: Tables, region: str) -> Tables:
    """Experience comes from the purchase and work orders of the region's sites only."""
    own = main_sites(tables["sites"]).filter(pl.col("region") == region)["site_id"].implode()
    return {
        name: rows.filter(pl.col("site_id").is_in(own)) if name in COMING else rows for name, rows in tables.items()
    }


def _none(tables: Tables) -> Tables:
    """The tables without rows: of what they make, only the columns are left."""
    return {name: rows.clear() for name, rows in tables.items()}
