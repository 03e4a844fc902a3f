"""Text to typed values: what counts as a number, a date, an instant, a key. Everything else is null, never a guess.

Every function takes an expression of text and gives an expression; blanks around a value do not matter, all else does.
Numbers have a decimal point and no thousands separators; dates, instants are ISO 8601 or a spreadsheet's day number.
"""

from decimal import Decimal

import polars as pl

PRECISION = 24
SCALE = 6

NUMBER = r"^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,2}))?$"
WHOLE = r"^[+-]?[0-9]+(?:\.0*)?$"
DAY = r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
CLOCK = r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:[.,]([0-9]{1,9}))?)?"
OFFSET = r"(Z|z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)"
INSTANT = f"^{DAY}(?:[Tt ]{CLOCK}(?: ?{OFFSET})?)?$"
SERIAL = r"^[0-9]{5}(?:\.[0-9]+)?$"

FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000
SERIAL_DAY_ZERO = pl.lit("1899-12-30").str.to_date("%Y-%m-%d")
MILLISECONDS_A_DAY = 86_400_000

MISSING_WORDS = ("", "null", "n/a", "na", "#n/a", "\\n", "none", "-")
TRUE_WORDS = ("true", "1", "yes", "t", "y")
FALSE_WORDS = ("false", "0", "no", "f", "n")


def missing_word(text: pl.Expr) -> pl.Expr:
    """True where a key, reference, number or date is not given: null, blank, or a word such as NULL, N/A or None.

    Never ask this of names or free text: a customer may be called Null.
    """
    return text.is_null() | text.str.strip_chars().str.to_lowercase().is_in(MISSING_WORDS)


def key_from(text: pl.Expr) -> pl.Expr:
    """An identifier in its one form: full-width characters ordinary (NFKC), no blanks around it; null where missing."""
    key = text.str.normalize("NFKC").str.strip_chars()
    return pl.when(~missing_word(key)).then(key)


def decimal_from(text: pl.Expr, scale: int = SCALE) -> pl.Expr:
    """A number as Decimal(24, scale), rounded half up where it has more decimals: ask `loses_digits` whether it has.

    Null where the text is no number with at most 24 - scale digits before the point: '1,5', '1_000', 'NaN' and '0x10'
    are none.
    """
    trimmed = text.str.strip_chars()
    written = pl.when(_is_number(trimmed)).then(trimmed)
    nearest = written.cast(pl.Decimal(PRECISION, scale), strict=False)
    half = pl.lit(Decimal(5).scaleb(-scale - 1), dtype=pl.Decimal(38, scale + 1))
    exact = pl.when(_is_tie(trimmed, scale)).then(written).cast(pl.Decimal(38, scale + 1), strict=False)
    away = pl.when(trimmed.str.starts_with("-")).then(exact - half).otherwise(exact + half)
    return pl.coalesce(away.cast(pl.Decimal(PRECISION, scale), strict=False), nearest)


def loses_digits(text: pl.Expr, scale: int = SCALE) -> pl.Expr:
    """True where a number has more decimals than the scale keeps, trailing zeros apart; null where it is none."""
    trimmed = text.str.strip_chars()
    return pl.when(_is_number(trimmed)).then(_decimals(trimmed) > scale)


def _is_number(trimmed: pl.Expr) -> pl.Expr:
    return trimmed.str.contains(NUMBER) & trimmed.str.contains(r"^[+-]?\.?[0-9]")


def _digits(trimmed: pl.Expr) -> pl.Expr:
    return pl.concat_str(_part(trimmed, NUMBER, 2), _part(trimmed, NUMBER, 3))


def _decimals(trimmed: pl.Expr) -> pl.Expr:
    """How many decimals the number needs without exponent and trailing zeros; negative for round thousands."""
    digits = _digits(trimmed)
    zeros = digits.str.len_chars().cast(pl.Int32) - digits.str.strip_chars_end("0").str.len_chars().cast(pl.Int32)
    exponent = trimmed.str.extract(NUMBER, 4).cast(pl.Int32, strict=False).fill_null(0)
    needed = _part(trimmed, NUMBER, 3).str.len_chars().cast(pl.Int32) - zeros - exponent
    return pl.when(digits.str.contains("[1-9]")).then(needed).otherwise(0)


def _is_tie(trimmed: pl.Expr, scale: int) -> pl.Expr:
    return (_decimals(trimmed) == scale + 1) & _digits(trimmed).str.contains("50*$")


def _part(text: pl.Expr, pattern: str, group: int) -> pl.Expr:
    return text.str.extract(pattern, group).fill_null("")


