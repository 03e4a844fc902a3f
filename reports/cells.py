"""Values as text, as a reader of pages and slides sees them: localised, short, and without anything that is no text."""

import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from display.numbers import LOCALES, day, percent, quantity
from display.tables import Column, Shown
from display.words import say
from reports.content import Grid

LEAST_OF_DAYS = {"en": 112, "zh": 140}
LONGEST = 160
LONGEST_WORD = 28
BREAK = "\u200b"
MONEY, AMOUNT = "#,##0", "#,##0.00"
NUMBERS = ("number", "money", "amount", "share", "bar")


def clean(text: str) -> str:
    """Text as one line without control characters, marks of direction and halves of characters: what cannot be seen
    has no place on a page, and could turn around what can."""
    seen = (" " if letter.isspace() else letter for letter in text if letter.isspace() or not _is_control(letter))
    return " ".join("".join(seen).split())


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "C"


def short(text: str) -> str:
    """The text, cut where it is longer than a cell of a page has room for, which its end then says."""
    cleaned = clean(text)
    return cleaned if len(cleaned) <= LONGEST else f"{cleaned[: LONGEST - 1]}…"


def written(value: Any, column: Column, language: str) -> str:
    """One value as text: empty for null, numbers and days as the reader writes them."""
    if value is None or isinstance(value, list):
        return ""
    if isinstance(value, bool):
        return say(language, "yes" if value else "no")
    if isinstance(value, int | float | Decimal):
        return _number(float(value), column, language)
    if isinstance(value, datetime):
        return f"{day(value.date(), language)} {value:%H:%M}"
    return day(value, language) if isinstance(value, date) else short(str(value))


def _number(value: float, column: Column, language: str) -> str:
    if column.kind == "share":
        return percent(value, language)
    if column.kind == "bar":
        return f"{quantity(value, language)}%" if column.most == 100 else quantity(value, language)
    if column.kind in ("money", "amount"):
        return format_decimal(value, MONEY if column.kind == "money" else AMOUNT, locale=LOCALES[language])
    return quantity(value, language)


def rows(table: Shown, language: str) -> list[list[str]]:
    """All rows as text, without the columns that only a screen can draw."""
    columns = drawn(table)
    values = table.frame.select(column.name for column in columns)
    return [
        [written(value, column, language) for value, column in zip(row, columns, strict=True)]
        for row in values.iter_rows()
    ]


def drawn(table: Shown) -> list[Column]:
    """The columns that pages and slides show: small lines of trends are for screens."""
    return [column for column in table.columns if column.kind != "trend"]


def totals(grid: Grid, language: str, most: int | None = None) -> list[str]:
    """The row of sums as text, its first cell naming it; empty where nothing is added up. The sums are those of all
    rows: where only the first ``most`` are shown, that is said."""
    sums = grid.totals
    if not sums:
        return []
    cells = [written(sums.get(column.name), column, language) for column in drawn(grid.table)]
    height = grid.table.frame.height
    is_cut = height > (grid.most if most is None else most)
    named = (
        say(language, "report.total.all", count=quantity(height, language)) if is_cut else say(language, "report.total")
    )
    return [cells[0] or named, *cells[1:]]


def told(grid: Grid, language: str) -> str:
    """What a page leaves out of a table: how many rows of how many it shows; empty where it shows all."""
    height = grid.table.frame.height
    if height <= grid.most:
        return ""
    return say(language, "report.first", shown=quantity(grid.most, language), all=quantity(height, language))


def breakable(text: str) -> str:
    """Text whose very long words may be broken across lines."""
    return "".join(_broken(text)) if any(len(word) > LONGEST_WORD for word in text.split(" ")) else text


def _broken(text: str) -> Iterator[str]:
    run = 0
    for letter in text:
        run = 0 if letter == " " else run + 1
        yield letter if run % LONGEST_WORD or not run else f"{letter}{BREAK}"


def width_of(column: Column, language: str) -> int:
    """How wide a column is beside the others; days need room to stay on one line."""
    wanted = column.width or 150
    return max(wanted, LEAST_OF_DAYS[language]) if column.kind == "day" else wanted
