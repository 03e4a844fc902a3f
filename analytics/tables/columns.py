"""The column types of the unified model: what a key, an amount, a day or a status is, in every table alike.

Each function returns a dataframely column that carries its meaning as description and, as metadata, what other layers
derive from it: ``unit`` (of measure or currency), ``references`` (the table whose key it holds), ``needs`` (the
capability without which a viewer sees null) and ``identifier`` (the value is a source's key and is written
``source:key``).
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import dataframely as dy
import polars as pl

PRECISION, SCALE = 24, 6
DECIMAL = pl.Decimal(PRECISION, SCALE)
INSTANT = pl.Datetime("us", "UTC")
LARGEST = Decimal(10) ** 12
EARLIEST, LATEST = date(1980, 1, 1), date(2100, 12, 31)
EARLIEST_INSTANT, LATEST_INSTANT = datetime(1980, 1, 1, tzinfo=UTC), datetime(2100, 12, 31, 23, 59, 59, tzinfo=UTC)
LONGEST_NAME, LONGEST_TEXT = 1_000, 1_000_000


def _metadata(
    unit: str | None = None, references: str | None = None, needs: str | None = None, *, identifier: bool = False
) -> dict[str, Any]:
    entries = (("unit", unit), ("references", references), ("needs", needs), ("identifier", identifier))
    return {name: value for name, value in entries if value}


def key(meaning: str) -> dy.String:
    """The table's primary key, ``source:source_id``."""
    return dy.String(
        primary_key=True,
        min_length=1,
        max_length=LONGEST_NAME,
        description=meaning,
        metadata=_metadata(identifier=True),
    )


def key_part(references: str, meaning: str) -> dy.String:
    """A part of a composite key that is another table's key."""
    return dy.String(
        primary_key=True,
        min_length=1,
        max_length=LONGEST_NAME,
        description=meaning,
        metadata=_metadata(references=references, identifier=True),
    )


def key_day(meaning: str) -> dy.Date:
    """A part of a composite key that is a calendar day."""
    return dy.Date(primary_key=True, min=EARLIEST, max=LATEST, description=meaning)


def reference(references: str, meaning: str, *, nullable: bool = True) -> dy.String:
    """The key of a row of another table; what it names must exist."""
    return dy.String(
        nullable=nullable,
        max_length=LONGEST_NAME,
        description=meaning,
        metadata=_metadata(references=references, identifier=True),
    )


def loose_key(meaning: str, *, nullable: bool = True) -> dy.String:
    """A key that is kept for grouping and is not held to a table."""
    return dy.String(
        nullable=nullable, max_length=LONGEST_NAME, description=meaning, metadata=_metadata(identifier=True)
    )


def name(meaning: str, *, nullable: bool = False, needs: str | None = None) -> dy.String:
    """A short text for people, kept exactly as the source has it."""
    return dy.String(nullable=nullable, max_length=LONGEST_NAME, description=meaning, metadata=_metadata(needs=needs))


def text(meaning: str, *, needs: str | None = None) -> dy.String:
    """Free text of any length, kept exactly as the source has it."""
    return dy.String(nullable=True, max_length=LONGEST_TEXT, description=meaning, metadata=_metadata(needs=needs))


def status(values: tuple[str, ...], meaning: str, *, nullable: bool = False) -> dy.Enum:
    """One of a closed list of words."""
    return dy.Enum(values, nullable=nullable, description=meaning)


def currency(meaning: str = "Currency of the row's money, ISO 4217", *, nullable: bool = False) -> dy.String:
    """A currency in use, as its ISO 4217 code."""
    return dy.String(nullable=nullable, regex=r"^[A-Z]{3}$", description=meaning, metadata=_metadata(unit="ISO 4217"))


def loose_code(meaning: str) -> dy.String:
    """A three-letter currency code that need not be in use any more."""
    return dy.String(nullable=False, regex=r"^[A-Z]{3}$", description=meaning)


def country(meaning: str = "Country, ISO 3166 alpha-2") -> dy.String:
    """A country as its two-letter ISO 3166 code."""
    return dy.String(nullable=True, regex=r"^[A-Z]{2}$", description=meaning, metadata=_metadata(unit="ISO 3166"))


