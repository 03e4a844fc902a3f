"""What customers will buy: who is active in the next days, how often, for how much, and how sure that is.

One row is one customer. The same customers are asked about days of the past, when what they bought afterwards is known:
boosted trees learn from that and stand beside the models of ``buy_till_die`` and ``spend``; where the past is too short
or the customers too few, the models answer alone. ``docs/decisions/0027-customer-value.md`` says why. Seeded: equal
rows give equal answers.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from analytics.buy_till_die import Purchases, buying, buys_within, expected_purchases
from analytics.calibration import log_odds, probabilities
from analytics.segments import standing_of_orders
from analytics.spend import expected_spend, spending

Numbers = NDArray[np.float64]
SEED = 7
WINDOWS = (30, 60, 90, 180, 365)
CUTS, LEAST_PAST_DAYS, LEAST_CUSTOMERS = 4, 45, 150
FEW, PRIOR = 1_000, 5.0
TAILS, WIDER_TAILS, SEASONS_DAYS = (0.1, 0.9), (0.06, 0.94), 730
HIGH_SHARE = 0.995
LARGEST = 1e15
HARDLY = 10_000
TEACHERS = 60_000
DRAWN, MOST_STEPS, NEVER = 0.02, 500, 999.0


class NotAnOrderBook(Exception):
    """Orders that no customer's value can be told from. Its text is the sentence for the person who gave them: what,
    where, what to do."""


@dataclass(frozen=True)
class _Standing:
    """Customers on the evening of a day: their signs, and what the models say of the next days."""

    people: pl.DataFrame
    signs: Numbers
    chance: Numbers
    orders: Numbers
    amount: Numbers


def customer_value(orders: pl.DataFrame, as_of: date, days: int) -> pl.DataFrame:
    """One row per customer that is named up to ``as_of``, sorted: customer_id, segment, recency_days, frequency,
    monetary, p_active, expected_orders, expected_amount, amount_q10, amount_q90.

    ``orders``: customer_id, ordered_on, amount (below zero: returned); rows without customer or day, or after
    ``as_of``, are left out, and an amount that is missing counts as 0. All rows of a customer and day are one order.
    recency_days: since the last day with a positive sum, null where there is none; frequency: on how many days;
    monetary: the sum of all amounts. p_active: the chance of a positive order in the next ``days``; expected_orders
    and expected_amount: how many and for how much in them; in 10 and in 90 of 100 cases the amount is at most
    amount_q10 and amount_q90. Raises :class:`NotAnOrderBook` for an amount beyond all reason.
    """
    if (orders["amount"].is_finite() & (orders["amount"].abs() > LARGEST)).any():
        raise NotAnOrderBook(f"The orders have an amount beyond {LARGEST:.0e}. Correct it or leave the row out.")
    book = _by_day(orders, as_of)
    now = _standing(book, as_of, days)
    known = _teachers(book)
    past = [(cut, _standing(known, cut, days)) for cut in _cuts(book, as_of, days)]
    taught = [(then, _afterwards(known, then.people, cut, days)) for cut, then in past]
    with threadpool_limits(limits=1):
        said = _learned(now, taught) if _teaches([then.signs for then, _ in taught]) else _alone(now)
    segments = _segments(book, as_of)
    shown = now.people.select("customer_id", "recency_days", "frequency", "monetary").with_columns(said)
    joined = shown.join(segments, on="customer_id", how="left", validate="1:1")
    return joined.select("customer_id", "segment", pl.exclude("customer_id", "segment"))


def _by_day(orders: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per customer and day: amount."""
    named = pl.col("customer_id").is_not_null() & (pl.col("ordered_on") <= as_of)
    amount = pl.when(pl.col("amount").is_finite()).then("amount").otherwise(0.0)
    rows = orders.filter(named.fill_null(value=False)).with_columns(amount=amount)
    return rows.group_by("customer_id", "ordered_on").agg(pl.col("amount").sum()).sort("customer_id", "ordered_on")


def _segments(book: pl.DataFrame, as_of: date) -> pl.DataFrame:
    orders = book.select("customer_id", "amount", day_on="ordered_on")
    return standing_of_orders(orders, as_of).select("customer_id", "segment")


