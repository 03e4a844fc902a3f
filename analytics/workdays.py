"""Working days: on which days each company works, and how two spans of days compare.

Two months are compared fairly only when they are brought to as many working days.
"""

from datetime import date, timedelta

import polars as pl

from analytics.demand import Tables, Types, living
from analytics.tables import SHARED
from analytics.zones import wall_clock

DAYS_AFTER = 400
DAY_MINUTES = 1440
WEEKEND = (6, 7)
# Hours that lie on the same calendar day from UTC-8 to UTC+8, where neither calendar nor time zone is known.
USUAL_START, USUAL_END = 8 * 60, 16 * 60
USUAL = ""
DIGITS = 9
Span = tuple[date, date]

WORKING_DAYS: Types = {"company_id": pl.String, "day_on": pl.Date, "share": pl.Float64}
_CALENDAR_DAY = ("company_id", "calendar_id", "day_on")
_SPAN = (*_CALENDAR_DAY, "starts", "ends")
_KINDS = ("usual", "off", "extra")


def working_days(tables: Tables) -> pl.DataFrame:
    """One row per company and day: share, from 0 to 1, how much of a usual working day people work on it.

    The mean over the company's active calendars, its own and those that all companies share. A calendar's day counts
    its weekly periods that are valid on it, without its days off and with its extra working days (make-up days for a
    long holiday), minute by minute in its own time zone, against its usual hours a day. Extra work counts even within
    a time off. A company without a calendar works from Monday to Friday, and has the days off that all its calendars
    would have.

    The days reach from the first of January of the year before the first order to 400 days after the last one. There
    is no region: people work for the whole company.
    """
    days = _days(living(tables["sales_orders"]).get_column("ordered_at"))
    of_calendar = calendar_minutes(tables, days).with_columns(
        share=(pl.col("minutes") / pl.col("usual_minutes")).clip(upper_bound=1)
    )
    by_day = of_calendar.sort(_CALENDAR_DAY).group_by("company_id", "day_on", maintain_order=True)
    shared = by_day.agg(pl.col("share").mean()).sort("company_id", "day_on")
    return shared.select(pl.col(name).cast(dtype) for name, dtype in WORKING_DAYS.items())


def calendar_minutes(tables: Tables, days: pl.DataFrame) -> pl.DataFrame:
    """One row per company, calendar that it works by, and day of ``days`` (day_on): minutes, how long people work on
    it, and usual_minutes, those of a usual working day. Where a company has no calendar, calendar_id is ``USUAL``."""
    calendars = _calendars(tables)
    dated = calendars.join(days, how="cross").with_columns(weekday=pl.col("day_on").dt.weekday().cast(pl.Int64))
    worked = _worked(_periods(tables, dated), _exceptions(tables, calendars, days))
    of_calendar = dated.join(worked, on=_CALENDAR_DAY, how="left", validate="1:1")
    return of_calendar.select(*_CALENDAR_DAY, pl.col("minutes").fill_null(0), "usual_minutes")


def _days(ordered_at: pl.Series) -> pl.DataFrame:
    """One row per day that a question about the orders can reach; none where there are no orders."""
    ordered = ordered_at.dt.date()
    first, last = ordered.min(), ordered.max()
    if not isinstance(first, date) or not isinstance(last, date):
        return pl.DataFrame(schema={"day_on": pl.Date})
    begin = date(first.year - 1, 1, 1)
    length = (last - begin).days + DAYS_AFTER + 1
    return pl.select(day_on=pl.lit(begin) + pl.duration(days=pl.int_range(length)))


