"""What signs of sales, marketing and service add to the forecast of categories: learned and tested over past days.

Every four weeks, four weeks of each category are told from its own past alone, and with the signs of the day besides.
How much signs move demand is learned from four weeks that were over by that day. The placebo gives the same signs, of
other days: what it gains is chance. Where signs gained beyond the interval and beyond every placebo, they are used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from analytics.crm_signals import SIGNS, Crm, Seen
from analytics.demand import Types
from analytics.projection import Days, Numbers

SPAN_WEEKS, APART = 4, 4
KNOWN_BEFORE = 40
LEVEL_WEEKS, KEPT_A_WEEK = 26, 0.93
LEAST_TAUGHT, LEAST_TESTED = 8, 8
PLACEBOS, DRAWS, SEED = 19, 500, 11
DRAWN_TO_NONE = 10.0
MOST_MOVED = 0.5
LEAST = 1e-300
BOUNDS = (0.025, 0.975)
TESTS: Types = {
    "company_id": pl.String,
    "region": pl.String,
    "category_id": pl.String,
    "currency": pl.String,
    "origin_on": pl.Date,
    "came": pl.Float64,
    "missed": pl.Float64,
    "missed_with": pl.Float64,
    "missed_placebos": pl.List(pl.Float64),
}
GAINED = ("tests", "gained", "low", "high", "placebo", "placebo_most")
EFFECTS: Types = {
    "company_id": pl.String,
    "region": pl.String,
    "category_id": pl.String,
    "currency": pl.String,
    "is_used": pl.Boolean,
    "factor": pl.Float64,
    **{f"by_{sign}": pl.Float64 for sign in SIGNS},
}


@dataclass(frozen=True)
class Gain:
    """By how much errors fell, in ratio to those without signs: gained, with bounds that hold in 95 of 100 cases, and
    the same of placebos: their mean, and the highest of the nineteen."""

    tests: int
    gained: float
    low: float
    high: float
    placebo: float
    placebo_most: float

    @property
    def is_beyond(self) -> bool:
        """Whether it is beyond the interval and beyond every placebo."""
        return self.tests >= LEAST_TESTED and self.low > 0 and self.gained > self.placebo_most


def gain(missed: Numbers, missed_with: Numbers, placebos: Numbers) -> Gain | None:
    """By tested day: errors without and with signs, and those of each placebo (a column each); None where nothing was
    missed. Days are drawn anew to tell the bounds."""
    if missed.size == 0 or missed.sum() <= 0:
        return None
    draws = np.random.default_rng(SEED).integers(0, missed.size, (DRAWS, missed.size))
    whole = missed[draws].sum(axis=1)
    ratios = 1.0 - np.divide(missed_with[draws].sum(axis=1), whole, out=np.ones(DRAWS), where=whole > 0)
    low, high = np.quantile(ratios, BOUNDS)
    of_placebos = 1.0 - placebos.sum(axis=0) / missed.sum()
    gained = 1.0 - float(missed_with.sum() / missed.sum())
    return Gain(missed.size, gained, float(low), float(high), float(of_placebos.mean()), float(of_placebos.max()))


@dataclass(frozen=True)
class Case:
    """What is known of one company and region at one day: by category what was told without signs, what came (not a
    number where that is yet to come), and the signs in ratio to what was told."""

    weeks_ago: int
    told: Numbers
    came: Numbers
    signs: Numbers


@dataclass(frozen=True)
class Tested:
    """The cases of one company and region, the earliest first; what each would have been told with signs, and with
    those of other days: by case and category, and by case, placebo and category."""

    cases: Sequence[Case]
    with_signs: Numbers
    placebos: Numbers

    @property
    def taught(self) -> Days:
        """The cases before which enough others were over."""
        return np.flatnonzero(
            [sum(_is_over(other, case) for other in self.cases) >= LEAST_TAUGHT for case in self.cases]
        )

    def before(self, weeks_ago: int) -> Days:
        """The tested cases that were over at a day."""
        return np.array(
            [at for at in self.taught if self.cases[at].weeks_ago - SPAN_WEEKS >= weeks_ago], dtype=np.int64
        )

    def gain(self, category: int, weeks_ago: int) -> Gain | None:
        """Of one category, by the cases that were over at a day."""
        at = self.before(weeks_ago)
        if at.size == 0:
            return None
        came = np.array([self.cases[each].came[category] for each in at])
        told = np.array([self.cases[each].told[category] for each in at])
        off = np.abs(self.placebos[at, :, category] - came[:, None])
        return gain(np.abs(told - came), np.abs(self.with_signs[at, category] - came), off)


def cases(weekly: Numbers, seen: Seen, weeks_ago: Sequence[int]) -> list[Case]:
    """weekly: by category and week what was asked for, the latest week last. The level of a category is the weighted
    mean of half a year."""
    signs, many = seen.signs(weeks_ago), weekly.shape[1]
    return [_case(weekly, many - ago, ago, signs[:, at]) for at, ago in enumerate(weeks_ago)]


def _case(weekly: Numbers, known: int, ago: int, signs: Numbers) -> Case:
    past = weekly[:, max(0, known - LEVEL_WEEKS) : known]
    weights = KEPT_A_WEEK ** np.arange(past.shape[1])[::-1]
    told = SPAN_WEEKS * (past @ weights) / max(weights.sum(), LEAST)
    ahead = weekly[:, known : known + SPAN_WEEKS]
    came = ahead.sum(axis=1) if ahead.shape[1] == SPAN_WEEKS else np.full(weekly.shape[0], np.nan)
    scaled = signs.copy()
    scaled[:, 0] = np.divide(signs[:, 0], told, out=np.zeros_like(told), where=told > 0)
    return Case(ago, told, came, np.clip(scaled, -3.0, 3.0))


def days_asked(weeks: int) -> list[int]:
    """How many weeks ago signs are looked at where so many weeks are known: every four, once forty
    are known, up to today."""
    return list(range(0, max(weeks - KNOWN_BEFORE, 0), APART))[::-1]


def tested(known: Sequence[Case]) -> Tested:
    """The cases told with the signs of their day, and with those of others."""
    many, categories = len(known), known[0].told.size if known else 0
    rng, plain = np.random.default_rng(SEED), np.arange(many)
    with_signs = np.zeros((many, categories))
    placebos = np.zeros((many, PLACEBOS, categories))
    orders = [rng.permutation(many) for _ in range(PLACEBOS)]
    for at in range(many):
        with_signs[at] = _told(known, at, plain)
        placebos[at] = [_told(known, at, order) for order in orders]
    return Tested(known, with_signs, placebos)


def _is_over(other: Case, case: Case) -> bool:
    return other.weeks_ago - SPAN_WEEKS >= case.weeks_ago


def _told(known: Sequence[Case], at: int, order: Days) -> Numbers:
    """What a case is told with signs, each case having those of another in the order."""
    effects = learned(known, known[at].weeks_ago, order)
    return known[at].told * (1.0 + moved(known[order[at]].signs, effects))


def learned(known: Sequence[Case], weeks_ago: int, order: Days | None = None) -> Numbers:
    """The effect of each sign, from the cases that were over at a day: weighed least squares on what came in ratio to
    what was told, drawn to none as ten usual cases would. Categories of one day share what is chance: together they
    count as one case."""
    order = np.arange(len(known)) if order is None else order
    over = [at for at, case in enumerate(known) if case.weeks_ago - SPAN_WEEKS >= weeks_ago]
    if len(over) < LEAST_TAUGHT:
        return np.zeros(len(SIGNS))
    signs = np.concatenate([known[order[at]].signs for at in over])
    told = np.concatenate([known[at].told for at in over])
    came = np.concatenate([known[at].came for at in over])
    fit = (told > 0) & np.isfinite(came)
    ratio = np.clip(came[fit] / told[fit] - 1.0, -1.0, 1.0)
    weights = np.sqrt(told[fit] / max(told[fit].mean(), 1e-300))
    size = np.sqrt(np.average(signs[fit] ** 2, axis=0, weights=weights)) if fit.any() else np.zeros(len(SIGNS))
    scaled = np.divide(signs[fit], size, out=np.zeros_like(signs[fit]), where=size > 0)
    many = max(fit.sum() / len(over), 1.0)
    curve = scaled.T @ (weights[:, None] * scaled) / many + DRAWN_TO_NONE * np.eye(len(SIGNS))
    found = np.linalg.solve(curve, scaled.T @ (weights * ratio) / many)
    return np.divide(found, size, out=np.zeros_like(found), where=size > 0)


def moved(signs: Numbers, effects: Numbers) -> Numbers:
    """By what share signs move each category, at most by half."""
    return np.clip(signs @ effects, -MOST_MOVED, MOST_MOVED)


@dataclass(frozen=True)
class Signs:
    """What signs say of one company and region: see ``of_part``."""

    seen: Seen
    weekly: Numbers
    tested: Tested

    def effects(self, on: date) -> pl.DataFrame:
        """One row per category: whether signs are used there at the end of a day, by what was over by then; the factor
        that four weeks are multiplied with; and by how much each sign moves them. See ``EFFECTS``."""
        ago = (self.seen.as_of - on).days // 7
        (now,) = cases(self.weekly, self.seen, [ago])
        found = learned(self.tested.cases, ago)
        share = moved(now.signs, found)
        gains = [self.tested.gain(at, ago) for at in range(len(self.seen.categories))]
        used = np.array([each is not None and each.is_beyond for each in gains], dtype=np.bool_)
        by = {f"by_{sign}": pl.Series(now.signs[:, at] * found[at]) for at, sign in enumerate(SIGNS)}
        names = pl.Series(list(self.seen.categories), dtype=pl.String)
        factor = pl.Series(np.where(used, 1.0 + share, 1.0))
        return pl.DataFrame({"category_id": names, "is_used": pl.Series(used), "factor": factor, **by})

    def tests(self) -> pl.DataFrame:
        """One row per category and tested day: see ``TESTS``, without company and region."""
        rows = []
        for at in self.tested.before(0):
            case = self.tested.cases[at]
            off = np.abs(self.tested.placebos[at] - case.came[None, :])
            for number, category in enumerate(self.seen.categories):
                came, told = case.came[number], case.told[number]
                rows.append({
                    "category_id": category, "origin_on": self.seen.as_of - timedelta(days=7 * case.weeks_ago),
                    "came": came, "missed": abs(told - came),
                    "missed_with": abs(self.tested.with_signs[at, number] - came),
                    "missed_placebos": off[:, number].tolist(),
                })  # fmt: skip
        kinds = {name: kind for name, kind in TESTS.items() if name not in ("company_id", "region", "currency")}
        return pl.DataFrame(rows, schema=kinds)


def of_part(crm: Crm, weekly: Numbers, categories: Sequence[str | None], worth: pl.DataFrame, as_of: date) -> Signs:
    """Signs of one company and region, tested over its past. weekly: by category and week, at the worth of items, the
    latest week last; worth: see ``analytics.crm_signals.Seen``."""
    seen = Seen(crm, as_of, categories, worth)
    return Signs(seen, weekly, tested(cases(weekly, seen, days_asked(weekly.shape[1]))))


def summed(tests: pl.DataFrame, weight: pl.Expr) -> pl.DataFrame:
    """What signs gain, of all rows together (category_id is null) and of each category, what was worth most first:
    category_id, tests, missed (without signs, in ratio to what came), gained, low, high, placebo, placebo_most.

    tests: see ``TESTS``; weight: into one currency. What nothing was missed of has no row.
    """
    placebos = [pl.col("missed_placebos").list.get(at).alias(f"placebo_{at}") for at in range(PLACEBOS)]
    names = ["came", "missed", "missed_with", *(f"placebo_{at}" for at in range(PLACEBOS))]
    rows = tests.with_columns(placebos).select("category_id", "origin_on", *(pl.col(name) * weight for name in names))
    by_day = rows.group_by("category_id", "origin_on").agg(pl.col(names).sum()).sort("origin_on")
    together = rows.group_by("origin_on").agg(pl.col(names).sum()).sort("origin_on")
    parts = {key: part for (key,), part in by_day.partition_by("category_id", as_dict=True).items()}
    ordered = sorted(parts, key=lambda key: (-float(parts[key]["came"].sum()), key or ""))
    told = [(None, together), *((key, parts[key]) for key in ordered if key is not None)]
    found = [(key, part, _gain_of(part)) for key, part in told]
    return pl.DataFrame(
        [_row(key, part, each) for key, part, each in found if each is not None],
        schema={
            "category_id": pl.String,
            "tests": pl.Int64,
            **dict.fromkeys(("missed", "gained", "low", "high", "placebo", "placebo_most"), pl.Float64),
        },
    )


def _gain_of(part: pl.DataFrame) -> Gain | None:
    placebos = part.select(pl.selectors.starts_with("placebo_")).to_numpy()
    return gain(part["missed"].to_numpy(), part["missed_with"].to_numpy(), placebos)


def _row(category_id: str | None, part: pl.DataFrame, found: Gain) -> dict[str, object]:
    came = float(part["came"].sum())
    missed = float(part["missed"].sum()) / came if came > 0 else None
    return {"category_id": category_id, "missed": missed, **{name: getattr(found, name) for name in GAINED}}
