"""What customers order: every wish that became an order, before it is known whether the firm can deliver."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sample_data.appetite import Appetite
from sample_data.campaigns import Campaigns
from sample_data.catalogue import SERVICE, Catalogue
from sample_data.customers import Contacts, Customers
from sample_data.days import Workdays
from sample_data.exact import UNIT
from sample_data.places import COMPANY_OF_COUNTRY
from sample_data.plan import Mask, Numbers, Plan
from sample_data.prices import Prices
from sample_data.story import Story
from sample_data.wishes import ORDERED, Wishes

REAL, CANCELLED, QUOTED, DRAFT = range(4)
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
    def wishes(self) -> Wishes:
        """All that is wanted, ordered or not."""
        return Wishes(self.plan, self.customers, self.story, self.calendars, self.campaigns)

    @cached_property
    def campaigns(self) -> Campaigns:
        """The campaigns that moved it."""
        return Campaigns(self.plan, self.catalogue, Contacts(self.customers))

    @cached_property
    def _line(self) -> Numbers:
        """The wish behind each line."""
        return np.flatnonzero(self.wishes.fate == ORDERED)

    @cached_property
    def _orders(self) -> tuple[Numbers, Numbers]:
        """(the order as it was wished, by order; the order of each line)"""
        wished, order = np.unique(self.wishes.order[self._line], return_inverse=True)
        return wished, order

    @property
    def order(self) -> Numbers:
        """The order of each line."""
        return self._orders[1]

    @cached_property
    def line_number(self) -> Numbers:
        """The position of each line in its order, from 1."""
        return np.arange(len(self.order)) - self.first_line[self.order] + 1

    @cached_property
    def first_line(self) -> Numbers:
        """By order, its first line; and at the end the number of lines."""
        return np.searchsorted(self.order, np.arange(len(self._orders[0]) + 1))

    @cached_property
    def product(self) -> Numbers:
        """The product of each line."""
        return self.wishes.product[self._line]

    @cached_property
    def day(self) -> Numbers:
        """The day of each order."""
        return self.wishes.day[self._orders[0]]

    @cached_property
    def country(self) -> Numbers:
        """The country of each order's customer."""
        return self.wishes.country[self._orders[0]]

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
        return self.wishes.customer[self._orders[0]]

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
        return self.wishes.quantity[self._line]

    @cached_property
    def boxed(self) -> Mask:
        """By line, whether it is ordered in boxes."""
        return self.wishes.boxed[self._line]

    @cached_property
    def pack(self) -> Numbers:
        """By line, base units in one unit of the order."""
        return np.where(self.boxed, self.wishes.box[self._line], 1)

    @cached_property
    def price(self) -> Numbers:
        """Ten-thousandths of the currency for one base unit before discount, by line."""
        return self.prices.list_price(self.company[self.order], self.product, self.day[self.order])

    @cached_property
    def prices(self) -> Prices:
        """What things cost and what is asked for them."""
        return Prices(self.plan, self.catalogue, self.story)

    @cached_property
    def discount(self) -> Numbers:
        """Percent off the price, by line."""
        large = self.quantity > 3 * UNIT * self.appetite.typical[self.product]
        return self.customers.discount[self.customer][self.order] + np.where(large, 5, 0)

    @cached_property
    def is_goods(self) -> Mask:
        """By line, whether goods are delivered; the others are hours of work."""
        return np.array([p.kind != SERVICE for p in self.catalogue.products])[self.product]

    def _random(self, subject: str) -> np.random.Generator:
        return self.plan.random(f"demand: {subject}")
