"""One way of writing every typed value as text, so that the same value reads the same from every format."""

import math
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import polars as pl

LONGEST_EXPONENT = 60
INSTANT = "%Y-%m-%dT%H:%M:%S%.6f"
NOT_NUMBERS = ("NaN", "Infinity", "-Infinity")


class Number(str):
    """The text of a cell that was a number in its file, which a text column may care about."""

    __slots__ = ()


class Moment(str):
    """The text of a cell that was a date or a time in its file."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that holds no usable value: the rule it breaks, and what to show of it."""

    rule: str
    shown: str


def number_text(written: str) -> str:
    """A number as its digits, without exponent: '1.5E3' is 1500. One with an absurd exponent stays as written."""
    if "e" not in written and "E" not in written:
        return written
    try:
        value = Decimal(written)
    except InvalidOperation:
        return written
    return written if abs(value.adjusted()) > LONGEST_EXPONENT else _short(format(value, "f"))


def number_texts(written: pl.Series) -> pl.Series:
    """The same for a whole column."""
    odd = written.filter(written.str.contains("[eE]")).unique().drop_nulls()
    return written.replace({text: number_text(text) for text in odd}) if odd.len() else written


def float_text(value: float) -> str:
    """The shortest decimal that is this float, with no exponent and no trailing '.0'; 'NaN' and 'Infinity' as such."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return _short(format(Decimal(repr(value)), "f"))


def float_texts(values: pl.Series) -> pl.Series:
    """The same for a whole column."""
    written = values.cast(pl.String).str.strip_suffix(".0")
    odd = written.filter(written.str.contains(r"[eEN]|^-0$|inf")).unique().drop_nulls()
    return written.replace({text: float_text(float(text)) for text in odd}) if odd.len() else written


def _short(digits: str) -> str:
    short = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return "0" if short == "-0" else short
