"""The firm at work: what it has, owes and awaits on the day that the simulation has reached, and what it did.

Quantities are thousandths of the base unit. Stock is counted by node (a product at a plant or warehouse, see
``network``). Goods on the way between places and goods sent back by customers lie at places of their own until somebody
has put them away.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sample_data.days import Workdays
from sample_data.demand import Demand
from sample_data.exact import UNIT
from sample_data.network import Network, Node
from sample_data.places import PLACES
from sample_data.plan import Mask, Numbers, Plan
from sample_data.story import Story

OUTSIDE = -1
NONE = -1


class Move(NamedTuple):
    """One movement of stock; locations are numbers of ``places.LOCATIONS``, documents numbers of lines and orders."""

    kind: str
    product: int
    from_location: int
    to_location: int
    quantity: int
    day: int
    minute: int
    sales_line: int = NONE
    purchase_line: int = NONE
    work_order: int = NONE
    document: int = NONE


@dataclass(slots=True)
class SalesLine:
    """A goods line of a real order, from the order on."""

    index: int
    order: int
    node: int
    quantity: int
    leaves_from: int
    first_promised: int
    promised: int
    allocated: int = 0
    shipped: int = 0
    parts: int = 0
    is_picked: bool = False
    is_cancelled: bool = False

    @property
    def missing(self) -> int:
        """Neither shipped nor set aside."""
        return self.quantity - self.shipped - self.allocated


@dataclass(slots=True)
class Shipment:
    """What left one place for one order on one day."""

    index: int
    order: int
    place: int
    day: int
    minute: int
    delivered: int
    lines: list[tuple[SalesLine, int]] = field(default_factory=list)


@dataclass(slots=True)
class PurchaseOrder:
    """What was ordered from one supplier on one day for one place; a request is not an order yet."""

    index: int
    company: int
    supplier: int
    place: int
    day: int
    is_request: bool = False
    lines: list["PurchaseLine"] = field(default_factory=list)


@dataclass(slots=True)
class PurchaseLine:
    """One product of a purchase order."""

    index: int
    order: PurchaseOrder
    node: Node
    quantity: int
    first_due: int
    due: int
    received: int = 0
    received_on: int = NONE


@dataclass(slots=True)
class Arrival:
    """A part of a purchase line that came on one day."""

    line: PurchaseLine
    quantity: int
    day: int
    minute: int


@dataclass(slots=True)
class WorkOrder:
    """An order to make a quantity of one product."""

    index: int
    node: Node
    quantity: int
    created: int
    planned_start: int
    due: int
    minutes_left: float
    started: int = NONE
    finished: int = NONE
    is_cancelled: bool = False


@dataclass(slots=True)
class Return:
    """What a customer sent back, and where it went after the check."""

    line: SalesLine
    quantity: int
    day: int
    place: int
    reason: int


@dataclass(slots=True)
class Scrapping:
    """What was thrown away, and why."""

    move: Move
    reason: str


@dataclass(slots=True)
class Record:
    """All that was done, in the order in which it was."""

    moves: list[Move] = field(default_factory=list)
    sales: dict[int, SalesLine] = field(default_factory=dict)
    shipments: list[Shipment] = field(default_factory=list)
    purchases: list[PurchaseOrder] = field(default_factory=list)
    purchase_lines: list[PurchaseLine] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    work_orders: list[WorkOrder] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    scrappings: list[Scrapping] = field(default_factory=list)
    cancelled_orders: dict[int, int] = field(default_factory=dict)


class Firm:
    """The state of the simulation; the steps of a day (``selling``, ``buying``, ``making`` and so on) change it."""

    def __init__(self, network: Network, calendars: tuple[Workdays, ...]) -> None:
        count, days = len(network.nodes), network.plan.days
        self.plan: Plan = network.plan
        self.network = network
        self.demand: Demand = network.demand
        self.story: Story = network.demand.story
        self.calendars = calendars
        self.on_hand: Numbers = np.zeros(count, dtype=np.int64)
        self.allocated: Numbers = np.zeros(count, dtype=np.int64)
        self.backlog: Numbers = np.zeros(count, dtype=np.int64)
        self.on_order: Numbers = np.zeros(count, dtype=np.int64)
        self.committed: Numbers = np.zeros(count, dtype=np.int64)
        self.drawn: Numbers = np.zeros((days, count), dtype=np.int64)
        self.reserved: Numbers = np.zeros((days, count), dtype=np.int64)
        self.forgotten: Mask = np.array([(n.company, n.product) in self.story.forgotten for n in network.nodes])
        self.waiting: list[deque[SalesLine]] = [deque() for _ in range(count)]
        self.picks: defaultdict[int, list[SalesLine]] = defaultdict(list)
        self.record = Record()

    def calendar(self, place: int) -> Workdays:
        """The working days of a plant or warehouse."""
        return self.calendars[PLACES[place].country]

    def free(self, node: int) -> int:
        """On hand and not promised to anybody; of a kit, how many its parts would make."""
        parts = self.network.contents.get(node, ())
        if parts:
            return max(0, min(self.free(part) // each for part, each in parts)) * UNIT
        return int(self.on_hand[node] - self.allocated[node] - self.backlog[node])

    @property
    def position(self) -> Numbers:
        """By node: what there will be when all that is ordered has come and all that is owed has gone."""
        return self.on_hand - self.allocated - self.backlog + self.on_order - self.committed

    def is_empty(self, node: Node, day: int) -> bool:
        """Whether the story has the shelf of the node empty on the day."""
        return self.story.is_empty(node.company, node.product, day)

    def works(self, day: int) -> Mask:
        """By place, whether people work there on the day."""
        return np.array([self.calendar(place).works(day) for place in range(len(PLACES))])

    def scrap(self, move: Move, reason: str) -> None:
        """Something is thrown away; where it lay at a node, the node's stock shrinks too, and the caller says so."""
        self.record.scrappings.append(Scrapping(move, reason))
        self.record.moves.append(move)

    def take_in(self, node: Node, move: Move) -> None:
        """Stock of a node grows."""
        self.on_hand[node.index] += move.quantity
        self.record.moves.append(move)

    def take_out(self, node: Node, move: Move) -> None:
        """Stock of a node shrinks, and counts as drawn."""
        self.on_hand[node.index] -= move.quantity
        self.record.moves.append(move)
