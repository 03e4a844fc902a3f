"""What is known of making goods, for promises: bills of materials, work centers and their time, as the viewer may see
them and the scope has them."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from analytics import making
from analytics.lateness import Lateness, late_days
from analytics.making import DAY, Workshop
from analytics.tables import SHARED
from answers.inventory import Question

DEEPEST = 20
COSTS = {"cost_per_hour": "costs"}


def _rows(question: Question, name: str) -> pl.LazyFrame:
    """An aggregate, cut by rights and scope; what is at no site is at every one."""
    rows = question.version.aggregate(name, question.viewer, masked=COSTS)
    schema, scope = rows.collect_schema(), question.scope
    if scope.companies:
        rows = rows.filter(pl.col("company_id").is_in([*scope.companies, SHARED]))
    if scope.regions and "region" in schema:
        rows = rows.filter(pl.col("region").is_in(list(scope.regions)))
    if scope.sites and "site_id" in schema:
        rows = rows.filter(pl.col("site_id").is_in(list(scope.sites)).fill_null(value=True))
    return rows


def needed(question: Question, products: Sequence[str]) -> list[str]:
    """The products and all that they are made of, at whatever depth."""
    ways = _rows(question, "making_ways").select("product_id", "bom_id").unique()
    lines = ways.join(_rows(question, "making_parts").select("bom_id", "component_id"), on="bom_id", how="inner")
    pairs = lines.select("product_id", "component_id").unique().collect()
    known = pl.DataFrame({"product_id": list(products)}, schema={"product_id": pl.String}).unique()
    newest = known
    for _ in range(DEEPEST):
        parts = pairs.join(newest, on="product_id", how="semi").select(product_id="component_id").unique()
        newest = parts.join(known, on="product_id", how="anti")
        if newest.is_empty():
            break
        known = pl.concat([known, newest])
    return known["product_id"].sort().to_list()


def workshop(question: Question, products: Sequence[str], as_of: date, late: Lateness, level: int) -> Workshop:
    """Who can make some products, and when."""
    wanted = pl.col("product_id").is_in(list(products))
    ways = _rows(question, "making_ways").filter(wanted).unique(("product_id", "site_id", "bom_id"))
    steps = _rows(question, "making_steps").filter(wanted)
    known = pl.collect_all([ways, steps])
    bills, centers = known[0]["bom_id"].unique().to_list(), known[1]["work_center_id"].unique().to_list()
    parts = _rows(question, "making_parts").filter(pl.col("bom_id").is_in(bills))
    since = (pl.col("since_on") - as_of).dt.total_days() * DAY
    times = [
        _rows(question, name)
        .filter(pl.col("work_center_id").is_in(centers))
        .with_columns(pl.col("starts_at", "ends_at") + since)
        for name in ("work_center_shifts", "work_center_loads")
    ]
    lines, shifts, loads = pl.collect_all([parts, *times])
    return Workshop(
        ways=known[0].select(*making.WAYS),
        parts=lines.select(*making.PARTS),
        steps=known[1].select(*making.STEPS),
        shifts=shifts.select(*making.SHIFTS),
        loads=loads.select(*making.SHIFTS),
        late_days=late_days(late, level),
    )


def work_centers(question: Question) -> Mapping[str, str]:
    """From the key of each work center to its name."""
    rows = _rows(question, "making_steps").select("work_center_id", "work_center").unique("work_center_id")
    return dict(rows.collect().iter_rows())


def hourly_costs(question: Question) -> Mapping[str, tuple[float | None, str | None]]:
    """From the key of each work center to the cost of an hour and its currency; null for who may not see costs."""
    named = _rows(question, "making_steps").select("work_center_id", "cost_per_hour", "currency")
    return {key: (amount, currency) for key, amount, currency in named.unique("work_center_id").collect().iter_rows()}
