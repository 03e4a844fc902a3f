"""How likely each open deal is won, learned from the deals that the firm has closed, and what raises or lowers that.

A closed deal is seen on the day when it was entered and every 30 days until it was closed, as it then was: its stage
and age, and what does not change: owner, product, origin, region and size. Each sign has an effect on the log odds,
drawn towards none as far as few deals carry it; the level is that of the last quarter. The signs are kept only as far
as they foretold the quarter before better than the plain rate does. ``docs/decisions/0035-deals-and-voices.md`` says
why, and what is checked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.calibration import log_odds, probabilities
from analytics.demand import Types

Numbers = NDArray[np.float64]
QUARTER_DAYS, STEP_DAYS, MOST_STEPS = 91, 30, 12
LEAST_CLOSED, LEAST_CHECKED, FIFTHS = 20, 20, 5
PASSES, ENOUGH = 40, 1e-5
STRENGTHS = (5.0, 20.0, 80.0, 320.0)
AGES = (0, 14, 30, 60, 120, 240)
SIGNS = ("stage", "age", "owner_id", "product_id", "origin", "region", "size")
SIZES = 4
FULL = 1.0
DEALS: Types = {
    "opportunity_id": pl.String,
    "created_on": pl.Date,
    "closed_on": pl.Date,
    "is_won": pl.Boolean,
    "owner_id": pl.String,
    "product_id": pl.String,
    "origin": pl.String,
    "region": pl.String,
    "stage": pl.String,
    "amount": pl.Float64,
}
CHANGES: Types = {"opportunity_id": pl.String, "stage": pl.String, "changed_on": pl.Date}
CHANCES: Types = {
    "opportunity_id": pl.String,
    "chance": pl.Float64,
    **{f"by_{sign}": pl.Float64 for sign in SIGNS},
}
CHECK: Types = {"fifth": pl.Int64, "deals": pl.Int64, "said": pl.Float64, "won": pl.Float64}


@dataclass(frozen=True)
class Check:
    """How chances would have done on the deals that were closed in the last quarter, learned without them.

    ``brier``: of the chances, of the plain rate, and of the rates by owner and by product (the mean squared distance
    to what came; less is better); ``error``: the mean distance between chance said and share won over fifths of the
    deals, which are ``fifths``. ``deals``: how many; without any, nothing is known.
    """

    deals: int
    brier: dict[str, float]
    error: float | None
    fifths: pl.DataFrame

    @property
    def tells_more(self) -> bool:
        """Whether chances did better than the best of the rates."""
        return bool(self.brier) and self.brier["chance"] < min(
            value for name, value in self.brier.items() if name != "chance"
        )


@dataclass(frozen=True)
class _Learned:
    """The level in log odds, and for each sign the effect of each of its values."""

    level: float
    effects: dict[str, pl.DataFrame]


def chances(deals: pl.DataFrame, changes: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per open deal: see ``CHANCES``; null where fewer than 20 deals were ever closed.

    ``deals``: see ``DEALS``; ``changes``: each change of a stage, see ``CHANGES``. by_*: by how much each sign moves
    the chance, in points of probability from the level of all.
    """
    still_open = deals.filter(pl.col("closed_on").is_null() | (pl.col("closed_on") > as_of))
    now = still_open.with_columns(on=pl.lit(as_of))
    learned = _learned(deals, changes, as_of)
    if learned is None or still_open.is_empty():
        return _typed(still_open.select("opportunity_id"), CHANCES)
    signs = _signed(now, _bounds(_closed(deals, as_of)))
    return _typed(_told(signs, learned), CHANCES)


def _typed(rows: pl.DataFrame, types: Types) -> pl.DataFrame:
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in types.items() if name not in rows.columns]
    return rows.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in types.items())


def _told(signs: pl.DataFrame, learned: _Learned) -> pl.DataFrame:
    """Chances, and by how much each sign moves them."""
    effects = {sign: _effect(signs, sign, learned) for sign in learned.effects}
    odds = learned.level + np.sum(list(effects.values()), axis=0) if effects else np.full(signs.height, learned.level)
    level = probabilities(np.array([learned.level]))[0]
    slope = level * (1 - level)
    moved = [pl.Series(f"by_{sign}", effect * slope) for sign, effect in effects.items()]
    return signs.select("opportunity_id").with_columns(pl.Series("chance", probabilities(odds)), *moved)


def _effect(signs: pl.DataFrame, sign: str, learned: _Learned) -> Numbers:
    """The effect that each row has by one sign; none for a value that was never seen."""
    joined = signs.select(value=sign).join(learned.effects[sign], on="value", how="left", maintain_order="left")
    return joined["effect"].fill_null(0.0).to_numpy()