def _calendars(tables: Tables) -> pl.DataFrame:
    """One row per company and calendar that it works by: time_zone, usual_minutes (of a working day).

    A calendar without weekly periods says nothing. A company without any works by the ``USUAL`` one.
    """
    weeks = living(tables["calendar_periods"]).group_by("calendar_id", "weekday")
    longest = weeks.agg(minutes=(pl.col("ends_at_minute") - pl.col("starts_at_minute")).sum())
    usual = longest.group_by("calendar_id").agg(pl.col("minutes").max()).filter(pl.col("minutes") > 0)
    stated = pl.col("hours_per_day").cast(pl.Float64) * 60
    known = tables["calendars"].filter(pl.col("is_active")).join(usual, on="calendar_id", how="inner", validate="1:1")
    calendars = known.select(
        "calendar_id",
        "time_zone",
        owner="company_id",
        usual_minutes=pl.when(stated > 0).then(stated).otherwise(pl.col("minutes")),
    )
    companies = tables["companies"].select("company_id")
    own = companies.join(calendars, left_on="company_id", right_on="owner", how="inner", validate="1:m")
    shared = companies.join(calendars.filter(pl.col("owner") == SHARED).drop("owner"), how="cross")
    return pl.concat([own, shared, _without_calendar(companies, own, shared)])


def _without_calendar(companies: pl.DataFrame, own: pl.DataFrame, shared: pl.DataFrame) -> pl.DataFrame:
    alone = companies.join(pl.concat([own, shared]), on="company_id", how="anti")
    minutes = pl.lit(float(USUAL_END - USUAL_START))
    no_zone = pl.lit(None, dtype=pl.String)
    return alone.select("company_id", calendar_id=pl.lit(USUAL), time_zone=no_zone, usual_minutes=minutes)


def _periods(tables: Tables, dated: pl.DataFrame) -> pl.DataFrame:
    """One row per calendar, day and weekly period that is valid on it: starts and ends, in minutes of the day."""
    weekly = living(tables["calendar_periods"]).select(
        "calendar_id",
        "weekday",
        "valid_from_on",
        "valid_to_on",
        starts="starts_at_minute",
        ends="ends_at_minute",
    )
    met = dated.join(weekly, on=("calendar_id", "weekday"), how="inner")
    begun = (pl.col("valid_from_on") <= pl.col("day_on")).fill_null(value=True)
    valid = begun & (pl.col("valid_to_on") >= pl.col("day_on")).fill_null(value=True)
    is_usual = (pl.col("calendar_id") == USUAL) & ~pl.col("weekday").is_in(WEEKEND)
    usual = dated.filter(is_usual).with_columns(
        starts=pl.lit(USUAL_START, dtype=pl.Int64), ends=pl.lit(USUAL_END, dtype=pl.Int64)
    )
    return pl.concat([met.filter(valid).select(_SPAN), usual.select(_SPAN)])


