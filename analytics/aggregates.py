"""What is summed once per refresh so that screens answer at once: from the unified tables to small frames.

Every aggregate keeps company_id and, where rights cut stock by it, region: they are cut before anything is summed up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from analytics.ageing import stock_ages, stock_uses, transfers_by_item_day
from analytics.apart import Make, by_company, by_region
from analytics.attention import ATTENTION
from analytics.demand import Tables, Types, demand_by_item_day, known_sum, living, open_demand, open_quantity
from analytics.facts import FACTS
from analytics.lateness import deliveries, open_receipts
from analytics.levels import stock_changes
from analytics.order_flow import FLOW
from analytics.segments import order_days, sales_days
from analytics.sites import at_main_site, main_sites, placed
from analytics.stock_courses import expected_receipts, stock_courses
from analytics.stock_outs import orders_at_risk, stock_out_risks
from analytics.tables.columns import DECIMAL
from analytics.timeline import TOLD, customer_events
from analytics.valuation import purchase_prices
from analytics.workdays import working_days

OPEN_SUPPLY: Types = {
    "kind": pl.String,
    "number": pl.String,
    "party": pl.String,
    "product_id": pl.String,
    "site_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "due_on": pl.Date,
    "quantity": DECIMAL,
}


@dataclass(frozen=True)
class Aggregate:
    """The tables it is made of, and how."""

    needs: tuple[str, ...]
    make: Callable[[Tables], pl.DataFrame]


def items(tables: Tables) -> pl.DataFrame:
    """One row per product that is goods: what people call it, its category and all above, its price and its cost."""
    goods = tables["products"].filter(pl.col("kind").cast(pl.String).is_in(["storable", "consumable"]))
    named = goods.join(category_lines(tables["product_categories"]), on="category_id", how="left", validate="m:1")
    texts = ("product_id", "company_id", "sku", "name", "name_zh", "category_id", "category", "category_ids", "unit")
    kept = ("is_active", "cost", "list_price", "currency", "lead_time_days")
    return named.select(*texts, *kept, kind=pl.col("kind").cast(pl.String)).sort("product_id")


def category_lines(categories: pl.DataFrame) -> pl.DataFrame:
    """One row per category: its name as category, and category_ids, itself and all above it."""
    parents = categories.select(above="category_id", next="parent_category_id")
    reached = [categories.select("category_id", above="category_id")]
    frontier = reached[0]
    for _ in range(categories.height):
        up = frontier.join(parents, on="above", how="left", validate="m:1").drop_nulls("next")
        frontier = up.select("category_id", above="next").join(
            pl.concat(reached), on=["category_id", "above"], how="anti"
        )
        if frontier.is_empty():
            break
        reached.append(frontier)
    lines = pl.concat(reached).group_by("category_id", maintain_order=True).agg(category_ids="above")
    return categories.select("category_id", category="name").join(lines, on="category_id", how="left", validate="1:1")


def sourcing(tables: Tables) -> pl.DataFrame:
    """One row per way to get a product: product_id, company_id, kind (buy, make), supplier, lead_time_days, rank.

    Rank 1 is what the company prefers: offers by their priority, then those without an end, then the newest; bills by
    their key.
    """
    suppliers = tables["suppliers"].select("supplier_id", supplier="name")
    offers = _of_products(living(tables["supplier_products"]), tables["products"])
    order = ("priority", pl.col("valid_to_on").is_not_null(), "valid_to_on", "valid_from_on", "supplier_product_id")
    preferred = offers.sort(*order, descending=[False, False, True, True, False], nulls_last=True)
    bought = preferred.join(suppliers, on="supplier_id", how="left", maintain_order="left").with_columns(
        kind=pl.lit("buy")
    )
    bills = living(tables["boms"]).filter(pl.col("is_active") & (pl.col("kind") != "kit")).drop("kind").sort("bom_id")
    nobody = (pl.lit(None, dtype=pl.String).alias("supplier_id"), pl.lit(None, dtype=pl.String).alias("supplier"))
    made = _of_products(bills, tables["products"]).with_columns(*nobody, kind=pl.lit("make"))
    columns = ("product_id", "company_id", "kind", "supplier_id", "supplier", "lead_time_days")
    both = pl.concat([bought.select(columns), made.select(columns)])
    rank = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("product_id", "company_id", "kind")
    return both.with_columns(rank=rank)


def _of_products(rows: pl.DataFrame, products: pl.DataFrame) -> pl.DataFrame:
    """One row per row and product that it holds for: its own product, else every one of its group."""
    members = products.select("product_group_id", member_id="product_id").drop_nulls("product_group_id")
    of_group = rows.filter(pl.col("product_id").is_null()).join(members, on="product_group_id", how="inner")
    own = rows.filter(pl.col("product_id").is_not_null()).with_columns(member_id=pl.col("product_id"))
    return pl.concat([own, of_group.select(own.columns)]).with_columns(product_id=pl.col("member_id")).drop("member_id")


def stock_by_item(tables: Tables) -> pl.DataFrame:
    """The latest levels: one row per product, main site and company, from the latest level of every inner site.

    as_of_on: the latest day among them. reserved is null where no source keeps it. What lies in transit sites is
    in_transit, on the way: it is on hand of no site, and its site_id is null.
    """
    levels = living(tables["inventory_levels"]).sort("as_of_on")
    latest = levels.unique(("product_id", "site_id"), keep="last", maintain_order=True)
    transit = main_sites(tables["sites"]).select("site_id", "is_transit")
    flagged = latest.join(transit, on="site_id", how="left", validate="m:1")
    on_way = pl.col("is_transit").fill_null(False)
    zero = pl.lit(0, dtype=DECIMAL)
    held = at_main_site(flagged, tables["sites"]).with_columns(
        site_id=pl.when(~on_way).then("site_id"),
        on_hand=pl.when(~on_way).then("on_hand").otherwise(zero),
        reserved=pl.when(~on_way).then("reserved"),
        in_transit=pl.when(on_way).then("on_hand").otherwise(zero),
    )
    keys = ("product_id", "site_id", "company_id", "region")
    sums = held.group_by(keys).agg(
        pl.col("as_of_on").max(),
        pl.col("on_hand").sum().cast(DECIMAL),
        known_sum(pl.col("reserved")).cast(DECIMAL),
        pl.col("in_transit").sum().cast(DECIMAL),
    )
    return sums.sort(*keys, nulls_last=True)


def open_supply(tables: Tables) -> pl.DataFrame:
    """What is to come: one row per open line of a confirmed purchase order, and per confirmed work order unfinished.

    What goes from the supplier straight to a customer never comes and is left out.
    kind: purchase or work_order. party: the supplier. due_on is null where no day is stated.
    """
    both = pl.concat([_open_purchases(tables), _open_work_orders(tables)])
    located = placed(both.filter(pl.col("quantity") > 0), tables["sites"])
    typed = located.select(pl.col(name).cast(dtype) for name, dtype in OPEN_SUPPLY.items())
    return typed.sort("due_on", "product_id", "number", "quantity", nulls_last=True)


def _open_purchases(tables: Tables) -> pl.DataFrame:
    orders = living(tables["purchase_orders"]).filter(pl.col("status") == "confirmed")
    suppliers = tables["suppliers"].select("supplier_id", party="name")
    heads = orders.join(suppliers, on="supplier_id", how="left", validate="m:1").select(
        "purchase_order_id", "number", "party", "site_id", order_due_on="due_on"
    )
    moves = living(tables["stock_moves"])
    straight = moves.filter((pl.col("kind") == "dropship") & (pl.col("status") != "cancelled"))
    own = living(tables["purchase_order_lines"]).join(straight, on="purchase_order_line_id", how="anti")
    lines = own.join(heads, on="purchase_order_id", how="inner", validate="m:1")
    return lines.drop_nulls("product_id").select(
        pl.lit("purchase").alias("kind"),
        "number",
        "party",
        "product_id",
        "site_id",
        "company_id",
        due_on=pl.coalesce("due_on", "order_due_on"),
        quantity=open_quantity(pl.col("quantity"), pl.col("received_quantity")),
    )


def _open_work_orders(tables: Tables) -> pl.DataFrame:
    orders = living(tables["work_orders"]).filter(pl.col("status") == "confirmed")
    return orders.select(
        pl.lit("work_order").alias("kind"),
        "number",
        pl.lit(None, dtype=pl.String).alias("party"),
        "product_id",
        "site_id",
        "company_id",
        "due_on",
        quantity=open_quantity(pl.col("quantity"), pl.col("produced_quantity")),
    )


def reorder_points(tables: Tables) -> pl.DataFrame:
    """One row per product, main site and company with active reorder rules: the minimum quantities, summed."""
    rules = living(tables["reorder_rules"]).filter(pl.col("is_active"))
    keys = ("product_id", "site_id", "company_id", "region")
    minimum = pl.col("minimum_quantity").sum().cast(DECIMAL)
    return at_main_site(rules, tables["sites"]).group_by(keys).agg(minimum).sort(*keys, nulls_last=True)


def places(tables: Tables) -> pl.DataFrame:
    """One row per main site that stock can lie in: site_id, company_id, site (its name), kind, region."""
    mains = main_sites(tables["sites"]).filter(pl.col("site_id") == pl.col("main_site_id"))
    own = tables["sites"].select("site_id", "company_id", "kind", site="name")
    joined = own.join(mains.select("site_id", "region", "is_transit"), on="site_id", how="inner", validate="1:1")
    return joined.filter(~pl.col("is_transit")).drop("is_transit").sort("site", "site_id")


def members(tables: Tables) -> pl.DataFrame:
    """One row per product of any kind: its names, its category and all above, and its main supplier."""
    named = tables["products"].join(
        category_lines(tables["product_categories"]), on="category_id", how="left", validate="m:1"
    )
    offers = sourcing(tables).filter(pl.col("kind") == "buy").sort("rank", "company_id")
    main = offers.unique("product_id", keep="first", maintain_order=True).select(
        "product_id", "supplier_id", "supplier"
    )
    joined = named.join(main, on="product_id", how="left", validate="1:1")
    texts = ("product_id", "company_id", "sku", "name", "name_zh", "unit", "category_id", "category", "category_ids")
    return joined.select(*texts, "supplier_id", "supplier").sort("product_id")


_ORDERS = ("sales_orders", "sales_order_lines", "products", "boms", "bom_lines", "sites", "stock_moves")
_BOUGHT = ("purchase_orders", "purchase_order_lines", "receipts", "receipt_lines", "suppliers")
_RECEIVED = (*_BOUGHT, "work_orders", "stock_moves", "sites")

_SUPPLY = (
    *("customers", "work_orders", "purchase_orders", "purchase_order_lines", "receipts", "receipt_lines"),
    *("suppliers", "supplier_products", "inventory_levels"),
)

JUDGED_APART: Mapping[str, Make] = {
    "stock_out_risks": lambda tables: stock_out_risks(tables, sourcing(tables)),
    "orders_at_risk": orders_at_risk,
    "stock_courses": stock_courses,
    "expected_receipts": expected_receipts,
}

AGGREGATES: Mapping[str, Aggregate] = {
    "items": Aggregate(("products", "product_categories"), items),
    "sourcing": Aggregate(("supplier_products", "suppliers", "products", "boms"), sourcing),
    "places": Aggregate(("sites",), places),
    "stock_by_item": Aggregate(("inventory_levels", "sites"), stock_by_item),
    "stock_changes": Aggregate(("inventory_levels", "sites"), stock_changes),
    "demand_by_item_day": Aggregate(_ORDERS, demand_by_item_day),
    "open_demand": Aggregate((*_ORDERS, "customers", "work_orders"), open_demand),
    "open_supply": Aggregate(
        ("purchase_orders", "purchase_order_lines", "suppliers", "work_orders", "stock_moves", "sites"), open_supply
    ),
    "open_receipts": Aggregate(_RECEIVED, open_receipts),
    "deliveries": Aggregate(_RECEIVED, deliveries),
    "reorder_points": Aggregate(("reorder_rules", "sites"), reorder_points),
    "stock_ages": Aggregate(("inventory_levels", "stock_moves", "sites"), stock_ages),
    "stock_uses": Aggregate(("inventory_levels", "stock_moves", "sites"), stock_uses),
    "transfers_by_item_day": Aggregate(("stock_moves", "sites"), transfers_by_item_day),
    "purchase_prices": Aggregate(("purchase_orders", "purchase_order_lines"), purchase_prices),
    "working_days": Aggregate(
        ("companies", "calendars", "calendar_periods", "calendar_exceptions", "sales_orders"), working_days
    ),
    "members": Aggregate(("products", "product_categories", "supplier_products", "suppliers", "boms"), members),
    "order_days": Aggregate(("sales_orders", "sales_order_lines", "sites"), order_days),
    "sales_days": Aggregate(FACTS["invoice_lines"].needs, sales_days),
    "customer_events": Aggregate((*FACTS["due_lines"].needs, *TOLD), customer_events),
    **{f"fact_{name}": Aggregate(fact.needs, fact.make) for name, fact in FACTS.items()},
    **{name: Aggregate(*summed) for name, summed in ATTENTION.items()},
    **{name: Aggregate(needed, by_company(make)) for name, (needed, make) in FLOW.items()},
    **{name: Aggregate((*_ORDERS, *_SUPPLY), by_company(make)) for name, make in JUDGED_APART.items()},
    **{f"{name}_by_region": Aggregate((*_ORDERS, *_SUPPLY), by_region(make)) for name, make in JUDGED_APART.items()},
}
