"""The rows of a sheet as the XML of a workbook, column by column: a hundred thousand of them take less than a second.

``reports.workbook`` writes everything else by a library, and a first row that tells the style of each column.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

import polars as pl

ROW, NUMBER = "row", "number of the row"
CHUNK = 5_000
LONGEST_CELL = 32_767
EPOCH, FIRST_DAY = date(1899, 12, 30), date(1900, 3, 1)
DAY_OF_MICROSECONDS = 86_400_000_000
CONTROLS = [chr(code) for code in (*range(9), 11, 12, 13, *range(14, 32), 0xFFFE, 0xFFFF)]
ESCAPED = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), *((letter, f"_x{ord(letter):04X}_") for letter in CONTROLS)]
LOOKS_ESCAPED = r"_(x[0-9A-Fa-f]{4}_)"


def written(frame: pl.DataFrame, letters: Sequence[str], styles: Mapping[str, str], first: int) -> Iterator[bytes]:
    """The frame's rows as XML, in pieces. ``letters``: what the sheet calls the columns; ``styles``: from column to the
    number of its style; ``first``: the number of the first row."""
    for start in range(0, frame.height, CHUNK):
        part = frame.slice(start, CHUNK).with_row_index(NUMBER, offset=first + start)
        number = pl.col(NUMBER).cast(pl.String)
        cells = [
            _cell(name, frame.schema[name], letter, styles.get(name, ""), number)
            for name, letter in zip(frame.columns, letters, strict=True)
        ]
        row = pl.concat_str(pl.lit('<row r="'), number, pl.lit('">'), *cells, pl.lit("</row>"))
        yield part.select(row.str.join("").alias(ROW)).item().encode()


def _cell(name: str, kind: pl.DataType, letter: str, style: str, number: pl.Expr) -> pl.Expr:
    """The XML of one column's cells; nothing where there is no value."""
    look = f' s="{style}"' if style else ""
    start, value = (pl.lit(f'<c r="{letter}'), number, pl.lit(f'"{look}')), pl.col(name)
    if kind.is_numeric():
        cell = _number(value, kind, start)
    elif kind == pl.Boolean:
        cell = pl.concat_str(*start, pl.lit(' t="b"><v>'), value.cast(pl.Int8).cast(pl.String), pl.lit("</v></c>"))
    elif isinstance(kind, pl.Date | pl.Datetime):
        cell = _day(value, kind, start)
    else:
        cell = _text(_as_text(value, kind), start)
    return pl.when(value.is_not_null()).then(cell).otherwise(pl.lit(""))


def _number(value: pl.Expr, kind: pl.DataType, start: tuple[pl.Expr, ...]) -> pl.Expr:
    written = pl.concat_str(*start, pl.lit("><v>"), value.cast(pl.String), pl.lit("</v></c>"))
    if not kind.is_float():
        return written
    error = pl.concat_str(*start, pl.lit(' t="e"><v>#NUM!</v></c>'))
    return pl.when(value.is_finite()).then(written).otherwise(error)


def _day(value: pl.Expr, kind: pl.DataType, start: tuple[pl.Expr, ...]) -> pl.Expr:
    """Days since the sheet's beginning; as text before its calendar is right."""
    if kind == pl.Date:
        days, text = (value - pl.lit(EPOCH)).dt.total_days().cast(pl.String), value.dt.strftime("%Y-%m-%d")
        is_known = value >= pl.lit(FIRST_DAY)
    else:
        since = value - pl.lit(datetime(1899, 12, 30))  # noqa: DTZ001 - the reader's own clock, as the column's
        days = (since.dt.total_microseconds() / DAY_OF_MICROSECONDS).cast(pl.String)
        text, is_known = value.dt.strftime("%Y-%m-%d %H:%M:%S"), value.dt.date() >= pl.lit(FIRST_DAY)
    dated = pl.concat_str(*start, pl.lit("><v>"), days, pl.lit("</v></c>"))
    return pl.when(is_known).then(dated).otherwise(_text(text, start))


def _as_text(value: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """Lists as their values with semicolons between, as in a CSV file."""
    if isinstance(kind, pl.List):
        return value.list.eval(pl.element().cast(pl.String).fill_null("")).list.join("; ")
    return value.cast(pl.String)


def _text(value: pl.Expr, start: tuple[pl.Expr, ...]) -> pl.Expr:
    """A text in its cell, never a formula or a link. What the format cannot hold is written as it prescribes."""
    shortened = pl.when(value.str.len_bytes() > LONGEST_CELL).then(value.str.head(LONGEST_CELL)).otherwise(value)
    marked = shortened.str.replace_all(LOOKS_ESCAPED, "_x005F_$1")
    safe = marked.str.replace_many([raw for raw, _ in ESCAPED], [xml for _, xml in ESCAPED])
    inside = pl.lit(' t="inlineStr"><is><t xml:space="preserve">')
    return pl.concat_str(*start, inside, safe, pl.lit("</t></is></c>"))
