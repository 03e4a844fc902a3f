"""Whose value counts where records that are one differ: a rule for each field, and what the others say instead.

No record is changed. ERP systems invoice and deliver, so what law and logistics rest on is theirs; CRM systems talk to
people, so how to reach them and how they are served is theirs.
"""

from collections.abc import Mapping

import polars as pl

from analytics import business_keys as keys

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
