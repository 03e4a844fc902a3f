"""What customers order: every order and line of the story, drawn before it is known whether the firm can deliver."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sample_data.appetite import Appetite
from sample_data.campaigns import Campaigns
from sample_data.catalogue import Catalogue
from sample_data.customers import Customers
from sample_data.days import COUNTRIES, Workdays
from sample_data.exact import UNIT
from sample_data.places import COMPANY_OF_COUNTRY
from sample_data.plan import Mask, Numbers, Plan
from sample_data.story import Story

REAL, CANCELLED, QUOTED, DRAFT = range(4)
LINES_IN_ORDER = 2.5
QUOTED_SHARE, CANCELLED_SHARE = 0.06, 0.018
NOT_ASKED = -1


@dataclass(frozen=True)
class Demand:
    """Orders and their lines, column by column; lines are sorted by order, orders by day."""

    plan: Plan
    catalogue: Catalogue
    customers: Customers
    story: Story
    calendars: tuple[Workdays, ...]

    @property
    def appetite(self) -> Appetite:
        """The calm demand behind it."""
        return self.story.appetite

    @cached_property
    def _drawn(self) -> tuple[Numbers, Numbers, Numbers]:
        """(day, country, product) of every line, by day, then country, then at random."""
        random = self._random("lines")
        campaigns = Campaigns(self.plan, self.catalogue)
        counts = np.stack(
            [random.poisson(self._rates(country, campaigns)) for country in range(len(COUNTRIES))], axis=1
        )
        day, country, product = (np.repeat(at, counts[counts > 0]) for at in np.nonzero(counts))
        order = np.lexsort((random.random(len(day)), country, day))
        return day[order], country[order], product[order]

    def _rates(self, country: int, campaigns: Campaigns) -> np.ndarray:
        calm = self.appetite.lines[country] * self.appetite.shape
        open_days = (self.calendars[country].mask * self.appetite.week)[:, None]
        return calm * open_days * campaigns.lifts(country) * self.story.surges(country)

    @cached_property
    def _first(self) -> Mask:
        """For each line, whether a new order begins with it."""
        day, country, _ = self._drawn
        other = (np.diff(day, prepend=-1) != 0) | (np.diff(country, prepend=-1) != 0)
        return other | (self._random("orders").random(len(day)) < 1 / LINES_IN_ORDER)

    @cached_property
    def order(self) -> Numbers:
        """The order of each line."""
        return np.cumsum(self._first) - 1

    @cached_property
    def line_number(self) -> Numbers:
        """The position of each line in its order, from 1."""
        return np.arange(len(self.order)) - np.flatnonzero(self._first)[self.order] + 1

    @cached_property
    def first_line(self) -> Numbers:
        """By order, its first line; and at the end the number of lines."""
        return np.append(np.flatnonzero(self._first), len(self.order))

    @cached_property
    def product(self) -> Numbers:
        """The product of each line."""
        return self._drawn[2]

    @cached_property
    def day(self) -> Numbers:
        """The day of each order."""
        return self._drawn[0][self._first]

    @cached_property
    def country(self) -> Numbers:
        """The country of each order's customer."""
        return self._drawn[1][self._first]

    @cached_property
    def company(self) -> Numbers:
        """The company that takes each order."""
        return np.array(COMPANY_OF_COUNTRY)[self.country]

    @cached_property
    def minute(self) -> Numbers:
        """When in the day each order comes, local time."""
        return self._random("minute").integers(510, 1020, len(self.day))

    @cached_property
    def customer(self) -> Numbers:
        """Who orders."""
        random = self._random("customer")
        chosen = self.country.copy()
        for country in range(len(COUNTRIES)):
            chosen[self.country == country] = self._who(random, country)
        return chosen

    def _who(self, random: np.random.Generator, country: int) -> Numbers:
        """Customers by their weight, drawn again where one has not joined or has left; the first never leaves."""
        people = np.flatnonzero(self.customers.country == country)
        share = np.cumsum(self.customers.weight[people])
        day = self.day[self.country == country]
        chosen = np.full(len(day), people[0])
        missing = np.ones(len(day), dtype=bool)
        for _ in range(6):
            drawn = people[np.searchsorted(share, random.random(len(day)) * share[-1])]
            fits = missing & (self.customers.joined[drawn] <= day) & (day < self.customers.left[drawn])
            chosen[fits] = drawn[fits]
            missing &= ~fits
        return chosen

    @cached_property
    def state(self) -> Numbers:
        """REAL, CANCELLED, QUOTED or DRAFT, by order."""
        draw = self._random("state").random(len(self.day))
        state = np.select([draw < QUOTED_SHARE, draw < QUOTED_SHARE + CANCELLED_SHARE], [QUOTED, CANCELLED], REAL)
        recent = self.day > self.plan.last - 12
        return np.where((state == QUOTED) & recent & (draw < QUOTED_SHARE / 3), DRAFT, state)

    @cached_property
    def wants_all(self) -> Mask:
        """By order, whether it is to be delivered at once."""
        return self._random("complete").random(len(self.day)) < self.customers.wants_all[self.customer]

    @cached_property
    def requested_in(self) -> Numbers:
        """By order, how many days later the customer wants the goods; ``NOT_ASKED`` where no day was named."""
        random = self._random("requested")
        soon, later = random.integers(2, 7, len(self.day)), random.integers(7, 29, len(self.day))
        draw = random.random(len(self.day))
        return np.select([draw < 0.55, draw < 0.82], [soon, later], NOT_ASKED)

    @cached_property
    def quantity(self) -> Numbers:
        """Thousandths of the base unit ordered, by line; whole units."""
        random = self._random("quantity")
        size = self.appetite.typical[self.product] * random.lognormal(-0.25, 0.7, len(self.product))
        units = np.maximum(1, np.rint(size)).astype(np.int64)
        return np.where(self.boxed, self._box * np.maximum(1, units // self._box.clip(1)), units) * UNIT

    @cached_property
    def _box(self) -> Numbers:
        return self.catalogue.boxes[self.product].astype(np.int64)

    @cached_property
    def boxed(self) -> Mask:
        """By line, whether it is ordered in boxes."""
        return (self._box > 0) & (self._random("boxes").random(len(self.product)) < 0.6)

    @cached_property
    def pack(self) -> Numbers:
        """By line, base units in one unit of the order."""
        return np.where(self.boxed, self._box, 1)

    @cached_property
    def price(self) -> Numbers:
        """Ten-thousandths of the currency for one base unit before discount, by line."""
        lists = np.array([[p.price(company) for p in self.catalogue.products] for company in (0, 1)])
        return lists[self.company[self.order], self.product]

    @cached_property
    def discount(self) -> Numbers:
        """Percent off the price, by line."""
        large = self.quantity > 3 * UNIT * self.appetite.typical[self.product]
        return self.customers.discount[self.customer][self.order] + np.where(large, 5, 0)

    @cached_property
    def is_goods(self) -> Mask:
        """By line, whether it is delivered from stock; the others are hours of work."""
        return np.array([p.is_stocked for p in self.catalogue.products])[self.product]

    def _random(self, subject: str) -> np.random.Generator:
        return self.plan.random(f"demand: {subject}")
