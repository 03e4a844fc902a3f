"""Rows set aside: which source row, for which table, by which rule, with what was in it."""

from dataclasses import dataclass, field

import polars as pl

from data_access.mapping import LINE, ROW

SCHEMA = {
    "source_table": pl.String,
    "table_name": pl.String,
    ROW: pl.String,
    LINE: pl.Int64,
    "rule": pl.String,
    "column_name": pl.String,
    "value": pl.String,
    "record": pl.String,
    "unified": pl.String,
    "company_id": pl.String,
}
LONGEST_VALUE = 200


def as_json(frame: pl.DataFrame, columns: list[str]) -> pl.Series:
    """Each row as a JSON object of texts; nulls stay null."""
    texts = [pl.col(name).cast(pl.String) for name in columns]
    return (
        frame.select(pl.struct(texts).struct.json_encode().alias("record")).to_series()
        if columns
        else pl.Series("record", [None] * frame.height, dtype=pl.String)
    )


@dataclass
class Aside:
    """What one run sets aside, collected table by table."""

    frames: list[pl.DataFrame] = field(default_factory=list)

    def add(self, rows: pl.DataFrame, *, source_table: str, table: str) -> None:
        """Adds rows that carry ``_row``, ``rule`` and, where known, ``_line``, ``column_name``, ``value``, ``record``,
        ``unified`` and ``company_id``."""
        if rows.is_empty():
            return
        named = rows.with_columns(source_table=pl.lit(source_table), table_name=pl.lit(table))
        given = set(named.columns)
        chosen = [
            (pl.col(name) if name in given else pl.lit(None)).cast(dtype).alias(name) for name, dtype in SCHEMA.items()
        ]
        storable = pl.col("value").str.replace_all("\x00", "\\0", literal=True).str.head(LONGEST_VALUE)
        self.frames.append(named.select(chosen).with_columns(storable))

    def all(self) -> pl.DataFrame:
        """One row per source row and unified table that it was meant for."""
        rows = pl.concat(self.frames) if self.frames else pl.DataFrame(schema=SCHEMA)
        return rows.unique(["source_table", "table_name", ROW], keep="first", maintain_order=True)

    def of(self, source_table: str) -> pl.DataFrame:
        """The rows of one source table."""
        return self.all().filter(pl.col("source_table") == source_table)
