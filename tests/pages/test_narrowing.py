"""A list is narrowed by its columns: what there is to choose, what the address asks for, and which rows stay."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from display.periods import quarter_name
from pages.parts.narrowing import Filter, Least, Listing, Narrowed
from tests.pages.test_arranging import VISIT

LIST = Listing(
    "customers",
    (
        Filter("stage", words="stage."),
        Filter("offer_id", named_by="offer"),
        Filter("cohort_on", of_day=quarter_name),
        Filter("may_mail", words="may_mail."),
        Filter("topic", words="topic."),
        Least("leaving_risk", is_share=True),
        Least("expected_amount"),
    ),
)
ROWS = pl.DataFrame(
    {
        "customer": ["a", "b", "c"],
        "stage": ["at_risk", "active", "at_risk"],
        "offer_id": ["p1", "p2", None],
        "offer": ["Bolt", None, None],
        "cohort_on": [date(2025, 10, 1), None, date(2026, 1, 1)],
        "may_mail": [True, False, None],
        "topic": [None, None, None],
        "leaving_risk": [0.25, 0.5, None],
        "expected_amount": [100.0, 20.0, 30.0],
    },
    schema_overrides={"topic": pl.String},
)
KNOWN = LIST.choices(ROWS, "en")


def kept(narrowed: Narrowed) -> str:
    return "".join(narrowed.rows(ROWS)["customer"])


def test_there_is_to_choose_what_the_column_holds_in_words_and_nothing_of_an_empty_one() -> None:
    assert KNOWN["stage"] == {"active": "Active", "at_risk": "At risk"}
    assert KNOWN["offer_id"] == {"p1": "Bolt", "p2": "p2"}
    assert KNOWN["cohort_on"] == {"2025-10-01": "Q4 2025", "2026-01-01": "Q1 2026"}
    assert KNOWN["may_mail"] == {"false": "no", "true": "yes"}
    assert KNOWN["topic"] == {}


@pytest.mark.parametrize(
    ("narrowed", "rows"),
    [
        (Narrowed(), "abc"),
        (Narrowed((("stage", ("at_risk",)),)), "ac"),
        (Narrowed((("stage", ("at_risk", "active")), ("offer_id", ("p2",)))), "b"),
        (Narrowed((("cohort_on", ("2026-01-01",)),)), "c"),
        (Narrowed((("may_mail", ("false",)),)), "b"),
        (Narrowed(least=(("leaving_risk", 0.5),)), "b"),
        (Narrowed((("stage", ("at_risk",)),), (("expected_amount", 30.0),)), "ac"),
    ],
)
def test_rows_stay_that_have_one_of_the_values_of_each_column_and_where_nothing_is_known_none(
    narrowed: Narrowed, rows: str
) -> None:
    assert kept(narrowed) == rows
    assert kept(narrowed.with_codes("stage", "active")) == "".join(row for row in rows if row == "b")


def listed(rows: "Any", customers: "Any", visit: "Any") -> None:
    """A list with its filters, and a table in which choosing a row narrows it."""
    import streamlit as st

    from display.tables import Column, Shown
    from pages.parts import narrowing

    known = customers.choices(rows, "en")
    asked = customers.asked(known)
    st.session_state["rows"] = asked.rows(rows)["customer"].to_list()
    st.session_state["told"] = customers.told(asked, known, "en")
    st.session_state["files"] = dict(narrowing.telling(visit, st.session_state["told"]).filters)
    customers.menu(known, visit)
    stages = Shown("stages", rows.select("stage").unique().sort("stage"), (Column("stage"),), {"stage": "Stage"}, {})
    narrowing.drill(stages, ["active", "at_risk"], "customers.stage", visit, key="stages", alt="stages")


def opened(**asked: str | list[str]) -> AppTest:
    run = AppTest.from_function(listed, args=(ROWS, LIST, VISIT), default_timeout=30)
    for name, codes in asked.items():
        run.query_params[f"customers.{name}"] = codes
    run.run()
    assert not run.exception
    return run


def test_the_address_narrows_and_files_say_by_what() -> None:
    run = opened(stage=["at_risk", "moon"], leaving_risk="20")
    assert run.session_state["rows"] == ["a"]
    assert run.session_state["told"] == {"Stage": "At risk", "No order in 90 d, at least (%)": "20"}
    assert run.session_state["files"] == run.session_state["told"]
    assert run.session_state["stages"]["selection"]["rows"] == [1]


def test_no_share_is_larger_than_all_and_the_least_value_itself_stays() -> None:
    assert opened(leaving_risk="101").session_state["rows"] == ["a", "b", "c"]
    assert opened(leaving_risk="50").session_state["rows"] == ["b"]


@pytest.mark.parametrize("made_up", ["x", "-5", "1e3", "5.x", "9" * 13, "²"])
def test_an_address_that_somebody_made_up_narrows_nothing(made_up: str) -> None:
    run = opened(stage="moon", leaving_risk=made_up, expected_amount=made_up)
    assert run.session_state["rows"] == ["a", "b", "c"]
    assert run.session_state["stages"]["selection"]["rows"] == []
