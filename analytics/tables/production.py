"""Making things: work orders, their operations, and scrap."""

import dataframely as dy
import polars as pl

from analytics.tables import columns as c
from analytics.tables.record import Record
from analytics.tables.sales import ORDER_STATUS


class WorkOrders(Record):
    """One row per order to make a product."""

    work_order_id = c.key("The work order")
    number = c.name("Number that people use", nullable=True)
    product_id = c.reference("products", "What is made", nullable=False)
    bom_id = c.reference("boms", "By which bill of materials")
    site_id = c.reference("sites", "Where the product goes")
    status = c.status(ORDER_STATUS, "confirmed is to be made or being made (see started_at); quoted does not occur")
    quantity = c.quantity("To be made", signed=False)
    produced_quantity = c.quantity("Made so far", nullable=True)
    planned_start_at = c.instant("Planned start")
    due_on = c.day("Day it has to be finished")
    started_at = c.instant("Real start, where the source keeps it")
    finished_at = c.instant("Real end")
    sales_order_id = c.reference("sales_orders", "The order it is made for")
    sales_order_line_id = c.reference("sales_order_lines", "The order line it is made for")


class WorkOrderOperations(Record):
    """One row per operation of a work order."""

    work_order_operation_id = c.key("The operation of the work order")
    work_order_id = c.reference("work_orders", "Its work order", nullable=False)
    operation_id = c.reference("operations", "The operation of the routing")
    work_center_id = c.reference("work_centers", "Where it is done")
    sequence = c.count("Order within the work order", nullable=True, unit="position")
    name = c.name("Name")
    status = c.status(("planned", "ready", "started", "done", "cancelled"), "State")
    planned_minutes = c.minutes("Planned")
    actual_minutes = c.minutes("Recorded so far")
    produced_quantity = c.quantity("Made at this operation", nullable=True)
    planned_start_at = c.instant("Planned start")
    started_at = c.instant("Real start")
    finished_at = c.instant("Real end")

    @dy.rule()
    def operation_ends_after_start(cls) -> pl.Expr:
        return cls.finished_at.col >= cls.started_at.col


class Scrap(Record):
    """One row per scrapping of a product."""

    scrap_id = c.key("The scrapping")
    product_id = c.reference("products", "Product", nullable=False)
    site_id = c.reference("sites", "Where")
    work_order_id = c.reference("work_orders", "The work order it happened in")
    status = c.status(("draft", "done"), "Only done counts")
    quantity = c.quantity("Scrapped", signed=False)
    scrapped_at = c.instant("When")
    reason = c.text("Why")
