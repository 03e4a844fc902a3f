"""What happens in the sample, and can be told from its screens; ``truth`` says it as data that tests read.

* A **supplier slips**: the foundry in Brno, late by a day or two for years, gets later and later in four months.
* One **product surges** in one country: in the last six weeks it sells several times what it did.
* Some **products run out**: nobody has ordered them for ten weeks, water spoiled most of what was left five days ago,
  and the rest does not last until a new order could come.
* One **warehouse is overstocked**: Linz keeps several times the stock that its sales ask for.
* Some products **fade**: they sold until a year and a half ago and hardly since, and their stock stays.
* Two **levels are negative**: somebody booked what was not there; one was corrected within days, one still stands.
* A **wave of complaints**: the shaft seals of one family of pumps leak. Complaints and returns rise from the 110th day
  before the end and ebb after the 60th; demand for the family falls for two months and then recovers by half.
* A **segment leaves**: installers in Austria order a quarter of what they did in the last 150 days.
* Our **list is raised** for instruments 200 days before the end, and a few of the orders for them never come.
* A **supplier raises its price**: the foundry in Wetzlar, 100 days before the end; what is made of its castings earns
  less from that day on.
* Some **shelves are empty** for two or three weeks: goods were recalled, and most who would have ordered do not.
* **Campaigns** work or do not: see ``campaigns``.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sample_data.appetite import FAST, REGULAR, Appetite
from sample_data.catalogue import TRADED, Catalogue
from sample_data.customers import SEGMENTS, SHARE_OF_COUNTRY
from sample_data.days import AT
from sample_data.places import LNZ, PARENT, SISTER
from sample_data.plan import Mask, Numbers, Plan, Shares
from sample_data.suppliers import able

SLIPPING_SUPPLIER = 1
SLIPS_FOR, SLIPS_BY = 120, 22.0
SURGES_FOR, SURGES_BY = 42, 3.5
FORGOTTEN_FOR, FORGOTTEN_IN_EACH_COMPANY = 75, 2
SPOILED_BEFORE, SPOILED_TO = 5, 0.35
OVERSTOCKED_PLACE, OVERSTOCKED_BY = LNZ, 4.0
RAISED_GROUP, RAISED_FOR, RAISED_BY, RAISED_COSTS = "Instruments", 200, 0.06, 0.03
DEARER_SUPPLIER, DEARER_FOR, DEARER_BY = 0, 100, 0.14
LEAKING_FAMILY, LEAKS_FOR, LEAKS_UNTIL, LEAKS_MOST = "CP", 110, 60, 0.3
SHUNNED_FOR, SHUNNED_UNTIL, SHUNNED_BY = 90, 30, 0.4
LEAVING_SEGMENT, LEAVING_COUNTRY, LEAVING_FOR, LEAVING_TO = SEGMENTS.index("Installer"), AT, 150, 0.25
EMPTY_LOSES = 0.7
# (company, which of its fast traded products, days before the end, days)
EMPTY_SHELVES = ((PARENT, 0, 291, 18), (PARENT, 1, 176, 12), (SISTER, 0, 239, 21), (PARENT, 0, 64, 15))
LEFT, SHUNNED, RAISED, SOLD_OUT = "left", "shunned", "raised", "sold out"


@dataclass(frozen=True)
class EmptyShelf:
    """Days, first and last, on which a company has nothing of a product."""

    company: int
    product: int
    first: int
    last: int


@dataclass(frozen=True)
class Story:
    """What is planted in one sample, and what it does to demand and supply."""

    appetite: Appetite

    @cached_property
    def surging(self) -> tuple[int, int]:
        """(country, product): a traded product of a good pace where it is sold most."""
        candidates = [p for p in self._traded if self.appetite.pace[p] in {FAST, REGULAR} and not self.raised[p]]
        lines = self.appetite.lines[:, candidates] / np.array(SHARE_OF_COUNTRY)[:, None]
        country, at = np.unravel_index(int(lines.argmax()), lines.shape)
        return int(country), candidates[int(at)]

    @cached_property
    def _traded(self) -> list[int]:
        return [p.index for p in self._catalogue.of(TRADED)]

    def surges(self, country: int) -> Shares:
        """By day and product: what the surge multiplies the country's demand with."""
        shape = np.ones((self._plan.days, len(self._catalogue)))
        if country == self.surging[0]:
            shape[self._plan.days - SURGES_FOR :, self.surging[1]] = SURGES_BY
        return shape

    def days_late(self, supplier: int, day: int) -> float:
        """How many days more than its habit a supplier is late with what is due on a day."""
        since = day - (self._plan.last - SLIPS_FOR)
        return SLIPS_BY * min(since / SLIPS_FOR, 1.0) if supplier == SLIPPING_SUPPLIER and since > 0 else 0.0

    def _best(self, company: int) -> list[int]:
        """What the company trades and nothing else is told of, what sells most first."""
        lines = self.appetite.lines[[0, 1] if company == PARENT else [2]].sum(axis=0)
        able_to = [p for p in self._traded if self._catalogue.sells(company, p) and p != self.surging[1]]
        return sorted(able_to, key=lambda p: -lines[p])

    @cached_property
    def forgotten(self) -> frozenset[tuple[int, int]]:
        """(company, product): what nobody orders any more, though it sells."""
        ranks = slice(1, 1 + 2 * FORGOTTEN_IN_EACH_COMPANY, 2)
        return frozenset((company, p) for company in (PARENT, SISTER) for p in self._best(company)[ranks])

    @property
    def forgotten_from(self) -> int:
        """The day from which on they are not ordered."""
        return self._plan.last - FORGOTTEN_FOR

    @cached_property
    def empty_shelves(self) -> tuple[EmptyShelf, ...]:
        """Where nothing was left, and when; by company and day."""
        taken = {product for _, product in self.forgotten}
        rows = []
        for company, rank, before, days in EMPTY_SHELVES:
            free = [p for p in self._best(company) if p not in taken and not self.raised[p]]
            first = self._plan.last - before
            rows.append(EmptyShelf(company, free[min(rank, len(free) - 1)], first, first + days - 1))
        return tuple(sorted((row for row in rows if row.first > 0), key=lambda row: (row.company, row.first)))

    def is_empty(self, company: int, product: int, day: int) -> bool:
        """Whether the company has nothing of the product on the day."""
        return any(s.first <= day <= s.last for s in self._shelves.get((company, product), ()))

    def is_recalled(self, product: int) -> bool:
        """Whether the product is ever taken from an empty shelf's company."""
        return any(shelf.product == product for shelf in self.empty_shelves)

    @cached_property
    def _shelves(self) -> dict[tuple[int, int], list[EmptyShelf]]:
        shelves: dict[tuple[int, int], list[EmptyShelf]] = {}
        for shelf in self.empty_shelves:
            shelves.setdefault((shelf.company, shelf.product), []).append(shelf)
        return shelves

    def finds_nothing(self, company: Numbers, product: Numbers, day: Numbers) -> Shares:
        """How likely a line is never ordered since the shelf is empty."""
        meant = np.zeros(len(day), dtype=bool)
        for shelf in self.empty_shelves:
            within = (day >= shelf.first) & (day <= shelf.last)
            meant |= (company == shelf.company) & (product == shelf.product) & within
        return np.where(meant, EMPTY_LOSES, 0.0)

    @property
    def raised_from(self) -> int:
        """The day from which on the list asks more for one group of products."""
        return self._plan.last - RAISED_FOR

    @cached_property
    def raised(self) -> Mask:
        """By product, whether its list price is raised."""
        return np.array([p.family.group == RAISED_GROUP for p in self._catalogue.products])

    def minds_the_price(self, product: Numbers, day: Numbers) -> Shares:
        """How likely a line is never ordered since the list was raised."""
        return np.where(self.raised[product] & (day >= self.raised_from), RAISED_COSTS, 0.0)

    @property
    def dearer_from(self) -> int:
        """The day from which on one supplier asks more."""
        return self._plan.last - DEARER_FOR

    @cached_property
    def dearer(self) -> frozenset[int]:
        """The products that the parent buys from that supplier."""
        bought = [p for p in self._catalogue.products if p.is_stocked and not p.is_made]
        first = ((p.index, able(PARENT, p)) for p in bought)
        return frozenset(index for index, who in first if who and who[0].index == DEARER_SUPPLIER)

    @cached_property
    def leaking(self) -> Mask:
        """By product, whether it is of the family with the bad seals."""
        return np.array([p.family.code == LEAKING_FAMILY for p in self._catalogue.products])

    def leaks(self, product: int, day: int) -> float:
        """How likely a delivery of the product leads to a complaint that is made on the day."""
        since, length = day - (self._plan.last - LEAKS_FOR), LEAKS_FOR - LEAKS_UNTIL
        if not self.leaking[product] or not 0 <= since <= length:
            return 0.0
        return LEAKS_MOST * min(1.0, 3 * since / length, 3 * (1 - since / length))

    def shuns(self, product: Numbers, day: Numbers) -> Shares:
        """How likely a line is never ordered since the family has a bad name."""
        since = day - (self._plan.last - SHUNNED_FOR)
        share = np.select([since < 0, since < SHUNNED_FOR - SHUNNED_UNTIL], [0.0, SHUNNED_BY], SHUNNED_BY / 2)
        return np.where(self.leaking[product], share, 0.0)

    def leaves(self, segment: Numbers, country: Numbers, day: Numbers) -> Shares:
        """How likely an order never comes since its customer's segment left."""
        gone = (country == LEAVING_COUNTRY) & (segment == LEAVING_SEGMENT) & (day >= self._plan.last - LEAVING_FOR)
        return np.where(gone, 1 - LEAVING_TO, 0.0)

    @property
    def _plan(self) -> Plan:
        return self.appetite.plan

    @property
    def _catalogue(self) -> Catalogue:
        return self.appetite.catalogue
