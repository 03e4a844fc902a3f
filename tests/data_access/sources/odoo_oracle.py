"""What Odoo's own tables say, in SQL that shares nothing with the mappings, beside the same from unified tables."""

from collections.abc import Callable
from decimal import Decimal

import polars as pl
import psycopg

from tests.data_access.sources.loaded import Loaded
from tests.servers import driverless

Rows = list[tuple[object, ...]]


def _own(column: str) -> pl.Expr:
    """Odoo's id within a unified key."""
    return pl.col(column).str.strip_prefix("odoo:").cast(pl.Int64, strict=False)


def _counted(frame: pl.DataFrame, by: list[pl.Expr], *sums: str) -> pl.DataFrame:
    return frame.group_by(by).agg(pl.len(), *(pl.col(name).sum() for name in sums))


def _products(unified: Loaded) -> pl.DataFrame:
    return _counted(unified["products"], [_own("product_group_id"), pl.col("is_active")])


def _orders(unified: Loaded) -> pl.DataFrame:
    by = [pl.col("status").cast(pl.String), _own("company_id"), pl.col("currency")]
    return _counted(unified["sales_orders"], by, "amount_untaxed")


def _lines(unified: Loaded) -> pl.DataFrame:
    lines = unified["sales_order_lines"]
    return _counted(lines, [_own("sales_order_id")], "amount_untaxed", "quantity", "source_quantity")


def _on_hand(unified: Loaded) -> pl.DataFrame:
    levels = unified["inventory_levels"]
    summed = levels.group_by(_own("product_id"), _own("site_id")).agg(pl.col("on_hand", "reserved").sum())
    return summed.select("product_id", "site_id", "on_hand", "reserved")


def _open(lines: str, parents: str, key: str) -> Callable[[Loaded], pl.DataFrame]:
    def still_open(unified: Loaded) -> pl.DataFrame:
        waiting = unified[lines].filter(pl.col("status").is_in(["planned", "ready"]))
        known = waiting.join(unified[parents].select(key), on=key, how="semi")
        return _counted(known, [_own(key), _own("product_id")], "quantity")

    return still_open


def _purchases(unified: Loaded) -> pl.DataFrame:
    lines = unified["purchase_order_lines"].join(
        unified["purchase_orders"].select("purchase_order_id", order_status=pl.col("status").cast(pl.String)),
        on="purchase_order_id",
        validate="m:1",
    )
    return _counted(lines, [pl.col("order_status")], "quantity", "amount_untaxed")


def _work_orders(unified: Loaded) -> pl.DataFrame:
    return _counted(unified["work_orders"], [pl.col("status").cast(pl.String), _own("product_id")], "quantity")


def _bom_lines(unified: Loaded) -> pl.DataFrame:
    return unified["bom_lines"].select(_own("bom_id"), _own("component_id"), "quantity_per")


def _opportunities(unified: Loaded) -> pl.DataFrame:
    by = [pl.col("status").cast(pl.String), pl.col("stage")]
    return _counted(unified["opportunities"], by, "expected_amount")


def _moves(unified: Loaded) -> pl.DataFrame:
    """What every done movement did to every place of ours."""
    done = unified["stock_moves"].filter(pl.col("status") == "done")
    out = done.select("product_id", site="from_site_id", quantity=-pl.col("quantity"))
    into = done.select("product_id", site="to_site_id", quantity="quantity")
    both = pl.concat([out, into]).drop_nulls("site")
    summed = both.group_by(_own("product_id"), _own("site")).agg(pl.col("quantity").sum())
    return summed.filter(pl.col("quantity") != 0)


def _bills(unified: Loaded) -> pl.DataFrame:
    by = [pl.col("status").cast(pl.String), pl.col("kind").cast(pl.String), pl.col("currency")]
    return _counted(unified["supplier_bills"], by, "amount_untaxed", "amount_total")


