"""Working days: the week, and the public holidays of the three countries."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import polars as pl

from sample_data.exact import table, whole
from sample_data.plan import Mask, Numbers, Plan

COUNTRIES = ("DE", "AT", "CN")
DE, AT, CN = range(3)
NAMES = ("Deutschland (Bayern)", "Österreich", "中国")
MARGIN = 400

# Days that follow the moon, as the State Council publishes them; other years keep the fixed holidays alone.
SPRING_FESTIVAL = {
    date(2020, 1, 25), date(2021, 2, 12), date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29),
    date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 3), date(2031, 1, 23),
    date(2032, 2, 11),
}  # fmt: skip
MOON_DAYS = {
    date(2020, 6, 25): "端午节", date(2021, 6, 14): "端午节", date(2022, 6, 3): "端午节", date(2023, 6, 22): "端午节",
    date(2024, 6, 10): "端午节", date(2025, 5, 31): "端午节", date(2026, 6, 19): "端午节", date(2027, 6, 9): "端午节",
    date(2028, 5, 28): "端午节", date(2029, 6, 16): "端午节", date(2030, 6, 5): "端午节", date(2031, 6, 24): "端午节",
    date(2032, 6, 12): "端午节", date(2020, 10, 1): "中秋节", date(2021, 9, 21): "中秋节", date(2022, 9, 10): "中秋节",
    date(2023, 9, 29): "中秋节", date(2024, 9, 17): "中秋节", date(2025, 10, 6): "中秋节", date(2026, 9, 25): "中秋节",
    date(2027, 9, 15): "中秋节", date(2028, 10, 3): "中秋节", date(2029, 9, 22): "中秋节", date(2030, 9, 12): "中秋节",
    date(2031, 10, 1): "中秋节", date(2032, 9, 19): "中秋节",
}  # fmt: skip


def easter(year: int) -> date:
    """Easter Sunday (Gauss, as completed by Lichtenberg)."""
    moon = (19 * (year % 19) + year // 100 - year // 400 - (8 * (year // 100) + 13) // 25 + 15) % 30
    moon -= (moon + (year % 19) // 11) // 29
    sunday = (year + year // 4 + moon + 2 - year // 100 + year // 400) % 7
    return date(year, 3, 28) + timedelta(days=moon - sunday)


def _christian(year: int) -> dict[date, str]:
    fixed = {(1, 1): "Neujahr", (1, 6): "Heilige Drei Könige", (5, 1): "Tag der Arbeit", (8, 15): "Mariä Himmelfahrt"}
    fixed |= {(11, 1): "Allerheiligen", (12, 25): "Weihnachten", (12, 26): "Zweiter Weihnachtstag"}
    moving = {1: "Ostermontag", 39: "Christi Himmelfahrt", 50: "Pfingstmontag", 60: "Fronleichnam"}
    days = {date(year, month, day): name for (month, day), name in fixed.items()}
    return days | {easter(year) + timedelta(days=after): name for after, name in moving.items()}


def _german(year: int) -> dict[date, str]:
    return (
        _christian(year)
        | {date(year, 10, 3): "Tag der Deutschen Einheit", easter(year) - timedelta(days=2): "Karfreitag"}
        | _bridge(year)
    )


def _austrian(year: int) -> dict[date, str]:
    return (
        _christian(year)
        | {date(year, 10, 26): "Nationalfeiertag", date(year, 12, 8): "Mariä Empfängnis"}
        | _bridge(year)
    )


def _bridge(year: int) -> dict[date, str]:
    return {date(year, 12, day): "Betriebsruhe" for day in (24, 27, 28, 29, 30, 31)}


def _chinese(year: int) -> dict[date, str]:
    days = {date(year, 1, 1): "元旦", date(year, 4, 5): "清明节"}
    days |= {date(year, 5, day): "劳动节" for day in range(1, 6)}
    days |= {date(year, 10, day): "国庆节" for day in range(1, 8)}
    days |= {first + timedelta(days=after): "春节" for first in SPRING_FESTIVAL for after in range(-1, 7)}
    return {day: name for day, name in (days | MOON_DAYS).items() if day.year == year}


HOLIDAYS = (_german, _austrian, _chinese)


@dataclass(frozen=True)
class Workdays:
    """The working days of one country, around the whole story."""

    plan: Plan
    country: int

    @cached_property
    def holidays(self) -> dict[int, str]:
        """Holidays by day."""
        first, last = self.plan.date(-MARGIN), self.plan.date(self.plan.days + MARGIN)
        named = {day: name for year in range(first.year, last.year + 1) for day, name in self._of(year).items()}
        return {self.plan.day(day): name for day, name in sorted(named.items()) if first <= day <= last}

    def _of(self, year: int) -> dict[date, str]:
        return HOLIDAYS[self.country](year)

    @cached_property
    def _days(self) -> Numbers:
        days = np.arange(-MARGIN, self.plan.days + MARGIN)
        weekend = (days + self.plan.start.weekday()) % 7 >= 5
        return days[~weekend & ~np.isin(days, list(self.holidays))]

    @cached_property
    def _steps(self) -> list[int]:
        """By day: how many working days lie before it."""
        return np.searchsorted(self._days, np.arange(-MARGIN, self.plan.days + MARGIN)).tolist()

    @cached_property
    def _list(self) -> list[int]:
        return self._days.tolist()

    @cached_property
    def mask(self) -> Mask:
        """For each day of the story, whether people work."""
        return np.isin(np.arange(self.plan.days), self._days)

    def works(self, day: int) -> bool:
        """Whether people work on the day."""
        return self.next(day) == day

    def next(self, day: int) -> int:
        """The day itself where people work, else the next one on which they do."""
        return self._list[self._steps[day + MARGIN]]

    def after(self, day: int, steps: int) -> int:
        """So many working days after the day: after a Friday, one step is Monday."""
        return self._list[self._steps[day + 1 + MARGIN] + steps - 1] if steps else self.next(day)


def workdays(plan: Plan) -> tuple[Workdays, ...]:
    """The working days of each country, in the order of ``COUNTRIES``."""
    return tuple(Workdays(plan, country) for country in range(len(COUNTRIES)))


def calendar_tables(plan: Plan, companies: tuple[str, ...]) -> dict[str, pl.DataFrame]:
    """Calendars, their weekly periods and their holidays; ``companies`` says whose each country's calendar is."""
    ids = [f"CAL-{country}" for country in COUNTRIES]
    zones = ["Europe/Berlin", "Europe/Vienna", "Asia/Shanghai"]
    calendars = table(
        "calendars", company_id=list(companies), calendar_id=ids, name=list(NAMES), time_zone=zones,
        hours_per_day=whole([8, 8, 8]), is_active=True,
    )  # fmt: skip
    return {
        "calendars": calendars,
        "calendar_periods": _periods(ids, companies),
        "calendar_exceptions": _exceptions(plan, companies),
    }


