"""Whole numbers become decimals, days and instants without losing anything: checked against Python's own."""

from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_data.exact import half_up, labels, line_cents, money, picked, prices, quantities, share_of, table
from sample_data.plan import ZONES, Plan

PLAN = Plan()


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1), st.integers(1, 10**6))
def test_halves_go_away_from_zero(values: list[int], divisor: int) -> None:
    exact = [int((Decimal(value) / divisor).quantize(Decimal(1), ROUND_HALF_UP)) for value in values]
    assert half_up(np.array(values), divisor).tolist() == exact


@given(st.integers(-(10**8), 10**8), st.integers(0, 10**8), st.integers(0, 99))
def test_the_amount_of_a_line_is_quantity_times_price_less_discount(quantity: int, price: int, discount: int) -> None:
    money_exact = Decimal(quantity) / 1000 * Decimal(price) / 10_000 * (100 - discount) / 100
    cents = int((money_exact * 100).quantize(Decimal(1), ROUND_HALF_UP))
    assert line_cents(np.array([quantity]), np.array([price]), discount).item() == cents


@given(st.integers(-(10**14), 10**14))
def test_decimals_are_exact(value: int) -> None:
    assert quantities([value]).item() == Decimal(value) / 1000
    assert money([value]).item() == Decimal(value) / 100
    assert prices([value]).item() == Decimal(value) / 10_000


def test_tax_is_rounded_to_the_cent() -> None:
    assert share_of(np.array([250, -250, 3]), 19).tolist() == [48, -48, 1]


@given(st.sampled_from(range(len(ZONES))), st.integers(-400, 900), st.integers(300, 1440))
def test_local_time_becomes_utc_as_the_zone_says(zone: int, day: int, minute: int) -> None:
    midnight = datetime.combine(PLAN.date(day), datetime.min.time(), tzinfo=ZoneInfo(ZONES[zone]))
    expected = (midnight + timedelta(minutes=minute)).astimezone(UTC)
    assert PLAN.instants(np.array([day]), np.array([minute]), zone).item() == expected


def test_what_is_not_meant_is_null() -> None:
    some = np.array([True, False])
    assert money([1, 2], some).to_list() == [Decimal("0.01"), None]
    assert labels("SO-", [7, 8], width=3, where=some).to_list() == ["SO-007", None]
    assert picked(["a", "b"], [1, -1]).to_list() == ["b", None]
    assert PLAN.dates(np.array([0, 1]), some).to_list() == [PLAN.start, None]


def test_a_table_has_only_columns_of_its_schema() -> None:
    with pytest.raises(ValueError, match="The table carriers has no column colour"):
        table("carriers", carrier_id=["C"], colour=["red"])


def test_a_table_repeats_constants_and_keeps_the_schemas_order() -> None:
    rows = table("carriers", is_active=True, name="Road", carrier_id=["A", "B"], company_id="*")
    assert rows.columns == ["company_id", "carrier_id", "name", "is_active"]
    assert rows.equals(
        pl.DataFrame(
            {"company_id": ["*", "*"], "carrier_id": ["A", "B"], "name": ["Road"] * 2, "is_active": [True] * 2}
        )
    )
