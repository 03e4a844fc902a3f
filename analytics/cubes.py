"""Sums of the facts, so that a question about years reads few rows: by day, and by month, or part of one, and member.

A month is a cell. The current one and those that what has passed of it is compared with (``CUT``: so many months ago)
are two: the days up to the day of the month that the data stands for, and those after it. What has passed of a month,
quarter or year, and as much of the one before or of last year's, is then made of whole cells. Levels are cells of
changes; what changed more than ``KEPT_MONTHS`` ago is one cell.

Sums are in the rows' own currency by day, and of levels. In cells of flows of money they are converted, each row at the
rate of its day: there is a row for each currency that a company reports in, ``into``. ``<measure>:known`` counts the
rows whose value is known, ``rows`` all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl

from analytics.coded import Coded, Floats, Key, Number, Texts, Whole, joined
from analytics.facts import FACTS, Fact
from analytics.metrics import METRICS, MONEY_COLUMNS
from analytics.money import daily_factors

RIGHTS = ("company_id", "region", "currency")
KEPT_MONTHS = 27
CUT = (0, 1, 3, 12, 24)
CHUNK = 1_000_000
NO_DAY = -(1 << 31)
NOBODY = dict.fromkeys(("product_id", "category_id", "supplier_id", "customer_id", "segment"), pl.String)
DAY = "day"
CUBES: Mapping[str, tuple[str, ...]] = {
    DAY: (),
    "segments": ("segment",),
    "places": ("site_id", "category_id", "supplier_id"),
    "sellers": ("salesperson_id",),
    "products": ("product_id", "supplier_id"),
    "customers": ("customer_id",),
    "items": ("product_id", "site_id", "supplier_id"),
}
DERIVED = frozenset({"segments", "places"})


@dataclass(frozen=True)
class Known:
    """What sums are made with: the day that the data stands for, each product's category and main supplier, each
    customer's segment, the exchange rates, and the currencies that companies report in."""

    as_of: date
    members: pl.DataFrame
    customers: pl.DataFrame
    rates: pl.DataFrame
    currencies: tuple[str, ...]


def cube_name(fact: str, cube: str) -> str:
    """What the aggregate of a cube is called."""
    return f"cube_{fact}_{cube}"


def cubes_of(fact: str) -> dict[str, tuple[str, ...]]:
    """The cubes of a fact, from name to the keys that it has beside those of rights and currency; the smallest first.

    Those of ``DERIVED`` hold what is known of products and customers; the others only what the fact itself knows.
    """
    own = {*FACTS[fact].knows, *_through(FACTS[fact])}
    return {name: tuple(key for key in keys if key in own) for name, keys in CUBES.items() if _is_kept(name, own)}


def _through(fact: Fact) -> set[str]:
    """The keys that a fact knows through its products and customers."""
    of_product = {"category_id", "supplier_id"} if "product_id" in fact.knows else set()
    return of_product | ({"segment"} if "customer_id" in fact.knows else set())


def _is_kept(name: str, own: set[str]) -> bool:
    leading = {"places": "category_id", "items": "site_id"}.get(name, next(iter(CUBES[name]), None))
    return leading is None or (leading in own and (name != "items" or "product_id" in own))


def keys_of(fact: str, cube: str) -> tuple[str, ...]:
    """The keys that a cube itself holds: a supplier only where the fact names it, or the cube is a derived one."""
    keys = cubes_of(fact)[cube]
    if cube in DERIVED or "supplier_id" in FACTS[fact].knows:
        return keys
    return tuple(key for key in keys if key != "supplier_id")


def summed(fact: str) -> tuple[str, ...]:
    """The columns of a fact that some number is a sum of; where an item is the record, all that tells of it."""
    if FACTS[fact].is_of_items:
        return FACTS[fact].measures
    asked = {measure.column for metric in METRICS.values() for measure in metric.measures if measure.fact == fact}
    return tuple(name for name in FACTS[fact].measures if name in asked)


def is_converted(fact: str) -> bool:
    """Whether the cells of a fact hold money that is converted."""
    return not FACTS[fact].is_event and any(name in MONEY_COLUMNS for name in summed(fact))


def known_of(measure: str) -> str:
    """The column that counts the rows of a sum whose value is known."""
    return f"{measure}:known"


def hidden(fact: str) -> dict[str, str]:
    """From a column of the fact's cubes to the capability without which it is null."""
    return {name: need for measure, need in FACTS[fact].hidden.items() for name in (measure, known_of(measure))}


# Cells


def starts(as_of: date, day: date) -> tuple[date, date]:
    """The first and last day of the cell that a day lies in."""
    first = day.replace(day=1)
    end = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if _month(as_of) - _month(day) not in CUT:
        return first, end
    cut = min(as_of.day, end.day)
    return (first, first.replace(day=cut)) if day.day <= cut else (first.replace(day=cut + 1), end)


