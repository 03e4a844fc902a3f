"""Budgets and targets: what the year before brought and a little more; so reality is above here and below there."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from analytics.tables import TABLES
from analytics.tables.own import TARGETED
from sample_data import Plan
from sample_data.days import workdays
from sample_data.planning import Plans, working_days

Tables = Mapping[str, pl.DataFrame]
JANUARY, FEBRUARY, MARCH = (date(2025, month, 1) for month in (1, 2, 3))
OWNER = "TQ-DE"


def plans(*years: int, workdays_of: Mapping[date, int] | None = None) -> Plans:
    """Plans of one company's things, with so many working days in a month (20 where nothing is said)."""
    months = [date(year, month, 1) for year in (2025, 2026) for month in range(1, 13)]
    days = [(workdays_of or {}).get(month, 20) for month in months]
    working = pl.DataFrame({"company_id": [OWNER] * 24, "month": months, "days": days})
    return Plans(Plan(), "tests", ("company_id",), years, working)


def months(**values: float) -> pl.DataFrame:
    """What January, February and March of 2025 brought."""
    known = {"january": JANUARY, "february": FEBRUARY, "march": MARCH}
    rows = [(OWNER, known[name], value) for name, value in values.items()]
    return pl.DataFrame(rows, schema=["company_id", "month", "value"], orient="row")


def planned(rows: pl.DataFrame, year: int) -> list[float]:
    """The plan of January, February and March."""
    return rows.filter(pl.col("month").dt.year() == year).sort("month")["value"].head(3).to_list()


def test_a_month_is_planned_as_the_same_month_a_year_before_and_so_much_more() -> None:
    rows = plans(2026).of_months(months(january=100.0, february=200.0, march=300.0), 0.1)
    assert planned(rows, 2026) == pytest.approx([110, 220, 330])


def test_a_month_without_a_row_brought_nothing() -> None:
    other = months(february=1.0).with_columns(company_id=pl.lit("TQ-CN"))
    rows = plans(2026).of_months(pl.concat([months(january=100.0, march=300.0), other]), 0.0)
    assert planned(rows.filter(pl.col("company_id") == OWNER), 2026) == pytest.approx([100, 0, 300])


def test_a_month_with_more_working_days_is_planned_higher() -> None:
    days = {date(2026, 1, 1): 22, date(2026, 2, 1): 18}
    rows = plans(2026, workdays_of=days).of_months(
        months(january=100.0, february=100.0, march=100.0), 0.0, by_workdays=True
    )
    assert planned(rows, 2026) == pytest.approx([110, 90, 100])


def test_a_peak_is_shared_with_the_months_beside_it() -> None:
    rows = plans(2026).of_months(months(january=100.0, february=200.0, march=100.0), 0.0, by_workdays=True)
    assert planned(rows, 2026) == pytest.approx([125, 150, 125])


def test_where_the_books_do_not_reach_back_the_plan_is_a_guess_near_what_came() -> None:
    rows = plans(2025).of_months(months(january=100.0, february=200.0, march=300.0), 0.5)
    guessed = planned(rows, 2025)
    assert guessed == pytest.approx([100, 200, 300], rel=0.25)
    assert guessed != [100, 200, 300]


def test_a_ratio_is_planned_from_the_sums_of_the_year_before() -> None:
    rows = pl.DataFrame(
        {"company_id": [OWNER] * 2, "month": [JANUARY, MARCH], "over": [1.0, 90.0], "under": [10.0, 90.0]}
    )
    assert planned(plans(2026).of_years(rows, 0.1), 2026) == pytest.approx([0.91 * 1.1] * 3)


def test_working_days_are_those_of_each_company() -> None:
    plan = Plan(until=date(2026, 3, 15), months=6)
    days = {(row[0], row[1]): row[2] for row in working_days(plan, workdays(plan)).rows()}
    assert (days[OWNER, date(2026, 1, 1)], days["TQ-CN", date(2026, 1, 1)]) == (20, 21)
    assert days[OWNER, date(2026, 12, 1)] == 17


# Targets of the sample

MONEY = {"orders_taken", "revenue", "gross_margin", "stock_value", "overdue_receivables"}
SHARES = {"gross_margin_rate", "on_time_in_full", "supplier_on_time"}


@pytest.fixture(scope="module")
def targets(small: Tables) -> pl.DataFrame:
    return small["targets"].with_columns(pl.col("value").cast(pl.Float64))


def test_every_metric_has_a_target_for_every_company_and_month_of_this_year_and_the_last(targets: pl.DataFrame) -> None:
    whole = targets.filter(pl.col("region").is_null())
    counted = whole.group_by("metric", "company_id").agg(
        pl.len(), first=pl.col("period_starts_on").min(), last=pl.col("period_ends_on").max()
    )
    assert set(counted["metric"]) == set(TARGETED) - {"margin_at_risk"}
    assert set(counted.select("len", "first", "last").rows()) == {(24, date(2025, 1, 1), date(2026, 12, 31))}
    assert counted.height == 2 * counted["metric"].n_unique()


