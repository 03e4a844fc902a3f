"""What must hold in every sample, whatever its size and seed. Each law returns the rows that break it."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal

import polars as pl

Tables = Mapping[str, pl.DataFrame]
CENT = Decimal("0.01")


def _total(rows: pl.DataFrame, by: str, value: str, *, only: pl.Expr | None = None) -> pl.DataFrame:
    kept = rows.filter(pl.col(by).is_not_null() if only is None else only & pl.col(by).is_not_null())
    return kept.group_by(by).agg(pl.col(value).sum().alias("total"))


def _differs(rows: pl.DataFrame, key: str, value: str, totals: pl.DataFrame, by: str) -> pl.DataFrame:
    joined = rows.join(totals, left_on=key, right_on=by, how="left", validate="1:1")
    return joined.filter(pl.col(value) != pl.col("total").fill_null(Decimal(0)))


def levels_are_the_sum_of_done_moves(tables: Tables) -> pl.DataFrame:
    """On hand at the end of a day is all that ever came less all that ever left, by product and lowest site."""
    done = tables["stock_moves"].filter(pl.col("status") == "done")
    zones = tables["sites"].select("site_id", company="company_id")
    sides = [
        done.select("product_id", site_id=f"{side}_site_id", at="moved_at", change=sign * pl.col("quantity"))
        for side, sign in (("from", -1), ("to", 1))
    ]
    changes = pl.concat(sides).drop_nulls("site_id").join(zones, on="site_id", validate="m:1")
    changes = changes.with_columns(as_of_on=_local_day(pl.col("at"), pl.col("company")))
    daily = changes.group_by("product_id", "site_id", "as_of_on").agg(pl.col("change").sum())
    keys = ["product_id", "site_id", "as_of_on"]
    both = tables["inventory_levels"].join(daily, on=keys, how="full", coalesce=True, validate="1:1").sort(keys)
    computed = pl.col("change").fill_null(Decimal(0)).cum_sum().over("product_id", "site_id")
    return both.filter(pl.col("on_hand").ne_missing(computed))


def _local_day(instant: pl.Expr, company: pl.Expr) -> pl.Expr:
    chinese = instant.dt.convert_time_zone("Asia/Shanghai").dt.date()
    return pl.when(company == "TQ-CN").then(chinese).otherwise(instant.dt.convert_time_zone("Europe/Berlin").dt.date())


def every_level_is_stated_on_the_last_day(tables: Tables) -> pl.DataFrame:
    """The last row of each product and site is of the last day."""
    last = tables["inventory_levels"].group_by("product_id", "site_id").agg(pl.col("as_of_on").max())
    return last.filter(pl.col("as_of_on") != pl.col("as_of_on").max())


def reserved_is_what_open_orders_need_at_most(tables: Tables) -> pl.DataFrame:
    """What is set aside today is not more than the open shipments ask for, by product and site."""
    needs = tables["stock_moves"].filter((pl.col("kind") == "delivery") & (pl.col("status") != "done"))
    needed = needs.group_by("product_id", site_id="from_site_id").agg(pl.col("quantity").sum())
    today = tables["inventory_levels"].filter(pl.col("as_of_on") == pl.col("as_of_on").max())
    joined = today.join(needed, on=["product_id", "site_id"], how="left", validate="1:1")
    return joined.filter(pl.col("reserved") > pl.col("quantity").fill_null(Decimal(0)))


def reserved_is_on_hand(tables: Tables) -> pl.DataFrame:
    """Nothing is set aside that is not there, but where the level is negative."""
    return tables["inventory_levels"].filter((pl.col("reserved") > pl.col("on_hand")) & (pl.col("on_hand") >= 0))


def levels_are_hardly_ever_negative(tables: Tables) -> pl.DataFrame:
    """At most two products stand below zero on any day."""
    below = tables["inventory_levels"].filter(pl.col("on_hand") < 0).select("product_id", "site_id").unique()
    return below if below.height > 2 else below.clear()


def delivered_is_shipped_less_returned(tables: Tables) -> pl.DataFrame:
    """Goods lines: done shipment lines less returns. Lines of hours: booked hours."""
    shipped = _total(
        tables["shipment_lines"], "sales_order_line_id", "shipped_quantity", only=pl.col("status") == "done"
    )
    returned = _total(tables["returns"], "sales_order_line_id", "quantity").with_columns(-pl.col("total"))
    worked = _total(tables["time_entries"], "sales_order_line_id", "hours")
    all_parts = pl.concat([shipped, returned, worked]).group_by("sales_order_line_id").agg(pl.col("total").sum())
    return _differs(
        tables["sales_order_lines"], "sales_order_line_id", "delivered_quantity", all_parts, "sales_order_line_id"
    )


def invoiced_is_delivered(tables: Tables) -> pl.DataFrame:
    """Invoices less credit notes bill exactly what was delivered and kept."""
    billed = _total(tables["invoice_lines"], "sales_order_line_id", "quantity")
    lines = tables["sales_order_lines"]
    wrong = _differs(lines, "sales_order_line_id", "delivered_quantity", billed, "sales_order_line_id")
    return wrong if wrong.height else lines.filter(pl.col("invoiced_quantity") != pl.col("delivered_quantity"))


def order_amounts_are_the_sum_of_their_lines(tables: Tables) -> pl.DataFrame:
    """Sales orders, purchase orders, invoices and bills, to the cent."""
    pairs = (
        ("sales_orders", "sales_order_lines", "sales_order_id"),
        ("purchase_orders", "purchase_order_lines", "purchase_order_id"),
        ("invoices", "invoice_lines", "invoice_id"),
        ("supplier_bills", "supplier_bill_lines", "supplier_bill_id"),
    )
    wrong = [
        _differs(tables[head], key, "amount_untaxed", _total(tables[lines], key, "amount_untaxed"), key).select(key=key)
        for head, lines, key in pairs
    ]
    return pl.concat(wrong)


def line_amounts_are_quantity_times_price(tables: Tables) -> pl.DataFrame:
    """The amount of each line is quantity x price x (1 - discount), rounded to the cent, halves up."""
    wrong = []
    for name, quantity in (
        ("sales_order_lines", "source_quantity"),
        ("purchase_order_lines", "source_quantity"),
        ("invoice_lines", "quantity"),
    ):
        rows = tables[name].with_columns(
            discount=pl.col("discount") if "discount" in tables[name].columns else pl.lit(Decimal(0))
        )
        exact = [
            (q * p * (1 - d)).quantize(CENT, "ROUND_HALF_UP")
            for q, p, d in rows.select(quantity, "unit_price", "discount").iter_rows()
        ]
        wrong.append(
            rows.filter(pl.col("amount_untaxed") != pl.Series(exact, dtype=pl.Decimal(24, 6))).select("product_id")
        )
    return pl.concat(wrong)


def quantities_in_boxes_convert(tables: Tables) -> pl.DataFrame:
    """A quantity in boxes times the product's box is the quantity in base units."""
    boxes = (
        tables["unit_conversions"]
        .drop_nulls("product_id")
        .select("product_id", source_unit="from_unit", factor="factor")
    )
    wrong = []
    for name in ("sales_order_lines", "purchase_order_lines"):
        rows = tables[name].join(boxes, on=["product_id", "source_unit"], how="left", validate="m:1")
        factor = pl.col("factor").fill_null(Decimal(1))
        wrong.append(rows.filter(pl.col("source_quantity") * factor != pl.col("quantity")).select("product_id"))
    return pl.concat(wrong)


