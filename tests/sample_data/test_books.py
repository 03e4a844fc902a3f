"""The books agree with the papers to the cent. Each law returns what breaks it, and notices a single wrong row."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sample_data import Plan, Sample, company

Tables = Mapping[str, pl.DataFrame]
CENT = Decimal("0.01")
NOTHING = Decimal(0)
COMPANIES = ("TQ-DE", "TQ-CN")
ZONES = {"TQ-DE": ZoneInfo("Europe/Berlin"), "TQ-CN": ZoneInfo("Asia/Shanghai")}
STOCK_ACCOUNTS = {"CAT-raw": "1000", "CAT-semi": "1050", "CAT-finished": "1100", "CAT-traded": "1140"}


def _entries(tables: Tables) -> pl.DataFrame:
    """With code and kind of the account; amount: debit positive."""
    accounts = tables["ledger_accounts"].select("ledger_account_id", "code", "kind")
    joined = tables["ledger_entries"].join(accounts, on="ledger_account_id", how="left", validate="m:1")
    return joined.with_columns(amount=pl.col("debit") - pl.col("credit"))


def _balance(tables: Tables, only: pl.Expr, *by: str) -> pl.DataFrame:
    return _entries(tables).filter(only).group_by(by).agg(pl.col("amount").sum())


def _differ(said: pl.DataFrame, booked: pl.DataFrame, sign: int = 1) -> pl.DataFrame:
    """The keys whose amounts are not the same; a key that one side lacks has nothing there."""
    keys = [column for column in said.columns if column != "amount"]
    both = said.join(
        booked.select(said.columns), on=keys, how="full", coalesce=True, suffix="_booked", nulls_equal=True
    )
    return both.filter(pl.col("amount").fill_null(NOTHING) != sign * pl.col("amount_booked").fill_null(NOTHING))


def every_document_balances(tables: Tables) -> pl.DataFrame:
    """Debit = credit in each document of each company and day."""
    sums = _entries(tables).group_by("company_id", "document_number", "posted_on").agg(pl.col("amount").sum())
    return sums.filter(pl.col("amount") != 0)


def every_entry_has_one_side(tables: Tables) -> pl.DataFrame:
    """Debit or credit, above zero, in the currency of the company's books."""
    currencies = tables["companies"].select("company_id", books="currency")
    rows = tables["ledger_entries"].join(currencies, on="company_id", how="left", validate="m:1")
    is_one = ((pl.col("debit") > 0) != (pl.col("credit") > 0)) & (pl.min_horizontal("debit", "credit") == 0)
    return rows.filter(~(is_one & (pl.col("currency") == pl.col("books"))))


def receivables_are_what_customers_owe(tables: Tables) -> pl.DataFrame:
    """By customer: the account is what is open of invoices and credit notes."""
    by = ("company_id", "customer_id")
    owed = tables["invoices"].group_by(by).agg(amount=pl.col("amount_open").sum())
    return _differ(owed, _balance(tables, pl.col("kind") == "receivable", *by))


def payables_are_open_bills(tables: Tables) -> pl.DataFrame:
    """By supplier and currency of its bills: the account, in that currency, is what is open."""
    by = ("company_id", "supplier_id", "currency")
    owed = tables["supplier_bills"].group_by(by).agg(amount=pl.col("amount_open").sum())
    rows = _entries(tables).filter(pl.col("kind") == "payable")
    billed = rows.with_columns(
        amount=pl.coalesce("foreign_amount", "amount"), currency=pl.coalesce("foreign_currency", "currency")
    )
    return _differ(owed, billed.group_by(by).agg(pl.col("amount").sum()), -1)


def income_is_what_was_invoiced(tables: Tables) -> pl.DataFrame:
    """By company and day."""
    by = ("company_id", "posted_on")
    heads = tables["invoices"].select("invoice_id", posted_on="invoiced_on")
    lines = tables["invoice_lines"].join(heads, on="invoice_id", validate="m:1")
    sold = lines.group_by(by).agg(amount=pl.col("amount_untaxed").sum())
    return _differ(sold, _balance(tables, pl.col("kind") == "income", *by), -1)