def _month(day: date) -> int:
    return day.year * 12 + day.month


@dataclass(frozen=True)
class Covering:
    """The whole cells of a span of days, null where there are none, and the days at its ends that no cell covers."""

    cells: tuple[date, date] | None
    edges: tuple[tuple[date, date], ...]


def covering(as_of: date, first: date, until: date) -> Covering:
    """How cells cover the days from ``first`` to ``until``."""
    start, end = starts(as_of, first), starts(as_of, until)
    since = start[0] if start[0] == first else start[1] + timedelta(days=1)
    last = end[1] if end[1] == until else end[0] - timedelta(days=1)
    if since > last:
        return Covering(None, ((first, until),) if first <= until else ())
    edges = ((first, since - timedelta(days=1)), (last + timedelta(days=1), until))
    return Covering((since, last), tuple(edge for edge in edges if edge[0] <= edge[1]))


def opening(as_of: date) -> date:
    """The last day of the cell into which all older changes of levels go."""
    year, month = divmod(as_of.year * 12 + as_of.month - 1 - KEPT_MONTHS, 12)
    return date(year, month + 1, 1) - timedelta(days=1)


def _cells(as_of: date, *, of_levels: bool) -> list[pl.Expr]:
    day = pl.col("day_on")
    month, cut = day.dt.month_start(), as_of.day
    is_begun = day.dt.day() <= cut
    cut_on = pl.min_horizontal(month + pl.duration(days=cut - 1), day.dt.month_end())
    is_cut = (_month(as_of) - day.dt.year().cast(pl.Int32) * 12 - day.dt.month()).is_in(CUT)
    first = pl.when(is_begun | ~is_cut).then(month).otherwise(month + pl.duration(days=cut))
    until = pl.when(is_begun & is_cut).then(cut_on).otherwise(day.dt.month_end())
    if not of_levels:
        return [first.alias("first_on"), until.alias("until_on")]
    is_old, ends = day <= opening(as_of), pl.lit(opening(as_of))
    return [
        pl.when(is_old).then(ends).otherwise(first).alias("first_on"),
        pl.when(is_old).then(ends).otherwise(until).alias("until_on"),
    ]


# Making them


def cubes(fact: str, rows: pl.LazyFrame, known: Known) -> dict[str, pl.DataFrame]:
    """All cubes of a fact, from its rows in the order of their days; by name."""
    needed = _needed(fact, rows)
    days = needed.select("day_on").collect().to_series()
    if days.is_empty():
        return _of_nothing(fact, tuple(needed.collect_schema().items())).copy()
    chunks = _chunks(days)
    making = _Making(fact, days, known, is_whole=len(chunks) == 1)
    return making.made([making.part(needed.slice(since, height).collect()) for since, height in chunks])


@cache
def _of_nothing(fact: str, columns: tuple[tuple[str, pl.DataType], ...]) -> dict[str, pl.DataFrame]:
    """The cubes of a fact without rows: the same for every firm."""
    rows, nobody = pl.DataFrame(schema=dict(columns)), pl.DataFrame(schema=NOBODY)
    making = _Making(fact, rows["day_on"], Known(date.max, nobody, nobody, nobody, ()), is_whole=True)
    return making.made([making.part(rows)])


def _needed(fact: str, rows: pl.LazyFrame) -> pl.LazyFrame:
    """The columns that are summed, and those by which they are."""
    deciding = [name for name in ("kept", "due_on") if name in rows.collect_schema()]
    return rows.select(*dict.fromkeys(("day_on", *RIGHTS, *FACTS[fact].knows, *deciding, *summed(fact))))


def _chunks(days: pl.Series) -> list[tuple[int, int]]:
    """The first row and how many, some whole months at a time, so that there is never much of them in memory."""
    first, last = days.min(), days.max()
    if not isinstance(first, date) or not isinstance(last, date) or days.len() <= CHUNK:
        return [(0, days.len())]
    months = pl.date_range(first.replace(day=1), last, "1mo", eager=True)
    ends = [*days.drop_nulls().search_sorted(months, side="left").to_list()[1:], days.len()]
    found, since = [], 0
    for end, following in zip(ends, [*ends[1:], days.len() + CHUNK], strict=True):
        if following - since > CHUNK and end > since:
            found.append((since, end - since))
            since = end
    return found


