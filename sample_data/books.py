"""The books of the firm and what is planned with them: payroll, ledger, budgets and targets, out of its papers."""

import polars as pl

from sample_data.accounts import account_table
from sample_data.budgets import budget_table
from sample_data.days import Workdays
from sample_data.ledger import entry_table, postings
from sample_data.payroll import payroll_table
from sample_data.people import Staff
from sample_data.planning import working_days
from sample_data.postings import Books, Papers
from sample_data.prices import Prices
from sample_data.targets import Targets, target_table


def book_tables(
    prices: Prices, staff: Staff, calendars: tuple[Workdays, ...], papers: Papers
) -> dict[str, pl.DataFrame]:
    """Payroll totals, accounts, entries, budgets and targets; ``papers`` are all other tables of the sample."""
    paid = payroll_table(staff, calendars, papers["time_entries"], papers["absences"])
    books = Books(prices.plan, prices, {**papers, "payroll_totals": paid})
    rows, working = postings(books), working_days(prices.plan, calendars)
    return {
        "payroll_totals": paid,
        "ledger_accounts": account_table(),
        "ledger_entries": entry_table(rows),
        "budgets": budget_table(books.plan, rows, working),
        "targets": target_table(Targets(books.plan, books.papers, rows, working)),
    }
