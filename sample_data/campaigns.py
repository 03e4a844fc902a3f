"""Campaigns: what was advertised, to whom, when, at what cost, and what it did to the demand of those it addressed."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sample_data.catalogue import Catalogue
from sample_data.customers import Contacts
from sample_data.plan import Mask, Numbers, Plan

MEMBERS, HELD_OUT = 0.75, 0.15
WORKS, FAILS = "campaign_works", "campaign_fails"


@dataclass(frozen=True)
class Campaign:
    """One campaign.

    ``from_end`` is how many days before the story's last day it begins; ``lift`` multiplies the demand of those whom it
    addresses meanwhile. ``told`` is the kind of fact that the story makes of it.
    """

    name: str
    channel: str
    country: int
    families: tuple[str, ...]
    from_end: int
    length: int
    lift: float
    budget: int
    told: str = "campaign_runs"


_ALL = (
    Campaign("Heizungspumpen-Wochen 1", "mail", 0, ("HX", "ET"), 1000, 28, 1.4, 11_000),
    Campaign("管件促销", "chat", 2, ("FT", "FL"), 830, 21, 1.3, 40_000),
    Campaign("Aktion Armaturen", "phone", 1, ("BV", "BF"), 790, 21, 1.25, 5_000),
    Campaign("Heizungspumpen-Wochen 2", "mail", 0, ("HX", "ET"), 640, 28, 1.4, 12_000),
    Campaign("Aktion Tauchpumpen 1", "mail", 0, ("SP",), 470, 28, 1.5, 9_000),
    Campaign("潜水泵促销", "social", 2, ("SP", "HS"), 440, 21, 1.6, 60_000),
    Campaign("Heizungspumpen-Wochen 3", "mail", 0, ("HX", "ET"), 290, 28, 1.45, 12_000),
    Campaign("Messe Wien", "visit", 1, ("BS", "MP"), 250, 10, 1.2, 18_000),
    Campaign("管件特惠周", "web", 2, ("FT", "FL"), 231, 12, 1.7, 45_000),
    Campaign("Messtechnik-Wochen", "mail", 0, ("PG", "FS"), 160, 42, 1.0, 12_000, FAILS),
    Campaign("Kugelhähne im Karton", "phone", 1, ("BV",), 120, 21, 1.4, 4_000),
    Campaign("阀门优惠", "chat", 2, ("BV", "BF"), 95, 21, 1.35, 30_000),
    Campaign("Aktion Tauchpumpen 2", "mail", 0, ("SP",), 75, 42, 1.8, 12_000, WORKS),
)


@dataclass(frozen=True)
class Campaigns:
    """The campaigns of the story's time, and whom they were for."""

    plan: Plan
    catalogue: Catalogue
    contacts: Contacts

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

    def span(self, at: int) -> slice:
        """The days of the story on which the campaign with this number runs."""
        campaign = self.all[at]
        return slice(self.first(campaign), min(self.end(campaign), self.plan.days))

    def key(self, at: int) -> str:
        """The key of the campaign with this number."""
        return f"CMP-{at + 1:02d}"

    def advertises(self, at: int) -> Mask:
        """By product, whether the campaign with this number is for it."""
        codes = [p.family.code for p in self.catalogue.products]
        return np.isin(codes, self.all[at].families)

    @cached_property
    def members(self) -> tuple[Numbers, ...]:
        """By campaign, the customers on its list: most of its country that bought before and did not refuse."""
        return tuple(self._members(at, campaign) for at, campaign in enumerate(self.all))

    def _members(self, at: int, campaign: Campaign) -> Numbers:
        customers, first = self.contacts.customers, self.first(campaign)
        chosen = self._random(at, "members").random(len(customers)) < MEMBERS
        buys = (customers.joined < first) & (customers.left > first) & (customers.country == campaign.country)
        return np.flatnonzero(chosen & buys & ~self.contacts.refused[self.contacts.first])

    @cached_property
    def is_control(self) -> tuple[Mask, ...]:
        """By campaign, for each of its members, whether it is held out on purpose and not addressed."""
        return tuple(
            self._random(at, "control").random(len(members)) < HELD_OUT for at, members in enumerate(self.members)
        )

    @cached_property
    def addressed(self) -> tuple[Numbers, ...]:
        """By campaign, the members that are not held out."""
        return tuple(who[~held_out] for who, held_out in zip(self.members, self.is_control, strict=True))

    def _random(self, at: int, subject: str) -> np.random.Generator:
        return self.plan.random(f"campaign {at}: {subject}")
