"""The customers of others, in the firm of canaries: what somebody must not see who sees only own customers.

What others order draws on the shelves all the same. So their orders stay, as orders of one stranger, with other money,
other numbers and other texts; all else of them is taken away.
"""

from collections.abc import Callable, Collection, Iterator, Mapping

import dataframely as dy
import polars as pl

from analytics.tables import TABLES, marks

Changed = Callable[[pl.Expr, pl.DataType], pl.Expr]
Tables = Mapping[str, pl.DataFrame]
# What takes from a shelf, or moves on it, for whomever.
ORDERED = frozenset({"sales_orders", "sales_order_lines", "shipments", "shipment_lines"})
MOVED = frozenset({"stock_moves", "work_orders", "work_order_operations", "scrap"})
# By which column a table's rows are a customer's, or belong to a document of one.
WHOSE = {
    **{name: "customer_id" for name, schema in TABLES.items() if "customer_id" in schema.columns()},
    "identities": "record_id",
}
LINES = {
    "sales_order_lines": "sales_orders",
    "shipment_lines": "shipments",
    "invoice_lines": "invoices",
    "opportunity_lines": "opportunities",
    "opportunity_stage_changes": "opportunities",
}
# What is of the whole firm: money, plans, people's hours, what was tried on many customers and what was noted of all.
OF_FIRM = frozenset(
    {"campaigns", "supplier_bills", "supplier_bill_lines", "budgets", "time_entries", "absences", "payroll_totals"}
    | {"forecasts", "stock_out_risks", "proposals", "decisions", "targets", "quarantine", "audit_log", "users"}
    | {"rights"}
)


def is_strange(tables: Tables, name: str, customers: Collection[str]) -> pl.Series:
    """For each row of a table, whether it is of other customers, or of all together."""
    rows = tables[name]
    if name in WHOSE:
        return ~rows[WHOSE[name]].is_in(list(customers)).fill_null(value=False)
    if name in LINES:
        head = LINES[name]
        key = TABLES[head].primary_key()[0]
        own = tables[head].filter(~is_strange(tables, head, customers))[key]
        return ~rows[key].is_in(own.implode()).fill_null(value=False)
    return pl.Series([name in OF_FIRM] * rows.height, dtype=pl.Boolean)


def without(tables: Tables, customers: Collection[str], changed: Changed) -> dict[str, pl.DataFrame]:
    """The tables without the customers of others, but for what they take from the shelves."""
    return {name: _without(tables, name, customers, changed) for name in tables}


def _without(tables: Tables, name: str, customers: Collection[str], changed: Changed) -> pl.DataFrame:
    rows, strange = tables[name], is_strange(tables, name, customers)
    if name == "customers":
        told = [changed(pl.col(column), pl.String()) for column in ("number", "name", "city", "email")]
        others = rows.filter(strange).unique(["company_id", "region"], keep="first", maintain_order=True)
        return pl.concat([rows.filter(~strange), others.with_columns(told)])
    if name not in ORDERED:
        return rows.filter(~strange)
    other = [changed(pl.col(column), rows.schema[column]) for column in _told(name)]
    kept = rows.filter(strange).with_columns(other)
    if "customer_id" in kept.columns:
        stranger = tables["customers"].filter(is_strange(tables, "customers", customers))
        first = stranger.unique(["company_id", "region"], keep="first", maintain_order=True)
        named = first.select("company_id", pl.col("region").alias("_of"), stranger="customer_id")
        joined = kept.join(named, left_on=("company_id", "region"), right_on=("company_id", "_of"), how="left")
        kept = joined.with_columns(customer_id="stranger").drop("stranger")
    return pl.concat([rows.filter(~strange), kept.select(rows.columns)])


def _told(name: str) -> Iterator[str]:
    """The columns of a table that say what a document is called and what it is worth."""
    for column, kind in TABLES[name].columns().items():
        is_worth = isinstance(kind, dy.Decimal) and "money" in str(marks(kind).get("unit", ""))
        is_called = column in ("number", "description", "customer_reference", "tracking_number")
        if is_worth or is_called:
            yield column


def shown_of(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Of what moves on a shelf, what it is called and what moves; of other tables all."""
    if name not in MOVED:
        return rows
    of_sale = ("sales_order_id", "sales_order_line_id", "to_place", "from_place")
    return rows.drop(of_sale, strict=False)
