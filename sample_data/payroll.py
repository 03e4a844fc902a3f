"""What the firm pays its people: the hours they were there and those of paid absence, by department and month."""

from datetime import date, timedelta

import polars as pl

from sample_data.days import CN, DE, Workdays
from sample_data.exact import UNIT, money, table
from sample_data.people import Staff
from sample_data.places import COMPANIES, CURRENCY, PARENT, month_starts
from sample_data.plan import Plan
from sample_data.postings import divided, thousandths

HOURS_A_DAY = 8
TEN_THOUSANDTHS_IN_A_CENT = 100


def payroll_table(
    staff: Staff, calendars: tuple[Workdays, ...], entries: pl.DataFrame, absences: pl.DataFrame
) -> pl.DataFrame:
    """One row per department and calendar month that has ended: head count, and hours times what an hour costs.

    A day of absence on which others work is paid like eight hours.
    """
    there = entries.filter(pl.col("kind") == "attendance").select(
        "employee_id", day="worked_on", hours=thousandths("hours")
    )
    hours = pl.concat([there, _paid_absence(staff, calendars, absences)])
    monthly = hours.group_by("employee_id", period_starts_on=pl.col("day").dt.month_start()).agg(pl.col("hours").sum())
    paid = monthly.join(_people(staff), on="employee_id", how="inner", validate="m:1").with_columns(
        cents=divided(pl.col("hours") * pl.col("hourly_cost"), UNIT * TEN_THOUSANDTHS_IN_A_CENT)
    )
    by = ("company", "department_id", "period_starts_on")
    totals = paid.group_by(by).agg(pl.col("cents").sum(), heads=pl.len()).sort(by)
    return _as_table(totals.filter(pl.col("period_starts_on").is_in(_ended(staff.plan))))


def _as_table(totals: pl.DataFrame) -> pl.DataFrame:
    month = pl.col("period_starts_on").dt.strftime("%Y%m")
    keyed = totals.with_columns(
        key=pl.format("PAY-{}-{}", "department_id", month), period_ends_on=pl.col("period_starts_on").dt.month_end()
    )
    return table(
        "payroll_totals",
        company_id=[COMPANIES[company] for company in keyed["company"]],
        payroll_total_id=keyed["key"],
        department_id=keyed["department_id"],
        period_starts_on=keyed["period_starts_on"],
        period_ends_on=keyed["period_ends_on"],
        head_count=keyed["heads"],
        amount=money(keyed["cents"].to_numpy()),
        currency=[CURRENCY[company] for company in keyed["company"]],
    )


def _people(staff: Staff) -> pl.DataFrame:
    return pl.DataFrame(
        [(e.key, e.company, e.department_key, e.hourly_cost) for e in staff.employees],
        schema=["employee_id", "company", "department_id", "hourly_cost"],
        orient="row",
    )


def _paid_absence(staff: Staff, calendars: tuple[Workdays, ...], absences: pl.DataFrame) -> pl.DataFrame:
    """One row per employee and working day of an approved absence."""
    away = absences.filter(pl.col("status") == "approved").select(
        "company_id", "employee_id", day=pl.date_ranges("starts_on", "ends_on")
    )
    working = pl.concat([_working(staff.plan, calendars, company) for company in range(len(COMPANIES))])
    days = away.explode("day").join(working, on=["company_id", "day"], how="semi")
    return days.select("employee_id", "day", hours=pl.lit(HOURS_A_DAY * UNIT, pl.Int64))


def _working(plan: Plan, calendars: tuple[Workdays, ...], company: int) -> pl.DataFrame:
    """The working days of the story at a company."""
    mask = calendars[DE if company == PARENT else CN].mask
    every = pl.date_range(plan.start, plan.until, eager=True)
    return pl.DataFrame({"company_id": [COMPANIES[company]] * len(every), "day": every}).filter(pl.Series(mask))


def _ended(plan: Plan) -> list[date]:
    """The first days of the months that were over on the evening of the last day."""
    firsts = [plan.date(day) for day in month_starts(plan)]
    last = plan.until + timedelta(days=1)
    return firsts if last.day == 1 else firsts[:-1]
