"""The study of forecasts: what will be asked for by item, site and week, how well that would have been foretold, and
what demand is made of."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from refresh.studies import StudyInput

ORDERS = ("sales_orders", "sales_order_lines", "products", "boms", "bom_lines", "sites", "stock_moves")


def forecasts(asked: "StudyInput") -> Mapping[str, pl.DataFrame]:
    """See ``analytics.demand_outlook.outlooks``."""
    from analytics.demand import order_lines
    from analytics.demand_outlook import Known, outlooks

    tables = {name: asked.table(name).collect() for name in ORDERS}
    known = Known(
        as_of=asked.as_of_on,
        ordered=order_lines(tables),
        daily=asked.aggregate("demand_by_item_day").collect(),
        stock_changes=asked.aggregate("stock_changes").collect(),
        items=asked.aggregate("items").select("product_id", "category_id", "list_price", "currency").collect(),
        working_days=asked.aggregate("working_days").collect(),
    )
    return outlooks(known)
