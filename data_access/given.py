"""Tables that somebody hands to an engine, and tables that it hands back: Parquet files, columns as given."""

import contextlib
import os
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import polars as pl

SHOWN = 80
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
FARTHEST = 8 * 10**18
WRITTEN = (
    r"^(?<day>\d{4}-\d{1,2}-\d{1,2})[T ](?<minute>\d{1,2}:\d{2})(?<second>:\d{2}(?:\.\d+)?)?"
    r" ?(?:Z|(?<sign>[+-])(?<hours>\d{2}):?(?<minutes>\d{2})?)?$"
)


class NotUsable(Exception):
    """A file that an engine cannot work with. Its text is the sentence for the person who gave it: what, where, what
    to do."""


def taken(path: Path, needed: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The table of a Parquet file with the needed columns in the types asked for, and all other columns as they came.

    Numbers and instants may come as text; a day may come as an instant, whose day in its own zone counts, or as an
    ISO text; an instant may come as a day, whose beginning counts. Instants with a zone are told in UTC. Kinds
    (categories) come as text, in all columns. Nulls stay null: what they mean, the engine says. Raises
    :class:`NotUsable` for a file that is not there, cannot be read, lacks a column, holds a value that is not of the
    type asked for, or a day outside 1900 to 2200.
    """
    table = _without_categories(_read(path))
    missing = [name for name in needed if name not in table.columns]
    if missing:
        raise NotUsable(
            f"{path.name} has no column {', '.join(missing)}. It has: {', '.join(table.columns) or 'none'}."
            " Name the columns as the documentation does."
        )
    return table.with_columns(_typed(table[name], kind, path) for name, kind in needed.items())


def named(path: Path, name: str, needed: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The table of a file whose rows are named by a column, as text: 1 is the same name as 1.0. See :func:`taken`."""
    table = taken(path, {name: pl.String()} | dict(needed))
    kind = kinds(path)[name]
    return table.with_columns(pl.col(name).str.replace(r"\.0+$", "")) if kind.is_numeric() else table


def as_given(told: pl.DataFrame, name: str, path: Path) -> pl.DataFrame:
    """The names of an answer in the type that they have in the file: numbers where it holds numbers."""
    kind = kinds(path)[name]
    return told.with_columns(pl.col(name).cast(kind)) if kind.is_numeric() else told


def kinds(path: Path) -> pl.Schema:
    """The columns of a file as they lie there."""
    return pl.scan_parquet(path, glob=False).collect_schema()


def handed_back(table: pl.DataFrame, path: Path) -> None:
    """Writes the table whole or not at all. Raises :class:`NotUsable` where nothing can be written."""
    if path.is_dir():
        raise NotUsable(f"{path} is a folder. Name a file.")
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


def _without_categories(table: pl.DataFrame) -> pl.DataFrame:
    kinds = [name for name, kind in table.schema.items() if isinstance(kind, pl.Categorical | pl.Enum)]
    return table.with_columns(pl.col(kinds).cast(pl.String))


def _typed(column: pl.Series, kind: pl.DataType, path: Path) -> pl.Series:
    """The column in its type; the first value that cannot be is told."""
    try:
        cast = _cast(column, kind)
    except pl.exceptions.PolarsError:
        cast = pl.Series(column.name, [None] * column.len(), kind)
    _refuse(cast.is_null() & column.is_not_null(), column, path, f"which is no {_word(kind)}")
    if isinstance(kind, pl.Date):
        far = ~cast.is_between(EARLIEST, LATEST)
        _refuse(far.fill_null(value=False), column, path, f"not a day from {EARLIEST.year} to {LATEST.year}")
    return cast


def _refuse(wrong: pl.Series, column: pl.Series, path: Path, why: str) -> None:
    if wrong.any():
        row = wrong.arg_true()[0]
        raise NotUsable(
            f"{path.name}, row {row + 1}: {column.name} is {_shown(column, row)!r}, {why}. Correct it and try again."
        )


def _shown(column: pl.Series, row: int) -> str:
    cell = column.slice(row, 1)
    try:
        is_lost = isinstance(cell.dtype, pl.Datetime) and _in_microseconds(cell, cell.dtype).has_nulls()
        return "beyond the year 9999" if is_lost else str(cell[0])[:SHOWN]
    except (OverflowError, ValueError):
        return "beyond the year 9999"


def _cast(column: pl.Series, kind: pl.DataType) -> pl.Series:
    if column.dtype == kind:
        return column
    if isinstance(kind, pl.Date | pl.Datetime) and column.dtype == pl.String:
        return _instants(column, in_utc=isinstance(kind, pl.Datetime)).cast(kind, strict=False)
    if isinstance(kind, pl.Date | pl.Datetime) and isinstance(column.dtype, pl.Datetime):
        return _of_instants(column, column.dtype, kind)
    if isinstance(kind, pl.Date | pl.Datetime) and column.dtype.is_numeric():
        return pl.Series(column.name, [None] * column.len(), kind)
    return column.cast(kind, strict=False)


def _of_instants(column: pl.Series, given: pl.Datetime, kind: pl.DataType) -> pl.Series:
    """Days in the column's own zone, or instants in UTC; null beyond what a calendar can tell."""
    told = _in_microseconds(column, given)
    if isinstance(kind, pl.Date):
        return told.dt.date()
    in_utc = told.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if given.time_zone else told
    return in_utc.cast(kind)


def _in_microseconds(column: pl.Series, given: pl.Datetime) -> pl.Series:
    """Null what is so far away that polars would stop the program over it."""
    exact = column.cast(pl.Datetime("us", given.time_zone), strict=False)
    return exact.zip_with(exact.to_physical().is_between(-FARTHEST, FARTHEST), exact.clear(exact.len()))


def _instants(texts: pl.Series, *, in_utc: bool) -> pl.Series:
    """ISO days and instants, with T or a blank between them, with or without seconds and a zone: as they are written,
    or in UTC."""
    trimmed = texts.str.strip_chars()
    days = trimmed.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))
    parts = trimmed.str.extract_groups(WRITTEN).struct.unnest()
    written = pl.concat_str("day", pl.lit(" "), "minute", pl.col("second").fill_null(":00"))
    local = written.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False, time_unit="us")
    ahead = pl.duration(hours=pl.col("hours").cast(pl.Int64), minutes=pl.col("minutes").cast(pl.Int64).fill_null(0))
    offset = pl.when(pl.col("sign") == "-").then(-ahead).otherwise(ahead).fill_null(timedelta())
    instants = parts.select((local - offset) if in_utc else local).to_series()
    return days.zip_with(days.is_not_null(), instants).alias(texts.name)


def _word(kind: pl.DataType) -> str:
    if isinstance(kind, pl.Date | pl.Datetime):
        return "date"
    return "number" if kind.is_numeric() else "text"
