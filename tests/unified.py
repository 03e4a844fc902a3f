"""Rows for any unified table, made to be hard on whatever carries them: extremes, nulls, empty strings, quotes,
Chinese."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import dataframely as dy
import polars as pl

from analytics.tables import TABLES, ordered_columns, references

ROWS = 5
TEXTS = ("上海机械有限公司", 'O\'Brien "Söhne", GmbH\nline two\ttab', "", "NULL", "\\N")
DAYS = (date(1980, 1, 1), date(2100, 12, 31), date(2024, 2, 29), date(2026, 12, 31), date(2027, 1, 1))
INSTANTS = tuple(
    datetime.fromisoformat(text).replace(tzinfo=UTC)
    for text in (
        "1980-01-01T00:00:00",
        "2026-10-25T00:30:00.000001",
        "2100-12-31T23:59:59",
        "2026-02-02T08:00:00.999999",
        "2026-03-29T02:30:00",
    )
)
DIGITS = ("-123456789012", "0", "0.000001", "999999999999.999999", "-1.5")


def value(column: dy.Column, row: int) -> Any:
    """The value of a column in one of the rows."""
    if isinstance(column, dy.Enum):
        return str(list(column.categories)[row % len(column.categories)])
    if isinstance(column, dy.Decimal):
        return Decimal(DIGITS[row]).quantize(Decimal(1).scaleb(-column.scale))
    for kind, values in _VALUES:
        if isinstance(column, kind):
            return values[row]
    raise TypeError(type(column).__name__)


_VALUES: tuple[tuple[type[dy.Column], tuple[Any, ...]], ...] = (
    (dy.Datetime, INSTANTS),
    (dy.Date, DAYS),
    (dy.Bool, (True, False, True, False, True)),
    (dy.Int64, (0, 1, 2**62, 7, 2**31)),
    (dy.Float64, (0.1 + 0.2, -0.0, 1e-300, 1e300, 2.5)),
    (dy.String, TEXTS),
)


def key(table: str, row: int) -> str:
    """The key of a row."""
    return f"test:{table} 号 {row}"


def rows(table: str) -> pl.DataFrame:
    """Five rows; the third is null wherever it may be.

    What a row refers to is the row of the same number.
    """
    schema = TABLES[table]
    columns, parents = schema.columns(), references(schema)
    data: dict[str, list[Any]] = {}
    for name in ordered_columns(schema):
        column = columns[name]
        if name in parents:
            data[name] = [key(parents[name], row) for row in range(ROWS)]
        elif column.primary_key and isinstance(column, dy.String):
            data[name] = [key(table, row) for row in range(ROWS)]
        else:
            data[name] = [value(column, row) for row in range(ROWS)]
        if column.nullable:
            data[name][2] = None
    return pl.DataFrame(data, schema={name: columns[name].dtype for name in ordered_columns(schema)})
