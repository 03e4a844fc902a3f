"""From which tables and columns of a source a unified table comes, as the source's declared mappings say it."""

import importlib
import importlib.util
from dataclasses import dataclass
from functools import cache

from data_access.mapping import Mapping, source_names

MODULES = ("odoo", "tryton", "erpnext", "sap", "salesforce", "hubspot", "dynamics", "oracle", "conversations")


@dataclass(frozen=True)
class Feed:
    """One source table and, by unified column, the source columns that it is made of."""

    source_table: str
    columns: tuple[tuple[str, tuple[str, ...]], ...]


@cache
def feeding(source: str, table: str) -> tuple[Feed, ...]:
    """The source tables that bring a unified table; none for files, whose columns are those of the table, and for
    tables that no mapping of ours reads."""
    return tuple(
        Feed(mapping.table, tuple((name, tuple(source_names(column))) for name, column in mapping.columns.items()))
        for mapping in _mappings(source)
        if mapping.to == table and not mapping.derived
    )


def columns(source: str, table: str) -> dict[str, str]:
    """By unified column, the source tables and columns that it is made of, as text."""
    told: dict[str, list[str]] = {}
    for feed in feeding(source, table):
        for name, made_of in feed.columns:
            told.setdefault(name, []).extend(f"{feed.source_table}.{column}" for column in made_of)
    return {name: ", ".join(dict.fromkeys(parts)) for name, parts in told.items() if parts}


@cache
def _mappings(source: str) -> tuple[Mapping, ...]:
    if source not in MODULES or importlib.util.find_spec(f"data_access.sources.{source}") is None:
        return ()
    return tuple(getattr(importlib.import_module(f"data_access.sources.{source}"), "MAPPINGS", ()))