def totals_are_untaxed_and_tax(tables: Tables) -> pl.DataFrame:
    """With tax = without tax + tax."""
    wrong = [
        tables[name]
        .filter(pl.col("amount_untaxed") + pl.col("amount_tax") != pl.col("amount_total"))
        .select("currency")
        for name in ("sales_orders", "invoices", "supplier_bills")
    ]
    return pl.concat(wrong)


def received_is_the_sum_of_done_receipts(tables: Tables) -> pl.DataFrame:
    """And of the moves that brought it."""
    lines, key = tables["purchase_order_lines"], "purchase_order_line_id"
    came = _total(tables["receipt_lines"], key, "received_quantity", only=pl.col("status") == "done")
    moved = _total(tables["stock_moves"], key, "quantity", only=pl.col("status") == "done")
    return pl.concat([_differs(lines, key, "received_quantity", totals, key) for totals in (came, moved)])


def what_was_ordered_and_not_received_is_awaited(tables: Tables) -> pl.DataFrame:
    """Of confirmed orders: ordered = received + what open receipts bring."""
    orders = tables["purchase_orders"].filter(pl.col("status").is_in(["confirmed", "done"])).select("purchase_order_id")
    lines = tables["purchase_order_lines"].join(orders, on="purchase_order_id", how="semi")
    lines = lines.with_columns(rest=pl.col("quantity") - pl.col("received_quantity"))
    awaited = _total(tables["receipt_lines"], "purchase_order_line_id", "quantity", only=pl.col("status") != "done")
    return _differs(lines, "purchase_order_line_id", "rest", awaited, "purchase_order_line_id")