def test_money_has_the_currency_of_the_company_and_the_rest_none(small: Tables, targets: pl.DataFrame) -> None:
    books = dict(small["companies"].select("company_id", "currency").rows())
    expected = pl.when(pl.col("metric").is_in(list(MONEY))).then(pl.col("company_id").replace_strict(books))
    assert targets.filter(pl.col("currency").ne_missing(expected)).is_empty()


def test_shares_are_between_nothing_and_all_and_days_are_some(targets: pl.DataFrame) -> None:
    shares = targets.filter(pl.col("metric").is_in(list(SHARES)))["value"]
    days = targets.filter(pl.col("metric") == "days_of_stock")["value"]
    assert shares.is_between(0.2, 1.0).all()
    assert days.is_between(20, 400).all()


def test_the_revenue_of_a_company_is_that_of_its_regions(small: Tables) -> None:
    revenue = small["targets"].filter(pl.col("metric") == "revenue")
    keys = ["company_id", "period_starts_on"]
    regions = revenue.drop_nulls("region").group_by(keys).agg(regions=pl.col("value").sum())
    both = revenue.filter(pl.col("region").is_null()).join(regions, on=keys, validate="1:1")
    assert both.height == 48
    assert both.filter(pl.col("value") != pl.col("regions")).is_empty()
    assert set(revenue["region"].drop_nulls()) == set(small["customers"]["region"])


def test_the_margin_is_revenue_times_its_rate(targets: pl.DataFrame) -> None:
    wide = targets.filter(pl.col("region").is_null()).pivot(
        "metric", index=["company_id", "period_starts_on"], values="value"
    )
    assert wide["gross_margin"].to_list() == pytest.approx((wide["revenue"] * wide["gross_margin_rate"]).to_list())


def test_reality_is_above_in_some_months_and_below_in_others(small: Tables, targets: pl.DataFrame) -> None:
    heads = small["invoices"].select("invoice_id", day="invoiced_on")
    lines = small["invoice_lines"].join(heads, on="invoice_id", validate="m:1")
    sold = lines.group_by("company_id", period_starts_on=pl.col("day").dt.month_start()).agg(
        revenue=pl.col("amount_untaxed").sum().cast(pl.Float64)
    )
    whole = targets.filter((pl.col("metric") == "revenue") & pl.col("region").is_null())
    reached = whole.join(sold, on=["company_id", "period_starts_on"], validate="1:1").with_columns(
        reached=pl.col("revenue") / pl.col("value")
    )
    assert reached.height == 36
    assert 4 < reached.filter(pl.col("reached") > 1).height < 32
    assert reached["reached"].mean() == pytest.approx(1, abs=0.2)


def test_targets_obey_their_schema(small: Tables) -> None:
    assert small["targets"].filter(~pl.col("metric").is_in(TARGETED)).is_empty()
    assert small["targets"]["target_id"].is_unique().all()
    assert {"metric", "value", "currency", "region"} <= set(TABLES["targets"].column_names())


# Budgets of the sample


def test_income_costs_and_expenses_have_a_budget_in_every_month_of_three_years(small: Tables) -> None:
    budgets = small["budgets"]
    months = pl.date_range(date(2024, 1, 1), date(2026, 12, 1), "1mo", eager=True)
    counted = budgets.group_by("ledger_account_id").agg(
        pl.len(), pl.col("period_starts_on").n_unique().alias("months"), pl.col("period_starts_on").min()
    )
    assert set(counted.select("len", "months", "period_starts_on").rows()) == {(36, len(months), months[0])}
    kinds = dict(small["ledger_accounts"].select("ledger_account_id", "kind").rows())
    assert {kinds[account] for account in budgets["ledger_account_id"]} == {"income", "cost_of_sales", "expense"}


def test_what_is_to_be_earned_and_what_may_be_spent_are_both_positive_and_round(small: Tables) -> None:
    code = pl.col("ledger_account_id").str.slice(-4)
    usual = small["budgets"].filter(code.is_in(["4400", "5400", "6000", "6310"]))
    assert usual.height == 4 * 2 * 36
    assert usual.filter((pl.col("amount") <= 0) | (pl.col("amount") % Decimal(100) != 0)).is_empty()


def test_a_budget_is_near_what_the_account_came_to(small: Tables) -> None:
    rent = pl.col("ledger_account_id") == "TQ-DE-6310"
    booked = (
        small["ledger_entries"].filter(rent).select(period_starts_on=pl.col("posted_on").dt.month_start(), paid="debit")
    )
    both = small["budgets"].filter(rent).join(booked, on="period_starts_on", validate="1:1")
    assert both.height == 30
    assert both.filter((pl.col("amount") / pl.col("paid") - 1).abs() > Decimal("0.4")).is_empty()
