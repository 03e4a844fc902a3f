"""Tables that somebody hands to an engine, and tables that it hands back: Parquet files, columns as given."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import polars as pl

SHOWN = 80


class NotUsable(Exception):
    """A file that an engine cannot work with. Its text is the sentence for the person who gave it: what, where, what
    to do."""


def taken(path: Path, needed: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The table of a Parquet file with the needed columns in the types asked for, and all other columns as they came.

    Numbers and instants may come as text; a day may come as an instant, whose day in its own zone counts, or as an
    ISO text; an instant may come as a day, whose beginning counts. Nulls stay null: what they mean, the engine says.
    Raises :class:`NotUsable` for a file that is not there, cannot be read, lacks a column, or holds a value that is
    not of the type asked for.
    """
    table = _read(path)
    missing = [name for name in needed if name not in table.columns]
    if missing:
        raise NotUsable(
            f"{path.name} has no column {', '.join(missing)}. It has: {', '.join(table.columns) or 'none'}."
            " Name the columns as the documentation does."
        )
    return table.with_columns(_typed(table[name], kind, path) for name, kind in needed.items())


def handed_back(table: pl.DataFrame, path: Path) -> None:
    """Writes the table whole or not at all. Raises :class:`NotUsable` where nothing can be written."""
    beside = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        table.write_parquet(beside)
        os.replace(beside, path)  # noqa: PTH105 - one step, over an older file too
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise NotUsable(f"{path} cannot be written: {error.strerror or error}. Name another file.") from error


def _read(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise NotUsable(f"{path} is not there. Name a Parquet file.")
    try:
        return pl.read_parquet(path, glob=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise NotUsable(f"{path.name} cannot be read as Parquet; it is damaged or of another kind.") from error


def _typed(column: pl.Series, kind: pl.DataType, path: Path) -> pl.Series:
    """The column in its type; the first value that cannot be is told."""
    try:
        cast = _cast(column, kind)
    except pl.exceptions.PolarsError:
        cast = pl.Series(column.name, [None] * column.len(), kind)
    lost = cast.is_null() & column.is_not_null()
    if lost.any():
        row = lost.arg_true()[0]
        value = str(column[row])[:SHOWN]
        raise NotUsable(
            f"{path.name}, row {row + 1}: {column.name} is {value!r}, which is no {_word(kind)}."
            " Correct it and try again."
        )
    return cast


def _cast(column: pl.Series, kind: pl.DataType) -> pl.Series:
    if column.dtype == kind:
        return column
    if isinstance(kind, pl.Date | pl.Datetime) and column.dtype in {pl.String, pl.Categorical}:
        return _instants(column.cast(pl.String)).cast(kind, strict=False)
    if isinstance(kind, pl.Date) and isinstance(column.dtype, pl.Datetime):
        return column.dt.date()
    if isinstance(kind, pl.Datetime) and isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone:
        return column.dt.convert_time_zone("UTC").dt.replace_time_zone(None).cast(kind)
    if isinstance(kind, pl.Date | pl.Datetime) and column.dtype.is_numeric():
        return pl.Series(column.name, [None] * column.len(), kind)
    return column.cast(kind, strict=False)


def _instants(texts: pl.Series) -> pl.Series:
    """ISO days and instants, with T or a blank between them."""
    trimmed = texts.str.strip_chars().str.replace("T", " ", literal=True)
    days = trimmed.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))
    instants = trimmed.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False, time_unit="us")
    return days.zip_with(days.is_not_null(), instants).alias(texts.name)


def _word(kind: pl.DataType) -> str:
    if isinstance(kind, pl.Date | pl.Datetime):
        return "date"
    return "number" if kind.is_numeric() else "text"
