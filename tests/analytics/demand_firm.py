"""A firm that is asked for twelve items in some regions, often and seldom, with a season; Poisson numbers."""

from datetime import date, timedelta

import numpy as np
import polars as pl

from analytics.demand_history import WEEKLY
from analytics.demand_outlook import Known

AS_OF = date(2026, 3, 29)
WEEKS = 120
NO_DAYS = pl.DataFrame(schema={"week_on": pl.Date, "working_days": pl.Float64})
CATEGORIES = pl.DataFrame({"product_id": [f"p{number}" for number in range(12)], "category_id": ["a", "b"] * 6})


def weekly(region: str = "N", seed: int = 3, scale: float = 1.0, weeks: int = WEEKS) -> pl.DataFrame:
    """What a region is asked for by week."""
    dice, rows = np.random.default_rng(seed), []
    for item in range(12):
        rate = (0.3, 1.0, 4.0, 12.0)[item % 4]
        for back in range(weeks):
            season = 1 + 0.4 * np.sin(2 * np.pi * (weeks - back) / 52.1775)
            count = float(dice.poisson(rate * season)) * scale
            if count:
                rows.append(
                    (f"p{item}", f"s{region}", "c", region, AS_OF - timedelta(days=7 * back), count, 0.0, 0.0, count)
                )
    return pl.DataFrame(rows, schema=WEEKLY, orient="row")


def firm(*regions: str) -> Known:
    """Its demand of regions; orders of one unit price, no stock and no calendar."""
    history = pl.concat([weekly(region, seed=ord(region), weeks=72) for region in regions])
    days = history.select("product_id", "site_id", "company_id", "region", day_on="week_on", quantity="recorded")
    numbered = days.with_row_index("number").with_columns(pl.col("number").cast(pl.String))
    none = pl.DataFrame(schema={"company_id": pl.String, "day_on": pl.Date, "share": pl.Float64})
    changes = days.rename({"quantity": "change"}).clear()
    items = CATEGORIES.with_columns(list_price=pl.lit(2.0), currency=pl.lit("EUR"))
    return Known(AS_OF, numbered, days, changes, items, none)
