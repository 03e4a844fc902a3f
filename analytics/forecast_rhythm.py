"""What steps mean to a forecast: how long a season and a year are, which stretches of the past are looked at."""

from dataclasses import dataclass

import numpy as np

from analytics.forecast_series import Grid, Step
from analytics.projection import Days, Numbers


@dataclass(frozen=True)
class Rhythm:
    """Lengths in steps.

    days: how many a step has, on average. season: after how many the profile repeats (weekdays, months of the year), 1
    where none does. year: in whole seasons. level: over how many the present level is the mean. recent: shorter and
    longer stretches, compared with the level. reach: how far ahead models look; beyond, their last season repeats.
    half_lives: after how many a demand counts half, from which hindcasts choose.
    """

    days: float
    season: int
    year: int
    level: int
    recent: tuple[int, ...]
    reach: int
    half_lives: tuple[int, ...]

    def steps(self, days: int) -> int:
        """How many steps come closest to so many days: one at least."""
        return max(1, round(days / self.days))


RHYTHMS = {
    Step.DAY: Rhythm(1, 7, 364, 28, (7, 14, 84, 364), 91, (5, 7, 10, 14, 28, 56, 112)),
    Step.WEEK: Rhythm(7, 1, 52, 8, (2, 4, 13, 26, 52), 26, (2, 3, 4, 8, 13, 26, 52)),
    Step.MONTH: Rhythm(365.25 / 12, 12, 12, 6, (1, 3, 12, 24), 18, (2, 3, 4, 6, 9, 12, 24, 48)),
}


def calendar(grid: Grid, begin: int, end: int) -> Days:
    """Weekday, day of the month, day of the year and month of every step from begin to before end: a row each."""
    dates = grid.dates(np.arange(begin, end))
    columns = (dates.dt.weekday(), dates.dt.day(), dates.dt.ordinal_day(), dates.dt.month())
    return np.array([column.to_numpy() for column in columns], dtype=np.int64).T


def mean_between(running: Numbers, begin: int, end: int) -> Numbers:
    """The mean of the columns from begin to before end, for each row, out of running sums that start with 0; not a
    number where that begins before the history."""
    if begin < 0 or end <= begin:
        return np.full(running.shape[0], np.nan)
    return (running[:, end] - running[:, begin]) / (end - begin)


def running_sums(demand: Numbers) -> Numbers:
    """Sums from the first column on: one column more than there is demand, the first is 0."""
    return np.hstack([np.zeros((demand.shape[0], 1)), np.cumsum(demand, axis=1)])


def profile(demand: Numbers, season: int, seasons: int) -> Numbers:
    """How each phase of the season, the next step first, stands to the mean of the last seasons: 1 for all where there
    are fewer than two, or nothing was asked for."""
    seasons = min(seasons, demand.shape[1] // season)
    if season == 1 or seasons < 2:
        return np.ones((demand.shape[0], season))
    phases = demand[:, -seasons * season :].reshape(demand.shape[0], seasons, season).mean(axis=1)
    level = phases.mean(axis=1, keepdims=True)
    return np.divide(phases, level, out=np.ones_like(phases), where=level > 0)


def continued(ahead: Numbers, horizon: int, season: int) -> Numbers:
    """The columns as far as they go, then the last season again and again."""
    if horizon <= ahead.shape[1]:
        return ahead[:, :horizon]
    cycle = min(season, ahead.shape[1])
    at = np.arange(ahead.shape[1], horizon)
    return np.hstack([ahead, ahead[:, ahead.shape[1] - cycle + (at - ahead.shape[1]) % cycle]])
