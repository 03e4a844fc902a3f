"""Tables as a reader sees them: the same rows, order, columns, words and headings on a screen and in a file."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import polars as pl
from babel.numbers import get_currency_symbol

from display.numbers import LOCALES
from display.words import PHRASES, say

Kind = Literal["text", "number", "money", "amount", "share", "day", "instant", "chip", "bar", "trend"]
CURRENCY = "currency"


@dataclass(frozen=True)
class Column:
    """One column: what kind of value it holds, and how wide it is in pixels.

    ``words``: where values are codes, the phrases for them, up to the code. ``colours``: from code to the colour of a
    chip. ``most``: where a bar is full. ``is_extra``: seen only where its reader asks for it.
    """

    name: str
    kind: Kind = "text"
    width: int | None = None
    pinned: bool = False
    words: str | None = None
    colours: Mapping[str, str] = field(default_factory=dict)
    most: float | None = None
    is_extra: bool = False


@dataclass(frozen=True)
class Table:
    """A table by name; its headings are the phrases ``column.<name>.<column>``."""

    name: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Shown:
    """A table ready to be seen. ``chips``: for each column of chips, from the word to its colour; ``whole``: of how
    many rows these are a part."""

    name: str
    frame: pl.DataFrame
    columns: tuple[Column, ...]
    headings: Mapping[str, str]
    chips: Mapping[str, Mapping[str, str]]
    whole: int | None = None

    def part(self, rows: slice) -> "Shown":
        """Some of its rows, the rest of it unchanged."""
        return replace(self, frame=self.frame[rows], whole=self.whole or self.frame.height)


def shown(
    table: Table,
    frame: pl.DataFrame,
    language: str,
    *,
    zone: str | None = None,
    headings: Mapping[str, str] | None = None,
) -> Shown:
    """The frame's rows as the table shows them, in their order.

    Money carries its currency in the heading when there is one, in a column of its own when there are several. A column
    of money that the viewer may not see, or that is nowhere known, is left out. Instants are in the reader's time zone.
    """
    columns = tuple(column for column in table.columns if _is_shown(column, frame))
    translated = frame.select(
        _in_words(column, frame.schema[column.name], language, zone).alias(column.name) for column in columns
    )
    named = {column.name: _heading(table, column, frame, language) for column in columns} | dict(headings or {})
    chips = {column.name: _chips(column, language) for column in columns if column.kind == "chip"}
    return Shown(table.name, translated, columns, named, chips)


def _is_shown(column: Column, frame: pl.DataFrame) -> bool:
    if column.name == CURRENCY:
        return len(_currencies(frame)) > 1
    return column.kind != "money" or frame.is_empty() or frame.get_column(column.name).is_not_null().any()


def _currencies(frame: pl.DataFrame) -> list[str]:
    return frame.get_column(CURRENCY).drop_nulls().unique().sort().to_list() if CURRENCY in frame.columns else []


def _in_words(column: Column, dtype: pl.DataType, language: str, zone: str | None) -> pl.Expr:
    value = pl.col(column.name)
    if column.words:
        code = (
            pl.when(value).then(pl.lit("yes")).otherwise(pl.lit("no")) if dtype == pl.Boolean else value.cast(pl.String)
        )
        return code.replace(*_codes(column.words, language))
    if column.kind == "instant":
        return value.dt.convert_time_zone(zone or "UTC").dt.replace_time_zone(None)
    return value


@functools.cache
def _codes(words: str, language: str) -> tuple[pl.Series, pl.Series]:
    """Codes, and what each is called."""
    codes = [key.removeprefix(words) for key in PHRASES if key.startswith(words) and "." not in key.removeprefix(words)]
    called = [say(language, f"{words}{code}") for code in codes]
    return pl.Series(codes, dtype=pl.String), pl.Series(called, dtype=pl.String)


def _heading(table: Table, column: Column, frame: pl.DataFrame, language: str) -> str:
    heading = say(language, f"column.{table.name}.{column.name}")
    currencies = _currencies(frame)
    if column.kind == "money" and len(currencies) == 1:
        return f"{heading} ({get_currency_symbol(currencies[0], LOCALES[language])})"
    return heading


def _chips(column: Column, language: str) -> dict[str, str]:
    return {say(language, f"{column.words}{code}"): colour for code, colour in column.colours.items()}


__all__ = ["Column", "Kind", "Shown", "Table", "shown"]