def cost_of_sales_is_what_the_invoiced_goods_cost(tables: Tables) -> pl.DataFrame:
    """By company and day."""
    by = ("company_id", "posted_on")
    heads = tables["invoices"].select("invoice_id", posted_on="invoiced_on")
    lines = tables["invoice_lines"].join(heads, on="invoice_id", validate="m:1")
    costs = lines.group_by(by).agg(amount=pl.col("cost_amount").sum())
    return _differ(costs, _balance(tables, pl.col("kind") == "cost_of_sales", *by))


def stock_in_the_books_is_quantity_times_cost(tables: Tables) -> pl.DataFrame:
    """By company and account: stock of the last day at the standard cost of the last day, rounded once."""
    last = tables["inventory_levels"].filter(pl.col("as_of_on") == pl.col("as_of_on").max())
    costs = {
        (row[0], row[1]): row[2] for row in tables["product_costs"].select("company_id", "product_id", "cost").rows()
    }
    groups = dict(tables["products"].select("product_id", "category_id").rows())
    worth: dict[tuple[str, str], Decimal] = {}
    for owner, product, on_hand in last.select("company_id", "product_id", "on_hand").rows():
        key = (owner, STOCK_ACCOUNTS["-".join(groups[product].split("-")[:2])])
        worth[key] = worth.get(key, NOTHING) + on_hand * costs[owner, product]
    rows = [(*key, amount.quantize(CENT, ROUND_HALF_UP)) for key, amount in worth.items()]
    said = pl.DataFrame(
        rows, schema={"company_id": pl.String, "code": pl.String, "amount": pl.Decimal(38, 6)}, orient="row"
    )
    return _differ(said, _balance(tables, pl.col("kind") == "inventory", "company_id", "code"))


def the_bank_has_what_was_paid(tables: Tables) -> pl.DataFrame:
    """Payment by payment, in the currency of the payment."""
    payments = tables["payments"].filter(pl.col("status") == "done")
    paid = payments.select(
        "company_id",
        document_number="payment_id",
        amount=pl.when(pl.col("direction") == "in").then(pl.col("amount")).otherwise(-pl.col("amount")),
    )
    is_one = pl.col("document_number").is_in(paid["document_number"].implode())
    bank = _entries(tables).filter((pl.col("kind") == "cash") & is_one)
    moved = bank.with_columns(amount=pl.coalesce("foreign_amount", "amount"))
    return _differ(paid, moved.group_by("company_id", "document_number").agg(pl.col("amount").sum()))


def the_bank_is_never_empty(tables: Tables) -> pl.DataFrame:
    """On no evening is there less than nothing."""
    daily = _balance(tables, pl.col("kind") == "cash", "company_id", "posted_on").sort("posted_on")
    return daily.filter(pl.col("amount").cum_sum().over("company_id") < 0)


def tax_is_what_invoices_say(tables: Tables) -> pl.DataFrame:
    """Document by document: what customers are charged, and what suppliers at home charge."""
    sold = tables["invoices"].select("company_id", document_number="number", amount=-pl.col("amount_tax"))
    bought = tables["supplier_bills"].select("company_id", document_number="number", amount="amount_tax")
    said = pl.concat([sold, bought]).filter(pl.col("amount") != 0)
    booked = _balance(tables, pl.col("code").is_in(["1400", "3800"]), "company_id", "document_number")
    return _differ(said, booked.filter(~pl.col("document_number").str.starts_with("TAX-")))


def wages_are_the_payroll(tables: Tables) -> pl.DataFrame:
    """By company and month."""
    by = ("company_id", "posted_on")
    totals = tables["payroll_totals"].rename({"period_ends_on": "posted_on"})
    return _differ(totals.group_by(by).agg(pl.col("amount").sum()), _balance(tables, pl.col("code") == "6000", *by))


