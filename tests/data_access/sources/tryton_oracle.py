"""What Tryton's own tables say, in SQL that shares nothing with the mappings, beside the same from unified tables."""

from collections.abc import Callable
from decimal import Decimal

import polars as pl
import psycopg

from tests.data_access.sources.loaded import Loaded
from tests.servers import driverless

Rows = list[tuple[object, ...]]


def _own(column: str) -> pl.Expr:
    """Tryton's id within a unified key."""
    return pl.col(column).str.strip_prefix("tryton:").cast(pl.Int64, strict=False)


def _word(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String)


def _counted(table: str, by: list[pl.Expr], *sums: str) -> Callable[[Loaded], pl.DataFrame]:
    def counted(unified: Loaded) -> pl.DataFrame:
        return unified[table].group_by(by).agg(pl.len(), *(pl.col(name).sum() for name in sums))

    return counted


def _lines_of_kept_orders(unified: Loaded) -> pl.DataFrame:
    lines = unified["sales_order_lines"].join(
        unified["sales_orders"].filter(pl.col("amount_tax").is_not_null()), on="sales_order_id", how="semi"
    )
    return lines.group_by(_own("sales_order_id")).agg(pl.col("amount_untaxed").sum())


def _delivered(unified: Loaded) -> pl.DataFrame:
    lines = unified["sales_order_lines"].filter(pl.col("delivered_quantity") != 0)
    return lines.select(_own("sales_order_line_id"), "delivered_quantity")


def _received(unified: Loaded) -> pl.DataFrame:
    lines = unified["purchase_order_lines"].filter(pl.col("received_quantity") != 0)
    return lines.select(_own("purchase_order_line_id"), "received_quantity", "first_due_on", "received_on")


def _on_hand(unified: Loaded) -> pl.DataFrame:
    summed = unified["inventory_levels"].group_by(_own("product_id"), _own("site_id"))
    return summed.agg(pl.col("on_hand", "reserved").sum()).filter((pl.col("on_hand") != 0) | (pl.col("reserved") != 0))


def _moved(unified: Loaded) -> pl.DataFrame:
    """What every done movement did to every place of ours."""
    done = unified["stock_moves"].filter(pl.col("status") == "done")
    out = done.select("product_id", site="from_site_id", quantity=-pl.col("quantity"))
    into = done.select("product_id", site="to_site_id", quantity="quantity")
    both = pl.concat([out, into]).drop_nulls("site")
    return both.group_by(_own("product_id"), _own("site")).agg(pl.col("quantity").sum()).filter(pl.col("quantity") != 0)


def _components(unified: Loaded) -> pl.DataFrame:
    return unified["bom_lines"].select(_own("bom_id"), _own("component_id"), "quantity_per")


def _offers(unified: Loaded) -> pl.DataFrame:
    offers = unified["supplier_products"].with_columns(days=pl.col("lead_time_days").cast(pl.Decimal(20, 6)))
    return offers.select(_own("supplier_id"), _own("product_id"), "days", "price", "currency")


def _products(unified: Loaded) -> pl.DataFrame:
    return unified["products"].select(_own("product_id"), "sku", "cost", "list_price", "unit")


def _owed(unified: Loaded) -> pl.DataFrame:
    bills = unified["invoices"].filter(pl.col("amount_open") != 0)
    return bills.group_by(_own("customer_id")).agg(pl.col("amount_open").sum())


def _changes(unified: Loaded) -> pl.DataFrame:
    return unified["opportunity_stage_changes"].group_by("from_stage", "to_stage").agg(pl.len())