def what_was_ordered_and_not_shipped_is_awaited(tables: Tables) -> pl.DataFrame:
    """Of confirmed orders' goods: ordered = shipped + what open shipments bring; of all others nothing is awaited."""
    goods = tables["products"].filter(pl.col("kind") != "service").select("product_id")
    orders = tables["sales_orders"].filter(pl.col("status").is_in(["confirmed", "done"])).select("sales_order_id")
    lines = (
        tables["sales_order_lines"]
        .join(orders, on="sales_order_id", how="semi")
        .join(goods, on="product_id", how="semi")
    )
    key = "sales_order_line_id"
    all_shipped = _total(tables["shipment_lines"], key, "quantity")
    stray = tables["shipment_lines"].join(lines, on=key, how="anti").select("product_id")
    wrong = _differs(lines, key, "quantity", all_shipped, key).select("product_id")
    return pl.concat([wrong, stray])


def work_orders_made_and_consumed_what_moved(tables: Tables) -> pl.DataFrame:
    """Produced = production moves; consumed = the bill of materials times the quantity."""
    orders, done = tables["work_orders"], tables["stock_moves"].filter(pl.col("status") == "done")
    made = _total(done, "work_order_id", "quantity", only=pl.col("kind") == "production")
    wrong = _differs(orders, "work_order_id", "produced_quantity", made, "work_order_id").select("work_order_id")
    taken = done.filter(pl.col("kind") == "consumption").select(
        "work_order_id", component_id="product_id", taken="quantity"
    )
    started = orders.drop_nulls("started_at").select("work_order_id", "bom_id", made="quantity")
    needed = started.join(
        tables["bom_lines"].select("bom_id", "component_id", "quantity_per"), on="bom_id", validate="m:m"
    )
    both = needed.join(taken, on=["work_order_id", "component_id"], how="full", coalesce=True, validate="1:1")
    amount = pl.col("made").cast(pl.Float64) * pl.col("quantity_per").cast(pl.Float64)
    missed = both.filter((amount - pl.col("taken").cast(pl.Float64)).abs().fill_null(1.0) > 1e-3)
    return pl.concat([wrong, missed.select("work_order_id")])


def every_delivery_has_a_move(tables: Tables) -> pl.DataFrame:
    """What shipment lines say has left, moves say too, line by line; and what came back. Of a kit, its parts move."""
    done = tables["stock_moves"].filter(pl.col("status") == "done")
    key, wrong = ["sales_order_line_id", "product_id"], []
    for kind, table, value in (
        ("delivery", "shipment_lines", "shipped_quantity"),
        ("customer_return", "returns", "quantity"),
    ):
        moved = done.filter(pl.col("kind") == kind).group_by(key).agg(total=pl.col("quantity").sum())
        said = _unpacked(tables, tables[table].select(*key, value), value)
        said = said.group_by(key).agg(total=pl.col(value).sum()).filter(pl.col("total") != 0)
        both = said.join(moved, on=key, how="full", coalesce=True, suffix="_moved", validate="1:1")
        wrong.append(both.filter(pl.col("total").ne_missing(pl.col("total_moved"))).select(key))
    return pl.concat(wrong)