def _learned(deals: pl.DataFrame, changes: pl.DataFrame, as_of: date) -> _Learned | None:
    """What the deals closed by a day teach; the strength that draws effects towards none is the one that foretold the
    last quarter best, learned without it, and so strong that nothing is left where none beat the plain rate."""
    closed = _closed(deals, as_of)
    if closed.height < LEAST_CLOSED:
        return None
    states = _states(closed, changes, _bounds(closed))
    cut = as_of - timedelta(days=QUARTER_DAYS)
    early, late = states.filter(pl.col("closed_on") <= cut), _asked(states, cut)
    strength: float | None = STRENGTHS[-1]
    if early["opportunity_id"].n_unique() >= LEAST_CLOSED and late.height >= LEAST_CHECKED:
        strength = _best(early, late)
    return _fitted(states, strength, as_of)


def _closed(deals: pl.DataFrame, as_of: date) -> pl.DataFrame:
    return deals.filter((pl.col("closed_on") <= as_of) & pl.col("is_won").is_not_null())


def _best(early: pl.DataFrame, late: pl.DataFrame) -> float | None:
    """The strength under which the late deals were foretold best; none where the plain rate did as well.

    Levels are taken out: they drift by themselves.
    """
    came = late["is_won"].cast(pl.Float64).to_numpy()
    scores: dict[float | None, float] = {None: float(np.mean((came.mean() - came) ** 2))}
    for strength in STRENGTHS:
        said = _told(late, _fitted(early, strength, None))["chance"].to_numpy()
        scores[strength] = float(np.mean((_level_with(said, came) - came) ** 2))
    return min(scores, key=lambda strength: scores[strength])


def _level_with(said: Numbers, came: Numbers) -> Numbers:
    """Chances moved so that their mean is that of what came."""
    odds, shift = log_odds(said), 0.0
    for _ in range(PASSES):
        now = probabilities(odds + shift)
        shift += float((came - now).sum() / max(float((now * (1 - now)).sum()), 1e-9))
    return probabilities(odds + shift)


# What a deal looked like


def _states(closed: pl.DataFrame, changes: pl.DataFrame, bounds: Sequence[float]) -> pl.DataFrame:
    """One row per closed deal and day on which it is looked at: its signs then, and weight, so that each deal counts
    once. ``bounds``: of the sizes, those of the deals that are learned from."""
    span = ((pl.col("closed_on") - pl.col("created_on")).dt.total_days() - 1).clip(lower_bound=0) // STEP_DAYS
    steps = span.clip(upper_bound=MOST_STEPS - 1)
    looked = closed.with_columns(step=pl.int_ranges(0, steps + 1), weight=1.0 / (steps + 1)).explode("step")
    dated = looked.with_columns(on=pl.col("created_on") + pl.duration(days=pl.col("step") * STEP_DAYS)).drop("step")
    return _signed(_as_it_was(dated, changes), bounds)


def _asked(states: pl.DataFrame, cut: date) -> pl.DataFrame:
    """Deals closed after a day, one row each, as they were on it; on the day they were entered, if that was later."""
    late = states.filter(pl.col("closed_on") > cut)
    seen = late.filter((pl.col("on") <= cut) | (pl.col("on") == pl.col("created_on")))
    return seen.sort("opportunity_id", "on").unique("opportunity_id", keep="last", maintain_order=True)


