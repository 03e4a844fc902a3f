"""How mappings of a database are written down: plain columns, columns by SQL, and words to translate."""

from collections.abc import Mapping as Dictionary
from typing import Any

import polars as pl

from data_access.mapping import SHARED, Cell, Mapping

COMPANY = f"coalesce(t.company_id::text, '{SHARED}')"


def mapping(
    to: str,
    table: str,
    *,
    plain: Dictionary[str, str | pl.Expr | Cell] | None = None,
    reads: Dictionary[str, str] | None = None,
    words: Dictionary[str, Dictionary[str, str]] | None = None,
    company: str = COMPANY,
    **rest: Any,
) -> Mapping:
    """A mapping: ``plain`` are columns of the source, ``reads`` give unified columns by SQL, ``words`` translate."""
    own, computed = dict(plain or {}), dict(reads or {})
    twice = {column for column in own.values() if isinstance(column, str) and column in computed} - {rest.get("key")}
    if twice:
        raise ValueError(f"mapping of {table} to {to}: {sorted(twice)} is both a column and computed")
    columns = own | {name: name for name in computed if name != rest.get("key")}
    for name, known in (words or {}).items():
        columns[name] = Cell(column=str(columns[name]), words=known)
    return Mapping(
        to=to, table=table, columns=columns, reads=computed | {"company": company}, company="company", **rest
    )


def never_negative(amount: str) -> str:
    """A price or measure, null where it is negative: sources write discounts as negative prices."""
    return f"case when {amount} >= 0 then {amount} end"
