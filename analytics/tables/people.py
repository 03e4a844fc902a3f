"""Hours, absences and payroll totals."""

import dataframely as dy
import polars as pl

from analytics.tables import columns as c
from analytics.tables.record import Record


class TimeEntries(Record):
    """One row per attendance or per booked time."""

    time_entry_id = c.key("The entry")
    employee_id = c.reference("employees", "Employee")
    kind = c.status(("attendance", "timesheet"), "attendance: present; timesheet: booked on work")
    worked_on = c.day("Day", nullable=False)
    started_at = c.instant("Start")
    ended_at = c.instant("End")
    hours = c.hours("Hours", nullable=True)
    project = c.name("Project or task", nullable=True)
    work_order_id = c.reference("work_orders", "Work order")
    sales_order_line_id = c.reference("sales_order_lines", "The order line it is billed on")
    description = c.text("What was done")

    @dy.rule()
    def entry_ends_after_start(cls) -> pl.Expr:
        return cls.ended_at.col >= cls.started_at.col


class Absences(Record):
    """One row per absence."""

    absence_id = c.key("The absence")
    employee_id = c.reference("employees", "Employee", nullable=False)
    kind = c.name("Holiday, illness, other", nullable=True)
    status = c.status(("requested", "approved", "refused"), "Only approved absences count")
    starts_on = c.day("First day", nullable=False)
    ends_on = c.day("Last day", nullable=False)
    days = c.days("Working days")

    @dy.rule()
    def absence_ends_after_start(cls) -> pl.Expr:
        return cls.ends_on.col >= cls.starts_on.col


class PayrollTotals(Record):
    """One row per department and pay period: sums only, never a person's pay."""

    payroll_total_id = c.key("The total")
    department_id = c.reference("departments", "Department")
    period_starts_on = c.day("First day", nullable=False)
    period_ends_on = c.day("Last day", nullable=False)
    head_count = c.count("People paid", nullable=True, unit="people")
    amount = c.amount("Cost to the firm", needs="payroll")
    currency = c.currency()

    @dy.rule()
    def payroll_ends_after_start(cls) -> pl.Expr:
        return cls.period_ends_on.col >= cls.period_starts_on.col
