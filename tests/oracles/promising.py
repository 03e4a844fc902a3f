"""Promises once more, slow and plain: each day is tried, and each way to share a whole quantity among the sites."""

from dataclasses import dataclass, field
from itertools import product


@dataclass
class Firm:
    """One product. stock: by site. receipts, promised: (site, day, quantity), days counted from today. transfers: from
    (site, site) to days. new: the day on which a new order comes. Quantities are whole numbers."""

    stock: dict[str, int]
    receipts: list[tuple[str, int, int]]
    promised: list[tuple[str, int, int]]
    transfers: dict[tuple[str, str], int] = field(default_factory=dict)
    new: int | None = None
    horizon: int = 20

    def left_over(self, site: str, day: int) -> int:
        """What is left at the end of a day when all that was promised has left."""
        come = sum(quantity for at, on, quantity in self.receipts if at == site and on <= day)
        gone = sum(quantity for at, on, quantity in self.promised if at == site and max(on, 0) <= day)
        return self.stock.get(site, 0) + come - gone

    def breaks_a_promise(self, site: str, day: int, quantity: int) -> bool:
        """Whether taking so much on a day leaves less than nothing on that day or a later one."""
        return any(self.left_over(site, later) < quantity for later in range(day, self.horizon + 1))

    def sites(self) -> list[str]:
        named = {*self.stock, *(at for at, *_ in self.receipts), *(at for at, *_ in self.promised)}
        return sorted(named)

    def later(self, site: str, wanted_at: str | None) -> int | None:
        """How many days later goods of a site can leave from where they are wanted; null if they cannot."""
        if wanted_at is None or site == wanted_at:
            return 0
        return self.transfers.get((site, wanted_at))

    def can_leave(self, day: int, quantity: int, wanted_at: str | None) -> bool:
        """Whether any way to share the quantity among the sites breaks no promise."""
        sites = [site for site in self.sites() if self.later(site, wanted_at) is not None]
        for shares in product(range(quantity + 1), repeat=len(sites)):
            if sum(shares) == quantity and all(
                share == 0 or self._can_give(site, day - (self.later(site, wanted_at) or 0), share)
                for site, share in zip(sites, shares, strict=True)
            ):
                return True
        return False

    def _can_give(self, site: str, day: int, quantity: int) -> bool:
        return day >= 0 and not self.breaks_a_promise(site, day, quantity)

    def first_day(self, quantity: int, wanted_at: str | None) -> int | None:
        """The first day on which all of it can leave."""
        for day in range(self.horizon + 1):
            if self.can_leave(day, quantity, wanted_at) or day == self.new:
                return day
        return self.new

    def most_by(self, day: int, wanted_at: str | None) -> int:
        """The most that can leave on a day."""
        return max(quantity for quantity in range(20) if quantity == 0 or self.can_leave(day, quantity, wanted_at))
