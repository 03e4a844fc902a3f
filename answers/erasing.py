"""Erasing a person on request: whom one may choose, and the request itself.

Who asks needs persons.erase, and the right to see the person. The request is kept at once, as salted hashes, and
carried out by a process of its own; what it does not finish, the next refresh does.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl

from analytics.access import Viewer, require
from analytics.erasing import ERASED
from answers import Snapshot, snapshot
from data_access import audit, erasures, errands
from data_access.home import firm_home, served_home

RIGHT, SEES = "persons.erase", ("sales.read", "personal_data")
KINDS = ("customers", "contacts")
KEYS = {"customers": "customer_id", "contacts": "contact_id"}
PEOPLE = {"kind": pl.String, "key": pl.String, "name": pl.String}
LONGEST_SECONDS = 1_800.0
RULES = ("gone", "key_tells")
WHOLE = Viewer(user="tandem", role="owner")


class ErasureRefused(ValueError):
    """A person cannot be erased; ``rule``, one of ``RULES``, says why."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"The erasure is refused: {rule}.")
        self.rule = rule


def people(viewer: Viewer, customer_id: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """Whom one may erase at a customer, the customer itself first: kind (customers, contacts), key and name. The
    customer stands for all its records in all systems and everybody at it. Who was erased is not named again."""
    _allowed(viewer)
    known = version or snapshot()
    records = _records(viewer, customer_id, known)
    parts = [
        known.table(kind, viewer)
        .filter(pl.col("customer_id").is_in(records))
        .select(kind=pl.lit(kind), key=KEYS[kind], name="name")
        .sort((pl.col("key") != customer_id), "name", "key", nulls_last=True)
        .collect()
        for kind in KINDS
    ]
    own = parts[0].filter(pl.col("key").is_in([customer_id]))
    named = pl.concat([own, parts[1]]).filter(pl.col("name").is_not_null() & (pl.col("name") != ERASED))
    return named.cast(PEOPLE)  # type: ignore[arg-type]


def _allowed(viewer: Viewer) -> None:
    for right in (RIGHT, *SEES):
        require(viewer, right)


def _records(viewer: Viewer, customer_id: str, version: Snapshot) -> list[str]:
    """The records of all systems that are known to be the one customer."""
    is_joined = (pl.col("entity") == "customer") & (pl.col("state") == "joined")
    same = version.table("identities", viewer).filter(is_joined).select("record_id", "group_id").collect()
    group = same.filter(pl.col("record_id") == customer_id).get_column("group_id")
    return sorted({customer_id, *same.filter(pl.col("group_id").is_in(group.implode())).get_column("record_id")})


def _followed(version: Snapshot, kind: str, keys: Collection[str]) -> list[str]:
    """The records of a system that was followed by another, which has these instead: no version shows them, and the
    database still holds them."""
    if not version.has("aggregates/followed"):
        return []
    is_theirs = (pl.col("kind") == kind) & pl.col("new").is_in(list(keys))
    return version.aggregate("followed", WHOLE).filter(is_theirs).collect().get_column("old").to_list()


def erase(viewer: Viewer, kind: str, key: str) -> Mapping[str, Any]:
    """Asks for a person to be erased, and waits until that is done: outcome (erased, or failed) and message. The
    request stands even where carrying it out has to wait for another refresh. ``ErasureRefused`` where there is
    nobody of that key, or the key itself is an address: then only the source can erase the person."""
    _allowed(viewer)
    version = snapshot()
    if kind not in KINDS or version.table(kind, viewer).filter(pl.col(KEYS[kind]) == key).collect().is_empty():
        raise ErasureRefused("gone")
    if "@" in key:
        raise ErasureRefused("key_tells")
    records = _records(viewer, key, version) if kind == "customers" else [key]
    keys = sorted({*records, *_followed(version, kind, records)})
    now = datetime.now(UTC)
    erasures.keep(served_home(), viewer.user, now, [(kind, each) for each in keys])
    audit.note(firm_home(), now, viewer.user, "person_erased", key)
    return errands.run({"errand": "erase"}, seconds=LONGEST_SECONDS)


__all__ = ["KINDS", "RULES", "ErasureRefused", "erase", "people"]
