"""Goods between our own places: from a product's home to its satellites, and from the check of returns to the shelf."""

from collections import defaultdict

import numpy as np

from sample_data.exact import UNIT
from sample_data.firm import OUTSIDE, Firm, Move, Return
from sample_data.network import TRANSFER, TRANSFER_DAYS, Node
from sample_data.places import LOCATION, PLACES, TRANSIT
from sample_data.plan import Mask
from sample_data.policy import Policy

DAYS_OF_TRANSFER = (1, 3)
BROKEN = 0.35


class Moving:
    """The steps of a day that concern transfers and returns."""

    def __init__(self, firm: Firm, policy: Policy) -> None:
        self.firm, self.policy = firm, policy
        self.random = firm.plan.random("moving")
        self.fed: Mask = np.array([node.way == TRANSFER for node in firm.network.nodes])
        self.on_the_way: defaultdict[int, list[tuple[Node, int, int]]] = defaultdict(list)
        self.to_check: defaultdict[int, list[Return]] = defaultdict(list)
        self.sent_back: defaultdict[int, list[Return]] = defaultdict(list)
        self.seen_returns = 0
        self.count = 0

    def arrive(self, day: int) -> list[int]:
        """What is due comes off the road; the nodes that got something."""
        return [self._arrive(node, quantity, number, day) for node, quantity, number in self.on_the_way.pop(day, ())]

    def _arrive(self, node: Node, quantity: int, number: int, day: int) -> int:
        move = Move("transfer", node.product, TRANSIT[node.company], node.location, quantity, day, 520, document=number)
        self.firm.take_in(node, move)
        self.firm.on_order[node.index] -= quantity
        return node.index

    def feed(self, day: int) -> None:
        """Twice a week, satellites below their minimum get what their home can spare."""
        if (self.firm.plan.start.weekday() + day) % 7 not in DAYS_OF_TRANSFER:
            return
        short = self.fed & (self.firm.position < self.policy.minimum)
        for index in np.flatnonzero(short).tolist():
            self._send(self.firm.network.nodes[index], day)

    def _send(self, node: Node, day: int) -> None:
        firm, home = self.firm, self.firm.network.nodes[node.source]
        wanted = int(self.policy.maximum[node.index] - firm.position[node.index])
        quantity = min(wanted, firm.free(home.index)) // UNIT * UNIT
        comes = firm.calendar(node.place).after(day, TRANSFER_DAYS[node.place])
        if quantity <= 0 or not firm.calendar(home.place).works(day) or firm.is_empty(node, comes):
            return
        firm.drawn[day, home.index] += quantity
        out = Move(
            "transfer", node.product, home.location, TRANSIT[node.company], quantity, day, 700, document=self.count
        )
        firm.take_out(home, out)
        firm.on_order[node.index] += quantity
        self.on_the_way[comes].append((node, quantity, self.count))
        self.count += 1

    def take_back(self, day: int) -> list[int]:
        """Returns of the day go to the check; what was checked goes to the shelf or is thrown away."""
        for back in self.firm.record.returns[self.seen_returns :]:
            self.sent_back[back.day].append(back)
        self.seen_returns = len(self.firm.record.returns)
        for back in self.sent_back.pop(day, ()):
            self._to_check(back, day)
        return [self._checked(back, day) for back in self.to_check.pop(day, ())]

    def _to_check(self, back: Return, day: int) -> None:
        node = self.firm.network.nodes[back.line.node]
        move = Move(
            "customer_return", node.product, OUTSIDE, _check(node), back.quantity, day, 620, sales_line=back.line.index
        )
        self.firm.record.moves.append(move)
        self.to_check[self.firm.calendar(node.place).after(day, 2)].append(back)

    def _checked(self, back: Return, day: int) -> int:
        node = self.firm.network.nodes[back.line.node]
        if self.random.random() < BROKEN:
            move = Move("scrap", node.product, _check(node), OUTSIDE, back.quantity, day, 640)
            self.firm.scrap(move, "Came back broken")
        else:
            move = Move("transfer", node.product, _check(node), node.location, back.quantity, day, 645)
            self.firm.take_in(node, move)
        return node.index


def _check(node: Node) -> int:
    return LOCATION[f"{PLACES[node.place].code}/CHECK"]
