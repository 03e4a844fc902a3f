"""The books: double entry for both companies, each in its own currency, out of the firm's papers and nothing else.

Every paper of a customer or supplier is a document of its own, under its own number. What happens many times a day in
the stores and plants is one document for each day and company; what nobody writes a paper for is one for each month.
Stock stands at standard cost: the price that a supplier asks above it, what was found missing and what was thrown away
are costs of the day, and when costs are set anew stock is valued anew. Amounts are posted in cents, and once a month
the cents that rounding left are taken to an account of their own, so stock in the books is quantity times cost exactly.
"""

from datetime import timedelta

import numpy as np
import polars as pl

from sample_data.accounts import (
    BANK,
    COST_OF,
    EQUITY,
    EXCHANGE,
    IN_WORK,
    INPUT_TAX,
    LOAN,
    MACHINES,
    MADE,
    NOT_BILLED,
    OUTPUT_TAX,
    PAYABLE,
    PRICE_VARIANCE,
    RECEIVABLE,
    REVALUED,
    ROUNDED,
    SALES_OF,
    SCRAPPED,
    SERVED,
    SERVICE_COST,
    STOCK_DIFFERENCES,
    WAGES,
    account_key,
)
from sample_data.exact import labels, money, table
from sample_data.overheads import Overheads
from sample_data.places import COMPANIES, CURRENCY
from sample_data.postings import (
    HEAD,
    WORTH_OF_A_CENT,
    Books,
    cents,
    divided,
    foreign,
    in_books,
    numbered,
    posted,
    the_rest,
    thousandths,
    with_rates,
)
from sample_data.stock_value import StockValue

BY_ACCOUNT = (*HEAD, "account")
TAX_IS_DUE_ON = 10
LEAST_AT_BANK, ROUND_SUM = 0.25, 10**7
IN_ORDER = ("posted_on", "document_number", "account", "cents")
GOODS_SOLD = ("delivery", "customer_return")


def postings(books: Books) -> pl.DataFrame:
    """Every posting of both companies up to the last day: company_id, document_number, posted_on, account, cents and so
    on; documents in the order of their days."""
    stock = StockValue(books)
    trade = [part(books) for part in (_invoices, _receipts_of_money, _bills, _payments_of_bills, _payroll)]
    goods = [part(books, stock) for part in (_goods_sold, _goods_received, _production, _write_offs, _revaluations)]
    living = pl.concat([*trade, *goods])
    kept = pl.concat([living, _to_the_cent(books, stock, living), Overheads(books, living).postings()])
    settled = pl.concat([kept, _tax_settled(books, kept)])
    return pl.concat([_opening(books, stock, settled), settled]).sort(IN_ORDER)


def entry_table(rows: pl.DataFrame) -> pl.DataFrame:
    """The postings as the unified model has them."""
    rows = rows.with_columns(ledger_account_id=account_key(pl.col("company_id"), pl.col("account")))
    amount, other = (rows[name].to_numpy() for name in ("cents", "foreign_cents"))
    is_foreign = rows["foreign_cents"].is_not_null().to_numpy()
    return table(
        "ledger_entries",
        company_id=rows["company_id"],
        ledger_entry_id=labels("GL-", np.arange(1, rows.height + 1), width=7),
        document_number=rows["document_number"],
        ledger_account_id=rows["ledger_account_id"],
        posted_on=rows["posted_on"],
        status="posted",
        debit=money(amount.clip(min=0)),
        credit=money((-amount).clip(min=0)),
        currency=rows["company_id"].replace_strict(COMPANIES, CURRENCY),
        foreign_amount=money(np.nan_to_num(other).astype(np.int64), is_foreign),
        foreign_currency=rows["foreign_currency"],
        customer_id=rows["customer_id"],
        supplier_id=rows["supplier_id"],
        description=rows["description"],
    )


def _head(rows: pl.DataFrame, number: str | pl.Expr, day: str | pl.Expr, *more: str, **named: pl.Expr) -> pl.DataFrame:
    """The rows with the document that they belong to."""
    return rows.select("company_id", *more, document_number=number, posted_on=day, **named)


