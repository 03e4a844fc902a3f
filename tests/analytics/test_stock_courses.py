"""How much will be there, from how little to how much, and when what is on order comes."""

from datetime import timedelta

import polars as pl
import pytest

from analytics.aggregates import sourcing
from analytics.stock_courses import COURSES, EXPECTED, expected_receipts, stock_courses
from analytics.stock_outs import outlook, stock_out_risks
from tests.analytics.firm import DAY, Row, firm, random_firm
from tests.analytics.test_stock_outs import held, on, ordered, sold, tables, wanted


def test_without_any_demand_but_an_open_order_the_course_is_certain() -> None:
    row = stock_courses(outlook(tables(held(5), wanted("S1", 3, 2)))).row(0, named=True)
    assert row["likely"][:4] == row["low"][:4] == row["high"][:4] == [5, 5, 2, 2]
    assert (row["days_watched"], row["demand_days"], row["last_asked_on"]) == (None, None, None)


def test_a_demand_each_day_takes_one_piece_a_day_and_the_band_widens() -> None:
    row = stock_courses(outlook(tables(held(100), sold(*range(1, 100))))).row(0, named=True)
    assert row["likely"][10] == pytest.approx(90, abs=0.5)
    widths = [high - low for low, high in zip(row["low"], row["high"], strict=True)]
    assert widths[0] == 0
    assert widths == sorted(widths)
    assert (row["demand_days"], row["last_asked_on"]) == (99, on(-1))


def test_what_is_missing_stands_below_zero() -> None:
    row = stock_courses(outlook(tables(held(1), wanted("S1", 4, 0)))).row(0, named=True)
    assert row["likely"] == [-3.0] * 85


def test_a_receipt_raises_the_course_by_the_chance_that_it_has_come() -> None:
    parts = (held(5), wanted("S1", 1, 80))
    alone, more = (stock_courses(outlook(tables(*parts, *bought))) for bought in ((), (ordered("P1", 10, 2),)))
    raised = [b - a for a, b in zip(alone.item(0, "likely"), more.item(0, "likely"), strict=True)]
    assert min(raised) >= 0
    assert max(raised) <= 10 + 1e-6
    assert raised == sorted(raised)


@pytest.mark.parametrize("seed", range(4))
def test_every_course_belongs_to_a_risk_and_the_band_holds_what_is_likely(seed: int) -> None:
    firm_tables = random_firm(seed)
    rows, keys = stock_courses(outlook(firm_tables)), ("product_id", "site_id", "company_id")
    assert (
        rows.select(keys).rows()
        == stock_out_risks(outlook(firm_tables), firm_tables, sourcing(firm_tables)).select(keys).rows()
    )
    days = rows.explode("likely", "low", "high")
    assert days.select(((pl.col("low") <= pl.col("likely")) & (pl.col("likely") <= pl.col("high"))).all()).item()


def test_a_receipt_is_expected_as_late_as_its_supplier_usually_is() -> None:
    orders: dict[str, list[Row]] = {
        "purchase_orders": [{"purchase_order_id": "P9", "number": "P9", "supplier_id": "v1", "site_id": "north"}],
        "purchase_order_lines": [{"purchase_order_line_id": "P9/1", "purchase_order_id": "P9", "product_id": "bolt",
                                  "quantity": 4, "due_on": DAY + timedelta(days=3)}],
    }  # fmt: skip
    row = expected_receipts(outlook(tables(held(1), orders))).row(0, named=True)
    assert (row["party"], row["quantity"], row["due_on"]) == ("Vendor", 4, on(3))
    assert row["arrives_50_on"] <= row["arrives_80_on"]
    assert row["days_late_80"] >= 0


def test_nothing_makes_nothing() -> None:
    assert stock_courses(outlook(firm())).schema == COURSES
    assert expected_receipts(outlook(firm())).schema == EXPECTED
