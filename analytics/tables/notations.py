"""How people write days and numbers, and the same in the one notation that is read: ISO 8601, and a decimal point.

What fits no notation stays as it is written, so that whoever reads it can say what is wrong.
"""

import polars as pl

from analytics.tables import parsing

ISO, YEAR_FIRST, DAY_FIRST, MONTH_FIRST, COMPACT = "ISO", "year first", "day first", "month first", "compact"
DATE_ORDERS = (ISO, YEAR_FIRST, DAY_FIRST, MONTH_FIRST, COMPACT)
POINT, COMMA = "point", "comma"
DECIMAL_MARKS = (POINT, COMMA)

DAY_PART = r"^\s*(\d{1,4})[^\d]{1,3}(\d{1,2})[^\d]{1,3}(\d{1,4})日?"
CLOCK_PART = r"(?:[T,\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp][Mm])?)?\s*$"
WRITTEN = DAY_PART + CLOCK_PART
EIGHT_DIGITS = r"^\s*((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\s*$"
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
GERMAN_MONTHS = {"mär": "3", "mai": "5", "okt": "10", "dez": "12"}
CENTURY_TURNS = 70
NUMERIC = r"^\(?[+-]?\d[\d.,'’\s]*\)?-?$|^[+-]?[.,]\d+$"
SYMBOLS = r"[$€£¥￥\s'’\u00a0\u202f]"


def in_iso(text: pl.Expr, order: str) -> pl.Expr:
    """A day, or a day and time, written in an order of its parts, as ISO 8601; other text as it stands.

    Two-digit years from 70 on are of the last century.
    """
    if order == ISO:
        return text
    if order == COMPACT:
        groups = text.str.extract_groups(EIGHT_DIGITS)
        day = pl.concat_str([groups.struct.field(str(part)) for part in (1, 2, 3)], separator="-")
        return pl.coalesce(day, text)
    groups = _months_as_numbers(text).str.extract_groups(WRITTEN)
    first, second, third = (groups.struct.field(str(part)) for part in (1, 2, 3))
    year, month, day = {
        YEAR_FIRST: (first, second, third),
        DAY_FIRST: (third, second, first),
        MONTH_FIRST: (third, first, second),
    }[order]
    date = pl.concat_str([_whole_year(year), month.str.zfill(2), day.str.zfill(2)], separator="-")
    return pl.coalesce(pl.concat_str(date, _clock(groups)), text)


def _months_as_numbers(text: pl.Expr) -> pl.Expr:
    named = {name: str(number) for number, name in enumerate(MONTHS, start=1)}
    short = {name[:3]: number for name, number in named.items()}
    known = named | {f"{name}.": number for name, number in short.items()} | short | GERMAN_MONTHS
    return text.str.replace_many(list(known), list(known.values()), ascii_case_insensitive=True, leftmost=True)


def _whole_year(written: pl.Expr) -> pl.Expr:
    short = written.str.len_chars() == 2
    recent = written.cast(pl.Int64, strict=False) < CENTURY_TURNS
    century = pl.when(recent).then(pl.lit("20")).otherwise(pl.lit("19"))
    return pl.when(short).then(century + written).when(written.str.len_chars() == 4).then(written)


def _clock(groups: pl.Expr) -> pl.Expr:
    hour, minute, second, half = (groups.struct.field(str(part)) for part in (4, 5, 6, 7))
    counted = hour.cast(pl.Int64, strict=False)
    afternoon = half.str.to_lowercase() == "pm"
    full = pl.when(half.is_null()).then(counted).otherwise(counted % 12 + afternoon.cast(pl.Int64) * 12)
    shown = pl.concat_str(
        pl.lit("T"), full.cast(pl.String).str.zfill(2), pl.lit(":"), minute, pl.lit(":"), second.fill_null("00")
    )
    return pl.when(hour.is_not_null()).then(shown).otherwise(pl.lit(""))


def with_point(text: pl.Expr, mark: str) -> pl.Expr:
    """A number with a decimal point and without thousands separators, its sign in front; other text as it stands.

    Currency signs and blanks go; 12- and (12) are minus twelve.
    """
    bare = text.str.replace_all(SYMBOLS, "")
    thousands, decimal = (r"\.", ",") if mark == COMMA else (",", ".")
    plain = bare.str.replace_all(thousands, "").str.replace(decimal, ".", literal=True)
    minus = plain.str.replace(r"^\((.*)\)$", "-$1").str.replace(r"^([\d.]+)-$", "-$1")
    return pl.when(bare.str.contains(NUMERIC) & minus.str.contains(parsing.NUMBER)).then(minus).otherwise(text)


def date_order(values: pl.Series) -> tuple[str, float] | None:
    """In which order days are written, and the share of the values that are days in it; None where they are no days.

    Where no day lies beyond the twelfth, both orders fit: points mean the day first, strokes the month.
    """
    counted = values.drop_nulls()
    if counted.is_empty():
        return None
    named = counted.name or "value"
    has_points = bool(counted.str.contains(r"\d\.").any())
    either = (DAY_FIRST, MONTH_FIRST) if has_points else (MONTH_FIRST, DAY_FIRST)
    preferred = (ISO, YEAR_FIRST, *either, COMPACT)
    fits = {order: _share_of_days(counted, named, order) for order in preferred}
    best = max(preferred, key=lambda order: fits[order])
    return (best, fits[best]) if fits[best] > 0 else None


def _share_of_days(values: pl.Series, name: str, order: str) -> float:
    written = in_iso(pl.col(name), order)
    is_day = parsing.date_from(written).is_not_null() & ~parsing.is_excel_serial(written)
    return float(values.to_frame(name).select(is_day.mean()).item() or 0)


def is_ambiguous(values: pl.Series) -> bool:
    """Whether days could as well be written with the month first as with the day first."""
    name = values.name or "value"
    both = [_share_of_days(values.drop_nulls(), name, order) for order in (DAY_FIRST, MONTH_FIRST)]
    return both[0] == both[1] > 0


def decimal_mark(values: pl.Series) -> tuple[str, float]:
    """What stands before the decimals of these numbers, and the share of the values that are numbers with it."""
    counted = values.drop_nulls()
    name = counted.name or "value"
    if counted.is_empty():
        return POINT, 0.0
    commas = counted.str.contains(r"\d,\d{1,2}$|\d,\d{4,}$|\.\d{3},|^-?0,\d").any()
    mark = COMMA if commas and not counted.str.contains(r",\d{3}\.|^-?0\.\d|\.\d{1,2}$").any() else POINT
    number = parsing.decimal_from(with_point(pl.col(name), mark)).is_not_null()
    return mark, float(counted.to_frame(name).select(number.mean()).item() or 0)
