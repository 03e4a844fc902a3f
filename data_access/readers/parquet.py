"""Parquet: read whole and verified by Arrow, then every column as text."""

from collections.abc import Collection

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from data_access.readers.cells import INSTANT, NOT_NUMBERS, float_texts, number_texts
from data_access.readers.delivery import LINE, RawTable, TableRefused
from data_access.readers.files import Piece
from data_access.readers.headers import column_names
from data_access.readers.problems import closed, listed
from data_access.readers.signatures import HEAD, PARQUET, require_kind

MOST_CELLS = 500_000_000


def read_parquet(piece: Piece, known: Collection[str]) -> RawTable:
    """The table of a Parquet file; any fault in its bytes refuses it."""
    with piece.path.open("rb") as opened:
        head = opened.read(HEAD)
    if head:
        require_kind(head, piece.label, PARQUET)
    table = _verified(piece)
    frame, problems = _texts(table, column_names(table.column_names, piece.label), piece.label)
    return closed(piece.stem, piece.label, frame, known, problems=problems)


def _verified(piece: Piece) -> pa.Table:
    try:
        with pq.ParquetFile(piece.path, page_checksum_verification=True) as file:
            if file.metadata.num_rows * max(1, file.metadata.num_columns) > MOST_CELLS:
                raise TableRefused("too_large", f"{piece.label} has more than {MOST_CELLS:,} cells; split it.")
            table = file.read()
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise TableRefused(
            "unreadable", f"{piece.label} is damaged or incomplete and cannot be read; send it again."
        ) from error
    return table


def _texts(table: pa.Table, names: list[str], file: str) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    columns = [_text(table.column(position), name, file) for position, name in enumerate(names)]
    lines = pl.int_range(1, table.num_rows + 1, dtype=pl.Int64, eager=True).alias(LINE)
    frame = pl.DataFrame([lines, *(column for column, _ in columns)])
    problems = [listed(_suspects(frame, column.name, rule), column.name, rule) for column, rule in columns if rule]
    return frame, problems


def _suspects(frame: pl.DataFrame, column: str, rule: str) -> pl.DataFrame:
    return frame.filter(pl.col(column).is_in(NOT_NUMBERS) if rule == "not_a_number" else pl.col(column).is_not_null())


def _text(column: pa.ChunkedArray, name: str, file: str) -> tuple[pl.Series, str | None]:
    """The column as text, and the rule that some of its values may break."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _text(column.cast(kind.value_type), name, file)
    if isinstance(kind, pa.BaseExtensionType):
        return _text(pa.chunked_array([chunk.storage for chunk in column.chunks], kind.storage_type), name, file)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return _bytes_shown(column).alias(name), "binary_value"
    if pa.types.is_nested(kind):
        return pl.Series(name, [_shown(value) for value in column.to_pylist()], dtype=pl.String), "nested_value"
    if pa.types.is_floating(kind):
        return float_texts(
            pl.Series(name, column.cast(pa.float64()) if kind == pa.float16() else column)
        ), "not_a_number"
    return _scalar_text(column, name, file), None


def _bytes_shown(column: pa.ChunkedArray) -> pl.Series:
    values = pl.Series(column.cast(pa.large_binary()))
    return values.bin.head(100).bin.encode("hex")


def _shown(value: object) -> str | None:
    return None if value is None else str(value)[:200]


def _scalar_text(column: pa.ChunkedArray, name: str, file: str) -> pl.Series:
    kind = column.type
    if pa.types.is_timestamp(kind):
        return _instant_text(column, name)
    if not _is_plain(kind):
        raise TableRefused(
            "not_supported", f"{file} has the column {name} of type {kind}, which we do not read; write it as text."
        )
    if pa.types.is_decimal(kind):
        return number_texts(pl.Series(name, column.cast(pa.string())))
    if pa.types.is_date64(kind):
        column = column.cast(pa.date32())
    return pl.Series(name, column.cast(pa.string()) if pa.types.is_null(kind) else column).cast(pl.String)


def _is_plain(kind: pa.DataType) -> bool:
    tests = (
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_string_view,
        pa.types.is_integer,
        pa.types.is_boolean,
        pa.types.is_date,
        pa.types.is_time,
        pa.types.is_decimal,
        pa.types.is_null,
    )
    return any(test(kind) for test in tests)


def _instant_text(column: pa.ChunkedArray, name: str) -> pl.Series:
    zone = "UTC" if column.type.tz else None
    instants = pl.Series(name, column.cast(pa.timestamp("us", zone), safe=False))
    return instants.dt.to_string(INSTANT + ("+00:00" if zone else ""))
