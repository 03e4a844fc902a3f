"""The papers of buying: orders and lines, receipts and lines, the suppliers' bills and what was paid to them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from sample_data.buying import required
from sample_data.exact import (
    half_up,
    labels,
    line_cents,
    millionths,
    money,
    picked,
    prices,
    quantities,
    share_of,
    table,
)
from sample_data.firm import NONE, Arrival, Firm, PurchaseLine, PurchaseOrder, Record
from sample_data.invoicing import Invoicing
from sample_data.people import PURCHASING, Staff
from sample_data.places import BOX, COMPANIES, CURRENCY, PLACES
from sample_data.plan import Mask, Numbers, Plan
from sample_data.suppliers import SUPPLIERS

TERMS = 30
# Tax on what is bought at home; across a border none is billed.
TAX = {"DE": 19, "CN": 13}


@dataclass(frozen=True)
class Purchases:
    """All that was ordered from suppliers, with what came of it."""

    firm: Firm

    @property
    def record(self) -> Record:
        """What was done."""
        return self.firm.record

    @property
    def plan(self) -> Plan:
        """The sample."""
        return self.firm.plan

    @property
    def lines(self) -> list[PurchaseLine]:
        """All purchase lines, by their number."""
        return self.record.purchase_lines

    @cached_property
    def pack(self) -> Numbers:
        """By line, base units in one unit of purchase."""
        return np.array([required(line.node.offer).pack for line in self.lines], dtype=np.int64)

    @cached_property
    def price(self) -> Numbers:
        """By line, ten-thousandths of the supplier's currency for one unit of purchase."""
        base = np.array([required(line.node.offer).price for line in self.lines], dtype=np.int64)
        supplier, day = (np.array([getattr(line.order, at) for line in self.lines]) for at in ("supplier", "day"))
        return self.firm.demand.prices.purchase_price(base, supplier, self.product, day)

    @cached_property
    def product(self) -> Numbers:
        """By line."""
        return np.array([line.node.product for line in self.lines], dtype=np.int64)

    @cached_property
    def quantity(self) -> Numbers:
        """By line, thousandths of the base unit."""
        return np.array([line.quantity for line in self.lines], dtype=np.int64)

    @cached_property
    def cents(self) -> Numbers:
        """By line."""
        return line_cents(self.quantity // self.pack, self.price)

    @cached_property
    def order(self) -> Numbers:
        """By line, its order."""
        return np.array([line.order.index for line in self.lines], dtype=np.int64)

    @cached_property
    def order_keys(self) -> pl.Series:
        """By order."""
        return labels("PO-", np.arange(1, len(self.record.purchases) + 1))

    @cached_property
    def line_keys(self) -> pl.Series:
        """By line."""
        return labels("POL-", np.arange(1, len(self.lines) + 1))

    @cached_property
    def receipts(self) -> list[tuple[PurchaseOrder, int, list[Arrival]]]:
        """(order, day, what came) of each done receipt, by day."""
        groups: dict[tuple[int, int], list[Arrival]] = {}
        for arrival in self.record.arrivals:
            groups.setdefault((arrival.day, arrival.line.order.index), []).append(arrival)
        return [
            (group[0].line.order, group[0].day, group) for _, group in sorted(groups.items(), key=lambda item: item[0])
        ]

    @cached_property
    def awaited(self) -> list[tuple[PurchaseOrder, int, list[PurchaseLine]]]:
        """(order, day, lines) of each receipt that is still to come: what an order has outstanding for one day."""
        groups: dict[tuple[int, int], list[PurchaseLine]] = {}
        for line in self.lines:
            if line.received < line.quantity and not line.order.is_request:
                groups.setdefault((line.order.index, line.due), []).append(line)
        return [(lines[0].order, due, lines) for (_, due), lines in groups.items()]

    @cached_property
    def receipt_keys(self) -> pl.Series:
        """By receipt: the done ones first."""
        return labels("RC-", np.arange(1, len(self.receipts) + len(self.awaited) + 1))

    @cached_property
    def receipt_of_arrival(self) -> dict[int, int]:
        """The receipt of each arrival, by the number that stock moves carry."""
        numbers = {id(arrival): at for at, arrival in enumerate(self.record.arrivals)}
        return {numbers[id(a)]: at for at, (_, _, group) in enumerate(self.receipts) for a in group}

    @cached_property
    def billed_on(self) -> Numbers:
        """By done receipt, the day of the supplier's bill; some are after today, and not there yet."""
        wait = self.plan.random("bills").integers(1, 8, len(self.receipts)).tolist()
        days = [
            self.firm.calendar(order.place).after(day, w)
            for (order, day, _), w in zip(self.receipts, wait, strict=True)
        ]
        return np.array(days, dtype=np.int64)

    @cached_property
    def billed(self) -> list[int]:
        """The receipts that are billed."""
        return np.flatnonzero(self.billed_on <= self.plan.last).tolist()

    @cached_property
    def billed_quantity(self) -> Numbers:
        """By purchase line."""
        found = np.zeros(len(self.lines), dtype=np.int64)
        for at in self.billed:
            for arrival in self.receipts[at][2]:
                found[arrival.line.index] += arrival.quantity
        return found


def purchase_tables(purchases: Purchases, staff: Staff) -> dict[str, pl.DataFrame]:
    """Orders, lines, receipts and lines of receipts."""
    return {
        "purchase_orders": _orders(purchases, staff),
        "purchase_order_lines": _lines(purchases),
        "receipts": _receipts(purchases),
        "receipt_lines": _receipt_lines(purchases),
    }


def _status(order: PurchaseOrder) -> str:
    if order.is_request:
        return "draft" if order.index % 2 else "quoted"
    return "done" if all(line.received == line.quantity for line in order.lines) else "confirmed"


def _orders(purchases: Purchases, staff: Staff) -> pl.DataFrame:
    plan, rows = purchases.plan, purchases.record.purchases
    company = np.array([row.company for row in rows], dtype=np.int64)
    cents = np.bincount(purchases.order, purchases.cents, len(rows)).astype(np.int64)
    return table(
        "purchase_orders",
        company_id=picked(COMPANIES, company),
        purchase_order_id=purchases.order_keys,
        number=purchases.order_keys,
        supplier_id=[SUPPLIERS[row.supplier].key for row in rows],
        status=[_status(row) for row in rows],
        ordered_at=plan.instants(np.array([row.day for row in rows]), np.full(len(rows), 960), company),
        due_on=plan.dates(np.array([max(line.due for line in row.lines) for row in rows])),
        site_id=[PLACES[row.place].code for row in rows],
        currency=[CURRENCY[SUPPLIERS[row.supplier].currency] for row in rows],
        amount_untaxed=money(cents),
        buyer_id=picked(staff.keys, staff.chosen("purchases", company, PURCHASING)),
        supplier_reference=labels("", plan.random("supplier references").integers(100_000, 999_999, len(rows))),
    )


def _lines(purchases: Purchases) -> pl.DataFrame:
    plan, rows = purchases.plan, purchases.lines
    products = purchases.firm.network.catalogue.products
    due, first, came = (np.array([getattr(row, at) for row in rows]) for at in ("due", "first_due", "received_on"))
    return table(
        "purchase_order_lines",
        company_id=[COMPANIES[row.order.company] for row in rows],
        purchase_order_line_id=purchases.line_keys,
        purchase_order_id=picked(purchases.order_keys, purchases.order),
        line_number=[row.order.lines.index(row) + 1 for row in rows],
        product_id=[products[row.node.product].key for row in rows],
        description=[products[row.node.product].name for row in rows],
        quantity=quantities(purchases.quantity),
        received_quantity=quantities([row.received for row in rows]),
        invoiced_quantity=quantities(purchases.billed_quantity),
        source_quantity=quantities(purchases.quantity // purchases.pack),
        source_unit=[
            BOX if required(row.node.offer).pack > 1 else products[row.node.product].family.unit for row in rows
        ],
        unit_price=prices(purchases.price),
        discount=quantities(np.zeros(len(rows), dtype=np.int64)),
        amount_untaxed=money(purchases.cents),
        currency=[CURRENCY[SUPPLIERS[row.order.supplier].currency] for row in rows],
        due_on=plan.dates(due),
        first_due_on=plan.dates(first),
        received_on=plan.dates(came, came != NONE),
    )


def _receipts(purchases: Purchases) -> pl.DataFrame:
    plan = purchases.plan
    done = [(order, day, max(a.line.first_due for a in group)) for order, day, group in purchases.receipts]
    rows = done + [(order, due, max(line.first_due for line in lines)) for order, due, lines in purchases.awaited]
    is_done = np.arange(len(rows)) < len(done)
    day = np.array([row[1] for row in rows], dtype=np.int64)
    due = np.array([row[2] for row in rows], dtype=np.int64)
    minute = np.array([_minute(row[0]) for row in rows], dtype=np.int64)
    zone = np.array([PLACES[row[0].place].zone for row in rows], dtype=np.int64)
    return table(
        "receipts",
        company_id=[COMPANIES[row[0].company] for row in rows],
        receipt_id=purchases.receipt_keys,
        number=purchases.receipt_keys,
        purchase_order_id=picked(purchases.order_keys, [row[0].index for row in rows]),
        supplier_id=[SUPPLIERS[row[0].supplier].key for row in rows],
        site_id=[PLACES[row[0].place].code for row in rows],
        status=np.where(is_done, "done", "ready").tolist(),
        planned_at=plan.instants(np.where(is_done, due, day), np.full(len(rows), 600), zone),
        due_at=plan.instants(due, np.full(len(rows), 600), zone),
        received_at=plan.instants(day, minute, zone, is_done),
        backorder_of_id=picked(purchases.receipt_keys, _before([row[0].index for row in rows])),
    )


def _minute(order: PurchaseOrder) -> int:
    return 485 + order.supplier * 37 % 150


def _before(orders: list[int]) -> list[int]:
    """By receipt: the one before of the same order."""
    last: dict[int, int] = {}
    before = []
    for at, order in enumerate(orders):
        before.append(last.get(order, -1))
        last[order] = at
    return before


def _receipt_lines(purchases: Purchases) -> pl.DataFrame:
    rows = [(at, a.line, a.quantity, a.quantity) for at, (_, _, group) in enumerate(purchases.receipts) for a in group]
    first = len(purchases.receipts)
    rows += [
        (first + at, line, line.quantity - line.received, 0)
        for at, (_, _, lines) in enumerate(purchases.awaited)
        for line in lines
    ]
    keys = purchases.firm.network.catalogue.keys
    return table(
        "receipt_lines",
        company_id=[COMPANIES[row[1].order.company] for row in rows],
        receipt_line_id=labels("RCL-", np.arange(1, len(rows) + 1)),
        receipt_id=picked(purchases.receipt_keys, [row[0] for row in rows]),
        purchase_order_line_id=picked(purchases.line_keys, [row[1].index for row in rows]),
        product_id=[keys[row[1].node.product] for row in rows],
        quantity=quantities([row[2] for row in rows]),
        received_quantity=quantities([row[3] for row in rows]),
        status=["done" if row[0] < first else "ready" for row in rows],
    )


@dataclass(frozen=True)
class Bills:
    """The bills of suppliers, one for each billed receipt, column by column."""

    purchases: Purchases

    @cached_property
    def _arrivals(self) -> list[tuple[int, Arrival]]:
        """(bill, arrival) by bill line."""
        return [
            (at, a) for at, receipt in enumerate(self.purchases.billed) for a in self.purchases.receipts[receipt][2]
        ]

    @cached_property
    def orders(self) -> list[PurchaseOrder]:
        """By bill."""
        return [self.purchases.receipts[receipt][0] for receipt in self.purchases.billed]

    @cached_property
    def company(self) -> Numbers:
        """By bill."""
        return np.array([order.company for order in self.orders], dtype=np.int64)

    @cached_property
    def supplier(self) -> Numbers:
        """By bill."""
        return np.array([order.supplier for order in self.orders], dtype=np.int64)

    @cached_property
    def currency(self) -> Numbers:
        """By bill, the number of its currency."""
        return np.array([supplier.currency for supplier in SUPPLIERS])[self.supplier]

    @cached_property
    def bill(self) -> Numbers:
        """By bill line."""
        return np.array([at for at, _ in self._arrivals], dtype=np.int64)

    @cached_property
    def purchase_line(self) -> Numbers:
        """By bill line."""
        return np.array([arrival.line.index for _, arrival in self._arrivals], dtype=np.int64)

    @cached_property
    def quantity(self) -> Numbers:
        """By bill line, thousandths of the base unit."""
        return np.array([arrival.quantity for _, arrival in self._arrivals], dtype=np.int64)

    @cached_property
    def location(self) -> Numbers:
        """By bill line, where the goods were put."""
        return np.array([arrival.line.node.location for _, arrival in self._arrivals], dtype=np.int64)

    @cached_property
    def line_cents(self) -> Numbers:
        """By bill line."""
        at = self.purchase_line
        return line_cents(self.quantity // self.purchases.pack[at], self.purchases.price[at])

    @cached_property
    def untaxed(self) -> Numbers:
        """By bill, cents."""
        return np.bincount(self.bill, self.line_cents, len(self.orders)).astype(np.int64)

    @cached_property
    def tax(self) -> Numbers:
        """By bill, cents."""
        home = ("DE", "CN")
        percent = [TAX[home[o.company]] if SUPPLIERS[o.supplier].country == home[o.company] else 0 for o in self.orders]
        return share_of(self.untaxed, np.array(percent, dtype=np.int64))

    @cached_property
    def total(self) -> Numbers:
        """By bill, cents with tax."""
        return self.untaxed + self.tax

    @cached_property
    def day(self) -> Numbers:
        """By bill."""
        return self.purchases.billed_on[self.purchases.billed]

    @cached_property
    def paid_on(self) -> Numbers:
        """By bill, the day it is paid; some are still to be."""
        late = self.purchases.plan.random("paying").integers(-3, 5, len(self.day)) + self.day + TERMS
        firm = self.purchases.firm
        days = [firm.calendar(o.place).next(day) for o, day in zip(self.orders, late.tolist(), strict=True)]
        return np.array(days, dtype=np.int64)

    @cached_property
    def is_paid(self) -> Mask:
        """By bill."""
        return self.paid_on <= self.purchases.plan.last

    @cached_property
    def keys(self) -> pl.Series:
        """By bill."""
        return labels("BILL-", np.arange(1, len(self.orders) + 1))


def bill_tables(bills: Bills) -> dict[str, pl.DataFrame]:
    """Bills and their lines."""
    return {"supplier_bills": _bills(bills), "supplier_bill_lines": _bill_lines(bills)}


def _bills(bills: Bills) -> pl.DataFrame:
    plan = bills.purchases.plan
    return table(
        "supplier_bills",
        company_id=picked(COMPANIES, bills.company),
        supplier_bill_id=bills.keys,
        number=bills.keys,
        kind="invoice",
        supplier_id=picked([s.key for s in SUPPLIERS], bills.supplier),
        purchase_order_id=picked(bills.purchases.order_keys, [order.index for order in bills.orders]),
        status="posted",
        payment_status=np.where(bills.is_paid, "paid", "unpaid").tolist(),
        billed_on=plan.dates(bills.day),
        due_on=plan.dates(bills.day + TERMS),
        currency=picked(CURRENCY, bills.currency),
        amount_untaxed=money(bills.untaxed),
        amount_tax=money(bills.tax),
        amount_total=money(bills.total),
        amount_open=money(np.where(bills.is_paid, 0, bills.total)),
    )


def _bill_lines(bills: Bills) -> pl.DataFrame:
    purchases, at = bills.purchases, bills.purchase_line
    catalogue = purchases.firm.network.catalogue
    product = np.array([line.node.product for line in purchases.lines], dtype=np.int64)[at]
    return table(
        "supplier_bill_lines",
        company_id=picked(COMPANIES, bills.company[bills.bill]),
        supplier_bill_line_id=labels("BLL-", np.arange(1, len(at) + 1)),
        supplier_bill_id=picked(bills.keys, bills.bill),
        purchase_order_line_id=picked(purchases.line_keys, at),
        product_id=picked(catalogue.keys, product),
        description=picked([p.name for p in catalogue.products], product),
        quantity=quantities(bills.quantity),
        unit_price=_unit_price(purchases.price[at], purchases.pack[at]),
        amount_untaxed=money(bills.line_cents),
        currency=picked(CURRENCY, bills.currency[bills.bill]),
    )


def _unit_price(price: Numbers, pack: Numbers) -> pl.Series:
    """For one base unit; rounded to a millionth where a box does not divide."""
    return millionths(half_up(price * 100, pack))


def payment_table(invoicing: Invoicing, bills: Bills) -> pl.DataFrame:
    """What customers paid, and what suppliers were paid."""
    plan = bills.purchases.plan
    received = invoicing.payments
    invoice = np.array([row[0] for row in received], dtype=np.int64)
    company = invoicing.sales.company[invoicing.order[invoice]]
    came = table(
        "payments",
        company_id=picked(COMPANIES, company),
        payment_id=labels("PAY-I", np.arange(1, len(received) + 1)),
        direction="in",
        customer_id=picked(invoicing.sales.customers.keys, invoicing.customer[invoice]),
        supplier_id=None,
        invoice_id=picked(invoicing.keys, invoice),
        paid_on=plan.dates(np.array([row[1] for row in received], dtype=np.int64)),
        amount=money([row[2] for row in received]),
        currency=picked(CURRENCY, company),
        status="done",
    )
    return pl.concat([came, _paid_out(bills)])


def _paid_out(bills: Bills) -> pl.DataFrame:
    paid = np.flatnonzero(bills.is_paid)
    return table(
        "payments",
        company_id=picked(COMPANIES, bills.company[paid]),
        payment_id=labels("PAY-O", np.arange(1, len(paid) + 1)),
        direction="out",
        customer_id=None,
        supplier_id=picked([s.key for s in SUPPLIERS], bills.supplier[paid]),
        invoice_id=None,
        paid_on=bills.purchases.plan.dates(bills.paid_on[paid]),
        amount=money(bills.total[paid]),
        currency=picked(CURRENCY, bills.currency[paid]),
        status="done",
    )