class _Cells:
    """The cells of some days, the earliest first, and the cell of each day; without a day it is the last one."""

    def __init__(self, days: pl.Series, as_of: date, *, of_levels: bool) -> None:
        ends = days.min(), days.max()
        first, last = (int(pl.Series([end]).to_physical()[0]) if isinstance(end, date) else 0 for end in ends)
        all_days = pl.Series("day_on", [*range(first, last + 1), None], dtype=pl.Int32).cast(pl.Date)
        placed = all_days.to_frame().select(_cells(as_of, of_levels=of_levels))
        self._first = first
        self._of_days = placed["first_on"].rle_id().cast(pl.Int32).to_numpy()
        self._cells = placed.unique(maintain_order=True)

    def key(self, days: Key) -> Key:
        """The cell of each day."""
        if days.first == NO_DAY:
            return Key.of(self._of_days[np.where(days.codes == NO_DAY, -1, days.codes - self._first)])
        cells = self._of_days[days.first - self._first :][: days.size]
        if cells[0] == cells[-1]:
            return Key.constant(int(cells[0]), len(days.codes))
        return Key.of(cells[days.codes - days.first])

    def told(self, key: Key) -> pl.DataFrame:
        """The first and last day of each cell."""
        return self._cells[key.codes]


class _Making:
    """Makes the cubes of one fact, part by part. ``is_whole``: all rows are one part."""

    def __init__(self, fact: str, days: pl.Series, known: Known, *, is_whole: bool) -> None:
        self._fact, self._known, self._is_level = fact, known, FACTS[fact].is_event
        self._cells = _Cells(days, known.as_of, of_levels=self._is_level)
        members = {} if is_whole else {"product_id": known.members, "customer_id": known.customers}
        names = {*RIGHTS, *FACTS[fact].knows, *(key for keys in cubes_of(fact).values() for key in keys)}
        self._texts = {name: Texts(members[name][name] if name in members else None) for name in names}

    def _keys(self, name: str) -> tuple[str, ...]:
        """The keys of a cube in the order of its rows. Of a level all cells are asked for, and often one member; of a
        flow some cells."""
        own = keys_of(self._fact, name)
        return (*own, "cell", *RIGHTS) if self._is_level else ("cell", *RIGHTS, *own)

    def part(self, rows: pl.DataFrame) -> dict[str, Coded]:
        """The cubes of some rows that are not made of other cubes."""
        if "kept" in rows.columns:
            rows = rows.filter((pl.col("day_on") < self._known.as_of) | (pl.col("kept") == 1))
        coded = self._coded(rows)
        by_day = coded.by([name for name in ("day_on", *RIGHTS, "due_on") if name in coded.keys])
        cells = self._converted(coded, by_day).with_key("cell", self._cells.key(coded.keys["day_on"]))
        direct = [name for name in cubes_of(self._fact) if name != DAY and name not in _origins(self._fact)]
        return {DAY: by_day} | {name: cells.by(self._keys(name)) for name in direct}

    def _coded(self, rows: pl.DataFrame) -> Coded:
        texts = {name: self._texts[name].key(rows[name]) for name in (*RIGHTS, *FACTS[self._fact].knows)}
        days = {name: _day_key(rows[name]) for name in ("day_on", "due_on") if name in rows.columns}
        numbers: dict[tuple[str, str], Number] = {("", "rows"): None}
        for name in summed(self._fact):
            column = rows[name]
            is_known = column.is_not_null().cast(pl.Int64).to_numpy() if column.null_count() else None
            numbers |= {("", name): _floats(column), ("", known_of(name)): is_known}
        return Coded(rows.height, texts | days, numbers)

    @property
    def _currencies(self) -> tuple[str, ...]:
        """What cells are converted into; nothing where they are not."""
        return (self._known.currencies or ("",)) if is_converted(self._fact) else ()

    def _converted(self, rows: Coded, by_day: Coded) -> Coded:
        """With money once for each currency that it is converted into, each row at the rate of its day."""
        if not self._currencies:
            return rows
        pair = ("day_on", "currency")
        needed = by_day.by(pair)
        dated = pl.DataFrame({"day_on": _days(needed.keys["day_on"]), "currency": self._told(needed, "currency")})
        factors = {into: self._factors(dated, into) for into in self._currencies}
        group = None if all((each == 1).all() for each in factors.values()) else rows.groups(pair)[0]
        numbers: dict[tuple[str, str], Number] = {}
        for into, each in factors.items():
            worth = rows.numbers if group is None else _worth(rows.numbers, each[group])
            numbers |= {(into, name): number for (_, name), number in worth.items()}
        return replace(rows, numbers=numbers)

    def _factors(self, dated: pl.DataFrame, into: str) -> Floats:
        """What one unit of the currency is worth on the day, row by row; nan where no rate tells it."""
        worth = daily_factors(self._known.rates, into, dated)
        found = dated.join(worth, on=("currency", "day_on"), how="left", validate="m:1", maintain_order="left")
        return found["factor"].fill_null(float("nan")).to_numpy()

    def made(self, parts: list[dict[str, Coded]]) -> dict[str, pl.DataFrame]:
        """All cubes, of the cubes of all parts."""
        new = {name: texts.put_in_order() for name, texts in self._texts.items()}
        found: dict[str, Coded] = {}
        for name in list(parts[0]):
            of_parts = [_in_order(part.pop(name), new) for part in parts]
            found[name] = joined(of_parts, list(of_parts[0].keys))
        for name, origin in _origins(self._fact).items():
            found[name] = self._with_told(found[origin], name).by(self._keys(name))
        frames = {name: self._frame(name, found.pop(name)) for name in list(found)}
        return {name: frames[name] for name in cubes_of(self._fact)}

    def _with_told(self, cube: Coded, name: str) -> Coded:
        """With what is known of products or customers."""
        key, known = (
            ("customer_id", self._known.customers) if name == "segments" else ("product_id", self._known.members)
        )
        wanted = [each for each in keys_of(self._fact, name) if each not in cube.keys]
        if not wanted:
            return cube
        members = self._texts[key].texts().alias(key).to_frame()
        told = members.join(known.select(key, *wanted), on=key, how="left", validate="m:1", maintain_order="left")
        rows = cube.keys[key].codes.astype(np.int64)
        of_rows = {each: self._texts[each].key(told[each]).taken(rows) for each in wanted}
        return replace(cube, keys={**cube.keys, **of_rows})

    def _told(self, cube: Coded, key: str) -> pl.Series:
        return self._texts[key].told(cube.keys[key]).alias(key)

    def _frame(self, name: str, cube: Coded) -> pl.DataFrame:
        """A cube as it is kept: the latest cells last, but for those of levels."""
        keys = [self._told(cube, key) for key in (*RIGHTS, *keys_of(self._fact, name))]
        if name == DAY:
            first, *others = [_days(cube.keys[day]).alias(day) for day in ("day_on", "due_on") if day in cube.keys]
            return pl.DataFrame([first, *keys, *others, *self._numbers(cube, "")])
        cells = self._cells.told(cube.keys["cell"]).get_columns()
        if not self._currencies:
            return pl.DataFrame([*cells, *keys, *self._numbers(cube, "")])
        frames = [
            pl.DataFrame(
                [*cells, pl.Series("into", [into]).new_from_index(0, cube.height), *keys, *self._numbers(cube, into)]
            )
            for into in self._currencies
        ]
        return frames[0] if len(frames) == 1 else pl.concat(frames).sort("first_on", maintain_order=True)

    def _numbers(self, cube: Coded, into: str) -> list[pl.Series]:
        sums = [pl.Series(name, cube.numbers[into, name], dtype=pl.Float64) for name in summed(self._fact)]
        counted = (*map(known_of, summed(self._fact)), "rows")
        return [*sums, *(pl.Series(name, np.asarray(cube.numbers[into, name], dtype=np.int64)) for name in counted)]


