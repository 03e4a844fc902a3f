"""One boosted model for all groups: demand ahead in ratio to the present level, straight for each step ahead.

What it knows of a step ahead: how far it is, the calendar, what is known in advance, the recent profile of the season,
how the level moved, the same time last year, and what a model of days tells (``forecast_calendar``), where there is
one. Trained at many past origins; the scale of a group never enters.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor

from analytics.forecast_calendar import HALF_LIVES, DayModel, levels
from analytics.forecast_groups import Groups
from analytics.forecast_known import Feature, kinds
from analytics.forecast_rhythm import RHYTHMS, Rhythm, calendar, mean_between, profile, running_sums
from analytics.projection import Days, Numbers

SEED = 1
MOST_ROWS = 440_000
FEWEST_ROWS = 5_000
MOST_STEPS_AHEAD = 28
HIGHEST_RATIO = 5.0
MOST_KINDS = 250
SHORT, LONG = 4, 12
MANY_ROWS = 100_000
LEAST = 1e-300


@dataclass(frozen=True)
class Learner:
    """The past of groups as a model sees it: everything that does not depend on the origin."""

    groups: Groups
    rhythm: Rhythm
    running: Numbers
    calendar: Days
    kinds: Days
    known: Sequence[Feature]
    days: DayModel | None = None

    @property
    def is_kind(self) -> list[bool]:
        """Which of the columns of ``seen`` stand for kinds."""
        fixed = 1 + self.calendar.shape[1] + len((SHORT, LONG)) + len(self.rhythm.recent) + 1 + 2
        of_days = 0 if self.days is None else 2 + len(HALF_LIVES)
        return [False] * (fixed + of_days) + [feature.is_kind for feature in self.known] + [True] * self.kinds.shape[1]


@dataclass(frozen=True)
class Boosted:
    """A trained model; see ``trained``."""

    learner: Learner
    model: HistGradientBoostingRegressor

    def ahead(self, origin: int, steps: int) -> Numbers:
        """Demand by group in the steps from the origin on, told at its beginning."""
        columns = np.arange(steps)
        effects = None if self.learner.days is None else self.learner.days.effects(origin)
        seen = _seen(self.learner, origin, columns, effects)
        ratios = self.model.predict(seen.reshape(-1, seen.shape[2])).reshape(seen.shape[:2])
        return np.maximum(ratios, 0.0) * _level(self.learner, origin)[:, None]


def learner(groups: Groups, known: Sequence[Feature], ahead: int, days: DayModel | None = None) -> Learner:
    """What models may know of groups, up to so many steps after the last."""
    steps = groups.steps
    few = [feature for feature in known if not feature.is_kind or np.nanmax(feature.values, initial=0) < MOST_KINDS]
    of_groups = kinds(groups.keys)
    return Learner(
        groups=groups,
        rhythm=RHYTHMS[groups.grid.step],
        running=running_sums(groups.demand),
        calendar=calendar(groups.grid, 1 - steps, ahead + 1),
        kinds=of_groups[:, of_groups.max(axis=0, initial=0) < MOST_KINDS],
        known=few,
        days=days,
    )


def trained(learner: Learner, before: int, ahead: int) -> Boosted | None:
    """The model that saw the steps before so many only; none where they are too few to learn from. A column that no
    lesson knows counts as constant."""
    origins = _origins(learner, before, ahead)
    columns = _columns(ahead)
    if origins.size * columns.size * learner.groups.many < FEWEST_ROWS:
        return None
    effects = None if learner.days is None else learner.days.crossed(before)
    seen, ratios = _lessons(learner, origins, columns, effects)
    if ratios.size < FEWEST_ROWS:
        return None
    seen[:, ~np.isfinite(seen).any(axis=0)] = 0.0
    model = _model(learner, ratios.size)
    return Boosted(learner, model.fit(seen, ratios))


def _model(learner: Learner, rows: int) -> HistGradientBoostingRegressor:
    is_large = rows >= MANY_ROWS
    return HistGradientBoostingRegressor(
        loss="poisson",
        max_iter=300 if is_large else 150,
        learning_rate=0.06,
        max_leaf_nodes=63 if is_large else 15,
        min_samples_leaf=50,
        max_features=0.5,
        l2_regularization=1.0,
        early_stopping=False,
        categorical_features=learner.is_kind,
        random_state=SEED,
    )


def _origins(learner: Learner, before: int, ahead: int) -> Days:
    """Past origins whose steps ahead all lie before, a season apart, and fewer where the rows would be too many."""
    rhythm = learner.rhythm
    first = min(int(learner.groups.begins.min()) + rhythm.level, before)
    origins = np.arange(before - ahead, max(first, rhythm.level) - 1, -_apart(rhythm))
    with_last_year = origins[origins >= rhythm.year + rhythm.level]
    origins = with_last_year if with_last_year.size >= rhythm.year // _apart(rhythm) else origins
    most = max(MOST_ROWS // max(learner.groups.many * _columns(ahead).size, 1), 1)
    return origins[:: max(-(-origins.size // most), 1)]


def _apart(rhythm: Rhythm) -> int:
    return rhythm.season if rhythm.season < rhythm.year else 1


def _columns(ahead: int) -> Days:
    """Which steps ahead are learnt from: all, or as many as are enough."""
    return np.unique(np.linspace(0, ahead - 1, min(ahead, MOST_STEPS_AHEAD)).round().astype(np.int64))


def _lessons(
    learner: Learner, origins: Days, columns: Days, effects: Numbers | None
) -> tuple[NDArray[np.float32], Numbers]:
    """What was seen at each origin and what then came in ratio to the level; groups that had none teach nothing."""
    seen, ratios = [], []
    for origin in origins:
        level = _level(learner, origin)
        has = level > 0
        came = learner.groups.demand[has][:, origin + columns] / level[has, None]
        ratios.append(np.minimum(came, HIGHEST_RATIO).ravel())
        of_origin = _seen(learner, origin, columns, effects)
        seen.append(of_origin[has].reshape(came.size, of_origin.shape[2]))
    return np.concatenate(seen), np.concatenate(ratios)


def _level(learner: Learner, origin: int) -> Numbers:
    return np.nan_to_num(mean_between(learner.running, max(origin - learner.rhythm.level, 0), origin))


@np.errstate(over="ignore")
def _seen(learner: Learner, origin: int, columns: Days, effects: Numbers | None) -> NDArray[np.float32]:
    """What is known at the origin of each group and step ahead: groups by steps by columns. Ratios to a level of zero
    are endless; they never tell, as what is told is a part of that level."""
    level = np.maximum(_level(learner, origin), LEAST)
    steps = origin + columns
    parts: list[Numbers | Days] = [columns + 1, *learner.calendar[steps].T]
    parts += _profiles(learner, origin, columns)
    parts += [moved[:, None] for moved in _moves(learner, origin, level)]
    parts += _last_year(learner, origin, steps)
    parts += [] if effects is None else _by_days(learner, effects, origin, steps, level)
    parts += [feature.values[:, steps] for feature in learner.known]
    parts += [kind[:, None] for kind in learner.kinds.T]
    seen = np.empty((learner.groups.many, columns.size, len(parts)), dtype=np.float32)
    for number, part in enumerate(parts):
        seen[:, :, number] = part
    return seen


def _profiles(learner: Learner, origin: int, columns: Days) -> list[Numbers]:
    """How this phase of the season stood to the mean, lately and over longer."""
    past, season = learner.groups.demand[:, :origin], learner.rhythm.season
    return [profile(past, season, seasons)[:, columns % season] for seasons in (SHORT, LONG)]


def _moves(learner: Learner, origin: int, level: Numbers) -> list[Numbers]:
    """The level against shorter and longer stretches, and against the same time last year."""
    running, rhythm = learner.running, learner.rhythm
    moves = [mean_between(running, origin - stretch, origin) / level for stretch in rhythm.recent]
    before = mean_between(running, origin - rhythm.year - rhythm.level, origin - rhythm.year)
    return [*moves, np.divide(before, level)]


def _by_days(learner: Learner, effects: Numbers, origin: int, steps: Days, level: Numbers) -> list[Numbers]:
    """What the model of days tells: how each step stands to those of the level, by itself and with the level as it is
    now; and the level without what its days did, lately and over longer."""
    usual = np.maximum(
        mean_between(running_sums(effects[:, :origin]), max(origin - learner.rhythm.level, 0), origin), LEAST
    )
    past = learner.groups.demand[:, :origin]
    now, *others = (levels(past, effects, half_life) / level for half_life in HALF_LIVES)
    of_steps = effects[:, steps]
    moves = [(each * usual)[:, None] for each in (now, *others)]
    return [of_steps / usual[:, None], of_steps * now[:, None], *moves]


def _last_year(learner: Learner, origin: int, steps: Days) -> list[Numbers]:
    """This step last year, by itself and smoothed over a season, against the level then; not a number where
    that year is not known."""
    rhythm, demand = learner.rhythm, learner.groups.demand
    before = mean_between(learner.running, origin - rhythm.year - rhythm.level, origin - rhythm.year)
    level = np.where(before > 0, before, np.nan)[:, None]
    at = steps - rhythm.year
    if at[0] < 0 or at[-1] >= origin:
        return [np.full((learner.groups.many, steps.size), np.nan)] * 2
    around = rhythm.season // 2 if rhythm.season < rhythm.year else 0
    begins, ends = np.maximum(at - around, 0), np.minimum(at + around + 1, origin)
    smooth = (learner.running[:, ends] - learner.running[:, begins]) / (ends - begins)
    return [demand[:, at] / level, smooth / level]