def _as_it_was(dated: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """With the stage of the day; a closed deal's last stage says how it ended, and is never looked at, not even of one
    that was entered and closed on one day."""
    closed = dated.select("opportunity_id", "closed_on").unique("opportunity_id")
    before = changes.join(closed, on="opportunity_id", how="inner", validate="m:1").filter(
        pl.col("changed_on") < pl.col("closed_on")
    )
    known = before.select("opportunity_id", "stage", on="changed_on").drop_nulls().sort("on", maintain_order=True)
    then = dated.drop("stage").sort("on")
    return then.join_asof(known, on="on", by="opportunity_id", check_sortedness=False)


def _bounds(deals: pl.DataFrame) -> list[float]:
    """The amounts that part deals into four sizes."""
    known = deals["amount"].drop_nulls()
    return [float(known.quantile(at / SIZES) or 0.0) for at in range(1, SIZES)] if known.len() else []


def _signed(rows: pl.DataFrame, bounds: Sequence[float]) -> pl.DataFrame:
    """The rows with every sign as text."""
    age = (pl.col("on") - pl.col("created_on")).dt.total_days()
    older = pl.sum_horizontal([(age > limit).cast(pl.Int64) for limit in AGES])
    larger = pl.sum_horizontal([pl.lit(0), *((pl.col("amount") > bound).cast(pl.Int64) for bound in bounds)])
    named = rows.with_columns(age=older.cast(pl.String), size=larger.cast(pl.String))
    return named.with_columns(pl.col(sign).cast(pl.String).fill_null("") for sign in SIGNS)


# What is learned


def _fitted(states: pl.DataFrame, strength: float | None, as_of: date | None) -> _Learned:
    """The level and effects, by passes over the signs; without a strength there are no effects. The level is that of
    the deals closed in the quarter up to a day, if those are enough."""
    came, weight = states["is_won"].cast(pl.Float64).to_numpy(), states["weight"].to_numpy()
    level = float(log_odds(np.array([np.average(came, weights=weight)]))[0])
    known = {sign: _coded(states[sign]) for sign in SIGNS} if strength is not None else {}
    effects = {sign: np.zeros(len(values)) for sign, (_, values) in known.items()}
    odds = np.full(len(came), level)
    for _ in range(PASSES if known else 0):
        moved = 0.0
        for sign, (codes, values) in known.items():
            step = _step(odds, came, weight, codes, len(values), effects[sign], strength or FULL)
            effects[sign], odds, moved = effects[sign] + step, odds + step[codes], max(moved, float(np.abs(step).max()))
        now = probabilities(odds)
        shift = float((weight * (came - now)).sum() / max(float((weight * now * (1 - now)).sum()), 1e-9))
        level, odds = level + shift, odds + shift
        if moved < ENOUGH:
            break
    shift = _drift(states, odds, came, as_of)
    frames = {sign: pl.DataFrame({"value": known[sign][1], "effect": effects[sign]}) for sign in known}
    return _Learned(level + shift, frames)


def _coded(values: pl.Series) -> tuple[NDArray[np.int64], list[str]]:
    known = values.unique().sort()
    places = pl.DataFrame({"value": known}).with_row_index("at")
    codes = values.to_frame("value").join(places, on="value", how="left", maintain_order="left")["at"]
    return codes.cast(pl.Int64).to_numpy(), known.to_list()


def _step(
    odds: Numbers, came: Numbers, weight: Numbers, codes: NDArray[np.int64], size: int, effect: Numbers, strength: float
) -> Numbers:
    """Newton's step of all effects of one sign at once: every row has one value of it."""
    now = probabilities(odds)
    slope = np.bincount(codes, weight * (came - now), size) - strength * effect
    curve = np.bincount(codes, weight * now * (1 - now), size) + strength
    return np.asarray(slope / curve)


def _drift(states: pl.DataFrame, odds: Numbers, came: Numbers, as_of: date | None) -> float:
    """By how much the level of the last quarter differs; none where it has too few deals."""
    if as_of is None:
        return 0.0
    late = (states["closed_on"] > as_of - timedelta(days=QUARTER_DAYS)).to_numpy()
    weight = states["weight"].to_numpy()
    if weight[late].sum() < LEAST_CHECKED:
        return 0.0
    shift = 0.0
    for _ in range(PASSES):
        now = probabilities(odds[late] + shift)
        gap = float((weight[late] * (came[late] - now)).sum()) - FULL * shift
        shift += gap / (float((weight[late] * now * (1 - now)).sum()) + FULL)
    return shift


# How well it would have done


def check(deals: pl.DataFrame, changes: pl.DataFrame, as_of: date) -> Check:
    """How chances learned without the last quarter do on the deals closed in it: see ``Check``."""
    cut = as_of - timedelta(days=QUARTER_DAYS)
    closed = _closed(deals, as_of)
    learned = _learned(deals.filter(pl.col("created_on") <= cut), changes, cut)
    late = _asked(_states(closed, changes, _bounds(_closed(deals, cut))), cut)
    if learned is None or late.height < LEAST_CHECKED:
        return Check(0, {}, None, pl.DataFrame(schema=CHECK))
    said = _told(late, learned)["chance"].to_numpy()
    came = late["is_won"].cast(pl.Float64).to_numpy()
    rates = {"rate": [], "owner": ["owner_id"], "product": ["product_id"]}
    known = {name: _rate(_closed(deals, cut), late, by) for name, by in rates.items()}
    brier = {name: float(np.mean((chance - came) ** 2)) for name, chance in {"chance": said, **known}.items()}
    fifths = _fifths(said, came)
    off = ((fifths["said"] - fifths["won"]).abs() * fifths["deals"]).sum() / late.height
    return Check(late.height, brier, float(off), fifths)


def _rate(closed: pl.DataFrame, asked: pl.DataFrame, by: list[str]) -> Numbers:
    """The share that was won, by owner or product; that of all where there is none of its kind."""
    every = float(closed["is_won"].cast(pl.Float64).mean() or 0.0)  # type: ignore[arg-type]
    if not by:
        return np.full(asked.height, every)
    filled = closed.with_columns(pl.col(by).fill_null(""))
    rates = filled.group_by(by).agg(rate=pl.col("is_won").cast(pl.Float64).mean())
    return asked.join(rates, on=by, how="left", maintain_order="left")["rate"].fill_null(every).to_numpy()


def _fifths(said: Numbers, came: Numbers) -> pl.DataFrame:
    """Fifths by the chance said; equal chances are in one."""
    rows = pl.DataFrame({"said": said, "won": came}).sort("said")
    fifth = ((pl.col("said").rank("average") - 0.5) * FIFTHS / pl.len()).floor() + 1
    means = rows.with_columns(fifth=fifth).group_by("fifth", maintain_order=True).agg(
        pl.col("said").mean(), pl.col("won").mean(), deals=pl.len()
    )  # fmt: skip
    return _typed(means, CHECK)