def _unpacked(tables: Tables, rows: pl.DataFrame, value: str) -> pl.DataFrame:
    """The rows of kits as rows of their parts."""
    kits = tables["boms"].filter(pl.col("kind") == "kit").select("bom_id")
    parts = tables["bom_lines"].join(kits, on="bom_id", how="semi").select("product_id", "component_id", "quantity_per")
    one = pl.col("quantity_per").fill_null(Decimal(1))
    return rows.join(parts, on="product_id", how="left", validate="m:m").with_columns(
        pl.coalesce("component_id", "product_id").alias("product_id"), (pl.col(value) * one).alias(value)
    )


def kits_are_sold_and_never_stocked(tables: Tables) -> pl.DataFrame:
    """No kit moves, lies anywhere, is made or is bought; each has parts."""
    kits = tables["products"].filter(pl.col("kind") == "kit").select("product_id")
    nowhere = ("stock_moves", "inventory_levels", "work_orders", "purchase_order_lines", "reorder_rules")
    wrong = [tables[name].join(kits, on="product_id", how="semi").select("product_id") for name in nowhere]
    return pl.concat([*wrong, kits.join(tables["bom_lines"], on="product_id", how="anti")])


def open_amounts_are_what_was_not_paid(tables: Tables) -> pl.DataFrame:
    """By customer: invoices and credit notes less payments = what is open; a paid invoice has nothing open."""
    invoices, payments = tables["invoices"], tables["payments"]
    owed = _total(invoices, "customer_id", "amount_total")
    paid = _total(payments, "customer_id", "amount", only=pl.col("status") == "done").with_columns(-pl.col("total"))
    rest = pl.concat([owed, paid]).group_by("customer_id").agg(pl.col("total").sum())
    by_customer = _total(invoices, "customer_id", "amount_open").rename({"total": "open"})
    wrong = by_customer.join(rest, on="customer_id", how="full", coalesce=True).filter(
        pl.col("open") != pl.col("total")
    )
    settled = invoices.filter((pl.col("payment_status") == "paid") != (pl.col("amount_open") == 0))
    return pl.concat([wrong.select("customer_id"), settled.select("customer_id")])


def bills_are_received_goods_at_their_price(tables: Tables) -> pl.DataFrame:
    """By purchase line: billed is not more than received, and equals the billed quantity of the line."""
    billed = _total(tables["supplier_bill_lines"], "purchase_order_line_id", "quantity")
    lines = tables["purchase_order_lines"]
    wrong = _differs(lines, "purchase_order_line_id", "invoiced_quantity", billed, "purchase_order_line_id")
    more = lines.filter(pl.col("invoiced_quantity") > pl.col("received_quantity"))
    return pl.concat([wrong.select("purchase_order_line_id"), more.select("purchase_order_line_id")])


def sales_status_agrees_with_quantities(tables: Tables) -> pl.DataFrame:
    """Done is all delivered (returns apart), confirmed is not; of all others nothing was delivered."""
    back = _total(tables["returns"], "sales_order_line_id", "quantity")
    lines = tables["sales_order_lines"].join(back, on="sales_order_line_id", how="left", validate="1:1")
    gross = pl.col("delivered_quantity") + pl.col("total").fill_null(Decimal(0))
    sums = lines.group_by("sales_order_id").agg(all_out=(gross == pl.col("quantity")).all(), none=(gross == 0).all())
    orders = tables["sales_orders"].join(sums, on="sales_order_id", validate="1:1")
    done, confirmed = pl.col("status") == "done", pl.col("status") == "confirmed"
    return orders.filter((done != pl.col("all_out")) | (~done & ~confirmed & ~pl.col("none")))