def _exceptions(tables: Tables, calendars: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """One row per calendar, day and exception that touches it: is_working, starts and ends, in minutes of the day."""
    stated = living(tables["calendar_exceptions"]).select(
        "starts_at", "ends_at", "is_working", owner="company_id", only_id="calendar_id"
    )
    pairs = calendars.join(stated, how="cross").filter(
        pl.col("owner").is_in([SHARED]) | (pl.col("owner") == pl.col("company_id")),
        pl.col("only_id").is_null() | (pl.col("only_id") == pl.col("calendar_id")).fill_null(value=False),
    )
    begin, end = (wall_clock(pl.col(name), "time_zone", pairs) for name in ("starts_at", "ends_at"))
    local = pairs.with_columns(begin=begin, end=end)
    return _day_by_day(local, days).select(*_SPAN, "is_working")


def _day_by_day(spans: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Spans of wall-clock time cut at midnights: one row per span and day that it touches."""
    first, last = pl.col("begin").dt.date(), pl.col("end").dt.date()
    each = spans.join_where(days, pl.col("day_on") >= first, pl.col("day_on") <= last)
    midnight = pl.col("day_on").cast(pl.Datetime("us"))
    starts, ends = ((pl.col(name) - midnight).dt.total_minutes().clip(0, DAY_MINUTES) for name in ("begin", "end"))
    return each.with_columns(starts=starts, ends=ends)


def _worked(periods: pl.DataFrame, exceptions: pl.DataFrame) -> pl.DataFrame:
    """One row per calendar and day: minutes that lie in a period and in no time off, or in extra work.

    A sweep over the minutes at which something begins or ends: between two of them nothing changes.
    """
    off, extra = exceptions.filter(~pl.col("is_working")), exceptions.filter("is_working")
    edges = [_edges(rows, kind) for kind, rows in (("usual", periods), ("off", off), ("extra", extra))]
    minutes = pl.concat(edges, how="diagonal").group_by(*_CALENDAR_DAY, "minute").agg(pl.col(_KINDS).sum())
    swept = minutes.sort(*_CALENDAR_DAY, "minute").with_columns(
        pl.col(_KINDS).cum_sum().over(_CALENDAR_DAY),
        length=pl.col("minute").shift(-1).over(_CALENDAR_DAY) - pl.col("minute"),
    )
    is_worked = ((pl.col("usual") > 0) & (pl.col("off") == 0)) | (pl.col("extra") > 0)
    return swept.filter(is_worked).group_by(_CALENDAR_DAY).agg(minutes=pl.col("length").sum())


def _edges(spans: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Two rows per span: the minute at which one more of the kind is open, and that at which one less is."""
    opened = spans.select(*_CALENDAR_DAY, pl.lit(1).alias(kind), minute="starts")
    return pl.concat([opened, spans.select(*_CALENDAR_DAY, pl.lit(-1).alias(kind), minute="ends")])


def open_days(days: pl.DataFrame, today: date) -> tuple[int, ...]:
    """For each day from today on, in how many days from today the next comes on which people work. ``days``: those of
    one company, from today on, see ``working_days``; as far as they reach."""
    known = dict(days.select((pl.col("day_on") - today).dt.total_days(), "share").iter_rows())
    count = max(known, default=-1) + 1
    following, opens = count, list[int]()
    for day in reversed(range(count)):
        following = day if known.get(day, 0.0) > 0 else following
        opens.append(following)
    return tuple(reversed(opens))


class Worked:
    """The working days of companies, added up from the first day on, so that those of any span are two lookups."""

    def __init__(self, days: pl.DataFrame) -> None:
        """``days``: see ``working_days``. Raises ``ValueError`` where a company's days have a gap."""
        self._of: dict[str, tuple[date, list[float]]] = {}
        by_company = days.sort("company_id", "day_on").partition_by("company_id", as_dict=True, maintain_order=True)
        for (company,), own in by_company.items():
            first, last = own["day_on"][0], own["day_on"][-1]
            if (last - first).days + 1 != own.height:
                raise ValueError(f"not every day from {first} to {last} is there once")
            self._of[company] = first, [0.0, *own["share"].cum_sum().to_list()]

    def known(self, company: str, first: date, last: date) -> float:
        """The working days of a company from the first day to the last, both with them; days that nobody knows of are
        none."""
        if company not in self._of:
            return 0.0
        begin, sums = self._of[company]
        since, until = (min(max((day - begin).days, 0), len(sums) - 1) for day in (first, last + timedelta(days=1)))
        return round(sums[max(since, until)] - sums[since], DIGITS)

    def ratio(self, company: str, span: Span, base: Span) -> float | None:
        """The working days of a company in a span, from its first day to its last, over those of another; null where
        not every day of both is known, or none of the other is worked on."""
        worked, usual = (self.known(company, *days) for days in (span, base))
        is_known = self._holds(company, *span) and self._holds(company, *base)
        return worked / usual if is_known and usual else None

    def ratios(self, span: Span, base: Span) -> dict[str, float | None]:
        """The ratio of each company, by company."""
        return {company: self.ratio(company, span, base) for company in self._of}

    def _holds(self, company: str, first: date, last: date) -> bool:
        begin, sums = self._of.get(company, (last, [0.0]))
        return begin <= first and (last - begin).days + 1 < len(sums)
