"""The budgets of the last two years and of this one: by account and month, planned from the year before."""

import polars as pl

from sample_data.accounts import ACCOUNTS, EXCHANGE, PRICE_VARIANCE, REVALUED, ROUNDED, STOCK_DIFFERENCES, account_key
from sample_data.exact import money, table
from sample_data.places import COMPANIES, CURRENCY
from sample_data.plan import Plan
from sample_data.planning import Plans, ended_months

YEARS_BACK, ROUND_SUM = 2, 100
GROWTH = {"income": 0.03, "cost_of_sales": 0.03, "expense": 0.02}
NOT_PLANNED = (EXCHANGE, PRICE_VARIANCE, REVALUED, ROUNDED, STOCK_DIFFERENCES)


def budget_table(plan: Plan, postings: pl.DataFrame, working: pl.DataFrame) -> pl.DataFrame:
    """One row per account and month, in whole hundreds; what is earned and what is spent are both positive."""
    rows = pl.concat([_planned(plan, postings, working, kind) for kind in GROWTH]).sort(
        "company_id", "account", "month"
    )
    keyed = rows.with_columns(
        key=account_key(pl.col("company_id"), pl.col("account")), ends=pl.col("month").dt.month_end()
    )
    hundreds = (rows["value"] / ROUND_SUM).round(0).cast(pl.Int64) * ROUND_SUM
    return table(
        "budgets",
        company_id=keyed["company_id"],
        budget_id=keyed["key"] + "-" + keyed["month"].dt.strftime("%Y%m"),
        ledger_account_id=keyed["key"],
        period_starts_on=keyed["month"],
        period_ends_on=keyed["ends"],
        amount=money(hundreds.to_numpy() * 100),
        currency=keyed["company_id"].replace_strict(COMPANIES, CURRENCY),
    )


def _planned(plan: Plan, postings: pl.DataFrame, working: pl.DataFrame, kind: str) -> pl.DataFrame:
    years = range(plan.until.year - YEARS_BACK, plan.until.year + 1)
    plans = Plans(plan, f"{kind} budgets", ("company_id", "account"), years, working)
    return plans.of_months(_actual(plan, postings, kind), GROWTH[kind], by_workdays=kind != "expense")


def _actual(plan: Plan, postings: pl.DataFrame, kind: str) -> pl.DataFrame:
    """By company, account and ended month: what was earned or spent, in units of the currency."""
    codes = [account.code for account in ACCOUNTS if account.kind == kind and account not in NOT_PLANNED]
    sign = -1 if kind == "income" else 1
    month, is_over = ended_months("posted_on", plan)
    kept = postings.filter(pl.col("account").is_in(codes) & is_over)
    return kept.group_by("company_id", "account", month=month).agg(value=sign * pl.col("cents").sum() / 100)
