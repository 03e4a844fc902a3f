"""A mapping is data: from which table of a source a unified table comes, one column or expression per field, and what
is assumed.

The source's rows are counted by the table named here; a table that feeds several unified tables has several mappings.
"""

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from analytics.tables import SHARED, TABLES, Record

ROW = "_row"
LINE = "_line"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A source column whose value needs a word list or a scale before or after it is cast by contract.

    ``words``: from the source's word in lower case to ours; a word that is in neither is an error. ``scale``: the
    number is multiplied by it. ``default`` stands for a value that is missing.
    """

    column: str
    words: Dictionary[str, str] | None = None
    scale: str | None = None
    default: str | None = None


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """How one unified table comes out of one table of a source.

    ``columns``: from unified column to a source column's name, whose value is cast by the contract of the unified
    column, or to an expression over source columns. Columns that hold keys (see ``identifier`` in the table's schema)
    are given as the source's own keys and get their ``source:`` prefix later.

    Databases only: rows are read ``from {table} t {joins} where {where}``. A source column is ``t.<name>`` unless
    ``reads`` gives its SQL. ``watermark`` is SQL for the instant of the row's latest change. ``left_out`` says in
    words which rows ``where`` leaves out on purpose.

    ``part_of``: the source column that names the source row, where one row of the source becomes several unified rows
    and ``key`` names only a part of it. ``sums``: columns that are added up where several source rows share a key.
    ``inherits``: from a column that is null to (reference column, column of the row it refers to). ``derived``: rows
    that another table only implies (the supplier named in an order); they are added where missing, never counted.
    ``full_within``: a delivery is complete only for the values of this column that it holds. ``in_source_unit``:
    quantity is still in ``source_unit``. ``typed_by_hand``: keys are normalised (NFKC, spaces around them) and words
    such as N/A count as missing. ``only``: the rows that this mapping takes.
    """

    to: str
    table: str
    columns: Dictionary[str, str | pl.Expr | Cell]
    key: str = "id"
    part_of: str | None = None
    company: str | pl.Expr | None = None
    reads: Dictionary[str, str] = field(default_factory=dict)
    joins: str = ""
    where: str = ""
    watermark: str = "t.write_date"
    left_out: str = ""
    sums: tuple[str, ...] = ()
    inherits: Dictionary[str, tuple[str, str]] = field(default_factory=dict)
    derived: bool = False
    full_within: str | None = None
    in_source_unit: bool = False
    typed_by_hand: bool = False
    only: pl.Expr | None = None
    assumes: Dictionary[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuses names that the unified model does not have."""
        if self.to not in TABLES:
            raise ValueError(f"mapping of {self.table}: there is no unified table {self.to!r}")
        unknown = (set(self.columns) | set(self.sums) | set(self.inherits)) - set(self.schema.column_names())
        if unknown:
            raise ValueError(f"mapping of {self.table}: {self.to} has no column {sorted(unknown)}")

    @property
    def schema(self) -> type[Record]:
        """The schema of the unified table."""
        return TABLES[self.to]

    @property
    def source_columns(self) -> tuple[str, ...]:
        """The source columns that the mapping reads, its key first."""
        used = [self.key, *([self.part_of] if self.part_of else [])]
        for column in (*self.columns.values(), *(() if self.company is None else (self.company,))):
            used += source_names(column)
        return tuple(dict.fromkeys(name for name in used if name != ROW))


def source_names(column: str | pl.Expr | Cell) -> list[str]:
    """The source columns that one value of a mapping is made of."""
    if isinstance(column, pl.Expr):
        return column.meta.root_names()
    return [column.column if isinstance(column, Cell) else column]


@dataclass(frozen=True)
class Notice:
    """Something that a person should know: a stable rule name and one English sentence."""

    rule: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Extract:
    """The rows that one mapping read.

    ``frame``: the source columns and ``_row``, the source's row key as text (for files also ``_line``). ``problems``:
    rows that cannot be translated (``_row``, column, rule, value). ``keys``: every row key that the source holds now,
    for finding deletions; None when it cannot tell. ``unreadable_keys``: rows whose key cannot be trusted.
    ``control``: what the source itself says of the rows of this mapping: ``rows`` and, by unified column, exact sums
    as text. ``silent``: the keys of rows whose amount the source does not state. ``columns``: all that the source's
    table has; empty where that is what was read.
    """

    mapping: Mapping
    frame: pl.DataFrame
    problems: pl.DataFrame | None = None
    keys: pl.Series | None = None
    unreadable_keys: int = 0
    incremental: bool = False
    rows_left_out: int = 0
    control: Dictionary[str, str] = field(default_factory=dict)
    silent: pl.Series | None = None
    columns: frozenset[str] = frozenset()
    notices: tuple[Notice, ...] = ()
    refused: Notice | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """All that one read of a source brought, in one consistent state of ``as_of``.

    ``rewinds_stock``: it knows stock only of today, and every movement.
    """

    source: str
    as_of: datetime
    extracts: tuple[Extract, ...]
    ignored: tuple[str, ...] = ()
    watermark: str | None = None
    rewinds_stock: bool = False
    notices: tuple[Notice, ...] = ()


class SourceRefused(Exception):
    """The source cannot be read at all: wrong address, wrong password, wrong version, an unreadable archive.

    The message is one sentence for a person.
    """

    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.rule = rule


__all__ = ["LINE", "ROW", "SHARED", "Cell", "Extract", "Mapping", "Notice", "Reading", "SourceRefused"]
