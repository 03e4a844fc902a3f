"""Whose the rows of an extract are, before anybody knows whether they are right."""

from collections.abc import Callable

import polars as pl

from analytics.tables import SHARED, TABLES, parsing, references
from data_access.mapping import ROW, Cell, Extract, source_names

Lookup = Callable[[str, tuple[str, ...]], pl.DataFrame]
COMPANY = "company_id"


def companies(extract: Extract, source: str, lookup: Lookup) -> pl.DataFrame:
    """One row per source row: ``_row`` and company_id, that which it names, else that of what it is part of; null where
    neither does.

    ``lookup``: gives columns of a unified table, with its key.
    """
    mapping, frame = extract.mapping, extract.frame
    named = mapping.company if mapping.company is not None else mapping.columns.get(COMPANY)
    own = _keyed(named, frame, source)
    told = frame.select(ROW, own.alias(COMPANY))
    way, column = mapping.inherits.get(COMPANY, (None, None))
    if way is None or column is None or way not in mapping.columns:
        return told
    parent = references(mapping.schema)[way]
    known = lookup(parent, (column,)).rename({TABLES[parent].primary_key()[0]: way, column: "_inherited"})
    of_parent = frame.select(ROW, _keyed(mapping.columns[way], frame, source).alias(way))
    inherited = of_parent.join(known, on=way, how="left", validate="m:1").select(ROW, "_inherited")
    both = told.unique(ROW).join(inherited.unique(ROW), on=ROW, how="left", validate="1:1")
    return both.select(ROW, pl.coalesce(COMPANY, "_inherited").alias(COMPANY))


def _keyed(column: str | pl.Expr | Cell | None, frame: pl.DataFrame, source: str) -> pl.Expr:
    """The key that a column says, as the unified tables have it; null where the extract has no such column."""
    if column is None or not set(source_names(column)) <= set(frame.columns):
        return pl.lit(None, pl.String)
    value = column if isinstance(column, pl.Expr) else pl.col(source_names(column)[0])
    key = parsing.key_from(value.cast(pl.String))
    return pl.when(key != SHARED).then(pl.concat_str(pl.lit(f"{source}:"), key))
