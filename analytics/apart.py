"""What is judged by experience, of each company or region by itself: so that what a viewer may not see moves nothing.

How late a supplier is is learned from many orders. Who may see one company, or one region of it, is told what that part
teaches; the orders of the others cannot be read from the answer.
"""

from collections.abc import Callable

import polars as pl

from analytics.demand import Tables
from analytics.sites import main_sites
from analytics.tables import SHARED

Make = Callable[[Tables], pl.DataFrame]
FACTS = ("inventory_levels", "sales_order_lines", "purchase_order_lines", "work_orders", "stock_moves")
JUDGED = (*FACTS, "receipt_lines", "supplier_products", "boms")
COMING = ("purchase_orders", "work_orders")


def by_company(make: Make) -> Make:
    """The same for each company from its own rows and those that all share. ``make``: from tables to rows with
    company_id."""

    def made(tables: Tables) -> pl.DataFrame:
        parts = [_of_company(make, tables, company) for company in _companies(tables)]
        return pl.concat(parts) if parts else make(_none(tables))

    return made


def by_region(make: Make) -> Make:
    """The same for each company and region from what was ordered for the sites of that region. ``make``: from tables
    to rows with company_id and region. What no region is known for is in no part."""
    of_companies = by_company(make)

    def made(tables: Tables) -> pl.DataFrame:
        regions = main_sites(tables["sites"])["region"].drop_nulls().unique().sort()
        parts = [of_companies(_of_region(tables, region)).filter(pl.col("region") == region) for region in regions]
        return pl.concat(parts) if parts else make(_none(tables))

    return made


def _companies(tables: Tables) -> list[str]:
    known = [tables[name].select("company_id") for name in FACTS]
    return pl.concat(known)["company_id"].drop_nulls().unique().sort().to_list()


def _of_company(make: Make, tables: Tables, company: str) -> pl.DataFrame:
    own = pl.col("company_id").is_in([company, SHARED])
    kept = {name: rows.filter(own) if name in JUDGED else rows for name, rows in tables.items()}
    return make(kept).filter(pl.col("company_id") == company)


def _of_region(tables: Tables, region: str) -> Tables:
    """The tables with the purchase and work orders of the region's sites only: experience comes from them."""
    own = main_sites(tables["sites"]).filter(pl.col("region") == region)["site_id"].implode()
    return {
        name: rows.filter(pl.col("site_id").is_in(own)) if name in COMING else rows for name, rows in tables.items()
    }


def _none(tables: Tables) -> Tables:
    """The tables without rows: of what they make, only the columns are left."""
    return {name: rows.clear() for name, rows in tables.items()}
