"""Reading a clean text table all at once: the shape of every record is proved by array arithmetic, then Polars parses.

The result must equal the careful, record by record way; whatever could make the two differ is left to the careful one.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data_access.readers.delivery import LINE

LARGEST = 512 * 1024 * 1024
WINDOW = 16 * 1024 * 1024
BOM = b"\xef\xbb\xbf"

Positions = NDArray[np.int64]


@dataclass(frozen=True)
class _Marks:
    """Where quotes, line ends and delimiters stand in the text."""

    quotes: Positions
    newlines: Positions
    delimiters: Positions


def clean_frame(path: Path, delimiter: str, columns: tuple[str, ...], *, after_line: int) -> pl.DataFrame | None:
    """`_line` and all columns of the records after this line; None unless every record is regular and of full width."""
    content = _content(path)
    if content is None:
        return None
    marks = _marks(content, delimiter)
    start = _start(marks.newlines, after_line)
    if start >= len(content):
        return _empty(columns)
    if not _quotes_are_regular(content, marks.quotes, delimiter):
        return None
    ends = _record_ends(marks, start, len(content))
    if not _widths_are_equal(marks, ends, start, len(columns)):
        return None
    return _parsed(
        content[start:], delimiter, columns, _lines(marks.newlines, ends, start), quoted=bool(marks.quotes.size)
    )


def _content(path: Path) -> bytes | None:
    """The text without its mark and trailing line ends, None where it is too large or has line ends of another kind."""
    if not 0 < path.stat().st_size <= LARGEST:
        return None
    content = path.read_bytes().removeprefix(BOM)
    if content.count(b"\r") != content.count(b"\r\n"):
        return None
    return content.rstrip(b"\r\n")


def _marks(content: bytes, delimiter: str) -> _Marks:
    quotes, newlines, delimiters = (_positions(content, mark) for mark in ('"', "\n", delimiter))
    return _Marks(quotes, newlines, delimiters)


def _positions(content: bytes, mark: str) -> Positions:
    codes = np.frombuffer(content, dtype=np.uint8)
    windows = [
        np.flatnonzero(codes[start : start + WINDOW] == ord(mark)) + start for start in range(0, codes.size, WINDOW)
    ]
    return np.concatenate(windows) if windows else np.empty(0, dtype=np.int64)


def _start(newlines: Positions, after_line: int) -> int:
    return int(newlines[after_line - 1]) + 1 if after_line <= newlines.size else np.iinfo(np.int64).max


def _quotes_are_regular(content: bytes, quotes: Positions, delimiter: str) -> bool:
    """Every opening quote begins a field or follows an escaped one; every closing quote ends a field or is escaped."""
    if quotes.size % 2 or not quotes.size:
        return not quotes.size
    codes = np.frombuffer(b"\n" + content + b"\n", dtype=np.uint8)
    opening, closing = quotes[0::2], quotes[1::2]
    edges = (ord(delimiter), ord("\n"))
    begins = np.isin(codes[opening], edges)
    ends = np.isin(codes[closing + 2], (*edges, ord("\r")))
    joined = closing[:-1] + 1 == opening[1:]
    return bool((begins | np.append(False, joined)).all() and (ends | np.append(joined, False)).all())


def _outside(positions: Positions, quotes: Positions) -> Positions:
    return positions[np.searchsorted(quotes, positions) % 2 == 0] if quotes.size else positions


def _record_ends(marks: _Marks, start: int, size: int) -> Positions:
    newlines = _outside(marks.newlines, marks.quotes)
    return np.append(newlines[newlines >= start], size)


def _widths_are_equal(marks: _Marks, ends: Positions, start: int, width: int) -> bool:
    delimiters = _outside(marks.delimiters, marks.quotes)
    up_to = np.searchsorted(delimiters, np.append(start, ends))
    return bool((np.diff(up_to) == width - 1).all())


def _lines(newlines: Positions, ends: Positions, start: int) -> pl.Series:
    starts = np.append(start, ends[:-1] + 1)
    return pl.Series(LINE, np.searchsorted(newlines, starts) + 1, dtype=pl.Int64)


def _parsed(
    content: bytes, delimiter: str, columns: tuple[str, ...], lines: pl.Series, *, quoted: bool
) -> pl.DataFrame | None:
    frame = pl.read_csv(
        content,
        has_header=False,
        schema=dict.fromkeys(columns, pl.String),
        separator=delimiter,
        quote_char='"' if quoted else None,
    )
    if frame.height != lines.len():
        return None
    return frame.select(lines, pl.when(pl.col(columns) != "").then(pl.col(columns)))


def _empty(columns: tuple[str, ...]) -> pl.DataFrame:
    return pl.DataFrame(schema={LINE: pl.Int64, **dict.fromkeys(columns, pl.String)})
