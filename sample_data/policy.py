"""When and how much is reordered: a minimum and a maximum for each node, set anew every month from what was drawn."""

import numpy as np

from sample_data.appetite import FADING
from sample_data.exact import UNIT
from sample_data.network import BUY, KIT, MAKE, TRANSFER, Network
from sample_data.plan import Mask, Numbers, Shares
from sample_data.story import OVERSTOCKED_BY, OVERSTOCKED_PLACE
from sample_data.suppliers import SUPPLIERS, Offer

REVIEW_DAYS = {BUY: 7, MAKE: 2, TRANSFER: 4, KIT: 0}
LOT_DAYS = {BUY: 36.0, MAKE: 13.0, TRANSFER: 9.0, KIT: 0.0}
CAUTION = (0.35, 0.8, 1.25, 1.9)
WINDOW = 91
BELIEVED_IN = 3.0


class Policy:
    """Minimum and maximum by node, in thousandths of the base unit; some planners are more careful than others."""

    def __init__(self, network: Network) -> None:
        random = network.plan.random("policy")
        nodes = network.nodes
        self.network = network
        self.lead: Shares = np.array([n.lead + REVIEW_DAYS[n.way] + _usual_delay(n.offer) for n in nodes])
        self.caution: Shares = random.choice(CAUTION, len(nodes))
        self.bias: Shares = random.lognormal(0, 0.16, len(nodes))
        self.lot_days: Shares = np.array([LOT_DAYS[n.way] for n in nodes]) * random.lognormal(0, 0.35, len(nodes))
        self.kept: Mask = np.array([n.way != KIT for n in nodes])
        self.fading: Mask = (network.demand.appetite.pace[[n.product for n in nodes]] == FADING) & (network.sold > 0)
        self.generous: Shares = self._generosity(0)
        self.rate: Shares = network.needed.copy()
        self.lump: Shares = self._lumps()
        self.set()

    def _generosity(self, day: int) -> Shares:
        """One warehouse keeps too much of everything, and what is about to fade is believed in until it does."""
        placed = [OVERSTOCKED_BY if n.place == OVERSTOCKED_PLACE else 1.0 for n in self.network.nodes]
        trust = BELIEVED_IN if day <= self.network.demand.appetite.fades_from else 1.0
        return np.array(placed) * np.where(self.fading, trust, 1.0)

    def _lumps(self) -> Shares:
        """How much is drawn at a time: a usual order line, or what the largest lot of a product takes."""
        network = self.network
        typical = network.demand.appetite.typical[[node.product for node in network.nodes]]
        lump = np.where(network.sold > 0, typical * 1.6, 0.0)
        for node in network.nodes:
            if node.way == TRANSFER:
                lump[node.source] = max(lump[node.source], self._lot(node.index))
        for made, parts in network.parts.items():
            for component, quantity in parts:
                lump[component] = max(lump[component], self._lot(made) * quantity / UNIT)
        return lump

    def _lot(self, node: int) -> float:
        return float(self.rate[node] * self.lot_days[node])

    def set(self) -> None:
        """Minimum and maximum from the rates as they stand; of kits, none are kept."""
        expected = self.rate * self.bias * self.lead
        spread = np.sqrt(self.rate * self.lead * self.lump) + 0.5 * self.lump
        minimum = (expected + self.caution * spread) * self.generous * self.kept
        lot = np.maximum(self.rate * self.lot_days, 1.0) * self.generous * self.kept
        self.minimum: Numbers = np.ceil(minimum).astype(np.int64) * UNIT
        self.maximum: Numbers = self.minimum + np.ceil(lot).astype(np.int64) * UNIT

    def learn(self, drawn: Numbers, day: int) -> None:
        """Half of the new rate is what was drawn in the last quarter of a year."""
        window = drawn[max(0, day - WINDOW) : day]
        if len(window) >= WINDOW // 2:
            self.rate = (self.rate + window.mean(axis=0) / UNIT) / 2
            self.generous = self._generosity(day)
            self.set()

    def opening(self) -> Numbers:
        """Stock on the evening before the first day: between minimum and maximum."""
        random = self.network.plan.random("opening")
        level = self.minimum + random.random(len(self.minimum)) * (self.maximum - self.minimum)
        return (level / UNIT).astype(np.int64) * UNIT


def _usual_delay(offer: Offer | None) -> float:
    return 0.0 if offer is None else SUPPLIERS[offer.supplier].habit.late
