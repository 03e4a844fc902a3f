"""The places that stock each product, where their supply comes from, and how much they usually need."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sample_data.catalogue import FINISHED, RAW, SEMI, SERVICE, TRADED, Catalogue, Product, making_days
from sample_data.demand import Demand
from sample_data.exact import UNIT
from sample_data.places import (
    CAN,
    COMPANY_OF_COUNTRY,
    HAM,
    LNZ,
    LOCATION,
    PARENT,
    PLACES,
    PLANT,
    SATELLITES,
    SERVES,
    SISTER,
    TRADE,
)
from sample_data.plan import Plan, Shares
from sample_data.suppliers import Offer, Offers

BUY, MAKE, TRANSFER, KIT = range(4)
KIT_WAITS = 8
WORKDAYS_IN_A_DAY = 5 / 7
TRANSFER_DAYS = {HAM: 2, LNZ: 1, CAN: 3}
STOCKED_AT_SATELLITE = 0.45


@dataclass(frozen=True)
class Node:
    """One product at one plant or warehouse: the lowest place that holds it there, and where it comes from.

    A kit has a node too, of which nothing is ever on hand: its parts are set aside when it is ordered.
    """

    index: int
    product: int
    place: int
    location: int
    way: int
    source: int
    offer: Offer | None
    lead: int

    @property
    def company(self) -> int:
        """The company whose stock it is."""
        return PLACES[self.place].company


@dataclass(frozen=True)
class Network:
    """All nodes: the home of each product first, its satellites after."""

    plan: Plan
    catalogue: Catalogue
    demand: Demand
    offers: Offers

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """In the order of their numbers."""
        homes = [
            (company, p) for company in (PARENT, SISTER) for p in self.catalogue.products if self._stocks(company, p)
        ]
        found: list[Node] = []
        for company, product in homes:
            found.append(self._home(len(found), company, product))
        for home in tuple(found):
            found.extend(self._satellites(home, len(found)))
        return tuple(found)

    def _stocks(self, company: int, product: Product) -> bool:
        at = product.index
        used = at in self.catalogue.uses(company) or self.catalogue.makes(company, at)
        return product.kind != SERVICE and (used or self.catalogue.sells(company, at))

    def _home(self, index: int, company: int, product: Product) -> Node:
        place = (TRADE if product.kind == TRADED else PLANT)[company]
        offer = self.offers.preferred.get((company, product.index))
        way, lead = (BUY, offer.lead) if offer else (MAKE, round(making_days(product) * 1.4))
        if product.is_kit:
            way, lead = KIT, KIT_WAITS
        return Node(index, product.index, place, _location(place, product), way, -1, offer, lead)

    def _satellites(self, home: Node, index: int) -> list[Node]:
        product = self.catalogue.products[home.product]
        places = [place for place in SATELLITES[home.company] if place != home.place and self._wanted(product)]
        return [
            Node(
                index + at,
                product.index,
                place,
                _location(place, product),
                TRANSFER,
                home.index,
                None,
                4 + TRANSFER_DAYS[place],
            )
            for at, place in enumerate(places)
        ]

    def _wanted(self, product: Product) -> bool:
        """The faster part of what is sold is kept near the customers too."""
        if product.kind not in {FINISHED, TRADED} or product.is_kit:
            return False
        lines = self.demand.appetite.lines.sum(axis=0)
        sold = [p.index for p in self.catalogue.of(FINISHED, TRADED)]
        rank = sum(lines[other] > lines[product.index] for other in sold)
        return rank < len(sold) * STOCKED_AT_SATELLITE

    @cached_property
    def at(self) -> dict[tuple[int, int], int]:
        """The node of a product at a place."""
        return {(node.product, node.place): node.index for node in self.nodes}

    @cached_property
    def stocked(self) -> dict[tuple[int, int], list[int]]:
        """The nodes of a company and product."""
        found: dict[tuple[int, int], list[int]] = {}
        for node in self.nodes:
            found.setdefault((node.company, node.product), []).append(node.index)
        return found

    @cached_property
    def home(self) -> dict[tuple[int, int], int]:
        """The node of a company and product that others are supplied from."""
        return {(node.company, node.product): node.index for node in self.nodes if node.way != TRANSFER}

    def nearest(self, company: int, product: int, region: str) -> int:
        """The node that serves a region's customers."""
        return self.at.get((product, SERVES[region]), self.home[company, product])

    @cached_property
    def parts(self) -> dict[int, tuple[tuple[int, int], ...]]:
        """For each node that makes: (node of the component, thousandths of its unit in one unit)."""
        made = [node for node in self.nodes if node.way == MAKE]
        return {node.index: self._parts(node) for node in made}

    @cached_property
    def contents(self) -> dict[int, tuple[tuple[int, int], ...]]:
        """For each node of a kit: (node of the part, thousandths of its unit in one kit)."""
        return {node.index: self._parts(node) for node in self.nodes if node.way == KIT}

    def _parts(self, node: Node) -> tuple[tuple[int, int], ...]:
        parts = self.catalogue.products[node.product].parts
        return tuple((self.home[node.company, component], quantity) for component, quantity in parts)

    @cached_property
    def sold(self) -> Shares:
        """Base units that customers draw from each node on a day of the calendar, as the calm demand has it."""
        drawn = np.zeros(len(self.nodes))
        for line_node, units in self._line_nodes():
            drawn[line_node] += units
        return drawn

    def _line_nodes(self) -> list[tuple[int, float]]:
        appetite = self.demand.appetite
        a_day = appetite.lines * appetite.typical * WORKDAYS_IN_A_DAY
        return [
            (self.nearest(company, p.index, region), a_day[country, p.index] * share)
            for country, company, region, share in self._regions()
            for p in self.catalogue.products
            if p.kind != SERVICE and a_day[country, p.index] > 0
        ]

    def _regions(self) -> list[tuple[int, int, str, float]]:
        """(country, company, region, the region's share of the country's demand)"""
        customers, rows = self.demand.customers, []
        regions = [region for region, _ in customers.homes]
        for country, region in sorted(set(zip(customers.country.tolist(), regions, strict=True))):
            here = customers.country == country
            part = here & np.array([name == region for name in regions])
            share = customers.weight[part].sum() / customers.weight[here].sum()
            rows.append((country, COMPANY_OF_COUNTRY[country], region, float(share)))
        return rows

    @cached_property
    def needed(self) -> Shares:
        """Base units drawn from each node on a day of the calendar: by customers, satellites and production."""
        drawn = self.sold.copy()
        for kit, parts in self.contents.items():
            for part, quantity in parts:
                drawn[part] += drawn[kit] * quantity / UNIT
        for node in self.nodes:
            if node.way == TRANSFER:
                drawn[node.source] += drawn[node.index]
        for index in sorted(self.parts, key=lambda at: -self.catalogue.depth[self.nodes[at].product]):
            for component, quantity in self.parts[index]:
                drawn[component] += drawn[index] * quantity / UNIT
        return drawn


def _location(place: int, product: Product) -> int:
    """The place inside a plant or warehouse where a product lies."""
    if PLACES[place].kind == "plant":
        inside = "PARTS" if product.kind in {RAW, SEMI} else "FG"
    else:
        inside = "BULK" if product.family.kilos >= 5 else "SHELF"
    return LOCATION[f"{PLACES[place].code}/{inside}"]
