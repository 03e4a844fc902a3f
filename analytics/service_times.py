"""Tickets: how long until somebody answers and until they are closed, in hours of work; and what surveys say.

Hours of work are those of the company's first active calendar that has weekly periods, in its own time zone, less its
days off (see ``analytics.workdays``); a company without one works round the clock here, and the page says so.
"""

import math
from datetime import date, timedelta

import polars as pl

from analytics.demand import Types
from analytics.tables import SHARED
from analytics.zones import wall_clock

DAY_MINUTES, HOUR = 1440, 60
QUARTER_DAYS, MONTHS = 91, 12
Z95 = 1.96
PROMOTER, DETRACTOR, TEN, FIVE, SATISFIED = 9, 6, 10, 5, 4
BACKLOG = ("open", "pending")
VERDICTS = ("promoter", "passive", "detractor", "satisfied", "neutral", "dissatisfied")
SURVEYS: Types = {
    "measure": pl.String,
    "answers": pl.Int64,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "before": pl.Float64,
}
_DAY = ("company_id", "day_on")


def timed(tickets: pl.DataFrame, calendars: pl.DataFrame, periods: pl.DataFrame, shares: pl.DataFrame) -> pl.DataFrame:
    """The tickets with first_response_hours and resolution_hours, hours of work since they were opened; null while
    there is none.

    ``shares``: how much of a working day each company works on a day, as in ``analytics.workdays.working_days``.
    """
    clock = _clocks(tickets, calendars, periods)
    weekly = periods.select("calendar_id", "weekday", starts="starts_at_minute", ends="ends_at_minute")
    named = tickets.join(clock, on="company_id", how="left", validate="m:1")
    worked = [_worked(named, moment, weekly, shares) for moment in ("opened_at", "first_response_at", "closed_at")]
    opened, answered, closed = worked
    hours = {
        "first_response_hours": (answered - opened) / HOUR,
        "resolution_hours": (closed - opened) / HOUR,
    }
    return tickets.with_columns(series.clip(lower_bound=0).alias(name) for name, series in hours.items())


