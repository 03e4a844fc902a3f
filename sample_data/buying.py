"""What is ordered from suppliers, and when it really comes."""

from collections import defaultdict

import numpy as np

from sample_data.exact import UNIT
from sample_data.firm import OUTSIDE, Arrival, Firm, Move, PurchaseLine, PurchaseOrder
from sample_data.network import BUY, Node
from sample_data.plan import Mask, Numbers
from sample_data.policy import Policy
from sample_data.suppliers import SUPPLIERS, Offer, Supplier

SPLIT_OFF = 0.7
TELLS_FROM = 4


def required(offer: Offer | None) -> Offer:
    """The offer by which a node is bought; a node that is not bought has none, and nobody may ask."""
    if offer is None:
        raise LookupError("Only what is bought has an offer.")
    return offer


class Buying:
    """The steps of a day that concern suppliers: each is looked at once a week."""

    def __init__(self, firm: Firm, policy: Policy) -> None:
        self.firm, self.policy = firm, policy
        self.random = firm.plan.random("buying")
        nodes = firm.network.nodes
        self.bought: Mask = np.array([node.way == BUY for node in nodes])
        self.weekday: Numbers = np.array([node.offer.supplier % 5 if node.offer else -1 for node in nodes])
        self.place: Numbers = np.array([node.place for node in nodes])
        self.arrivals: defaultdict[int, list[tuple[PurchaseLine, int]]] = defaultdict(list)
        self.news: defaultdict[int, list[tuple[PurchaseLine, int]]] = defaultdict(list)

    def receive(self, day: int) -> list[int]:
        """What comes on the day is put away; the nodes that got something."""
        for line, due in self.news.pop(day, ()):
            line.due = due
        return [self._receive(line, quantity, day) for line, quantity in self.arrivals.pop(day, ())]

    def _receive(self, line: PurchaseLine, quantity: int, day: int) -> int:
        node, minute = line.node, int(485 + line.order.supplier * 37 % 150)
        move = Move(
            "receipt", node.product, OUTSIDE, node.location, quantity, day, minute,
            purchase_line=line.index, document=len(self.firm.record.arrivals),
        )  # fmt: skip
        self.firm.take_in(node, move)
        self.firm.record.arrivals.append(Arrival(line, quantity, day, minute))
        self.firm.on_order[node.index] -= quantity
        line.received += quantity
        line.received_on = day
        return node.index

    def order(self, day: int) -> None:
        """Each node that is below its minimum is ordered up to its maximum, on its supplier's day of the week."""
        today = self.weekday == (self.firm.plan.start.weekday() + day) % 7
        for line in self._lines(self._short(day) & today & self.firm.works(day)[self.place], day):
            self.firm.on_order[line.node.index] += line.quantity
            self._send(line, SUPPLIERS[line.order.supplier], day)

    def replace(self, day: int) -> None:
        """What was recalled on the day is ordered anew at once; it comes when the story's shelf is full again."""
        for shelf in self.firm.story.empty_shelves:
            if shelf.first == day:
                index = self.firm.network.home[shelf.company, shelf.product]
                line = self._line(self.firm.network.nodes[index], {}, day)
                line.due = line.first_due = self.firm.calendar(line.node.place).next(shelf.last + 1)
                self.firm.on_order[index] += line.quantity
                self.arrivals[line.due].append((line, line.quantity))

    def ask(self, day: int) -> None:
        """What is below its minimum on the last evening is asked for, and not yet ordered."""
        for line in self._lines(self._short(day), day):
            line.order.is_request = True

    def _short(self, day: int) -> Mask:
        short = self.bought & (self.firm.position < self.policy.minimum)
        return short & ~self.firm.forgotten if day >= self.firm.story.forgotten_from else short

    def _lines(self, short: Mask, day: int) -> list[PurchaseLine]:
        """A line for each node, in one order for each supplier and place."""
        orders: dict[tuple[int, int], PurchaseOrder] = {}
        return [self._line(self.firm.network.nodes[index], orders, day) for index in np.flatnonzero(short).tolist()]

    def _line(self, node: Node, orders: dict[tuple[int, int], PurchaseOrder], day: int) -> PurchaseLine:
        record, offer = self.firm.record, required(node.offer)
        key = (offer.supplier, node.place)
        if key not in orders:
            orders[key] = PurchaseOrder(len(record.purchases), node.company, *key, day)
            record.purchases.append(orders[key])
        due = self.firm.calendar(node.place).next(day + offer.lead)
        line = PurchaseLine(len(record.purchase_lines), orders[key], node, self._quantity(node), due, due)
        orders[key].lines.append(line)
        record.purchase_lines.append(line)
        return line

    def _quantity(self, node: Node) -> int:
        offer = required(node.offer)
        pack = offer.pack * UNIT
        wanted = int(self.policy.maximum[node.index] - self.firm.position[node.index])
        return pack * max(offer.minimum, -(-wanted // pack))

    def _send(self, line: PurchaseLine, supplier: Supplier, day: int) -> None:
        """When the supplier's parcel comes: near the agreed day, as is its habit; some come in two parts."""
        comes = self._not_while_empty(line.node, max(day + 1, line.due + self._late(supplier, line.due)))
        pack = required(line.node.offer).pack * UNIT
        first = int(line.quantity * SPLIT_OFF) // pack * pack
        if first and self.random.random() < supplier.habit.partial:
            rest = self._not_while_empty(line.node, comes + int(self.random.integers(4, 15)))
            self.arrivals[comes].append((line, first))
            self.arrivals[rest].append((line, line.quantity - first))
        else:
            self.arrivals[comes].append((line, line.quantity))
        self._tell(line, comes, day)

    def _not_while_empty(self, node: Node, day: int) -> int:
        """The first working day from the day on, on which the story lets the node have something."""
        comes = self.firm.calendar(node.place).next(day)
        while self.firm.is_empty(node, comes):
            comes = self.firm.calendar(node.place).after(comes, 1)
        return comes

    def _late(self, supplier: Supplier, due: int) -> int:
        habit, slips = supplier.habit, self.firm.story.days_late(supplier.index, due)
        if self.random.random() < habit.early and not slips:
            return -int(self.random.integers(1, 4))
        spread = habit.spread + slips * 0.3
        mean = habit.late + slips
        return int(self.random.gamma((mean / spread) ** 2, spread**2 / mean))

    def _tell(self, line: PurchaseLine, comes: int, day: int) -> None:
        """Some suppliers tell of a delay a few days before the agreed day."""
        if comes - line.first_due >= TELLS_FROM and self.random.random() < 0.5:
            self.news[max(day + 1, line.first_due - 3)].append((line, comes))
