"""What customers would order if nothing came between: every line that is wanted, and what became of the wish.

Most wishes become orders. Some never do, for the story's reasons: a customer who left, goods that got a bad name, a
price that was raised, a shelf that was empty. Nobody sees these in the tables; the truth of the story counts them.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sample_data.campaigns import Campaigns
from sample_data.customers import Customers
from sample_data.days import COUNTRIES, Workdays
from sample_data.exact import UNIT
from sample_data.places import COMPANY_OF_COUNTRY
from sample_data.plan import Mask, Numbers, Plan, Shares
from sample_data.story import LEFT, RAISED, SHUNNED, SOLD_OUT, Story

LINES_IN_ORDER = 2.5
NO_CAMPAIGN = -1
ORDERED = 0
CAUSES = (LEFT, SHUNNED, RAISED, SOLD_OUT)


@dataclass(frozen=True)
class Wishes:
    """All wanted lines, column by column; sorted by order, orders by day."""

    plan: Plan
    customers: Customers
    story: Story
    calendars: tuple[Workdays, ...]
    campaigns: Campaigns

    @cached_property
    def _drawn(self) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """(day, country, product, campaign) of every line, by day, country and campaign, then at random."""
        calm = [self._calm(country) for country in range(len(COUNTRIES))]
        caused = [self._caused(at) for at in range(len(self.campaigns.all))]
        day, country, product, campaign = np.concatenate([*calm, *caused], axis=1)
        order = np.lexsort((self._random("lines, shuffled").random(len(day)), campaign, country, day))
        return day[order], country[order], product[order], campaign[order]

    def _calm(self, country: int) -> Numbers:
        """Rows of ``_drawn`` that come without a campaign."""
        rates = self._rates(country) * self.story.surges(country)
        return self._rows(self._random(f"lines {country}").poisson(rates), 0, country, NO_CAMPAIGN)

    def _caused(self, at: int) -> Numbers:
        """Rows of ``_drawn`` that a campaign brings: from those alone whom it addressed."""
        campaign, span = self.campaigns.all[at], self.campaigns.span(at)
        advertised = np.where(self.campaigns.advertises(at), campaign.lift - 1, 0.0)
        rates = self._rates(campaign.country)[span] * advertised * self._share(at)
        return self._rows(self._random(f"campaign {at}").poisson(rates), span.start, campaign.country, at)

    def _share(self, at: int) -> float:
        """How much of its country's demand those have whom a campaign addressed."""
        here = self.customers.country == self.campaigns.all[at].country
        first, weight = self.campaigns.span(at).start, self.customers.weight
        buys = here & (self.customers.joined <= first) & (self.customers.left > first)
        return float(weight[self.campaigns.addressed[at]].sum() / weight[buys].sum())

    @staticmethod
    def _rows(counts: Numbers, first: int, country: int, campaign: int) -> Numbers:
        day, product = (np.repeat(at, counts[counts > 0]) for at in np.nonzero(counts))
        return np.stack([day + first, np.full_like(day, country), product, np.full_like(day, campaign)])

    def _rates(self, country: int) -> Shares:
        """Lines by day and product, as the calm demand has it."""
        appetite = self.story.appetite
        open_days = (self.calendars[country].mask * appetite.week)[:, None]
        return appetite.lines[country] * appetite.shape * open_days

    @property
    def line_day(self) -> Numbers:
        """The day of each line."""
        return self._drawn[0]

    @cached_property
    def line_company(self) -> Numbers:
        """The company that each line is asked of."""
        return np.array(COMPANY_OF_COUNTRY)[self._drawn[1]]

    def on_days(self, first: int, last: int) -> Mask:
        """By line, whether it is wanted from the first day to the last."""
        return (self.line_day >= first) & (self.line_day <= last)

    @property
    def product(self) -> Numbers:
        """The product of each line."""
        return self._drawn[2]

    @cached_property
    def _first(self) -> Mask:
        """For each line, whether a new order begins with it."""
        day, country, _, campaign = self._drawn
        other = np.any([np.diff(column, prepend=-2) != 0 for column in (day, country, campaign)], axis=0)
        return other | (self._random("orders").random(len(day)) < 1 / LINES_IN_ORDER)

    @cached_property
    def order(self) -> Numbers:
        """The order of each line."""
        return np.cumsum(self._first) - 1

    @cached_property
    def day(self) -> Numbers:
        """The day of each order."""
        return self._drawn[0][self._first]

    @cached_property
    def country(self) -> Numbers:
        """The country of each order's customer."""
        return self._drawn[1][self._first]

    @cached_property
    def campaign(self) -> Numbers:
        """The campaign that brought each order, or ``NO_CAMPAIGN``."""
        return self._drawn[3][self._first]

    @cached_property
    def customer(self) -> Numbers:
        """Who orders."""
        random = self._random("customer")
        chosen = self.country.copy()
        for country in range(len(COUNTRIES)):
            calm = (self.country == country) & (self.campaign == NO_CAMPAIGN)
            chosen[calm] = self._who(random, np.flatnonzero(self.customers.country == country), self.day[calm])
        for at, addressed in enumerate(self.campaigns.addressed):
            caused = self.campaign == at
            chosen[caused] = self._who(random, addressed, self.day[caused])
        return chosen

    def _who(self, random: np.random.Generator, people: Numbers, day: Numbers) -> Numbers:
        """Customers by their weight, drawn again where one has not joined or has left; the first never leaves."""
        share = np.cumsum(self.customers.weight[people])
        chosen = np.full(len(day), people[0] if len(people) else 0)
        missing = np.ones(len(day), dtype=bool)
        for _ in range(6 if len(people) else 0):
            drawn = people[np.searchsorted(share, random.random(len(day)) * share[-1])]
            fits = missing & (self.customers.joined[drawn] <= day) & (day < self.customers.left[drawn])
            chosen[fits] = drawn[fits]
            missing &= ~fits
        return chosen

    @cached_property
    def quantity(self) -> Numbers:
        """Thousandths of the base unit wanted, by line; whole units."""
        random, typical = self._random("quantity"), self.story.appetite.typical
        size = typical[self.product] * random.lognormal(-0.25, 0.7, len(self.product))
        units = np.maximum(1, np.rint(size)).astype(np.int64)
        return np.where(self.boxed, self.box * np.maximum(1, units // self.box.clip(1)), units) * UNIT

    @cached_property
    def box(self) -> Numbers:
        """By line, base units in a box of the product; 0 where it is sold singly."""
        return self.story.appetite.catalogue.boxes[self.product].astype(np.int64)

    @cached_property
    def boxed(self) -> Mask:
        """By line, whether it is ordered in boxes."""
        return (self.box > 0) & (self._random("boxes").random(len(self.product)) < 0.6)

    @cached_property
    def fate(self) -> Numbers:
        """By line: ``ORDERED``, or the number from 1 of the cause in ``CAUSES`` for which it never came."""
        order = self.order
        segment, country = self.customers.segment[self.customer], self.country
        leaves = self._random("leaving").random(len(self.day)) < self.story.leaves(segment, country, self.day)
        shunned, raised, sold_out = (self._random(cause).random(len(order)) for cause in CAUSES[1:])
        return np.select(
            [
                leaves[order],
                shunned < self.story.shuns(self.product, self.line_day),
                raised < self.story.minds_the_price(self.product, self.line_day),
                sold_out < self.story.finds_nothing(self.line_company, self.product, self.line_day),
            ],
            range(1, len(CAUSES) + 1),
            ORDERED,
        )

    def _random(self, subject: str) -> np.random.Generator:
        return self.plan.random(f"wishes: {subject}")
