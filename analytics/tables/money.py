"""The ledger, and the bills of suppliers."""

import dataframely as dy
import polars as pl

from analytics.tables import columns as c
from analytics.tables.record import Record
from analytics.tables.sales import INVOICE_KINDS, INVOICE_STATUS, PAYMENT_STATUS

ACCOUNT_KINDS = (
    "asset",
    "receivable",
    "cash",
    "inventory",
    "liability",
    "payable",
    "equity",
    "income",
    "cost_of_sales",
    "expense",
    "other",
)


class LedgerAccounts(Record):
    """One row per account."""

    ledger_account_id = c.key("The account")
    code = c.name("Account number", nullable=True)
    name = c.name("Name")
    kind = c.status(ACCOUNT_KINDS, "What it is in the balance sheet or the income statement")
    is_active = c.flag("False when no longer used")


class LedgerEntries(Record):
    """One row per posting to an account."""

    ledger_entry_id = c.key("The posting")
    document_number = c.name("Document", nullable=True)
    ledger_account_id = c.reference("ledger_accounts", "Account", nullable=False)
    posted_on = c.day("Ledger date", nullable=False)
    status = c.status(INVOICE_STATUS, "Only posted entries count")
    debit = c.amount("Debit")
    credit = c.amount("Credit")
    currency = c.currency("Currency of the company's books")
    foreign_amount = c.amount("Amount in the document's currency, debit positive", of="foreign_currency", nullable=True)
    foreign_currency = c.currency("Currency of the document", nullable=True)
    customer_id = c.reference("customers", "Customer")
    supplier_id = c.reference("suppliers", "Supplier")
    product_id = c.reference("products", "Product")
    description = c.text("Text")


class SupplierBills(Record):
    """One row per bill of a supplier, or its credit note."""

    supplier_bill_id = c.key("The bill")
    number = c.name("Number", nullable=True)
    kind = c.status(INVOICE_KINDS, "A credit note has negative amounts")
    supplier_id = c.reference("suppliers", "Supplier")
    purchase_order_id = c.reference("purchase_orders", "The order, where there is just one")
    status = c.status(INVOICE_STATUS, "Only posted bills count")
    payment_status = c.status(PAYMENT_STATUS, "How far it is paid", nullable=True)
    billed_on = c.day("Date of the bill")
    due_on = c.day("When it is due")
    currency = c.currency()
    amount_untaxed = c.amount("Without tax; negative for a credit note", needs="costs")
    amount_tax = c.amount("Tax", nullable=True, needs="costs")
    amount_total = c.amount("With tax", nullable=True, needs="costs")
    amount_open = c.amount("Still to be paid", nullable=True, needs="costs")


class SupplierBillLines(Record):
    """One row per product line of a supplier's bill."""

    supplier_bill_line_id = c.key("The line")
    supplier_bill_id = c.reference("supplier_bills", "Its bill", nullable=False)
    purchase_order_line_id = c.reference("purchase_order_lines", "The purchase line")
    product_id = c.reference("products", "Product")
    description = c.text("Text of the line")
    quantity = c.quantity("Billed; negative on a credit note", nullable=True)
    unit_price = c.price("Price of one unit", needs="costs")
    amount_untaxed = c.amount("Amount of the line; negative on a credit note", needs="costs")
    currency = c.currency()


class Budgets(Record):
    """One row per account and period that was budgeted."""

    budget_id = c.key("The budget line")
    ledger_account_id = c.reference("ledger_accounts", "Account")
    period_starts_on = c.day("First day", nullable=False)
    period_ends_on = c.day("Last day", nullable=False)
    amount = c.amount("Budget")
    currency = c.currency()

    @dy.rule()
    def budget_ends_after_start(cls) -> pl.Expr:
        return cls.period_ends_on.col >= cls.period_starts_on.col
