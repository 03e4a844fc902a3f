"""Stock: what is on hand each day, what moved, when to reorder."""

from analytics.tables import columns as c
from analytics.tables.record import Record
from analytics.tables.sales import MOVEMENT_STATUS

PLACES = ("internal", "supplier", "customer", "production", "adjustment", "transit", "scrap")
MOVE_KINDS = (
    "delivery",
    "receipt",
    "transfer",
    "consumption",
    "production",
    "adjustment",
    "scrap",
    "customer_return",
    "supplier_return",
    "dropship",
)


class InventoryLevels(Record):
    """One row per product, site and day on which the level changed, and one for the day of the latest load; in
    between, the level stands."""

    product_id = c.key_part("products", "Product")
    site_id = c.key_part("sites", "The lowest site that holds it")
    as_of_on = c.key_day("The day at whose end, or at whose load, it was so")
    on_hand = c.quantity("On hand; negative where the source says so")
    reserved = c.quantity("Reserved for orders; null for past days of sources that do not keep it", nullable=True)


class StockMoves(Record):
    """One row per movement of one product between two places, done or planned."""

    stock_move_id = c.key("The movement")
    number = c.name("Document that people know it by", nullable=True)
    product_id = c.reference("products", "Product", nullable=False)
    kind = c.status(MOVE_KINDS, "What the two places make of it")
    status = c.status(MOVEMENT_STATUS, "Only done movements change stock")
    from_place = c.status(PLACES, "Kind of place it leaves")
    to_place = c.status(PLACES, "Kind of place it goes to")
    from_site_id = c.reference("sites", "The site it leaves, where it is ours")
    to_site_id = c.reference("sites", "The site it goes to, where it is ours")
    quantity = c.quantity("Moved when done, to be moved while planned")
    demand_quantity = c.quantity("What was asked for", nullable=True)
    moved_at = c.instant("When it was done")
    planned_at = c.instant("When it is or was planned")
    sales_order_line_id = c.reference("sales_order_lines", "The order line it serves")
    purchase_order_line_id = c.reference("purchase_order_lines", "The purchase line it fulfils")
    work_order_id = c.reference("work_orders", "The work order that makes or consumes it")


class ReorderRules(Record):
    """One row per rule: below the minimum, order up to the maximum."""

    reorder_rule_id = c.key("The rule")
    product_id = c.reference("products", "Product", nullable=False)
    site_id = c.reference("sites", "Site")
    minimum_quantity = c.quantity("Reorder point", nullable=True)
    maximum_quantity = c.quantity("Order up to", nullable=True)
    multiple_quantity = c.quantity("Orders are multiples of it", nullable=True, signed=False)
    is_active = c.flag("False when archived")