def purchase_status_agrees_with_quantities(tables: Tables) -> pl.DataFrame:
    """Done is all received, confirmed is not, a request has nothing received."""
    every = (pl.col("quantity") == pl.col("received_quantity")).all()
    none = (pl.col("received_quantity") == 0).all()
    sums = tables["purchase_order_lines"].group_by("purchase_order_id").agg(all_in=every, none=none)
    orders = tables["purchase_orders"].join(sums, on="purchase_order_id", validate="1:1")
    request = pl.col("status").is_in(["draft", "quoted"])
    return orders.filter(((pl.col("status") == "done") != pl.col("all_in")) | (request & ~pl.col("none")))


def work_status_agrees_with_quantities(tables: Tables) -> pl.DataFrame:
    """Done is made and has an end; all else is not made and has none."""
    orders = tables["work_orders"]
    made = (pl.col("produced_quantity") == pl.col("quantity")) & pl.col("finished_at").is_not_null()
    return orders.filter((pl.col("status") == "done") != made)


def times_are_in_order(tables: Tables) -> pl.DataFrame:
    """Ordered, then shipped, then delivered; ordered, then received; started, then finished; promised after ordered."""
    sold = tables["sales_orders"].select("sales_order_id", "ordered_at", "first_promised_on", "promised_on")
    sent = tables["shipments"].join(sold, on="sales_order_id", validate="m:1")
    bought = tables["purchase_orders"].select("purchase_order_id", "ordered_at")
    came = tables["receipts"].join(bought, on="purchase_order_id", validate="m:1")
    day = pl.col("ordered_at").dt.date()
    wrong = (
        sent.filter((pl.col("shipped_at") < pl.col("ordered_at")) | (pl.col("delivered_at") < pl.col("shipped_at"))),
        came.filter(pl.col("received_at") < pl.col("ordered_at")),
        tables["work_orders"].filter(pl.col("finished_at") <= pl.col("started_at")),
        sold.filter((pl.col("first_promised_on") <= day) | (pl.col("promised_on") < pl.col("first_promised_on"))),
    )
    return pl.concat([rows.select(pl.first().alias("key")) for rows in wrong])


HAPPENED = {
    "sales_orders": "ordered_at",
    "shipments": "shipped_at delivered_at",
    "returns": "returned_at",
    "invoices": "invoiced_on",
    "payments": "paid_on",
    "purchase_orders": "ordered_at",
    "purchase_order_lines": "received_on",
    "receipts": "received_at",
    "supplier_bills": "billed_on",
    "stock_moves": "moved_at",
    "inventory_levels": "as_of_on",
    "work_orders": "started_at finished_at",
    "work_order_operations": "started_at finished_at",
    "scrap": "scrapped_at",
    "opportunities": "created_at closed_at",
    "opportunity_stage_changes": "changed_at",
    "leads": "created_at closed_at",
    "campaign_responses": "responded_at",
    "tickets": "opened_at first_response_at closed_at",
    "interactions": "occurred_at",
    "feedback": "given_at",
    "consents": "decided_at",
    "time_entries": "worked_on ended_at",
    "absences": "ends_on",
}


def nothing_is_done_after_the_last_day(tables: Tables) -> pl.DataFrame:
    """What happened, happened until the last day; what is still to move is planned for later, or is overdue."""
    last = _last(tables)
    midnight = datetime.combine(last, time(23, 59, 59), tzinfo=UTC)
    wrong = []
    for name, columns in HAPPENED.items():
        for column in columns.split():
            end = last if tables[name].schema[column] == pl.Date else midnight
            late = tables[name].filter(pl.col(column) > end)
            wrong.append(late.select("company_id", where=pl.lit(f"{name}.{column}")))
    return pl.concat(wrong)


def _last(tables: Tables) -> date:
    last = tables["inventory_levels"]["as_of_on"].max()
    assert isinstance(last, date)
    return last


