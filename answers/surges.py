"""Surges of products by market, and where each product stands in its life.

Every answer takes the viewer first, needs inventory.read and cuts rows by the viewer's rights before it sums anything.
A market is a company's customers of one region: the scope's regions are those of customers here, its sites choose
nothing. All of it comes from the study of surges (``analytics.surges``, ``analytics.product_life``); while there is
none, answers have no rows.
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from analytics.access import Viewer
from analytics.product_life import COUNTED, STAGES, staged
from analytics.scope import Scope
from answers import Snapshot, Study, inventory, newest
from answers.asking import OF_FIRM, cut
from answers.inventory import Question

STUDY = "surges"
ORDER = ("surge", "one_customer", "promotion", "rebound", "one_order")
NAMES = ("sku", "name", "name_zh", "unit", "category")
TROUBLE = dict.fromkeys(("complaints", "complaints_before", "returns", "returns_before"), "service.read")
MONEY = {"amount": "sales.read", "margin": "margins", "margin_base": "margins"}
TEXTS = dict.fromkeys(("product_id", *NAMES), pl.String)
SURGES: Mapping[str, type[pl.DataType]] = {
    **TEXTS,
    **dict.fromkeys(("company_id", "region", "kind"), pl.String),
    **dict.fromkeys(("since_on", "alarmed_on"), pl.Date),
    **dict.fromkeys(("orders", "usual_orders", "quantity", "usual_quantity"), pl.Float64),
    "customers": pl.Int64,
    "largest_share": pl.Float64,
    "value": pl.Float64,
    "currency": pl.String,
}
RATES = ("complaints", "complaints_before", "returns", "returns_before")
LIVES: Mapping[str, type[pl.DataType]] = {
    **TEXTS,
    **dict.fromkeys(("stage", "into_id", "into", "into_zh"), pl.String),
    **dict.fromkeys(("orders", "orders_before"), pl.Int64),
    **dict.fromkeys(("change", "amount", "margin_share", *RATES), pl.Float64),
    "currency": pl.String,
}
TELLING = ("ending", "replaced", "fading", "rising", "new", "steady", "seldom", "ended")


def study() -> Study | None:
    """The newest study of surges of the firm that is served; None while it is being worked out."""
    return newest(STUDY)


def made() -> str:
    """A code that changes with the newest study; empty without one."""
    found = study()
    return "" if found is None else f"{found.snapshot_id} {found.made_at.isoformat()}"


def surges(viewer: Viewer, scope: Scope, product_id: str = "", *, version: Snapshot | None = None) -> pl.DataFrame:
    """What stands out now, one row per product and market, what is told apart by kind, surges first, the largest first:
    see ``analytics.surges.SURGES``; what the item is called; value: the quantity above the usual, at list price, in the
    reporting currency, null without a price."""
    question, one = _question(viewer, scope, version), _one(product_id)
    rows = _frame(question, "surges")
    if rows is None:
        return pl.DataFrame(schema=SURGES)
    items = inventory.items_of(question, one).select("product_id", *NAMES, "list_price", "currency")
    named = rows.join(items, on="product_id", how="inner", validate="m:1")
    factors = inventory.rates_of(question, inventory.day_of(question))
    priced = named.join(factors.factors, on="currency", how="left", validate="m:1")
    price = pl.col("list_price").cast(pl.Float64) * pl.col("factor")
    value = (pl.col("quantity") - pl.col("usual_quantity")) * price
    told = priced.with_columns(value=value, currency=pl.lit(factors.currency, dtype=pl.String))
    rank = pl.col("kind").replace_strict(list(ORDER), list(range(len(ORDER))), return_dtype=pl.Int64)
    shaped = told.sort(rank, -pl.col("value"), "product_id", "company_id", "region", nulls_last=True)
    return shaped.select(pl.col(name).cast(dtype) for name, dtype in SURGES.items())


def _question(viewer: Viewer, scope: Scope, version: Snapshot | None) -> Question:
    return inventory.asked(viewer, inventory.of_stock(scope), version)


def _one(product_id: str) -> pl.Expr | None:
    return pl.col("product_id") == product_id if product_id else None


def _frame(question: Question, name: str, masked: Mapping[str, str] | None = None) -> pl.DataFrame | None:
    found = study()
    if found is None:
        return None
    return cut(found.frame(name, question.viewer, masked=masked), question.scope, OF_FIRM).collect()


def lives(viewer: Viewer, scope: Scope, product_id: str = "", *, version: Snapshot | None = None) -> pl.DataFrame:
    """Where each product stands in its life, what asks for attention first: see ``analytics.product_life.staged``.

    orders and orders_before: of the last half year and the same a year before, each customer once a day; into: what
    replaces it is called. amount: what was invoiced in a year, in the reporting currency; margin_share: the margin of
    it in ratio to the amounts whose cost is known, for who may see margins. complaints, returns and _before: for each
    hundred orders of that half year, null without orders, and for who may not see service.
    """
    question = _question(viewer, scope, version)
    counts, switched = _frame(question, "lives", TROUBLE), _frame(question, "switches")
    earned, found = _frame(question, "earnings", MONEY), study()
    if counts is None or switched is None or earned is None or found is None:
        return pl.DataFrame(schema=LIVES)
    items = inventory.items_of(question).select("product_id", *NAMES)
    known = counts.join(items, on="product_id", how="semi")
    sees = {name: pl.col(name).sum() for name in COUNTED}
    sums = known.group_by("product_id").agg(pl.col("first_on").min(), pl.col("last_on").max(), **sees)
    first = counts["first_on"].min()
    told = staged(sums, switched, found.as_of_on, first if isinstance(first, date) else None)
    if product_id:
        told = told.filter(pl.col("product_id") == product_id)
    worth = _earned(question, earned, found.as_of_on)
    named = told.join(items, on="product_id", how="inner", validate="1:1")
    into = items.select(into_id="product_id", into="name", into_zh="name_zh")
    joined = named.join(into, on="into_id", how="left", validate="m:1")
    rated = joined.with_columns(_rates(viewer)).join(worth, on="product_id", how="left", validate="1:1")
    rank = pl.col("stage").replace_strict(list(TELLING), list(range(len(TELLING))), return_dtype=pl.Int64)
    shaped = rated.sort(rank, -pl.col("amount"), "product_id", nulls_last=True)
    return shaped.select(pl.col(name).cast(dtype) for name, dtype in LIVES.items())


def _rates(viewer: Viewer) -> list[pl.Expr]:
    """Complaints and returns for each hundred orders."""
    may = viewer.may("service.read")
    asked = {"": pl.col("orders"), "_before": pl.col("orders_before")}
    return [
        pl.when((orders > 0) & may).then(100 * pl.col(f"{name}{ending}") / orders).alias(f"{name}{ending}")
        for name in ("complaints", "returns")
        for ending, orders in asked.items()
    ]


def _earned(question: Question, earned: pl.DataFrame, on: date) -> pl.DataFrame:
    """By product the amount of a year and the share of it that is margin."""
    rates = inventory.rates_of(question, on)
    joined = earned.join(rates.factors, on="currency", how="inner", validate="m:1")
    amounts = ("amount", "margin", "margin_base")
    sums = joined.group_by("product_id").agg(
        pl.when(pl.col(name).is_not_null().any()).then((pl.col(name) * pl.col("factor")).sum()).alias(name)
        for name in amounts
    )
    share = pl.when(pl.col("margin_base") > 0).then(pl.col("margin") / pl.col("margin_base"))
    return sums.select("product_id", "amount", margin_share=share, currency=pl.lit(rates.currency, dtype=pl.String))


__all__ = ["STAGES", "lives", "made", "study", "surges"]
