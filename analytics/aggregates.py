"""What is summed once per refresh so that screens answer at once: from the unified tables to small frames.

Every aggregate keeps company_id and, where rights cut stock by it, region: they are cut before anything is summed up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from analytics.ageing import stock_ages, stock_uses, transfers_by_item_day
from analytics.apart import Made, Make, by_company, by_region
from analytics.attention import ATTENTION
from analytics.cubes import Known, cube_name, cubes, cubes_of
from analytics.demand import (
    Tables,
    Types,
    demand_by_item_day,
    known_sum,
    living,
    open_demand,
    open_quantity,
    order_lines,
)
from analytics.demand_weeks import by_week
from analytics.facts import FACTS, Fact
from analytics.lateness import deliveries, open_receipts
from analytics.levels import stock_changes
from analytics.making_ways import NAMES as MAKING
from analytics.making_ways import NEEDS as MAKING_NEEDS
from analytics.making_ways import making
from analytics.money import worths
from analytics.order_flow import FLOW, FLOW_NEEDS, order_flow
from analytics.segments import order_days, sales_days
from analytics.sites import at_main_site, main_sites, placed
from analytics.stock_courses import expected_receipts, stock_courses
from analytics.stock_outs import Demands, demands, orders_at_risk, outlook, stock_out_risks
from analytics.tables import SHARED
from analytics.tables.columns import DECIMAL
from analytics.timeline import TOLD, customer_events
from analytics.transit import NEEDS as TRANSIT_NEEDS
from analytics.transit import transits
from analytics.valuation import purchase_prices
from analytics.workdays import working_days

WORTH_DAYS = 730
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
class Recipe:
    """Aggregates that are made in one go: their names, the tables they are made of, and how."""

    names: tuple[str, ...]
    needs: tuple[str, ...]
    make: Make

    @property
    def sources(self) -> tuple[str, ...]:
        """The tables without any row of which there is nothing, whatever the others hold; none where that is not so."""
        return _NOTHING_WITHOUT.get(self.names[0], ())


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


def cells(tables: Tables) -> pl.DataFrame:
    """The day for which the cells of cubes are cut, the latest on which stock was counted: one row, as_of_on, that all
    companies share; none where no stock was counted."""
    latest = living(tables["inventory_levels"]).select(as_of_on=pl.col("as_of_on").max()).drop_nulls()
    return latest.select(pl.lit(SHARED).alias("company_id"), "as_of_on")


def daily_worths(tables: Tables) -> pl.DataFrame:
    """What currencies are worth by day, in each that a company reports in, until two years after the day that the data
    stands for: see ``analytics.money.worths``. As all rates tell it: for those who may see them all."""
    days = cells(tables)["as_of_on"]
    until = days.item() + timedelta(days=WORTH_DAYS) if days.len() else date.min
    return worths(tables["exchange_rates"], _reported_in(tables), until).select(pl.lit(SHARED).alias("company_id"), "*")


def _reported_in(tables: Tables) -> tuple[str, ...]:
    return tuple(tables["companies"]["currency"].drop_nulls().unique().sort())


_KNOWN = (
    *("products", "product_categories", "supplier_products", "suppliers", "boms"),
    *("customers", "companies", "exchange_rates", "inventory_levels"),
)
_ORDERS = ("sales_orders", "sales_order_lines", "products", "boms", "bom_lines", "sites", "stock_moves")
_BOUGHT = ("purchase_orders", "purchase_order_lines", "receipts", "receipt_lines", "suppliers")
_RECEIVED = (*_BOUGHT, "work_orders", "stock_moves", "sites")

_SUPPLY = (
    *("customers", "work_orders", "purchase_orders", "purchase_order_lines", "receipts", "receipt_lines"),
    *("suppliers", "supplier_products", "inventory_levels"),
)

JUDGED_APART = ("stock_out_risks", "orders_at_risk", "stock_courses", "expected_receipts")
_APART = "_by_region"


def judged(tables: Tables, region: str | None = None, asked: Demands | None = None) -> Made:
    """What is to be expected of stock, all from one outlook; at the sites of one region, if one is named."""
    known = outlook(tables, region, asked)
    return {
        "stock_out_risks": stock_out_risks(known, tables, sourcing(tables)),
        "orders_at_risk": orders_at_risk(known),
        "stock_courses": stock_courses(known),
        "expected_receipts": expected_receipts(known),
    }


DEMANDED = ("demand_by_item_day", "demand_by_item_week", "open_demand")


def demanded(tables: Tables) -> Made:
    """What was asked for and what is, all from the same order lines."""
    ordered = order_lines(tables)
    daily, days = demand_by_item_day(tables, ordered), cells(tables)["as_of_on"]
    return {
        "demand_by_item_day": daily,
        "demand_by_item_week": by_week(daily if days.len() else daily.clear(), days.item() if days.len() else date.min),
        "open_demand": open_demand(tables, ordered),
    }


def _judged_in_region(tables: Tables, region: str, asked: Demands) -> Made:
    return {f"{name}{_APART}": rows for name, rows in judged(tables, region, asked).items()}


def _one(name: str, needs: tuple[str, ...], make: Callable[[Tables], pl.DataFrame]) -> Recipe:
    return Recipe((name,), needs, lambda tables: {name: make(tables)})


def _with_cubes(name: str, fact: Fact) -> Recipe:
    """A fact and its cubes."""

    def made(tables: Tables) -> Made:
        rows = fact.make(tables)
        found = cubes(name, rows.lazy(), _known(tables))
        return {f"fact_{name}": rows} | {cube_name(name, cube): sums for cube, sums in found.items()}

    names = (f"fact_{name}", *(cube_name(name, cube) for cube in cubes_of(name)))
    return Recipe(names, tuple(dict.fromkeys((*fact.needs, *_KNOWN))), made)


def _known(tables: Tables) -> Known:
    days = cells(tables)["as_of_on"]
    return Known(
        as_of=days.item() if days.len() else date.max,
        members=members(tables),
        customers=tables["customers"],
        rates=tables["exchange_rates"],
        currencies=_reported_in(tables),
    )


_BOUGHT_OR_MADE = ("purchase_orders", "purchase_order_lines", "receipts", "receipt_lines", "work_orders", "stock_moves")
_NOTHING_WITHOUT: Mapping[str, tuple[str, ...]] = {
    "stock_by_item": ("inventory_levels",),
    "stock_changes": ("inventory_levels",),
    "stock_ages": ("inventory_levels", "stock_moves"),
    "stock_uses": ("inventory_levels", "stock_moves"),
    "transfers_by_item_day": ("stock_moves",),
    "open_supply": ("purchase_order_lines", "work_orders", "stock_moves"),
    "open_receipts": _BOUGHT_OR_MADE,
    "deliveries": _BOUGHT_OR_MADE,
    "reorder_points": ("reorder_rules",),
    "transits": ("shipments",),
    "purchase_prices": ("purchase_order_lines",),
    "sales_days": ("invoice_lines",),
    "fact_invoice_lines": ("invoice_lines",),
    "fact_receivables": ("invoices", "payments"),
    "fact_stock": ("inventory_levels",),
    "fact_issues": ("stock_moves",),
    "fact_purchase_lines": ("purchase_order_lines",),
    "fact_tickets": ("tickets",),
    "fact_complaints": ("feedback",),
    "margins_by_product": ("invoice_lines",),
    "margins_by_customer": ("invoice_lines",),
    "complaints_by_product": ("tickets", "feedback", "returns"),
    "open_invoices": ("invoices",),
    "supplier_lines": ("purchase_order_lines",),
    "bought_by_supplier": ("purchase_order_lines",),
    "campaign_sales": ("campaigns",),
    "making_ways": ("boms", "bom_lines", "routings", "operations", "work_centers", "work_orders"),
}

RECIPES = (
    _one("items", ("products", "product_categories"), items),
    _one("sourcing", ("supplier_products", "suppliers", "products", "boms"), sourcing),
    _one("places", ("sites",), places),
    _one("stock_by_item", ("inventory_levels", "sites"), stock_by_item),
    _one("stock_changes", ("inventory_levels", "sites"), stock_changes),
    Recipe(DEMANDED, (*_ORDERS, "customers", "work_orders", "inventory_levels"), demanded),
    _one(
        "open_supply",
        ("purchase_orders", "purchase_order_lines", "suppliers", "work_orders", "stock_moves", "sites"),
        open_supply,
    ),
    _one("open_receipts", _RECEIVED, open_receipts),
    _one("deliveries", _RECEIVED, deliveries),
    _one("reorder_points", ("reorder_rules", "sites"), reorder_points),
    _one("stock_ages", ("inventory_levels", "stock_moves", "sites"), stock_ages),
    _one("stock_uses", ("inventory_levels", "stock_moves", "sites"), stock_uses),
    _one("transfers_by_item_day", ("stock_moves", "sites"), transfers_by_item_day),
    _one("purchase_prices", ("purchase_orders", "purchase_order_lines"), purchase_prices),
    _one(
        "working_days",
        ("companies", "calendars", "calendar_periods", "calendar_exceptions", "sales_orders"),
        working_days,
    ),
    _one("members", ("products", "product_categories", "supplier_products", "suppliers", "boms"), members),
    _one("order_days", ("sales_orders", "sales_order_lines", "sites"), order_days),
    _one("sales_days", FACTS["invoice_lines"].needs, sales_days),
    _one("customer_events", (*FACTS["due_lines"].needs, *TOLD), customer_events),
    _one("cells", ("inventory_levels",), cells),
    _one("daily_worths", ("exchange_rates", "companies", "inventory_levels"), daily_worths),
    *(_with_cubes(name, fact) for name, fact in FACTS.items()),
    *(_one(name, needs, make) for name, (needs, make) in ATTENTION.items()),
    Recipe(MAKING, MAKING_NEEDS, making),
    Recipe(FLOW, FLOW_NEEDS, by_company(order_flow)),
    _one("transits", TRANSIT_NEEDS, transits),
    Recipe(JUDGED_APART, (*_ORDERS, *_SUPPLY), by_company(judged)),
    Recipe(
        tuple(f"{name}{_APART}" for name in JUDGED_APART), (*_ORDERS, *_SUPPLY), by_region(_judged_in_region, demands)
    ),
)
AGGREGATES: Mapping[str, Recipe] = {name: recipe for recipe in RECIPES for name in recipe.names}
