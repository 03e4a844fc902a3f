"""The papers of making: work orders, their operations, the hours booked on them, and scrap."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from sample_data.catalogue import CENTERS, Product
from sample_data.exact import UNIT, labels, picked, quantities, table
from sample_data.firm import NONE, Firm, WorkOrder
from sample_data.people import PRODUCTION, Staff
from sample_data.places import COMPANIES, LOCATIONS, PLACES, place_in
from sample_data.plan import Plan

BEGINS, ENDS, A_DAY = 500, 790, 480.0


@dataclass(frozen=True)
class Step:
    """One operation of one work order. Days are ``NONE`` where they have not come."""

    order: WorkOrder
    at: int
    center: str
    planned: int
    actual: int
    begins: int
    ends: int


@dataclass(frozen=True)
class Production:
    """All work orders with their operations."""

    firm: Firm

    @property
    def plan(self) -> Plan:
        """The sample."""
        return self.firm.plan

    @property
    def orders(self) -> list[WorkOrder]:
        """All work orders, by their number."""
        return self.firm.record.work_orders

    @cached_property
    def keys(self) -> pl.Series:
        """By work order."""
        return labels("WO-", np.arange(1, len(self.orders) + 1))

    def product(self, order: WorkOrder) -> Product:
        """What a work order makes."""
        return self.firm.network.catalogue.products[order.node.product]

    @cached_property
    def steps(self) -> list[Step]:
        """Every operation, by work order."""
        pace = self.plan.random("operations").normal(1.04, 0.12, 4 * len(self.orders)).clip(0.7, 1.8).tolist()
        return [step for order in self.orders for step in self._steps(order, pace)]

    def _steps(self, order: WorkOrder, pace: list[float]) -> list[Step]:
        minutes = self.product(order).family.minutes
        return [self._step(order, at, len(minutes), pace[4 * order.index + at]) for at in range(len(minutes))]

    def _step(self, order: WorkOrder, at: int, count: int, pace: float) -> Step:
        """The days from start to finish are shared among the operations."""
        center, setup, each = self.product(order).family.minutes[at]
        planned = round((setup + each * order.quantity / UNIT) * UNIT)
        if order.finished != NONE:
            span = order.finished - order.started
            begins, ends = (order.started + span * (at + more) // count for more in (0, 1))
            return Step(order, at, center, planned, round(planned * pace), begins, ends)
        if order.started != NONE and at == 0:
            return Step(order, at, center, planned, round(planned * 0.3), order.started, NONE)
        return Step(order, at, center, planned, 0, NONE, NONE)


def production_tables(production: Production) -> dict[str, pl.DataFrame]:
    """Work orders, operations and scrap."""
    return {
        "work_orders": _orders(production),
        "work_order_operations": _operations(production),
        "scrap": _scrap(production),
    }


def _status(order: WorkOrder) -> str:
    if order.is_cancelled:
        return "cancelled"
    return "confirmed" if order.finished == NONE else "done"


def _orders(production: Production) -> pl.DataFrame:
    plan, rows = production.plan, production.orders
    planned, due, started, finished = (
        np.array([getattr(row, at) for row in rows], dtype=np.int64)
        for at in ("planned_start", "due", "started", "finished")
    )
    zone = np.array([PLACES[row.node.place].zone for row in rows], dtype=np.int64)
    keys = [production.product(row).key for row in rows]
    return table(
        "work_orders",
        company_id=[COMPANIES[row.node.company] for row in rows],
        work_order_id=production.keys,
        number=production.keys,
        product_id=keys,
        bom_id=[f"B-{key}" for key in keys],
        site_id=[PLACES[row.node.place].code for row in rows],
        status=[_status(row) for row in rows],
        quantity=quantities([row.quantity for row in rows]),
        produced_quantity=quantities([row.quantity if row.finished != NONE else 0 for row in rows]),
        planned_start_at=plan.instants(planned, np.full(len(rows), BEGINS), zone),
        due_on=plan.dates(due),
        started_at=plan.instants(started, np.full(len(rows), BEGINS), zone, started != NONE),
        finished_at=plan.instants(finished, np.full(len(rows), 800), zone, finished != NONE),
    )


def _step_status(step: Step) -> str:
    if step.order.is_cancelled:
        return "cancelled"
    if step.ends != NONE:
        return "done"
    if step.begins != NONE:
        return "started"
    return "ready" if step.at == 0 else "planned"


def _operations(production: Production) -> pl.DataFrame:
    plan, rows = production.plan, production.steps
    begins, ends = (np.array([getattr(row, at) for row in rows], dtype=np.int64) for at in ("begins", "ends"))
    planned = np.array([row.order.planned_start for row in rows], dtype=np.int64)
    zone = np.array([PLACES[row.order.node.place].zone for row in rows], dtype=np.int64)
    names = {code: name for code, name, _, _ in CENTERS}
    at_start, at_end = np.full(len(rows), BEGINS), np.full(len(rows), ENDS)
    return table(
        "work_order_operations",
        company_id=[COMPANIES[row.order.node.company] for row in rows],
        work_order_operation_id=labels("WOP-", np.arange(1, len(rows) + 1)),
        work_order_id=picked(production.keys, [row.order.index for row in rows]),
        operation_id=[f"OP-{production.product(row.order).key}-{row.at + 1}" for row in rows],
        work_center_id=[f"WC-{PLACES[row.order.node.place].code}-{row.center}" for row in rows],
        sequence=[row.at * 10 + 10 for row in rows],
        name=[names[row.center] for row in rows],
        status=[_step_status(row) for row in rows],
        planned_minutes=quantities([row.planned for row in rows]),
        actual_minutes=quantities([row.actual for row in rows]),
        produced_quantity=quantities([row.order.quantity if row.ends != NONE else 0 for row in rows]),
        planned_start_at=plan.instants(planned, at_start, zone),
        started_at=plan.instants(begins, at_start, zone, begins != NONE),
        finished_at=plan.instants(ends, at_end, zone, ends != NONE),
    )


def booked_hours(production: Production, staff: Staff) -> pl.DataFrame:
    """The minutes of each operation as hours of operators, eight a day at most."""
    steps = [step for step in production.steps if step.actual]
    minutes = np.array([step.actual for step in steps], dtype=np.int64)
    people = np.maximum(1, -(-minutes // int(A_DAY * UNIT)))
    step = np.repeat(np.arange(len(steps)), people)
    part = np.arange(len(step)) - np.repeat(np.cumsum(people) - people, people)
    share = minutes[step] // people[step] + np.where(part == 0, minutes[step] % people[step], 0)
    company = np.array([s.order.node.company for s in steps], dtype=np.int64)[step]
    return table(
        "time_entries",
        company_id=picked(COMPANIES, company),
        time_entry_id=labels("WRK-", np.arange(1, len(step) + 1)),
        employee_id=picked(staff.keys, staff.chosen("booked hours", company, PRODUCTION)),
        kind="timesheet",
        worked_on=production.plan.dates(np.array([s.begins for s in steps], dtype=np.int64)[step]),
        hours=quantities(share // 60),
        project="Production",
        work_order_id=picked(production.keys, np.array([s.order.index for s in steps], dtype=np.int64)[step]),
    )


def _scrap(production: Production) -> pl.DataFrame:
    rows = production.firm.record.scrappings
    moves = [row.move for row in rows]
    location = [LOCATIONS[move.from_location] for move in moves]
    place = [PLACES[place_in(name)] for name in location]
    day, minute = (np.array([getattr(move, at) for move in moves], dtype=np.int64) for at in ("day", "minute"))
    return table(
        "scrap",
        company_id=pl.Series([COMPANIES[p.company] for p in place], dtype=pl.String),
        scrap_id=labels("SCR-", np.arange(1, len(rows) + 1)),
        product_id=picked(production.firm.network.catalogue.keys, [move.product for move in moves]),
        site_id=pl.Series(location, dtype=pl.String),
        work_order_id=picked(production.keys, [move.work_order for move in moves]),
        status="done",
        quantity=quantities([move.quantity for move in moves]),
        scrapped_at=production.plan.instants(day, minute, np.array([p.zone for p in place], dtype=np.int64)),
        reason=pl.Series([row.reason for row in rows], dtype=pl.String),
    )
