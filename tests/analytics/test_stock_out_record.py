"""Chances beside what came: the firm rewound to a past day, stock-outs replayed, and shares counted."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from analytics.reliability import bins, skills
from analytics.rewinding import as_then
from analytics.stock_out_record import SAID, chances, days_asked, later, said
from tests.analytics.firm import DAY, Firm, random_firm, table

THEN = DAY - timedelta(days=30)


def cases(*rows: tuple[float, bool]) -> pl.DataFrame:
    told = pl.DataFrame(rows, schema=["chance", "came"], orient="row")
    return told.with_columns(days=pl.lit(7, dtype=pl.Int64), as_of_on=pl.lit(DAY))


def test_classes_count_what_was_said_and_what_came() -> None:
    found = bins(cases((0.0, False), (0.04, True), (0.95, True), (1.0, True)))
    assert found.select("low", "high", "cases", "came").rows() == [(0.0, 0.05, 2, 0.5), (0.9, 1.0, 2, 1.0)]
    assert (found["came_low"] <= found["came"]).all()
    assert (found["came"] <= found["came_high"]).all()


def test_saying_what_always_comes_has_no_skill_and_knowing_it_has_all() -> None:
    blind = cases(*[(0.5, number % 2 == 0) for number in range(10)])
    sighted = cases(*[(float(number % 2 == 0), number % 2 == 0) for number in range(10)])
    assert skills(blind)["skill"].to_list() == [pytest.approx(0.0)]
    assert skills(sighted)["skill"].to_list() == [1.0]
    assert skills(blind)["off"].to_list() == [pytest.approx(0.0)]


def test_where_nothing_ran_out_there_is_no_skill_to_tell() -> None:
    assert skills(cases((0.1, False), (0.2, False)))["skill"].to_list() == [None]


def test_past_days_are_asked_of_which_all_is_known() -> None:
    asked = days_asked(DAY, DAY - timedelta(days=400))
    assert asked == sorted(asked)
    assert asked[-1] == DAY - timedelta(days=28)
    assert days_asked(DAY, DAY - timedelta(days=100)) == []
    assert days_asked(DAY, None) == []


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def bought(**fields: object) -> Firm:
    """One purchase of ten, five of which came before the day and five after."""
    order = {"purchase_order_id": "o", "number": "PO-1", "supplier_id": "x", "status": "done", "company_id": "c1"}
    line = {"purchase_order_line_id": "l", "purchase_order_id": "o", "product_id": "p", "company_id": "c1"}
    receipts = [
        {"receipt_id": f"r{number}", "status": "done", "received_at": at(day), "company_id": "c1"}
        for number, day in enumerate((THEN - timedelta(days=5), THEN + timedelta(days=5)))
    ]
    parts = [
        {"receipt_line_id": f"q{number}", "receipt_id": f"r{number}", "purchase_order_line_id": "l", "product_id": "p",
         "quantity": 5, "received_quantity": 5, "company_id": "c1"}
        for number in range(2)
    ]  # fmt: skip
    empty = {name: rows.clear() for name, rows in random_firm(1).items()}
    amounts = {"quantity": 10, "received_quantity": 10, "due_on": DAY, "first_due_on": THEN}
    return empty | {
        "purchase_orders": table("purchase_orders", order | {"ordered_at": at(THEN - timedelta(days=9))} | fields),
        "purchase_order_lines": table("purchase_order_lines", line | amounts),
        "receipts": table("receipts", *receipts),
        "receipt_lines": table("receipt_lines", *parts),
    }


def test_an_order_of_which_half_came_later_was_half_open_then() -> None:
    then = as_then(bought(), THEN)
    line = then["purchase_order_lines"].row(0, named=True)
    assert then["purchase_orders"]["status"].to_list() == ["confirmed"]
    assert float(line["received_quantity"]) == 5.0
    assert line["due_on"] == THEN
    assert then["receipts"]["receipt_id"].to_list() == ["r0"]


def test_an_order_of_tomorrow_was_not_known() -> None:
    assert as_then(bought(ordered_at=at(THEN + timedelta(days=1))), THEN)["purchase_orders"].is_empty()


def test_today_nothing_is_taken_back() -> None:
    firm = random_firm(2)
    then = as_then(firm, DAY + timedelta(days=400))
    for name in ("sales_order_lines", "purchase_order_lines"):
        column = "delivered_quantity" if name == "sales_order_lines" else "received_quantity"
        known = (
            firm[name].filter(pl.col("deleted_at").is_null()).join(then[name], on=firm[name].columns[0], how="inner")
        )
        assert known[column].fill_null(0).to_list() == known[f"{column}_right"].to_list()


@pytest.mark.parametrize("seed", range(3))
def test_chances_are_told_of_what_had_stock_and_grow_with_the_days(seed: int) -> None:
    firm = random_firm(seed)
    levels = firm["inventory_levels"]["as_of_on"]
    found = chances(firm, later(firm), levels.max())  # type: ignore[arg-type]
    assert found["chance"].is_between(0.0, 1.0).all()
    keys = ("product_id", "site_id", "company_id")
    ordered = found.sort(*keys, "days").group_by(keys, maintain_order=True).agg("chance", "came")
    assert all(each.is_sorted() for each in ordered["chance"])
    assert all(each.cast(pl.Int8).is_sorted() for each in ordered["came"])


def test_what_is_said_today_is_kept_for_what_has_stock() -> None:
    risks = pl.DataFrame(
        {
            "product_id": ["p", "q"],
            "site_id": "s",
            "company_id": "c",
            "region": "N",
            "as_of_on": DAY,
            "p_7": [0.1, 1.0],
            "p_14": [0.2, 1.0],
            "p_28": [0.3, 1.0],
            "p_by_day": [[0.0, 0.1], [1.0, 1.0]],
        }
    )
    found = said(risks)
    assert tuple(found.columns) == SAID
    assert found["chance"].to_list() == [0.1, 0.2, 0.3]