def _periods(ids: list[str], companies: tuple[str, ...]) -> pl.DataFrame:
    halves = ((480, 720), (780, 1020))
    rows = [(at, day, half) for at in range(len(ids)) for day in range(1, 6) for half in halves]
    return table(
        "calendar_periods",
        company_id=[companies[at] for at, _, _ in rows],
        calendar_period_id=[f"{ids[at]}-{day}-{half[0]}" for at, day, half in rows],
        calendar_id=[ids[at] for at, _, _ in rows],
        weekday=[day for _, day, _ in rows],
        starts_at_minute=[half[0] for _, _, half in rows],
        ends_at_minute=[half[1] for _, _, half in rows],
    )


def _exceptions(plan: Plan, companies: tuple[str, ...]) -> pl.DataFrame:
    rows = [(at, day, name) for at, days in enumerate(workdays(plan)) for day, name in days.holidays.items()]
    at = np.array([row[0] for row in rows])
    day = np.array([row[1] for row in rows])
    zone = np.where(at == CN, 1, 0)
    return table(
        "calendar_exceptions",
        company_id=[companies[row[0]] for row in rows],
        calendar_exception_id=[f"HOL-{COUNTRIES[row[0]]}-{plan.date(row[1])}" for row in rows],
        calendar_id=[f"CAL-{COUNTRIES[row[0]]}" for row in rows],
        starts_at=plan.instants(day, np.zeros_like(day), zone),
        ends_at=plan.instants(day, np.full_like(day, 1440), zone),
        is_working=False,
        reason=[name for _, _, name in rows],
    )
