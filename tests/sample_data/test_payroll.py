"""Pay is the hours that people were there, and those of paid absence, at what an hour of theirs costs."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from sample_data import company

Tables = Mapping[str, pl.DataFrame]
CENT = Decimal("0.01")
CALENDARS = {"TQ-DE": "CAL-DE", "TQ-CN": "CAL-CN"}
ZONES = {"TQ-DE": "Europe/Berlin", "TQ-CN": "Asia/Shanghai"}


def days_off(tables: Tables, owner: str) -> set[date]:
    """The holidays of a company."""
    calendar = tables["calendar_exceptions"].filter(pl.col("calendar_id") == CALENDARS[owner])
    return set(calendar["starts_at"].dt.convert_time_zone(ZONES[owner]).dt.date())


def paid_hours(tables: Tables) -> dict[tuple[str, date], Decimal]:
    """By employee and month; a day of absence on which others work counts as eight hours."""
    hours: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    there = tables["time_entries"].filter(pl.col("kind") == "attendance")
    for employee, day, worked in there.select("employee_id", "worked_on", "hours").rows():
        hours[employee, day.replace(day=1)] += worked
    off = {owner: days_off(tables, owner) for owner in CALENDARS}
    for row in tables["absences"].iter_rows(named=True):
        for ahead in range((row["ends_on"] - row["starts_on"]).days + 1):
            day = row["starts_on"] + timedelta(days=ahead)
            if day.weekday() < 5 and day not in off[row["company_id"]]:
                hours[row["employee_id"], day.replace(day=1)] += 8
    return hours


def test_payroll_is_hours_times_what_an_hour_costs(small: Tables) -> None:
    people = {row["employee_id"]: row for row in small["employees"].iter_rows(named=True)}
    paid: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for (employee, month), hours in paid_hours(small).items():
        person = people[employee]
        paid[person["department_id"], month] += (hours * person["hourly_cost"]).quantize(CENT, ROUND_HALF_UP)
    told = small["payroll_totals"].select("department_id", "period_starts_on", "amount").rows()
    assert {(department, month): amount for department, month, amount in told} == paid


def test_everybody_of_a_department_is_counted_in_every_month(small: Tables) -> None:
    heads = dict(small["employees"]["department_id"].value_counts().rows())
    totals = small["payroll_totals"]
    assert totals.filter(pl.col("head_count") != pl.col("department_id").replace_strict(heads)).is_empty()
    assert totals.height == len(heads) * totals["period_starts_on"].n_unique()


def test_a_month_is_paid_when_it_has_ended() -> None:
    before_its_end, at_its_end = (
        company(scale=0.01, until=until)["payroll_totals"]["period_ends_on"].max()
        for until in (date(2026, 3, 30), date(2026, 3, 31))
    )
    assert (before_its_end, at_its_end) == (date(2026, 2, 28), date(2026, 3, 31))


def test_nobody_is_there_while_away(small: Tables) -> None:
    away = (
        small["absences"].select("employee_id", worked_on=pl.date_ranges("starts_on", "ends_on")).explode("worked_on")
    )
    there = small["time_entries"].filter(pl.col("kind") == "attendance")
    assert there.join(away, on=["employee_id", "worked_on"], how="semi").is_empty()


def test_people_are_on_holiday_and_ill(small: Tables) -> None:
    days = dict(small["absences"].group_by("kind").agg(pl.col("days").sum()).rows())
    years = Decimal(small["payroll_totals"]["period_starts_on"].n_unique()) / 12
    a_year = {kind: total / years / small["employees"].height for kind, total in days.items()}
    assert 10 < a_year["Holiday"] < 30
    assert 2 < a_year["Illness"] < 12
