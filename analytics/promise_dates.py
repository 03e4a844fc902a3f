"""Which day to promise for an order, learned from how long earlier ones took: the expected instant, and the days that
80, 90 and 95 of 100 such orders keep.

Boosted trees learn the middle and the spread of the days an order takes from all orders delivered so far, late ones
weighing more; the same learners, taught without the last weeks, are asked about them, and what came of those orders,
the open ones too, sets the levels. ``docs/decisions/0026-promised-dates.md`` says why. Seeded: equal rows, equal days.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from analytics.order_traits import OURS, Numbers, Traits, told, traits

SEED = 7
LEVELS = (50, 80, 90, 95)
CUTS, FAR_CUTS = (5.6, 4.2, 2.8, 1.4, 0.7), (84.0, 70.0, 56.0, 42.0, 28.0, 14.0)
BUSY_ORDERS, SEEN_DAYS, WEEK_DAYS, WEEKS = 20.0, 28.0, 7.0, 8
PACE_HALF_LIFE_DAYS, ENDS_HALF_LIFE_DAYS, WIDEST = 5.0, 30.0, 3.0
HALF_LIFE_DAYS = 120.0
LATELY_HALF_LIFE_DAYS, LONGEST_HALF_LIFE_DAYS = 10.0, 150.0
LATELY_ORDERS, PACE_DAYS = 100.0, 180.0
LEAST_ORDERS, LEAST_LATELY, LEAST_FOLLOWED, LEAST_SPREAD = 60, 30, 300, 0.25
PRIOR_ORDERS = 8.0
ROUNDS = 30
LONGEST_DAYS = 1_500.0
YEARS = (1900, 2200)
FEWEST_STAMPS, FAR_SHARE = 3, 0.1
INSTANTS = ("placed_at", "planned_at", "delivered_at")
WRITABLE = (pl.Float64(), pl.Datetime("us"), pl.String())
NO_DAY = datetime(2000, 1, 1)  # noqa: DTZ001 - instants of orders have no zone
SHARES, BEYOND_CHANCE = (0.0, 0.25, 0.5, 0.75, 1.0), 2.0
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]
_Hindcast = tuple[Numbers, Flags, Numbers, Numbers, Numbers]


@dataclass(frozen=True)
class _Orders:
    """Past orders first, then those to promise. begun, ended: days; ended is NaN while open, or not to be known.
    took: days from the midnight before an order begins to its delivery; whole ones from day to day by a plan."""

    known: Traits
    begun: Numbers
    ended: Numbers
    took: Numbers
    now: float
    past: int
    by_plan: bool


def promises(history: pl.DataFrame, orders: pl.DataFrame, as_of: datetime | None = None) -> pl.DataFrame:
    """One row per row of ``orders``, in their order: order_id, mean_at, and the days p50_on, p80_on, p90_on, p95_on.

    ``history``: order_id, placed_at and/or planned_at, delivered_at (null while open), attributes; ``orders`` likewise
    without delivered_at. Both frames have the three instants as columns, null where not given. Now is the latest
    instant of placed_at and delivered_at, or ``as_of``, after which nothing is known. mean_at is as often too early as
    too late. An order with neither instant begins now. Without any delivered order the plan is repeated where there is
    one; all days are null where there is none.

    Placeholders are no instants: one before 1900 or after 2200 counts as missing, an order delivered more than 1,500
    days away from its beginning as open, and a few instants as far after all others are not now.
    """
    if orders.is_empty():
        return _nothing(orders["order_id"].dtype)
    book, now = _book(_believed(history), _believed(orders), as_of)
    base = book["base_at"].tail(orders.height)
    rows = _orders(book, now, orders)
    if not np.isfinite(rows.took).any():
        return _dated(orders["order_id"], base, _planned(book.tail(orders.height)), None)
    with threadpool_limits(limits=1):
        middle, days = _answered(rows)
    return _dated(orders["order_id"], base if rows.by_plan else base.dt.truncate("1d"), middle, days)


def _nothing(kind: pl.DataType) -> pl.DataFrame:
    days = {f"p{level}_on": pl.Date() for level in LEVELS}
    return pl.DataFrame(schema={"order_id": kind, "mean_at": pl.Datetime("us"), **days})


def _believed(orders: pl.DataFrame) -> pl.DataFrame:
    """Orders without the instants that stand for something else."""
    names = [name for name in INSTANTS if name in orders.columns]
    meant = orders.with_columns(
        pl.when(pl.col(name).dt.year().is_between(*YEARS)).then(name).alias(name) for name in names
    )
    if "delivered_at" not in names:
        return meant
    away = (pl.col("delivered_at") - pl.coalesce("placed_at", "planned_at")).abs()
    is_open = (away > timedelta(days=LONGEST_DAYS)).fill_null(value=False)
    return meant.with_columns(delivered_at=pl.when(~is_open).then("delivered_at"))


def _book(history: pl.DataFrame, orders: pl.DataFrame, as_of: datetime | None) -> tuple[pl.DataFrame, datetime]:
    """Past orders and those to promise in one table, with base_at, and nothing that was not known by now."""
    now = as_of or _latest(history, "placed_at", "delivered_at") or _latest(history, "planned_at") or NO_DAY
    base = pl.coalesce("placed_at", "planned_at")
    kinds = _shared(history, orders)
    history, orders = (_alike(each, kinds) for each in (history, orders))
    columns = ["order_id", "placed_at", "planned_at", *kinds]
    began = history.with_columns(base_at=base).filter(pl.col("base_at").is_not_null())
    past = began.filter((pl.col("placed_at") <= now).fill_null(value=True))
    known = pl.when(pl.col("delivered_at") <= now).then(pl.col("delivered_at"))
    past = past.select(*columns, "base_at", delivered_at=known)
    asked = orders.select(*columns, base_at=base.fill_null(pl.lit(now)), delivered_at=pl.lit(None, pl.Datetime("us")))
    return pl.concat([past, asked], how="vertical_relaxed"), now


def _shared(history: pl.DataFrame, orders: pl.DataFrame) -> dict[str, pl.DataType]:
    """The attributes that both have, each with the type in which it can be read of both."""
    names = [name for name in orders.columns if name in history.columns and name not in OURS]
    kinds = {name: _common(history[name].dtype, orders[name].dtype) for name in names}
    return {name: kind for name, kind in kinds.items() if kind is not None}


def _alike(orders: pl.DataFrame, kinds: dict[str, pl.DataType]) -> pl.DataFrame:
    return orders.with_columns(_told_as(orders[name], kind) for name, kind in kinds.items())


def _common(one: pl.DataType, other: pl.DataType) -> pl.DataType | None:
    """The type in which values of both can be read; null where there is none."""
    given = [kind for kind in (one, other) if not isinstance(kind, pl.Null)]
    if one == other or len(given) < 2:
        kind = given[0] if given else one
        return None if kind.is_nested() else kind
    first, second = _widest(one), _widest(other)
    if first == second:
        return first
    return pl.String() if first in WRITABLE and second in WRITABLE else None


def _widest(kind: pl.DataType) -> pl.DataType | None:
    """The type that holds all of a kind: numbers, instants, lengths of time, or texts; null for anything else."""
    if kind.is_numeric():
        return pl.Float64()
    if isinstance(kind, pl.Date | pl.Datetime):
        return pl.Datetime("us")
    if isinstance(kind, pl.Duration):
        return pl.Duration("us")
    return pl.String() if isinstance(kind, pl.String | pl.Categorical | pl.Enum | pl.Boolean | pl.Time) else None


def _told_as(column: pl.Series, kind: pl.DataType) -> pl.Series:
    """The column in the type; instants of different zones in UTC."""
    if isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone and column.dtype != kind:
        column = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    return column.cast(kind, strict=False)


def _latest(orders: pl.DataFrame, *names: str) -> datetime | None:
    """The latest instant, but for a few that lie years after all others."""
    stamps = pl.concat([orders[name].rename("at") for name in names]).drop_nulls().sort()
    count = stamps.len()
    far = (stamps.diff() > timedelta(days=LONGEST_DAYS)).arg_true()
    few = far.filter(far >= max(0, count - max(1, int(FAR_SHARE * count))))
    last = int(few[0]) if count >= FEWEST_STAMPS and few.len() else count
    found = stamps[last - 1] if last else None
    return found if isinstance(found, datetime) else None


def _orders(book: pl.DataFrame, now: datetime, orders: pl.DataFrame) -> _Orders:
    names = [name for name in book.columns if name not in OURS]
    begun, ended = (_in_days(book[name]) for name in ("base_at", "delivered_at"))
    by_plan = book["placed_at"].is_null().all()
    days = (np.floor(ended) if by_plan else ended) - np.floor(begun)
    known = np.where(np.abs(days) <= LONGEST_DAYS, days, np.nan)
    at = float(_in_days(pl.Series([now], dtype=pl.Datetime("us")))[0])
    return _Orders(traits(book, names), begun, ended, known, at, book.height - orders.height, by_plan)


def _in_days(instants: pl.Series) -> Numbers:
    return np.asarray(instants.dt.epoch("us").cast(pl.Float64).fill_null(np.nan).to_numpy() / 86.4e9)


def _planned(asked: pl.DataFrame) -> Numbers:
    days = (asked["planned_at"] - asked["base_at"]).dt.total_seconds() / 86_400
    return np.asarray(days.cast(pl.Float64).fill_null(np.nan).to_numpy())


# What is learned


@dataclass(frozen=True)
class _Said:
    """For some orders, the middle of the days that they take and how far from it they usually end."""

    middle: Numbers
    spread: Numbers


def _said(rows: _Orders, now: float, asked: Flags) -> _Said:
    """What orders delivered by ``now`` say of those asked about."""
    closed = _over(rows, now)
    weights = np.where(closed, 0.5 ** ((now - np.where(closed, rows.ended, now)) / HALF_LIFE_DAYS), 0.0)
    took = np.where(closed, rows.took, 0.0)
    learn, answer = told(rows.known, took, weights)
    telling = _differs(learn[closed])
    learn, answer = learn[:, telling], answer[:, telling]
    if closed.sum() < LEAST_ORDERS or not telling.any():
        return _same_for_all(took[closed], int(asked.sum()))
    middle = _learner("absolute_error", closed).fit(learn[closed], took[closed], weights[closed])
    off = np.abs(took[closed] - middle.predict(learn[closed]))
    cap = np.quantile(off, 0.99) if len(off) else 1.0
    spread = _learner("squared_error", closed).fit(learn[closed], np.minimum(off, cap), weights[closed])
    floor = max(LEAST_SPREAD * float(np.mean(np.minimum(off, cap))), LEAST_SPREAD)
    return _Said(middle.predict(answer[asked]), np.maximum(spread.predict(answer[asked]), floor))


def _same_for_all(took: Numbers, asked: int) -> _Said:
    """What too few orders say of any: their middle, and how far they usually end from it."""
    middle = float(np.quantile(took, 0.5, method="inverted_cdf")) if took.size else 0.0
    spread = max(float(np.abs(took - middle).mean()), LEAST_SPREAD) if took.size else LEAST_SPREAD
    return _Said(np.full(asked, middle), np.full(asked, spread))


def _differs(table: Numbers) -> Flags:
    """The columns that hold two different numbers at least."""
    low, high = (extreme.reduce(table, axis=0, initial=np.nan) for extreme in (np.fmin, np.fmax))
    return np.asarray(low < high)


def _learner(loss: str, closed: Flags) -> HistGradientBoostingRegressor:
    count = int(closed.sum())
    return HistGradientBoostingRegressor(
        loss=loss,
        max_iter=120,
        learning_rate=0.06,
        max_leaf_nodes=12,
        min_samples_leaf=max(5, min(60, count // 20)),
        l2_regularization=5.0,
        max_features=0.5,
        early_stopping=False,
        random_state=SEED,
    )


# What is promised


def _answered(rows: _Orders) -> tuple[Numbers, Numbers]:
    """Of the orders to promise, the middle of the days and, by level, the days to promise. Where only a plan is given,
    both lie around the same day: the plan, moved as far as would have erred least."""
    asked = np.arange(len(rows.begun)) >= rows.past
    said = _said(rows, rows.now, asked)
    followed = None if rows.by_plan or _a_day(rows) < BUSY_ORDERS else _followed(rows, said)
    if followed is not None:
        return followed
    off, came, weights, middle, spread = _hindcast(rows)
    never = _never(rows, rows.now)
    ends = _levels((_whole(middle + spread * off) - middle) / spread, came, weights, never)
    days = said.middle[:, None] + said.spread[:, None] * ends
    if not rows.by_plan:
        return said.middle + said.spread * ending(off, came, weights, 0.5, never), days
    then, end = _Said(middle[came], spread[came]), float(ends[0])
    share = _trust(then, off[came], weights[came], end)
    away = off + (middle - share * (middle + spread * end)) / spread
    moved = share * (said.middle + said.spread * end)
    return moved, moved[:, None] + said.spread[:, None] * _levels(away, came, weights, _never(rows, rows.now))


def _trust(then: _Said, off: Numbers, weights: Numbers, end: float) -> float:
    """How far to move from the day that was scheduled towards the middle: where it would have erred least; not at all
    where that gain may be chance."""
    moved, came = then.middle + then.spread * end, then.middle + then.spread * off
    gains = [np.abs(came) - np.abs(share * moved - came) for share in SHARES]
    best = int(np.argmax([weights @ gain for gain in gains]))
    mean = weights @ gains[best] / weights.sum()
    noise = np.sqrt(weights**2 @ (gains[best] - mean) ** 2) / weights.sum()
    return SHARES[best] if mean > BEYOND_CHANCE * noise else 0.0


def _hindcast(rows: _Orders) -> _Hindcast:
    """How far from the middle said for them, in spreads, orders of the last weeks ended, or have come while open
    (``came`` false); their weights, late ones more; and what was said of them: middle and spread."""
    past = np.arange(len(rows.begun)) < rows.past
    lately = _lately_days(rows)
    cuts = [
        (rows.now - lately * cut, rows.now - lately * until) for cut, until in zip(CUTS, (*CUTS[1:], 0), strict=True)
    ]
    parts = [_since(rows, past, first, last) for first, last in cuts]
    off, came, weights, middle, spread = (np.concatenate(each) for each in zip(*parts, strict=True))
    found = off, came, weights, middle, spread
    return found if found[1].sum() >= LEAST_LATELY else _ended(rows, past, rows.now)


def _lately_days(rows: _Orders) -> float:
    """After how many days an outcome counts half in setting the levels: 10, more where that would hold few orders."""
    many = LATELY_ORDERS * np.log(2) / max(_a_day(rows), 1e-9)
    return float(np.clip(many, LATELY_HALF_LIFE_DAYS, LONGEST_HALF_LIFE_DAYS))


def _a_day(rows: _Orders) -> float:
    """How many orders began a day in the last half year."""
    begun = rows.begun[: rows.past]
    return float(((begun > rows.now - PACE_DAYS) & (begun <= rows.now)).sum() / PACE_DAYS)


def _since(rows: _Orders, past: Flags, first: float, last: float) -> _Hindcast:
    """The orders that began between two instants, of which what was known at the first one spoke."""
    return _ended(rows, _fresh(rows, past, first, last), first)


def _fresh(rows: _Orders, past: Flags, first: float, last: float) -> Flags:
    """The orders that began between two instants and were open at the first; none, where few were delivered by it."""
    over = _over(rows, first)
    fresh = past & (rows.begun > first) & (rows.begun <= last) & ~over
    return np.asarray(fresh if over.sum() >= LEAST_ORDERS else fresh & False)


def _over(rows: _Orders, at: float) -> Flags:
    with np.errstate(invalid="ignore"):
        return np.asarray(np.isfinite(rows.took) & (rows.ended <= at))


def _ended(rows: _Orders, asked: Flags, known_by: float) -> _Hindcast:
    """How far from the middle said of them orders ended, or have come so far."""
    if not asked.any():
        return np.zeros(0), np.zeros(0, dtype=np.bool_), np.zeros(0), np.zeros(0), np.zeros(0)
    said = _said(rows, known_by, asked)
    days, is_over = _waited(rows, asked, rows.now)
    weights = 0.5 ** ((rows.now - rows.begun[asked]).clip(min=0) / _lately_days(rows))
    return (days - said.middle) / said.spread, is_over, weights, said.middle, said.spread


def _waited(rows: _Orders, which: Flags | Places, at: float) -> tuple[Numbers, Flags]:
    """By an instant, the days that orders took, or that those still open have surely waited; and whether they came."""
    came = _over(rows, at)[which]
    waited = np.floor(at) - np.floor(rows.begun[which]) - (1 if rows.by_plan else 0)
    return np.where(came, rows.took[which], waited), came


# Where many orders begin every day


@dataclass(frozen=True)
class _Then:
    """Past orders, by their place in the book, and what was said of each before it began."""

    at: Places
    middle: Numbers
    spread: Numbers

    def only(self, flags: Flags) -> "_Then":
        return _Then(self.at[flags], self.middle[flags], self.spread[flags])


def _followed(rows: _Orders, said: _Said) -> tuple[Numbers, Numbers] | None:
    """The middle follows what came in the last days; how far from it orders end is known from eight weeks, of each of
    which the middle had been followed in the same way. Null where too little is known for that."""
    then = _told_before(rows)
    shift = _shift(rows, then, rows.now)
    off, came, weights = _missed(rows, then)
    if shift is None or came.sum() < LEAST_FOLLOWED:
        return None
    ends = _levels(off, came, weights, _never(rows, rows.now))
    middle, spread = _moved(said.middle, said.spread, shift)
    return middle, middle[:, None] + spread[:, None] * ends


def _told_before(rows: _Orders) -> _Then:
    """The orders of the last twelve weeks, each with what was said of it up to two weeks before it began."""
    past = np.arange(len(rows.begun)) < rows.past
    parts = [(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))]
    for cut, until in zip(FAR_CUTS, (*FAR_CUTS[1:], 0.0), strict=True):
        fresh = _fresh(rows, past, rows.now - cut, rows.now - until)
        if fresh.any():
            said = _said(rows, rows.now - cut, fresh)
            parts.append((np.flatnonzero(fresh), said.middle, said.spread))
    at, middle, spread = (np.concatenate(each) for each in zip(*parts, strict=True))
    return _Then(at, middle, spread)


def _shift(rows: _Orders, then: _Then, at: float) -> float | None:
    """How far from the middle said of them, in spreads, half of the orders ended of late, as known at an instant."""
    seen = then.only((rows.begun[then.at] <= at) & (rows.begun[then.at] > at - SEEN_DAYS))
    days, came = _waited(rows, seen.at, at)
    if came.sum() < LEAST_LATELY:
        return None
    weights = 0.5 ** ((at - rows.begun[seen.at]) / PACE_HALF_LIFE_DAYS)
    return ending((days - seen.middle) / seen.spread, came, weights, 0.5, _never(rows, at))


def _moved(middle: Numbers, spread: Numbers, shift: float) -> tuple[Numbers, Numbers]:
    """The middle moved by so many spreads, and the spread made wider or narrower with it."""
    moved = middle + spread * shift
    both = (middle > 0) & (moved > 0)
    wider = np.where(both, moved, 1.0) / np.where(both, middle, 1.0)
    return moved, spread * np.clip(wider, 1 / WIDEST, WIDEST)


def _missed(rows: _Orders, then: _Then) -> tuple[Numbers, Flags, Numbers]:
    """How far from the followed middle, in spreads, the orders of the last eight weeks ended, by whole days, or have
    come while open (false); and their weights."""
    parts = [(np.zeros(0), np.zeros(0, dtype=np.bool_), np.zeros(0))]
    for week in range(1, WEEKS + 1):
        at = rows.now - WEEK_DAYS * week
        shift = _shift(rows, then, at)
        if shift is None:
            continue
        began = then.only((rows.begun[then.at] > at) & (rows.begun[then.at] <= at + WEEK_DAYS))
        middle, spread = _moved(began.middle, began.spread, shift)
        days, came = _waited(rows, began.at, rows.now)
        weights = 0.5 ** ((rows.now - rows.begun[began.at]) / ENDS_HALF_LIFE_DAYS)
        parts.append(((_whole(days) - middle) / spread, came, weights))
    off, came, weights = (np.concatenate(each) for each in zip(*parts, strict=True))
    return off, came, weights


# How surely


def _whole(days: Numbers) -> Numbers:
    """Days as a promise counts them: whichever hour of the day an order comes at, the day is kept."""
    return np.asarray(np.floor(days + 1e-6))


def _levels(off: Numbers, came: Flags, weights: Numbers, never: float) -> Numbers:
    """Where so many of 100 orders end, in spreads from the middle."""
    return np.array([ending(off, came, weights, level / 100, never) for level in LEVELS])


def _never(rows: _Orders, at: float) -> float:
    """At an instant, the share of orders still open among those that began so long before that 99 of 100 would have
    come."""
    past = np.arange(len(rows.begun)) < rows.past
    came = _over(rows, at)
    if not came.any():
        return 0.0
    old = past & (at - rows.begun > np.quantile(rows.took[came], 0.99) + 1)
    return float((old & ~came).sum() / (old.sum() + PRIOR_ORDERS))


def ending(off: Numbers, came: Flags, weights: Numbers, share: float, never: float = 0.0) -> float:
    """Where the share of orders ended, by the product-limit estimate: open ones count as long as they have waited.

    ``never``: the share of orders that never come. The longer one waits, the likelier it is one of them, and the less
    it counts.
    """
    order = np.lexsort((~came, off))
    at, is_over, weight = off[order], came[order], weights[order]
    believed = weight
    for _ in range(ROUNDS):
        waiting = np.cumsum(believed[::-1])[::-1]
        left = np.cumprod(1 - np.where(is_over, believed / np.maximum(waiting, 1e-12), 0.0))
        still = left * (1 - never)
        believed = np.where(is_over, weight, weight * still / np.maximum(still + never, 1e-12))
    place = np.flatnonzero((left <= 1 - share + 1e-6) & is_over)
    return float(at[place[0]]) if place.size else float(at[is_over].max(initial=0.0))


def _dated(names: pl.Series, base: pl.Series, middle: Numbers, days: Numbers | None) -> pl.DataFrame:
    """The answer in instants and days; ``base``: the instants that days are counted from."""
    table = np.repeat(middle[:, None], len(LEVELS), axis=1) if days is None else days
    whole = np.maximum.accumulate(_whole(table), axis=1)
    mean_at = base + pl.Series(middle * 86.4e9, nan_to_null=True).cast(pl.Int64).cast(pl.Duration("us"))
    columns = {
        f"p{level}_on": base.dt.date()
        + pl.Series(whole[:, at] * 86.4e9, nan_to_null=True).cast(pl.Int64).cast(pl.Duration("us"))
        for at, level in enumerate(LEVELS)
    }
    return pl.DataFrame({"order_id": names, "mean_at": mean_at.alias("mean_at"), **columns})
