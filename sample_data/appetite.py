"""How much of each product the three countries want on an ordinary working day: the calm before the story."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sample_data.catalogue import FINISHED, SERVICE, TRADED, Catalogue
from sample_data.customers import SHARE_OF_COUNTRY
from sample_data.days import COUNTRIES
from sample_data.places import COMPANY_OF_COUNTRY
from sample_data.plan import Plan, Shares

LINES_A_DAY = 155.0
PACES = ("fast", "regular", "slow", "lumpy", "fading")
FAST, REGULAR, SLOW, LUMPY, FADING = range(len(PACES))
SHARE_OF_PACE = (0.08, 0.39, 0.26, 0.21, 0.06)
WEIGHT_OF_PACE = (4.0, 0.34, 0.07, 0.02, 0.12)
SERVICE_SHARE = 0.035
# Families of which the story tells: they sell well enough to be told of.
TOLD_OF = ("CP", "SP", "PG")
FADES_FOR = 540
WEEK = (1.18, 1.1, 1.0, 0.98, 0.74, 0.0, 0.0)


@dataclass(frozen=True)
class Appetite:
    """The calm demand: a pace for each product, and order lines a working day by country and product."""

    plan: Plan
    catalogue: Catalogue

    @cached_property
    def pace(self) -> npt.NDArray[np.int64]:
        """The number of each product's pace in ``PACES``."""
        random = self.plan.random("pace")
        pace = random.choice(len(PACES), len(self.catalogue), p=SHARE_OF_PACE)
        sold = [p.index for p in self.catalogue.of(FINISHED, TRADED)]
        pace[[p.index for p in self.catalogue.products if p.is_kit]] = REGULAR
        sold = [index for index in sold if not self.catalogue.products[index].is_kit]
        pace[random.permutation(sold)[: len(PACES) + 3]] = (*range(len(PACES)), FAST, FAST, REGULAR)
        for code in TOLD_OF:
            first, second, *others = (p.index for p in self.catalogue.products if p.family.code == code)
            pace[[first, second]] = FAST, REGULAR
            pace[others] = np.where(pace[others] == FADING, SLOW, pace[others])
        return pace

    @cached_property
    def lines(self) -> Shares:
        """Order lines a working day, by country and product."""
        random = self.plan.random("appetite")
        goods = self._sold(FINISHED, TRADED) * np.array(WEIGHT_OF_PACE)[self.pace]
        goods = goods * random.lognormal(0, 0.35, len(self.catalogue)) * random.lognormal(0, 0.25, goods.shape)
        share = np.array(SHARE_OF_COUNTRY)[:, None] * LINES_A_DAY * self.plan.scale
        hours = self._sold(SERVICE)
        return share * (_shared_out(goods) * (1 - SERVICE_SHARE) + _shared_out(hours) * SERVICE_SHARE)

    def _sold(self, *kinds: str) -> Shares:
        sold = [
            [
                p.kind in kinds and self.catalogue.sells(COMPANY_OF_COUNTRY[country], p.index)
                for p in self.catalogue.products
            ]
            for country in range(len(COUNTRIES))
        ]
        return np.array(sold, dtype=np.float64)

    @cached_property
    def typical(self) -> Shares:
        """Base units of a usual line, by product."""
        lumps = np.where(self.pace == LUMPY, 3.0, 1.0)
        return np.array([p.family.typical for p in self.catalogue.products]) * lumps

    @cached_property
    def shape(self) -> Shares:
        """By day of the story and product: season, trend and fading, around 1."""
        day = np.arange(self.plan.days)[:, None]
        families = [p.family for p in self.catalogue.products]
        peak, swing = (np.array(column) for column in zip(*((f.season, f.swing) for f in families), strict=True))
        of_year = (day + self.plan.start.timetuple().tm_yday) % 365.25
        season = 1 + swing * np.cos((of_year - peak) * 2 * np.pi / 365.25)
        trend = 1 + self.plan.random("trend").normal(0.05, 0.12, len(families)) * (day / 365)
        fading = np.where(self.pace == FADING, np.exp(-(day - self.fades_from).clip(0) / 70.0), 1.0)
        return season * trend.clip(0.2) * fading

    @property
    def fades_from(self) -> int:
        """The day from which on what fades sells less and less."""
        return max(0, self.plan.last - FADES_FOR)

    @cached_property
    def week(self) -> Shares:
        """By day of the story: how busy the day of the week is."""
        return np.array(WEEK)[(np.arange(self.plan.days) + self.plan.start.weekday()) % 7]


def _shared_out(weights: Shares) -> Shares:
    return weights / weights.sum(axis=1, keepdims=True).clip(1e-9)
