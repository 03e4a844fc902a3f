"""Open deals: how fast they become money, and which cannot be delivered by their close date."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.pipeline import grouped, short, velocity

DAY = date(2026, 6, 30)
KEYS = {"product_id": "bolt", "company_id": "c1"}


def in_days(days: int) -> date:
    return DAY + timedelta(days=days)


def closed(*rows: tuple[int, int, bool, float]) -> pl.DataFrame:
    """Deals entered and closed so many days ago, won or not, of an amount."""
    told = [(in_days(-entered), in_days(-gone), won, amount) for entered, gone, won, amount in rows]
    schema = {"created_on": pl.Date, "closed_on": pl.Date, "is_won": pl.Boolean, "amount": pl.Float64}
    return pl.DataFrame(told, schema=schema, orient="row")


def test_velocity_is_deals_times_share_times_amount_over_days() -> None:
    found = velocity(closed((30, 10, True, 100), (50, 10, True, 300), (9, 2, False, 9), (9, 2, False, 9)), 6, DAY)
    assert (found.closed, found.won, found.share, found.amount, found.days) == (4, 2, 0.5, 200, 30)
    assert found.a_day == pytest.approx(6 * 0.5 * 200 / 30)


def test_without_a_win_nothing_is_said_of_speed() -> None:
    assert velocity(closed((9, 2, False, 9)), 6, DAY).a_day is None
    assert velocity(closed(), 6, DAY).share is None
    assert velocity(closed((900, 400, True, 9)), 6, DAY).closed == 0


def lacking(quantity: float, close: int, *, free: float = 0, due: list[tuple[int, float]], lead: float | None) -> Any:
    """On which day a line can be delivered that cannot by its close date; "in time" where it can, or nobody knows."""
    lines = pl.DataFrame([{"opportunity_id": "d", **KEYS, "quantity": quantity, "close_on": in_days(close)}])
    held = pl.DataFrame([{**KEYS, "free": free}])
    schema = {"product_id": pl.String, "company_id": pl.String, "due_on": pl.Date, "quantity": pl.Float64}
    coming = pl.DataFrame([{**KEYS, "due_on": in_days(on), "quantity": of} for on, of in due], schema=schema)
    leads = pl.DataFrame([{**KEYS, "lead_time_days": lead}], schema_overrides={"lead_time_days": pl.Float64})
    found = short(lines, held, coming, leads, DAY)
    return found["deliverable_on"].item() if found.height else "in time"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"quantity": 5, "close": 1, "free": 5, "due": [], "lead": None}, "in time"),
        ({"quantity": 6, "close": 1, "free": 5, "due": [], "lead": None}, "in time"),
        ({"quantity": 6, "close": 1, "free": 5, "due": [], "lead": 2}, in_days(2)),
        ({"quantity": 6, "close": 9, "free": 5, "due": [(9, 1.0)], "lead": None}, "in time"),
        ({"quantity": 6, "close": 8, "free": 5, "due": [(9, 1.0)], "lead": None}, in_days(9)),
        ({"quantity": 8, "close": 8, "free": 5, "due": [(3, 1.0), (20, 2.0)], "lead": 30}, in_days(20)),
        ({"quantity": 8, "close": 8, "free": 5, "due": [(3, 1.0), (40, 2.0)], "lead": 29.5}, in_days(30)),
        ({"quantity": 8, "close": 30, "free": 5, "due": [], "lead": 30}, "in time"),
        ({"quantity": 2, "close": -3, "free": -4, "due": [(-5, 6.0)], "lead": None}, in_days(0)),
    ],
)
def test_goods_are_late_when_neither_stock_nor_receipts_nor_lead_time_are_in_time(asked: Any, told: Any) -> None:
    assert lacking(**asked) == told


def test_what_is_needed_of_another_company_helps_nobody() -> None:
    lines = pl.DataFrame([{"opportunity_id": "d", **KEYS, "quantity": 1.0, "close_on": DAY}])
    held = pl.DataFrame([{"product_id": "bolt", "company_id": "c2", "free": 9.0}])
    coming = pl.DataFrame(schema={"product_id": pl.String, "company_id": pl.String, "due_on": pl.Date,
                                  "quantity": pl.Float64})  # fmt: skip
    leads = pl.DataFrame([{**KEYS, "lead_time_days": 5.0}])
    assert short(lines, held, coming, leads, DAY)["opportunity_id"].to_list() == ["d"]


def test_groups_add_up_to_the_whole() -> None:
    rows = pl.DataFrame(
        {
            "stage": ["offer", "asked", "offer"], "stage_order": [2, 1, 2], "owner_id": ["a", "a", None],
            "owner": ["Ada", "Ada", None], "amount": [10.0, None, 30.0], "weighted": [5.0, None, 3.0],
            "age_days": [1, 2, 3], "has_slipped": [True, False, True], "is_short": [False] * 3, "currency": ["EUR"] * 3,
        }
    )  # fmt: skip
    stages, owners = grouped(rows, "stage"), grouped(rows, "owner")
    assert stages.select("group", "deals", "amount", "slipped").rows() == [("asked", 1, None, 0), ("offer", 2, 40, 2)]
    assert owners.select("group", "weighted").rows() == [("Ada", 5), (None, 3)]
