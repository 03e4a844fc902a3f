"""What groups will ask for: several models, weighed by how well they told the past, with the simple ones as guards."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from analytics import forecast_simple
from analytics.forecast_calendar import DayModel, day_model
from analytics.forecast_groups import Groups
from analytics.forecast_known import Feature
from analytics.forecast_pooled import Boosted, Learner, learner, trained
from analytics.forecast_rhythm import RHYTHMS, Rhythm
from analytics.projection import Days, Numbers

Model = Callable[[Numbers, Rhythm, int], Numbers | None]

SMOOTHED_SEASONS = 104
FEWEST_SEASONS = 3
FEWEST_STEPS = 10
SANE = 3.0
SHARPNESS = 8.0
LEAST_WEIGHT = 0.03
PERFECT = 1e-6
MOST_ORIGINS = 6
LEAST_STEPS_BEFORE = 4


@dataclass(frozen=True)
class Upper:
    """How groups are forecast. weights: of each model by its name, together 1.

    early: the boosted model that saw nothing of what hindcasts ask for. late: the one that saw everything. days: the
    model of days, where there is one.
    """

    groups: Groups
    rhythm: Rhythm
    weights: dict[str, float]
    early: Boosted | None
    late: Boosted | None
    days: DayModel | None = None
    known: dict[tuple[int, int], dict[str, Numbers]] = field(default_factory=dict, compare=False, repr=False)

    def ahead(self, steps: int) -> Numbers:
        """Demand by group and step after the last one of the history."""
        return _mixed(_told(self, self.late, self.groups.steps, steps), self.weights)

    def hindcast(self, origin: int, steps: int) -> Numbers:
        """The same as it would have been told when the history had so many steps."""
        return _mixed(self.models(origin, steps), self.weights)

    def models(self, origin: int, steps: int) -> dict[str, Numbers]:
        """What each model would have told then; asked several times, worked out once."""
        if (origin, steps) not in self.known:
            self.known[origin, steps] = _told(self, self.early, origin, steps)
        return self.known[origin, steps]


def smoothed(demand: Numbers, rhythm: Rhythm, ahead: int) -> Numbers | None:
    """Exponential smoothing (statsmodels) with a season where three are known."""
    return _ets(demand, rhythm, ahead, None)


def damped(demand: Numbers, rhythm: Rhythm, ahead: int) -> Numbers | None:
    """The same with a trend that fades."""
    return _ets(demand, rhythm, ahead, "add")


GUARDS: dict[str, Model] = {
    "flat": forecast_simple.flat,
    "seasonal": forecast_simple.seasonal,
    "last_year": forecast_simple.last_year,
    "smoothed": smoothed,
    "damped": damped,
}


def upper(groups: Groups, known: Sequence[Feature], origins: Days, ahead: int) -> Upper:
    """Models of the groups, weighed at the origins (how many steps of history each hindcast knew, the first is the
    earliest) by their error over so many steps ahead."""
    rhythm = RHYTHMS[groups.grid.step]
    days = day_model(groups, known, ahead)
    pupil = learner(groups, known, ahead, days)
    early = trained(pupil, int(origins[0]), ahead) if origins.size else None
    first = Upper(groups, rhythm, {"flat": 1.0}, early, None, days)
    weights = _weights(first, origins, ahead)
    return replace(first, weights=weights, late=_late(pupil, weights, ahead))


def _late(pupil: Learner, weights: dict[str, float], ahead: int) -> Boosted | None:
    return trained(pupil, pupil.groups.steps, ahead) if "boosted" in weights else None


def _told(models: Upper, boosted: Boosted | None, origin: int, ahead: int) -> dict[str, Numbers]:
    """What each model says; one that cannot say anything is left out."""
    past = models.groups.demand[:, :origin]
    told = {name: model(past, models.rhythm, ahead) for name, model in GUARDS.items()}
    told["calendar"] = None if models.days is None else models.days.ahead(origin, ahead)
    told["boosted"] = None if boosted is None else boosted.ahead(origin, ahead)
    return {name: _sane(each, past) for name, each in told.items() if each is not None}


def _sane(told: Numbers, past: Numbers) -> Numbers:
    """Not below zero, and not beyond three times what was ever asked for."""
    highest = SANE * past.max(axis=1, initial=0.0, keepdims=True)
    return np.clip(np.nan_to_num(told, nan=0.0, posinf=np.inf), 0.0, highest)


def _mixed(told: dict[str, Numbers], weights: dict[str, float]) -> Numbers:
    present = {name: weight for name, weight in weights.items() if name in told}
    if not present:
        return told["flat"]
    whole = sum(present.values())
    first, *others = (told[name] * (weight / whole) for name, weight in present.items())
    return sum(others, start=first)


def _weights(models: Upper, origins: Days, ahead: int) -> dict[str, float]:
    """The better a model told the past, the more it counts; what is far from the best does not count."""
    errors: dict[str, list[float]] = {}
    for origin in origins:
        for name, error in _errors(models.models(int(origin), ahead), models.groups.demand, origin).items():
            errors.setdefault(name, []).append(error)
    complete = {name: float(np.mean(each)) for name, each in errors.items() if len(each) == origins.size}
    if not complete or max(complete.values()) <= 0:
        return {"flat": 1.0}
    floor = PERFECT * max(complete.values())
    best = max(min(complete.values()), floor)
    raw = {name: (best / max(error, floor)) ** SHARPNESS for name, error in complete.items()}
    whole = sum(raw.values())
    kept = {name: weight for name, weight in raw.items() if weight / whole >= LEAST_WEIGHT}
    return {name: weight / sum(kept.values()) for name, weight in kept.items()}


def _errors(told: dict[str, Numbers], demand: Numbers, origin: int) -> dict[str, float]:
    """The mean squared error of groups, and of their total, each in ratio to how much it usually changes from step to
    step."""
    with_total = np.vstack([demand, demand.sum(axis=0)])
    came = with_total[:, origin:]
    usual = np.mean(np.diff(with_total[:, :origin], axis=1) ** 2, axis=1) if origin > 1 else np.ones(came.shape[0])
    weights = (usual > 0) * np.append(np.full(demand.shape[0], 1.0 / max((usual[:-1] > 0).sum(), 1)), 1.0)
    scaled = weights / np.where(usual > 0, usual, 1.0)
    errors = {}
    for name, each in told.items():
        steps = min(each.shape[1], came.shape[1])
        missed = np.vstack([each, each.sum(axis=0)])[:, :steps] - came[:, :steps]
        errors[name] = float(scaled @ np.mean(missed**2, axis=1))
    return errors


def _ets(demand: Numbers, rhythm: Rhythm, ahead: int, trend: str | None) -> Numbers | None:
    season = rhythm.season if demand.shape[1] >= FEWEST_SEASONS * rhythm.season else 1
    if demand.shape[1] < max(FEWEST_STEPS, 2 * season + 2):
        return None
    recent = demand[:, -SMOOTHED_SEASONS * rhythm.season :]
    return np.array([_smoothed_row(row, season, ahead, trend) for row in recent])


def _smoothed_row(row: Numbers, season: int, ahead: int, trend: str | None) -> Numbers:
    """One group; the mean where smoothing does not come to an end."""
    level = float(row.mean())
    if level <= 0 or np.ptp(row) <= 0:
        return np.full(ahead, level)
    model = ETSModel(
        row / level,
        error="add",
        trend=trend,
        damped_trend=trend is not None,
        seasonal="add" if season > 1 else None,
        seasonal_periods=season if season > 1 else None,
        initialization_method="heuristic",
    )
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        told = model.fit(disp=False).forecast(ahead) * level
    return told if np.isfinite(told).all() else np.full(ahead, level)


def origins(steps: int, ahead: int) -> Days:
    """How many steps of history each hindcast of groups knows: a half horizon apart, the earliest first."""
    latest = steps - ahead
    apart = max(ahead // 2, 1)
    found = latest - apart * np.arange(MOST_ORIGINS)
    return found[found >= max(steps // 3, LEAST_STEPS_BEFORE)][::-1]