STATE = "case {0} when 'quotation' then 'quoted' when 'processing' then 'confirmed' else {0} end"
BILL_STATE = "case i.state when 'validated' then 'draft' when 'paid' then 'posted' else i.state end"
IN_BASE = "({0} * case when mine.id = its.id then 1 else its.rate / mine.rate end)::numeric"
ON_HAND = """
    select product, place, sum(held), sum(kept) from (
        select product, to_location as place, internal_quantity::numeric as held, 0 as kept
        from stock_move where state = 'done'
        union all
        select product, from_location, -internal_quantity::numeric, 0 from stock_move where state = 'done'
        union all
        select product, from_location, 0, internal_quantity::numeric from stock_move where state = 'assigned') moved
    join stock_location l on l.id = place and l.type = 'storage'
    group by 1, 2 having sum(held) <> 0 or sum(kept) <> 0"""
ORACLES: dict[str, tuple[str, Callable[[Loaded], pl.DataFrame]]] = {
    "products with code, cost, list price and unit": (
        """select p.id, p.code, c.cost_price, l.list_price, u.name from product_product p
           join product_template t on t.id = p.template join product_uom u on u.id = t.default_uom
           left join product_cost_price c on c.product = p.id left join product_list_price l on l.template = t.id""",
        _products,
    ),
    "orders and their untaxed amount by state, company and currency": (
        f"""select {STATE.format("s.state")}, s.company::bigint, c.code, count(*), sum(coalesce(
                s.untaxed_amount_cache,
                (select sum(round(l.quantity::numeric * l.unit_price, 2)) from sale_line l where l.sale = s.id)))
            from sale_sale s join currency_currency c on c.id = s.currency group by 1, 2, 3""",
        _counted("sales_orders", [_word("status"), _own("company_id"), pl.col("currency")], "amount_untaxed"),
    ),
    "the sum that Tryton keeps of an order is that of its lines": (
        "select id::bigint, untaxed_amount_cache from sale_sale where untaxed_amount_cache is not null",
        _lines_of_kept_orders,
    ),
    "what was delivered for each line, returns subtracted": (
        """select split_part(m.origin, ',', 2)::bigint, sum(
               case when g.type = 'customer' then m.internal_quantity else -m.internal_quantity end)::numeric
           from stock_move m join stock_location g on g.id = m.to_location
           where m.origin like 'sale.line,%' and m.state = 'done' group by 1""",
        _delivered,
    ),
    "what was received for each line, and when": (
        """select split_part(m.origin, ',', 2)::bigint, sum(m.internal_quantity)::numeric,
               max(m.origin_planned_date), max(m.effective_date)
           from stock_move m where m.origin like 'purchase.line,%' and m.state = 'done' group by 1""",
        _received,
    ),
    "purchases by state and currency": (
        f"""select {STATE.format("o.state")}, c.code, count(*), sum(
                (select sum(round(l.quantity::numeric * l.unit_price, 2)) from purchase_line l where l.purchase = o.id))
            from purchase_purchase o join currency_currency c on c.id = o.currency group by 1, 2""",
        _counted("purchase_orders", [_word("status"), pl.col("currency")], "amount_untaxed"),
    ),
    "stock by product and location, what is reserved apart": (ON_HAND, _on_hand),
    "stock that done movements brought to each location": (
        f"select product, place, sum from ({ON_HAND.replace('sum(kept)', '0')}) told where sum <> 0",
        _moved,
    ),
    "shipments by state and customer": (
        """select case state when 'waiting' then 'planned' when 'packed' then 'ready' else state end,
               customer::bigint, count(*) from stock_shipment_out group by 1, 2""",
        _counted("shipments", [_word("status"), _own("customer_id")]),
    ),
    "what each shipment brings to its customer": (
        """select split_part(m.shipment, ',', 2)::bigint, count(*), sum(m.internal_quantity)::numeric,
               sum(case when m.state = 'done' then m.internal_quantity else 0 end)::numeric
           from stock_move m join stock_location g on g.id = m.to_location and g.type = 'customer'
           where m.shipment like 'stock.shipment.out,%' group by 1""",
        _counted("shipment_lines", [_own("shipment_id")], "quantity", "shipped_quantity"),
    ),
    "what came back by product": (
        """select m.product::bigint, count(*), sum(m.internal_quantity)::numeric
           from stock_move m join stock_location f on f.id = m.from_location and f.type = 'customer'
           where m.state = 'done' group by 1""",
        _counted("returns", [_own("product_id")], "quantity"),
    ),
    "posted invoices and drafts by currency": (
        f"""select {BILL_STATE}, c.code, count(*), sum(coalesce(i.untaxed_amount_cache,
                (select sum(round(l.quantity::numeric * l.unit_price, 2)) from account_invoice_line l
                 where l.invoice = i.id)))
            from account_invoice i join currency_currency c on c.id = i.currency where i.type = 'out' group by 1, 2""",
        _counted("invoices", [_word("status"), pl.col("currency")], "amount_untaxed"),
    ),
    "bills of suppliers by state": (
        f"""select {BILL_STATE}, count(*), sum(coalesce(i.total_amount_cache,
                (select sum(round(l.quantity::numeric * l.unit_price, 2)) from account_invoice_line l
                 where l.invoice = i.id)))
            from account_invoice i where i.type = 'in' group by 1""",
        _counted("supplier_bills", [_word("status")], "amount_total"),
    ),
    "what each customer owes, as the ledger has it": (
        """select l.party::bigint, sum(l.debit - l.credit) from account_move_line l
           join account_account a on a.id = l.account join account_account_type t on t.id = a.type and t.receivable
           where l.reconciliation is null group by 1 having sum(l.debit - l.credit) <> 0""",
        _owed,
    ),
    "the ledger by account": (
        "select account::bigint, count(*), sum(debit), sum(credit) from account_move_line group by 1",
        _counted("ledger_entries", [_own("ledger_account_id")], "debit", "credit"),
    ),
    "manufacturing orders by state and product": (
        """select case state when 'assigned' then 'confirmed' else state end, product::bigint, count(*),
               sum(quantity)::numeric from production group by 1, 2""",
        _counted("work_orders", [_word("status"), _own("product_id")], "quantity"),
    ),
    "components for one unit of each product": (
        f"""select i.bom::bigint, i.product::bigint,
                round({IN_BASE.format("i.quantity")} / o.quantity::numeric, 6)
            from production_bom_input i join production_bom_output o on o.bom = i.bom
            join product_product p on p.id = i.product join product_template t on t.id = p.template
            join product_uom mine on mine.id = i.unit join product_uom its on its.id = t.default_uom""",
        _components,
    ),
    "offers of suppliers with days and price": (
        """select s.party::bigint, s.product::bigint, round(extract(epoch from s.lead_time)::numeric / 86400, 6),
               r.unit_price, c.code
           from purchase_product_supplier s join currency_currency c on c.id = s.currency
           left join purchase_product_supplier_price r on r.product_supplier = s.id""",
        _offers,
    ),
    "deals by stage": (
        "select state, count(*), sum(amount) from sale_opportunity group by 1",
        _counted("opportunities", [pl.col("stage")], "expected_amount"),
    ),
    "steps of deals": (
        """select before, state, count(*) from (
               select state, lag(state) over (partition by id order by __id) as before
               from sale_opportunity__history) steps where before <> state group by 1, 2""",
        _changes,
    ),
    "reorder rules": (
        """select product::bigint, count(*), sum(min_quantity)::numeric, sum(target_quantity)::numeric
           from stock_order_point group by 1""",
        _counted("reorder_rules", [_own("product_id")], "minimum_quantity", "maximum_quantity"),
    ),
}


def told_by_tryton(url: str, name: str) -> Rows:
    """The rows of an oracle's SQL, sorted."""
    with psycopg.connect(driverless(url)) as connection:
        return _sorted(connection.execute(ORACLES[name][0].encode()).fetchall())


def told_by_tandem(unified: Loaded, name: str) -> Rows:
    """The same from unified tables."""
    return _sorted(ORACLES[name][1](unified).rows())


def _sorted(rows: Rows) -> Rows:
    plain = [tuple(value.normalize() + 0 if isinstance(value, Decimal) else value for value in row) for row in rows]
    return sorted(plain, key=repr)
