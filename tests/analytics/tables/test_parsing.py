"""Text to types: what counts as a value, against plain Python that counts the same."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.tables.parsing import (
    boolean_from,
    date_from,
    decimal_from,
    instant_from,
    integer_from,
    is_excel_serial,
    key_from,
    loses_digits,
    missing_word,
)

EXACT = Context(prec=200)
TEXT = pl.col("text")
BLANK = st.sampled_from(["", " ", "\t", "\u3000"])


def _value(expression: pl.Expr, text: str | None) -> Any:
    return pl.DataFrame({"text": [text]}, schema={"text": pl.String}).select(expression).item()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", "5"),
        ("-5.25", "-5.25"),
        ("+1.5", "1.5"),
        ("007", "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1e3", "1000"),
        ("1.5E-3", "0.0015"),
        ("  7 ", "7"),
        ("999999999999999999.999999", "999999999999999999.999999"),
        ("0.0000005", "0.000001"),
        ("-0.0000005", "-0.000001"),
        ("0.00000049999999999999999999", "0"),
        ("123456789012345678.1234565", "123456789012345678.123457"),
    ],
)
def test_a_number_is_exact_and_rounds_half_up(text: str, value: str) -> None:
    assert _value(decimal_from(TEXT), text) == Decimal(value)


NO_NUMBERS = [
    "",
    " ",
    "1_000",
    "0x10",
    "NaN",
    "Infinity",
    "-inf",
    "1,5",
    "1.234,5",
    "1 000",
    "１",
    "٣",
    "5-",
    "--5",
    ".",
]
NO_NUMBERS += ["1e", "1e400", "e5", "ten", "5 pcs", "1.2.3", "$5", "(5)", "1e18", "true"]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_or_too_large_is_null(text: str) -> None:
    assert _value(decimal_from(TEXT), text) is None


@pytest.mark.parametrize(
    ("text", "loses"),
    [
        ("0.1234567", True),
        ("0.123456", False),
        ("0.1234560000", False),
        ("15e-7", True),
        ("10e-7", False),
        ("0e-9", False),
    ],
)
def test_lost_digits_are_told(text: str, loses: bool) -> None:
    assert _value(loses_digits(TEXT), text) is loses


def test_a_text_that_is_no_number_loses_no_digits() -> None:
    assert _value(loses_digits(TEXT), "1,1234567") is None


NUMBERS = st.from_regex(r"[+-]?[0-9]{1,22}(\.[0-9]{0,12})?([eE][+-]?[0-9]{1,2})?", fullmatch=True)


@given(NUMBERS, BLANK, st.sampled_from([0, 2, 6]))
def test_decimals_are_what_python_makes_of_them(text: str, blank: str, scale: int) -> None:
    step = Decimal(1).scaleb(-scale)
    rounded = Decimal(text).quantize(step, ROUND_HALF_UP, EXACT)
    expected = rounded if abs(rounded) < Decimal(10) ** (24 - scale) else None
    assert _value(decimal_from(TEXT, scale), blank + text + blank) == expected
    assert _value(loses_digits(TEXT, scale), blank + text + blank) == (rounded != Decimal(text))


@given(st.text(alphabet="0123456789+-.eE_, xNa", max_size=8))
def test_only_what_python_reads_as_a_finite_number_is_one(text: str) -> None:
    strict = re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?", text.strip())
    value = _value(decimal_from(TEXT), text)
    assert (value is None) == (strict is None or abs(Decimal(text.strip())) >= Decimal(10) ** 18)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("-5", -5),
        ("+5", 5),
        ("5.0", 5),
        ("5.", 5),
        ("007", 7),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("9223372036854775808", None),
        ("2.5", None),
        ("1e3", None),
        ("3 days", None),
        ("", None),
    ],
)
def test_whole_numbers(text: str, value: int | None) -> None:
    assert _value(integer_from(TEXT), text) == value


@given(st.integers(-(2**70), 2**70))
def test_every_integer_of_64_bits_is_read_and_no_other(value: int) -> None:
    assert _value(integer_from(TEXT), str(value)) == (value if -(2**63) <= value < 2**63 else None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("TRUE", True),
        (" Yes ", True),
        ("t", True),
        ("1", True),
        ("y", True),
        ("false", False),
        ("No", False),
        ("F", False),
        ("0", False),
        ("n", False),
        ("", None),
        ("2", None),
        ("maybe", None),
        ("-1", None),
    ],
)
def test_booleans(text: str, value: bool | None) -> None:
    assert _value(boolean_from(TEXT), text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-02-01", date(2026, 2, 1)),
        (" 2024-02-29 ", date(2024, 2, 29)),
        ("2026-02-01T23:30:00-05:00", date(2026, 2, 1)),
        ("2026-02-01 08:30", date(2026, 2, 1)),
        ("46054", date(2026, 2, 1)),
        ("46054.75", date(2026, 2, 1)),
        ("46054.9999999999", date(2026, 2, 2)),
        ("9999-12-31", date(9999, 12, 31)),
        ("2026-02-30", None),
        ("2025-02-29", None),
        ("0000-00-00", None),
        ("0000-01-01", None),
        ("2026-13-01", None),
        ("2026-2-1", None),
        ("01/02/2026", None),
        ("20260201", None),
        ("2026-02-01T25:00", None),
        ("2026-02-01 8:30", None),
        ("19999", None),
        ("80001", None),
        ("２０２６-02-01", None),
        ("", None),
    ],
)
def test_dates(text: str, value: date | None) -> None:
    assert _value(date_from(TEXT), text) == value


@given(st.dates())
def test_every_date_is_read_back(day: date) -> None:
    assert _value(date_from(TEXT), day.isoformat()) == day


@given(st.integers(20_000, 79_999))
def test_a_day_number_is_that_many_days_after_the_spreadsheets_day_zero(serial: int) -> None:
    assert _value(date_from(TEXT), str(serial)) == date(1899, 12, 30) + timedelta(days=serial)


@pytest.mark.parametrize(
    ("text", "is_one"), [("46054", True), ("46054.75", True), ("2026-02-01", False), ("19999", False)]
)
def test_a_day_number_can_be_warned_of(text: str, is_one: bool) -> None:
    assert _value(is_excel_serial(TEXT), text) is is_one


BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-02-02T08:00:00+00:00", "2026-02-02T08:00:00"),
        ("2026-02-02T09:00:00+01:00", "2026-02-02T08:00:00"),
        ("2026-02-02T08:00:00Z", "2026-02-02T08:00:00"),
        ("2026-02-02 13:30:00.5+0530", "2026-02-02T08:00:00.500000"),
        ("2026-02-02 10:00:00 +02", "2026-02-02T08:00:00"),
        ("2026-02-02T08:00:00.123456789Z", "2026-02-02T08:00:00.123456"),
        ("2026-02-02T09:00:00", "2026-02-02T08:00:00"),
        ("2026-07-02 10:00", "2026-07-02T08:00:00"),
        ("2026-02-02", "2026-02-01T23:00:00"),
        ("46054.75", "2026-02-01T17:00:00"),
        ("2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00"),
        ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00"),
        ("2026-10-25T02:30:00", "2026-10-25T00:30:00"),
        ("2026-03-29T02:30:00", "2026-03-29T01:30:00"),
    ],
)
def test_instants_of_a_zone(text: str, utc: str) -> None:
    assert _value(instant_from(TEXT, BERLIN), text) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "2026-02-30T08:00", "2026-02-02T24:00", "2026-02-02T08:60", "08:00", "0001-01-01T00:00+01:00"]
)
def test_what_is_no_instant_is_null(text: str) -> None:
    assert _value(instant_from(TEXT), text) is None


ZONES = st.sampled_from([BERLIN, "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "UTC"])
WALLS = st.datetimes(datetime.fromisoformat("1980-01-01"), datetime.fromisoformat("2036-12-31"))


@given(WALLS, ZONES)
def test_a_wall_time_is_what_the_standard_library_makes_of_it(wall: datetime, zone: str) -> None:
    expected = wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    assert _value(instant_from(TEXT, zone), wall.isoformat()) == expected


@given(
    st.sampled_from([("2026-03-29", BERLIN), ("2026-10-25", BERLIN), ("2026-10-04", "Australia/Lord_Howe")]),
    st.integers(0, 299),
)
def test_so_it_is_on_the_days_when_clocks_change(day: tuple[str, str], minute: int) -> None:
    wall = datetime.fromisoformat(day[0]) + timedelta(minutes=minute)
    expected = wall.replace(tzinfo=ZoneInfo(day[1]), fold=0).astimezone(UTC)
    assert _value(instant_from(TEXT, day[1]), wall.isoformat()) == expected


@given(
    st.datetimes(datetime.fromisoformat("0001-01-03"), datetime.fromisoformat("9999-12-29")), st.integers(-1439, 1439)
)
def test_every_instant_with_an_offset_is_read_back(wall: datetime, minutes: int) -> None:
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    written = f"{wall.isoformat()}{sign}{hours:02}:{rest:02}"
    assert _value(instant_from(TEXT), written) == datetime.fromisoformat(written).astimezone(UTC)


@pytest.mark.parametrize("word", ["", "  ", "\u3000", "NULL", "null", " N/A ", "NA", "#N/A", "\\N", "None", "-", None])
def test_words_for_nothing_are_missing(word: str | None) -> None:
    assert _value(missing_word(TEXT), word) is True
    assert _value(key_from(TEXT), word) is None


@pytest.mark.parametrize("word", ["0", "Nullmeier", "NAN", "--", "N A", ".", "NONE1"])
def test_other_words_are_not(word: str) -> None:
    assert _value(missing_word(TEXT), word) is False


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("C001", "C001"),
        ("  C001\u3000", "C001"),
        ("Ｃ００１", "C001"),
        ("007", "007"),
        ("a b", "a b"),
        ("ＮＵＬＬ", None),
    ],
)
def test_a_key_has_one_form(text: str, key: str | None) -> None:
    assert _value(key_from(TEXT), text) == key


@given(st.text(max_size=8))
def test_the_form_of_a_key_is_final(text: str) -> None:
    key = _value(key_from(TEXT), text)
    assert key is None or _value(key_from(TEXT), key) == key


READINGS: dict[Callable[[pl.Expr], pl.Expr], pl.DataType | type[pl.DataType]] = {
    decimal_from: pl.Decimal(24, 6),
    integer_from: pl.Int64,
    boolean_from: pl.Boolean,
    date_from: pl.Date,
    instant_from: pl.Datetime("us", "UTC"),
    loses_digits: pl.Boolean,
    is_excel_serial: pl.Boolean,
    key_from: pl.String,
    missing_word: pl.Boolean,
}


@pytest.mark.parametrize("reading", READINGS)
def test_every_reading_keeps_the_column_its_name_and_its_type_even_without_rows(
    reading: Callable[[pl.Expr], pl.Expr],
) -> None:
    none = pl.DataFrame(schema={"other": pl.String, "text": pl.String})
    assert none.lazy().select(reading(TEXT)).collect().schema == {"text": READINGS[reading]}
    assert none.select(reading(TEXT)).schema == {"text": READINGS[reading]}


@pytest.mark.parametrize("reading", [reading for reading in READINGS if reading not in (is_excel_serial, missing_word)])
def test_nothing_is_read_as_nothing(reading: Callable[[pl.Expr], pl.Expr]) -> None:
    assert _value(reading(TEXT), None) is None