def _clocks(tickets: pl.DataFrame, calendars: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """One row per company that has a calendar: calendar_id, time_zone; its own before a shared one."""
    useful = calendars.filter("is_active").join(periods.select("calendar_id").unique(), on="calendar_id", how="semi")
    companies = tickets.select("company_id").unique()
    own = companies.join(useful, on="company_id", how="inner").with_columns(is_shared=pl.lit(value=False))
    shared = companies.join(useful.filter(pl.col("company_id") == SHARED).drop("company_id"), how="cross")
    both = pl.concat([own, shared.with_columns(is_shared=pl.lit(value=True))], how="diagonal")
    ordered = both.sort("company_id", "is_shared", "calendar_id")
    return ordered.unique("company_id", keep="first").select("company_id", "calendar_id", "time_zone")


def _worked(named: pl.DataFrame, moment: str, weekly: pl.DataFrame, shares: pl.DataFrame) -> pl.Series:
    """By ticket, how many minutes had been worked by a moment, since the first day of all; null without the moment."""
    told = named.with_row_index("at").with_columns(local=wall_clock(pl.col(moment), "time_zone", named))
    placed = told.select(
        "at", "company_id", "calendar_id", day_on=pl.col("local").dt.date(),
        minute=pl.col("local").dt.hour().cast(pl.Int64) * HOUR + pl.col("local").dt.minute(),
    )  # fmt: skip
    days = _days(placed, weekly, shares)
    joined = placed.join(days, on=("calendar_id", *_DAY), how="left", validate="m:1")
    within = _within(placed, weekly)
    both = joined.join(within, on="at", how="left", validate="1:1").sort("at")
    round_the_clock = pl.col("day_on").dt.epoch("d") * DAY_MINUTES + pl.col("minute")
    known = pl.col("before") + pl.col("share") * pl.col("within").fill_null(0)
    minutes = pl.when(pl.col("calendar_id").is_null()).then(round_the_clock).otherwise(known)
    return both.select(minutes.cast(pl.Float64)).to_series()


def _days(placed: pl.DataFrame, weekly: pl.DataFrame, shares: pl.DataFrame) -> pl.DataFrame:
    """One row per calendar, company and day: before, the minutes worked before it, and share, how much of it is
    worked."""
    minutes = weekly.group_by("calendar_id", "weekday").agg(minutes=(pl.col("ends") - pl.col("starts")).sum())
    clocks = placed.select("company_id", "calendar_id").drop_nulls().unique()
    dated = clocks.join(shares, on="company_id", how="inner").with_columns(weekday=pl.col("day_on").dt.weekday())
    known = dated.with_columns(pl.col("weekday").cast(pl.Int64)).join(
        minutes, on=("calendar_id", "weekday"), how="left", validate="m:1"
    )
    worked = (pl.col("share") * pl.col("minutes").fill_null(0)).alias("worked")
    ordered = known.with_columns(worked).sort("calendar_id", "company_id", "day_on")
    before = pl.col("worked").cum_sum().over("calendar_id", "company_id") - pl.col("worked")
    return ordered.select("calendar_id", *_DAY, "share", before=before)


def _within(placed: pl.DataFrame, weekly: pl.DataFrame) -> pl.DataFrame:
    """By ticket, the minutes of the day's periods up to the moment: at, within."""
    dated = placed.drop_nulls("day_on").with_columns(weekday=pl.col("day_on").dt.weekday().cast(pl.Int64))
    met = dated.join(weekly, on=("calendar_id", "weekday"), how="inner")
    spent = (pl.col("minute") - pl.col("starts")).clip(0, pl.col("ends") - pl.col("starts"))
    return met.group_by("at").agg(within=spent.sum())


def summed(tickets: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """One row per group: tickets, and of those answered or closed the median and ninth tenth of first_response_hours
    and the median of resolution_hours; still_open."""
    return tickets.group_by(keys).agg(
        tickets=pl.len().cast(pl.Int64),
        still_open=pl.col("status").is_in(BACKLOG).sum().cast(pl.Int64),
        first_response=pl.col("first_response_hours").median(),
        first_response_90=pl.col("first_response_hours").quantile(0.9, "linear"),
        resolution=pl.col("resolution_hours").median(),
    )


def by_month(tickets: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per month of the last twelve, the newest first: month_on, and of the tickets opened in it those of
    ``summed``; closed, how many were closed in it, and backlog, how many were open at its end."""
    first = as_of.replace(day=1)
    starts = [_months_back(first, back) for back in range(MONTHS)]
    months = pl.DataFrame({"month_on": starts}, schema={"month_on": pl.Date})
    opened = tickets.with_columns(month_on=pl.col("opened_at").dt.date().dt.truncate("1mo"))
    closed = tickets.drop_nulls("closed_at").with_columns(month_on=pl.col("closed_at").dt.date().dt.truncate("1mo"))
    counted = closed.group_by("month_on").agg(closed=pl.len().cast(pl.Int64))
    whole = months.join(summed(opened, "month_on"), on="month_on", how="left", validate="1:1").join(
        counted, on="month_on", how="left", validate="1:1"
    )
    ends = [min(_months_back(start, -1) - timedelta(days=1), as_of) for start in starts]
    backlog = [tickets.filter(_open_at(end)).height for end in ends]
    return whole.with_columns(pl.col("tickets", "closed").fill_null(0), backlog=pl.Series(backlog, dtype=pl.Int64))


def _months_back(first: date, back: int) -> date:
    months = first.year * 12 + first.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def _open_at(day: date) -> pl.Expr:
    """Whether a ticket was open on the evening of a day; one that is closed without a day never was."""
    is_known = pl.col("closed_at").is_not_null() | pl.col("status").is_in(BACKLOG)
    closed_later = (pl.col("closed_at").dt.date() > day).fill_null(value=True)
    return is_known & (pl.col("opened_at").dt.date() <= day) & closed_later


# What surveys say


def surveys(answers: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per measure that was asked for in the last 91 days or the 91 before: see ``SURVEYS``.

    ``answers``: score, lowest_score, highest_score, given_on. nps: of answers from 0 to 10, the share of 9 and 10 less
    that of 0 to 6. csat: of answers from 1 to 5, the share of 4 and 5. low and high bound it in 95 of 100 such samples.
    """
    since = as_of - timedelta(days=QUARTER_DAYS)
    day = pl.col("given_on")
    earlier = since - timedelta(days=QUARTER_DAYS)
    spans = {"now": (day > since) & (day <= as_of), "before": (day > earlier) & (day <= since)}
    nps = (pl.col("score") >= PROMOTER).cast(pl.Float64) - (pl.col("score") <= DETRACTOR).cast(pl.Float64)
    csat = (pl.col("score") >= SATISFIED).cast(pl.Float64)
    measures = {"nps": (TEN, nps), "csat": (FIVE, csat)}
    rows = [
        _measured(name, answers.filter(pl.col("highest_score") == top), value, spans)
        for name, (top, value) in measures.items()
    ]
    known = [row for row in rows if row["answers"] or row["before"] is not None]
    return pl.DataFrame(known, schema=SURVEYS)


def verdict() -> pl.Expr:
    """What an answer to a survey says, by score and highest_score: promoter, passive or detractor of one from 0 to 10;
    satisfied, neutral or dissatisfied of one from 1 to 5, where 3 is neutral; null of any other."""
    score, highest = pl.col("score"), pl.col("highest_score")
    of_ten = pl.when(score >= PROMOTER).then(pl.lit("promoter")).when(score <= DETRACTOR).then(pl.lit("detractor"))
    of_five = pl.when(score >= SATISFIED).then(pl.lit("satisfied")).when(score < SATISFIED - 1)
    told = of_five.then(pl.lit("dissatisfied")).otherwise(pl.lit("neutral"))
    asked = pl.when(highest == TEN).then(of_ten.otherwise(pl.lit("passive"))).when(highest == FIVE).then(told)
    return pl.when(score.is_not_null()).then(asked)


def _measured(name: str, answers: pl.DataFrame, value: pl.Expr, spans: dict[str, pl.Expr]) -> dict[str, object]:
    valued = answers.with_columns(value=value)
    now, before = (valued.filter(span)["value"].drop_nulls().to_list() for span in spans.values())
    mean = sum(now) / len(now) if now else None
    low, high = _bounds(name, now)
    return {"measure": name, "answers": len(now), "value": mean, "low": low, "high": high,
            "before": sum(before) / len(before) if before else None}  # fmt: skip


def _bounds(name: str, values: list[float]) -> tuple[float | None, float | None]:
    """Between which bounds the mean lies: of shares by Wilson, so that all or none of few is no certainty; of nps by
    the spread of the answers, with one more at either end."""
    if not values:
        return None, None
    if name == "csat":
        return _wilson(sum(values), len(values))
    padded = [*values, -1.0, 1.0]
    mean, count = sum(values) / len(values), len(padded)
    spread = sum((value - sum(padded) / count) ** 2 for value in padded) / (count - 1)
    half = Z95 * math.sqrt(spread / count)
    return max(mean - half, -1.0), min(mean + half, 1.0)


def _wilson(hits: float, count: int) -> tuple[float, float]:
    share, square = hits / count, Z95**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = Z95 * math.sqrt(share * (1 - share) / count + square / (4 * count**2)) / (1 + square / count)
    return middle - half, middle + half
