"""What the plants make: when an order may start, how machines are shared, and what goes in and comes out."""

from collections import defaultdict

import numpy as np

from sample_data.catalogue import CENTER_CODES, Product, making_days
from sample_data.exact import UNIT
from sample_data.firm import OUTSIDE, Firm, Move, WorkOrder
from sample_data.network import MAKE, Node
from sample_data.places import PLANT
from sample_data.plan import Mask, Shares
from sample_data.policy import Policy

LOAD, LEAST_MINUTES = 0.88, 300.0
SPOILED, NEVER_MADE = 0.025, 0.012


class Making:
    """The steps of a day that concern production."""

    def __init__(self, firm: Firm, policy: Policy) -> None:
        self.firm, self.policy = firm, policy
        self.random = firm.plan.random("making")
        self.made: Mask = np.array([node.way == MAKE for node in firm.network.nodes])
        self.capacity = self._capacity()
        self.open: list[WorkOrder] = []
        self.finishing: defaultdict[int, list[WorkOrder]] = defaultdict(list)

    def _capacity(self) -> Shares:
        """Minutes a working day, by plant and work center: what the usual demand needs, and a little more."""
        minutes = np.zeros((len(PLANT), len(CENTER_CODES)))
        for index in self.firm.network.parts:
            node, a_week = self.firm.network.nodes[index], 7 * float(self.policy.rate[index])
            lots = a_week / max(1.0, float(self.policy.maximum[index] - self.policy.minimum[index]) / UNIT)
            center, setup, each = self._bottleneck(node)
            minutes[node.company, center] += (a_week * each + lots * setup) / 5
        return np.maximum(minutes / LOAD, LEAST_MINUTES)

    def _bottleneck(self, node: Node) -> tuple[int, int, float]:
        code, setup, each = max(self._product(node).family.minutes, key=lambda step: step[2])
        return CENTER_CODES.index(code), setup, each

    def _product(self, node: Node) -> Product:
        return self.firm.network.catalogue.products[node.product]

    def order(self, day: int) -> None:
        """A work order for each made product that is below its minimum."""
        short = self.made & (self.firm.position < self.policy.minimum)
        for index in np.flatnonzero(short).tolist():
            node = self.firm.network.nodes[index]
            if self.firm.calendar(node.place).works(day):
                self._order(node, day)

    def _order(self, node: Node, day: int) -> None:
        wanted = int(self.policy.maximum[node.index] - self.firm.position[node.index])
        quantity = -(-wanted // UNIT) * UNIT
        calendar = self.firm.calendar(node.place)
        start = calendar.after(day, 2)
        _, setup, each = self._bottleneck(node)
        due = calendar.after(start, making_days(self._product(node)))
        minutes = setup + each * quantity / UNIT
        order = WorkOrder(len(self.firm.record.work_orders), node, quantity, day, start, due, minutes)
        self.firm.record.work_orders.append(order)
        order.is_cancelled = bool(self.random.random() < NEVER_MADE)
        if not order.is_cancelled:
            self.open.append(order)
            self.firm.on_order[node.index] += quantity
            self._commit(order, 1)

    def _commit(self, order: WorkOrder, sign: int) -> None:
        for component, quantity in self._needs(order):
            self.firm.committed[component] += sign * quantity

    def _needs(self, order: WorkOrder) -> list[tuple[int, int]]:
        parts = self.firm.network.parts[order.node.index]
        return [(component, each * order.quantity // UNIT) for component, each in parts]

    def work(self, day: int) -> list[int]:
        """A day in the plants; the nodes that got something."""
        done = [self._finish(order, day) for order in self.finishing.pop(day, ())]
        left = self.capacity * (0.9 + 0.15 * self.random.random(self.capacity.shape))
        works = self.firm.works(day)
        for order in tuple(self.open):
            if works[order.node.place] and order.planned_start <= day:
                self._advance(order, left, day)
        return done

    def _advance(self, order: WorkOrder, left: Shares, day: int) -> None:
        center, _, _ = self._bottleneck(order.node)
        at = (order.node.company, center)
        if left[at] <= 0 or (order.started < 0 and not self._start(order, day)):
            return
        spent = min(float(left[at]), order.minutes_left)
        left[at] -= spent
        order.minutes_left -= spent
        if order.minutes_left <= 0:
            self.open.remove(order)
            later = len(self._product(order.node).family.minutes)
            self.finishing[self.firm.calendar(order.node.place).after(day, later)].append(order)

    def _start(self, order: WorkOrder, day: int) -> bool:
        """Only when all that goes in is there and nobody else's."""
        needs = self._needs(order)
        if any(self.firm.on_hand[c] - self.firm.allocated[c] < quantity for c, quantity in needs):
            return False
        order.started = day
        self._commit(order, -1)
        for component, quantity in needs:
            self._consume(order, component, quantity, day)
        return True

    def _consume(self, order: WorkOrder, component: int, quantity: int, day: int) -> None:
        node = self.firm.network.nodes[component]
        self.firm.drawn[day, component] += quantity
        self.firm.take_out(
            node,
            Move("consumption", node.product, node.location, OUTSIDE, quantity, day, 510, work_order=order.index),
        )

    def _finish(self, order: WorkOrder, day: int) -> int:
        node = order.node
        order.finished = day
        self.firm.on_order[node.index] -= order.quantity
        move = Move(
            "production", node.product, OUTSIDE, node.location, order.quantity, day, 800, work_order=order.index
        )
        self.firm.take_in(node, move)
        if self.random.random() < SPOILED:
            self._scrap(order, day)
        return node.index

    def _scrap(self, order: WorkOrder, day: int) -> None:
        node, spoiled = order.node, max(1, order.quantity // UNIT // 25) * UNIT
        if self.firm.free(node.index) < spoiled:
            return
        self.firm.on_hand[node.index] -= spoiled
        move = Move("scrap", node.product, node.location, OUTSIDE, spoiled, day, 815, work_order=order.index)
        self.firm.scrap(move, "Failed the test bench")
