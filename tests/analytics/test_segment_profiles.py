"""What segments buy and cost: sums that one can do in the head."""

from datetime import date, timedelta
from typing import Any

import polars as pl

from analytics.segment_profiles import DELAY_A_YEAR, PROFILES, RATES, cost_to_serve, profiles
from analytics.timeline import EVENTS

TODAY = date(2026, 3, 31)
CUSTOMERS = {"customer_id": pl.String, "segment": pl.String, "margin": pl.Float64, "currency": pl.String}
BOUGHT = {"customer_id": pl.String, "category": pl.String, "amount": pl.Float64}
HEARD = {"customer_id": pl.String, "channel": pl.String}
SERVED = {"customer_id": pl.String, "cost_to_serve": pl.Float64}


def event(kind: str, days_ago: int = 1, **more: Any) -> dict[str, Any]:
    at = TODAY - timedelta(days=days_ago)
    return dict.fromkeys(EVENTS) | {"customer_id": "k", "kind": kind, "happened_at": at} | more


def cost(*events: dict[str, Any]) -> float:
    types = {**EVENTS, "happened_at": pl.Date, "open_amount": pl.Float64, "amount": pl.Float64}
    rows = pl.DataFrame(list(events), schema=types).with_columns(pl.col("happened_at").cast(pl.Datetime("us", "UTC")))
    return float(cost_to_serve(rows, TODAY)["cost_to_serve"].sum())


def test_each_act_of_a_year_costs_its_rate() -> None:
    acts = {
        "shipment": event("shipment"),
        "ticket": event("ticket", channel="mail"),
        "visit": event("conversation", channel="visit"),
        "conversation": event("conversation", channel="mail"),
        "return": event("feedback", status="return_reason"),
    }
    assert {name: cost(act) for name, act in acts.items()} == dict(RATES)
    assert cost(*acts.values()) == sum(RATES.values())


def test_orders_deals_and_surveys_cost_nothing_and_neither_does_what_is_older_or_still_to_come() -> None:
    assert cost(event("order"), event("deal"), event("feedback", status="survey")) == 0.0
    assert cost(event("ticket", 365), event("ticket", -1)) == 0.0
    assert cost(event("ticket", 364), event("ticket", 0)) == 2 * RATES["ticket"]


def test_what_is_overdue_costs_interest_as_long_as_it_is_and_credit_notes_bring_none() -> None:
    owed = {"due_on": TODAY - timedelta(days=73), "open_amount": 1000.0}
    assert cost(event("invoice", 100, **owed)) == 1000.0 * DELAY_A_YEAR / 5
    assert cost(event("invoice", 100, **owed | {"open_amount": -5.0})) == 0.0
    assert cost(event("invoice", 10, due_on=TODAY + timedelta(days=9), open_amount=7.0)) == 0.0
    assert cost(event("invoice", 10, open_amount=7.0)) == 0.0


def test_a_segment_is_told_with_what_is_left_and_what_has_the_largest_share() -> None:
    customers = pl.DataFrame(
        [("a", "loyal", 100.0, "EUR"), ("b", "loyal", 50.0, "EUR"), ("c", "lost", None, "EUR")], CUSTOMERS, orient="row"
    )
    served = pl.DataFrame([("a", 30.0)], SERVED, orient="row")
    bought = pl.DataFrame([("a", "pumps", 60.0), ("b", "pumps", 15.0), ("b", "valves", 25.0)], BOUGHT, orient="row")
    heard = pl.DataFrame([("a", "mail"), ("a", "phone"), ("b", "phone"), ("b", None)], HEARD, orient="row")
    found = profiles(customers, served, bought, heard, pl.DataFrame({"customer_id": ["b"]}))
    assert found.rows() == [
        ("loyal", 2, 150.0, 30.0, 120.0, "pumps", 0.75, "phone", 2 / 3, 1, "EUR"),
        ("lost", 1, None, 0.0, None, None, None, None, None, 0, "EUR"),
    ]


def test_nobody_is_an_empty_answer() -> None:
    none = [pl.DataFrame(schema=types) for types in (CUSTOMERS, SERVED, BOUGHT, HEARD, {"customer_id": pl.String})]
    assert dict(profiles(*none).schema) == dict(PROFILES)