def _decimal(
    meaning: str, *, least: Decimal | None, most: Decimal | None, nullable: bool, metadata: Mapping[str, Any]
) -> dy.Decimal:
    return dy.Decimal(
        PRECISION, SCALE, nullable=nullable, min=least, max=most, description=meaning, metadata=dict(metadata)
    )


def amount(meaning: str, *, of: str = "currency", nullable: bool = False, needs: str | None = None) -> dy.Decimal:
    """Money; ``of`` names the column that holds its currency."""
    return _decimal(
        meaning, least=-LARGEST, most=LARGEST, nullable=nullable, metadata=_metadata(unit=f"money in {of}", needs=needs)
    )


def price(meaning: str, *, of: str = "currency", nullable: bool = True, needs: str | None = None) -> dy.Decimal:
    """Money for one base unit; never negative."""
    return _decimal(
        meaning,
        least=Decimal(0),
        most=LARGEST,
        nullable=nullable,
        metadata=_metadata(unit=f"money in {of} per base unit", needs=needs),
    )


def quantity(
    meaning: str, *, nullable: bool = False, unit: str = "the product's base unit", signed: bool = True
) -> dy.Decimal:
    """A quantity in the product's base unit, unless ``unit`` says otherwise."""
    return _decimal(
        meaning,
        least=-LARGEST if signed else Decimal(0),
        most=LARGEST,
        nullable=nullable,
        metadata=_metadata(unit=unit),
    )


def positive(meaning: str, *, nullable: bool = False, unit: str) -> dy.Decimal:
    """A factor greater than zero."""
    return dy.Decimal(
        PRECISION,
        SCALE,
        nullable=nullable,
        min_exclusive=Decimal(0),
        max=LARGEST,
        description=meaning,
        metadata=_metadata(unit=unit),
    )


def rate(meaning: str) -> dy.Decimal:
    """An exchange rate with twelve decimals."""
    return dy.Decimal(
        PRECISION,
        12,
        min_exclusive=Decimal(0),
        description=meaning,
        metadata=_metadata(unit="units of the currency per unit of the base currency"),
    )


def days(meaning: str, *, nullable: bool = True) -> dy.Decimal:
    """A duration in days, from zero to ten years; fractions are kept."""
    return _decimal(meaning, least=Decimal(0), most=Decimal(3650), nullable=nullable, metadata=_metadata(unit="days"))


def minutes(meaning: str, *, nullable: bool = True) -> dy.Decimal:
    """A duration in minutes."""
    return _decimal(meaning, least=Decimal(0), most=LARGEST, nullable=nullable, metadata=_metadata(unit="minutes"))


def hours(meaning: str, *, nullable: bool = True) -> dy.Decimal:
    """A duration in hours."""
    return _decimal(
        meaning, least=Decimal(-10_000), most=Decimal(10_000), nullable=nullable, metadata=_metadata(unit="hours")
    )


def share(meaning: str, *, nullable: bool = True) -> dy.Decimal:
    """A share or probability from 0 to 1."""
    return _decimal(
        meaning, least=Decimal(0), most=Decimal(1), nullable=nullable, metadata=_metadata(unit="share of 1")
    )


def day(meaning: str, *, nullable: bool = True) -> dy.Date:
    """A calendar day between 1980 and 2100."""
    return dy.Date(nullable=nullable, min=EARLIEST, max=LATEST, description=meaning)


def instant(meaning: str, *, nullable: bool = True) -> dy.Datetime:
    """An instant in UTC, to the microsecond, between 1980 and 2100."""
    return dy.Datetime(
        nullable=nullable,
        min=EARLIEST_INSTANT,
        max=LATEST_INSTANT,
        time_zone="UTC",
        time_unit="us",
        description=meaning,
        metadata=_metadata(unit="UTC"),
    )


def flag(meaning: str, *, nullable: bool = False) -> dy.Bool:
    """True or false."""
    return dy.Bool(nullable=nullable, description=meaning)


def count(meaning: str, *, nullable: bool = False, unit: str = "rows") -> dy.Int64:
    """A whole number, zero or more."""
    return dy.Int64(nullable=nullable, min=0, description=meaning, metadata=_metadata(unit=unit))


def real(meaning: str, *, nullable: bool = True, unit: str | None = None) -> dy.Float64:
    """An estimate: a finite floating-point number.

    Never money.
    """
    return dy.Float64(nullable=nullable, description=meaning, metadata=_metadata(unit=unit))
