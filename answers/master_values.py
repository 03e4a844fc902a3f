"""Whose value counts where joined records differ, and what the others say: see ``analytics.master_values``.

Values need identities.decide and the right to what they are of; how many differ is part of the health of the data. No
number is made of the kept values: they are what one record of all systems would say, to be taken away.
"""

import polars as pl

from analytics.access import Viewer, require
from analytics.master_values import WINS, differing, kept, values
from answers import Snapshot, snapshot
from answers.identities import NEEDS, RIGHT

HEALTH = "health.read"


def others(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per value that gives way, by kind, field and group: entity, group_id, field, kept, kept_source, kept_id,
    other, other_source, other_id, and rule: the kind of system that is believed first (erp, crm)."""
    found = differing(_values(require(viewer, RIGHT), version, _may_read(viewer)))
    return found.sort("entity", "field", "kept", "group_id", "other_source", "other_id")


def one_record(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per value that counts of joined records: entity, group_id (the smallest key that the viewer sees), field,
    value, source, record_id and rule."""
    known = kept(_values(require(viewer, RIGHT), version, _may_read(viewer))).drop("compared")
    return known.sort("entity", "group_id", "field")


def counted(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per kind of record and field of which values differ, the most first: rule, differing (values that give
    way) and groups."""
    found = differing(_values(require(viewer, HEALTH), version, tuple(WINS)))
    counts = found.group_by("entity", "field", "rule").agg(differing=pl.len(), groups=pl.col("group_id").n_unique())
    return counts.with_columns(pl.col("differing", "groups").cast(pl.Int64)).sort(
        -pl.col("differing"), "entity", "field"
    )


def _may_read(viewer: Viewer) -> tuple[str, ...]:
    return tuple(entity for entity in WINS if viewer.may(NEEDS[entity]))


def _values(viewer: Viewer, version: Snapshot | None, entities: tuple[str, ...]) -> pl.DataFrame:
    of = version or snapshot()
    nothing = values(
        pl.DataFrame(schema=dict.fromkeys(("record_id", "source", "group_id", "name"), pl.String)), "product"
    )
    return pl.concat([nothing, *(values(_members(viewer, of, entity), entity) for entity in entities)])


def _members(viewer: Viewer, of: Snapshot, entity: str) -> pl.DataFrame:
    """The records of one kind that count as one with another that the viewer sees, with the fields of which one
    counts."""
    is_joined = (pl.col("entity").cast(pl.String) == entity) & (pl.col("state").cast(pl.String) == "joined")
    groups = of.table("identities", viewer).filter(is_joined).select("record_id", "group_id")
    rows = of.as_given(f"{entity}s", viewer).filter(pl.col("deleted_at").is_null())
    records = rows.select("source", *WINS[entity], record_id=f"{entity}_id")
    members = records.join(groups, on="record_id", how="inner", validate="1:1").collect()
    several = members.filter(pl.len().over("group_id") > 1)
    return several.with_columns(group_id=pl.col("record_id").min().over("group_id"))
