"""Exact numbers and tables: the sample counts in whole numbers; here they become decimals, texts and frames.

Quantities are counted in thousandths of the base unit, money in cents, prices in ten-thousandths of the currency.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from analytics.tables import TABLES, fields
from analytics.tables.columns import DECIMAL
from sample_data.plan import Mask, Numbers

UNIT = 1_000

Column = pl.Series | Sequence[Any] | Numbers | Mask | str | bool | None


def half_up(value: Numbers, divisor: int | Numbers) -> Numbers:
    """Whole-number division, rounded to the nearest; halves go away from zero."""
    up = (np.abs(value) * 2 + divisor) // (2 * divisor)
    return np.where(value < 0, -up, up)


def line_cents(quantity: Numbers, price: Numbers, discount: Numbers | int = 0) -> Numbers:
    """The amount of a line in cents, from thousandths of a unit, ten-thousandths of money and percent of discount."""
    return half_up(np.asarray(quantity, np.int64) * price * (100 - discount), 10**7)


def share_of(cents: Numbers, percent: Numbers | int) -> Numbers:
    """A percentage of an amount, in cents: a tax."""
    return half_up(np.asarray(cents, np.int64) * percent, 100)


def quantities(thousandths: Sequence[int] | Numbers, where: Mask | None = None) -> pl.Series:
    """Thousandths of a unit as decimals."""
    return _decimals(thousandths, "0.001", where)


def money(cents: Sequence[int] | Numbers, where: Mask | None = None) -> pl.Series:
    """Cents as decimals."""
    return _decimals(cents, "0.01", where)


def prices(ten_thousandths: Sequence[int] | Numbers, where: Mask | None = None) -> pl.Series:
    """Ten-thousandths of a currency's unit as decimals."""
    return _decimals(ten_thousandths, "0.0001", where)


def millionths(values: Sequence[int] | Numbers, where: Mask | None = None) -> pl.Series:
    """Millionths as decimals."""
    return _decimals(values, "0.000001", where)


def whole(values: Sequence[int] | Numbers, where: Mask | None = None) -> pl.Series:
    """Whole numbers as decimals."""
    return _decimals(values, "1", where)


def _decimals(values: Sequence[int] | Numbers, step: str, where: Mask | None) -> pl.Series:
    column = pl.lit(pl.Series(np.asarray(values, dtype=np.int64))).cast(DECIMAL) * pl.lit(Decimal(step))
    kept = column if where is None else pl.when(pl.lit(pl.Series(np.asarray(where, dtype=bool)))).then(column)
    return pl.select(kept.cast(DECIMAL)).to_series()


def labels(prefix: str, numbers: Sequence[int] | Numbers, *, width: int = 6, where: Mask | None = None) -> pl.Series:
    """Keys such as ``SO-000123``; null where ``where`` is false."""
    text = pl.lit(prefix) + pl.lit(pl.Series(np.asarray(numbers, dtype=np.int64))).cast(pl.String).str.zfill(width)
    kept = text if where is None else pl.when(pl.lit(pl.Series(np.asarray(where, dtype=bool)))).then(text)
    return pl.select(kept.cast(pl.String)).to_series()


def picked(values: Sequence[Any] | pl.Series, index: Sequence[int] | Numbers) -> pl.Series:
    """The value at each index; null where the index is negative."""
    at = np.asarray(index, dtype=np.int64)
    padded = np.array([*values, None], dtype=object)
    return pl.Series(padded[np.where(at < 0, len(padded) - 1, at)].tolist(), dtype=_text_if(values))


def _text_if(values: Sequence[Any] | pl.Series) -> type[pl.String] | None:
    return pl.String if all(value is None or isinstance(value, str) for value in values) else None


def table(name: str, /, **columns: Column) -> pl.DataFrame:
    """A template table: the schema's own columns in its order and types, and ``company_id``. Constants are repeated.

    Refuses a column that the schema has not.
    """
    schema = TABLES[name]
    order = dict.fromkeys(("company_id", *fields(schema)))
    unknown = columns.keys() - order.keys()
    if unknown:
        raise ValueError(f"The table {name} has no column {', '.join(sorted(unknown))}.")
    types = {column: _portable(kind) for column, kind in schema.create_empty().schema.items()}
    height = next(len(values) for values in columns.values() if not isinstance(values, str | bool | None))
    return pl.DataFrame({c: _typed(columns[c], types[c], height) for c in order if c in columns})


def _portable(kind: pl.DataType) -> pl.DataType:
    return pl.String() if isinstance(kind, pl.Enum) else kind


def _typed(values: Column, kind: pl.DataType, height: int) -> pl.Series:
    if isinstance(values, str | bool | None):
        return pl.repeat(values, height, dtype=kind, eager=True)
    column = values if isinstance(values, pl.Series) else pl.Series(values, dtype=_first_type(values, kind))
    return column.cast(kind)


def _first_type(values: Sequence[Any] | Numbers | Mask, kind: pl.DataType) -> pl.DataType | None:
    return None if isinstance(values, np.ndarray) else kind
