"""Who works for the firm: departments and employees, their attendance and absences."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from sample_data.days import CN, DE, Workdays
from sample_data.exact import labels, picked, prices, quantities, table, whole
from sample_data.names import FIRST_NAMES, FIRST_NAMES_ZH, SURNAMES, SURNAMES_ZH
from sample_data.places import COMPANIES, CURRENCY, PARENT, SISTER
from sample_data.plan import Numbers, Plan

DEPARTMENTS = (
    # name, Chinese name, head count at parent and sister, job, cost of an hour in euros
    ("Management", "管理层", 2, 1, "Managing director", 95.0),
    ("Sales", "销售部", 9, 5, "Account manager", 52.0),
    ("Service", "服务部", 7, 4, "Service technician", 44.0),
    ("Purchasing", "采购部", 4, 2, "Buyer", 46.0),
    ("Production", "生产部", 16, 9, "Machine operator", 36.0),
    ("Logistics", "物流部", 8, 4, "Warehouse clerk", 31.0),
    ("Finance", "财务部", 3, 2, "Accountant", 45.0),
)  # fmt: skip
MANAGEMENT, SALES, SERVICE, PURCHASING, PRODUCTION, LOGISTICS, FINANCE = range(len(DEPARTMENTS))
WAGE_LEVEL = (1.0, 7.85 * 0.38)


@dataclass(frozen=True)
class Employee:
    """One employee."""

    index: int
    company: int
    department: int
    name: str

    @property
    def key(self) -> str:
        """The employee's key."""
        return f"E-{self.index + 1:03d}"

    @property
    def department_key(self) -> str:
        """The key of the department."""
        return f"DEP-{COMPANIES[self.company]}-{self.department + 1}"

    @property
    def hourly_cost(self) -> int:
        """Ten-thousandths of the company's currency."""
        return round(DEPARTMENTS[self.department][5] * WAGE_LEVEL[self.company] * 100) * 100


@dataclass(frozen=True)
class Staff:
    """All employees. Their number does not follow the scale: it is the same firm, with more or fewer customers."""

    plan: Plan

    @cached_property
    def employees(self) -> tuple[Employee, ...]:
        """By company and department."""
        random = self.plan.random("employees")
        seats = [(c, d) for c in (PARENT, SISTER) for d, row in enumerate(DEPARTMENTS) for _ in range(_heads(row, c))]
        return tuple(Employee(at, c, d, _name(random, c)) for at, (c, d) in enumerate(seats))

    def of(self, company: int, department: int) -> list[int]:
        """The numbers of the employees of a department."""
        return [e.index for e in self.employees if (e.company, e.department) == (company, department)]

    @cached_property
    def keys(self) -> list[str]:
        """The employees' keys."""
        return [employee.key for employee in self.employees]

    def chosen(self, subject: str, company: Numbers, department: int) -> Numbers:
        """For each row's company, an employee of the department."""
        random = self.plan.random(f"staff of {subject}")
        draw = random.random(len(company))
        pools = [np.array(self.of(at, department)) for at in (PARENT, SISTER)]
        west, east = (pool[(draw * len(pool)).astype(np.int64)] for pool in pools)
        return np.where(company == PARENT, west, east)


def _heads(department: tuple[str, str, int, int, str, float], company: int) -> int:
    _, _, west, east, _, _ = department
    return (west, east)[company]


def _name(random: np.random.Generator, company: int) -> str:
    if company == SISTER:
        return f"{random.choice(SURNAMES_ZH)}{random.choice(FIRST_NAMES_ZH)}"
    return f"{random.choice(FIRST_NAMES)} {random.choice(SURNAMES)}"


def people_tables(staff: Staff, calendars: tuple[Workdays, ...]) -> dict[str, pl.DataFrame]:
    """Departments, employees and absences."""
    return {
        "departments": _departments(),
        "employees": _employees(staff),
        "absences": _absence_table(staff, calendars),
    }


def _departments() -> pl.DataFrame:
    rows = [(c, d, row) for c in (PARENT, SISTER) for d, row in enumerate(DEPARTMENTS)]
    return table(
        "departments",
        company_id=[COMPANIES[c] for c, _, _ in rows],
        department_id=[f"DEP-{COMPANIES[c]}-{d + 1}" for c, d, _ in rows],
        name=[row[c] for c, _, row in rows],
        parent_department_id=[None if d == MANAGEMENT else f"DEP-{COMPANIES[c]}-1" for c, d, _ in rows],
        is_active=True,
    )


