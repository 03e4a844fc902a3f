"""Hours that technicians work for customers: service lines of orders are delivered by booked time."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from sample_data.days import Workdays
from sample_data.demand import REAL, Demand
from sample_data.exact import UNIT, labels, picked, quantities, table
from sample_data.people import SERVICE, Staff
from sample_data.places import COMPANIES
from sample_data.plan import Mask, Numbers

A_DAY = 8 * UNIT
STANDARD_DAYS = 14


@dataclass(frozen=True)
class ServiceWork:
    """When the hours of each order line are worked; for goods lines nothing."""

    demand: Demand
    staff: Staff

    @cached_property
    def is_hours(self) -> Mask:
        """By line, whether it is hours of a real order."""
        return ~self.demand.is_goods & (self.demand.state == REAL)[self.demand.order]

    @cached_property
    def first_day(self) -> Numbers:
        """By line, the first day of work."""
        wait = self.demand.plan.random("service work").integers(3, 21, len(self.demand.order))
        days = self.demand.day[self.demand.order] + wait
        return np.array([self._calendar(at).next(day) for at, day in enumerate(days.tolist())])

    def _calendar(self, line: int) -> Workdays:
        return self.demand.calendars[self.demand.country[self.demand.order[line]]]

    @cached_property
    def _days(self) -> tuple[Numbers, Numbers, Numbers]:
        """(line, day, thousandths of hours) of every day of work up to today, eight hours a day at most."""
        lines = np.flatnonzero(self.is_hours)
        rows = [row for line in lines.tolist() for row in self._of(line)]
        done = [row for row in rows if row[1] <= self.demand.plan.last]
        line, day, hours = (
            np.array(column, dtype=np.int64) for column in (zip(*done, strict=True) if done else ((),) * 3)
        )
        return line, day, hours

    def _of(self, line: int) -> list[tuple[int, int, int]]:
        left, day, rows = int(self.demand.quantity[line]), int(self.first_day[line]), []
        while left > 0:
            rows.append((line, day, min(left, A_DAY)))
            left -= A_DAY
            day = self._calendar(line).after(day, 1)
        return rows

    @cached_property
    def delivered(self) -> Numbers:
        """By line, thousandths of hours worked up to today."""
        line, _, hours = self._days
        return np.bincount(line, hours, len(self.demand.order)).astype(np.int64)

    @cached_property
    def finished(self) -> Numbers:
        """By line, the day on which its last hours were worked; -1 while some are to come."""
        line, day, _ = self._days
        last = np.full(len(self.demand.order), -1)
        np.maximum.at(last, line, day)
        return np.where(self.delivered == self.demand.quantity, last, -1)

    @cached_property
    def promised(self) -> Numbers:
        """By line, the day that is named when such work is ordered."""
        days = (self.demand.day[self.demand.order] + STANDARD_DAYS).tolist()
        return np.array([self._calendar(at).next(day) for at, day in enumerate(days)])

    def entries(self, line_keys: pl.Series) -> pl.DataFrame:
        """One row per line and day of work."""
        line, day, hours = self._days
        company = self.demand.company[self.demand.order[line]]
        return table(
            "time_entries",
            company_id=picked(COMPANIES, company),
            time_entry_id=labels("SRV-", np.arange(1, len(line) + 1)),
            employee_id=picked(self.staff.keys, self.staff.chosen("service work", company, SERVICE)),
            kind="timesheet",
            worked_on=self.demand.plan.dates(day),
            hours=quantities(hours),
            project="Service",
            sales_order_line_id=picked(line_keys, line),
        )
