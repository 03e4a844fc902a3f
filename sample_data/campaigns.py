"""Campaigns: what was advertised, when, at what cost, and what it did to demand."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sample_data.catalogue import Catalogue
from sample_data.plan import Plan, Shares


@dataclass(frozen=True)
class Campaign:
    """One campaign.

    ``from_end`` is how many days before the story's last day it begins; ``lift`` multiplies demand meanwhile.
    """

    name: str
    channel: str
    country: int
    families: tuple[str, ...]
    from_end: int
    length: int
    lift: float
    budget: int


_ALL = (
    Campaign("Frühjahrsaktion Tauchpumpen", "mail", 0, ("SP",), 470, 28, 1.5, 9_000),
    Campaign("夏季潜水泵促销", "social", 2, ("SP", "HS"), 440, 21, 1.6, 60_000),
    Campaign("Herbst: Heizungspumpen", "mail", 0, ("HX", "ET"), 290, 28, 1.45, 12_000),
    Campaign("Messe Wien", "visit", 1, ("BS", "MP"), 250, 10, 1.2, 18_000),
    Campaign("双十一 管件", "web", 2, ("FT", "FL"), 231, 12, 1.7, 45_000),
    Campaign("Messtechnik Winter", "mail", 0, ("PG", "FS"), 160, 21, 1.0, 8_000),
    Campaign("Kugelhähne im Karton", "phone", 1, ("BV",), 120, 21, 1.4, 4_000),
    Campaign("春季阀门", "chat", 2, ("BV", "BF"), 95, 21, 1.35, 30_000),
    Campaign("Sommer 2: Tauchpumpen", "mail", 0, ("SP",), 40, 28, 1.45, 10_000),
)


@dataclass(frozen=True)
class Campaigns:
    """The campaigns of the story's time."""

    plan: Plan
    catalogue: Catalogue

    @cached_property
    def all(self) -> tuple[Campaign, ...]:
        """In the order in which they begin."""
        return tuple(c for c in _ALL if c.from_end < self.plan.days)

    def first(self, campaign: Campaign) -> int:
        """Its first day."""
        return self.plan.last - campaign.from_end

    def end(self, campaign: Campaign) -> int:
        """The day after its last."""
        return self.first(campaign) + campaign.length

    def key(self, at: int) -> str:
        """The key of the campaign with this number."""
        return f"CMP-{at + 1:02d}"

    def lifts(self, country: int) -> Shares:
        """By day and product: what campaigns multiply the country's demand with."""
        lifts = np.ones((self.plan.days, len(self.catalogue)))
        codes = np.array([p.family.code for p in self.catalogue.products])
        for campaign in (c for c in self.all if c.country == country):
            span = slice(self.first(campaign), min(self.end(campaign), self.plan.days))
            lifts[span, np.isin(codes, campaign.families)] *= campaign.lift
        return lifts