def what_is_not_billed_was_received_at_the_price_of_the_order(tables: Tables) -> pl.DataFrame:
    """By supplier that is paid in the company's own currency: receipts without a bill, line by line."""
    currencies = dict(tables["companies"].select("company_id", "currency").rows())
    lines = {row["purchase_order_line_id"]: row for row in tables["purchase_order_lines"].iter_rows(named=True)}
    suppliers = dict(tables["receipts"].select("receipt_id", "supplier_id").rows())
    owed: dict[tuple[str, str], Decimal] = {}
    for row in tables["receipt_lines"].filter(pl.col("status") == "done").iter_rows(named=True):
        line = lines[row["purchase_order_line_id"]]
        if line["currency"] == currencies[row["company_id"]]:
            packs = row["received_quantity"] * line["source_quantity"] / line["quantity"]
            key = (row["company_id"], suppliers[row["receipt_id"]])
            owed[key] = owed.get(key, NOTHING) + (packs * line["unit_price"]).quantize(CENT, ROUND_HALF_UP)
    for owner, supplier, currency, amount in (
        tables["supplier_bills"].select("company_id", "supplier_id", "currency", "amount_untaxed").iter_rows()
    ):
        if currency == currencies[owner]:
            owed[owner, supplier] -= amount
    said = pl.DataFrame(
        [(*key, amount) for key, amount in owed.items()],
        schema={"company_id": pl.String, "supplier_id": pl.String, "amount": pl.Decimal(38, 6)},
        orient="row",
    )
    booked = _balance(tables, pl.col("code") == "3310", "company_id", "supplier_id")
    return _differ(said, booked.join(said, on=["company_id", "supplier_id"], how="semi"), -1)


def rounding_is_a_matter_of_cents(tables: Tables) -> pl.DataFrame:
    """What no posting explains would be taken for rounding at the end of a month: it never comes to a unit of money."""
    sums = _balance(tables, pl.col("code") == "5990", "company_id", "document_number")
    return sums.filter(pl.col("amount").abs() >= 1)


def nothing_is_posted_after_the_last_day(tables: Tables) -> pl.DataFrame:
    """From the evening before the first day to the last."""
    last = tables["inventory_levels"]["as_of_on"].max()
    return tables["ledger_entries"].filter(pl.col("posted_on") > pl.lit(last))


LAWS: dict[str, Callable[[Tables], pl.DataFrame]] = {
    law.__name__: law
    for law in (
        every_document_balances,
        every_entry_has_one_side,
        receivables_are_what_customers_owe,
        payables_are_open_bills,
        income_is_what_was_invoiced,
        cost_of_sales_is_what_the_invoiced_goods_cost,
        stock_in_the_books_is_quantity_times_cost,
        the_bank_has_what_was_paid,
        the_bank_is_never_empty,
        tax_is_what_invoices_say,
        wages_are_the_payroll,
        what_is_not_billed_was_received_at_the_price_of_the_order,
        rounding_is_a_matter_of_cents,
        nothing_is_posted_after_the_last_day,
    )
}


@pytest.mark.parametrize("law", LAWS)
def test_the_law_holds(small: Tables, law: str) -> None:
    broken = LAWS[law](small)
    assert broken.is_empty(), broken


@settings(max_examples=4, deadline=None)
@given(
    scale=st.floats(0.01, 0.04),
    seed=st.integers(0, 10**6),
    until=st.dates(date(2021, 1, 1), date(2031, 12, 31)),
)
def test_all_laws_hold_whatever_the_size_the_seed_and_the_day(scale: float, seed: int, until: date) -> None:
    tables = company(scale=scale, seed=seed, until=until)
    assert {name: broken.height for name, law in LAWS.items() if (broken := law(tables)).height} == {}


def a_cent_more(column: str, only: pl.Expr) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """The first row of those meant has a cent more in the column."""

    def spoil(rows: pl.DataFrame) -> pl.DataFrame:
        at = rows.with_row_index().filter(only & (pl.col(column) != 0))["index"][0]
        more = pl.when(pl.int_range(pl.len()) == at).then(pl.col(column) + CENT).otherwise(pl.col(column))
        return rows.with_columns(more.cast(rows.schema[column]))

    return spoil


def on(*codes: str) -> pl.Expr:
    return pl.col("ledger_account_id").str.slice(-4).is_in(codes)