def _employees(staff: Staff) -> pl.DataFrame:
    heads = {(e.company, e.department): e.key for e in reversed(staff.employees)}
    return table(
        "employees",
        company_id=[COMPANIES[e.company] for e in staff.employees],
        employee_id=staff.keys,
        name=[e.name for e in staff.employees],
        email=[f"{e.key.lower()}@tauberquell.example" for e in staff.employees],
        department_id=[e.department_key for e in staff.employees],
        job=[DEPARTMENTS[e.department][4] for e in staff.employees],
        manager_id=[_manager(e, heads) for e in staff.employees],
        hourly_cost=prices([e.hourly_cost for e in staff.employees]),
        currency=[CURRENCY[e.company] for e in staff.employees],
        is_active=True,
    )


def _manager(employee: Employee, heads: dict[tuple[int, int], str]) -> str | None:
    own, top = heads[employee.company, employee.department], heads[employee.company, MANAGEMENT]
    if employee.key != own:
        return own
    return None if own == top else top


def absences(staff: Staff) -> list[tuple[int, int, int, str]]:
    """(employee, first day, last day, kind): holidays and illness, none after the story's last day."""
    plan, rows = staff.plan, []
    random = plan.random("absences")
    for employee in staff.employees:
        for _ in range(round(plan.months / 12 * 5)):
            first, ill = int(random.integers(0, plan.days)), random.random() < 0.45
            length = int(random.integers(1, 6 if ill else 15))
            rows.append((employee.index, first, min(first + length - 1, plan.last), "Illness" if ill else "Holiday"))
    return _without_overlap(sorted(rows))


def _without_overlap(rows: list[tuple[int, int, int, str]]) -> list[tuple[int, int, int, str]]:
    kept: list[tuple[int, int, int, str]] = []
    for row in rows:
        if not kept or kept[-1][0] != row[0] or kept[-1][2] < row[1]:
            kept.append(row)
    return kept


def _calendar(employee: Employee, calendars: tuple[Workdays, ...]) -> Workdays:
    return calendars[DE if employee.company == PARENT else CN]


def _absence_table(staff: Staff, calendars: tuple[Workdays, ...]) -> pl.DataFrame:
    rows = absences(staff)
    people = [staff.employees[row[0]] for row in rows]
    off = [int(_calendar(e, calendars).mask[row[1] : row[2] + 1].sum()) for e, row in zip(people, rows, strict=True)]
    return table(
        "absences",
        company_id=[COMPANIES[e.company] for e in people],
        absence_id=labels("ABS-", np.arange(1, len(rows) + 1), width=5),
        employee_id=[e.key for e in people],
        kind=[row[3] for row in rows],
        status="approved",
        starts_on=staff.plan.dates(np.array([row[1] for row in rows])),
        ends_on=staff.plan.dates(np.array([row[2] for row in rows])),
        days=whole(off),
    )


def attendance(staff: Staff, calendars: tuple[Workdays, ...]) -> pl.DataFrame:
    """One row per employee and day present: working days without an absence."""
    present = np.array([_calendar(e, calendars).mask for e in staff.employees])
    for employee, first, last, _ in absences(staff):
        present[employee, first : last + 1] = False
    who, day = np.nonzero(present)
    return _attendance_rows(staff, who, day)


def _attendance_rows(staff: Staff, who: Numbers, day: Numbers) -> pl.DataFrame:
    random = staff.plan.random("attendance")
    company = np.array([e.company for e in staff.employees])[who]
    start = 450 + random.integers(0, 60, len(who)) + 30 * company
    minutes = 450 + random.integers(0, 80, len(who))
    return table(
        "time_entries",
        company_id=picked(COMPANIES, company),
        time_entry_id=labels("ATT-", np.arange(1, len(who) + 1)),
        employee_id=picked(staff.keys, who),
        kind="attendance",
        worked_on=staff.plan.dates(day),
        started_at=staff.plan.instants(day, start, company),
        ended_at=staff.plan.instants(day, start + minutes + 30, company),
        hours=quantities(minutes * 1000 // 60),
    )
