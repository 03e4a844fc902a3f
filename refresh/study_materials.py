"""The study of materials: when production will lack what it is made of, by what is planned of the products."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from refresh.studies import StudyInput

TABLES = (
    *("sales_orders", "sales_order_lines", "products", "boms", "bom_lines", "sites", "stock_moves", "customers"),
    *("work_orders", "purchase_orders", "purchase_order_lines", "receipts", "receipt_lines", "suppliers"),
    "inventory_levels",
)


def materials(known: "StudyInput") -> Mapping[str, pl.DataFrame]:
    """See ``analytics.material_risks``."""
    from analytics import material_risks

    tables = {name: known.table(name).collect() for name in TABLES}
    ways = known.aggregate("making_ways").collect()
    parts = known.aggregate("making_parts").collect()
    supply = known.aggregate("open_supply").collect()
    points = known.aggregate("reorder_points").collect()
    return material_risks.risks(tables, ways, parts, supply, points)
