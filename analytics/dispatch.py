"""On which days an issue of a subscription is due: daily, weekly or monthly, by the days on which people work."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

RHYTHMS = ("daily", "weekly", "monthly")
MOST_OF = {"daily": 1, "weekly": 7, "monthly": 23}
FRIDAY = 5
LOOK_BACK, LOOK_AHEAD = timedelta(days=40), timedelta(days=70)

Shares = Mapping[date, float]


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How often, and when on the day, by the reader's clock.

    ``day``: weekly, the day of the week from 1 for Monday on; monthly, which working day of the month; daily, nothing.
    """

    every: str
    day: int = 1
    hour: int = 7
    minute: int = 0
    zone: str = "UTC"

    def __post_init__(self) -> None:
        """Refuses what no calendar has."""
        if self.every not in RHYTHMS or not 1 <= self.day <= MOST_OF[self.every]:
            raise ValueError(f"there is no rhythm {self.every!r} with day {self.day}")
        time(self.hour, self.minute)
        ZoneInfo(self.zone)

    def instant(self, day: date) -> datetime:
        """The instant of an issue day. An hour that the clock leaves out in spring is the one after it."""
        return datetime.combine(day, time(self.hour, self.minute), ZoneInfo(self.zone))


def is_worked(day: date, shares: Shares) -> bool:
    """Whether people work on a day; from Monday to Friday where no calendar reaches."""
    known = shares.get(day)
    return day.isoweekday() <= FRIDAY if known is None else known > 0


def issue_days(rhythm: Rhythm, shares: Shares, first: date, last: date) -> list[date]:
    """The days of issues from the first to the last day, both included.

    Daily: every working day. Weekly: the named day of the week, or the first working day after it in that week; none
    where there is none. Monthly: that working day of the month, or its last one where it has fewer.
    """
    if rhythm.every == "daily":
        return [day for day in _days(first, last) if is_worked(day, shares)]
    found = (
        _weekly(rhythm.day, shares, first, last) if rhythm.every == "weekly" else _monthly(rhythm, shares, first, last)
    )
    return [day for day in found if first <= day <= last]


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _weekly(weekday: int, shares: Shares, first: date, last: date) -> Iterator[date]:
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        offered = _days(monday + timedelta(days=weekday - 1), monday + timedelta(days=6))
        yield from [day for day in offered if is_worked(day, shares)][:1]
        monday += timedelta(days=7)


def _monthly(rhythm: Rhythm, shares: Shares, first: date, last: date) -> Iterator[date]:
    months = sorted({day.replace(day=1) for day in _days(first, last)})
    ends = [*months, (months[-1] + timedelta(days=31)).replace(day=1)]
    for start, end in pairwise(ends):
        worked = [day for day in _days(start, end - timedelta(days=1)) if is_worked(day, shares)]
        yield from worked[: rhythm.day][-1:]


def latest_due(rhythm: Rhythm, shares: Shares, since: datetime, now: datetime) -> date | None:
    """The latest issue day whose instant came after ``since`` and not after ``now``: what was missed before it is not
    made up for, it would show the same data. None where nothing is due."""
    today = now.astimezone(ZoneInfo(rhythm.zone)).date()
    days = issue_days(rhythm, shares, today - LOOK_BACK, today)
    return next((day for day in reversed(days) if since < rhythm.instant(day) <= now), None)


def next_due(rhythm: Rhythm, shares: Shares, now: datetime) -> datetime | None:
    """The instant of the next issue; None where no working day comes within ten weeks."""
    today = now.astimezone(ZoneInfo(rhythm.zone)).date()
    instants = (rhythm.instant(day) for day in issue_days(rhythm, shares, today, today + LOOK_AHEAD))
    return next((instant for instant in instants if instant > now), None)