def _in_order(cube: Coded, new: Mapping[str, Whole | None]) -> Coded:
    """With the new codes of keys, and in their order."""
    changed = {name: codes for name in cube.keys if (codes := new.get(name)) is not None}
    keys = {name: Key.of(codes[cube.keys[name].codes]) for name, codes in changed.items()}
    return replace(cube, keys={**cube.keys, **keys}).by(list(cube.keys)) if keys else cube


def _origins(fact: str) -> dict[str, str]:
    """The cubes that are made of another cube, and of which."""
    names = cubes_of(fact)
    origins = {"products": "items"} if "items" in names else {}
    origins |= {"segments": "customers", "places": "items" if "items" in names else "products"}
    return {name: origin for name, origin in origins.items() if name in names}


def _day_key(days: pl.Series) -> Key:
    return Key.of(days.to_physical().fill_null(NO_DAY).to_numpy())


def _days(key: Key) -> pl.Series:
    codes = pl.Series(key.codes)
    return codes.set(codes == NO_DAY, None).cast(pl.Int32).cast(pl.Date)


def _floats(column: pl.Series) -> Floats:
    """The values as numbers, 0 where they are not known."""
    if not isinstance(column.dtype, pl.Decimal):
        return column.cast(pl.Float64).fill_null(0.0).to_numpy()
    return column.to_physical().cast(pl.Float64).fill_null(0.0).to_numpy() / 10.0**column.dtype.scale


def _worth(numbers: Mapping[tuple[str, str], Number], factor: Floats) -> dict[tuple[str, str], Number]:
    """The numbers of rows with their money times the factor, not known where that is not."""
    unknown = np.isnan(factor)
    found = dict(numbers)
    for into, name in numbers:
        if name in MONEY_COLUMNS:
            value, is_known = (
                1 if each is None else each for each in (numbers[into, name], numbers[into, known_of(name)])
            )
            found[into, name] = np.where(unknown, 0.0, value * factor)
            found[into, known_of(name)] = np.where(unknown, 0, is_known)
    return found
