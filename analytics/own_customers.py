"""Own customers: what somebody sees who sees only the customers that they look after.

A row of a customer is there for who looks after the customer. What a shelf holds, what comes to it and how much is
asked of it is everybody's, in units; who asks is not, nor what it is worth. Of everything else, above all of what is
summed over customers, nothing is there. ``SHOWN``, ``PRICELESS``, ``THROUGH``, ``NAMELESS`` and ``WITHHELD`` say so by
part of a snapshot; a part that is in none of them and has no ``customer_id`` is withheld. ``OF_OTHERS`` says what rows
of own customers tell of what others spend.
"""

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache

import polars as pl

Read = Callable[[str], pl.LazyFrame]
NOBODY = frozenset({""})
CUSTOMER = "customer_id"
# Parts that concern no customer, or say of a shelf how much is asked of it and not by whom.
SHOWN = frozenset(
    {
        *(
            f"tables/{name}"
            for name in (
                *("companies", "sites", "currencies", "exchange_rates", "units", "unit_conversions"),
                *("calendars", "calendar_periods", "calendar_exceptions"),
                *("product_categories", "products", "product_costs", "boms", "bom_lines"),
                *("routings", "work_centers", "operations"),
                *("suppliers", "carriers", "departments", "employees", "supplier_products", "ledger_accounts"),
                *("purchase_orders", "purchase_order_lines", "receipts", "receipt_lines"),
                *("inventory_levels", "reorder_rules", "sync_runs"),
            )
        ),
        *(
            f"aggregates/{name}"
            for name in (
                *("cells", "daily_worths", "working_days", "places", "members", "sourcing"),
                *("making_parts", "making_steps", "making_ways", "work_center_loads", "work_center_shifts"),
                *("stock_by_item", "stock_changes", "stock_ages", "stock_uses", "reorder_points"),
                *("demand_by_item_day", "demand_by_item_week", "transfers_by_item_day"),
                *("open_supply", "open_receipts", "expected_receipts", "expected_receipts_by_region"),
                *("stock_out_risks", "stock_out_risks_by_region", "stock_courses", "stock_courses_by_region"),
                *("deliveries", "transits"),
            )
        ),
    }
)
# Parts whose rows belong to a document of a customer: by which column, and where the documents are.
THROUGH: Mapping[str, tuple[str, str]] = {
    "tables/sales_order_lines": ("sales_order_id", "tables/sales_orders"),
    "tables/shipment_lines": ("shipment_id", "tables/shipments"),
    "tables/invoice_lines": ("invoice_id", "tables/invoices"),
    "tables/opportunity_lines": ("opportunity_id", "tables/opportunities"),
    "tables/opportunity_stage_changes": ("opportunity_id", "tables/opportunities"),
    "aggregates/order_line_stages": ("sales_order_id", "tables/sales_orders"),
}
# Parts whose rows count for everybody, but tell only of own customers whose they are.
NAMELESS = frozenset({f"aggregates/{name}" for name in ("open_demand", "orders_at_risk", "orders_at_risk_by_region")})
# Parts that concern no customer, but for the prices by which what is asked of a shelf becomes money.
PRICELESS = frozenset({"aggregates/items"})
PRICES = ("cost", "list_price")
NAMES = ("number", "party", "party_id", "party_region")
# What of a part's rows of own customers is worked out from what others spend: an offer is worth what its buyers paid.
OF_OTHERS: Mapping[str, tuple[str, ...]] = dict.fromkeys(
    ("studies/offers/offers", "studies/offers/offers_by_region"), ("expected_amount", "expected_margin")
)
# Parts that call the customer otherwise.
CALLED: Mapping[str, str] = {"tables/identities": "record_id"}
# Parts that are of the whole firm, or of customers whom nothing names.
WITHHELD = frozenset(
    {
        *(
            f"tables/{name}"
            for name in (
                *("stock_moves", "work_orders", "work_order_operations", "scrap", "campaigns"),
                *("supplier_bills", "supplier_bill_lines", "budgets", "time_entries", "absences", "payroll_totals"),
                *("forecasts", "stock_out_risks", "proposals", "decisions", "targets"),
                *("quarantine", "audit_log", "users", "rights"),
            )
        ),
        *(
            f"aggregates/{name}"
            for name in (
                *("bought_by_supplier", "campaign_sales", "complaints_by_product", "margins_by_product"),
                *("purchase_prices", "sales_by_product", "supplier_lines"),
            )
        ),
    }
)


def cut(rows: pl.LazyFrame, part: str, customers: frozenset[str], read: Read | None) -> pl.LazyFrame:
    """The rows of a part that somebody sees who sees only these customers.

    ``part``: what it is called in a snapshot or among the studies. ``read``: gives another part of the same snapshot,
    uncut; without it nothing is there of a part whose rows belong to documents.
    """
    if part in SHOWN:
        return rows
    if part in PRICELESS:
        return _without(rows, PRICES)
    if part in NAMELESS:
        own = pl.col("party_id").is_in(_listed(customers)).fill_null(value=False) | (pl.col("kind") != "order")
        return rows.with_columns(pl.when(own).then(name).alias(name) for name in NAMES)
    if part in THROUGH and read is not None:
        column, heads = THROUGH[part]
        own_heads = read(heads).filter(_is_own(CUSTOMER, customers)).select(column)
        return rows.join(own_heads, on=column, how="semi", maintain_order="left")
    column = CALLED.get(part, CUSTOMER)
    is_told = part not in WITHHELD and part not in THROUGH and column in rows.collect_schema()
    told = rows.filter(_is_own(column, customers) if is_told else pl.lit(value=False))
    return _without(told, OF_OTHERS[part]) if part in OF_OTHERS else told


def _without(rows: pl.LazyFrame, columns: Collection[str]) -> pl.LazyFrame:
    schema = rows.collect_schema()
    return rows.with_columns(pl.lit(None, dtype=schema[name]).alias(name) for name in columns)


def _is_own(column: str, customers: frozenset[str]) -> pl.Expr:
    return pl.col(column).is_in(_listed(customers)).fill_null(value=False)


@lru_cache(maxsize=64)
def _listed(customers: frozenset[str]) -> list[str]:
    return sorted(customers)


def looked_after(employees: Collection[str], tables: Mapping[str, pl.DataFrame]) -> frozenset[str]:
    """The customers that the employees look after, by key; ``NOBODY`` where there are none.

    ``tables``: customers, sales_orders, opportunities, identities. A customer is its owner's; one that names no owner
    is everybody's who stands on one of its orders or deals. Records that count as one customer are looked after
    together.
    """
    keys = list(employees)
    owned = tables["customers"].filter(pl.col("owner_id").is_in(keys))[CUSTOMER]
    unowned = tables["customers"].filter(pl.col("owner_id").is_null()).select(CUSTOMER)
    sold = [
        tables[name].filter(pl.col(column).is_in(keys)).join(unowned, on=CUSTOMER, how="semi")[CUSTOMER]
        for name, column in (("sales_orders", "salesperson_id"), ("opportunities", "owner_id"))
    ]
    own = set(owned).union(*map(set, sold))
    joined = tables["identities"].filter(
        (pl.col("entity").cast(pl.String) == "customer") & (pl.col("state").cast(pl.String) == "joined")
    )
    groups = joined.filter(pl.col("record_id").is_in(list(own)))["group_id"]
    together = joined.filter(pl.col("group_id").is_in(groups.to_list()))["record_id"]
    return frozenset(own | set(together)) or NOBODY
