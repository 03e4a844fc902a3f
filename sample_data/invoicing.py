"""Invoices, credit notes, what customers paid. What leaves is invoiced that day, what comes back credited that day."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from sample_data.exact import half_up, labels, line_cents, millionths, money, picked, quantities, share_of, table
from sample_data.orders import TAX, Sales
from sample_data.places import COMPANIES, CURRENCY
from sample_data.plan import Mask, Numbers

IN_PARTS, FIRST_PART = 0.03, 60
NOT_YET = 10**6


@dataclass(frozen=True)
class Invoicing:
    """All invoices and credit notes, column by column; a credit note counts negative."""

    sales: Sales

    @cached_property
    def _billed(self) -> list[tuple[int, int, int, int]]:
        """(group, day, line, thousandths): a shipment, a finished service line and a return are a group each."""
        record = self.sales.record
        rows = [(s.index, s.day, line.index, quantity) for s in record.shipments for line, quantity in s.lines]
        first = len(record.shipments)
        worked = np.flatnonzero(self.sales.work.delivered > 0).tolist()
        rows += [(first + at, self._worked_until(line), line, self._hours(line)) for at, line in enumerate(worked)]
        first += len(worked)
        return rows + [
            (first + at, back.day, back.line.index, -back.quantity) for at, back in enumerate(record.returns)
        ]

    def _hours(self, line: int) -> int:
        return int(self.sales.work.delivered[line])

    def _worked_until(self, line: int) -> int:
        finished = int(self.sales.work.finished[line])
        return finished if finished >= 0 else self.sales.plan.last

    @cached_property
    def _order(self) -> Numbers:
        """Rows by day, then group: invoices are numbered in the order of their days."""
        group, day = (np.array([row[at] for row in self._billed], dtype=np.int64) for at in (0, 1))
        return np.lexsort((group, day))

    def _column(self, at: int) -> Numbers:
        return np.array([row[at] for row in self._billed], dtype=np.int64)[self._order]

    @cached_property
    def line(self) -> Numbers:
        """By invoice line, the order line."""
        return self._column(2)

    @cached_property
    def quantity(self) -> Numbers:
        """By invoice line."""
        return self._column(3)

    @cached_property
    def invoice(self) -> Numbers:
        """By invoice line, the invoice."""
        group = self._column(0)
        return np.cumsum(np.diff(group, prepend=-1) != 0) - 1

    @cached_property
    def _first(self) -> Numbers:
        return np.flatnonzero(np.diff(self.invoice, prepend=-1))

    @cached_property
    def day(self) -> Numbers:
        """By invoice."""
        return self._column(1)[self._first]

    @cached_property
    def order(self) -> Numbers:
        """By invoice, the sales order."""
        return self.sales.demand.order[self.line[self._first]]

    @cached_property
    def customer(self) -> Numbers:
        """By invoice."""
        return self.sales.demand.customer[self.order]

    @cached_property
    def is_credit(self) -> Mask:
        """By invoice, whether it is a credit note."""
        return self.quantity[self._first] < 0

    @cached_property
    def line_cents(self) -> Numbers:
        """By invoice line."""
        demand = self.sales.demand
        return line_cents(self.quantity, demand.price[self.line], demand.discount[self.line])

    @cached_property
    def cost_cents(self) -> Numbers:
        """By invoice line: what its goods or hours cost on the day of the invoice."""
        demand, company = self.sales.demand, self.sales.company[self.order][self.invoice]
        cost = demand.prices.unit_cost(company, demand.product[self.line], self.day[self.invoice])
        return line_cents(self.quantity, cost)

    @cached_property
    def untaxed(self) -> Numbers:
        """By invoice, cents."""
        return np.add.reduceat(self.line_cents, self._first)

    @cached_property
    def tax(self) -> Numbers:
        """By invoice, cents."""
        return share_of(self.untaxed, np.array(TAX)[self.sales.demand.country[self.order]])

    @cached_property
    def total(self) -> Numbers:
        """By invoice, cents with tax."""
        return self.untaxed + self.tax

    @cached_property
    def due(self) -> Numbers:
        """By invoice, the day it is due; credit notes at once."""
        terms = self.sales.customers.terms[self.customer]
        return self.day + np.where(self.is_credit, 0, terms)

    @cached_property
    def _pays_on(self) -> Numbers:
        """By invoice, the day the customer pays it; of a credit note, never."""
        random = self.sales.plan.random("payments")
        late = random.gamma(0.7, self.sales.customers.lateness[self.customer] / 0.7 + 0.5)
        day = np.maximum(self.day + 1, self.due + np.rint(late - 2).astype(np.int64))
        calendars, country = self.sales.firm.calendars, self.sales.demand.country[self.order]
        days = [
            calendars[c].next(min(d, self.sales.plan.last + 60))
            for c, d in zip(country.tolist(), day.tolist(), strict=True)
        ]
        return np.where(self.is_credit, NOT_YET, np.array(days, dtype=np.int64))

    @cached_property
    def _offsets(self) -> Numbers:
        """By invoice, what of its amount is set off: a credit note against an invoice that is still to be paid."""
        offsets = np.zeros(len(self.day), dtype=np.int64)
        by_customer: dict[int, list[int]] = {}
        for at in np.flatnonzero(~self.is_credit).tolist():
            by_customer.setdefault(int(self.customer[at]), []).append(at)
        for credit in np.flatnonzero(self.is_credit).tolist():
            for at in by_customer[int(self.customer[credit])]:
                if self._pays_on[at] > self.day[credit] and self.total[at] - offsets[at] > -self.total[credit] > 0:
                    offsets[at] -= self.total[credit]
                    offsets[credit] += self.total[credit]
                    break
        return offsets

    @cached_property
    def payments(self) -> list[tuple[int, int, int]]:
        """(invoice, day, cents) of all that was paid up to today; a few pay in two parts."""
        parts = self.sales.plan.random("parts of payments").random(len(self.day)) < IN_PARTS
        owed = self.total - self._offsets
        rows: list[tuple[int, int, int]] = []
        for at in np.flatnonzero(~self.is_credit & (owed > 0)).tolist():
            day, first = (
                int(self._pays_on[at]),
                int(half_up(owed[at] * FIRST_PART, 100)) if parts[at] else int(owed[at]),
            )
            rows.append((at, day, first))
            if first < owed[at]:
                rows.append((at, day + 20, int(owed[at]) - first))
        return [row for row in rows if row[1] <= self.sales.plan.last]

    @cached_property
    def paid(self) -> Numbers:
        """By invoice, cents."""
        paid = np.zeros(len(self.day), dtype=np.int64)
        for at, _, cents in self.payments:
            paid[at] += cents
        return paid

    @cached_property
    def open(self) -> Numbers:
        """By invoice, cents still to be paid; negative where we owe the customer."""
        return self.total - self._offsets - self.paid

    @cached_property
    def payment_status(self) -> list[str]:
        """By invoice."""
        settled = (self.paid != 0) | (self._offsets != 0)
        return np.select([self.open == 0, settled], ["paid", "partial"], "unpaid").tolist()

    @cached_property
    def keys(self) -> pl.Series:
        """By invoice."""
        return labels("INV-", np.arange(1, len(self.day) + 1))


def invoice_tables(invoicing: Invoicing) -> dict[str, pl.DataFrame]:
    """Invoices and their lines."""
    return {"invoices": _invoices(invoicing), "invoice_lines": _lines(invoicing)}


def _invoices(invoicing: Invoicing) -> pl.DataFrame:
    sales, plan = invoicing.sales, invoicing.sales.plan
    company = sales.company[invoicing.order]
    return table(
        "invoices",
        company_id=picked(COMPANIES, company),
        invoice_id=invoicing.keys,
        number=invoicing.keys,
        kind=np.where(invoicing.is_credit, "credit_note", "invoice").tolist(),
        customer_id=picked(sales.customers.keys, invoicing.customer),
        sales_order_id=picked(sales.order_keys, invoicing.order),
        status="posted",
        payment_status=invoicing.payment_status,
        invoiced_on=plan.dates(invoicing.day),
        due_on=plan.dates(invoicing.due),
        currency=picked(CURRENCY, company),
        amount_untaxed=money(invoicing.untaxed),
        amount_tax=money(invoicing.tax),
        amount_total=money(invoicing.total),
        amount_open=money(invoicing.open),
    )


def _lines(invoicing: Invoicing) -> pl.DataFrame:
    sales, demand, line = invoicing.sales, invoicing.sales.demand, invoicing.line
    company = sales.company[invoicing.order][invoicing.invoice]
    net = demand.price[line] * (100 - demand.discount[line])
    return table(
        "invoice_lines",
        company_id=picked(COMPANIES, company),
        invoice_line_id=labels("INL-", np.arange(1, len(line) + 1)),
        invoice_id=picked(invoicing.keys, invoicing.invoice),
        sales_order_line_id=picked(sales.line_keys, line),
        product_id=picked(demand.catalogue.keys, demand.product[line]),
        description=picked([p.name for p in demand.catalogue.products], demand.product[line]),
        quantity=quantities(invoicing.quantity),
        unit_price=millionths(net),
        amount_untaxed=money(invoicing.line_cents),
        cost_amount=money(invoicing.cost_cents),
        currency=picked(CURRENCY, company),
    )
