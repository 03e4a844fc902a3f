"""How promises were kept: what was said first against what came."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.kept_promises import ORDERS, PROMISES, SAID, followed, kept
from analytics.order_flow import ORDER_STAGES
from analytics.promise_hindcasts import HINDCASTS, hindcasts
from tests.analytics.firm import DAY, noon

Row = dict[str, Any]


def day(number: int) -> date:
    return DAY + timedelta(days=number)


def promises(*rows: Row) -> pl.DataFrame:
    usual = {"customer_id": "k1", "product_ids": ["bolt"], "given_on": DAY, "promised_on": day(9)}
    return pl.DataFrame([usual | {"number": at} | row for at, row in enumerate(rows, start=1)], schema=PROMISES)


def orders(*rows: Row) -> pl.DataFrame:
    usual = {"customer_id": "k1", "product_ids": ["bolt", "nut"], "ordered_on": day(1), "left_on": day(5)}
    return pl.DataFrame([usual | {"document": f"S{at}"} | row for at, row in enumerate(rows, start=1)], schema=ORDERS)


@pytest.mark.parametrize(
    ("promise", "order", "document"),
    [
        ({}, {}, "S1"),
        ({}, {"ordered_on": day(-1)}, None),
        ({}, {"ordered_on": day(31)}, None),
        ({}, {"product_ids": ["nut"]}, None),
        ({}, {"customer_id": "k2"}, None),
        ({"customer_id": None}, {}, None),
        ({"order_number": "s1"}, {"customer_id": "k2", "ordered_on": day(-9)}, "S1"),
        ({"order_number": "S9"}, {}, None),
    ],
)
def test_a_promise_is_followed_by_its_number_or_by_the_customers_next_order_of_the_goods(
    promise: Row, order: Row, document: str | None
) -> None:
    assert followed(promises(promise), orders(order))["document"].to_list() == [document]


@pytest.mark.parametrize(("is_arrival", "came_on"), [(True, day(8)), (False, day(5)), (None, day(5))])
def test_the_customers_day_is_compared_with_arriving_and_ours_with_leaving(is_arrival: bool, came_on: date) -> None:
    found = followed(promises({"is_arrival": is_arrival}), orders({"arrived_on": day(8)}))
    assert found["came_on"].to_list() == [came_on]


def test_of_several_orders_the_first_one_counts() -> None:
    found = followed(promises({}), orders({"ordered_on": day(3)}, {"ordered_on": day(2), "left_on": None}))
    assert found.select("document", "came_on").rows() == [("S2", None)]


def test_of_orders_of_one_number_that_of_the_customer_counts() -> None:
    others = {"document": "S1", "customer_id": "k2", "ordered_on": day(-300), "left_on": day(-290)}
    found = followed(promises({"order_number": "S1"}), orders(others, {"document": "S1"}))
    assert found["came_on"].to_list() == [day(5)]


def said(*rows: tuple[int, int | None], level: int = 90) -> pl.DataFrame:
    days = [
        {"source": "given", "level": level, "promised_on": day(on), "came_on": None if came is None else day(came)}
        for on, came in rows
    ]
    return pl.DataFrame(days, schema=SAID)


def test_kept_share_error_and_slack_can_be_counted_by_hand() -> None:
    row = kept(said((5, 3), (5, 5), (5, 11), (4, None), (20, None)), day(10)).row(0, named=True)
    assert (row["promises"], row["kept"], row["share"]) == (4, 2, 0.5)
    assert row["error_days"] == pytest.approx((2 + 0 + 6) / 3)
    assert row["bias_days"] == pytest.approx((-2 + 0 + 6) / 3)
    assert row["slack_days"] == pytest.approx(1.0)


def test_what_came_before_its_day_counts_only_once_the_day_has_come() -> None:
    rows = said((12, 3), (12, None))
    assert kept(rows, day(11)).is_empty()
    assert kept(rows, day(12)).select("promises", "kept").rows() == [(1, 1)]
    assert kept(rows, day(13)).select("promises", "kept").rows() == [(2, 1)]


def test_each_confidence_and_each_group_is_told_by_itself() -> None:
    both = pl.concat([said((5, 3)), said((5, 6), level=80)]).with_columns(person=pl.Series(["ada", "bob"]))
    assert kept(both, day(10), "person").select("person", "level", "share").rows() == [
        ("ada", 90, 1.0),
        ("bob", 80, 0.0),
    ]
    assert kept(said(), day(10)).is_empty()


def test_hindcasts_know_of_each_order_only_what_was_known_when_it_came() -> None:
    rows = [
        {
            "sales_order_id": f"S{at}",
            "company_id": "c1",
            "region": "N",
            "stage": "paid",
            "site_ids": ["north"],
            "lines": 1,
        }
        | {"ordered_at": noon(day(-200 + at)), "shipped_at": noon(day(-198 + at))}
        for at in range(200)
    ]
    found = hindcasts(pl.DataFrame(rows, schema=ORDER_STAGES), DAY, rounds=1)
    assert found["given_on"].min() == day(-13)
    assert ((found["p95_on"] - found["given_on"]).dt.total_days() >= 2).all()
    assert ((found["p50_on"] - found["given_on"]).dt.total_days() <= 3).all()


def test_without_a_past_there_is_no_hindcast() -> None:
    assert hindcasts(pl.DataFrame(schema=ORDER_STAGES), DAY).schema == HINDCASTS
