"""What things cost and what is asked for them, from day to day: list prices and standard costs with their dates.

Each first of January the price list and the standard costs are set anew. Beside that the story raises the list of one
group of products, and a supplier raises the price of what it sells; the standard cost of what is bought from it, and of
all that is made from that, follows on the same day.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from sample_data.catalogue import MARGIN, Catalogue
from sample_data.exact import UNIT, half_up
from sample_data.places import COMPANIES, EURO_IN_YUAN, PARENT
from sample_data.plan import Numbers, Plan, Shares
from sample_data.story import DEARER_BY, DEARER_SUPPLIER, RAISED_BY, Story

LIST_A_YEAR, COST_A_YEAR = 1.025, 1.022
LONG_AGO = -(10**6)
COST_LEVEL = (1.0, EURO_IN_YUAN * 0.9)
PRICE_LEVEL = EURO_IN_YUAN * 0.92


@dataclass(frozen=True)
class Prices:
    """List prices and standard costs, in ten-thousandths of the company's currency for one base unit.

    The answers take arrays of equal length (or single numbers): companies and products by their number, days of the
    story. A day before the story has the price of its first day.
    """

    plan: Plan
    catalogue: Catalogue
    story: Story

    def list_price(self, company: Numbers | int, product: Numbers | int, day: Numbers | int) -> Numbers:
        """What the list asks on the day, without discount; whole cents at the parent, tens of fen at the sister."""
        return self._lists[_level(self.list_days, day), company, product]

    def unit_cost(self, company: Numbers | int, product: Numbers | int, day: Numbers | int) -> Numbers:
        """The standard cost on the day: what is bought at its supplier's price, what is made with work and parts."""
        return self._costs[_level(self.cost_days, day), company, product]

    def purchase_price(
        self, base: Numbers, supplier: Numbers | int, product: Numbers | int, day: Numbers | int
    ) -> Numbers:
        """What a supplier asks on the day, whose offer was ``base`` when the story began; whole cents of a unit."""
        years = np.searchsorted(self._new_years, day, side="right")
        day, supplier = np.asarray(day), np.asarray(supplier)
        is_dearer = (supplier == DEARER_SUPPLIER) & (day >= self.story.dearer_from) & self._dearer[product]
        factor = COST_A_YEAR**years * np.where(is_dearer, 1 + DEARER_BY, 1.0)
        return np.maximum(np.rint(base * factor / 100).astype(np.int64) * 100, 100)

    @cached_property
    def list_days(self) -> Numbers:
        """The first days of the price lists, in order; the first list holds since long ago."""
        return np.unique([LONG_AGO, *self._new_years, self.story.raised_from])

    @cached_property
    def cost_days(self) -> Numbers:
        """The days on which standard costs are set, in order; the first ones hold since long ago."""
        return np.unique([LONG_AGO, *self._new_years, self.story.dearer_from])

    @cached_property
    def _new_years(self) -> Numbers:
        years = range(self.plan.start.year + 1, self.plan.until.year + 1)
        return np.array([self.plan.day(date(year, 1, 1)) for year in years], dtype=np.int64)

    @cached_property
    def _lists(self) -> Numbers:
        """By list, company and product."""
        margin = np.array([MARGIN[p.kind] for p in self.catalogue.products])
        base = np.array([p.cost for p in self.catalogue.products]) * margin
        return np.stack([self._list(base, int(day)) for day in self.list_days])

    def _list(self, base: Shares, day: int) -> Numbers:
        years = np.searchsorted(self._new_years, day, side="right")
        raised = np.where(self.story.raised & (day >= self.story.raised_from), 1 + RAISED_BY, 1.0)
        euros = np.rint(base * LIST_A_YEAR**years * raised / 100).astype(np.int64) * 100
        return np.stack([euros, np.rint(euros * PRICE_LEVEL / 1000).astype(np.int64) * 1000])

    @cached_property
    def _costs(self) -> Numbers:
        """By level, company and product."""
        companies = range(len(COMPANIES))
        return np.array([[self._rolled_up(company, int(day)) for company in companies] for day in self.cost_days])

    def _rolled_up(self, company: int, day: int) -> Numbers:
        """Own work or price on the day, and the parts' of the same day."""
        years = np.searchsorted(self._new_years, day, side="right")
        is_dearer = self._dearer & (company == PARENT) & (day >= self.story.dearer_from)
        own = np.array([p.own for p in self.catalogue.products])
        costs = np.rint(own * COST_A_YEAR**years * np.where(is_dearer, 1 + DEARER_BY, 1.0)).astype(np.int64)
        for product in sorted(self.catalogue.products, key=lambda p: self.catalogue.depth[p.index]):
            costs[product.index] += sum(costs[part] * quantity for part, quantity in product.parts) // UNIT
        return half_up(costs * round(COST_LEVEL[company] * 10_000), 10_000)

    @cached_property
    def _dearer(self) -> np.ndarray:
        """By product, whether the supplier that raises its price is the one it is bought from."""
        dearer = np.zeros(len(self.catalogue), dtype=bool)
        dearer[sorted(self.story.dearer)] = True
        return dearer


def _level(days: Numbers, day: Numbers | int) -> Numbers:
    return np.searchsorted(days, day, side="right") - 1
