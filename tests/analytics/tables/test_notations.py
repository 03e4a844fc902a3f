"""Days and numbers as people write them, brought to ISO 8601 and a decimal point."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.tables import notations
from analytics.tables.notations import COMMA, COMPACT, DAY_FIRST, ISO, MONTH_FIRST, POINT, YEAR_FIRST


def _value(expression: pl.Expr) -> str | None:
    value: str | None = pl.select(expression).item()
    return value


@pytest.mark.parametrize(
    ("text", "order", "iso"),
    [
        ("31.12.2024", DAY_FIRST, "2024-12-31"),
        ("2/26/2018 19:58", MONTH_FIRST, "2018-02-26T19:58:00"),
        ("1/2/24", DAY_FIRST, "2024-02-01"),
        ("1/2/85", MONTH_FIRST, "1985-01-02"),
        ("2024年3月5日", YEAR_FIRST, "2024-03-05"),
        ("2024/3/5 1:02:03", YEAR_FIRST, "2024-03-05T01:02:03"),
        ("12-Jan-2024", DAY_FIRST, "2024-01-12"),
        ("Jan 12, 2024", MONTH_FIRST, "2024-01-12"),
        ("3. Dez. 2024", DAY_FIRST, "2024-12-03"),
        ("3/5/2024 12:30 AM", MONTH_FIRST, "2024-03-05T00:30:00"),
        ("3/5/2024 12:30 PM", MONTH_FIRST, "2024-03-05T12:30:00"),
        ("20240305", COMPACT, "2024-03-05"),
        ("2024-03-05", ISO, "2024-03-05"),
        ("soon", DAY_FIRST, "soon"),
        ("20241305", COMPACT, "20241305"),
    ],
)
def test_a_day_is_written_as_iso_and_what_is_none_stays(text: str, order: str, iso: str) -> None:
    assert _value(notations.in_iso(pl.lit(text), order)) == iso


@given(st.dates(date(1980, 1, 1), date(2069, 12, 31)), st.sampled_from([DAY_FIRST, MONTH_FIRST, YEAR_FIRST, COMPACT]))
def test_every_day_comes_back_from_every_order(day: date, order: str) -> None:
    written = {
        DAY_FIRST: f"{day.day}.{day.month}.{day.year}",
        MONTH_FIRST: f"{day.month}/{day.day}/{day.year}",
        YEAR_FIRST: f"{day.year}/{day.month}/{day.day}",
        COMPACT: f"{day:%Y%m%d}",
    }[order]
    assert _value(notations.in_iso(pl.lit(written), order)) == day.isoformat()


@pytest.mark.parametrize(
    ("text", "mark", "plain"),
    [
        ("1.234,50", COMMA, "1234.50"),
        ("0,5", COMMA, "0.5"),
        ("1,234.50", POINT, "1234.50"),
        ("€ 12", POINT, "12"),
        ("12-", POINT, "-12"),
        ("(1,000)", POINT, "-1000"),
        ("1 234,5", COMMA, "1234.5"),
        ("12 pcs", POINT, "12 pcs"),
        ("1,2,3.4.5", POINT, "1,2,3.4.5"),
    ],
)
def test_a_number_has_a_point_and_what_is_none_stays(text: str, mark: str, plain: str) -> None:
    assert _value(notations.with_point(pl.lit(text), mark)) == plain


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["13/01/2024", "02/03/2024"], DAY_FIRST),
        (["01/13/2024", "02/03/2024"], MONTH_FIRST),
        (["01.02.2024", "03.04.2024"], DAY_FIRST),
        (["01/02/2024", "03/04/2024"], MONTH_FIRST),
        (["20240131", "20240229"], COMPACT),
        (["2024-01-31"], ISO),
    ],
)
def test_the_order_is_the_one_that_fits_most_values(values: list[str], order: str) -> None:
    assert notations.date_order(pl.Series("value", values)) == (order, 1.0)


def test_days_up_to_the_twelfth_leave_the_order_open() -> None:
    assert notations.is_ambiguous(pl.Series("value", ["01/02/2024", "03/04/2024"]))
    assert not notations.is_ambiguous(pl.Series("value", ["01/13/2024", "03/04/2024"]))


def test_words_are_no_days() -> None:
    assert notations.date_order(pl.Series("value", ["red", "green"])) is None


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["1,50", "2"], (COMMA, 1.0)),
        (["1.50", "2"], (POINT, 1.0)),
        (["1,000", "2,500"], (POINT, 1.0)),
        (["a"], (POINT, 0)),
    ],
)
def test_the_decimal_mark_is_told_by_the_digits_behind_it(values: list[str], found: tuple[str, float]) -> None:
    assert notations.decimal_mark(pl.Series("value", values)) == found
