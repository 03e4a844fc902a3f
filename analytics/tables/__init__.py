"""The unified model: one dataframely schema per table, grouped by subject.

``TABLES`` lists them all, from name to schema.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import TopologicalSorter
from types import ModuleType
from typing import Any

import dataframely as dy

from analytics.tables import (
    crm,
    inventory,
    money,
    own,
    parties,
    people,
    production,
    products,
    purchasing,
    sales,
    shared,
)
from analytics.tables.record import BASE, SHARED, Record

SUBJECTS: dict[str, ModuleType] = {
    "shared": shared,
    "products": products,
    "parties": parties,
    "sales": sales,
    "purchasing": purchasing,
    "inventory": inventory,
    "production": production,
    "money": money,
    "people": people,
    "crm": crm,
    "own": own,
}


def table_name(schema: type[Record]) -> str:
    """``SalesOrderLines`` is the table ``sales_order_lines``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", schema.__name__).lower()


def _schemas(module: ModuleType) -> Iterator[type[Record]]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Record) and value.__module__ == module.__name__:
            yield value


TABLES: dict[str, type[Record]] = {
    table_name(schema): schema for module in SUBJECTS.values() for schema in _schemas(module)
}
OWN: frozenset[str] = frozenset(table_name(schema) for schema in _schemas(own))
DELIVERED: tuple[str, ...] = tuple(name for name in TABLES if name not in OWN and name != "identities")


def marks(column: dy.Column) -> dict[str, Any]:
    """What a column says beyond its type: unit, references, needs, identifier."""
    return column.metadata or {}


@cache
def _marked(schema: type[Record], mark: str) -> Mapping[str, str]:
    return {name: marks(column)[mark] for name, column in schema.columns().items() if mark in marks(column)}


def references(schema: type[Record]) -> Mapping[str, str]:
    """From column to the table whose key it holds."""
    return _marked(schema, "references")


def needs(schema: type[Record]) -> Mapping[str, str]:
    """From column to the capability without which a viewer sees null there."""
    return _marked(schema, "needs")


def fields(schema: type[Record]) -> tuple[str, ...]:
    """The table's own columns in their order, without those that every table carries."""
    return tuple(name for name in schema.column_names() if name not in BASE or name in schema.primary_key())


def ordered_columns(schema: type[Record]) -> tuple[str, ...]:
    """All columns: the table's own first, then those that every table carries."""
    own_columns = fields(schema)
    return (*own_columns, *(name for name in BASE if name not in own_columns))


@cache
def parents_first() -> tuple[str, ...]:
    """All table names, each after the tables that it refers to."""
    graph = {
        name: {parent for parent in references(schema).values() if parent != name} for name, schema in TABLES.items()
    }
    return tuple(TopologicalSorter(graph).static_order())


__all__ = [
    "BASE",
    "DELIVERED",
    "OWN",
    "SHARED",
    "SUBJECTS",
    "TABLES",
    "Record",
    "fields",
    "marks",
    "needs",
    "ordered_columns",
    "parents_first",
    "references",
    "table_name",
]
