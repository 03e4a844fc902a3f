"""What people decided about records that may be one and the same: which of their decisions stand, and what they say of
each pair."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

SAME, APART = "same", "apart"
VERDICTS = (SAME, APART)
DECIDED = {"entity": pl.String, "left": pl.String, "right": pl.String, "verdict": pl.String}
Pair = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One record, and the others that it is the same as, or is not; ``number`` is that of its entry in the journal."""

    number: int
    entity: str
    verdict: str
    record: str
    others: tuple[str, ...]

    @property
    def pairs(self) -> frozenset[Pair]:
        """The pairs that are decided, the smaller key first."""
        return frozenset((min(self.record, other), max(self.record, other)) for other in self.others)

    def as_entry(self) -> dict[str, Any]:
        """What the journal keeps of it."""
        return {
            "entity": self.entity,
            "verdict": self.verdict,
            "record": self.record,
            "others": list(self.others),
        }


def undoing(number: int) -> dict[str, Any]:
    """The entry that takes a decision back."""
    return {"undoes": number}


def standing(entries: Iterable[tuple[int, Mapping[str, Any]]]) -> tuple[Decision, ...]:
    """The decisions that hold, in their order, from all entries of the journal (number, what) in theirs.

    A decision that only repeats what holds already changes nothing, and one that is taken back leaves what held before
    it. Taking back what does not hold changes nothing.
    """
    held: list[Decision] = []
    for number, what in entries:
        if "undoes" in what:
            held = [decision for decision in held if decision.number != what["undoes"]]
            continue
        decision = _decision(number, what)
        if any(_verdict(held, decision.entity, pair) != decision.verdict for pair in decision.pairs):
            held.append(decision)
    return tuple(held)


def _decision(number: int, what: Mapping[str, Any]) -> Decision:
    return Decision(
        number=number,
        entity=what["entity"],
        verdict=what["verdict"],
        record=what["record"],
        others=tuple(what["others"]),
    )


def _verdict(held: Iterable[Decision], entity: str, pair: Pair) -> str | None:
    said = [decision.verdict for decision in held if decision.entity == entity and pair in decision.pairs]
    return said[-1] if said else None


def decided(decisions: Iterable[Decision]) -> pl.DataFrame:
    """One row per kind of record and pair: entity, left, right (the larger key), and the verdict of the latest
    decision on it that stands. The order of decisions on different pairs changes nothing."""
    latest = {(decision.entity, *pair): decision.verdict for decision in decisions for pair in sorted(decision.pairs)}
    rows = [(*pair, verdict) for pair, verdict in sorted(latest.items())]
    return pl.DataFrame(rows, schema=DECIDED, orient="row")
