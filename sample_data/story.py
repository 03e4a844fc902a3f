"""What happens in the sample, and can be told from its screens: the planted facts, kept as data that tests read.

* A **supplier slips**: the foundry in Brno, late by a day or two for a year, gets later and later in four months.
* One **product surges** in one country: in the last six weeks it sells several times what it did.
* Some **products run out**: nobody has ordered them for ten weeks, water spoiled most of what was left five days ago,
  and the rest does not last until a new order could come.
* One **warehouse is overstocked**: Linz keeps several times the stock that its sales ask for.
* Some products **fade**: they sold in the first months and hardly since, and their stock stays.
* Two **levels are negative**: somebody booked what was not there; one was corrected within days, one still stands.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from sample_data.appetite import FADING, FAST, REGULAR, Appetite
from sample_data.catalogue import FINISHED, TRADED, Catalogue
from sample_data.customers import SHARE_OF_COUNTRY
from sample_data.days import COUNTRIES
from sample_data.places import COMPANIES, LNZ, PARENT, PLACES, SISTER, TRADE
from sample_data.plan import Plan, Shares
from sample_data.suppliers import SUPPLIERS

SLIPPING_SUPPLIER = 0
SLIPS_FOR, SLIPS_BY = 120, 22.0
SURGES_FOR, SURGES_BY = 42, 3.5
FORGOTTEN_FOR, FORGOTTEN_IN_EACH_COMPANY = 75, 2
SPOILED_BEFORE, SPOILED_TO = 5, 0.35
OVERSTOCKED_PLACE, OVERSTOCKED_BY = LNZ, 4.0


@dataclass(frozen=True)
class Fact:
    """One planted fact: what is true of which thing, from which day on, and how large it is.

    ``kind`` is supplier_slips (``size``: days late at the end, on average), product_surges (times the usual demand),
    product_runs_out, site_overstocked (times the usual stock), or product_fades. Keys are the template tables' own.
    """

    kind: str
    from_on: date
    size: float
    supplier_id: str | None = None
    product_id: str | None = None
    site_id: str | None = None
    company_id: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class Story:
    """The planted facts of one sample, and what they do to demand and supply."""

    appetite: Appetite

    @cached_property
    def surging(self) -> tuple[int, int]:
        """(country, product): a traded product of a good pace where it is sold most."""
        candidates = [p.index for p in self._catalogue.of(TRADED) if self.appetite.pace[p.index] in {FAST, REGULAR}]
        lines = self.appetite.lines[:, candidates] / np.array(SHARE_OF_COUNTRY)[:, None]
        country, at = np.unravel_index(int(lines.argmax()), lines.shape)
        return int(country), candidates[int(at)]

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

    @cached_property
    def forgotten(self) -> frozenset[tuple[int, int]]:
        """(company, product): what nobody orders any more, though it sells."""
        chosen: list[tuple[int, int]] = []
        for company, countries in ((PARENT, [0, 1]), (SISTER, [2])):
            lines = self.appetite.lines[countries].sum(axis=0)
            traded = [p.index for p in self._catalogue.of(TRADED) if self._catalogue.sells(company, p.index)]
            ranked = sorted((p for p in traded if p != self.surging[1]), key=lambda p: -lines[p])
            chosen += [(company, product) for product in ranked[1 : 1 + 2 * FORGOTTEN_IN_EACH_COMPANY : 2]]
        return frozenset(chosen)

    @property
    def forgotten_from(self) -> int:
        """The day from which on they are not ordered."""
        return self._plan.last - FORGOTTEN_FOR

    def facts(self) -> tuple[Fact, ...]:
        """All planted facts of the sample."""
        return (self._slip(), self._surge(), *self._run_outs(), self._overstock(), *self._fading())

    @property
    def _plan(self) -> Plan:
        return self.appetite.plan

    @property
    def _catalogue(self) -> Catalogue:
        return self.appetite.catalogue

    def _since(self, days: int) -> date:
        return self._plan.date(self._plan.last - days)

    def _slip(self) -> Fact:
        return Fact("supplier_slips", self._since(SLIPS_FOR), SLIPS_BY, supplier_id=SUPPLIERS[SLIPPING_SUPPLIER].key)

    def _surge(self) -> Fact:
        country, product = self.surging
        return Fact(
            "product_surges", self._since(SURGES_FOR - 1), SURGES_BY,
            product_id=self._catalogue.keys[product], country=COUNTRIES[country],
        )  # fmt: skip

    def _run_outs(self) -> tuple[Fact, ...]:
        since = self._since(FORGOTTEN_FOR)
        return tuple(
            Fact(
                "product_runs_out", since, 0.0, product_id=self._catalogue.keys[p], company_id=COMPANIES[company],
                site_id=PLACES[TRADE[company]].code,
            )
            for company, p in sorted(self.forgotten)
        )  # fmt: skip

    def _overstock(self) -> Fact:
        return Fact(
            "site_overstocked", self._since(self._plan.last), OVERSTOCKED_BY, site_id=PLACES[OVERSTOCKED_PLACE].code
        )

    def _fading(self) -> tuple[Fact, ...]:
        sold = self._catalogue.of(FINISHED, TRADED)
        since = self._since(self._plan.last)
        return tuple(
            Fact("product_fades", since, 0.0, product_id=p.key) for p in sold if self.appetite.pace[p.index] == FADING
        )