def without_opening(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(~pl.col("document_number").str.starts_with("OPEN-"))


EVERY = pl.lit(value=True)
SPOILED: tuple[tuple[str, str, Callable[[pl.DataFrame], pl.DataFrame]], ...] = (
    ("every_document_balances", "ledger_entries", a_cent_more("debit", EVERY)),
    ("every_entry_has_one_side", "ledger_entries", lambda rows: rows.with_columns(credit="debit")),
    ("receivables_are_what_customers_owe", "ledger_entries", a_cent_more("credit", on("1200"))),
    ("receivables_are_what_customers_owe", "invoices", a_cent_more("amount_open", EVERY)),
    ("payables_are_open_bills", "ledger_entries", a_cent_more("debit", on("3300"))),
    ("payables_are_open_bills", "supplier_bills", a_cent_more("amount_open", EVERY)),
    ("income_is_what_was_invoiced", "invoice_lines", a_cent_more("amount_untaxed", EVERY)),
    ("cost_of_sales_is_what_the_invoiced_goods_cost", "invoice_lines", a_cent_more("cost_amount", EVERY)),
    ("stock_in_the_books_is_quantity_times_cost", "ledger_entries", a_cent_more("credit", on("1000"))),
    ("stock_in_the_books_is_quantity_times_cost", "ledger_entries", a_cent_more("debit", on("1140"))),
    ("the_bank_has_what_was_paid", "payments", a_cent_more("amount", EVERY)),
    ("the_bank_is_never_empty", "ledger_entries", without_opening),
    ("tax_is_what_invoices_say", "invoices", a_cent_more("amount_tax", EVERY)),
    ("wages_are_the_payroll", "payroll_totals", a_cent_more("amount", EVERY)),
    ("what_is_not_billed_was_received_at_the_price_of_the_order", "ledger_entries", a_cent_more("credit", on("3310"))),
)  # fmt: skip


@pytest.mark.parametrize(("law", "table", "spoil"), SPOILED)
def test_the_law_notices_a_single_wrong_row(
    small: dict[str, pl.DataFrame], law: str, table: str, spoil: Callable[[pl.DataFrame], pl.DataFrame]
) -> None:
    assert not LAWS[law](small | {table: spoil(small[table])}).is_empty()


# What a line cost, what lies in work, and what a new cost does


@pytest.fixture(scope="module")
def sample() -> Sample:
    return Sample(Plan(scale=0.05))


@pytest.fixture(scope="module")
def tables(sample: Sample) -> Tables:
    return sample.tables()


def cost_on(sample: Sample, owner: str, product: str, day: date) -> Decimal:
    """Of one base unit, from the list of standard costs."""
    prices, number = sample.outcome.firm.demand.prices, sample.catalogue.keys.index(product)
    return Decimal(int(prices.unit_cost(COMPANIES.index(owner), number, sample.plan.day(day)))) / 10_000


def test_a_line_costs_quantity_times_the_standard_cost_of_its_day(sample: Sample, tables: Tables) -> None:
    days = dict(tables["invoices"].select("invoice_id", "invoiced_on").rows())
    lines = tables["invoice_lines"]
    some = pl.concat([lines.sample(200, seed=1), lines.filter(pl.col("quantity") < 0).head(20)])
    for line in some.iter_rows(named=True):
        exact = line["quantity"] * cost_on(sample, line["company_id"], line["product_id"], days[line["invoice_id"]])
        assert line["cost_amount"] == exact.quantize(CENT, ROUND_HALF_UP)


def test_work_in_progress_is_the_parts_of_what_was_begun_and_is_not_finished(sample: Sample, tables: Tables) -> None:
    begun = tables["work_orders"].filter(pl.col("started_at").is_not_null() & pl.col("finished_at").is_null())
    assert begun.height > 0
    parts = tables["stock_moves"].filter((pl.col("kind") == "consumption") & (pl.col("status") == "done"))
    in_work = dict.fromkeys(COMPANIES, NOTHING)
    for order, owner in begun.select("work_order_id", "company_id").rows():
        taken = NOTHING
        for move in parts.filter(pl.col("work_order_id") == order).iter_rows(named=True):
            day = move["moved_at"].astimezone(ZONES[owner]).date()
            taken += move["quantity"] * cost_on(sample, owner, move["product_id"], day)
        in_work[owner] += taken.quantize(CENT, ROUND_HALF_UP)
    booked = dict(_balance(tables, pl.col("code") == "1080", "company_id").rows())
    assert {owner: booked.get(owner, NOTHING) for owner in COMPANIES} == in_work


def test_on_the_days_on_which_costs_are_set_stock_is_valued_anew(sample: Sample, tables: Tables) -> None:
    anew = _entries(tables).filter(pl.col("document_number").str.starts_with("RVL-"))
    days = {sample.plan.date(int(day)) for day in sample.outcome.firm.demand.prices.cost_days if day >= 0}
    assert days
    assert set(anew["posted_on"]) == days
    assert anew.filter(pl.col("kind") == "inventory")["amount"].sum() > 0
