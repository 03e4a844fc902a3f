"""How the firm plans a year at its beginning: from the year before and what it hopes to add; so reality differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from sample_data.days import CN, DE, Workdays
from sample_data.places import COMPANIES, PARENT
from sample_data.plan import Plan

OFF_BY = 0.04


@dataclass(frozen=True)
class Plans:
    """The plans of some years, for things of a company that ``by`` tells apart.

    ``working`` as from ``working_days``.
    """

    plan: Plan
    subject: str
    by: tuple[str, ...]
    years: Sequence[int]
    working: pl.DataFrame

    def of_months(self, actual: pl.DataFrame, growth: float, *, by_workdays: bool = False) -> pl.DataFrame:
        """One row per thing and month: ``value``, the same month of the year before and so much more.

        ``actual`` has the thing, ``month`` (its first day) and ``value``, for months that have ended; a month without a
        row was zero. ``by_workdays``: what a working day brought then, calmed by the months beside it, times the
        working days now. Where the books do not reach back so far, the plan is a guess near what came; where nothing
        came yet, near the usual.
        """
        own = self._filled(actual)
        then = self._a_workday(own).join(self._workdays_later, on=["company_id", "month"], validate="m:1")
        before = then.with_columns(own=pl.col("rate") * pl.col("days_later")) if by_workdays else own
        later = before.select(*self.by, month=pl.col("month").dt.offset_by("1y"), before=pl.col("own"))
        usual = own.group_by(self.by).agg(usual=pl.col("own").mean())
        return self._chosen(self._grid(actual), ((later, "month"), (own, "month"), (usual, None)), growth)

    def _filled(self, actual: pl.DataFrame) -> pl.DataFrame:
        """One row per thing and known month: ``own``."""
        things, months = actual.select(self.by).unique(), actual.select("month").unique()
        every = things.join(months, how="cross").join(actual, on=[*self.by, "month"], how="left", validate="1:1")
        return every.select(*self.by, "month", own=pl.col("value").fill_null(0.0)).sort(*self.by, "month")

    def _a_workday(self, own: pl.DataFrame) -> pl.DataFrame:
        """With ``rate``: the value of a working day, a quarter of it from either month beside."""
        dated = own.join(self.working, on=["company_id", "month"], how="left", validate="m:1", maintain_order="left")
        rate = pl.col("own") / pl.col("days")
        beside = [rate.shift(step).over(self.by).fill_null(rate) for step in (1, -1)]
        return dated.select(*self.by, "month", rate=(2 * rate + beside[0] + beside[1]) / 4)

    @property
    def _workdays_later(self) -> pl.DataFrame:
        """By month, the working days of the same month a year later."""
        return self.working.select("company_id", month=pl.col("month").dt.offset_by("-1y"), days_later="days")

    def of_years(self, actual: pl.DataFrame, growth: float) -> pl.DataFrame:
        """The same for ratios: ``value`` is the sum of ``over`` by the sum of ``under`` in the whole year before."""
        actual, ratio = actual.sort(actual.columns), pl.col("over").sum() / pl.col("under").sum()
        yearly = actual.group_by(*self.by, year=pl.col("month").dt.year()).agg(own=ratio)
        before = yearly.select(*self.by, year=pl.col("year") + 1, before=pl.col("own"))
        usual = actual.group_by(self.by).agg(usual=ratio)
        return self._chosen(self._grid(actual), ((before, "year"), (yearly, "year"), (usual, None)), growth)

    def _grid(self, actual: pl.DataFrame) -> pl.DataFrame:
        """One row per thing and month of the years."""
        months = [date(year, month, 1) for year in self.years for month in range(1, 13)]
        dated = pl.DataFrame({"month": months}).with_columns(year=pl.col("month").dt.year())
        return actual.select(self.by).unique().join(dated, how="cross").sort(*self.by, "month")

    def _chosen(
        self, grid: pl.DataFrame, sources: tuple[tuple[pl.DataFrame, str | None], ...], growth: float
    ) -> pl.DataFrame:
        for rows, when in sources:
            keys = [*self.by, when] if when else list(self.by)
            grid = grid.join(rows, on=keys, how="left", validate="m:1")
        grid = grid.sort(*self.by, "month")
        off = self.plan.random(f"plans of {self.subject}").normal(1.0, OFF_BY, grid.height)
        guessed = pl.coalesce("own", "usual") * pl.Series(off)
        value = pl.coalesce(pl.col("before") * (1 + growth), guessed)
        return grid.select(*self.by, "month", value=value)


def ended_months(day: str, plan: Plan) -> tuple[pl.Expr, pl.Expr]:
    """The month of a day, and whether it is a month of the story that had ended on the evening of the last day."""
    is_over = pl.col(day).dt.month_end() <= plan.until
    return pl.col(day).dt.month_start(), is_over & (pl.col(day) >= plan.start)


def working_days(plan: Plan, calendars: tuple[Workdays, ...]) -> pl.DataFrame:
    """One row per company and month from the story's first to the December after its end: how many days people work."""
    last = (date(plan.until.year + 1, 1, 1) - timedelta(days=1) - plan.start).days
    every = [
        (company, plan.date(day))
        for at, company in enumerate(COMPANIES)
        for day in range(last + 1)
        if calendars[DE if at == PARENT else CN].works(day)
    ]
    days = pl.DataFrame(every, schema=["company_id", "day"], orient="row")
    return days.group_by("company_id", month=pl.col("day").dt.month_start()).agg(days=pl.len())
