"""Sums of the facts, so that a question about years reads few rows: by day, and by month, or part of one, and member.

A month is a cell. The current one and those that what has passed of it is compared with (``CUT``: so many months ago)
are two: the days up to the day of the month that the data stands for, and those after it. What has passed of a month,
quarter or year, and as much of the one before or of last year's, is then made of whole cells. Levels are cells of
changes; what changed more than ``KEPT_MONTHS`` ago is one cell.

Sums are in the rows' own currency by day, and of levels. In cells of flows of money they are converted, each row at the
rate of its day: there is a row for each currency that a company reports in, ``into``. ``<measure>:known`` counts the
rows whose value is known, ``rows`` all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from analytics.facts import FACTS, Fact
from analytics.metrics import METRICS, MONEY_COLUMNS
from analytics.money import daily_factors

RIGHTS = ("company_id", "region", "currency")
KEPT_MONTHS = 27
CUT = (0, 1, 3, 12, 24)
CHUNK = 1_000_000
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
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in cubes_of(fact)}
    for chunk in _chunks(_needed(fact, rows)):
        for name, cube in _cubes(fact, chunk, known).items():
            parts[name].append(cube)
    return {name: _joined(found, known.as_of) for name, found in parts.items()}


def _needed(fact: str, rows: pl.LazyFrame) -> pl.LazyFrame:
    """The columns that are summed, and those by which they are."""
    deciding = [name for name in ("kept", "due_on") if name in rows.collect_schema()]
    return rows.select(*dict.fromkeys(("day_on", *RIGHTS, *FACTS[fact].knows, *deciding, *summed(fact))))


def _chunks(rows: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """The rows, some whole months at a time, so that there is never much of them in memory."""
    first, last, height = rows.select(pl.col("day_on").min(), last=pl.col("day_on").max(), n=pl.len()).collect().row(0)
    if first is None or height <= CHUNK:
        yield rows.collect()
        return
    months = pl.date_range(first.replace(day=1), last, "1mo", eager=True)
    step = max(1, CHUNK * len(months) // height)
    starts_on = months.gather_every(step).to_list()
    for since, following in zip(starts_on, [*starts_on[1:], last + timedelta(days=1)], strict=True):
        yield rows.filter((pl.col("day_on") >= since) & (pl.col("day_on") < following)).collect()


def _cubes(fact: str, rows: pl.DataFrame, known: Known) -> dict[str, pl.DataFrame]:
    counting = rows.filter((pl.col("day_on") < known.as_of) | (pl.col("kept") == 1)) if "kept" in rows.columns else rows
    made = {DAY: _by_day(fact, counting)}
    cells = _with_values(fact, counting, known).with_columns(_cells(known.as_of, of_levels=FACTS[fact].is_event))
    for name in reversed(cubes_of(fact)):
        if name == DAY:
            continue
        if name == "products" and "items" in made:
            made[name] = _grouped(made["items"], _keys(fact, name))
        elif name not in DERIVED:
            made[name] = _totals(fact, cells, _keys(fact, name))
    for name in DERIVED & set(cubes_of(fact)):
        made[name] = _derived(fact, name, made, known)
    return made


def _by_day(fact: str, rows: pl.DataFrame) -> pl.DataFrame:
    """By day, in the rows' own currency; of what falls due, by its day too."""
    keys = ["day_on", *RIGHTS, *(name for name in ("due_on",) if name in rows.columns)]
    return _totals(fact, rows.with_columns(pl.col(summed(fact)).cast(pl.Float64)), keys)


def _with_values(fact: str, rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """With the measures as numbers; money of flows once for each currency that it is converted into."""
    plain = rows.with_columns(pl.col(summed(fact)).cast(pl.Float64))
    if not is_converted(fact):
        return plain
    return pl.concat([_converted(fact, plain, currency, known) for currency in known.currencies or ("",)])


def _converted(fact: str, rows: pl.DataFrame, into: str, known: Known) -> pl.DataFrame:
    worth = daily_factors(known.rates, into, rows)
    joined = rows.join(worth, on=("currency", "day_on"), how="left", validate="m:1", maintain_order="left")
    money = [pl.col(name) * pl.col("factor") for name in summed(fact) if name in MONEY_COLUMNS]
    return joined.with_columns(*money, into=pl.lit(into)).drop("factor")


def _keys(fact: str, name: str) -> tuple[str, ...]:
    """All keys of a cube of cells."""
    into = ("into",) if is_converted(fact) else ()
    return ("first_on", "until_on", *into, *RIGHTS, *keys_of(fact, name))


def _totals(fact: str, rows: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    counts = [pl.col(name).count().cast(pl.Int64).alias(known_of(name)) for name in summed(fact)]
    sums = pl.col(summed(fact)).sum()
    return rows.group_by(keys, maintain_order=True).agg(sums, *counts, rows=pl.len().cast(pl.Int64))


def _derived(fact: str, name: str, made: Mapping[str, pl.DataFrame], known: Known) -> pl.DataFrame:
    """By what is known of products or customers."""
    if name == "segments":
        rows, told, key = made["customers"], known.customers.select("customer_id", "segment"), "customer_id"
    else:
        wanted = ("product_id", "category_id", "supplier_id")
        held = made["items"] if "items" in made else made["products"]
        rows, key = held, "product_id"
        told = known.members.select(name for name in wanted if name not in held.columns or name == key)
    joined = rows.join(told, on=key, how="left", validate="m:1")
    return _grouped(joined, _keys(fact, name))


def _grouped(rows: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    numbers = [name for name, kind in rows.schema.items() if kind.is_numeric()]
    return rows.group_by(keys, maintain_order=True).agg(pl.col(numbers).sum())


def _joined(parts: list[pl.DataFrame], as_of: date) -> pl.DataFrame:
    """The cubes of all chunks as one. Chunks are whole months: only the cell of all older changes comes in several."""
    whole = pl.concat(parts)
    if len(parts) == 1 or "until_on" not in whole.columns:
        return whole
    is_old = pl.col("until_on") == opening(as_of)
    keys = [name for name, kind in whole.schema.items() if not kind.is_numeric()]
    return pl.concat([_grouped(whole.filter(is_old), keys), whole.filter(~is_old)])
