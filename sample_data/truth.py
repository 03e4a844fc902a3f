"""The truth of a sample: what was planted in it, from when to when and how large, as data that tests can read."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np

from sample_data.appetite import FADES_FOR, FADING
from sample_data.catalogue import FINISHED, TRADED, category_of
from sample_data.customers import SEGMENTS
from sample_data.days import COUNTRIES
from sample_data.demand import Demand
from sample_data.exact import UNIT
from sample_data.places import COMPANIES, PARENT, PLACES, TRADE
from sample_data.plan import Mask, Plan
from sample_data.story import (
    DEARER_BY,
    DEARER_FOR,
    DEARER_SUPPLIER,
    EMPTY_LOSES,
    LEAKING_FAMILY,
    LEAKS_FOR,
    LEAKS_UNTIL,
    LEAVING_COUNTRY,
    LEAVING_FOR,
    LEAVING_SEGMENT,
    LEAVING_TO,
    LEFT,
    OVERSTOCKED_BY,
    OVERSTOCKED_PLACE,
    RAISED,
    RAISED_BY,
    RAISED_FOR,
    SHUNNED,
    SHUNNED_BY,
    SHUNNED_FOR,
    SHUNNED_UNTIL,
    SLIPPING_SUPPLIER,
    SLIPS_BY,
    SLIPS_FOR,
    SOLD_OUT,
    SURGES_BY,
    SURGES_FOR,
    Story,
)
from sample_data.suppliers import SUPPLIERS
from sample_data.wishes import CAUSES, ORDERED

COMPLAINTS_RISE = 5.0


@dataclass(frozen=True)
class Fact:
    """One planted fact: what is true of which thing, from which day to which, and how large it is.

    ``until_on`` is the last day; null where it lasts. ``units`` and ``lines`` count the demand that never came (of
    campaigns: that came through them) in these days, where the fact is about demand; units in the products' base unit.
    ``product_ids`` are all products that the fact is about. Keys are the template tables' own. ``kind`` and ``size``:

    * supplier_slips: days late at the end, on average; supplier_raises_price: share added to the price
    * product_surges: times the usual demand; product_runs_out; product_fades
    * site_overstocked: times the usual stock; shelf_empty: chance that a line that is wanted never comes
    * complaint_wave: times the usual complaints, at least; demand_falls, demand_recovers: share of demand lost
    * segment_leaves: share of the orders that is left; list_raised: share added to the list price
    * campaign_works, campaign_fails, campaign_runs (of the others): times the demand of those whom it addressed
    """

    kind: str
    from_on: date
    size: float
    until_on: date | None = None
    units: float | None = None
    lines: int | None = None
    supplier_id: str | None = None
    product_id: str | None = None
    product_ids: tuple[str, ...] = ()
    product_group_id: str | None = None
    category_id: str | None = None
    site_id: str | None = None
    company_id: str | None = None
    country: str | None = None
    segment: str | None = None
    campaign_id: str | None = None


@dataclass(frozen=True)
class Truth:
    """The facts of one sample, of which the demand is known."""

    demand: Demand

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """All planted facts that lie within the sample's time."""
        parts = (
            self._supply(), self._surge(), self._run_outs(), self._fading(), self._wave(), self._prices(),
            self._leaving(), self._empty_shelves(), self._campaigns(),
        )  # fmt: skip
        return tuple(fact for part in parts for fact in part if fact.from_on >= self._plan.start)

    @property
    def _plan(self) -> Plan:
        return self.demand.plan

    @property
    def _story(self) -> Story:
        return self.demand.story

    @property
    def _keys(self) -> list[str]:
        return self.demand.catalogue.keys

    def _before_end(self, days: int) -> date:
        return self._plan.date(self._plan.last - days)

    def _chosen(self, products: Mask) -> tuple[str, ...]:
        return tuple(self._keys[at] for at in np.flatnonzero(products))

    def _lost(self, cause: str, fact: Fact, only: Mask | None = None) -> Fact:
        """The fact with what never came for the cause in its days; ``only`` of these wishes."""
        first, last = self._plan.day(fact.from_on), self._plan.day(fact.until_on or self._plan.until)
        meant = (self.demand.wishes.fate == CAUSES.index(cause) + 1) & self.demand.wishes.on_days(first, last)
        return self._counted(fact, meant if only is None else meant & only)

    def _counted(self, fact: Fact, wishes: Mask) -> Fact:
        units = int(self.demand.wishes.quantity[wishes].sum()) / UNIT
        return replace(fact, lines=int(wishes.sum()), units=units)

    def _supply(self) -> Iterator[Fact]:
        slipping, dearer = (SUPPLIERS[at].key for at in (SLIPPING_SUPPLIER, DEARER_SUPPLIER))
        bought = tuple(self._keys[at] for at in sorted(self._story.dearer))
        yield Fact("supplier_slips", self._before_end(SLIPS_FOR), SLIPS_BY, supplier_id=slipping)
        yield Fact(
            "supplier_raises_price", self._before_end(DEARER_FOR), DEARER_BY, supplier_id=dearer, product_ids=bought,
            company_id=COMPANIES[PARENT],
        )  # fmt: skip
        place = PLACES[OVERSTOCKED_PLACE].code
        yield Fact("site_overstocked", self._before_end(0), OVERSTOCKED_BY, site_id=place)

    def _surge(self) -> Iterator[Fact]:
        country, product = self._story.surging
        since = self._before_end(SURGES_FOR - 1)
        key = self._keys[product]
        yield Fact("product_surges", since, SURGES_BY, product_id=key, country=COUNTRIES[country])

    def _run_outs(self) -> Iterator[Fact]:
        since = self._before_end(self._plan.last - self._story.forgotten_from)
        for company, product in sorted(self._story.forgotten):
            site = PLACES[TRADE[company]].code
            yield Fact(
                "product_runs_out", since, 0.0, product_id=self._keys[product], company_id=COMPANIES[company],
                site_id=site,
            )  # fmt: skip

    def _fading(self) -> Iterator[Fact]:
        since = self._before_end(min(FADES_FOR, self._plan.last))
        for product in self.demand.catalogue.of(FINISHED, TRADED):
            if self.demand.appetite.pace[product.index] == FADING:
                yield Fact("product_fades", since, 0.0, product_id=product.key)

    def _wave(self) -> Iterator[Fact]:
        wave = Fact(
            "complaint_wave", self._before_end(LEAKS_FOR), COMPLAINTS_RISE, self._before_end(LEAKS_UNTIL),
            product_group_id=f"G-{LEAKING_FAMILY}", product_ids=self._chosen(self._story.leaking),
        )  # fmt: skip
        falls, recovers = self._before_end(SHUNNED_FOR), self._before_end(SHUNNED_UNTIL)
        eve = self._before_end(SHUNNED_UNTIL + 1)
        yield wave
        fall = replace(wave, kind="demand_falls", from_on=falls, until_on=eve, size=SHUNNED_BY)
        yield self._lost(SHUNNED, fall)
        recovery = replace(wave, kind="demand_recovers", from_on=recovers, until_on=None, size=SHUNNED_BY / 2)
        yield self._lost(SHUNNED, recovery)

    def _prices(self) -> Iterator[Fact]:
        first = self.demand.catalogue.products[int(np.flatnonzero(self._story.raised)[0])]
        raised = Fact(
            "list_raised", self._before_end(RAISED_FOR), RAISED_BY, category_id=category_of(first),
            product_ids=self._chosen(self._story.raised),
        )  # fmt: skip
        yield self._lost(RAISED, raised)

    def _leaving(self) -> Iterator[Fact]:
        left = Fact(
            "segment_leaves", self._before_end(LEAVING_FOR), LEAVING_TO, segment=SEGMENTS[LEAVING_SEGMENT],
            country=COUNTRIES[LEAVING_COUNTRY],
        )  # fmt: skip
        yield self._lost(LEFT, left)

    def _empty_shelves(self) -> Iterator[Fact]:
        for shelf in self._story.empty_shelves:
            empty = Fact(
                "shelf_empty", self._plan.date(shelf.first), EMPTY_LOSES, self._plan.date(shelf.last),
                product_id=self._keys[shelf.product], company_id=COMPANIES[shelf.company],
                site_id=PLACES[TRADE[shelf.company]].code,
            )  # fmt: skip
            wishes = self.demand.wishes
            yield self._lost(
                SOLD_OUT, empty, (wishes.product == shelf.product) & (wishes.line_company == shelf.company)
            )

    def _campaigns(self) -> Iterator[Fact]:
        campaigns, wishes = self.demand.campaigns, self.demand.wishes
        for at, campaign in enumerate(campaigns.all):
            first, end = campaigns.first(campaign), campaigns.end(campaign)
            ran = Fact(
                campaign.told, self._plan.date(first), campaign.lift, self._plan.date(min(end - 1, self._plan.last)),
                product_ids=self._chosen(campaigns.advertises(at)), campaign_id=campaigns.key(at),
                country=COUNTRIES[campaign.country],
            )  # fmt: skip
            yield self._counted(ran, (wishes.campaign == at)[wishes.order] & (wishes.fate == ORDERED))


def write_facts(path: Path, facts: Sequence[Fact]) -> None:
    """Writes the facts as a JSON list, one object each; what a fact does not say is left out."""
    rows = [{name: value for name, value in asdict(fact).items() if value not in (None, ())} for fact in facts]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
