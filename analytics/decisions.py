"""What a person has to decide: every rule that finds it, and everything that they find, ranked. Pure: frames in, frames
out.

A rule is a kind. The rules and their thresholds stand in ``analytics.deciding``; why they are what they are is said in
the decision record. Nothing is raised that chance explains: see ``analytics.unusual``. Within a kind no money counts
twice; between kinds it may, as an item that runs out because its supplier slips.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from analytics.deciding import customers, market, supply
from analytics.deciding.known import Known
from analytics.demand import Types

MATERIAL, MATERIAL_DEBT = 0.00002, 0.0003

EVIDENCE: Types = {
    "subject_zh": pl.String,
    "supplier": pl.String,
    "country": pl.String,
    "state": pl.String,
    "unit": pl.String,
    "runs_out_on": pl.Date,
    "items": pl.Int64,
    "lines": pl.Int64,
    "orders": pl.Int64,
    "invoices": pl.Int64,
    "customers": pl.Int64,
    "days_now": pl.Float64,
    "days_before": pl.Float64,
    "now": pl.Float64,
    "usual": pl.Float64,
    "change": pl.Float64,
    "cost_change": pl.Float64,
    "price_change": pl.Float64,
    "dead": pl.Float64,
    "top": pl.List(pl.String),
    "top_zh": pl.List(pl.String),
}
DECISIONS: Types = {
    "rank": pl.Int64,
    "kind": pl.String,
    "subject_id": pl.String,
    "subject": pl.String,
    "company_id": pl.String,
    "money": pl.Float64,
    "currency": pl.String,
    "money_is": pl.String,
    "since_on": pl.Date,
    "act_by_on": pl.Date,
    "quantity": pl.Float64,
    "evidence": pl.Struct(dict(EVIDENCE)),
    "page": pl.String,
    "parameters": pl.List(pl.Struct({"name": pl.String, "value": pl.String})),
    "owner_kind": pl.String,
    "owner_id": pl.String,
    "rows": pl.Int64,
}


@dataclass(frozen=True)
class Kind:
    """One rule: how it finds, which aggregates it reads, which rights it needs, who is to act, which filters of the
    scope can narrow it, and from which share of a year's sales on it is worth a decision."""

    find: Callable[[Known], pl.DataFrame]
    reads: tuple[str, ...]
    needs: frozenset[str]
    owner_kind: str
    narrowed_by: frozenset[str] = frozenset()
    material: float = MATERIAL


_BY_PRODUCT = frozenset({"categories", "suppliers", "search"})
_IN_STOCK = _BY_PRODUCT | {"sites"}
_MARGINS = ("margins_by_product", "margins_by_customer")
_INVENTORY, _PURCHASING = frozenset({"inventory.read"}), frozenset({"purchasing.read"})
_SALES, _COSTS, _MARGIN = frozenset({"sales.read"}), frozenset({"costs"}), frozenset({"margins"})
_CASH, _SERVICE = frozenset({"receivables.read"}), frozenset({"service.read"})

KINDS: Mapping[str, Kind] = {
    "item_runs_out": Kind(supply.item_runs_out, (), _INVENTORY, "buyer", _IN_STOCK),
    "supplier_slipping": Kind(supply.supplier_slipping, ("supplier_lines",), _PURCHASING, "buyer", _IN_STOCK),
    "supplier_dearer": Kind(
        supply.supplier_dearer, ("bought_by_supplier",), _PURCHASING | _COSTS, "buyer", _BY_PRODUCT
    ),
    "stock_too_much": Kind(supply.stock_too_much, (), _INVENTORY | _COSTS, "planner", _IN_STOCK),
    "late_orders": Kind(
        customers.late_orders, ("open_order_lines", "margins_by_product"), _SALES, "sales", _BY_PRODUCT
    ),
    "overdue_receivables": Kind(
        customers.overdue_receivables, ("open_invoices",), _CASH, "finance", material=MATERIAL_DEBT
    ),
    "customers_leaving": Kind(customers.customers_leaving, ("sales_by_customer", *_MARGINS), _SALES, "sales"),
    "demand_surging": Kind(
        market.demand_surging, ("sales_by_product", "margins_by_product"), _SALES, "planner", _BY_PRODUCT
    ),
    "complaints_rising": Kind(
        market.complaints_rising,
        ("complaints_by_product", "sales_by_product", "margins_by_product"),
        _SERVICE | _SALES,
        "quality",
        _BY_PRODUCT,
    ),
    "margin_squeezed": Kind(market.margin_squeezed, ("margins_by_product",), _SALES | _MARGIN, "sales", _BY_PRODUCT),
    "campaign_without_effect": Kind(market.campaign_without_effect, ("campaign_sales",), _SALES, "marketing"),
}


def found(known: Known, kinds: Mapping[str, Kind] = KINDS, *, year: float = 0.0) -> pl.DataFrame:
    """Everything that the kinds find, the most money first: see ``DECISIONS``.

    What is worth less than its kind's material share of ``year``, the sales of a year, is nobody's decision and left
    out: one customer's debt is chased by routine long before it is a decision.
    What has no known worth, or one that cannot be converted, comes last.
    """
    rows = pl.concat([_nothing(), *(_stated(kind.find(known), name, kind) for name, kind in kinds.items())])
    is_reported = pl.col("currency").eq_missing(known.currency)
    material = pl.col("kind").replace_strict({name: kind.material for name, kind in KINDS.items()}, default=MATERIAL)
    is_small = ((pl.col("money") < year * material) & is_reported).fill_null(value=False)
    worth = pl.when(is_reported).then(-pl.col("money"))
    order = (worth, -pl.col("money"), "act_by_on", "since_on", "kind", "subject", "subject_id", "company_id")
    ranked = rows.filter(~is_small).sort(*order, nulls_last=True)
    return ranked.with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(schema=dict(DECISIONS))


def _stated(rows: pl.DataFrame, name: str, kind: Kind) -> pl.DataFrame:
    """The columns of a decision; what a kind does not say is null."""
    given = rows.with_columns(kind=pl.lit(name), rank=pl.lit(None))
    if "owner_kind" not in given.columns:
        given = given.with_columns(owner_kind=pl.lit(kind.owner_kind))
    missing = [column for column in (*DECISIONS, *EVIDENCE) if column not in given.columns]
    filled = given.with_columns(pl.lit(None).alias(column) for column in missing)
    evidence = pl.struct(pl.col(column).cast(dtype) for column, dtype in EVIDENCE.items())
    typed = filled.with_columns(evidence=evidence)
    return typed.select(pl.col(column).cast(dtype) for column, dtype in DECISIONS.items())
