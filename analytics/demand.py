"""Demand: what customers ordered and what production consumed, by day; and what of it is still open."""

from collections.abc import Mapping

import polars as pl

from analytics.sites import at_main_site, placed
from analytics.tables import SHARED
from analytics.tables.columns import DECIMAL

ORDERED = ("confirmed", "done")
COMING = ("planned", "ready")
DEEPEST_KIT = 5
Tables = Mapping[str, pl.DataFrame]
Types = Mapping[str, pl.DataType | type[pl.DataType]]
BY_ITEM_DAY = ("product_id", "site_id", "company_id", "region", "day_on")
KIT_CONTENTS: Types = {
    "product_id": pl.String,
    "component_id": pl.String,
    "quantity_per": DECIMAL,
    "valid_from_on": pl.Date,
    "valid_to_on": pl.Date,
}
OPEN_DEMAND: Types = {
    "kind": pl.String,
    "number": pl.String,
    "party": pl.String,
    "party_id": pl.String,
    "party_region": pl.String,
    "party_is_person": pl.Boolean,
    "product_id": pl.String,
    "site_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "due_on": pl.Date,
    "quantity": DECIMAL,
}


def living(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that are not gone at their source."""
    gone = rows.get_column("deleted_at")
    return rows if gone.null_count() == gone.len() else rows.filter(gone.is_null())


def open_quantity(wanted: pl.Expr, done: pl.Expr) -> pl.Expr:
    """What is still to come: never negative; where nobody says what is done, nothing is."""
    return (wanted - done.fill_null(0)).clip(lower_bound=0).cast(DECIMAL)


def known_sum(quantity: pl.Expr) -> pl.Expr:
    """The sum of what is known; null, not zero, where nothing is."""
    return pl.when(quantity.is_not_null().any()).then(quantity.sum())


def kit_contents(tables: Tables) -> pl.DataFrame:
    """One row per kit and component: product_id, component_id, quantity_per, valid_from_on, valid_to_on.

    Of several active kit bills of one product the first by key holds. A bill of a group holds for each of its products.
    """
    kits = tables["products"].filter(pl.col("kind") == "kit").select("product_id", "product_group_id")
    if kits.is_empty():
        return pl.DataFrame(schema=KIT_CONTENTS)
    bills = living(tables["boms"]).filter((pl.col("kind") == "kit") & pl.col("is_active"))
    own = bills.select("product_id", "bom_id").join(kits, on="product_id", how="semi")
    of_group = bills.filter(pl.col("product_id").is_null()).select("product_group_id", "bom_id")
    grouped = kits.join(of_group, on="product_group_id").select("product_id", "bom_id")
    first = pl.concat([own.sort("bom_id"), grouped.sort("bom_id")]).unique(
        "product_id", keep="first", maintain_order=True
    )
    contents = living(tables["bom_lines"]).select(
        "bom_id", "component_id", "quantity_per", "valid_from_on", "valid_to_on"
    )
    return first.join(contents, on="bom_id", how="inner").drop("bom_id")


def unpacked(rows: pl.DataFrame, contents: pl.DataFrame) -> pl.DataFrame:
    """The rows with every kit replaced by what is in it on the row's day_on, kits inside kits too.

    ``quantity`` and ``open`` are multiplied. A kit without contents asks for itself; one that contains itself stops
    after five levels.
    """
    if contents.is_empty():
        return rows
    whole = [rows.join(contents, on="product_id", how="anti")]
    kits = rows.join(contents, on="product_id", how="semi")
    for _ in range(DEEPEST_KIT):
        if kits.is_empty():
            break
        parts = _contents_of(kits, contents)
        whole.append(parts.join(contents, on="product_id", how="anti"))
        kits = parts.join(contents, on="product_id", how="semi")
    return pl.concat(whole)


def _contents_of(kits: pl.DataFrame, contents: pl.DataFrame) -> pl.DataFrame:
    parts = kits.join(contents, on="product_id", how="inner").filter(_holds_on(pl.col("day_on")))
    times = {name: (pl.col(name) * pl.col("quantity_per")).cast(DECIMAL) for name in ("quantity", "open")}
    return parts.with_columns(product_id=pl.col("component_id"), **times).select(kits.columns)


def _holds_on(day_on: pl.Expr) -> pl.Expr:
    """Whether a dated line holds on the day: an open end or beginning has no limit, and a day not known breaks none."""
    return (pl.col("valid_from_on") <= day_on).fill_null(True) & (pl.col("valid_to_on") >= day_on).fill_null(True)


def serving(tables: Tables) -> pl.DataFrame:
    """One row per order line that goods were or are to be moved for: sales_order_line_id, served_from, is_dropshipped.

    served_from is the main site that most of it leaves, the first by key among equals. is_dropshipped: most of it goes
    from the supplier straight to the customer and never touches stock.
    """
    moves = living(tables["stock_moves"]).filter(
        pl.col("sales_order_line_id").is_not_null()
        & pl.col("kind").cast(pl.String).is_in(["delivery", "dropship"])
        & pl.col("status").cast(pl.String).is_in([*COMING, "done"])
    )
    is_dropshipped = pl.col("kind") == "dropship"
    leaving = moves.select("sales_order_line_id", "quantity", site_id="from_site_id", is_dropshipped=is_dropshipped)
    ways = ("sales_order_line_id", "site_id", "is_dropshipped")
    summed = at_main_site(leaving, tables["sites"]).group_by(ways).agg(pl.col("quantity").sum())
    most = summed.sort(-pl.col("quantity"), "is_dropshipped", "site_id", nulls_last=True)
    first = most.unique("sales_order_line_id", keep="first", maintain_order=True)
    return first.select("sales_order_line_id", "is_dropshipped", served_from="site_id")


def order_lines(tables: Tables) -> pl.DataFrame:
    """One row per line, of goods, of a confirmed or done customer order; kits are replaced by what is in them.

    day_on: the order's day (UTC). due_on: the day promised now, else asked for, else the order's; the line's own first.
    site_id: the main site that its goods leave, else the one the order names, else the company's only one, else null.
    open: still to be delivered, for confirmed orders only. Lines that a supplier serves straight ask nothing of stock
    and are left out.
    """
    heads = living(tables["sales_orders"]).filter(pl.col("status").cast(pl.String).is_in(ORDERED))
    lines = living(tables["sales_order_lines"]).join(_goods(tables["products"]), on="product_id", how="semi")
    served = lines.join(serving(tables), on="sales_order_line_id", how="left", validate="1:1")
    from_stock = served.filter(~pl.col("is_dropshipped").fill_null(False))
    ordered = from_stock.join(heads, on="sales_order_id", how="inner", validate="m:1", suffix="_of_order")
    rest = open_quantity(pl.col("quantity"), pl.col("delivered_quantity"))
    is_shared = pl.col("company_id") == SHARED
    due_on = ("promised_on", "promised_on_of_order", "requested_on", "requested_on_of_order", "day_on")
    shaped = ordered.with_columns(day_on=pl.col("ordered_at").dt.date()).select(
        "product_id",
        "number",
        "customer_id",
        "day_on",
        "quantity",
        site_id=pl.coalesce("served_from", "site_id"),
        company_id=pl.when(is_shared).then("company_id_of_order").otherwise("company_id"),
        due_on=pl.coalesce(due_on),
        open=pl.when(pl.col("status") == "confirmed").then(rest).otherwise(pl.lit(0, dtype=DECIMAL)),
    )
    return placed(unpacked(shaped, kit_contents(tables)), tables["sites"])


def _goods(products: pl.DataFrame) -> pl.DataFrame:
    return products.filter(pl.col("kind") != "service").select("product_id")


def consumption(tables: Tables) -> pl.DataFrame:
    """One row per done consumption by production: product_id, site_id, company_id, region, day_on, quantity."""
    moves = living(tables["stock_moves"]).filter((pl.col("kind") == "consumption") & (pl.col("status") == "done"))
    used = moves.select(
        "product_id", "company_id", "quantity", site_id="from_site_id", day_on=pl.col("moved_at").dt.date()
    )
    return at_main_site(used.drop_nulls("day_on"), tables["sites"])


def demand_by_item_day(tables: Tables, ordered: pl.DataFrame) -> pl.DataFrame:
    """Past demand: one row per product, main site, company and day with what customers ordered and production consumed.

    ``ordered``: the order lines of ``tables``.
    Orders count on the day of the order, whether delivered or not; cancelled ones never. The region is that of the site
    that serves the demand: who sees the stock of a site sees what draws on it. Demand that no site is known for has
    neither, and only viewers of all regions see it.
    """
    consumed = consumption(tables).select(*BY_ITEM_DAY, "quantity")
    summed = (
        pl.concat([ordered.select(*BY_ITEM_DAY, "quantity"), consumed])
        .group_by(BY_ITEM_DAY)
        .agg(pl.col("quantity").sum().cast(DECIMAL))
    )
    return summed.sort("product_id", "day_on", "site_id", "company_id", nulls_last=True)


def open_demand(tables: Tables, ordered: pl.DataFrame) -> pl.DataFrame:
    """What is asked for and not yet served: one row per open customer order line, and per component still to be used.

    ``ordered``: the order lines of ``tables``. kind: order or work_order. party, party_id, party_region,
    party_is_person: the customer. due_on is null only for components of work orders without any date.
    """
    both = pl.concat([_open_orders(tables, ordered), open_components(tables)])
    return both.sort("due_on", "product_id", "number", "quantity", nulls_last=True)


def _open_orders(tables: Tables, ordered: pl.DataFrame) -> pl.DataFrame:
    customers = tables["customers"].select(
        "customer_id",
        party="name",
        party_id="customer_id",
        party_region="region",
        party_is_person=pl.col("is_company").not_().fill_null(False),
    )
    lines = ordered.filter(pl.col("open") > 0)
    named = lines.join(customers, on="customer_id", how="left", validate="m:1")
    return named.with_columns(kind=pl.lit("order"), quantity=pl.col("open")).select(_cast(OPEN_DEMAND))


def open_components(tables: Tables) -> pl.DataFrame:
    """One row per component that a confirmed work order has still to be given: the rows of ``open_demand`` of that
    kind."""
    orders = living(tables["work_orders"]).filter(pl.col("status") == "confirmed")
    moves = living(tables["stock_moves"]).filter(pl.col("kind") == "consumption")
    planned = _planned_components(orders, moves)
    unplanned = orders.join(moves, on="work_order_id", how="anti")
    exploded = _exploded_components(unplanned, tables).select(planned.columns)
    needed = placed(pl.concat([planned, exploded]), tables["sites"])
    nobody = {"party": None, "party_id": None, "party_region": None, "party_is_person": False}
    named = needed.with_columns(kind=pl.lit("work_order"), **{name: pl.lit(value) for name, value in nobody.items()})
    return named.filter(pl.col("quantity") > 0).select(_cast(OPEN_DEMAND))


def _planned_components(orders: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    """One row per movement that is still to take a component to a confirmed work order."""
    heads = orders.select(
        "work_order_id", "number", planned_start_on=pl.col("planned_start_at").dt.date(), order_due_on="due_on"
    )
    coming = moves.filter(pl.col("status").cast(pl.String).is_in(COMING)).drop("number")
    due_on = pl.coalesce(pl.col("planned_at").dt.date(), "planned_start_on", "order_due_on")
    joined = coming.join(heads, on="work_order_id", how="inner", validate="m:1")
    return joined.select("number", "product_id", "company_id", "quantity", site_id="from_site_id", due_on=due_on)


def _exploded_components(orders: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """One row per component of a work order that has no movements of its own: by its bill of materials."""
    rest = open_quantity(pl.col("quantity"), pl.col("produced_quantity"))
    due_on = pl.coalesce(pl.col("planned_start_at").dt.date(), "due_on")
    to_make = orders.select("number", "company_id", "site_id", "bom_id", due_on=due_on, rest=rest)
    lines = living(tables["bom_lines"]).select("bom_id", "component_id", "quantity_per", "valid_from_on", "valid_to_on")
    quantity = (pl.col("rest") * pl.col("quantity_per")).cast(DECIMAL)
    parts = to_make.join(lines, on="bom_id", how="inner").filter(_holds_on(pl.col("due_on")))
    needed = parts.select(
        "number",
        "company_id",
        "site_id",
        "due_on",
        product_id="component_id",
        quantity=quantity,
        open=quantity,
        day_on="due_on",
    )
    return unpacked(needed, kit_contents(tables)).drop("open", "day_on")


def _cast(schema: Types) -> list[pl.Expr]:
    return [pl.col(name).cast(dtype) for name, dtype in schema.items()]