def _summed(rows: pl.DataFrame, worth: str = "worth") -> pl.DataFrame:
    """By document and account: what the movements are worth, in cents."""
    return rows.group_by(BY_ACCOUNT).agg(cents=divided(pl.col(worth).sum(), WORTH_OF_A_CENT))


# Selling


def _invoices(books: Books) -> pl.DataFrame:
    invoices = books.papers["invoices"].filter(pl.col("status") == "posted")
    heads = _head(
        invoices, "number", "invoiced_on", "customer_id", "invoice_id", tax=cents("amount_tax"),
        total=cents("amount_total"),
    )  # fmt: skip
    lines = books.papers["invoice_lines"].select("invoice_id", "product_id", untaxed=cents("amount_untaxed"))
    sold = heads.join(lines, on="invoice_id", how="inner", validate="1:m").join(
        books.accounts(SALES_OF), on="product_id", how="left", validate="m:1"
    )
    income = sold.group_by(BY_ACCOUNT).agg(pl.col("untaxed").sum())
    text = ("Invoice", "销售发票")
    return pl.concat(
        [
            posted(heads, RECEIVABLE, pl.col("total"), text, customer_id=pl.col("customer_id")),
            posted(income, pl.col("account"), -pl.col("untaxed"), text),
            posted(heads, OUTPUT_TAX, -pl.col("tax"), text),
        ]
    )


def _receipts_of_money(books: Books) -> pl.DataFrame:
    came = books.papers["payments"].filter((pl.col("direction") == "in") & (pl.col("status") == "done"))
    rows = _head(came, "payment_id", "paid_on", "customer_id", amount=cents("amount"))
    text = ("Payment of a customer", "客户付款")
    who = pl.col("customer_id")
    return pl.concat(
        [
            posted(rows, BANK, pl.col("amount"), text),
            posted(rows, RECEIVABLE, -pl.col("amount"), text, customer_id=who),
        ]
    )


def _goods_sold(books: Books, stock: StockValue) -> pl.DataFrame:
    """What left and came back at its worth of the day, and hours at their cost; one document a day and company."""
    days = books.papers["invoices"].select("invoice_id", posted_on="invoiced_on")
    lines = books.papers["invoice_lines"].join(days, on="invoice_id", how="inner", validate="m:1")
    costed = lines.join(books.accounts(COST_OF), on="product_id", how="left", validate="m:1").with_columns(
        document_number=numbered("COS"), cost=cents("cost_amount")
    )
    costs = costed.group_by(BY_ACCOUNT).agg(pl.col("cost").sum())
    hours = costs.filter(pl.col("account") == SERVICE_COST.code)
    moved = stock.flows.filter(pl.col("kind").is_in(GOODS_SOLD)).with_columns(document_number=numbered("COS"))
    text = ("Cost of sales of the day", "当日销售成本")
    sold = pl.concat(
        [
            posted(costs, pl.col("account"), pl.col("cost"), text),
            posted(hours, SERVED, -pl.col("cost"), text),
            posted(_summed(moved), pl.col("account"), pl.col("cents"), text),
        ]
    )
    return pl.concat([sold, the_rest(sold, ROUNDED, text)])


# Buying


