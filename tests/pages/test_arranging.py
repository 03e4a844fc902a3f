"""A table in the columns and the order of the address: on the screen, in its files, and where a row of it is chosen."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from streamlit.testing.v1 import AppTest

from analytics.access import Viewer
from answers import Snapshot
from display.tables import Column, Shown
from pages.parts.visit import Visit

VERSION = Snapshot(Path(), {"id": "1", "made_at": "2026-04-01T06:00:00+00:00", "is_sample": False})
VISIT = Visit(
    viewer=Viewer(user="ada", role="owner"),
    language="en",
    dark=False,
    zone=None,
    version=VERSION,
    as_of=date(2026, 4, 1),
)
ITEMS = Shown(
    "items",
    pl.DataFrame({"item": ["a", "b", "c"], "days": [7, 9, 2], "state": ["Low", "Out", "Low"]}),
    (Column("item", pinned=True), Column("days", "number"), Column("state")),
    {"item": "Item", "days": "Days", "state": "State"},
    {},
)


def table_alone(items: "Any", visit: "Any") -> None:
    """A table with its buttons, in which the second row is chosen."""
    import streamlit as st

    from pages.parts import export, tables

    st.session_state["rows"] = {"selection": {"rows": [1], "columns": [], "cells": []}}
    export.heading("Items", items, "Items", visit)
    st.session_state["file"] = export.about_table("Items", items, visit).file_name("csv")
    tables.choose(items, visit, key="rows", alt="items", on_select=lambda: None)
    st.session_state["row"] = st.session_state["rows"]["selection"]["rows"]


def opened(**asked: str | list[str]) -> AppTest:
    run = AppTest.from_function(table_alone, args=(ITEMS, VISIT), default_timeout=30)
    for name, codes in asked.items():
        run.query_params[f"{name}.items"] = codes
    run.run()
    assert not run.exception
    return run


def test_a_table_is_seen_as_the_address_asks_and_the_chosen_row_stays_chosen() -> None:
    run = opened(columns=["state", "margin"], order="-days")
    (shown,) = run.dataframe
    assert [list(row) for row in shown.value.itertuples(index=False)] == [["b", "Out"], ["a", "Low"], ["c", "Low"]]
    assert run.session_state["row"] == [0]


def test_without_a_wish_it_is_seen_as_it_is() -> None:
    run = opened()
    assert list(run.dataframe[0].value.columns) == ["item", "days", "state"]
    assert run.session_state["row"] == [1]


def test_files_of_other_columns_or_another_order_have_another_name() -> None:
    names = [opened(**asked).session_state["file"] for asked in ({}, {"columns": ["state"]}, {"order": "days"})]
    assert len(set(names)) == 3
    assert opened(columns=["days", "state"], order="margin").session_state["file"] == names[0]
