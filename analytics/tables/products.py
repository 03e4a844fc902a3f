"""Products, their categories and costs, how they are built and where."""

import dataframely as dy
import polars as pl

from analytics.tables import columns as c
from analytics.tables.record import Record

PRODUCT_KINDS = ("storable", "consumable", "service", "kit")
BOM_KINDS = ("make", "kit", "subcontract")


class ProductCategories(Record):
    """One row per product category."""

    category_id = c.key("The category")
    name = c.name("Name")
    path = c.name("Name with those of the categories above, joined by ' / '", nullable=True)
    parent_category_id = c.reference("product_categories", "The category above")


class Products(Record):
    """One row per product that is stocked, sold, bought or made: the variant, where a source has variants."""

    product_id = c.key("The product")
    sku = c.name("The firm's own number", nullable=True)
    barcode = c.name("Barcode, GTIN where it is one", nullable=True)
    name = c.name("Name")
    name_zh = c.name("Name in Chinese, where the source has one", nullable=True)
    product_group_id = c.loose_key("What a product and its variants share: the template")
    category_id = c.reference("product_categories", "Category")
    kind = c.status(
        PRODUCT_KINDS,
        "storable is counted in stock; consumable is delivered and not counted; service is neither; a kit is sold and"
        " never stocked",
    )
    unit = c.name("Name of the base unit: every quantity of this product is in it", nullable=True)
    cost = c.price("Cost of one base unit", needs="costs")
    list_price = c.price("List price of one base unit")
    currency = c.currency("Currency of cost and list price", nullable=True)
    lead_time_days = c.days("Usual days from our order to stock, where the source states one for the product")
    is_sold = c.flag("May be sold", nullable=True)
    is_purchased = c.flag("May be bought", nullable=True)
    weight = c.quantity("Weight of one base unit", nullable=True, unit="kg", signed=False)
    volume = c.quantity("Volume of one base unit", nullable=True, unit="m3", signed=False)
    created_on = c.day("Day it was created in the source")
    is_active = c.flag("False when archived or gone at the source")


class ProductCosts(Record):
    """One row per product and company: what one base unit costs there."""

    product_cost_id = c.key("The cost")
    product_id = c.reference("products", "Product", nullable=False)
    cost = c.price("Cost of one base unit", nullable=False, needs="costs")
    currency = c.currency("Currency of the company", nullable=True)


class Boms(Record):
    """One row per bill of materials."""

    bom_id = c.key("The bill of materials")
    code = c.name("Code or name", nullable=True)
    product_id = c.reference("products", "What it makes; null when it holds for every variant of product_group_id")
    product_group_id = c.loose_key("The group of variants it makes")
    kind = c.status(
        BOM_KINDS,
        "make: produced by a work order; kit: taken apart when sold, never produced; subcontract: made by a supplier",
    )
    quantity = c.positive("Base units that one run of the bill makes", unit="the product's base unit")
    lead_time_days = c.days("Days to make it")
    valid_from_on = c.day("First day it holds")
    valid_to_on = c.day("Last day it holds")
    is_active = c.flag("False when archived")


class BomLines(Record):
    """One row per component of a bill of materials."""

    bom_line_id = c.key("The line")
    bom_id = c.reference("boms", "Its bill of materials", nullable=False)
    product_id = c.reference("products", "What is made; null when the bill holds for every variant of a group")
    component_id = c.reference("products", "The product that goes in", nullable=False)
    quantity_per = c.quantity(
        "Base units of the component in one base unit of the product", unit="the component's base unit", signed=False
    )
    source_quantity = c.quantity(
        "Quantity as the source states it, for the whole bill", nullable=True, unit="source_unit"
    )
    source_unit = c.name("Unit of source_quantity", nullable=True)
    operation_id = c.reference("operations", "The operation that consumes it")
    valid_from_on = c.day("First day it holds")
    valid_to_on = c.day("Last day it holds")

    @dy.rule()
    def component_is_not_its_own_product(cls) -> pl.Expr:
        return cls.product_id.col.ne_missing(cls.component_id.col)

    @dy.rule()
    def validity_ends_after_start(cls) -> pl.Expr:
        return cls.valid_to_on.col >= cls.valid_from_on.col


class Routings(Record):
    """One row per way of making a product."""

    routing_id = c.key("The routing")
    name = c.name("Name", nullable=True)
    bom_id = c.reference("boms", "The bill of materials it belongs to")
    product_id = c.reference("products", "What it makes")
    is_active = c.flag("False when archived")


class WorkCenters(Record):
    """One row per place where operations are done."""

    work_center_id = c.key("The work center")
    code = c.name("Code", nullable=True)
    name = c.name("Name")
    site_id = c.reference("sites", "The site it stands in")
    calendar_id = c.reference("calendars", "Its working calendar")
    capacity = c.quantity("Units worked on at the same time", nullable=True, unit="base units at once", signed=False)
    efficiency = c.quantity("Speed against the standard time, 1 is standard", nullable=True, unit="ratio", signed=False)
    cost_per_hour = c.price("Cost of an hour", needs="costs")
    currency = c.currency("Currency of the cost", nullable=True)
    is_active = c.flag("False when archived")


class Operations(Record):
    """One row per step of a routing."""

    operation_id = c.key("The operation")
    routing_id = c.reference("routings", "Its routing")
    work_center_id = c.reference("work_centers", "Where it is done")
    sequence = c.count("Order within the routing", nullable=True, unit="position")
    name = c.name("Name")
    setup_minutes = c.minutes("Minutes before the first unit")
    minutes_per_unit = c.minutes("Minutes for each base unit of the product")
    is_active = c.flag("False when archived")
