"""Periods: which days a question is about, and which earlier days they are compared with.

A period is written as a code that can stand in an address: ``month``, ``quarter``, ``year`` (to date), ``last_month``,
``last_quarter``, ``last_year``, ``days_30`` (the last so many days), ``2026-05``, ``2026-Q2``, ``2026``, or
``2026-01-15..2026-03-04``.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

TO_DATE = ("month", "quarter", "year")
LAST = ("last_month", "last_quarter", "last_year")
ROLLING = ("days_30", "days_91", "days_365")
CODES = (*TO_DATE, *LAST, *ROLLING)
MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
COMPARISONS = ("last_year", "before")
EARLIEST, LATEST = date(1978, 1, 1), date(2101, 12, 31)
LONGEST_DAYS = 3_660
_WRITTEN = re.compile(
    r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?"
    r"|(?P<first>\d{4}-\d{2}-\d{2})\.\.(?P<last>\d{4}-\d{2}-\d{2})"
    r"|days_(?P<days>[1-9]\d{0,3})",
    re.ASCII,
)


class NoPeriod(ValueError):
    """The code does not name a period."""


@dataclass(frozen=True)
class Period:
    """The days from ``first`` to ``last``, both included; data is there up to ``until``.

    ``months``: how many calendar months it spans from a first of a month, 0 where it counts days.
    """

    first: date
    last: date
    until: date
    months: int = 0

    @property
    def is_partial(self) -> bool:
        """Whether it has not ended yet."""
        return self.until < self.last

    @property
    def days(self) -> int:
        """How many days have passed in it; none where it has not begun."""
        return max(0, (self.until - self.first).days + 1)


def period(code: str, as_of: date) -> Period:
    """The period of a code, seen from the day the data stands for. Raises ``NoPeriod`` for what is none."""
    first, last, months = _span(code, as_of)
    if not (EARLIEST <= first <= last <= LATEST) or (last - first).days >= LONGEST_DAYS:
        raise NoPeriod(
            f"{code!r} is no period: it ends before it starts, is longer than ten years, or lies outside the years"
            f" {EARLIEST.year} to {LATEST.year}."
        )
    return Period(first, last, min(last, as_of), months)


def is_period(code: str) -> bool:
    """Whether the code names a period."""
    try:
        period(code, date(2026, 1, 1))
    except NoPeriod:
        return False
    return True


def _span(code: str, as_of: date) -> tuple[date, date, int]:
    if code in TO_DATE:
        return _months(_start(as_of, MONTHS_OF[code]), MONTHS_OF[code])
    if code in LAST:
        months = MONTHS_OF[code.removeprefix("last_")]
        return _months(_shifted(_start(as_of, months), -months), months)
    written = _WRITTEN.fullmatch(code)
    if written is None:
        raise NoPeriod(f"{code!r} is no period. Periods are {', '.join(CODES)}, 2026-05, 2026-Q2, 2026, or two days.")
    return _written(written, as_of)


def _written(written: re.Match[str], as_of: date) -> tuple[date, date, int]:
    parts = written.groupdict()
    try:
        if parts["days"]:
            return as_of - timedelta(days=int(parts["days"]) - 1), as_of, 0
        if parts["first"]:
            return date.fromisoformat(parts["first"]), date.fromisoformat(parts["last"]), 0
        year = int(parts["year"])
        if parts["quarter"]:
            return _months(date(year, 3 * int(parts["quarter"]) - 2, 1), 3)
        return _months(date(year, int(parts["month"]), 1), 1) if parts["month"] else _months(date(year, 1, 1), 12)
    except (ValueError, OverflowError) as reason:
        raise NoPeriod(f"{written.string!r} is no period: {reason}.") from reason


def _start(day: date, months: int) -> date:
    """The first day of the month, quarter or year that the day lies in."""
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _months(first: date, months: int) -> tuple[date, date, int]:
    return first, _shifted(first, months) - timedelta(days=1), months


def _shifted(day: date, months: int) -> date:
    """The same day so many months later; the last of that month where it has no such day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_year(asked: Period) -> Period:
    """The same days a year earlier: what has passed of this period is compared with as much of that one.

    A whole month is compared with a whole month, whatever 29 February does to its length.
    """
    return _moved(asked, -12)


def before(asked: Period) -> Period:
    """The period just before, of the same kind: as many months, or as many days; and as much of it as has passed."""
    if asked.months:
        return _moved(asked, -asked.months)
    length = timedelta(days=(asked.last - asked.first).days + 1)
    return Period(asked.first - length, asked.last - length, asked.until - length)


def _moved(asked: Period, months: int) -> Period:
    """The days so many months away; where it begins on a first of a month, whole months stay whole months."""
    to = _shifted_end if asked.first.day == 1 else _shifted
    return Period(_shifted(asked.first, months), to(asked.last, months), to(asked.until, months), asked.months)


def _shifted_end(day: date, months: int) -> date:
    """The same day of a shifted month; its last day where this one is a last day."""
    next_day = day + timedelta(days=1)
    return _shifted(next_day, months) - timedelta(days=1) if next_day.day == 1 else _shifted(day, months)


def compared(asked: Period, comparison: str) -> Period:
    """The period that ``asked`` is compared with; ``comparison`` is one of ``COMPARISONS``."""
    return {"last_year": last_year, "before": before}[comparison](asked)


def months_until(asked: Period, count: int) -> tuple[Period, ...]:
    """So many calendar months up to the one in which the period's known days end, the earliest first."""
    current = _start(asked.until, 1)
    starts = [_shifted(current, -back) for back in range(count - 1, -1, -1)]
    spans = [_months(first, 1) for first in starts]
    return tuple(Period(first, last, min(last, asked.until), 1) for first, last, _ in spans)
