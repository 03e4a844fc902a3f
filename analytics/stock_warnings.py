"""How likely each series of stock positions is at or below zero on any of the next days, learned from the panel itself.

Many past days are asked what is asked today: what was known then, and whether stock ran out within so many days. Two
pooled learners (boosted trees, a forest) answer from the signs of ``stock_signs``; their mean is made to fall with the
position, and set right on the latest days, which it had not seen. Where the past holds too few stock-outs to learn
from, the share of past courses answers that sank as deep as the stock of today is high. ``docs/decisions/
0025-stock-warnings.md`` says why. Everything is seeded: equal rows give equal chances.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from threadpoolctl import threadpool_limits

from analytics.calibration import Calibration, calibration, log_odds
from analytics.stock_panels import Codes, Flags, Numbers, Panel, panel
from analytics.stock_signs import Past, drawdowns, past, signs

SEED = 7
FIRST_DAY = 14
MOST_ROWS, LEAST_ROWS, LEAST_OUT = 130_000, 1_500, 40
FOREST_SHARE = 2
TRIED_DAYS = 5
GRID, GRID_ROWS = 64, 250_000
OWN_WEIGHT, LIKES_WEIGHT = 1.0, 4.0
SPELLS = (1, 3, 7, 14)
PROMPT, LATE_DAYS = 0.8, 7
LEAST, MOST = 0.0005, 0.9995
LARGEST = 1e30


@dataclass(frozen=True)
class _Asked:
    """A panel, its sums, and for one horizon how deep stock sank and whether it ran out (NaN: not known)."""

    known: Past
    within: int
    sunk: Numbers
    ran_out: Numbers

    @property
    def panel(self) -> Panel:
        return self.known.panel

    @property
    def now(self) -> int:
        return self.panel.days - 1


def stock_warnings(
    stock: pl.DataFrame, demand: pl.DataFrame, receipts: pl.DataFrame | None, within: Sequence[int]
) -> pl.DataFrame:
    """One row per series of ``stock``, sorted: series_id, and p_h for each h of ``within``, ascending: the probability
    that the recorded on_hand is at or below 0 on any of the next h days. Never null, never falling with h.

    ``stock``: series_id, date, on_hand, static columns; the latest day is now. ``demand``: series_id, date, quantity.
    ``receipts``: series_id, due_on, quantity of what is to come; of five, four come on their day and one a week later;
    what was due by now and is not on hand counts as not coming. More stock, or a receipt that is due earlier, never
    raises a chance. A series without any position gets the share of all series that ran out. Raises ``NotAPanel`` for
    rows without series, and for a last day far after all others.
    """
    horizons = sorted(set(within))
    known = past(panel(stock, demand))
    if not known.panel.names:
        return _answer([], horizons, np.zeros((0, len(horizons))))
    arriving = _arriving(receipts, known.panel, max(horizons))
    grid = _grid(known.panel)
    with threadpool_limits(limits=1):
        curves = np.stack([_curve(_asked(known, days), grid) for days in horizons], axis=2)
    chances = _with_receipts(np.maximum.accumulate(curves, axis=2), grid, known.panel, arriving, horizons)
    return _answer(known.panel.names, horizons, np.maximum.accumulate(chances, axis=1))


def _answer(names: list[str], horizons: Sequence[int], chances: Numbers) -> pl.DataFrame:
    columns = {f"p_{days}": chances[:, at] for at, days in enumerate(horizons)}
    return pl.DataFrame({"series_id": pl.Series(names, dtype=pl.String), **columns})


# One horizon


def _asked(known: Past, within: int) -> _Asked:
    """Whether a record of the next days is at or below zero; not known where they are not over, or hold no record."""
    out = np.where(known.panel.recorded, known.panel.on_hand <= 0, np.nan)
    ran_out = np.full(out.shape, np.nan)
    if out.shape[1] > within:
        windows = np.lib.stride_tricks.sliding_window_view(out[:, 1:], within, axis=1)
        ran_out[:, : windows.shape[1]] = np.fmax.reduce(windows, axis=2)
    return _Asked(known, within, drawdowns(known.panel.on_hand, within), ran_out)


def _curve(asked: _Asked, grid: Numbers) -> Numbers:
    """By series and position of the grid, the chance to run out if that were on hand now; falling along the grid. The
    first column is for nothing on hand."""
    first_try = asked.now - 2 * asked.within
    learned = _learned(asked, asked.now - asked.within)
    if learned is None:
        chances = _first_passage(asked, grid)
    else:
        tried = _learned(asked, first_try)
        right = _set_right(asked, tried, grid) if tried else Calibration(0.0, 1.0)
        chances = right.applied(_falling(_scores(asked, learned, asked.now, grid)))
    return np.clip(np.column_stack([np.maximum(_persistence(asked), chances[:, 0]), chances]), LEAST, MOST)


_Learners = tuple[HistGradientBoostingClassifier, RandomForestClassifier]


def _learned(asked: _Asked, last: int) -> _Learners | None:
    """The learners of what was known up to ``last``, whose next days are over; None where that is too little."""
    days = range(FIRST_DAY, last + 1)
    usable = {day: _in_stock(asked, day) for day in days}
    rows = sum(int(each.sum()) for each in usable.values())
    stride = max(2, -(-rows // MOST_ROWS))
    chosen = list(days)[::-stride][::-1]
    if not chosen:
        return None
    truth = np.concatenate([asked.ran_out[usable[day], day] for day in chosen])
    if len(truth) < LEAST_ROWS or not LEAST_OUT <= truth.sum() <= len(truth) - LEAST_OUT:
        return None
    table = np.concatenate([signs(asked.known, day, asked.sunk, asked.within)[usable[day]] for day in chosen])
    place = np.repeat(np.arange(len(chosen)), [usable[day].sum() for day in chosen])
    return _boosted(table, truth), _forest(table, truth, place % FOREST_SHARE == 0)


def _in_stock(asked: _Asked, day: int) -> Flags:
    return np.asarray((asked.panel.on_hand[:, day] > 0) & ~np.isnan(asked.ran_out[:, day]))


def _boosted(table: Numbers, truth: Numbers) -> HistGradientBoostingClassifier:
    """Trees cannot be taught a sign that is missing everywhere: it counts as the same for all."""
    leaf = min(200, max(20, len(truth) // 100))
    learner = HistGradientBoostingClassifier(
        max_iter=180,
        learning_rate=0.05,
        max_leaf_nodes=15,
        min_samples_leaf=leaf,
        l2_regularization=5.0,
        max_features=0.3,
        early_stopping=False,
        random_state=SEED,
    )
    return learner.fit(np.where(np.isnan(table).all(axis=0), 0.0, table), truth)


def _forest(table: Numbers, truth: Numbers, rows: Flags) -> RandomForestClassifier:
    leaf = min(100, max(10, len(truth) // 200))
    forest = RandomForestClassifier(60, min_samples_leaf=leaf, max_features=0.2, random_state=SEED, n_jobs=1)
    return forest.fit(_complete(table[rows]), truth[rows])


def _complete(table: Numbers) -> Numbers:
    """Signs as a forest can hold them: none missing, none beyond single precision."""
    return np.asarray(np.nan_to_num(table).clip(-LARGEST, LARGEST))


def _scores(asked: _Asked, learners: _Learners, day: int, grid: Numbers) -> Numbers:
    """By series and position of the grid, the mean log odds of both learners."""
    tables = [signs(asked.known, day, asked.sunk, asked.within, np.full(len(asked.panel.names), at)) for at in grid]
    boosted, forest = learners
    table = np.concatenate(tables)
    odds = (boosted.predict_proba(table)[:, 1], forest.predict_proba(_complete(table))[:, 1])
    mean = np.mean([log_odds(each) for each in odds], axis=0)
    return np.asarray(mean.reshape(len(grid), -1).T)


def _falling(scores: Numbers) -> Numbers:
    """The middle between the highest score of as much stock or more, and the lowest of as much or less: neither ever
    rises along the grid."""
    highest = np.maximum.accumulate(scores[:, ::-1], axis=1)[:, ::-1]
    return np.asarray((highest + np.minimum.accumulate(scores, axis=1)) / 2)


def _set_right(asked: _Asked, tried: _Learners, grid: Numbers) -> Calibration:
    """How the chances of learners that had not seen the latest days whose outcome is known differ from it."""
    scores, truth = [], []
    for day in range(asked.now - asked.within, asked.now - 2 * asked.within, -max(1, asked.within // TRIED_DAYS)):
        rows = _in_stock(asked, day)
        curve = _falling(_scores(asked, tried, day, grid))
        scores.append(_at(curve[:, [0, *range(len(grid))]], grid, asked.panel.on_hand[:, day])[rows])
        truth.append(asked.ran_out[rows, day])
    return calibration(np.concatenate(scores), np.concatenate(truth), overlap=TRIED_DAYS)


def _persistence(asked: _Asked) -> Numbers:
    """By series, the chance that one that is out of stock now is so on a later day too: the share of past days out of
    stock, in spells as long, after which it was; the own ones beside those of all series."""
    spell = _spells(asked.panel.on_hand)
    known = (spell > 0) & ~np.isnan(asked.ran_out)
    kind = np.searchsorted(SPELLS, spell)
    counts = np.bincount(kind[known], minlength=len(SPELLS) + 1)
    again = np.bincount(kind[known], asked.ran_out[known], minlength=len(SPELLS) + 1)
    of_kind = ((again + 1.8) / (counts + 2.0))[kind[:, -1]]
    own, mine = np.where(known, asked.ran_out, 0.0).sum(axis=1), known.sum(axis=1)
    return np.asarray((own + 10.0 * of_kind) / (mine + 10.0))


def _spells(stock: Numbers) -> Codes:
    """For how many days each series has been out of stock, by day; 0 while it is not."""
    day = np.arange(stock.shape[1])
    in_stock = np.maximum.accumulate(np.where(stock <= 0, -1, day), axis=1)
    return np.asarray(np.where(stock <= 0, day - in_stock, 0), dtype=np.int64)


# Without enough to learn from


def _first_passage(asked: _Asked, grid: Numbers) -> Numbers:
    """By series and position, the share of courses that sank as deep as the position is high: own past ones, and those
    of all series in proportion to the usual position, which weigh as four of them.

    Where the past is shorter than the days asked for, courses are lengthened in proportion; where no position was
    recorded before today, what was asked for counts as sunk.
    """
    own = _courses(asked)
    usual = np.maximum(_usual(asked.panel.on_hand), 1e-9)
    ratios = np.sort((own / usual[:, None])[~np.isnan(own)])
    counts = (~np.isnan(own)).sum(axis=1)
    found = np.zeros((len(own), len(grid)))
    for at, stock in enumerate(grid):
        deeper = (own >= stock).sum(axis=1)
        place = np.searchsorted(ratios, stock / usual, side="left")
        likes = (len(ratios) - place + 0.5) / (len(ratios) + 10.0)
        found[:, at] = (deeper * OWN_WEIGHT + likes * LIKES_WEIGHT) / (counts * OWN_WEIGHT + LIKES_WEIGHT)
    return np.asarray(np.minimum.accumulate(found, axis=1))


def _courses(asked: _Asked) -> Numbers:
    days = min(asked.within, max(1, (asked.panel.days - 1) // 2))
    sunk = drawdowns(asked.panel.on_hand, days)
    sums = np.concatenate([np.zeros((len(sunk), 1)), np.cumsum(asked.panel.demand, axis=1)], axis=1)
    bought = np.full(sunk.shape, np.nan)
    bought[:, : sunk.shape[1] + 1 - days] = sums[:, days:] - sums[:, :-days]
    blind = np.all(np.isnan(sunk), axis=1, keepdims=True) & np.any(asked.panel.demand > 0, axis=1, keepdims=True)
    return np.asarray(np.where(blind, bought, sunk).clip(min=0.0) * asked.within / days)


def _usual(stock: Numbers) -> Numbers:
    """The mean position above zero before today; of today where there is none."""
    before = np.where(stock[:, :-1] > 0, stock[:, :-1], 0.0)
    counts = (before > 0).sum(axis=1)
    return np.where(counts > 0, before.sum(axis=1) / np.maximum(counts, 1), np.nan_to_num(stock[:, -1], nan=1.0))


# Positions and receipts


def _grid(known: Panel) -> Numbers:
    """Positions above zero at which chances are worked out; any other counts as the next lower one.

    They follow from the days before today, so that they stay the same whatever is on hand today, or comes.
    """
    before = known.on_hand[:, :-1] if (known.on_hand[:, :-1] > 0).any() else known.on_hand
    positive = before[before > 0]
    if not positive.size:
        return np.ones(1)
    steps = int(np.clip(GRID_ROWS // len(known.names), 12, GRID))
    is_whole = np.array_equal(positive, np.rint(positive))
    points = np.geomspace(1.0 if is_whole else positive.min(), 2.0 * positive.max(), steps)
    return np.unique(np.rint(points) if is_whole else points)


def _at(curve: Numbers, grid: Numbers, stock: Numbers) -> Numbers:
    """By series, what a curve over the grid says of its position: of nothing on hand (its first column) or the next
    lower point; what lies above zero and below all points counts as the lowest of them."""
    some = np.nan_to_num(stock)
    place = np.maximum(np.searchsorted(grid, some * (1 + 1e-12), side="right"), some > 0)
    return np.asarray(np.take_along_axis(curve, place[:, None], axis=1)[:, 0])


def _arriving(receipts: pl.DataFrame | None, known: Panel, days: int) -> Numbers:
    """By series and day from tomorrow, what is due on it."""
    table = np.zeros((len(known.names), days))
    if receipts is None:
        return table
    rows = pl.DataFrame({"series_id": known.names, "row": np.arange(len(known.names))})
    last = pl.lit(known.first_on) + pl.duration(days=known.days - 1)
    named = receipts.select("series_id", "due_on", "quantity")
    due = named.filter(pl.col("quantity").is_finite() & (pl.col("quantity") > 0)).with_columns(
        day=(pl.col("due_on") - last).dt.total_days() - 1
    )
    placed = due.join(rows, on="series_id", how="inner", validate="m:1").filter(pl.col("day").is_between(0, days - 1))
    np.add.at(table, (placed["row"].to_numpy(), placed["day"].to_numpy()), placed["quantity"].to_numpy())
    return table


def _with_receipts(curves: Numbers, grid: Numbers, known: Panel, arriving: Numbers, horizons: Sequence[int]) -> Numbers:
    """By series and horizon, the chance for the stock of today and what comes.

    By each day, the chance is at least that of having had from the start all that comes by then; the largest over the
    days is taken. So an earlier receipt, and a larger one, can only lower it.
    """
    late = np.pad(arriving, ((0, 0), (LATE_DAYS, 0)))[:, : arriving.shape[1]]
    mixed = PROMPT * _largest(curves, grid, known, arriving, horizons)
    return np.asarray(mixed + (1 - PROMPT) * _largest(curves, grid, known, late, horizons))


def _largest(curves: Numbers, grid: Numbers, known: Panel, arriving: Numbers, horizons: Sequence[int]) -> Numbers:
    now = known.on_hand[:, -1]
    missing = np.isnan(now)
    come = np.cumsum(arriving, axis=1)
    largest = np.zeros((len(now), len(horizons)))
    so_far = np.zeros(len(now))
    for day in range(1, horizons[-1] + 1):
        if day in horizons or arriving[:, min(day, horizons[-1] - 1)].any():
            stock = np.maximum(now + come[:, day - 1], 0.0)
            hazards = np.stack([-np.log1p(-_at(curves[:, :, at], grid, stock)) for at in range(len(horizons))], axis=1)
            so_far = np.maximum(so_far, 1 - np.exp(-_by_day(hazards, horizons, day)))
        if day in horizons:
            largest[:, horizons.index(day)] = so_far
    largest[missing] = _share_out(known)
    return largest


def _by_day(hazards: Numbers, horizons: Sequence[int], day: int) -> Numbers:
    """What has accumulated by a day: in equal parts a day between one horizon and the next."""
    points = np.concatenate([np.zeros((len(hazards), 1)), hazards], axis=1)
    days = np.array([0, *horizons])
    upper = int(np.searchsorted(days, day))
    part = (day - days[upper - 1]) / (days[upper] - days[upper - 1])
    return np.asarray(points[:, upper - 1] * (1 - part) + points[:, upper] * part)


def _share_out(known: Panel) -> float:
    recorded = known.on_hand[:, -1][~np.isnan(known.on_hand[:, -1])]
    return float(np.clip(((recorded <= 0).sum() + 0.5) / (len(recorded) + 10.0), LEAST, MOST))
