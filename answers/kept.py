"""Sums of what is kept, by span and group: from the smallest cube that knows the groups, else from the facts.

What is summed first are parts, each of some days: a cell of a cube, or one day. The sum of a span is that of the cells
that lie whole in it and of the days at its ends. Both ways lead to the same numbers.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import add, or_

import numpy as np
import polars as pl

from analytics.access import ALL
from analytics.cubes import (
    DAY,
    DERIVED,
    covering,
    cube_name,
    cubes_of,
    hidden,
    is_converted,
    keys_of,
    known_of,
    opening,
    summed,
)
from analytics.metrics import Measure
from analytics.periods import Period
from analytics.tables.columns import DECIMAL
from answers.asked import Asked, Member, asked_by, in_scope, kept_rows, refuse_unknown, since

Span = tuple[date, date]
EVER = date(1, 1, 1)
EPOCH = date(1970, 1, 1).toordinal()
ALWAYS_KNOWN = frozenset({"company_id", "region", "currency"})
# Cells are wider than rows: where there are nearly as many, the rows are read as fast.
WORTHWHILE = 0.4
MOST_SPANS = 60
DECIMALS = 6
_FACTS_ONLY: ContextVar[bool] = ContextVar("facts_only", default=False)


@contextmanager
def facts_only() -> Iterator[None]:
    """Within it every sum is made from the facts: to see that cubes change nothing, and what they save."""
    token = _FACTS_ONLY.set(True)
    try:
        yield
    finally:
        _FACTS_ONLY.reset(token)


def kept_sums(
    question: Asked, measure: Measure, spans: Sequence[Period], by: Sequence[str], member: Member | None = None
) -> pl.DataFrame:
    """One row per span and group: span (its position), the columns of ``by``, value (null where no row of the group has
    a known one), rows, unknown. Raises ``NotKnownBy``."""
    asked = _Sum(question, measure, tuple(by), member)
    if len(spans) <= MOST_SPANS:
        return asked.of(spans)
    starts = range(0, len(spans), MOST_SPANS)
    return pl.concat([asked.of(spans[at : at + MOST_SPANS]).with_columns(pl.col("span") + at) for at in starts])


def levels(question: Asked, measure: Measure, by: Sequence[str], member: Member | None = None) -> pl.DataFrame | None:
    """One row per group, with all that a fact of changes sums up to by the period's last day: the columns of ``by`` and
    of the fact, in the rows' own currency; null where some change is not known. None where no cube holds the groups up
    to that day. Raises ``NotKnownBy``."""
    return _Sum(question, measure, tuple(by), member).levels()


@dataclass(frozen=True)
class _Sum:
    """One measure of a number, summed by some columns."""

    question: Asked
    measure: Measure
    by: tuple[str, ...]
    member: Member | None

    def of(self, spans: Sequence[Period]) -> pl.DataFrame:
        """One row per span and group: span, the columns, value, rows, unknown."""
        refuse_unknown(self.question, self.measure, self.member)
        cube = self._cube(spans)
        covered = [self._covered(span, cube) for span in spans]
        cells, edges = [cells for cells, _ in covered], [edges for _, edges in covered]
        parts = [self._cells(str(cube), cells)] if any(cells) else []
        if any(edges) or not parts:
            parts.append(self._days(cube, edges).lazy())
        return self._spans(parts[0] if len(parts) == 1 else pl.concat(parts), spans)

    def levels(self) -> pl.DataFrame | None:
        """See ``levels``."""
        refuse_unknown(self.question, self.measure, self.member)
        cube = self._cube([self.question.period])
        cells, edges = self._covered(self.question.period, cube)
        if cube is None or cells is None or edges:
            return None
        names = summed(self.measure.fact)
        found = self._scanned(cube).filter(_holds(cells)).group_by(self.by)
        sums = found.agg(pl.col(*names, *map(known_of, names), "rows").sum()).with_columns(
            pl.when(pl.col(known_of(name)) == pl.col("rows")).then(pl.col(name).round(DECIMALS).cast(DECIMAL))
            for name in names
        )
        return sums.select(*self.by, *names).sort(self.by, nulls_last=True).collect()

    @property
    def _is_level(self) -> bool:
        return self.measure.time == "balance"

    @property
    def _is_overdue(self) -> bool:
        return "overdue" in self.measure.only

    def _cube(self, spans: Sequence[Period]) -> str | None:
        """The smallest cube that answers; none where the facts have to."""
        question, fact = self.question, self.measure.fact
        if _FACTS_ONLY.get() or question.made_for != question.as_of:
            return None
        needed = {*self.by, *asked_by(question.scope, self.member)} - ALWAYS_KNOWN
        sees_some = question.viewer.customers != ALL
        for name, keys in cubes_of(fact).items():
            if sees_some and "customer_id" not in keys:
                continue  # it sums over customers that the viewer does not see
            known = {*keys, *_through(name, keys)}
            if needed <= known and (name == DAY or self._may_use(name, spans)):
                return name
        return None

    def _may_use(self, cube: str, spans: Sequence[Period]) -> bool:
        """Whether the cells of a cube were made of all that this viewer sees, and of nothing else; and are few."""
        question, viewer, fact = self.question, self.question.viewer, self.measure.fact
        rows_of = question.version.rows
        if rows_of(f"aggregates/{cube_name(fact, cube)}") > WORTHWHILE * rows_of(f"aggregates/fact_{fact}"):
            return False
        if self._is_overdue or (self._is_level and min(span.until for span in spans) <= opening(question.as_of)):
            return False
        if cube in DERIVED and not (viewer.companies == ALL and viewer.regions == ALL):
            return False
        return not is_converted(fact) or question.sees_cells_in_its_currency

    def _covered(self, span: Period, cube: str | None) -> tuple[Span | None, tuple[Span, ...]]:
        """The first and last day of the whole cells of a span, and the days that are read one by one."""
        first, until = EVER if self._is_level else since(self.measure, span), span.until
        if not span.days:
            return None, ()
        if cube in (None, DAY):
            return None, ((first, until),)
        as_of = self.question.as_of
        if not self._is_level:
            found = covering(as_of, first, until)
            return found.cells, found.edges
        found = covering(as_of, until.replace(day=1), until)
        last = found.cells[1] if found.cells else until.replace(day=1) - timedelta(days=1)
        return (EVER, last), found.edges

    def _days(self, cube: str | None, edges: Sequence[Sequence[Span]]) -> pl.DataFrame:
        """What is read day by day: one row per group and set of spans that it lies in, and per currency."""
        inside = _any(_lies_in(days) for days in _joined(days for of_span in edges for days in of_span))
        found = (self._scanned(DAY) if cube == DAY else self._lines()).filter(inside)
        if self._is_level:
            marked = found.with_columns(spans=_spans_of(_any(map(_lies_in, of_span)) for of_span in edges))
            keys = dict.fromkeys(("spans", "currency", *(("due_on",) if self._is_overdue else ()), *self.by))
            return self._shaped(marked.group_by(*keys).agg(pl.col("value", "known", "rows").sum())).collect()
        by_day = found.group_by(*dict.fromkeys(("day_on", "currency", *self.by)))
        summed = by_day.agg(pl.col("value", "known", "rows").sum()).collect()
        dated = self._converted(summed.with_columns(spans=_marked(summed["day_on"], edges)), "day_on")
        return self._shaped(dated.lazy()).collect()

    def _lines(self) -> pl.LazyFrame:
        """The rows of the fact, each with value, known and rows."""
        facts = self._only(kept_rows(self.question, self.measure, self.member, self.by))
        plain = pl.col(self.measure.column).cast(pl.Float64)
        return facts.with_columns(value=plain, known=plain.is_not_null().cast(pl.Int64), rows=pl.lit(1, dtype=pl.Int64))

    def _only(self, facts: pl.LazyFrame) -> pl.LazyFrame:
        if "over" not in self.measure.only:
            return facts
        return facts.filter((pl.col("day_on") < self.question.as_of) | (pl.col("kept") == 1))

    def _cells(self, cube: str, wanted: Sequence[Span | None]) -> pl.LazyFrame:
        """What is read by cell: one row per group and set of spans that it lies in, and of levels per currency."""
        within = self._scanned(cube).filter(_any(map(_holds, _joined(cells for cells in wanted if cells))))
        if is_converted(self.measure.fact):
            within = within.filter(pl.col("into") == self.question.currency)
        found = within.with_columns(spans=_spans_of(_holds(cells) for cells in wanted))
        keys = dict.fromkeys(("spans", *(("currency",) if self._is_level else ()), *self.by))
        return self._shaped(found.group_by(*keys).agg(pl.col("value", "known", "rows").sum()))

    def _scanned(self, cube: str) -> pl.LazyFrame:
        """The rows of a cube with value, known and rows, cut by rights, scope and member."""
        fact, measure = self.measure.fact, self.measure.column
        found = self.question.version.aggregate(cube_name(fact, cube), self.question.viewer, masked=hidden(fact))
        own = () if cube == DAY else keys_of(fact, cube)
        renamed = found.with_columns(value=pl.col(measure), known=pl.col(known_of(measure)).fill_null(0))
        return in_scope(self.question, renamed, own, self.by, self.member)

    def _converted(self, parts: pl.DataFrame, rate_on: str) -> pl.DataFrame:
        """With the value in the reporting currency at the rate of a day, unknown where there is no rate."""
        if not self.measure.is_money or self._is_reported(parts["currency"]):
            return parts
        needed = parts.select("currency", day_on=rate_on)
        worth = self.question.factors(needed).rename({"day_on": rate_on})
        joined = parts.join(worth, on=("currency", rate_on), how="left", validate="m:1", maintain_order="left")
        known = pl.when(pl.col("factor").is_not_null()).then("known").otherwise(0)
        return joined.with_columns(value=pl.col("value") * pl.col("factor"), known=known).drop("factor")

    def _is_reported(self, currencies: pl.Series) -> bool:
        """Whether all is in the reporting currency already."""
        reported = self.question.currency
        return reported is not None and bool(currencies.eq_missing(reported).all())

    def _shaped(self, parts: pl.LazyFrame) -> pl.LazyFrame:
        extra = (("currency",) if self._is_level else ()) + (("due_on",) if self._is_overdue else ())
        return parts.select(*dict.fromkeys(("spans", *extra, *self.by)), "value", "known", "rows")

    def _spans(self, parts: pl.LazyFrame, spans: Sequence[Period]) -> pl.DataFrame:
        every = pl.DataFrame(
            {
                "span": range(len(spans)),
                "bit": [1 << at for at in range(len(spans))],
                "rate_on": [span.until for span in spans],
            },
            schema={"span": pl.Int64, "bit": pl.Int64, "rate_on": pl.Date},
        )
        kept = parts.join(every.lazy(), how="cross").filter(pl.col("spans") & pl.col("bit") != 0)
        if self._is_overdue:
            kept = kept.filter((pl.col("due_on") < pl.col("rate_on")).fill_null(False))
        if not self._is_level:
            return totals(kept, self.by).collect()
        keys = dict.fromkeys(("span", "rate_on", "currency", *self.by))
        levels = kept.group_by(*keys).agg(pl.col("value", "known", "rows").sum()).collect()
        return totals(self._converted(levels, "rate_on").lazy(), self.by).collect()


def totals(parts: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
    """One row per span and group."""
    worth = parts.with_columns(value=pl.when(pl.col("known") > 0).then("value"))
    told = worth.group_by("span", *by).agg(pl.col("value", "rows", "known").sum())
    value = pl.when(pl.col("known") > 0).then("value")
    shaped = told.select("span", *by, value=value, rows="rows", unknown=pl.col("rows") - pl.col("known"))
    return shaped.sort("span", *by, nulls_last=True)


def _through(cube: str, keys: Sequence[str]) -> set[str]:
    """The keys that a cube knows through its products and customers."""
    if cube in DERIVED:
        return set()
    of_product = {"category_id", "supplier_id"} if "product_id" in keys else set()
    return of_product | ({"segment"} if "customer_id" in keys else set())


def _any(conditions: Iterable[pl.Expr]) -> pl.Expr:
    return reduce(or_, conditions, pl.lit(value=False))


def _lies_in(span: Span) -> pl.Expr:
    """Whether a day lies in the span."""
    return pl.col("day_on").is_between(*span)


def _holds(cells: Span | None) -> pl.Expr:
    """Whether a cell lies whole in the span; none does where there is no span."""
    if cells is None:
        return pl.lit(value=False)
    return (pl.col("first_on") >= cells[0]) & (pl.col("until_on") <= cells[1])


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans, those that touch each other as one: fewer are found faster."""
    joined: list[Span] = []
    for first, until in sorted(set(spans)):
        if joined and first <= joined[-1][1] + timedelta(days=1):
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        else:
            joined.append((first, until))
    return iter(joined)


def _marked(days: pl.Series, edges: Sequence[Sequence[Span]]) -> pl.Series:
    """For each day in which of the spans it lies, as a number: its first bit is set for the first span, and so on."""
    numbers, bits = days.to_physical().to_numpy(), np.zeros(days.len(), dtype=np.int64)
    for at, of_span in enumerate(edges):
        for first, until in of_span:
            bits[(numbers >= _number(first)) & (numbers <= _number(until))] |= 1 << at
    return pl.Series(bits)


def _number(day: date) -> int:
    """A day as frames count it."""
    return day.toordinal() - EPOCH


def _spans_of(inside: Iterable[pl.Expr]) -> pl.Expr:
    """The same of rows, by whether they lie in each of the spans."""
    bits = [is_in.cast(pl.Int64) * (1 << at) for at, is_in in enumerate(inside)]
    return reduce(add, bits, pl.lit(0, dtype=pl.Int64))
