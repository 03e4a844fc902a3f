"""Which records are one and the same: what is only likely, what is joined, and what people decided about it.

Who decides needs identities.decide, and sees customers, suppliers and products only with the right to each of them. A
pair is told of where both of its records may be seen. What is decided is kept at once; the next refresh applies it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl

from analytics.access import ALL, Viewer, require
from analytics.identity_decisions import APART, SAME, VERDICTS, Decision, decided, standing, undoing
from analytics.tables.columns import INSTANT
from answers import Snapshot, snapshot
from data_access.home import served_home
from data_access.journal import Entry, Journal

RIGHT = "identities.decide"
SUBJECT = "identities"
NEEDS = {"customer": "sales.read", "supplier": "purchasing.read", "product": "inventory.read"}
FIELDS = ("name", "number", "tax_number", "email", "phone", "country", "city", "sku", "barcode")
RECORDS = {name: pl.String() for name in ("entity", "record_id", "source", *FIELDS)}
DECISIONS = {
    "number": pl.Int64(),
    "decided_at": INSTANT,
    "decided_by": pl.String(),
    "entity": pl.String(),
    "verdict": pl.String(),
    "record_id": pl.String(),
    "name": pl.String(),
    "other_ids": pl.List(pl.String()),
    "others": pl.String(),
    "state": pl.String(),
}
RULES = ("no_pair", "not_joined", "not_standing")
Key = tuple[str, str]
"""A record's kind and key: a customer, a supplier and a product of one system may have the same key."""


class DecisionRefused(ValueError):
    """What was decided is about records that are not there, or not to be seen; ``rule``, one of ``RULES``, says
    which."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"The decision is refused: {rule}.")
        self.rule = rule


@dataclass(frozen=True)
class _Question:
    viewer: Viewer
    version: Snapshot

    def records(self) -> pl.DataFrame:
        """Every record that the viewer may see, with what tells it apart."""
        kinds = [entity for entity, right in NEEDS.items() if self.viewer.may(right)]
        return pl.concat([pl.LazyFrame(schema=RECORDS), *(self._of(entity) for entity in kinds)]).collect()

    def _of(self, entity: str) -> pl.LazyFrame:
        rows = self.version.as_given(f"{entity}s", self.viewer).filter(pl.col("deleted_at").is_null())
        known = rows.collect_schema().names()
        told = [pl.col(name) if name in known else pl.lit(None, pl.String).alias(name) for name in FIELDS]
        return rows.select(pl.lit(entity).alias("entity"), pl.col(f"{entity}_id").alias("record_id"), "source", *told)

    def memberships(self, state: str) -> pl.DataFrame:
        """The rows of identities of one state."""
        rows = self.version.table("identities", self.viewer).filter(pl.col("state").cast(pl.String) == state)
        columns = ("record_id", "group_id", "evidence", pl.col("certainty").cast(pl.Float64))
        return rows.select(pl.col("entity").cast(pl.String), *columns).collect()

    def refreshed_at(self) -> datetime:
        """When the latest refresh began whose tables these are."""
        starts = self.version.table("sync_runs", self.viewer).select(pl.col("started_at").max()).collect()
        return starts.item() or datetime.min.replace(tzinfo=UTC)


def _asked(viewer: Viewer, version: Snapshot | None) -> _Question:
    return _Question(require(viewer, RIGHT), version or snapshot())


def doubtful(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per pair that was likely one, and not decided, when the data was refreshed, the surest first.

    A record (record_id, source and what tells it apart) and the record that stands for the other side, its columns
    named ``other_``; evidence and certainty.
    """
    question = _asked(viewer, version)
    records = question.records()
    pairs = question.memberships("suggested").rename({"group_id": "other_id"})
    others = records.select("entity", pl.exclude("entity", "record_id").name.prefix("other_"), other_id="record_id")
    both = pairs.join(records, on=("entity", "record_id"), how="inner", validate="m:1").join(
        others, on=("entity", "other_id"), how="inner", validate="m:1"
    )
    return both.sort(-pl.col("certainty"), "entity", "name", "record_id", "other_id")


