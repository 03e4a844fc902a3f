"""What a reading says in the unified model, without a store: rows typed by contract, and what was set aside."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from analytics.tables import TABLES, ordered_columns
from data_access.mapping import Extract, Reading
from refresh.translate import translated


@dataclass(frozen=True)
class Loaded:
    """``tables``: unified rows. ``aside``: rows that fit no contract. ``extracts`` by (unified, source table)."""

    reading: Reading
    tables: dict[str, pl.DataFrame]
    aside: pl.DataFrame
    extracts: dict[tuple[str, str], Extract] = field(default_factory=dict)

    def __getitem__(self, table: str) -> pl.DataFrame:
        return self.tables[table]

    def row(self, table: str, key: int | str) -> dict[str, object]:
        """The one row of a table with Odoo's own key."""
        rows = self[table].filter(pl.col("source_id") == str(key))
        return rows.row(0, named=True) if rows.height == 1 else {"rows": rows.height}


def loaded(reading: Reading) -> Loaded:
    """All extracts of a reading, translated."""
    made = [(extract, translated(extract, reading.source)) for extract in reading.extracts]
    frames: dict[str, list[pl.DataFrame]] = {}
    for extract, result in made:
        frames.setdefault(extract.mapping.to, []).append(_whole(extract.mapping.to, result.rows))
    return Loaded(
        reading=reading,
        tables={table: pl.concat(rows) for table, rows in frames.items()},
        aside=pl.concat([result.aside for _, result in made], how="diagonal"),
        extracts={(extract.mapping.to, extract.mapping.table): extract for extract in reading.extracts},
    )


def _whole(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    given = {"load_id": pl.lit(None, pl.Int64), "deleted_at": pl.lit(None, pl.Datetime("us", "UTC"))}
    columns = ordered_columns(TABLES[table])
    return rows.with_columns(**{name: value for name, value in given.items() if name not in rows.columns}).select(
        columns
    )


def differences(one: Loaded, other: Loaded) -> dict[str, object]:
    """By table, the rows of one that the other does not have: nothing where both are the same.

    Levels are compared without their day, which is that of the reading.
    """
    told = {name: (_told(one, name), _told(other, name)) for name in {*one.tables, *other.tables}}
    apart: dict[str, object] = {name: (a - b, b - a) for name, (a, b) in told.items() if a != b}
    controls = {key: (_control(one, key), _control(other, key)) for key in {*one.extracts, *other.extracts}}
    return apart | {"/".join(key): (a, b) for key, (a, b) in controls.items() if a != b}


def _told(unified: Loaded, table: str) -> Counter[tuple[object, ...]]:
    rows = unified.tables.get(table, pl.DataFrame())
    return Counter(rows.drop("as_of_on", *(("source_id",) if table == "inventory_levels" else ()), strict=False).rows())


def _control(unified: Loaded, key: tuple[str, str]) -> dict[str, Decimal]:
    extract = unified.extracts[key]
    told = {name: Decimal(value) for name, value in extract.control.items()}
    return told | {"left out": Decimal(extract.rows_left_out)}
