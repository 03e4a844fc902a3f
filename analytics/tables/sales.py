"""Orders of customers, from the order to the money: lines, shipments, invoices, payments, returns."""

import dataframely as dy
import polars as pl

from analytics.tables import columns as c
from analytics.tables.record import Record

ORDER_STATUS = ("draft", "quoted", "confirmed", "done", "cancelled")
MOVEMENT_STATUS = ("draft", "planned", "ready", "done", "cancelled")
INVOICE_KINDS = ("invoice", "credit_note")
INVOICE_STATUS = ("draft", "posted", "cancelled")
PAYMENT_STATUS = ("unpaid", "in_payment", "partial", "paid", "reversed")


class SalesOrders(Record):
    """One row per order or quotation of a customer."""

    sales_order_id = c.key("The order")
    number = c.name("Number that people use", nullable=True)
    customer_id = c.reference("customers", "Who orders", nullable=False)
    status = c.status(
        ORDER_STATUS,
        "draft and quoted are no orders yet; confirmed is to be delivered; done is delivered or closed; cancelled never"
        " counts",
    )
    ordered_at = c.instant("When it was ordered: the confirmation, where the source keeps it", nullable=False)
    requested_on = c.day("Day the customer asked for")
    first_promised_on = c.day(
        "The first day that was promised; frozen. Null where it was promised before the first load and the source does"
        " not keep it"
    )
    promised_on = c.day("The day promised now")
    site_id = c.reference("sites", "The site it is delivered from")
    currency = c.currency()
    amount_untaxed = c.amount("Sum of the lines without tax", nullable=True)
    amount_tax = c.amount("Tax", nullable=True)
    amount_total = c.amount("Sum with tax", nullable=True)
    company_rate = c.positive(
        "Units of the order's currency for one of the company's at the order's date",
        nullable=True,
        unit="currency per company currency",
    )
    salesperson_id = c.reference("employees", "Salesperson")
    opportunity_id = c.reference("opportunities", "The deal it came from")
    campaign_id = c.reference("campaigns", "The campaign it came from")
    customer_reference = c.name("The customer's own number for the order", nullable=True)


class SalesOrderLines(Record):
    """One row per product or service line of an order; headings, notes and down payments are no lines."""

    sales_order_line_id = c.key("The line")
    sales_order_id = c.reference("sales_orders", "Its order", nullable=False)
    line_number = c.count("Position in the order", nullable=True, unit="position")
    product_id = c.reference("products", "Product; null for a line of text with a price")
    description = c.text("Text of the line")
    quantity = c.quantity("Ordered")
    delivered_quantity = c.quantity(
        "Delivered so far, net of returns; null where the source does not say", nullable=True
    )
    invoiced_quantity = c.quantity("Invoiced so far", nullable=True)
    source_quantity = c.quantity("Ordered, in the unit of the order", nullable=True, unit="source_unit")
    source_unit = c.name("Unit of the order", nullable=True)
    unit_price = c.price("Price of one source_unit before discount", nullable=True)
    discount = c.share("Discount on the price")
    amount_untaxed = c.amount("Amount of the line without tax, after discount", nullable=True)
    currency = c.currency(nullable=True)
    requested_on = c.day("Day the customer asked for")
    first_promised_on = c.day("The first day that was promised for the line; frozen")
    promised_on = c.day("The day promised now")


class Shipments(Record):
    """One row per delivery to a customer, done or still to do."""

    shipment_id = c.key("The shipment")
    number = c.name("Number that people use", nullable=True)
    sales_order_id = c.reference("sales_orders", "The order it serves")
    customer_id = c.reference("customers", "Who receives it")
    site_id = c.reference("sites", "Where it leaves")
    carrier_id = c.reference("carriers", "Carrier")
    status = c.status(MOVEMENT_STATUS, "ready: goods are reserved; done: it has left")
    planned_at = c.instant("When it is planned to leave")
    due_at = c.instant("When it has to leave to keep the promise")
    shipped_at = c.instant("When it left")
    delivered_at = c.instant("When it arrived, where the source knows")
    backorder_of_id = c.reference("shipments", "The shipment whose rest it is")
    tracking_number = c.name("Tracking number", nullable=True)

    @dy.rule()
    def delivered_after_shipped(cls) -> pl.Expr:
        return cls.delivered_at.col >= cls.shipped_at.col


class ShipmentLines(Record):
    """One row per product movement of a shipment."""

    shipment_line_id = c.key("The line")
    shipment_id = c.reference("shipments", "Its shipment", nullable=False)
    sales_order_line_id = c.reference("sales_order_lines", "The order line it serves")
    product_id = c.reference("products", "Product", nullable=False)
    quantity = c.quantity("To be shipped")
    shipped_quantity = c.quantity("Shipped")
    status = c.status(MOVEMENT_STATUS, "State of this line")


class Invoices(Record):
    """One row per invoice to a customer, or credit note."""

    invoice_id = c.key("The invoice")
    number = c.name("Number", nullable=True)
    kind = c.status(INVOICE_KINDS, "A credit note has negative amounts")
    customer_id = c.reference("customers", "Customer")
    sales_order_id = c.reference("sales_orders", "The order, where there is just one")
    status = c.status(INVOICE_STATUS, "Only posted invoices count")
    payment_status = c.status(PAYMENT_STATUS, "How far it is paid", nullable=True)
    invoiced_on = c.day("Date of the invoice")
    due_on = c.day("When it is due")
    currency = c.currency()
    amount_untaxed = c.amount("Without tax; negative for a credit note")
    amount_tax = c.amount("Tax", nullable=True)
    amount_total = c.amount("With tax", nullable=True)
    amount_open = c.amount("Still to be paid", nullable=True)


class InvoiceLines(Record):
    """One row per product line of an invoice."""

    invoice_line_id = c.key("The line")
    invoice_id = c.reference("invoices", "Its invoice", nullable=False)
    sales_order_line_id = c.reference("sales_order_lines", "The order line, where there is just one")
    product_id = c.reference("products", "Product")
    description = c.text("Text of the line")
    quantity = c.quantity("Invoiced; negative on a credit note", nullable=True)
    unit_price = c.price("Price of one unit")
    amount_untaxed = c.amount("Amount of the line; negative on a credit note")
    cost_amount = c.amount(
        "What the goods of the line cost the firm when they were invoiced; negative on a credit note. Null where the"
        " source does not say",
        nullable=True,
        needs="margins",
    )
    currency = c.currency()


class Payments(Record):
    """One row per payment from a customer or to a supplier."""

    payment_id = c.key("The payment")
    direction = c.status(("in", "out"), "in: from a customer; out: to a supplier")
    customer_id = c.reference("customers", "Who paid")
    supplier_id = c.reference("suppliers", "Who was paid")
    invoice_id = c.reference("invoices", "The invoice, where there is just one")
    paid_on = c.day("Day of payment", nullable=False)
    amount = c.amount("Amount, never negative")
    currency = c.currency()
    status = c.status(("draft", "done", "cancelled"), "Only done payments count")


class Returns(Record):
    """One row per product that came back."""

    return_id = c.key("The return")
    sales_order_id = c.reference("sales_orders", "The order")
    sales_order_line_id = c.reference("sales_order_lines", "The order line")
    customer_id = c.reference("customers", "Who sent it back")
    product_id = c.reference("products", "Product", nullable=False)
    site_id = c.reference("sites", "Where it arrived")
    quantity = c.quantity("Returned", signed=False)
    returned_at = c.instant("When")
    reason = c.text("Why, in the customer's or our words")