def _teachers(book: pl.DataFrame) -> pl.DataFrame:
    """The orders of those customers that the past is asked about: all of them, of very many each second, third and so
    on by key. More of them teach nothing new, and each costs."""
    people = book.select("customer_id").unique().sort("customer_id")
    return book.join(people.gather_every(max(1, people.height // TEACHERS)), on="customer_id", how="semi")


def _cuts(book: pl.DataFrame, as_of: date, days: int) -> list[date]:
    """Days of the past whose next ``days`` are over, the latest first, some time after the first order."""
    first = book["ordered_on"].min()
    if not isinstance(first, date):
        return []
    room = (as_of - first).days - days - max(LEAST_PAST_DAYS, days // 2)
    step = max(7, min(days // 3, room // (CUTS - 1)))
    return [as_of - timedelta(days=days + back) for back in range(0, max(room + 1, 0), step)][:CUTS]


def _standing(book: pl.DataFrame, on: date, days: int) -> _Standing:
    people = _people(book.filter(pl.col("ordered_on") <= on), on)
    seen = Purchases(*(people[name].to_numpy() for name in ("repeats", "last", "age")))
    prior = PRIOR if people.height < FEW else 0.0
    model = buying(seen, prior=prior)
    counts, means = people["frequency"].to_numpy().astype(np.float64), people["mean_amount"].to_numpy()
    at_a_time = expected_spend(spending(counts, means, prior=prior), counts, means)
    bought = counts > 0
    chance = np.where(bought, buys_within(model, seen, float(days)), 0.0)
    expected = np.where(bought, expected_purchases(model, seen, float(days)), 0.0)
    signs = people.select(pl.exclude("customer_id")).to_numpy()
    table = np.column_stack([signs, chance, expected, expected * at_a_time])
    return _Standing(people, table, chance, expected, expected * at_a_time)


def _people(known: pl.DataFrame, on: date) -> pl.DataFrame:
    """One row per customer known by the day, with what its orders tell."""
    ago = (pl.lit(on) - pl.col("ordered_on")).dt.total_days()
    good, amount = pl.col("amount") > 0, pl.col("amount")
    recent = [pl.when(ago < window).then(amount).sum().alias(f"spent_{window}") for window in WINDOWS]
    often = [((ago < window) & good).sum().cast(pl.Float64).alias(f"orders_{window}") for window in WINDOWS]
    rows = known.group_by("customer_id").agg(
        *recent,
        *often,
        recency_days=ago.filter(good).min(),
        frequency=good.sum().cast(pl.Int64),
        monetary=amount.sum(),
        age=ago.filter(good).max().fill_null(0).cast(pl.Float64),
        mean_amount=amount.filter(good).mean().fill_null(0.0),
        returned=amount.filter(~good).sum(),
        largest=amount.filter(good).max().fill_null(0.0),
        latest=amount.filter(good).last().fill_null(0.0),
    )
    repeats = (pl.col("frequency").cast(pl.Float64) - 1).clip(lower_bound=0)
    last = (pl.col("age") - pl.col("recency_days")).fill_null(0).cast(pl.Float64)
    timed = rows.with_columns(repeats=repeats, last=last)
    gap = pl.when(pl.col("repeats") > 0).then(pl.col("last") / pl.col("repeats"))
    return timed.with_columns(gap=gap, silence=pl.col("recency_days") / (gap + 1)).sort("customer_id")


def _afterwards(book: pl.DataFrame, people: pl.DataFrame, cut: date, days: int) -> pl.DataFrame:
    """By customer, what was spent in the days after the cut, on how many days."""
    after = book.filter(pl.col("ordered_on") > cut, pl.col("ordered_on") <= cut + timedelta(days=days))
    found = after.group_by("customer_id").agg(spent=pl.col("amount").sum(), orders=(pl.col("amount") > 0).sum())
    return people.select("customer_id").join(found, on="customer_id", how="left", validate="1:1").fill_null(0)


# What is said


def _alone(now: _Standing) -> list[pl.Series]:
    """What the models say without a past to be checked against: amounts between none and some times what is expected,
    as those of a customer that may not come at all."""
    shape = np.maximum(now.orders, 0.05)
    high = np.where(now.chance > TAILS[0], now.amount * (1.0 + 1.3 / np.sqrt(shape)), 0.0)
    low = np.where(now.chance > TAILS[1], now.amount * np.maximum(1.0 - 1.3 / np.sqrt(shape), 0.0), 0.0)
    return _columns(now.chance, now.orders, now.amount, low, high)


def _teaches(tables: list[Numbers]) -> bool:
    """Whether the past holds enough customers, and any sign in which they differ."""
    if sum(len(table) for table in tables) < LEAST_CUSTOMERS:
        return False
    signs = np.concatenate(tables)
    low, high = (extreme.reduce(signs, axis=0, initial=np.nan) for extreme in (np.fmin, np.fmax))
    return bool((low < high).any())


def _signs(past: list[_Standing]) -> Numbers:
    """By customer and day of the past, the signs. Trees cannot be taught one that hardly anybody has: it counts as the
    same for all."""
    table = np.concatenate([then.signs for then in past])
    return np.where(np.isfinite(table).sum(axis=0) * HARDLY <= len(table), 0.0, table)


def _columns(*answers: Numbers) -> list[pl.Series]:
    names = ("p_active", "expected_orders", "expected_amount", "amount_q10", "amount_q90")
    return [pl.Series(name, np.maximum(answer, 0.0)) for name, answer in zip(names, answers, strict=True)]


def _learned(now: _Standing, taught: list[tuple[_Standing, pl.DataFrame]]) -> list[pl.Series]:
    """The mean of models, trees and regression, the amounts in the order that foretells best; the interval as wide as
    it had to be on the latest day of the past, asked of trees that had not seen it."""
    came = pl.concat([after for _, after in taught])
    table = _signs([then for then, _ in taught])
    spent = np.maximum(came["spent"].to_numpy(), 0.0)
    active = _classifier(table, came["orders"].to_numpy() > 0, now)
    orders = _mean_of(table, came["orders"].to_numpy().astype(np.float64), now)
    amount = _mean_of(table, spent, now)
    steady = _regression(table, came["orders"].to_numpy() > 0, now)
    chance = probabilities((log_odds(active) + log_odds(steady) + log_odds(now.chance)) / 3)
    expected = np.sqrt(orders * now.orders)
    means = _in_order(np.sqrt(amount * now.amount), _score(table, spent, now))
    low, high = (_tail(tail, now, taught) for tail in _tails(now))
    return _columns(chance, expected, means, np.minimum(low, high), high)


def _tails(now: _Standing) -> tuple[float, float]:
    """Which tails to ask for: wider ones where the past is shorter than two years, and so holds no season to learn."""
    return TAILS if now.people["age"].max() >= SEASONS_DAYS else WIDER_TAILS  # type: ignore[operator]


def _score(table: Numbers, spent: Numbers, now: _Standing) -> Numbers:
    """By customer, a rank among all: half by what trees foretell of the logarithm, half by what was spent so far."""
    learner = HistGradientBoostingRegressor(**_settings(len(table))).fit(table, np.log1p(spent))
    parts = (learner.predict(now.signs), now.people["monetary"].to_numpy())
    ranks = [pl.Series(each).rank("average") for each in parts]
    return np.asarray((ranks[0] + ranks[1]).to_numpy())


def _in_order(amounts: Numbers, score: Numbers) -> Numbers:
    """The same amounts, dealt out so that a higher score never has less; equal scores share."""
    order = np.argsort(score, kind="stable")
    dealt = pl.DataFrame({"score": score[order], "amount": np.sort(amounts)})
    shared = dealt.select(pl.col("amount").mean().over("score")).to_series().to_numpy()
    placed = np.empty(len(amounts))
    placed[order] = shared
    return placed


def _classifier(table: Numbers, came: NDArray[np.bool_], now: _Standing) -> Numbers:
    if came.all() or not came.any():
        return now.chance
    learner = HistGradientBoostingClassifier(**_settings(len(table)))
    return np.asarray(learner.fit(table, came).predict_proba(now.signs)[:, 1])


def _regression(table: Numbers, came: NDArray[np.bool_], now: _Standing) -> Numbers:
    """The chance by a logistic regression on the logarithms of the signs, strongly drawn towards none."""
    if came.all() or not came.any():
        return now.chance
    scale = StandardScaler().fit(_in_logs(table))
    learner = LogisticRegression(C=DRAWN, max_iter=MOST_STEPS).fit(scale.transform(_in_logs(table)), came)
    return np.asarray(learner.predict_proba(scale.transform(_in_logs(now.signs)))[:, 1])


def _in_logs(table: Numbers) -> Numbers:
    """The signs without their long tails; one that somebody has not is as if it were long ago."""
    known = np.where(np.isfinite(table), table, NEVER)
    return np.asarray(np.sign(known) * np.log1p(np.abs(known)))


def _mean_of(table: Numbers, came: Numbers, now: _Standing) -> Numbers:
    capped = np.minimum(came, np.quantile(came, HIGH_SHARE))
    if not capped.any():
        return np.zeros(len(now.signs))
    learner = HistGradientBoostingRegressor(loss="poisson", **_settings(len(table)))
    scale = capped.mean()
    return np.asarray(learner.fit(table, capped / scale).predict(now.signs) * scale)


def _tail(tail: float, now: _Standing, taught: list[tuple[_Standing, pl.DataFrame]]) -> Numbers:
    """The quantile of the amount, moved by as much as it lacked when asked on the latest day of the past."""
    logs = [np.log1p(np.maximum(after["spent"].to_numpy(), 0.0)) for _, after in taught]
    whole = _quantile(tail, [then for then, _ in taught], logs, now)
    if len(taught) == 1 or taught[0][0].people.height < LEAST_CUSTOMERS:
        return np.asarray(np.expm1(whole))
    tried = _quantile(tail, [then for then, _ in taught[1:]], logs[1:], taught[0][0])
    off = np.sort((logs[0] - tried)[tried > 0]) if (tried > 0).any() else np.zeros(1)
    return np.asarray(np.expm1(np.where(whole > 0, np.maximum(whole + np.quantile(off, tail), 0.0), whole)))


def _quantile(tail: float, then: list[_Standing], logs: list[Numbers], asked: _Standing) -> Numbers:
    table, came = _signs(then), np.concatenate(logs)
    learner = HistGradientBoostingRegressor(loss="quantile", quantile=tail, **_settings(len(table)))
    return np.maximum(learner.fit(table, came).predict(asked.signs), 0.0)


def _settings(rows: int) -> dict[str, Any]:
    return {
        "max_iter": 80,
        "learning_rate": 0.05,
        "max_leaf_nodes": 8,
        "min_samples_leaf": max(15, min(100, rows // 60)),
        "l2_regularization": 10.0,
        "max_features": 0.5,
        "early_stopping": False,
        "random_state": SEED,
    }
