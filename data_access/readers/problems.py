"""Collecting what is wrong with single rows, and closing a table: the checks that hold for every kind of file."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import polars as pl

from data_access.readers.delivery import LINE, PROBLEM_SCHEMA, Finding, RawTable

LONGEST_FIELD = 1_000_000
SHOWN = 200


@dataclass
class Problems:
    """What is wrong, row by row, while a table is being read."""

    lines: list[int] = field(default_factory=list)
    columns: list[str | None] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    values: list[str | None] = field(default_factory=list)
    notes: list[bool] = field(default_factory=list)

    def add(
        self, line: int, rule: str, *, column: str | None = None, value: str | None = None, note: bool = False
    ) -> None:
        """Notes one problem; column None speaks of the whole row."""
        self.lines.append(line)
        self.columns.append(column)
        self.rules.append(rule)
        self.values.append(None if value is None else value[:SHOWN])
        self.notes.append(note)

    def frame(self) -> pl.DataFrame:
        """One row per problem."""
        data = dict(zip(PROBLEM_SCHEMA, (self.lines, self.columns, self.rules, self.values, self.notes), strict=True))
        return pl.DataFrame(data, schema=PROBLEM_SCHEMA)


def closed(
    name: str,
    file: str,
    frame: pl.DataFrame,
    known: Collection[str],
    *,
    problems: Sequence[pl.DataFrame] = (),
    warnings: Sequence[Finding] = (),
) -> RawTable:
    """The table as handed on: nameless empty columns dropped, oversized fields cut, NUL characters reported.

    A problem in a column that is not among the known ones is only a note: nobody reads that column.
    """
    frame = _without_nameless_empty(frame)
    found = [*problems, *(_oversized(frame, column) for column in frame.columns[1:])]
    found += [_nul_characters(frame, column) for column in frame.columns[1:]]
    elsewhere = pl.col("column").is_not_null() & ~pl.col("column").is_in(sorted(known))
    listed = pl.concat([pl.DataFrame(schema=PROBLEM_SCHEMA), *found]).with_columns(note=pl.col("note") | elsewhere)
    cut = frame.with_columns(_cut(column) for column in frame.columns[1:])
    return RawTable(name, file, cut, listed.sort(LINE, "column", "rule", maintain_order=True), tuple(warnings), None)


def listed(rows: pl.DataFrame, column: str, rule: str, *, note: bool = False) -> pl.DataFrame:
    """One problem for each of these rows, about this column."""
    return rows.select(
        pl.col(LINE),
        column=pl.lit(column),
        rule=pl.lit(rule),
        value=pl.col(column).str.head(SHOWN),
        note=pl.lit(note),
    )


def _without_nameless_empty(frame: pl.DataFrame) -> pl.DataFrame:
    nameless = [column for column in frame.columns if column.startswith("unnamed_")]
    return frame.drop(column for column in nameless if frame[column].null_count() == frame.height)


def _cut(column: str) -> pl.Expr:
    text = pl.col(column)
    return pl.when(text.str.len_chars() > LONGEST_FIELD).then(text.str.head(SHOWN)).otherwise(text).alias(column)


def _oversized(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    return listed(frame.filter(pl.col(column).str.len_chars() > LONGEST_FIELD), column, "field_too_long")


def _nul_characters(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    return listed(frame.filter(pl.col(column).str.contains("\0", literal=True)), column, "nul_character")
