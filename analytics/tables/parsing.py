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
TRUE_WORDS = ("true", "1", "yes", "t", "y", "ja", "wahr", "oui", "vrai", "sí", "是", "真")
FALSE_WORDS = ("false", "0", "no", "f", "n", "nein", "falsch", "non", "faux", "否", "假")


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
    written = pl.field("written")
    rounded = written.cast(pl.Decimal(PRECISION, scale), strict=False)
    rows = _numbers(text).struct.with_fields(tie=pl.when(_is_tie(scale)).then(written))
    nearest = pl.coalesce(_away_from_zero(pl.field("tie"), scale), rounded)
    return _named(text, rows.struct.with_fields(value=nearest).struct.field("value"))


def _named(text: pl.Expr, value: pl.Expr) -> pl.Expr:
    """The value under the name of the text that it comes from."""
    nothing = pl.when(text.is_null()).then(text).cast(pl.Null)
    return pl.coalesce(nothing, value)


def loses_digits(text: pl.Expr, scale: int = SCALE) -> pl.Expr:
    """True where a number has more decimals than the scale keeps, trailing zeros apart; null where it is none."""
    losing = pl.when(pl.field("written").is_not_null()).then(pl.field("decimals") > scale)
    return _named(text, _numbers(text).struct.with_fields(losing=losing).struct.field("losing"))


def _numbers(text: pl.Expr) -> pl.Expr:
    """A struct for each text: `written` (null where it is no number), its `digits`, how many `decimals` it needs."""
    trimmed = text.str.strip_chars()
    is_number = trimmed.str.contains(r"^[+-]?\.?[0-9]") & trimmed.str.contains(NUMBER)
    parts = pl.struct(written=pl.when(is_number).then(trimmed), parts=trimmed.str.extract_groups(NUMBER))
    digits = pl.concat_str(_number_part(2), _number_part(3))
    return parts.struct.with_fields(digits=digits).struct.with_fields(decimals=_decimals())


def _number_part(group: int) -> pl.Expr:
    return pl.field("parts").struct.field(str(group)).fill_null("")


def _decimals() -> pl.Expr:
    """How many decimals the number needs without exponent and trailing zeros; negative for round thousands."""
    digits = pl.field("digits")
    zeros = _length(digits) - _length(digits.str.strip_chars_end("0"))
    exponent = _number_part(4).cast(pl.Int64, strict=False).fill_null(0)
    return pl.when(digits.str.contains("[1-9]")).then(_length(_number_part(3)) - zeros - exponent).otherwise(0)


def _length(text: pl.Expr) -> pl.Expr:
    return text.str.len_chars().cast(pl.Int64)


def _is_tie(scale: int) -> pl.Expr:
    """Exactly halfway between two values of this scale."""
    return (pl.field("decimals") == scale + 1) & pl.field("digits").str.contains("50*$")


def _away_from_zero(tie: pl.Expr, scale: int) -> pl.Expr:
    exact = tie.cast(pl.Decimal(38, scale + 1), strict=False)
    half = pl.lit(Decimal(5).scaleb(-scale - 1), dtype=pl.Decimal(38, scale + 1))
    moved = pl.when(tie.str.starts_with("-")).then(exact - half).otherwise(exact + half)
    return moved.cast(pl.Decimal(PRECISION, scale), strict=False)


def integer_from(text: pl.Expr) -> pl.Expr:
    """A whole number as Int64, '5.0' being 5; null where it is none, or does not fit into 64 bits."""
    trimmed = text.str.strip_chars()
    return pl.when(trimmed.str.contains(WHOLE)).then(trimmed.str.replace(r"\..*$", "")).cast(pl.Int64, strict=False)


def boolean_from(text: pl.Expr) -> pl.Expr:
    """Words of true and of false in any case, as yes, 1, nein; null for everything else."""
    word = text.str.strip_chars().str.to_lowercase()
    return pl.when(word.is_in((*TRUE_WORDS, *FALSE_WORDS))).then(word.is_in(TRUE_WORDS))


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
    written = _calendar_day(trimmed.str.extract(INSTANT, 1))
    return pl.when(~is_excel_serial(trimmed)).then(written).otherwise(_serial_wall(trimmed).dt.date())


def instant_from(text: pl.Expr, zone: str = "UTC") -> pl.Expr:
    """An instant in UTC, to the microsecond: ISO 8601 with an offset, or a wall time of `zone` without one.

    A bare date is its midnight; a spreadsheet's day number is a wall time as well. A wall time that a clock change
    leaves out is moved forward by the gap; one that comes twice is the first of the two.
    """
    trimmed = text.str.strip_chars()
    parts = pl.struct(text=trimmed, parts=trimmed.str.extract_groups(INSTANT))
    walls = parts.struct.with_fields(wall=_wall(), offset=_offset(_instant_part(6)))
    given = (pl.field("wall") - pl.field("offset")).dt.replace_time_zone("UTC")
    local = in_utc(pl.when(pl.field("offset").is_null()).then(pl.field("wall")), zone)
    instants = walls.struct.with_fields(instant=pl.coalesce(given, local))
    in_range = pl.when(pl.field("instant").dt.year().is_between(1, 9999)).then(pl.field("instant"))
    return _named(text, instants.struct.with_fields(instant=in_range).struct.field("instant"))


def in_utc(wall: pl.Expr, zone: str) -> pl.Expr:
    """A wall time of a zone as an instant; in a gap it keeps the offset from before, of two it is the earlier."""
    usual = wall.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    day_before = (wall - pl.duration(days=1)).dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return pl.coalesce(usual.dt.convert_time_zone("UTC"), day_before.dt.convert_time_zone("UTC") + pl.duration(days=1))


def _wall() -> pl.Expr:
    """Date and time as written, without any zone."""
    text = pl.field("text")
    day = _calendar_day(_instant_part(1)).cast(pl.Datetime("us"))
    hours, minutes, seconds = (_instant_part(group).cast(pl.Int64).fill_null(0) for group in (2, 3, 4))
    fraction = _instant_part(5).fill_null("").str.head(6).str.pad_end(6, "0").cast(pl.Int64)
    clock = pl.duration(hours=hours, minutes=minutes, seconds=seconds, microseconds=fraction)
    return pl.when(is_excel_serial(text)).then(_serial_wall(text)).otherwise(day + clock)


def _instant_part(group: int) -> pl.Expr:
    return pl.field("parts").struct.field(str(group))


def _calendar_day(written: pl.Expr) -> pl.Expr:
    """The day, where the calendar has it and a year 0 is not meant."""
    return pl.when(~written.str.starts_with("0000")).then(written).str.to_date("%Y-%m-%d", strict=False)


def _offset(written: pl.Expr) -> pl.Expr:
    digits = written.str.replace_all("[^0-9]", "").str.pad_end(4, "0")
    minutes = digits.str.head(2).cast(pl.Int64) * 60 + digits.str.tail(2).cast(pl.Int64)
    return pl.duration(minutes=pl.when(written.str.starts_with("-")).then(-minutes).otherwise(minutes))


def _serial_wall(trimmed: pl.Expr) -> pl.Expr:
    """Date and time of a day number; a spreadsheet keeps no more than milliseconds."""
    serial = pl.when(is_excel_serial(trimmed)).then(trimmed).cast(pl.Float64, strict=False)
    since = pl.duration(milliseconds=(serial * MILLISECONDS_A_DAY).round().cast(pl.Int64))
    return SERIAL_DAY_ZERO.cast(pl.Datetime("us")) + since
