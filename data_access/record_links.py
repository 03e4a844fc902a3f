"""From a row to its record in the vendor's own system: a link, where the administrator said at which address that is.

What the address of a record looks like is the vendor's; the base address is the firm's, said once for each source.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from data_access.home import Home
from data_access.journal import Journal

SUBJECT = "links"
LONGEST = 300
FORBIDDEN = re.compile(r"[\s<>\"'\\^`{|}\x00-\x1f\x7f]")


class AddressRefused(ValueError):
    """A text is no base address of a system in the browser."""


@dataclass(frozen=True)
class Vendor:
    """How a vendor's web client addresses a record.

    ``path``: behind the base address, with ``{kind}`` and ``{id}``. ``kinds``: by unified table, what the vendor calls
    it there. ``ids``: the form of a key that is a record of its own. ``example``: a base address.
    """

    path: str
    ids: str
    kinds: Mapping[str, str]
    example: str


VENDORS: Mapping[str, Vendor] = {
    "odoo": Vendor(
        path="/web#id={id}&model={kind}&view_type=form",
        ids=r"\d+",
        kinds={
            "companies": "res.company",
            "products": "product.product",
            "product_categories": "product.category",
            "boms": "mrp.bom",
            "work_centers": "mrp.workcenter",
            "employees": "hr.employee",
            "customers": "res.partner",
            "suppliers": "res.partner",
            "contacts": "res.partner",
            "sales_orders": "sale.order",
            "shipments": "stock.picking",
            "receipts": "stock.picking",
            "invoices": "account.move",
            "supplier_bills": "account.move",
            "payments": "account.payment",
            "purchase_orders": "purchase.order",
            "work_orders": "mrp.production",
            "leads": "crm.lead",
            "opportunities": "crm.lead",
            "tickets": "project.task",
        },
        example="https://odoo.example.com",
    ),
    "tryton": Vendor(
        path="/model/{kind}/{id}",
        ids=r"\d+",
        kinds={
            "companies": "company.company",
            "products": "product.product",
            "boms": "production.bom",
            "customers": "party.party",
            "suppliers": "party.party",
            "sales_orders": "sale.sale",
            "shipments": "stock.shipment.out",
            "receipts": "stock.shipment.in",
            "invoices": "account.invoice",
            "supplier_bills": "account.invoice",
            "purchase_orders": "purchase.purchase",
            "work_orders": "production",
            "opportunities": "sale.opportunity",
        },
        example="https://tryton.example.com/#company",
    ),
    "erpnext": Vendor(
        path="/app/{kind}/{id}",
        ids=r"(?!bundle/).+",
        kinds={
            "companies": "company",
            "sites": "warehouse",
            "products": "item",
            "boms": "bom",
            "work_centers": "workstation",
            "employees": "employee",
            "customers": "customer",
            "suppliers": "supplier",
            "contacts": "contact",
            "shipments": "delivery-note",
            "receipts": "purchase-receipt",
            "invoices": "sales-invoice",
            "supplier_bills": "purchase-invoice",
            "payments": "payment-entry",
            "purchase_orders": "purchase-order",
            "work_orders": "work-order",
            "leads": "lead",
            "opportunities": "opportunity",
            "tickets": "issue",
        },
        example="https://erp.example.com",
    ),
    "salesforce": Vendor(
        path="/lightning/r/{kind}/{id}/view",
        ids=r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?",
        kinds={
            "employees": "User",
            "customers": "Account",
            "contacts": "Contact",
            "products": "Product2",
            "campaigns": "Campaign",
            "leads": "Lead",
            "opportunities": "Opportunity",
            "tickets": "Case",
        },
        example="https://company.lightning.force.com",
    ),
    "hubspot": Vendor(
        path="/record/{kind}/{id}",
        ids=r"\d+",
        kinds={"customers": "0-2", "contacts": "0-1", "opportunities": "0-3", "tickets": "0-5", "products": "0-7"},
        example="https://app.hubspot.com/contacts/1234567",
    ),
    "dynamics": Vendor(
        path="/main.aspx?pagetype=entityrecord&etn={kind}&id={id}",
        ids=r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
        kinds={
            "employees": "systemuser",
            "customers": "account",
            "contacts": "contact",
            "products": "product",
            "campaigns": "campaign",
            "leads": "lead",
            "opportunities": "opportunity",
            "sales_orders": "salesorder",
            "tickets": "incident",
        },
        example="https://company.crm.dynamics.com",
    ),
}
"""By source. Documents that share a table with others of another kind (quotations in ERPNext) have no link."""


def checked(address: str) -> str:
    """A base address as it is kept, without a slash at its end; ``AddressRefused`` unless it is one of http or https
    with a host, and with nothing in it that a browser or a reader could take for more."""
    text = address.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        sound = False
    if not sound or len(text) > LONGEST or FORBIDDEN.search(text):
        raise AddressRefused("A base address begins with https:// or http:// and names a host.")
    return text


def link(source: str, table: str, source_id: str, base: str) -> str | None:
    """The address of a record in its own system; None where that has no page of its own for such a row."""
    vendor = VENDORS.get(source)
    kind = vendor.kinds.get(table) if vendor else None
    if vendor is None or kind is None or not re.fullmatch(vendor.ids, source_id):
        return None
    return checked(base) + vendor.path.format(kind=kind, id=quote(source_id, safe=""))


def bases(home: Home) -> dict[str, str]:
    """The base address of each source for which one was said, the latest of each; an empty one takes it away."""
    said = {entry.what["source"]: str(entry.what["base"]) for entry in Journal(home, SUBJECT).entries()}
    return {source: base for source, base in said.items() if base}