def _ordered(books: Books) -> pl.DataFrame:
    """By purchase line: the supplier, the price of a unit of purchase, and the rates of the day of the order."""
    orders = books.papers["purchase_orders"].select(
        "purchase_order_id", "supplier_id", ordered_on=pl.col("ordered_at").dt.date()
    )
    lines = books.papers["purchase_order_lines"].join(orders, on="purchase_order_id", how="left", validate="m:1")
    rated = with_rates(lines, books.papers["exchange_rates"], "ordered_on")
    pack = pl.when(pl.col("source_quantity") > 0).then(thousandths("quantity") // thousandths("source_quantity"))
    return rated.select(
        "purchase_order_line_id", "supplier_id", "own", "foreign", pack=pack.fill_null(1),
        price=(pl.col("unit_price") * 10**4).cast(pl.Int64),
    )  # fmt: skip


def _goods_received(books: Books, stock: StockValue) -> pl.DataFrame:
    """Into stock at standard cost, owed at the price of the order; one document for each receipt."""
    receipts = books.papers["receipts"].select("receipt_id", "number", "supplier_id")
    came = books.papers["receipt_lines"].filter(pl.col("status") == "done")
    lines = came.join(receipts, on="receipt_id", how="left", validate="m:1").join(
        _ordered(books).drop("supplier_id"), on="purchase_order_line_id", how="left", validate="m:1"
    )
    amount = divided(thousandths("received_quantity") // pl.col("pack") * pl.col("price"), WORTH_OF_A_CENT)
    owed = lines.group_by("company_id", "number", "supplier_id").agg(owed=in_books(amount).sum())
    received = stock.flows.filter(pl.col("kind") == "receipt")
    days = received.select("company_id", "posted_on", number="document_number").unique()
    heads = owed.join(days, on=["company_id", "number"], how="inner", validate="1:1")
    text = ("Goods received", "采购入库")
    taken = pl.concat(
        [
            posted(_summed(received), pl.col("account"), pl.col("cents"), text),
            posted(
                _head(heads, "number", "posted_on", "supplier_id", "owed"), NOT_BILLED, -pl.col("owed"), text,
                supplier_id=pl.col("supplier_id"),
            ),
        ]
    )  # fmt: skip
    return pl.concat([taken, the_rest(taken, PRICE_VARIANCE, text)])


def _rated_bills(books: Books) -> pl.DataFrame:
    """One row per bill, with the rates of its day."""
    bills = books.papers["supplier_bills"].filter(pl.col("status") == "posted")
    return with_rates(bills, books.papers["exchange_rates"], "billed_on")


def _bills(books: Books) -> pl.DataFrame:
    """What was taken for owed becomes a debt, at the rate of the bill's day."""
    bills = _head(
        _rated_bills(books), "number", "billed_on", "supplier_bill_id", "supplier_id", "currency", "books", "own",
        "foreign", total=cents("amount_total"), tax=cents("amount_tax"),
    )  # fmt: skip
    lines = books.papers["supplier_bill_lines"].join(
        _ordered(books).drop("supplier_id"), on="purchase_order_line_id", how="left", validate="m:1"
    )
    expected = lines.group_by("supplier_bill_id").agg(expected=in_books(cents("amount_untaxed")).sum())
    heads = bills.join(expected, on="supplier_bill_id", how="left", validate="1:1")
    text, who = ("Bill of a supplier", "供应商发票"), pl.col("supplier_id")
    owed = pl.concat(
        [
            posted(heads, NOT_BILLED, pl.col("expected"), text, supplier_id=who),
            posted(heads, INPUT_TAX, in_books(pl.col("tax")), text),
            posted(
                heads, PAYABLE, -in_books(pl.col("total")), text, supplier_id=who, **foreign(-pl.col("total")),
            ),
        ]
    )  # fmt: skip
    return pl.concat([owed, the_rest(owed, EXCHANGE, text)])


def _payments_of_bills(books: Books) -> pl.DataFrame:
    """A debt is paid as it stands in the books; what the bank gives more or less is a difference of exchange.

    A payment does not say which bill it is for: the first of a supplier and amount is for the first bill of these.
    """
    same = ["company_id", "supplier_id", "currency", "amount"]
    bills = _rated_bills(books).filter(pl.col("payment_status") == "paid").rename({"amount_total": "amount"})
    standing = _in_turn(bills.with_columns(stands=in_books(cents("amount"))), same).select(*same, "turn", "stands")
    paid = books.papers["payments"].filter((pl.col("direction") == "out") & (pl.col("status") == "done"))
    rated = _in_turn(with_rates(paid, books.papers["exchange_rates"], "paid_on"), same)
    rows = rated.join(standing, on=[*same, "turn"], how="left", validate="1:1")
    heads = _head(
        rows, "payment_id", "paid_on", "supplier_id", "currency", "books", "own", "foreign", "stands",
        amount=cents("amount"),
    )  # fmt: skip
    text = ("Payment to a supplier", "支付供应商款")
    done = pl.concat(
        [
            posted(
                heads, PAYABLE, pl.col("stands"), text, supplier_id=pl.col("supplier_id"), **foreign(pl.col("amount"))
            ),
            posted(heads, BANK, -in_books(pl.col("amount")), text, **foreign(-pl.col("amount"))),
        ]
    )
    return pl.concat([done, the_rest(done, EXCHANGE, text)])


def _in_turn(rows: pl.DataFrame, same: list[str]) -> pl.DataFrame:
    return rows.with_columns(turn=pl.int_range(pl.len()).over(same))


# Making and keeping


def _production(_: Books, stock: StockValue) -> pl.DataFrame:
    """Parts go into work at their worth; what is made comes out at its own, the difference being the work put in."""
    flows = stock.flows.with_columns(document_number=numbered("PRD"))
    taken, made = (flows.filter(pl.col("kind") == kind) for kind in ("consumption", "production"))
    parts = taken.group_by(*HEAD, "work_order_id").agg(cents=-divided(pl.col("worth").sum(), WORTH_OF_A_CENT))
    used = parts.group_by("work_order_id").agg(pl.col("cents").sum())
    finished = made.select(*HEAD, "work_order_id").unique().join(used, on="work_order_id", how="inner", validate="1:1")
    text = ("Production of the day", "当日生产")
    begun = pl.concat(
        [
            posted(_summed(taken), pl.col("account"), pl.col("cents"), text),
            posted(_by_day(parts), IN_WORK, pl.col("cents"), text),
        ]
    )
    rounded = the_rest(begun, ROUNDED, text)
    ended = pl.concat(
        [
            posted(_summed(made), pl.col("account"), pl.col("cents"), text),
            posted(_by_day(finished), IN_WORK, -pl.col("cents"), text),
        ]
    )
    return pl.concat([begun, rounded, ended, the_rest(ended, MADE, text)])


def _by_day(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by(HEAD).agg(pl.col("cents").sum())


def _write_offs(books: Books, stock: StockValue) -> pl.DataFrame:
    """What was thrown away, and what a count found or missed."""
    lived = stock.flows.filter(pl.col("posted_on") >= books.plan.start)
    scrapped = lived.filter(pl.col("kind") == "scrap").with_columns(document_number=numbered("SCR"))
    counted = lived.filter(pl.col("kind") == "adjustment").with_columns(document_number=numbered("CNT"))
    thrown, found = ("Scrap of the day", "当日报废"), ("Count of stock", "存货盘点")
    away = posted(_summed(scrapped), pl.col("account"), pl.col("cents"), thrown)
    differs = posted(_summed(counted), pl.col("account"), pl.col("cents"), found)
    return pl.concat([away, the_rest(away, SCRAPPED, thrown), differs, the_rest(differs, STOCK_DIFFERENCES, found)])


def _revaluations(_: Books, stock: StockValue) -> pl.DataFrame:
    anew = stock.revaluations.with_columns(document_number=numbered("RVL"))
    text = ("Standard costs set anew", "标准成本调整")
    changed = posted(_summed(anew), pl.col("account"), pl.col("cents"), text)
    return pl.concat([changed, the_rest(changed, REVALUED, text)])


def _to_the_cent(books: Books, stock: StockValue, living: pl.DataFrame) -> pl.DataFrame:
    """At the end of each month, what stock is worth less what the postings made of it."""
    start = books.plan.start
    opened = _summed(_opened(books, stock)).select("company_id", "account", "posted_on", "cents")
    kept = stock.changes["account"].unique().implode()
    booked = pl.concat([living.filter(pl.col("account").is_in(kept)).select(opened.columns), opened])
    both = pl.concat(
        [booked.with_columns(worth=pl.lit(0, pl.Int64)), stock.changes.with_columns(cents=pl.lit(0, pl.Int64))],
        how="diagonal",
    )
    ended = pl.max_horizontal("posted_on", pl.lit(start)).dt.month_end()
    month = pl.min_horizontal(ended, pl.lit(books.plan.until))
    by = ["company_id", "account"]
    monthly = both.group_by(*by, posted_on=month).agg(pl.col("cents", "worth").sum()).sort(*by, "posted_on")
    exact = divided(pl.col("worth").cum_sum().over(by), WORTH_OF_A_CENT)
    gap = exact - pl.col("cents").cum_sum().over(by)
    missed = monthly.with_columns(cents=gap - gap.shift(1, fill_value=0).over(by), document_number=numbered("RND"))
    text = ("Cents that rounding left", "四舍五入尾差")
    taken = posted(missed, pl.col("account"), pl.col("cents"), text)
    return pl.concat([taken, the_rest(taken, ROUNDED, text)])


# What has no paper


def _payroll(books: Books) -> pl.DataFrame:
    """The month's pay leaves the bank on its last day."""
    totals = books.papers["payroll_totals"]
    monthly = totals.group_by("company_id", posted_on="period_ends_on").agg(cents("amount").sum())
    rows = monthly.with_columns(document_number=numbered("WAG"))
    text = ("Payroll of the month", "当月工资")
    return pl.concat([posted(rows, WAGES, pl.col("amount"), text), posted(rows, BANK, -pl.col("amount"), text)])


def _tax_settled(books: Books, kept: pl.DataFrame) -> pl.DataFrame:
    """On the tenth of the next month: the tax that customers paid less the tax that suppliers were paid."""
    taxes = kept.filter(pl.col("account").is_in([OUTPUT_TAX.code, INPUT_TAX.code]))
    due = pl.col("posted_on").dt.month_start().dt.offset_by("1mo").dt.offset_by(f"{TAX_IS_DUE_ON - 1}d")
    monthly = taxes.group_by("company_id", "account", posted_on=due).agg(pl.col("cents").sum())
    rows = monthly.filter(pl.col("posted_on") <= books.plan.until).with_columns(document_number=numbered("TAX"))
    text = ("Tax of the month before", "缴纳上月增值税")
    settled = posted(rows, pl.col("account"), -pl.col("cents"), text)
    return pl.concat([settled, the_rest(settled, BANK, text)])


def _opened(books: Books, stock: StockValue) -> pl.DataFrame:
    """The movements by which the story's first stock came to be."""
    return stock.flows.filter(pl.col("posted_on") < books.plan.start).with_columns(document_number=numbered("OPEN"))


def _opening(books: Books, stock: StockValue, settled: pl.DataFrame) -> pl.DataFrame:
    """The books on the evening before the first day: stock, machines, a loan, and at the bank what will be needed."""
    eve = books.plan.start - timedelta(days=1)
    heads = pl.DataFrame({"company_id": list(COMPANIES), "posted_on": [eve] * len(COMPANIES)})
    heads = heads.with_columns(document_number=numbered("OPEN")).join(
        _needed(settled), on="company_id", how="left", validate="1:1"
    )
    fixed = Overheads(books, settled).fixed
    text = ("Opening balance", "期初余额")
    known = heads.join(fixed, on="company_id", how="left", validate="1:1")
    owned = pl.concat(
        [
            posted(_summed(_opened(books, stock)), pl.col("account"), pl.col("cents"), text),
            posted(known, BANK, pl.col("bank"), text),
            posted(known, MACHINES, pl.col("machines"), text),
            posted(known, LOAN, -pl.col("loan"), text),
        ]
    )
    return pl.concat([owned, the_rest(owned, EQUITY, text)])


def _needed(settled: pl.DataFrame) -> pl.DataFrame:
    """By company: so much at the bank that it never runs dry, in a round sum."""
    by = "company_id"
    daily = settled.filter(pl.col("account") == BANK.code).group_by(by, "posted_on").agg(pl.col("cents").sum())
    lowest = daily.sort("posted_on").group_by(by).agg(lowest=pl.col("cents").cum_sum().min())
    wanted = ((-pl.col("lowest")).clip(0) * (1 + LEAST_AT_BANK)).cast(pl.Int64)
    return lowest.select(by, bank=(wanted // ROUND_SUM + 1) * ROUND_SUM)