def _invoices(unified: Loaded) -> pl.DataFrame:
    by = [pl.col("status").cast(pl.String), pl.col("kind").cast(pl.String), pl.col("currency")]
    return _counted(unified["invoices"], by, "amount_untaxed", "amount_total")


def _ledger(unified: Loaded) -> pl.DataFrame:
    return _counted(unified["ledger_entries"], [_own("ledger_account_id")], "debit", "credit")


ORDER_STATE = (
    "case {0} when 'sent' then 'quoted' when 'sale' then 'confirmed' when 'cancel' then 'cancelled' else {0} end"
)
BASE = """
    join product_product p on p.id = {0}.product_id join product_template pt on pt.id = p.product_tmpl_id
    join uom_uom mine on mine.id = {0}.{1} join uom_uom its on its.id = pt.uom_id
"""
TRANSFER = """
    from stock_move m join stock_picking s on s.id = m.picking_id join stock_picking_type k on k.id = s.picking_type_id
"""
MOVED = "stock that done movement lines brought to each location"

ORACLES: dict[str, tuple[str, Callable[[Loaded], pl.DataFrame]]] = {
    "products, archived ones apart": (
        (
            "select product_tmpl_id, p.active and t.active, count(*) from product_product p"
            " join product_template t on t.id = p.product_tmpl_id group by 1, 2"
        ),
        _products,
    ),
    "orders and their untaxed amount by state, company and currency": (
        (
            f"select {ORDER_STATE.format('state')}, company_id, c.name, count(*), sum(amount_untaxed)"
            " from sale_order o join res_currency c on c.id = o.currency_id group by 1, 2, 3"
        ),
        _orders,
    ),
    "order lines without headings, notes and down payments, in the product's unit": (
        (
            "select order_id, count(*), sum(price_subtotal), sum(round(product_uom_qty / mine.factor * its.factor, 6)),"
            " sum(product_uom_qty) from sale_order_line l"
            f" {BASE.format('l', 'product_uom')}"
            " where l.display_type is null and not coalesce(l.is_downpayment, false) group by 1"
        ),
        _lines,
    ),
    "on hand and reserved by product and internal location": (
        (
            "select product_id, location_id, sum(coalesce(quantity, 0)), sum(coalesce(reserved_quantity, 0))"
            " from stock_quant where location_id in (select id from stock_location where usage = 'internal')"
            " group by 1, 2"
        ),
        _on_hand,
    ),
    "open deliveries by transfer and product": (
        (
            f"select m.picking_id, m.product_id, count(*), sum(m.product_qty) {TRANSFER}"
            " where k.code = 'outgoing' and m.state not in ('draft', 'done', 'cancel')"
            " and s.location_dest_id in (select id from stock_location where usage = 'customer'"
            " or usage = 'transit' and company_id is null) group by 1, 2"
        ),
        _open("shipment_lines", "shipments", "shipment_id"),
    ),
    "open receipts by transfer and product": (
        (
            f"select m.picking_id, m.product_id, count(*), sum(m.product_qty) {TRANSFER}"
            " where k.code = 'incoming' and m.state not in ('draft', 'done', 'cancel')"
            " and s.location_id in (select id from stock_location where usage = 'supplier') group by 1, 2"
        ),
        _open("receipt_lines", "receipts", "receipt_id"),
    ),
    "purchase lines by state of the order": (
        (
            "select case o.state when 'sent' then 'quoted' when 'to approve' then 'quoted'"
            " when 'purchase' then 'confirmed'"
            " when 'cancel' then 'cancelled' else o.state end, count(*),"
            " sum(round(l.product_qty / mine.factor * its.factor, 6)), sum(price_subtotal)"
            f" from purchase_order_line l join purchase_order o on o.id = l.order_id {BASE.format('l', 'product_uom')}"
            " where l.display_type is null and not coalesce(l.is_downpayment, false) group by 1"
        ),
        _purchases,
    ),
    "manufacturing orders by state and product": (
        (
            "select case o.state when 'progress' then 'confirmed' when 'to_close' then 'confirmed'"
            " when 'cancel' then 'cancelled' else o.state end, o.product_id, count(*),"
            " sum(round(o.product_qty / mine.factor * its.factor, 6))"
            f" from mrp_production o {BASE.format('o', 'product_uom_id')} group by 1, 2"
        ),
        _work_orders,
    ),
    "components by bill of materials, for one unit of the product": (
        (
            "select b.id, l.product_id, round((l.product_qty / mine.factor * its.factor)"
            " / (b.product_qty / bu.factor * mu.factor), 6)"
            f" from mrp_bom_line l join mrp_bom b on b.id = l.bom_id {BASE.format('l', 'product_uom_id')}"
            " join uom_uom bu on bu.id = b.product_uom_id join product_template mt on mt.id = b.product_tmpl_id"
            " join uom_uom mu on mu.id = mt.uom_id"
        ),
        _bom_lines,
    ),
    "opportunities and expected revenue by status and stage": (
        (
            "select case when not l.active and l.probability = 0 then 'lost' when s.is_won then 'won' else 'open' end,"
            " s.name ->> 'en_US', count(*), coalesce(sum(expected_revenue), 0)"
            " from crm_lead l join crm_stage s on s.id = l.stage_id where l.type = 'opportunity' group by 1, 2"
        ),
        _opportunities,
    ),
    MOVED: (
        (
            "select product_id, location_id, sum(quantity) from ("
            " select product_id, location_dest_id as location_id, quantity_product_uom as quantity"
            " from stock_move_line where state = 'done'"
            " union all select product_id, location_id, -quantity_product_uom"
            " from stock_move_line where state = 'done') b"
            " where location_id in (select id from stock_location where usage in ('internal', 'transit'))"
            " group by 1, 2 having sum(quantity) <> 0"
        ),
        _moves,
    ),
    "invoices and refunds by state and currency": (
        (
            "select case state when 'cancel' then 'cancelled' else state end,"
            " case move_type when 'out_refund' then 'credit_note' else 'invoice' end, c.name, count(*),"
            " sum(amount_untaxed * case move_type when 'out_refund' then -1 else 1 end),"
            " sum(amount_total * case move_type when 'out_refund' then -1 else 1 end)"
            " from account_move m join res_currency c on c.id = m.currency_id"
            " where move_type like 'out%' group by 1, 2, 3"
        ),
        _invoices,
    ),
    "bills and refunds of suppliers by state and currency": (
        (
            "select case state when 'cancel' then 'cancelled' else state end,"
            " case move_type when 'in_refund' then 'credit_note' else 'invoice' end, c.name, count(*),"
            " sum(amount_untaxed * case move_type when 'in_refund' then -1 else 1 end),"
            " sum(amount_total * case move_type when 'in_refund' then -1 else 1 end)"
            " from account_move m join res_currency c on c.id = m.currency_id"
            " where move_type like 'in%' group by 1, 2, 3"
        ),
        _bills,
    ),
    "debit and credit by account": (
        (
            "select account_id, count(*), coalesce(sum(debit), 0), coalesce(sum(credit), 0) from account_move_line"
            " where account_id is not null group by 1"
        ),
        _ledger,
    ),
}


def told_by_odoo(url: str, name: str) -> Rows:
    """The rows of Odoo's own answer, sorted."""
    with psycopg.connect(driverless(url)) as connection:
        return _sorted(connection.execute(ORACLES[name][0].encode()).fetchall())


def told_by_tandem(unified: Loaded, name: str) -> Rows:
    """The same from the unified tables."""
    return _sorted(ORACLES[name][1](unified).rows())


def _sorted(rows: Rows) -> Rows:
    return sorted((tuple(_comparable(value) for value in row) for row in rows), key=repr)


def _comparable(value: object) -> object:
    return (
        Decimal(str(value)).normalize() + 0
        if isinstance(value, Decimal | float | int) and not isinstance(value, bool)
        else value
    )