def open_work_is_still_to_come(tables: Tables) -> pl.DataFrame:
    """Open shipments leave after the last day; undelivered goods are in open shipments alone."""
    still = tables["shipments"].filter(pl.col("status") != "done")
    late = still.filter((pl.col("planned_at").dt.date() <= _last(tables)) | pl.col("shipped_at").is_not_null())
    done = tables["shipments"].filter((pl.col("status") == "done") & pl.col("shipped_at").is_null())
    return pl.concat([late, done])


def won_deals_are_orders(tables: Tables) -> pl.DataFrame:
    """A deal that was won has an order of its customer, its amount and its instant."""
    won = tables["opportunities"].filter(pl.col("status") == "won")
    orders = (
        tables["sales_orders"]
        .drop_nulls("opportunity_id")
        .select("opportunity_id", "customer_id", "amount_untaxed", "ordered_at")
    )
    both = won.join(orders, on="opportunity_id", how="full", coalesce=True, suffix="_order", validate="1:1")
    same = (
        (pl.col("customer_id") == pl.col("customer_id_order"))
        & (pl.col("expected_amount") == pl.col("amount_untaxed"))
        & (pl.col("closed_at") == pl.col("ordered_at"))
    )
    return both.filter(~same.fill_null(value=False))


def deals_walk_through_their_stages(tables: Tables) -> pl.DataFrame:
    """Changes of stage are in order, follow each other, and end in the deal's stage."""
    changes = tables["opportunity_stage_changes"].with_row_index().sort("opportunity_id", "index")
    before = pl.col("to_stage").shift(1).over("opportunity_id")
    backwards = pl.col("changed_at") < pl.col("changed_at").shift(1).over("opportunity_id")
    wrong = changes.filter(backwards.fill_null(value=False) | pl.col("from_stage").ne_missing(before))
    ends = changes.group_by("opportunity_id").agg(pl.col("to_stage").last())
    both = (
        tables["opportunities"]
        .join(ends, on="opportunity_id", validate="1:1")
        .filter(pl.col("stage") != pl.col("to_stage"))
    )
    return pl.concat([wrong.select("opportunity_id"), both.select("opportunity_id")])


def costs_are_rolled_up(tables: Tables) -> pl.DataFrame:
    """What is made costs at least what goes in."""
    costs = tables["products"].select("product_id", "cost")
    lines = tables["bom_lines"].join(costs, left_on="component_id", right_on="product_id", validate="m:1")
    below = lines.group_by("product_id").agg((pl.col("cost") * pl.col("quantity_per")).sum().alias("parts"))
    return below.join(costs, on="product_id", validate="1:1").filter(pl.col("cost") + Decimal("0.01") < pl.col("parts"))


LAWS: tuple[Callable[[Tables], pl.DataFrame], ...] = (
    levels_are_the_sum_of_done_moves,
    every_level_is_stated_on_the_last_day,
    reserved_is_what_open_orders_need_at_most,
    reserved_is_on_hand,
    levels_are_hardly_ever_negative,
    delivered_is_shipped_less_returned,
    invoiced_is_delivered,
    order_amounts_are_the_sum_of_their_lines,
    line_amounts_are_quantity_times_price,
    quantities_in_boxes_convert,
    totals_are_untaxed_and_tax,
    received_is_the_sum_of_done_receipts,
    what_was_ordered_and_not_received_is_awaited,
    what_was_ordered_and_not_shipped_is_awaited,
    work_orders_made_and_consumed_what_moved,
    every_delivery_has_a_move,
    kits_are_sold_and_never_stocked,
    open_amounts_are_what_was_not_paid,
    bills_are_received_goods_at_their_price,
    sales_status_agrees_with_quantities,
    purchase_status_agrees_with_quantities,
    work_status_agrees_with_quantities,
    times_are_in_order,
    nothing_is_done_after_the_last_day,
    open_work_is_still_to_come,
    won_deals_are_orders,
    deals_walk_through_their_stages,
    costs_are_rolled_up,
)
