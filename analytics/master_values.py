"""Whose value counts where records that are one differ: a rule for each field, and what the others say instead.

No record is changed in the database; in what is served each record says what counts, and what it says by itself is kept
beside it. ERP systems invoice and deliver, so what law and logistics rest on is theirs; CRM systems talk to
people, so how to reach them and how they are served is theirs.
"""

from collections.abc import Mapping

import polars as pl

from analytics import business_keys as keys
from analytics.erasing import ERASED
from analytics.tables import SHARED

ERP, CRM, FILES = "erp", "crm", "files"
KINDS: Mapping[str, str] = {
    **dict.fromkeys(("odoo", "tryton", "erpnext", "sap", "oracle"), ERP),
    **dict.fromkeys(("salesforce", "hubspot", "dynamics"), CRM),
}
"""What kind of system a source is; any other brings files."""

WINS: Mapping[str, Mapping[str, str]] = {
    "customer": {
        "name": ERP,
        "tax_number": ERP,
        "country": ERP,
        "city": ERP,
        "email": CRM,
        "phone": CRM,
        "segment": CRM,
        "industry": CRM,
    },
    "supplier": {
        "name": ERP,
        "tax_number": ERP,
        "country": ERP,
        "city": ERP,
        "email": ERP,
        "phone": ERP,
        "currency": ERP,
    },
    "product": {"name": ERP, "barcode": ERP, "unit": ERP},
}
"""For each kind of record and field, which kind of system is believed first."""

MEASURES = frozenset({"unit", "currency"})
"""In what a record's own quantities and prices are said: the value that counts is listed, and stands in no other."""

TOLD_BY = ("company_id", "region", "is_company")
"""By which columns rights tell who may see a record, and who it is of."""

GROUP = ("entity", "group_id", "field")
COMPARED = "_compared"


def values(records: pl.DataFrame, entity: str) -> pl.DataFrame:
    """One row per record of a group and field that it has a value for: entity, group_id, field, record_id, source,
    value, rule (the kind of system that is believed first), and rank, the order in which records are believed.

    ``records``: record_id, source, group_id and fields of one entity. The kind that the rule names comes first, then
    other systems, then files; among equals the first source by name, then the smallest key.
    """
    fields = [name for name in WINS[entity] if name in records.columns]
    compared = records.with_columns(_compared(records, name).alias(f"{name}{COMPARED}") for name in fields)
    parts = [
        compared.select(
            pl.lit(entity).alias("entity"),
            "group_id",
            pl.lit(name).alias("field"),
            *("record_id", "source"),
            value=pl.col(name).cast(pl.String),
            compared=f"{name}{COMPARED}",
            rule=pl.lit(WINS[entity][name]),
        )
        for name in fields
    ]
    kind = pl.col("source").replace_strict(dict(KINDS), default=FILES)
    place = pl.when(kind == pl.col("rule")).then(0).when(kind != FILES).then(1).otherwise(2)
    known = pl.concat(parts).filter(pl.col("value").is_not_null()).with_columns(place=place)
    ordered = known.sort(*GROUP, "place", "source", "record_id").drop("place")
    return ordered.with_columns(rank=pl.int_range(pl.len()).over(GROUP))


def _compared(records: pl.DataFrame, field: str) -> pl.Expr:
    """A value as it is compared: a difference in case, spaces or notation is none."""
    if field == "phone":
        return pl.coalesce(keys.phone(field), keys.plain(field))
    if field == "tax_number" and "country" in records.columns:
        return pl.coalesce(keys.tax_number(field, "country"), keys.plain(field))
    return keys.plain(field)


def kept(known: pl.DataFrame) -> pl.DataFrame:
    """One row per group and field: the value that counts and where it comes from."""
    return known.filter(pl.col("rank") == 0).drop("rank")


def differing(known: pl.DataFrame) -> pl.DataFrame:
    """One row per value that gives way: entity, group_id, field, kept, kept_source, kept_id, other, other_source,
    other_id and rule."""
    winners = kept(known).select(
        *GROUP, kept="value", kept_source="source", kept_id="record_id", kept_compared="compared"
    )
    both = known.join(winners, on=GROUP, how="inner", validate="m:1", maintain_order="left")
    unlike = both.filter(pl.col("compared").ne_missing(pl.col("kept_compared")))
    return unlike.select(
        *(*GROUP, "kept", "kept_source", "kept_id"),
        other="value",
        other_source="source",
        other_id="record_id",
        rule="rule",
    )


def winning(rows: pl.DataFrame, groups: pl.DataFrame, entity: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of one kind, in each the values that count; and those rows that say something else, as they say it.

    ``groups``: record_id and group_id of records that are one. A record says nothing to who may not see it: its values
    count in records of its own company and region; those of all companies in each, and those of any region in records
    of no region, which only who sees all regions sees. Those of a person count in records of persons alone, for there
    they are masked. What was erased says nothing, and nothing is said of it.
    """
    key, schema = f"{entity}_id", rows.schema
    fields = [name for name in WINS[entity] if name in rows.columns and name not in MEASURES]
    where = [name for name in TOLD_BY if name in rows.columns]
    is_told = pl.col("deleted_at").is_null() & (pl.col("name") != ERASED)
    living = rows.filter(is_told).select("source", *where, *fields, record_id=key)
    members = living.join(groups, on="record_id", how="inner", validate="1:1")
    several = members.filter(pl.len().over("group_id") > 1)
    if several.is_empty():
        return rows, rows.clear()
    winners = _told(values(several, entity), several).rename({"record_id": key})
    both = rows.join(winners, on=key, how="left", validate="1:1", maintain_order="left")
    told = {name: pl.coalesce(pl.col(f"_{name}").cast(schema[name]), name) for name in fields}
    differs = pl.any_horizontal(told[name].ne_missing(pl.col(name)) for name in fields)
    as_given = both.filter(differs).select(rows.columns)
    return both.with_columns(told[name].alias(name) for name in fields).select(rows.columns), as_given


def _told(known: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """One row per record with, as ``_field``, the value that counts there; null where no record that it may be told of
    has any."""
    where = [name for name in TOLD_BY if name in members.columns]
    givers = members.select("record_id", *(pl.col(name).alias(f"giver_{name}") for name in where))
    said = known.join(givers, on="record_id", how="left", validate="m:1").drop("record_id")
    pairs = said.join(members.select("group_id", "record_id", *where), on="group_id")
    may = pairs.filter(*(_is_seen(name) for name in where))
    best = may.sort("rank").unique(("record_id", "field"), keep="first", maintain_order=True)
    wide = best.select("record_id", "value", field=pl.concat_str(pl.lit("_"), "field")).pivot(
        "field", index="record_id"
    )
    lacking = [f"_{name}" for name in WINS[str(known["entity"][0])] if f"_{name}" not in wide.columns]
    return wide.with_columns(pl.lit(None, pl.String).alias(name) for name in lacking)


def _is_seen(name: str) -> pl.Expr:
    """Whether who sees a record sees the one that gives it a value, as far as a column by which rights cut says."""
    giver = pl.col(f"giver_{name}")
    everywhere = {
        "company_id": giver == SHARED,
        "region": pl.col(name).is_null(),
        "is_company": giver.fill_null(value=True),
    }
    return everywhere[name] | (giver == pl.col(name)).fill_null(value=False)