def with_verdicts(pairs: pl.DataFrame) -> pl.DataFrame:
    """Such pairs with what was decided since: verdict, and decision, its number; those that are decided come last."""
    told = pairs.join(_verdicts(), on=("entity", "record_id", "other_id"), how="left", validate="1:1")
    return told.sort(pl.col("verdict").is_not_null(), maintain_order=True)


def _verdicts() -> pl.DataFrame:
    """What is decided of each pair, in both orders of its keys: entity, record_id, other_id, verdict, decision."""
    held = standing((entry.number, entry.what) for entry in _entries())
    pairs = decided(held)
    numbers = {(decision.entity, *pair): decision.number for decision in held for pair in decision.pairs}
    named = [numbers[entity, left, right] for entity, left, right in pairs.select("entity", "left", "right").rows()]
    told = pairs.with_columns(decision=pl.Series(named, dtype=pl.Int64))
    ways = (("left", "right"), ("right", "left"))
    return pl.concat(told.select("entity", "verdict", "decision", record_id=one, other_id=two) for one, two in ways)


def _entries() -> tuple[Entry, ...]:
    return Journal(served_home(), SUBJECT).entries()


def joined(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per record of a group that counts as one: entity, group_id (the smallest key that the viewer sees), what
    tells the record apart, and evidence. Of a group, who may see only one record sees none."""
    question = _asked(viewer, version)
    members = question.memberships("joined").drop("certainty")
    rows = members.join(question.records(), on=("entity", "record_id"), how="inner", validate="1:1")
    seen = rows.filter(pl.len().over("entity", "group_id") > 1)
    first = pl.col("record_id").min().over("entity", "group_id")
    return seen.with_columns(group_id=first).sort("entity", "group_id", "source", "record_id")


def with_partings(members: pl.DataFrame) -> pl.DataFrame:
    """Such records with decision: the number of one that parts the record from another of its group."""
    parted = _verdicts().filter(pl.col("verdict") == APART).select("entity", "record_id", "other_id", "decision")
    groups = members.select("entity", "record_id", "group_id")
    others = groups.rename({"record_id": "other_id", "group_id": "other_group"})
    within = (
        groups.join(parted, on=("entity", "record_id"), how="inner", validate="1:m")
        .join(others, on=("entity", "other_id"), how="inner", validate="m:1")
        .filter(pl.col("group_id") == pl.col("other_group"))
    )
    latest = within.group_by("entity", "record_id").agg(pl.col("decision").max())
    return members.join(latest, on=("entity", "record_id"), how="left", validate="1:1", maintain_order="left")


def decisions(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per decision that holds, the latest first, and per one that was taken back and holds until the refresh.

    verdict: same or apart. state: waiting for the next refresh, applied, taken_back, idle (one of its records is gone),
    or contradicted (others are said to be apart that it would join). Who may not see every company and region sees the
    decisions on records that are seen.
    """
    question = _asked(viewer, version)
    if not _entries():
        return pl.DataFrame(schema=DECISIONS)
    records = question.records().select("entity", "record_id", "name")
    names = {(entity, record): name for entity, record, name in records.iter_rows()}
    told = _Told(question, names, _groups(question))
    rows = sorted(told.rows(), key=lambda row: row["number"], reverse=True)
    return pl.DataFrame(rows, schema=DECISIONS)


def _groups(question: _Question) -> Mapping[Key, str]:
    """From a joined record to its group."""
    members = question.memberships("joined").select("entity", "record_id", "group_id")
    return {(entity, record): group for entity, record, group in members.iter_rows()}


def _keys(decision: Decision) -> set[Key]:
    """The records of a decision, each by its kind and key."""
    return {(decision.entity, record) for record in (decision.record, *decision.others)}


@dataclass(frozen=True)
class _Told:
    """The decisions as a viewer is told of them; ``names``: of the records that the viewer may see."""

    question: _Question
    names: Mapping[Key, str | None]
    groups: Mapping[Key, str]

    def rows(self) -> Iterator[dict[str, Any]]:
        """One row per decision."""
        entries = {entry.number: entry for entry in _entries()}
        since = self.question.refreshed_at()
        held = standing((number, entry.what) for number, entry in entries.items())
        then = standing((entry.number, entry.what) for entry in entries.values() if entry.at <= since)
        gone = [decision for decision in then if decision.number not in {one.number for one in held}]
        for decision in self._seen(held):
            waits = entries[decision.number].at > since
            yield self._row(decision, entries[decision.number], "waiting" if waits else self._state(decision))
        for decision in self._seen(gone):
            yield self._row(decision, entries[decision.number], "taken_back")

    def _seen(self, found: Iterable[Decision]) -> Iterator[Decision]:
        """A record that is gone and one that is hidden look alike: who does not see all is told of neither."""
        viewer = self.question.viewer
        sees_all = viewer.companies == viewer.regions == viewer.customers == ALL
        for decision in found:
            known = _keys(decision) <= self.names.keys()
            if viewer.may(NEEDS[decision.entity]) and (sees_all or known):
                yield decision

    def _state(self, decision: Decision) -> str:
        if not _keys(decision) <= self.names.keys():
            return "idle"
        group = self.groups.get((decision.entity, decision.record))
        together = [
            group is not None and self.groups.get((decision.entity, other)) == group for other in decision.others
        ]
        holds = all(together) if decision.verdict == SAME else not any(together)
        return "applied" if holds else "contradicted"

    def _row(self, decision: Decision, entry: Entry, state: str) -> dict[str, Any]:
        others = [self._name(decision, other) for other in decision.others]
        return {
            "number": decision.number,
            "decided_at": entry.at,
            "decided_by": entry.user,
            "entity": decision.entity,
            "verdict": decision.verdict,
            "record_id": decision.record,
            "name": self._name(decision, decision.record),
            "other_ids": list(decision.others),
            "others": ", ".join(others),
            "state": state,
        }

    def _name(self, decision: Decision, record: str) -> str:
        return self.names.get((decision.entity, record)) or record


def decide(viewer: Viewer, verdict: str, entity: str, record_id: str, other_id: str) -> None:
    """Says of two records of one kind that they are the same, or not (verdict: same, apart)."""
    question = _asked(viewer, None)
    seen = question.records().filter(pl.col("entity") == entity).get_column("record_id")
    if verdict not in VERDICTS or record_id == other_id or not {record_id, other_id} <= set(seen):
        raise DecisionRefused("no_pair")
    _keep(viewer, Decision(number=0, entity=entity, verdict=verdict, record=record_id, others=(other_id,)))


def part(viewer: Viewer, entity: str, record_id: str) -> None:
    """Says of a joined record that it is none of the others of its group."""
    question = _asked(viewer, None)
    seen = joined(viewer, version=question.version).filter(pl.col("entity") == entity)
    if record_id not in set(seen.get_column("record_id")):
        raise DecisionRefused("not_joined")
    members = question.memberships("joined").filter(pl.col("entity") == entity)
    group = members.filter(pl.col("record_id") == record_id).get_column("group_id").item()
    others = members.filter((pl.col("group_id") == group) & (pl.col("record_id") != record_id)).get_column("record_id")
    _keep(viewer, Decision(number=0, entity=entity, verdict=APART, record=record_id, others=tuple(sorted(others))))


def _keep(viewer: Viewer, decision: Decision) -> None:
    Journal(served_home(), SUBJECT).append(viewer.user, datetime.now(UTC), decision.as_entry())


def undo(viewer: Viewer, number: int) -> None:
    """Takes a decision back, whoever took it; what held before it holds again."""
    told = decisions(viewer).filter(pl.col("state") != "taken_back")
    if number not in told.get_column("number"):
        raise DecisionRefused("not_standing")
    Journal(served_home(), SUBJECT).append(viewer.user, datetime.now(UTC), undoing(number))


__all__ = ["RULES", "DecisionRefused", "decide", "decisions", "doubtful", "joined", "part", "undo"]
