"""Stock is counted and booked as found: small differences, spoiled goods, and two levels booked below zero."""

import numpy as np

from sample_data.exact import UNIT
from sample_data.firm import OUTSIDE, Firm, Move
from sample_data.network import BUY, KIT
from sample_data.policy import Policy
from sample_data.story import SPOILED_BEFORE, SPOILED_TO

COUNTED_A_MONTH = 0.04
BOOKED_BELOW_ZERO = (-200, 0)
CORRECTED_AFTER = 5
TOO_MUCH = 3 * UNIT


class Counting:
    """The steps of a day that concern the count of stock."""

    def __init__(self, firm: Firm, policy: Policy) -> None:
        self.firm, self.policy = firm, policy
        self.random = firm.plan.random("counting")
        self.corrections: dict[int, int] = {}

    def open(self, levels: np.ndarray) -> None:
        """The stock at hand on the evening before the first day."""
        for node, level in zip(self.firm.network.nodes, levels.tolist(), strict=True):
            if level > 0:
                move = Move("adjustment", node.product, OUTSIDE, node.location, level, -1, 1050)
                self.firm.take_in(node, move)

    def count(self, day: int) -> None:
        """On the twentieth of a month some of the stock is counted."""
        if day in self.corrections:
            self._correct(self.corrections.pop(day), TOO_MUCH, day)
        if day - self.firm.plan.last in BOOKED_BELOW_ZERO:
            self._book_too_much(day)
        if day == self.firm.plan.last - SPOILED_BEFORE:
            self._spoil(day)
        if self.firm.plan.date(day).day == 20:
            counted = self.random.random(len(self.firm.on_hand)) < COUNTED_A_MONTH
            for node in np.flatnonzero(counted).tolist():
                self._found(node, int(self.random.choice((-2, -1, -1, 1, 2))) * UNIT, day)

    def _found(self, node: int, difference: int, day: int) -> None:
        item = self.firm.network.nodes[node]
        countable = item.way != KIT and not self.firm.is_empty(item, day)
        if countable and self.firm.free(node) + difference >= 0:
            self._correct(node, difference, day)

    def _correct(self, node: int, difference: int, day: int) -> None:
        item = self.firm.network.nodes[node]
        gain = Move("adjustment", item.product, OUTSIDE, item.location, difference, day, 1050)
        loss = Move("adjustment", item.product, item.location, OUTSIDE, -difference, day, 1050)
        if difference > 0:
            self.firm.take_in(item, gain)
        else:
            self.firm.take_out(item, loss)

    def _book_too_much(self, day: int) -> None:
        """The smallest free stock of a bought product is booked out, and three units more."""
        firm = self.firm
        able = [
            n.index
            for n in firm.network.nodes
            if n.way == BUY and firm.free(n.index) > 0 and not firm.allocated[n.index]
        ]
        if able:
            node = min(able, key=lambda index: (firm.free(index), index))
            self._correct(node, -firm.free(node) - TOO_MUCH, day)
            if day + CORRECTED_AFTER <= firm.plan.last:
                self.corrections[day + CORRECTED_AFTER] = node

    def _spoil(self, day: int) -> None:
        """Water in the warehouse spoils what nobody has ordered for weeks; a few units are left."""
        for node in self.firm.network.nodes:
            left = max(UNIT, int(self.policy.rate[node.index] * node.lead * SPOILED_TO) * UNIT)
            spoiled = self.firm.free(node.index) - left
            if self.firm.forgotten[node.index] and node.way == BUY and spoiled > 0:
                self.firm.on_hand[node.index] -= spoiled
                move = Move("scrap", node.product, node.location, OUTSIDE, spoiled, day, 1050)
                self.firm.scrap(move, "Spoiled by water")
