"""Which records of different sources are one and the same: by exact keys only, reversibly, with the evidence.

Records themselves are never rewritten.
"""

import polars as pl

EVIDENCE: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "customer": (("tax number", ("tax_number",)), ("e-mail and name", ("email", "name"))),
    "supplier": (("tax number", ("tax_number",)), ("e-mail and name", ("email", "name"))),
    "product": (("barcode", ("barcode",)), ("item number", ("sku",))),
}
PAIRS = {"left": pl.String, "right": pl.String, "evidence": pl.String}


def plain(column: str) -> pl.Expr:
    """A key as it is compared: Unicode NFKC, lower case, without spaces around it; null where empty."""
    text = pl.col(column).str.normalize("NFKC").str.to_lowercase().str.strip_chars()
    return pl.when(text != "").then(text)


def exact_pairs(records: pl.DataFrame, entity: str) -> pl.DataFrame:
    """Pairs of records of different sources that agree on all columns of one evidence; one row per pair and evidence.

    ``records``: ``record_id``, ``source`` and the evidence's columns. A key that stands twice within one source is
    ambiguous there and joins nothing.
    """
    return pl.concat(
        [pl.DataFrame(schema=PAIRS), *(_pairs(records, name, columns) for name, columns in EVIDENCE[entity])]
    )


def _pairs(records: pl.DataFrame, evidence: str, columns: tuple[str, ...]) -> pl.DataFrame:
    keyed = records.select("record_id", "source", *(plain(name).alias(name) for name in columns)).drop_nulls(columns)
    clear = keyed.filter(pl.len().over("source", *columns) == 1)
    both = clear.join(clear, on=columns, suffix="_right").filter(pl.col("source") < pl.col("source_right"))
    return both.select(left="record_id", right="record_id_right", evidence=pl.lit(evidence))


def groups(pairs: pl.DataFrame) -> pl.DataFrame:
    """One row per record that belongs to a group: ``record_id``, ``group_id`` (the smallest key of its group) and all
    its evidence, joined by a comma."""
    edges = pl.concat([pairs, pairs.select(left="right", right="left", evidence="evidence")])
    labels = edges.select(record_id="left").unique().with_columns(group_id=pl.col("record_id"))
    while True:
        reached = (
            edges.join(labels, left_on="right", right_on="record_id")
            .group_by(record_id="left")
            .agg(pl.col("group_id").min().alias("other"))
        )
        smaller = labels.join(reached, on="record_id", how="left").select(
            "record_id", group_id=pl.min_horizontal("group_id", "other")
        )
        if smaller.sort("record_id").equals(labels.sort("record_id")):
            break
        labels = smaller
    evidence = edges.group_by(record_id="left").agg(pl.col("evidence").unique().sort().str.join(", "))
    return labels.join(evidence, on="record_id", validate="1:1").sort("group_id", "record_id")
