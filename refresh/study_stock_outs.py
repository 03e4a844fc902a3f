"""The study of stock-outs: whether chances that were said came true, on past days worked out anew, and of those that
earlier studies kept."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from analytics import stock_out_record as record
from analytics.access import Viewer

if TYPE_CHECKING:
    from refresh.studies import StudyInput

TABLES = (
    *("sales_orders", "sales_order_lines", "products", "boms", "bom_lines", "sites", "stock_moves", "customers"),
    *("work_orders", "purchase_orders", "purchase_order_lines", "receipts", "receipt_lines", "suppliers"),
    "inventory_levels",
)
EVERYTHING = Viewer(user="tandem", role="owner")
MOST_KEPT = 26
NEW_IN_A_RUN = 4


def stock_outs(asked: "StudyInput") -> Mapping[str, pl.DataFrame]:
    """``chances``: hindcasts, see ``analytics.stock_out_record.CHANCES``. ``said``: what is said today. ``kept``: what
    earlier studies said at their time, beside what came since, as ``chances``."""
    tables = {name: asked.table(name).collect() for name in TABLES}
    later = record.later(tables)
    first = tables["inventory_levels"]["as_of_on"].min()
    days = record.days_asked(asked.as_of_on, first if isinstance(first, date) else None)
    empty = pl.DataFrame(schema=record.CHANCES)
    return {
        "chances": pl.concat([empty, *(record.chances(tables, later, on) for on in days)]),
        "said": record.said(asked.aggregate("stock_out_risks_by_region").collect()),
        "kept": _kept(asked, tables, later),
    }


def _kept(asked: "StudyInput", tables: dict[str, pl.DataFrame], later: record.Later) -> pl.DataFrame:
    """What was said at the time and is known by now, of the latest days; what the newest study compared already is
    taken from it."""
    empty = pl.DataFrame(schema=record.CHANCES)
    told = {study.as_of_on: study for study in reversed(asked.earlier) if study.has("said") and study.has("kept")}
    before = [study for study in asked.earlier if study.has("kept")]
    known = before[0].frame("kept", EVERYTHING).select(tuple(record.CHANCES)).collect() if before else empty
    compared = set(known["as_of_on"].unique().to_list())
    over = [on for on in sorted(told, reverse=True) if (asked.as_of_on - on).days >= record.LONGEST]
    due = [on for on in over[:MOST_KEPT] if on not in compared]
    found = []
    for on in due[:NEW_IN_A_RUN]:
        said = told[on].frame("said", EVERYTHING).select(record.SAID).collect()
        came = record.chances(tables, later, on).select("product_id", "site_id", "company_id", "days", "came")
        keys = ("product_id", "site_id", "company_id", "days")
        found.append(said.join(came, on=keys, how="inner", validate="1:1").select(tuple(record.CHANCES)))
    every = pl.concat([empty, known, *found])
    latest = every["as_of_on"].unique().sort(descending=True).head(MOST_KEPT)
    return every.filter(pl.col("as_of_on").is_in(latest.implode()))
