"""What products are made of, at whatever depth, and how large a question about one of them is."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Bills:
    """By product that can be made: ``parts``, what it takes; ``centers``, where it is worked on; ``ways``, in how many
    ways."""

    parts: Mapping[str, Collection[str]]
    centers: Mapping[str, Collection[str]]
    ways: Mapping[str, int]
    _within: dict[str, frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def within(self, product: str) -> frozenset[str]:
        """The product and all that is in it."""
        if product not in self._within:
            found, waiting = {product}, [product]
            while waiting:
                new = [part for part in self.parts.get(waiting.pop(), ()) if part not in found]
                found.update(new)
                waiting.extend(dict.fromkeys(new))
            self._within[product] = frozenset(found)
        return self._within[product]

    def worked_at(self, product: str) -> frozenset[str]:
        """The work centers where it or anything in it is worked on."""
        return frozenset(center for part in self.within(product) for center in self.centers.get(part, ()))

    def share_nothing(self, products: Sequence[str]) -> bool:
        """Whether no part and no work center serves two of the products, so that it does not matter which is first."""
        parts = [part for product in products for part in self.within(product)]
        centers = [center for product in products for center in self.worked_at(product)]
        return len(parts) == len(set(parts)) and len(centers) == len(set(centers))

    @cached_property
    def in_themselves(self) -> frozenset[str]:
        """The products that are made of themselves at some depth."""
        return frozenset(
            product for product, parts in self.parts.items() if any(product in self.within(part) for part in parts)
        )

    def is_endless(self, product: str) -> bool:
        """Whether something in it is made of itself."""
        return not self.in_themselves.isdisjoint(self.within(product))

    def lots(self, product: str) -> float:
        """How many lots would be looked at if each part were planned anew for each way to make each of its wholes."""
        return self._lots.get(product, 0.0)

    @cached_property
    def _lots(self) -> Mapping[str, float]:
        found: dict[str, float] = {}
        for product in self.parts_first(self.parts):
            inside = sum(found.get(part, 0.0) for part in self.parts.get(product, ()))
            found[product] = self.ways.get(product, 0) * (1 + inside)
        return found

    def parts_first(self, products: Collection[str]) -> Iterator[str]:
        """The products and all in them, each after its parts; of what is made of itself, in some order."""
        seen: set[str] = set()
        for product in products:
            waiting = [(product, False)]
            while waiting:
                each, is_done = waiting.pop()
                if is_done:
                    yield each
                elif each not in seen:
                    seen.add(each)
                    waiting.append((each, True))
                    waiting.extend((part, False) for part in sorted(self.parts.get(each, ())))
