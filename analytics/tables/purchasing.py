"""Orders at suppliers, receipts, and what suppliers offer."""

import dataframely as dy
import polars as pl

from analytics.tables import columns as c
from analytics.tables.record import Record
from analytics.tables.sales import MOVEMENT_STATUS, ORDER_STATUS


class PurchaseOrders(Record):
    """One row per order or request at a supplier."""

    purchase_order_id = c.key("The order")
    number = c.name("Number that people use", nullable=True)
    supplier_id = c.reference("suppliers", "Supplier", nullable=False)
    status = c.status(
        ORDER_STATUS, "draft and quoted are no orders yet; confirmed is to be received; done is received or closed"
    )
    ordered_at = c.instant("When it was approved; when it was entered while it is still a request")
    due_on = c.day("Day the whole order is expected")
    site_id = c.reference("sites", "Where it is received")
    currency = c.currency()
    amount_untaxed = c.amount("Sum of the lines without tax", nullable=True, needs="costs")
    buyer_id = c.reference("employees", "Buyer")
    supplier_reference = c.name("The supplier's number for it", nullable=True)


class PurchaseOrderLines(Record):
    """One row per product line of a purchase order."""

    purchase_order_line_id = c.key("The line")
    purchase_order_id = c.reference("purchase_orders", "Its order", nullable=False)
    line_number = c.count("Position in the order", nullable=True, unit="position")
    product_id = c.reference("products", "Product")
    description = c.text("Text of the line")
    quantity = c.quantity("Ordered")
    received_quantity = c.quantity("Received so far", nullable=True)
    invoiced_quantity = c.quantity("Billed so far", nullable=True)
    source_quantity = c.quantity("Ordered, in the unit of the order", nullable=True, unit="source_unit")
    source_unit = c.name("Unit of the order", nullable=True)
    unit_price = c.price("Price of one source_unit before discount", needs="costs")
    discount = c.share("Discount on the price")
    amount_untaxed = c.amount("Amount of the line without tax", nullable=True, needs="costs")
    currency = c.currency(nullable=True)
    due_on = c.day("Day it is expected")
    first_due_on = c.day(
        "The first day that was expected; frozen. Null where it was set before the first load and the source does not"
        " keep it"
    )
    received_on = c.day("Day it was received, where the source keeps one for the line")


class Receipts(Record):
    """One row per delivery from a supplier, done or still to come."""

    receipt_id = c.key("The receipt")
    number = c.name("Number that people use", nullable=True)
    purchase_order_id = c.reference("purchase_orders", "The order it fulfils")
    supplier_id = c.reference("suppliers", "Supplier")
    site_id = c.reference("sites", "Where it arrives")
    status = c.status(MOVEMENT_STATUS, "done: it has arrived")
    planned_at = c.instant("When it is planned to arrive")
    due_at = c.instant("When it was due")
    received_at = c.instant("When it arrived")
    backorder_of_id = c.reference("receipts", "The receipt whose rest it is")


class ReceiptLines(Record):
    """One row per product movement of a receipt."""

    receipt_line_id = c.key("The line")
    receipt_id = c.reference("receipts", "Its receipt", nullable=False)
    purchase_order_line_id = c.reference("purchase_order_lines", "The order line it fulfils")
    product_id = c.reference("products", "Product", nullable=False)
    quantity = c.quantity("Expected")
    received_quantity = c.quantity("Received")
    status = c.status(MOVEMENT_STATUS, "State of this line")


class SupplierProducts(Record):
    """One row per offer of a supplier for a product: lead time, price, minimum."""

    supplier_product_id = c.key("The offer")
    supplier_id = c.reference("suppliers", "Supplier", nullable=False)
    product_id = c.reference("products", "Product; null when it holds for every variant of product_group_id")
    product_group_id = c.loose_key("The group of variants it holds for")
    supplier_sku = c.name("The supplier's number of the product", nullable=True)
    lead_time_days = c.days("Days from order to receipt, as stated by the supplier")
    price = c.price("Price of one unit of purchase", needs="costs")
    currency = c.currency(nullable=True)
    minimum_quantity = c.quantity(
        "Smallest order for this price", nullable=True, unit="units of purchase", signed=False
    )
    multiple_quantity = c.quantity("Orders are multiples of it", nullable=True, unit="units of purchase", signed=False)
    priority = c.count("Order of preference, the lowest first", nullable=True, unit="position")
    valid_from_on = c.day("First day it holds")
    valid_to_on = c.day("Last day it holds")

    @dy.rule()
    def offer_ends_after_start(cls) -> pl.Expr:
        return cls.valid_to_on.col >= cls.valid_from_on.col
