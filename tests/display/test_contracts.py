"""What is said of customers that order at an interval, and of what segments cost."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.contracts import CHECK, CONTRACTS
from analytics.segment_profiles import PROFILES, RATES
from display.messages import contracts as messages
from display.tables import contracts as tables

TODAY = date(2026, 3, 31)
ROW: dict[str, Any] = {
    "customer_id": "k",
    "customer": "Smith",
    "segment": "loyal",
    "currency": "EUR",
    "interval_days": 30.0,
    "periods": 12,
    "began_on": date(2025, 3, 1),
    "due_on": TODAY + timedelta(days=9),
    "stays": 0.95,
    "stays_year": 0.7,
    "year_low": 0.6,
    "year_high": 0.8,
    "usual_amount": 100.0,
    "worth_year": 1000.0,
    "worth_low": 900.0,
    "worth_high": 1100.0,
}


def told(language: str, **changed: Any) -> dict[str, tuple[str, str]]:
    return {fact.label: (fact.value, fact.tone) for fact in messages.facts(ROW | changed, TODAY, language)}


def test_a_contract_is_told_with_its_bounds_and_what_a_year_is_worth() -> None:
    facts = told("en")
    assert facts["Every"] == ("30 days", "quiet")
    assert facts["Next order"] == ("9 Apr 2026", "quiet")
    assert facts["Goes on for a year"] == ("70.0% (60.0% to 80.0%)", "quiet")
    assert facts["Worth of a year"][0].startswith("€1,000")


def test_an_order_that_did_not_come_is_overdue_and_amounts_nobody_knows_are_left_out() -> None:
    late = told("en", due_on=TODAY - timedelta(days=1), worth_year=None)
    assert late["Next order"] == ("expected 30 Mar 2026, overdue", "warn")
    assert "Worth of a year" not in late
    assert told("en", due_on=TODAY)["Next order"][1] == "quiet"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_tables_and_sentences_stand_in_both_languages_with_one_row_and_with_none(language: str) -> None:
    whole = pl.DataFrame([ROW])
    profile = dict.fromkeys(PROFILES) | {"segment": "loyal", "customers": 1, "cost_to_serve": 12.4, "currency": "EUR"}
    for rows, table in (
        (whole, tables.contracts),
        (pl.DataFrame(schema=dict(CHECK)), tables.check),
        (pl.DataFrame([profile], schema=dict(PROFILES)), tables.profiles),
    ):
        assert table(rows, language).frame.height == rows.height
        assert table(rows.clear(), language).frame.is_empty()
    assert len(told(language)) == 6


def test_how_well_it_was_told_is_the_mean_distance_over_all_that_were_asked() -> None:
    rows = [(1, 10, 0.5, 0.6, 0.0, 0.0), (2, 30, 0.9, 0.9, 0.0, 0.0)]
    check = pl.DataFrame(rows, schema=dict(CHECK), orient="row")
    assert "chances of 40 contracts" in messages.checked(check, "en")
    assert "off by 2.5 points" in messages.checked(check, "en")
    assert messages.checked(check.clear(), "en").startswith("How well that is told cannot be said yet")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_rates_of_serving_stand_on_the_screen(language: str) -> None:
    text = messages.rates("EUR", language)
    assert all(f"{rate:.0f}" in text for rate in RATES.values())
    assert messages.rates(None, language) == ""


def test_columns_are_those_of_the_answer() -> None:
    assert {column.name for column in tables.CONTRACTS.columns} - {"customer", "segment"} <= set(CONTRACTS)
