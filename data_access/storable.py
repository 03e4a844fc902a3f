"""Frames of the unified model to what a database holds, and back, without loss.

SQLite: decimals as canonical text, instants as ISO 8601 text ending in Z, days as ISO text, booleans as 0 and 1.
PostgreSQL: the same frame as CSV for COPY, where an empty string is quoted and a null is not.
"""

import io

import polars as pl

from analytics.tables import Record, ordered_columns
from analytics.tables.columns import INSTANT

SQLITE_INSTANT = "%Y-%m-%dT%H:%M:%S%.6fZ"


def conform(frame: pl.DataFrame, schema: type[Record]) -> pl.DataFrame:
    """The frame with exactly the schema's columns, order and types; columns that are missing are null."""
    dtypes = schema.columns()
    given = set(frame.columns)
    return frame.select(
        (pl.col(name) if name in given else pl.lit(None)).cast(dtypes[name].dtype, strict=True).alias(name)
        for name in ordered_columns(schema)
    )


def _canonical(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    digits = column.cast(pl.String)
    if getattr(dtype, "scale", 0) == 0:
        return digits
    return digits.str.strip_chars_end("0").str.strip_chars_end(".")


def _to_sqlite(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Decimal):
        return _canonical(column, dtype)
    if isinstance(dtype, pl.Datetime):
        return column.dt.strftime(SQLITE_INSTANT)
    if isinstance(dtype, pl.Boolean):
        return column.cast(pl.Int64)
    return column if isinstance(dtype, (pl.Int64, pl.Float64)) else column.cast(pl.String)


def to_sqlite(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame as SQLite keeps it."""
    return frame.select(_to_sqlite(name, dtype) for name, dtype in frame.schema.items())


def to_copy(frame: pl.DataFrame) -> bytes:
    """The frame as the body of a PostgreSQL COPY in CSV."""
    instants = [
        pl.col(name).dt.strftime(SQLITE_INSTANT)
        for name, dtype in frame.schema.items()
        if isinstance(dtype, pl.Datetime)
    ]
    return frame.with_columns(instants).write_csv(None, include_header=False, quote_style="non_numeric").encode()


def from_copy(csv: bytes, columns: tuple[str, ...]) -> pl.DataFrame:
    """The text frame out of a PostgreSQL COPY in CSV with a header."""
    if csv.find(b"\n") == len(csv) - 1:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    return pl.read_csv(io.BytesIO(csv), infer_schema=False)


def _typed(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name).cast(pl.String)
    if isinstance(dtype, pl.Datetime):
        return (
            column.str.replace(" ", "T", literal=True)
            .str.replace(r"(\+00|Z)$", "+0000")
            .str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%z")
            .cast(INSTANT)
        )
    if isinstance(dtype, pl.Boolean):
        return column.is_in(["1", "t", "true"])
    if isinstance(dtype, pl.Date):
        return column.str.to_date("%Y-%m-%d")
    return column.cast(dtype)


def from_text(frame: pl.DataFrame, schema: type[Record]) -> pl.DataFrame:
    """The typed frame out of a database's text frame, which may hold only some of the columns."""
    dtypes = {name: column.dtype for name, column in schema.columns().items()}
    if frame.is_empty():
        return pl.DataFrame(schema={name: dtypes[name] for name in frame.columns})
    return frame.select(
        pl.when(pl.col(name).is_not_null()).then(_typed(name, dtypes[name])).alias(name) for name in frame.columns
    )
