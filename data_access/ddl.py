"""From schemas to database tables: a small type map of our own.

SQLite has no exact decimals and no zones: NUMERIC there loses cents. So there a decimal is canonical text (no
trailing zeros) and an instant is ISO 8601 text in UTC; PostgreSQL has both.
"""

from decimal import Decimal
from typing import Any

import dataframely as dy
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from analytics.tables import OWN, TABLES, Record, ordered_columns, references

HISTORY = "_history"
WITHOUT_HISTORY = OWN | {"inventory_levels", "identities"}


class CanonicalDecimal(TypeDecorator[Decimal]):
    """NUMERIC on PostgreSQL, canonical text on SQLite."""

    impl = sa.Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Decimal]:
        """Text where the database has no exact decimals."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.Text())  # type: ignore[arg-type]
        return dialect.type_descriptor(sa.Numeric(self.impl_instance.precision, self.impl_instance.scale))  # type: ignore[attr-defined]


class Instant(TypeDecorator[str]):
    """TIMESTAMPTZ on PostgreSQL, ISO 8601 text in UTC on SQLite."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Text where the database has no zones."""
        return dialect.type_descriptor(sa.Text() if dialect.name == "sqlite" else sa.DateTime(timezone=True))  # type: ignore[arg-type]


class Day(TypeDecorator[str]):
    """DATE on PostgreSQL, ISO 8601 text on SQLite."""

    impl = sa.Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Text where DATE would only be a hint."""
        return dialect.type_descriptor(sa.Text() if dialect.name == "sqlite" else sa.Date())  # type: ignore[arg-type]


def column_type(column: dy.Column) -> TypeEngine:  # type: ignore[type-arg]
    """The database type of a schema's column."""
    if isinstance(column, dy.Decimal):
        return CanonicalDecimal(column.precision, column.scale)
    for kind, made in _TYPES:
        if isinstance(column, kind):
            return made()
    raise TypeError(f"no database type for {type(column).__name__}")


_TYPES: tuple[tuple[type[dy.Column], type[TypeEngine]], ...] = (  # type: ignore[type-arg]
    (dy.Datetime, Instant),
    (dy.Date, Day),
    (dy.Bool, sa.Boolean),
    (dy.Int64, sa.BigInteger),
    (dy.Float64, sa.Double),
    (dy.Enum, sa.Text),
    (dy.String, sa.Text),
)


def _column(name: str, column: dy.Column, *, in_history: bool) -> sa.Column:  # type: ignore[type-arg]
    primary = column.primary_key and not in_history
    return sa.Column(
        name, column_type(column), primary_key=primary, nullable=column.nullable and not primary, autoincrement=False
    )


def _checks(table: str, schema: type[Record]) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(sa.column(name).in_([str(word) for word in column.categories]), name=f"ck_{table}_{name}")
        for name, column in schema.columns().items()
        if isinstance(column, dy.Enum)
    ]


def _references(table: str, schema: type[Record]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [name],
            [f"{parent}.{TABLES[parent].primary_key()[0]}"],
            name=f"fk_{table}_{name}",
            deferrable=True,
            initially="DEFERRED",
        )
        for name, parent in references(schema).items()
    ]


def _indexes(table: str, schema: type[Record]) -> list[sa.Index]:
    return [sa.Index(f"ix_{table}_{name}", name) for name in references(schema)]


def _define(metadata: sa.MetaData, name: str, schema: type[Record]) -> None:
    columns = schema.columns()
    current = [_column(column, columns[column], in_history=False) for column in ordered_columns(schema)]
    sa.Table(name, metadata, *current, *_checks(name, schema), *_references(name, schema), *_indexes(name, schema))
    if name in WITHOUT_HISTORY:
        return
    earlier = [_column(column, columns[column], in_history=True) for column in ordered_columns(schema)]
    ended: tuple[sa.Column[Any], ...] = (
        sa.Column("replaced_at", Instant(), nullable=False),
        sa.Column("replaced_by_load", sa.BigInteger(), nullable=False),
    )
    key = schema.primary_key()
    sa.Table(name + HISTORY, metadata, *earlier, *ended, sa.Index(f"ix_{name}{HISTORY}_key", *key))


def metadata() -> sa.MetaData:
    """Every unified table and its history, with keys, references and checks."""
    made = sa.MetaData()
    for name, schema in TABLES.items():
        _define(made, name, schema)
    return made


METADATA = metadata()

__all__ = ["HISTORY", "METADATA", "WITHOUT_HISTORY", "CanonicalDecimal", "Day", "Instant", "column_type"]