def integer_from(text: pl.Expr) -> pl.Expr:
    """A whole number as Int64, '5.0' being 5; null where it is none, or does not fit into 64 bits."""
    trimmed = text.str.strip_chars()
    return pl.when(trimmed.str.contains(WHOLE)).then(trimmed.str.replace(r"\..*$", "")).cast(pl.Int64, strict=False)


def boolean_from(text: pl.Expr) -> pl.Expr:
    """true, yes, t, y, 1 and false, no, f, n, 0 in any case; null for everything else."""
    word = text.str.strip_chars().str.to_lowercase()
    return pl.when(word.is_in(TRUE_WORDS)).then(pl.lit(True)).when(word.is_in(FALSE_WORDS)).then(pl.lit(False))


def is_excel_serial(text: pl.Expr) -> pl.Expr:
    """True where a date is written as a spreadsheet's day number (1954 to 2119, 1900 system): worth a warning."""
    trimmed = text.str.strip_chars()
    serial = pl.when(trimmed.str.contains(SERIAL)).then(trimmed).cast(pl.Float64, strict=False)
    return serial.is_between(FIRST_SERIAL, LAST_SERIAL).fill_null(value=False)


def date_from(text: pl.Expr) -> pl.Expr:
    """A calendar date: an ISO date, the date part of an ISO date and time as written, or a spreadsheet's day number.

    Null where there is no such day (2026-02-30) or another notation (01/02/2026) would have to be guessed.
    """
    trimmed = text.str.strip_chars()
    return pl.when(is_excel_serial(trimmed)).then(_serial_wall(trimmed).dt.date()).otherwise(_iso_date(trimmed))


def instant_from(text: pl.Expr, zone: str = "UTC") -> pl.Expr:
    """An instant in UTC, to the microsecond: ISO 8601 with an offset, or a wall time of `zone` without one.

    A bare date is its midnight; a spreadsheet's day number is a wall time as well. A wall time that a clock change
    leaves out is moved forward by the gap; one that comes twice is the first of the two.
    """
    trimmed = text.str.strip_chars()
    wall = pl.when(is_excel_serial(trimmed)).then(_serial_wall(trimmed)).otherwise(_iso_wall(trimmed))
    offset = trimmed.str.extract(INSTANT, 6)
    instant = (
        pl.when(offset.is_null())
        .then(in_utc(wall, zone))
        .otherwise((wall - _offset(offset)).dt.replace_time_zone("UTC"))
    )
    return pl.when(instant.dt.year().is_between(1, 9999)).then(instant)


def in_utc(wall: pl.Expr, zone: str) -> pl.Expr:
    """A wall time of a zone as an instant; in a gap it keeps the offset from before, of two it is the earlier."""
    usual = wall.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")
    day_before = (wall - pl.duration(days=1)).dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return pl.coalesce(usual, day_before.dt.convert_time_zone("UTC") + pl.duration(days=1))


def _iso_date(trimmed: pl.Expr) -> pl.Expr:
    day = trimmed.str.extract(INSTANT, 1).str.to_date("%Y-%m-%d", strict=False)
    return pl.when(day.dt.year() >= 1).then(day)


def _iso_wall(trimmed: pl.Expr) -> pl.Expr:
    hours, minutes, seconds = (
        _part(trimmed, INSTANT, group).cast(pl.Int64, strict=False).fill_null(0) for group in (2, 3, 4)
    )
    fraction = _part(trimmed, INSTANT, 5).str.head(6).str.pad_end(6, "0").cast(pl.Int64)
    clock = pl.duration(hours=hours, minutes=minutes, seconds=seconds, microseconds=fraction)
    return _iso_date(trimmed).cast(pl.Datetime("us")) + clock


def _offset(offset: pl.Expr) -> pl.Expr:
    digits = offset.str.replace_all("[^0-9]", "").str.pad_end(4, "0")
    minutes = digits.str.head(2).cast(pl.Int64) * 60 + digits.str.tail(2).cast(pl.Int64)
    return pl.duration(minutes=pl.when(offset.str.starts_with("-")).then(-minutes).otherwise(minutes))


def _serial_wall(trimmed: pl.Expr) -> pl.Expr:
    """Date and time of a day number; a spreadsheet keeps no more than milliseconds."""
    serial = pl.when(is_excel_serial(trimmed)).then(trimmed).cast(pl.Float64, strict=False)
    since = pl.duration(milliseconds=(serial * MILLISECONDS_A_DAY).round().cast(pl.Int64))
    return SERIAL_DAY_ZERO.cast(pl.Datetime("us")) + since
