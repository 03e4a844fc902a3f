"""CSV, TSV and TXT: what separates, where the header is, and then the rows, quickly where the file is clean."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import polars as pl

from data_access.readers.clean_text import clean_frame
from data_access.readers.delivery import LINE, RawTable, TableRefused
from data_access.readers.encodings import Utf8Text, as_utf8
from data_access.readers.files import Piece
from data_access.readers.headers import column_names, furniture_warning, header_position, is_blank, is_total, matches
from data_access.readers.problems import Problems, closed
from data_access.readers.records import Record, records
from data_access.readers.signatures import HEAD, require_text

DELIMITERS = (",", ";", "\t", "|")
SEPARATOR_LINE = re.compile(r"sep=.?$", re.IGNORECASE)
SEARCHED = 200
SEARCHED_CHARACTERS = 4_000_000
CHUNK = 50_000
MANY_LINES = 3


@dataclass(frozen=True)
class Layout:
    """How a text table is laid out: its delimiter, its columns, which record names them, the titles above."""

    delimiter: str
    columns: tuple[str, ...]
    header: int
    header_ends: int
    titles: tuple[int, ...]


@dataclass(frozen=True)
class Rows:
    """The rows of a text table, what is wrong with them, and the line of a totals row that was left out."""

    frame: pl.DataFrame
    problems: Problems
    totals: tuple[int, ...]


def read_delimited(piece: Piece, known: Collection[str]) -> RawTable:
    """The table of a text file; raises TableRefused when it cannot be understood."""
    with piece.path.open("rb") as opened:
        require_text(opened.read(HEAD), piece.label)
    text = as_utf8(piece)
    layout = layout_of(text, known, piece.label)
    rows = clean_rows(text, layout) or careful_rows(text, layout, piece.label)
    warnings = (*text.warnings, *furniture_warning(piece.label, (*layout.titles, *rows.totals)))
    return closed(piece.stem, piece.label, rows.frame, known, problems=[rows.problems.frame()], warnings=warnings)


def layout_of(text: Utf8Text, known: Collection[str], file: str) -> Layout:
    """The layout for which the evidence is best: the delimiter whose header names most known columns."""
    samples = {delimiter: _sample(text, delimiter) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda candidate: _evidence(samples[candidate], known))
    sample = samples[delimiter]
    position = header_position([record.fields for record in sample], known)
    if position is None:
        raise TableRefused("no_header", f"{file} is empty; send it with at least the row of column names.")
    header = sample[position]
    if header.unclosed:
        raise _unclosed(header, file)
    titles = tuple(record.line for record in sample[:position] if not _is_technical(record))
    return Layout(delimiter, tuple(column_names(header.fields, file)), position, header.end_line, titles)


def _sample(text: Utf8Text, delimiter: str) -> list[Record]:
    sample = []
    for record in islice(records(_head_lines(text), delimiter), SEARCHED):
        sample.append(record)
        if record.unclosed:
            break
    return sample


def _head_lines(text: Utf8Text) -> Iterator[str]:
    seen = 0
    for line in lines(text):
        yield line
        seen += len(line)
        if seen > SEARCHED_CHARACTERS:
            return


def _evidence(sample: Sequence[Record], known: Collection[str]) -> tuple[int, int]:
    named = max((matches(record.fields, known) for record in sample), default=0)
    return named, len(sample[0].fields) if sample else 0


def _is_technical(record: Record) -> bool:
    return is_blank(record.fields) or bool(SEPARATOR_LINE.match(record.fields[0]))


def lines(text: Utf8Text) -> Iterator[str]:
    """The lines of the file with their endings; CR LF, LF and a lone CR each end one."""
    with text.path.open(encoding="utf-8-sig", newline="") as opened:
        yield from opened


def clean_rows(text: Utf8Text, layout: Layout) -> Rows | None:
    """All rows at once, where every record of the file is regular; None where anything is odd."""
    frame = clean_frame(text.path, layout.delimiter, layout.columns, after_line=layout.header_ends)
    if frame is None:
        return None
    filled = frame.filter(~pl.all_horizontal(_says_nothing(column) for column in layout.columns))
    if filled.is_empty():
        return Rows(filled, Problems(), ())
    line, *cells = filled.row(-1)
    if is_total(cells, len(layout.columns)):
        return Rows(filled.head(-1), Problems(), (line,))
    return Rows(filled, Problems(), ())


def _says_nothing(column: str) -> pl.Expr:
    return pl.col(column).is_null() | (pl.col(column).str.strip_chars() == "")


def careful_rows(text: Utf8Text, layout: Layout, file: str) -> Rows:
    """All rows, record by record, with what is wrong with them; refuses a file whose rows cannot be told apart."""
    table = _Table(layout, file)
    body = islice(records(lines(text), layout.delimiter), layout.header + 1, None)
    filled = (record for record in body if record.unclosed or not is_blank(record.fields))
    last = None
    for record in filled:
        if last:
            table.take(last)
        last = record
    return table.ended_by(last)


def _unclosed(record: Record, file: str) -> TableRefused:
    return TableRefused(
        "unclosed_quote",
        f"{file} has a quote in line {record.opened_at} that is not closed and swallows the lines after it; "
        "close it and send the file again.",
    )


class _Table:
    """The rows read so far, and what is wrong with them."""

    def __init__(self, layout: Layout, file: str) -> None:
        self.layout, self.file = layout, file
        self.width = len(layout.columns)
        self.problems = Problems()
        self.short_rows = 0
        self.waiting: list[Record] = []
        self.frames = [_frame([], layout)]

    def take(self, record: Record) -> None:
        """One more row that is not the last."""
        self._refuse_swallowed(record)
        self._note_problems(record)
        self.short_rows += len(record.fields) < self.width
        self.waiting.append(record)
        if len(self.waiting) == CHUNK:
            self._flush()

    def ended_by(self, last: Record | None) -> Rows:
        """The whole table, once its last filled row is known: a totals row is left out, half a row means a cut file."""
        if last and not last.unclosed and is_total(last.fields, self.width):
            return self._rows((last.line,))
        if last:
            self._refuse_truncated(last)
            self.take(last)
        return self._rows(())

    def _rows(self, totals: tuple[int, ...]) -> Rows:
        self._flush()
        return Rows(pl.concat(self.frames), self.problems, totals)

    def _flush(self) -> None:
        self.frames.append(_frame(self.waiting, self.layout))
        self.waiting = []

    def _refuse_truncated(self, last: Record) -> None:
        if last.unclosed or len(last.fields) >= self.width or (last.ended and self.short_rows):
            return
        raise TableRefused(
            "truncated",
            f"{self.file} ends in the middle of line {last.line}, after {len(last.fields)} of {self.width} columns; "
            "send the whole file again.",
        )

    def _refuse_swallowed(self, record: Record) -> None:
        if not record.unclosed and not (record.inner_lines and self._lost_track(record)):
            return
        raise _unclosed(record, self.file)

    def _lost_track(self, record: Record) -> bool:
        if record.stray_quote:
            return True
        whole_rows = self.width - 1 in record.inner_delimiters
        return len(record.fields) != self.width and (whole_rows or record.inner_lines >= MANY_LINES)

    def _note_problems(self, record: Record) -> None:
        if len(record.fields) != self.width:
            self.problems.add(record.line, "field_count", value=record.text)
        if record.stray_quote:
            self.problems.add(record.line, "stray_quote", value=record.text)
        for position in record.oversized:
            if position < self.width:
                column = self.layout.columns[position]
                self.problems.add(record.line, "field_too_long", column=column, value=record.fields[position])


def _frame(rows: Sequence[Record], layout: Layout) -> pl.DataFrame:
    width = len(layout.columns)
    padding = [""] * width
    cells = [row.fields if len(row.fields) == width else [*row.fields, *padding][:width] for row in rows]
    values = list(zip(*cells, strict=True)) or [()] * width
    texts = [pl.Series(name, column, dtype=pl.String) for name, column in zip(layout.columns, values, strict=True)]
    numbered = pl.DataFrame([pl.Series(LINE, [row.line for row in rows], dtype=pl.Int64), *texts])
    return numbered.with_columns(pl.when(pl.col(layout.columns) != "").then(pl.col(layout.columns)))
