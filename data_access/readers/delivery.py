"""What a delivery of files turned into: tables of text, what is wrong in them, and what was refused, in words."""

from dataclasses import dataclass

import polars as pl

LINE = "_line"

PROBLEM_SCHEMA = {LINE: pl.Int64, "column": pl.String, "rule": pl.String, "value": pl.String, "note": pl.Boolean}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: a short stable code, and one sentence for the person who sent the file."""

    rule: str
    detail: str


@dataclass(frozen=True)
class RawTable:
    """One table as it was delivered: every value as text, nothing interpreted.

    frame: one row per record of the file, rows with problems included, so that rows read = frame.height. `_line` says
    where the record starts (line of a text file, row of a sheet, else the 1-based record number); the rest is String.
    problems: one row per problem; `column` null speaks of the whole row, `note` false sends the row to quarantine.
    refused: set when the table cannot be understood; frame and problems are then empty.
    """

    name: str
    file: str
    frame: pl.DataFrame
    problems: pl.DataFrame
    warnings: tuple[Finding, ...]
    refused: Finding | None


@dataclass(frozen=True)
class Delivery:
    """All tables of one delivery, and the names of files that hold no known table.

    When `refused` is set, nothing of it may be loaded and `tables` is empty. Without any known table it is refused.
    """

    tables: tuple[RawTable, ...]
    refused: Finding | None
    ignored: tuple[str, ...]


class TableRefused(Exception):
    """This table cannot be understood; other tables of the delivery may still be."""

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.finding = Finding(rule, detail)


class DeliveryRefused(Exception):
    """Nothing of this delivery may be loaded."""

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.finding = Finding(rule, detail)


def refused_table(name: str, file: str, finding: Finding) -> RawTable:
    """A table of which nothing could be taken, with the reason."""
    return RawTable(name, file, pl.DataFrame(schema={LINE: pl.Int64}), pl.DataFrame(schema=PROBLEM_SCHEMA), (), finding)
