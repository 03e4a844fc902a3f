"""A table as CSV that spreadsheets open rightly: UTF-8 with its mark, a heading row, no text that runs as a formula."""

import io
from datetime import date, datetime
from typing import Any

import polars as pl

from display.tables import Shown

MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫")
STARTS_A_FORMULA = r"^[=+\-@\t\r\n＝＋－＠﹦﹢﹣﹫]"


def guarded(text: str) -> str:
    """Text that a spreadsheet takes for text: a leading apostrophe where it could be a formula, also for programs that
    read the wide signs of Chinese and Japanese as the narrow ones."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def written(table: Shown) -> bytes:
    """The table's rows, columns and headings as they are seen. Numbers and dates stay; only text is guarded."""
    out = io.BytesIO(MARK.encode())
    out.seek(0, io.SEEK_END)
    headings = pl.DataFrame([[guarded(table.headings[column.name]) for column in table.columns]], orient="row")
    kinds = table.frame.schema
    names = [column.name for column in table.columns]
    cells = table.frame.select(_as_text(pl.col(name), kinds[name]).alias(name) for name in names)
    for part in (headings, cells):
        part.write_csv(out, include_header=False, line_terminator="\r\n", quote_style="necessary")
    return out.getvalue()


def _as_text(value: pl.Expr, kind: pl.DataType | pl.datatypes.DataTypeClass) -> pl.Expr:
    """A column as text, as ``as_text`` writes one value."""
    if isinstance(kind, pl.Datetime):
        return value.dt.strftime("%Y-%m-%d %H:%M:%S")
    if kind == pl.Boolean:
        return pl.when(value).then(pl.lit("True")).when(~value).then(pl.lit("False"))
    if isinstance(kind, pl.List):
        return value.list.eval(_as_text(pl.element(), kind.inner).fill_null("")).list.join("; ")
    if kind.is_numeric() or kind == pl.Date:
        return value.cast(pl.String)
    text = value.cast(pl.String)
    return pl.when(text.str.contains(STARTS_A_FORMULA)).then(pl.concat_str(pl.lit("'"), text)).otherwise(text)


def as_text(value: Any) -> str:
    """One value of a cell: empty for null, ISO for dates, the values of a list joined by semicolons."""
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "; ".join(as_text(part) for part in value)
    return str(value)
