"""What a sample is asked to be: its size, seed and today; and the random numbers and days that follow from them.

Inside the sample a day is a whole number, counted from the first day of the story; ``Plan`` turns it into a date.
"""

import datetime as dt
import zlib
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

Numbers = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

EPOCH = dt.date(1970, 1, 1)
MINUTE, DAY = 60_000_000, 86_400_000_000
LONGEST_STORY = 120


@dataclass(frozen=True)
class Plan:
    """The sample that is asked for.

    ``scale`` multiplies customers and orders (products grow more slowly), ``until`` is the last day that anything
    happened on, ``months`` is how many calendar months the story covers, that of ``until`` included. Refuses what
    cannot be built.
    """

    scale: float = 1.0
    seed: int = 7
    until: dt.date = dt.date(2026, 6, 30)
    months: int = 36

    def __post_init__(self) -> None:
        wrong = [sentence for sentence, holds in self._demands() if not holds]
        if wrong:
            raise ValueError(" ".join(wrong))

    def _demands(self) -> tuple[tuple[str, bool], ...]:
        return (
            (f"The scale of a sample is a number above 0 and up to 50, not {self.scale}.", 0 < self.scale <= 50),
            (f"The seed of a sample is a whole number from 0 up, not {self.seed}.", self.seed >= 0),
            (
                f"A sample covers 6 to {LONGEST_STORY} months, not {self.months}.",
                6 <= self.months <= LONGEST_STORY,
            ),
            (f"A sample ends between 2000 and 2090, not on {self.until}.", 2000 <= self.until.year <= 2090),
        )

    @cached_property
    def start(self) -> dt.date:
        """The first day of the story: the first of a month."""
        months = self.until.year * 12 + self.until.month - self.months
        return dt.date(months // 12, months % 12 + 1, 1)

    @cached_property
    def days(self) -> int:
        """How many days the story has; its last day is ``days - 1``."""
        return (self.until - self.start).days + 1

    @property
    def last(self) -> int:
        """The day of ``until``."""
        return self.days - 1

    def random(self, subject: str) -> np.random.Generator:
        """Random numbers of one subject: another subject more does not shift them."""
        return np.random.default_rng([self.seed, zlib.crc32(subject.encode())])

    def count(self, at_scale_1: float, *, power: float = 1.0, least: int = 1) -> int:
        """How many of a thing this scale has, when scale 1 has ``at_scale_1``."""
        return max(least, round(at_scale_1 * self.scale**power))

    def date(self, day: int) -> dt.date:
        """The calendar day."""
        return self.start + dt.timedelta(days=int(day))

    def day(self, when: dt.date) -> int:
        """The day's number in the story."""
        return (when - self.start).days

    def dates(self, days: Numbers, where: Mask | None = None) -> pl.Series:
        """Days as dates; null where ``where`` is false."""
        first = (self.start - EPOCH).days
        return _kept(pl.Series(np.asarray(days, dtype=np.int64) + first), where).cast(pl.Int32).cast(pl.Date)

    def instants(self, days: Numbers, minutes: Numbers, zones: Numbers | int, where: Mask | None = None) -> pl.Series:
        """Local days and minutes after midnight as instants in UTC; ``zones`` numbers the time zones of ``ZONES``."""
        day = np.asarray(days, dtype=np.int64)
        shift = self._offsets[zones, day + _MARGIN]
        first = (self.start - EPOCH).days
        micros = (day + first) * DAY + (np.asarray(minutes, dtype=np.int64) - shift) * MINUTE
        return _kept(pl.Series(micros), where).cast(pl.Datetime("us", "UTC"))

    @cached_property
    def _offsets(self) -> Numbers:
        """Minutes east of UTC at noon, by time zone and day."""
        noon = dt.datetime(self.start.year, self.start.month, self.start.day, 12, tzinfo=dt.UTC)
        days = range(-_MARGIN, self.days + _MARGIN)
        return np.array([[_offset(noon + dt.timedelta(days=day), ZoneInfo(zone)) for day in days] for zone in ZONES])


ZONES = ("Europe/Berlin", "Asia/Shanghai")
_MARGIN = 1500


def _offset(instant: dt.datetime, zone: ZoneInfo) -> int:
    east = instant.astimezone(zone).utcoffset()
    return 0 if east is None else int(east.total_seconds()) // 60


def _kept(values: pl.Series, where: Mask | None) -> pl.Series:
    return values if where is None else pl.select(pl.when(pl.lit(pl.Series(where))).then(pl.lit(values))).to_series()
